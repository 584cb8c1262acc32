"""What goes into the journal, what comes out of it, and how it is asked: values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
import re
from typing import Any, Final

STRANGER: Final = "stranger"
"""The outcome of an access by somebody whom the terminal does not know."""
UNKNOWN: Final = "unknown"
"""The text that finds strangers."""
MAX_PAGE: Final = 1000
MAX_DAYS: Final = 36_500

_CURSOR = re.compile(r"-?\d{1,18}\.\d{1,18}", re.ASCII)


class Kind(StrEnum):
    """What sort of happening an entry is."""

    ACCESS = "access"
    ALARM = "alarm"


def _require_aware(**times: datetime | None) -> None:
    for name, time in times.items():
        if time is not None and time.utcoffset() is None:
            raise ValueError(f"{name} has no time zone")


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPicture:
    """A picture to store: what it shows ("face", "scene"), its bytes, and what the sender says they are."""

    role: str
    data: bytes
    content_type: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A happening to store.

    `key` tells copies of one happening apart within (device, kind); "" means that it can never be recognised as a copy. `at` is
    when it happened by the device's clock, `received_at` when we heard of it. `subject` is the person's or the rule's name,
    `temperature` in °C, `details` any JSON.
    """

    event_id: str
    device: str
    kind: Kind
    key: str
    at: datetime
    received_at: datetime
    live: bool
    caught_up: bool = False
    outcome: str
    subject: str = ""
    person_id: str = ""
    temperature: float | None = None
    details: Mapping[str, Any]
    pictures: tuple[NewPicture, ...] = ()

    def __post_init__(self) -> None:
        """Refuse times whose moment nobody can tell."""
        _require_aware(at=self.at, received_at=self.received_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredPicture:
    """A picture of an entry: `name` is what `Journal.picture` takes, `size` in bytes.

    `content_type` is one that is safe to serve; what is no known picture or film is "application/octet-stream".
    """

    role: str
    name: str
    content_type: str
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A record as it is read back; times in UTC, `id` grows in the order of appends."""

    id: int
    event_id: str
    device: str
    kind: Kind
    key: str
    at: datetime
    received_at: datetime
    live: bool
    caught_up: bool
    outcome: str
    subject: str
    person_id: str
    temperature: float | None
    details: dict[str, Any]
    pictures: tuple[StoredPicture, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """What to look for; whatever is left out finds everything. ValueError for times without zone and for a foreign cursor.

    `text` is a part of the subject in any case; "unknown" also finds strangers. `since` is included, `until` is not.
    `temperature_above` and `temperature_below` exclude the limit itself. `cursor` is that of the page before.
    """

    devices: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    outcomes: tuple[str, ...] = ()
    text: str = ""
    person_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    temperature_above: float | None = None
    temperature_below: float | None = None
    limit: int = 50
    cursor: str | None = None

    def __post_init__(self) -> None:
        """Refuse what has no meaning."""
        _require_aware(since=self.since, until=self.until)
        if not 1 <= self.limit <= MAX_PAGE:
            raise ValueError(f"limit must be between 1 and {MAX_PAGE}")
        if self.cursor is not None and not _CURSOR.fullmatch(self.cursor):
            raise ValueError("cursor must be that of a page")


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Entries, newest first; `cursor` leads to the next page and is None on the last."""

    entries: tuple[Entry, ...]
    cursor: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody whom the journal knows; either text may be "". `last` is when they were seen last, in UTC."""

    person_id: str
    name: str
    last: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """What opening met: where a corrupt database was put, and the schema version that was migrated from."""

    set_aside: Path | None
    migrated_from: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Retention:
    """How long and how much to keep: days since received, megabytes (10^6 bytes) as `Size.bytes` counts; None is no limit."""

    days: int | None
    megabytes: int | None

    def __post_init__(self) -> None:
        """Refuse what has no meaning."""
        if not 0 <= (self.days or 0) <= MAX_DAYS:
            raise ValueError(f"days must be between 0 and {MAX_DAYS}")
        if (self.megabytes or 0) < 0:
            raise ValueError("megabytes must not be negative")


@dataclass(frozen=True, kw_only=True, slots=True)
class Forgotten:
    """How many entries and picture files are gone."""

    entries: int
    pictures: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Swept:
    """How many entries and picture files are gone, and the bytes that they took."""

    entries: int
    pictures: int
    bytes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How many entries there are, and the bytes of their texts and pictures; identical pictures count once."""

    entries: int
    bytes: int
