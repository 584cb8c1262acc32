"""What becomes clear about a happening only after it was stored."""

from dataclasses import replace

import pytest

from custom_components.thermogate.journal import Journal, JournalError, Query, Reason

from .makers import jpeg, record


async def test_only_the_details_change(journal: Journal) -> None:
    """Of that one happening, which keeps its pictures."""
    first = record(1, details={"decision": "none"}, pictures=(jpeg(),))
    other = record(2, details={"decision": "none"})
    await journal.append(first)
    await journal.append(other)
    before = {entry.key: entry for entry in (await journal.search(Query())).entries}

    later = replace(first, outcome="denied", details={"decision": "opened"})
    assert await journal.amend(later)

    after = {entry.key: entry for entry in (await journal.search(Query())).entries}
    assert after == before | {
        first.key: replace(before[first.key], details={"decision": "opened"})
    }


async def test_nothing_comes_into_being(journal: Journal) -> None:
    """What was deleted meanwhile stays deleted."""
    assert not await journal.amend(record(details={}))
    assert (await journal.search(Query())).entries == ()


async def test_details_that_cannot_be_stored(journal: Journal) -> None:
    """Change nothing."""
    stored = record(details={"decision": "none"})
    await journal.append(stored)
    with pytest.raises(JournalError) as caught:
        await journal.amend(replace(stored, details={"decision": object()}))
    assert caught.value.reason is Reason.UNSTORABLE
    (entry,) = (await journal.search(Query())).entries
    assert entry.details == {"decision": "none"}
