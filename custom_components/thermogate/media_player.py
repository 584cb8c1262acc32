"""Media players: the speaker of a terminal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, override

from homeassistant.components import media_source
from homeassistant.components.media_player import (
    BrowseMedia,
    MediaClass,
    MediaPlayerDeviceClass,
    MediaPlayerEntity,
    MediaPlayerEntityDescription,
    MediaPlayerEntityFeature,
    MediaPlayerState,
    MediaType,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .coordinator import TerminalCoordinator, ThermoGateConfigEntry
from .entity import Tables, ThermoGateDescription, ThermoGateEntity, supported
from .sound_media import async_sound
from .speaker import async_built_in, async_play, async_play_built_in

# A device takes one command after the other; what takes long waits for its turn elsewhere.
PARALLEL_UPDATES = 0

# In the media browser: the folder of what the terminal has by itself, and before the numbers of what is in it.
BUILT_IN: Final = "built_in"
BUILT_IN_SOUND: Final = f"{BUILT_IN}/"
BUILT_IN_TITLE: Final = "Built-in sounds"
FULL: Final = 100

# What the firmware must have for what the speaker can do.
FEATURES: Final = {
    MediaPlayerEntityFeature.VOLUME_SET: {"get_volume", "set_volume"},
    MediaPlayerEntityFeature.VOLUME_STEP: {"get_volume", "set_volume"},
    MediaPlayerEntityFeature.PLAY_MEDIA: {"play_audio_stream"},
    MediaPlayerEntityFeature.MEDIA_ANNOUNCE: {"play_audio_stream"},
    MediaPlayerEntityFeature.BROWSE_MEDIA: {"play_audio_stream"},
}
BUILT_IN_FEATURES: Final = (
    MediaPlayerEntityFeature.PLAY_MEDIA | MediaPlayerEntityFeature.BROWSE_MEDIA
)


def _has_built_in(terminal: TerminalCoordinator) -> bool:
    return terminal.supports("browse_audio") and terminal.supports("play_audio")


def _features(terminal: TerminalCoordinator) -> MediaPlayerEntityFeature:
    """Return what the speaker can do, as far as the firmware ever told."""
    features = MediaPlayerEntityFeature(0)
    for feature, commands in FEATURES.items():
        if all(terminal.supports(command) for command in commands):
            features |= feature
    return features | BUILT_IN_FEATURES if _has_built_in(terminal) else features


@dataclass(frozen=True, kw_only=True)
class ThermoGateMediaPlayerDescription(
    ThermoGateDescription[TerminalCoordinator], MediaPlayerEntityDescription
):
    """What a media player is."""


TERMINAL = (
    ThermoGateMediaPlayerDescription(
        key="speaker",
        translation_key="speaker",
        device_class=MediaPlayerDeviceClass.SPEAKER,
        supported=lambda terminal: bool(_features(terminal)),
        value=lambda terminal: terminal.data.volume,
    ),
)

TABLES: Tables[ThermoGateMediaPlayerDescription] = {TerminalCoordinator: TERMINAL}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the media player of a terminal."""
    coordinator = entry.runtime_data
    if isinstance(coordinator, TerminalCoordinator):
        async_add_entities(
            Speaker(coordinator, description)
            for description in supported(coordinator, TABLES)
        )


class Speaker(ThermoGateEntity[TerminalCoordinator], MediaPlayerEntity):
    """The speaker of a terminal. It cannot be stopped, and does not say when it has finished: that is reckoned."""

    entity_description: ThermoGateMediaPlayerDescription
    _attr_state = MediaPlayerState.IDLE
    _finished: CALLBACK_TYPE | None = None

    @property
    @override
    def supported_features(self) -> MediaPlayerEntityFeature:
        """What the terminal can do."""
        return _features(self.coordinator)

    @property
    @override
    def volume_level(self) -> float | None:
        """How loud it is, from 0 to 1."""
        return None if self.current is None else self.current / FULL

    @override
    async def async_set_volume_level(self, volume: float) -> None:
        """Make it louder or quieter."""
        await self.coordinator.async_set_volume(round(volume * FULL))

    @override
    async def async_play_media(
        self, media_type: MediaType | str, media_id: str, **kwargs: Any
    ) -> None:
        """Play a recording, let a voice of Home Assistant speak, or play what the terminal has by itself."""
        if media_id.startswith(BUILT_IN_SOUND):
            wanted = media_id.removeprefix(BUILT_IN_SOUND)
            await async_play_built_in(self.coordinator, wanted)
            return
        sound = await async_sound(self.hass, media_id, self.entity_id)
        await async_play(self.coordinator, sound)
        self._show(sound.seconds)

    @callback
    def _show(self, seconds: float) -> None:
        """Show that it plays, as long as it does."""
        self._forget()
        self._attr_state = MediaPlayerState.PLAYING
        self._attr_media_content_type = MediaType.MUSIC
        self._attr_media_duration = round(seconds)
        self._attr_media_position = 0
        self._attr_media_position_updated_at = dt_util.utcnow()
        self.async_write_ha_state()

        @callback
        def finished(_: datetime) -> None:
            self._finished = None
            self._attr_state = MediaPlayerState.IDLE
            self._attr_media_content_type = None
            self._attr_media_duration = None
            self._attr_media_position = None
            self._attr_media_position_updated_at = None
            self.async_write_ha_state()

        self._finished = async_call_later(self.hass, seconds, finished)

    @callback
    def _forget(self) -> None:
        """Wait for the end of nothing any more."""
        if self._finished:
            self._finished()
            self._finished = None

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Wait for nothing."""
        self._forget()

    @override
    async def async_browse_media(
        self,
        media_content_type: MediaType | str | None = None,
        media_content_id: str | None = None,
    ) -> BrowseMedia:
        """Show the sounds of Home Assistant, and those of the terminal in a folder."""
        stream = self.coordinator.supports("play_audio_stream")
        if media_content_id == BUILT_IN or not stream:
            return await self._built_in()
        found = await media_source.async_browse_media(
            self.hass,
            media_content_id,
            content_filter=lambda item: item.media_content_type.startswith("audio/"),
        )
        if not media_content_id and _has_built_in(self.coordinator):
            found.children = [*(found.children or ()), _folder()]
        return found

    async def _built_in(self) -> BrowseMedia:
        """Show what the terminal has."""
        folder = _folder()
        folder.children = [
            BrowseMedia(
                media_class=MediaClass.MUSIC,
                media_content_id=f"{BUILT_IN_SOUND}{sound.number}",
                media_content_type=MediaType.MUSIC,
                title=sound.title,
                can_play=True,
                can_expand=False,
            )
            for sound in await async_built_in(self.coordinator)
        ]
        return folder


def _folder() -> BrowseMedia:
    return BrowseMedia(
        media_class=MediaClass.DIRECTORY,
        media_content_id=BUILT_IN,
        media_content_type=MediaType.MUSIC,
        title=BUILT_IN_TITLE,
        can_play=False,
        can_expand=True,
        children_media_class=MediaClass.MUSIC,
    )
