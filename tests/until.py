"""Waiting for something to happen, without sleeping longer than it takes."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], object], *, timeout: float = 5.0) -> None:
    """Return as soon as a condition holds; TimeoutError after so many seconds."""
    async with asyncio.timeout(timeout):
        while not condition():
            await asyncio.sleep(0.005)
