"""The speaker of a terminal."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncGenerator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch
import wave

from aiohttp import web
from aiohttp.test_utils import TestServer
from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    snapshot_platform,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
from syrupy.assertion import SnapshotAssertion

from homeassistant.components import media_source
from homeassistant.components.media_player import MediaPlayerEntityFeature
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from tests.helpers import (
    SPEAKER,
    act,
    attributes_of,
    door,
    has_volume,
    set_up,
    state_of,
    volume_of,
)
from tests.recordings import encoded, tone
from tests.simulators.terminal import Options, Quirk, TerminalSimulator
from tests.simulators.terminal.commands import COMMANDS
from tests.waiting import until

MODULE = "custom_components.thermogate.sound_media"


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.fixture
def media(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Return Home Assistant's media folder."""
    folder = tmp_path / "media"
    folder.mkdir()
    hass.config.media_dirs = {"local": str(folder)}
    return folder


@pytest.fixture
async def speaker(
    hass: HomeAssistant,
    media: Path,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> TerminalSimulator:
    """Return the terminal at the front door, whose speaker is there."""
    assert await async_setup_component(hass, media_source.DOMAIN, {})
    await set_up(hass, terminal_entry, Platform.MEDIA_PLAYER)
    return terminal


async def play(hass: HomeAssistant, media_id: str, **data: Any) -> None:
    """Play something at the front door."""
    await act(
        hass,
        "media_player.play_media",
        SPEAKER,
        media_content_id=media_id,
        media_content_type="music",
        **data,
    )


async def play_file(hass: HomeAssistant, media: Path, recording: bytes) -> None:
    """Play a file of the media folder at the front door."""
    (media / "sound").with_suffix(".wav").write_bytes(recording)
    await play(hass, "media-source://media_source/local/sound.wav")


def seconds_played(terminal: TerminalSimulator) -> list[float]:
    """Return how long the sounds were that arrived, all of the kind that terminals play."""
    found = []
    for request in terminal.requests:
        if request.cmd == "play audio stream":
            audio: Any = request.fields["audio"]
            with wave.open(BytesIO(b64decode(audio["data"]))) as file:
                assert file.getparams()[:3] == (1, 2, 16_000)
                found.append(file.getnframes() / 16_000)
    return found


async def test_terminal(
    hass: HomeAssistant,
    speaker: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A terminal has a speaker."""
    await snapshot_platform(hass, entity_registry, snapshot, terminal_entry.entry_id)


# Its volume


@pytest.mark.parametrize(("level", "percent"), [(0, 0), (0.35, 35), (1, 100)])
async def test_the_volume_is_set(
    hass: HomeAssistant, speaker: TerminalSimulator, level: float, percent: int
) -> None:
    """The terminal gets as loud as it is told, and so it shows."""
    await act(hass, "media_player.volume_set", SPEAKER, volume_level=level)
    assert speaker.device.volume == percent
    assert volume_of(hass) == level


@pytest.mark.parametrize("level", [-0.01, 1.01])
async def test_no_terminal_is_louder_than_loud(
    hass: HomeAssistant, speaker: TerminalSimulator, level: float
) -> None:
    """What the terminal would refuse is not sent."""
    asked = len(speaker.requests)
    with pytest.raises(Exception, match="volume_level"):
        await act(hass, "media_player.volume_set", SPEAKER, volume_level=level)
    assert len(speaker.requests) == asked


async def test_a_bit_louder(hass: HomeAssistant, speaker: TerminalSimulator) -> None:
    """In steps, up to as loud as it can be."""
    speaker.device.volume = 60
    await act(hass, "media_player.volume_up", SPEAKER)
    assert speaker.device.volume == 70
    await act(hass, "media_player.volume_down", SPEAKER)
    assert speaker.device.volume == 60


async def test_a_terminal_that_does_not_answer(
    hass: HomeAssistant, clock: TickingDateTimeFactory, speaker: TerminalSimulator
) -> None:
    """A volume that was not taken is not shown."""
    speaker.be_silent(60)
    hass.loop.call_later(0.02, clock.tick, 30)
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "media_player.volume_set", SPEAKER, volume_level=0.35)
    assert raised.value.translation_key == "terminal_silent"
    assert volume_of(hass) == 0.6


# Playing


async def test_a_file_is_played(
    hass: HomeAssistant, media: Path, speaker: TerminalSimulator
) -> None:
    """It arrives as the terminal plays it, and shows as long as it is to be heard."""
    assert state_of(hass, SPEAKER) == "idle"
    await play_file(hass, media, encoded("mp3", "libmp3lame", 5))
    assert seconds_played(speaker) == [pytest.approx(5, abs=0.1)]
    assert state_of(hass, SPEAKER) == "playing"
    assert attributes_of(hass, SPEAKER)["media_duration"] == 5

    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=3))
    assert state_of(hass, SPEAKER) == "playing"
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=6))
    assert state_of(hass, SPEAKER) == "idle"
    assert "media_duration" not in attributes_of(hass, SPEAKER)


async def test_the_next_sound_begins_before_the_end(
    hass: HomeAssistant, media: Path, speaker: TerminalSimulator
) -> None:
    """It plays until the end of the last one."""
    await play_file(hass, media, tone(1))
    await play_file(hass, media, tone(5))
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=2))
    assert state_of(hass, SPEAKER) == "playing"
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=6))
    assert state_of(hass, SPEAKER) == "idle"


async def test_two_at_a_time(
    hass: HomeAssistant, media: Path, speaker: TerminalSimulator
) -> None:
    """The second is sent when the terminal has taken the first."""
    (media / "short.wav").write_bytes(tone(1))
    (media / "long.wav").write_bytes(tone(2))
    await asyncio.gather(
        *(
            play(hass, f"media-source://media_source/local/{name}.wav", announce=True)
            for name in ("short", "long")
        )
    )
    assert sorted(seconds_played(speaker)) == [1, 2]
    assert speaker.device.played == [
        f"{44 + round(seconds * 32_000)} bytes of WAV"
        for seconds in seconds_played(speaker)
    ]


async def test_the_longest_sound(
    hass: HomeAssistant, media: Path, speaker: TerminalSimulator
) -> None:
    """A minute is played."""
    await play_file(hass, media, tone(60, rate=8_000))
    assert seconds_played(speaker) == [60]


@pytest.mark.parametrize(
    ("recording", "key"),
    [
        pytest.param(tone(60.1, rate=8_000), "sound_too_long", id="too long"),
        pytest.param(b"no recording", "no_sound", id="text"),
    ],
)
async def test_what_cannot_be_played(
    hass: HomeAssistant,
    media: Path,
    speaker: TerminalSimulator,
    recording: bytes,
    key: str,
) -> None:
    """Is not sent."""
    with pytest.raises(ServiceValidationError) as raised:
        await play_file(hass, media, recording)
    assert raised.value.translation_key == key
    assert seconds_played(speaker) == []
    assert state_of(hass, SPEAKER) == "idle"


async def test_a_terminal_that_refuses(
    hass: HomeAssistant, media: Path, speaker: TerminalSimulator
) -> None:
    """Nothing is shown to play."""
    with (
        patch("tests.simulators.terminal.commands.media.decoded", return_value=b""),
        pytest.raises(HomeAssistantError) as raised,
    ):
        await play_file(hass, media, tone())
    assert raised.value.translation_key == "refused"
    assert state_of(hass, SPEAKER) == "idle"


@pytest.mark.parametrize("media_id", ["doorbell", "file:///etc/passwd", "rtsp://a/b"])
async def test_what_is_no_address(
    hass: HomeAssistant, speaker: TerminalSimulator, media_id: str
) -> None:
    """Is told."""
    with pytest.raises(ServiceValidationError) as raised:
        await play(hass, media_id)
    assert raised.value.translation_key == "no_sound"


@pytest.fixture
async def station(socket_enabled: None) -> AsyncGenerator[TestServer]:
    """Run a web server with a sound, and with one that does not end."""
    recording = tone(2)

    async def sound(_: web.Request) -> web.Response:
        return web.Response(body=recording)

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(recording)
        await asyncio.Event().wait()
        return response

    app = web.Application()
    app.router.add_get("/sound.wav", sound)
    app.router.add_get("/station", endless)
    async with TestServer(app) as server:
        yield server


async def test_an_address(
    hass: HomeAssistant, station: TestServer, speaker: TerminalSimulator
) -> None:
    """Home Assistant fetches what is there, since the terminal cannot."""
    await play(hass, str(station.make_url("/sound.wav")))
    assert seconds_played(speaker) == [2]


async def test_an_address_with_nothing(
    hass: HomeAssistant, station: TestServer, speaker: TerminalSimulator
) -> None:
    """It is said that there is nothing, without the address."""
    with pytest.raises(HomeAssistantError) as raised:
        await play(hass, str(station.make_url("/other?token=secret")))
    assert raised.value.translation_key == "sound_not_there"
    assert "secret" not in str(raised.value)


async def test_a_station_that_does_not_end(
    hass: HomeAssistant, station: TestServer, speaker: TerminalSimulator
) -> None:
    """Is no sound for a terminal."""
    with (
        patch(f"{MODULE}.DOWNLOAD_TIMEOUT", 0.2),
        pytest.raises(ServiceValidationError) as raised,
    ):
        await play(hass, str(station.make_url("/station")))
    assert raised.value.translation_key == "sound_too_long"


@pytest.mark.parametrize("more", [0, 1])
async def test_the_largest_download(
    hass: HomeAssistant, station: TestServer, speaker: TerminalSimulator, more: int
) -> None:
    """What has more bytes than a minute ever needs is not read to its end."""
    with patch(f"{MODULE}.MAX_INPUT", len(tone(2)) - more):
        if not more:
            await play(hass, str(station.make_url("/sound.wav")))
            return
        with pytest.raises(ServiceValidationError) as raised:
            await play(hass, str(station.make_url("/sound.wav")))
    assert raised.value.translation_key == "sound_too_long"


# What the terminal has by itself


async def browse(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, media_id: str = ""
) -> dict[str, Any]:
    """Return what the media browser shows."""
    client = await hass_ws_client(hass)
    request = {"type": "media_player/browse_media", "entity_id": SPEAKER}
    if media_id:
        request |= {"media_content_id": media_id, "media_content_type": "music"}
    await client.send_json_auto_id(request)
    answer = await client.receive_json()
    assert answer["success"], answer
    result: dict[str, Any] = answer["result"]
    return result


async def test_browsing(
    hass: HomeAssistant,
    media: Path,
    hass_ws_client: WebSocketGenerator,
    speaker: TerminalSimulator,
) -> None:
    """There is what Home Assistant has to hear, and what the terminal has."""
    (media / "bell.mp3").touch()
    (media / "bell.jpg").touch()
    root = await browse(hass, hass_ws_client)
    assert root["children"][-1]["title"] == "Built-in sounds"
    folder = await browse(hass, hass_ws_client, "media-source://media_source/local/.")
    assert [child["title"] for child in folder["children"]] == ["bell.mp3"]
    built_in = await browse(hass, hass_ws_client, "built_in")
    assert [child["title"] for child in built_in["children"]] == [
        "pass",
        "stranger",
        "mask",
        "hot",
        "doorbell",
    ]
    await play(hass, built_in["children"][3]["media_content_id"])
    assert speaker.device.played == ["NO3.hot.wav"]


@pytest.mark.parametrize(
    ("lacking", "features"),
    [
        ("camera volume", {"PLAY_MEDIA", "BROWSE_MEDIA", "MEDIA_ANNOUNCE"}),
        (
            "browse audio list",
            {
                "VOLUME_SET",
                "VOLUME_STEP",
                "PLAY_MEDIA",
                "BROWSE_MEDIA",
                "MEDIA_ANNOUNCE",
            },
        ),
        (
            "play audio stream",
            {"VOLUME_SET", "VOLUME_STEP", "PLAY_MEDIA", "BROWSE_MEDIA"},
        ),
    ],
)
async def test_a_firmware_that_lacks_something(
    hass: HomeAssistant,
    media: Path,
    hass_ws_client: WebSocketGenerator,
    speaker: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    lacking: str,
    features: set[str],
) -> None:
    """Once it has said so, that is not offered any more."""
    known = {name: each for name, each in COMMANDS.items() if name != lacking}
    with (
        patch("tests.simulators.terminal.simulator.COMMANDS", known),
        patch("custom_components.thermogate.PLATFORMS", [Platform.MEDIA_PLAYER]),
    ):
        if lacking == "browse audio list":
            with pytest.raises(HomeAssistantError):
                await play(hass, "built_in/1")
        elif lacking == "play audio stream":
            with pytest.raises(HomeAssistantError):
                await play_file(hass, media, tone())
        else:
            with pytest.raises(HomeAssistantError):
                await act(hass, "media_player.volume_set", SPEAKER, volume_level=0.1)
        await hass.async_block_till_done(wait_background_tasks=True)
        await until(
            lambda: (
                MediaPlayerEntityFeature(
                    attributes_of(hass, SPEAKER)["supported_features"]
                )
                == MediaPlayerEntityFeature(
                    sum(MediaPlayerEntityFeature[name] for name in features)
                )
            )
        )
        if lacking == "play audio stream":
            root = await browse(hass, hass_ws_client)
            assert root["title"] == "Built-in sounds"
    assert has_volume(hass) == ("VOLUME_SET" in features)


async def test_without_a_licence_for_speech_it_plays(
    hass: HomeAssistant, media: Path, speaker: TerminalSimulator
) -> None:
    """A voice of Home Assistant needs none."""
    speaker.device.options.quirks.add(Quirk.NO_TTS_LICENCE)
    await play_file(hass, media, tone())
    assert len(seconds_played(speaker)) == 1
