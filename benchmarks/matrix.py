"""What a temperature matrix costs: decoding it, measuring 20 polygons, and making a picture of it.

Usage: python -m benchmarks.matrix [--rounds N]   (in the test environment, .venv/bin/python)

The matrices are as devices send them, of a simulated yard. Everything runs in one thread, in turns and in changing order, so that
what else the machine does hits all alike; absolute figures depend on it, the ratios say what can be compared. Baselines: base64
decoding alone, Pillow compressing the same finished picture alone, and decoding and measuring the same polygons with a loop over
their pixels in plain Python.
"""

import argparse
import base64
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
import math
import random
import statistics as figures
import struct
import time

import numpy as np
from PIL import Image

from custom_components.thermogate.guide import Shape
from custom_components.thermogate.guide.matrix import TemperatureMatrix, decode_matrix
from custom_components.thermogate.guide.matrix_statistics import statistics
from custom_components.thermogate.guide.region_pixels import pixels_of
from custom_components.thermogate.guide.regions import Region, Unit
from custom_components.thermogate.guide.thermogram import Look, thermogram
from custom_components.thermogate.guide.wire import Message
from tests.simulators.camera.scene import Scene
from tests.simulators.camera.yard import View

POLYGONS = 20
# As many as a rule of the camera has.
CORNERS = 7
NOW = datetime(2026, 1, 1, tzinfo=UTC)
# The budgets in milliseconds hold for 512x384 with two bytes per pixel.
MEASURED, PICTURED = "decoding and 20 polygons", "... and a JPEG"
BUDGETS = {MEASURED: 1.5, PICTURED: 5.0}


def answer(width: int, height: int, pixel_type: str) -> Message:
    """Return what the camera answers to command 530."""
    module = Scene(1, 60.0).module(20.0, View(0, 0, 1, width, height))
    celsius = Image.fromarray(module).resize((width, height))
    hundredths = np.round(np.asarray(celsius) * 100).astype(pixel_type)
    text = base64.b64encode(hundredths.tobytes()).decode()
    return {"temps": text, "width": width, "height": height}


def polygons() -> list[Region]:
    """Return polygons of different sizes, which together cover the picture more than once."""
    chance = random.Random(1)
    found = []
    for _ in range(POLYGONS):
        x, y = chance.uniform(0.25, 0.75), chance.uniform(0.25, 0.75)
        points = []
        for corner in range(CORNERS):
            angle, reach = math.tau * corner / CORNERS, chance.uniform(0.06, 0.24)
            points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
        found.append(
            Region(shape=Shape.POLYGON, points=tuple(points), unit=Unit.FRACTIONS)
        )
    return found


def measured(message: Message, regions: list[Region]) -> TemperatureMatrix:
    """Decode a matrix and measure the regions."""
    matrix = decode_matrix(message, taken_at=NOW)
    for region in regions:
        statistics(matrix, region)
    return matrix


def looped(message: Message, places: list[list[int]], width: int, letter: str) -> None:
    """Do the same as `measured` without NumPy; the pixels of the regions are known already here too."""
    raw = base64.b64decode(message["temps"])
    pixels = struct.unpack(f"<{len(raw) // struct.calcsize(letter)}{letter}", raw)
    for region in places:
        highest, lowest, total, squares = -math.inf, math.inf, 0, 0
        hottest = coldest = 0
        for place in region:
            value = pixels[place]
            if not -4000 <= value <= 200_000:
                continue
            total += value
            squares += value * value
            if value > highest:
                highest, hottest = value, place
            if value < lowest:
                lowest, coldest = value, place
        count = len(region)
        math.sqrt(count * squares - total * total) / count
        divmod(hottest, width), divmod(coldest, width)


def compressed(image: Image.Image) -> None:
    """Compress a picture as a thermogram is."""
    image.save(BytesIO(), "JPEG", quality=88, subsampling=0)


def milliseconds(work: Callable[[], object]) -> float:
    """Return what something takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def measure(width: int, height: int, bits: int, rounds: int) -> None:
    """Print a table for matrices of a size."""
    message = answer(width, height, f"<i{bits // 8}")
    regions = polygons()
    places = [pixels_of(region, (width, height)).tolist() for region in regions]
    outlines = {f"polygon {number}": region for number, region in enumerate(regions)}
    matrix = decode_matrix(message, taken_at=NOW)
    image = Image.open(BytesIO(thermogram(matrix).data))
    image.load()
    pixels_of.cache_clear()
    first = milliseconds(lambda: measured(message, regions))
    bare, loop = "base64 decoding alone", "the same in a Python loop"
    jpeg = "JPEG of the finished picture alone"
    work: dict[str, Callable[[], object]] = {
        bare: lambda: base64.b64decode(message["temps"]),
        "decoding": lambda: decode_matrix(message, taken_at=NOW),
        MEASURED: lambda: measured(message, regions),
        loop: lambda: looped(message, places, width, {16: "h", 32: "i"}[bits]),
        jpeg: lambda: compressed(image),
        PICTURED: lambda: thermogram(measured(message, regions)),
        "... with 20 outlines and names": lambda: thermogram(
            measured(message, regions), Look(cold_spot=True), outlines
        ),
    }
    took: dict[str, list[float]] = {name: [] for name in work}
    chance = random.Random(1)
    for number in range(rounds):
        # What runs after something large pays for its memory: nobody shall always be that one.
        for name, job in chance.sample(list(work.items()), len(work)):
            # The loop takes a hundred times longer, and varies less.
            if name != loop or number % 10 == 0:
                took[name].append(milliseconds(job))

    covered = sum(map(len, places))
    print(
        f"{width}x{height}, {bits} bits per pixel; polygons of {covered / POLYGONS:,.0f} pixels, {covered:,} together"
    )
    print(f"{'milliseconds':<36}{'median':>9}{'p99':>9}{'/ base64':>10}{'budget':>9}")
    for name, samples in took.items():
        median = figures.median(samples)
        worst = sorted(samples)[len(samples) * 99 // 100]
        budget = BUDGETS.get(name) if (width, bits) == (512, 16) else None
        print(
            f"{name:<36}{median:>9.2f}{worst:>9.2f}{median / figures.median(took[bare]):>10.1f}"
            f"{'' if budget is None else f'{budget:.1f}':>9}"
        )
    print(f"{'first time, polygons not yet known':<36}{first:>9.2f}\n")


def main() -> None:
    """Measure both sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    options = parser.parse_args()
    measure(512, 384, 16, options.rounds)
    measure(640, 512, 32, options.rounds)


if __name__ == "__main__":
    main()
