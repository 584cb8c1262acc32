"""Where a sound comes from: a voice of Home Assistant, a media item or a web address."""

import asyncio
from typing import Final

import aiohttp

from homeassistant.components import media_source, tts
from homeassistant.components.media_player import async_process_play_media_url
from homeassistant.components.tts.helper import get_engine_instance
from homeassistant.components.tts.media_source import (
    MediaSourceOptions,
    parse_media_source_id,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .const import DOMAIN
from .reading import read_file
from .sounds import (
    MAX_INPUT,
    MAX_SECONDS,
    RATE,
    SAMPLE_BYTES,
    Sound,
    TooLongError,
    to_sound,
)

# Seconds; a radio station never ends.
DOWNLOAD_TIMEOUT: Final = 30

_VOICE: Final = f"{media_source.URI_SCHEME}{tts.DOMAIN}/"
_WAV: Final = {
    tts.ATTR_PREFERRED_FORMAT: "wav",
    tts.ATTR_PREFERRED_SAMPLE_RATE: RATE,
    tts.ATTR_PREFERRED_SAMPLE_CHANNELS: 1,
    tts.ATTR_PREFERRED_SAMPLE_BYTES: SAMPLE_BYTES,
}


async def async_sound(hass: HomeAssistant, media_id: str, entity_id: str) -> Sound:
    """Return what a media player is to play, as terminals play it.

    ServiceValidationError for what is no sound or too long, HomeAssistantError for what cannot be had.
    """
    data = await _recording(hass, media_id, entity_id)
    try:
        return await hass.async_add_executor_job(to_sound, data)
    except TooLongError as err:
        raise _too_long() from err
    except ValueError as err:
        raise _nothing() from err


def _too_long() -> ServiceValidationError:
    """Return what is told about a sound that no terminal gets."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="sound_too_long",
        translation_placeholders={"seconds": str(MAX_SECONDS)},
    )


def _nothing() -> ServiceValidationError:
    """Return what is told about something that is not to be heard."""
    return ServiceValidationError(translation_domain=DOMAIN, translation_key="no_sound")


async def _recording(hass: HomeAssistant, media_id: str, entity_id: str) -> bytes:
    if media_id.startswith(_VOICE) and tts.DOMAIN in hass.config.components:
        return await _spoken(hass, media_id.removeprefix(_VOICE))
    if media_source.is_media_source_id(media_id):
        item = await media_source.async_resolve_media(hass, media_id, entity_id)
        if item.path is not None:
            return await hass.async_add_executor_job(read_file, item.path, MAX_INPUT)
        media_id = item.url
    return await _downloaded(hass, async_process_play_media_url(hass, media_id))


async def _spoken(hass: HomeAssistant, identifier: str) -> bytes:
    """Return what a voice says, as the part of a media id behind the voices' own asks for it."""
    parsed = parse_media_source_id(identifier)
    if "stream" not in parsed:
        identifier = _as_wav(hass, parsed["message"], parsed["options"]) or identifier
    try:
        _, data = await tts.async_get_media_source_audio(hass, identifier)
    except ValueError as err:
        raise _nothing() from err
    return data


def _as_wav(
    hass: HomeAssistant, message: str, wanted: MediaSourceOptions
) -> str | None:
    """Return what asks for a message as WAV; None if the voice cannot do that by itself: then we convert it."""
    engine = get_engine_instance(hass, wanted["engine"])
    supported = (engine.supported_options if engine else None) or ()
    if tts.ATTR_PREFERRED_FORMAT not in supported:
        return None
    wishes = {wish: value for wish, value in _WAV.items() if wish in supported}
    return tts.generate_media_source_id(
        hass,
        message,
        wanted["engine"],
        wanted["language"],
        {**(wanted["options"] or {}), **wishes},
        wanted["use_file_cache"],
    ).removeprefix(_VOICE)


async def _downloaded(hass: HomeAssistant, url: str) -> bytes:
    """Return what is at an address, or so much that it is seen to be too large."""
    if not url.startswith(("http://", "https://")):
        raise _nothing()
    data = bytearray()
    try:
        async with (
            asyncio.timeout(DOWNLOAD_TIMEOUT),
            async_get_clientsession(hass).get(url) as response,
        ):
            response.raise_for_status()
            async for chunk in response.content.iter_any():
                data += chunk
                if len(data) > MAX_INPUT:
                    raise _too_long()
    except TimeoutError as err:
        # What has begun and does not end is a station; what has not begun is not there.
        raise (_too_long() if data else _unreachable()) from err
    except aiohttp.ClientError as err:
        raise _unreachable() from err
    return bytes(data)


def _unreachable() -> HomeAssistantError:
    # The address may contain a password.
    return HomeAssistantError(
        translation_domain=DOMAIN, translation_key="sound_not_there"
    )
