"""Action: send a package to a camera, such as its settings or its calibration."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from ..const import DOMAIN
from ..firmware import PACKAGE_FOLDER, camera_package_folder, firmware_file
from ..guide import FIRMWARE, PACKAGES
from .camera_access import confirmed_camera

ATTR_PACKAGE = "package"
ATTR_FILE = "file"

UPLOAD_PACKAGE = "upload_package"

# Firmware has an update entity, which follows the restart.
KINDS: Final = {name: number for name, number in PACKAGES.items() if number != FIRMWARE}

FIELDS: Final[dict[str, dict[Any, Any]]] = {
    UPLOAD_PACKAGE: {
        vol.Required(ATTR_DEVICE_ID): cv.string,
        vol.Required(ATTR_PACKAGE): vol.In(KINDS),
        vol.Required(ATTR_FILE): vol.All(cv.string, str.strip, vol.Length(min=1)),
        vol.Required("confirm"): cv.boolean,
    }
}


async def _upload(call: ServiceCall) -> None:
    """Send a file of the package folder, after it was confirmed."""
    camera = confirmed_camera(call)
    hass, name = call.hass, call.data[ATTR_FILE]
    try:
        path = await hass.async_add_executor_job(
            firmware_file,
            camera_package_folder(hass),
            camera.coordinator.device_key,
            name,
        )
    except OSError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="firmware_unreadable",
            translation_placeholders={
                "file": name,
                "reason": err.strerror or str(err),
            },
        ) from err
    if path is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_such_package",
            translation_placeholders={"file": name, "folder": PACKAGE_FOLDER},
        )
    await camera.coordinator.upgrades.async_send(KINDS[call.data[ATTR_PACKAGE]], path)


@callback
def async_setup_package_actions(hass: HomeAssistant) -> None:
    """Register the action; what a camera measures with is for administrators to change."""
    async_register_admin_service(
        hass, DOMAIN, UPLOAD_PACKAGE, _upload, schema=vol.Schema(FIELDS[UPLOAD_PACKAGE])
    )
