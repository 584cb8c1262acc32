"""Places in the thermal picture: as people say them, in fractions or pixels, and as cameras keep them, in pixels from 1."""

from typing import NamedTuple

from .errors import GuideValidationError
from .fields import integer, number
from .models import Point, Size
from .regions import Unit

# A fraction with so many places finds its pixel again in every picture there is.
_PLACES = 4


class Area(NamedTuple):
    """An upright rectangle by its upper left corner."""

    x: float
    y: float
    width: float
    height: float


class PixelArea(NamedTuple):
    """An upright rectangle in pixels; `x` and `y` are those of its first pixel, counted from 1."""

    x: int
    y: int
    width: int
    height: int


def stored_point(x: float, y: float, unit: Unit, size: Size | None) -> Point:
    """Return the pixel of a point. GuideValidationError for one beyond the picture, of which `size` is that of command 500."""
    if unit is Unit.PIXELS:
        width, height = size or (None, None)
        return _pixel("x", x, width), _pixel("y", y, height)
    width, height = _known(size)
    return (
        min(int(_fraction("x", x) * width) + 1, width),
        min(int(_fraction("y", y) * height) + 1, height),
    )


def told_point(point: Point, unit: Unit, size: Size | None) -> tuple[float, float]:
    """Return the middle of a pixel, as `stored_point` finds it again."""
    if unit is Unit.PIXELS:
        return point
    width, height = _known(size)
    return (
        round((point[0] - 0.5) / width, _PLACES),
        round((point[1] - 0.5) / height, _PLACES),
    )


def stored_area(area: Area, unit: Unit, size: Size | None) -> PixelArea:
    """Return the pixels of an area, at least one, cut at the border as the document says (17).

    GuideValidationError for one that begins beyond the picture.
    """
    if unit is Unit.PIXELS:
        across, down = size or (None, None)
        x, y = _pixel("x", area.x, across), _pixel("y", area.y, down)
        width, height = _pixel("width", area.width), _pixel("height", area.height)
    else:
        across, down = _known(size)
        x = min(round(_fraction("x", area.x) * across) + 1, across)
        y = min(round(_fraction("y", area.y) * down) + 1, down)
        width = max(1, round(_fraction("width", area.width) * across))
        height = max(1, round(_fraction("height", area.height) * down))
    return PixelArea(
        x,
        y,
        width if across is None else min(width, across - x + 1),
        height if down is None else min(height, down - y + 1),
    )


def told_area(area: PixelArea, unit: Unit, size: Size | None) -> Area:
    """Return an area by its edges, as `stored_area` finds it again. A camera's 0 means 1 (document 17)."""
    x, y = max(area.x, 1), max(area.y, 1)
    if unit is Unit.PIXELS:
        return Area(x, y, area.width, area.height)
    width, height = _known(size)
    return Area(
        round((x - 1) / width, _PLACES),
        round((y - 1) / height, _PLACES),
        round(area.width / width, _PLACES),
        round(area.height / height, _PLACES),
    )


def _fraction(name: str, value: float) -> float:
    number(name, 0, 1).check(value, name)
    return value


def _pixel(name: str, value: float, most: int | None = None) -> int:
    # Forms and templates give 12.0 for 12.
    whole = int(value) if isinstance(value, float) and value.is_integer() else value
    integer(name, 1, most).check(whole, name)
    return int(whole)


def _known(size: Size | None) -> Size:
    if size is None:
        raise GuideValidationError(
            "unit",
            Unit.FRACTIONS.value,
            f"{Unit.PIXELS.value}, because the camera does not tell how large its picture is",
        )
    return size
