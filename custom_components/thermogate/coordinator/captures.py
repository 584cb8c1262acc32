"""What becomes of a capture: decided, stored, acknowledged once it is safe, and shown once."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from homeassistant.components.tag import async_scan_tag
from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from ..const import (
    CONF_ACKNOWLEDGE,
    CONF_ACKNOWLEDGE_ALWAYS,
    CONF_LEAVE_OUT_TEMPERATURE,
    CONF_SCAN_TAGS,
    DEFAULT_ACKNOWLEDGE,
    DEFAULT_ACKNOWLEDGE_ALWAYS,
    DEFAULT_LEAVE_OUT_TEMPERATURE,
    DEFAULT_SCAN_TAGS,
    LOGGER,
)
from ..facegate import (
    AccessResult,
    Capture,
    FaceGateConnectionError,
    FaceGateError,
    FaceGateUnsupportedError,
)
from ..journal import JournalError, Kind, Record
from ..keeper import Kept
from ..people import Who
from ..views import picture_attributes, picture_urls
from .access import (
    Access,
    access_attributes,
    access_of,
    card_read,
    evidence_of,
    person_name,
)
from .base import DeviceEvent
from .decision import NOT_DECIDED, Decision, Why, payload, undecided
from .decision_maker import Deciding, DecisionMaker
from .missed_captures import MissedCaptures
from .records import access_record

if TYPE_CHECKING:
    from .terminal import TerminalCoordinator

ACCESS = "access"
ALARM_TEMPERATURE = "temperature"
ALARM_MASK = "mask"
ALARM_STRANGER = "stranger"


class Captures:
    """Takes a terminal's captures: those it sends now, those it sends late, and those that it is asked for."""

    def __init__(self, terminal: TerminalCoordinator) -> None:
        """Belong to a terminal."""
        self._terminal = terminal
        self._decisions = DecisionMaker(terminal)
        # How many came, and the one that shows.
        self._arrived = 0
        self._shown = 0
        self._missed = MissedCaptures(
            terminal.client,
            terminal.keeper,
            terminal.device_key,
            self._async_keep_missed,
        )

    async def async_load(self) -> None:
        """Begin where the journal ends: what came after that was missed."""
        terminal = self._terminal
        self._missed.begin(await terminal.async_last_kept(Kind.ACCESS))
        terminal.async_follow_journal(self.async_catch_up)

    @callback
    def async_missing(self, since: datetime) -> None:
        """Note that captures may be missed from now on."""
        self._missed.begin(since)

    async def async_take(self, capture: Capture) -> None:
        """Store a capture, acknowledge it once it is safe, and show it once."""
        terminal = self._terminal
        if not terminal.signature.async_is_ours(capture):
            return
        if capture.broken_picture:
            terminal.async_complain("picture", "a broken picture")
        if not capture.realtime:
            self._missed.resent()
        if not self._decisions.async_take_up(capture.key):
            return
        try:
            await self._async_take(capture)
        finally:
            self._decisions.async_put_down(capture.key)

    async def _async_take(self, capture: Capture) -> None:
        terminal = self._terminal
        self._arrived += 1
        arrival = self._arrived
        options = terminal.config_entry.options
        always = options.get(CONF_ACKNOWLEDGE_ALWAYS, DEFAULT_ACKNOWLEDGE_ALWAYS)
        # Whom another server acknowledges forgets it, whether we have it or not.
        ours = options.get(CONF_ACKNOWLEDGE, DEFAULT_ACKNOWLEDGE)
        now = dt_util.utcnow()
        access = self._access(capture, now)
        # A script thinks while the journal writes, so that neither holds up the door for the other.
        deciding = await self._decisions.async_begin(capture, access)
        access = replace(access, decision=deciding.now)
        record = self._record(capture, access, now)
        kept = await terminal.keeper.async_keep(record, only_once=always or not ours)
        decision = await self._async_carry_out(capture, deciding, kept, always)
        if decision != access.decision:
            access = replace(access, decision=decision)
            if kept is not Kept.KNOWN:
                record = self._record(capture, access, now)
                await terminal.keeper.async_amend(record)
        if await self._async_is_news(kept, capture.key):
            urls = {} if kept is Kept.FAILED else picture_urls(terminal.hass, record)
            self._show(access, urls, arrival)
            await self._async_scan_tag(capture)

    async def _async_carry_out(
        self, capture: Capture, deciding: Deciding, kept: Kept, always: bool
    ) -> Decision:
        """Acknowledge a capture with what was decided about it; returns what came of that.

        What is known was decided when it came first, and is only acknowledged again. What could not be stored is not
        acknowledged, so it cannot open a gate either, unless a person chose a moving queue over a complete record.
        """
        if kept is Kept.KNOWN:
            await self._async_acknowledge(capture, NOT_DECIDED)
            return undecided(Why.RESENT)
        if kept is Kept.FAILED and not always:
            return deciding.now.without_effect(Why.NOT_STORED)
        decision = await self._decisions.async_end(deciding, capture)
        if await self._async_acknowledge(capture, decision):
            return decision
        return decision.without_effect(Why.NOT_SENT)

    async def async_take_retained(self, capture: Capture) -> None:
        """Store and acknowledge what the broker had kept, as a capture that comes late."""
        await self.async_take(replace(capture, realtime=False))

    async def async_catch_up(self) -> None:
        """Ask the terminal for what it captured while nobody listened; tried again when it is next heard after a pause."""
        terminal = self._terminal
        if not terminal.supports("request_records"):
            return
        title = terminal.config_entry.title
        try:
            missed = await self._missed.async_fetch()
        except FaceGateUnsupportedError:
            terminal.capabilities.async_learn_unsupported()
            return
        except (FaceGateError, JournalError) as err:
            LOGGER.debug("%s: not caught up (%s)", title, err)
            return
        if missed:
            LOGGER.info("%s: caught up with %d captures", title, missed)

    @callback
    def async_forget(self, who: Who) -> None:
        """Show nothing any more of a person who was the last."""
        shown = self._terminal.data.access
        if shown and who.is_meant(
            access_attributes(shown).get("person_id"), person_name(shown)
        ):
            self._terminal.async_change(access=None, face=None, scene=None, photo=None)

    @callback
    def _access(self, capture: Capture, now: datetime) -> Access:
        """Return a capture as it is shown."""
        leave_out = self._terminal.config_entry.options.get(
            CONF_LEAVE_OUT_TEMPERATURE, DEFAULT_LEAVE_OUT_TEMPERATURE
        )
        return access_of(
            capture, self._terminal.device_key, now, temperature=not leave_out
        )

    @callback
    def _record(self, capture: Capture, access: Access, now: datetime) -> Record:
        """Return a capture as it is stored."""
        return access_record(capture, access, self._terminal.device_key, now)

    async def _async_keep_missed(self, capture: Capture) -> Kept:
        """Store a capture from the terminal's memory; it needs no acknowledgement and never acts live."""
        now = dt_util.utcnow()
        access = self._access(capture, now)
        kept = await self._terminal.keeper.async_keep(
            self._record(capture, access, now)
        )
        if kept is Kept.NEW:
            self._show(access, {})
        return kept

    async def _async_acknowledge(self, capture: Capture, decision: Decision) -> bool:
        """Tell the terminal what was decided and that it may forget a capture; False if nobody does, or another server."""
        terminal = self._terminal
        if not terminal.config_entry.options.get(CONF_ACKNOWLEDGE, DEFAULT_ACKNOWLEDGE):
            return False
        try:
            await terminal.async_publish(
                terminal.topics.capture_response, payload(capture, decision)
            )
        except FaceGateConnectionError:
            # Without a broker there is no way to tell: the terminal will send it again, and it will be known then.
            return False
        return True

    async def _async_scan_tag(self, capture: Capture) -> None:
        """Let a card that is read now be a tag that is scanned, for whoever has automations of tags."""
        terminal = self._terminal
        options = terminal.config_entry.options
        if not capture.realtime or not options.get(CONF_SCAN_TAGS, DEFAULT_SCAN_TAGS):
            return
        if card := card_read(capture):
            await async_scan_tag(terminal.hass, card, terminal.device_id)

    async def _async_is_news(self, kept: Kept, key: str) -> bool:
        """Whether a capture is to be shown: once, and that also if it was stored only when it came again.

        One without number and time cannot be told from another one: it counts as new.
        """
        shown = self._terminal.memory.shown
        if kept is Kept.KNOWN:
            shown.async_stored(key)
            return False
        if not key:
            return True
        if kept is Kept.FAILED:
            # Nobody would see it, not yet or not any more, and it comes again.
            if not self._terminal.hass.is_running:
                return False
            return await shown.async_add(key)
        return not shown.async_stored(key)

    @callback
    def _show(self, access: Access, urls: dict[str, str], arrival: int = 0) -> None:
        """Bring a capture to the entities; what comes late only fills in what is newest."""
        terminal = self._terminal
        capture = access.capture
        last = terminal.data.access
        if not capture.realtime:
            if last is None or last.at < access.at:
                self._show_last(access)
            return
        # A script may think longer about one person than about the next, who is the last one all the same.
        if arrival > self._shown:
            self._shown = arrival
            self._show_last(access)
        terminal.door.async_passed(
            capture.result is AccessResult.GRANTED, access.decision
        )
        for alarm, raised in (
            (ALARM_TEMPERATURE, capture.temperature_alarm),
            (ALARM_MASK, capture.mask_alarm),
            (ALARM_STRANGER, capture.result is AccessResult.STRANGER),
        ):
            if raised:
                terminal.async_show_alarm(alarm)
        terminal.async_fire(
            DeviceEvent(
                source=ACCESS,
                kind=capture.result,
                event_id=access.event_id,
                at=access.at,
                attributes=access_attributes(access) | picture_attributes(urls),
            )
        )

    @callback
    def _show_last(self, access: Access) -> None:
        """Show a capture as the last one."""
        capture = access.capture
        photo = capture.identity.photo if capture.identity else None
        self._terminal.async_change(
            access=access,
            face=evidence_of(capture.face, access),
            scene=evidence_of(capture.scene, access),
            photo=evidence_of(photo, access),
        )
