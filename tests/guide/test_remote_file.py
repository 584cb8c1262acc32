"""Files of a camera that are read while they come: parts, ends, and cameras that do it otherwise."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web
import pytest

from custom_components.thermogate.guide import (
    GuideConnectionError,
    GuideDeniedError,
    GuideMissingError,
    GuideTimeoutError,
    GuideValidationError,
    Part,
)
from custom_components.thermogate.guide.http import HttpTransport
from custom_components.thermogate.guide.remote_file import part_of

from .conftest import Watched
from .fake import JPEG, FakeCamera

WHOLE = Part()
SOME = Part(10, 20)
LIMIT = 1_000_000
PIECE = bytes(100_000)


@pytest.mark.parametrize(
    ("status", "headers", "asked", "given"),
    [
        (200, {"Content-Length": "100"}, WHOLE, (0, 100, 100)),
        (200, {}, WHOLE, (0, None, None)),
        (200, {"Content-Length": "-1"}, WHOLE, (0, None, None)),
        (200, {"Content-Length": "100"}, SOME, (10, 20, 100)),
        (200, {"Content-Length": "15"}, SOME, (10, 15, 15)),
        (200, {"Content-Length": "11"}, SOME, (10, 11, 11)),
        # Without a size there are no parts.
        (200, {}, SOME, (0, None, None)),
        (206, {"Content-Range": "bytes 10-19/100"}, SOME, (10, 20, 100)),
        (206, {"Content-Range": "bytes 10-12/*"}, SOME, (10, 13, None)),
        (206, {"Content-Range": "bytes 10-99/100"}, Part(10), (10, 100, 100)),
    ],
)
def test_what_a_camera_gives(
    status: int,
    headers: dict[str, str],
    asked: Part,
    given: tuple[int, int | None, int | None],
) -> None:
    """From where, to where, and of how much."""
    assert part_of(status, headers, asked) == given


@pytest.mark.parametrize(
    ("status", "headers", "error"),
    [
        (404, {}, GuideMissingError),
        (401, {}, GuideDeniedError),
        (403, {}, GuideDeniedError),
        (302, {"Location": "http://elsewhere"}, GuideConnectionError),
        (500, {}, GuideConnectionError),
        (416, {}, GuideValidationError),
        (200, {"Content-Length": "10"}, GuideValidationError),
        (206, {}, GuideConnectionError),
        (206, {"Content-Range": "bytes 0-19/100"}, GuideConnectionError),
        (206, {"Content-Range": "bytes 10-20/100"}, GuideConnectionError),
        (206, {"Content-Range": "bytes 10-9/100"}, GuideConnectionError),
        (206, {"Content-Range": "all of it"}, GuideConnectionError),
    ],
)
def test_what_is_no_such_part(
    status: int, headers: dict[str, str], error: type[Exception]
) -> None:
    """Nothing that was not asked for is taken for it."""
    with pytest.raises(error):
        part_of(status, headers, SOME)


async def test_a_file_comes_from_the_camera(
    camera: FakeCamera, client: Watched
) -> None:
    """Whole, in part, or not."""
    async with client.open_file("http://10.9.8.7/pic.jpg") as file:
        assert b"".join([piece async for piece in file.pieces]) == JPEG
    async with client.open_file("/pic.jpg", SOME) as file:
        assert b"".join([piece async for piece in file.pieces]) == JPEG[10:20]
    with pytest.raises(GuideMissingError):
        async with client.open_file("/none.jpg"):
            pass
    with pytest.raises(GuideConnectionError, match="More than"):
        async with client.open_file("/pic.jpg", limit=len(JPEG) - 1):
            pass


class Film:
    """A server with one film, which it sends until somebody leaves."""

    def __init__(self) -> None:
        """Nobody has come, nobody left."""
        self.left = asyncio.Event()
        self.length: int | None = None
        self.pieces: int | None = None
        self.silent = False

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Send pieces, or nothing."""
        if self.silent:
            await self.left.wait()
        response = web.StreamResponse()
        response.content_length = self.length
        await response.prepare(request)
        sent = 0
        try:
            while sent != self.pieces:
                await response.write(PIECE)
                sent += 1
        except ConnectionError:
            self.left.set()
        if self.length:
            response.force_close()
            assert request.transport
            request.transport.close()
        return response

    @asynccontextmanager
    async def served(self) -> AsyncGenerator[HttpTransport]:
        """Serve it, and return what fetches it."""
        app = web.Application()
        app.router.add_get("/film.mp4", self.answer)
        runner = web.AppRunner(app, shutdown_timeout=0.05)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            async with aiohttp.ClientSession() as websession:
                yield HttpTransport(websession, "127.0.0.1", runner.addresses[0][1])
        finally:
            await runner.cleanup()


async def watch(transport: HttpTransport) -> None:
    """Watch the film to its end."""
    async with transport.open_file("/film.mp4", WHOLE, timeout=5, limit=LIMIT) as file:
        async for _ in file.pieces:
            pass


@pytest.mark.usefixtures("socket_enabled")
async def test_who_leaves_ends_the_transfer() -> None:
    """However much is still to come."""
    film = Film()
    async with film.served() as transport:
        async with transport.open_file(
            "/film.mp4", WHOLE, timeout=5, limit=LIMIT
        ) as file:
            assert await anext(file.pieces)
        async with asyncio.timeout(5):
            await film.left.wait()


@pytest.mark.usefixtures("socket_enabled")
async def test_a_film_without_end_is_cut() -> None:
    """Also when it told no size."""
    async with Film().served() as transport:
        with pytest.raises(GuideConnectionError, match="More than"):
            await watch(transport)


@pytest.mark.usefixtures("socket_enabled")
async def test_a_film_that_ends_early_is_no_film() -> None:
    """Whoever watches must learn that this is not all."""
    film = Film()
    film.length, film.pieces = 3 * len(PIECE), 2
    async with film.served() as transport:
        with pytest.raises(GuideConnectionError):
            await watch(transport)


@pytest.mark.usefixtures("socket_enabled")
async def test_a_camera_that_falls_silent_is_given_up() -> None:
    """Not the viewer who pauses: only who waits for the camera counts."""
    film = Film()
    film.silent = True
    async with film.served() as transport:
        with pytest.raises(GuideTimeoutError):
            async with transport.open_file(
                "/film.mp4", WHOLE, timeout=0.1, limit=LIMIT
            ):
                pass
        film.left.set()
