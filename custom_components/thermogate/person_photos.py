"""Pictures for terminals, of people and for the screen: turned upright and made as small as terminals like them."""

from io import BytesIO
import struct
from typing import Final

from PIL import Image

from .pictures import is_sound

# What is read of a file or an entity at most; a photo of 16 megapixels has less.
MAX_INPUT: Final = 32 * 1024 * 1024
# Seen on devices: what all of them take.
MAX_BYTES: Final = 200_000 - 1
MAX_SIDE: Final = 800
# Of the largest side. The first that fits is taken; even noise fits the last.
_SCALES: Final = (1.0, 0.8, 0.6)
_SCREEN_SCALES: Final = (1.0, 0.8, 0.6, 0.45, 0.3)
_QUALITIES: Final = (90, 80, 70, 60)
# Pillow knows formats that run programs.
_FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "BMP")

_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def person_photo(data: bytes) -> bytes:
    """Return a picture as a JPEG of at most MAX_BYTES and MAX_SIDE pixels, upright and with nothing else in the file.

    ValueError for what is no whole picture of sensible size. Takes milliseconds, so not for the event loop.
    """
    return _prepared(data, (MAX_SIDE, MAX_SIDE), _SCALES)


def screen_picture(data: bytes, size: tuple[int, int]) -> bytes:
    """Return a picture as `person_photo` does, of at most this width and height in pixels."""
    return _prepared(data, size, _SCREEN_SCALES)


def _prepared(data: bytes, size: tuple[int, int], scales: tuple[float, ...]) -> bytes:
    if len(data) > MAX_INPUT:
        raise ValueError(f"{len(data)} bytes")
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as opened:
            if not is_sound(data):
                raise ValueError("no whole picture of sensible size")
            upright = _upright(opened, _orientation(opened))
            return _small(_opaque(upright), size, scales)
    except (OSError, SyntaxError, Image.DecompressionBombError) as err:
        raise ValueError("no picture") from err


def _orientation(picture: Image.Image) -> int:
    """Return how the camera was held; a damaged note of that is none."""
    try:
        noted = picture.getexif().get(_ORIENTATION)
    except OSError, ValueError, SyntaxError, struct.error:
        return 1
    return noted if isinstance(noted, int) else 1


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    if (turn := _TURNS.get(orientation)) is None:
        return picture
    return picture.transpose(turn)


def _opaque(picture: Image.Image) -> Image.Image:
    """Return a picture in plain colours, on white where it was transparent."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    coloured = picture.convert("RGBA")
    white = Image.new("RGBA", coloured.size, "white")
    return Image.alpha_composite(white, coloured).convert("RGB")


def _small(
    picture: Image.Image, size: tuple[int, int], scales: tuple[float, ...]
) -> bytes:
    # Else Pillow would write the comment of one file into the other.
    picture.info.clear()
    width, height = size
    for scale in scales:
        picture.thumbnail((max(width * scale, 1), max(height * scale, 1)))
        for quality in _QUALITIES:
            written = BytesIO()
            picture.save(written, "JPEG", quality=quality)
            if written.tell() <= MAX_BYTES:
                return written.getvalue()
    raise ValueError("too much detail")
