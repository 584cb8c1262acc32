"""What a terminal captured while nobody listened, from its own memory."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

from ..facegate import Capture, FaceGateClient
from ..journal import Kind, Query
from ..keeper import Keeper, Kept
from .access import taken_at

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Seen on devices: records at the edge of a period are missing.
EDGE = timedelta(seconds=5)
# And the terminal may be set to another time zone than ours.
MARGIN = timedelta(days=1)
# A terminal that sends its backlog sends more pictures than its memory gives; it is asked when it has come to rest.
QUIET_SECONDS = 20.0
# What a capture tells in milliseconds, its record may tell in seconds.
SAME_TIME = timedelta(seconds=1)
# With pictures: as many as one page of an answer holds.
GROUP = 5


class MissedCaptures:
    """Asks a terminal for what happened since a gap began, and keeps what the journal does not have, oldest first."""

    def __init__(
        self,
        client: FaceGateClient,
        keeper: Keeper,
        device_key: str,
        keep: Callable[[Capture], Awaitable[Kept]],
    ) -> None:
        """Start without a gap; `keep` stores a capture."""
        self._client = client
        self._keeper = keeper
        self._device_key = device_key
        self._keep = keep
        self._since: datetime | None = None
        self._resent_at: float | None = None
        self._turn = asyncio.Lock()

    def begin(self, since: datetime) -> None:
        """Note that something may be missed from now on; a gap that is still open only grows."""
        if self._since is None:
            self._since = since

    def resent(self) -> None:
        """Note that the terminal is sending its backlog."""
        self._resent_at = asyncio.get_running_loop().time()

    async def async_fetch(self) -> int:
        """Close the gap, if there is one; returns how many captures were missed.

        Raises what the client raises, and JournalError while nothing can be looked up; the gap stays then, as it does when a
        capture cannot be stored.
        """
        async with self._turn:
            # What begins while we ask is another gap.
            since, self._since = self._since, None
            if since is None:
                return 0
            kept, closed = 0, False
            try:
                await self._async_quiet()
                oldest = max(since - MARGIN, await self._keeper.async_wanted_since())
                missed = await self._async_unknown(oldest)
                async for capture in self._async_pictured(missed, oldest):
                    if await self._keep(capture) is Kept.FAILED:
                        break
                    kept += 1
                closed = kept == len(missed)
            finally:
                if not closed:
                    self._since = since
            return kept

    async def _async_quiet(self) -> None:
        """Wait until no backlog has come for a while."""
        loop = asyncio.get_running_loop()
        while self._resent_at is not None:
            left = self._resent_at + QUIET_SECONDS - loop.time()
            if left <= 0:
                self._resent_at = None
                return
            await asyncio.sleep(left)

    async def _async_unknown(self, since: datetime) -> list[Capture]:
        """Return what the journal does not have, without pictures, oldest first."""
        unknown = [
            capture
            async for capture in self._client.records(since=since)
            if not await self._async_is_known(capture)
        ]
        return sorted(unknown, key=_taken)

    async def _async_is_known(self, capture: Capture) -> bool:
        """Whether the journal has a capture, also where the record tells its time in other words than the capture did."""
        journal = self._keeper.journal
        if await journal.knows(self._device_key, Kind.ACCESS, capture.key):
            return True
        taken = _taken(capture)
        page = await journal.search(
            Query(
                devices=(self._device_key,),
                kinds=(Kind.ACCESS,),
                since=taken - SAME_TIME,
                until=taken + SAME_TIME,
            )
        )
        return any(_number(entry.key) == _number(capture.key) for entry in page.entries)

    async def _async_pictured(
        self, missed: list[Capture], since: datetime
    ) -> AsyncIterator[Capture]:
        """Yield captures with the pictures that the terminal has of them, in their order as far as it finds them by their times."""
        left = {capture.key: capture for capture in missed}
        for first in range(0, len(missed), GROUP):
            group = missed[first : first + GROUP]
            found = {
                capture.key: capture
                async for capture in self._client.records(
                    since=max(_taken(group[0]) - EDGE, EPOCH),
                    until=_taken(group[-1]) + EDGE,
                    pictures=True,
                )
            }
            for capture in group:
                if capture.key in found:
                    del left[capture.key]
                    yield found[capture.key]
        if left:
            # One that is set to another time zone finds them by other times than they tell: all are looked through once.
            async for capture in self._client.records(since=since, pictures=True):
                if left.pop(capture.key, None):
                    yield capture
                if not left:
                    return
        for capture in left.values():
            yield capture


def _number(key: str) -> str:
    """Return the part of a capture's key that counts captures."""
    return key.partition("|")[0]


def _taken(capture: Capture) -> datetime:
    """Return when a capture was taken; one without a time comes first."""
    return taken_at(capture) or EPOCH
