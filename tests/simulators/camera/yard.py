"""What the camera looks at: a small substation yard, as shapes that have both a colour and a temperature.

Places are degrees: azimuth to the right, elevation upwards, (0, 0) straight ahead.
"""

from dataclasses import dataclass
import math
import random
from typing import Literal

type Colour = tuple[int, int, int]
type Place = tuple[float, float]

# Horizontal field of view without zoom, degrees.
FIELD_OF_VIEW = 50.0
HORIZON = 2.5
GROUND_NEAR, GROUND_FAR = -32.0, HORIZON


@dataclass(frozen=True)
class View:
    """Where the camera looks and how many pixels it has."""

    pan: float
    tilt: float
    zoom: float
    width: int
    height: int

    @property
    def scale(self) -> float:
        """Pixels per degree."""
        return self.width * self.zoom / FIELD_OF_VIEW

    def to_pixel(self, place: Place) -> Place:
        """Return the pixel of a place, from the upper left corner."""
        return (
            self.width / 2 + (place[0] - self.pan) * self.scale,
            self.height / 2 - (place[1] - self.tilt) * self.scale,
        )

    def to_place(self, pixel: Place) -> Place:
        """Return the place of a pixel."""
        return (
            self.pan + (pixel[0] - self.width / 2) / self.scale,
            self.tilt - (pixel[1] - self.height / 2) / self.scale,
        )


@dataclass(frozen=True)
class Shape:
    """One thing in the yard; a line has a width in degrees."""

    kind: Literal["polygon", "ellipse", "line"]
    places: tuple[Place, ...]
    colour: Colour
    temperature: float
    width: float = 0.0


def box(
    left: float,
    bottom: float,
    right: float,
    top: float,
    colour: Colour,
    temperature: float,
) -> Shape:
    """Return an upright rectangle."""
    corners = ((left, bottom), (left, top), (right, top), (right, bottom))
    return Shape("polygon", corners, colour, temperature)


def line(
    start: Place, end: Place, width: float, colour: Colour, temperature: float
) -> Shape:
    """Return a line."""
    return Shape("line", (start, end), colour, temperature, width)


def ellipse(
    centre: Place, across: float, up: float, colour: Colour, temperature: float
) -> Shape:
    """Return an ellipse with these radii."""
    (x, y) = centre
    return Shape(
        "ellipse", ((x - across, y + up), (x + across, y - up)), colour, temperature
    )


def hills(randomness: random.Random) -> list[Shape]:
    """Return two ranges of hills around the horizon."""
    ranges: list[tuple[Colour, float, float, float]] = [
        ((142, 165, 178), 9.0, 4.2, 1.6),
        ((104, 135, 112), 11.0, 3.2, 0.9),
    ]
    shapes = []
    for colour, temperature, height, swing in ranges:
        phase = randomness.uniform(0, 2 * math.pi)
        ridge = [
            (
                az / 2,
                height
                + swing * math.sin(az / 21 + phase)
                + swing / 2 * math.sin(az / 8.3 + 2 * phase),
            )
            for az in range(-260, 261, 4)
        ]
        shapes.append(
            Shape(
                "polygon",
                ((-130, HORIZON - 1), *ridge, (130, HORIZON - 1)),
                colour,
                temperature,
            )
        )
    return shapes


def trees(randomness: random.Random) -> list[Shape]:
    """Return trees along the horizon, leaving the middle free."""
    shapes = []
    for _ in range(46):
        az = randomness.uniform(-120, 120)
        if -24 < az < 26:
            continue
        size = randomness.uniform(1.2, 2.4)
        green = randomness.randint(80, 110)
        shapes.append(
            box(az - 0.15, HORIZON - 1.4, az + 0.15, HORIZON + 1, (92, 72, 56), 12)
        )
        shapes.append(
            ellipse((az, HORIZON + size * 0.9), size * 0.8, size, (56, green, 62), 12.5)
        )
    return shapes


def fence() -> list[Shape]:
    """Return the fence behind everything."""
    shapes = [
        line((-120, y), (120, y), 0.09, (146, 150, 152), 14.5) for y in (1.2, 3.3)
    ]
    for post in range(-120, 121, 3):
        shapes.append(line((post, 0.3), (post, 3.7), 0.16, (128, 132, 136), 14.5))
        shapes.append(line((post, 1.2), (post + 1.5, 3.3), 0.04, (160, 164, 166), 14))
        shapes.append(
            line((post + 1.5, 3.3), (post + 3, 1.2), 0.04, (160, 164, 166), 14)
        )
    return shapes


def building() -> list[Shape]:
    """Return the control house on the right."""
    wall, shade = (205, 188, 160), (178, 160, 134)
    return [
        box(12.5, -4.4, 23.5, 5.6, wall, 18.5),
        box(21.2, -4.4, 23.5, 5.6, shade, 16.5),
        Shape(
            "polygon",
            ((11.8, 5.6), (13.4, 7.4), (22.8, 7.4), (24.1, 5.6)),
            (130, 74, 62),
            24.0,
        ),  # fmt: skip
        box(13.6, 0.6, 15.8, 3.4, (92, 118, 138), 20.5),
        box(13.8, 0.8, 14.6, 3.2, (158, 190, 208), 20.5),
        box(14.8, 0.8, 15.6, 3.2, (158, 190, 208), 20.5),
        box(17.2, -4.4, 19.6, 1.6, (84, 96, 104), 17.5),
        box(17.5, -4.4, 19.3, 1.3, (112, 126, 134), 17.5),
        ellipse((19.0, -1.6), 0.12, 0.12, (220, 200, 90), 17.5),
        box(16.2, 3.6, 20.6, 4.8, (240, 236, 220), 18.0),
        box(20.2, 7.4, 20.9, 9.0, (118, 84, 74), 33.0),
    ]


def transformer() -> list[Shape]:
    """Return the transformer on the left: tank, cooling fins, conservator and bushings."""
    steel, dark = (118, 130, 136), (88, 99, 105)
    shapes = [
        box(-18.2, -7.0, -5.2, -6.2, (150, 148, 142), 19.0),
        box(-16.5, -6.2, -7.0, 0.6, steel, 44.0),
        box(-16.5, 0.6, -7.0, 1.2, dark, 46.0),
        ellipse((-14.9, 3.0), 1.9, 0.75, (132, 144, 150), 37.0),
        box(-15.3, 1.2, -14.9, 2.6, dark, 39.0),
    ]
    for fin in range(10):
        left = -18.0 + fin * 0.24
        shapes.append(box(left, -5.6, left + 0.13, 0.0, dark, 41.0))
        left = -6.9 + fin * 0.24
        shapes.append(box(left, -5.6, left + 0.13, 0.0, dark, 40.0))
    for bushing in (-12.2, -10.2, -8.2):
        shapes.append(box(bushing - 0.1, 1.2, bushing + 0.1, 5.2, (96, 70, 58), 33.0))
        shapes += [
            ellipse((bushing, 1.6 + ring * 0.55), 0.42, 0.2, (138, 92, 70), 32.0)
            for ring in range(6)
        ]
    shapes.append(box(-13.6, -4.2, -11.6, -2.4, (232, 206, 72), 43.0))
    shapes.append(
        Shape(
            "polygon", ((-13.3, -4.0), (-12.6, -2.6), (-11.9, -4.0)), (40, 40, 40), 43.0
        )
    )
    return shapes


def gantry() -> list[Shape]:
    """Return the posts that carry the busbar, and the busbar with its drops to the transformer."""
    post, bar = (122, 126, 130), (176, 138, 92)
    shapes = []
    for az in (-20.5, 9.0):
        shapes.append(line((az, -5.5), (az, 9.2), 0.42, post, 15.0))
        shapes += [
            line((az - 0.5, y), (az + 0.5, y + 1.0), 0.08, post, 15.0)
            for y in range(-5, 8)
        ]
    shapes.append(line((-20.5, 8.6), (9.0, 8.6), 0.3, post, 14.5))
    for az in (-17, -8, 1, 7):
        shapes += [
            ellipse((az, 8.3 - ring * 0.28), 0.3, 0.12, (120, 78, 62), 16.0)
            for ring in range(4)
        ]
    shapes.append(line((-20.5, 7.2), (9.0, 7.2), 0.22, bar, 31.0))
    shapes += [
        line((az, 7.2), (az, 5.2), 0.08, bar, 30.0) for az in (-12.2, -10.2, -8.2)
    ]
    return shapes


def pump() -> list[Shape]:
    """Return the motor with its bearing and the cooling pump, in the middle foreground."""
    blue, grey = (52, 98, 150), (124, 128, 132)
    shapes = [
        box(0.6, -10.6, 10.6, -9.9, (150, 148, 142), 19.0),
        box(1.4, -9.9, 5.6, -6.4, blue, 31.0),
        box(2.6, -6.4, 4.2, -5.7, (44, 82, 126), 30.0),
        box(5.6, -8.6, 7.4, -7.7, grey, 28.0),
        ellipse((8.6, -8.1), 1.5, 1.7, (92, 120, 96), 24.0),
        ellipse((8.6, -8.1), 0.7, 0.8, (70, 96, 76), 24.0),
        box(8.2, -6.6, 9.0, -3.8, (92, 120, 96), 22.0),
        box(8.2, -4.6, 12.5, -3.8, (92, 120, 96), 21.0),
    ]
    shapes += [
        line(
            (1.6, -9.6 + rib * 0.42),
            (5.4, -9.6 + rib * 0.42),
            0.08,
            (40, 78, 122),
            31.0,
        )  # fmt: skip
        for rib in range(8)
    ]
    shapes.append(ellipse((6.2, -8.15), 0.75, 0.85, (158, 162, 166), 30.0))
    return shapes


def yard(seed: int) -> list[Shape]:
    """Return everything that stands still, farthest first."""
    randomness = random.Random(seed)
    road = Shape(
        "polygon",
        ((-5, 0.4), (1, 0.4), (16, GROUND_NEAR), (-40, GROUND_NEAR)),
        (138, 136, 132),
        20.0,
    )
    lamp = [
        line((27, -6), (27, 10), 0.3, (92, 96, 100), 15.0),
        line((27, 10), (24.6, 10.6), 0.22, (92, 96, 100), 15.0),
        ellipse((24.4, 10.4), 0.6, 0.25, (238, 236, 214), 26.0),
    ]
    return [
        *hills(randomness),
        *trees(randomness),
        *fence(),
        road,
        *building(),
        *gantry(),
        *transformer(),
        *pump(),
        *lamp,
    ]


# The hot places: the motor's bearing, a loose joint of the busbar, and where the person's path begins and ends.
BEARING: Place = (6.2, -8.15)
JOINT: Place = (-3.5, 7.2)
PATH: tuple[Place, Place] = ((-24.0, -9.5), (24.0, -6.0))
PERSON_PERIOD = 44.0


def person_place(seconds: float) -> tuple[Place, bool]:
    """Return where the walking person's feet are, and whether the person walks to the right."""
    phase = (seconds / PERSON_PERIOD) % 1.0
    way = 2 * phase if phase < 0.5 else 2 - 2 * phase
    (x0, y0), (x1, y1) = PATH
    return (x0 + (x1 - x0) * way, y0 + (y1 - y0) * way), phase < 0.5
