"""What devices may send, and what must not come of it."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest

from custom_components.thermogate.journal import (
    Journal,
    JournalError,
    Kind,
    Query,
    Retention,
)

from .makers import NOON, journal_in, jpeg, record

TEXTS = {
    "nul": "a\0b",
    "surrogate": "a\ud800b",
    "megabyte": "x" * 1_000_000,
    "wide": "\N{GRINNING FACE}" * 1000,
    "growing": "\N{GREEK SMALL LETTER IOTA WITH DIALYTIKA AND TONOS}" * 1000,
    "sql": "'; DROP TABLE thermogate_entries; --",
    "path": "../../../etc/passwd",
    "html": "<script>alert(1)</script>",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_any_text_is_stored_wherever_it_stands(
    journal: Journal, text: str
) -> None:
    """What no database can hold is replaced, what is too long for a name is cut; details and identity stay exact."""
    given = record(
        event_id=text,
        device=text,
        key=text,
        outcome=text,
        subject=text,
        person_id=text,
        details={text: [text]},
        pictures=(jpeg(role=text),),
    )
    assert await journal.append(given)
    assert not await journal.append(given)
    assert await journal.knows(text, Kind.ACCESS, text)
    entry = await journal.entry(text)
    assert entry is not None
    assert entry.details == {text: [text]}
    assert entry.subject == text[:500].replace("\0", "�").replace("\ud800", "�")
    found = Query(devices=(text,), outcomes=(text,), person_id=text, text=text[:500])
    assert (await journal.search(found)).entries == (entry,)
    assert len(await journal.people(text)) == len(await journal.days(text)) == 1
    assert (await journal.forget_person(person_id=text, name=text)).entries == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a\0", "a\ud800"),
        ("a\ud800", "a�"),
        ("\ud800", "\\ud800"),
        ("x" * 1000, "x" * 1001),
    ],
)
async def test_keys_that_look_alike_when_stored_are_different(
    journal: Journal, one: str, other: str
) -> None:
    """Nothing is taken for a copy because of how it had to be written."""
    assert await journal.append(record(key=one))
    assert await journal.append(record(key=other))
    assert not await journal.append(record(key=one))


async def test_device_and_key_do_not_run_into_each_other(journal: Journal) -> None:
    """Whatever separators they contain."""
    assert await journal.append(record(device='a", "access", "b', key="c"))
    assert await journal.append(record(device="a", key='access", "b", "access", "c'))


@pytest.mark.parametrize(
    "at",
    [
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2106, 2, 7, 6, 28, 16, 999_999, tzinfo=UTC),
    ],
)
async def test_times_far_away_are_stored_and_shown(
    journal: Journal, at: datetime
) -> None:
    """In any time zone, at most three days from where they were; a cursor leads over them."""
    for number in range(2):
        await journal.append(record(number, at=at, received_at=at))
    first = await journal.search(Query(limit=1))
    second = await journal.search(Query(limit=1, cursor=first.cursor))
    assert [entry.event_id for entry in (*first.entries, *second.entries)] == [
        "event-1",
        "event-0",
    ]
    assert abs(first.entries[0].at - at) <= timedelta(days=3)
    for hours in (-12, 14):
        ((_, count),) = await journal.days(tz=timezone(timedelta(hours=hours)))
        assert count == 2
    await journal.sweep(Retention(days=36_500, megabytes=None), NOON)


@pytest.mark.parametrize("temperature", [nan, inf, -inf])
async def test_temperatures_that_are_none_are_left_out(
    journal: Journal, temperature: float
) -> None:
    """They would be neither above nor below anything, or always."""
    await journal.append(record(temperature=temperature))
    assert (await journal.search(Query(temperature_above=-1e9))).entries == ()
    entry = await journal.entry("event-1")
    assert entry is not None and entry.temperature is None


async def test_a_number_beyond_all_numbers_is_refused(journal: Journal) -> None:
    """As a record that cannot be stored, not as a defect."""
    with pytest.raises(JournalError, match="unstorable"):
        await journal.append(record(temperature=10**400))


@pytest.mark.parametrize(
    "details",
    [
        {},
        {"": ""},
        {"deep": {"list": [[[]]], "null": None, "number": -1.5e300, "big": 10**100}},
        {"text": "x" * 1_000_000},
    ],
)
async def test_details_are_any_json(journal: Journal, details: dict[str, Any]) -> None:
    """And come back as they were."""
    await journal.append(record(details=details))
    entry = await journal.entry("event-1")
    assert entry is not None and entry.details == details


async def test_many_read_while_many_write(tmp_path: Path) -> None:
    """Readers see whole entries only, and neither side waits for the other to end."""
    journal = journal_in(tmp_path)
    await journal.open()
    done = asyncio.Event()
    pages = 0

    async def read() -> None:
        nonlocal pages
        while not done.is_set():
            page = await journal.search(Query(limit=100))
            assert all(len(entry.pictures) == 2 for entry in page.entries)
            ids = [entry.id for entry in page.entries]
            assert ids == sorted(ids, reverse=True)
            pages += 1

    readers = [asyncio.ensure_future(read()) for _ in range(8)]
    for start in range(0, 200, 20):
        await asyncio.gather(
            *(
                journal.append(record(number, pictures=(jpeg(), jpeg(b"%d" % number))))
                for number in range(start, start + 20)
            )
        )
    done.set()
    await asyncio.gather(*readers)
    assert pages >= 8
    assert (await journal.size()).entries == 200
    await journal.close()
