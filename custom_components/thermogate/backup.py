"""Backups: Home Assistant copies its folder while devices go on; the journal in it must be whole."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN
from .journal import JournalError
from .keeper import async_get_keeper


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Make the file of the journal complete and leave it alone: what comes meanwhile goes into the log beside it."""
    try:
        await async_get_keeper(hass).async_hold()
    except JournalError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="journal_not_held",
            translation_placeholders={"reason": err.text},
        ) from err


async def async_post_backup(hass: HomeAssistant) -> None:
    """Let the journal go on as usual."""
    await async_get_keeper(hass).async_end_hold()
