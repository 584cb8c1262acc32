"""The terminal at the front door."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from tests.helpers import door, set_up
from tests.simulators.terminal import Options, TerminalSimulator

PLATFORMS = (
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.SENSOR,
    Platform.SWITCH,
)


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.fixture
async def front(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> TerminalSimulator:
    """Return the terminal at the front door, which Home Assistant knows."""
    await set_up(hass, terminal_entry, *PLATFORMS)
    return terminal
