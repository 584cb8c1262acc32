"""What a terminal remembers (vendor document 2.2.2), as the captures it sent or would have sent."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
import math
from typing import Any, Final

from .command import Command
from .commands_persons import REQUEST_RECORDS
from .errors import FaceGateMessageError, FaceGateValidationError
from .messages import Capture, Reply
from .parse import parse_capture
from .wire import as_bool, as_int, as_text

# With pictures as many as the vendor's client asks for (seen on devices), without as many as the document allows.
_PAGE_SIZES: Final = {True: 5, False: 20}
# A bound on what a confused terminal can cost, not a size known of any.
_MAX_PAGES: Final = 5000
# The last second of a terminal that counts them in signed 32 bits.
_END_OF_TIME: Final = 2**31 - 1

# What a record calls the parts of a capture message; "match_failed_reason" is a lenient reading.
_RECORD: Final = {
    "sequence": "sequence_no",
    "time": "cap_time",
    "score": "match_result",
    "match_failed_reson": "match_failed_reson",
    "match_failed_reason": "match_failed_reason",
    "body_temp": "body_temp",
}
# The same for the parts of its `match` block.
_MATCH: Final = {
    "id": "person_id",
    "role": "person_role",
    "customer_id": "customer_text",
}

type Ask = Callable[[Command, float | None, dict[str, Any]], Awaitable[Reply]]
"""Sends a command with a time limit in seconds, or the command's own, and values by our keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """One record of a terminal.

    `capture` has the `key` of the capture that was or will be sent. Of its pictures a record has the close-up and the
    registered photo at most. `uploaded` tells whether a server acknowledged it; `match_type` is a number without a documented meaning.
    """

    capture: Capture
    uploaded: bool | None = None
    match_type: int | None = None


def parse_record(raw: object, device_sn: str = "") -> StoredRecord | None:
    """Return a record of an answer by this terminal.

    None for what is no record: no object, or one with neither sequence nor time, which could never be told from its copies.
    """
    if not isinstance(raw, dict):
        return None
    capture = parse_capture(_as_message(raw, device_sn))
    if not capture.key:
        return None
    return StoredRecord(
        capture=capture,
        uploaded=as_bool(raw.get("upload_state")),
        match_type=as_int(raw.get("match_type")),
    )


async def stored_captures(ask: Ask, **conditions: Any) -> AsyncIterator[Capture]:
    """Return the captures that the records of `stored_records` are."""
    async for record in stored_records(ask, **conditions):
        yield record.capture


async def stored_records(
    ask: Ask,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    uploaded: bool | None = None,
    pictures: bool = False,
    **conditions: Any,
) -> AsyncIterator[StoredRecord]:
    """Ask for records page by page and return each once, in the terminal's order, which is not documented.

    `since` and `until` have a zone and are included; seen on devices: records at the edge are missed, so whoever must have them all
    starts some minutes early. `uploaded` asks only for what was or was not acknowledged; what is acknowledged meanwhile
    moves the pages, so that others may be passed over. `conditions` are further fields of the command, such as `name`.

    A page without records is the end, whatever the terminal's totals say, and so is one with nothing but what was there before.
    Raises what `FaceGateClient.request` does, and FaceGateMessageError for another page than the one asked for or when there is no
    end; what was returned until then stays right.
    """
    values = {
        **conditions,
        **_window(since, until),
        "uploaded": uploaded,
        "page_size": _PAGE_SIZES[pictures],
        "face_image_flag": pictures,
        "reg_image_flag": pictures,
    }
    seen: set[str] = set()
    for page in range(1, _MAX_PAGES + 1):
        reply = await ask(REQUEST_RECORDS, None, {**values, "page_no": page})
        found = reply.body.get("records")
        if not isinstance(found, list) or not found:
            return
        records = [
            record for raw in found if (record := parse_record(raw, reply.device_sn))
        ]
        new = {
            record.capture.key: record
            for record in records
            if record.capture.key not in seen
        }
        if records and not new:
            return
        _check_page(reply, page)
        for record in new.values():
            yield record
        seen |= new.keys()
    raise FaceGateMessageError(
        f"{REQUEST_RECORDS.key}: no end after {_MAX_PAGES} pages"
    )


def _check_page(reply: Reply, page: int) -> None:
    answered = as_int(reply.body.get("page_no"))
    if answered not in {None, page}:
        raise FaceGateMessageError(
            f"{REQUEST_RECORDS.key}: page {answered} instead of page {page}"
        )


def _window(since: datetime | None, until: datetime | None) -> dict[str, int]:
    """Return the time range in Unix seconds: both ends or none."""
    if since is None and until is None:
        return {}
    start = 0 if since is None else math.floor(_unix("since", since))
    end = _END_OF_TIME if until is None else math.ceil(_unix("until", until))
    if start > end:
        raise FaceGateValidationError("until", until, "a time after since")
    return {"time_start": start, "time_end": end}


def _unix(name: str, time: datetime) -> float:
    if time.utcoffset() is None:
        raise FaceGateValidationError(name, time, "a time with a zone")
    return time.timestamp()


def _as_message(raw: dict[str, Any], device_sn: str) -> dict[str, Any]:
    """Return a record in the words of a capture message, so that one reading serves both."""
    match = {sent: raw[kept] for kept, sent in _MATCH.items() if kept in raw}
    return {
        **{sent: raw[kept] for kept, sent in _RECORD.items() if kept in raw},
        "device_sn": device_sn,
        "is_realtime": 0,
        "match": {
            **match,
            # Seen on devices: a name over 15 bytes stands in the second.
            "person_name": as_text(raw.get("name")) or raw.get("person_name_ext"),
            "image": _block(raw.get("reg_image")).get("data"),
        },
        # Not in the document, seen on devices.
        "closeup_pic": _block(raw.get("face_image")),
    }


def _block(picture: object) -> dict[str, Any]:
    """Return the block of a picture, which a record shortens to its data."""
    return picture if isinstance(picture, dict) else {"data": picture}
