"""Deciding by rule: who may pass, how warm, with a mask or without, and when."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant

from ..facegate import AccessResult, Capture, DisplayText, Gateway, PersonRole
from .access import celsius
from .decision import Decision, Ruling, Why, gateway_for, refused

type Rule = Mapping[str, Any]
"""What a person filled in; what was left empty is missing."""

ROLES = "roles"
PERSONS = "persons"
MAX_TEMPERATURE = "max_temperature"
UNMEASURED_PASS = "unmeasured_pass"
MASK_REQUIRED = "mask_required"
WHILE_ON = "while_on"
OPENS = "opens"
CARD = "card"
SAY_OPENED = "say_opened"
SHOW_OPENED = "show_opened"
SAY_REFUSED = "say_refused"
SHOW_REFUSED = "show_refused"

WIEGAND = "wiegand"
RELAYS: Final = {"relay_1": 1, "relay_2": 2}
# Who is on the list of the blocked is not let in by any rule.
OFFERED_ROLES: Final = (PersonRole.ALLOWED, PersonRole.NORMAL)


def judge(hass: HomeAssistant, rule: Rule, capture: Capture) -> Decision:
    """Return what a rule says about a capture: refused by the first of its parts that is against it."""
    for check in _CHECKS:
        if why := check(hass, rule, capture):
            return refused(
                why, _words(rule, SAY_REFUSED), _shown(_words(rule, SHOW_REFUSED))
            )
    return Decision(
        ruling=Ruling.OPENED,
        reason=Why.PERSON if _is_listed(rule, capture) else Why.ROLE,
        gateway=_gateway(rule, capture),
        speech=_words(rule, SAY_OPENED),
        display=_shown(_words(rule, SHOW_OPENED)),
    )


def card_number(text: str) -> int | None:
    """Return the card number that somebody typed; None if it is none."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None


def _gateway(rule: Rule, capture: Capture) -> Gateway:
    if rule.get(OPENS) == WIEGAND:
        return gateway_for(capture, card=card_number(rule.get(CARD, "")))
    return gateway_for(capture, relay=RELAYS[rule.get(OPENS, "relay_1")])


def _words(rule: Rule, name: str) -> str | None:
    """Return what is to be said or shown; blanks alone, which no terminal takes, are nothing."""
    text: str = rule.get(name, "")
    return text if text.strip() else None


def _shown(text: str | None) -> tuple[DisplayText, ...]:
    return (DisplayText(text=text),) if text else ()


def _is_listed(rule: Rule, capture: Capture) -> bool:
    """Whether the person is named in the rule, by number or by name in any case; what is encrypted names nobody."""
    identity = capture.identity
    if identity is None or identity.encrypted:
        return False
    names = {identity.person_id.casefold(), identity.name.casefold()} - {""}
    return any(person.strip().casefold() in names for person in rule.get(PERSONS, ()))


def _terminal_allows(_: HomeAssistant, __: Rule, capture: Capture) -> Why | None:
    """Keep out whom the terminal itself denied: somebody whose time is over has not stopped to be on a list."""
    if capture.result is AccessResult.DENIED:
        return Why.REFUSED_BY_TERMINAL
    return None


def _is_recognised(_: HomeAssistant, __: Rule, capture: Capture) -> Why | None:
    if capture.identity is None or capture.result is AccessResult.STRANGER:
        return Why.NOT_RECOGNISED
    return None


def _is_allowed(_: HomeAssistant, rule: Rule, capture: Capture) -> Why | None:
    role = capture.identity.role if capture.identity else None
    if role is PersonRole.BLOCKED:
        return Why.NOT_ALLOWED
    if _is_listed(rule, capture) or role in rule.get(ROLES, ()):
        return None
    return Why.NOT_ALLOWED


def _is_cool(_: HomeAssistant, rule: Rule, capture: Capture) -> Why | None:
    if (limit := rule.get(MAX_TEMPERATURE)) is None:
        return None
    # Decided by what was measured, also where Home Assistant neither shows nor stores it.
    temperature = celsius(capture.temperature)
    if temperature is None:
        return None if rule.get(UNMEASURED_PASS) else Why.TEMPERATURE_UNKNOWN
    return Why.TEMPERATURE_TOO_HIGH if temperature > limit else None


def _is_masked(_: HomeAssistant, rule: Rule, capture: Capture) -> Why | None:
    if rule.get(MASK_REQUIRED) and not capture.has_mask:
        return Why.NO_MASK
    return None


def _is_time(hass: HomeAssistant, rule: Rule, _: Capture) -> Why | None:
    """Keep out whoever comes at the wrong time; a schedule that is gone is never on."""
    if (entity_id := rule.get(WHILE_ON)) is None:
        return None
    state = hass.states.get(entity_id)
    return None if state and state.state == STATE_ON else Why.OUTSIDE_HOURS


_CHECKS: Final[tuple[Callable[[HomeAssistant, Rule, Capture], Why | None], ...]] = (
    _terminal_allows,
    _is_recognised,
    _is_allowed,
    _is_cool,
    _is_masked,
    _is_time,
)
