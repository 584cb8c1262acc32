"""Identifiers in the media browser name a place in the journal, or nothing."""

from datetime import UTC, date
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.thermogate.lookup.places import (
    Event,
    Folder,
    NoPlaceError,
    View,
    parse,
)
from tests.journal.makers import journal_in

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
DAYS = st.dates(max_value=date(9999, 12, 30))


def test_identifiers_can_be_read() -> None:
    """They stand in automations and in the address bar."""
    assert Event("abc123").identifier == "event/abc123"
    assert Event("abc123", "face").identifier == "event/abc123/face"
    assert Folder().identifier == ""
    assert Folder(view=View.DEVICE).identifier == "device"
    assert (
        Folder(view=View.DAY, device="A1", day=date(2026, 5, 1)).identifier
        == "day?device=A1&day=2026-05-01"
    )


@given(
    view=st.sampled_from(View),
    device=TEXTS,
    day=st.none() | DAYS,
    person_id=TEXTS,
    name=TEXTS,
)
def test_a_folder_is_found_again(
    view: View, device: str, day: date | None, person_id: str, name: str
) -> None:
    """Whatever a device or a person is called."""
    folder = Folder(view=view, device=device, day=day, person_id=person_id, name=name)
    assert parse(folder.identifier) == folder


@given(event_id=TEXTS.filter(bool), role=TEXTS)
def test_an_event_is_found_again(event_id: str, role: str) -> None:
    """Whatever it is called."""
    assert parse(Event(event_id, role).identifier) == Event(event_id, role)


@given(view=st.sampled_from([View.DAYS, View.PEOPLE, View.RULES]), start=st.integers(1))
def test_pages_of_what_is_counted_start_at_a_number(view: View, start: int) -> None:
    """Those of days, people and rules."""
    folder = parse(Folder(view=view, after=str(start)).identifier)
    assert isinstance(folder, Folder)
    assert folder.start == start


@pytest.mark.parametrize(
    "identifier",
    [
        "nowhere",
        "../../secrets.yaml",
        "/etc/passwd",
        "event/",
        "event//face",
        "event/%ff",
        "device?device",
        "device?path=/etc/passwd",
        "device?device=a&device=b",
        "device?device=%ff",
        "day?day=yesterday",
        "day?day=9999-12-31",
        "day?day=2026-02-30",
        "days?after=x",
        "days?after=-5",
        "day?after=../..",
        "person?after=1",
        "device?" + "&".join(f"a{number}=1" for number in range(100)),
    ],
)
def test_anything_else_names_nothing(identifier: str) -> None:
    """It is refused, whoever made it up."""
    with pytest.raises(NoPlaceError):
        parse(identifier)


@given(identifier=st.text() | st.text().map(lambda text: f"day?{text}"))
def test_any_text_can_be_asked_for(identifier: str) -> None:
    """It names a place, or it is refused."""
    try:
        place = parse(identifier)
    except NoPlaceError:
        return
    assert isinstance(place, Folder | Event)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"])
@pytest.mark.parametrize("day", [date(1, 1, 1), date(2026, 3, 29), date(9999, 12, 30)])
async def test_any_day_can_be_asked_for(tmp_path: Path, zone: str, day: date) -> None:
    """Wherever Home Assistant stands."""
    journal = journal_in(tmp_path)
    await journal.open()
    query = Folder(view=View.DAY, day=day).query(ZoneInfo(zone), 10)
    assert (await journal.search(query)).entries == ()
    await journal.close()


def test_a_day_is_one_of_the_time_zone() -> None:
    """Also when it has 23 hours."""
    query = Folder(view=View.DAY, day=date(2026, 3, 29)).query(
        ZoneInfo("Europe/Amsterdam"), 10
    )
    assert query.since is not None and query.until is not None
    assert query.since.astimezone(UTC).isoformat() == "2026-03-28T23:00:00+00:00"
    assert query.until.astimezone(UTC).isoformat() == "2026-03-29T22:00:00+00:00"
