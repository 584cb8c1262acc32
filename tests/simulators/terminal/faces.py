"""Drawn pictures of people: a portrait as a terminal crops it, and a scene at the door as it photographs it.

The same name always looks the same, so that a person at a dashboard recognises who was at the door.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
import math
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.simulators.terminal.looks import Colour, Look, darker, lighter, look_of

PORTRAIT_SIZE = (480, 600)
SCENE_SIZE = (1280, 720)

# Drawn larger and scaled down, which smooths edges.
OVERSAMPLING = 2
QUALITIES = (92, 86, 80, 74, 66, 58, 50, 40, 30, 20)

MASK: Colour = (168, 206, 222)
LIPS: Colour = (176, 84, 84)
WHITE: Colour = (250, 250, 248)
BLACK: Colour = (24, 22, 24)


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws in face units: the middle of the head is 0/0, the head is 200 wide and 260 high."""

    draw: ImageDraw.ImageDraw
    x: float
    y: float
    scale: float

    def at(self, *points: tuple[float, float]) -> list[tuple[float, float]]:
        """Return picture coordinates."""
        return [
            (self.x + px * self.scale, self.y + py * self.scale) for px, py in points
        ]

    def ellipse(
        self, left: float, top: float, right: float, bottom: float, colour: Colour
    ) -> None:
        """Fill an ellipse."""
        self.draw.ellipse(self.at((left, top), (right, bottom)), fill=colour)

    def polygon(self, points: list[tuple[float, float]], colour: Colour) -> None:
        """Fill a polygon."""
        self.draw.polygon(self.at(*points), fill=colour)

    def line(
        self, points: list[tuple[float, float]], colour: Colour, width: float
    ) -> None:
        """Draw a line with round corners."""
        self.draw.line(
            self.at(*points),
            fill=colour,
            width=max(1, round(width * self.scale)),
            joint="curve",
        )

    def arc(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        start: float,
        end: float,
        colour: Colour,
        width: float,
    ) -> None:
        """Draw a part of an ellipse, in degrees clockwise from three o'clock."""
        self.draw.arc(
            self.at((left, top), (right, bottom)),
            start,
            end,
            fill=colour,
            width=max(1, round(width * self.scale)),
        )

    def rounded(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        radius: float,
        colour: Colour,
    ) -> None:
        """Fill a rectangle with round corners."""
        self.draw.rounded_rectangle(
            self.at((left, top), (right, bottom)), radius * self.scale, fill=colour
        )


def _head_outline(grow: float = 0) -> list[tuple[float, float]]:
    """Return the outline of a head: an egg with a narrower jaw."""
    points = []
    for step in range(72):
        angle = math.radians(step * 5)
        y = math.sin(angle) * (130 + grow)
        jaw = 1 - 0.24 * max(0.0, y / 130) ** 2
        points.append((math.cos(angle) * (100 + grow) * jaw, y))
    return points


def _below(points: list[tuple[float, float]], top: float) -> list[tuple[float, float]]:
    return [point for point in points if point[1] >= top]


def _draw_body(pen: Pen, look: Look, bottom: float) -> None:
    pen.rounded(-225, 175, 225, bottom + 200, 125, darker(look.clothes, 0.9))
    pen.rounded(-215, 170, 205, bottom + 200, 125, look.clothes)
    pen.rounded(-50, 70, 50, 205, 40, darker(look.skin, 0.8))
    if look.collar == "shirt":
        pen.polygon([(-58, 162), (0, 255), (-92, 230)], WHITE)
        pen.polygon([(58, 162), (0, 255), (92, 230)], WHITE)
        pen.polygon(
            [(-14, 232), (14, 232), (24, 370), (0, 400), (-24, 370)],
            darker(look.clothes, 0.55),
        )
        return
    if look.collar == "vest":
        pen.polygon(
            [(-130, 174), (-78, 170), (-40, bottom), (-128, bottom)], (244, 196, 48)
        )
        pen.polygon(
            [(130, 174), (78, 170), (40, bottom), (128, bottom)], (244, 196, 48)
        )
    pen.polygon([(-52, 165), (52, 165), (0, 232)], darker(look.skin, 0.86))


def _draw_hair_behind(pen: Pen, look: Look) -> None:
    if look.hair_style == "long":
        pen.rounded(-128, -130, 128, 260, 110, darker(look.hair, 0.8))
    elif look.hair_style == "scarf":
        pen.rounded(-135, -165, 135, 285, 120, darker(look.hair, 0.82))
    elif look.hair_style == "bun":
        pen.ellipse(-52, -215, 52, -115, darker(look.hair, 0.85))
    elif look.hair_style == "curly":
        for step in range(14):
            angle = math.radians(180 + step * 180 / 13)
            x, y = math.cos(angle) * 105, -30 + math.sin(angle) * 112
            pen.ellipse(
                x - 42,
                y - 42,
                x + 42,
                y + 42,
                look.hair if step % 2 else darker(look.hair, 0.85),
            )


def _draw_hair(pen: Pen, look: Look) -> None:
    cap = [point for point in _head_outline(8) if point[1] <= -38]
    shine = lighter(look.hair, 0.16)
    if look.hair_style == "bald":
        pen.arc(-60, -124, 30, -60, 200, 280, lighter(look.skin, 0.4), 5)
        return
    if look.hair_style == "scarf":
        ring = _head_outline(20)
        pen.polygon([*ring], look.hair)
        pen.polygon([(x * 0.83, y * 0.86 + 14) for x, y in _head_outline()], look.skin)
        pen.arc(-116, -146, 116, 120, 205, 335, shine, 7)
        return
    if look.hair_style in {"long", "bun"}:
        pen.polygon(
            [*cap, (106, -8), (88, -40), (40, -78), (-16, -96), (-72, -60), (-106, -8)],
            look.hair,
        )
    elif look.hair_style == "curly":
        pen.polygon([*cap, (90, -62), (0, -84), (-90, -62)], look.hair)
        for x in range(-84, 85, 28):
            pen.ellipse(x - 24, -122, x + 24, -74, look.hair)
    else:
        pen.polygon(
            [
                *cap,
                (100, -14),
                (86, -62),
                (50, -88),
                (-30, -78),
                (-84, -60),
                (-100, -14),
            ],
            look.hair,
        )
    pen.arc(-80, -126, 60, -20, 215, 285, shine, 9)


def _draw_beard(pen: Pen, look: Look) -> None:
    if look.beard == "none":
        return
    jaw = _below(_head_outline(5 if look.beard == "full" else 2), 34)
    colour = (
        look.hair
        if look.beard == "full"
        else tuple((a * 2 + b) // 3 for a, b in zip(look.skin, look.hair, strict=True))
    )
    right = [point for point in jaw if point[0] >= 0]
    left = [point for point in jaw if point[0] < 0]
    # The points run clockwise: right cheek, chin, left cheek; then back along the upper lip.
    shape = [*right, *left, (-62, 52), (-40, 48), (0, 42), (40, 48), (62, 52)]
    pen.polygon(shape, (colour[0], colour[1], colour[2]))


def _draw_features(pen: Pen, look: Look, mask: bool) -> None:
    for side in (-1, 1):
        x = 42 * side
        pen.ellipse(x - 23, -27, x + 23, 3, WHITE)
        pen.ellipse(x - 13, -26, x + 13, 1, look.eyes)
        pen.ellipse(x - 6, -19, x + 6, -6, BLACK)
        pen.ellipse(x + 1, -22, x + 7, -16, WHITE)
        pen.arc(x - 25, -29, x + 25, 5, 195, 345, darker(look.skin, 0.45), 5)
        pen.arc(
            x - 30,
            -56,
            x + 30,
            -22,
            212,
            328,
            darker(look.hair if look.hair_style != "scarf" else (60, 44, 38), 0.8),
            8,
        )
    pen.line([(5, -12), (14, 34), (3, 41), (-10, 39)], darker(look.skin, 0.78), 5)
    if mask:
        return
    _draw_beard(pen, look)
    pen.arc(
        -34,
        48,
        34,
        88,
        20,
        160,
        LIPS if look.beard == "none" else lighter(LIPS, 0.15),
        9,
    )
    pen.line([(-33, 73), (-20, 78), (0, 80), (20, 78), (33, 73)], darker(LIPS, 0.6), 4)


def _draw_mask(pen: Pen) -> None:
    pen.line([(-98, -6), (-70, 26)], darker(MASK, 0.9), 5)
    pen.line([(98, -6), (70, 26)], darker(MASK, 0.9), 5)
    jaw = _below(_head_outline(6), 30)
    pen.polygon([*jaw, (-78, 28), (0, 10), (78, 28)], MASK)
    for y in (48, 70, 92):
        pen.arc(-80, y - 26, 80, y + 14, 20, 160, darker(MASK, 0.85), 3)


def _draw_glasses(pen: Pen) -> None:
    for side in (-1, 1):
        x = 43 * side
        pen.draw.rounded_rectangle(
            pen.at((x - 36, -38), (x + 36, 16)),
            18 * pen.scale,
            outline=BLACK,
            width=max(1, round(6 * pen.scale)),
        )
        pen.line([(x + 36 * side, -18), (104 * side, -24)], BLACK, 5)
    pen.arc(-14, -26, 14, 0, 200, 340, BLACK, 5)


def _shade(image: Image.Image, pen: Pen) -> None:
    """Lay soft light over the left and shadow over the right half of the face, so that it looks round."""
    inside = Image.new("L", image.size)
    ImageDraw.Draw(inside).polygon(pen.at(*_head_outline()), fill=255)
    for colour, strength, shift in ((BLACK, 70, 95), (WHITE, 62, -75)):
        spot = Image.new("L", image.size)
        ImageDraw.Draw(spot).ellipse(
            pen.at((shift - 55, -120), (shift + 55, 120)), fill=strength
        )
        spot = spot.filter(ImageFilter.GaussianBlur(34 * pen.scale))
        empty = Image.new("L", image.size)
        image.paste(colour, mask=Image.composite(spot, empty, inside))


def _draw_person(
    image: Image.Image, look: Look, x: float, y: float, scale: float, *, mask: bool
) -> None:
    """Draw head and shoulders with the middle of the head at x/y."""
    pen = Pen(ImageDraw.Draw(image), x, y, scale)
    _draw_hair_behind(pen, look)
    _draw_body(pen, look, (image.height - y) / scale)
    for side in (-1, 1):
        pen.ellipse(side * 100 - 20, -24, side * 100 + 20, 36, darker(look.skin, 0.9))
    pen.polygon(_head_outline(), look.skin)
    if look.hair_style == "scarf":
        _draw_hair(pen, look)
        _shade(image, pen)
        _draw_features(pen, look, mask)
    else:
        _shade(image, pen)
        _draw_features(pen, look, mask)
        _draw_hair(pen, look)
    if mask:
        _draw_mask(pen)
    if look.glasses:
        _draw_glasses(pen)


def _grain(image: Image.Image, seed: str) -> Image.Image:
    """Add a little noise of a camera's sensor, the same every time."""
    noise = Image.frombytes(
        "L", image.size, Random(seed).randbytes(image.width * image.height)
    ).convert("RGB")
    return Image.blend(image, noise, 0.035)


def _gradient(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    return Image.composite(
        Image.new("RGB", size, bottom),
        Image.new("RGB", size, top),
        Image.linear_gradient("L").resize(size),
    )


@lru_cache(maxsize=64)
def _drawn_portrait(identity: str, label: str, mask: bool) -> Image.Image:
    width, height = (side * OVERSAMPLING for side in PORTRAIT_SIZE)
    look = look_of(identity)
    image = _gradient(
        (width, height), lighter(look.background, 0.35), darker(look.background, 0.6)
    )
    _draw_person(image, look, width / 2, height * 0.42, 1.16 * OVERSAMPLING, mask=mask)
    image = image.resize(PORTRAIT_SIZE, Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, PORTRAIT_SIZE[1] - 54, *PORTRAIT_SIZE), fill=(20, 26, 34))
    draw.text(
        (PORTRAIT_SIZE[0] / 2, PORTRAIT_SIZE[1] - 27),
        label,
        WHITE,
        ImageFont.load_default(28),
        anchor="mm",
    )
    return _grain(image, identity)


@lru_cache(maxsize=64)
def portrait(
    identity: str, *, label: str, mask: bool = False, kilobytes: int = 40
) -> bytes:
    """Return the close-up of a person as JPEG of so many kilobytes (1000 bytes), 480x600, labelled."""
    return sized_jpeg(_drawn_portrait(identity, label, mask), kilobytes)


def portrait_png(identity: str, *, label: str, mask: bool = False) -> bytes:
    """Return the close-up as PNG."""
    out = BytesIO()
    _drawn_portrait(identity, label, mask).save(out, "PNG")
    return out.getvalue()


@lru_cache(maxsize=64)
def _drawn_scene(identity: str | None, mask: bool) -> Image.Image:
    width, height = SCENE_SIZE
    image = _gradient(SCENE_SIZE, (186, 194, 200), (146, 150, 152))
    draw = ImageDraw.Draw(image)
    for row in range(10):
        for column in range(-1, 12):
            left = column * 124 + (row % 2) * 62
            tone = 158 + (row * 7 + column * 11) % 16
            draw.rectangle(
                (left, row * 56, left + 120, row * 56 + 52),
                fill=(tone, tone - 12, tone - 24),
            )
    draw.polygon(
        [(0, 560), (width, 560), (width, height), (0, height)], fill=(104, 106, 110)
    )
    for x in range(-6, 20):
        draw.line(
            [(width / 2 + (x - 7) * 70, 560), (width / 2 + (x - 7) * 190, height)],
            fill=(90, 92, 96),
            width=2,
        )
    draw.rectangle((820, 40, 1130, 562), fill=(58, 66, 76))
    draw.rectangle((836, 56, 1114, 562), fill=(38, 92, 120))
    draw.polygon([(836, 56), (960, 56), (836, 300)], fill=(62, 122, 152))
    draw.polygon([(1010, 562), (1114, 360), (1114, 562)], fill=(50, 106, 136))
    draw.rounded_rectangle((852, 300, 866, 400), 7, fill=(210, 214, 218))
    draw.rounded_rectangle((1160, 240, 1220, 360), 10, fill=(30, 32, 36))
    draw.rectangle((1168, 252, 1212, 320), fill=(70, 150, 190))
    draw.rounded_rectangle((880, 8, 1070, 34), 6, fill=(30, 110, 60))
    draw.text((975, 21), "MAIN GATE", WHITE, ImageFont.load_default(18), anchor="mm")
    if identity is not None:
        large = image.resize((width * OVERSAMPLING, height * OVERSAMPLING))
        _draw_person(
            large,
            look_of(identity),
            520 * OVERSAMPLING,
            270 * OVERSAMPLING,
            1.05 * OVERSAMPLING,
            mask=mask,
        )
        image = large.resize(SCENE_SIZE, Image.Resampling.LANCZOS)
    return _grain(image, identity or "")


# Where a face is in a scene: left, top, width, height in pixels.
FACE_IN_SCENE = (415, 134, 210, 273)
# Where a face is in the portrait.
FACE_IN_PORTRAIT = (124, 101, 232, 302)


def scene(
    identity: str | None,
    *,
    lines: tuple[str, ...],
    mask: bool = False,
    kilobytes: int = 110,
) -> bytes:
    """Return the door with a person (or nobody) and text in its corner as JPEG of so many kilobytes, 1280x720."""
    image = _drawn_scene(identity, mask).copy()
    draw = ImageDraw.Draw(image)
    for index, line in enumerate(lines):
        draw.text(
            (24, 20 + index * 36),
            line,
            WHITE,
            ImageFont.load_default(28),
            stroke_width=2,
            stroke_fill=BLACK,
        )
    return sized_jpeg(image, kilobytes)


def sized_jpeg(image: Image.Image, kilobytes: int) -> bytes:
    """Return a JPEG of that size: the best quality that fits, filled up with comment segments.

    A picture that cannot be made that small is as small as it gets.
    """
    size = kilobytes * 1000
    data = b""
    for quality in QUALITIES:
        out = BytesIO()
        image.save(out, "JPEG", quality=quality)
        data = out.getvalue()
        if len(data) <= size:
            break
    missing = size - len(data)
    comments = b""
    while missing >= 4:
        length = min(missing - 2, 0xFFFF)
        comments += b"\xff\xfe" + length.to_bytes(2) + bytes(length - 2)
        missing -= length + 2
    return data[:2] + comments + data[2:]


def waiting_picture() -> Image.Image:
    """Return what the screen shows while nobody is there."""
    image = _gradient((600, 1024), (24, 60, 92), (10, 20, 34))
    ImageDraw.Draw(image).text(
        (300, 480), "Welcome", WHITE, ImageFont.load_default(72), anchor="mm"
    )
    return image
