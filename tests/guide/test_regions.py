"""Which pixels a region has: against a slow reference that looks at every pixel by itself, in fractions."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.thermogate.guide import GuideValidationError, Rule, Shape
from custom_components.thermogate.guide.region_pixels import pixels_of
from custom_components.thermogate.guide.regions import (
    SUBPIXELS,
    Region,
    Unit,
    corners,
    rule_region,
)

from .strategies import at_ease

type Place = tuple[Fraction, Fraction]
type Size = tuple[int, int]


def drawn(region: Region, size: Size) -> list[str]:
    """Return the picture with # for the pixels of a region."""
    width, height = size
    cells = np.full(width * height, ".")
    cells[pixels_of(region, size)] = "#"
    return ["".join(row) for row in cells.reshape(height, width)]


def pixels(shape: Shape, *points: tuple[float, float]) -> Region:
    """Return a region in pixels."""
    return Region(shape=shape, points=points)


def fractions(shape: Shape, *points: tuple[float, float]) -> Region:
    """Return a region in fractions."""
    return Region(shape=shape, points=points, unit=Unit.FRACTIONS)


# --- the rule, as pictures ---


def test_a_point_is_the_pixel_it_lies_in() -> None:
    """Pixels count from 1, fractions from the edge."""
    assert drawn(pixels(Shape.POINT, (3, 1)), (4, 2)) == ["..#.", "...."]
    assert drawn(fractions(Shape.POINT, (0.49, 0.5)), (4, 2)) == ["....", ".#.."]
    assert drawn(fractions(Shape.POINT, (1, 1)), (4, 2)) == ["....", "...#"]
    assert drawn(fractions(Shape.POINT, (0, 0)), (4, 2)) == ["#...", "...."]


def test_a_line_has_one_pixel_per_column_or_row() -> None:
    """Whichever are more."""
    assert drawn(pixels(Shape.LINE, (1, 1), (6, 3)), (6, 3)) == [
        "##....",
        "..##..",
        "....##",
    ]
    assert drawn(pixels(Shape.LINE, (2, 3), (1, 1)), (2, 3)) == ["#.", ".#", ".#"]
    assert drawn(pixels(Shape.LINE, (2, 1), (2, 1)), (2, 1)) == [".#"]


def test_a_rectangle_includes_the_pixels_of_its_corners() -> None:
    """In whatever order they come, two of them or all four as the camera has them."""
    expected = ["....", ".##.", ".##.", "...."]
    for points in (
        ((2, 2), (3, 3)),
        ((3, 2), (2, 3)),
        ((2, 2), (3, 2), (3, 3), (2, 3)),
    ):
        assert drawn(pixels(Shape.RECTANGLE, *points), (4, 4)) == expected


def test_a_circle_touches_the_sides_of_what_its_points_span() -> None:
    """Two opposite corners, or top, bottom, left and right as the camera has them."""
    expected = ["..#..", ".###.", "#####", ".###.", "..#.."]
    assert drawn(pixels(Shape.CIRCLE, (1, 1), (5, 5)), (5, 5)) == expected
    points = (3, 1), (3, 5), (1, 3), (5, 3)
    assert drawn(pixels(Shape.CIRCLE, *points), (5, 5)) == expected
    assert drawn(fractions(Shape.CIRCLE, (0, 0), (1, 1)), (5, 5)) == [
        ".###.",
        "#####",
        "#####",
        "#####",
        ".###.",
    ]


def test_a_polygon_includes_what_lies_on_its_edge() -> None:
    """A triangle through the middles of pixels."""
    assert drawn(pixels(Shape.POLYGON, (1, 1), (5, 1), (1, 5)), (6, 6)) == [
        "#####.",
        "####..",
        "###...",
        "##....",
        "#.....",
        "......",
    ]


def test_a_polygon_that_crosses_itself_leaves_every_second_area_out() -> None:
    """An hourglass, and a square walked around twice, of which only the edge is left."""
    hourglass = pixels(Shape.POLYGON, (1, 1), (5, 1), (1, 5), (5, 5))
    assert drawn(hourglass, (5, 5)) == ["#####", ".###.", "..#..", ".###.", "#####"]
    square = (1, 1), (4, 1), (4, 4), (1, 4)
    twice = pixels(Shape.POLYGON, *square, *square)
    assert drawn(twice, (4, 4)) == ["####", "#..#", "#..#", "####"]


def test_fractions_cover_the_picture_from_edge_to_edge() -> None:
    """At every resolution the same part."""
    left_half = fractions(Shape.POLYGON, (0, 0), (0.5, 0), (0.5, 1), (0, 1))
    assert drawn(left_half, (4, 2)) == ["##..", "##.."]
    assert drawn(left_half, (8, 1)) == ["####...."]
    everything = fractions(Shape.RECTANGLE, (0, 0), (1, 1))
    assert drawn(everything, (3, 2)) == ["###", "###"]


def test_pixels_come_in_reading_order_and_nobody_can_change_them() -> None:
    """They are computed once for everybody."""
    region = pixels(Shape.LINE, (3, 1), (1, 3))
    assert pixels_of(region, (3, 3)).tolist() == [2, 4, 6]
    assert pixels_of(region, (3, 3)) is pixels_of(
        pixels(Shape.LINE, (3, 1), (1, 3)), (3, 3)
    )
    with pytest.raises(ValueError, match="read-only"):
        pixels_of(region, (3, 3))[0] = 1


# --- the same for every pixel by itself ---

SIZES = st.tuples(st.integers(1, 24), st.integers(1, 20))


@st.composite
def sized_regions(
    draw: st.DrawFn, shape: Shape, least: int, most: int
) -> tuple[Region, Size]:
    """Return a region, mostly of pixels' middles and edges, and a picture it lies in."""
    width, height = draw(SIZES)
    if draw(st.booleans()):
        x = st.integers(1, width) | st.integers(2, 2 * width).map(lambda n: n / 2)
        y = st.integers(1, height) | st.integers(2, 2 * height).map(lambda n: n / 2)
        unit = Unit.PIXELS
    else:
        x = st.integers(0, width).map(lambda n: n / width) | st.floats(0, 1)
        y = st.integers(0, height).map(lambda n: n / height) | st.floats(0, 1)
        unit = Unit.FRACTIONS
    points = draw(st.lists(st.tuples(x, y), min_size=least, max_size=most))
    return Region(shape=shape, points=tuple(points), unit=unit), (width, height)


def reference(
    region: Region, size: Size, belongs: Callable[[list[Place], Place], bool]
) -> list[int]:
    """Return the places of the pixels whose middle belongs, asked one by one."""
    width, height = size
    points = [
        (Fraction(x, SUBPIXELS), Fraction(y, SUBPIXELS))
        for x, y in corners(region, size)
    ]
    half = Fraction(1, 2)
    return [
        row * width + column
        for row in range(height)
        for column in range(width)
        if belongs(points, (column + half, row + half))
    ]


def found(region: Region, size: Size) -> list[int]:
    """Return the places of a region's pixels, none when it is too small to have any."""
    try:
        return list(pixels_of(region, size).tolist())
    except GuideValidationError as error:
        if error.field != "points":
            raise
        return []


def in_rectangle(points: list[Place], middle: Place) -> bool:
    """Whether a place is between the least and the greatest coordinates."""
    return all(
        min(point[axis] for point in points)
        <= middle[axis]
        <= max(point[axis] for point in points)
        for axis in (0, 1)
    )


def in_circle(points: list[Place], middle: Place) -> bool:
    """Whether a place is in the rectangle and in the ellipse that touches its sides."""
    if not in_rectangle(points, middle):
        return False
    total = Fraction(0)
    for axis in (0, 1):
        values = [point[axis] for point in points]
        radius = (max(values) - min(values)) / 2
        if radius:
            total += ((middle[axis] - (max(values) + min(values)) / 2) / radius) ** 2
    return total <= 1


def on_segment(start: Place, end: Place, middle: Place) -> bool:
    """Whether a place is on the way from one point to the other."""
    (x1, y1), (x2, y2), (x, y) = start, end, middle
    return (x2 - x1) * (y - y1) == (y2 - y1) * (x - x1) and in_rectangle(
        [start, end], middle
    )


def in_polygon(points: list[Place], middle: Place) -> bool:
    """Whether a place is on an edge, or a ray to the right meets an odd number of edges."""
    x, y = middle
    odd = False
    for start, end in pairwise([*points, points[0]]):
        if on_segment(start, end, middle):
            return True
        (x1, y1), (x2, y2) = start, end
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            odd = not odd
    return odd


@at_ease
@given(sized=sized_regions(Shape.POLYGON, 3, 9))
def test_polygons_have_the_pixels_of_the_reference(sized: tuple[Region, Size]) -> None:
    """Convex or not, crossing themselves or flat."""
    assert found(*sized) == reference(*sized, in_polygon)


@at_ease
@given(sized=sized_regions(Shape.RECTANGLE, 2, 4))
def test_rectangles_have_the_pixels_of_the_reference(
    sized: tuple[Region, Size],
) -> None:
    """Flat ones too."""
    assert found(*sized) == reference(*sized, in_rectangle)


@at_ease
@given(sized=sized_regions(Shape.CIRCLE, 2, 4))
def test_circles_have_the_pixels_of_the_reference(sized: tuple[Region, Size]) -> None:
    """As wide as high or not, and flat ones are lines."""
    assert found(*sized) == reference(*sized, in_circle)


def test_the_largest_circle_is_exact() -> None:
    """Its squares are the largest numbers of all."""
    everything = fractions(Shape.CIRCLE, (0, 0), (1, 1))
    mask = np.zeros(1280 * 1280, np.bool_)
    mask[pixels_of(everything, (1280, 1280))] = True
    rows = mask.reshape(1280, 1280)
    assert (rows == rows[::-1]).all()
    assert (rows == rows.T).all()
    for row in (0, 1, 200, 639):
        # (column - 639.5)² + (row - 639.5)² <= 640², four times that.
        inside = [
            (2 * column - 1279) ** 2 + (2 * row - 1279) ** 2 <= 1280**2
            for column in range(1280)
        ]
        assert rows[row].tolist() == inside


@at_ease
@given(sized=sized_regions(Shape.LINE, 2, 2))
def test_lines_have_the_nearest_pixels(sized: tuple[Region, Size]) -> None:
    """Never more than half a pixel off, from end to end, the same in both directions."""
    region, size = sized
    start, end = (
        pixels_of(Region(shape=Shape.POINT, points=(point,), unit=region.unit), size)[0]
        for point in region.points
    )
    (y1, x1), (y2, x2) = (divmod(int(place), size[0]) for place in (start, end))
    steps = max(abs(x2 - x1), abs(y2 - y1))
    places = found(region, size)
    assert len(places) == steps + 1
    for place in places:
        y, x = divmod(place, size[0])
        flat = abs(x2 - x1) >= abs(y2 - y1)
        step = Fraction((x - x1) * (1 if x2 >= x1 else -1)) if flat else Fraction((y - y1) * (1 if y2 >= y1 else -1))  # fmt: skip
        part = step / steps if steps else Fraction(0)
        off = (y1 + part * (y2 - y1) - y) if flat else (x1 + part * (x2 - x1) - x)
        assert 0 <= part <= 1
        assert -Fraction(1, 2) <= off < Fraction(1, 2)
    backwards = Region(shape=Shape.LINE, points=region.points[::-1], unit=region.unit)
    assert found(backwards, size) == places


# --- what is refused ---


@pytest.mark.parametrize(
    ("region", "field", "value", "allowed"),
    [
        (pixels(Shape.POINT, (0, 1)), "points[0].x", 0, "1 to 512 px"),
        (pixels(Shape.POINT, (513, 1)), "points[0].x", 513, "1 to 512 px"),
        (pixels(Shape.LINE, (1, 1), (1, 384.5)), "points[1].y", 384.5, "1 to 384 px"),
        (fractions(Shape.POINT, (0.5, -0.1)), "points[0].y", -0.1, "0 to 1"),
        (fractions(Shape.POINT, (1.01, 0)), "points[0].x", 1.01, "0 to 1"),
        (pixels(Shape.POINT), "points", 0, "1 to 1"),
        (pixels(Shape.POINT, (1, 1), (2, 2)), "points", 2, "1 to 1"),
        (pixels(Shape.LINE, (1, 1)), "points", 1, "2 to 2"),
        (pixels(Shape.RECTANGLE, (1, 1)), "points", 1, "2 to 4"),
        (pixels(Shape.CIRCLE, *[(1, 1)] * 5), "points", 5, "2 to 4"),
        (pixels(Shape.POLYGON, (1, 1), (2, 2)), "points", 2, "3 to 256"),
        (pixels(Shape.POLYGON, *[(1, 1)] * 257), "points", 257, "3 to 256"),
    ],
)
def test_what_is_beyond_the_picture_is_refused(
    region: Region, field: str, value: float, allowed: str
) -> None:
    """With field, value and range."""
    with pytest.raises(GuideValidationError) as caught:
        pixels_of(region, (512, 384))
    assert (caught.value.field, caught.value.value, caught.value.allowed) == (
        field,
        value,
        allowed,
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "7", None])
def test_what_is_no_number_is_refused(value: float) -> None:
    """Before anything is computed."""
    with pytest.raises(GuideValidationError) as caught:
        pixels_of(pixels(Shape.POINT, (1, value)), (4, 4))
    assert caught.value.field == "points[0].y"


def test_corners_of_the_picture_are_within_it() -> None:
    """The limits themselves."""
    size = (512, 384)
    assert pixels_of(pixels(Shape.POINT, (512, 384)), size).tolist() == [512 * 384 - 1]
    assert pixels_of(pixels(Shape.POINT, (1, 1)), size).tolist() == [0]
    assert len(pixels_of(pixels(Shape.POLYGON, *[(1, 1)] * 256), size)) == 1


def test_a_region_without_a_pixel_is_refused() -> None:
    """Its statistics would be of nothing."""
    sliver = fractions(Shape.RECTANGLE, (0.3, 0.3), (0.4, 0.4))
    with pytest.raises(GuideValidationError, match="at least one pixel"):
        pixels_of(sliver, (2, 2))
    assert len(pixels_of(sliver, (200, 200))) == 400


# --- rules of the camera ---


def rule(shape: Shape | None, *points: tuple[int, int]) -> Rule:
    """Return a rule."""
    return Rule(key="1", shape=shape, points=points)


@pytest.mark.parametrize(
    ("shape", "points"),
    [
        (Shape.POINT, ((512, 384),)),
        (Shape.LINE, ((1, 1), (512, 384))),
        (Shape.RECTANGLE, ((5, 5), (9, 5), (9, 8), (5, 8))),
        (Shape.POLYGON, ((1, 1), (500, 7), (300, 384), (20, 200))),
        (Shape.CIRCLE, ((30, 10), (30, 50), (10, 30), (50, 30))),
    ],
)
def test_a_rule_has_its_own_pixels_at_output_size(
    shape: Shape, points: tuple[tuple[int, int], ...]
) -> None:
    """Nothing is lost on the way through fractions."""
    size = (512, 384)
    region = rule_region(rule(shape, *points), size)
    assert region is not None
    assert (
        pixels_of(region, size).tolist()
        == pixels_of(pixels(shape, *points), size).tolist()
    )


def test_a_rule_has_the_same_place_at_module_size() -> None:
    """Half the pixels in each direction."""
    region = rule_region(rule(Shape.RECTANGLE, (1, 1), (4, 4)), (8, 8))
    assert region is not None
    assert drawn(region, (4, 4)) == ["##..", "##..", "....", "...."]


@pytest.mark.parametrize(
    "damaged",
    [
        rule(None, (1, 1)),
        rule(Shape.POINT),
        rule(Shape.LINE, (1, 1)),
        rule(Shape.POLYGON, (1, 1), (2, 2)),
    ],
)
def test_a_damaged_rule_is_nowhere(damaged: Rule) -> None:
    """A shape without a name or too few points."""
    assert rule_region(damaged, (512, 384)) is None


def test_a_rule_with_too_many_points_or_beyond_the_picture_is_cut() -> None:
    """A camera may say more than its document allows."""
    region = rule_region(rule(Shape.LINE, (0, 1), (9000, 2), (7, 7)), (4, 4))
    assert region is not None
    assert drawn(region, (4, 4)) == ["##..", "..##", "....", "...."]
