"""Opening: new, old, corrupt, unreadable and foreign databases."""

from collections.abc import Callable
from pathlib import Path
import sqlite3
from unittest.mock import patch

import pytest
from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    String,
    Table,
    create_engine,
    insert,
    inspect,
    select,
)
from sqlalchemy.dialects import registry
from sqlalchemy.schema import CreateIndex, CreateTable

from custom_components.thermogate.journal import (
    Journal,
    JournalError,
    Query,
    Reason,
    Retention,
    database,
    schema,
)

from .makers import JPEG, NOON, files, journal_in, jpeg, record, sqlite_url

VERSION_1 = Path(__file__).with_name("version_1.sql")


def version_1(folder: Path) -> None:
    """Create a database as the first version of this package wrote it."""
    with sqlite3.connect(folder / "journal.db") as connection:
        connection.executescript(VERSION_1.read_text())
    connection.close()


async def test_a_new_journal_is_created_with_its_folders(tmp_path: Path) -> None:
    """Nothing has to be there; what is created is for one's own eyes."""
    journal = Journal(f"sqlite:///{tmp_path}/a/b/journal.db", tmp_path / "c" / "d")
    opened = await journal.open()
    assert (opened.set_aside, opened.migrated_from) == (None, None)
    await journal.append(record(pictures=(jpeg(),)))
    for file in tmp_path.glob("a/b/*"):  # noqa: ASYNC240
        assert file.stat().st_mode & 0o777 == 0o600
    await journal.close()


async def test_version_1_is_read(tmp_path: Path) -> None:
    """What the first version wrote is found by every later one."""
    version_1(tmp_path)
    journal = journal_in(tmp_path)
    await journal.open()
    page = await journal.search(Query(text="ada"))
    assert [entry.event_id for entry in page.entries] == ["event-2", "event-1"]
    assert page.entries[0].pictures[0].size == len(JPEG)
    assert not await journal.append(record(1))
    assert await journal.append(record(3))
    await journal.close()


async def test_version_1_is_migrated(tmp_path: Path) -> None:
    """Migrations run once, in one transaction."""
    extra = Table("thermogate_extra", MetaData(), Column("text", String(9)))

    def to_version_2(connection: Connection) -> None:
        extra.create(connection)
        connection.execute(insert(extra).values(text="moved"))

    version_1(tmp_path)
    with patch.object(schema, "MIGRATIONS", [to_version_2]):
        for migrated_from in (1, None):
            journal = journal_in(tmp_path)
            opened = await journal.open()
            assert opened.migrated_from == migrated_from
            assert (await journal.size()).entries == 2
            await journal.close()
    engine = create_engine(sqlite_url(tmp_path))
    with engine.connect() as connection:
        assert connection.scalars(select(extra.c.text)).all() == ["moved"]
    engine.dispose()


async def test_a_migration_that_fails_leaves_the_old_version(tmp_path: Path) -> None:
    """It can be tried again, by this version or the one before."""

    def to_version_2(connection: Connection) -> None:
        Table("thermogate_extra", MetaData(), Column("text", String(9))).create(
            connection
        )
        raise OSError(28, "No space left on device")

    version_1(tmp_path)
    journal = journal_in(tmp_path)
    with (
        patch.object(schema, "MIGRATIONS", [to_version_2]),
        pytest.raises(JournalError) as failed,
    ):
        await journal.open()
    assert failed.value.reason is Reason.DISK_FULL
    assert (await journal.open()).migrated_from is None
    assert (await journal.size()).entries == 2
    await journal.close()
    engine = create_engine(sqlite_url(tmp_path))
    assert not inspect(engine).has_table("thermogate_extra")
    engine.dispose()


async def test_a_later_version_is_left_alone(tmp_path: Path) -> None:
    """After a downgrade, nothing is written to what this version does not understand."""
    version_1(tmp_path)
    with sqlite3.connect(tmp_path / "journal.db") as connection:
        connection.execute("UPDATE thermogate_version SET version = 3")
    connection.close()
    journal = journal_in(tmp_path)
    with pytest.raises(JournalError) as newer:
        await journal.open()
    assert newer.value.reason is Reason.NEWER
    await journal.close()
    assert files(tmp_path) == ["journal.db"]


def garbage(file: Path) -> None:
    """Put something in the place of the database that is none."""
    file.write_bytes(b"This is no database. " * 1000)


def broken_page(file: Path) -> None:
    """Overwrite the inside of a database, as a failing card does."""
    content = bytearray(file.read_bytes())
    content[8192:20480] = b"\xa5" * 12288
    file.write_bytes(content)


def broken_schema(file: Path) -> None:
    """Break the page that lists the tables; the header before it is in order."""
    content = bytearray(file.read_bytes())
    content[100] = 0xFF
    file.write_bytes(content)


def garbled_schema(file: Path) -> None:
    """Overwrite what defines the tables with what is not even text."""
    content = file.read_bytes()
    for text in (b"thermogate_", b"CREATE"):
        content = content.replace(text, b"\xa5" * len(text))
    file.write_bytes(content)


def broken_index(file: Path) -> None:
    """Let an index contradict its table: all pages are in order, the whole is not."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA writable_schema=ON")
    connection.execute(
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'thermogate_pictures')"
        " WHERE name = 'thermogate_subjects'"
    )
    connection.close()


@pytest.mark.parametrize(
    "damage", [garbage, broken_page, broken_schema, garbled_schema, broken_index]
)
async def test_a_corrupt_file_is_set_aside_and_a_new_one_started(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """Its pictures stay as long as it does, for whoever rescues it."""
    file = tmp_path / "journal.db"
    journal = journal_in(tmp_path)
    await journal.open()
    await journal.append(record(1, pictures=(jpeg(),)))
    await journal.close()
    damage(file)

    journal = journal_in(tmp_path)
    aside = (await journal.open()).set_aside
    assert aside is not None
    assert aside.name in files(tmp_path)
    assert (await journal.size()).entries == 0
    assert await journal.append(record(1))
    pictures = tmp_path / "pictures"
    for_ever = Retention(days=None, megabytes=None)
    await journal.sweep(for_ever, NOON)
    assert len(files(pictures)) == 1
    await journal.close()

    aside.unlink()
    journal = journal_in(tmp_path)
    assert (await journal.open()).set_aside is None
    assert (await journal.size()).entries == 1
    await journal.sweep(for_ever, NOON)
    assert files(pictures) == []
    await journal.close()


async def test_the_log_of_a_corrupt_file_goes_with_it(tmp_path: Path) -> None:
    """SQLite leaves it where another process has the file open; it would be taken for the new file's."""
    garbage(tmp_path / "journal.db")
    close = database.Database.close

    def close_with_others(opened: database.Database) -> None:
        close(opened)
        for name in ("journal.db-wal", "journal.db-shm"):
            (tmp_path / name).write_bytes(b"somebody's")

    journal = journal_in(tmp_path)
    with patch.object(database.Database, "close", close_with_others):
        aside = (await journal.open()).set_aside
    assert aside is not None
    assert await journal.append(record())
    await journal.close()
    assert files(tmp_path) == [
        "journal.db",
        aside.name,
        f"{aside.name}-shm",
        f"{aside.name}-wal",
    ]


async def test_an_empty_file_is_a_new_journal(tmp_path: Path) -> None:
    """It is what a full disk leaves of a database that was about to be created."""
    (tmp_path / "journal.db").touch()
    journal = journal_in(tmp_path)
    assert (await journal.open()).set_aside is None
    await journal.close()


async def test_a_check_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    """A large journal on a slow card does not hold up the start."""
    version_1(tmp_path)
    journal = journal_in(tmp_path)
    with (
        patch.object(database, "_CHECK_SECONDS", -1),
        patch.object(database, "_CHECK_STEPS", 1),
    ):
        assert (await journal.open()).set_aside is None
    assert (await journal.size()).entries == 2
    await journal.close()


async def test_what_is_known_to_be_corrupt_is_looked_through_completely(
    tmp_path: Path,
) -> None:
    """However long that takes: else a large one would be opened over and over, and store nothing."""
    version_1(tmp_path)
    broken_index(tmp_path / "journal.db")
    journal = journal_in(tmp_path)
    with (
        patch.object(database, "_CHECK_SECONDS", -1),
        patch.object(database, "_CHECK_STEPS", 1),
    ):
        assert (await journal.open(thorough=True)).set_aside is not None
    assert await journal.append(record())
    await journal.close()


async def test_what_cannot_be_opened_is_not_set_aside(tmp_path: Path) -> None:
    """A folder in the place of the file stands for missing rights, which root has everywhere."""
    (tmp_path / "journal.db").mkdir()
    journal = journal_in(tmp_path)
    with pytest.raises(JournalError) as refused:
        await journal.open()
    assert refused.value.reason is Reason.PERMISSION
    assert [path.name for path in tmp_path.glob("journal*")] == ["journal.db"]  # noqa: ASYNC240
    await journal.close()


@pytest.mark.parametrize(
    ("method", "reason"),
    [("touch", Reason.PERMISSION), ("rename", Reason.PERMISSION)],
)
async def test_a_folder_without_rights_is_told(
    tmp_path: Path, method: str, reason: Reason
) -> None:
    """Neither can the file be created there, nor a corrupt one be set aside."""
    garbage(tmp_path / "journal.db")
    journal = journal_in(tmp_path)
    with (
        patch.object(
            Path, method, side_effect=PermissionError(13, "Permission denied")
        ),
        pytest.raises(JournalError) as refused,
    ):
        await journal.open()
    assert refused.value.reason is reason
    assert files(tmp_path) == ["journal.db"]
    assert (await journal.open()).set_aside is not None
    await journal.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql+nodriver://user:secret@127.0.0.1/db",
        "nonsense://user:secret@127.0.0.1/db",
        "postgresql://user:secret@127.0.0.1:port/db",
        # A dialect that SQLAlchemy has, and these tables were never tried with.
        "mysql://user:secret@127.0.0.1/db",
    ],
)
async def test_a_useless_url_is_told_without_its_password(
    tmp_path: Path, url: str
) -> None:
    """The user typed it; a person who reads the log did not."""
    journal = Journal(url, tmp_path / "pictures")
    with pytest.raises(JournalError) as useless:
        await journal.open()
    assert useless.value.reason is Reason.URL
    assert "secret" not in str(useless.value)
    await journal.close()


def test_the_tables_are_good_for_postgresql() -> None:
    """As far as can be said without a server: they compile, and every indexed text fits an index row."""
    dialect = registry.load("postgresql")()
    for table in schema.METADATA.sorted_tables:
        assert str(CreateTable(table).compile(dialect=dialect))
        for index in table.indexes:
            assert str(CreateIndex(index).compile(dialect=dialect))
            lengths = [
                column.type.length or 0
                for column in index.columns
                if isinstance(column.type, String)
            ]
            assert sum(lengths) * 4 <= 2704
