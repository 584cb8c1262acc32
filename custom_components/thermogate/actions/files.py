"""Actions that get files from terminals and bring files there."""

from pathlib import PurePosixPath
from typing import Any, Final

import voluptuous as vol

from homeassistant.components import media_source
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
from homeassistant.util import slugify

from ..const import DOMAIN
from ..facegate import MAX_FILE
from ..media_folder import async_media_folder
from ..reading import read_allowed, read_file
from .media_files import async_store
from .terminals import (
    ONE_TERMINAL,
    SEVERAL_TERMINALS,
    Terminal,
    at_each,
    called_terminal,
    called_terminals,
)

ATTR_PATH = "path"
ATTR_FILE = "file"
ATTR_MEDIA = "media"

DOWNLOAD = "download_file"
UPLOAD = "upload_file"

_MEDIA_CONTENT_ID: Final = "media_content_id"

FIELDS: Final[dict[str, dict[Any, Any]]] = {
    DOWNLOAD: ONE_TERMINAL | {vol.Required(ATTR_PATH): cv.string},
    UPLOAD: SEVERAL_TERMINALS
    | {
        vol.Required(ATTR_PATH): cv.string,
        vol.Exclusive(ATTR_FILE, "source"): cv.string,
        vol.Exclusive(ATTR_MEDIA, "source"): vol.Schema(
            {vol.Required(_MEDIA_CONTENT_ID): cv.string}, extra=vol.ALLOW_EXTRA
        ),
    },
}


async def _download(call: ServiceCall) -> ServiceResponse:
    """Write a file of a terminal into a new file below the media folder."""
    hass = call.hass
    terminal = called_terminal(call)
    path: str = call.data[ATTR_PATH]
    folder = await async_media_folder(hass)
    content = await terminal.coordinator.transfers.async_download(path)
    name = f"{slugify(terminal.name)}-{PurePosixPath(path).name}"
    return await async_store(hass, folder, name, content)


async def _upload(call: ServiceCall) -> ServiceResponse:
    """Write a file of this machine to a path on terminals."""
    terminals = called_terminals(call)
    content = await _content(call.hass, call.data)
    if not 1 <= len(content) <= MAX_FILE:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="file_size",
            translation_placeholders={"limit": str(MAX_FILE // 1024**2)},
        )

    async def upload(terminal: Terminal) -> str:
        await terminal.coordinator.transfers.async_upload(call.data[ATTR_PATH], content)
        return "uploaded"

    return await at_each(terminals, upload, answered=call.return_response)


async def _content(hass: HomeAssistant, data: dict[str, Any]) -> bytes:
    """Return the file that an action names. ServiceValidationError for none, and for one that cannot be read."""
    if ATTR_FILE in data:
        return await hass.async_add_executor_job(
            read_allowed, hass, data[ATTR_FILE], MAX_FILE
        )
    if ATTR_MEDIA not in data:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_file"
        )
    content_id: str = data[ATTR_MEDIA][_MEDIA_CONTENT_ID]
    item = await media_source.async_resolve_media(hass, content_id, None)
    if item.path is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="media_not_here",
            translation_placeholders={"media": content_id},
        )
    return await hass.async_add_executor_job(read_file, item.path, MAX_FILE)


@callback
def async_setup_file_actions(hass: HomeAssistant) -> None:
    """Register the actions, which are for administrators."""
    for name, move in ((DOWNLOAD, _download), (UPLOAD, _upload)):
        async_register_admin_service(
            hass,
            DOMAIN,
            name,
            move,
            schema=vol.Schema(FIELDS[name]),
            supports_response=SupportsResponse.OPTIONAL,
        )
