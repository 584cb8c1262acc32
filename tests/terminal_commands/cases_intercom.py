"""The commands of the intercom (vendor document 2.15), each as a person uses it."""

from collections.abc import Awaitable, Callable
from typing import Any

from homeassistant.core import HomeAssistant
from tests.helpers import act, settle, state_of
from tests.persons.house import device_id, perform
from tests.simulators.terminal import TerminalSimulator

type Case = Callable[[HomeAssistant, TerminalSimulator], Awaitable[None]]

ADDRESS = "sip:101@192.168.1.10:5060"
ACCOUNT = {"domain": "192.168.0.12", "port": 7121, "username": "0123"}


async def _do(hass: HomeAssistant, action: str, **fields: Any) -> None:
    await hass.services.async_call(
        "thermogate", action, {"device_id": device_id(hass), **fields}, blocking=True
    )
    await settle(hass)


async def _set_account(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    await _do(hass, "set_sip_account", **ACCOUNT, password="secret")
    assert terminal.device.sip_account == ACCOUNT | {"password": "secret"}


async def _account(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    terminal.device.sip_account = ACCOUNT | {"password": "secret"}
    assert await perform(hass, "get_sip_account") == ACCOUNT


async def _delete_account(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    terminal.device.sip_account = {**ACCOUNT}
    await _do(hass, "delete_sip_account")
    assert terminal.device.sip_account is None


async def _call(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    await _do(hass, "sip_call", url=ADDRESS)
    assert terminal.device.in_call
    assert state_of(hass, "sensor.front_door_call_state") == "ringing"


async def _hang_up(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    terminal.sip_event("connect")
    await settle(hass)
    await act(hass, "button.press", "button.front_door_hang_up")
    assert not terminal.device.in_call


async def _save_rooms(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    await _do(hass, "save_rooms", rooms=[{"number": "0001", "addresses": ADDRESS}])
    assert terminal.device.rooms == {"0001": {"room id": "0001", "sip num": ADDRESS}}


async def _rooms(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    terminal.device.rooms["0001"] = {"room id": "0001", "sip num": ADDRESS}
    answer = await perform(hass, "list_rooms")
    assert answer["rooms"] == [{"number": "0001", "addresses": [ADDRESS]}]


async def _delete_rooms(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    terminal.device.rooms |= {"1": {"room id": "1"}, "2": {"room id": "2"}}
    await _do(hass, "delete_rooms", number="1")
    assert [*terminal.device.rooms] == ["2"]


async def _delete_all_rooms(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    terminal.device.rooms |= {"1": {"room id": "1"}, "2": {"room id": "2"}}
    await _do(hass, "delete_rooms", all=True, confirm=True)
    assert not terminal.device.rooms


async def _set_format(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    await _do(hass, "set_room_format", position="wall", separator="-", room_digits=4)
    assert terminal.device.splice == {
        "sip type": "wall",
        "splice symbol": "-",
        "max room num": 4,
    }


async def _format(hass: HomeAssistant, _: TerminalSimulator) -> None:
    answer = await perform(hass, "get_room_format")
    assert (answer["position"], answer["room_digits"]) == ("unit", 5)


CASES: dict[str, Case] = {
    "sip_register": _set_account,
    "sip_account": _account,
    "sip_unregister": _delete_account,
    "sip_call": _call,
    "sip_hangup": _hang_up,
    "sip_add_rooms": _save_rooms,
    "sip_rooms": _rooms,
    "sip_delete_rooms": _delete_rooms,
    "sip_delete_all_rooms": _delete_all_rooms,
    "set_room_format": _set_format,
    "get_room_format": _format,
}
