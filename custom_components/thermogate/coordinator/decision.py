"""What is decided about somebody at a terminal: whether the gate opens, why, and what the terminal says and shows."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..facegate import (
    Capture,
    DisplayText,
    FaceGateValidationError,
    Gateway,
    acknowledgement,
)


class Ruling(StrEnum):
    """What came of a decision. A terminal that lets somebody in by itself does so whatever we decide."""

    OPENED = "opened"
    REFUSED = "refused"
    NONE = "none"


class Why(StrEnum):
    """Why it was decided like that; a script may give a reason of its own."""

    # Opened.
    PERSON = "person"
    ROLE = "role"
    SCRIPT = "script"
    # Refused by the rule.
    REFUSED_BY_TERMINAL = "refused_by_terminal"
    NOT_RECOGNISED = "not_recognised"
    NOT_ALLOWED = "not_allowed"
    TEMPERATURE_UNKNOWN = "temperature_unknown"
    TEMPERATURE_TOO_HIGH = "temperature_too_high"
    NO_MASK = "no_mask"
    OUTSIDE_HOURS = "outside_hours"
    # Refused because of the script.
    SCRIPT_MISSING = "script_missing"
    SCRIPT_FAILED = "script_failed"
    SCRIPT_LATE = "script_late"
    SCRIPT_ODD = "script_odd"
    # Refused because nobody could tell the terminal.
    NOT_STORED = "not_stored"
    NOT_SENT = "not_sent"
    # Not decided.
    ASKED = "asked"
    NOT_LIVE = "not_live"
    NOT_OURS = "not_ours"
    NOT_READY = "not_ready"
    NO_NUMBER = "no_number"
    RESENT = "resent"
    WRONG_TIME = "wrong_time"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """A decision, and what the terminal is told with the acknowledgement. `reason` is a slug, None where nobody decides."""

    ruling: Ruling
    reason: str | None = None
    gateway: Gateway | None = None
    speech: str | None = None
    display: tuple[DisplayText, ...] = ()

    def without_effect(self, why: Why) -> Decision:
        """Return what is left of a decision that the terminal does not hear of: nothing opens."""
        return refused(why) if self.ruling is Ruling.OPENED or self is ASKED else self


NOT_DECIDED: Final = Decision(ruling=Ruling.NONE)
ASKED: Final = Decision(ruling=Ruling.NONE, reason=Why.ASKED)
"""What is stored while a script has not answered yet."""

# What the terminal's own record of the opened gate takes (vendor document 2.1.2).
_MAX_PERSON_BYTES = 19


def undecided(why: Why) -> Decision:
    """Return that a capture is none to decide about."""
    return Decision(ruling=Ruling.NONE, reason=why)


def refused(
    why: Why, speech: str | None = None, display: tuple[DisplayText, ...] = ()
) -> Decision:
    """Return that the gate stays closed."""
    return Decision(ruling=Ruling.REFUSED, reason=why, speech=speech, display=display)


def gateway_for(
    capture: Capture, *, relay: int | None = None, card: int | None = None
) -> Gateway:
    """Return what opens the gate: a relay, or a card number on the Wiegand output."""
    identity = capture.identity
    person_id = "" if identity is None or identity.encrypted else identity.person_id
    if len(person_id.encode()) > _MAX_PERSON_BYTES:
        person_id = ""
    return Gateway(port=relay, card_number=card, person_id=person_id)


def payload(capture: Capture, decision: Decision) -> bytes:
    """Return the acknowledgement that tells a decision. FaceGateValidationError for what a terminal would not take."""
    texts = decision.display
    return acknowledgement(
        capture,
        gateway=decision.gateway,
        speech=decision.speech,
        # Several texts need newer firmware, one does not.
        display=texts[0] if len(texts) == 1 else texts,
    )


def sound(capture: Capture, decision: Decision) -> bool:
    """Whether a terminal would take a decision."""
    try:
        payload(capture, decision)
    except FaceGateValidationError:
        return False
    return True
