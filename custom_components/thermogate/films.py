"""Films that browsers can play, of recordings that are bare video: some cameras store H.264 or H.265 without a container.

A converted film is a file that is kept while it is among the last that were asked for; it has all its parts, so seeking works.
"""

import asyncio
from collections import OrderedDict
from fractions import Fraction
from pathlib import Path, PurePosixPath
import shutil
import tempfile
from typing import Final

import av

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.singleton import singleton

from .const import DOMAIN, LOGGER
from .guide import GuideClient, Recording

# By how the address ends: what PyAV calls it.
BARE: Final = {
    ".h264": "h264",
    ".264": "h264",
    ".h265": "hevc",
    ".265": "hevc",
}
MAX_CONVERTED: Final = 256 * 1024 * 1024
KEPT: Final = 4
_CLOCK: Final = 90_000
_FRAMES_PER_SECOND: Final = 25


def bare_format(recording: Recording) -> str | None:
    """Return what bare video a recording is, None if it has a container."""
    address = (recording.url or "").partition("?")[0]
    return BARE.get(PurePosixPath(address).suffix.lower())


class Films:
    """Converts one film at a time, and keeps the last few."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Keep nothing yet."""
        self._hass = hass
        self._folder: Path | None = None
        self._films: OrderedDict[str, Path] = OrderedDict()
        self._turn = asyncio.Lock()
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, self._async_stop)

    async def async_film(
        self, key: str, client: GuideClient, recording: Recording
    ) -> Path | None:
        """Return the film of a recording that is bare video, None where that cannot be understood. GuideError."""
        if path := self._found(key):
            return path
        async with self._turn:
            # Whoever had the turn before may have wanted the same.
            if path := self._found(key):
                return path
            path = await self._async_convert(client, recording)
            if path is None:
                return None
            self._films[key] = path
            while len(self._films) > KEPT:
                _, oldest = self._films.popitem(last=False)
                # Whoever still watches it has it open.
                await self._hass.async_add_executor_job(oldest.unlink, True)
            return path

    def _found(self, key: str) -> Path | None:
        """Return a film that is kept, which is then the last that was asked for."""
        if path := self._films.get(key):
            self._films.move_to_end(key)
        return path

    async def _async_convert(
        self, client: GuideClient, recording: Recording
    ) -> Path | None:
        run = self._hass.async_add_executor_job
        if self._folder is None:
            self._folder = Path(await run(tempfile.mkdtemp, "", f"{DOMAIN}-"))
        bare = await run(_new_file, self._folder)
        film = bare.with_suffix(".mp4")
        done = False
        try:
            await self._async_fetch(client, recording, bare)
            done = await run(
                convert, bare, film, bare_format(recording), _seconds(recording)
            )
        finally:
            await run(bare.unlink, True)
            if not done:
                await run(film.unlink, True)
        return film if done else None

    async def _async_fetch(
        self, client: GuideClient, recording: Recording, path: Path
    ) -> None:
        """Write a recording into a file. GuideError."""
        file = await self._hass.async_add_executor_job(path.open, "wb")
        try:
            async with client.open_file(
                recording.url or "", limit=MAX_CONVERTED
            ) as remote:
                async for piece in remote.pieces:
                    await self._hass.async_add_executor_job(file.write, piece)
        finally:
            await self._hass.async_add_executor_job(file.close)

    async def _async_stop(self, _: Event) -> None:
        """Leave nothing behind."""
        self._films.clear()
        if self._folder:
            await self._hass.async_add_executor_job(shutil.rmtree, self._folder, True)


@singleton(f"{DOMAIN}_films")
@callback
def async_get_films(hass: HomeAssistant) -> Films:
    """Return the films of this Home Assistant."""
    return Films(hass)


def convert(
    bare: Path, film: Path, video_format: str | None, seconds: float | None
) -> bool:
    """Put bare video into an MP4 file, picture by picture as it is; whether that worked. Not for the event loop.

    Bare video tells no times: its pictures are spread over the time that the camera tells, else 25 go into a second.
    """
    try:
        # They are counted first, and not kept: a film may be larger than the memory of a small computer.
        with av.open(str(bare), format=video_format) as source:
            count = sum(1 for picture in source.demux(video=0) if picture.size)
        step = round(_CLOCK * (seconds / count if seconds else 1 / _FRAMES_PER_SECOND))
        with (
            av.open(str(bare), format=video_format) as source,
            av.open(
                str(film), "w", format="mp4", options={"movflags": "faststart"}
            ) as target,
        ):
            video = source.streams.video[0]
            copy = target.add_stream_from_template(video)
            pictures = (picture for picture in source.demux(video) if picture.size)
            for number, picture in enumerate(pictures):
                picture.stream = copy
                picture.time_base = Fraction(1, _CLOCK)
                picture.pts = picture.dts = number * step
                picture.duration = step
                target.mux(picture)
    except (av.FFmpegError, OSError, ValueError, IndexError, ZeroDivisionError) as err:
        LOGGER.debug("No film of a recording (%s)", type(err).__name__)
        return False
    return bool(count)


def _new_file(folder: Path) -> Path:
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        return Path(file.name)


def _seconds(recording: Recording) -> float | None:
    """Return how long a recording lasts, where the camera tells both its ends."""
    if recording.start is None or recording.end is None:
        return None
    seconds = (recording.end - recording.start).total_seconds()
    return seconds if seconds > 0 else None
