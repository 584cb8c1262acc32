"""Action: offer a particular firmware to terminals."""

from pathlib import Path
from typing import Any, Final

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
from ..firmware import (
    FOLDER,
    MD5,
    FirmwareDamagedError,
    Offer,
    checked_md5,
    firmware_file,
    firmware_folder,
    version_in,
)
from .terminals import SEVERAL_TERMINALS, Terminal, at_each, called_terminals

ATTR_FILE = "file"
ATTR_URL = "url"
ATTR_MD5 = "md5"
ATTR_VERSION = "version"
ATTR_FORCE = "force"

OFFER = "offer_firmware"

_TEXT: Final = vol.All(cv.string, str.strip, vol.Length(min=1))
FIELDS: Final[dict[str, dict[Any, Any]]] = {
    OFFER: {
        **SEVERAL_TERMINALS,
        vol.Exclusive(ATTR_FILE, "source"): _TEXT,
        vol.Exclusive(ATTR_URL, "source"): vol.All(_TEXT, cv.url),
        vol.Optional(ATTR_MD5): vol.All(
            cv.string, str.strip, str.lower, vol.Match(f"^{MD5}$")
        ),
        # As a terminal tells its own.
        vol.Optional(ATTR_VERSION): vol.All(_TEXT, vol.Length(max=64)),
        vol.Optional(ATTR_FORCE, default=False): cv.boolean,
    }
}


async def _offer(call: ServiceCall) -> ServiceResponse:
    """Offer a file of the firmware folder, or one that terminals get elsewhere."""
    terminals = called_terminals(call)

    async def offer(terminal: Terminal) -> str:
        coordinator = terminal.coordinator
        coordinator.upgrades.async_offer(
            await _file_offer(call, coordinator.device_key)
            if ATTR_FILE in call.data
            else _url_offer(call)
        )
        return "offered"

    return await at_each(terminals, offer, answered=call.return_response)


def _url_offer(call: ServiceCall) -> Offer:
    """Return the offer of a file elsewhere, of which everything must be said."""
    data = call.data
    if not {ATTR_URL, ATTR_MD5, ATTR_VERSION} <= data.keys():
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="firmware_not_described"
        )
    return Offer(
        version=data[ATTR_VERSION],
        url=data[ATTR_URL],
        md5=data[ATTR_MD5],
        force=data[ATTR_FORCE],
    )


async def _file_offer(call: ServiceCall, device_key: str) -> Offer:
    """Return the offer of a file of ours, which is read once to check it."""
    hass, name = call.hass, call.data[ATTR_FILE]

    def found() -> tuple[Path, str] | None:
        path = firmware_file(firmware_folder(hass), device_key, name)
        if path is None:
            return None
        return path, checked_md5(path, call.data.get(ATTR_MD5, ""))[0]

    try:
        file = await hass.async_add_executor_job(found)
    except FirmwareDamagedError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="firmware_damaged",
            translation_placeholders={"file": name},
        ) from err
    except OSError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="firmware_unreadable",
            translation_placeholders={
                "file": name,
                "reason": err.strerror or str(err),
            },
        ) from err
    if file is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_such_firmware",
            translation_placeholders={"file": name, "folder": FOLDER},
        )
    path, md5 = file
    version = call.data.get(ATTR_VERSION) or version_in(name)
    if not version:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="firmware_without_version",
            translation_placeholders={"file": name},
        )
    return Offer(version=version, path=path, md5=md5, force=call.data[ATTR_FORCE])


@callback
def async_setup_firmware_actions(hass: HomeAssistant) -> None:
    """Register the action; what runs in a terminal is for administrators to say."""
    async_register_admin_service(
        hass,
        DOMAIN,
        OFFER,
        _offer,
        schema=vol.Schema(FIELDS[OFFER]),
        supports_response=SupportsResponse.OPTIONAL,
    )
