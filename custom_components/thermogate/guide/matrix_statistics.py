"""What a region of a temperature matrix, or the whole of it, measures."""

from dataclasses import dataclass
import math

import numpy as np
from numpy.typing import NDArray

from .matrix import HUNDREDTHS, TemperatureMatrix
from .models import Point, Size
from .region_pixels import pixels_of
from .regions import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Temperatures in °C, computed in whole hundredths; garbage is left out."""

    maximum: float
    minimum: float
    average: float
    deviation: float
    """The standard deviation of these pixels themselves, not of what they would be a sample of."""
    maximum_at: Point
    """The pixel, counted from 1; the first in reading order when several are as hot."""
    minimum_at: Point
    pixels: int
    """How many were measured."""
    garbage: int
    """How many were left out."""


def statistics(
    matrix: TemperatureMatrix, region: Region | None = None
) -> Statistics | None:
    """Return what a region measures, or the whole picture; None when it has nothing but garbage.

    Raises GuideValidationError when the region is not within the picture.
    """
    values, sound = matrix.hundredths.ravel(), matrix.sound
    places: NDArray[np.integer] | None = (
        None if region is None else pixels_of(region, matrix.size)
    )
    if places is not None:
        values = values.take(places)
    garbage = 0
    if sound is not None:
        kept = np.flatnonzero(sound if places is None else sound.take(places))
        garbage = values.size - kept.size
        values = values.take(kept)
        places = kept if places is None else places.take(kept)
    if not values.size:
        return None
    hottest, coldest = int(values.argmax()), int(values.argmin())
    wide = values.astype(np.int64)
    count, total, squares = wide.size, int(wide.sum()), int(wide.dot(wide))

    def where(index: int) -> Point:
        return _where(index if places is None else int(places[index]), matrix.size)

    return Statistics(
        maximum=int(values[hottest]) / HUNDREDTHS,
        minimum=int(values[coldest]) / HUNDREDTHS,
        average=total / (count * HUNDREDTHS),
        deviation=math.sqrt(count * squares - total * total) / (count * HUNDREDTHS),
        maximum_at=where(hottest),
        minimum_at=where(coldest),
        pixels=count,
        garbage=garbage,
    )


def _where(place: int, size: Size) -> Point:
    row, column = divmod(place, size[0])
    return column + 1, row + 1
