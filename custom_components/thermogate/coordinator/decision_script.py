"""Deciding by script: a script of Home Assistant is asked, and what it answers is checked."""

import asyncio
from typing import Any, Final

import voluptuous as vol

from homeassistant.core import HomeAssistant, ServiceResponse, callback
from homeassistant.exceptions import ServiceNotFound
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.util import slugify

from ..const import LOGGER
from ..facegate import Capture, DisplayText
from .decision import Decision, Ruling, Why, gateway_for, refused, sound

SCRIPT_DOMAIN = "script"
ENTITY = "entity_id"
DEADLINE = "deadline"
DEFAULT_DEADLINE = 1.0  # seconds

_MAX_REASON = 64
# The relay that a plain yes opens.
_FIRST_RELAY = 1

_TEXT: Final = vol.All(cv.string, vol.Length(min=1))
_SHOWN: Final = vol.Any(
    vol.All(_TEXT, lambda text: DisplayText(text=text)),
    # Which numbers a terminal takes, the protocol knows.
    vol.All(
        {
            vol.Required("text"): _TEXT,
            vol.Optional("x"): vol.Coerce(int),
            vol.Optional("y"): vol.Coerce(int),
            vol.Optional("alive_time"): vol.Coerce(int),
            vol.Optional("font_size"): vol.Coerce(int),
            vol.Optional("font_spacing"): vol.Coerce(int),
            vol.Optional("font_color"): cv.string,
        },
        lambda fields: DisplayText(**fields),
    ),
)
_ANSWER: Final = vol.Schema(
    {
        vol.Required("open"): vol.Any(bool, int),
        vol.Optional("say"): vol.Any(None, "", _TEXT),
        vol.Optional("show"): vol.Any(
            None,
            "",
            vol.All([_SHOWN], vol.Coerce(tuple)),
            vol.All(_SHOWN, lambda shown: (shown,)),
        ),
        vol.Optional("reason"): vol.Any(None, cv.string),
    }
)
"""What a script answers with; anything else opens nothing."""

_TROUBLES: Final = {
    Why.SCRIPT_MISSING: "is missing",
    Why.SCRIPT_FAILED: "has failed",
    Why.SCRIPT_LATE: "did not answer in time",
    Why.SCRIPT_ODD: "gave an answer that cannot be used",
}


class Script:
    """Asks a script. What is wrong with it is logged once, until it answers well again."""

    def __init__(self, hass: HomeAssistant, asker: str) -> None:
        """Ask on behalf of a terminal; `asker` is its name in the log."""
        self._hass = hass
        self._asker = asker
        self._trouble: str | None = None

    @callback
    def async_ask(
        self, entity_id: str, question: dict[str, Any]
    ) -> asyncio.Task[ServiceResponse]:
        """Start the script. Nobody cancels it: what it has begun it may end, also when its answer comes too late."""
        asked = self._hass.async_create_task(
            self._hass.services.async_call(
                SCRIPT_DOMAIN,
                _action_of(self._hass, entity_id),
                question,
                blocking=True,
                return_response=True,
            ),
            f"{entity_id} decides who may pass",
        )
        # Whoever does not wait any more wants no words about its failure either.
        asked.add_done_callback(lambda task: task.cancelled() or task.exception())
        return asked

    async def async_answer(
        self,
        asked: asyncio.Task[ServiceResponse],
        until: float,
        capture: Capture,
        entity_id: str,
    ) -> Decision:
        """Return what a script decides until a time of the event loop; the gate stays closed without a good answer."""
        left = max(0.0, until - self._hass.loop.time())
        await asyncio.wait({asked}, timeout=left)
        decision = _decision(asked, capture, _action_of(self._hass, entity_id))
        self._note(entity_id, decision.reason)
        return decision

    def _note(self, entity_id: str, reason: str | None) -> None:
        # A script may give any of these words as its own reason, but not as ours.
        trouble = _TROUBLES.get(reason) if isinstance(reason, Why) else None
        if trouble and trouble != self._trouble:
            LOGGER.warning(
                "%s: %s %s; the gate stays closed, and more of the same is not logged",
                self._asker,
                entity_id,
                trouble,
            )
        self._trouble = trouble


def _action_of(hass: HomeAssistant, entity_id: str) -> str:
    """Return what a script is called by: it keeps its first name when its entity gets another."""
    entry = er.async_get(hass).async_get(entity_id)
    return entry.unique_id if entry else entity_id.partition(".")[2]


def _decision(
    asked: asyncio.Task[ServiceResponse], capture: Capture, action: str
) -> Decision:
    if not asked.done():
        return refused(Why.SCRIPT_LATE)
    if asked.cancelled():
        return refused(Why.SCRIPT_FAILED)
    match asked.exception():
        case None:
            decision = _answered(asked.result(), capture)
            return decision if sound(capture, decision) else refused(Why.SCRIPT_ODD)
        # The script itself, not something that it calls.
        case ServiceNotFound(domain=domain, service=service) if (
            domain == SCRIPT_DOMAIN and service == action
        ):
            return refused(Why.SCRIPT_MISSING)
        case _:
            return refused(Why.SCRIPT_FAILED)


def _answered(response: ServiceResponse, capture: Capture) -> Decision:
    try:
        answer = _ANSWER(response)
    except vol.Invalid:
        return refused(Why.SCRIPT_ODD)
    opens = answer["open"]
    relay = _FIRST_RELAY if opens is True else opens
    return Decision(
        ruling=Ruling.REFUSED if opens is False else Ruling.OPENED,
        reason=slugify(answer.get("reason") or "")[:_MAX_REASON] or Why.SCRIPT,
        gateway=None if opens is False else gateway_for(capture, relay=relay),
        speech=answer.get("say") or None,
        display=answer.get("show") or (),
    )
