"""What a camera remembers, as values. Every field may be missing on the wire; nothing here ever raises."""

from collections.abc import Mapping
from dataclasses import dataclass
import datetime as dt
from enum import StrEnum
from typing import Any

from .models import SHAPES, Shape, member, numbered, parse_time, rule_keys
from .wire import as_dicts, as_float, as_int, as_text

LONGEST_PAGE = 1000
"""Entries that a camera gives at most in one answer (seen in the vendor's own clients)."""


class Channel(StrEnum):
    """Which of the two cameras, in the order of its numbers (vendor document 513.1)."""

    VISIBLE = "visible"
    THERMAL = "thermal"


class MediaKind(StrEnum):
    """What was stored, in the order of its numbers (vendor document 513.1)."""

    VIDEO = "video"
    PICTURE = "picture"


class RecordingKind(StrEnum):
    """Why something was stored, in the order of its numbers (vendor document 513.1)."""

    ALARM = "alarm"
    COLD_SPOT = "cold_spot"
    HOT_SPOT = "hot_spot"
    HOT_AND_COLD_SPOT = "hot_and_cold_spot"
    MANUAL = "manual"
    EVENT = "event"
    EXTERNAL_INPUT = "external_input"


class Statistic(StrEnum):
    """Which temperature of a rule, in the order of its numbers (vendor document 515.1)."""

    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    AVERAGE = "average"


CHANNELS = numbered(Channel)
MEDIA_KINDS = numbered(MediaKind)
RECORDING_KINDS = numbered(RecordingKind)
STATISTICS = numbered(Statistic)

# Vendor document 515.1: bits in another order than the numbers of the shapes; what it calls oval there is a circle elsewhere.
SHAPE_BITS = {
    Shape.POINT: 1,
    Shape.LINE: 2,
    Shape.CIRCLE: 4,
    Shape.RECTANGLE: 8,
    Shape.POLYGON: 16,
}

type TemperaturePoint = tuple[dt.datetime, float | None]
"""The camera's local time, and the temperature in °C, None where it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A file on the camera (command 513)."""

    channel: Channel
    media: MediaKind
    kind: RecordingKind | None = None
    start: dt.datetime | None = None
    """The camera's local time without a zone, None when its clock was not set."""
    end: dt.datetime | None = None
    url: str | None = None
    """For `GuideClient.download`."""
    size: int | None = None
    """Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemperatureSeries:
    """How one temperature of one rule went (command 515); `key` as in `RuleTemperature`, `points` in order of time."""

    key: str
    rule_id: int | None = None
    name: str = ""
    shape: Shape | None = None
    statistic: Statistic
    points: tuple[TemperaturePoint, ...] = ()


def parse_recordings(
    message: Mapping[str, Any], channel: Channel, media: MediaKind
) -> tuple[Recording, ...]:
    """Read an answer to command 513 about a channel and a kind of file, which it does not repeat.

    What has neither an address nor a time is no recording.
    """
    recordings = (
        Recording(
            channel=channel,
            media=media,
            kind=member(RECORDING_KINDS, item.get("type")),
            start=parse_time(item.get("start")),
            end=parse_time(item.get("end")),
            url=as_text(item.get("url")) or None,
            size=_size(item.get("filesize")),
        )
        for item in as_dicts(message.get("datas"))
    )
    return tuple(
        recording for recording in recordings if recording.url or recording.start
    )


def _size(value: object) -> int | None:
    size = as_int(value)
    return None if size is None or size < 0 else size


def parse_days(
    message: Mapping[str, Any], year: int, month: int
) -> tuple[dt.date, ...]:
    """Read an answer to command 514 about a month: its days in order, each once; what is no day of it is left out."""
    days = message.get("days")
    numbers = {as_int(day) for day in days} if isinstance(days, list) else set()
    first = dt.date(year, month, 1)
    return tuple(
        day
        for number in range(1, 32)
        if number in numbers
        and (day := first + dt.timedelta(days=number - 1)).month == month
    )


def parse_temperature_series(
    message: Mapping[str, Any],
    statistic: Statistic,
    since: dt.datetime,
    until: dt.datetime,
    step: dt.timedelta,
) -> tuple[TemperatureSeries, ...]:
    """Read an answer to command 515 about a period, which includes both its ends.

    The first value is that of the time at which the answer says it begins, else of `since`; what is outside the period is left out.
    """
    items = as_dicts(message.get("measure_list"))
    ids = [as_int(item.get("measure_id")) for item in items]
    names = [as_text(item.get("measurer_name")) for item in items]
    begin = parse_time(message.get("start_time")) or since
    return tuple(
        TemperatureSeries(
            key=key,
            rule_id=rule_id,
            name=name,
            shape=member(SHAPES, item.get("measure_type")),
            statistic=statistic,
            points=_points(item.get("temperature"), begin, since, until, step),
        )
        for key, rule_id, name, item in zip(
            rule_keys(ids, names), ids, names, items, strict=True
        )
    )


def _points(
    values: object,
    begin: dt.datetime,
    since: dt.datetime,
    until: dt.datetime,
    step: dt.timedelta,
) -> tuple[TemperaturePoint, ...]:
    if not isinstance(values, list):
        return ()
    skipped = max(0, -((begin - since) // step))
    within = (until - begin) // step + 1
    return tuple(
        (begin + index * step, as_float(values[index]))
        for index in range(skipped, min(within, len(values)))
    )
