"""The temperature of every pixel (command 530): asked for, and decoded into one array.

`decode_matrix` takes a millisecond or two, which is too long for an event loop: run it in a thread.
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from .errors import GuideError, GuideRetryLaterError, GuideValidationError
from .models import GeneralInfo, Size
from .wire import Message, as_int

TEMPERATURE_MATRIX = 530
HUNDREDTHS = 100
"""What the camera multiplies °C by."""

LIMITS = (-40.0, 2000.0)
"""°C. The widest range the vendor document has (3.1); pixels beyond it are garbage (seen on devices)."""

RETRY_PAUSES = (0.3, 0.5, 0.7, 1.0, 1.0, 1.0)
"""Seconds, together 4.5. The shutter takes about one (seen on devices); how long a change of range takes nobody says."""

# The document says one size of one model; devices have these.
KNOWN_SIZES: tuple[Size, ...] = (
    (512, 384),
    (640, 512),
    (384, 288),
    (256, 192),
    (160, 120),
)
MAX_SIDE = 1280
"""Twice the longest side of any known camera."""
MAX_BYTES = MAX_SIDE * 1024 * 4
# Base64 makes four characters of three bytes; the rest leaves room for line breaks.
_MAX_CHARACTERS = MAX_BYTES * 3 // 2

type _PixelType = np.dtype[np.signedinteger]
# By bytes per pixel. The document knows two, other models send four (seen on devices).
_PIXEL_TYPES: dict[int, _PixelType] = {2: np.dtype("<i2"), 4: np.dtype("<i4")}

type Hundredths = NDArray[np.signedinteger]
type Ask = Callable[[int, Message], Awaitable[Message]]


class GuideMatrixError(GuideError):
    """The answer to command 530 holds no matrix that could be read."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TemperatureMatrix:
    """One thermal picture as numbers."""

    hundredths: Hundredths
    """Hundredths of °C in rows from the top, (height, width); cannot be written to."""
    taken_at: datetime
    sound: NDArray[np.bool_] | None
    """Which pixels are no garbage, (height, width); None when all are sound."""
    garbage: int
    """How many pixels are beyond the limits."""

    @property
    def size(self) -> Size:
        """Width and height in pixels."""
        height, width = self.hundredths.shape
        return width, height

    def celsius(self) -> NDArray[np.float32]:
        """Return a new array of °C, (height, width), with NaN for garbage."""
        celsius = self.hundredths.astype(np.float32)
        celsius /= HUNDREDTHS
        if self.sound is not None:
            celsius[~self.sound] = np.nan
        return celsius


async def request_matrix(
    ask: Ask, *, module: bool = False, pauses: Sequence[float] = RETRY_PAUSES
) -> Message:
    """Return the answer to command 530, which `ask` (a client's `request`) fetches.

    `module` asks for the pixels of the sensor instead of those of the thermal picture. While the shutter is closed or
    the range changes, it is asked again after each of the pauses; the last GuideRetryLaterError is raised.
    """
    message: Message = {"type": int(module)}
    for pause in pauses:
        try:
            return await ask(TEMPERATURE_MATRIX, message)
        except GuideRetryLaterError:
            await asyncio.sleep(pause)
    return await ask(TEMPERATURE_MATRIX, message)


def decode_matrix(
    message: Message,
    *,
    taken_at: datetime,
    info: GeneralInfo | None = None,
    limits: tuple[float, float] = LIMITS,
) -> TemperatureMatrix:
    """Return the matrix in an answer to command 530 (vendor document 530.1).

    Its size is the one in the answer, else one that `info` has, else a known one: the first that the bytes fill with
    two or four per pixel, little-endian. Pixels beyond `limits` (°C, both included) count as garbage. Raises
    GuideMatrixError when there is no matrix, it is larger than any camera's, or no size fits.
    """
    low, high = limits
    if not LIMITS[0] <= low < high <= LIMITS[1]:
        raise GuideValidationError(
            "limits", limits, f"{LIMITS[0]:g} to {LIMITS[1]:g} °C, the lower one first"
        )
    raw = _decode_base64(message.get("temps"))
    (width, height), pixel_type = _layout(len(raw), _sizes(message, info))
    pixels = np.frombuffer(raw, pixel_type).reshape(height, width)
    sound = _sound(pixels, round(low * HUNDREDTHS), round(high * HUNDREDTHS))
    return TemperatureMatrix(
        hundredths=pixels,
        taken_at=taken_at,
        sound=sound,
        garbage=0 if sound is None else int(sound.size - np.count_nonzero(sound)),
    )


def _decode_base64(text: object) -> bytes:
    if not isinstance(text, str) or not text:
        raise GuideMatrixError("The camera sent no temperatures")
    if len(text) > _MAX_CHARACTERS:
        raise GuideMatrixError(f"A matrix of {len(text)} characters is too large")
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        pass
    # Lenient only when it has to be: removing blanks costs more than decoding.
    bare = "".join(text.split()).rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except ValueError:
        raise GuideMatrixError("The temperatures are not base64") from None


def _sizes(message: Message, info: GeneralInfo | None) -> Iterable[Size]:
    """Yield the sizes that the matrix may have, the likeliest first."""
    yield as_int(message.get("width"), 0), as_int(message.get("height"), 0)
    if info:
        yield from filter(None, (info.output_size, info.model_size))
    yield from KNOWN_SIZES


def _layout(length: int, sizes: Iterable[Size]) -> tuple[Size, _PixelType]:
    for width, height in sizes:
        if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
            continue
        per_pixel, rest = divmod(length, width * height)
        if not rest and (pixel_type := _PIXEL_TYPES.get(per_pixel)):
            return (width, height), pixel_type
    raise GuideMatrixError(f"{length} bytes of temperatures fit no known size")


def _sound(pixels: Hundredths, low: int, high: int) -> NDArray[np.bool_] | None:
    if low <= pixels.min() and pixels.max() <= high:
        return None
    sound: NDArray[np.bool_] = (pixels >= low) & (pixels <= high)
    return sound
