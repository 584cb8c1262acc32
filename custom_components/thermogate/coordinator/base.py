"""What the coordinators of both families share."""

from abc import abstractmethod
import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.dispatcher import (
    async_dispatcher_connect,
    async_dispatcher_send,
)
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from ..const import (
    CONF_HOLD_TIME,
    DEFAULT_HOLD_TIME,
    DOMAIN,
    LOGGER,
    SIGNAL_HAPPENED,
    SIGNAL_JOURNAL_HEALED,
    SIGNAL_STATE,
)
from ..journal import JournalError, Kind, Query
from ..keeper import async_get_keeper

# A burst of changes is shown change by change; a lasting flood at this rate, which is more than anybody can follow.
# Events are never held back.
UPDATE_BURST = 20
UPDATES_PER_SECOND = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceEvent:
    """Something that happened at a device, as its event entity shows it.

    `source` names the event entity, `kind` is one of its event types, `event_id` is also carried by the pictures that
    belong to it.
    """

    source: str
    kind: str
    event_id: str
    at: datetime
    attributes: dict[str, Any]


class DeviceFacts(NamedTuple):
    """What the device registry shows of a device and what may only be learned later; None where it is not known."""

    manufacturer: str
    model: str
    serial_number: str | None
    sw_version: str | None
    hw_version: str | None
    configuration_url: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceState:
    """What is known about a device at one moment; of every one, which alarms show."""

    alarms: frozenset[str] = frozenset()


def key_of(entry: ConfigEntry[Any]) -> str:
    """Return what the device of an entry is known by, also in the journal."""
    return entry.unique_id or entry.entry_id


class ThermoGateCoordinator[StateT: DeviceState](DataUpdateCoordinator[StateT]):
    """The state of one device as a frozen value, and its happenings as events."""

    config_entry: ConfigEntry[Any]

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        initial: StateT,
        *,
        update_interval: timedelta | None = None,
    ) -> None:
        """Start with nothing known."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=update_interval,
        )
        self.data = initial
        self.keeper = async_get_keeper(hass)
        self._event_listeners: list[Callable[[DeviceEvent], None]] = []
        self._alarm_timers: dict[str, CALLBACK_TYPE] = {}
        self._credit = float(UPDATE_BURST)
        self._credited_at = hass.loop.time()
        self._cancel_tell: CALLBACK_TYPE | None = None
        self._issues: set[str] = set()

    @property
    def device_key(self) -> str:
        """What the device and its entities are known by for good: its serial number where it tells one."""
        return key_of(self.config_entry)

    @property
    def device_id(self) -> str | None:
        """The number of the device in the device registry; None before its first entity was made."""
        devices = dr.async_entries_for_config_entry(
            dr.async_get(self.hass), self.config_entry.entry_id
        )
        identifier = (DOMAIN, self.device_key)
        return next(
            (each.id for each in devices if identifier in each.identifiers), None
        )

    @property
    @abstractmethod
    def available(self) -> bool:
        """Whether the device can be reached."""

    @property
    @abstractmethod
    def device_facts(self) -> DeviceFacts:
        """What the device told about itself, None where it did not."""

    @property
    def device_connections(self) -> set[tuple[str, str]]:
        """What the device is known by in the network."""
        return set()

    @property
    def device_info(self) -> DeviceInfo:
        """The device as the device registry shows it."""
        facts = self.device_facts
        return DeviceInfo(
            identifiers={(DOMAIN, self.device_key)},
            connections=self.device_connections,
            name=self.config_entry.title,
            manufacturer=facts.manufacturer,
            model=facts.model,
            serial_number=facts.serial_number,
            sw_version=facts.sw_version,
            hw_version=facts.hw_version,
            configuration_url=facts.configuration_url,
        )

    @abstractmethod
    async def async_start(self) -> None:
        """Connect, and raise a ConfigEntryError of the fitting kind when that fails."""

    @abstractmethod
    def diagnostics(self) -> dict[str, Any]:
        """Return what helps to understand a problem; the caller redacts it."""

    async def async_last_kept(self, kind: Kind) -> datetime:
        """Return when the journal last heard of the device: what it is asked for after a pause. At the earliest when it was added."""
        added = self.config_entry.created_at
        try:
            page = await self.keeper.journal.search(
                Query(devices=(self.device_key,), kinds=(kind,), limit=1)
            )
        except JournalError:
            return added
        return max([added, *(min(each.at, dt_util.utcnow()) for each in page.entries)])

    @callback
    def async_follow_journal(
        self, catch_up: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        """Try again to catch up when the journal has healed, as long as the entry is loaded."""

        @callback
        def healed() -> None:
            self.async_background(catch_up(), "catch up")

        self.config_entry.async_on_unload(
            async_dispatcher_connect(self.hass, SIGNAL_JOURNAL_HEALED, healed)
        )

    @callback
    def async_background(
        self, work: Coroutine[Any, Any, None], name: str
    ) -> asyncio.Task[None]:
        """Run something that ends with the config entry."""
        return self.config_entry.async_create_background_task(
            self.hass, work, f"{DOMAIN} {name} {self.config_entry.title}"
        )

    @callback
    def async_subscribe_events(
        self, listener: Callable[[DeviceEvent], None]
    ) -> CALLBACK_TYPE:
        """Call the listener with everything that happens at the device."""
        self._event_listeners.append(listener)
        return lambda: self._event_listeners.remove(listener)

    @callback
    def async_fire(self, event: DeviceEvent) -> None:
        """Tell the listeners that something happened."""
        for listener in list(self._event_listeners):
            listener(event)
        async_dispatcher_send(self.hass, SIGNAL_HAPPENED, self, event)

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Let entities look at the state, and then triggers and conditions."""
        super().async_update_listeners()
        async_dispatcher_send(self.hass, SIGNAL_STATE, self)

    @callback
    def async_change(self, **changes: Any) -> None:
        """Replace parts of the state; entities whose own value changed write theirs.

        The next poll keeps its time, however often something is pushed in between.
        """
        changed = replace(self.data, **changes)
        if changed == self.data:
            return
        self.data = changed
        self._async_tell()

    @callback
    def _async_tell(self) -> None:
        """Let entities look at the state: at once, or in a flood of changes a moment later, all in one."""
        if self._cancel_tell:
            return
        now = self.hass.loop.time()
        self._credit = min(
            UPDATE_BURST, self._credit + (now - self._credited_at) * UPDATES_PER_SECOND
        )
        self._credited_at = now
        if self._credit >= 1:
            self._credit -= 1
            self.async_update_listeners()
            return
        self._cancel_tell = async_call_later(
            self.hass, 1 / UPDATES_PER_SECOND, self._async_tell_now
        )

    @callback
    def _async_tell_now(self, _: datetime) -> None:
        """Let entities look at what has changed meanwhile."""
        self._cancel_tell = None
        self.async_update_listeners()

    @callback
    def async_update_device(self) -> None:
        """Bring to the device registry what was learned about the device after its entities were made."""
        registry = dr.async_get(self.hass)
        for device in dr.async_entries_for_config_entry(
            registry, self.config_entry.entry_id
        ):
            registry.async_update_device(device.id, **self.device_facts._asdict())

    @callback
    def async_show_alarm(self, name: str) -> None:
        """Show an alarm until no report of it has come for the hold time: devices never say that one is over."""
        if cancel := self._alarm_timers.pop(name, None):
            cancel()
        hold = self.config_entry.options.get(CONF_HOLD_TIME, DEFAULT_HOLD_TIME)

        @callback
        def over(_: datetime) -> None:
            self.async_clear_alarm(name)

        self._alarm_timers[name] = async_call_later(self.hass, hold, over)
        self.async_change(alarms=self.data.alarms | {name})

    @callback
    def async_clear_alarm(self, name: str) -> None:
        """Stop to show an alarm."""
        if cancel := self._alarm_timers.pop(name, None):
            cancel()
        self.async_change(alarms=self.data.alarms - {name})

    @callback
    def async_issue(
        self,
        key: str,
        present: bool,
        *,
        fixable: bool = False,
        **placeholders: str,
    ) -> None:
        """Raise or withdraw a repair issue of this device; a fixable one has a flow in `repairs.py`."""
        issue_id = f"{key}_{self.config_entry.entry_id}"
        if not present:
            self._issues.discard(issue_id)
            ir.async_delete_issue(self.hass, DOMAIN, issue_id)
            return
        self._issues.add(issue_id)
        ir.async_create_issue(
            self.hass,
            DOMAIN,
            issue_id,
            is_fixable=fixable,
            severity=ir.IssueSeverity.WARNING,
            translation_key=key,
            translation_placeholders={"name": self.config_entry.title, **placeholders},
            data={"entry_id": self.config_entry.entry_id, **placeholders},
        )

    @override
    async def async_shutdown(self) -> None:
        """Stop all timers, and withdraw the issues: nobody would withdraw them any more."""
        await super().async_shutdown()
        for issue_id in self._issues:
            ir.async_delete_issue(self.hass, DOMAIN, issue_id)
        self._issues.clear()
        for cancel in self._alarm_timers.values():
            cancel()
        self._alarm_timers.clear()
        if self._cancel_tell:
            self._cancel_tell()
            self._cancel_tell = None
