"""Areas that people draw into the thermal picture: where nothing is measured (17, 18), and where fire is looked for (51, 52)."""

from collections.abc import Mapping, Sequence
import re
from typing import Any, Final

from .errors import GuideValidationError
from .fields import Field
from .models import Size
from .picture_places import Area, PixelArea, stored_area, told_area
from .regions import Unit
from .settings_fields import FIRE_AREAS
from .settings_table import SETTINGS
from .wire import Message, as_dict, as_dicts, as_int, as_text

_REQUESTS: Final = {command.key: command.request for command in SETTINGS}
[_RECTANGLES] = _REQUESTS["set_shielded_areas"]
MAX_SHIELDED: Final = int(_RECTANGLES.maximum or 0)
MAX_FIRE: Final = len(FIRE_AREAS)
FIRE_FIELDS: Final[Mapping[str, Field]] = {
    field.name: field for field in FIRE_AREAS[0].fields
}

_SLOT = re.compile(r"area\d+", re.ASCII)
# An area that is no area is not watched (document 51).
_NOWHERE: Final = {"top_left_x": 1, "top_left_y": 1, "bo_right_x": 1, "bo_right_y": 1}
# Of the document, for a camera that does not tell its own.
_SENSITIVITY: Final = 50


def shielded_areas(message: Message, unit: Unit, size: Size | None) -> list[Area]:
    """Return the areas of command 18."""
    return [
        told_area(
            PixelArea(*(as_int(item.get(name), 0) for name in ("x", "y", "w", "h"))),
            unit,
            size,
        )
        for item in as_dicts(message.get("rects"))
    ]


def put_shielded_areas(
    message: Message, areas: Sequence[Area], unit: Unit, size: Size | None
) -> None:
    """Replace the areas in the answer of command 18; one that stays keeps what the camera says of it besides."""
    _check_count(areas, MAX_SHIELDED)
    before = as_dicts(message.get("rects"))
    before += [{} for _ in areas]
    message["rects"] = [
        {**item, "x": pixels.x, "y": pixels.y, "w": pixels.width, "h": pixels.height}
        for item, area in zip(before, areas, strict=False)
        for pixels in [stored_area(area, unit, size)]
    ]


def fire_areas(message: Message, unit: Unit, size: Size | None) -> list[dict[str, Any]]:
    """Return the areas of command 52 that are watched: name, sensitivity in percent, and where."""
    told = []
    for slot in _slots(message):
        item = as_dict(message.get(slot))
        left, top, right, bottom = (as_int(item.get(name), 0) for name in _NOWHERE)
        if right <= left or bottom <= top:
            continue
        area = PixelArea(left, top, right - left + 1, bottom - top + 1)
        told.append(
            {
                "name": as_text(item.get("area_name")),
                "sensitivity": as_int(item.get("sensitivity")),
                **told_area(area, unit, size)._asdict(),
            }
        )
    return told


def put_fire_areas(
    message: Message,
    areas: Sequence[Mapping[str, Any]],
    unit: Unit,
    size: Size | None,
) -> None:
    """Replace the areas in the answer of command 52, as `fire_areas` returns them; name and sensitivity may be missing.

    GuideValidationError for more than the camera has room for, and for one that is no area.
    """
    slots = _slots(message)
    _check_count(areas, len(slots))
    for number, slot in enumerate(slots):
        known = as_dict(message.get(slot))
        if number < len(areas):
            message[slot] = known | _fire_area(slot, areas[number], unit, size)
        else:
            message[slot] = known | _NOWHERE


def _fire_area(
    slot: str, area: Mapping[str, Any], unit: Unit, size: Size | None
) -> Message:
    pixels = stored_area(
        Area(area["x"], area["y"], area["width"], area["height"]), unit, size
    )
    for name, pixel_count in (("width", pixels.width), ("height", pixels.height)):
        if pixel_count < 2:
            raise GuideValidationError(name, area[name], "at least two pixels")
    sensitivity = area.get("sensitivity", _SENSITIVITY)
    FIRE_FIELDS["sensitivity"].check(sensitivity, "sensitivity")
    return {
        "area_name": area.get("name") or slot,
        "sensitivity": sensitivity,
        "top_left_x": pixels.x,
        "top_left_y": pixels.y,
        "bo_right_x": pixels.x + pixels.width - 1,
        "bo_right_y": pixels.y + pixels.height - 1,
    }


def _slots(message: Message) -> list[str]:
    """Return what the places for areas are called: the document says that there are two, and shows four."""
    known = [name for name in message if _SLOT.fullmatch(name)]
    known.sort(key=lambda name: int(name.removeprefix("area")))
    return known or [field.name for field in FIRE_AREAS]


def _check_count(areas: Sequence[object], most: int) -> None:
    if len(areas) > most:
        raise GuideValidationError("areas", len(areas), f"at most {most}")
