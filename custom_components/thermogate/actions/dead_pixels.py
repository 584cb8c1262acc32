"""Actions about pixels of a camera's sensor that measure nothing: their neighbours stand in for those that are marked."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from ..const import DOMAIN
from ..errors import translate_errors
from ..guide.functions import dead_pixels_message
from ..guide.wire import Message, as_dicts, as_int
from .cameras import ONE_CAMERA, Camera, called_camera

ATTR_POINTS: Final = "points"
ATTR_CONFIRM: Final = "confirm"

GET: Final = "get_dead_pixels"
MARK: Final = "mark_dead_pixels"
UNMARK: Final = "unmark_dead_pixels"
RESTORE: Final = "restore_dead_pixels"

# More are a broken sensor.
MAX_POINTS: Final = 1000
_POINTS: Final = {
    vol.Required(ATTR_POINTS): vol.All(
        cv.ensure_list,
        [{vol.Required("x"): vol.Coerce(int), vol.Required("y"): vol.Coerce(int)}],
        vol.Length(min=1, max=MAX_POINTS),
    )
}

FIELDS: Final[dict[str, dict[Any, Any]]] = {
    GET: ONE_CAMERA,
    MARK: ONE_CAMERA | _POINTS,
    UNMARK: ONE_CAMERA | _POINTS,
    RESTORE: ONE_CAMERA | {vol.Required(ATTR_CONFIRM): cv.boolean},
}
# The subtypes of command 527.
_SUBTYPES: Final = {MARK: 0, RESTORE: 1, UNMARK: 2}


@translate_errors
async def _get(call: ServiceCall) -> ServiceResponse:
    """Return the pixels that are marked as dead."""
    return await _told(called_camera(call))


@translate_errors
async def _change(call: ServiceCall) -> ServiceResponse:
    """Mark pixels or take their marks away, or go back to those of the factory, and return those that are marked then."""
    camera = called_camera(call)
    if not call.data.get(ATTR_CONFIRM, True):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="marks_not_confirmed",
            translation_placeholders={"name": camera.name},
        )
    message: Message = {}
    if ATTR_POINTS in call.data:
        sensor = camera.coordinator.data.general.model_size
        message = dead_pixels_message(call.data[ATTR_POINTS], sensor)
    await camera.coordinator.client.request(
        527, message, subtype=_SUBTYPES[call.service]
    )
    return await _told(camera)


async def _told(camera: Camera) -> dict[str, Any]:
    answer = await camera.coordinator.client.request(528)
    return camera.told | {
        "points": [
            {"x": x, "y": y}
            for point in as_dicts(answer.get("points"))
            if (x := as_int(point.get("x"))) is not None
            and (y := as_int(point.get("y"))) is not None
        ]
    }


@callback
def async_setup_dead_pixel_actions(hass: HomeAssistant) -> None:
    """Register the actions; only administrators change which pixels count."""
    hass.services.async_register(
        DOMAIN,
        GET,
        _get,
        schema=vol.Schema(FIELDS[GET]),
        supports_response=SupportsResponse.ONLY,
    )
    for name in _SUBTYPES:
        async_register_admin_service(
            hass,
            DOMAIN,
            name,
            _change,
            schema=vol.Schema(FIELDS[name]),
            supports_response=SupportsResponse.OPTIONAL,
        )
