"""What a person types to find something in the journal: "mike", "unknown above 37.5", "Motor bearing > 80", "fire"."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
import re
from typing import Final

from homeassistant.const import UnitOfTemperature
from homeassistant.util.unit_conversion import TemperatureConverter

# Devices tell tenths or hundredths of a degree; "37.5+" finds 37.5 itself.
_MARGIN: Final = 0.001

_NUMBER = (
    r"(?P<number>[-\u2212]?\d{1,4}(?:[.,]\d{1,3})?)\s*(?:°\s*)?(?P<unit>[cf])?(?!\w)"
)
# What a temperature follows, whether it is a lower limit, and whether the limit itself is meant too.
_LIMITS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), is_lower, is_included)
    for pattern, is_lower, is_included in (
        (rf"(?:>=|≥|\bat least\b)\s*{_NUMBER}", True, True),
        (rf"(?:<=|≤|\bat most\b|\bup to\b)\s*{_NUMBER}", False, True),
        (
            rf"(?:>|\b(?:above|over|(?:more|higher|hotter|warmer) than)\b)\s*{_NUMBER}",
            True,
            False,
        ),
        (
            rf"(?:<|\b(?:below|under|(?:less|lower|colder|cooler) than)\b)\s*{_NUMBER}",
            False,
            False,
        ),
        (rf"(?<![\w.,]){_NUMBER}\s*\+(?!\w)", True, True),
    )
)
_UNITS: Final = {
    "c": UnitOfTemperature.CELSIUS,
    "f": UnitOfTemperature.FAHRENHEIT,
}
# What stays between the words when a temperature or an outcome is taken out.
_JOINTS: Final = " ,;:.&+"
# No name is longer.
_LONGEST: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One way to understand what was typed: a part of a name, an outcome ("" is any), limits in °C (they are excluded)."""

    text: str = ""
    outcome: str = ""
    above: float | None = None
    below: float | None = None


def readings(
    typed: str,
    outcomes: Mapping[str, str],
    unit: str = UnitOfTemperature.CELSIUS,
) -> tuple[Reading, ...]:
    """Return all ways to understand what was typed; a person wants to see what any of them finds.

    `outcomes` names them by the words, in lower case, that a person would use. `unit` is that of temperatures that are
    typed without one. All of it may also be a name, whatever it looks like.
    """
    whole = " ".join(typed.split())[:_LONGEST]
    rest, above, below = _without_limits(whole, unit)
    found = [
        Reading(text=whole),
        Reading(text=rest, above=above, below=below),
        *(
            Reading(text=text, outcome=outcome, above=above, below=below)
            for text, outcome in _without_outcome(rest, outcomes)
        ),
    ]
    return tuple(dict.fromkeys(found))


def _without_limits(text: str, unit: str) -> tuple[str, float | None, float | None]:
    """Return what is left of a text without its temperatures, and the narrowest limits they set."""
    lower: list[float] = []
    upper: list[float] = []
    for pattern, is_lower, is_included in _LIMITS:
        margin = _MARGIN if is_included else 0.0
        while match := pattern.search(text):
            text = _tidy(f"{text[: match.start()]} {text[match.end() :]}")
            limit = _celsius(match, unit)
            if is_lower:
                lower.append(limit - margin)
            else:
                upper.append(limit + margin)
    return text, max(lower, default=None), min(upper, default=None)


def _celsius(match: re.Match[str], unit: str) -> float:
    number = float(match["number"].replace(",", ".").replace("\u2212", "-"))
    given = _UNITS[match["unit"].lower()] if match["unit"] else unit
    return round(
        TemperatureConverter.convert(number, given, UnitOfTemperature.CELSIUS), 3
    )


def _without_outcome(
    text: str, outcomes: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield each outcome that is named in a text, with what is left of the text."""
    for words, outcome in outcomes.items():
        match = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE)
        if match:
            yield _tidy(f"{text[: match.start()]} {text[match.end() :]}"), outcome


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(_JOINTS)
