"""Matrices as a camera sends them."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
import struct

import numpy as np
from numpy.typing import ArrayLike

from custom_components.thermogate.guide.matrix import (
    LIMITS,
    TemperatureMatrix,
    decode_matrix,
)
from custom_components.thermogate.guide.wire import Message

TAKEN_AT = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


def temps(hundredths: Sequence[int], *, wide: bool = False) -> str:
    """Return the text that holds these temperatures, two or four bytes each."""
    packed = struct.pack(f"<{len(hundredths)}{'i' if wide else 'h'}", *hundredths)
    return base64.b64encode(packed).decode()


def answer(hundredths: ArrayLike, *, wide: bool = False) -> Message:
    """Return a whole answer, given rows of hundredths of °C."""
    rows = np.asarray(hundredths)
    height, width = rows.shape
    return {
        "temps": temps(rows.ravel().tolist(), wide=wide),
        "width": width,
        "height": height,
    }


def matrix(
    hundredths: ArrayLike,
    *,
    wide: bool = False,
    limits: tuple[float, float] = LIMITS,
) -> TemperatureMatrix:
    """Return the decoded matrix of rows of hundredths of °C."""
    return decode_matrix(
        answer(hundredths, wide=wide), taken_at=TAKEN_AT, limits=limits
    )
