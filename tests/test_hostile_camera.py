"""A camera that was taken over, or somebody who plays one: what must not come of it."""

import asyncio
import base64
from collections.abc import AsyncGenerator, Callable, Generator
from datetime import timedelta
import gzip
import logging
from pathlib import Path
import tracemalloc
from typing import Any
from unittest.mock import patch

import aiohttp
from aiohttp import web
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from yarl import URL

from custom_components.thermogate.guide import (
    GeneralInfo,
    GuideClient,
    GuideConnectionError,
    stream_url,
)
from custom_components.thermogate.guide.timing import Timing
from custom_components.thermogate.guide.wire import MAX_MESSAGE_SIZE, decode
from custom_components.thermogate.journal import Entry, Query
from custom_components.thermogate.keeper import async_get_keeper
from homeassistant.const import CONF_PORT, Platform
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.json import json_bytes
from tests.helpers import attributes_of, set_up, settle, state_of
from tests.simulators.camera import CameraSimulator
from tests.waiting import until

ALARM = "event.yard_alarm"
THERMAL = "image.yard_last_alarm_thermal"
SHOWN = (Platform.EVENT, Platform.IMAGE)
LOGIN = 501
QUICK = Timing(reconnect_first=0.02, reconnect_longest=0.1, jitter=0.0)
JPEG = b"\xff\xd8\xff\xe0 a picture"
HEAD = b'{"action":"notify","cmdtype":1011,"content":{"name":"x","x":'

# More than any camera says, of each kind.
TOO_MUCH: dict[str, Callable[[], bytes]] = {
    "oversized": lambda: HEAD + b'"' + b"A" * MAX_MESSAGE_SIZE + b'"}}',
    "deep": lambda: HEAD + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    "deep and not closed": lambda: HEAD + b'{"x":[' * 50_000,
    "a little too deep": lambda: HEAD + b"[" * 70 + b"]" * 70 + b"}}",
    "a million lists": lambda: HEAD + b"[" + b"[]," * 999_999 + b"[]]}}",
    "a million objects": lambda: HEAD + b"[" + b"{}," * 999_999 + b"{}]}}",
    "a million numbers": lambda: HEAD + b"[" + b"1," * 999_999 + b"1]}}",
}
too_much = pytest.mark.parametrize("make", TOO_MUCH.values(), ids=TOO_MUCH)


@pytest.fixture(autouse=True)
def _quick() -> Generator[None]:
    """Let a lost connection come back in milliseconds."""
    with patch("custom_components.thermogate.guide.client.Timing", return_value=QUICK):
        yield


def alarms(hass: HomeAssistant) -> list[dict[str, Any]]:
    """Collect the attributes of the alarms that the event entity shows from now on."""
    shown: list[dict[str, Any]] = []

    @callback
    def changed(event: Event[Any]) -> None:
        state = event.data["new_state"]
        if (
            event.data["entity_id"] == ALARM
            and state
            and "event_id" in state.attributes
        ):
            shown.append(dict(state.attributes))

    hass.bus.async_listen("state_changed", changed)
    return shown


async def rows(hass: HomeAssistant) -> tuple[Entry, ...]:
    """Return what the journal has, newest first."""
    return (await async_get_keeper(hass).journal.search(Query(limit=100))).entries


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the integration warned of; there must be no traceback of anybody."""
    assert not [record.getMessage() for record in caplog.records if record.exc_info]
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.thermogate")
        and record.levelno >= logging.WARNING
    ]


# Frames that are too much


@too_much
def test_too_much_is_refused_before_it_takes_memory(make: Callable[[], bytes]) -> None:
    """What would be taken apart into many times its size is not taken apart."""
    payload = make()
    tracemalloc.start()
    try:
        with pytest.raises(GuideConnectionError) as refused:
            decode(payload)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert len(str(refused.value)) < 100


@too_much
async def test_too_much_is_one_line_and_the_session_goes_on(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    make: Callable[[], bytes],
) -> None:
    """However often it comes; the next alarm arrives over the same session."""
    await set_up(hass, camera_entry, *SHOWN)
    shown = alarms(hass)
    for _ in range(2):
        assert await camera.push_text(make().decode()) == 1
    await camera.push(1011, {"name": "real"})
    await until(lambda: shown)
    assert [each["area"] for each in shown] == ["real"]
    assert len(camera.received(LOGIN)) == 1
    assert len(warnings(caplog)) == 1


async def test_a_frame_that_no_socket_takes_costs_the_connection_and_no_more(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is not even received to its end; the session comes back by itself."""
    await set_up(hass, camera_entry, *SHOWN)
    shown = alarms(hass)
    await camera.push_text("A" * (2 * MAX_MESSAGE_SIZE + 1))
    await until(lambda: len(camera.received(LOGIN)) == 2)
    await until(lambda: camera.listeners == 1)
    await camera.push(1011, {"name": "real"})
    await until(lambda: shown)
    lost, back = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.thermogate")
        and record.levelno >= logging.WARNING
    ]
    assert lost.startswith("Camera 127.0.0.1 is lost")
    assert back == "Camera 127.0.0.1 is back (websocket)"


# Addresses


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


# Texts and numbers


@pytest.mark.parametrize(
    "text",
    [
        "../../../etc/passwd",
        "/etc/passwd",
        "..\\..\\x",
        "a\0b",
        "<script>alert(1)</script>",
        "{{ 1 + 1 }}",
        "x" * 1_000_000,
        "\u202egnp.exe",
    ],
    ids=lambda text: text[:12],
)
async def test_a_text_is_a_text(
    hass: HomeAssistant,
    hass_config_dir: str,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    text: str,
) -> None:
    """Names, addresses and users of a camera never become part of a path."""
    await set_up(hass, camera_entry)
    shown = alarms(hass)
    content = base64.b64encode(JPEG).decode()
    body = {"type": 1, "temp_flag": 1, "name": text, "alarm_addr": text}
    await camera.push(
        1000, body | {"preset_name": text, "time": text, "ir_image_content": content}
    )
    await camera.push(1005, {"user": text, "ip": text, "time": text})
    await camera.push(1008, {"type": 1, "ip": text})
    await until(lambda: len(shown) == 3)
    await settle(hass)
    for state in hass.states.async_all():
        json_bytes(state.as_dict())
    stored = await rows(hass)
    assert len(stored) == 3
    (picture,) = stored[-1].pictures
    path = await async_get_keeper(hass).journal.picture(picture.name)
    assert path is not None
    assert path.is_relative_to(Path(hass_config_dir, "thermogate", "pictures"))
    assert max(len(json_bytes(each)) for each in shown) < 16_384
    assert not warnings(caplog)


@pytest.mark.parametrize(
    "number",
    [1e308, -1e308, 2**64 - 1, -(2**63), "9" * 300, "1e300", "NaN", "Infinity", -0.0],
)
async def test_a_number_that_none_can_hold_breaks_nothing(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    number: object,
) -> None:
    """What is shown of it can be sent to a browser; the alarm is stored."""
    await set_up(hass, camera_entry)
    shown = alarms(hass)
    measured = dict.fromkeys(("high_temp", "low_temp", "avg_temp", "preset"), number)
    await camera.push(1000, {"type": 1, "temp_flag": 1, "name": "n"} | measured)
    await camera.push(1002, dict.fromkeys(("total", "free", "limit"), number))
    rule = {"measure_id": 1, "max_temp": number, "min_temp": number}
    await camera.push(1007, {"interval": number, "obj_list": [rule]})
    await until(lambda: len(shown) == 2)
    await settle(hass)
    for state in hass.states.async_all():
        json_bytes(state.as_dict())
    assert len(await rows(hass)) == 2
    assert not warnings(caplog)


@pytest.mark.parametrize(
    "time",
    [
        "9999-12-31 23:59:59",
        "2100-01-01 00:00:00",
        "1970-01-01 00:00:00",
        "0001-01-01 00:00:00",
        "9999-12-31T23:59:59.999999-23:59",
        "2026-02-30 25:00:00",
    ],
)
async def test_a_time_that_cannot_be_is_that_of_the_arrival(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    time: str,
) -> None:
    """The alarm is one all the same."""
    await set_up(hass, camera_entry, *SHOWN)
    shown = alarms(hass)
    await camera.push(1011, {"name": "x", "time": time, "capture_time": time})
    await until(lambda: shown)
    await settle(hass)
    (row,) = await rows(hass)
    assert abs(row.at - row.received_at) < timedelta(seconds=1)
    assert not warnings(caplog)


# Alarms that are fetched


async def test_an_alarm_that_comes_twice_while_its_picture_is_fetched_is_one(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """One event and one row, however slow the camera is."""
    await set_up(hass, camera_entry, *SHOWN)
    shown = alarms(hass)
    may_end = asyncio.Event()

    async def slow(self: GuideClient, url: str, **_: Any) -> bytes:
        await may_end.wait()
        return JPEG

    time = camera.camera.clock().strftime("%Y-%m-%d %H:%M:%S")
    body = {"name": "one", "time": time, "ir_image_url": "/a.jpg"}
    with patch.object(GuideClient, "download", slow):
        for _ in range(3):
            await camera.push(1011, body)
        await camera.push(1011, body | {"name": "other"})
        await until(lambda: shown and shown[-1]["area"] == "other")
        may_end.set()
        await settle(hass)
    assert [each["area"] for each in shown] == ["one", "other"]
    assert [row.subject for row in await rows(hass)] == ["other", "one"]


async def test_an_alarm_whose_picture_is_still_fetched_is_stored_without_it(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """When its entry is unloaded: the camera will not say it again."""
    await set_up(hass, camera_entry, *SHOWN)
    shown = alarms(hass)
    never = asyncio.Event()

    async def endless(self: GuideClient, url: str, **_: Any) -> bytes:
        await never.wait()
        return JPEG

    with patch.object(GuideClient, "download", endless):
        await camera.push(1011, {"name": "late", "ir_image_url": "/a.jpg"})
        await until(lambda: shown)
        with patch("custom_components.thermogate.PLATFORMS", list(SHOWN)):
            await hass.config_entries.async_reload(camera_entry.entry_id)
            await settle(hass)
    (row,) = await rows(hass)
    assert (row.subject, row.pictures) == ("late", ())
    assert row.event_id == shown[0]["event_id"]
    assert attributes_of(hass, ALARM)["event_id"] == row.event_id
