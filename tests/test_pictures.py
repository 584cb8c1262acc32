"""Pictures are checked before anybody is shown one."""

from io import BytesIO
import struct
import zlib

from PIL import Image
import pytest

from custom_components.thermogate.pictures import is_sound


def picture(kind: str, size: tuple[int, int] = (64, 48)) -> bytes:
    """Draw a picture with something in it."""
    buffer = BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(buffer, kind)
    return buffer.getvalue()


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that says it is enormous."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data))
            + name
            + data
            + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP"])
def test_a_whole_picture_is_sound(kind: str) -> None:
    """Whatever kind it is."""
    assert is_sound(picture(kind))


@pytest.mark.parametrize(
    "data",
    [
        picture("JPEG", (640, 480))[:-2000],
        picture("PNG")[:-30],
        picture("JPEG")[:40],
        b"",
        b"this is no picture",
        b"\xff\xd8\xff\xe0" + b"\0" * 200,
        bomb(8000, 8000),
        bomb(60_000, 60_000),
        bomb(0, 0),
    ],
    ids=[
        "cut JPEG",
        "cut PNG",
        "head of a JPEG",
        "nothing",
        "text",
        "start of a JPEG and zeros",
        "more pixels than a device has",
        "bomb",
        "no pixels",
    ],
)
def test_anything_else_is_not(data: bytes) -> None:
    """What is broken, oversized or no picture is refused, never raised."""
    assert not is_sound(data)
