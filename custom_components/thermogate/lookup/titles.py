"""What is read in the media browser. Plain English: Home Assistant translates no titles of media."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from homeassistant.const import UnitOfTemperature
from homeassistant.util.unit_conversion import TemperatureConverter

from ..journal import STRANGER, Entry, Kind

# What came of it, as a person would say it; what is not here is shown as it is stored.
SAID: Final[Mapping[str, str]] = {
    "granted": "let in",
    "denied": "turned away",
    "stranger": "unknown person",
    "temperature": "temperature alarm",
    "hot_spot": "hot spot alarm",
    "cold_spot": "cold spot alarm",
    "fire": "fire alarm",
    "external_input": "external input alarm",
    "illegal_access": "illegal access",
    "storage_full": "storage full",
    "storage_failure": "storage failure",
    "stream": "stream failure",
    "network": "network fault",
    "difference": "temperature difference alarm",
}
# What a person may search for, beside what they read.
OUTCOMES: Final[Mapping[str, str]] = {
    **{outcome.replace("_", " "): outcome for outcome in SAID},
    **{said: outcome for outcome, said in SAID.items()},
    "unknown": "stranger",
    "strangers": "stranger",
    "refused": "denied",
}
ROLES: Final[Mapping[str, str]] = {"photo": "Registered photo", "clip": "Video"}


def entry_title(
    entry: Entry, zone: tzinfo, unit: str, *, today: date, device: str = ""
) -> str:
    """Return when, who or what, what came of it, and how warm: "14:03 Mike, let in, 36.6 °C".

    The media browser has room for the first two or three words, and who looks for a moment reads the time. The day is left
    out if it is `today`; the name of the device is added if there is one.
    """
    said = SAID.get(entry.outcome, entry.outcome.replace("_", " "))
    who = entry.subject
    if not who and entry.kind is Kind.ACCESS and entry.outcome != STRANGER:
        who = "somebody"
    what = ", ".join(filter(None, (who, said)))
    parts = [f"{_when(entry.at.astimezone(zone), today)} {what[:1].upper()}{what[1:]}"]
    if entry.temperature is not None:
        degrees = TemperatureConverter.convert(
            entry.temperature, UnitOfTemperature.CELSIUS, unit
        )
        parts.append(f"{degrees:.1f} {unit}")
    if device:
        parts.append(device)
    return ", ".join(parts)


def day_title(day: date, today: date) -> str:
    """Return the name of a day: "Today, 21 November 2026", "Friday, 20 November 2026"."""
    names = {today: "Today", today - timedelta(days=1): "Yesterday"}
    return f"{names.get(day) or f'{day:%A}'}, {day.day} {day:%B} {day.year}"


def role_title(role: str) -> str:
    """Return the name of a picture of a happening."""
    return ROLES.get(role) or role.replace("_", " ").capitalize()


def _when(at: datetime, today: date) -> str:
    time = f"{at:%H:%M}"
    if at.date() == today:
        return time
    year = "" if at.year == today.year else f" {at.year}"
    return f"{at.day} {at:%b}{year} {time}"
