"""Whether there is something to decide about a capture, and who decides it."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CoreState, ServiceResponse, callback
from homeassistant.util import dt as dt_util

from ..const import (
    CONF_ACKNOWLEDGE,
    CONF_DECISION,
    CONF_RULE,
    CONF_SCRIPT,
    DEFAULT_ACKNOWLEDGE,
    LOGGER,
    DecisionWay,
)
from ..facegate import Capture
from ..journal import Kind
from .access import Access, access_attributes, moments
from .decision import ASKED, NOT_DECIDED, Decision, Why, refused, sound, undecided
from .decision_rule import judge
from .decision_script import DEADLINE, DEFAULT_DEADLINE, ENTITY, Script

if TYPE_CHECKING:
    from .terminal import TerminalCoordinator

# Who stood at the door so long ago may be gone, and somebody else there. A terminal whose clock is wrong opens nothing.
MAX_AGE: Final = timedelta(seconds=30)
# Captures that were decided are remembered, so that no copy of one is decided again; the oldest are forgotten first.
_MAX_DECIDED: Final = 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Deciding:
    """A decision on its way: what is known of it at once, and the script that was asked, until a time of the event loop."""

    now: Decision
    asked: asyncio.Task[ServiceResponse] | None = None
    until: float = 0.0


class DecisionMaker:
    """Decides about the captures of one terminal, each at most once."""

    def __init__(self, terminal: TerminalCoordinator) -> None:
        """Belong to a terminal."""
        self._terminal = terminal
        self._script = Script(terminal.hass, terminal.config_entry.title)
        self._in_hand: set[str] = set()
        self._decided: dict[str, None] = {}
        self._said_wrong_time = False

    @property
    def _way(self) -> str:
        way: str = self._terminal.config_entry.options.get(
            CONF_DECISION, DecisionWay.NEVER
        )
        return way

    @callback
    def async_take_up(self, key: str) -> bool:
        """Begin with a capture; False for a copy of one that is not finished.

        The answer to the first copy is the one that opens. One to another copy could come before it, and the terminal would
        not listen any more.
        """
        if self._way == DecisionWay.NEVER or not key:
            return True
        if key in self._in_hand:
            return False
        self._in_hand.add(key)
        return True

    @callback
    def async_put_down(self, key: str) -> None:
        """Be finished with a capture."""
        self._in_hand.discard(key)

    async def async_begin(self, capture: Capture, access: Access) -> Deciding:
        """Decide by the rule, or ask the script and do not wait for it; before the capture is stored."""
        way = self._way
        if way == DecisionWay.NEVER:
            return Deciding(now=NOT_DECIDED)
        if why := self._why_not(capture):
            return Deciding(now=undecided(why))
        self._decided[capture.key] = None
        if len(self._decided) > _MAX_DECIDED:
            del self._decided[next(iter(self._decided))]
        if way == DecisionWay.RULE:
            return Deciding(now=self._judged(capture))
        # From before a restart. A rule needs not know: without effects, it may decide in vain.
        if await self._terminal.keeper.async_knows(
            self._terminal.device_key, Kind.ACCESS, capture.key
        ):
            return Deciding(now=undecided(Why.RESENT))
        return self._asked(capture, access)

    async def async_end(self, deciding: Deciding, capture: Capture) -> Decision:
        """Return the decision; waits for the script, but not beyond its deadline."""
        if deciding.asked is None:
            return deciding.now
        return await self._script.async_answer(
            deciding.asked, deciding.until, capture, self._options(CONF_SCRIPT)[ENTITY]
        )

    def _options(self, section: str) -> dict[str, Any]:
        options: dict[str, Any] = self._terminal.config_entry.options.get(section, {})
        return options

    def _judged(self, capture: Capture) -> Decision:
        decision = judge(self._terminal.hass, self._options(CONF_RULE), capture)
        # What the form did not check; it never opens more than was meant.
        return decision if sound(capture, decision) else refused(Why.NOT_SENT)

    @callback
    def _asked(self, capture: Capture, access: Access) -> Deciding:
        terminal, options = self._terminal, self._options(CONF_SCRIPT)
        question = {
            name: value
            for name, value in access_attributes(access).items()
            if not name.startswith("decision")
        } | {
            "result": capture.result.value,
            "terminal": terminal.config_entry.title,
            "device_id": terminal.device_id,
        }
        until = terminal.hass.loop.time() + options.get(DEADLINE, DEFAULT_DEADLINE)
        return Deciding(
            now=ASKED,
            asked=self._script.async_ask(options[ENTITY], question),
            until=until,
        )

    def _why_not(self, capture: Capture) -> Why | None:
        """Return why a capture is none to decide about: what is late, known or doubtful never opens a gate."""
        terminal = self._terminal
        if not terminal.config_entry.options.get(CONF_ACKNOWLEDGE, DEFAULT_ACKNOWLEDGE):
            return Why.NOT_OURS
        if not capture.realtime:
            return Why.NOT_LIVE
        if not capture.key:
            # No copy of it could be told from it.
            return Why.NO_NUMBER
        # The second are those that were shown and could not be stored, also from before a restart.
        if capture.key in self._decided or terminal.memory.shown.async_knows(
            capture.key
        ):
            return Why.RESENT
        if (
            terminal.config_entry.state is not ConfigEntryState.LOADED
            or terminal.hass.state is not CoreState.running
        ):
            return Why.NOT_READY
        return self._why_not_now(capture)

    def _why_not_now(self, capture: Capture) -> Why | None:
        now = dt_util.utcnow()
        if any(abs(now - taken) <= MAX_AGE for taken in moments(capture)):
            self._said_wrong_time = False
            return None
        if not self._said_wrong_time:
            self._said_wrong_time = True
            # If it is wrong it is shown, and set where it is to be kept right.
            self._terminal.capabilities.async_ask_again("request_time")
            LOGGER.warning(
                "%s: a capture is not of this minute, so nothing was decided about it; is the clock of the terminal right?"
                " More of the same is not logged",
                self._terminal.config_entry.title,
            )
        return Why.WRONG_TIME
