"""Looking up: pages, days, persons, single entries. Every statement reads about as much as it returns, however long the journal.

A search walks one index in the order of the page: that of the filter that narrows most. What one index cannot give in order (two
persons of the same name, three devices) is walked side by side and merged.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, tzinfo
from heapq import nlargest
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, tuple_

from .models import (
    STRANGER,
    UNKNOWN,
    Entry,
    Kind,
    Page,
    Person,
    Query,
    Size,
    StoredPicture,
)
from .pictures import content_type_of
from .rows import (
    clean,
    entry,
    fingerprint,
    folded,
    microseconds,
    moment,
    select_entries,
)
from .schema import ENTRIES, ENTRY_PICTURES, NAME, PICTURES, SHORT, SUBJECTS

type Condition = ColumnElement[bool]
type Position = tuple[int, int]
"""Where an entry stands: at and id."""

# More subjects than that are walked in order of time: so many names together are in no need of an index.
_MAX_WALKS: Final = 100
# Temperatures that fewer entries have are looked up one by one; more will soon be met in order of time.
_RARE: Final = 4000


def knows(connection: Connection, device: str, kind: Kind, key: str) -> bool:
    """Whether a happening is there."""
    if (mark := fingerprint(device, kind, key)) is None:
        return False
    found = select(ENTRIES.c.id).where(ENTRIES.c.fingerprint == mark)
    return connection.scalar(found) is not None


def find(connection: Connection, event_id: str) -> Entry | None:
    """Return the newest entry of an event."""
    newest = (
        select(ENTRIES.c.id)
        .where(ENTRIES.c.event_id == clean(event_id, SHORT))
        .order_by(ENTRIES.c.id.desc())
        .limit(1)
    )
    found = _read(connection, connection.scalars(newest).all())
    return found[0] if found else None


def search(connection: Connection, query: Query) -> Page:
    """Return a page, newest first."""
    filters = _filters(query)
    positions: set[Position] = set()
    for walk in _walks(connection, query):
        positions |= _walk(connection, [*walk, *filters], query.limit + 1)
    page = nlargest(query.limit + 1, positions)
    entries = _read(connection, [entry_id for _, entry_id in page[: query.limit]])
    if len(page) <= query.limit:
        return Page(entries=entries, cursor=None)
    at, entry_id = page[query.limit - 1]
    return Page(entries=entries, cursor=f"{at}.{entry_id}")


def days(
    connection: Connection, device: str | None, tz: tzinfo, limit: int
) -> list[tuple[date, int]]:
    """Return the newest days that have entries and how many, newest first."""
    at = ENTRIES.c.at
    only = [] if device is None else [ENTRIES.c.device == clean(device, SHORT)]
    found: list[tuple[date, int]] = []
    newest = connection.scalar(select(func.max(at)).where(*only))
    while newest is not None and len(found) < limit:
        day = moment(newest).astimezone(tz).date()
        start = microseconds(datetime.combine(day, time.min, tz))
        # Where midnight falls into an hour that the clock skips or repeats, the newest moment is still of this day.
        start = min(start, newest)
        within = select(func.count()).where(at >= start, at <= newest, *only)
        found.append((day, connection.scalar(within) or 0))
        newest = connection.scalar(select(func.max(at)).where(at < start, *only))
    return found


def people(connection: Connection, device: str | None) -> list[Person]:
    """Return the persons whom the journal knows, those seen last first."""
    last = select(func.max(ENTRIES.c.at)).where(ENTRIES.c.subject_id == SUBJECTS.c.id)
    if device is not None:
        last = last.where(_unindexed(ENTRIES.c.device) == clean(device, SHORT))
    rows = connection.execute(
        select(
            SUBJECTS.c.person_id, SUBJECTS.c.name, last.scalar_subquery().label("last")
        ).where(
            SUBJECTS.c.kind == Kind.ACCESS.value,
            or_(SUBJECTS.c.person_id != "", SUBJECTS.c.name != ""),
        )
    )
    found = [
        Person(person_id=row.person_id, name=row.name, last=moment(row.last))
        for row in rows
        if row.last is not None
    ]
    return sorted(found, key=lambda person: person.last, reverse=True)


def swept_until(connection: Connection) -> datetime | None:
    """Return when the oldest entry was received, if older ones were deleted; None too where there is none."""
    first = connection.scalar(select(func.min(ENTRIES.c.id)))
    # Numbers begin with 1 and are never used twice.
    if first is None or first == 1:
        return None
    oldest = connection.scalar(select(func.min(ENTRIES.c.received_at)))
    return None if oldest is None else moment(oldest)


def size(connection: Connection) -> Size:
    """Return how much there is."""
    entries, texts = connection.execute(
        select(func.count(), func.coalesce(func.sum(ENTRIES.c.size), 0))
    ).one()
    pictures = connection.scalar(select(func.coalesce(func.sum(PICTURES.c.size), 0)))
    return Size(entries=entries, bytes=int(texts) + int(pictures or 0))


def subject_filter(text: str) -> Condition:
    """Return the condition for subjects that contain a text, in any case."""
    return SUBJECTS.c.folded.contains(folded(text), autoescape=True)


def _unindexed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column as an expression, so that SQLite does not walk its index instead of the better one."""
    return func.coalesce(column, column)


def _filters(query: Query) -> list[Condition]:
    """Return the conditions that any walk has to meet."""
    at = ENTRIES.c.at
    temperature = _unindexed(ENTRIES.c.temperature)
    found: list[Condition] = []
    for column, wanted in (
        (ENTRIES.c.device, [clean(device, SHORT) for device in query.devices]),
        (ENTRIES.c.kind, [kind.value for kind in query.kinds]),
        (ENTRIES.c.outcome, [clean(outcome, SHORT) for outcome in query.outcomes]),
    ):
        if wanted:
            found.append(_unindexed(column).in_(wanted))
    if query.temperature_above is not None:
        found.append(temperature > query.temperature_above)
    if query.temperature_below is not None:
        found.append(temperature < query.temperature_below)
    if query.since is not None:
        found.append(at >= microseconds(query.since))
    if query.until is not None:
        found.append(at < microseconds(query.until))
    if query.cursor is not None:
        last_at, last_id = map(int, query.cursor.split("."))
        found += [at <= last_at, tuple_(at, ENTRIES.c.id) < (last_at, last_id)]
    return found


def _walks(connection: Connection, query: Query) -> list[list[Condition]]:
    """Return what to walk side by side: conditions that an index gives in order, most narrowing filter first."""
    if query.text or query.person_id:
        return _subject_walks(connection, query)
    if (rare := _rare_temperatures(connection, query)) is not None:
        return [[ENTRIES.c.id.in_(rare)]] if rare else []
    for column, wanted in (
        (ENTRIES.c.outcome, query.outcomes),
        (ENTRIES.c.device, query.devices),
        (ENTRIES.c.kind, query.kinds),
    ):
        if wanted and len(wanted) <= _MAX_WALKS:
            return [[column == clean(value, SHORT)] for value in set(wanted)]
    return [[]]


def _subject_walks(connection: Connection, query: Query) -> list[list[Condition]]:
    subject = ENTRIES.c.subject_id
    conditions: list[Condition] = []
    if query.person_id:
        conditions.append(SUBJECTS.c.person_id == clean(query.person_id, SHORT))
    # A longer text is no part of any name; SQLite would refuse to look for it.
    if len(query.text) > NAME:
        return []
    if query.text:
        conditions.append(subject_filter(query.text))
    ids = select(SUBJECTS.c.id).where(*conditions)
    few = connection.scalars(ids.limit(_MAX_WALKS + 1)).all()
    if len(few) <= _MAX_WALKS:
        walks: list[list[Condition]] = [[subject == number] for number in few]
    else:
        walks = [[_unindexed(subject).in_(ids)]]
    if query.text.strip().casefold() == UNKNOWN and not query.person_id:
        walks.append([ENTRIES.c.outcome == STRANGER])
    return walks


def _rare_temperatures(connection: Connection, query: Query) -> Sequence[int] | None:
    """Return the entries within the temperature limits; None if there are no limits or many such entries."""
    temperature = ENTRIES.c.temperature
    limits: list[Condition] = []
    if query.temperature_above is not None:
        limits.append(temperature > query.temperature_above)
    if query.temperature_below is not None:
        limits.append(temperature < query.temperature_below)
    if not limits:
        return None
    found = select(ENTRIES.c.id).where(*limits).limit(_RARE + 1)
    ids = connection.scalars(found).all()
    return ids if len(ids) <= _RARE else None


def _walk(
    connection: Connection, conditions: Iterable[Condition], limit: int
) -> set[Position]:
    rows = connection.execute(
        select(ENTRIES.c.at, ENTRIES.c.id)
        .where(and_(True, *conditions))
        .order_by(ENTRIES.c.at.desc(), ENTRIES.c.id.desc())
        .limit(limit)
    )
    return {(row.at, row.id) for row in rows}


def _read(connection: Connection, ids: Sequence[int]) -> tuple[Entry, ...]:
    """Return entries in the given order."""
    if not ids:
        return ()
    pictures: dict[int, list[StoredPicture]] = {}
    for row in connection.execute(
        select(ENTRY_PICTURES, PICTURES.c.size)
        .join_from(ENTRY_PICTURES, PICTURES)
        .where(ENTRY_PICTURES.c.entry_id.in_(ids))
        .order_by(ENTRY_PICTURES.c.entry_id, ENTRY_PICTURES.c.position)
    ):
        pictures.setdefault(row.entry_id, []).append(
            StoredPicture(
                role=row.role,
                name=row.name,
                content_type=content_type_of(row.name),
                size=row.size,
            )
        )
    rows = connection.execute(select_entries().where(ENTRIES.c.id.in_(ids)))
    found = {row.id: entry(row, pictures.get(row.id, ())) for row in rows}
    # A sweep may take one away between two statements.
    return tuple(found[number] for number in ids if number in found)
