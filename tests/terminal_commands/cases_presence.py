"""Whether a terminal is there: what it is asked, and what it is answered."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from unittest.mock import patch

from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.thermogate.const import DEFAULT_OFFLINE_AFTER
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from tests.helpers import settle
from tests.simulators.terminal import TerminalSimulator
from tests.waiting import until

type Case = Callable[[HomeAssistant, TerminalSimulator], Awaitable[None]]

PRESENCE = "custom_components.thermogate.coordinator.presence"


def _connectivity(hass: HomeAssistant) -> str:
    """Return what the page of the terminal says about its connection."""
    [shown] = [
        state.state
        for state in hass.states.async_all("binary_sensor")
        if state.attributes.get("device_class") == "connectivity"
    ]
    return shown


async def heart_beat(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """After silence the terminal is asked whether it is there; its own heartbeat is answered."""
    asked = len(terminal.requests)
    with patch(f"{PRESENCE}.Presence._silence_allowed", 0.0):
        async_fire_time_changed(
            hass, dt_util.utcnow() + timedelta(seconds=DEFAULT_OFFLINE_AFTER + 1)
        )
        await until(lambda: len(terminal.requests) > asked)
        await settle(hass)
    assert terminal.requests[asked].cmd == "heart beat"
    assert _connectivity(hass) == "on"

    terminal.heartbeat()
    await until(lambda: terminal.server_messages)
    answer = terminal.server_messages[-1]
    assert (answer["cmd"], answer["reply"]) == ("heart beat", "ACK")
    assert answer["device_sn"] == terminal.serial


CASES: dict[str, Case] = {"heart_beat": heart_beat}
