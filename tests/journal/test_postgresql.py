"""The same on a PostgreSQL server, where there is one."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
import socket
from unittest.mock import patch
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, update

from custom_components.thermogate.journal import (
    STRANGER,
    Journal,
    JournalError,
    Kind,
    Query,
    Reason,
    Retention,
    database,
    schema,
)
from tests.postgresql import PostgreSQL

from .makers import NOON, files, jpeg, record


@pytest.fixture
async def server(postgresql_url: str, tmp_path: Path) -> AsyncGenerator[Journal]:
    """Return an open, empty journal on the server."""
    journal = Journal(postgresql_url, tmp_path / "pictures")
    await journal.open()
    yield journal
    await journal.close()


async def test_a_server_keeps_the_journal(server: Journal, tmp_path: Path) -> None:
    """Storing, recognising copies, looking up, deleting."""
    hostile = {"subject": "a\0b\ud800", "key": "x" * 1_000_000, "device": "y" * 9999}
    records = [
        record(0, pictures=(jpeg(),), details={"\0\ud800": "\0"}),
        record(1, outcome=STRANGER, subject="", person_id="", temperature=38.5),
        record(2, kind=Kind.ALARM, subject="Straße"),
        record(3, **hostile),
    ]
    assert await asyncio.gather(*map(server.append, records)) == [True] * 4
    assert await asyncio.gather(*map(server.append, records)) == [False] * 4
    for query, numbers in (
        (Query(), [3, 2, 1, 0]),
        (Query(text="unknown"), [1]),
        (Query(text="STRASSE"), [2]),
        (Query(temperature_above=38.0), [1]),
        (Query(devices=("front door",), outcomes=("granted",)), [2, 0]),
    ):
        page = await server.search(query)
        assert [entry.event_id for entry in page.entries] == [
            f"event-{number}" for number in numbers
        ]
    first = await server.search(Query(limit=1))
    second = await server.search(Query(limit=1, cursor=first.cursor))
    assert second.entries[0].event_id == "event-2"
    assert await server.days() == [(NOON.date(), 4)]
    assert len(await server.people()) == 2
    await server.hold()
    await server.release()
    assert (await server.forget_person(name="ada")).pictures == 1
    assert files(tmp_path / "pictures") == []
    swept = await server.sweep(Retention(days=None, megabytes=0), NOON)
    assert swept.entries == 3
    assert (await server.size()).bytes == 0


async def test_what_was_stored_is_there_the_next_time(
    postgresql_url: str, tmp_path: Path
) -> None:
    """Tables are made once; those of a later version are left alone."""
    for number in range(2):
        journal = Journal(postgresql_url, tmp_path / "pictures")
        opened = await journal.open()
        assert (opened.set_aside, opened.migrated_from) == (None, None)
        assert await journal.append(record(number))
        assert (await journal.size()).entries == number + 1
        await journal.close()
    engine = create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(update(schema.VERSION_TABLE).values(version=99))
    engine.dispose()
    journal = Journal(postgresql_url, tmp_path / "pictures")
    with pytest.raises(JournalError) as newer:
        await journal.open()
    assert newer.value.reason is Reason.NEWER
    await journal.close()


async def test_a_server_that_goes_away_is_told_and_found_again(
    postgresql: PostgreSQL, tmp_path: Path
) -> None:
    """Nothing needs to be opened anew."""
    journal = Journal(postgresql.url(), tmp_path / "pictures")
    await journal.open()
    before, lost = record(1, key=uuid4().hex), record(2, key=uuid4().hex)
    assert await journal.append(before)
    postgresql.stop()
    try:
        for call in (journal.append(lost), journal.search(Query())):
            with pytest.raises(JournalError) as told:
                await call
            assert told.value.reason is Reason.LOST
    finally:
        postgresql.start()
    assert await journal.append(lost)
    assert not await journal.append(before)
    await journal.close()


async def refusal(url: str, folder: Path) -> JournalError:
    """Return what is said of a database that cannot be opened."""
    journal = Journal(url, folder)
    with pytest.raises(JournalError) as refused:
        await journal.open()
    await journal.close()
    return refused.value


async def test_who_is_not_let_in_is_told_so(
    postgresql: PostgreSQL, tmp_path: Path
) -> None:
    """Without a word of the password."""
    error = await refusal(postgresql.url(password="wr0ng"), tmp_path)
    assert error.reason is Reason.PERMISSION
    assert "wr0ng" not in str(error)


async def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Nobody listens."""
    error = await refusal(f"postgresql+psycopg://gate@/gate?host={tmp_path}", tmp_path)
    assert error.reason is Reason.LOST


async def test_a_server_that_says_nothing_is_told(
    socket_enabled: None, tmp_path: Path
) -> None:
    """Somebody listens and never answers: not for long."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        url = f"postgresql+psycopg://gate@{host}/gate?connect_timeout=2"
        error = await refusal(url, tmp_path)
    assert error.reason is Reason.LOST


@pytest.mark.parametrize(
    ("query", "timeout"), [("", 10), ("?connect_timeout=3&sslmode=require", None)]
)
def test_no_device_waits_for_minutes(query: str, timeout: int | None) -> None:
    """Unless the URL says so: by itself the driver would wait that long."""
    with patch.object(database, "create_engine") as engine:
        database.database_at(f"postgresql+psycopg://gate@host/gate{query}", 1)
    arguments = engine.call_args.kwargs["connect_args"]
    assert arguments.get("connect_timeout") == timeout
    assert arguments["tcp_user_timeout"] == 15_000
