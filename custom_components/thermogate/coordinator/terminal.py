"""The coordinator of an access terminal."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import asdict
from typing import Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util import dt as dt_util

from ..broker import LOGIN, BrokerError, Line, async_get_broker, async_read, own_broker
from ..const import (
    CONF_ACKNOWLEDGE,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    DEFAULT_ACKNOWLEDGE,
    DOMAIN,
    LOGGER,
    SIGNAL_PERSONS,
)
from ..errors import translate_errors
from ..facegate import (
    COMMANDS,
    Capture,
    Command,
    FaceGateClient,
    FaceGateConnectionError,
    FaceGateMessageError,
    FaceGateUnsupportedError,
    Heartbeat,
    Message,
    Picture,
    Reply,
    SettingsGroup,
    SipEvent,
    Topics,
    UnknownMessage,
    UpgradeQuery,
    delete_person,
    erase_records,
    heartbeat_reply,
)
from .base import DeviceFacts, ThermoGateCoordinator
from .capabilities import Capabilities
from .captures import Captures
from .clock import Clock
from .door import Door
from .intercom import Intercom
from .memory import TerminalMemory
from .presence import Presence
from .signature import Signature
from .terminal_state import TerminalLink, TerminalState
from .transfers import Transfers
from .upgrades import Upgrades

# Set-up waits this long for a terminal to say what it can do; what comes later is learned in the background.
ASK_TIMEOUT = 3.0


class TerminalCoordinator(ThermoGateCoordinator[TerminalState]):
    """Takes what a terminal publishes, acknowledges it, and sends it commands."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Prepare; nothing is sent yet."""
        super().__init__(hass, entry, TerminalState())
        self._broker = async_get_broker(hass, own_broker(entry.data))
        self.topics = Topics(
            entry.data[CONF_TOPIC_ID], entry.data.get(CONF_TOPIC_PREFIX, "")
        )
        self.client = FaceGateClient(self.topics, self._broker.async_publish)
        self.memory = TerminalMemory(hass, entry.entry_id)
        self.complaints: set[str] = set()
        self.presence = Presence(self)
        self.signature = Signature(self)
        self.capabilities = Capabilities(self)
        self.captures = Captures(self)
        self.clock = Clock(self)
        self.transfers = Transfers(self)
        # Held by what is sounding out, so that nobody speaks in the middle of somebody else's message.
        self.voice = asyncio.Lock()
        # Access rules are read, changed and written back as a whole.
        self.rules_in_turn = asyncio.Lock()
        self.door = Door(self)
        self.intercom = Intercom(self)
        self.upgrades = Upgrades(self)
        self._in_order = asyncio.Lock()
        self._replies_in_order = asyncio.Lock()
        self._handlers: dict[
            type[Message], Callable[[Any], Coroutine[Any, Any, None] | None]
        ] = {
            Capture: self.captures.async_take,
            Heartbeat: self._heartbeat,
            Reply: self._replied,
            SipEvent: self.intercom.async_take,
            UpgradeQuery: self.upgrades.async_take,
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
            sw_version=state.version or None,
            hw_version=state.hardware or None,
            configuration_url=f"http://{state.address}" if state.address else None,
        )

    def supports(self, command: str) -> bool:
        """Whether the firmware has a command, as far as it ever told."""
        return command not in self.memory.unsupported

    def has_setting(self, key: str) -> bool:
        """Whether the firmware has a setting, as far as it ever told."""
        return key in self.memory.settings

    @property
    def has_mobile(self) -> bool:
        """Whether it has a module for mobile networks, as far as it ever told."""
        return self.memory.has_mobile

    @override
    def diagnostics(self) -> dict[str, Any]:
        """Return what helps to understand a problem."""
        state = self.data
        return {
            "topics": {"id": self.topics.device_id, "prefix": self.topics.prefix},
            "broker": state.broker,
            **self._broker.wire.diagnostics(),
            "online": state.online,
            "link": state.link,
            "last_seen": state.last_seen,
            "serial": state.serial,
            "address": state.address,
            "model": state.model,
            "hardware": state.hardware,
            "firmware": state.firmware,
            "app_version": state.app_version,
            "offered_version": state.offer.version if state.offer else None,
            "upgrading": state.upgrading,
            "volume": state.volume,
            "parts": dict(state.parts),
            "mobile": asdict(state.mobile) if state.has_mobile else None,
            "clock_drift": state.clock_drift,
            "keep_clock": self.clock.kept_right,
            "encryption": state.encryption,
            "call": state.call,
            "alarms": sorted(state.alarms),
            "unsupported": sorted(self.memory.unsupported),
            "answers": self.memory.answers,
            "complaints": sorted(self.complaints),
            "last_access": None
            if state.access is None
            else {
                "result": state.access.capture.result,
                "reason": state.access.capture.reason,
                "realtime": state.access.capture.realtime,
                "version": state.access.capture.version,
                "at": state.access.at,
                "decision": state.access.decision.ruling,
                "decision_reason": state.access.decision.reason,
            },
        }

    # Life

    @override
    async def async_start(self) -> None:
        """Listen to the terminal and ask what it can do, without waiting for one that is switched off.

        Raises ConfigEntryNotReady while there is no broker, ConfigEntryAuthFailed when a broker of its own refuses the login.
        """
        self.config_entry.async_on_unload(self._broker.async_acquire())
        try:
            await self._broker.async_ready()
        except BrokerError as err:
            kind = ConfigEntryAuthFailed if err.key == LOGIN else ConfigEntryNotReady
            raise kind(translation_domain=DOMAIN, translation_key=err.key) from err
        await self.memory.async_load()
        await self.captures.async_load()
        self.async_change(broker=self._broker.connected)
        close = await self._broker.async_open(
            Line(
                topics=self.topics,
                on_capture=self._async_receive,
                on_reply=self._async_receive_reply,
                on_connection=self._async_broker_changed,
                on_login_refused=self._async_login_refused,
                on_retained=self._async_receive_retained,
            )
        )
        self.config_entry.async_on_unload(close)
        self.presence.async_watch()
        self.capabilities.async_follow()
        self.clock.async_follow()
        self.upgrades.async_follow()
        await asyncio.wait([self.async_ask()], timeout=ASK_TIMEOUT)
        self.capabilities.offered = True

    @override
    async def async_shutdown(self) -> None:
        """Stop watching, fail what waits for an answer, and store what was seen."""
        await super().async_shutdown()
        self.presence.async_stop()
        self.transfers.async_stop()
        self.door.async_stop()
        self.intercom.async_stop()
        self.upgrades.async_stop()
        self.client.disconnected()
        await self.memory.async_flush()

    @callback
    def _async_broker_changed(self, connected: bool) -> None:
        """Follow the connection to the broker."""
        if not connected:
            self.client.disconnected()
            self.captures.async_missing(dt_util.utcnow())
        self.async_change(broker=connected)
        if connected:
            self.async_ask()

    @callback
    def _async_login_refused(self) -> None:
        """Ask for another login: the broker takes the present one no longer."""
        self.config_entry.async_start_reauth(self.hass)

    @callback
    def async_ask(self) -> asyncio.Task[None]:
        """Ask the terminal what it is and can do."""
        return self.async_background(self.capabilities.async_ask(), "ask")

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
            await self.captures.async_take_retained(message)

    async def _async_read(self, payload: bytes) -> Message | None:
        """Read a message; None for what cannot be read, which is said once."""
        try:
            return await async_read(self.hass, payload)
        except FaceGateMessageError as err:
            self.async_complain("message", f"an unreadable message ({err})")
            return None

    @callback
    def _dispatch(self, message: Message) -> Coroutine[Any, Any, None] | None:
        """Note that the terminal is alive and pass the message to its handler."""
        self.presence.async_heard(
            TerminalLink.HEARTBEATS
            if isinstance(message, Heartbeat)
            else TerminalLink.COMMANDS
            if isinstance(message, Reply)
            else TerminalLink.CAPTURES
        )
        if serial := getattr(message, "device_sn", ""):
            self.signature.async_learn(serial)
        if (handler := self._handlers.get(type(message))) is None:
            return None
        return handler(message)

    async def _heartbeat(self, message: Heartbeat) -> None:
        """Keep the address for the link to the terminal's own pages, and answer unless another server does that."""
        if message.ip and message.ip != self.data.address:
            self.async_change(address=message.ip)
            self.async_update_device()
        if not self.config_entry.options.get(CONF_ACKNOWLEDGE, DEFAULT_ACKNOWLEDGE):
            return
        # Wherever it came: on the other topic towards the terminal it would be taken for a command.
        with suppress(FaceGateConnectionError):
            await self.async_publish(
                self.topics.capture_response, heartbeat_reply(message)
            )

    @callback
    def _replied(self, message: Reply) -> None:
        """Learn that the terminal answers: one that does can be asked whether it is there."""
        if message.device_sn:
            self.memory.async_learn(answer_signature=message.device_sn)
        if self.memory.async_learn(answers=True):
            LOGGER.debug("%s answers commands", self.config_entry.title)

    @callback
    def _unknown(self, message: UnknownMessage) -> None:
        """Say once that there is something we do not know."""
        LOGGER.debug("%s sent %s", self.config_entry.title, message.command)
        self.async_complain("unknown", "a message of an unknown kind")

    @callback
    def async_complain(self, kind: str, what: str) -> None:
        """Log one line for each kind of nonsense, however often it comes."""
        if kind in self.complaints:
            return
        self.complaints.add(kind)
        LOGGER.warning(
            "%s: received %s on its topics; more of the same is not logged",
            self.config_entry.title,
            what,
        )

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
        self.capabilities.async_ask_again("request_persons")
        async_dispatcher_send(self.hass, SIGNAL_PERSONS, self)

    @translate_errors
    async def async_erase_records(self, person_id: str) -> int:
        """Delete what the terminal remembers of a person's captures; returns how many. A firmware without memory has none."""
        if not self.supports("request_records"):
            return 0
        return await self.async_command(erase_records(self.client, person_id))

    @translate_errors
    async def async_open_gate(
        self, relay: int, mode: str = "force", person_id: str | None = None
    ) -> None:
        """Close a relay for the moment that the terminal is set to; how, and in whose name, as the client has it."""
        await self.async_command(self.client.open_gate(relay, mode, person_id))
        self.door.async_pulsed(relay)

    @translate_errors
    async def async_reboot(self) -> None:
        """Restart the terminal."""
        await self.async_command(self.client.reboot())

    async def async_restart_application(self) -> None:
        """Restart the terminal's program alone."""
        await self.async_request(COMMANDS["restart_application"])

    @translate_errors
    async def async_set_clock(self) -> None:
        """Give the terminal Home Assistant's local time."""
        await self.async_command(self.clock.async_set())

    @translate_errors
    async def async_set_volume(self, volume: int) -> None:
        """Set the volume in percent."""
        await self.async_command(self.client.set_volume(volume))
        self.async_change(volume=volume)

    @translate_errors
    async def async_set_settings(self, **values: Any) -> None:
        """Change settings, by our keys."""
        await self.async_command(self.capabilities.settings.async_write(values))

    @translate_errors
    async def async_get_settings(self) -> dict[str, Any]:
        """Return the settings as they are now, by our keys."""
        return await self.async_command(self.capabilities.settings.async_read())

    @translate_errors
    async def async_reset_settings(self, group: SettingsGroup) -> None:
        """Bring a group of settings back to what the factory set."""
        await self.async_command(self.capabilities.settings.async_reset(group))

    @translate_errors
    async def async_snapshot(self) -> Picture:
        """Take a picture now."""
        return await self.async_command(self.client.snapshot())

    async def async_publish(self, topic: str, payload: bytes) -> None:
        """Publish now or never. Raises FaceGateConnectionError."""
        await self._broker.async_publish(topic, payload)

    @translate_errors
    async def async_request(self, command: Command, **values: Any) -> dict[str, Any]:
        """Send a command and return the fields of its answer, both by our keys."""
        return await self.async_command(self.client.request(command, **values))

    async def async_command[T](self, command: Awaitable[T]) -> T:
        """Wait for a command, and learn from a terminal that does not know it."""
        try:
            return await command
        except FaceGateUnsupportedError:
            self.capabilities.async_learn_unsupported()
            raise
