"""Small pictures are made of what is a picture."""

from io import BytesIO
from pathlib import Path

from PIL import Image
import pytest

from custom_components.thermogate.thumbnails import thumbnail
from tests.test_pictures import bomb, picture


def stored(folder: Path, data: bytes) -> Path:
    """Write a file."""
    path = folder / "picture"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "GIF", "WEBP"])
def test_a_picture_fits_the_size(tmp_path: Path, kind: str) -> None:
    """It keeps its proportions, and becomes a JPEG."""
    small = thumbnail(stored(tmp_path, picture(kind, (640, 480))), (320, 320))
    assert small is not None
    with Image.open(BytesIO(small)) as image:
        assert (image.format, image.size) == ("JPEG", (320, 240))


def test_a_picture_is_never_enlarged(tmp_path: Path) -> None:
    """What is small stays small."""
    small = thumbnail(stored(tmp_path, picture("JPEG", (64, 48))), (320, 320))
    assert small is not None
    with Image.open(BytesIO(small)) as image:
        assert image.size == (64, 48)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_colour(tmp_path: Path, mode: str) -> None:
    """Thermal pictures may be grey, in 16 bits too."""
    drawn = BytesIO()
    Image.new(mode, (64, 48)).save(drawn, "PNG")
    assert thumbnail(stored(tmp_path, drawn.getvalue()), (32, 32))


@pytest.mark.parametrize(
    "data",
    [
        picture("JPEG", (640, 480))[:-2000],
        picture("PNG")[:-30],
        b"",
        b"this is no picture",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
        picture("TIFF"),
        bomb(8000, 8000),
        bomb(60_000, 60_000),
        picture("PNG", (1, 20_000)),
        bomb(0, 0),
    ],
    ids=[
        "cut JPEG",
        "cut PNG",
        "nothing",
        "text",
        "PostScript",
        "a format that no device sends",
        "more pixels than a device has",
        "bomb",
        "a line",
        "no pixels",
    ],
)
def test_anything_else_has_none(tmp_path: Path, data: bytes) -> None:
    """It is refused, never raised."""
    assert thumbnail(stored(tmp_path, data), (320, 320)) is None


def test_a_file_that_is_gone_has_none(tmp_path: Path) -> None:
    """It may be swept while somebody looks."""
    assert thumbnail(tmp_path / "gone", (320, 320)) is None
