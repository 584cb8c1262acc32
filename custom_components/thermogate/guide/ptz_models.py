"""What a camera on a pan-tilt head tells about its presets and movements."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from .models import member, numbered
from .wire import as_bool, as_dicts, as_int, as_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A stored position; `param` is for the maker's own use."""

    index: int
    name: str = ""
    param: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CruiseStop:
    """One position of a cruise, held for `duration` seconds."""

    preset: int
    name: str = ""
    param: int = 0
    duration: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cruise:
    """A round of presets."""

    index: int
    name: str = ""
    param: int = 0
    stops: tuple[CruiseStop, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineScan:
    """A sweep between two boundaries; it runs only when both are set. Durations in seconds."""

    index: int
    name: str = ""
    speed: int | None = None
    left_enabled: bool | None = None
    left_duration: int | None = None
    right_enabled: bool | None = None
    right_duration: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A recorded movement; it runs only when it is enabled."""

    index: int
    name: str = ""
    enabled: bool | None = None


def _indexed(value: object, key: str) -> dict[int, Mapping[str, Any]]:
    """Return the objects of a list by their index; one without an index, or with one already seen, is left out."""
    found: dict[int, Mapping[str, Any]] = {}
    for item in as_dicts(value):
        index = as_int(item.get(key))
        if index is not None:
            found.setdefault(index, item)
    return found


def parse_presets(message: Mapping[str, Any]) -> tuple[Preset, ...]:
    """Read the body of an answer to command 601."""
    return tuple(
        Preset(
            index=index,
            name=as_text(item.get("name")),
            param=as_int(item.get("param")) or 0,
        )
        for index, item in _indexed(message.get("presets"), "index").items()
    )


def parse_cruises(message: Mapping[str, Any]) -> tuple[Cruise, ...]:
    """Read the body of an answer to command 606."""
    return tuple(
        Cruise(
            index=index,
            name=as_text(item.get("cruise_name")),
            param=as_int(item.get("cruise_param")) or 0,
            # The same preset may be visited twice in a round.
            stops=tuple(
                CruiseStop(
                    preset=preset,
                    name=as_text(stop.get("name")),
                    param=as_int(stop.get("param")) or 0,
                    duration=as_int(stop.get("duration")),
                )
                for stop in as_dicts(item.get("presets"))
                if (preset := as_int(stop.get("index"))) is not None
            ),
        )
        for index, item in _indexed(
            message.get("cruise_groups"), "cruise_index"
        ).items()
    )


def parse_line_scans(message: Mapping[str, Any]) -> tuple[LineScan, ...]:
    """Read the body of an answer to command 611."""
    return tuple(
        LineScan(
            index=index,
            name=as_text(item.get("linescan_name")),
            speed=as_int(item.get("linescan_speed")),
            left_enabled=as_bool(item.get("linescan_left_enable")),
            left_duration=as_int(item.get("linescan_left_duration")),
            right_enabled=as_bool(item.get("linescan_right_enable")),
            right_duration=as_int(item.get("linescan_right_duration")),
        )
        for index, item in _indexed(
            message.get("linescan_groups"), "linescan_index"
        ).items()
    )


def parse_traces(message: Mapping[str, Any]) -> tuple[Trace, ...]:
    """Read the body of an answer to command 614."""
    return tuple(
        Trace(
            index=index,
            name=as_text(item.get("trace_name")),
            enabled=as_bool(item.get("trace_enable")),
        )
        for index, item in _indexed(message.get("trace_groups"), "trace_index").items()
    )


class PtzMotion(StrEnum):
    """What moves the head by itself, in the order of its numbers (vendor document 617.1)."""

    CRUISE = "cruise"
    LINE_SCAN = "line_scan"
    TRACE = "trace"


_MOTIONS = numbered(PtzMotion)


@dataclass(frozen=True, slots=True, kw_only=True)
class PtzStatus:
    """Command 617; kind and index only mean something while moving."""

    moving: bool | None = None
    kind: PtzMotion | None = None
    index: int | None = None

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Self:
        """Read the body of an answer to command 617."""
        return cls(
            moving=as_bool(message.get("ptz_movement")),
            kind=member(_MOTIONS, message.get("ptz_move_type")),
            index=as_int(message.get("ptz_move_index")),
        )
