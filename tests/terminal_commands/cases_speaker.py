"""Sound and screen: vendor document 2.9, 2.11, 2.13.2 and 2.17."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from custom_components.thermogate.const import DOMAIN
from homeassistant.components import media_source
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_component import DATA_INSTANCES
from homeassistant.setup import async_setup_component
from tests.helpers import SPEAKER, act, settle, state_of, volume_of
from tests.persons.house import perform
from tests.recordings import tone
from tests.simulators.terminal import TerminalSimulator

type Case = Callable[[HomeAssistant, TerminalSimulator], Awaitable[None]]

SCREENSAVER = "select.front_door_screensaver"
SNAPSHOT = "camera.front_door_snapshot"


async def _start_anew(hass: HomeAssistant) -> None:
    """Reload the terminal, which is asked what it is then."""
    [entry] = hass.config_entries.async_entries(DOMAIN)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass)


async def _request_screensaver(
    hass: HomeAssistant, terminal: TerminalSimulator
) -> None:
    """See what was chosen at the terminal."""
    terminal.device.screensaver = "extinguish"
    await _start_anew(hass)
    assert state_of(hass, SCREENSAVER) == "display_off"


async def _update_screensaver(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Choose what the screen shows while nobody is there."""
    await act(hass, "select.select_option", SCREENSAVER, option="media")
    assert terminal.device.screensaver == "media"
    assert state_of(hass, SCREENSAVER) == "media"


async def _request_media(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Ask what the screensaver has."""
    answer = await perform(hass, "list_screensaver_media")
    assert [(media["position"], media["name"]) for media in answer["media"]] == list(
        terminal.device.media.items()
    )


async def _update_media(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Make what a camera shows a part of the screensaver."""
    await perform(hass, "upload_screensaver_media", picture_entity=SNAPSHOT)
    assert terminal.device.media[2] == "media.jpg"


async def _upload_file(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Find the picture in the terminal's memory."""
    await perform(hass, "upload_screensaver_media", picture_entity=SNAPSHOT, position=9)
    stored = terminal.device.files["/data_fs/screensaver/NO9.media.jpg"]
    assert stored.startswith(b"\xff\xd8")


async def _delete_media(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Take away what is at a position."""
    await perform(hass, "delete_screensaver_media", position=1)
    assert terminal.device.media == {}


async def _text_display(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Write on the screen, by a message and by an action."""
    await act(
        hass, "notify.send_message", "notify.front_door_screen_text", message="Welcome"
    )
    await perform(hass, "show_text", text="Please wait", x=20, y=300)
    assert [shown["text"] for shown in terminal.device.shown] == [
        "Welcome",
        "Please wait",
    ]


async def _image_display(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Show on the screen what a camera shows."""
    await perform(hass, "show_image", picture_entity=SNAPSHOT, duration=5)
    assert terminal.device.shown[-1]["alive_time"] == 5000


async def _tts_play(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Let the terminal say a message."""
    await act(
        hass, "notify.send_message", "notify.front_door_speech", message="Welcome"
    )
    assert terminal.device.spoken == ["Welcome"]


async def _play_audio_stream(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Play a file of the media folder."""
    folder = hass.config.path("sounds")

    def record() -> None:
        Path(folder).mkdir()
        Path(folder, "bell.wav").write_bytes(tone(2))

    await hass.async_add_executor_job(record)
    hass.config.media_dirs = {"local": folder}
    assert await async_setup_component(hass, media_source.DOMAIN, {})
    await act(
        hass,
        "media_player.play_media",
        SPEAKER,
        media_content_id="media-source://media_source/local/bell.wav",
        media_content_type="music",
    )
    assert terminal.device.played == ["64044 bytes of WAV"]
    assert state_of(hass, SPEAKER) == "playing"


async def _browse_audio(hass: HomeAssistant, _terminal: TerminalSimulator) -> None:
    """Find what the terminal has by itself in the media browser."""
    speaker: Any = hass.data[DATA_INSTANCES]["media_player"].get_entity(SPEAKER)
    folder = await speaker.async_browse_media("music", "built_in")
    assert "doorbell" in {child.title for child in folder.children}


async def _play_audio(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Play one of these."""
    await perform(hass, "play_sound", sound="doorbell")
    assert terminal.device.played == ["NO4.doorbell.wav"]


async def _get_volume(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """See how loud the terminal is."""
    terminal.device.volume = 25
    await _start_anew(hass)
    assert volume_of(hass) == 0.25


async def _set_volume(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Make it louder."""
    await act(hass, "media_player.volume_set", SPEAKER, volume_level=0.8)
    assert terminal.device.volume == 80


CASES: Final[dict[str, Case]] = {
    "request_screensaver": _request_screensaver,
    "update_screensaver": _update_screensaver,
    "request_media": _request_media,
    "update_media": _update_media,
    "delete_media": _delete_media,
    "text_display": _text_display,
    "image_display": _image_display,
    "tts_play": _tts_play,
    "play_audio_stream": _play_audio_stream,
    "browse_audio": _browse_audio,
    "play_audio": _play_audio,
    "get_volume": _get_volume,
    "set_volume": _set_volume,
    "upload_file": _upload_file,
}
