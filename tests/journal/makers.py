"""Records as a terminal at a door would cause them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
import errno
import os
from pathlib import Path
from threading import Lock
from typing import Any
from unittest.mock import patch

from custom_components.thermogate.journal import Journal, Kind, NewPicture, Record

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
JPEG = b"\xff\xd8\xff\xe0 a face"


def jpeg(data: bytes = JPEG, role: str = "face") -> NewPicture:
    """Return a picture that says it is a JPEG."""
    return NewPicture(role=role, data=data, content_type="image/jpeg")


def record(number: int = 1, **changes: Any) -> Record:
    """Return the happening of a number: a minute after the one before, of its own key and event."""
    at = NOON + timedelta(minutes=number)
    values: dict[str, Any] = {
        "event_id": f"event-{number}",
        "device": "front door",
        "kind": Kind.ACCESS,
        "key": f"key-{number}",
        "at": at,
        "received_at": at,
        "live": True,
        "outcome": "granted",
        "subject": "Ada",
        "person_id": "1001",
        "details": {},
    }
    return Record(**values | changes)


def files(folder: Path) -> list[str]:
    """Return the names of all files below a folder."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def contents(folder: Path) -> list[bytes]:
    """Return the bytes of all files below a folder."""
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def sqlite_url(folder: Path) -> str:
    """Return the URL of the database in a test's folder."""
    return f"sqlite:///{folder / 'journal.db'}"


def journal_in(folder: Path, **options: Any) -> Journal:
    """Return a journal in a test's folder, not opened."""
    return Journal(sqlite_url(folder), folder / "pictures", **options)


@contextmanager
def full_disk(room: int = 0) -> Iterator[None]:
    """Let the disk take no more pictures after so many bytes."""
    write = os.write
    left = room
    # Pictures are written beside each other.
    turn = Lock()

    def limited(descriptor: int, data: bytes) -> int:
        nonlocal left
        with turn:
            if left <= 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            written = write(descriptor, data[:left])
            left -= written
            return written

    with patch.object(os, "write", limited):
        yield
