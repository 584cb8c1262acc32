"""Whether a terminal is there: by what it sends, else by asking it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ..const import CONF_OFFLINE_AFTER, DEFAULT_OFFLINE_AFTER, LOGGER
from .terminal_state import LINKS, TerminalLink

if TYPE_CHECKING:
    from .terminal import TerminalCoordinator

PROBE_TIMEOUT = 5.0
# A terminal that reboots misses a probe; one that is gone misses the next as well.
PROBES_UNTIL_OFFLINE = 2
PROBE_PAUSE = 10.0
# Busy terminals are heard many times a second; nobody wants a state for each.
LAST_SEEN_RESOLUTION = timedelta(seconds=30)


class Presence:
    """Notes signs of life, and asks a terminal that has been silent for too long."""

    def __init__(self, terminal: TerminalCoordinator) -> None:
        """Belong to a terminal."""
        self._terminal = terminal
        self._heard_at = 0.0
        self._missed_probes = 0
        self._stop_watching: CALLBACK_TYPE | None = None

    @property
    def _silence_allowed(self) -> float:
        """Seconds without a word after which the terminal is asked."""
        options = self._terminal.config_entry.options
        return float(options.get(CONF_OFFLINE_AFTER, DEFAULT_OFFLINE_AFTER))

    @callback
    def async_watch(self, delay: float | None = None) -> None:
        """Look after a while, else after the silence allowed, whether the terminal was heard."""
        self.async_stop()
        self._stop_watching = async_call_later(
            self._terminal.hass,
            self._silence_allowed if delay is None else delay,
            self._async_check,
        )

    @callback
    def async_stop(self) -> None:
        """Watch no longer."""
        if self._stop_watching:
            self._stop_watching()
            self._stop_watching = None

    @callback
    def async_heard(self, link: TerminalLink) -> None:
        """Note a sign of life; heartbeats stay the better sign until silence ends them."""
        terminal = self._terminal
        self._heard_at = terminal.hass.loop.time()
        self._missed_probes = 0
        if terminal.data.online is False:
            LOGGER.info("%s is back", terminal.config_entry.title)
            terminal.async_issue("terminal_silent", False)
        if not terminal.data.online:
            terminal.capabilities.async_came()
        now = dt_util.utcnow()
        last_seen = terminal.data.last_seen
        if last_seen is None or now - last_seen >= LAST_SEEN_RESOLUTION:
            last_seen = now.replace(microsecond=0)
        terminal.async_change(
            online=True,
            link=max(terminal.data.link, link, key=LINKS.index),
            last_seen=last_seen,
        )

    async def async_answers(self) -> bool:
        """Ask the terminal whether it is there."""
        return await self._terminal.client.alive(timeout=PROBE_TIMEOUT)

    @callback
    def _async_check(self, _: datetime) -> None:
        """Probe a terminal that has been silent for too long."""
        terminal = self._terminal
        self._stop_watching = None
        remaining = self._heard_at + self._silence_allowed - terminal.hass.loop.time()
        if self._heard_at and remaining > 0:
            self.async_watch(remaining)
        elif not terminal.data.broker:
            self.async_watch()
        else:
            terminal.async_background(self._async_probe(), "probe")

    async def _async_probe(self) -> None:
        """Ask the terminal whether it is there; one that only ever sent captures is not called lost for its silence."""
        terminal = self._terminal
        if await self.async_answers():
            self.async_watch()
            return
        self._missed_probes += 1
        state = terminal.data
        expected = terminal.memory.answers or state.link is TerminalLink.HEARTBEATS
        if not expected and state.online is not False:
            self.async_watch()
            return
        if self._missed_probes >= PROBES_UNTIL_OFFLINE and state.online is not False:
            LOGGER.warning(
                "%s has not been heard for %s and does not answer",
                terminal.config_entry.title,
                timedelta(seconds=self._silence_allowed),
            )
            terminal.async_change(online=False, link=TerminalLink.NONE)
            terminal.captures.async_missing(dt_util.utcnow())
            terminal.async_issue(
                "terminal_silent", True, topic_id=terminal.topics.device_id
            )
        self.async_watch(PROBE_PAUSE)
