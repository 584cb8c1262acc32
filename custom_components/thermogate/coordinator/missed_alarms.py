"""What a camera noticed while nobody listened, from its own memory: pictures of alarms (513), else temperatures (515)."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_now

from ..const import LOGGER
from ..guide import (
    Channel,
    GuideClient,
    GuideCommandError,
    GuideError,
    MediaKind,
    Picture,
    Recording,
    RecordingKind,
    Rule,
    RuleAlarm,
    RuleTemperature,
    Statistic,
)
from ..journal import Entry, Kind, Query, Record
from ..keeper import Keeper, Kept
from .base import DeviceEvent
from .camera_time import moment, told
from .records import alarm_record, with_pictures
from .thresholds import breaches

# Clocks differ, and a camera stores an alarm some seconds after it began.
MARGIN = timedelta(minutes=2)
SAME_ALARM = timedelta(seconds=30)
# One value a minute is the finest that a camera gives.
STEP = timedelta(minutes=1)

# Why a camera stored a picture, and as which alarms it may have reported that before; the first is what it is called.
# What a person or a schedule stored is no alarm.
OUTCOMES: dict[RecordingKind, tuple[str, ...]] = {
    RecordingKind.ALARM: ("temperature", "fire"),
    RecordingKind.COLD_SPOT: ("cold_spot",),
    RecordingKind.HOT_SPOT: ("hot_spot",),
    RecordingKind.HOT_AND_COLD_SPOT: ("hot_spot", "cold_spot"),
    RecordingKind.EXTERNAL_INPUT: ("external_input",),
}
TEMPERATURE = "temperature"

# Which statistics an alarm looks at.
STATISTICS: dict[RuleAlarm, tuple[Statistic, ...]] = {
    RuleAlarm.HIGH: (Statistic.MAXIMUM,),
    RuleAlarm.LOW: (Statistic.MINIMUM,),
    RuleAlarm.HIGH_AND_LOW: (Statistic.MAXIMUM, Statistic.MINIMUM),
    RuleAlarm.AVERAGE: (Statistic.AVERAGE,),
}
# What a single value is as a reading.
READINGS: dict[Statistic, Callable[[float], RuleTemperature]] = {
    Statistic.MAXIMUM: lambda value: RuleTemperature(key="", maximum=value),
    Statistic.MINIMUM: lambda value: RuleTemperature(key="", minimum=value),
    Statistic.AVERAGE: lambda value: RuleTemperature(key="", average=value),
}


@dataclass(frozen=True, slots=True)
class Episode:
    """A time in which a rule was beyond its threshold, in the camera's local time; `peak` is the hottest value in °C."""

    rule: Rule
    begin: datetime
    end: datetime
    peak: float


class MissedAlarms:
    """Asks a camera for the alarms since a gap began, and keeps what the journal does not have."""

    def __init__(
        self,
        client: GuideClient,
        keeper: Keeper,
        device_key: str,
        rules: Callable[[], Iterable[Rule]],
        settle: Callable[[], Awaitable[None]],
    ) -> None:
        """Start without a gap; `settle` waits until the alarms that were reported are stored."""
        self._client = client
        self._keeper = keeper
        self._device_key = device_key
        self._rules = rules
        self._settle = settle
        self._since: datetime | None = None
        self._turn = asyncio.Lock()

    def begin(self, since: datetime) -> None:
        """Note that something may be missed from now on; a gap that is still open only grows."""
        if self._since is None:
            self._since = since

    async def async_fetch(self) -> int:
        """Close the gap, if there is one; returns how many alarms were missed.

        Raises GuideError, and JournalError while nothing can be looked up; the gap stays then.
        """
        async with self._turn:
            # What begins while we ask is another gap.
            since, self._since = self._since, None
            if since is None:
                return 0
            try:
                return await self._async_keep_all(since)
            except BaseException:
                self._since = since
                raise

    async def _async_keep_all(self, since: datetime) -> int:
        """Keep the alarms since a gap began; returns how many were missed."""
        until = dt_util.utcnow()
        oldest = max(since - MARGIN, await self._keeper.async_wanted_since())
        kept = 0
        for ask in (self._async_pictured, self._async_measured):
            try:
                kept += await ask(oldest, until)
            except GuideCommandError as err:
                # Without a memory card, or on a firmware without it.
                LOGGER.debug("Nothing to catch up with (%s)", err)
        return kept

    async def _async_pictured(self, since: datetime, until: datetime) -> int:
        """Keep the alarms that the camera has pictures of."""
        found: list[Recording] = []
        for channel in Channel:
            found += [
                recording
                async for recording in self._client.recordings(
                    told(since), told(until), channel, MediaKind.PICTURE
                )
                if recording.kind in OUTCOMES and recording.start is not None
            ]
        found.sort(key=_moment)
        kept = 0
        for (start, kind), recordings in groupby(found, _moment):
            outcomes = OUTCOMES[RecordingKind(kind)]
            at = moment(start)
            if await self._async_known(
                outcomes, at - SAME_ALARM, at + SAME_ALARM, subjects=None
            ):
                continue
            pictures = {
                recording.channel.value: await self._async_picture(recording)
                for recording in recordings
            }
            record = self._record(outcomes[0], f"513|{kind}|{start.isoformat()}", at)
            kept += await self._async_keep(with_pictures(record, **pictures))
        return kept

    async def _async_picture(self, recording: Recording) -> Picture | None:
        """Fetch a picture; an alarm without it is still an alarm."""
        if not recording.url:
            return None
        try:
            return Picture.from_bytes(await self._client.download(recording.url))
        except GuideError as err:
            LOGGER.debug("No picture of a missed alarm (%s)", err)
            return None

    async def _async_measured(self, since: datetime, until: datetime) -> int:
        """Keep the times in which a rule was beyond its threshold, unless an alarm tells of them."""
        kept = 0
        for episode in await self._async_episodes(told(since), told(until)):
            begin, end = moment(episode.begin), moment(episode.end)
            if await self._async_known(
                (TEMPERATURE,),
                begin - STEP - SAME_ALARM,
                end + STEP + SAME_ALARM,
                subjects=("", episode.rule.name),
            ):
                continue
            record = self._record(
                TEMPERATURE,
                f"515|{episode.rule.key}|{episode.begin.isoformat()}",
                begin,
                subject=episode.rule.name,
                temperature=episode.peak,
            )
            kept += await self._async_keep(record)
        return kept

    async def _async_episodes(self, since: datetime, until: datetime) -> list[Episode]:
        """Return when which rule was beyond its threshold."""
        asked: defaultdict[Statistic, dict[str, Rule]] = defaultdict(dict)
        for rule in self._rules():
            if rule.alarm_enabled and rule.alarm_type:
                for statistic in STATISTICS.get(rule.alarm_type, ()):
                    asked[statistic][rule.key] = rule
        episodes: list[Episode] = []
        for statistic, asking in asked.items():
            for series in await self._client.temperature_history(
                since, until, statistic=statistic
            ):
                if asker := asking.get(series.key):
                    episodes += _episodes(asker, READINGS[statistic], series.points)
        return sorted(episodes, key=lambda episode: episode.begin)

    async def _async_known(
        self,
        outcomes: tuple[str, ...],
        since: datetime,
        until: datetime,
        *,
        subjects: tuple[str, ...] | None,
    ) -> bool:
        """Whether the journal has such an alarm of this camera in a period, or will have it."""

        def is_same(alarm: Entry | Record) -> bool:
            return subjects is None or alarm.subject in subjects

        def is_meant(record: Record) -> bool:
            return (
                (record.device, record.kind) == (self._device_key, Kind.ALARM)
                and record.outcome in outcomes
                and since <= record.at < until
                and is_same(record)
            )

        await self._settle()
        if self._keeper.async_waits(is_meant):
            return True
        page = await self._keeper.journal.search(
            Query(
                devices=(self._device_key,),
                kinds=(Kind.ALARM,),
                outcomes=outcomes,
                since=since,
                until=until,
            )
        )
        return any(map(is_same, page.entries))

    def _record(
        self,
        outcome: str,
        key: str,
        at: datetime,
        *,
        subject: str = "",
        temperature: float | None = None,
    ) -> Record:
        return alarm_record(
            DeviceEvent(
                source=Kind.ALARM,
                kind=outcome,
                event_id=ulid_now(),
                at=at,
                attributes={},
            ),
            self._device_key,
            key,
            dt_util.utcnow(),
            live=False,
            subject=subject,
            temperature=temperature,
        )

    async def _async_keep(self, record: Record) -> bool:
        """Store an alarm; whether it is new."""
        return await self._keeper.async_keep(record, only_once=True) is not Kept.KNOWN


def _episodes(
    rule: Rule,
    reading: Callable[[float], RuleTemperature],
    points: Iterable[tuple[datetime, float | None]],
) -> list[Episode]:
    """Join the minutes in which a rule was beyond its threshold; a minute without a value ends it."""
    found: list[Episode] = []
    for at, value in points:
        if value is None or not breaches(rule, reading(value)):
            continue
        last = found[-1] if found else None
        if last and at - last.end <= STEP:
            found[-1] = Episode(rule, last.begin, at, max(last.peak, value))
        else:
            found.append(Episode(rule, at, at, value))
    return found


def _moment(recording: Recording) -> tuple[datetime, str]:
    """Return what the pictures of one alarm have in common; only for those that have a time and a kind."""
    if recording.start is None or recording.kind is None:
        raise ValueError("no moment")
    return recording.start, recording.kind
