"""What people call the presets, cruises, line scans and traces of a camera: a name, or a number."""

from collections.abc import Sequence
from typing import Final

import voluptuous as vol

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv

from ..const import DOMAIN
from ..guide import Preset, by_name
from ..guide.ptz import Numbered
from .cameras import Camera, chosen_cameras

# Numbers may come without quotes.
NAME_OR_NUMBER: Final = vol.All(cv.string, str.strip, vol.Length(min=1))


@callback
def head_of(call: ServiceCall) -> Camera:
    """Return the camera in `device_id`. ServiceValidationError for what is none, and for one that does not move."""
    [camera] = chosen_cameras(call.hass, [call.data[ATTR_DEVICE_ID]])
    if not camera.coordinator.supports("ptz"):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_ptz",
            translation_placeholders={"name": camera.name},
        )
    return camera


def find(wanted: str, items: Sequence[Numbered]) -> int | None:
    """Return the number of what is called so, in any case; None for what is not there."""
    for name, number in by_name(items).items():
        if name.casefold() == wanted.casefold():
            return number
    if wanted.isdecimal() and any(item.index == int(wanted) for item in items):
        return int(wanted)
    return None


def number_of(wanted: str, items: Sequence[Numbered]) -> int:
    """Return the number of what is called so, and a number that is not there as it is. ServiceValidationError for another name."""
    if (number := find(wanted, items)) is not None:
        return number
    if wanted.isdecimal():
        return int(wanted)
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="unknown_path",
        translation_placeholders={
            "name": wanted,
            "known": ", ".join(by_name(items)) or "-",
        },
    )


def preset_of(wanted: str, presets: Sequence[Preset]) -> int:
    """Return the number of a preset. ServiceValidationError for one that the camera does not have."""
    if (number := find(wanted, presets)) is not None:
        return number
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="unknown_preset",
        translation_placeholders={
            "preset": wanted,
            "known": ", ".join(by_name(presets)) or "-",
        },
    )


def free_number(
    wanted: str, items: Sequence[Numbered], lowest: int, highest: int
) -> int:
    """Return the number for something new: the one that was named, else the lowest. ServiceValidationError when all are taken."""
    if wanted.isdecimal():
        return int(wanted)
    taken = {item.index for item in items}
    for number in range(lowest, highest + 1):
        if number not in taken:
            return number
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="no_number_free",
        translation_placeholders={"name": wanted, "maximum": str(highest)},
    )
