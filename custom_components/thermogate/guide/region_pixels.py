"""Which pixels a region has.

A pixel belongs to a rectangle, circle or polygon when its middle lies inside or exactly on the edge; to a line when it
is, in its column of a rather flat line or its row of a rather steep one, the nearest to the line between the pixels of
both ends (of two equally near ones the right or lower one); to a point when the point lies in it. All in whole numbers:
nothing is rounded but the points themselves, to sixteenths of a pixel.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .errors import GuideValidationError
from .models import Shape, Size
from .regions import SUBPIXELS, Corner, Region, corners

type Mask = NDArray[np.bool_]
type Flat = NDArray[np.int32]

_HALF = SUBPIXELS // 2
# 20 cameras with 25 regions each; a region of a tenth of the picture takes 80 to 130 kB.
_KEPT = 512


@lru_cache(maxsize=_KEPT)
def pixels_of(region: Region, size: Size) -> Flat:
    """Return the places of a region's pixels in a picture of a size, counted in reading order from 0; ascending.

    Raises GuideValidationError when a point is beyond the picture, or when the region is so small that it has no pixel.
    """
    points = corners(region, size)
    places = np.flatnonzero(_MASKS[region.shape](points, size)).astype(np.int32)
    if not places.size:
        raise GuideValidationError(
            "points", region.points, "a shape around the middle of at least one pixel"
        )
    # Everyone gets the same array.
    places.flags.writeable = False
    return places


def _nothing(size: Size) -> Mask:
    width, height = size
    return np.zeros((height, width), np.bool_)


def _pixel(corner: Corner, size: Size) -> tuple[int, int]:
    """Return the column and row of the pixel that a point lies in; the last ones for the far edges."""
    (x, y), (width, height) = corner, size
    return min(x // SUBPIXELS, width - 1), min(y // SUBPIXELS, height - 1)


def _first(edge: int) -> int:
    """Return the first column or row whose middle is not before an edge."""
    return -((_HALF - edge) // SUBPIXELS)


def _after(edge: int) -> int:
    """Return the first column or row whose middle is beyond an edge."""
    return (edge - _HALF) // SUBPIXELS + 1


def _box(points: tuple[Corner, ...]) -> tuple[int, int, int, int]:
    """Return the least x and y and the greatest x and y."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _point(points: tuple[Corner, ...], size: Size) -> Mask:
    mask = _nothing(size)
    column, row = _pixel(points[0], size)
    mask[row, column] = True
    return mask


def _line(points: tuple[Corner, ...], size: Size) -> Mask:
    mask = _nothing(size)
    (x, y), (end_x, end_y) = (_pixel(point, size) for point in points)
    steps = max(abs(end_x - x), abs(end_y - y), 1)
    step = np.arange(steps + 1)
    columns = x + (2 * step * (end_x - x) + steps) // (2 * steps)
    rows = y + (2 * step * (end_y - y) + steps) // (2 * steps)
    mask[rows, columns] = True
    return mask


def _rectangle(points: tuple[Corner, ...], size: Size) -> Mask:
    mask = _nothing(size)
    left, top, right, bottom = _box(points)
    mask[_first(top) : _after(bottom), _first(left) : _after(right)] = True
    return mask


def _circle(points: tuple[Corner, ...], size: Size) -> Mask:
    mask = _nothing(size)
    left, top, right, bottom = _box(points)
    rows = np.arange(_first(top), _after(bottom))
    columns = np.arange(_first(left), _after(right))
    # Everything twice, so that the centre is whole; with pictures of up to 1280 pixels the squares fit into 64 bits.
    across, down = right - left, bottom - top
    x = (2 * (columns * SUBPIXELS + _HALF) - left - right) * down
    y = (2 * (rows * SUBPIXELS + _HALF) - top - bottom) * across
    inside = (x * x)[None, :] + (y * y)[:, None] <= (across * down) ** 2
    mask[_first(top) : _after(bottom), _first(left) : _after(right)] = inside
    return mask


def _polygon(points: tuple[Corner, ...], size: Size) -> Mask:
    """Fill by parity: every edge turns all pixels right of it over, and what lies on an edge belongs to it."""
    width, height = size
    turned = np.zeros((height, width + 1), np.bool_)
    on_edge = _nothing(size)
    for start, end in pairwise((*points, points[0])):
        (x1, y1), (x2, y2) = sorted((start, end), key=lambda corner: corner[1])
        if y1 == y2:
            on_edge[
                _first(y1) : _after(y1), _first(min(x1, x2)) : _after(max(x1, x2))
            ] = True
            continue
        rows = np.arange(_first(y1), _after(y2))
        # Where the edge crosses the middle of each row, `over` being the denominator.
        over = y2 - y1
        crossing = x1 * over + (rows * SUBPIXELS + _HALF - y1) * (x2 - x1)
        columns = -((_HALF * over - crossing) // (SUBPIXELS * over))
        exact = (crossing - _HALF * over) % (SUBPIXELS * over) == 0
        on_edge[rows[exact], columns[exact]] = True
        # A corner in the middle of a row is counted with the edge below it only.
        counted = rows * SUBPIXELS + _HALF < y2
        turned[rows[counted], columns[counted]] ^= True
    inside: Mask = np.logical_xor.accumulate(turned[:, :width], axis=1)
    return inside | on_edge


_MASKS: dict[Shape, Callable[[tuple[Corner, ...], Size], Mask]] = {
    Shape.POINT: _point,
    Shape.LINE: _line,
    Shape.RECTANGLE: _rectangle,
    Shape.POLYGON: _polygon,
    Shape.CIRCLE: _circle,
}
