"""Screenshots: whatever form a camera sends becomes a file that a browser can show."""

import base64
from io import BytesIO
from typing import Any

from PIL import Image
import pytest

from custom_components.thermogate.guide import GeneralInfo, Picture
from custom_components.thermogate.guide.matrix import MAX_BYTES
from custom_components.thermogate.guide.screenshots import (
    GuideScreenshotError,
    screenshot,
)

WITHOUT_SIZE = GeneralInfo()


def sent(raw: bytes, **fields: Any) -> dict[str, Any]:
    """Return an answer with these bytes."""
    return {"image_content": base64.b64encode(raw).decode()} | fields


def opened(picture: Picture) -> Image.Image:
    """Return the picture as a browser would see it."""
    image = Image.open(BytesIO(picture.data))
    image.load()
    return image


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_file_stays_as_it_is(form: str) -> None:
    """Whatever the size beside it says."""
    file = BytesIO()
    Image.new("RGB", (4, 3)).save(file, form)
    picture = screenshot(
        sent(file.getvalue(), image_width=512, image_height=384), WITHOUT_SIZE
    )
    assert picture.data == file.getvalue()
    assert picture.content_type == f"image/{form.lower()}"


@pytest.mark.parametrize(
    ("mode", "pixel"), [("RGB", (200, 30, 10)), ("RGBA", (200, 30, 10, 0))]
)
def test_bare_pixels_become_a_file(mode: str, pixel: tuple[int, ...]) -> None:
    """Red stays red, rows stay rows, and what is see-through is not."""
    raw = Image.new(mode, (4, 3))
    raw.putpixel((3, 1), pixel)
    picture = screenshot(
        sent(raw.tobytes(), image_width="4", image_height="3"), WITHOUT_SIZE
    )
    assert picture.content_type == "image/png"
    image = opened(picture)
    assert (image.mode, image.size) == ("RGB", (4, 3))
    assert image.getpixel((3, 1)) == pixel[:3]


@pytest.mark.parametrize(
    ("info", "size", "bytes_per_pixel"),
    [
        pytest.param(WITHOUT_SIZE, (256, 192), 3, id="a known size"),
        pytest.param(WITHOUT_SIZE, (640, 512), 4, id="a known size with alpha"),
        pytest.param(GeneralInfo(model_size=(20, 10)), (20, 10), 3, id="the sensor"),
        pytest.param(GeneralInfo(output_size=(20, 10)), (20, 10), 4, id="the picture"),
    ],
)
def test_the_size_may_be_missing(
    info: GeneralInfo, size: tuple[int, int], bytes_per_pixel: int
) -> None:
    """Then it is one that the bytes fill."""
    width, height = size
    picture = screenshot(sent(bytes(width * height * bytes_per_pixel)), info)
    assert opened(picture).size == size


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({}, "no picture"),
        ({"image_content": ""}, "no picture"),
        ({"image_content": 5}, "no picture"),
        ({"image_content": "ä"}, "not base64"),
        (sent(b"abcdefg"), "fit no known size"),
        (sent(bytes(36), image_width=-4, image_height=-3), "fit no known size"),
        ({"image_content": "A" * (MAX_BYTES * 3 // 2 + 1)}, "too large"),
    ],
)
def test_what_is_no_picture_is_told(message: dict[str, Any], words: str) -> None:
    """Rather than shown as noise."""
    with pytest.raises(GuideScreenshotError, match=words):
        screenshot(message, WITHOUT_SIZE)
