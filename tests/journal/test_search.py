"""Looking up: filters, pages, days, persons."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest

from custom_components.thermogate.journal import (
    STRANGER,
    Journal,
    Kind,
    Query,
    query as reading,
)

from .makers import NOON, record

VISITS: list[dict[str, Any]] = [
    {"subject": "Ada Lovelace", "person_id": "1", "temperature": 36.5},
    {"subject": "ÅSA Öberg", "person_id": "2", "temperature": 37.5},
    {"subject": "", "person_id": "", "outcome": STRANGER, "temperature": 38.0},
    {"subject": "Groß 100%_", "person_id": "3", "outcome": "denied"},
    {
        "subject": "Transformer",
        "person_id": "",
        "kind": Kind.ALARM,
        "device": "yard",
        "outcome": "temperature",
        "temperature": 91.0,
    },
    {"subject": "Ada Lovelace", "person_id": "1", "device": "back door"},
]


@pytest.fixture
async def journal(journal: Journal) -> Journal:
    """Return a journal of six visits, a minute between them."""
    for number, visit in enumerate(VISITS):
        await journal.append(record(number, **visit))
    return journal


async def found(journal: Journal, **query: Any) -> list[int]:
    """Return the numbers of the visits that a query finds, in its order."""
    page = await journal.search(Query(**query))
    return [int(entry.event_id.removeprefix("event-")) for entry in page.entries]


@pytest.mark.parametrize(
    ("query", "visits"),
    [
        ({}, [5, 4, 3, 2, 1, 0]),
        ({"devices": ("yard",)}, [4]),
        ({"devices": ("yard", "back door", "yard")}, [5, 4]),
        ({"devices": ("nowhere",)}, []),
        ({"kinds": (Kind.ALARM,)}, [4]),
        ({"kinds": (Kind.ALARM, Kind.ACCESS)}, [5, 4, 3, 2, 1, 0]),
        ({"outcomes": ("denied", STRANGER)}, [3, 2]),
        ({"outcomes": ("granted",), "devices": ("back door",)}, [5]),
        ({"text": "lovelace"}, [5, 0]),
        ({"text": "åsa ÖB"}, [1]),
        ({"text": "GROSS"}, [3]),
        ({"text": "%"}, [3]),
        ({"text": "_"}, [3]),
        ({"text": "a_a"}, []),
        ({"text": "unknown"}, [2]),
        ({"text": " Unknown "}, [2]),
        ({"text": "transformer"}, [4]),
        ({"text": "ada", "devices": ("front door",)}, [0]),
        ({"text": "x" * 1_000_000}, []),
        ({"text": "\0\ud800"}, []),
        ({"person_id": "1"}, [5, 0]),
        ({"person_id": "1", "text": "ada"}, [5, 0]),
        ({"person_id": "1", "text": "unknown"}, []),
        ({"person_id": "2", "text": "ada"}, []),
        ({"temperature_above": 37.5}, [4, 2]),
        ({"temperature_below": 37.5}, [0]),
        ({"temperature_above": 36.5, "temperature_below": 91.0}, [2, 1]),
        ({"temperature_above": 100.0}, []),
        ({"temperature_above": 37.0, "text": "åsa"}, [1]),
        ({"temperature_above": 37.0, "outcomes": (STRANGER,)}, [2]),
        ({"since": NOON + timedelta(minutes=4)}, [5, 4]),
        ({"until": NOON + timedelta(minutes=2)}, [1, 0]),
        (
            {"since": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))},
            [5, 4, 3, 2, 1, 0],
        ),
        ({"limit": 2}, [5, 4]),
    ],
)
async def test_a_query_finds_what_it_says_newest_first(
    journal: Journal, query: dict[str, Any], visits: list[int]
) -> None:
    """Filters narrow each other; each alone and together."""
    assert await found(journal, **query) == visits


@pytest.mark.parametrize("limits", [("_MAX_WALKS", 0), ("_RARE", 0)])
@pytest.mark.parametrize(
    ("query", "visits"),
    [
        ({"text": "a"}, [5, 4, 1, 0]),
        ({"devices": ("yard", "back door")}, [5, 4]),
        ({"temperature_above": 37.5}, [4, 2]),
    ],
)
async def test_what_is_frequent_is_found_in_order_of_time(
    journal: Journal, limits: tuple[str, int], query: dict[str, Any], visits: list[int]
) -> None:
    """The way to the entries changes with their number, what is found does not."""
    with patch.object(reading, *limits):
        assert await found(journal, **query) == visits


@pytest.mark.parametrize(
    "query", [{}, {"text": "a"}, {"devices": ("front door", "yard")}]
)
async def test_pages_follow_each_other_without_gap_or_overlap(
    journal: Journal, query: dict[str, Any]
) -> None:
    """Also where many entries have the same time, and while new ones come."""
    for number in range(10, 15):
        await journal.append(record(number, at=NOON, subject="Adam"))
    whole = [entry.id for entry in (await journal.search(Query(**query))).entries]
    pages: list[int] = []
    cursor = None
    while True:
        page = await journal.search(Query(limit=2, cursor=cursor, **query))
        pages += [entry.id for entry in page.entries]
        await journal.append(
            record(100 + len(pages), at=NOON + timedelta(days=1), subject="Adam")
        )
        if (cursor := page.cursor) is None:
            break
    assert pages == whole


async def test_the_last_page_has_no_cursor(journal: Journal) -> None:
    """Not even when it is full."""
    assert (await journal.search(Query(limit=6))).cursor is None
    assert (await journal.search(Query(limit=5))).cursor is not None


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": ""},
        {"cursor": "1"},
        {"cursor": "1.2; drop table"},
        {"cursor": "9" * 30 + ".1"},
        {"limit": 0},
        {"limit": 1001},
        {"since": datetime(2026, 1, 1)},
        {"until": datetime(2026, 1, 1)},
    ],
)
def test_queries_without_meaning_are_refused(query: dict[str, Any]) -> None:
    """Before anything is asked."""
    with pytest.raises(ValueError, match=r"cursor|limit|time zone"):
        Query(**query)


async def test_days_are_those_of_the_time_zone(journal: Journal) -> None:
    """An entry late in the evening belongs to different days in different places."""
    for number, at in enumerate(
        [
            datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
            datetime(2026, 3, 28, 23, 30, tzinfo=UTC),
            datetime(2026, 3, 28, 22, 30, tzinfo=UTC),
            datetime(2025, 12, 31, 23, 30, tzinfo=UTC),
        ],
        10,
    ):
        await journal.append(record(number, at=at, device="gate"))
    assert await journal.days("gate") == [
        (date(2026, 3, 29), 1),
        (date(2026, 3, 28), 2),
        (date(2025, 12, 31), 1),
    ]
    assert await journal.days("gate", tz=ZoneInfo("Europe/Berlin")) == [
        (date(2026, 3, 29), 2),
        (date(2026, 3, 28), 1),
        (date(2026, 1, 1), 1),
    ]
    assert await journal.days(limit=1) == [(date(2026, 5, 1), 6)]
    assert await journal.days("nowhere") == []


async def test_a_day_whose_midnight_the_clock_skips_is_a_day(journal: Journal) -> None:
    """In Santiago the clock goes from 24:00 to 01:00 on 6 September 2026."""
    first = datetime(2026, 9, 6, 4, 0, tzinfo=UTC)
    await journal.append(record(10, at=first, device="gate"))
    await journal.append(record(11, at=first - timedelta(minutes=1), device="gate"))
    assert await journal.days("gate", tz=ZoneInfo("America/Santiago")) == [
        (date(2026, 9, 6), 1),
        (date(2026, 9, 5), 1),
    ]


async def test_persons_are_those_who_were_seen_last_first(journal: Journal) -> None:
    """Neither strangers nor rules are persons."""
    people = await journal.people()
    assert [(person.person_id, person.name) for person in people] == [
        ("1", "Ada Lovelace"),
        ("3", "Groß 100%_"),
        ("2", "ÅSA Öberg"),
    ]
    assert people[0].last == NOON + timedelta(minutes=5)
    assert [person.name for person in await journal.people("back door")] == [
        "Ada Lovelace"
    ]
    assert await journal.people("yard") == []


async def test_an_event_that_nobody_stored_has_no_entry(journal: Journal) -> None:
    """Neither does a text that no id can be."""
    assert await journal.entry("event-99") is None
    assert await journal.entry("\0\ud800") is None
