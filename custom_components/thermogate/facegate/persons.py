"""Who is registered at a terminal (vendor document 2.1.1 and 2.1.2), read page by page and written one by one."""

from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from .client import FaceGateClient
from .commands_persons import REQUEST_PERSONS, UPLOAD_PERSON
from .errors import FaceGateMessageError, FaceGateValidationError
from .messages import Picture

ANY: Final = "any"
FOREVER: Final = "forever"
NEVER: Final = "never"
NO_CARD: Final = 0

# With pictures fewer, since all of a page come in one message; else as many as the document allows.
_PAGE_SIZES: Final = {True: 5, False: 20}
# A bound on what a confused terminal can cost, not a size known of any.
_MAX_PAGES: Final = 5000
# Of when validity begins: a terminal may count seconds in signed 32 bits.
_FIRST: Final = datetime(1970, 1, 1)
_LAST: Final = datetime(2037, 12, 31, 23, 59, 59)

# Our names for the fields of a person, and the wire's; and those of the conditions of a search.
_FIELDS: Final = {
    "person_id": "id",
    "name": "name",
    "role": "role",
    "rule": "kind",
    "card": "wg_card_id",
    "long_card": "long_card_id",
    "valid_from": "term_start",
    "valid_until": "term",
    "customer_text": "customer_text",
    "picture": "reg_image",
}
_CONDITIONS: Final = {
    "person_id": "person_id",
    "name": "person_name",
    "card": "wg_card_no",
    "long_card": "long_card_no",
    "valid_from_after": "term_start_start",
    "valid_from_before": "term_start_end",
    "valid_until_after": "term_start",
    "valid_until_before": "term_end",
}
_OURS: Final = {
    **{wire: ours for ours, wire in _FIELDS.items()},
    **{f"condition.{wire}": ours for ours, wire in _CONDITIONS.items()},
}
# The two ends of each range, and what stands for them where only the other one is given. Whose validity never ends is valid
# until any time and later.
_RANGES: Final[tuple[dict[str, datetime | str], ...]] = (
    {"valid_from_after": _FIRST, "valid_from_before": _LAST},
    {"valid_until_after": NEVER, "valid_until_before": FOREVER},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One registered person; None is what a terminal did not tell, or what is not to be sent.

    `role` is "allowed", "blocked" or "normal", `rule` the number of an access rule with 0 for none, `card` of 32 and `long_card` of
    64 bits with 0 for none, of which a person has one at most. Times are naive, in the terminal's local time; `valid_from` may be
    "any", `valid_until` "forever" or "never".
    """

    person_id: str
    name: str | None = None
    role: str | None = None
    rule: int | None = None
    card: int | None = None
    long_card: int | None = None
    valid_from: datetime | str | None = None
    valid_until: datetime | str | None = None
    customer_text: str | None = None
    picture: Picture | bytes | None = None


def parse_person(fields: dict[str, Any]) -> Person | None:
    """Return a person from the parsed fields of an answer, None for one without an id."""
    person_id = (fields["id"] or "").strip()
    if not person_id:
        return None
    role = fields["role"]
    return Person(
        person_id=person_id,
        name=fields["name"],
        role=role if isinstance(role, str) else None,
        rule=fields["kind"],
        # Seen on devices: the one that a person has not got is missing.
        card=fields["wg_card_id"] or NO_CARD,
        long_card=fields["long_card_id"] or NO_CARD,
        valid_from=fields["term_start"],
        valid_until=fields["term"],
        customer_text=(fields["customer_text"] or "").strip(),
        picture=_picture(fields["reg_images"]),
    )


async def persons(
    client: FaceGateClient,
    *,
    role: str = "all",
    partial: bool = False,
    pictures: bool = False,
    **conditions: Any,
) -> AsyncIterator[Person]:
    """Ask page by page and return each person once, in the terminal's order.

    `conditions` are `person_id`, `name`, `card`, `long_card`, and naive times in the terminal's local time: `valid_from_after`,
    `valid_from_before`, `valid_until_after`, `valid_until_before`. With `partial` a part of the id or the name is enough.

    A page without persons is the end, whatever the terminal's totals say, and so is one with nothing but who was there before.
    Raises what `FaceGateClient.request` does, and FaceGateMessageError for another page than the one asked for or when there is no
    end; who was returned until then stays right.
    """
    values: dict[str, Any] = {
        "role": role,
        "fuzzy": partial or None,
        "page_size": _PAGE_SIZES[pictures],
        "image_flag": pictures,
        "normal_image_flag": False,
        "condition": _condition(partial, conditions) or None,
    }
    seen: set[str] = set()
    for page in range(1, _MAX_PAGES + 1):
        with _in_our_words():
            answer = await client.request(REQUEST_PERSONS, **values, page_no=page)
        if not answer["persons"]:
            return
        found = [
            person
            for fields in answer["persons"]
            if fields and (person := parse_person(fields))
        ]
        new = {
            person.person_id: person for person in found if person.person_id not in seen
        }
        if found and not new:
            return
        if answer["page_no"] not in {None, page}:
            raise FaceGateMessageError(
                f"{REQUEST_PERSONS.key}: page {answer['page_no']} instead of page {page}"
            )
        for person in new.values():
            yield person
        seen |= new.keys()
    raise FaceGateMessageError(
        f"{REQUEST_PERSONS.key}: no end after {_MAX_PAGES} pages"
    )


async def get_person(
    client: FaceGateClient, person_id: str, *, pictures: bool = False
) -> Person | None:
    """Return who is registered by this id, None if nobody is. Raises what `persons` does."""
    if not person_id:
        # A terminal takes this for no condition at all.
        raise FaceGateValidationError("person_id", person_id, "a text")
    async for person in persons(client, pictures=pictures, person_id=person_id):
        # Whatever a terminal makes of the filter, nobody else is meant.
        if person.person_id == person_id:
            return person
    return None


async def count_persons(client: FaceGateClient) -> int:
    """Return how many persons are registered. Raises what `FaceGateClient.request` does, and FaceGateMessageError without a number."""
    answer = await client.request(REQUEST_PERSONS, page_size=1)
    total = answer["total"]
    if not isinstance(total, int) or total < 0:
        raise FaceGateMessageError(f"{REQUEST_PERSONS.key}: the answer has no total")
    return total


async def save_person(client: FaceGateClient, person: Person) -> None:
    """Register a person, or change the one of this id: what is None stays as it is.

    The picture is a JPEG or PNG. Raises what `FaceGateClient.request` does, with our names of the fields.
    """
    values = {
        wire: value
        for ours, wire in _FIELDS.items()
        if (value := getattr(person, ours)) is not None
    }
    # Seen at other clients: a blank, where an empty text may be taken for none.
    if person.customer_text == "":
        values["customer_text"] = " "
    _check_one_card(person.card, person.long_card)
    with _in_our_words():
        await client.request(UPLOAD_PERSON, **values)


def _condition(partial: bool, conditions: dict[str, Any]) -> dict[str, Any]:
    """Return the conditions by the names of the table: of a range both ends or none."""
    given = {ours: value for ours, value in conditions.items() if value is not None}
    for name in {"card", "long_card"} & given.keys():
        if partial:
            raise FaceGateValidationError(
                name, given[name], "none where parts are enough"
            )
    _check_one_card(given.get("card"), given.get("long_card"))
    for ends in _RANGES:
        if ends.keys() & given.keys():
            given = ends | given
    return {_CONDITIONS[ours]: value for ours, value in given.items()}


def _check_one_card(card: int | None, long_card: int | None) -> None:
    """Raise FaceGateValidationError for two cards."""
    if card and long_card:
        raise FaceGateValidationError("card", card, "none beside a long_card")


def _picture(images: list[dict[str, Any] | None]) -> Picture | None:
    return next(
        (image["image_data"] for image in images if image and image["image_data"]),
        None,
    )


@contextmanager
def _in_our_words() -> Generator[None]:
    """Name a field that is refused as the caller knows it."""
    try:
        yield
    except FaceGateValidationError as err:
        raise FaceGateValidationError(
            _OURS.get(err.field, err.field), err.value, err.allowed
        ) from None
