"""Video of a camera without RTSP: what Home Assistant's stream component opens, and what it gets there."""

import asyncio
from collections.abc import AsyncGenerator
from unittest.mock import patch

import aiohttp
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.camera_stream import async_get_streams
from custom_components.thermogate.const import CONF_VIDEO, VideoWay
from custom_components.thermogate.coordinator import camera_video
from homeassistant.components.camera import async_get_stream_source
from homeassistant.components.stream.worker import try_open_stream
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from tests.helpers import set_up
from tests.simulators.camera import CameraSimulator
from tests.waiting import until

VISIBLE, THERMAL = "camera.yard_visible", "camera.yard_thermal"
SIZES = {VISIBLE: (1280, 720), THERMAL: (512, 384)}


@pytest.fixture(autouse=True)
async def _closed(hass: HomeAssistant) -> AsyncGenerator[None]:
    """Stop listening at the end, as Home Assistant does when it stops."""
    yield
    await async_get_streams(hass).async_close()


async def source_of(
    hass: HomeAssistant, entry: MockConfigEntry, way: VideoWay, lens: str = THERMAL
) -> str:
    """Return what the stream component is to open, where a person chose a way."""
    hass.config_entries.async_update_entry(entry, options={CONF_VIDEO: way})
    await set_up(hass, entry, Platform.CAMERA)
    source = await async_get_stream_source(hass, lens)
    assert source is not None
    return source


def played(source: str, pictures: int = 5) -> tuple[str, list[tuple[int, int]], bool]:
    """Open an address as Home Assistant's stream worker does; return its format, the sizes of pictures, and whether times rise."""
    with try_open_stream(source, {"tls_verify": "0"}) as container:
        frames, times = [], []
        for packet in container.demux(video=0):
            times.append(packet.dts)
            frames += [(frame.width, frame.height) for frame in packet.decode()]
            if len(frames) >= pictures:
                break
        return container.format.name, frames, times == sorted(set(times))


@pytest.mark.parametrize("lens", SIZES)
async def test_the_stream_component_plays_it(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    lens: str,
) -> None:
    """With the very call of its worker: H.264 of the camera's WebSocket, with times that rise."""
    source = await source_of(hass, camera_entry, VideoWay.WEBSOCKET, lens)
    assert source.startswith("http://127.0.0.1:")
    kind, frames, rising = await hass.async_add_executor_job(played, source)
    assert kind == "mpegts"
    assert set(frames) == {SIZES[lens]}
    assert rising
    assert not camera.rtsp_requests
    # Nobody looks: the camera is not asked for pictures any more.
    streams = [
        camera.video.find(path) for path in ("/video1/stream0", "/video2/stream0")
    ]
    await until(lambda: not any(stream and stream.encoding for stream in streams))


# Which way


async def test_automatic_takes_rtsp_where_itasync_opens(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """It needs nothing in between."""
    source = await source_of(hass, camera_entry, VideoWay.AUTO)
    assert source.startswith("rtsp://admin:")


async def test_automatic_takes_the_websocket_where_rtsp_is_blocked(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """And RTSP again when it opens; in between its port is not tried each time that somebody looks."""
    with patch.object(camera_video, "async_opens", return_value=False) as tried:
        source = await source_of(hass, camera_entry, VideoWay.AUTO)
        assert source.startswith("http://127.0.0.1:")
        assert await async_get_stream_source(hass, THERMAL) == source
        assert tried.call_count == 1
    with patch.object(camera_video, "BELIEVED", 0):
        again = await async_get_stream_source(hass, THERMAL)
    assert again is not None
    assert again.startswith("rtsp://")


async def test_a_port_that_is_closed_does_not_open(
    hass: HomeAssistant, camera: CameraSimulator
) -> None:
    """It is found out by knocking."""
    assert await camera_video.async_opens("127.0.0.1", camera.rtsp_port)
    assert not await camera_video.async_opens("127.0.0.1", 1)


async def test_automatic_takes_the_websocket_where_rtsp_is_off(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """A camera that names no addresses still has both lenses, as it names their ports."""
    with patch("tests.simulators.camera.commands.stream_urls", return_value={}):
        source = await source_of(hass, camera_entry, VideoWay.AUTO, VISIBLE)
    assert source.startswith("http://127.0.0.1:")


async def test_rtsp_is_taken_where_it_is_chosen(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Whether it opens or not."""
    with patch.object(camera_video, "async_opens", return_value=False):
        source = await source_of(hass, camera_entry, VideoWay.RTSP)
    assert source.startswith("rtsp://")


# The address


async def test_the_address_is_a_secret(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Each stream has its own, which stays while the device does; any other leads nowhere."""
    source = await source_of(hass, camera_entry, VideoWay.WEBSOCKET)
    assert await async_get_stream_source(hass, THERMAL) == source
    assert await async_get_stream_source(hass, VISIBLE) != source
    wrong = source.rpartition("/")[0] + "/guessed.ts"
    async with aiohttp.ClientSession() as http, http.get(wrong) as answer:
        assert answer.status == 404
    assert await hass.config_entries.async_unload(camera_entry.entry_id)
    async with aiohttp.ClientSession() as http, http.get(source) as answer:
        assert answer.status == 404


async def test_a_camera_that_sends_none(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The player is told at once, and not left waiting."""
    source = await source_of(hass, camera_entry, VideoWay.WEBSOCKET)
    await camera.inject("http-only")
    async with aiohttp.ClientSession() as http, http.get(source) as answer:
        assert answer.status == 502


async def test_a_camera_that_sends_something_else(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """As one that is set to H.265."""

    async def noise(_: str) -> AsyncGenerator[bytes]:
        while True:
            yield b"\0\0\0\1\x40\1\x0c\1"
            await asyncio.sleep(0.01)

    source = await source_of(hass, camera_entry, VideoWay.WEBSOCKET)
    with (
        patch.object(camera_entry.runtime_data.client, "video", noise),
        patch("custom_components.thermogate.camera_stream.BEGINS_WITHIN", 0.1),
    ):
        async with aiohttp.ClientSession() as http, http.get(source) as answer:
            assert answer.status == 502


async def test_no_port_is_left_on_this_machine(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """There is no stream, and the log says why."""
    with patch(
        "custom_components.thermogate.camera_stream.web.TCPSite.start",
        side_effect=OSError("none left"),
    ):
        hass.config_entries.async_update_entry(
            camera_entry, options={CONF_VIDEO: VideoWay.WEBSOCKET}
        )
        await set_up(hass, camera_entry, Platform.CAMERA)
        assert await async_get_stream_source(hass, THERMAL) is None
