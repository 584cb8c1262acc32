"""A person at a terminal: what was captured, as the integration shows it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
import hashlib
from typing import Any

from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_now

from ..facegate import Capture, Picture
from ..pictures import Evidence
from .decision import NOT_DECIDED, Decision

# No body is that warm in degrees Celsius, and none alive so cold in degrees Fahrenheit.
FAHRENHEIT_FROM = 60.0
# A clock that is ahead by more than this is wrong, not in another time zone.
CLOCK_AHEAD = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """The last person at the terminal: what was captured, when, and what was decided about it."""

    capture: Capture
    temperature: float | None
    at: datetime
    event_id: str
    decision: Decision = NOT_DECIDED


def access_of(
    capture: Capture, device_key: str, now: datetime, *, temperature: bool
) -> Access:
    """Return the access that a capture is, without its video, which nobody shows, and with the body temperature if wanted."""
    if not temperature:
        capture = replace(capture, temperature=None)
    return Access(
        capture=replace(capture, clip=None),
        temperature=celsius(capture.temperature),
        at=_taken_at(capture, now),
        event_id=_event_id(capture, device_key),
    )


def _taken_at(capture: Capture, now: datetime) -> datetime:
    """Return when a capture was taken: the terminal's local time, or now where its clock cannot be right."""
    taken = taken_at(capture)
    return now if taken is None or taken > now + CLOCK_AHEAD else taken


def taken_at(capture: Capture) -> datetime | None:
    """Return when the terminal says that it took a capture, in UTC; local times are in Home Assistant's zone."""
    return next(iter(moments(capture)), None)


def moments(capture: Capture) -> list[datetime]:
    """Return when a capture may have been taken, in UTC: two times in the hour that comes twice when clocks are set back."""
    taken = capture.taken_at
    if taken is None:
        return []
    if taken.tzinfo is not None:
        return [dt_util.as_utc(taken)]
    zone = dt_util.get_default_time_zone()
    return [dt_util.as_utc(taken.replace(tzinfo=zone, fold=fold)) for fold in (0, 1)]


def _event_id(capture: Capture, device_key: str) -> str:
    """Return what names a capture: the same for a resend, never the same for two that cannot be told apart."""
    if not capture.key:
        return ulid_now()
    named = f"{device_key}|{capture.key}"
    return hashlib.sha256(named.encode()).hexdigest()[:16]


def celsius(temperature: float | None) -> float | None:
    """Return a body temperature in degrees Celsius, whichever unit the terminal is set to."""
    if temperature is None:
        return None
    if temperature >= FAHRENHEIT_FROM:
        temperature = (temperature - 32) / 1.8
    return round(temperature, 1)


def evidence_of(picture: Picture | None, access: Access) -> Evidence | None:
    """Tie a picture to the access it belongs to."""
    if picture is None:
        return None
    return Evidence(
        data=picture.data,
        content_type=picture.content_type,
        at=access.at,
        event_id=access.event_id,
    )


def access_attributes(access: Access) -> dict[str, Any]:
    """Return who, by what means and with what result, for automations."""
    capture = access.capture
    identity = capture.identity
    attributes: dict[str, Any] = {
        "event_id": access.event_id,
        "taken_at": access.at.isoformat(),
        "reason": capture.reason,
        "score": capture.score,
        "temperature": access.temperature,
        "mask": capture.has_mask,
        "anonymous": capture.anonymous,
        "decision": access.decision.ruling,
        "decision_reason": access.decision.reason,
    }
    if identity is not None:
        attributes |= {
            "person": person_name(access),
            "person_id": None if identity.encrypted else identity.person_id,
            "encrypted": identity.encrypted,
            "role": identity.role,
            "customer_text": identity.customer_text or None,
            "methods": list(identity.methods),
        }
    if capture.card_number is not None:
        # As text: card numbers are larger than what a browser can count to.
        attributes["card"] = str(capture.card_number)
    if capture.qr_code is not None:
        attributes["qr_code"] = capture.qr_code
    if capture.id_card is not None:
        attributes |= {
            "id_card_name": capture.id_card.name,
            "id_card_number": capture.id_card.number,
        }
    return attributes


def card_read(capture: Capture) -> str | None:
    """Return the card that somebody held to the terminal, not the one that is registered for a face; as text."""
    number, identity = capture.card_number, capture.identity
    if number is None:
        return None
    if identity is not None and identity.methods and "card" not in identity.methods:
        return None
    # Firmware that does not tell how it recognised somebody tells that it compared no faces.
    if identity is not None and not identity.methods and capture.score:
        return None
    return str(number)


def person_name(access: Access) -> str | None:
    """Return the name of a recognised person, unless the terminal encrypts names."""
    identity = access.capture.identity
    if identity is None or identity.encrypted:
        return None
    return identity.name or identity.person_id or None
