"""The thermal picture: temperatures of the yard with things that warm up, cool down and move.

The sensor module sees 256x192 pixels, the camera puts out 512x384. Everything follows from the seed and the time.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import lru_cache
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from .yard import (
    BEARING,
    GROUND_FAR,
    GROUND_NEAR,
    JOINT,
    Place,
    Shape,
    View,
    person_place,
    yard,
)

type Temperatures = NDArray[np.float32]

MODULE_WIDTH, MODULE_HEIGHT = 256, 192
WIDTH, HEIGHT = 512, 384
FRAMES_PER_SECOND = 10
FRAMES_KEPT = 4

BEARING_COOL, BEARING_HOT = 52.0, 98.0
JOINT_COOL, JOINT_HOT = 48.0, 57.0
SKY_HIGH, SKY_LOW = -12.0, 6.0
GROUND_FAR_TEMPERATURE, GROUND_NEAR_TEMPERATURE = 15.0, 22.0
PERSON_TEMPERATURE = 34.0


@dataclass(frozen=True)
class Spot:
    """A round hot or cold place: where, how large (degrees), how hot its middle is."""

    place: Place
    radius: float
    temperature: float


@dataclass(frozen=True)
class Statistics:
    """Degrees Celsius, rounded as a camera tells them."""

    highest: float
    lowest: float
    average: float
    # Where the highest and lowest are: pixels counted from 1.
    highest_at: tuple[int, int]
    lowest_at: tuple[int, int]


def bearing_temperature(seconds: float, period: float) -> float:
    """Return the temperature of the motor's bearing, which swings once in a period; without one it stays cool."""
    if period <= 0:
        return BEARING_COOL
    swing = 0.5 - 0.5 * math.cos(2 * math.pi * seconds / period)
    return BEARING_COOL + (BEARING_HOT - BEARING_COOL) * swing


def draw_shape(draw: ImageDraw.ImageDraw, view: View, shape: Shape, fill: Any) -> None:
    """Draw one thing into a picture seen from a view."""
    pixels = [view.to_pixel(place) for place in shape.places]
    if shape.kind == "line":
        draw.line(pixels, fill=fill, width=max(1, round(shape.width * view.scale)))
    elif shape.kind == "ellipse":
        draw.ellipse(pixels, fill=fill)
    else:
        draw.polygon(pixels, fill=fill)


class Scene:
    """Temperatures in degrees Celsius as arrays of rows; call it from one thread at a time."""

    def __init__(self, seed: int, alarm_period: float) -> None:
        """Lay out the yard."""
        self._seed = seed
        self._period = alarm_period
        self._shapes = yard(seed)
        self._background_of: View | None = None
        self._background: Temperatures = np.zeros(
            (MODULE_HEIGHT, MODULE_WIDTH), np.float32
        )
        self._texture = _texture(seed)
        self._frames: OrderedDict[object, Temperatures] = OrderedDict()
        # Hot and cold places that alarms staged by hand add, by their name.
        self.staged: dict[str, Spot] = {}

    def spots(self, seconds: float) -> list[Spot]:
        """Return what is hot now, the walking person included."""
        joint = JOINT_COOL + (JOINT_HOT - JOINT_COOL) * (
            0.5 + 0.5 * math.sin(seconds / 7)
        )
        (x, y), _ = person_place(seconds)
        person = [
            Spot((x, y + up), radius, PERSON_TEMPERATURE - cooler)
            for up, radius, cooler in (
                (5.0, 0.42, 0.0),
                (3.9, 0.62, 3.0),
                (3.2, 0.62, 3.5),
                (2.4, 0.55, 4.0),
                (1.5, 0.42, 6.0),
                (0.7, 0.36, 8.0),
            )
        ]
        return [
            Spot(BEARING, 1.0, bearing_temperature(seconds, self._period)),
            Spot(
                (3.6, -8.0),
                2.2,
                36
                + 0.18
                * (bearing_temperature(seconds - 4, self._period) - BEARING_COOL),
            ),  # fmt: skip
            Spot(JOINT, 0.5, joint),
            *person,
            *self.staged.values(),
        ]

    def module(self, seconds: float, view: View) -> Temperatures:
        """Return what the sensor module sees, (192, 256); the size of the view does not matter."""
        frame_number = int(seconds * FRAMES_PER_SECOND)
        small = replace(view, width=MODULE_WIDTH, height=MODULE_HEIGHT)
        key = (frame_number, small, tuple(self.staged.items()))
        if (found := self._frames.get(key)) is not None:
            return found
        picture = self._still(small).copy()
        for spot in self.spots(frame_number / FRAMES_PER_SECOND):
            _heat(picture, small, spot)
        noise = np.random.default_rng((self._seed, frame_number))
        picture += noise.standard_normal(picture.shape, np.float32) * np.float32(0.08)
        self._frames[key] = picture
        if len(self._frames) > FRAMES_KEPT:
            self._frames.popitem(last=False)
        return picture

    def output(self, seconds: float, view: View) -> Temperatures:
        """Return the picture at output size, (384, 512)."""
        image = Image.fromarray(self.module(seconds, view))
        return np.asarray(image.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR))

    def _still(self, view: View) -> Temperatures:
        """Return what never moves, drawn anew when the camera did."""
        if view == self._background_of:
            return self._background
        rows = np.arange(view.height, dtype=np.float32)
        elevation = view.tilt - (rows - view.height / 2) / view.scale
        sky = np.interp(elevation, [GROUND_FAR, 30], [SKY_LOW, SKY_HIGH])
        ground = np.interp(
            elevation,
            [GROUND_NEAR, GROUND_FAR],
            [GROUND_NEAR_TEMPERATURE, GROUND_FAR_TEMPERATURE],
        )
        column = np.where(elevation > GROUND_FAR, sky, ground).astype(np.float32)
        image = Image.fromarray(np.repeat(column[:, None], view.width, axis=1))
        draw = ImageDraw.Draw(image)
        for shape in self._shapes:
            draw_shape(draw, view, shape, shape.temperature)
        self._background = np.asarray(image) + self._seen_texture(view)
        self._background_of = view
        return self._background

    def _seen_texture(self, view: View) -> Temperatures:
        """Return the part of the texture that belongs to a view, so that it moves with the yard."""
        height, width = self._texture.shape
        columns = (np.arange(view.width) - view.width / 2) / view.scale + view.pan
        rows = view.tilt - (np.arange(view.height) - view.height / 2) / view.scale
        return self._texture[
            np.ix_((rows * 5).astype(int) % height, (columns * 5).astype(int) % width)
        ]


@lru_cache(maxsize=4)
def _texture(seed: int) -> Temperatures:
    """Return blotches of a degree or so, 256x256."""
    coarse = np.random.default_rng(seed).standard_normal((32, 32), np.float32)
    smooth = Image.fromarray(coarse).resize((256, 256), Image.Resampling.BICUBIC)
    fine = np.random.default_rng(seed + 1).standard_normal((256, 256), np.float32)
    return np.asarray(smooth) * np.float32(0.5) + fine * np.float32(0.25)


def _heat(picture: Temperatures, view: View, spot: Spot) -> None:
    """Pull the temperatures around a spot towards it, most in its middle."""
    x, y = view.to_pixel(spot.place)
    radius = max(spot.radius * view.scale, 0.8)
    reach = math.ceil(radius * 2.2)
    left, right = max(0, int(x) - reach), min(view.width, int(x) + reach + 1)
    top, bottom = max(0, int(y) - reach), min(view.height, int(y) + reach + 1)
    if left >= right or top >= bottom:
        return
    ys, xs = np.ogrid[top:bottom, left:right]
    distance = ((xs - x) ** 2 + (ys - y) ** 2) / radius**2
    pull = np.exp(-(distance**1.5)).astype(np.float32)
    patch = picture[top:bottom, left:right]
    patch += (np.float32(spot.temperature) - patch) * pull


@lru_cache(maxsize=128)
def mask_of(kind: int, points: tuple[tuple[int, int], ...]) -> NDArray[np.bool_]:
    """Return the pixels of a rule's shape at output size; points count from 1."""
    image = Image.new("1", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(image)
    pixels = [(x - 1, y - 1) for x, y in points]
    xs, ys = [x for x, _ in pixels], [y for _, y in pixels]
    bounds = (min(xs), min(ys), max(xs), max(ys))
    if kind == 1:
        draw.point(pixels, fill=1)
    elif kind == 2:
        draw.line(pixels, fill=1)
    elif kind == 3:
        draw.rectangle(bounds, fill=1)
    elif kind == 5:
        draw.ellipse(bounds, fill=1)
    else:
        draw.polygon(pixels, fill=1, outline=1)
    return np.asarray(image, dtype=np.bool_)


def shield_mask(rects: list[dict[str, int]]) -> NDArray[np.bool_]:
    """Return the pixels where nothing is measured; rectangles are cut at the border."""
    mask = np.zeros((HEIGHT, WIDTH), np.bool_)
    for rect in rects:
        left, top = max(rect["x"], 1) - 1, max(rect["y"], 1) - 1
        mask[top : top + rect["h"], left : left + rect["w"]] = True
    return mask


def statistics(picture: Temperatures, mask: NDArray[np.bool_]) -> Statistics | None:
    """Return the statistics of the pixels of a mask, or None when it has none."""
    ys, xs = np.nonzero(mask)
    if not len(ys):
        return None
    values = picture[ys, xs]
    high, low = int(values.argmax()), int(values.argmin())
    return Statistics(
        round(float(values[high]), 1),
        round(float(values[low]), 1),
        round(float(values.mean()), 1),
        (int(xs[high]) + 1, int(ys[high]) + 1),
        (int(xs[low]) + 1, int(ys[low]) + 1),
    )
