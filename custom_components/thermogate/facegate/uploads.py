"""Files for a terminal, sent in pieces (vendor document 2.13.2)."""

from collections.abc import Awaitable, Callable
from functools import partial
import hashlib
from pathlib import PurePosixPath
from typing import Any, Protocol

from .command import Command
from .commands import UPLOAD_CHUNK, UPLOAD_FILE
from .errors import FaceGateValidationError
from .persistence import persistently

type Progress = Callable[[int, int], None]
"""Told how many bytes of how many are there."""


class Request(Protocol):
    """What sends one command, such as `FaceGateClient.request`."""

    def __call__(self, command: Command, /, **values: Any) -> Awaitable[dict[str, Any]]:
        """Send a command with values by our keys and return the fields of its answer."""


async def upload(
    request: Request,
    path: str,
    data: bytes,
    progress: Progress | None = None,
) -> None:
    """Store `data` on a terminal as the file `path`, which begins with "/"; a file that is there is replaced.

    A piece that got lost or damaged on its way, or met no broker, is sent again, so what arrived need not be. `progress` is told
    the bytes that have arrived, and all of them. Raises FaceGateValidationError for a path that leads elsewhere and for an empty
    file (nothing was sent), else what `request` raises; an incomplete file may then be left.
    """
    check_path(path)
    if not data:
        raise FaceGateValidationError("data", "0 bytes", "a file that is not empty")
    for offset in range(0, len(data), UPLOAD_CHUNK):
        chunk = data[offset : offset + UPLOAD_CHUNK]
        piece = {
            "path": path,
            "total_size": len(data),
            "offset": offset,
            "size": len(chunk),
            "data": chunk,
            "md5sum": hashlib.md5(chunk, usedforsecurity=False).hexdigest(),
        }
        await persistently(partial(request, UPLOAD_FILE, **piece))
        if progress:
            progress(offset + len(chunk), len(data))


def check_path(path: str) -> None:
    """Raise FaceGateValidationError for what is no whole path of a file on a terminal."""
    is_plain = path.startswith("/") and path.isprintable() and not path.endswith("/")
    if not is_plain or ".." in PurePosixPath(path).parts:
        raise FaceGateValidationError(
            "path", path, 'a path that begins with "/", names a file and has no ".."'
        )
