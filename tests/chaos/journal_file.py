"""The journal as it lies on the disk: read with nothing but SQLite's own module, as somebody would who has only the files."""

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import hashlib
import json
from pathlib import Path
import shutil
import sqlite3
import tempfile

from .captures import Capture

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ROWS = """
    SELECT e.id, e.device, e.kind, e.key, e.at, e.live, e.caught_up, e.outcome, e.temperature, e.details, s.name, s.person_id
    FROM thermogate_entries e JOIN thermogate_subjects s ON s.id = e.subject_id ORDER BY e.id
"""
PICTURES = """
    SELECT entry_id, role, name FROM thermogate_entry_pictures ORDER BY entry_id, position
"""


@dataclass(frozen=True, slots=True)
class Row:
    """What the journal says of a capture."""

    id: int
    mark: str
    device: str
    kind: str
    key: str
    at: datetime
    live: bool
    caught_up: bool
    outcome: str
    temperature: float | None
    person: str
    person_id: str
    # Role and name of the file.
    pictures: tuple[tuple[str, str], ...]


def read_rows(folder: Path) -> list[Row]:
    """Return all rows in the order in which they were stored, from a copy: nothing may help the journal to recover."""
    with tempfile.TemporaryDirectory() as copies:
        for file in folder.glob("journal.db*"):
            # The shared memory is worth nothing without the processes that shared it.
            if file.suffix != ".db-shm":
                shutil.copy(file, copies)
        with closing(sqlite3.connect(Path(copies) / "journal.db")) as database:
            (found,) = database.execute("PRAGMA integrity_check").fetchone()
            assert found == "ok", found
            pictures: dict[int, list[tuple[str, str]]] = {}
            for entry, role, name in database.execute(PICTURES):
                pictures.setdefault(entry, []).append((role, name))
            return [_row(row, pictures) for row in database.execute(ROWS)]


def _row(
    row: tuple[int, str, str, str, int, int, int, str, float | None, str, str, str],
    pictures: Mapping[int, list[tuple[str, str]]],
) -> Row:
    number, device, kind, key, at, live, caught_up, outcome, warmth, details, *who = row
    return Row(
        id=number,
        mark=json.loads(details).get("qr_code", ""),
        device=device,
        kind=kind,
        key=key,
        at=EPOCH + timedelta(microseconds=at),
        live=bool(live),
        caught_up=bool(caught_up),
        outcome=outcome,
        temperature=warmth,
        person=who[0],
        person_id=who[1],
        pictures=tuple(pictures.get(number, ())),
    )


def picture_path(folder: Path, name: str) -> Path:
    """Return where a picture lies."""
    return folder / "pictures" / name[:2] / name


def differences(row: Row, capture: Capture) -> list[str]:
    """Return in what a row is not the capture."""
    wanted = {
        "device": capture.serial,
        "kind": "access",
        "key": f"{capture.sequence_no}|{capture.cap_time}",
        "at": capture.at,
        "caught_up": not row.live,
        "outcome": capture.kind.outcome,
        "temperature": capture.temperature,
        "person": capture.person,
        "person_id": capture.person_id,
    }
    return [
        f"{capture.mark}: {name} is {getattr(row, name)!r}, not {value!r}"
        for name, value in wanted.items()
        if getattr(row, name) != value
    ]


def broken_pictures(folder: Path, row: Row, capture: Capture) -> list[str]:
    """Return what is wrong with the pictures of a row: others than were sent, or files that do not hold them."""
    wanted = tuple(
        (role, f"{hashlib.sha256(data).hexdigest()}.jpg")
        for role, data in capture.pictures()
    )
    if row.pictures != wanted:
        return [f"{capture.mark}: pictures are {row.pictures}, not {wanted}"]
    return [
        f"{capture.mark}: {role} is not in its file"
        for role, name in wanted
        if not _holds(picture_path(folder, name), name)
    ]


def _holds(path: Path, name: str) -> bool:
    if not path.is_file():
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() == name.partition(".")[0]


def orphans(folder: Path, rows: Iterable[Row]) -> set[str]:
    """Return the names of files in the folder of pictures that no row names."""
    named = {name for row in rows for _, name in row.pictures}
    files = (file for file in (folder / "pictures").rglob("*") if file.is_file())
    return {file.name for file in files} - named
