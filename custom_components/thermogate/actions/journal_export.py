"""Where exports of the journal go, as other files do: below Home Assistant's media folder."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.singleton import singleton
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..downloads import where_it_is
from ..journal import Format, Query, export
from ..keeper import async_get_keeper
from ..media_folder import async_media_folder
from .journal_search import device_names


@singleton(f"{DOMAIN}_export_turn")
@callback
def _turn(_: HomeAssistant) -> asyncio.Lock:
    """Return what lets one export wait for another."""
    return asyncio.Lock()


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
        **where_it_is(hass, exported.path),
        "entries": exported.entries,
        "pictures": exported.pictures,
        "bytes": exported.bytes,
    }
