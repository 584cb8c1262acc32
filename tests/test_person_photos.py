"""Pictures for terminals: upright, small, and with nothing else in them."""

from io import BytesIO
import random
from typing import Any

from PIL import Image
import pytest

from custom_components.thermogate.person_photos import (
    MAX_BYTES,
    MAX_INPUT,
    MAX_SIDE,
    person_photo,
    screen_picture,
)

RED, WHITE = (255, 0, 0), (255, 255, 255)
ORIENTATION = 0x0112


def picture(
    size: tuple[int, int] = (40, 20),
    form: str = "JPEG",
    mode: str = "RGB",
    **options: Any,
) -> bytes:
    """Return a picture whose left half is red."""
    image = Image.new("RGB", size, WHITE)
    image.paste(RED, (0, 0, size[0] // 2, size[1]))
    written = BytesIO()
    image.convert(mode).save(written, form, **options)
    return written.getvalue()


def opened(data: bytes) -> Image.Image:
    """Return a result, which is always a JPEG."""
    image = Image.open(BytesIO(data), formats=["JPEG"])
    image.load()
    return image


def colour(image: Image.Image, x: int, y: int) -> tuple[bool, bool]:
    """Return whether there is red, and whether there is more than that."""
    value = image.getpixel((x, y))
    assert isinstance(value, tuple)
    return value[0] > 200, value[1] > 200


def turned(orientation: Any) -> bytes:
    """Return the picture with a note of how the camera was held."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return picture(exif=exif.tobytes())


@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [
        (1, (40, 20), (5, 10)),
        (2, (40, 20), (35, 10)),
        (3, (40, 20), (35, 10)),
        (4, (40, 20), (5, 10)),
        (5, (20, 40), (10, 5)),
        (6, (20, 40), (10, 5)),
        (7, (20, 40), (10, 35)),
        (8, (20, 40), (10, 35)),
        (9, (40, 20), (5, 10)),
    ],
)
def test_it_is_upright(
    orientation: int, size: tuple[int, int], red: tuple[int, int]
) -> None:
    """Whichever way the camera was held; an unknown note is none."""
    image = opened(person_photo(turned(orientation)))

    assert image.size == size
    assert colour(image, *red) == (True, False)


def test_a_damaged_note() -> None:
    """It is not worth losing the picture."""
    data = turned(6)
    at = data.index(b"Exif\0\0") + 6
    damaged = data[:at] + b"XXXX" + data[at + 4 :]

    assert opened(person_photo(damaged)).size == (40, 20)


def test_nothing_else_is_in_it() -> None:
    """Neither where it was taken nor with what, nor what somebody wrote."""
    exif = Image.Exif()
    exif[0x010F] = "secret maker"
    data = picture(exif=exif.tobytes(), comment=b"secret comment")
    assert data.count(b"secret") == 2

    assert b"secret" not in person_photo(data)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1600, 1200), (MAX_SIDE, 600)),
        ((900, 1800), (400, MAX_SIDE)),
        ((MAX_SIDE, MAX_SIDE), (MAX_SIDE, MAX_SIDE)),
        ((100, 90), (100, 90)),
    ],
)
def test_it_is_shrunk_and_never_enlarged(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    """To what terminals take."""
    assert opened(person_photo(picture(size))).size == expected


def noise(side: int) -> bytes:
    """Return a square picture that cannot be made smaller without loss."""
    content = random.Random(1).randbytes(3 * side**2)
    written = BytesIO()
    Image.frombytes("RGB", (side, side), content).save(written, "PNG")
    return written.getvalue()


def test_even_noise_is_small_enough() -> None:
    """The worst that there is."""
    assert len(person_photo(noise(1000))) <= MAX_BYTES
    assert len(screen_picture(noise(2000), (1920, 1920))) <= MAX_BYTES


@pytest.mark.parametrize(
    ("box", "size"),
    [
        ((40, 20), (40, 20)),
        ((39, 100), (39, 20)),
        ((100, 10), (20, 10)),
        ((1, 1), (1, 1)),
        ((1000, 1000), (40, 20)),
    ],
)
def test_a_picture_for_the_screen(box: tuple[int, int], size: tuple[int, int]) -> None:
    """It keeps its shape, fits, and is not made larger."""
    assert opened(screen_picture(picture((40, 20)), box)).size == size


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "L"),
        ("JPEG", "CMYK"),
        ("WEBP", "RGB"),
        ("GIF", "RGB"),
        ("BMP", "RGB"),
    ],
)
def test_many_kinds_of_picture(form: str, mode: str) -> None:
    """All become a JPEG in plain colours."""
    assert opened(person_photo(picture(form=form, mode=mode))).mode == "RGB"


def test_what_is_transparent_is_white() -> None:
    """Not black, in which no face would be found."""
    written = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(written, "PNG")

    assert colour(opened(person_photo(written.getvalue())), 5, 5) == (True, True)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        picture()[:-100],
        picture((4001, 4000), "PNG"),
        b"\0" * (MAX_INPUT + 1),
    ],
    ids=["empty", "text", "program", "cut off", "too many pixels", "too many bytes"],
)
def test_what_is_no_picture(data: bytes) -> None:
    """It is refused, whatever it claims to be."""
    with pytest.raises(ValueError):
        person_photo(data)
