"""What the 4G module of a terminal costs, and how well it hears."""

from datetime import date
from typing import Any

import pytest

from custom_components.thermogate.facegate import (
    DayUse,
    data_use,
    signal_strength,
    used,
)

JUNE_2 = date(2026, 6, 2)


def row(date: Any, received: Any = 1, sent: Any = 2) -> dict[str, Any]:
    """Return a day as a terminal tells it."""
    return {"date": date, "bytes_rx": received, "bytes_tx": sent}


def test_days() -> None:
    """Month and day, and both ways together."""
    days = data_use([row("6-1", 1024, 2048), row("06-02", None, 5)])
    assert days == [DayUse(6, 1, 1024, 2048), DayUse(6, 2, 0, 5)]
    assert [day.bytes for day in days] == [3072, 5]


@pytest.mark.parametrize("date", [None, "", "6", "6-", "-1", "6-x", "²-1", "6-1-1"])
def test_a_date_that_cannot_be_read(date: str | None) -> None:
    """The others count."""
    assert data_use([row(date), row("6-1")]) == [DayUse(6, 1, 1, 2)]


@pytest.mark.parametrize(
    ("dates", "today", "month"),
    [
        (["6-1", "6-2"], 3, 6),
        (["6-1"], 0, 3),
        (["5-2", "6-1", "6-2"], 3, 6),
        # Nothing may be unread as well as unused.
        ([], None, None),
        (["5-31"], None, None),
    ],
)
def test_today_and_this_month(
    dates: list[str], today: int | None, month: int | None
) -> None:
    """By the terminal's day."""
    assert used(data_use(map(row, dates)), JUNE_2) == (today, month)


@pytest.mark.parametrize(
    ("told", "dbm"), [(-71, -71), (-1, -1), (0, None), (31, None), (None, None)]
)
def test_the_signal(told: int | None, dbm: int | None) -> None:
    """What is not below 0 is counted in something else."""
    assert signal_strength(told) == dbm
