"""What actions about the picture of one camera have in common."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.core import ServiceCall
from homeassistant.helpers import config_validation as cv

from ..guide import Area, Size, Unit
from .cameras import Camera

ATTR_UNIT: Final = "unit"
ATTR_AREAS: Final = "areas"

UNIT: Final[dict[Any, Any]] = {
    vol.Optional(ATTR_UNIT, default=Unit.FRACTIONS.value): vol.In(
        [unit.value for unit in Unit]
    )
}
NAME: Final = vol.All(cv.string, str.strip, vol.Length(min=1))
AREA: Final[dict[Any, Any]] = {
    vol.Required(name): vol.Coerce(float) for name in Area._fields
}


def unit_of(call: ServiceCall) -> Unit:
    """Return what places in the picture are counted in."""
    return Unit(call.data[ATTR_UNIT])


def size_of(camera: Camera) -> Size | None:
    """Return how large the thermal picture is, None where the camera does not tell."""
    return camera.coordinator.data.general.output_size
