"""Where the picture of a person comes from: a file, a media item, an image or camera entity, or an event of the journal."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import voluptuous as vol

from homeassistant.components import camera, image, media_source
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv

from ..const import DOMAIN
from ..person_photos import MAX_INPUT, person_photo
from ..views import async_find_picture

ATTR_PICTURE = "picture"
ATTR_MEDIA = "media"
ATTR_PICTURE_ENTITY = "picture_entity"
ATTR_EVENT_ID = "event_id"

_MEDIA_CONTENT_ID = "media_content_id"

PICTURE_FIELDS: Final[dict[Any, Any]] = {
    vol.Optional(ATTR_PICTURE): cv.string,
    vol.Optional(ATTR_MEDIA): vol.Schema(
        {vol.Required(_MEDIA_CONTENT_ID): cv.string}, extra=vol.ALLOW_EXTRA
    ),
    vol.Optional(ATTR_PICTURE_ENTITY): cv.entity_domain([camera.DOMAIN, image.DOMAIN]),
    vol.Optional(ATTR_EVENT_ID): cv.string,
}


async def async_picture(hass: HomeAssistant, data: dict[str, Any]) -> bytes | None:
    """Return the picture that an action names, as terminals take it; None if it names none.

    ServiceValidationError for several at a time and for what is no picture; JournalError; HomeAssistantError of the entity.
    """
    sources = [name for name in _SOURCES if name in data]
    if not sources:
        return None
    if len(sources) > 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="one_picture"
        )
    [source] = sources
    found = await _SOURCES[source](hass, data[source])
    try:
        return await hass.async_add_executor_job(person_photo, found)
    except ValueError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="unusable_picture"
        ) from err


async def _of_file(hass: HomeAssistant, path: str) -> bytes:
    """Return a file of a folder that Home Assistant may read."""
    return await hass.async_add_executor_job(read_allowed, hass, path)


async def _of_media(hass: HomeAssistant, media: dict[str, Any]) -> bytes:
    """Return a media item: a file on this machine, or what a camera or an image entity shows."""
    content_id: str = media[_MEDIA_CONTENT_ID]
    for domain in (camera.DOMAIN, image.DOMAIN):
        prefix = f"{media_source.URI_SCHEME}{domain}/"
        if content_id.startswith(prefix):
            return await _of_entity(hass, content_id.removeprefix(prefix))
    item = await media_source.async_resolve_media(hass, content_id, None)
    if item.path is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="media_not_here",
            translation_placeholders={"media": content_id},
        )
    return await hass.async_add_executor_job(_read, item.path)


async def _of_entity(hass: HomeAssistant, entity_id: str) -> bytes:
    """Return what an image or camera entity shows now."""
    if entity_id.startswith(f"{camera.DOMAIN}."):
        return (await camera.async_get_image(hass, entity_id)).content
    if image.DATA_COMPONENT not in hass.data:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="no_such_image",
            translation_placeholders={"entity_id": entity_id},
        )
    return (await image.async_get_image(hass, entity_id)).content


async def _of_event(hass: HomeAssistant, event_id: str) -> bytes:
    """Return the picture of an event that shows the person best."""
    if (found := await async_find_picture(hass, event_id, "")) is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_event_picture",
            translation_placeholders={"event_id": event_id},
        )
    return await hass.async_add_executor_job(_read, found[1])


_SOURCES: Final[dict[str, Callable[[HomeAssistant, Any], Awaitable[bytes]]]] = {
    ATTR_PICTURE: _of_file,
    ATTR_MEDIA: _of_media,
    ATTR_PICTURE_ENTITY: _of_entity,
    ATTR_EVENT_ID: _of_event,
}


def read_allowed(hass: HomeAssistant, path: str) -> bytes:
    """Return a file of a folder that Home Assistant may read, or so much of it that it is seen to be too large.

    ServiceValidationError if it may not or cannot be read. Reads a file, so not for the event loop.
    """
    # What is checked is what is read, wherever a link leads meanwhile.
    real = Path(path).resolve()
    if not hass.config.is_allowed_path(str(real)):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="file_not_allowed",
            translation_placeholders={"path": path},
        )
    return _read(real)


def _read(path: Path) -> bytes:
    """Return a file, or so much of it that it is seen to be too large. ServiceValidationError if it cannot be read."""
    try:
        # A pipe would never end.
        if not path.is_file():
            raise FileNotFoundError(path)
        with path.open("rb") as file:
            return file.read(MAX_INPUT + 1)
    except OSError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="file_not_read",
            translation_placeholders={"path": str(path)},
        ) from err
