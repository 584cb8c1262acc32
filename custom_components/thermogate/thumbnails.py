"""Small pictures of large ones."""

from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image

from .pictures import is_sensible

# What the journal serves as a picture; Pillow knows formats that run programs.
_FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
_QUALITY: Final = 80


def thumbnail(picture: Path | BytesIO, size: tuple[int, int]) -> bytes | None:
    """Return the picture in a file as a JPEG that fits a size, never enlarged; None for what is no whole picture.

    Takes milliseconds, so not for the event loop.
    """
    small = BytesIO()
    try:
        with Image.open(picture, formats=_FORMATS) as image:
            if not is_sensible(image):
                return None
            # A JPEG is decoded at a fraction of its size.
            image.draft("RGB", size)
            image.thumbnail(size)
            image.convert("RGB").save(small, "JPEG", quality=_QUALITY)
    except OSError, ValueError, SyntaxError, Image.DecompressionBombError:
        return None
    return small.getvalue()
