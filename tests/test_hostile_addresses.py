"""Whatever address a camera names: what is fetched, opened and played comes from the camera, or not at all."""

from collections.abc import AsyncGenerator, Callable
import gzip
import tracemalloc
from typing import Any

import aiohttp
from aiohttp import web
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from yarl import URL

from custom_components.thermogate.guide import GeneralInfo, stream_url
from homeassistant.const import CONF_PORT
from homeassistant.core import HomeAssistant
from tests.helpers import set_up, settle, state_of
from tests.simulators.camera import CameraSimulator
from tests.test_hostile_camera import JPEG, SHOWN, THERMAL, alarms, rows, warnings
from tests.waiting import until


class Stranger:
    """Somebody else's web server, who must never hear of us, and the camera's own, which sends us there."""

    def __init__(self, camera: CameraSimulator) -> None:
        """Stand in front of a camera."""
        self.camera = camera
        self.heard: list[str] = []
        # What was asked from the camera: method, address, headers.
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.answer: Callable[[web.Request], Any] | None = None
        self.port = self.front_port = 0

    async def hear(self, request: web.Request) -> web.Response:
        """Note whoever comes to the stranger."""
        self.heard.append(str(request.url))
        return web.Response(body=JPEG)

    async def front(self, request: web.Request) -> web.StreamResponse:
        """Answer files in the camera's name, and hand on everything else."""
        self.asked.append((request.method, request.raw_path, dict(request.headers)))
        if request.method == "GET":
            assert self.answer is not None
            answer: web.StreamResponse = await self.answer(request)
            return answer
        async with aiohttp.ClientSession() as session:
            address = f"{self.camera.http_url}{request.path}"
            async with session.post(address, data=await request.read()) as response:
                return web.Response(body=await response.read())

    def files(self) -> list[str]:
        """Return the addresses of the files that were asked from the camera."""
        return [path for method, path, _ in self.asked if method == "GET"]


async def listen(handler: Callable[[web.Request], Any]) -> tuple[web.AppRunner, int]:
    """Serve everything on a free port."""
    app = web.Application(client_max_size=2**24)
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, runner.addresses[0][1]


@pytest.fixture
async def stranger(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> AsyncGenerator[Stranger]:
    """Let the camera's files come from a server that a test can tell what to answer."""
    stranger = Stranger(camera)
    server, stranger.port = await listen(stranger.hear)
    front, stranger.front_port = await listen(stranger.front)
    hass.config_entries.async_update_entry(
        camera_entry, data={**camera_entry.data, CONF_PORT: stranger.front_port}
    )
    yield stranger
    await front.cleanup()
    await server.cleanup()


ADDRESSES = {
    "{evil}/a.jpg": ["/a.jpg"],
    "//{host}/a.jpg": ["/a.jpg"],
    "///{host}/a.jpg": ["/{host}/a.jpg"],
    "http://admin:admin123@{host}/a.jpg": ["/a.jpg"],
    "https://{host}/a.jpg#x": ["/a.jpg"],
    "/\\{host}/a.jpg": [],
    "\\\\{host}\\a.jpg": [],
    "../../../../etc/passwd": [],
    "/%2e%2e/%2e%2e/etc/passwd": [],
    "/..;/admin": ["/..;/admin"],
    "file:///etc/passwd": [],
    "ftp://{host}/a.jpg": [],
    "gopher://{host}/_GET": [],
    "data:image/jpeg;base64,/9j/4AAQ": [],
    "javascript:alert(1)": [],
    "/a.jpg\r\nHost: {host}": ["/a.jpgHost:%20{host}"],
    "/a.jpg HTTP/1.1\r\nX: y": ["/a.jpg%20HTTP/1.1X:%20y"],
    "@{host}/a.jpg": ["/@{host}/a.jpg"],
    ":@{host}/a.jpg": ["/:@{host}/a.jpg"],
    "http://[::1": [],
    "?token=x": [],
    "": [],
}


@pytest.mark.parametrize(("address", "asked"), ADDRESSES.items(), ids=ADDRESSES)
async def test_a_picture_is_fetched_from_the_camera_or_not_at_all(
    hass: HomeAssistant,
    stranger: Stranger,
    camera_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    address: str,
    asked: list[str],
) -> None:
    """Whatever address the camera names: nobody else hears of us, and what is asked carries neither login nor token."""
    host = f"127.0.0.1:{stranger.port}"
    names = {"host": host, "evil": f"http://{host}"}
    stranger.answer = _no_file
    await set_up(hass, camera_entry, *SHOWN)
    shown = alarms(hass)
    url = address.format(**names)
    await stranger.camera.push(
        1011, {"name": "odd", "ir_image_url": url, "vl_video_url": url}
    )
    await until(lambda: shown)
    await settle(hass)
    assert not stranger.heard
    assert stranger.files() == [path.format(**names) for path in asked]
    for method, path, headers in stranger.asked:
        if method == "GET":
            assert headers["Host"] == f"127.0.0.1:{stranger.front_port}"
            assert not {"Authorization", "Cookie"} & headers.keys()
            assert "token" not in path
    (row,) = await rows(hass)
    assert (row.subject, row.pictures) == ("odd", ())
    assert not warnings(caplog)


async def _no_file(_: web.Request) -> web.Response:
    return web.Response(status=404)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(
    hass: HomeAssistant,
    stranger: Stranger,
    camera_entry: MockConfigEntry,
    status: int,
) -> None:
    """Neither to somebody else nor to another file."""

    async def elsewhere(_: web.Request) -> web.Response:
        to = f"http://127.0.0.1:{stranger.port}/a.jpg"
        return web.Response(status=status, headers={"Location": to})

    stranger.answer = elsewhere
    await set_up(hass, camera_entry, *SHOWN)
    await stranger.camera.push(1011, {"ir_image_url": "/a.jpg"})
    await until(stranger.files)
    await settle(hass)
    assert stranger.files() == ["/a.jpg"]
    assert not stranger.heard
    assert state_of(hass, THERMAL) == "unknown"


async def test_a_file_that_unpacks_to_more_than_a_picture_is_given_up(
    hass: HomeAssistant, stranger: Stranger, camera_entry: MockConfigEntry
) -> None:
    """A megabyte over the wire that becomes a gigabyte in memory never does."""
    packed = gzip.compress(JPEG + bytes(2**30), 1)

    async def bomb(_: web.Request) -> web.Response:
        return web.Response(body=packed, headers={"Content-Encoding": "gzip"})

    stranger.answer = bomb
    await set_up(hass, camera_entry, *SHOWN)
    tracemalloc.start()
    try:
        await stranger.camera.push(1011, {"ir_image_url": "/a.jpg"})
        await until(stranger.files)
        await settle(hass)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 32_000_000
    (row,) = await rows(hass)
    assert row.pictures == ()


async def test_a_file_without_end_is_given_up(
    hass: HomeAssistant, stranger: Stranger, camera_entry: MockConfigEntry
) -> None:
    """At the size that no picture has."""
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(JPEG)
        while True:
            await response.write(bytes(2**20))
            sent += 2**20

    stranger.answer = endless
    await set_up(hass, camera_entry, *SHOWN)
    await stranger.camera.push(1011, {"ir_image_url": "/a.jpg"})
    await until(stranger.files)
    await settle(hass)
    assert sent < 32 * 2**20
    (row,) = await rows(hass)
    assert row.pictures == ()


@pytest.mark.parametrize(
    "uri",
    [
        "//evil.example/x",
        "http://evil.example/x",
        "@evil.example/x",
        ":80@evil.example",
        "\\evil.example",
        "/../../x",
        "/a b\r\nHost: evil.example",
        "?x#y",
        "/%zz",
        "[",
        "http://[",
        17,
        None,
        ["/x"],
    ],
)
@pytest.mark.parametrize("port", [80, 0, -1, 65536, 2**70, "9980", "x", None, [1], 1.5])
def test_the_control_socket_is_opened_at_the_camera(uri: object, port: object) -> None:
    """Whatever path and port it tells before we logged in."""
    info = GeneralInfo.from_message({"control_uri": uri, "control_port": port})
    url = URL.build(
        scheme="ws", host="192.0.2.1", port=info.control_port, path=info.control_uri
    )
    assert (url.scheme, url.host, url.user) == ("ws", "192.0.2.1", None)
    assert URL(str(url)).host == "192.0.2.1"
    assert not {"\r", "\n", " "} & set(str(url))


@pytest.mark.parametrize(
    "url",
    [
        "rtsp://evil.example:554/video1",
        "rtsp://user:pw@evil.example/video1",
        "rtsp://192.0.2.1@evil.example/video1",
        "rtsp:\\\\evil.example\\x",
        "rtsp:///video1",
        "rtsp:@evil.example/video1",
        "rtsp:.evil.example/video1",
        "rtsp:8.evil.example/video1",
        "http://evil.example/x.m3u8",
        "file:///etc/passwd",
        "concat:/etc/passwd",
        "rtsp://[",
        "-i /etc/passwd",
    ],
)
def test_a_stream_is_played_from_the_camera_or_not_at_all(url: str) -> None:
    """The password is put into the address, so it must be the camera's."""
    built = stream_url(url, "192.0.2.1", "admin", "secret")
    assert built is None or built.startswith(
        ("rtsp://admin:secret@192.0.2.1/", "rtsp://admin:secret@192.0.2.1:554/")
    )
