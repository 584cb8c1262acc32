"""The commands about settings and access rules (vendor document 2.3.1 to 2.3.9)."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from homeassistant.core import HomeAssistant
from tests.helpers import act, settle, state_of
from tests.persons.house import perform
from tests.simulators.terminal import TerminalSimulator

type Case = Callable[[HomeAssistant, TerminalSimulator], Awaitable[None]]

MASK = "switch.front_door_mask_required"
BITRATE = "number.front_door_bitrate"
OFFICE = {"daily": [{"from": "08:00", "to": "17:00"}]}
WEEKEND = {"saturday": [{"from": "00:00", "to": "24:00"}]}


async def _settings(hass: HomeAssistant, section: str) -> dict[str, Any]:
    """Return the settings that the action tells."""
    answer = await perform(hass, "get_settings", section=section)
    return dict(answer["terminals"][0]["settings"])


async def _request_app_params(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """See a setting that was changed at the terminal."""
    terminal.device.section("lcd_control")["lcd_title"] = "Welcome"
    assert (await _settings(hass, "lcd_control"))["lcd_title"] == "Welcome"


async def _update_app_params(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Switch on that masks are needed."""
    await act(hass, "switch.turn_on", MASK)
    mask: Any = terminal.device.section("face")["mask"]
    assert mask["must_wear_mask"] is True
    assert state_of(hass, MASK) == "on"


async def _reset_app_params(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Undo all changes."""
    terminal.device.section("gate_control")["gate_mode"] = 6
    await act(hass, "button.press", "button.front_door_reset_settings")
    await settle(hass)
    assert terminal.device.section("gate_control")["gate_mode"] == 1
    assert state_of(hass, "select.front_door_gate_mode") == "face"


async def _request_stream_params(
    hass: HomeAssistant, terminal: TerminalSimulator
) -> None:
    """See the picture settings."""
    terminal.device.stream_params["video"] = {"bitrate": 1234}
    assert await _settings(hass, "video") == {"bitrate": 1234}


async def _update_stream_params(
    hass: HomeAssistant, terminal: TerminalSimulator
) -> None:
    """Set the bit rate."""
    await act(hass, "number.set_value", BITRATE, value=1024)
    assert terminal.device.stream_params["video"] == {"bitrate": 1024}
    assert state_of(hass, BITRATE) == "1024"


async def _reset_stream_params(
    hass: HomeAssistant, terminal: TerminalSimulator
) -> None:
    """Undo the changes of the picture."""
    before = state_of(hass, BITRATE)
    await act(hass, "number.set_value", BITRATE, value=1025)
    await act(hass, "button.press", "button.front_door_reset_picture_settings")
    await settle(hass)
    assert state_of(hass, BITRATE) == before


async def _request_schedules(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """See when people may pass."""
    clock = {"start": {"hour": 8, "minute": 0}, "end": {"hour": 17, "minute": 0}}
    terminal.device.schedules = [
        {"name": "Office", "kind": 3, "mode": "daily", "days": [{"sections": [clock]}]}
    ]
    answer = await perform(hass, "get_access_rules")
    assert answer["rules"] == [{"rule": 3, "name": "Office", "schedule": OFFICE}]


async def _add_schedule(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Save a new rule."""
    await perform(hass, "save_access_rule", rule=1, name="Office", schedule=OFFICE)
    assert [rule["name"] for rule in terminal.device.schedules] == ["Office"]


async def _update_schedules(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Replace all rules, and change one of them."""
    rules = [{"rule": number, "schedule": OFFICE} for number in (1, 2)]
    await perform(hass, "set_access_rules", rules=rules)
    await perform(hass, "save_access_rule", rule=2, schedule=WEEKEND)
    assert [rule["mode"] for rule in terminal.device.schedules] == ["daily", "weekly"]


CASES: Final[dict[str, Case]] = {
    "request_app_params": _request_app_params,
    "update_app_params": _update_app_params,
    "reset_app_params": _reset_app_params,
    "request_stream_params": _request_stream_params,
    "update_stream_params": _update_stream_params,
    "reset_stream_params": _reset_stream_params,
    "request_schedules": _request_schedules,
    "update_schedules": _update_schedules,
    "add_schedule": _add_schedule,
}
