"""The journal behaves as a list in memory would."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from custom_components.thermogate.journal import STRANGER, Kind, Query, Record

from .makers import NOON, journal_in, jpeg, record

NAMES = ["", "Ada", "ADA", "Bob", "unknown rule", "Straße", "a%b"]
MINUTES = st.integers(0, 6).map(lambda minutes: NOON + timedelta(minutes=minutes))
TEMPERATURES = st.none() | st.sampled_from([36.0, 36.5, 37.5, 40.0])

RECORDS = st.builds(
    lambda changes: record(**changes),
    st.fixed_dictionaries(
        {
            "device": st.sampled_from(["a", "b", "c"]),
            "kind": st.sampled_from(Kind),
            "key": st.sampled_from(["", "1", "2", "3", "4", "5"]),
            "at": MINUTES,
            "outcome": st.sampled_from(["granted", "denied", STRANGER]),
            "subject": st.sampled_from(NAMES),
            "person_id": st.sampled_from(["", "1", "2"]),
            "temperature": TEMPERATURES,
            "pictures": st.lists(
                st.sampled_from([b"", b"1", b"2"]).map(jpeg), max_size=2
            ).map(tuple),
        }
    ),
)


def some[T](values: Sequence[T]) -> st.SearchStrategy[tuple[T, ...]]:
    """Return mostly nothing, else some of a few values."""
    return st.just(()) | st.lists(st.sampled_from(values), max_size=2).map(tuple)


QUERIES = st.builds(
    Query,
    devices=some(["a", "b", "nowhere"]),
    kinds=some(list(Kind)),
    outcomes=some(["granted", STRANGER]),
    text=st.just("") | st.sampled_from(["ada", "A", "unknown", "STRASSE", "%", "x"]),
    person_id=st.just("") | st.sampled_from(["1", "9"]),
    since=st.none() | MINUTES,
    until=st.none() | MINUTES,
    temperature_above=TEMPERATURES,
    temperature_below=TEMPERATURES,
    limit=st.integers(1, 5),
)


def matches(query: Query, given: Record) -> bool:
    """Say whether a query means a record, as its documentation reads."""
    text = query.text.casefold()
    named = text in given.subject.casefold()
    if text == "unknown" and not query.person_id:
        named = named or given.outcome == STRANGER

    def warm(limit: float) -> bool:
        return given.temperature is not None and given.temperature > limit

    return (
        (not query.devices or given.device in query.devices)
        and (not query.kinds or given.kind in query.kinds)
        and (not query.outcomes or given.outcome in query.outcomes)
        and (not text or named)
        and (not query.person_id or given.person_id == query.person_id)
        and (query.since is None or given.at >= query.since)
        and (query.until is None or given.at < query.until)
        and (query.temperature_above is None or warm(query.temperature_above))
        and (
            query.temperature_below is None
            or (
                given.temperature is not None
                and given.temperature < query.temperature_below
            )
        )
    )


def store(model: list[Record], given: Record) -> bool:
    """Append to the list, as the journal promises it."""
    identity = given.device, given.kind, given.key
    if given.key and identity in [(old.device, old.kind, old.key) for old in model]:
        return False
    model.append(given)
    return True


async def compare(folder: Path, records: list[Record], queries: list[Query]) -> None:
    """Do the same to the journal and the list."""
    journal = journal_in(folder)
    await journal.open()
    model: list[Record] = []
    half = len(records) // 2
    one_by_one = [await journal.append(given) for given in records[:half]]
    together = await asyncio.gather(*map(journal.append, records[half:]))
    assert [*one_by_one, *together] == [store(model, given) for given in records]
    for query in queries:
        expected = [
            number for number, given in enumerate(model, 1) if matches(query, given)
        ]
        expected.sort(key=lambda number: (model[number - 1].at, number), reverse=True)
        found: list[int] = []
        page = await journal.search(query)
        while True:
            assert len(page.entries) <= query.limit
            found += [entry.id for entry in page.entries]
            if page.cursor is None:
                break
            values: dict[str, Any] = {
                name: getattr(query, name) for name in Query.__slots__
            }
            page = await journal.search(Query(**values | {"cursor": page.cursor}))
        assert found == expected
    sizes = {picture.data for given in model for picture in given.pictures}
    stored = sum(len(list(leaf.iterdir())) for leaf in (folder / "pictures").glob("??"))
    assert stored == len(sizes)
    await journal.close()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(RECORDS, max_size=25), st.lists(QUERIES, min_size=1, max_size=6))
def test_it_is_a_list_that_lasts(records: list[Record], queries: list[Query]) -> None:
    """Whatever is appended, alone or together, every query finds what it finds in the list."""
    with TemporaryDirectory() as folder:
        asyncio.run(compare(Path(folder), records, queries))
