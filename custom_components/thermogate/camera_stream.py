"""Video of cameras whose RTSP is off or blocked: what they send over a WebSocket, as a transport stream over HTTP.

Home Assistant's stream component and go2rtc open addresses, and neither knows this WebSocket. So there is a small server for
them, of this machine only: each stream has an address with a secret in it, and the camera is asked for pictures as long as
somebody reads them.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from http import HTTPStatus
import secrets
import time
from typing import Final

from aiohttp import web

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.singleton import singleton

from .const import DOMAIN, LOGGER
from .guide import GuideError, TransportStream

type Source = Callable[[], AsyncGenerator[bytes]]
"""Begins to watch a stream: yields H.264 as it comes, and raises GuideError."""

_HOST: Final = "127.0.0.1"
_TOKEN_BYTES: Final = 24
# A camera sends a picture that needs no other every few seconds; one that sends none in this time sends no H.264.
BEGINS_WITHIN: Final = 20.0


class StreamServer:
    """Serves streams to programs of this machine; listens from the first stream on, until Home Assistant stops."""

    def __init__(self) -> None:
        """Serve nothing."""
        self._sources: dict[str, Source] = {}
        self._runner: web.AppRunner | None = None
        self._opening = asyncio.Lock()
        self._port = 0

    async def async_address(self, token: str) -> str:
        """Return the address of a stream that is offered. OSError where no port can be opened."""
        async with self._opening:
            if self._runner is None:
                await self._async_open()
        return f"http://{_HOST}:{self._port}/{token}.ts"

    @callback
    def async_offer(self, source: Source) -> str:
        """Offer a stream until it is withdrawn, and return the secret part of its address."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._sources[token] = source
        return token

    @callback
    def async_withdraw(self, token: str) -> None:
        """Offer a stream no longer; who watches it is cut off when its camera's session ends."""
        self._sources.pop(token, None)

    async def async_close(self, _: Event | None = None) -> None:
        """Stop listening and cut off who watches."""
        runner, self._runner = self._runner, None
        if runner:
            await runner.cleanup()

    async def _async_open(self) -> None:
        application = web.Application()
        application.router.add_get("/{token}.ts", self._async_serve)
        runner = web.AppRunner(
            application, access_log=None, handle_signals=False, shutdown_timeout=0.1
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, _HOST, 0).start()
        except OSError:
            await runner.cleanup()
            raise
        self._port = runner.addresses[0][1]
        self._runner = runner

    async def _async_serve(self, request: web.Request) -> web.StreamResponse:
        """Send a stream as long as it is read; nothing under any other address."""
        source = self._sources.get(request.match_info["token"])
        if source is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        response = web.StreamResponse(headers={"Cache-Control": "no-store"})
        response.content_type = "video/mp2t"
        units = source()
        try:
            await _send(request, response, units)
        except (GuideError, TimeoutError) as err:
            LOGGER.debug("A stream ended: %s", err or "no picture to begin with")
            if not response.prepared:
                return web.Response(status=HTTPStatus.BAD_GATEWAY)
        except ConnectionError:
            LOGGER.debug("Nobody reads the stream any more")
        finally:
            await units.aclose()
        return response


async def _send(
    request: web.Request, response: web.StreamResponse, units: AsyncGenerator[bytes]
) -> None:
    """Send what comes; the head only with the first picture, so that a player learns of a camera that sends none."""
    stream = TransportStream()
    async with asyncio.timeout(BEGINS_WITHIN) as begin:
        async for data in units:
            if not (ready := stream.add(data, time.monotonic())):
                continue
            if not response.prepared:
                begin.reschedule(None)
                await response.prepare(request)
            await response.write(ready)


@singleton(f"{DOMAIN}_streams")
@callback
def async_get_streams(hass: HomeAssistant) -> StreamServer:
    """Return the server of this Home Assistant."""
    server = StreamServer()
    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, server.async_close)
    return server
