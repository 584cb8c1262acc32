"""Titles read as a person would tell it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.thermogate.journal import Entry, Kind
from custom_components.thermogate.lookup.titles import (
    day_title,
    entry_title,
    role_title,
)

TODAY = date(2026, 11, 20)
MIKE = Entry(
    id=1,
    event_id="1",
    device="door",
    kind=Kind.ACCESS,
    key="",
    at=datetime(2026, 11, 20, 13, 3, tzinfo=UTC),
    received_at=datetime(2026, 11, 20, 13, 3, tzinfo=UTC),
    live=True,
    caught_up=False,
    outcome="granted",
    subject="Mike",
    person_id="",
    temperature=None,
    details={},
    pictures=(),
)


def title(entry: Entry, unit: str = "°C", device: str = "") -> str:
    """Return the title in Amsterdam."""
    zone = ZoneInfo("Europe/Amsterdam")
    return entry_title(entry, zone, unit, today=TODAY, device=device)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "14:03 Mike, let in"),
        ({"temperature": 36.6}, "14:03 Mike, let in, 36.6 °C"),
        ({"outcome": "denied"}, "14:03 Mike, turned away"),
        ({"subject": ""}, "14:03 Somebody, let in"),
        ({"subject": "", "outcome": "stranger"}, "14:03 Unknown person"),
        (
            {"kind": Kind.ALARM, "outcome": "temperature", "subject": "Motor"},
            "14:03 Motor, temperature alarm",
        ),
        (
            {"kind": Kind.ALARM, "outcome": "storage_full", "subject": ""},
            "14:03 Storage full",
        ),
        (
            {"kind": Kind.ALARM, "outcome": "brand_new", "subject": ""},
            "14:03 Brand new",
        ),
        ({"outcome": "", "subject": ""}, "14:03 Somebody"),
    ],
)
def test_who_what_when(changes: dict[str, Any], told: str) -> None:
    """In the time zone of the house."""
    assert title(replace(MIKE, **changes)) == told


@pytest.mark.parametrize(
    ("at", "when"),
    [
        (datetime(2026, 11, 19, 23, 30, tzinfo=UTC), "00:30"),
        (datetime(2026, 11, 19, 13, 3, tzinfo=UTC), "19 Nov 14:03"),
        (datetime(2025, 11, 20, 13, 3, tzinfo=UTC), "20 Nov 2025 14:03"),
    ],
)
def test_another_day_is_named(at: datetime, when: str) -> None:
    """With its year if that is another one too."""
    assert title(replace(MIKE, at=at)) == f"{when} Mike, let in"


def test_temperatures_are_in_the_unit_of_the_house() -> None:
    """The journal has degrees Celsius."""
    warm = replace(MIKE, temperature=37.5)
    assert title(warm, "°F") == "14:03 Mike, let in, 99.5 °F"


def test_the_device_is_named_where_there_are_several() -> None:
    """At the end."""
    assert title(MIKE, device="Front door") == "14:03 Mike, let in, Front door"


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 11, 20), "Today, 20 November 2026"),
        (date(2026, 11, 19), "Yesterday, 19 November 2026"),
        (date(2026, 11, 18), "Wednesday, 18 November 2026"),
    ],
)
def test_days(day: date, told: str) -> None:
    """As in a diary."""
    assert day_title(day, TODAY) == told


def test_roles() -> None:
    """Also those that nobody thought of."""
    assert [role_title(role) for role in ("face", "clip", "x_ray")] == [
        "Face",
        "Video",
        "X ray",
    ]
