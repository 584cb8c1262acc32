"""What cannot be stored: told, not half there, and no harm to anything else."""

import asyncio
import errno
import os
from pathlib import Path
import sqlite3
import subprocess
import sys
from unittest.mock import patch

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from custom_components.thermogate.journal import (
    Journal,
    JournalError,
    Query,
    Reason,
    Record,
    Retention,
    journal as journal_module,
    writer,
)
from custom_components.thermogate.journal.errors import journal_error
from custom_components.thermogate.journal.rows import columns

from .makers import NOON, files, full_disk, journal_in, jpeg, record


async def test_a_full_disk_leaves_nothing_behind(
    journal: Journal, tmp_path: Path
) -> None:
    """Neither row nor the picture that did fit nor half a one; and the same record works when there is room."""
    given = record(pictures=(jpeg(b"1" * 100), jpeg(b"2" * 100)))
    with full_disk(150), pytest.raises(JournalError) as full:
        await journal.append(given)
    assert full.value.reason is Reason.DISK_FULL
    assert files(tmp_path / "pictures") == []
    assert (await journal.search(Query())).entries == ()
    assert not await journal.knows(given.device, given.kind, given.key)
    assert await journal.append(given)
    assert len(files(tmp_path / "pictures")) == 2


async def test_who_has_no_picture_is_stored_on_a_full_disk(journal: Journal) -> None:
    """One record's picture is not another's problem; a picture that is there already needs no room."""
    await journal.append(record(1, pictures=(jpeg(),)))
    with full_disk():
        outcomes = await asyncio.gather(
            journal.append(record(2)),
            journal.append(record(3, pictures=(jpeg(b"new"),))),
            journal.append(record(4, pictures=(jpeg(),))),
            journal.append(record(3, pictures=(jpeg(b"new"),))),
            return_exceptions=True,
        )
    assert [isinstance(outcome, JournalError) for outcome in outcomes] == [
        False,
        True,
        False,
        True,
    ]
    assert await journal.append(record(3, pictures=(jpeg(b"new"),)))


@pytest.mark.parametrize("call", ["files", "folders", "open"])
async def test_what_cannot_be_synced_is_not_stored(
    journal: Journal, tmp_path: Path, call: str
) -> None:
    """A disk that reports an error has not got it."""
    fsync, opened = os.fsync, os.open

    def is_folder(descriptor: int) -> bool:
        return Path(f"/proc/self/fd/{descriptor}").resolve().is_dir()

    def failing_sync(descriptor: int) -> None:
        if is_folder(descriptor) == (call == "folders"):
            raise OSError(errno.EIO, "Input/output error")
        fsync(descriptor)

    def failing_open(path: os.PathLike[str], flags: int, mode: int = 0o777) -> int:
        if flags == os.O_RDONLY:
            raise OSError(errno.EMFILE, "Too many open files")
        return opened(path, flags, mode)

    broken = (
        patch.object(os, "open", failing_open)
        if call == "open"
        else patch.object(os, "fsync", failing_sync)
    )
    with broken, pytest.raises(JournalError) as failed:
        await journal.append(record(pictures=(jpeg(),)))
    assert failed.value.reason is Reason.FAILED
    assert files(tmp_path / "pictures") == []
    assert await journal.append(record(pictures=(jpeg(),)))


class Unstorable:
    """Nothing that JSON knows."""


def nested(depth: int) -> dict[str, object]:
    """Return an object in an object in an object."""
    whole: dict[str, object] = {}
    for _ in range(depth):
        whole = {"": whole}
    return whole


@pytest.mark.parametrize(
    "bad",
    [
        record(5, details={"what": Unstorable()}),
        record(5, details={("no", "key"): 1}),
        record(5, details=nested(200_000)),
    ],
    ids=["object", "key", "depth"],
)
async def test_one_bad_record_does_not_spoil_the_batch(
    journal: Journal, bad: Record
) -> None:
    """It alone is refused, for good."""
    outcomes = await asyncio.gather(
        *(journal.append(record(number)) for number in range(5)),
        journal.append(bad),
        journal.append(record(6)),
        return_exceptions=True,
    )
    refused = outcomes.pop(5)
    assert isinstance(refused, JournalError) and refused.reason is Reason.UNSTORABLE
    assert outcomes == [True] * 6


async def test_a_row_that_the_database_refuses_does_not_spoil_the_batch(
    journal: Journal,
) -> None:
    """The batch is tried again one by one, in order."""

    def oversized(given: Record) -> dict[str, object]:
        return columns(given) | ({"at": 2**70} if given.key == "key-3" else {})

    with patch.object(journal_module, "columns_of", oversized):
        outcomes = await asyncio.gather(
            *(journal.append(record(number)) for number in range(6)),
            return_exceptions=True,
        )
    assert [isinstance(outcome, JournalError) for outcome in outcomes] == [
        number == 3 for number in range(6)
    ]
    page = await journal.search(Query())
    assert [entry.event_id for entry in page.entries] == [
        f"event-{number}" for number in (5, 4, 2, 1, 0)
    ]
    assert await journal.append(record(3))


@pytest.mark.parametrize("count", [1, 3])
async def test_a_database_that_another_process_locks_is_told(
    tmp_path: Path, count: int
) -> None:
    """After a bounded wait; afterwards the same records work."""
    journal = journal_in(tmp_path, busy_seconds=0.01)
    await journal.open()
    other = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    records = [record(number, pictures=(jpeg(),)) for number in range(count)]
    outcomes = await asyncio.gather(
        *map(journal.append, records), return_exceptions=True
    )
    for outcome in outcomes:
        assert isinstance(outcome, JournalError) and outcome.reason is Reason.LOCKED
    assert (await journal.size()).entries == 0
    other.execute("ROLLBACK")
    other.close()
    # The picture lies there without a row until somebody needs it or a sweep finds it.
    assert (
        await journal.sweep(Retention(days=None, megabytes=None), NOON)
    ).pictures == 1
    assert await asyncio.gather(*map(journal.append, records)) == [True] * count
    await journal.close()


async def test_a_database_that_cannot_even_be_asked_is_told(
    journal: Journal,
) -> None:
    """Appending, asking and deleting alike."""
    lost = DBAPIError("", {}, sqlite3.OperationalError("disk I/O error"))
    with patch.object(Engine, "connect", side_effect=lost):
        for call in (
            journal.append(record()),
            journal.search(Query()),
            journal.forget_person(name="Ada"),
        ):
            with pytest.raises(JournalError, match="disk I/O error"):
                await call
    assert await journal.append(record())


async def test_a_defect_leaves_nobody_waiting(journal: Journal) -> None:
    """Whoever appended gets the error; the next batch is stored."""
    with (
        patch.object(writer, "_write_batch", side_effect=AssertionError("defect")),
        pytest.raises(AssertionError, match="defect"),
    ):
        await journal.append(record())
    assert await journal.append(record())


class Refusal(Exception):
    """What PostgreSQL's driver raises."""

    def __init__(self, sqlstate: str | None) -> None:
        """Carry the code, and a text with a secret."""
        self.sqlstate = sqlstate
        super().__init__("DETAIL: Key (name)=(Ada Lovelace)")


@pytest.mark.parametrize(
    ("sqlstate", "lost", "reason"),
    [
        ("53100", False, Reason.DISK_FULL),
        ("28P01", False, Reason.PERMISSION),
        ("40P01", False, Reason.LOCKED),
        ("57P01", False, Reason.LOST),
        (None, False, Reason.LOST),
        ("22021", True, Reason.LOST),
        ("22021", False, Reason.FAILED),
    ],
)
def test_what_postgresql_says_is_understood(
    sqlstate: str | None, lost: bool, reason: Reason
) -> None:
    """By its codes; its texts quote values and stay out."""
    err = DBAPIError(
        "INSERT", {"name": "Ada"}, Refusal(sqlstate), connection_invalidated=lost
    )
    error = journal_error(err)
    assert error.reason is reason
    assert "Ada" not in str(error)
    assert journal_error(error) is error


LIMITED = """
import asyncio, resource, signal, sys
from pathlib import Path
from custom_components.thermogate.journal import JournalError
from tests.journal.makers import journal_in, jpeg, record

async def main(folder):
    journal = journal_in(folder)
    await journal.open()
    await journal.append(record(0))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    # Files, the database's log among them, cannot grow beyond this.
    size = (folder / "journal.db-wal").stat().st_size + 100_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    stored, refused = [0], []
    for number in range(1, 200):
        try:
            await journal.append(record(number, details={"text": "x" * 2000}, pictures=(jpeg(b"%d" % number),)))
            stored.append(number)
        except JournalError as err:
            refused.append(number)
            break
    found = {entry.event_id for entry in (await journal.search(__import__("custom_components.thermogate.journal").thermogate.journal.Query(limit=1000))).entries}
    assert refused and found == {f"event-{number}" for number in stored}, (refused, len(found), len(stored))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    for number in refused:
        assert await journal.append(record(number, pictures=(jpeg(b"%d" % number),)))
    await journal.close()
    print("stored", len(stored))

asyncio.run(main(Path(sys.argv[1])))
"""


def test_a_log_that_cannot_grow_is_told(tmp_path: Path) -> None:
    """With the operating system's own limit: what was refused is not there, and is stored when there is room again."""
    run = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("stored")


async def test_nothing_can_be_asked_of_a_closed_journal(tmp_path: Path) -> None:
    """Whoever comes too late is told so, whatever they wanted."""
    journal = journal_in(tmp_path)
    await journal.open()
    await journal.close()
    for asked in (
        journal.append(record()),
        journal.search(Query()),
        journal.picture(f"{'ab' * 32}.jpg"),
        journal.sweep(Retention(days=1, megabytes=1), NOON),
    ):
        with pytest.raises(JournalError) as refused:
            await asked
        assert refused.value.reason is Reason.CLOSED
