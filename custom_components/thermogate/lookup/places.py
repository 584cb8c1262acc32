"""Places in the media browser: what their identifiers say. Nothing in one is ever part of a path or a statement.

A folder is `view?device=...&name=...`, a happening `event/<event_id>`, one of its pictures `event/<event_id>/<role>`; all
parts are percent-encoded.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode

from ..journal import STRANGER, Entry, Kind, Query

_EVENT: Final = "event/"
_TEXTS: Final = ("device", "person_id", "name", "after")
_DAY: Final = "day"


class View(StrEnum):
    """What a folder shows."""

    ROOT = ""
    DEVICE = "device"
    """What there is of a device, or of all: the views below, and its newest entries."""
    DAYS = "days"
    PEOPLE = "people"
    RULES = "rules"
    DAY = "day"
    PERSON = "person"
    STRANGERS = "strangers"
    RULE = "rule"


_KINDS: Final = {
    View.PEOPLE: (Kind.ACCESS,),
    View.PERSON: (Kind.ACCESS,),
    View.STRANGERS: (Kind.ACCESS,),
    View.RULES: (Kind.ALARM,),
    View.RULE: (Kind.ALARM,),
}
_OUTCOMES: Final = {View.STRANGERS: (STRANGER,)}
# Pages of these go on after so many things, those of entries after a cursor.
_COUNTED: Final = {View.DAYS, View.PEOPLE, View.RULES}


@dataclass(frozen=True, kw_only=True, slots=True)
class Folder:
    """A folder: of one device, or of all if that is "". `name` is a person's or a rule's, `after` where a page goes on."""

    view: View = View.ROOT
    device: str = ""
    day: date | None = None
    person_id: str = ""
    name: str = ""
    after: str = ""

    @property
    def identifier(self) -> str:
        """The text that `parse` reads."""
        fields = {name: getattr(self, name) for name in _TEXTS}
        fields[_DAY] = self.day.isoformat() if self.day else ""
        told = urlencode({name: value for name, value in fields.items() if value})
        return f"{self.view}?{told}" if told else str(self.view)

    def query(self, zone: tzinfo, limit: int) -> Query:
        """Return what finds its entries, and maybe others that it does not hold; its day is one of the time zone."""
        since = until = None
        if self.day is not None:
            since = datetime.combine(self.day, time.min, zone)
            until = datetime.combine(self.day + timedelta(days=1), time.min, zone)
        return Query(
            devices=(self.device,) if self.device else (),
            kinds=_KINDS.get(self.view, ()),
            outcomes=_OUTCOMES.get(self.view, ()),
            text="" if self.person_id else self.name,
            person_id=self.person_id,
            since=since,
            until=until,
            limit=limit,
            cursor=(self.after or None) if self.view not in _COUNTED else None,
        )

    @property
    def start(self) -> int:
        """The number of things on the pages before this one."""
        return int(self.after or 0) if self.view in _COUNTED else 0

    def holds(self, entry: Entry) -> bool:
        """Whether an entry that the query found is in here: a search also finds names that only contain the one wanted."""
        if self.person_id or not self.name:
            return True
        return entry.subject == self.name and not entry.person_id


@dataclass(frozen=True, slots=True)
class Event:
    """A happening, or the picture of a role in it."""

    event_id: str
    role: str = ""

    @property
    def identifier(self) -> str:
        """The text that `parse` reads."""
        parts = (self.event_id, self.role) if self.role else (self.event_id,)
        return _EVENT + "/".join(quote(part, safe="") for part in parts)


type Place = Folder | Event


class NoPlaceError(Exception):
    """What is asked for is not, or no longer, in the journal."""


def parse(identifier: str) -> Place:
    """Return the place that an identifier names. NoPlaceError if it names none."""
    try:
        return _read(identifier)
    except (ValueError, OverflowError) as err:
        raise NoPlaceError from err


def _read(identifier: str) -> Place:
    if identifier.startswith(_EVENT):
        event_id, _, role = identifier.removeprefix(_EVENT).partition("/")
        if not event_id:
            raise ValueError("no event")
        return Event(unquote(event_id, errors="strict"), unquote(role, errors="strict"))
    view, _, told = identifier.partition("?")
    pairs = (
        parse_qsl(
            told,
            strict_parsing=True,
            errors="strict",
            max_num_fields=len(_TEXTS) + 1,
        )
        if told
        else []
    )
    fields = dict(pairs)
    if len(fields) < len(pairs) or fields.keys() - {*_TEXTS, _DAY}:
        raise ValueError("fields")
    day = fields.get(_DAY)
    folder = Folder(
        view=View(view),
        device=fields.get("device", ""),
        day=date.fromisoformat(day) if day else None,
        person_id=fields.get("person_id", ""),
        name=fields.get("name", ""),
        after=fields.get("after", ""),
    )
    # A day without an end and the cursor of no page are found out here.
    folder.query(UTC, 1)
    if folder.start < 0:
        raise ValueError("a page before the first")
    return folder
