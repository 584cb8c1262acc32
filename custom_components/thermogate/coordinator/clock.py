"""A terminal's clock: how wrong it is, and keeping it right if that is wanted."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, LOGGER
from ..facegate import zone_text

if TYPE_CHECKING:
    from .terminal import TerminalCoordinator

# In seconds; less is within what can be measured.
DRIFT_ALLOWED = 2
# Firmware that cannot be asked for its time is set unseen.
SET_INTERVAL = timedelta(days=1)
# A terminal that tells another time than it was given is not set again and again.
PAUSE = timedelta(minutes=30)
_HALF_SECOND = timedelta(seconds=0.5)


class Clock:
    """Sets a terminal's clock to Home Assistant's local time: when it is told to, and by itself if it is to keep it right."""

    def __init__(self, terminal: TerminalCoordinator) -> None:
        """Belong to a terminal."""
        self._terminal = terminal
        self._kept_at: datetime | None = None
        self._failed = False

    @property
    def kept_right(self) -> bool:
        """Whether the clock is set by itself.

        This is remembered with the terminal rather than restored by the entity that switches it, so that it holds as well while
        the terminal is away or the entity is disabled.
        """
        return self._terminal.memory.keep_clock

    @callback
    def async_keep_right(self, wanted: bool) -> None:
        """Say whether to set the clock by itself, beginning now."""
        self._terminal.memory.async_learn(keep_clock=wanted)
        self._kept_at = None
        self._async_look()

    @callback
    def async_follow(self) -> None:
        """Look at the clock whenever the terminal was asked for it, and once a day anyway, as long as the entry is loaded."""
        terminal = self._terminal
        entry = terminal.config_entry
        entry.async_on_unload(terminal.async_add_listener(self._async_look))

        async def set_anyway(_: datetime) -> None:
            self._async_keep()

        entry.async_on_unload(
            async_track_time_interval(
                terminal.hass,
                set_anyway,
                SET_INTERVAL,
                name=f"{DOMAIN} clock {entry.title}",
                cancel_on_shutdown=True,
            )
        )

    async def async_set(self) -> None:
        """Give the terminal Home Assistant's local time. Raises what the client raises.

        Firmware that tells its zone with each capture, which is believed, is given ours too: with the new time in the old zone
        its captures would be hours off.
        """
        terminal = self._terminal
        now = dt_util.now()
        zone = now.utcoffset() if terminal.memory.tells_zone else None
        await terminal.client.set_time(
            (now + _HALF_SECOND).replace(tzinfo=None),
            None if zone is None else zone_text(zone),
        )
        terminal.capabilities.async_ask_again("request_time")

    @callback
    def _async_look(self) -> None:
        """Learn whether the terminal tells its zone, and set a clock that is wrong."""
        terminal = self._terminal
        access = terminal.data.access
        if access and access.capture.taken_at and access.capture.taken_at.tzinfo:
            terminal.memory.async_learn(tells_zone=True)
        if abs(terminal.data.clock_drift or 0) >= DRIFT_ALLOWED:
            self._async_keep()

    @callback
    def _async_keep(self) -> None:
        """Set the clock, if that is wanted and nobody else does: a terminal with NTP of its own would be torn to and fro."""
        terminal = self._terminal
        now = dt_util.utcnow()
        if (
            not self.kept_right
            or not terminal.available
            or not terminal.supports("update_time")
            or terminal.data.settings.get("ntp")
            or (self._kept_at and now - self._kept_at < PAUSE)
        ):
            return
        self._kept_at = now
        terminal.async_background(self._async_set_by_itself(), "set clock")

    async def _async_set_by_itself(self) -> None:
        """Set the clock; a failure is said once, since the next try comes by itself."""
        title = self._terminal.config_entry.title
        try:
            await self._terminal.async_set_clock()
        except HomeAssistantError as err:
            if not self._failed:
                LOGGER.warning("%s: its clock could not be set: %s", title, err)
            self._failed = True
        else:
            self._failed = False
