"""Fills gaps in the statistics of a camera's temperature rules from the camera's own memory (515).

What is filled is an hour of the sensors' own long-term statistics: the graph of a sensor is what people look at, and another
one beside it would only show what this one lacks. An hour counts as lacking if Home Assistant has nothing of it, or if Home
Assistant did not run at all then: it draws the last value over such an hour. Every other hour is left alone.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.db_schema import RecorderRuns, States
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
    process_timestamp,
)
from homeassistant.components.recorder.statistics import (
    async_import_statistics,
    get_metadata,
    statistics_during_period,
)
from homeassistant.const import Platform, UnitOfTemperature
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.recorder import session_scope
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import TemperatureConverter

from ..const import DOMAIN, LOGGER, RULE_KEY
from ..guide import GuideClient, GuideError, Statistic, TemperatureSeries
from .camera_time import moment, told

HOUR: Final = timedelta(hours=1)
# What the recorder keeps in detail unless it is told otherwise; older gaps stay.
WINDOW: Final = timedelta(days=10)
# By then the recorder has summed up the hour before.
SETTLED: Final = timedelta(minutes=10)
# With a clock that is further off, what the camera remembers would be put into the wrong hour.
CLOCK_TOLERANCE: Final = timedelta(minutes=5)

type Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Sensor:
    """A sensor of a rule: the key of the rule, which of its temperatures, and since when it is known to Home Assistant."""

    rule: str
    statistic: Statistic
    since: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the recorder has: of each sensor what its statistics are, and its hours (True for one without any change); and when it did not run."""

    metadata: Mapping[str, StatisticMetaData]
    hours: Mapping[str, Mapping[datetime, bool]]
    pauses: tuple[Span, ...]

    def lacking(self, statistic_id: str, hours: Iterable[datetime]) -> set[datetime]:
        """Return which of some hours Home Assistant has not recorded."""
        known = self.hours.get(statistic_id, {})
        return {
            hour
            for hour in hours
            if hour not in known
            or (
                known[hour]
                and any(
                    begin <= hour and hour + HOUR <= end for begin, end in self.pauses
                )
            )
        }


class TemperatureStatistics:
    """Fills the gaps of one camera: when Home Assistant has started, and whenever the camera is back."""

    def __init__(
        self,
        hass: HomeAssistant,
        client: GuideClient,
        device_key: str,
        rules: Callable[[], Iterable[str]],
        background: Callable[..., Any],
    ) -> None:
        """Fill nothing yet; `rules` returns the keys of the rules that there are."""
        self._hass = hass
        self._client = client
        self._device_key = device_key
        self._rules = rules
        self._background = background
        self._is_filling = False
        self._cancel_again: CALLBACK_TYPE | None = None
        # Hours before this have been asked for.
        self._done_until: datetime | None = None

    @callback
    def async_begin(self, _: Any = None) -> None:
        """Fill what lacks, and a little later once more if the recorder is still at the last hour."""
        if self._is_filling or "recorder" not in self._hass.config.components:
            return
        self._is_filling = True
        self._background(self._async_fill_quietly(), "fill statistics")
        self.async_stop()
        now = dt_util.utcnow()
        ready = _hour_of(now) + SETTLED
        if now < ready:
            self._cancel_again = async_call_later(
                self._hass, ready - now, self._async_again
            )

    @callback
    def async_stop(self) -> None:
        """Fill nothing any more."""
        if self._cancel_again:
            self._cancel_again()
            self._cancel_again = None

    @callback
    def _async_again(self, now: datetime) -> None:
        self._cancel_again = None
        self.async_begin()

    async def _async_fill_quietly(self) -> None:
        """Fill what lacks; what does not work now is tried when the camera is back the next time."""
        try:
            filled = await self.async_fill()
        except GuideError as err:
            LOGGER.debug("Statistics are not filled (%s)", err)
            return
        finally:
            self._is_filling = False
        if filled:
            LOGGER.info("Filled %d hours of statistics from a camera's memory", filled)

    async def async_fill(self) -> int:
        """Fill what lacks, and return how many hours that were, over all sensors. GuideError."""
        now = dt_util.utcnow()
        until = _hour_of(now - SETTLED)
        oldest = _hour_of(now - WINDOW)
        since = max(oldest, self._done_until or oldest)
        sensors = self._sensors()
        if since >= until or not sensors:
            return 0
        instance = get_instance(self._hass)
        # After a start it first sums up what it has of the time before.
        await instance.async_block_till_done()
        recorded = await instance.async_add_executor_job(
            recorded_of, self._hass, set(sensors), since, until
        )
        hours = [since + number * HOUR for number in range((until - since) // HOUR)]
        lacking = {
            statistic_id: gap
            for statistic_id in recorded.metadata
            if (
                gap := recorded.lacking(
                    statistic_id,
                    (hour for hour in hours if hour >= sensors[statistic_id].since),
                )
            )
        }
        filled = 0
        if lacking:
            if not await self._async_is_clock_right():
                return 0
            filled = await self._async_import(sensors, recorded, lacking)
        self._done_until = until
        return filled

    async def _async_is_clock_right(self) -> bool:
        """Whether the camera's clock shows about what Home Assistant's does."""
        shown = (await self._client.general_info()).datetime
        if shown and abs(shown - told(dt_util.utcnow())) <= CLOCK_TOLERANCE:
            return True
        LOGGER.debug("The camera's clock is not right: its history is of no use")
        return False

    async def _async_import(
        self,
        sensors: Mapping[str, Sensor],
        recorded: Recorded,
        lacking: Mapping[str, set[datetime]],
    ) -> int:
        """Ask for the hours that lack, and store what the camera has of them."""
        first = min(min(hours) for hours in lacking.values())
        last = max(max(hours) for hours in lacking.values()) + HOUR
        filled = 0
        for statistic in Statistic:
            wanted = {
                sensors[statistic_id].rule: statistic_id
                for statistic_id in lacking
                if sensors[statistic_id].statistic is statistic
            }
            if not wanted:
                continue
            for series in await self._client.temperature_history(
                told(first), told(last - timedelta(minutes=1)), statistic=statistic
            ):
                if statistic_id := wanted.get(series.key):
                    metadata = recorded.metadata[statistic_id]
                    data = await self._hass.async_add_executor_job(
                        _summed, series, lacking[statistic_id], metadata
                    )
                    async_import_statistics(self._hass, metadata, data)
                    filled += len(data)
        return filled

    def _sensors(self) -> dict[str, Sensor]:
        """Return the sensors of the rules by their entity ids, which are the names of their statistics."""
        registry = er.async_get(self._hass)
        found = {}
        for key in self._rules():
            for statistic in Statistic:
                entity_id = registry.async_get_entity_id(
                    Platform.SENSOR,
                    DOMAIN,
                    f"{self._device_key}_{RULE_KEY}{key}_{statistic}",
                )
                entry = registry.async_get(entity_id) if entity_id else None
                if entry and not entry.disabled:
                    found[entry.entity_id] = Sensor(
                        key, statistic, _hour_of(entry.created_at) + HOUR
                    )
        return found


def recorded_of(
    hass: HomeAssistant, statistic_ids: set[str], since: datetime, until: datetime
) -> Recorded:
    """Return what the recorder has of a time. Of a sensor that it does not record there is no metadata. For its executor only."""
    metadata = {
        statistic_id: about
        for statistic_id, (_, about) in get_metadata(
            hass, statistic_ids=statistic_ids
        ).items()
        if about["mean_type"] is StatisticMeanType.ARITHMETIC
        and about["unit_of_measurement"] in TemperatureConverter.VALID_UNITS
    }
    rows = statistics_during_period(
        hass, since, until, set(metadata), "hour", None, {"min", "max"}
    )
    with session_scope(hass=hass, read_only=True) as session:
        pauses = _pauses(session, since)
    return Recorded(
        metadata,
        {
            statistic_id: {
                dt_util.utc_from_timestamp(row["start"]): row.get("min")
                == row.get("max")
                for row in found
            }
            for statistic_id, found in rows.items()
        },
        pauses,
    )


def _pauses(session: Session, since: datetime) -> tuple[Span, ...]:
    """Return when Home Assistant did not run: from the last that it stored until the recorder began anew."""
    runs = session.execute(
        select(RecorderRuns.start, RecorderRuns.end, RecorderRuns.closed_incorrect)
        .where(RecorderRuns.end.is_(None) | (RecorderRuns.end > since))
        .order_by(RecorderRuns.start)
    ).all()
    pauses = []
    ended: datetime | None = None
    for start, end, closed_incorrect in runs:
        begin = process_timestamp(start)
        last = session.execute(
            select(func.max(States.last_updated_ts)).where(
                States.last_updated_ts < begin.timestamp()
            )
        ).scalar()
        known = [dt_util.utc_from_timestamp(last)] if last else []
        # A run that was cut off has the beginning of the next as its end.
        if known or ended:
            pauses.append((max([*known, *([ended] if ended else [])]), begin))
        ended = None if closed_incorrect or end is None else process_timestamp(end)
    return tuple(pauses)


def _summed(
    series: TemperatureSeries, hours: set[datetime], metadata: StatisticMetaData
) -> list[StatisticData]:
    """Return mean, lowest and highest of hours, in the unit in which the recorder keeps them; none for an hour without a value."""
    values: defaultdict[datetime, list[float]] = defaultdict(list)
    for at, value in series.points:
        if value is not None and (hour := _hour_of(moment(at))) in hours:
            values[hour].append(value)
    convert = TemperatureConverter.converter_factory(
        UnitOfTemperature.CELSIUS, metadata["unit_of_measurement"]
    )
    return [
        StatisticData(
            start=hour,
            mean=convert(fmean(found)),
            min=convert(min(found)),
            max=convert(max(found)),
        )
        for hour, found in sorted(values.items())
    ]


def _hour_of(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
