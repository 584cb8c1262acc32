"""Actions: at which times of the week a camera watches for its alarms, in the shape of Home Assistant's own schedules."""

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
from ..guide import (
    ALARM_DAYS,
    TIMED_ALARMS,
    Period,
    alarm_week,
    check_periods,
    put_alarm_week,
)
from .cameras import ONE_CAMERA, called_camera
from .schedules import (
    ATTR_FROM,
    ATTR_SCHEDULE,
    ATTR_TO,
    ATTR_WEEK_STARTS,
    DAILY,
    WEEK_STARTS,
    WEEKDAYS,
    week_from,
)

ATTR_ALARM: Final = "alarm"

LIST: Final = "list_alarm_schedules"
SET: Final = "set_alarm_schedule"

# A day of Home Assistant ends at 24:00, that of a camera in its last second.
_MIDNIGHT: Final = "24:00:00"
_LAST_SECOND: Final = "23:59:59"
_CLOCK: Final = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)


def clock(value: Any) -> str:
    """Return a time of day as HH:MM:SS, up to 24:00:00. vol.Invalid."""
    # YAML takes 17:30 without quotes for a number.
    if not isinstance(value, str):
        raise vol.Invalid('write times in quotes, such as "17:30"')
    if (found := _CLOCK.fullmatch(value.strip())) is None:
        raise vol.Invalid(f"{value} is no time of day in hours, minutes and seconds")
    time = f"{int(found[1]):02}:{found[2]}:{found[3] or '00'}"
    if time > _MIDNIGHT:
        raise vol.Invalid(f"{value} is after 24:00")
    return time


_DAY: Final = vol.All(
    cv.ensure_list,
    [vol.Schema({vol.Required(ATTR_FROM): clock, vol.Required(ATTR_TO): clock})],
)
_CAMERA: Final = ONE_CAMERA | {
    vol.Optional(ATTR_WEEK_STARTS, default=WEEK_STARTS[0]): vol.In(WEEK_STARTS)
}
FIELDS: Final[dict[str, dict[Any, Any]]] = {
    LIST: _CAMERA,
    SET: ONE_CAMERA
    | {
        vol.Required(ATTR_ALARM): vol.In(TIMED_ALARMS),
        vol.Required(ATTR_SCHEDULE): {vol.In([DAILY, *WEEKDAYS]): _DAY},
    }
    | _CAMERA,
}


@translate_errors
async def _list(call: ServiceCall) -> ServiceResponse:
    """Return the times of all alarms of a camera that have some."""
    camera = called_camera(call)
    week = week_from(call.data)
    found: dict[str, Any] = {}
    settings = camera.coordinator.settings
    async for alarm, answer in settings.async_answers(TIMED_ALARMS):
        # Not every camera has every alarm.
        if answer is None:
            continue
        days = dict(zip(week, alarm_week(answer).values(), strict=True))
        # As people write a week, whichever day the camera begins with.
        found[alarm] = {
            name: [_told(period) for period in days[name]] for name in WEEKDAYS
        }
    return {"schedules": found}


@translate_errors
async def _set(call: ServiceCall) -> None:
    """Replace the times of an alarm; on days that are left out it is not watched for."""
    camera = called_camera(call)
    days = {name: _day(name, given) for name, given in call.data[ATTR_SCHEDULE].items()}
    if DAILY in days and len(days) > 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="daily_or_weekly"
        )
    names = week_from(call.data)
    week = {
        number: days.get(DAILY, days.get(name, []))
        for number, name in zip(ALARM_DAYS, names, strict=True)
    }
    await camera.coordinator.settings.async_edit(
        call.data[ATTR_ALARM], lambda message: put_alarm_week(message, week)
    )


def _day(name: str, given: list[dict[str, str]]) -> list[Period]:
    """Return a day in order. ServiceValidationError for times that are reversed or overlap."""
    periods = sorted(
        Period(
            each[ATTR_FROM],
            _LAST_SECOND if each[ATTR_TO] == _MIDNIGHT else each[ATTR_TO],
        )
        for each in given
    )
    wrong = check_periods(periods)
    if isinstance(wrong, Period):
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
    return periods


def _span(period: Period) -> str:
    return " – ".join(_told(period).values())


def _told(period: Period) -> dict[str, str]:
    end = _MIDNIGHT if period.end == _LAST_SECOND else period.end
    return {ATTR_FROM: period.start, ATTR_TO: end}


@callback
def async_setup_alarm_schedule_actions(hass: HomeAssistant) -> None:
    """Register the actions; when a camera watches is for administrators to change."""
    hass.services.async_register(
        DOMAIN,
        LIST,
        _list,
        schema=vol.Schema(FIELDS[LIST]),
        supports_response=SupportsResponse.ONLY,
    )
    async_register_admin_service(
        hass, DOMAIN, SET, _set, schema=vol.Schema(FIELDS[SET])
    )
