"""A terminal that gets firmware, and what a person does about it."""

from typing import Any

from yarl import URL

from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.coordinator.upgrades import ISSUES
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from tests.helpers import act, settle
from tests.persons.house import device_id
from tests.simulators.terminal import TerminalSimulator
from tests.simulators.terminal.settings import Values
from tests.waiting import until

UPDATE = "update.front_door_firmware"
OLD, NEW = "0.10.2", "0.10.3"
FILE = f"FaceGate_{NEW}.bin"


async def ask(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Let the terminal ask for firmware, and Home Assistant answer."""
    before = len(terminal.server_messages)
    terminal.ask_upgrade()
    await settle(hass)
    await until(lambda: len(terminal.server_messages) > before)


async def install(hass: HomeAssistant) -> None:
    """Press Install."""
    await act(hass, "update.install", UPDATE)
    await settle(hass)


async def offer(hass: HomeAssistant, **fields: Any) -> None:
    """Offer a particular firmware."""
    await hass.services.async_call(
        DOMAIN,
        "offer_firmware",
        {"device_id": device_id(hass), **fields},
        blocking=True,
    )
    await settle(hass)


def answer(terminal: TerminalSimulator) -> Values:
    """Return what the terminal was answered last."""
    return terminal.server_messages[-1]


def served(terminal: TerminalSimulator) -> str:
    """Return the path of the file that the terminal was told of."""
    file = answer(terminal)["upgrade_file"]
    assert isinstance(file, dict)
    return URL(str(file["url"])).path


def served_before(terminal: TerminalSimulator) -> str:
    """Return the path of the last file that the terminal was told of."""
    files = [message.get("upgrade_file") for message in terminal.server_messages]
    urls = [str(file["url"]) for file in files if isinstance(file, dict)]
    return URL(urls[-1]).path


def issues(hass: HomeAssistant) -> list[str]:
    """Return what is said to have gone wrong with an installation."""
    found = (issue.translation_key for issue in ir.async_get(hass).issues.values())
    return [key for key in found if key in ISSUES]
