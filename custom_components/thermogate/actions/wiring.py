"""Actions on what is wired to a terminal: its relays, its Wiegand output and its serial ports."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from ..const import DOMAIN
from ..facegate import COMMANDS, Field
from .person_fields import ATTR_CARD, ATTR_LONG_CARD, ATTR_PERSON_ID, card_number
from .terminals import SEVERAL_TERMINALS, Terminal, at_each, called_terminals

ATTR_RELAY = "relay"
ATTR_MODE = "mode"
ATTR_PORT = "port"
ATTR_TEXT = "text"
ATTR_HEX = "hex"

GATE = "control_gate"
WIEGAND = "send_wiegand"
SERIAL = "send_serial"

_GATE: Final = {field.key: field for field in COMMANDS["gpio_control"].request}
_SERIAL: Final = {field.key: field for field in COMMANDS["send_serial_data"].request}


def _number(field: Field) -> vol.All[Any]:
    """Return what takes the numbers of a field of the protocol."""
    return vol.All(vol.Coerce(int), vol.Range(min=field.minimum, max=field.maximum))


def _hex(value: Any) -> bytes:
    try:
        return bytes.fromhex(cv.string(value))
    except ValueError as err:
        raise vol.Invalid("bytes are pairs of the digits 0 to 9 and a to f") from err


def _text(value: Any) -> bytes:
    try:
        return cv.string(value).encode()
    except UnicodeEncodeError as err:
        raise vol.Invalid("this text has no UTF-8 form") from err


_AS_WHOM: Final = {
    vol.Optional(ATTR_MODE, default="force"): vol.In(_GATE["mode"].choices),
    vol.Optional(ATTR_PERSON_ID): vol.All(cv.string, str.strip),
}
FIELDS: Final[dict[str, dict[Any, Any]]] = {
    GATE: SEVERAL_TERMINALS
    | {vol.Optional(ATTR_RELAY, default=1): _number(_GATE["port"])}
    | _AS_WHOM,
    WIEGAND: SEVERAL_TERMINALS
    | {
        vol.Exclusive(ATTR_CARD, "card"): card_number,
        vol.Exclusive(ATTR_LONG_CARD, "card"): card_number,
    }
    | _AS_WHOM,
    SERIAL: SEVERAL_TERMINALS
    | {
        vol.Optional(ATTR_PORT, default=1): _number(_SERIAL["port"]),
        vol.Exclusive(ATTR_TEXT, "data"): vol.All(_text, vol.Length(min=1)),
        vol.Exclusive(ATTR_HEX, "data"): vol.All(_hex, vol.Length(min=1)),
    },
}


async def _gate(call: ServiceCall) -> ServiceResponse:
    """Close a relay for the moment that the terminal is set to, with whichever command for it the firmware knows."""
    data = call.data

    async def control(terminal: Terminal) -> str:
        await terminal.coordinator.async_open_gate(
            data[ATTR_RELAY], data[ATTR_MODE], data.get(ATTR_PERSON_ID)
        )
        return "done"

    return await at_each(called_terminals(call), control, answered=call.return_response)


async def _wiegand(call: ServiceCall) -> ServiceResponse:
    """Send the number of a card to what listens at the Wiegand output."""
    data = call.data
    # 0 is none.
    cards = {name: data[name] for name in (ATTR_CARD, ATTR_LONG_CARD) if data.get(name)}
    if not cards:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_card"
        )

    async def send(terminal: Terminal) -> str:
        await terminal.coordinator.async_request(
            COMMANDS["wiegand_control"],
            mode=data[ATTR_MODE],
            person_id=data.get(ATTR_PERSON_ID),
            **cards,
        )
        return "done"

    return await at_each(called_terminals(call), send, answered=call.return_response)


async def _serial(call: ServiceCall) -> ServiceResponse:
    """Send bytes to what is connected to a serial port."""
    content: bytes = call.data.get(ATTR_HEX) or call.data.get(ATTR_TEXT) or b""
    if not content:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="nothing_to_send"
        )

    async def send(terminal: Terminal) -> str:
        await terminal.coordinator.async_request(
            COMMANDS["send_serial_data"],
            port=call.data[ATTR_PORT],
            content=list(content),
        )
        return "done"

    return await at_each(called_terminals(call), send, answered=call.return_response)


@callback
def async_setup_wiring_actions(hass: HomeAssistant) -> None:
    """Register the actions. They open doors in any person's name, also without a trace: the buttons are for everybody else."""
    for name, act in ((GATE, _gate), (WIEGAND, _wiegand), (SERIAL, _serial)):
        async_register_admin_service(
            hass,
            DOMAIN,
            name,
            act,
            schema=vol.Schema(FIELDS[name]),
            supports_response=SupportsResponse.OPTIONAL,
        )
