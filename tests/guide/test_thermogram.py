"""The matrix as a picture: what every pixel, number and mark of it says."""

from dataclasses import replace
from io import BytesIO

from hypothesis import given, settings, strategies as st
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops
import pytest

from custom_components.thermogate.guide import GuideValidationError, Picture, Shape
from custom_components.thermogate.guide.matrix import KNOWN_SIZES, TemperatureMatrix
from custom_components.thermogate.guide.matrix_statistics import statistics
from custom_components.thermogate.guide.palettes import Palette, lookup
from custom_components.thermogate.guide.regions import Region, Unit
from custom_components.thermogate.guide.thermogram import (
    FileType,
    Look,
    span_of,
    thermogram,
)
from custom_components.thermogate.guide.thermogram_drawing import (
    Scale,
    letters,
    printable,
    ticks,
)

from .matrices import matrix
from .strategies import at_ease

# As wide as a picture that is not enlarged, so that one pixel stays one pixel.
WIDTH, HEIGHT = 640, 240
BARE = Look(scale_bar=False, hot_spot=False, file_type=FileType.PNG)
ANYWHERE = Region(
    shape=Shape.RECTANGLE, points=((0.2, 0.3), (0.6, 0.9)), unit=Unit.FRACTIONS
)


def opened(picture: Picture) -> Image.Image:
    """Return the decoded picture."""
    image = Image.open(BytesIO(picture.data))
    assert image.get_format_mimetype() == picture.content_type
    return image.convert("RGB")


def plain(temperature: int = 2000) -> NDArray[np.int64]:
    """Return rows of one temperature, in hundredths."""
    return np.full((HEIGHT, WIDTH), temperature)


def shade(palette: Palette, index: int) -> tuple[int, ...]:
    """Return a colour of a palette."""
    return tuple(lookup(palette)[3 * index : 3 * index + 3])


def changed(one: Image.Image, other: Image.Image) -> tuple[int, int, int, int]:
    """Return left, upper, right and lower bounds of what differs."""
    bounds = ImageChops.difference(one, other).getbbox()
    assert bounds is not None
    return bounds


# --- colours ---


@pytest.mark.parametrize("palette", Palette)
def test_a_palette_goes_from_cold_to_hot_in_256_colours(palette: Palette) -> None:
    """Each different from the others, and never the same colour twice in a row for long."""
    colours = lookup(palette)
    assert len(colours) == 256 * 3
    assert len({lookup(other) for other in Palette}) == len(Palette)
    assert len({colours[index : index + 3] for index in range(0, 768, 3)}) > 200


def test_white_hot_is_white_where_it_is_hot() -> None:
    """And black hot the other way round."""
    assert lookup(Palette.WHITE_HOT) == bytes(
        shade for shade in range(256) for _ in "rgb"
    )
    assert shade(Palette.BLACK_HOT, 0) == (255, 255, 255)
    assert shade(Palette.BLACK_HOT, 255) == (0, 0, 0)


@pytest.mark.parametrize("palette", Palette)
def test_colours_stand_for_temperatures(palette: Palette) -> None:
    """From the coldest colour of the span to its hottest; beyond it nothing changes any more."""
    rows = plain()
    for index, temperature in enumerate((-3999, 1000, 2000, 2999, 3000, 9000)):
        rows[:, index * 100 : index * 100 + 100] = temperature
    look = Look(
        palette=palette,
        span=(10, 30),
        scale_bar=False,
        hot_spot=False,
        file_type=FileType.PNG,
    )
    image = opened(thermogram(matrix(rows), look))
    assert [image.getpixel((x, 100)) for x in range(50, 600, 100)] == [
        shade(palette, index) for index in (0, 0, 128, 255, 255, 255)
    ]


def test_the_automatic_span_is_that_of_the_picture() -> None:
    """Its coldest and hottest pixel, without garbage."""
    found = statistics(matrix([[-1250, 8000, -32_768]]))
    assert span_of(Look(), found) == (-12.5, 80.0)


@pytest.mark.parametrize(
    ("rows", "span"),
    [([[2200, 2200]], (21, 23)), ([[2100, 2200]], (20.5, 22.5)), ([[0, 200]], (0, 2))],
)
def test_noise_is_not_stretched_over_all_colours(
    rows: list[list[int]], span: tuple[float, float]
) -> None:
    """A picture of one temperature is of one colour."""
    assert span_of(Look(), statistics(matrix(rows))) == span


def test_a_picture_of_nothing_but_garbage_is_grey() -> None:
    """And has no hot spot."""
    look = Look(scale_bar=False, file_type=FileType.PNG)
    image = opened(thermogram(matrix(plain(-32_768)), look))
    assert image.getcolors() == [(WIDTH * HEIGHT, (128, 128, 128))]


def test_garbage_is_grey_at_its_place() -> None:
    """Also in a picture that is enlarged."""
    rows = np.full((120, 160), 2000)
    rows[10:20, 30:50] = -32_768
    image = opened(thermogram(matrix(rows), BARE))
    assert image.size == (640, 480)
    grey = np.asarray(image) == 128
    ys, xs = np.nonzero(grey.all(axis=2))
    assert (xs.min(), ys.min(), xs.max(), ys.max()) == (120, 40, 199, 79)
    assert len(xs) == 80 * 40


@pytest.mark.parametrize(
    "span", [(-100, 0), (1500, 2000), (20, 20.5), (-100, 2000), (36.5, 37)]
)
def test_spans_within_the_limits_are_taken(span: tuple[float, float]) -> None:
    """The limits themselves included."""
    assert span_of(Look(span=span), None) == span


@pytest.mark.parametrize(
    "span",
    [
        (-100.1, 0),
        (1500, 2000.1),
        (20, 20.4),
        (30, 20),
        (float("nan"), 30),
        (20, float("nan")),
        (20, float("inf")),
    ],
)
def test_a_span_that_makes_no_sense_is_refused(span: tuple[float, float]) -> None:
    """With field, value and range."""
    with pytest.raises(GuideValidationError) as caught:
        thermogram(matrix([[2000]]), Look(span=span))
    assert caught.value.field == "span"
    assert caught.value.value is span
    assert "-100 to 2000 °C" in caught.value.allowed


# --- size and file ---


@pytest.mark.parametrize("file_type", FileType)
@pytest.mark.parametrize("size", KNOWN_SIZES)
def test_pictures_are_large_enough_to_look_at(
    size: tuple[int, int], file_type: FileType
) -> None:
    """Small ones are enlarged by a whole number."""
    width, height = size
    rows = 2000 + np.arange(width * height).reshape(height, width) % 1000
    look = Look(scale_bar=False, file_type=file_type)
    picture = thermogram(matrix(rows), look)
    assert picture.content_type == f"image/{file_type}"
    image = opened(picture)
    assert image.width in (512, 640, 768)
    assert image.width % width == 0
    assert image.width * height == image.height * width


@settings(at_ease, max_examples=30)
@given(
    width=st.integers(1, 40) | st.just(1280),
    height=st.integers(1, 40),
    look=st.builds(
        Look, palette=st.sampled_from(Palette), cold_spot=st.booleans(), scale=st.sampled_from(Scale)
    ),
)  # fmt: skip
def test_every_matrix_can_be_drawn(width: int, height: int, look: Look) -> None:
    """Though no camera is one pixel wide."""
    rows = np.arange(width * height).reshape(height, width) % 9000
    image = opened(thermogram(matrix(rows), look, {"Everything": Region(
        shape=Shape.RECTANGLE, points=((0, 0), (1, 1)), unit=Unit.FRACTIONS
    )}))  # fmt: skip
    assert image.width > image.height * width / height


# --- marks ---


def hot_picture(x: int, y: int) -> TemperatureMatrix:
    """Return a picture with one hot pixel and one cold one, counted from 1."""
    rows = plain()
    rows[y - 1, x - 1] = 9876
    rows[HEIGHT - y, WIDTH - x] = -1234
    return matrix(rows)


@pytest.mark.parametrize(
    ("look", "x", "y"),
    [
        (Look(scale_bar=False, file_type=FileType.PNG), 200, 60),
        (
            Look(
                scale_bar=False, hot_spot=False, cold_spot=True, file_type=FileType.PNG
            ),
            WIDTH + 1 - 200,
            HEIGHT + 1 - 60,
        ),
    ],
)
def test_hot_and_cold_spots_are_ringed(look: Look, x: int, y: int) -> None:
    """Around the pixel, which stays what it is; with the temperature to the right of it."""
    picture = hot_picture(200, 60)
    bare, marked = opened(thermogram(picture, BARE)), opened(thermogram(picture, look))
    left, top, right, bottom = changed(bare, marked)
    size = letters(bare.size)
    assert marked.getpixel((x - 1, y - 1)) == bare.getpixel((x - 1, y - 1))
    assert left < x - 1 - size / 2 < x - 1 + 3 * size < right < x + 6 * size
    assert top + bottom == pytest.approx(2 * (y - 1), abs=4)
    assert bottom - top < 3 * size


@pytest.mark.parametrize(("x", "y"), [(1, 1), (WIDTH, 1), (WIDTH, HEIGHT), (1, HEIGHT)])
def test_the_temperature_of_a_spot_at_the_border_is_whole(x: int, y: int) -> None:
    """It moves to where there is room."""
    picture = hot_picture(x, y)
    look = Look(scale_bar=False, file_type=FileType.PNG)
    marked = opened(thermogram(picture, look))
    bare = opened(thermogram(picture, BARE))
    in_the_middle = changed(
        opened(thermogram(hot_picture(200, 60), BARE)),
        opened(thermogram(hot_picture(200, 60), look)),
    )
    left, top, right, bottom = changed(bare, marked)
    # Half of the ring is cut off, the text is not.
    size = letters(bare.size)
    assert right - left >= (in_the_middle[2] - in_the_middle[0]) - 1.5 * size
    assert bottom - top >= size * 0.8


def test_a_region_is_outlined_where_it_is() -> None:
    """A light line with a dark one on either side; what it measures stays visible."""
    picture = matrix(plain())
    bare = opened(thermogram(picture, BARE))
    outlined = opened(thermogram(picture, BARE, {"": ANYWHERE}))
    assert changed(bare, outlined) == (
        0.2 * WIDTH - 1,
        0.3 * HEIGHT - 1,
        0.6 * WIDTH + 2,
        0.9 * HEIGHT + 2,
    )
    column = [outlined.getpixel((300, int(0.3 * HEIGHT) + down)) for down in range(-2, 3)]  # fmt: skip
    ground = bare.getpixel((0, 0))
    assert column == [ground, (0, 0, 0), (255, 255, 255), (0, 0, 0), ground]


@pytest.mark.parametrize(
    ("shape", "points"),
    [
        (Shape.POINT, ((300, 100),)),
        (Shape.LINE, ((200, 100), (400, 100))),
        (Shape.RECTANGLE, ((200, 80), (400, 120))),
        (Shape.POLYGON, ((200, 100), (400, 80), (400, 120))),
        (Shape.CIRCLE, ((200, 80), (400, 120))),
    ],
)
def test_every_shape_has_an_outline_and_a_name(
    shape: Shape, points: tuple[tuple[float, float], ...]
) -> None:
    """The name above the outline."""
    picture, region = matrix(plain()), Region(shape=shape, points=points)
    bare = opened(thermogram(picture, BARE))
    nameless = opened(thermogram(picture, BARE, {"": region}))
    named = opened(thermogram(picture, BARE, {"Busbar": region}))
    outline, name = changed(bare, nameless), changed(nameless, named)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    reach = 8 if shape is Shape.POINT else 3
    assert outline[0] == pytest.approx(min(xs) - 1, abs=reach)
    assert outline[1] == pytest.approx(min(ys) - 1, abs=reach)
    assert outline[2] == pytest.approx(max(xs), abs=reach)
    assert outline[3] == pytest.approx(max(ys), abs=reach)
    assert name[3] <= min(ys)


def test_the_name_of_a_region_at_the_top_stands_inside() -> None:
    """Where it is whole."""
    picture = matrix(plain())
    region = Region(shape=Shape.RECTANGLE, points=((1, 1), (WIDTH, HEIGHT)))
    nameless = opened(thermogram(picture, BARE, {"": region}))
    named = opened(thermogram(picture, BARE, {"Yard": region}))
    left, top, _, bottom = changed(nameless, named)
    assert left > 0 < top
    assert bottom - top >= letters(named.size) * 0.8


def test_a_region_beyond_the_picture_is_refused() -> None:
    """As in statistics."""
    region = Region(shape=Shape.POINT, points=((WIDTH + 1, 1),))
    with pytest.raises(GuideValidationError) as caught:
        thermogram(matrix(plain()), Look(), {"Gone": region})
    assert caught.value.field == "points[0].x"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Transformer 2", "Transformer 2"),
        ("Türöffner, Straße", "Turoffner, Strasse"),
        ("Łódź \t\n 40 °C", "Lodz 40 °C"),
        ("大门", ""),
        ("n" * 50, "n" * 40),
        ("大门 3", "3"),
    ],
)
def test_names_lose_what_the_font_lacks(name: str, shown: str) -> None:
    """Rather than showing boxes."""
    assert printable(name) == shown


# --- scale bar ---


def test_the_scale_bar_shows_all_colours_from_hot_to_cold() -> None:
    """To the right of the picture, which it does not cover."""
    rows = np.tile(np.linspace(1000, 5000, WIDTH).astype(int), (HEIGHT, 1))
    look = Look(palette=Palette.WHITE_HOT, hot_spot=False, file_type=FileType.PNG)
    framed = opened(thermogram(matrix(rows), look))
    picture = opened(thermogram(matrix(rows), replace(look, scale_bar=False)))
    assert framed.height == HEIGHT
    beside = framed.crop((0, 0, *picture.size))
    assert ImageChops.difference(beside, picture).getbbox() is None
    panel = framed.getpixel((framed.width - 1, HEIGHT - 1))
    x = WIDTH + round(letters(picture.size) * 1.2)
    column = [framed.getpixel((x, y)) for y in range(HEIGHT)]
    end = column.index((0, 0, 0))
    start = end - column[end::-1].index(panel) + 1
    bar = column[start : end + 1]
    assert bar[0] == (255, 255, 255)
    assert bar == sorted(bar, reverse=True)
    assert len(bar) > HEIGHT / 2


def test_the_scale_follows_span_and_unit_and_nothing_else() -> None:
    """The same span has the same scale, whatever is in the picture."""
    looks = [
        Look(span=(10, 30)),
        Look(span=(10, 30.1)),
        Look(span=(10, 30), scale=Scale.FAHRENHEIT),
    ]
    scales = {
        opened(thermogram(matrix(plain(temperature)), look))
        .crop((WIDTH + 8, 0, WIDTH + 90, HEIGHT))
        .tobytes()
        for look in looks
        for temperature in (1500, 2500)
    }
    assert len(scales) == len(looks)


@pytest.mark.parametrize(
    ("first", "last", "steps", "expected"),
    [
        (-5.8, 80.7, 8, [0, 20, 40, 60, 80]),
        (-5.8, 80.7, 5, [0, 20, 40, 60, 80]),
        (10, 30, 4, [10, 15, 20, 25, 30]),
        (36.5, 37, 8, [36.5, 36.6, 36.7, 36.8, 36.9, 37]),
        (21, 23, 8, [21, 21.5, 22, 22.5, 23]),
        (-100, 2000, 8, [0, 500, 1000, 1500, 2000]),
        (20, 30, 0, [20, 30]),
        (11, 19, 1, []),
    ],
)
def test_numbers_of_a_scale_are_round(
    first: float, last: float, steps: int, expected: list[float]
) -> None:
    """As a person would choose them."""
    assert ticks(first, last, steps) == expected


@at_ease
@given(
    first=st.floats(-150, 3600),
    length=st.floats(0.5, 3800),
    steps=st.integers(-5, 500),
)
def test_there_are_never_too_many_numbers(
    first: float, length: float, steps: int
) -> None:
    """And each has at most one decimal and its place."""
    numbers = ticks(first, first + length, steps)
    assert len(numbers) <= max(1, min(steps, 8)) + 1
    assert numbers == sorted(set(numbers))
    for number in numbers:
        assert first - 1e-6 <= number <= first + length + 1e-6
        assert round(number, 1) == number


@pytest.mark.parametrize(
    ("scale", "celsius", "text"),
    [
        (Scale.CELSIUS, 36.55, "36.5 °C"),
        (Scale.CELSIUS, -12.34, "-12.3 °C"),
        (Scale.CELSIUS, -0.04, "0.0 °C"),
        (Scale.FAHRENHEIT, 100, "212.0 °F"),
        (Scale.FAHRENHEIT, -40, "-40.0 °F"),
    ],
)
def test_temperatures_are_written_with_their_unit(
    scale: Scale, celsius: float, text: str
) -> None:
    """One decimal, as the camera has them; never minus nothing."""
    assert scale.text(celsius) == text
