"""Values and rows: how a record becomes columns, and columns an entry."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
import hashlib
import json
import math
from typing import Any, Final

from sqlalchemy import Row, Select, select

from .models import Entry, Kind, Record, StoredPicture
from .schema import ENTRIES, NAME, SHORT, SUBJECTS

type Columns = dict[str, Any]
type Subject = tuple[str, str, str]
"""Kind, person id, name."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# A day from the ends of the calendar, so that what is read can be shown in any time zone.
_EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
_LATEST = datetime(9999, 12, 30, tzinfo=UTC)
# What a row takes beside its texts: numbers and index entries, roughly.
_ROW_BYTES: Final = 300

# Written everywhere as U+FFFD: PostgreSQL takes no NUL, and no database takes half of a surrogate pair.
_UNSTORABLE = {0: "\N{REPLACEMENT CHARACTER}"} | dict.fromkeys(
    range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}"
)


def clean(text: str, limit: int) -> str:
    """Return a text that every database can store, cut at so many characters."""
    return text[:limit].translate(_UNSTORABLE)


def folded(text: str) -> str:
    """Return a text as it is compared, whatever its case."""
    return clean(text, NAME).casefold()


def fingerprint(device: str, kind: Kind, key: str) -> str | None:
    """Return what tells copies of one happening apart, whatever the length of the key; None for those that never are."""
    if not key:
        return None
    # JSON keeps the parts apart and writes every text differently, also what `clean` would make equal.
    identity = json.dumps([device, kind, key])
    return hashlib.sha256(identity.encode()).hexdigest()


def microseconds(time: datetime) -> int:
    """Return a moment as it is stored; beyond the ends of the calendar in UTC it is moved to them."""
    return (min(max(time, _EARLIEST), _LATEST) - _EPOCH) // _MICROSECOND


def moment(stored: int) -> datetime:
    """Return a stored moment, in UTC."""
    return _EPOCH + stored * _MICROSECOND


def subject_of(record: Record) -> Subject:
    """Return who or what a record is about, as it is stored."""
    return (
        record.kind.value,
        clean(record.person_id, SHORT),
        clean(record.subject, NAME),
    )


def columns(record: Record) -> Columns:
    """Return the columns of a record but its subject. ValueError, TypeError or RecursionError for details that are no JSON."""
    texts = {
        "event_id": clean(record.event_id, SHORT),
        "device": clean(record.device, SHORT),
        "key": clean(record.key, NAME),
        "outcome": clean(record.outcome, SHORT),
        "details": json.dumps(dict(record.details), separators=(",", ":")),
    }
    temperature = record.temperature
    if temperature is not None and not math.isfinite(temperature):
        temperature = None
    return texts | {
        "kind": record.kind.value,
        "fingerprint": fingerprint(record.device, record.kind, record.key),
        "at": microseconds(record.at),
        "received_at": microseconds(record.received_at),
        "live": record.live,
        "caught_up": record.caught_up,
        "temperature": temperature,
        "size": _ROW_BYTES + sum(len(text.encode()) for text in texts.values()),
    }


def select_entries() -> Select[Any]:
    """Return the statement that reads what `entry` needs, to be narrowed."""
    return select(ENTRIES, SUBJECTS.c.name, SUBJECTS.c.person_id).join_from(
        ENTRIES, SUBJECTS
    )


def entry(row: Row[Any], pictures: Sequence[StoredPicture]) -> Entry:
    """Return what was stored."""
    return Entry(
        id=row.id,
        event_id=row.event_id,
        device=row.device,
        kind=Kind(row.kind),
        key=row.key,
        at=moment(row.at),
        received_at=moment(row.received_at),
        live=row.live,
        caught_up=row.caught_up,
        outcome=row.outcome,
        subject=row.name,
        person_id=row.person_id,
        temperature=row.temperature,
        details=json.loads(row.details),
        pictures=tuple(pictures),
    )
