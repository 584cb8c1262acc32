"""The pictures of the journal over HTTP: for logged-in users, and for a while for whoever holds a signed address."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from aiohttp import ETag, web

from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.singleton import singleton

from .const import DOMAIN
from .journal import Entry, JournalError, Record, StoredPicture
from .keeper import async_get_keeper
from .pictures import is_sound
from .thumbnails import thumbnail

type Size = tuple[int, int]
"""Width and height of the box that a picture is to fit."""

ATTR_PICTURE_URL: Final = "picture_url"
ATTR_PICTURE_URLS: Final = "picture_urls"
PICTURE_URL: Final = f"/api/{DOMAIN}/picture/{{event_id}}/{{role}}"
# A notification is looked at within hours; a face must not lie open for longer.
LIFETIME: Final = timedelta(hours=12)
# What to show where there is room for one.
BEST: Final = ("face", "thermal", "visible", "scene")
MAX_SIDE: Final = 1024
HEADERS: Final = {
    # Remembered, but asked for each time: what expired or was forgotten must not come from the memory of a browser.
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
# A decoded picture takes up to 160 MB.
_DECODERS: Final = 2


@callback
def picture_urls(hass: HomeAssistant, record: Record | Entry) -> dict[str, str]:
    """Return the addresses of a record's pictures by role: they need no login, and expire."""
    return {
        picture.role: async_sign_path(
            hass,
            picture_path(record.event_id, picture.role),
            LIFETIME,
            use_content_user=True,
        )
        for picture in record.pictures
    }


def picture_attributes(urls: dict[str, str]) -> dict[str, Any]:
    """Return the attributes of an event that name its pictures: all of them, and the one to show if there is room for one."""
    if not urls:
        return {}
    return {ATTR_PICTURE_URL: urls[best(urls)], ATTR_PICTURE_URLS: urls}


def picture_path(event_id: str, role: str) -> str:
    """Return the address of a picture, for who is logged in."""
    return PICTURE_URL.format(
        event_id=quote(event_id, safe=""), role=quote(role, safe="")
    )


def best(roles: Collection[str]) -> str:
    """Return which of some pictures to show where there is room for one."""
    return next(role for role in (*BEST, *roles) if role in roles)


def shown_pictures(entry: Entry) -> dict[str, StoredPicture]:
    """Return by role what a browser can show of an entry: pictures and films."""
    return {
        picture.role: picture
        for picture in entry.pictures
        if picture.content_type.startswith(("image/", "video/"))
    }


async def async_find_picture(
    hass: HomeAssistant, event_id: str, role: str
) -> tuple[StoredPicture, Path] | None:
    """Return a picture of an event and its file, not looked into; the best for an empty role. JournalError."""
    journal = async_get_keeper(hass).journal
    entry = await journal.entry(event_id)
    pictures = shown_pictures(entry) if entry else {}
    stored = pictures.get(role or best(pictures)) if pictures else None
    path = await journal.picture(stored.name) if stored else None
    return (stored, path) if stored and path else None


async def async_is_whole(
    hass: HomeAssistant, stored: StoredPicture, path: Path
) -> bool:
    """Whether a file is the picture that it says it is; films are not looked into."""
    if stored.content_type.startswith("video/"):
        return True
    async with _decoders(hass):
        return await hass.async_add_executor_job(_is_sound, path)


class PictureView(HomeAssistantView):
    """Serves one picture of an event, as it is or made to fit `width` and `height`."""

    url = PICTURE_URL
    name = f"api:{DOMAIN}:picture"

    async def get(
        self, request: web.Request, event_id: str, role: str
    ) -> web.StreamResponse:
        """Return the picture, or that there is none; also where it is no picture at all."""
        hass = request.app[KEY_HASS]
        try:
            size = asked_size(request.query)
        except ValueError:
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        try:
            found = await async_find_picture(hass, event_id, role)
        except JournalError:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if found is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        stored, path = found
        if size and stored.content_type.startswith("image/"):
            return await _small(request, hass, stored, path, size)
        if not await async_is_whole(hass, stored, path):
            return web.Response(status=HTTPStatus.NOT_FOUND)
        return web.FileResponse(
            path, headers={**HEADERS, "Content-Type": stored.content_type}
        )


async def _small(
    request: web.Request,
    hass: HomeAssistant,
    stored: StoredPicture,
    path: Path,
    size: Size,
) -> web.Response:
    """Return a picture that fits a size, unless the browser has it."""
    tag = f"{stored.name}-{size[0]}x{size[1]}"
    if any(known.value == tag for known in request.if_none_match or ()):
        response = web.Response(status=HTTPStatus.NOT_MODIFIED, headers=HEADERS)
    else:
        async with _decoders(hass):
            data = await hass.async_add_executor_job(thumbnail, path, size)
        if data is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        response = web.Response(body=data, content_type="image/jpeg", headers=HEADERS)
    response.etag = ETag(tag)
    return response


def asked_size(query: Mapping[str, str]) -> Size | None:
    """Return the size that is asked for, within reason; None for the picture as it is. ValueError for what is no size."""
    asked = [query[name] for name in ("width", "height") if name in query]
    if not asked:
        return None
    if not all(side.isascii() and side.isdecimal() and int(side[:5]) for side in asked):
        raise ValueError("a size is a number of pixels")
    width, height = (
        min(int(query.get(name, str(MAX_SIDE))[:5]), MAX_SIDE)
        for name in ("width", "height")
    )
    return width, height


def _is_sound(path: Path) -> bool:
    try:
        return is_sound(path.read_bytes())
    except OSError:
        return False


@singleton(f"{DOMAIN}_decoders")
@callback
def _decoders(_: HomeAssistant) -> asyncio.Semaphore:
    """Return what bounds how many pictures are decoded at a time."""
    return asyncio.Semaphore(_DECODERS)
