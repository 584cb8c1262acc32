"""Waiting for what somebody else does, without sleeping longer than it takes."""

import asyncio
from collections.abc import Callable

POLL_SECONDS = 0.002


async def until(condition: Callable[[], object], within: float = 15.0) -> None:
    """Wait until something is so; raises TimeoutError when it does not become so within that many seconds."""
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(POLL_SECONDS)
