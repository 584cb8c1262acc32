"""Actions: what terminals remember of accesses, to look up and to delete."""

from base64 import b64encode
from datetime import datetime
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
from homeassistant.util import dt as dt_util

from ..const import CONF_LEAVE_OUT_TEMPERATURE, DEFAULT_LEAVE_OUT_TEMPERATURE, DOMAIN
from ..coordinator import TerminalCoordinator
from ..coordinator.access import access_of
from ..errors import translate_errors
from ..facegate import COMMANDS, Picture, StoredRecord, delete_record, delete_records
from .terminals import ONE_TERMINAL, called_terminal

ATTR_SINCE = "since"
ATTR_UNTIL = "until"
ATTR_PERSON_ID = "person_id"
ATTR_NAME = "name"
ATTR_PARTIAL = "partial"
ATTR_UPLOADED = "uploaded"
ATTR_SCORE_FROM = "score_from"
ATTR_SCORE_TO = "score_to"
ATTR_PICTURES = "pictures"
ATTR_LIMIT = "limit"
ATTR_SEQUENCE = "sequence"
ATTR_ALL_RECORDS = "all_records"
ATTR_CONFIRM = "confirm"

LIST = "list_records"
DELETE = "delete_record"

# An answer is held in memory as a whole; a record has two pictures of up to some hundred kilobytes.
MAX_LISTED: Final = 10_000
MAX_PICTURED: Final = 100
DEFAULT_LIMIT: Final = 100

_ASKED: Final = {field.key: field for field in COMMANDS["request_records"].request}
_NUMBER: Final = {field.key: field for field in COMMANDS["delete_record"].request}[
    "sequence"
]
LOWEST_SCORE, HIGHEST_SCORE = (
    _ASKED["score_start"].minimum,
    _ASKED["score_start"].maximum,
)
_SCORE: Final = vol.All(vol.Coerce(int), vol.Range(min=LOWEST_SCORE, max=HIGHEST_SCORE))
_TEXT: Final = vol.All(cv.string, str.strip)

FIELDS: Final[dict[str, dict[Any, Any]]] = {
    LIST: ONE_TERMINAL
    | {
        vol.Optional(ATTR_SINCE): cv.datetime,
        vol.Optional(ATTR_UNTIL): cv.datetime,
        vol.Optional(ATTR_PERSON_ID): _TEXT,
        vol.Optional(ATTR_NAME): _TEXT,
        vol.Optional(ATTR_PARTIAL, default=False): cv.boolean,
        vol.Optional(ATTR_UPLOADED): cv.boolean,
        vol.Optional(ATTR_SCORE_FROM): _SCORE,
        vol.Optional(ATTR_SCORE_TO): _SCORE,
        vol.Optional(ATTR_PICTURES, default=False): cv.boolean,
        vol.Optional(ATTR_LIMIT, default=DEFAULT_LIMIT): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=MAX_LISTED)
        ),
    },
    DELETE: ONE_TERMINAL
    | {
        vol.Exclusive(ATTR_SEQUENCE, "which"): vol.All(
            vol.Coerce(int), vol.Range(min=_NUMBER.minimum, max=_NUMBER.maximum)
        ),
        vol.Exclusive(ATTR_ALL_RECORDS, "which"): cv.boolean,
        vol.Optional(ATTR_CONFIRM, default=False): cv.boolean,
    },
}


@translate_errors
async def _list(call: ServiceCall) -> ServiceResponse:
    """Return what a terminal remembers, and whether that is all."""
    terminal = called_terminal(call).coordinator
    pictures = call.data[ATTR_PICTURES]
    limit = min(call.data[ATTR_LIMIT], MAX_PICTURED if pictures else MAX_LISTED)
    conditions = _conditions(call.data)

    async def found() -> list[dict[str, Any]]:
        records = []
        async for record in terminal.client.stored_records(
            pictures=pictures, **conditions
        ):
            records.append(told(record, terminal))
            # One more than wanted tells that there are more.
            if len(records) > limit:
                break
        return records

    records = await terminal.async_command(found())
    return {"records": records[:limit], "complete": len(records) <= limit}


def _conditions(data: dict[str, Any]) -> dict[str, Any]:
    """Return the filters as the terminal's search takes them. ServiceValidationError where they leave nothing."""
    since, until = _moment(data, ATTR_SINCE), _moment(data, ATTR_UNTIL)
    if since is not None and until is not None and since > until:
        raise _nothing_between(ATTR_SINCE, ATTR_UNTIL)
    conditions: dict[str, Any] = {
        ATTR_SINCE: since,
        ATTR_UNTIL: until,
        ATTR_UPLOADED: data.get(ATTR_UPLOADED),
        "fuzzy": data[ATTR_PARTIAL] or None,
        # Nothing typed is no condition.
        "id": data.get(ATTR_PERSON_ID) or None,
        "name": data.get(ATTR_NAME) or None,
    }
    if ATTR_SCORE_FROM in data or ATTR_SCORE_TO in data:
        lowest: Any = data.get(ATTR_SCORE_FROM, LOWEST_SCORE)
        highest: Any = data.get(ATTR_SCORE_TO, HIGHEST_SCORE)
        if lowest > highest:
            raise _nothing_between(ATTR_SCORE_FROM, ATTR_SCORE_TO)
        conditions |= {"score_start": lowest, "score_end": highest}
    return conditions


def _moment(data: dict[str, Any], name: str) -> datetime | None:
    """Return a time with its zone, that of Home Assistant if none was given."""
    if name not in data:
        return None
    try:
        return dt_util.as_utc(data[name])
    except OverflowError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_such_time"
        ) from err


def _nothing_between(low: str, high: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="nothing_between",
        translation_placeholders={"low": low, "high": high},
    )


def told(record: StoredRecord, terminal: TerminalCoordinator) -> dict[str, Any]:
    """Return a record as an answer shows it; `event_id` is that of the same access in the journal.

    Without the body temperature where the terminal's options leave it out.
    """
    capture = record.capture
    leave_out = terminal.config_entry.options.get(
        CONF_LEAVE_OUT_TEMPERATURE, DEFAULT_LEAVE_OUT_TEMPERATURE
    )
    access = access_of(
        capture, terminal.device_key, dt_util.utcnow(), temperature=not leave_out
    )
    identity = capture.identity
    answer: dict[str, Any] = {
        ATTR_SEQUENCE: capture.sequence_no,
        "event_id": access.event_id,
        "time": dt_util.as_local(access.at).isoformat() if capture.taken_at else None,
        ATTR_PERSON_ID: identity.person_id if identity else None,
        ATTR_NAME: identity.name if identity else None,
        "role": identity.role if identity else None,
        "customer_text": identity.customer_text if identity else None,
        "result": capture.result,
        "reason": capture.reason,
        "score": capture.score,
        "temperature": access.temperature,
        ATTR_UPLOADED: record.uploaded,
    }
    pictures = {"face": capture.face, "photo": identity.photo if identity else None}
    return answer | {
        name: _told_picture(picture) for name, picture in pictures.items() if picture
    }


def _told_picture(picture: Picture) -> dict[str, str]:
    return {
        "content_type": picture.content_type,
        "data": b64encode(picture.data).decode(),
    }


@translate_errors
async def _delete(call: ServiceCall) -> ServiceResponse:
    """Delete one record, or all of them, and return what came of it."""
    sequence: int | None = call.data.get(ATTR_SEQUENCE)
    every_one = call.data.get(ATTR_ALL_RECORDS, False)
    if sequence is None and not every_one:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_record_to_delete"
        )
    if every_one and not call.data[ATTR_CONFIRM]:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="records_not_confirmed"
        )
    terminal = called_terminal(call).coordinator
    result = "deleted"
    if sequence is None:
        await terminal.async_command(delete_records(terminal.client))
    elif not await terminal.async_command(delete_record(terminal.client, sequence)):
        result = "not_found"
    terminal.capabilities.async_ask_again("request_records")
    return {"result": result}


@callback
def async_setup_record_actions(hass: HomeAssistant) -> None:
    """Register the actions: who came when is for administrators to know, and to delete."""
    for name, action, response in (
        (LIST, _list, SupportsResponse.ONLY),
        (DELETE, _delete, SupportsResponse.OPTIONAL),
    ):
        async_register_admin_service(
            hass,
            DOMAIN,
            name,
            action,
            schema=vol.Schema(FIELDS[name]),
            supports_response=response,
        )
