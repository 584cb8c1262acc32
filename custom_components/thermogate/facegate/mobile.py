"""The 4G module of a terminal and what it costs (vendor document 2.16)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple


@dataclass(frozen=True, kw_only=True, slots=True)
class MobileNetwork:
    """What a terminal tells about its 4G module; None for what it does not tell. Data use in bytes, both ways together."""

    module_ready: bool | None = None
    sim_ready: bool | None = None
    operator: str | None = None
    signal: int | None = None
    """dBm"""
    used_today: int | None = None
    used_this_month: int | None = None


class DayUse(NamedTuple):
    """The data use of one day, in bytes; the terminal tells no year."""

    month: int
    day: int
    received: int
    sent: int

    @property
    def bytes(self) -> int:
        """Both ways together."""
        return self.received + self.sent


def data_use(statistics: Iterable[Mapping[str, Any]]) -> list[DayUse]:
    """Return the days in an answer to `traffic statistics`, without those whose date cannot be read."""
    return [
        DayUse(*day, row["bytes_rx"] or 0, row["bytes_tx"] or 0)
        for row in statistics
        if row and (day := _day(row["date"] or ""))
    ]


def used(days: Iterable[DayUse], today: date) -> tuple[int | None, int | None]:
    """Return the data use of today and of this month, in bytes; None as long as the month has none.

    What is empty may be unread as well as unused, and a 0 that is neither would look like a new beginning.
    """
    this_month = [day for day in days if day.month == today.month]
    if not this_month:
        return None, None
    return (
        sum(day.bytes for day in this_month if day.day == today.day),
        sum(day.bytes for day in this_month),
    )


def signal_strength(told: int | None) -> int | None:
    """Return the signal strength in dBm: the document calls it RSSI and names no unit, and only below 0 it can be that."""
    return told if told is not None and told < 0 else None


def _day(text: str) -> tuple[int, int] | None:
    """Return month and day of a date such as "6-1"."""
    month, _, day = text.partition("-")
    if not (month.isascii() and month.isdigit() and day.isascii() and day.isdigit()):
        return None
    return int(month), int(day)
