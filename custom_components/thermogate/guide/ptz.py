"""The 35 functions of a pan-tilt head, by name, and the names that people give to what it remembers."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol


class PtzAction(StrEnum):
    """What command 600 can start and stop, in the order of its numbers (vendor document 600.1)."""

    LIGHT = "light"
    WIPER = "wiper"
    FAN = "fan"
    HEATER = "heater"
    AUXILIARY = "auxiliary"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    FOCUS_NEAR = "focus_near"
    FOCUS_FAR = "focus_far"
    IRIS_OPEN = "iris_open"
    IRIS_CLOSE = "iris_close"
    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    UP_LEFT = "up_left"
    UP_RIGHT = "up_right"
    DOWN_LEFT = "down_left"
    DOWN_RIGHT = "down_right"
    UP_ZOOM_IN = "up_zoom_in"
    UP_ZOOM_OUT = "up_zoom_out"
    DOWN_ZOOM_IN = "down_zoom_in"
    DOWN_ZOOM_OUT = "down_zoom_out"
    LEFT_ZOOM_IN = "left_zoom_in"
    LEFT_ZOOM_OUT = "left_zoom_out"
    RIGHT_ZOOM_IN = "right_zoom_in"
    # Number 27: the document repeats "zoom in" here, the vendor's library says out.
    RIGHT_ZOOM_OUT = "right_zoom_out"
    UP_LEFT_ZOOM_IN = "up_left_zoom_in"
    UP_LEFT_ZOOM_OUT = "up_left_zoom_out"
    UP_RIGHT_ZOOM_IN = "up_right_zoom_in"
    UP_RIGHT_ZOOM_OUT = "up_right_zoom_out"
    DOWN_LEFT_ZOOM_IN = "down_left_zoom_in"
    DOWN_LEFT_ZOOM_OUT = "down_left_zoom_out"
    DOWN_RIGHT_ZOOM_IN = "down_right_zoom_in"
    DOWN_RIGHT_ZOOM_OUT = "down_right_zoom_out"


PTZ_COMMANDS: Mapping[PtzAction, int] = MappingProxyType(
    {action: position for position, action in enumerate(PtzAction, start=1)}
)
"""The number of each function in `ptz_command`."""

AUXILIARIES = frozenset(
    {
        PtzAction.LIGHT,
        PtzAction.WIPER,
        PtzAction.FAN,
        PtzAction.HEATER,
        PtzAction.AUXILIARY,
    }
)
"""What is switched on and off; everything else moves."""

LENS = frozenset(
    {
        PtzAction.FOCUS_NEAR,
        PtzAction.FOCUS_FAR,
        PtzAction.IRIS_OPEN,
        PtzAction.IRIS_CLOSE,
    }
)
"""What leaves the camera looking where it looks."""


class Numbered(Protocol):
    """A preset, cruise, line scan or trace."""

    @property
    def index(self) -> int:
        """Its number in the camera."""

    @property
    def name(self) -> str:
        """Its name, which may be empty."""


def by_name(items: Iterable[Numbered], taken: Collection[str] = ()) -> dict[str, int]:
    """Return numbers by names that are all different and none of those `taken`: what has no name is called by its number."""
    found: dict[str, int] = {}
    for item in items:
        name = item.name or str(item.index)
        while name in found or name in taken:
            name = f"{name} ({item.index})"
        found[name] = item.index
    return found
