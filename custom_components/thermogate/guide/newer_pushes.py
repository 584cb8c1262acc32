"""Pushes of newer firmware whose numbers and wire names are not public: known by what they say, and read leniently.

The names are those of the vendor's library for such cameras; a camera may as well send them without the letter of their type.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from .wire import as_float, as_int, as_text

# The names of the library, and what else they may be called on the wire.
_NAMES: Final = (("obj_name1", "name1"), ("obj_name2", "name2"))
_TEMPERATURES: Final = (("fTemp1", "temp1"), ("fTemp2", "temp2"))
_DIFFERENCE: Final = ("fTempDiff", "temp_diff", "diff_temp")
_THRESHOLD: Final = ("fTempThreshold", "temp_threshold", "threshold")
_RESULT: Final = "result"
_BESIDE_RESULT: Final = frozenset({_RESULT, "type", "time", "msg"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceAlarm:
    """Two objects differ by more than they may; temperatures in °C."""

    names: tuple[str, str] = ("", "")
    temperatures: tuple[float | None, float | None] = (None, None)
    difference: float | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AutofocusFinished:
    """The lens has found its focus, or not; what the numbers mean is not public."""

    result: int | None = None


type NewerPush = DifferenceAlarm | AutofocusFinished


def reader_of(
    body: Mapping[str, Any],
) -> Callable[[Mapping[str, Any]], NewerPush] | None:
    """Return what reads the body of a push whose number says nothing; None when its fields say nothing either."""
    for mark, reader in _MARKS.items():
        if mark in body:
            return reader
    if _RESULT in body and body.keys() <= _BESIDE_RESULT:
        return _autofocus_finished
    return None


def _first(body: Mapping[str, Any], names: tuple[str, ...]) -> object:
    return next((body[name] for name in names if name in body), None)


def _difference_alarm(body: Mapping[str, Any]) -> DifferenceAlarm:
    one, other = (as_text(_first(body, names)) for names in _NAMES)
    warm, cold = (as_float(_first(body, names)) for names in _TEMPERATURES)
    return DifferenceAlarm(
        names=(one, other),
        temperatures=(warm, cold),
        difference=as_float(_first(body, _DIFFERENCE)),
        threshold=as_float(_first(body, _THRESHOLD)),
    )


def _autofocus_finished(body: Mapping[str, Any]) -> AutofocusFinished:
    return AutofocusFinished(result=as_int(body.get(_RESULT)))


_MARKS: Mapping[str, Callable[[Mapping[str, Any]], NewerPush]] = MappingProxyType(
    dict.fromkeys((*_NAMES[0], *_DIFFERENCE), _difference_alarm)
)
