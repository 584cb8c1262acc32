"""Firmware files over HTTP, for the one terminal that was told the address."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
import os
from pathlib import Path
import secrets
from typing import BinaryIO, Final

from aiohttp import web

from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.singleton import singleton

from .const import DOMAIN

FIRMWARE_URL: Final = f"/api/{DOMAIN}/firmware/{{token}}"
CHUNK: Final = 64 * 1024
_TOKEN_BYTES: Final = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Download:
    """A file that is served; `sent` is called with how far into it a terminal has come, in bytes."""

    path: Path
    md5: str
    sent: Callable[[int], None]


class Downloads:
    """What is served now, by the secret part of its address: each for one installation, and gone with it."""

    def __init__(self) -> None:
        """Serve nothing."""
        self._downloads: dict[str, Download] = {}

    @callback
    def async_serve(self, download: Download) -> str:
        """Serve a file until it is withdrawn, and return the secret part of its address."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._downloads[token] = download
        return token

    @callback
    def async_withdraw(self, token: str) -> None:
        """Serve a file no longer."""
        self._downloads.pop(token, None)

    @callback
    def async_find(self, token: str) -> Download | None:
        """Return what is served under an address."""
        return self._downloads.get(token)


@singleton(f"{DOMAIN}_downloads")
@callback
def async_get_downloads(_: HomeAssistant) -> Downloads:
    """Return what is served by this Home Assistant."""
    return Downloads()


class FirmwareView(HomeAssistantView):
    """Serves firmware without login: terminals have none, and the address is a secret between them and us."""

    url = FIRMWARE_URL
    name = f"api:{DOMAIN}:firmware"
    requires_auth = False

    async def get(self, request: web.Request, token: str) -> web.StreamResponse:
        """Return the file, or the part of it that is asked for; nothing under any other address."""
        hass = request.app[KEY_HASS]
        if (download := async_get_downloads(hass).async_find(token)) is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        try:
            file = await hass.async_add_executor_job(download.path.open, "rb")
        except OSError:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        try:
            return await _answer(request, hass, download, file)
        finally:
            await hass.async_add_executor_job(file.close)

    head = get


async def _answer(
    request: web.Request, hass: HomeAssistant, download: Download, file: BinaryIO
) -> web.StreamResponse:
    """Send what is asked for of an open file."""
    size = os.fstat(file.fileno()).st_size
    try:
        wanted = request.http_range
    except ValueError:
        return _unsatisfiable(size)
    start, stop, _ = wanted.indices(size)
    if start >= stop:
        return _unsatisfiable(size)
    response = web.StreamResponse(
        headers={
            "Accept-Ranges": "bytes",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
    )
    response.content_type = "application/octet-stream"
    response.content_length = stop - start
    response.etag = download.md5
    if wanted.start is not None or wanted.stop is not None:
        response.set_status(HTTPStatus.PARTIAL_CONTENT)
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    await response.prepare(request)
    if request.method == "HEAD":
        return response
    while start < stop:
        chunk = await hass.async_add_executor_job(
            os.pread, file.fileno(), min(CHUNK, stop - start), start
        )
        if not chunk:
            # It became shorter meanwhile: whoever waits for the length that was promised must learn that no more comes.
            response.force_close()
            if request.transport:
                request.transport.close()
            return response
        await response.write(chunk)
        start += len(chunk)
        download.sent(start)
    await response.write_eof()
    return response


def _unsatisfiable(size: int) -> web.Response:
    return web.Response(
        status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        headers={"Content-Range": f"bytes */{size}"},
    )
