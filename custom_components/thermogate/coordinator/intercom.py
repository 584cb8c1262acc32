"""Intercom calls: what a terminal tells of them, and the calls that Home Assistant makes."""

from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from homeassistant.components.event import DoorbellEventType
from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_now

from ..facegate import COMMANDS, SipEvent, SipState
from .base import DeviceEvent
from .terminal_state import CallState

if TYPE_CHECKING:
    from .terminal import TerminalCoordinator

INTERCOM: Final = "intercom"
# A call that somebody makes at the door rings; every other step is told as the terminal tells it.
KINDS: Final = (DoorbellEventType.RING.value, *(step.value for step in SipState))
# How long after Home Assistant asked for a call one that starts is taken for it.
OUR_CALL_SECONDS: Final = 30.0


class _Shown(NamedTuple):
    """What a step shows, and for how many seconds at most: the message that ends it may be lost."""

    state: CallState
    seconds: float | None = None


_SHOWN: Final = {
    SipState.ENDED: _Shown(CallState.IDLE),
    SipState.STARTED: _Shown(CallState.CALLING, 120),
    SipState.CALLER_RINGING: _Shown(CallState.RINGING, 120),
    # Another address of the room may be tried next.
    SipState.CALLER_REJECTED: _Shown(CallState.REJECTED, 15),
    SipState.CALLER_CONNECTED: _Shown(CallState.CONNECTED, 1800),
    SipState.CALLED: _Shown(CallState.CALLED, 120),
    SipState.CALLED_CONNECTED: _Shown(CallState.CONNECTED, 1800),
}


class Intercom:
    """Follows a terminal's calls."""

    def __init__(self, terminal: TerminalCoordinator) -> None:
        """Belong to a terminal."""
        self._terminal = terminal
        self._our_call_until = 0.0
        self._stop_waiting: CALLBACK_TYPE | None = None

    @callback
    def async_take(self, message: SipEvent) -> None:
        """Show a step of a call and tell of it; a step that no document names is only said once."""
        terminal = self._terminal
        if (step := message.event) is None:
            terminal.async_complain("call", "a step of a call that is not known")
            return
        kind = DoorbellEventType.RING if self._rings(step) else step
        self._show(_SHOWN[step])
        terminal.async_fire(
            DeviceEvent(
                source=INTERCOM,
                kind=kind.value,
                event_id=ulid_now(),
                at=dt_util.utcnow(),
                attributes={},
            )
        )

    async def async_call(self, url: str) -> None:
        """Let the terminal call "sip:user@host:port" or "num:room". Raises translated errors."""
        self._our_call_until = self._terminal.hass.loop.time() + OUR_CALL_SECONDS
        try:
            await self._terminal.async_request(COMMANDS["sip_call"], url=url)
        except Exception:
            self._our_call_until = 0.0
            raise

    async def async_hang_up(self) -> None:
        """End the call, whoever made it. Raises translated errors."""
        await self._terminal.async_request(COMMANDS["sip_hangup"])
        self._show(_SHOWN[SipState.ENDED])

    @callback
    def async_stop(self) -> None:
        """Wait for the end of a call no longer."""
        if self._stop_waiting:
            self._stop_waiting()
            self._stop_waiting = None

    def _rings(self, step: SipState) -> bool:
        """Whether somebody at the door makes a call with this step: once for each call, also if its first message was lost."""
        if step is SipState.STARTED:
            ours = self._terminal.hass.loop.time() < self._our_call_until
            self._our_call_until = 0.0
            return not ours
        return (
            step is SipState.CALLER_RINGING
            and self._terminal.data.call is CallState.IDLE
            and self._terminal.hass.loop.time() >= self._our_call_until
        )

    @callback
    def _show(self, shown: _Shown) -> None:
        self.async_stop()
        if shown.seconds is not None:
            self._stop_waiting = async_call_later(
                self._terminal.hass, shown.seconds, self._async_waited
            )
        self._terminal.async_change(call=shown.state)

    @callback
    def _async_waited(self, _: datetime) -> None:
        """Take a call for ended whose end was not told."""
        self._stop_waiting = None
        self._terminal.async_change(call=CallState.IDLE)
