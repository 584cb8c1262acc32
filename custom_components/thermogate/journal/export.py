"""A part of the journal as a file for other programs: CSV or JSON lines, with pictures in a zip."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, suppress
import csv
from dataclasses import dataclass, replace
from datetime import tzinfo
from enum import StrEnum
import errno
import io
import json
import os
from pathlib import Path
import shutil
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from .errors import EXPECTED, journal_error
from .journal import Journal
from .models import Entry, Kind, Query

# Entries that are in memory at a time.
_PAGE: Final = 200
# An export must not take the disk's last bytes from the journal itself.
_RESERVE: Final = 200_000_000
_FILE_MODE: Final = 0o600
_FOLDER_MODE: Final = 0o700
_PARTIAL: Final = ".partial"
_PICTURES: Final = "pictures"

COLUMNS: Final = (
    "time",
    "received",
    "kind",
    "device",
    "device_key",
    "outcome",
    "person",
    "person_id",
    "rule",
    "reason",
    "score",
    "temperature",
    "live",
    "caught_up",
    "event_id",
    "details",
    "pictures",
)
"""The fields of an exported entry, in the order of the columns."""

# What a spreadsheet takes for a formula, the wide forms of East Asian keyboards included.
_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")


class Format(StrEnum):
    """How entries are written."""

    CSV = "csv"
    JSONL = "jsonl"
    """One JSON object in each line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """What was written: the file, the entries and the picture files in it, and its size in bytes."""

    path: Path
    entries: int
    pictures: int
    bytes: int


def as_row(entry: Entry, device: str, tz: tzinfo) -> dict[str, Any]:
    """Return an entry as other programs see it, but for its pictures: times as ISO 8601 in a time zone, temperature in °C.

    `device` is the name of the entry's device. `details` are those that have no field of their own.
    """
    is_access = entry.kind is Kind.ACCESS
    details = entry.details
    return {
        "time": entry.at.astimezone(tz).isoformat(timespec="milliseconds"),
        "received": entry.received_at.astimezone(tz).isoformat(timespec="milliseconds"),
        "kind": entry.kind.value,
        "device": device,
        "device_key": entry.device,
        "outcome": entry.outcome,
        "person": (entry.subject or None) if is_access else None,
        "person_id": entry.person_id or None,
        "rule": None if is_access else (entry.subject or None),
        "reason": details.get("reason"),
        "score": details.get("score"),
        "temperature": entry.temperature,
        "live": entry.live,
        "caught_up": entry.caught_up,
        "event_id": entry.event_id,
        "details": {
            name: value
            for name, value in details.items()
            if name not in ("reason", "score")
        },
    }


async def export(
    journal: Journal,
    query: Query,
    folder: Path,
    name: str,
    *,
    form: Format,
    pictures: bool,
    devices: Mapping[str, str],
    tz: tzinfo,
) -> Exported:
    """Write all entries that a query finds into a new file in a folder, newest first. JournalError.

    The file is called `name` with a suffix, and a number where there is such a file. `devices` are the names of devices by
    their keys. It appears when it is complete; after an error, or when this is cancelled, nothing of it is left. One export at
    a time in a folder: each begins by deleting what one before it could not. However many entries there are, they take the
    same memory; the directory of a zip takes about 0.6 KB for each picture.
    """
    file = _File(folder, name, form, zipped=pictures)
    finished = False

    def row(entry: Entry) -> dict[str, Any]:
        return as_row(entry, devices.get(entry.device, entry.device), tz)

    try:
        await _in_thread(file.open)
        page = await journal.search(replace(query, limit=_PAGE, cursor=None))
        while True:
            found = await _files(journal, page.entries) if pictures else {}
            await _in_thread(file.add, page.entries, found, row)
            if page.cursor is None:
                break
            page = await journal.search(replace(query, limit=_PAGE, cursor=page.cursor))
        exported = await _in_thread(file.finish)
        finished = True
    finally:
        if not finished:
            await _in_thread(file.abandon)
    return exported


async def _files(journal: Journal, entries: Iterable[Entry]) -> dict[str, Path]:
    """Return the files of the entries' pictures by name, those that are there."""
    names = {picture.name for entry in entries for picture in entry.pictures}
    found = {name: await journal.picture(name) for name in sorted(names)}
    return {name: path for name, path in found.items() if path is not None}


class _File:
    """The file that is being written. For one thread at a time, not for the event loop. OSError but for `abandon`."""

    def __init__(self, folder: Path, name: str, form: Format, *, zipped: bool) -> None:
        """Take the final name without suffix; nothing is opened yet."""
        self._folder = folder
        self._name = name
        self._form = form
        self._zipped = zipped
        self._table = folder / f".{name}.{form}{_PARTIAL}"
        self._archive = folder / f".{name}.zip{_PARTIAL}"
        self._path: Path | None = None
        self._opened = ExitStack()
        self._entries = 0
        self._pictures = 0

    def open(self) -> None:
        """Create the folder where needed and the unfinished files, after deleting those that a power cut left."""
        self._folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        for left in self._folder.glob(f".*{_PARTIAL}"):
            left.unlink()
        # Excel takes a CSV without byte order mark for the code page of its country; JSON must not have one.
        # What is half of a surrogate pair becomes the escape that JSON has for it.
        self._text = self._opened.enter_context(
            io.TextIOWrapper(
                _create(self._table),
                encoding="utf-8-sig" if self._form is Format.CSV else "utf-8",
                errors="backslashreplace",
                newline="",
            )
        )
        self._zip: ZipFile | None = None
        if self._zipped:
            self._raw = self._opened.enter_context(_create(self._archive))
            self._zip = self._opened.enter_context(
                ZipFile(self._raw, "w", ZIP_STORED, strict_timestamps=False)
            )
        if self._form is Format.CSV:
            csv.writer(self._text).writerow(COLUMNS)

    def add(
        self,
        entries: Iterable[Entry],
        files: Mapping[str, Path],
        row: Callable[[Entry], dict[str, Any]],
    ) -> None:
        """Append entries as `row` gives them, with those of their pictures that `files` has."""
        if shutil.disk_usage(self._folder).free < _RESERVE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        stored = set()
        if self._zip is not None:
            stored = {
                name for name, path in files.items() if self._store(self._zip, path)
            }
        for entry in entries:
            pictures = {
                picture.role: _member(picture.name)
                for picture in entry.pictures
                if picture.name in stored
            }
            self._write(row(entry) | {"pictures": pictures})
            self._entries += 1

    def _store(self, archive: ZipFile, path: Path) -> bool:
        """Put a picture into the zip, unless it is there; False if a sweep has just deleted it."""
        member = _member(path.name)
        if member in archive.NameToInfo:
            return True
        try:
            archive.write(path, member)
        except FileNotFoundError:
            return False
        self._pictures += 1
        return True

    def _write(self, row: dict[str, Any]) -> None:
        if self._form is Format.CSV:
            csv.writer(self._text).writerow(_cell(row[column]) for column in COLUMNS)
        else:
            self._text.write(json.dumps(row, ensure_ascii=False) + "\n")

    def finish(self) -> Exported:
        """Make the file complete, and give it its name once it survives a power cut."""
        done, suffix = self._table, self._form.value
        _sync(self._text)
        if self._zip is not None:
            self._zip.write(self._table, f"entries.{self._form}", ZIP_DEFLATED)
            self._zip.close()
            _sync(self._raw)
            done, suffix = self._archive, "zip"
        self._opened.close()
        path = _free(self._folder, self._name, suffix)
        size = done.stat().st_size
        self._path = done.rename(path)
        self._table.unlink(missing_ok=True)
        return Exported(
            path=path, entries=self._entries, pictures=self._pictures, bytes=size
        )

    def abandon(self) -> None:
        """Delete what was written so far, and the complete file too if nobody will be told of it."""
        # Closing writes what is left, for which there may be no room.
        with suppress(OSError, ValueError):
            self._opened.close()
        for path in (self._table, self._archive, self._path):
            if path is not None:
                path.unlink(missing_ok=True)


def _member(name: str) -> str:
    """Return where a picture lies in the zip."""
    return f"{_PICTURES}/{name}"


def _create(path: Path) -> io.BufferedWriter:
    """Open a new file that nobody but the user of Home Assistant may read: it holds faces."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
    return os.fdopen(os.open(path, flags, _FILE_MODE), "wb")


def _sync(file: io.TextIOWrapper | io.BufferedWriter) -> None:
    file.flush()
    os.fsync(file.fileno())


def _free(folder: Path, name: str, suffix: str) -> Path:
    """Return a path that is not taken."""
    path = folder / f"{name}.{suffix}"
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}.{suffix}"
    return path


def _cell(value: Any) -> Any:
    """Return what a spreadsheet shows as it is: texts never as formulas, structures as text."""
    if isinstance(value, dict | list):
        value = json.dumps(value) if value else ""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


async def _in_thread[**P, R](
    function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
) -> R:
    """Run beside the event loop; returns, also when cancelled, only after the thread is done with the file. JournalError."""
    job = asyncio.ensure_future(asyncio.to_thread(function, *args, **kwargs))
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        await asyncio.wait([job])
        raise
    except EXPECTED as err:
        raise journal_error(err) from err
