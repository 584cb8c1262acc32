"""Where the video of a camera comes from: RTSP, or its WebSocket where RTSP is off or blocked."""

import asyncio
from collections.abc import AsyncGenerator
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import callback

from ..camera_stream import async_get_streams
from ..const import CONF_VIDEO, LOGGER, VideoWay
from ..guide import stream_url

if TYPE_CHECKING:
    from .camera import CameraCoordinator

_RTSP_PORT: Final = 554
# Seconds that the RTSP port may take to open, and for which is believed what it did.
OPENS_WITHIN: Final = 2.0
BELIEVED: Final = 60.0


class CameraVideo:
    """The streams of one camera."""

    def __init__(self, camera: CameraCoordinator) -> None:
        """Belong to a camera."""
        self._camera = camera
        self._tokens: dict[str, str] = {}
        self._rtsp_opens = False
        self._tried_at: float | None = None

    async def async_source(self, stream: str) -> str | None:
        """Return the address of a stream with its secrets in it; for the stream component only, never to show."""
        data = self._camera.config_entry.data
        way = VideoWay(self._camera.config_entry.options.get(CONF_VIDEO, VideoWay.AUTO))
        url = stream_url(
            getattr(self._camera.data.general.urls, stream),
            data[CONF_HOST],
            data[CONF_USERNAME],
            data[CONF_PASSWORD],
        )
        if way is VideoWay.RTSP:
            return url
        if way is VideoWay.AUTO and url and await self._async_rtsp_opens(url):
            return url
        return await self._async_own(stream)

    @callback
    def async_stop(self) -> None:
        """Offer nothing any more."""
        for token in self._tokens.values():
            async_get_streams(self._camera.hass).async_withdraw(token)
        self._tokens.clear()

    async def _async_own(self, stream: str) -> str | None:
        """Return the address under which what comes over the WebSocket is served."""
        server = async_get_streams(self._camera.hass)
        if stream not in self._tokens:
            self._tokens[stream] = server.async_offer(partial(self._watch, stream))
        try:
            return await server.async_address(self._tokens[stream])
        except OSError as err:
            LOGGER.warning("No port for video on this machine (%s)", err)
            return None

    def _watch(self, stream: str) -> AsyncGenerator[bytes]:
        return self._camera.client.video(stream)

    async def _async_rtsp_opens(self, url: str) -> bool:
        """Whether the RTSP port can be reached; a camera is not asked each time that somebody looks."""
        now = self._camera.hass.loop.time()
        if self._tried_at is None or now - self._tried_at >= BELIEVED:
            parts = urlsplit(url)
            self._rtsp_opens = await async_opens(
                parts.hostname or "", parts.port or _RTSP_PORT
            )
            self._tried_at = now
        return self._rtsp_opens


async def async_opens(host: str, port: int) -> bool:
    """Whether a port can be reached; nothing is said to it."""
    try:
        async with asyncio.timeout(OPENS_WITHIN):
            _, writer = await asyncio.open_connection(host, port)
    except TimeoutError, OSError:
        return False
    writer.close()
    return True
