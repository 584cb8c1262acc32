"""What regions measure: against a slow reference that walks over every pixel."""

from fractions import Fraction
import math

from hypothesis import given, strategies as st
import numpy as np
import pytest

from custom_components.thermogate.guide import GuideValidationError, Shape
from custom_components.thermogate.guide.matrix import TemperatureMatrix
from custom_components.thermogate.guide.matrix_statistics import Statistics, statistics
from custom_components.thermogate.guide.region_pixels import pixels_of
from custom_components.thermogate.guide.regions import Region, Unit

from .matrices import matrix
from .strategies import at_ease

ROWS = [[2000, 2100, 2200], [1900, 3000, -500]]


def test_the_whole_picture() -> None:
    """Without a region; places count from 1, x before y."""
    assert statistics(matrix(ROWS)) == Statistics(
        maximum=30.0,
        minimum=-5.0,
        average=pytest.approx(17.833333333),
        deviation=pytest.approx(10.823072063),
        maximum_at=(2, 2),
        minimum_at=(3, 2),
        pixels=6,
        garbage=0,
    )


def test_a_region_measures_its_own_pixels() -> None:
    """And names places in the whole picture."""
    region = Region(shape=Shape.RECTANGLE, points=((2, 1), (3, 1)))
    assert statistics(matrix(ROWS), region) == Statistics(
        maximum=22.0,
        minimum=21.0,
        average=21.5,
        deviation=0.5,
        maximum_at=(3, 1),
        minimum_at=(2, 1),
        pixels=2,
        garbage=0,
    )


def test_garbage_is_left_out_and_counted() -> None:
    """In the whole picture and in a region."""
    damaged = matrix([[2000, 32_767, -32_768], [-4001, 2400, 2200]], limits=(-40, 150))
    whole = statistics(damaged)
    assert whole is not None
    assert (whole.maximum, whole.maximum_at) == (24.0, (2, 2))
    assert (whole.minimum, whole.minimum_at) == (20.0, (1, 1))
    assert (whole.average, whole.pixels, whole.garbage) == (22.0, 3, 3)
    lower = Region(shape=Shape.RECTANGLE, points=((1, 2), (3, 2)))
    part = statistics(damaged, lower)
    assert part is not None
    assert (part.minimum, part.minimum_at, part.maximum_at) == (22.0, (3, 2), (2, 2))
    assert (part.average, part.pixels, part.garbage) == (23.0, 2, 1)


def test_nothing_but_garbage_measures_nothing() -> None:
    """Rather than something that looks like a temperature."""
    damaged = matrix([[-32_768, 2000]])
    point = Region(shape=Shape.POINT, points=((1, 1),))
    assert statistics(damaged, point) is None
    assert statistics(matrix([[-32_768, -32_767]])) is None


def test_of_equally_hot_pixels_the_first_is_named() -> None:
    """In reading order."""
    found = statistics(matrix([[1, 5, 1], [5, 1, 5]]))
    assert found is not None
    assert (found.maximum_at, found.minimum_at) == ((2, 1), (1, 1))


def test_sums_of_the_hottest_picture_are_exact() -> None:
    """2000 °C in every pixel but one, as many as a camera may have."""
    rows = np.full((1024, 1280), 200_000)
    rows[7, 9] = 199_999
    found = statistics(matrix(rows, wide=True))
    assert found is not None
    count = rows.size
    assert found.average == 2000 - 0.01 / count
    assert found.deviation == pytest.approx(
        0.01 * math.sqrt(count - 1) / count, rel=1e-12
    )


def test_a_region_beyond_the_picture_is_refused() -> None:
    """The size is that of this matrix."""
    region = Region(shape=Shape.POINT, points=((4, 1),))
    with pytest.raises(GuideValidationError) as caught:
        statistics(matrix(ROWS), region)
    assert (caught.value.field, caught.value.allowed) == ("points[0].x", "1 to 3 px")


def walked(
    picture: TemperatureMatrix, places: list[int]
) -> tuple[float, float, Fraction, Fraction, int] | None:
    """Return maximum, minimum, average, variance and count in hundredths, pixel by pixel."""
    width, _ = picture.size
    values = [int(picture.hundredths[divmod(place, width)]) for place in places]
    values = [value for value in values if -4000 <= value <= 200_000]
    if not values:
        return None
    average = Fraction(sum(values), len(values))
    variance = sum((value - average) ** 2 for value in values) / len(values)
    return max(values), min(values), average, variance, len(values)


@at_ease
@given(data=st.data(), wide=st.booleans())
def test_statistics_are_those_of_the_reference(data: st.DataObject, wide: bool) -> None:
    """With garbage or without, two bytes or four."""
    width, height = data.draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    value = st.integers(-4000, 32_767) | st.sampled_from([-4001, -32_768, 0])
    if wide:
        value |= st.sampled_from([200_000, 200_001, 2**31 - 1, -(2**31)])
    row = st.lists(value, min_size=width, max_size=width)
    picture = matrix(
        data.draw(st.lists(row, min_size=height, max_size=height)), wide=wide
    )
    part = st.floats(0, 1)
    region = Region(
        shape=Shape.POLYGON,
        points=tuple(
            data.draw(st.lists(st.tuples(part, part), min_size=3, max_size=7))
        ),
        unit=Unit.FRACTIONS,
    )
    try:
        places = pixels_of(region, picture.size).tolist()
    except GuideValidationError:
        return
    found, expected = statistics(picture, region), walked(picture, places)
    if found is None or expected is None:
        assert found is expected
        return
    maximum, minimum, average, variance, count = expected
    assert (found.maximum, found.minimum) == (maximum / 100, minimum / 100)
    assert found.average == float(average / 100)
    assert found.deviation == pytest.approx(math.sqrt(variance) / 100, rel=1e-9)
    assert (found.pixels, found.garbage) == (count, len(places) - count)
    for (x, y), extreme in (
        (found.maximum_at, maximum),
        (found.minimum_at, minimum),
    ):
        assert picture.hundredths[y - 1, x - 1] == extreme
        place = (y - 1) * width + x - 1
        assert place == next(
            place
            for place in places
            if picture.hundredths[divmod(place, width)] == extreme
        )
