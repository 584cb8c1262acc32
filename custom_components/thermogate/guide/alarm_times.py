"""When alarms are watched for: the times of each day of the week (`effect_day` of the sections of alarms)."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from .errors import GuideValidationError
from .fields import Field
from .settings import SECTIONS
from .settings_fields import EFFECT_DAYS
from .wire import Message, as_dicts, as_int, as_text

ALARM_DAYS: Final = range(1, 8)
"""The days of a week as cameras number them. No document says which of them is the first."""

[_PERIODS] = [field for field in EFFECT_DAYS.fields if field.name == "period"]
MAX_PERIODS: Final = int(_PERIODS.maximum or 0)

TIMED_ALARMS: Final = tuple(
    section for section, command in SECTIONS.items() if EFFECT_DAYS in command.reply
)
"""The sections that have such times."""

_TIME: Final[Field] = _PERIODS.fields[0]


class Period(NamedTuple):
    """A time of a day, each end as HH:MM:SS."""

    start: str
    end: str


type Week = Mapping[int, Sequence[Period]]
"""The periods of each day, by its number."""


def alarm_week(message: Message) -> dict[int, list[Period]]:
    """Return the times in the answer of a section, of every day in order."""
    week: dict[int, list[Period]] = {day: [] for day in ALARM_DAYS}
    for item in as_dicts(message.get("effect_day")):
        for period in as_dicts(item.get("period")):
            week.get(as_int(item.get("day"), 0), []).append(
                Period(as_text(period.get("start")), as_text(period.get("end")))
            )
    return {day: sorted(periods) for day, periods in week.items()}


def put_alarm_week(message: Message, week: Week) -> None:
    """Replace the times in the answer of a section; on days that are left out the alarm is not watched for.

    GuideValidationError for a camera without such times, and for what `check_periods` does not allow.
    """
    if "effect_day" not in message:
        raise GuideValidationError(
            "schedule", "times", "none: the camera has no such times"
        )
    known = {as_int(item.get("day")): item for item in as_dicts(message["effect_day"])}
    message["effect_day"] = [
        {
            **known.get(day, {}),
            "day": day,
            "period": [period._asdict() for period in week.get(day, ())],
        }
        for day in ALARM_DAYS
    ]


def check_periods(
    periods: Sequence[Period],
) -> tuple[Period, Period] | Period | None:
    """Return what is wrong with a day: two periods that overlap, or one that ends before it has begun; None if nothing is.

    GuideValidationError for more than a day has room for, and for what is no time.
    """
    if len(periods) > MAX_PERIODS:
        raise GuideValidationError(
            "schedule", len(periods), f"at most {MAX_PERIODS} times a day"
        )
    for period in periods:
        for time in period:
            _TIME.check(time, "schedule")
        if period.end <= period.start:
            return period
    for first, second in pairwise(sorted(periods)):
        if second.start < first.end:
            return first, second
    return None
