"""How wrong a terminal's clock is (vendor document 2.8.1), and how its time zone is written (seen on devices)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from .client import FaceGateClient

# An answer that took longer, be it for the requests before it, says too little: ask again, so many times at most.
_QUICK: Final = timedelta(seconds=1)
_TRIES: Final = 3
# A clock that tells whole seconds is on average half a second further.
_HALF_SECOND: Final = timedelta(seconds=0.5)


async def clock_offset(
    client: FaceGateClient, now: Callable[[], datetime]
) -> timedelta:
    """Return how far a terminal's clock is ahead of `now`, which is naive as well, to about a second.

    Raises what `FaceGateClient.get_time` does.
    """
    found: list[tuple[timedelta, timedelta]] = []
    while not found or (found[-1][0] > _QUICK and len(found) < _TRIES):
        before = now()
        told = await client.get_time()
        taken = now() - before
        found.append((taken, (told - before) + _HALF_SECOND - taken / 2))
    return min(found)[1]


def zone_text(offset: timedelta) -> str:
    """Return a distance from UTC as terminals write it, such as "UTC+8" or "UTC-3:30"."""
    hours, minutes = divmod(round(abs(offset).total_seconds() / 60), 60)
    sign = "-" if offset < timedelta() else "+"
    return f"UTC{sign}{hours}{f':{minutes:02}' if minutes else ''}"
