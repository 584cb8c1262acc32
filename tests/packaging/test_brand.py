"""The pictures in brand/ are what Home Assistant, HACS and the brands repository ask for, and each check can fail."""

from pathlib import Path

from PIL import Image
import pytest

from .brand_checks import NAMES, check_brand, check_png
from .repository import INTEGRATION


def _picture(
    width: int, height: int, *, border: int = 0, mode: str = "RGBA", format: str = "PNG"
) -> Image.Image:
    """Return a filled picture with one clear pixel, so that its background is transparent."""
    picture = Image.new("RGBA", (width, height))
    picture.paste((200, 0, 0, 255), (border, border, width - border, height - border))
    picture.putpixel((width // 2, height // 2), (0, 0, 0, 0))
    picture = picture.convert(mode)
    picture.format = format
    return picture


def _brand(folder: Path) -> Path:
    """Draw a complete set of pictures into a folder."""
    for name in NAMES:
        width = 256 if "icon" in name else 600
        height = 256 if "icon" in name else 160
        _picture(width, height).save(folder / f"{name}.png")
        _picture(width * 2, height * 2).save(folder / f"{name}@2x.png")
        (folder / f"{name}.svg").write_text(
            '<svg><path fill="#111" d="M0 0h1v1z"/></svg>'
        )
    return folder


def test_the_pictures_are_valid() -> None:
    """The pictures we ship have nothing to complain about."""
    assert check_brand(INTEGRATION / "brand") == []


def test_a_good_set_passes(tmp_path: Path) -> None:
    """The set that the bad ones are made from is good."""
    assert check_brand(_brand(tmp_path)) == []


@pytest.mark.parametrize(
    "name",
    [f"{name}{suffix}" for name in NAMES for suffix in (".png", "@2x.png", ".svg")],
)
def test_a_missing_picture_is_told(tmp_path: Path, name: str) -> None:
    """Each of the set."""
    (_brand(tmp_path) / name).unlink()
    assert check_brand(tmp_path) == [f"{name} is missing"]


@pytest.mark.parametrize(
    ("name", "picture", "words"),
    [
        pytest.param("icon", _picture(128, 128), "on both sides", id="small icon"),
        pytest.param(
            "icon", _picture(256, 200), "on both sides", id="icon that is no square"
        ),
        pytest.param(
            "icon@2x", _picture(256, 256), "on both sides", id="small large icon"
        ),
        pytest.param("logo", _picture(600, 100), "landscape", id="low logo"),
        pytest.param("logo", _picture(900, 300), "landscape", id="high logo"),
        pytest.param("logo", _picture(160, 600), "landscape", id="upright logo"),
        pytest.param(
            "dark_logo@2x", _picture(600, 160), "landscape", id="small large logo"
        ),
        pytest.param("icon", _picture(256, 256, border=8), "border", id="empty border"),
        pytest.param(
            "icon", _picture(256, 256, mode="RGB"), "transparent", id="no transparency"
        ),
        pytest.param(
            "icon",
            Image.new("RGBA", (256, 256), "#fff"),
            "transparent",
            id="filled background",
        ),
        pytest.param(
            "icon", _picture(256, 256, format="JPEG"), "not PNG", id="another format"
        ),
    ],
)
def test_a_bad_picture_is_told(name: str, picture: Image.Image, words: str) -> None:
    """Each rule by itself."""
    assert any(words in problem for problem in check_png(name, picture))


def test_pictures_that_do_not_match_are_told(tmp_path: Path) -> None:
    """The large one is the same picture."""
    _picture(1000, 320).save(_brand(tmp_path) / "logo@2x.png")
    assert check_brand(tmp_path) == ["logo@2x is not twice logo"]


@pytest.mark.parametrize(
    "drawing",
    [
        "<text>ThermoGate</text>",
        '<image href="icon.png"/>',
        '<path font-family="Inter"/>',
        "<script/>",
    ],
)
def test_a_source_that_needs_more_is_told(tmp_path: Path, drawing: str) -> None:
    """It must look the same on every machine."""
    (_brand(tmp_path) / "icon.svg").write_text(f"<svg>{drawing}</svg>")
    assert check_brand(tmp_path) == ["icon.svg needs a font or another file"]
