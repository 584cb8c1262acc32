"""The same on a PostgreSQL server, where there is one."""

import asyncio
from collections.abc import AsyncGenerator
import os
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from custom_components.thermogate.journal import (
    STRANGER,
    Journal,
    Kind,
    Query,
    Retention,
    schema,
)

from .makers import NOON, files, jpeg, record

URL = os.environ.get("THERMOGATE_TEST_POSTGRESQL", "")

pytestmark = [
    pytest.mark.skipif(
        not URL,
        reason="THERMOGATE_TEST_POSTGRESQL names no database (postgresql+psycopg://…); needs psycopg",
    ),
    pytest.mark.usefixtures("socket_enabled"),
]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncGenerator[Journal]:
    """Return an open, empty journal on the server."""
    engine = create_engine(URL)
    schema.METADATA.drop_all(engine)
    journal = Journal(URL, tmp_path / "pictures")
    await journal.open()
    yield journal
    await journal.close()
    schema.METADATA.drop_all(engine)
    engine.dispose()


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
