"""Actions: the access rules of terminals, which say when people may pass."""

import re
from typing import Any, Final

import voluptuous as vol

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from ..const import DOMAIN
from ..errors import translate_errors
from ..facegate import (
    COMMANDS,
    WHOLE_DAY,
    AccessRule,
    Day,
    Section,
    access_rules,
    check_day,
    save_access_rule,
    set_access_rules,
)
from .terminals import (
    ONE_TERMINAL,
    SEVERAL_TERMINALS,
    Terminal,
    at_each,
    called_terminal,
    called_terminals,
)

ATTR_RULE = "rule"
ATTR_RULES = "rules"
ATTR_NAME = "name"
ATTR_SCHEDULE = "schedule"
ATTR_WEEK_STARTS = "week_starts"
ATTR_FROM = "from"
ATTR_TO = "to"

GET = "get_access_rules"
SAVE = "save_access_rule"
SET = "set_access_rules"

DAILY: Final = "daily"
WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
# No document says which day of a weekly rule is the first; a person can see it at the terminal.
WEEK_STARTS: Final = ("monday", "sunday")

[_RULES] = COMMANDS["update_schedules"].request
MAX_RULES: Final = _RULES.max_length
NUMBER: Final = {field.key: field for field in _RULES.fields}["kind"]
_CLOCK: Final = re.compile(r"(\d{1,2}):([0-5]\d)(?::00)?", re.ASCII)


def clock(value: Any) -> int:
    """Return a time of day in minutes, up to 24:00. vol.Invalid."""
    # YAML takes 17:30 without quotes for a number.
    if not isinstance(value, str):
        raise vol.Invalid('write times in quotes, such as "17:30"')
    if (found := _CLOCK.fullmatch(value.strip())) is None:
        raise vol.Invalid(f"{value} is no time of day in hours and minutes")
    minutes = int(found[1]) * 60 + int(found[2])
    if minutes > WHOLE_DAY:
        raise vol.Invalid(f"{value} is after 24:00")
    return minutes


_DAY: Final = vol.All(
    cv.ensure_list,
    [vol.Schema({vol.Required(ATTR_FROM): clock, vol.Required(ATTR_TO): clock})],
)
_SCHEDULE: Final = vol.All(
    {vol.In([DAILY, *WEEKDAYS]): _DAY},
    vol.Length(min=1, msg="give the times of at least one day, or daily ones"),
)
_RULE: Final[dict[Any, Any]] = {
    vol.Required(ATTR_RULE): vol.All(
        vol.Coerce(int), vol.Range(min=NUMBER.minimum, max=NUMBER.maximum)
    ),
    vol.Optional(ATTR_NAME): vol.All(cv.string, str.strip),
    vol.Required(ATTR_SCHEDULE): _SCHEDULE,
}
_WEEK: Final = {
    vol.Optional(ATTR_WEEK_STARTS, default=WEEK_STARTS[0]): vol.In(WEEK_STARTS)
}
FIELDS: Final[dict[str, dict[Any, Any]]] = {
    GET: ONE_TERMINAL | _WEEK,
    SAVE: SEVERAL_TERMINALS | _RULE | _WEEK,
    SET: SEVERAL_TERMINALS
    | {
        vol.Required(ATTR_RULES): vol.All(
            cv.ensure_list, [vol.Schema(_RULE)], vol.Length(min=1, max=MAX_RULES)
        )
    }
    | _WEEK,
}


@translate_errors
async def _get(call: ServiceCall) -> ServiceResponse:
    """Return the rules of a terminal."""
    coordinator = called_terminal(call).coordinator
    rules = await coordinator.async_command(access_rules(coordinator.client))
    week = week_from(call.data)
    return {ATTR_RULES: [_told(rule, week) for rule in rules]}


@translate_errors
async def _save(call: ServiceCall) -> ServiceResponse:
    """Save one rule and leave the others as they are, and return what came of it at each terminal."""
    rule = _rule(call.data, week_from(call.data))
    named = ATTR_NAME in call.data

    @translate_errors
    async def save(terminal: Terminal) -> str:
        coordinator = terminal.coordinator
        async with coordinator.rules_in_turn:
            is_new = await coordinator.async_command(
                save_access_rule(coordinator.client, rule, rename=named)
            )
        return "created" if is_new else "updated"

    terminals = called_terminals(call)
    return await at_each(terminals, save, answered=call.return_response)


@translate_errors
async def _set(call: ServiceCall) -> ServiceResponse:
    """Replace all rules, and return what came of it at each terminal."""
    week = week_from(call.data)
    rules = [_rule(rule, week) for rule in call.data[ATTR_RULES]]

    @translate_errors
    async def write(terminal: Terminal) -> str:
        coordinator = terminal.coordinator
        async with coordinator.rules_in_turn:
            await coordinator.async_command(set_access_rules(coordinator.client, rules))
        return "replaced"

    terminals = called_terminals(call)
    return await at_each(terminals, write, answered=call.return_response)


def week_from(data: dict[str, Any]) -> tuple[str, ...]:
    """Return the days in the order in which a terminal has them."""
    first = WEEKDAYS.index(data[ATTR_WEEK_STARTS])
    return WEEKDAYS[first:] + WEEKDAYS[:first]


def _rule(data: dict[str, Any], week: tuple[str, ...]) -> AccessRule:
    """Return the rule that an action describes. ServiceValidationError for times that make no sense."""
    number: int = data[ATTR_RULE]
    days: dict[str, Day] = {
        name: _day(name, sections) for name, sections in data[ATTR_SCHEDULE].items()
    }
    if DAILY in days and len(days) > 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="daily_or_weekly"
        )
    return AccessRule(
        number,
        data.get(ATTR_NAME) or f"Rule {number}",
        (days[DAILY],) if DAILY in days else tuple(days.get(day, ()) for day in week),
    )


def _day(name: str, sections: list[dict[str, int]]) -> Day:
    """Return a day in order. ServiceValidationError for sections that are reversed or overlap."""
    day = tuple(
        sorted(Section(section[ATTR_FROM], section[ATTR_TO]) for section in sections)
    )
    wrong = check_day(day)
    if isinstance(wrong, Section):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="section_reversed",
            translation_placeholders={"day": name, "section": _span(wrong)},
        )
    if wrong:
        first, second = wrong
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="sections_overlap",
            translation_placeholders={
                "day": name,
                "first": _span(first),
                "second": _span(second),
            },
        )
    return day


def _told(rule: AccessRule, week: tuple[str, ...]) -> dict[str, Any]:
    """Return a rule as an action takes it."""
    names = (DAILY,) if rule.daily else week
    days = {
        name: [_told_section(section) for section in day]
        for name, day in zip(names, rule.days, strict=True)
    }
    return {
        ATTR_RULE: rule.number,
        ATTR_NAME: rule.name,
        # As people write a week, whichever day the terminal begins with.
        ATTR_SCHEDULE: {
            name: days[name] for name in (DAILY, *WEEKDAYS) if name in days
        },
    }


def _span(section: Section) -> str:
    return " – ".join(_told_section(section).values())


def _told_section(section: Section) -> dict[str, str]:
    return {ATTR_FROM: _told_clock(section.start), ATTR_TO: _told_clock(section.end)}


def _told_clock(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}"


@callback
def async_setup_schedule_actions(hass: HomeAssistant) -> None:
    """Register the actions; when people may pass is for administrators to say."""
    hass.services.async_register(
        DOMAIN,
        GET,
        _get,
        schema=vol.Schema(FIELDS[GET]),
        supports_response=SupportsResponse.ONLY,
    )
    for name, change in ((SAVE, _save), (SET, _set)):
        async_register_admin_service(
            hass,
            DOMAIN,
            name,
            change,
            schema=vol.Schema(FIELDS[name]),
            supports_response=SupportsResponse.OPTIONAL,
        )
