"""Files that a camera takes: firmware, settings, calibration (vendor document, section V).

The document says "source data" and shows what a browser sends, a form with one file: that is what is sent here, a piece at a
time and with its length beforehand.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from pathlib import Path
import secrets
from types import MappingProxyType
from typing import BinaryIO, Final

from .commands import UPLOADS
from .errors import GuideTimeoutError, GuideValidationError
from .link import Link
from .wire import unpack

FIRMWARE: Final = 754
# What each file is for; the numbers are those of the answers.
PACKAGES: Mapping[str, int] = MappingProxyType(
    {
        "low_temperature": 751,
        "high_temperature": 752,
        "settings": 753,
        "firmware": FIRMWARE,
        "asc": 755,
        "flame_model": 756,
        "flame_parameters": 757,
        "ranging": 758,
    }
)
CHUNK: Final = 64 * 1024
# Seconds without a piece that was taken, and for the answer after the last one: flash is slow.
STALLED: Final = 120.0


async def upload(
    link: Link,
    cmdtype: int,
    path: Path,
    sent: Callable[[int, int], None] | None = None,
) -> None:
    """Send a file, and wait until the camera has answered; `sent` is told how many bytes of how many are gone.

    Raises what `GuideClient` raises, among it GuideCommandError for what the camera refuses (10012 the same version,
    10013 a lower one), GuideValidationError for an empty file, and OSError for one that cannot be read.
    """
    if cmdtype not in UPLOADS:
        raise GuideValidationError("cmdtype", cmdtype, "the number of an upload")
    # That a session has ended is not found out with a whole file.
    token = await link.secret()
    file = await asyncio.to_thread(path.open, "rb")
    try:
        size = await asyncio.to_thread(file.seek, 0, 2)
        await asyncio.to_thread(file.seek, 0)
        if not size:
            raise GuideValidationError("file", path.name, "a file with something in it")
        async with asyncio.timeout(STALLED) as limit:

            def moved(done: int) -> None:
                limit.reschedule(asyncio.get_running_loop().time() + STALLED)
                if sent:
                    sent(done, size)

            reply = await link.http.send_form(
                f"{UPLOADS[cmdtype]}/{token}",
                *_form(file, path.name, size, moved),
            )
    except TimeoutError:
        raise GuideTimeoutError("The camera took no more of the file") from None
    finally:
        await asyncio.to_thread(file.close)
    unpack(cmdtype, reply)


def _form(
    file: BinaryIO, name: str, size: int, moved: Callable[[int], None]
) -> tuple[AsyncGenerator[bytes], dict[str, str]]:
    """Return a form with one file as its pieces, and its headers."""
    boundary = secrets.token_hex(16)
    plain = "".join(
        each if each.isascii() and (each.isalnum() or each in "._-") else "_"
        for each in name
    )
    head = (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="file"; filename="{plain}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode()
    tail = f"\r\n--{boundary}--\r\n".encode()

    async def pieces() -> AsyncGenerator[bytes]:
        yield head
        done = 0
        while done < size:
            piece = await asyncio.to_thread(file.read, min(CHUNK, size - done))
            if not piece:
                raise OSError("The file became shorter")
            yield piece
            done += len(piece)
            moved(done)
        yield tail

    return pieces(), {
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Content-Length": str(len(head) + size + len(tail)),
    }
