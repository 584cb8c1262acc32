"""Places in the picture are the same whether they are told in fractions or in pixels."""

import pytest

from custom_components.thermogate.guide import Area, GuideValidationError, Size, Unit
from custom_components.thermogate.guide.picture_places import (
    PixelArea,
    stored_area,
    stored_point,
    told_area,
    told_point,
)

SIZES = [(160, 120), (512, 384), (640, 512), (1280, 1024)]


@pytest.mark.parametrize("size", SIZES)
def test_every_pixel_is_found_again(size: Size) -> None:
    """As a point, and as an edge of an area."""
    width, height = size
    for x in range(1, width + 1):
        point = (x, min(x, height))
        assert stored_point(*told_point(point, Unit.FRACTIONS, size), Unit.FRACTIONS, size) == point  # fmt: skip
        area = PixelArea(x, 1, width - x + 1, height)
        assert stored_area(told_area(area, Unit.FRACTIONS, size), Unit.FRACTIONS, size) == area  # fmt: skip


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        (Area(0, 0, 1, 1), PixelArea(1, 1, 512, 384)),
        (Area(0.5, 0.5, 1, 1), PixelArea(257, 193, 256, 192)),
        (Area(1, 1, 1, 1), PixelArea(512, 384, 1, 1)),
        (Area(0, 0, 0, 0), PixelArea(1, 1, 1, 1)),
    ],
)
def test_an_area_ends_with_the_picture(area: Area, expected: PixelArea) -> None:
    """And has a pixel at least."""
    assert stored_area(area, Unit.FRACTIONS, (512, 384)) == expected


def test_an_area_in_pixels() -> None:
    """It is cut too; where the size of the picture is not known, the camera cuts it."""
    area = Area(500, 300, 100, 100)
    assert stored_area(area, Unit.PIXELS, (512, 384)) == (500, 300, 13, 85)
    assert stored_area(area, Unit.PIXELS, None) == (500, 300, 100, 100)
    assert told_area(PixelArea(0, 0, 5, 6), Unit.PIXELS, None) == (1, 1, 5, 6)


@pytest.mark.parametrize(
    ("area", "unit", "field"),
    [
        (Area(-0.1, 0, 1, 1), Unit.FRACTIONS, "x"),
        (Area(0, 1.1, 1, 1), Unit.FRACTIONS, "y"),
        (Area(0, 0, 1.1, 1), Unit.FRACTIONS, "width"),
        (Area(0, 0, 1, -0.1), Unit.FRACTIONS, "height"),
        (Area(0, 1, 5, 5), Unit.PIXELS, "x"),
        (Area(513, 1, 5, 5), Unit.PIXELS, "x"),
        (Area(1, 385, 5, 5), Unit.PIXELS, "y"),
        (Area(1, 1, 0, 5), Unit.PIXELS, "width"),
        (Area(1, 1, 5, 0.5), Unit.PIXELS, "height"),
    ],
)
def test_what_is_no_area_of_the_picture(area: Area, unit: Unit, field: str) -> None:
    """The error names what is wrong with it."""
    with pytest.raises(GuideValidationError) as raised:
        stored_area(area, unit, (512, 384))
    assert raised.value.field == field


def test_fractions_of_an_unknown_size() -> None:
    """Nobody can say where they are."""
    for ask in (
        lambda: stored_point(0, 0, Unit.FRACTIONS, None),
        lambda: told_point((1, 1), Unit.FRACTIONS, None),
        lambda: stored_area(Area(0, 0, 1, 1), Unit.FRACTIONS, None),
        lambda: told_area(PixelArea(1, 1, 1, 1), Unit.FRACTIONS, None),
    ):
        with pytest.raises(GuideValidationError, match="pixels"):
            ask()
