"""When people may pass: a terminal's access rules (vendor document 2.3.7 to 2.3.9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from .client import FaceGateClient
from .commands import ADD_SCHEDULE, REQUEST_SCHEDULES, UPDATE_SCHEDULES
from .errors import FaceGateMessageError, FaceGateValidationError

WEEK: Final = 7
"""The days of a weekly rule. Which day is the first is not documented."""
WHOLE_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Section:
    """A part of a day, in minutes after midnight: `start` is in it, `end` is not, and may be 24:00."""

    start: int
    end: int


type Day = tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class AccessRule:
    """One rule; `days` are one for all days alike, or seven."""

    number: int
    name: str
    days: tuple[Day, ...]

    @property
    def daily(self) -> bool:
        """Whether all days are alike."""
        return len(self.days) == 1


async def access_rules(client: FaceGateClient) -> tuple[AccessRule, ...]:
    """Return the rules of a terminal.

    Raises what `FaceGateClient.request` does, and FaceGateMessageError for a rule that cannot be read: nobody can write such
    rules back without losing one.
    """
    answer = await client.request(REQUEST_SCHEDULES)
    return tuple(_parsed(raw) for raw in answer["kinds"])


async def set_access_rules(client: FaceGateClient, rules: Sequence[AccessRule]) -> None:
    """Replace all rules. Raises what `FaceGateClient.request` does, and FaceGateValidationError for a number used twice."""
    numbers = [rule.number for rule in rules]
    for number in numbers:
        if numbers.count(number) > 1:
            raise FaceGateValidationError("rule", number, "a number for each rule")
    await client.request(UPDATE_SCHEDULES, kinds=[_sent(rule) for rule in rules])


async def save_access_rule(
    client: FaceGateClient, rule: AccessRule, *, rename: bool = True
) -> bool:
    """Add a rule, or replace the one of this number and leave the others as they are; returns whether it is a new one.

    Without `rename` one that is replaced keeps its name. Between reading and writing nobody else may write. Raises what
    `access_rules` does.
    """
    rules = {known.number: known for known in await access_rules(client)}
    if (known := rules.get(rule.number)) is None:
        await client.request(ADD_SCHEDULE, kinds=[_sent(rule)])
        return True
    rules[rule.number] = rule if rename else replace(rule, name=known.name)
    await set_access_rules(client, list(rules.values()))
    return False


def check_day(day: Sequence[Section]) -> tuple[Section, Section] | Section | None:
    """Return what is wrong with a day: two sections that overlap, or one that ends before it has begun; None if nothing is."""
    for section in day:
        if not 0 <= section.start < section.end <= WHOLE_DAY:
            return section
    ordered = sorted(day)
    for first, second in pairwise(ordered):
        if second.start < first.end:
            return first, second
    return None


def _sent(rule: AccessRule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "kind": rule.number,
        "mode": "daily" if rule.daily else "weekly",
        "days": [
            {
                "sections": [
                    {"start": _clock(section.start), "end": _clock(section.end)}
                    for section in day
                ]
            }
            for day in rule.days
        ],
    }


def _clock(minutes: int) -> dict[str, int]:
    hour, minute = divmod(minutes, 60)
    return {"hour": hour, "minute": minute}


def _parsed(raw: Mapping[str, Any] | None) -> AccessRule:
    if raw is None or raw["kind"] is None:
        raise _unreadable()
    days = tuple(_parsed_day(day) for day in raw["days"])
    if len(days) != {"daily": 1, "weekly": WEEK}.get(raw["mode"]):
        raise _unreadable()
    return AccessRule(raw["kind"], raw["name"] or "", days)


def _parsed_day(raw: Mapping[str, Any] | None) -> Day:
    if raw is None:
        raise _unreadable()
    return tuple(_parsed_section(section) for section in raw["sections"])


def _parsed_section(raw: Mapping[str, Any] | None) -> Section:
    if raw is None:
        raise _unreadable()
    return Section(_minutes(raw["start"]), _minutes(raw["end"]))


def _minutes(clock: Mapping[str, Any] | None) -> int:
    if clock is None or clock["hour"] is None or clock["minute"] is None:
        raise _unreadable()
    hour: int = clock["hour"]
    minute: int = clock["minute"]
    return hour * 60 + minute


def _unreadable() -> FaceGateMessageError:
    return FaceGateMessageError(
        f"{REQUEST_SCHEDULES.key}: an access rule that cannot be read"
    )
