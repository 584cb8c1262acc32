"""Messages of single functions: image effects (518), dead pixels (527) and the focus motor (532)."""

from collections.abc import Sequence
from typing import Final

from .errors import GuideValidationError
from .fields import check_message, integer, listing
from .models import Size
from .wire import Message

IMAGE_EFFECT: Final = 518
MAIL_TEST: Final = 525
FOCUS_MOTOR: Final = 532

# Of the model that the document describes (527.1).
_USUAL_SENSOR: Final = (256, 192)

_PERCENT: Final = (0, 100)
_SHARPNESS: Final = (1, 100)
_SWITCH: Final = (0, 1)
# By name: the type of command 518 and what its value may be (vendor document 518.1); the shutter takes none.
IMAGE_EFFECTS: Final[dict[str, tuple[int, tuple[int, int] | None]]] = {
    "visible_brightness": (1, _PERCENT),
    "visible_contrast": (2, _PERCENT),
    "visible_saturation": (3, _PERCENT),
    "visible_sharpness": (4, _SHARPNESS),
    "visible_exposure": (5, _PERCENT),
    "visible_flip": (6, _SWITCH),
    "thermal_brightness": (7, _PERCENT),
    "thermal_contrast": (8, _PERCENT),
    "thermal_saturation": (9, _PERCENT),
    "thermal_sharpness": (10, _SHARPNESS),
    "thermal_shutter": (11, None),
    "thermal_flip": (12, _SWITCH),
    "visible_backlight_compensation": (13, (0, 6)),
    "visible_wide_dynamic_range": (14, (0, 5)),
    "visible_strong_light_suppression": (15, _SWITCH),
    "visible_exposure_compensation": (16, _PERCENT),
    "thermal_noise_reduction_in_time": (17, _PERCENT),
    "thermal_noise_reduction_in_space": (18, _PERCENT),
    "thermal_detail": (19, _PERCENT),
}

# The types of command 532 that need no position (seen on devices).
FOCUS: Final = {
    "stop": 0,
    "far": 1,
    "near": 2,
    "far_fine": 3,
    "near_fine": 4,
    "automatic": 5,
}
_TO_POSITION: Final = 6


def image_effect_message(effect: str, value: int | None) -> Message:
    """Return the message that sets one of IMAGE_EFFECTS. GuideValidationError for a value that it does not take."""
    number, limits = IMAGE_EFFECTS[effect]
    if limits is None:
        if value is not None:
            raise GuideValidationError("value", value, "none for this effect")
        return {"params": [{"type": number}]}
    low, high = limits
    if value is None or not low <= value <= high:
        raise GuideValidationError("value", value, f"{low} to {high}")
    return {"params": [{"type": number, "value": value}]}


def dead_pixels_message(points: Sequence[Message], sensor: Size | None) -> Message:
    """Return the message about pixels of a sensor, counted from 0. GuideValidationError for one that it does not have."""
    width, height = sensor or _USUAL_SENSOR
    x = integer("x", 0, width - 1, required=True)
    y = integer("y", 0, height - 1, required=True)
    message: Message = {"points": points}
    check_message((listing("points", x, y),), message)
    return message


def focus_message(motion: str | None, position: int | None) -> Message:
    """Return the message that moves the focus motor as FOCUS says, or else to a position; the table checks its limits."""
    if motion is not None:
        return {"type": FOCUS[motion]}
    return {"type": _TO_POSITION, "value": position}
