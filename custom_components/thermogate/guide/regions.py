"""Parts of a thermal picture: points, lines, rectangles, circles and polygons, in pixels or fractions of it."""

from dataclasses import dataclass
from enum import StrEnum

from .fields import Field, FieldType, check_message, listing
from .models import Rule, Shape, Size

SUBPIXELS = 16
"""Corners are kept in sixteenths of a pixel, so that everything about them is whole numbers."""

# How many points a shape takes. A camera gives four for rectangles and circles (vendor document 3.1).
_POINTS = {
    Shape.POINT: (1, 1),
    Shape.LINE: (2, 2),
    Shape.RECTANGLE: (2, 4),
    Shape.POLYGON: (3, 256),
    Shape.CIRCLE: (2, 4),
}

type Corner = tuple[int, int]
"""Sixteenths of a pixel, right of and below the upper left corner of the picture."""


class Unit(StrEnum):
    """What the points of a region are counted in."""

    PIXELS = "pixels"
    """From 1, as on the camera: 1 is the middle of the first pixel."""
    FRACTIONS = "fractions"
    """From 0 to 1: 0 is the left or upper edge of the picture, 1 the right or lower one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A part of a picture, x before y; nothing is checked before it is used with a size.

    A rectangle is what its points span, upright; a circle (or ellipse) is what touches the sides of that rectangle.
    A polygon closes itself; where it crosses itself, every second area is outside.
    """

    shape: Shape
    points: tuple[tuple[float, float], ...]
    unit: Unit = Unit.PIXELS


def corners(region: Region, size: Size) -> tuple[Corner, ...]:
    """Return the points of a region within a picture of a size; raises GuideValidationError for one beyond it."""
    width, height = size
    if region.unit is Unit.PIXELS:
        axes = (_axis("x", 1, width, "px"), _axis("y", 1, height, "px"))
    else:
        axes = (_axis("x", 0, 1), _axis("y", 0, 1))
    least, most = _POINTS[region.shape]
    check_message(
        (listing("points", *axes, minimum=least, maximum=most),),
        {"points": [{"x": x, "y": y} for x, y in region.points]},
    )
    if region.unit is Unit.PIXELS:
        return tuple((_middle(x), _middle(y)) for x, y in region.points)
    return tuple(
        (round(x * width * SUBPIXELS), round(y * height * SUBPIXELS))
        for x, y in region.points
    )


def rule_region(rule: Rule, output_size: Size) -> Region | None:
    """Return where a rule of the camera measures, whatever resolution the matrix has; None when it does not say.

    `output_size` is that of command 500, in which rules are counted.
    """
    if rule.shape is None:
        return None
    least, most = _POINTS[rule.shape]
    if len(rule.points) < least:
        return None
    width, height = output_size
    return Region(
        shape=rule.shape,
        points=tuple(
            (_fraction(x, width), _fraction(y, height)) for x, y in rule.points[:most]
        ),
        unit=Unit.FRACTIONS,
    )


def _axis(name: str, low: float, high: float, unit: str | None = None) -> Field:
    return Field(
        name=name,
        type=FieldType.NUMBER,
        minimum=low,
        maximum=high,
        unit=unit,
        required=True,
    )


def _middle(pixel: float) -> int:
    return round(pixel * SUBPIXELS) - SUBPIXELS // 2


def _fraction(pixel: int, pixels: int) -> float:
    # A rule may reach over the border: the camera's own limits are not always those of its picture.
    return (min(max(pixel, 1), pixels) - 0.5) / pixels
