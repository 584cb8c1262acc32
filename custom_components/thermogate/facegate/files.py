"""Files on a terminal (vendor document 2.13): which paths we touch, and getting one from there."""

from functools import partial
import hashlib
from typing import Any, Final

from .commands import DOWNLOAD_FILE
from .errors import FaceGateMessageError, FaceGateValidationError
from .persistence import persistently
from .uploads import Progress, Request, check_path

FOLDER: Final = "/data_fs/"
"""What lies outside of the only folder that the document names is the terminal's own."""
MAX_FILE: Final = 64 * 1024 * 1024
"""Bytes of the largest file that is moved; it is held in memory as a whole."""


def check_file(path: str) -> None:
    """Raise FaceGateValidationError for a path that is not plainly that of a file below `FOLDER`."""
    check_path(path)
    if not path.startswith(FOLDER):
        raise FaceGateValidationError("path", path, f"a path below {FOLDER}")


async def download(
    request: Request,
    path: str,
    *,
    most: int = MAX_FILE,
    progress: Progress | None = None,
) -> bytes:
    """Return a file of a terminal. Each chunk is checked against its MD5 sum, and asked for again if it is lost or damaged.

    Raises FaceGateValidationError for the path and for a file of more than `most` bytes, FaceGateMessageError if the file
    changes meanwhile or a chunk stays damaged, and what `FaceGateClient.request` does.
    """
    check_file(path)
    content = bytearray()
    size: int | None = None
    while size is None or len(content) < size:
        total, chunk = await persistently(partial(_chunk, request, path, len(content)))
        if size not in (None, total):
            raise FaceGateMessageError("download_file: the file changed meanwhile")
        if total > most:
            raise FaceGateValidationError(
                "path", f"{path} ({total} bytes)", f"a file of at most {most} bytes"
            )
        size = total
        content += chunk
        if progress:
            progress(len(content), size)
    return bytes(content)


async def _chunk(request: Request, path: str, offset: int) -> tuple[int, bytes]:
    """Return the size of a file and its chunk from `offset` on. Raises what `request` does; FaceGateMessageError."""
    return _checked(await request(DOWNLOAD_FILE, path=path, offset=offset), offset)


def _checked(answer: dict[str, Any], offset: int) -> tuple[int, bytes]:
    """Return the size of the file and the chunk in an answer. FaceGateMessageError if it is not whole, or not what was asked for."""
    total: int | None = answer["total_size"]
    chunk: bytes = answer["data"] or b""
    checksum = (answer["md5sum"] or "").lower()
    if (
        total is None
        or answer["offset"] not in (None, offset)
        or answer["size"] not in (None, len(chunk))
        or offset + len(chunk) > total
        # Only at the end there is nothing more.
        or (not chunk and offset < total)
        or (
            checksum
            and checksum != hashlib.md5(chunk, usedforsecurity=False).hexdigest()
        )
    ):
        raise FaceGateMessageError("download_file: a chunk is damaged")
    return total, chunk
