"""The pictures of the journal over HTTP: for logged-in users, and for a while for whoever holds a signed address."""

from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .journal import Entry, JournalError, Record
from .keeper import async_get_keeper
from .pictures import is_sound

ATTR_PICTURE_URL: Final = "picture_url"
ATTR_PICTURE_URLS: Final = "picture_urls"
PICTURE_URL: Final = f"/api/{DOMAIN}/picture/{{event_id}}/{{role}}"
# A notification is looked at within hours; a face must not lie open for longer.
LIFETIME: Final = timedelta(hours=12)
# What to show where there is room for one.
BEST: Final = ("face", "thermal", "visible", "scene")
# What the browser may do with it: show it, and remember it, since a picture of an event never changes.
HEADERS: Final = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@callback
def picture_urls(hass: HomeAssistant, record: Record | Entry) -> dict[str, str]:
    """Return the addresses of a record's pictures by role: they need no login, and expire."""
    return {
        picture.role: async_sign_path(
            hass,
            PICTURE_URL.format(event_id=record.event_id, role=picture.role),
            LIFETIME,
            use_content_user=True,
        )
        for picture in record.pictures
    }


def picture_attributes(urls: dict[str, str]) -> dict[str, Any]:
    """Return the attributes of an event that name its pictures: all of them, and the one to show if there is room for one."""
    if not urls:
        return {}
    best = next(role for role in (*BEST, *urls) if role in urls)
    return {ATTR_PICTURE_URL: urls[best], ATTR_PICTURE_URLS: urls}


class PictureView(HomeAssistantView):
    """Serves one picture of an event."""

    url = PICTURE_URL
    name = f"api:{DOMAIN}:picture"

    async def get(
        self, request: web.Request, event_id: str, role: str
    ) -> web.StreamResponse:
        """Return the picture, or that there is none; also where it is no picture at all."""
        hass = request.app[KEY_HASS]
        try:
            journal = async_get_keeper(hass).journal
            entry = await journal.entry(event_id)
            pictures = entry.pictures if entry else ()
            stored = next((each for each in pictures if each.role == role), None)
            path = await journal.picture(stored.name) if stored else None
        except JournalError:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if (
            stored is None
            or path is None
            or not await hass.async_add_executor_job(
                _may_be_served, path, stored.content_type
            )
        ):
            return web.Response(status=HTTPStatus.NOT_FOUND)
        return web.FileResponse(
            path, headers={**HEADERS, "Content-Type": stored.content_type}
        )


def _may_be_served(path: Path, content_type: str) -> bool:
    """Whether a file is what it says, as far as that can be told."""
    if not content_type.startswith("image/"):
        return content_type.startswith("video/")
    try:
        return is_sound(path.read_bytes())
    except OSError:
        return False
