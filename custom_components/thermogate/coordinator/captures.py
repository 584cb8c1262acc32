"""What becomes of a capture: stored, acknowledged once it is safe, and shown once."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from ..const import (
    CONF_ACKNOWLEDGE,
    CONF_ACKNOWLEDGE_ALWAYS,
    CONF_LEAVE_OUT_TEMPERATURE,
    DEFAULT_ACKNOWLEDGE,
    DEFAULT_ACKNOWLEDGE_ALWAYS,
    DEFAULT_LEAVE_OUT_TEMPERATURE,
    LOGGER,
)
from ..facegate import (
    AccessResult,
    Capture,
    FaceGateConnectionError,
    FaceGateError,
    FaceGateUnsupportedError,
    acknowledgement,
)
from ..journal import JournalError, Kind, Record
from ..keeper import Kept
from ..people import Who
from ..views import picture_attributes, picture_urls
from .access import Access, access_attributes, access_of, evidence_of, person_name
from .base import DeviceEvent
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
        self._missed = MissedCaptures(
            terminal.client,
            terminal.keeper,
            terminal.device_key,
            self._async_keep_missed,
        )

    async def async_load(self) -> None:
        """Begin where the journal ends: what came after that was missed."""
        self._missed.begin(await self._terminal.async_last_kept(Kind.ACCESS))

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
        options = terminal.config_entry.options
        always = options.get(CONF_ACKNOWLEDGE_ALWAYS, DEFAULT_ACKNOWLEDGE_ALWAYS)
        access, record = self._read(capture)
        # Whom another server acknowledges forgets it, whether we have it or not.
        ours = options.get(CONF_ACKNOWLEDGE, DEFAULT_ACKNOWLEDGE)
        kept = await terminal.keeper.async_keep(record, only_once=always or not ours)
        if kept is not Kept.FAILED or always:
            await self._async_acknowledge(capture)
        if await self._async_is_news(kept, capture.key):
            urls = {} if kept is Kept.FAILED else picture_urls(terminal.hass, record)
            self._show(access, urls)

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
    def _read(self, capture: Capture) -> tuple[Access, Record]:
        """Return a capture as it is shown and as it is stored."""
        now = dt_util.utcnow()
        key = self._terminal.device_key
        leave_out = self._terminal.config_entry.options.get(
            CONF_LEAVE_OUT_TEMPERATURE, DEFAULT_LEAVE_OUT_TEMPERATURE
        )
        access = access_of(capture, key, now, temperature=not leave_out)
        return access, access_record(capture, access, key, now)

    async def _async_keep_missed(self, capture: Capture) -> Kept:
        """Store a capture from the terminal's memory; it needs no acknowledgement and never acts live."""
        access, record = self._read(capture)
        kept = await self._terminal.keeper.async_keep(record)
        if kept is Kept.NEW:
            self._show(access, {})
        return kept

    async def _async_acknowledge(self, capture: Capture) -> None:
        """Tell the terminal that it may forget a capture, unless another server does that."""
        terminal = self._terminal
        if not terminal.config_entry.options.get(CONF_ACKNOWLEDGE, DEFAULT_ACKNOWLEDGE):
            return
        # Without a broker there is no way to tell: the terminal will send it again, and it will be known then.
        with suppress(FaceGateConnectionError):
            await terminal.async_publish(
                terminal.topics.capture_response, acknowledgement(capture)
            )

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
    def _show(self, access: Access, urls: dict[str, str]) -> None:
        """Bring a capture to the entities; what comes late only fills in what is newest."""
        terminal = self._terminal
        capture = access.capture
        last = terminal.data.access
        if not capture.realtime and last is not None and last.at >= access.at:
            return
        photo = capture.identity.photo if capture.identity else None
        terminal.async_change(
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
