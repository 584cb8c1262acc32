"""The alarms that a camera reports: each is shown at once, and stored and fired once, with the pictures of its own message."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from homeassistant.core import callback
from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_now

from ..const import DOMAIN, LOGGER
from ..guide import (
    AlarmKind,
    DifferenceAlarm,
    ExternalInputAlarm,
    FireAlarm,
    GuideClient,
    GuideError,
    IllegalAccess,
    Media,
    NetworkException,
    Picture,
    Push,
    StorageFailure,
    StorageFull,
    StreamException,
    TemperatureAlarm,
)
from ..journal import Record
from ..keeper import Kept
from ..pictures import Evidence
from ..views import picture_attributes, picture_urls
from .base import DeviceEvent, ThermoGateCoordinator
from .records import alarm_record, with_pictures

# A camera without a battery starts in 1970 and stays there until somebody sets its clock.
CLOCK_WRONG = timedelta(days=1)
# More than any picture that a camera takes.
MAX_PICTURE = 8 * 1024 * 1024

ALARM = "alarm"
# Every alarm that a camera can push; each is a binary sensor and a type of the event.
ALARMS = (
    "temperature",
    "hot_spot",
    "cold_spot",
    "fire",
    "external_input",
    "illegal_access",
    "storage_full",
    "storage_failure",
    "stream",
    "network",
    "difference",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """What a push says: which of `ALARMS`, of which rule or area, and what else automations may want to know."""

    name: str
    subject: str = ""
    attributes: dict[str, Any]


def _temperature(push: TemperatureAlarm) -> Alarm:
    names = {AlarmKind.HOT_SPOT: "hot_spot", AlarmKind.COLD_SPOT: "cold_spot"}
    return Alarm(
        name=names.get(push.kind, "temperature"),
        subject=push.name,
        attributes={
            "rule": push.name or None,
            "alarm_source": push.kind,
            "measured": push.temp_flag,
            "maximum": push.high,
            "minimum": push.low,
            "average": push.average,
            "rate": push.rate,
            "difference": push.difference,
            "preset": push.preset,
            "preset_name": push.preset_name or None,
            "place": push.address or None,
        },
    )


def _fire(push: FireAlarm) -> Alarm:
    return Alarm(
        name="fire",
        subject=push.name,
        attributes={
            "area": push.name or None,
            "measured": push.temp_flag,
            "maximum": push.high,
            "minimum": push.low,
            "average": push.average,
        },
    )


def _external_input(_: ExternalInputAlarm) -> Alarm:
    return Alarm(name="external_input", attributes={})


def _storage_full(push: StorageFull) -> Alarm:
    return Alarm(
        name="storage_full",
        attributes={"free": push.free, "total": push.total, "limit": push.limit},
    )


def _storage_failure(_: StorageFailure) -> Alarm:
    return Alarm(name="storage_failure", attributes={})


def _stream(push: StreamException) -> Alarm:
    return Alarm(name="stream", attributes={"reason": push.type})


def _illegal_access(push: IllegalAccess) -> Alarm:
    return Alarm(
        name="illegal_access",
        attributes={"user": push.user or None, "address": push.ip or None},
    )


def _network(push: NetworkException) -> Alarm:
    return Alarm(
        name="network",
        attributes={"reason": push.type, "address": push.ip or None},
    )


def _difference(push: DifferenceAlarm) -> Alarm:
    return Alarm(
        name="difference",
        subject=" / ".join(name for name in push.names if name),
        attributes={
            "rule": " / ".join(name for name in push.names if name) or None,
            "temperatures": [each for each in push.temperatures if each is not None]
            or None,
            "difference": push.difference,
            "threshold": push.threshold,
        },
    )


READERS: dict[type[Push], Callable[[Any], Alarm]] = {
    TemperatureAlarm: _temperature,
    FireAlarm: _fire,
    ExternalInputAlarm: _external_input,
    StorageFull: _storage_full,
    StorageFailure: _storage_failure,
    StreamException: _stream,
    IllegalAccess: _illegal_access,
    NetworkException: _network,
    DifferenceAlarm: _difference,
}


class Alarms:
    """Shows, stores and fires the alarms of one camera."""

    def __init__(
        self, coordinator: ThermoGateCoordinator[Any], client: GuideClient
    ) -> None:
        """Start with none."""
        self._coordinator = coordinator
        self._client = client
        self._pictured = ""
        self._storing: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()

    @callback
    def take(self, push: Push) -> None:
        """Show an alarm at once; its event follows with the pictures of the same message, when they are stored."""
        alarm = READERS[type(push)](push)
        coordinator = self._coordinator
        now = dt_util.utcnow()
        told = _local(getattr(push, "time", None))
        if told is not None and abs(now - told) >= CLOCK_WRONG:
            told = None
        at = told or now
        event = _event(alarm, at)
        coordinator.async_show_alarm(alarm.name)
        # Two alarms of one second are one only if they are of the same thing.
        key = f"{alarm.name}|{alarm.subject}|{at.isoformat()}" if told else ""
        if key and key in self._storing:
            return
        record = alarm_record(
            event,
            coordinator.device_key,
            key,
            now,
            subject=alarm.subject,
            temperature=alarm.attributes.get("maximum"),
        )
        # An unload waits for it: the camera never sends it again.
        task = coordinator.config_entry.async_create_task(
            coordinator.hass,
            self._async_take(push, event, record),
            f"{DOMAIN} alarm {coordinator.config_entry.title}",
        )
        mark = key or event.event_id
        self._storing[mark] = task
        task.add_done_callback(lambda _: self._storing.pop(mark))

    @callback
    def see(self, alarm: TemperatureAlarm, *, new: bool) -> None:
        """Show an alarm that the camera could not report, and fire a new one; storing it, with its pictures, is for `MissedAlarms`."""
        seen = _temperature(alarm)
        self._coordinator.async_show_alarm(seen.name)
        if new:
            self._coordinator.async_fire(_event(seen, dt_util.utcnow()))

    async def async_settle(self) -> None:
        """Wait until everything is stored."""
        if storing := set(self._storing.values()):
            await asyncio.wait(storing)

    async def _async_take(self, push: Push, event: DeviceEvent, record: Record) -> None:
        """Store an alarm and fire it, in a journal that stays open for it."""
        async with self._coordinator.keeper.async_in_use():
            await self._async_store_and_fire(push, event, record)

    async def _async_store_and_fire(
        self, push: Push, event: DeviceEvent, record: Record
    ) -> None:
        """Store an alarm with its pictures, then fire it; pictures that must be fetched first hold up only the storing."""
        coordinator = self._coordinator
        if not isinstance(push, Media):
            if await self._async_keep(record) is not Kept.KNOWN:
                coordinator.async_fire(event)
            return
        pictures = {"visible": push.visible, "thermal": push.thermal}
        urls = {"visible": push.visible_url, "thermal": push.thermal_url}
        missing = {
            role: url for role, url in urls.items() if url and not pictures[role]
        }
        if not missing:
            record = with_pictures(record, **pictures)
            if (kept := await self._async_keep(record)) is not Kept.KNOWN:
                self._show_pictures(event, pictures)
                coordinator.async_fire(self._pictured_event(event, record, kept))
            return
        # One after the other: looking up takes now longer, now shorter.
        async with self._turn:
            keeper = coordinator.keeper
            if await keeper.async_knows(record.device, record.kind, record.key):
                return
            self._show_pictures(event, pictures)
            coordinator.async_fire(event)
        # An unload ends the fetching, not the storing.
        fetching = coordinator.async_background(
            self._async_fetch(missing, pictures), "pictures"
        )
        await asyncio.wait([fetching])
        # The next alarm may have come by then.
        if self._pictured == event.event_id:
            self._show_pictures(event, pictures)
        await self._async_keep(with_pictures(record, **pictures))

    async def _async_keep(self, record: Record) -> Kept:
        """Store an alarm: the camera never sends it again."""
        return await self._coordinator.keeper.async_keep(record, only_once=True)

    def _pictured_event(
        self, event: DeviceEvent, record: Record, kept: Kept
    ) -> DeviceEvent:
        """Return the event with the addresses of its pictures, which are there if they were stored."""
        if kept is Kept.FAILED:
            return event
        urls = picture_attributes(picture_urls(self._coordinator.hass, record))
        return replace(event, attributes=event.attributes | urls)

    @callback
    def _show_pictures(
        self, event: DeviceEvent, pictures: dict[str, Picture | None]
    ) -> None:
        """Show the pictures that came with an alarm, and no older ones."""
        self._pictured = event.event_id
        self._coordinator.async_change(
            **{role: _evidence(picture, event) for role, picture in pictures.items()}
        )

    async def _async_fetch(
        self, urls: dict[str, str], pictures: dict[str, Picture | None]
    ) -> None:
        """Fetch the pictures that an alarm only names, one after the other."""
        for role, url in urls.items():
            try:
                pictures[role] = Picture.from_bytes(
                    await self._client.download(url, limit=MAX_PICTURE)
                )
            except GuideError as err:
                LOGGER.debug(
                    "%s: no %s picture (%s)",
                    self._coordinator.config_entry.title,
                    role,
                    err,
                )


def _event(alarm: Alarm, at: datetime) -> DeviceEvent:
    told = {
        name: value for name, value in alarm.attributes.items() if value is not None
    }
    return DeviceEvent(
        source=ALARM,
        kind=alarm.name,
        event_id=ulid_now(),
        at=at,
        attributes={"at": at.isoformat(), **told},
    )


def _evidence(picture: Picture | None, event: DeviceEvent) -> Evidence | None:
    """Tie a picture to the alarm it belongs to."""
    if picture is None:
        return None
    return Evidence(
        data=picture.data,
        content_type=picture.content_type,
        at=event.at,
        event_id=event.event_id,
    )


def _local(at: datetime | None) -> datetime | None:
    """Return a camera's local time as an instant."""
    if at is None:
        return None
    return dt_util.as_utc(at.replace(tzinfo=dt_util.get_default_time_zone()))
