"""The recordings and pictures on a camera's own storage (513, 514), as the media browser asks for them."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from typing import Final, NamedTuple

from homeassistant.util import dt as dt_util

from ..guide import Channel, GuideClient, MediaKind, Recording

# A film is fetched in many parts, each of which looks its file up.
REMEMBERED: Final = timedelta(minutes=1)
DAYS_REMEMBERED: Final = 8
# What a camera may claim to have of one day.
MAX_PER_DAY: Final = 10_000
_NAME_BYTES: Final = 16


class Shelf(NamedTuple):
    """What one camera has of one lens and one kind."""

    channel: Channel
    media: MediaKind


@dataclass(frozen=True, slots=True)
class _Listed:
    at: datetime
    files: Mapping[str, Recording]


class Recordings:
    """Lists what a camera has stored. Files have names of ours: an address on the camera never leaves this class unasked."""

    def __init__(self, client: GuideClient) -> None:
        """Remember nothing yet."""
        self._client = client
        # How many pictures are made small at a time.
        self.pictures = asyncio.Semaphore(2)
        self._listed: OrderedDict[tuple[Shelf, date], _Listed] = OrderedDict()

    async def async_days(self, shelf: Shelf, month: date) -> tuple[date, ...]:
        """Return the days of a month that have files, newest first. GuideError."""
        days = await self._client.recording_days(month.year, month.month, *shelf)
        return days[::-1]

    async def async_files(self, shelf: Shelf, day: date) -> Mapping[str, Recording]:
        """Return the files of a day by their names, newest first, as the camera told at most a minute ago. GuideError."""
        key = (shelf, day)
        now = dt_util.utcnow()
        known = self._listed.get(key)
        if known is None or not now - REMEMBERED <= known.at <= now:
            known = _Listed(now, await self._async_ask(shelf, day))
            self._listed[key] = known
        self._listed.move_to_end(key)
        while len(self._listed) > DAYS_REMEMBERED:
            self._listed.popitem(last=False)
        return known.files

    def forget(self) -> None:
        """Ask for everything anew: the camera has deleted files."""
        self._listed.clear()

    async def async_find(self, shelf: Shelf, day: date, name: str) -> Recording | None:
        """Return the file of a name, if the camera has it. GuideError."""
        return (await self.async_files(shelf, day)).get(name)

    async def _async_ask(self, shelf: Shelf, day: date) -> dict[str, Recording]:
        """Ask for the files of a day; one without an address cannot be fetched."""
        found: list[Recording] = []
        async for recording in self._client.recordings(
            datetime.combine(day, time.min), datetime.combine(day, time.max), *shelf
        ):
            if recording.url:
                found.append(recording)
            if len(found) == MAX_PER_DAY:
                break
        found.sort(key=lambda each: each.start or datetime.min, reverse=True)
        return {_name(recording): recording for recording in found}


def _name(recording: Recording) -> str:
    """Return a name that tells nothing of where the file is, and is the same whenever it is listed."""
    told = f"{recording.url}|{recording.start}|{recording.kind}"
    return blake2b(told.encode(), digest_size=_NAME_BYTES).hexdigest()
