"""A copy of the file that is taken while the journal is held is a whole journal."""

import asyncio
from pathlib import Path
import shutil
import sqlite3
from unittest.mock import patch

import pytest

from custom_components.thermogate.journal import Journal, JournalError, Reason
from custom_components.thermogate.journal.database import Database, database_at

from .makers import files, journal_in, jpeg, record, sqlite_url


def copy_files(source: Path, target: Path, names: list[str]) -> None:
    """Do what a backup does."""
    target.mkdir()
    for name in names:
        shutil.copyfile(source / name, target / name)


async def opened_copy(source: Path, target: Path, names: list[str]) -> int:
    """Return how many entries a copy of some files has."""
    copy_files(source, target, names)
    copy = journal_in(target)
    opened = await copy.open()
    assert opened.set_aside is None
    entries = (await copy.size()).entries
    await copy.close()
    return entries


async def test_appends_go_on_and_the_file_does_not_change(
    journal: Journal, tmp_path: Path
) -> None:
    """A door does not wait for a backup; with its log, the copy has what came meanwhile too."""
    for number in range(10):
        await journal.append(record(number))
    await journal.hold()
    held = (tmp_path / "journal.db").read_bytes()
    # More than the log holds before SQLite would bring it in.
    for number in range(10, 200):
        details = {"text": "x" * 30_000}
        assert await journal.append(record(number, details=details))
    assert (tmp_path / "journal.db").read_bytes() == held
    assert await opened_copy(tmp_path, tmp_path / "a", ["journal.db"]) == 10
    both = ["journal.db", "journal.db-wal"]
    assert await opened_copy(tmp_path, tmp_path / "b", both) == 200
    await journal.release()
    for number in range(200, 210):
        await journal.append(record(number))
    assert (tmp_path / "journal.db").read_bytes() != held


async def test_holding_twice_and_releasing_twice_is_harmless(journal: Journal) -> None:
    """Backups may be started over."""
    await journal.release()
    await journal.hold()
    await journal.hold()
    await journal.release()
    await journal.release()
    assert await journal.append(record())


async def test_a_backup_without_end_is_given_up(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Or the log would grow for ever."""
    journal = journal_in(tmp_path, hold_seconds=0)
    await journal.open()
    await journal.hold()
    async with asyncio.timeout(5):
        while "backup that did not end" not in caplog.text:
            await asyncio.sleep(0)
    assert await journal.append(record(pictures=(jpeg(),)))
    assert len(files(tmp_path / "pictures")) == 1
    await journal.close()


async def test_a_log_that_somebody_reads_cannot_be_brought_in(tmp_path: Path) -> None:
    """Then the backup is told, and nothing stays held."""
    journal = journal_in(tmp_path, busy_seconds=0.01)
    await journal.open()
    await journal.append(record())
    reader = sqlite3.connect(tmp_path / "journal.db")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM thermogate_entries").fetchone()
    await journal.append(record(2))
    with pytest.raises(JournalError) as held:
        await journal.hold()
    assert held.value.reason is Reason.LOCKED
    reader.close()
    await journal.hold()
    await journal.close()


async def test_a_disk_that_fails_is_told(journal: Journal, tmp_path: Path) -> None:
    """And the journal goes on as if nobody had asked."""
    await journal.append(record())
    size = (tmp_path / "journal.db").stat().st_size
    pragma = Database._pragma  # noqa: SLF001

    def failing(database: Database, text: str) -> tuple[object, ...]:
        if "checkpoint(" in text:
            raise OSError(28, "No space left on device")
        return pragma(database, text)

    with (
        patch.object(Database, "_pragma", failing),
        pytest.raises(JournalError) as failed,
    ):
        await journal.hold()
    assert failed.value.reason is Reason.DISK_FULL
    details = {"text": "x" * 100_000}
    for number in range(2, 80):
        await journal.append(record(number, details=details))
    assert (tmp_path / "journal.db").stat().st_size > size


async def test_closing_ends_a_hold(tmp_path: Path) -> None:
    """Home Assistant may stop in the middle of a backup."""
    journal = journal_in(tmp_path)
    await journal.open()
    await journal.hold()
    await journal.append(record())
    await journal.close()
    assert files(tmp_path) == ["journal.db"]


def test_other_databases_are_backed_up_by_others(tmp_path: Path) -> None:
    """A server's database is no file of Home Assistant's."""
    database = database_at(sqlite_url(tmp_path), 1)
    with (
        patch.object(database, "is_sqlite", False),
        patch.object(database, "writing", None),
    ):
        database.hold()
        database.release()
        database.scrub()
        assert database.set_aside_at() is None
