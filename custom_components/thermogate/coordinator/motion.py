"""Moves of a camera that always end: one at a time, each followed by its stop, which is owed until the camera has it."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from ..const import LOGGER
from ..guide import (
    Connection,
    GuideClient,
    GuideConnectionError,
    GuideError,
    GuideRetryLaterError,
    PtzAction,
)

# A move ends by itself: nobody may be there to say stop.
PTZ_STEP = 0.5
MAX_DURATION = 60.0
# To stop one of these stops its axis, whichever way it moves.
PTZ_AXES = (PtzAction.LEFT, PtzAction.UP, PtzAction.ZOOM_IN)
# How often a stop is sent to a camera that is there and does not take it.
TRIES = 3
PAUSE = 0.5


class Motion:
    """Pan, tilt, zoom, focus and iris of one camera; raises what the client raises."""

    def __init__(
        self,
        client: GuideClient,
        make_way: Callable[[PtzAction], Awaitable[None]],
        steered: Callable[[PtzAction | None], None],
    ) -> None:
        """Stand still; `make_way` stops before a move what stands in its way, `steered` is told of it, and None when it is over."""
        self._client = client
        self._make_way = make_way
        self._steered = steered
        self._moving = asyncio.Lock()
        self._ended: asyncio.Event | None = None
        # What was started and not yet stopped, and how to stop it.
        self._owed: dict[str, Callable[[], Awaitable[None]]] = {}

    async def move(
        self, action: PtzAction, *, speed: int, channel: int, duration: float
    ) -> None:
        """Move for a number of seconds and stop, also when the caller goes away; a newer move ends this one."""
        self.end()
        ended = self._ended = asyncio.Event()
        # In a task of its own, so that whoever cancels the caller, even twice, does not cancel the stop.
        moving = asyncio.create_task(
            self._move(action, speed, channel, duration, ended)
        )
        moving.add_done_callback(_look_at_error)
        try:
            await asyncio.wait([moving])
        finally:
            ended.set()
            await asyncio.wait([moving])
        moving.result()

    async def _move(
        self,
        action: PtzAction,
        speed: int,
        channel: int,
        duration: float,
        ended: asyncio.Event,
    ) -> None:
        async with self._moving:
            if not ended.is_set():
                await self._make_way(action)
            if ended.is_set():
                return
            self._owe(action, channel)
            self._steered(action)
            try:
                await self._client.ptz(action, start=True, speed=speed, channel=channel)
                await _until(ended, min(duration, MAX_DURATION))
            finally:
                try:
                    await self._settle()
                finally:
                    self._steered(None)

    async def stop(self) -> None:
        """Stop whatever moves, also what somebody else started."""
        self.end()
        async with self._moving:
            for action in PTZ_AXES:
                self._owe(action)
            await self._settle()

    def end(self) -> None:
        """Let a move that is under way end now."""
        if self._ended:
            self._ended.set()

    async def settle(
        self, name: str = "", stop: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Send the stops that a camera has not got, and one more; what it cannot get now is sent when it is back."""
        if stop:
            self._owed[name] = stop
        if self._owed:
            async with self._moving:
                await self._settle()

    async def rest(self) -> None:
        """End a move that is under way and wait until its stop was sent."""
        self.end()
        async with self._moving:
            await self._settle()

    def _owe(self, action: PtzAction, channel: int = 0) -> None:
        self._owed[action] = partial(
            self._client.ptz, action, start=False, channel=channel
        )

    async def _settle(self) -> None:
        """Send every stop that is owed, and raise the first error when all were tried."""
        failed: GuideError | None = None
        for name in list(self._owed):
            try:
                await self._send(name)
            except GuideError as err:
                failed = failed or err
        if failed:
            raise failed

    async def _send(self, name: str) -> None:
        """Send a stop; it stays owed to a camera that is not there, and to none that refuses it."""
        for attempt in range(1, TRIES + 1):
            try:
                await self._owed[name]()
            except GuideConnectionError, GuideRetryLaterError:
                if (
                    attempt == TRIES
                    or self._client.connection is Connection.DISCONNECTED
                ):
                    raise
                await asyncio.sleep(PAUSE)
            except GuideError:
                del self._owed[name]
                raise
            else:
                del self._owed[name]
                return


async def _until(ended: asyncio.Event, seconds: float) -> None:
    """Wait for an event, but no longer than that."""
    try:
        async with asyncio.timeout(seconds):
            await ended.wait()
    except TimeoutError:
        return


def _look_at_error(task: asyncio.Task[None]) -> None:
    """Take note of an error that nobody waits for any more."""
    if not task.cancelled() and (err := task.exception()):
        LOGGER.debug("A move ended with %s", err)
