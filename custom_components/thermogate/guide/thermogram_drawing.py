"""What is drawn on and beside a thermogram, readable on any colour."""

from collections.abc import Callable
from enum import StrEnum
from functools import cache, lru_cache
from math import ceil, floor, log10
from typing import NamedTuple
from unicodedata import normalize

from PIL import Image, ImageDraw, ImageFont

from .models import Point, Shape, Size
from .palettes import SHADES, Palette, lookup
from .regions import SUBPIXELS, Region, corners

_INK, _SHADOW = (255, 255, 255), (0, 0, 0)
_PANEL, _NUMBERS, _TICKS = (18, 20, 24), (190, 196, 206), (110, 116, 126)
_HOT, _COLD = _INK, (150, 222, 255)

# The height of letters, as a part of the longer side of the picture.
_LETTERS = 1 / 38
_SMALLEST = 11

# The font that comes with Pillow has the letters of English; of these not even an accent can be taken away.
_SPELLED = str.maketrans(
    dict(
        zip(
            "ßæœøłđÆŒØŁĐ−",
            ["ss", "ae", "oe", "o", "l", "d", "AE", "OE", "O", "L", "D", "-"],
            strict=True,
        )
    )
)
_LONGEST_NAME = 40

_MOST_STEPS = 8
_NICE = (1, 2, 5, 10)

type _Pixel = tuple[int, int]
type _Colour = tuple[int, int, int]


class Scale(StrEnum):
    """What temperatures are written in."""

    CELSIUS = "°C"
    FAHRENHEIT = "°F"

    def convert(self, celsius: float) -> float:
        """Return a temperature in this scale."""
        return celsius if self is Scale.CELSIUS else celsius * 1.8 + 32

    def text(self, celsius: float) -> str:
        """Return a temperature with one decimal and the unit."""
        return f"{self.convert(celsius):z.1f} {self}"


class Canvas:
    """The picture to draw on: `size` is that of the matrix, which was enlarged by a whole number."""

    def __init__(self, image: Image.Image, size: Size, enlarged: int) -> None:
        """Draw on this image itself."""
        self._image = image
        self._draw = ImageDraw.Draw(image)
        self._size = size
        self._enlarged = enlarged
        self._letters = letters(image.size)

    def outline(self, region: Region, name: str) -> None:
        """Draw the edge of a region and write its name beside it, in letters that the font has."""
        points = [self._pixel(corner) for corner in corners(region, self._size)]
        for colour, width in ((_SHADOW, 3), (_INK, 1)):
            _OUTLINES[region.shape](self._draw, points, colour, width)
        if not (text := printable(name)):
            return
        left, top, _, _ = _box(points)
        label = _text(text, self._letters)
        above = top - label.height - 1
        if above >= 0:
            self._write(label, left, above)
        else:
            self._write(label, left + 3, top + 2)

    def mark(self, pixel: Point, text: str, *, hot: bool) -> None:
        """Draw a ring with hairs around a pixel of the matrix, counted from 1, and write a text beside it."""
        half = SUBPIXELS // 2
        x, y = self._pixel(tuple(SUBPIXELS * place - half for place in pixel))
        colour = _HOT if hot else _COLD
        radius = round(self._letters * 0.4)
        reach = round(self._letters * 0.85)
        for ink, width in ((_SHADOW, 3), (colour, 1)):
            more = width // 2
            ring = (x - radius - more, y - radius - more, x + radius + more, y + radius + more)  # fmt: skip
            self._draw.ellipse(ring, outline=ink, width=width)
            for across, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                self._draw.line(
                    (
                        x + across * radius,
                        y + down * radius,
                        x + across * (reach + more),
                        y + down * (reach + more),
                    ),
                    ink,
                    width,
                )
        label = _text(text, self._letters)
        right = x + reach + 3
        if right + label.width > self._image.width:
            right = x - reach - 3 - label.width
        self._write(label, right, y - label.middle, colour)

    def _pixel(self, corner: tuple[int, ...]) -> _Pixel:
        x, y = (
            min(place * self._enlarged // SUBPIXELS, length - 1)
            for place, length in zip(corner, self._image.size, strict=True)
        )
        return x, y

    def _write(self, label: _Text, left: int, top: int, colour: _Colour = _INK) -> None:
        """Write a text where it is wanted, or as near to it as it is whole."""
        left = max(0, min(left, self._image.width - label.width))
        top = max(0, min(top, self._image.height - label.height))
        self._image.paste(_SHADOW, (left, top), label.rimmed)
        self._image.paste(colour, (left, top), label.letters)


def scale_bar(
    image: Image.Image, low: float, high: float, palette: Palette, scale: Scale
) -> Image.Image:
    """Return a picture with the colours and what they stand for to the right of it; `low` and `high` in °C."""
    size = letters(image.size)
    left, wide = image.width + round(size * 0.8), round(size * 1.1)
    top, bottom = round(size * 2.6), image.height - round(size * 1.2)
    panel = round(size * 6)
    framed = Image.new("RGB", (image.width + panel + panel % 2, image.height), _PANEL)
    framed.paste(image)
    if bottom - top < size:
        return framed

    framed.paste(_colours(palette, (wide, bottom - top)), (left, top))
    draw = ImageDraw.Draw(framed)
    text_left = left + wide + round(size * 0.7)

    def write(text: str, at: int, y: int, colour: _Colour) -> None:
        label = _text(text, size)
        framed.paste(colour, (at, y - label.middle), label.letters)

    write(str(scale), left, round(size * 1.2), _INK)
    first, last = scale.convert(low), scale.convert(high)
    per_degree = (bottom - 1 - top) / (last - first)
    numbers = ticks(first, last, (bottom - top) // (3 * size))
    decimals = 0 if all(number.is_integer() for number in numbers) else 1
    for number in numbers:
        y = bottom - 1 - round((number - first) * per_degree)
        draw.line((left + wide, y, left + wide + size // 3, y), _TICKS)
        if top + size * 1.3 <= y <= bottom - 1 - size * 1.3:
            write(f"{number:.{decimals}f}", text_left, y, _NUMBERS)
    for number, y in ((last, top), (first, bottom - 1)):
        draw.line((left + wide, y, left + wide + size // 2, y), _INK)
        write(f"{number:z.1f}", text_left, y, _INK)
    return framed


def ticks(first: float, last: float, steps: int) -> list[float]:
    """Return what to write on a scale: multiples of 1, 2 or 5 times a power of ten.

    At most so many steps, and never more than 8, lie between the ends.
    """
    rough = (last - first) / max(1, min(steps, _MOST_STEPS))
    power = 10.0 ** floor(log10(rough))
    step = next(power * nice for nice in _NICE if power * nice >= rough * 0.999)
    return [
        round(step * count, 6) for count in range(ceil(first / step), floor(last / step) + 1)
    ]  # fmt: skip


def printable(name: str) -> str:
    """Return what the font can show of a name: letters without their accents, nothing of other scripts."""
    plain = normalize("NFKD", name[:_LONGEST_NAME].translate(_SPELLED))
    kept = (letter for letter in plain if letter == "°" or " " <= letter <= "~")
    return " ".join("".join(kept).split())


def letters(size: Size) -> int:
    """Return the height of letters on a picture."""
    return max(_SMALLEST, round(max(size) * _LETTERS))


class _Text(NamedTuple):
    """A text as two masks of one size, and the line through the middle of its digits."""

    letters: Image.Image
    rimmed: Image.Image
    middle: int

    @property
    def width(self) -> int:
        return self.letters.width

    @property
    def height(self) -> int:
        return self.letters.height


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


# The numbers of a scale are the same in nearly every picture.
@lru_cache(maxsize=512)
def _text(text: str, size: int) -> _Text:
    font, rim = _font(size), max(1.5, size / 9)
    edge = ceil(rim)
    _, top, _, bottom = font.getbbox("0")
    box = (
        ceil(font.getlength(text)) + 2 * edge,
        ceil(bottom) + size // 4 + 2 * edge,
    )

    def mask(stroke: float) -> Image.Image:
        image = Image.new("L", box)
        ImageDraw.Draw(image).text((edge, edge), text, 255, font, stroke_width=stroke)
        return image

    return _Text(mask(0), mask(rim), edge + round((top + bottom) / 2))


@lru_cache(maxsize=32)
def _colours(palette: Palette, size: Size) -> Image.Image:
    """Return a palette from hot at the top to cold at the bottom."""
    column = Image.frombytes("RGB", (1, SHADES), lookup(palette))
    return column.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize(size)


def _box(points: list[_Pixel]) -> tuple[int, int, int, int]:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _around(points: list[_Pixel], more: int) -> tuple[int, int, int, int]:
    left, top, right, bottom = _box(points)
    return left - more, top - more, right + more, bottom + more


type _Outline = Callable[[ImageDraw.ImageDraw, list[_Pixel], _Colour, int], None]

_OUTLINES: dict[Shape, _Outline] = {
    Shape.POINT: lambda draw, points, colour, width: draw.ellipse(
        _around(points, 3 + width // 2), outline=colour, width=width
    ),
    Shape.LINE: lambda draw, points, colour, width: draw.line(points, colour, width),
    Shape.RECTANGLE: lambda draw, points, colour, width: draw.rectangle(
        _around(points, width // 2), outline=colour, width=width
    ),
    Shape.POLYGON: lambda draw, points, colour, width: draw.line(
        [*points, points[0]], colour, width
    ),
    Shape.CIRCLE: lambda draw, points, colour, width: draw.ellipse(
        _around(points, width // 2), outline=colour, width=width
    ),
}
