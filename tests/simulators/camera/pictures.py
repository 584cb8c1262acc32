"""Pictures for people: the thermal scene in colours with its rules, and the yard in daylight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from .palettes import palette
from .scene import HEIGHT, WIDTH, Statistics, Temperatures, draw_shape
from .yard import (
    FIELD_OF_VIEW,
    GROUND_NEAR,
    HORIZON,
    Shape,
    View,
    box,
    ellipse,
    line,
    person_place,
    yard,
)

type Pixels = NDArray[np.uint8]

OUTLINE, ALARM_OUTLINE = (235, 245, 255), (255, 64, 64)
INK, PAPER = (255, 255, 255), (16, 20, 28)


@dataclass(frozen=True)
class Overlay:
    """A rule as drawn on the thermal picture; points count from 1."""

    name: str
    kind: int
    points: tuple[tuple[int, int], ...]
    statistics: Statistics | None
    alarmed: bool


@cache
def font(size: int) -> Any:
    """Return the font that comes with Pillow."""
    return ImageFont.load_default(size)


def jpeg(pixels: Pixels, quality: int = 85) -> bytes:
    """Return a picture as JPEG."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def label(
    draw: ImageDraw.ImageDraw, place: tuple[float, float], text: str, size: int
) -> None:
    """Write a text with a dark rim, so that it can be read on anything."""
    draw.text(
        place,
        text,
        font=font(size),
        fill=INK,
        stroke_width=max(1, size // 10),
        stroke_fill=PAPER,
    )


def coloured(temperatures: Temperatures, band: int) -> Pixels:
    """Return temperatures as colours of a band, stretched over what is in the picture: (h, w) to (h, w, 3)."""
    low, high = float(temperatures.min()), float(temperatures.max())
    steps = (temperatures - low) * (255 / max(high - low, 1.0))
    # The square root keeps the cool yard visible beside one very hot spot.
    steps = np.sqrt(np.clip(steps, 0, 255) * 255)
    colours: Pixels = palette(band)[steps.astype(np.uint8)]
    return colours


def thermal_picture(
    temperatures: Temperatures,
    overlays: Sequence[Overlay],
    now: datetime,
    band: int,
    show_band: bool,
) -> Pixels:
    """Draw the thermal picture at output size, (384, 512, 3)."""
    image = Image.fromarray(coloured(temperatures, band))
    draw = ImageDraw.Draw(image)
    for overlay in overlays:
        _draw_rule(draw, overlay)
    if show_band:
        _draw_band(image, draw, temperatures, band)
    label(draw, (8, HEIGHT - 20), now.strftime("%Y-%m-%d %H:%M:%S"), 13)
    return np.asarray(image)


def _draw_rule(draw: ImageDraw.ImageDraw, rule: Overlay) -> None:
    """Outline one rule, mark its hottest pixel and write its highest temperature."""
    ink = ALARM_OUTLINE if rule.alarmed else OUTLINE
    pixels = [(x - 1, y - 1) for x, y in rule.points]
    xs, ys = [x for x, _ in pixels], [y for _, y in pixels]
    bounds = (min(xs), min(ys), max(xs), max(ys))
    width = 2 if rule.alarmed else 1
    if rule.kind == 1:
        draw.ellipse((xs[0] - 3, ys[0] - 3, xs[0] + 3, ys[0] + 3), outline=ink)
    elif rule.kind == 2:
        draw.line(pixels, fill=ink, width=width)
    elif rule.kind == 3:
        draw.rectangle(bounds, outline=ink, width=width)
    elif rule.kind == 5:
        draw.ellipse(bounds, outline=ink, width=width)
    else:
        draw.polygon(pixels, outline=ink, width=width)
    text = rule.name
    if rule.statistics:
        x, y = rule.statistics.highest_at
        draw.line((x - 5, y, x + 5, y), fill=ink)
        draw.line((x, y - 5, x, y + 5), fill=ink)
        text += f" {rule.statistics.highest:.1f}"
    inside = bounds[1] < 18
    label(
        draw,
        (min(bounds[0] + 3, WIDTH - 150), bounds[1] + 3 if inside else bounds[1] - 15),
        text,
        12,
    )


def _draw_band(
    image: Image.Image,
    draw: ImageDraw.ImageDraw,
    temperatures: Temperatures,
    band: int,
) -> None:
    """Draw the colours with the temperatures they stand for at the right edge."""
    top, bottom, left = 60, HEIGHT - 60, WIDTH - 20
    bar = np.repeat(palette(band)[::-1][:, None], 10, axis=1)
    image.paste(Image.fromarray(bar).resize((10, bottom - top)), (left, top))
    draw.rectangle((left - 1, top - 1, left + 10, bottom), outline=OUTLINE)
    label(draw, (left - 26, top - 17), f"{temperatures.max():.1f}", 12)
    label(draw, (left - 26, bottom + 3), f"{temperatures.min():.1f}", 12)


class Daylight:
    """The visible picture; call it from one thread at a time."""

    def __init__(self, seed: int, name: str) -> None:
        """Lay out the yard."""
        self._shapes = yard(seed)
        self._name = name
        self._still: dict[View, Image.Image] = {}

    def picture(self, seconds: float, view: View, now: datetime, lit: bool) -> Pixels:
        """Draw the yard as seen now, (height, width, 3); `lit` has the fill light on."""
        image = self._background(view).copy()
        draw = ImageDraw.Draw(image)
        for shape in [*_clouds(seconds, view), *_person(seconds)]:
            draw_shape(draw, view, shape, shape.colour)
        if lit:
            image = Image.blend(
                image, Image.new("RGB", image.size, (255, 248, 214)), 0.16
            )
            draw = ImageDraw.Draw(image)
        size = max(11, view.height // 32)
        label(draw, (size, size * 0.7), now.strftime("%Y-%m-%d %H:%M:%S"), size)
        label(draw, (size, view.height - size * 2), self._name, size)
        if view.pan or view.tilt or view.zoom != 1:
            text = f"pan {view.pan:.1f}\u00b0  tilt {view.tilt:.1f}\u00b0  x{view.zoom:.1f}"
            label(draw, (view.width - size * 14, view.height - size * 2), text, size)
        return np.asarray(image)

    def _background(self, view: View) -> Image.Image:
        """Return what never moves, drawn anew when the camera did; one picture per size is kept."""
        if view not in self._still:
            size = (view.width, view.height)
            self._still = {
                known: image
                for known, image in self._still.items()
                if (known.width, known.height) != size
            }
            self._still[view] = self._draw_background(view)
        return self._still[view]

    def _draw_background(self, view: View) -> Image.Image:
        """Draw sky, ground and everything that stands still, at twice the size so that edges come out smooth."""
        large = View(view.pan, view.tilt, view.zoom, view.width * 2, view.height * 2)
        rows = np.arange(large.height)
        elevation = large.tilt - (rows - large.height / 2) / large.scale
        column = np.empty((large.height, 3))
        for channel, (low, high, near, far) in enumerate(
            ((214, 92, 118, 166), (228, 148, 122, 170), (236, 208, 104, 148))
        ):
            sky = np.interp(elevation, [HORIZON, 22], [low, high])
            ground = np.interp(elevation, [GROUND_NEAR / 2, HORIZON], [near, far])
            column[:, channel] = np.where(elevation > HORIZON, sky, ground)
        pixels = np.repeat(column.astype(np.uint8)[:, None], large.width, axis=1)
        image = Image.fromarray(pixels)
        draw = ImageDraw.Draw(image)
        for shape in self._shapes:
            draw_shape(draw, large, shape, shape.colour)
        sign_at = large.to_pixel((16.45, 4.75))
        draw.text(
            sign_at,
            "CONTROL ROOM",
            font=font(max(8, int(large.scale * 0.48))),
            fill=(70, 72, 76),
        )
        return image.resize((view.width, view.height), Image.Resampling.BOX)


def _clouds(seconds: float, view: View) -> list[Shape]:
    """Return a few clouds that drift to the right, only those in sight."""
    shapes = []
    for number in range(16):
        az = (number * 17.3 + seconds * (0.5 + number % 3 * 0.14)) % 260 - 130
        if abs(az - view.pan) > FIELD_OF_VIEW / 2 / view.zoom + 8:
            continue
        el, size = 11.4 + number * 5 % 7 * 0.9, 1.2 + number % 4 * 0.3
        shade = 236 + number % 3 * 6
        shapes += [
            ellipse(
                (az + dx * size, el + dy * size),
                across * size,
                up * size,
                (shade, shade, min(255, shade + 6)),
                0,
            )  # fmt: skip
            for dx, dy, across, up in (
                (-1.5, 0.0, 1.3, 0.42),
                (1.4, 0.0, 1.4, 0.45),
                (-0.4, 0.3, 1.2, 0.62),
                (0.7, 0.25, 1.0, 0.55),
            )
        ]
    return shapes


def _person(seconds: float) -> list[Shape]:
    """Return the walking person, in a vest and a helmet."""
    (x, y), to_the_right = person_place(seconds)
    stride = 0.55 * (abs(seconds * 2 % 2 - 1) * 2 - 1)
    forward = 0.12 if to_the_right else -0.12
    trousers, vest, skin = (52, 58, 74), (236, 122, 32), (206, 160, 128)
    return [
        ellipse((x, y), 0.9, 0.16, (110, 112, 104), 0),
        line((x, y + 2.2), (x - stride, y), 0.34, trousers, 0),
        line((x, y + 2.2), (x + stride, y), 0.34, (44, 50, 64), 0),
        box(x - 0.5, y + 2.0, x + 0.5, y + 4.3, vest, 0),
        box(x - 0.5, y + 3.0, x + 0.5, y + 3.25, (232, 232, 206), 0),
        line((x, y + 4.0), (x + stride * 0.9, y + 2.5), 0.26, (214, 104, 26), 0),
        ellipse((x + forward, y + 4.95), 0.38, 0.48, skin, 0),
        Shape(
            "polygon",
            (
                (x - 0.46 + forward, y + 5.05),
                (x - 0.36 + forward, y + 5.5),
                (x + 0.36 + forward, y + 5.5),
                (x + 0.46 + forward, y + 5.05),
            ),
            (244, 208, 52),
            0,
        ),  # fmt: skip
    ]
