"""Voices of Home Assistant, heard from a terminal."""

from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any, override
import wave

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    mock_config_flow,
    mock_integration,
    mock_platform,
    setup_test_component_platform,
)

from homeassistant.components import media_source, tts
from homeassistant.config_entries import ConfigEntry, ConfigFlow
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from tests.helpers import SPEAKER, door, set_up, state_of
from tests.recordings import encoded, tone
from tests.simulators.terminal import Options, TerminalSimulator

VOICE = "tts.voice"


class Voice(tts.TextToSpeechEntity):
    """A voice that says everything in three seconds, as MP3 or, if it can and is asked to, as WAV."""

    _attr_name = "Voice"
    _attr_default_language = "en"
    _attr_supported_languages = ["en"]

    def __init__(self, options: list[str]) -> None:
        """Take the options that the voice knows."""
        self.entity_id = VOICE
        self._attr_supported_options = options
        self.asked: list[dict[str, Any]] = []

    @override
    def get_tts_audio(
        self, message: str, language: str, options: dict[str, Any]
    ) -> tts.TtsAudioType:
        """Speak."""
        self.asked.append(options)
        if options.get(tts.ATTR_PREFERRED_FORMAT) == "wav":
            return "wav", tone(3)
        return "mp3", encoded("mp3", "libmp3lame", 3)


class Flow(ConfigFlow):
    """The voice has nothing to configure."""


@pytest.fixture
def options() -> list[str]:
    """Return what the voice can be asked for."""
    return []


@pytest.fixture
async def voice(hass: HomeAssistant, tmp_path: Path, options: list[str]) -> Voice:
    """Set up a voice."""

    async def set_up_voice(hass: HomeAssistant, entry: ConfigEntry[Any]) -> bool:
        await hass.config_entries.async_forward_entry_setups(entry, [Platform.TTS])
        return True

    entity = Voice(options)
    assert await async_setup_component(hass, media_source.DOMAIN, {})
    assert await async_setup_component(hass, tts.DOMAIN, {})
    mock_integration(hass, MockModule("test", async_setup_entry=set_up_voice))
    mock_platform(hass, "test.config_flow")
    setup_test_component_platform(hass, tts.DOMAIN, [entity], from_config_entry=True)
    entry = MockConfigEntry(domain="test")
    entry.add_to_hass(hass)
    with mock_config_flow("test", Flow):
        assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entity


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


async def say(hass: HomeAssistant, message: str = "Welcome") -> None:
    """Let the voice speak at the front door."""
    await hass.services.async_call(
        tts.DOMAIN,
        "speak",
        {
            "entity_id": VOICE,
            "media_player_entity_id": SPEAKER,
            "message": message,
            "cache": False,
        },
        blocking=True,
    )


def seconds_heard(terminal: TerminalSimulator) -> float:
    """Return how long the one sound is that arrived."""
    [request] = [each for each in terminal.requests if each.cmd == "play audio stream"]
    audio: Any = request.fields["audio"]
    with wave.open(BytesIO(b64decode(audio["data"]))) as file:
        return file.getnframes() / file.getframerate()


WISHES = {
    tts.ATTR_PREFERRED_FORMAT: "wav",
    tts.ATTR_PREFERRED_SAMPLE_RATE: 16_000,
    tts.ATTR_PREFERRED_SAMPLE_CHANNELS: 1,
    tts.ATTR_PREFERRED_SAMPLE_BYTES: 2,
}


async def test_a_voice(
    hass: HomeAssistant,
    voice: Voice,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """Whatever it delivers, the terminal gets what it plays; no other program converts it."""
    await set_up(hass, terminal_entry, Platform.MEDIA_PLAYER)
    await say(hass)
    assert seconds_heard(terminal) == pytest.approx(3, abs=0.1)
    assert state_of(hass, SPEAKER) == "playing"
    assert voice.asked == [{}]


@pytest.mark.parametrize("options", [list(WISHES)])
async def test_a_voice_that_delivers_what_terminals_play(
    hass: HomeAssistant,
    voice: Voice,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """Is asked for that."""
    await set_up(hass, terminal_entry, Platform.MEDIA_PLAYER)
    await say(hass)
    assert voice.asked == [WISHES]
    assert seconds_heard(terminal) == 3


async def test_a_voice_that_fails(
    hass: HomeAssistant,
    voice: Voice,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is sent."""
    await set_up(hass, terminal_entry, Platform.MEDIA_PLAYER)
    monkeypatch.setattr(voice, "get_tts_audio", lambda *_args, **_options: (None, None))
    with pytest.raises(HomeAssistantError):
        await say(hass)
    assert not terminal.device.played
