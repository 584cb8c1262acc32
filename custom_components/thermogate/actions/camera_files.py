"""Actions that fetch what cameras keep as files, and the one that empties their storage."""

from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import voluptuous as vol

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from ..const import DOMAIN
from ..errors import translate_errors
from ..guide import GuideMissingError, Message
from ..guide.wire import as_text
from ..media_folder import async_media_folder
from .cameras import ONE_CAMERA, Camera, called_camera
from .media_files import async_store
from .thermal_files import file_name

ATTR_CONFIRM: Final = "confirm"

EXPORT_LOG: Final = "export_log"
EXPORT_SETTINGS: Final = "export_settings"
SAVE_RAW_FRAME: Final = "save_raw_frame"
CLEAN_UP_DATA: Final = "clean_up_data"

FIELDS: Final[dict[str, dict[Any, Any]]] = {
    EXPORT_LOG: ONE_CAMERA,
    EXPORT_SETTINGS: ONE_CAMERA,
    SAVE_RAW_FRAME: ONE_CAMERA,
    CLEAN_UP_DATA: ONE_CAMERA | {vol.Required(ATTR_CONFIRM): cv.boolean},
}


@translate_errors
async def _export_log(call: ServiceCall) -> ServiceResponse:
    """Write the camera's log into a new file."""
    camera = called_camera(call)
    answer = await camera.coordinator.client.request(510)
    return camera.told | await _fetch(call.hass, camera, answer, "url")


@translate_errors
async def _export_settings(call: ServiceCall) -> ServiceResponse:
    """Write all settings, as the camera itself packs them, into a new file."""
    camera = called_camera(call)
    answer = await camera.coordinator.client.request(512, subtype=2)
    return camera.told | await _fetch(call.hass, camera, answer, "url")


@translate_errors
async def _save_raw_frame(call: ServiceCall) -> ServiceResponse:
    """Write what the sensor measures before it becomes temperatures into new files: values and parameters."""
    camera = called_camera(call)
    answer = await camera.coordinator.client.request(906)
    return camera.told | {
        "frame": await _fetch(call.hass, camera, answer, "y16"),
        "parameters": await _fetch(call.hass, camera, answer, "y16_paramLine"),
    }


async def _fetch(
    hass: HomeAssistant, camera: Camera, answer: Message, field: str
) -> dict[str, Any]:
    """Write the file that an answer names into a new file here, and return where it is. HomeAssistantError for none."""
    folder = await async_media_folder(hass)
    url = as_text(answer.get(field))
    nothing = HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="no_file_at_camera",
        translation_placeholders={"name": camera.name},
    )
    if not url:
        raise nothing
    try:
        content = await camera.coordinator.client.download(url)
    except GuideMissingError as err:
        raise nothing from err
    name = PurePosixPath(unquote(urlsplit(url).path)).name
    return await async_store(hass, folder, file_name(camera, name), content)


@translate_errors
async def _clean_up_data(call: ServiceCall) -> None:
    """Let the camera clean up its storage; which recordings and pictures it deletes the document does not say (511)."""
    camera = called_camera(call)
    if not call.data[ATTR_CONFIRM]:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="deletion_not_confirmed",
            translation_placeholders={"name": camera.name},
        )
    await camera.coordinator.client.request(511)
    camera.coordinator.recordings.forget()
    # How full its storage is now.
    await camera.coordinator.settings.async_read_again("storage")


@callback
def async_setup_camera_file_actions(hass: HomeAssistant) -> None:
    """Register the actions, which are for administrators."""
    for name, fetch in (
        (EXPORT_LOG, _export_log),
        (EXPORT_SETTINGS, _export_settings),
        (SAVE_RAW_FRAME, _save_raw_frame),
    ):
        async_register_admin_service(
            hass,
            DOMAIN,
            name,
            fetch,
            schema=vol.Schema(FIELDS[name]),
            supports_response=SupportsResponse.OPTIONAL,
        )
    async_register_admin_service(
        hass,
        DOMAIN,
        CLEAN_UP_DATA,
        _clean_up_data,
        schema=vol.Schema(FIELDS[CLEAN_UP_DATA]),
    )
