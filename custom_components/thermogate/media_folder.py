"""Our folder below Home Assistant's media folder, where the files that actions write go."""

from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN

MEDIA: Final = "local"


async def async_media_folder(hass: HomeAssistant) -> Path:
    """Return our folder, which need not be there yet. HomeAssistantError if there is none to write to."""
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
