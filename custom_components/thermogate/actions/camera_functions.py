"""Actions for single functions of cameras: the picture, the focus, alarms that are going on, the history of versions."""

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
from homeassistant.helpers.service import async_register_admin_service

from ..const import DOMAIN
from ..coordinator import CameraCoordinator
from ..errors import translate_errors
from ..guide.functions import (
    FOCUS,
    FOCUS_MOTOR,
    IMAGE_EFFECT,
    IMAGE_EFFECTS,
    focus_message,
    image_effect_message,
)
from ..guide.wire import as_dicts, as_text
from .cameras import ONE_CAMERA, SEVERAL_CAMERAS, at_each_camera, called_camera

ATTR_EFFECT: Final = "effect"
ATTR_VALUE: Final = "value"
ATTR_KIND: Final = "kind"
ATTR_MOTION: Final = "motion"
ATTR_POSITION: Final = "position"

SET_IMAGE_EFFECT: Final = "set_image_effect"
SILENCE_ALARM: Final = "silence_alarm"
SET_FOCUS: Final = "set_focus"
GET_VERSION_HISTORY: Final = "get_version_history"

# What of an alarm is turned off, by the numbers of command 524.
SILENCED: Final = {"sound": 0, "output": 1, "both": 2}

FIELDS: Final[dict[str, dict[Any, Any]]] = {
    SET_IMAGE_EFFECT: SEVERAL_CAMERAS
    | {
        vol.Required(ATTR_EFFECT): vol.In([*IMAGE_EFFECTS]),
        vol.Optional(ATTR_VALUE): vol.Coerce(int),
    },
    SILENCE_ALARM: SEVERAL_CAMERAS
    | {vol.Optional(ATTR_KIND, default="both"): vol.In([*SILENCED])},
    SET_FOCUS: SEVERAL_CAMERAS
    | {
        vol.Exclusive(ATTR_MOTION, "focus"): vol.In([*FOCUS]),
        vol.Exclusive(ATTR_POSITION, "focus"): vol.Coerce(int),
    },
    GET_VERSION_HISTORY: ONE_CAMERA,
}


async def _set_image_effect(call: ServiceCall) -> None:
    """Change one value of the visible or the thermal picture, and show it where it is a setting."""
    effect, value = call.data[ATTR_EFFECT], call.data.get(ATTR_VALUE)

    @translate_errors
    async def change(camera: CameraCoordinator) -> None:
        message = image_effect_message(effect, value)
        await camera.client.request(IMAGE_EFFECT, message, subtype=1)
        await camera.settings.async_read_again("image")

    await at_each_camera(call, change)


async def _silence_alarm(call: ServiceCall) -> None:
    """Turn off the sound, the output, or both, of alarms that are going on."""
    kind = SILENCED[call.data[ATTR_KIND]]

    @translate_errors
    async def silence(camera: CameraCoordinator) -> None:
        await camera.client.silence_alarm(kind)

    await at_each_camera(call, silence)


async def _set_focus(call: ServiceCall) -> None:
    """Move the focus motor, let the camera find the focus, or go to a position."""
    if ATTR_MOTION not in call.data and ATTR_POSITION not in call.data:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="nothing_given",
            translation_placeholders={"fields": f"{ATTR_MOTION}, {ATTR_POSITION}"},
        )

    async def focus(camera: CameraCoordinator) -> None:
        await camera.async_request(
            FOCUS_MOTOR,
            focus_message(call.data.get(ATTR_MOTION), call.data.get(ATTR_POSITION)),
        )

    await at_each_camera(call, focus)


@translate_errors
async def _get_version_history(call: ServiceCall) -> ServiceResponse:
    """Return which versions were installed when, as the camera writes its local time."""
    camera = called_camera(call)
    answer = await camera.coordinator.client.request(507)
    return camera.told | {
        "versions": [
            {
                "version": as_text(each.get("version")),
                "installed_at": as_text(each.get("time")),
                "description": as_text(each.get("desc")),
            }
            for each in as_dicts(answer.get("versions"))
        ]
    }


@callback
def async_setup_camera_function_actions(hass: HomeAssistant) -> None:
    """Register the actions; only administrators change the picture for good."""
    async_register_admin_service(
        hass,
        DOMAIN,
        SET_IMAGE_EFFECT,
        _set_image_effect,
        schema=vol.Schema(FIELDS[SET_IMAGE_EFFECT]),
    )
    for name, act in ((SILENCE_ALARM, _silence_alarm), (SET_FOCUS, _set_focus)):
        hass.services.async_register(DOMAIN, name, act, schema=vol.Schema(FIELDS[name]))
    hass.services.async_register(
        DOMAIN,
        GET_VERSION_HISTORY,
        _get_version_history,
        schema=vol.Schema(FIELDS[GET_VERSION_HISTORY]),
        supports_response=SupportsResponse.ONLY,
    )
