"""Pieces of files that get lost on their way: tried again, also after the broker or the terminal was away."""

from asyncio import sleep
from collections.abc import Awaitable, Callable
from typing import Final

from .errors import (
    FaceGateCommandError,
    FaceGateConnectionError,
    FaceGateError,
    FaceGateMessageError,
    FaceGateTimeoutError,
)

# A piece is tried so many times at most. The first pause is so many seconds, each other one twice the one before: together longer
# than a broker takes to restart, and whoever connects to it to notice that.
TRIES: Final = 6
PAUSE: Final = 1.0


async def persistently[T](try_once: Callable[[], Awaitable[T]]) -> T:
    """Return what comes of one piece, however often it takes; what is tried may be done twice.

    Raises the last failure, and at once one that would only come again.
    """
    for failures in range(TRIES - 1):
        try:
            return await try_once()
        except FaceGateError as err:
            if not _may_pass(err):
                raise
        await sleep(PAUSE * 2**failures)
    return await try_once()


def _may_pass(err: FaceGateError) -> bool:
    """Whether it may go better the next time."""
    if isinstance(err, FaceGateCommandError):
        return err.slug in {"busy", "integrity_check_failed"}
    return isinstance(
        err, FaceGateTimeoutError | FaceGateConnectionError | FaceGateMessageError
    )
