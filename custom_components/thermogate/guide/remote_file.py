"""A file on the camera that is read in parts: what is asked for, and what the camera gives of it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
import re

from .errors import (
    GuideConnectionError,
    GuideDeniedError,
    GuideMissingError,
    GuideValidationError,
)

WHOLE, PARTIAL = 200, 206
_MISSING = frozenset({404, 410})
_DENIED = frozenset({401, 403})
_UNSATISFIABLE = 416
_CONTENT_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|\*)")


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes of a file from `start` to before `stop`; None is the end."""

    start: int = 0
    stop: int | None = None

    @property
    def header(self) -> str | None:
        """What asks for it over HTTP; nothing for the whole file."""
        if not self.start and self.stop is None:
            return None
        last = "" if self.stop is None else self.stop - 1
        return f"bytes={self.start}-{last}"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A part of a file that is on its way. `start`, `stop` and `size` of the whole in bytes, None where it is not told.

    `pieces` raises GuideConnectionError when the transfer breaks off.
    """

    start: int
    stop: int | None
    size: int | None
    pieces: AsyncIterator[bytes]


def part_of(
    status: int, headers: Mapping[str, str], asked: Part
) -> tuple[int, int | None, int | None]:
    """Return start, stop and size of what an answer to a question for a part will give.

    A camera that gives the whole file instead is read from its beginning, and what is before the part thrown away; when it does
    not tell the size either, there are no parts, and the start is 0. Raises GuideMissingError, GuideDeniedError,
    GuideConnectionError for any other answer, and GuideValidationError for a part behind the end.
    """
    if status == PARTIAL:
        return _told(headers.get("Content-Range", ""), asked)
    if status == _UNSATISFIABLE and asked.header:
        raise _behind(asked)
    if status != WHOLE:
        raise refusal(status)
    length = headers.get("Content-Length", "")
    if not length.isdecimal():
        return 0, None, None
    size = int(length)
    if asked.start and asked.start >= size:
        raise _behind(asked)
    return asked.start, min(size, asked.stop or size), size


def refusal(status: int) -> GuideConnectionError:
    """Return why an answer with a status is not the file that was asked for."""
    if status in _MISSING:
        return GuideMissingError("The file is not there any more")
    if status in _DENIED:
        return GuideDeniedError(f"HTTP status {status}")
    return GuideConnectionError(f"HTTP status {status}")


def _told(content_range: str, asked: Part) -> tuple[int, int, int | None]:
    """Read which part a camera gives. GuideConnectionError for one that was not asked for."""
    match = _CONTENT_RANGE.fullmatch(content_range.strip())
    if match is None:
        raise GuideConnectionError("HTTP told no part")
    start, stop = int(match[1]), int(match[2]) + 1
    if start != asked.start or not start < stop <= (asked.stop or stop):
        raise GuideConnectionError("HTTP gave another part")
    return start, stop, None if match[3] == "*" else int(match[3])


def _behind(asked: Part) -> GuideValidationError:
    return GuideValidationError("start", asked.start, "a place within the file")
