"""A temperature matrix as a picture for people: colours, a scale with numbers, the hottest and the coldest spot.

Takes a few milliseconds, which is too long for an event loop: run it in a thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from types import MappingProxyType

import numpy as np
from PIL import Image

from .errors import GuideValidationError
from .matrix import HUNDREDTHS, TemperatureMatrix
from .matrix_statistics import Statistics, statistics
from .models import Size
from .palettes import SHADES, Palette, lookup
from .regions import Region
from .thermogram_drawing import Canvas, Scale, scale_bar
from .wire import Picture

# A picture of a few colours of noise says that something is to be seen where nothing is.
LEAST_SPAN = 2.0
SPAN_LIMITS = (-100.0, 2000.0)
_LEAST_FIXED_SPAN = 0.5

# Small pictures are enlarged by a whole number to about this many pixels at their longer side.
_GOOD_SIDE = 640

# Garbage is neither cold nor hot.
_GARBAGE = (128, 128, 128)

type Span = tuple[float, float]
"""°C of the coldest and the hottest colour."""


class FileType(StrEnum):
    """What a thermogram is stored as."""

    JPEG = "jpeg"
    PNG = "png"


_SAVE: Mapping[FileType, Mapping[str, int]] = MappingProxyType(
    {
        # Coloured edges and letters blur when colours are stored at half the size.
        FileType.JPEG: {"quality": 88, "subsampling": 0},
        FileType.PNG: {"compress_level": 4},
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a thermogram is made."""

    palette: Palette = Palette.IRON
    span: Span | None = None
    """None stretches the colours from the coldest to the hottest pixel, at least 2 °C."""
    scale: Scale = Scale.CELSIUS
    scale_bar: bool = True
    hot_spot: bool = True
    cold_spot: bool = False
    file_type: FileType = FileType.JPEG


def thermogram(
    matrix: TemperatureMatrix,
    look: Look = Look(),
    regions: Mapping[str, Region] = MappingProxyType({}),
) -> Picture:
    """Return the picture of a matrix, with outlines of regions and their names.

    Raises GuideValidationError when a region is not within the picture or the span makes no sense.
    """
    whole = statistics(matrix)
    low, high = span_of(look, whole)
    enlarged = _enlargement(matrix.size)
    image = _coloured(matrix, (low, high), look.palette, enlarged)
    canvas = Canvas(image, matrix.size, enlarged)
    for name, region in regions.items():
        canvas.outline(region, name)
    if whole and look.cold_spot:
        canvas.mark(whole.minimum_at, look.scale.text(whole.minimum), hot=False)
    if whole and look.hot_spot:
        canvas.mark(whole.maximum_at, look.scale.text(whole.maximum), hot=True)
    if look.scale_bar:
        image = scale_bar(image, low, high, look.palette, look.scale)
    return _saved(image, look.file_type)


def span_of(look: Look, whole: Statistics | None) -> Span:
    """Return the temperatures of the coldest and the hottest colour; `whole` is of the whole picture."""
    if look.span is not None:
        low, high = look.span
        least, most = SPAN_LIMITS
        if not (least <= low and high <= most and high - low >= _LEAST_FIXED_SPAN):
            raise GuideValidationError(
                "span",
                look.span,
                f"{least:g} to {most:g} °C, the second at least {_LEAST_FIXED_SPAN:g} above the first",
            )
        return look.span
    if whole is None:
        return 0.0, LEAST_SPAN
    missing = max(0.0, LEAST_SPAN - (whole.maximum - whole.minimum)) / 2
    return whole.minimum - missing, whole.maximum + missing


def _enlargement(size: Size) -> int:
    return max(1, round(_GOOD_SIDE / max(size)))


def _coloured(
    matrix: TemperatureMatrix, span: Span, palette: Palette, enlarged: int
) -> Image.Image:
    low, high = span[0] * HUNDREDTHS, span[1] * HUNDREDTHS
    shades = matrix.hundredths.astype(np.float32)
    shades -= low
    shades *= SHADES / (high - low)
    np.clip(shades, 0, SHADES - 1, out=shades)
    image = Image.fromarray(shades.astype(np.uint8))
    width, height = matrix.size
    large = (width * enlarged, height * enlarged)
    if enlarged > 1:
        # Before it is coloured: between blue and yellow in between lies no grey but a temperature.
        image = image.resize(large, Image.Resampling.BICUBIC)
    image.putpalette(lookup(palette))
    image = image.convert("RGB")
    if matrix.sound is not None:
        garbage = Image.fromarray(~matrix.sound).resize(large, Image.Resampling.NEAREST)
        image.paste(_GARBAGE, mask=garbage)
    return image


def _saved(image: Image.Image, file_type: FileType) -> Picture:
    file = BytesIO()
    image.save(file, file_type.upper(), **_SAVE[file_type])
    return Picture(data=file.getvalue(), content_type=f"image/{file_type}")
