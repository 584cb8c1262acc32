"""Video over the WebSocket, and the transport stream that is made of it."""

from collections.abc import AsyncGenerator
from io import BytesIO
from unittest.mock import patch

import aiohttp
import av
import numpy as np
import pytest

from custom_components.thermogate.guide import (
    GuideClient,
    GuideConnectionError,
    GuideTimeoutError,
    TransportStream,
)
from tests.simulators.camera import CameraSimulator, Options
from tests.simulators.camera.encoder import Encoder, with_start_codes
from tests.simulators.camera.video import STREAMS
from tests.waiting import until

SIZE = (480, 640)
FPS = 10


def pictures(count: int) -> list[list[bytes]]:
    """Return encoded noise: every fifth picture needs no other."""
    encoder = Encoder(SIZE[1], SIZE[0], FPS, 5, 2000)
    noise = np.random.default_rng(1)
    return [
        encoder.encode(noise.integers(0, 255, (*SIZE, 3), dtype=np.uint8))
        for _ in range(count)
    ]


def streamed(encoded: list[list[bytes]], *, together: bool = False) -> bytes:
    """Return the transport stream of pictures that come one unit at a time, or all units of one at once."""
    stream = TransportStream()
    out = b""
    for number, units in enumerate(encoded):
        for part in [units] if together else [[unit] for unit in units]:
            out += stream.add(with_start_codes(part), 1000 + number / FPS)
    return out


@pytest.mark.parametrize("together", [False, True], ids=["units", "pictures"])
def test_a_player_plays_it(together: bool) -> None:
    """Every picture but the last, which may not be whole, in its size and at its time."""
    out = streamed(pictures(12), together=together)
    with av.open(BytesIO(out)) as video:
        assert video.format.name == "mpegts"
        frames = list(video.decode(video=0))
    assert [(frame.height, frame.width) for frame in frames] == [SIZE] * 11
    times = [frame.time for frame in frames]
    assert np.diff(times) == pytest.approx([1 / FPS] * 10, abs=0.001)


def test_it_is_made_of_whole_packets() -> None:
    """Of 188 bytes, counted per channel, each with its mark."""
    out = streamed(pictures(7))
    packets = [out[start : start + 188] for start in range(0, len(out), 188)]
    assert len(out) % 188 == 0
    assert all(packet[0] == 0x47 for packet in packets)
    for channel in {packet[1] & 0x1F for packet in packets}:
        counted = [each[3] & 15 for each in packets if each[1] & 0x1F == channel]
        assert counted == [number & 15 for number in range(len(counted))]


def test_every_length_of_a_picture_fills_its_packets() -> None:
    """What is left of the last packet is filled up, be it one byte or all of it."""
    settings, key = pictures(1)[0][:2], pictures(1)[0][-1][:20]
    for length in range(1, 400):
        stream = TransportStream()
        unit = key + b"\xa5" * length
        out = stream.add(with_start_codes([*settings, unit]), 0)
        out += stream.add(with_start_codes([settings[0]]), 1)
        assert out
        assert len(out) % 188 == 0
        assert unit[-length:][:50] in out.replace(b"\xff", b"")


def test_it_begins_with_a_picture_that_needs_no_other() -> None:
    """Who comes in between waits for it."""
    encoded = pictures(12)
    with av.open(BytesIO(streamed(encoded[2:]))) as video:
        packets = [packet for packet in video.demux(video=0) if packet.size]
    assert packets[0].is_keyframe
    assert len(packets) == 12 - 5 - 1


def test_times_never_stand_still() -> None:
    """Also of pictures that come in one burst, or before their turn."""
    stream = TransportStream()
    out = b""
    for number, units in enumerate(pictures(10)):
        out += stream.add(with_start_codes(units), 1000 - number)
    with av.open(BytesIO(out)) as video:
        times = [packet.dts for packet in video.demux(video=0) if packet.size]
    assert times == sorted(set(times))


@pytest.mark.parametrize(
    "data", [b"", b"\0\0\0\1", b"\0\0\1", b"\xff" * 1000, b"\0" * 1000, b"\0\0\1\x65"]
)
def test_what_is_no_video_is_none(data: bytes) -> None:
    """And breaks nothing."""
    stream = TransportStream()
    assert not b"".join(stream.add(data, 0) for _ in range(5))


async def drained(units: AsyncGenerator[bytes]) -> None:
    """Read what comes, as long as something comes."""
    async for _ in units:
        pass


# The camera


@pytest.fixture
async def yard(socket_enabled: None) -> AsyncGenerator[CameraSimulator]:
    """Run a camera."""
    async with CameraSimulator(Options(days_of_history=0, alarm_period=0)) as camera:
        yield camera


@pytest.fixture
async def viewer(yard: CameraSimulator) -> AsyncGenerator[GuideClient]:
    """Return a client that is logged in to it."""
    async with aiohttp.ClientSession() as websession:
        client = GuideClient(
            websession,
            yard.options.host,
            port=yard.http_port,
            username=yard.options.username,
            password=yard.options.password,
        )
        await client.connect()
        yield client
        await client.close()
    streams = [yard.video.find(path) for path in STREAMS]
    await until(lambda: not any(stream and stream.encoding for stream in streams))


@pytest.mark.parametrize(
    ("stream", "path"),
    [
        ("thermal", "/video1/stream0"),
        ("thermal_sub", "/video1/stream1"),
        ("visible", "/video2/stream0"),
        ("visible_sub", "/video2/stream1"),
    ],
)
async def test_each_stream_is_watched(
    yard: CameraSimulator, viewer: GuideClient, stream: str, path: str
) -> None:
    """By its greeting; the camera encodes as long as somebody watches."""
    units = viewer.video(stream)
    assert (await anext(units)).startswith(b"\0\0\0\1")
    source = yard.video.find(path)
    assert source is not None
    assert source.encoding
    await units.aclose()
    await until(lambda: not source.encoding)


async def test_a_session_that_has_ended_is_renewed(
    yard: CameraSimulator, viewer: GuideClient
) -> None:
    """Before the greeting, which nobody answers."""
    yard.camera.sessions.close_all()
    units = viewer.video("thermal")
    assert await anext(units)
    await units.aclose()


async def test_a_stream_that_is_refused_ends(
    yard: CameraSimulator, viewer: GuideClient
) -> None:
    """As one of a lens that the camera does not have."""
    yard.camera.quirks.add("ir-only")
    assert [unit async for unit in viewer.video("visible")] == []


async def test_a_port_that_is_closed(
    yard: CameraSimulator, viewer: GuideClient
) -> None:
    """Is said."""
    await yard.inject("http-only")
    with pytest.raises(GuideConnectionError):
        await anext(viewer.video("thermal"))


async def test_a_camera_that_sends_no_more(
    yard: CameraSimulator, viewer: GuideClient
) -> None:
    """Is not waited for forever."""
    with patch("custom_components.thermogate.guide.video.SILENCE", 0.3):
        units = viewer.video("thermal")
        await anext(units)
        await yard.inject("half-open on")
        with pytest.raises(GuideTimeoutError):
            await drained(units)
    await yard.inject("half-open off")
