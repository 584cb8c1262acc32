"""Where exports of the journal go, as other files do: below Home Assistant's media folder."""

import asyncio
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.singleton import singleton
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..journal import Format, Query, export
from ..keeper import async_get_keeper
from .journal_search import device_names

MEDIA = "local"


@singleton(f"{DOMAIN}_export_turn")
@callback
def _turn(_: HomeAssistant) -> asyncio.Lock:
    """Return what lets one export wait for another."""
    return asyncio.Lock()


async def async_media_folder(hass: HomeAssistant) -> Path:
    """Return our folder below the media folder, which need not be there yet. HomeAssistantError if there is none to write to."""
    if (root := hass.config.media_dirs.get(MEDIA)) is None:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="no_media_folder"
        )
    folder = Path(root, DOMAIN)
    # A link could lead it out of there.
    if not await hass.async_add_executor_job(hass.config.is_allowed_path, str(folder)):
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="folder_not_allowed",
            translation_placeholders={"path": str(folder)},
        )
    return folder


async def async_export(
    hass: HomeAssistant, query: Query, *, form: Format, pictures: bool
) -> dict[str, Any]:
    """Export what a query finds, and return where to and how much. JournalError or HomeAssistantError."""
    folder = await async_media_folder(hass)
    async with _turn(hass):
        exported = await export(
            async_get_keeper(hass).journal,
            query,
            folder,
            dt_util.now().strftime("journal-%Y%m%d-%H%M%S"),
            form=form,
            pictures=pictures,
            devices=device_names(hass),
            tz=dt_util.get_default_time_zone(),
        )
    return {
        "media_content_id": f"media-source://media_source/{MEDIA}/{DOMAIN}/{exported.path.name}",
        "path": str(exported.path),
        "entries": exported.entries,
        "pictures": exported.pictures,
        "bytes": exported.bytes,
    }
