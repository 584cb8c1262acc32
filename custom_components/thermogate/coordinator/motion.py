"""Moves of a camera that always end: one at a time, each followed by its stop."""

import asyncio

from ..guide import GuideClient, PtzAction

# A move ends by itself: nobody may be there to say stop.
PTZ_STEP = 0.5
# To stop one of these stops its axis, whichever way it moves.
PTZ_AXES = (PtzAction.LEFT, PtzAction.UP, PtzAction.ZOOM_IN)


class Motion:
    """Pan, tilt, zoom, focus and iris of one camera; raises what the client raises."""

    def __init__(self, client: GuideClient) -> None:
        """Stand still."""
        self._client = client
        self._moving = asyncio.Lock()
        self._ended: asyncio.Event | None = None

    async def move(self, action: PtzAction, *, speed: int, duration: float) -> None:
        """Move for a number of seconds and stop, also when the caller goes away; a newer move ends this one."""
        self._end()
        ended = self._ended = asyncio.Event()
        async with self._moving:
            if ended.is_set():
                return
            try:
                await self._client.ptz(action, start=True, speed=speed)
                async with asyncio.timeout(duration):
                    await ended.wait()
            except TimeoutError:
                pass
            finally:
                await self._client.ptz(action, start=False)

    async def stop(self) -> None:
        """Stop whatever moves, also what somebody else started."""
        self._end()
        async with self._moving:
            for action in PTZ_AXES:
                await self._client.ptz(action, start=False)

    async def rest(self) -> None:
        """End a move that is under way and wait until its stop was sent."""
        self._end()
        async with self._moving:
            return

    def _end(self) -> None:
        if self._ended:
            self._ended.set()
