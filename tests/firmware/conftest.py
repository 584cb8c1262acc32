"""A terminal that gets its firmware from Home Assistant."""

from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.thermogate.firmware import FOLDER
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from tests.helpers import door, set_up
from tests.simulators.terminal import Options, TerminalSimulator
from tests.simulators.terminal.upgrade import package

from .house import FILE, NEW, ask


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal that restarts quickly."""
    return door(reboot_seconds=0.01)


@pytest.fixture
def folder(hass: HomeAssistant) -> Path:
    """Return the folder where a person puts firmware."""
    path = Path(hass.config.path(FOLDER))
    path.mkdir(parents=True)
    return path


@pytest.fixture
async def front(
    hass: HomeAssistant,
    folder: Path,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> TerminalSimulator:
    """Return the terminal at the front door, for which there is firmware, and whose own is known."""
    (folder / FILE).write_bytes(package(NEW))
    await set_up(hass, terminal_entry, Platform.UPDATE)
    await ask(hass, terminal)
    return terminal


@pytest.fixture
async def web(
    hass: HomeAssistant,
    front: TerminalSimulator,
    hass_client_no_auth: ClientSessionGenerator,
) -> TestClient[Any, Any]:
    """Let Home Assistant be reached by the terminal."""
    client = await hass_client_no_auth()
    hass.config.internal_url = str(client.make_url("")).rstrip("/")
    return client
