"""Whether a terminal is there: what it is asked, and what it is answered."""

from collections.abc import Awaitable, Callable

from custom_components.thermogate.const import DOMAIN
from homeassistant.core import HomeAssistant
from tests.simulators.terminal import TerminalSimulator
from tests.waiting import until

type Case = Callable[[HomeAssistant, TerminalSimulator], Awaitable[None]]


def _connectivity(hass: HomeAssistant) -> str:
    """Return what the page of the terminal says about its connection."""
    [shown] = [
        state.state
        for state in hass.states.async_all("binary_sensor")
        if state.attributes.get("device_class") == "connectivity"
    ]
    return shown


async def heart_beat(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Load a terminal anew: it is asked whether it is there; its own heartbeat is answered."""
    asked = len(terminal.requests)
    [entry] = hass.config_entries.async_entries(DOMAIN)
    await hass.config_entries.async_reload(entry.entry_id)
    await until(lambda: _connectivity(hass) == "on")
    assert terminal.requests[asked].cmd == "heart beat"

    terminal.heartbeat()
    await until(lambda: terminal.server_messages)
    answer = terminal.server_messages[-1]
    assert (answer["cmd"], answer["reply"]) == ("heart beat", "ACK")
    assert answer["device_sn"] == terminal.serial


CASES: dict[str, Case] = {"heart_beat": heart_beat}
