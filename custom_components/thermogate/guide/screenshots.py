"""Pictures that a camera sends as bare pixels (command 523), made into files that a browser can show.

Takes milliseconds, which is too long for an event loop: run it in a thread.
"""

import base64
from collections.abc import Iterable
from io import BytesIO
from typing import Final

from PIL import Image

from .errors import GuideError
from .matrix import KNOWN_SIZES, MAX_BYTES, MAX_SIDE
from .models import GeneralInfo, Size
from .wire import Message, Picture, as_int

SCREENSHOT: Final = 523

# By bytes per pixel.
_MODES: Final = {3: "RGB", 4: "RGBA"}


class GuideScreenshotError(GuideError):
    """The answer to command 523 holds nothing that could be shown."""


def screenshot(message: Message, info: GeneralInfo) -> Picture:
    """Return the picture in an answer to command 523: as it is when it is a file, else as PNG.

    The document says which kind has which form, devices differ (seen on devices): what counts are the bytes. The size
    of bare pixels is the one in the answer, else one that `info` has, else a known one: the first that they fill with
    three or four bytes each. Raises GuideScreenshotError when there is no picture, or no size fits.
    """
    text = message.get("image_content")
    if picture := Picture.from_base64(text):
        return picture
    raw = _decode(text)
    size, mode = _layout(len(raw), _sizes(message, info))
    file = BytesIO()
    # What lies below is always the same: a thermal picture lets nothing through.
    Image.frombytes(mode, size, raw).convert("RGB").save(file, "PNG", compress_level=4)
    return Picture(data=file.getvalue(), content_type="image/png")


def _decode(text: object) -> bytes:
    if not isinstance(text, str) or not text:
        raise GuideScreenshotError("The camera sent no picture")
    if len(text) > MAX_BYTES * 3 // 2:
        raise GuideScreenshotError(f"A picture of {len(text)} characters is too large")
    bare = "".join(text.split()).rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except ValueError:
        raise GuideScreenshotError("The picture is not base64") from None


def _sizes(message: Message, info: GeneralInfo) -> Iterable[Size]:
    """Yield the sizes that the picture may have, the likeliest first."""
    yield as_int(message.get("image_width"), 0), as_int(message.get("image_height"), 0)
    yield from filter(None, (info.output_size, info.model_size))
    yield from KNOWN_SIZES


def _layout(length: int, sizes: Iterable[Size]) -> tuple[Size, str]:
    for width, height in sizes:
        if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
            continue
        per_pixel, rest = divmod(length, width * height)
        if not rest and (mode := _MODES.get(per_pixel)):
            return (width, height), mode
    raise GuideScreenshotError(f"{length} bytes of a picture fit no known size")
