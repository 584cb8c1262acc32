"""Actions: calls of terminals, the account they are made with, and the room numbers that can be called."""

from collections.abc import Sequence
from typing import Any, Final

import voluptuous as vol

from homeassistant.const import CONF_DOMAIN, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from ..const import DOMAIN
from ..errors import translate_errors
from ..facegate import COMMANDS, Room, delete_all_rooms, delete_rooms, rooms, save_rooms
from .terminals import (
    ONE_TERMINAL,
    SEVERAL_TERMINALS,
    Terminal,
    at_each,
    called_terminal,
    called_terminals,
)

ATTR_NUMBER = "number"
ATTR_URL = "url"
ATTR_PARTIAL = "partial"
ATTR_LIMIT = "limit"
ATTR_ROOMS = "rooms"
ATTR_ADDRESSES = "addresses"
ATTR_ALL = "all"
ATTR_CONFIRM = "confirm"
ATTR_POSITION = "position"

CALL = "sip_call"
HANG_UP = "sip_hang_up"
SET_ACCOUNT = "set_sip_account"
GET_ACCOUNT = "get_sip_account"
DELETE_ACCOUNT = "delete_sip_account"
LIST_ROOMS = "list_rooms"
SAVE_ROOMS = "save_rooms"
DELETE_ROOMS = "delete_rooms"
SET_FORMAT = "set_room_format"
GET_FORMAT = "get_room_format"

DEFAULT_SIP_PORT: Final = 5060
# An answer is held in memory as a whole.
MAX_LISTED: Final = 10_000
# Our names for the parts of the format of room numbers, and the protocol's.
FORMAT: Final = {
    ATTR_POSITION: "sip_type",
    "separator": "splice_symbol",
    "building_digits": "max_building_num",
    "block_digits": "max_unit_num",
    "room_digits": "max_room_num",
}
WALL: Final = "wall"
WALL_ONLY: Final = ("separator", "building_digits", "block_digits")
_ACCOUNT: Final = (CONF_DOMAIN, CONF_PORT, CONF_USERNAME)
_SENT: Final = {
    field.key: field
    for command in ("sip_register", "set_room_format")
    for field in COMMANDS[command].request
}

_TEXT: Final = vol.All(cv.string, str.strip, vol.Length(min=1))
_TEXTS: Final = vol.All(cv.ensure_list, vol.Length(min=1), [_TEXT])


def _number(key: str) -> Any:
    """Return the range of a number, as the protocol has it."""
    field = _SENT[key]
    return vol.All(vol.Coerce(int), vol.Range(min=field.minimum, max=field.maximum))


FIELDS: Final[dict[str, dict[Any, Any]]] = {
    CALL: ONE_TERMINAL
    | {
        vol.Exclusive(ATTR_NUMBER, "whom"): _TEXT,
        vol.Exclusive(ATTR_URL, "whom"): _TEXT,
    },
    HANG_UP: SEVERAL_TERMINALS,
    SET_ACCOUNT: ONE_TERMINAL
    | {
        vol.Required(CONF_DOMAIN): _TEXT,
        vol.Optional(CONF_PORT, default=DEFAULT_SIP_PORT): _number(CONF_PORT),
        vol.Required(CONF_USERNAME): _TEXT,
        vol.Optional(CONF_PASSWORD): cv.string,
    },
    GET_ACCOUNT: ONE_TERMINAL,
    DELETE_ACCOUNT: SEVERAL_TERMINALS,
    LIST_ROOMS: ONE_TERMINAL
    | {
        vol.Optional(ATTR_NUMBER): _TEXT,
        vol.Optional(ATTR_PARTIAL, default=False): cv.boolean,
        vol.Optional(ATTR_LIMIT, default=MAX_LISTED): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=MAX_LISTED)
        ),
    },
    SAVE_ROOMS: SEVERAL_TERMINALS
    | {
        vol.Required(ATTR_ROOMS): vol.All(
            cv.ensure_list,
            vol.Length(min=1),
            [
                {
                    vol.Required(ATTR_NUMBER): _TEXT,
                    vol.Required(ATTR_ADDRESSES): _TEXTS,
                }
            ],
        )
    },
    DELETE_ROOMS: SEVERAL_TERMINALS
    | {
        vol.Exclusive(ATTR_NUMBER, "which"): _TEXTS,
        vol.Exclusive(ATTR_ALL, "which"): cv.boolean,
        vol.Optional(ATTR_CONFIRM, default=False): cv.boolean,
    },
    SET_FORMAT: SEVERAL_TERMINALS
    | {
        vol.Required(ATTR_POSITION): vol.In([*_SENT["sip_type"].choices]),
        vol.Optional("separator"): _TEXT,
        vol.Optional("building_digits"): _number("max_building_num"),
        vol.Optional("block_digits"): _number("max_unit_num"),
        vol.Required("room_digits"): _number("max_room_num"),
    },
    GET_FORMAT: ONE_TERMINAL,
}


async def _call(call: ServiceCall) -> None:
    """Let a terminal call a room or a SIP address."""
    if ATTR_NUMBER in call.data:
        url = f"num:{call.data[ATTR_NUMBER]}"
    elif ATTR_URL in call.data:
        url = call.data[ATTR_URL]
    else:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="nobody_to_call"
        )
    await called_terminal(call).coordinator.intercom.async_call(url)


async def _hang_up(call: ServiceCall) -> ServiceResponse:
    """End the calls of terminals."""

    async def hang_up(terminal: Terminal) -> str:
        await terminal.coordinator.intercom.async_hang_up()
        return "hung_up"

    return await at_each(called_terminals(call), hang_up, answered=call.return_response)


async def _set_account(call: ServiceCall) -> None:
    """Give a terminal the account that it calls with."""
    account = {name: call.data[name] for name in _ACCOUNT}
    await called_terminal(call).coordinator.async_request(
        COMMANDS["sip_register"], **account, password=call.data.get(CONF_PASSWORD)
    )


async def _get_account(call: ServiceCall) -> ServiceResponse:
    """Return the account without its password."""
    answer = await called_terminal(call).coordinator.async_request(
        COMMANDS["sip_account"]
    )
    return {name: answer[name] for name in _ACCOUNT}


async def _delete_account(call: ServiceCall) -> ServiceResponse:
    """Delete the accounts of terminals."""

    async def delete(terminal: Terminal) -> str:
        await terminal.coordinator.async_request(COMMANDS["sip_unregister"])
        return "deleted"

    return await at_each(called_terminals(call), delete, answered=call.return_response)


@translate_errors
async def _list_rooms(call: ServiceCall) -> ServiceResponse:
    """Return the rooms, and whether those are all."""
    coordinator = called_terminal(call).coordinator
    limit = call.data[ATTR_LIMIT]

    async def found() -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = []
        async for room in rooms(
            coordinator.client,
            call.data.get(ATTR_NUMBER),
            partial=call.data[ATTR_PARTIAL],
        ):
            listed.append(
                {ATTR_NUMBER: room.number, ATTR_ADDRESSES: list(room.addresses)}
            )
            # One more than wanted tells that there are more.
            if len(listed) > limit:
                break
        return listed

    listed = await coordinator.async_command(found())
    return {"rooms": listed[:limit], "complete": len(listed) <= limit}


async def _save_rooms(call: ServiceCall) -> ServiceResponse:
    """Add rooms at terminals, or overwrite them."""
    new = [
        Room(number=room[ATTR_NUMBER], addresses=tuple(room[ATTR_ADDRESSES]))
        for room in call.data[ATTR_ROOMS]
    ]

    @translate_errors
    async def save(terminal: Terminal) -> str:
        coordinator = terminal.coordinator
        saved = await coordinator.async_command(save_rooms(coordinator.client, new))
        _check_saved(saved, new)
        return "saved"

    return await at_each(called_terminals(call), save, answered=call.return_response)


def _check_saved(saved: int, new: Sequence[Room]) -> None:
    if saved < len(new):
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="rooms_not_saved",
            translation_placeholders={"saved": str(saved), "wanted": str(len(new))},
        )


async def _delete_rooms(call: ServiceCall) -> ServiceResponse:
    """Delete rooms at terminals; all only if that is confirmed."""
    numbers = call.data.get(ATTR_NUMBER)
    if not numbers and not call.data.get(ATTR_ALL):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_room_to_delete"
        )
    if not numbers and not call.data[ATTR_CONFIRM]:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="all_rooms_not_confirmed"
        )

    @translate_errors
    async def delete(terminal: Terminal) -> str:
        coordinator = terminal.coordinator
        client = coordinator.client
        await coordinator.async_command(
            delete_rooms(client, numbers) if numbers else delete_all_rooms(client)
        )
        return "deleted"

    return await at_each(called_terminals(call), delete, answered=call.return_response)


async def _set_format(call: ServiceCall) -> ServiceResponse:
    """Say of which parts the room numbers are made that people type at terminals."""
    given = [name for name in WALL_ONLY if name in call.data]
    if given and call.data[ATTR_POSITION] != WALL:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="only_at_wall",
            translation_placeholders={"field": given[0]},
        )
    values = {theirs: call.data.get(ours) for ours, theirs in FORMAT.items()}

    async def change(terminal: Terminal) -> str:
        await terminal.coordinator.async_request(COMMANDS["set_room_format"], **values)
        return "set"

    return await at_each(called_terminals(call), change, answered=call.return_response)


async def _get_format(call: ServiceCall) -> ServiceResponse:
    """Return of which parts room numbers are made."""
    answer = await called_terminal(call).coordinator.async_request(
        COMMANDS["get_room_format"]
    )
    return {ours: answer[theirs] for ours, theirs in FORMAT.items()}


@callback
def async_setup_intercom_actions(hass: HomeAssistant) -> None:
    """Register the actions; who lives where, and what is set up, is for administrators."""
    for name, act, answers in (
        (CALL, _call, SupportsResponse.NONE),
        (HANG_UP, _hang_up, SupportsResponse.OPTIONAL),
        (GET_FORMAT, _get_format, SupportsResponse.ONLY),
    ):
        hass.services.async_register(
            DOMAIN,
            name,
            act,
            schema=vol.Schema(FIELDS[name]),
            supports_response=answers,
        )
    for name, change, answers in (
        (SET_ACCOUNT, _set_account, SupportsResponse.NONE),
        (GET_ACCOUNT, _get_account, SupportsResponse.ONLY),
        (DELETE_ACCOUNT, _delete_account, SupportsResponse.OPTIONAL),
        (LIST_ROOMS, _list_rooms, SupportsResponse.ONLY),
        (SAVE_ROOMS, _save_rooms, SupportsResponse.OPTIONAL),
        (DELETE_ROOMS, _delete_rooms, SupportsResponse.OPTIONAL),
        (SET_FORMAT, _set_format, SupportsResponse.OPTIONAL),
    ):
        async_register_admin_service(
            hass,
            DOMAIN,
            name,
            change,
            schema=vol.Schema(FIELDS[name]),
            supports_response=answers,
        )
