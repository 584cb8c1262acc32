"""brand/: the pictures that Home Assistant and HACS show for the integration."""

from pathlib import Path
import re

from PIL import Image

from .schema import Problems

ICON_SIDE = 256
LOGO_SIDES = range(128, 257)
"""Length of a logo's shorter side."""

NAMES = ["icon", "logo", "dark_icon", "dark_logo"]

_NEEDS_MORE = re.compile(
    r"<(?:text|image|script|foreignObject)\b|(?:xlink:)?href=|url\(\s*['\"]?http|font-family"
)


def check_png(name: str, picture: Image.Image) -> Problems:
    """Return what is wrong with a picture of this name, such as `dark_icon@2x`."""
    times = 2 if name.endswith("@2x") else 1
    width, height = picture.size
    found = []
    if "icon" in name and (width, height) != (ICON_SIDE * times, ICON_SIDE * times):
        found.append(
            f"{name} is {width}x{height}, not {ICON_SIDE * times} on both sides"
        )
    if "logo" in name and (
        height % times or height // times not in LOGO_SIDES or width <= height
    ):
        found.append(f"{name} is {width}x{height}, no landscape of the right height")
    if picture.format != "PNG":
        found.append(f"{name} is {picture.format}, not PNG")
    if picture.mode != "RGBA" or picture.getchannel("A").getextrema()[0] != 0:
        found.append(f"{name} has no transparent background")
    elif picture.getchannel("A").getbbox() != (0, 0, width, height):
        found.append(f"{name} has an empty border")
    return found


def check_brand(folder: Path) -> Problems:
    """Return pictures that are missing, wrong, or not the double of the other, and sources that need more than themselves."""
    found = []
    for name in NAMES:
        sizes = []
        for stem in (name, f"{name}@2x"):
            path = folder / f"{stem}.png"
            if not path.is_file():
                found.append(f"{stem}.png is missing")
                continue
            with Image.open(path) as picture:
                found += check_png(stem, picture)
                sizes.append(picture.size)
        if len(sizes) == 2 and sizes[1] != (sizes[0][0] * 2, sizes[0][1] * 2):
            found.append(f"{name}@2x is not twice {name}")
        source = folder / f"{name}.svg"
        if not source.is_file():
            found.append(f"{name}.svg is missing")
        elif _NEEDS_MORE.search(source.read_text()):
            found.append(f"{name}.svg needs a font or another file")
    return found
