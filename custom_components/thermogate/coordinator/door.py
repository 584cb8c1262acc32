"""The door behind a terminal's relay: nobody tells how it is, so it counts as open for as long as the relay is held."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.event import async_call_later

from .decision import Decision, Ruling

if TYPE_CHECKING:
    from .terminal import TerminalCoordinator

DOOR_RELAY: Final = 1
# Seconds, where the terminal does not tell how long it holds a relay: the longest that can be set.
DEFAULT_HOLD: Final = 5.0

HOLD_TIME = "relay_hold_time"
LINKED = "relays_linked"
WORKING_MODE = "working_mode"
# In this mode a terminal opens nothing by itself.
ONLINE = "online"


class Door:
    """Shows the door of the first relay as unlocked after each pulse."""

    def __init__(self, terminal: TerminalCoordinator) -> None:
        """Start locked."""
        self._terminal = terminal
        self._cancel: CALLBACK_TYPE | None = None

    @callback
    def async_pulsed(self, relay: int) -> None:
        """Show that a relay was told to close for a moment; with linked relays each is the door's."""
        if relay == DOOR_RELAY or self._terminal.data.settings.get(LINKED):
            self._async_unlocked()

    @callback
    def async_passed(self, granted: bool, decision: Decision) -> None:
        """Show what became of somebody who stands there now: let in by the terminal, or by us."""
        by_itself = self._terminal.data.settings.get(WORKING_MODE) != ONLINE
        if granted and by_itself:
            self._async_unlocked()
        elif decision.ruling is Ruling.OPENED and decision.gateway:
            # Whatever a card number on the Wiegand output opens, it is the door.
            self.async_pulsed(decision.gateway.port or DOOR_RELAY)

    @callback
    def async_stop(self) -> None:
        """Show nothing any more."""
        if self._cancel:
            self._cancel()
            self._cancel = None

    @callback
    def _async_unlocked(self) -> None:
        self.async_stop()
        milliseconds = self._terminal.data.settings.get(HOLD_TIME)
        seconds = milliseconds / 1000 if milliseconds else DEFAULT_HOLD
        self._cancel = async_call_later(self._terminal.hass, seconds, self._async_over)
        self._terminal.async_change(unlocked=True)

    @callback
    def _async_over(self, _: datetime) -> None:
        self._cancel = None
        self._terminal.async_change(unlocked=False)
