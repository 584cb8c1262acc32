"""H.264 from pictures, with little effort of the processor."""

from collections.abc import Sequence
from fractions import Fraction

import av
from av.video.codeccontext import VideoCodecContext

from .pictures import Pixels

SEQUENCE_PARAMETERS, PICTURE_PARAMETERS, KEY_PICTURE, PICTURE = 7, 8, 5, 1
CLIP_FPS = 5


class Encoder:
    """One H.264 stream; key pictures carry the parameter sets, so that a viewer may join at any of them."""

    def __init__(
        self, width: int, height: int, fps: int, key_interval: int, kilobits: int
    ) -> None:
        """Open the encoder; call it from one thread at a time."""
        context = av.CodecContext.create("libx264", "w")
        assert isinstance(context, VideoCodecContext)
        context.width, context.height = width, height
        context.pix_fmt = "yuv420p"
        context.time_base = Fraction(1, fps)
        context.framerate = Fraction(fps)
        context.bit_rate = kilobits * 1000
        context.gop_size = key_interval
        context.thread_count = 1
        context.options = {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "profile": "baseline",
        }
        self._context = context
        self._size = (width, height)
        self._count = 0

    def encode(self, pixels: Pixels) -> list[bytes]:
        """Return the units of one picture (height, width, 3), without start codes; pictures and parameter sets only."""
        frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
        width, height = self._size
        frame = frame.reformat(width, height, format="yuv420p")
        frame.pts = self._count
        self._count += 1
        stream = b"".join(bytes(packet) for packet in self._context.encode(frame))
        wanted = (SEQUENCE_PARAMETERS, PICTURE_PARAMETERS, KEY_PICTURE, PICTURE)
        return [unit for unit in split_units(stream) if unit[0] & 31 in wanted]


def split_units(stream: bytes) -> list[bytes]:
    """Split an H.264 byte stream at its start codes."""
    parts = stream.split(b"\0\0\1")
    # A start code of four bytes leaves its first zero at the end of the unit before.
    return [unit for part in parts if (unit := part.rstrip(b"\0"))]


def with_start_codes(units: Sequence[bytes]) -> bytes:
    """Return units as a byte stream."""
    return b"".join(b"\0\0\0\1" + unit for unit in units)


def is_key(units: Sequence[bytes]) -> bool:
    """Tell whether a viewer may begin with this picture."""
    return any(unit[0] & 31 == KEY_PICTURE for unit in units)


def encode_clip(pictures: Sequence[Pixels]) -> bytes:
    """Return pictures of one size as a byte stream of H.264."""
    height, width, _ = pictures[0].shape
    encoder = Encoder(width, height, CLIP_FPS, CLIP_FPS, 800)
    return b"".join(with_start_codes(encoder.encode(picture)) for picture in pictures)
