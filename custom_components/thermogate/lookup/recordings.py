"""Places in the media browser for what a camera has stored itself: what their identifiers say, and what is read there.

`recordings?device=...` has lenses and kinds, with `channel` and `media` their days, with `day` the files of one, with `file`
one file. Nothing in an identifier is ever part of an address on the camera: `file` is looked up among those that it lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
import re
from typing import Final
from urllib.parse import parse_qsl, urlencode

from ..guide import Channel, MediaKind, Recording, RecordingKind
from .places import NoPlaceError

VIEW: Final = "recordings"
_FIELDS: Final = ("device", "channel", "media", "day", "file", "after")
_FILE: Final = re.compile(r"[0-9a-f]{32}")
# The identifier of a month, at which a list of days goes on.
_MONTH: Final = re.compile(r"\d{4}-\d{2}")

SHELVES: Final[Mapping[tuple[Channel, MediaKind], str]] = {
    (Channel.THERMAL, MediaKind.VIDEO): "Thermal videos",
    (Channel.THERMAL, MediaKind.PICTURE): "Thermal pictures",
    (Channel.VISIBLE, MediaKind.VIDEO): "Visible videos",
    (Channel.VISIBLE, MediaKind.PICTURE): "Visible pictures",
}
REASONS: Final[Mapping[RecordingKind | None, str]] = {
    RecordingKind.ALARM: "Alarm",
    RecordingKind.COLD_SPOT: "Cold spot",
    RecordingKind.HOT_SPOT: "Hot spot",
    RecordingKind.HOT_AND_COLD_SPOT: "Hot and cold spot",
    RecordingKind.MANUAL: "Recorded by hand",
    RecordingKind.EVENT: "Event",
    RecordingKind.EXTERNAL_INPUT: "External input",
    None: "Recorded",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A place among a camera's recordings; what is None is not chosen yet. `after` is where a page goes on."""

    device: str
    channel: Channel | None = None
    media: MediaKind | None = None
    day: date | None = None
    file: str = ""
    after: str = ""

    @property
    def identifier(self) -> str:
        """The text that `parse` reads."""
        told = {name: str(getattr(self, name) or "") for name in _FIELDS}
        return (
            f"{VIEW}?{urlencode({name: text for name, text in told.items() if text})}"
        )

    @property
    def start(self) -> int:
        """The number of files on the pages before this one of a day."""
        return int(self.after or 0)

    @property
    def month(self) -> date | None:
        """The first of the month at which a list of days goes on."""
        return date.fromisoformat(f"{self.after}-01") if self.after else None


def is_here(identifier: str) -> bool:
    """Whether an identifier names one of these places."""
    return identifier.partition("?")[0] == VIEW


def parse(identifier: str) -> Place:
    """Return the place that an identifier names. NoPlaceError if it names none."""
    try:
        return _read(identifier)
    except (ValueError, OverflowError) as err:
        raise NoPlaceError from err


def _read(identifier: str) -> Place:
    pairs = parse_qsl(
        identifier.partition("?")[2],
        strict_parsing=True,
        errors="strict",
        max_num_fields=len(_FIELDS),
    )
    fields = dict(pairs)
    if len(fields) < len(pairs) or fields.keys() - {*_FIELDS}:
        raise ValueError("fields")
    return _place(fields)


def place_of(parts: Mapping[str, str]) -> Place:
    """Return the place of the file that the parts of an address name. NoPlaceError if they name none."""
    try:
        place = _place(parts)
    except (ValueError, OverflowError) as err:
        raise NoPlaceError from err
    if not place.file:
        raise NoPlaceError
    return place


def _place(fields: Mapping[str, str]) -> Place:
    channel, media, day = (fields.get(name) for name in ("channel", "media", "day"))
    place = Place(
        device=fields.get("device", ""),
        channel=Channel(channel) if channel else None,
        media=MediaKind(media) if media else None,
        day=date.fromisoformat(day) if day else None,
        file=fields.get("file", ""),
        after=fields.get("after", ""),
    )
    _check(place)
    return place


def _check(place: Place) -> None:
    """Raise ValueError for a place that cannot be."""
    if not place.device or (place.channel is None) is not (place.media is None):
        raise ValueError("a device, and a lens with a kind or neither")
    if place.day and place.media is None:
        raise ValueError("a day of nothing")
    if place.file and not (place.day and _FILE.fullmatch(place.file)):
        raise ValueError("a file of no day")
    if not place.after:
        return
    if place.day:
        if place.start < 0:
            raise ValueError("a page before the first")
    elif not _MONTH.fullmatch(place.after) or place.month is None:
        raise ValueError("no month")


def file_title(recording: Recording) -> str:
    """Return when, why and how long: "14:03:12 Hot spot, 2 min 5 s"."""
    when = f"{recording.start:%H:%M:%S} " if recording.start else ""
    lasted = _lasted(recording)
    return f"{when}{REASONS[recording.kind]}{f', {lasted}' if lasted else ''}"


def _lasted(recording: Recording) -> str:
    """Return how long a film lasts, where the camera tells both its ends."""
    if recording.start is None or recording.end is None:
        return ""
    seconds = int((recording.end - recording.start).total_seconds())
    if recording.media is MediaKind.PICTURE or seconds <= 0:
        return ""
    minutes, rest = divmod(seconds, 60)
    parts = [f"{minutes} min" if minutes else "", f"{rest} s" if rest else ""]
    return " ".join(filter(None, parts))
