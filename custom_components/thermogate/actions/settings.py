"""Actions that read and write the settings of terminals and cameras."""

from collections.abc import Mapping
from typing import Any

import voluptuous as vol

from homeassistant.const import ATTR_DEVICE_ID
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
from ..coordinator import CameraCoordinator
from ..errors import translate_errors
from ..facegate import SETTINGS
from ..guide import SECTIONS as CAMERA_SECTIONS, in_words
from ..setting_entities import SERVER
from .cameras import Camera
from .devices import SEVERAL_DEVICES, at_all, raise_failures, running_devices
from .terminals import Terminal, check_available

ATTR_SECTION = "section"
ATTR_SETTINGS = "settings"
ATTR_CONFIRM = "confirm"

GET = "get_settings"
SET = "set_settings"

# The sections of the two vendors' documents; some names are in both.
TERMINAL_SECTIONS = tuple(
    dict.fromkeys(setting.path[0] for setting in SETTINGS.values())
)
SECTIONS = tuple(dict.fromkeys((*TERMINAL_SECTIONS, *CAMERA_SECTIONS)))
# What could cut Home Assistant off has actions of its own, which follow the camera.
OWN_ACTIONS = {"network": "set_network", "ports": "set_ports"}

_DEVICES = SEVERAL_DEVICES | {vol.Optional(ATTR_SECTION): vol.In(SECTIONS)}
FIELDS: dict[str, dict[Any, Any]] = {
    GET: _DEVICES,
    SET: _DEVICES
    | {
        vol.Required(ATTR_SETTINGS): vol.All({cv.string: object}, vol.Length(min=1)),
        vol.Optional(ATTR_CONFIRM, default=False): cv.boolean,
    },
}

type _Device = Terminal | Camera


async def _get(call: ServiceCall) -> ServiceResponse:
    """Return the settings of devices."""
    section = call.data.get(ATTR_SECTION)

    async def read(device: _Device) -> dict[str, Any]:
        if isinstance(device, Camera):
            return await _read_camera(device.coordinator, section)
        check_available(device)
        settings = await device.coordinator.async_get_settings()
        return {
            key: value
            for key, value in settings.items()
            if section in (None, SETTINGS[key].path[0])
        }

    devices = _devices(call)
    done, failures = await at_all(devices, read)
    raise_failures(devices, failures)
    answer: dict[str, Any] = {}
    for device, settings in done:
        kind = "cameras" if isinstance(device, Camera) else "terminals"
        answer.setdefault(kind, []).append(device.told | {"settings": settings})
    return answer


@translate_errors
async def _read_camera(
    camera: CameraCoordinator, section: str | None
) -> dict[str, Any]:
    """Return a section, or all that the camera has by their names."""
    if section is not None:
        answer = await camera.client.request(CAMERA_SECTIONS[section].cmdtype)
        return in_words(section, answer)
    # Not every camera has every section, nor every user the right to see it.
    return {
        name: in_words(name, answer)
        async for name, answer in camera.settings.async_answers(CAMERA_SECTIONS)
        if answer is not None
    }


async def _set(call: ServiceCall) -> None:
    """Change settings of devices; what could cut a terminal's link to Home Assistant only when that is confirmed."""
    wanted = call.data[ATTR_SETTINGS]
    section = call.data.get(ATTR_SECTION)

    async def write(device: _Device) -> None:
        if isinstance(device, Camera):
            await device.coordinator.settings.async_put_words(str(section), wanted)
            return
        check_available(device)
        await device.coordinator.async_set_settings(**wanted)

    devices = _devices(call)
    for device in devices:
        # The names of a terminal's settings say all; those of a camera are alike in many sections.
        if isinstance(device, Camera):
            _check_section(device, section)
        elif not call.data[ATTR_CONFIRM]:
            _check_link(wanted)
    _, failures = await at_all(devices, write)
    raise_failures(devices, failures)


@callback
def _check_link(wanted: Mapping[str, Any]) -> None:
    """Raise ServiceValidationError for what could cut the link to Home Assistant."""
    if cutting := sorted(SERVER & wanted.keys()):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="link_not_confirmed",
            translation_placeholders={"settings": ", ".join(cutting)},
        )


@callback
def _check_section(camera: Camera, section: str | None) -> None:
    """Raise ServiceValidationError for a section of a camera that cannot be changed this way."""
    if section is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="section_missing",
            translation_placeholders={"name": camera.name},
        )
    if section in OWN_ACTIONS:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="section_elsewhere",
            translation_placeholders={
                "section": section,
                "action": f"{DOMAIN}.{OWN_ACTIONS[section]}",
            },
        )


@callback
def _devices(call: ServiceCall) -> list[_Device]:
    """Return the devices that were chosen. ServiceValidationError for one that is not ours, does not run or lacks the section."""
    section = call.data.get(ATTR_SECTION)
    devices: list[_Device] = []
    for device_id, entry in running_devices(call.hass, call.data[ATTR_DEVICE_ID]):
        coordinator = entry.runtime_data
        device: _Device
        if isinstance(coordinator, CameraCoordinator):
            device, sections = Camera(device_id, coordinator), tuple(CAMERA_SECTIONS)
        else:
            device, sections = Terminal(device_id, coordinator), TERMINAL_SECTIONS
        if section is not None and section not in sections:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="no_section",
                translation_placeholders={
                    "name": device.name,
                    "section": section,
                    "sections": ", ".join(sections),
                },
            )
        devices.append(device)
    return devices


@callback
def async_setup_settings_actions(hass: HomeAssistant) -> None:
    """Register the actions; only administrators change settings."""
    hass.services.async_register(
        DOMAIN,
        GET,
        _get,
        schema=vol.Schema(FIELDS[GET]),
        supports_response=SupportsResponse.ONLY,
    )
    async_register_admin_service(
        hass, DOMAIN, SET, _set, schema=vol.Schema(FIELDS[SET])
    )
