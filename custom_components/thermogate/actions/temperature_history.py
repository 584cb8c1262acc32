"""Action: how the temperatures of a camera's rules went, from the camera's own memory."""

from datetime import datetime, timedelta
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
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..coordinator.camera_time import moment, told
from ..errors import translate_errors
from ..guide import Shape, Statistic, TemperatureSeries
from .cameras import ONE_CAMERA, called_camera
from .thermal_regions import unknown_rule

ATTR_SINCE: Final = "since"
ATTR_UNTIL: Final = "until"
ATTR_INTERVAL: Final = "interval"
ATTR_STATISTIC: Final = "statistic"
ATTR_SHAPES: Final = "shapes"
ATTR_RULES: Final = "rules"
ATTR_REPORT: Final = "report"

GET: Final = "get_temperature_history"

DEFAULT_PERIOD: Final = timedelta(days=1)
LONGEST_INTERVAL: Final = 1440  # minutes
# An answer is held in memory as a whole: a week of minutes, of each of a camera's rules.
MAX_VALUES: Final = 10_080

FIELDS: Final[dict[str, dict[Any, Any]]] = {
    GET: {
        **ONE_CAMERA,
        vol.Optional(ATTR_SINCE): cv.datetime,
        vol.Optional(ATTR_UNTIL): cv.datetime,
        vol.Optional(ATTR_INTERVAL, default=1): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=LONGEST_INTERVAL)
        ),
        vol.Optional(ATTR_STATISTIC, default=Statistic.MAXIMUM.value): vol.All(
            vol.In([each.value for each in Statistic]), Statistic
        ),
        vol.Optional(ATTR_SHAPES): vol.All(
            cv.ensure_list,
            vol.Length(min=1),
            [vol.All(vol.In([each.value for each in Shape]), Shape)],
        ),
        vol.Optional(ATTR_RULES): vol.All(cv.ensure_list, [cv.string]),
        vol.Optional(ATTR_REPORT, default=False): cv.boolean,
    },
}


@translate_errors
async def _get(call: ServiceCall) -> ServiceResponse:
    """Return what a camera remembers, a row for each value, and if wanted the camera's own report."""
    camera = called_camera(call)
    since, until = _period(call.data)
    client = camera.coordinator.client
    asked: dict[str, Any] = {
        "minutes": call.data[ATTR_INTERVAL],
        "statistic": call.data[ATTR_STATISTIC],
        "shapes": call.data.get(ATTR_SHAPES, tuple(Shape)),
    }
    series = await client.temperature_history(told(since), told(until), **asked)
    wanted = call.data.get(ATTR_RULES)
    _check_known(wanted or [], series, camera.coordinator.rule_names or {})
    rows = await call.hass.async_add_executor_job(_rows, series, wanted)
    answer: dict[str, Any] = camera.told | {"rows": rows}
    if call.data[ATTR_REPORT]:
        report = await client.temperature_report(told(since), told(until), **asked)
        answer[ATTR_REPORT] = report and report.decode("utf-8", "replace")
    return answer


def _period(data: dict[str, Any]) -> tuple[datetime, datetime]:
    """Return the time that is asked for, the last day if none is. ServiceValidationError where that cannot be answered."""
    try:
        until = dt_util.as_utc(data.get(ATTR_UNTIL) or dt_util.utcnow())
        since = dt_util.as_utc(data.get(ATTR_SINCE) or until - DEFAULT_PERIOD)
    except OverflowError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_such_time"
        ) from err
    if since > until:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="nothing_between",
            translation_placeholders={"low": ATTR_SINCE, "high": ATTR_UNTIL},
        )
    values = (until - since) // timedelta(minutes=data[ATTR_INTERVAL]) + 1
    # The last minute of the last day is one more.
    if values > MAX_VALUES + 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="history_too_long",
            translation_placeholders={
                "values": str(values),
                "most": str(MAX_VALUES),
            },
        )
    return since, until


def _check_known(
    wanted: list[str], series: tuple[TemperatureSeries, ...], rules: dict[str, str]
) -> None:
    """Raise ServiceValidationError for a rule that the camera neither has nor remembers."""
    names = {*rules.values(), *(one.name or one.key for one in series)}
    known = {*names, *rules, *(one.key for one in series)}
    for rule in wanted:
        if rule not in known:
            raise unknown_rule(rule, sorted(names))


def _rows(
    series: tuple[TemperatureSeries, ...], rules: list[str] | None
) -> list[dict[str, Any]]:
    """Return the values in order of time; where the camera has none, there is no row. Takes seconds for many."""
    rows = [
        (
            at,
            {
                "time": dt_util.as_local(moment(at)).isoformat(),
                "rule": one.name or one.key,
                "rule_id": one.rule_id,
                "shape": one.shape,
                "statistic": one.statistic,
                "temperature": value,
            },
        )
        for one in series
        if rules is None or one.name in rules or one.key in rules
        for at, value in one.points
        if value is not None
    ]
    rows.sort(key=lambda row: row[0])
    return [row for _, row in rows]


@callback
def async_setup_temperature_history_actions(hass: HomeAssistant) -> None:
    """Register the action."""
    hass.services.async_register(
        DOMAIN,
        GET,
        _get,
        schema=vol.Schema(FIELDS[GET]),
        supports_response=SupportsResponse.ONLY,
    )
