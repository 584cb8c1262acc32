"""The coordinator of an access terminal."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers.event import async_call_later, async_track_time_interval
from homeassistant.util import dt as dt_util

from ..broker import Line, async_get_broker, async_read
from ..const import (
    CONF_ACKNOWLEDGE,
    CONF_ACKNOWLEDGE_ALWAYS,
    CONF_LEAVE_OUT_TEMPERATURE,
    CONF_OFFLINE_AFTER,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    DEFAULT_ACKNOWLEDGE,
    DEFAULT_ACKNOWLEDGE_ALWAYS,
    DEFAULT_LEAVE_OUT_TEMPERATURE,
    DEFAULT_OFFLINE_AFTER,
    DOMAIN,
    LOGGER,
)
from ..errors import translate_errors
from ..facegate import (
    AccessResult,
    Capture,
    FaceGateClient,
    FaceGateConnectionError,
    FaceGateError,
    FaceGateMessageError,
    FaceGateTimeoutError,
    FaceGateUnsupportedError,
    Heartbeat,
    Message,
    Picture,
    Reply,
    SettingsGroup,
    Topics,
    UnknownMessage,
    UpgradeQuery,
    acknowledgement,
    count_persons,
    delete_person,
    erase_records,
)
from ..journal import JournalError, Kind, Record
from ..keeper import Kept
from ..people import Who
from ..pictures import Evidence
from ..views import picture_attributes, picture_urls
from .access import Access, access_attributes, access_of, evidence_of, person_name
from .base import DeviceEvent, DeviceFacts, DeviceState, ThermoGateCoordinator
from .memory import TerminalMemory
from .missed_captures import MissedCaptures
from .records import access_record
from .terminal_settings import TerminalSettings

# Set-up waits this long for a terminal to say what it can do; what comes later is learned in the background.
ASK_TIMEOUT = 3.0
PROBE_TIMEOUT = 5.0
# A terminal that reboots misses a probe; one that is gone misses the next as well.
PROBES_UNTIL_OFFLINE = 2
PROBE_PAUSE = 10.0
# Busy terminals are heard many times a second; nobody wants a state for each.
LAST_SEEN_RESOLUTION = timedelta(seconds=30)

# How often persons are counted that somebody may have registered at the terminal itself.
COUNT_INTERVAL = timedelta(hours=1)

ACCESS = "access"
ALARM_TEMPERATURE = "temperature"
ALARM_MASK = "mask"
ALARM_STRANGER = "stranger"
ISSUE_SERIAL_CHANGED = "serial_changed"


class TerminalLink(StrEnum):
    """How Home Assistant knows that a terminal is there."""

    HEARTBEATS = "heartbeats"
    COMMANDS = "commands"
    CAPTURES = "captures"
    NONE = "none"


# From the least to the best sign that a terminal is there.
LINKS = (
    TerminalLink.NONE,
    TerminalLink.CAPTURES,
    TerminalLink.COMMANDS,
    TerminalLink.HEARTBEATS,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class TerminalState(DeviceState):
    """All that is known about a terminal at one moment."""

    broker: bool = False
    online: bool | None = None
    link: TerminalLink = TerminalLink.NONE
    last_seen: datetime | None = None
    access: Access | None = None
    face: Evidence | None = None
    scene: Evidence | None = None
    photo: Evidence | None = None
    volume: int | None = None
    persons: int | None = None
    serial: str = ""
    address: str = ""
    model: str = ""
    hardware: str = ""
    firmware: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


class TerminalCoordinator(ThermoGateCoordinator[TerminalState]):
    """Takes what a terminal publishes, acknowledges it, and sends it commands."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Prepare; nothing is sent yet."""
        super().__init__(hass, entry, TerminalState())
        self._broker = async_get_broker(hass)
        self.topics = Topics(
            entry.data[CONF_TOPIC_ID], entry.data.get(CONF_TOPIC_PREFIX, "")
        )
        self.client = FaceGateClient(self.topics, self._broker.async_publish)
        self.memory = TerminalMemory(hass, entry.entry_id)
        self._missed = MissedCaptures(
            self.client, self.keeper, self.device_key, self._async_keep_missed
        )
        self._settings = TerminalSettings(self.client, self._settings_read)
        self._in_order = asyncio.Lock()
        self._replies_in_order = asyncio.Lock()
        self._complained: set[str] = set()
        self._offered = False
        self._heard_at = 0.0
        self._missed_probes = 0
        self._stop_watching: CALLBACK_TYPE | None = None
        self._handlers: dict[
            type[Message], Callable[[Any], Coroutine[Any, Any, None] | None]
        ] = {
            Capture: self._async_captured,
            Heartbeat: self._heartbeat,
            Reply: self._replied,
            UpgradeQuery: self._upgrade_query,
            UnknownMessage: self._unknown,
        }

    # What entities need to know

    @property
    @override
    def available(self) -> bool:
        """Whether the terminal can be reached: a terminal that never answers counts as there while the broker is."""
        return self.data.broker and self.data.online is not False

    @property
    @override
    def device_facts(self) -> DeviceFacts:
        """What the terminal told about itself."""
        state = self.data
        return DeviceFacts(
            manufacturer="FaceGate",
            model=state.model or "Access terminal",
            serial_number=state.serial or None,
            sw_version=state.firmware or None,
            hw_version=state.hardware or None,
            configuration_url=f"http://{state.address}" if state.address else None,
        )

    def supports(self, command: str) -> bool:
        """Whether the firmware has a command, as far as it ever told."""
        return command not in self.memory.unsupported

    def has_setting(self, key: str) -> bool:
        """Whether the firmware has a setting, as far as it ever told."""
        return key in self.memory.settings

    @override
    def diagnostics(self) -> dict[str, Any]:
        """Return what helps to understand a problem."""
        state = self.data
        return {
            "topics": {"id": self.topics.device_id, "prefix": self.topics.prefix},
            "broker": state.broker,
            "online": state.online,
            "link": state.link,
            "last_seen": state.last_seen,
            "serial": state.serial,
            "address": state.address,
            "model": state.model,
            "hardware": state.hardware,
            "firmware": state.firmware,
            "volume": state.volume,
            "alarms": sorted(state.alarms),
            "unsupported": sorted(self.memory.unsupported),
            "answers": self.memory.answers,
            "complaints": sorted(self._complained),
            "last_access": None
            if state.access is None
            else {
                "result": state.access.capture.result,
                "reason": state.access.capture.reason,
                "realtime": state.access.capture.realtime,
                "version": state.access.capture.version,
                "at": state.access.at,
            },
        }

    # Life

    @override
    async def async_start(self) -> None:
        """Listen to the terminal and ask what it can do, without waiting for one that is switched off.

        Raises ConfigEntryNotReady while Home Assistant has no MQTT connection set up.
        """
        if not await self._broker.async_ready():
            raise ConfigEntryNotReady(
                translation_domain=DOMAIN, translation_key="mqtt_missing"
            )
        await self.memory.async_load()
        self._missed.begin(await self.async_last_kept(Kind.ACCESS))
        self.async_change(broker=self._broker.connected)
        close = await self._broker.async_open(
            Line(
                topics=self.topics,
                on_capture=self._async_receive,
                on_reply=self._async_receive_reply,
                on_connection=self._async_broker_changed,
                on_retained=self._async_receive_retained,
            )
        )
        self.config_entry.async_on_unload(close)
        self._watch(self._silence_allowed)
        self._settings.async_follow(
            self.hass,
            self.config_entry,
            lambda: self.available and self.memory.answers,
        )
        self.config_entry.async_on_unload(
            async_track_time_interval(
                self.hass, self._async_recount, COUNT_INTERVAL, cancel_on_shutdown=True
            )
        )
        asking = self.async_background(self._async_ask(), "ask")
        await asyncio.wait([asking], timeout=ASK_TIMEOUT)
        self._offered = True

    @override
    async def async_shutdown(self) -> None:
        """Stop watching, fail what waits for an answer, and store what was seen."""
        await super().async_shutdown()
        if self._stop_watching:
            self._stop_watching()
            self._stop_watching = None
        self.client.disconnected()
        await self.memory.async_flush()

    @callback
    def _async_broker_changed(self, connected: bool) -> None:
        """Follow the connection to the broker."""
        if not connected:
            self.client.disconnected()
            self._missed.begin(dt_util.utcnow())
        self.async_change(broker=connected)
        if connected:
            self.async_background(self._async_ask(), "ask")

    # What comes in

    @callback
    def _async_receive(self, payload: bytes) -> None:
        """Take a message from the capture topic; what it breaks, it breaks alone."""
        self.async_background(self._async_handle(payload), "message")

    @callback
    def _async_receive_retained(self, payload: bytes) -> None:
        """Take what the broker had kept from the capture topic."""
        self.async_background(self._async_handle_retained(payload), "message")

    @callback
    def _async_receive_reply(self, payload: bytes) -> None:
        """Take a message from the reply topic: the answer to our request, or to somebody else's."""
        self.async_background(self._async_handle_reply(payload), "message")

    async def _async_handle(self, payload: bytes) -> None:
        """Read a message, in the order in which they came."""
        async with self._in_order:
            message = await self._async_read(payload)
        if message and (result := self._dispatch(message)):
            await result

    async def _async_handle_reply(self, payload: bytes) -> None:
        """Read an answer, in the order in which they came, and not behind captures."""
        async with self._replies_in_order:
            message = await self._async_read(payload)
            if message:
                self.client.take(message)
        if message and (result := self._dispatch(message)):
            await result

    async def _async_handle_retained(self, payload: bytes) -> None:
        """Read an old message: a capture is stored and acknowledged as one that comes late, all else means nothing now.

        It is no sign of life either: the terminal may have been taken down long ago.
        """
        message = await self._async_read(payload)
        if isinstance(message, Capture):
            await self._async_captured(replace(message, realtime=False))

    async def _async_read(self, payload: bytes) -> Message | None:
        """Read a message; None for what cannot be read, which is said once."""
        try:
            return await async_read(self.hass, payload)
        except FaceGateMessageError as err:
            self._complain("message", f"an unreadable message ({err})")
            return None

    @callback
    def _dispatch(self, message: Message) -> Coroutine[Any, Any, None] | None:
        """Note that the terminal is alive and pass the message to its handler."""
        self._heard(
            TerminalLink.HEARTBEATS
            if isinstance(message, Heartbeat)
            else TerminalLink.COMMANDS
            if isinstance(message, Reply)
            else TerminalLink.CAPTURES
        )
        if serial := getattr(message, "device_sn", ""):
            self._learn_serial(serial)
        if (handler := self._handlers.get(type(message))) is None:
            return None
        return handler(message)

    async def _async_captured(self, capture: Capture) -> None:
        """Store a capture, acknowledge it once it is safe, and show it once."""
        if not self._is_ours(capture):
            return
        if capture.broken_picture:
            self._complain("picture", "a broken picture")
        if not capture.realtime:
            self._missed.resent()
        options = self.config_entry.options
        always = options.get(CONF_ACKNOWLEDGE_ALWAYS, DEFAULT_ACKNOWLEDGE_ALWAYS)
        access, record = self._read(capture)
        # Whom another server acknowledges forgets it, whether we have it or not.
        ours = options.get(CONF_ACKNOWLEDGE, DEFAULT_ACKNOWLEDGE)
        kept = await self.keeper.async_keep(record, only_once=always or not ours)
        if kept is not Kept.FAILED or always:
            await self._async_acknowledge(capture)
        if await self._async_is_news(kept, capture.key):
            urls = {} if kept is Kept.FAILED else picture_urls(self.hass, record)
            self._show(access, urls)

    @callback
    def _read(self, capture: Capture) -> tuple[Access, Record]:
        """Return a capture as it is shown and as it is stored."""
        now = dt_util.utcnow()
        leave_out = self.config_entry.options.get(
            CONF_LEAVE_OUT_TEMPERATURE, DEFAULT_LEAVE_OUT_TEMPERATURE
        )
        access = access_of(capture, self.device_key, now, temperature=not leave_out)
        return access, access_record(capture, access, self.device_key, now)

    async def _async_catch_up(self) -> None:
        """Ask the terminal for what it captured while nobody listened; tried again when it is next heard after a pause."""
        if not self.supports("request_records"):
            return
        try:
            missed = await self._missed.async_fetch()
        except FaceGateUnsupportedError:
            self._learn_unsupported()
            return
        except (FaceGateError, JournalError) as err:
            LOGGER.debug("%s: not caught up (%s)", self.config_entry.title, err)
            return
        if missed:
            LOGGER.info(
                "%s: caught up with %d captures", self.config_entry.title, missed
            )

    async def _async_keep_missed(self, capture: Capture) -> Kept:
        """Store a capture from the terminal's memory; it needs no acknowledgement and never acts live."""
        access, record = self._read(capture)
        kept = await self.keeper.async_keep(record)
        if kept is Kept.NEW:
            self._show(access, {})
        return kept

    async def _async_acknowledge(self, capture: Capture) -> None:
        """Tell the terminal that it may forget a capture, unless another server does that."""
        if not self.config_entry.options.get(CONF_ACKNOWLEDGE, DEFAULT_ACKNOWLEDGE):
            return
        # Without a broker there is no way to tell: the terminal will send it again, and it will be known then.
        with suppress(FaceGateConnectionError):
            await self._broker.async_publish(
                self.topics.capture_response, acknowledgement(capture)
            )

    async def _async_is_news(self, kept: Kept, key: str) -> bool:
        """Whether a capture is to be shown: once, and that also if it was stored only when it came again.

        One without number and time cannot be told from another one: it counts as new.
        """
        if kept is Kept.KNOWN:
            self.memory.shown.async_stored(key)
            return False
        if not key:
            return True
        if kept is Kept.FAILED:
            # Nobody would see it, not yet or not any more, and it comes again.
            if not self.hass.is_running:
                return False
            return await self.memory.shown.async_add(key)
        return not self.memory.shown.async_stored(key)

    @callback
    def _show(self, access: Access, urls: dict[str, str]) -> None:
        """Bring a capture to the entities; what comes late only fills in what is newest."""
        capture = access.capture
        last = self.data.access
        if not capture.realtime and last is not None and last.at >= access.at:
            return
        photo = capture.identity.photo if capture.identity else None
        self.async_change(
            access=access,
            face=evidence_of(capture.face, access),
            scene=evidence_of(capture.scene, access),
            photo=evidence_of(photo, access),
        )
        if not capture.realtime:
            return
        for alarm, raised in (
            (ALARM_TEMPERATURE, capture.temperature_alarm),
            (ALARM_MASK, capture.mask_alarm),
            (ALARM_STRANGER, capture.result is AccessResult.STRANGER),
        ):
            if raised:
                self.async_show_alarm(alarm)
        self.async_fire(
            DeviceEvent(
                source=ACCESS,
                kind=capture.result,
                event_id=access.event_id,
                at=access.at,
                attributes=access_attributes(access) | picture_attributes(urls),
            )
        )

    @callback
    def _heartbeat(self, message: Heartbeat) -> None:
        """Keep the address for the link to the terminal's own pages."""
        if message.ip and message.ip != self.data.address:
            self.async_change(address=message.ip)
            self.async_update_device()

    @callback
    def _replied(self, message: Reply) -> None:
        """Learn that the terminal answers: one that does can be asked whether it is there."""
        if self.memory.async_learn(answers=True):
            LOGGER.debug("%s answers commands", self.config_entry.title)

    @callback
    def _upgrade_query(self, message: UpgradeQuery) -> None:
        """Learn the firmware from a terminal that looks for a newer one."""
        self.async_change(
            firmware=message.firmware.app_version or self.data.firmware,
            hardware=message.firmware.board or self.data.hardware,
        )
        self.async_update_device()

    @callback
    def _unknown(self, message: UnknownMessage) -> None:
        """Say once that there is something we do not know."""
        LOGGER.debug("%s sent %s", self.config_entry.title, message.command)
        self._complain("unknown", "a message of an unknown kind")

    # Whether it is there

    @property
    def _silence_allowed(self) -> float:
        """Seconds without a word after which the terminal is asked."""
        return float(
            self.config_entry.options.get(CONF_OFFLINE_AFTER, DEFAULT_OFFLINE_AFTER)
        )

    @callback
    def _heard(self, link: TerminalLink) -> None:
        """Note a sign of life; heartbeats stay the better sign until silence ends them."""
        self._heard_at = self.hass.loop.time()
        self._missed_probes = 0
        if self.data.online is False:
            LOGGER.info("%s is back", self.config_entry.title)
            self.async_issue("terminal_silent", False)
            self.async_background(self._async_ask(), "ask")
        now = dt_util.utcnow()
        last_seen = self.data.last_seen
        if last_seen is None or now - last_seen >= LAST_SEEN_RESOLUTION:
            last_seen = now.replace(microsecond=0)
        self.async_change(
            online=True,
            link=max(self.data.link, link, key=LINKS.index),
            last_seen=last_seen,
        )

    @callback
    def _watch(self, delay: float) -> None:
        """Look again after a while whether the terminal was heard."""
        if self._stop_watching:
            self._stop_watching()
        self._stop_watching = async_call_later(self.hass, delay, self._async_check)

    @callback
    def _async_check(self, _: datetime) -> None:
        """Probe a terminal that has been silent for too long."""
        self._stop_watching = None
        remaining = self._heard_at + self._silence_allowed - self.hass.loop.time()
        if self._heard_at and remaining > 0:
            self._watch(remaining)
        elif not self.data.broker:
            self._watch(self._silence_allowed)
        else:
            self.async_background(self._async_probe(), "probe")

    async def _async_probe(self) -> None:
        """Ask the terminal whether it is there; one that only ever sent captures is not called lost for its silence."""
        if await self.client.alive(timeout=PROBE_TIMEOUT):
            self._watch(self._silence_allowed)
            return
        self._missed_probes += 1
        expected = self.memory.answers or self.data.link is TerminalLink.HEARTBEATS
        if not expected and self.data.online is not False:
            self._watch(self._silence_allowed)
            return
        if (
            self._missed_probes >= PROBES_UNTIL_OFFLINE
            and self.data.online is not False
        ):
            LOGGER.warning(
                "%s has not been heard for %s and does not answer",
                self.config_entry.title,
                timedelta(seconds=self._silence_allowed),
            )
            self.async_change(online=False, link=TerminalLink.NONE)
            self._missed.begin(dt_util.utcnow())
            self.async_issue("terminal_silent", True, topic_id=self.topics.device_id)
        self._watch(PROBE_PAUSE)

    async def _async_ask(self) -> None:
        """Learn what the terminal is and can do; its answers mark it as alive."""
        if not await self.client.alive(timeout=PROBE_TIMEOUT):
            return
        questions: dict[str, Callable[[], Awaitable[Any]]] = {
            "get_hardware": self.client.hardware,
            "get_version": self.client.versions,
            "get_volume": self.client.get_volume,
            "request_persons": partial(count_persons, self.client),
        }
        answers: dict[str, Any] = {}
        for command, question in questions.items():
            try:
                answers[command] = await question()
            except FaceGateTimeoutError, FaceGateConnectionError:
                return
            except FaceGateError as err:
                LOGGER.debug("%s: no %s (%s)", self.config_entry.title, command, err)
        read = await self._settings.async_ask()
        self._learn(answers, read)
        self.async_background(self._async_catch_up(), "catch up")

    @callback
    def _learn(self, answers: dict[str, Any], read: Iterable[str]) -> None:
        """Take over what the terminal told about itself."""
        board = answers.get("get_hardware", {}).get("Board") or {}
        versions = answers.get("get_version", {})
        self.async_change(
            model=board.get("model") or self.data.model,
            hardware=versions.get("platform") or self.data.hardware,
            firmware=versions.get("alg_version") or self.data.firmware,
            volume=answers.get("get_volume", self.data.volume),
            settings=self._settings.values,
            persons=answers.get("request_persons", self.data.persons),
        )
        self.async_update_device()
        self._learn_unsupported({*answers, *read})

    @callback
    def _settings_read(self, answered: Iterable[str]) -> None:
        """Show the settings as they are now."""
        self.async_change(settings=self._settings.values)
        self._learn_unsupported(answered)

    @callback
    def _learn_unsupported(self, answered: Iterable[str] = ()) -> None:
        """Remember which commands the firmware lacks, until it answers them or is replaced, and the settings it has.

        A setting that does not apply now is not told, and does not vanish for that.
        """
        known, settings = self.memory.unsupported, self.memory.settings
        firmware = self.data.firmware
        if self.memory.firmware and self.memory.firmware != firmware:
            known = settings = frozenset()
        news = self.memory.async_learn(
            unsupported=(known - set(answered)) | self.client.unsupported,
            settings=settings | self.data.settings.keys(),
        )
        self.memory.async_learn(firmware=firmware)
        if news and self._offered:
            # Entities for what the firmware lacks must go, those for what it has gained must come.
            self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)

    @callback
    def _learn_serial(self, serial: str) -> None:
        """Learn the serial number.

        Seen on devices: answers and heartbeats carry another one than captures, so captures are what counts.
        """
        known = self.memory.signature or self.data.serial or serial
        if known != self.data.serial:
            self.async_change(serial=known)
            self.async_update_device()

    @callback
    def _is_ours(self, capture: Capture) -> bool:
        """Whether a capture is signed as all before it; else it is another terminal's, or somebody's who plays one.

        It is neither stored nor acknowledged, so that a terminal that was replaced sends it again once a person has confirmed
        that.
        """
        serial, known = capture.device_sn, self.memory.signature
        if serial and known and serial != known:
            self._complain(
                "serial", "captures with a serial number that is not its own"
            )
            self.async_issue(
                ISSUE_SERIAL_CHANGED,
                True,
                fixable=True,
                topic_id=self.topics.device_id,
                known=known,
                serial=serial,
            )
            return False
        if serial and self.memory.async_learn(signature=serial):
            self._learn_serial(serial)
        return True

    @callback
    def async_accept_serial(self, serial: str) -> None:
        """Take another terminal for this one from now on: a person has said that it was replaced."""
        self.memory.async_learn(signature=serial)
        self._complained.discard("serial")
        self.async_issue(ISSUE_SERIAL_CHANGED, False)
        self._learn_serial(serial)

    @callback
    def _complain(self, kind: str, what: str) -> None:
        """Log one line for each kind of nonsense, however often it comes."""
        if kind in self._complained:
            return
        self._complained.add(kind)
        LOGGER.warning(
            "%s: received %s on its topics; more of the same is not logged",
            self.config_entry.title,
            what,
        )

    @callback
    def async_forget(self, who: Who) -> None:
        """Show nothing any more of a person who was the last."""
        shown = self.data.access
        if shown and who.is_meant(
            access_attributes(shown).get("person_id"), person_name(shown)
        ):
            self.async_change(access=None, face=None, scene=None, photo=None)

    # Commands

    @translate_errors
    async def async_delete_person(self, person_id: str) -> bool:
        """Delete a person's registration; False if there was none."""
        was_there = await self.async_command(delete_person(self.client, person_id))
        if was_there:
            self.async_recount_persons()
        return was_there

    @callback
    def async_recount_persons(self) -> None:
        """Count who is registered, after a change and without waiting for it."""
        if self.available and self.supports("request_persons"):
            self.async_background(self._async_count_persons(), "count")

    @callback
    def _async_recount(self, _: datetime) -> None:
        """Count who is registered, as every hour."""
        self.async_recount_persons()

    async def _async_count_persons(self) -> None:
        """Show how many persons are registered; what was known stays if the terminal does not tell."""
        try:
            self.async_change(
                persons=await self.async_command(count_persons(self.client))
            )
        except FaceGateError as err:
            LOGGER.debug("%s: persons not counted (%s)", self.config_entry.title, err)

    @translate_errors
    async def async_erase_records(self, person_id: str) -> int:
        """Delete what the terminal remembers of a person's captures; returns how many. A firmware without memory has none."""
        if not self.supports("request_records"):
            return 0
        return await self.async_command(erase_records(self.client, person_id))

    @translate_errors
    async def async_open_gate(self, relay: int) -> None:
        """Close a relay for the moment that the terminal is set to."""
        await self.async_command(self.client.open_gate(relay))

    @translate_errors
    async def async_reboot(self) -> None:
        """Restart the terminal."""
        await self.async_command(self.client.reboot())

    @translate_errors
    async def async_set_clock(self) -> None:
        """Give the terminal Home Assistant's local time."""
        now = dt_util.now().replace(tzinfo=None)
        await self.async_command(self.client.set_time(now))

    @translate_errors
    async def async_set_volume(self, volume: int) -> None:
        """Set the volume in percent."""
        await self.async_command(self.client.set_volume(volume))
        self.async_change(volume=volume)

    @translate_errors
    async def async_set_settings(self, **values: Any) -> None:
        """Change settings, by our keys."""
        await self.async_command(self._settings.async_write(values))

    @translate_errors
    async def async_get_settings(self) -> dict[str, Any]:
        """Return the settings as they are now, by our keys."""
        return await self.async_command(self._settings.async_read())

    @translate_errors
    async def async_reset_settings(self, group: SettingsGroup) -> None:
        """Bring a group of settings back to what the factory set."""
        await self.async_command(self._settings.async_reset(group))

    @translate_errors
    async def async_snapshot(self) -> Picture:
        """Take a picture now."""
        return await self.async_command(self.client.snapshot())

    async def async_command[T](self, command: Awaitable[T]) -> T:
        """Wait for a command, and learn from a terminal that does not know it."""
        try:
            return await command
        except FaceGateUnsupportedError:
            self._learn_unsupported()
            raise
