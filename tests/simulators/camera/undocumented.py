"""Commands 532 and 906, which no document has: as seen on devices of other series, and only with their quirks."""

from typing import Any

import numpy as np

from .call import Call, Handler
from .codes import EMPTY_FIELD, NOT_SUPPORTED, Refused
from .fields import integer

STOP, FAR, NEAR, FAR_FINE, NEAR_FINE, AUTOMATIC, TO_POSITION = range(7)
LONGEST = 750
# How far each motion goes, the coarse ones until they are stopped: here at once to the end.
STEPS = {FAR: LONGEST, NEAR: -LONGEST, FAR_FINE: 5, NEAR_FINE: -5}
SHARP = 400


async def focus(call: Call) -> None:
    """532: move the focus motor."""
    if "focus-motor" not in call.camera.quirks:
        raise Refused(NOT_SUPPORTED)
    call.check(
        {"type": integer(STOP, TO_POSITION), "value": integer(0, LONGEST)}, ("type",)
    )
    kind, place = call.message["type"], call.camera.focus
    if kind == TO_POSITION:
        if call.message.get("value") is None:
            raise Refused(EMPTY_FIELD, "value is missing")
        place = call.message["value"]
    elif kind == AUTOMATIC:
        place = SHARP
    call.camera.focus = min(max(place + STEPS.get(kind, 0), 0), LONGEST)


async def raw_frame(call: Call) -> dict[str, Any]:
    """906: where the values of the sensor and their parameters can be downloaded."""
    camera = call.camera
    if "raw-frame" not in camera.quirks:
        raise Refused(NOT_SUPPORTED)
    values = np.round(await camera.module_temperatures() * 64 + 8192)
    return {
        "y16": camera.files.put("/raw/y16.raw", values.astype("<u2").tobytes()),
        "y16_paramLine": camera.files.put("/raw/y16_paramLine.raw", bytes(512)),
    }


UNDOCUMENTED: dict[int, Handler] = {532: focus, 906: raw_frame}
