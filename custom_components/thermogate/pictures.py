"""Pictures that devices send: checked before anybody is shown one."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from PIL import Image, UnidentifiedImageError

# A picture of more pixels than any device takes is an attack on whoever decodes it: each takes four bytes, each row eight.
MAX_PIXELS = 16_000_000
MAX_SIDE = 16_384


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """A picture and the event it belongs to."""

    data: bytes
    content_type: str
    at: datetime
    event_id: str


def is_sensible(image: Image.Image) -> bool:
    """Whether a picture is of a size that devices send; looks at what it says, before it is decoded."""
    return image.width * image.height <= MAX_PIXELS and max(image.size) <= MAX_SIDE


def is_sound(data: bytes) -> bool:
    """Whether the bytes are a whole picture of sensible size; takes milliseconds, so not for the event loop."""
    try:
        with Image.open(BytesIO(data)) as image:
            if not is_sensible(image):
                return False
            image.load()
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ):
        return False
    return True
