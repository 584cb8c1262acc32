"""How actions write a person, and how they read one."""

from base64 import b64encode
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import voluptuous as vol

from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..facegate import ANY, FOREVER, NEVER, NO_CARD, Person, Picture

ATTR_PERSON_ID = "person_id"
ATTR_NAME = "name"
ATTR_ROLE = "role"
ATTR_RULE = "rule"
ATTR_CARD = "card"
ATTR_LONG_CARD = "long_card"
ATTR_VALIDITY = "validity"
ATTR_VALID_FROM = "valid_from"
ATTR_VALID_UNTIL = "valid_until"
ATTR_CUSTOMER_TEXT = "customer_text"
ATTR_PARTIAL = "partial"

ROLES: Final = ("allowed", "blocked", "normal")
ALWAYS: Final = "always"
EXPIRED: Final = "expired"
_VALIDITIES: Final[dict[str, dict[str, Any]]] = {
    ALWAYS: {ATTR_VALID_FROM: ANY, ATTR_VALID_UNTIL: FOREVER},
    EXPIRED: {ATTR_VALID_UNTIL: NEVER},
}
_TIMES: Final = (ATTR_VALID_FROM, ATTR_VALID_UNTIL)


def card_number(value: Any) -> int:
    """Return a card number, which is text where it is longer than a browser can count; empty is none. vol.Invalid."""
    text = str(value).strip()
    if isinstance(value, bool | float) or (
        text and not (text.isascii() and text.isdecimal() and len(text) <= 20)
    ):
        raise vol.Invalid("a card number has up to 20 digits and nothing else")
    return int(text) if text else NO_CARD


def _text(value: Any) -> str:
    return cv.string(value).strip()


PERSON_FIELDS: Final[dict[Any, Any]] = {
    vol.Required(ATTR_PERSON_ID): _text,
    vol.Optional(ATTR_NAME): _text,
    vol.Optional(ATTR_ROLE): vol.In(ROLES),
    vol.Optional(ATTR_RULE): vol.Coerce(int),
    vol.Optional(ATTR_CARD): card_number,
    vol.Optional(ATTR_LONG_CARD): card_number,
    vol.Optional(ATTR_VALIDITY): vol.In(_VALIDITIES),
    vol.Optional(ATTR_VALID_FROM): cv.datetime,
    vol.Optional(ATTR_VALID_UNTIL): cv.datetime,
    vol.Optional(ATTR_CUSTOMER_TEXT): _text,
}
_AS_THEY_ARE: Final = (
    ATTR_NAME,
    ATTR_ROLE,
    ATTR_RULE,
    ATTR_CARD,
    ATTR_LONG_CARD,
    ATTR_CUSTOMER_TEXT,
)

_CARD_FILTERS: Final = (ATTR_CARD, ATTR_LONG_CARD)
_TIME_FILTERS: Final = (
    "valid_from_after",
    "valid_from_before",
    "valid_until_after",
    "valid_until_before",
)
PERSON_FILTERS: Final[dict[Any, Any]] = {
    vol.Optional(ATTR_PERSON_ID): _text,
    vol.Optional(ATTR_NAME): _text,
    vol.Optional(ATTR_PARTIAL, default=False): cv.boolean,
    vol.Optional(ATTR_ROLE): vol.In(ROLES),
    **{vol.Optional(name): card_number for name in _CARD_FILTERS},
    **{vol.Optional(name): cv.datetime for name in _TIME_FILTERS},
}


def new_person(person_id: str) -> Person:
    """Return who is allowed in as soon as they are known: what the vendor document has as the default, said outright."""
    return Person(
        person_id=person_id,
        role="allowed",
        rule=0,
        valid_from=ANY,
        valid_until=FOREVER,
    )


def changes_of(data: dict[str, Any]) -> dict[str, Any]:
    """Return what is to be written of a person. ServiceValidationError for what contradicts itself."""
    changes = {name: data[name] for name in _AS_THEY_ARE if name in data}
    # A form sends what was left empty; nobody is without a name.
    if not changes.get(ATTR_NAME):
        changes.pop(ATTR_NAME, None)
    times = {name: _local(data[name]) for name in _TIMES if name in data}
    if ATTR_VALIDITY in data:
        if times:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="one_validity"
            )
        times = _VALIDITIES[data[ATTR_VALIDITY]]
    # Another kind of card takes the place of the one there was.
    if changes.get(ATTR_CARD):
        changes.setdefault(ATTR_LONG_CARD, NO_CARD)
    if changes.get(ATTR_LONG_CARD):
        changes.setdefault(ATTR_CARD, NO_CARD)
    return changes | times


def merged(
    known: Person | None,
    person_id: str,
    changes: dict[str, Any],
    picture: bytes | None,
) -> Person:
    """Return a person as one is sent to a terminal that knows them as `known`, or not at all.

    What is not changed is sent along as it was: it is not documented what a terminal makes of its absence. Cards and the picture
    are not, since what a terminal tells of them is not always what it takes. ServiceValidationError for somebody new without a
    name, and for a validity that ends before it begins.
    """
    before = (
        replace(known, card=None, long_card=None) if known else new_person(person_id)
    )
    person = replace(before, picture=picture, **changes)
    if not known and not person.name:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="name_missing",
            translation_placeholders={"person_id": person_id},
        )
    _check_order(person)
    return person


def _check_order(person: Person) -> None:
    """Raise ServiceValidationError for somebody who would be valid from after the end of it."""
    start, end = person.valid_from, person.valid_until
    if isinstance(start, datetime) and isinstance(end, datetime) and start >= end:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="nothing_between",
            translation_placeholders={"low": str(start), "high": str(end)},
        )


def conditions_of(data: dict[str, Any]) -> dict[str, Any]:
    """Return the filters of a list as the terminal's search takes them."""
    return {
        "partial": data[ATTR_PARTIAL],
        ATTR_ROLE: data.get(ATTR_ROLE, "all"),
        # Nothing typed is no condition.
        **{
            name: data[name]
            for name in (ATTR_PERSON_ID, ATTR_NAME, *_CARD_FILTERS)
            if data.get(name)
        },
        **{name: _local(data[name]) for name in _TIME_FILTERS if name in data},
    }


def told(person: Person) -> dict[str, Any]:
    """Return a person as answers show them: cards as text, times in the terminal's local time."""
    answer: dict[str, Any] = {
        ATTR_PERSON_ID: person.person_id,
        ATTR_NAME: person.name,
        ATTR_ROLE: person.role,
        ATTR_RULE: person.rule,
        ATTR_CARD: _told_card(person.card),
        ATTR_LONG_CARD: _told_card(person.long_card),
        ATTR_VALID_FROM: _told_time(person.valid_from),
        ATTR_VALID_UNTIL: _told_time(person.valid_until),
        ATTR_CUSTOMER_TEXT: person.customer_text,
    }
    if isinstance(person.picture, Picture):
        answer["picture"] = {
            "content_type": person.picture.content_type,
            "data": b64encode(person.picture.data).decode(),
        }
    return answer


def _told_card(number: int | None) -> str | None:
    return str(number) if number else None


def _told_time(time: datetime | str | None) -> str | None:
    return time.isoformat(" ") if isinstance(time, datetime) else time


def _local(time: datetime) -> datetime:
    """Return a time as a terminal keeps it: local, in whole seconds."""
    if time.tzinfo is not None:
        time = time.astimezone(dt_util.get_default_time_zone()).replace(tzinfo=None)
    return time.replace(microsecond=0)
