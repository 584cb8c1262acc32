"""Actions: the people that terminals know, to look up, save, delete and copy."""

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
from ..coordinator import TerminalCoordinator
from ..errors import translate_errors
from ..facegate import delete_persons, get_person, persons, save_person
from .person_copy import async_copy
from .person_fields import (
    ATTR_PERSON_ID,
    ATTR_ROLE,
    PERSON_FIELDS,
    PERSON_FILTERS,
    ROLES,
    changes_of,
    conditions_of,
    merged,
    told,
)
from .person_import import async_read_table, async_save_many
from .person_picture import PICTURE_FIELDS, async_picture
from .terminals import (
    ONE_TERMINAL,
    SEVERAL_TERMINALS,
    Terminal,
    at_each,
    called_terminal,
    called_terminals,
    chosen_terminals,
)

ATTR_PICTURES = "pictures"
ATTR_LIMIT = "limit"
ATTR_CONFIRM = "confirm"
ATTR_TO = "to"
ATTR_OVERWRITE = "overwrite"
ATTR_PERSONS = "persons"
ATTR_FILE = "file"

LIST = "list_persons"
GET = "get_person"
SAVE = "save_person"
SAVE_MANY = "save_persons"
DELETE = "delete_person"
COPY = "copy_persons"

ALL = "all"
# An answer is held in memory as a whole; a picture has up to some hundred kilobytes.
MAX_LISTED: Final = 10_000
MAX_PICTURED: Final = 100

_ID: Final = vol.All(cv.string, str.strip, vol.Length(min=1))

FIELDS: Final[dict[str, dict[Any, Any]]] = {
    LIST: ONE_TERMINAL
    | PERSON_FILTERS
    | {
        vol.Optional(ATTR_PICTURES, default=False): cv.boolean,
        vol.Optional(ATTR_LIMIT): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=MAX_LISTED)
        ),
    },
    GET: ONE_TERMINAL
    | {
        vol.Required(ATTR_PERSON_ID): _ID,
        vol.Optional(ATTR_PICTURES, default=False): cv.boolean,
    },
    SAVE: SEVERAL_TERMINALS | PERSON_FIELDS | PICTURE_FIELDS,
    SAVE_MANY: SEVERAL_TERMINALS
    | {
        vol.Exclusive(ATTR_PERSONS, "who"): vol.All(
            cv.ensure_list, [{cv.string: object}]
        ),
        vol.Exclusive(ATTR_FILE, "who"): cv.string,
    },
    DELETE: SEVERAL_TERMINALS
    | {
        vol.Exclusive(ATTR_PERSON_ID, "who"): _ID,
        vol.Exclusive(ATTR_ROLE, "who"): vol.In([*ROLES, ALL]),
        vol.Optional(ATTR_CONFIRM, default=False): cv.boolean,
    },
    COPY: ONE_TERMINAL
    | {
        vol.Required(ATTR_TO): vol.All(cv.ensure_list, [cv.string], vol.Length(min=1)),
        # Nobody named is nobody, and not everybody.
        vol.Optional(ATTR_PERSON_ID): vol.All(cv.ensure_list, [_ID], vol.Length(min=1)),
        vol.Optional(ATTR_ROLE): vol.In(ROLES),
        vol.Optional(ATTR_OVERWRITE, default=False): cv.boolean,
    },
}


@translate_errors
async def _list(call: ServiceCall) -> ServiceResponse:
    """Return who is registered, and whether that is everybody."""
    coordinator = called_terminal(call).coordinator
    pictures = call.data[ATTR_PICTURES]
    most = MAX_PICTURED if pictures else MAX_LISTED
    limit = min(call.data.get(ATTR_LIMIT, most), most)
    conditions = conditions_of(call.data)

    async def found() -> list[dict[str, Any]]:
        people = []
        async for person in persons(
            coordinator.client, pictures=pictures, **conditions
        ):
            people.append(told(person))
            # One more than wanted tells that there are more.
            if len(people) > limit:
                break
        return people

    people = await coordinator.async_command(found())
    return {"persons": people[:limit], "complete": len(people) <= limit}


@translate_errors
async def _get(call: ServiceCall) -> ServiceResponse:
    """Return one person, None if nobody has this ID."""
    coordinator = called_terminal(call).coordinator
    person = await coordinator.async_command(
        get_person(
            coordinator.client,
            call.data[ATTR_PERSON_ID],
            pictures=call.data[ATTR_PICTURES],
        )
    )
    return {"person": told(person) if person else None}


@translate_errors
async def _save(call: ServiceCall) -> ServiceResponse:
    """Register a person or change one, and return which at each terminal."""
    terminals = called_terminals(call)
    changes = changes_of(call.data)
    picture = await async_picture(call.hass, call.data)
    person_id = call.data[ATTR_PERSON_ID]

    @translate_errors
    async def save(terminal: Terminal) -> str:
        coordinator = terminal.coordinator
        is_new = await coordinator.async_command(
            _save_at(coordinator, person_id, changes, picture)
        )
        coordinator.async_recount_persons()
        return "created" if is_new else "updated"

    return await at_each(terminals, save, answered=call.return_response)


async def _save_at(
    coordinator: TerminalCoordinator,
    person_id: str,
    changes: dict[str, Any],
    picture: bytes | None,
) -> bool:
    """Save a person at a terminal, and return whether it is a new one."""
    known = await get_person(coordinator.client, person_id)
    person = merged(known, person_id, changes, picture)
    await save_person(coordinator.client, person)
    return known is None


@translate_errors
async def _save_many(call: ServiceCall) -> ServiceResponse:
    """Register or change many people, and return what came of each at each terminal."""
    terminals = called_terminals(call)
    if ATTR_FILE in call.data:
        rows = await async_read_table(call.hass, call.data[ATTR_FILE])
    else:
        rows = call.data.get(ATTR_PERSONS, [])
    return await async_save_many(
        call.hass, terminals, rows, answered=call.return_response
    )


@translate_errors
async def _delete(call: ServiceCall) -> ServiceResponse:
    """Delete one person, or all of a category, and return what came of it at each terminal."""
    terminals = called_terminals(call)
    person_id: str | None = call.data.get(ATTR_PERSON_ID)
    role: str = call.data.get(ATTR_ROLE, "")
    if person_id is None and not role:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="nobody_to_delete"
        )
    if role and not call.data[ATTR_CONFIRM]:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="not_confirmed"
        )

    @translate_errors
    async def delete(terminal: Terminal) -> str:
        coordinator = terminal.coordinator
        if person_id is not None:
            was_there = await coordinator.async_delete_person(person_id)
            return "deleted" if was_there else "not_registered"
        await coordinator.async_command(delete_persons(coordinator.client, role))
        coordinator.async_recount_persons()
        return "deleted"

    return await at_each(terminals, delete, answered=call.return_response)


@translate_errors
async def _copy(call: ServiceCall) -> ServiceResponse:
    """Copy people to other terminals, and return what came of each."""
    source = called_terminal(call)
    targets = chosen_terminals(call.hass, call.data[ATTR_TO])
    if source in targets:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="copy_onto_itself"
        )
    return await async_copy(
        source,
        targets,
        person_ids=call.data.get(ATTR_PERSON_ID),
        role=call.data.get(ATTR_ROLE, ALL),
        overwrite=call.data[ATTR_OVERWRITE],
        answered=call.return_response,
    )


@callback
def async_setup_person_actions(hass: HomeAssistant) -> None:
    """Register the actions; who may enter is for administrators to say."""
    for name, look_up in ((LIST, _list), (GET, _get)):
        hass.services.async_register(
            DOMAIN,
            name,
            look_up,
            schema=vol.Schema(FIELDS[name]),
            supports_response=SupportsResponse.ONLY,
        )
    for name, change in (
        (SAVE, _save),
        (SAVE_MANY, _save_many),
        (DELETE, _delete),
        (COPY, _copy),
    ):
        async_register_admin_service(
            hass,
            DOMAIN,
            name,
            change,
            schema=vol.Schema(FIELDS[name]),
            supports_response=SupportsResponse.OPTIONAL,
        )
