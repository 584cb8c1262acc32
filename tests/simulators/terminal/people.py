"""The people that a fresh terminal knows: invented, with pictures that are drawn."""

from dataclasses import dataclass, replace

from tests.simulators.common import Json
from tests.simulators.terminal.faces import portrait

WHITELISTED = 1
BLACKLISTED = 2


@dataclass(frozen=True, slots=True)
class Person:
    """One registered person, as vendor document 2.1.1 lists them."""

    id: str
    name: str
    role: int = WHITELISTED
    kind: int = 0
    wg_card_id: int = 0
    long_card_id: int = 0
    term_start: str = "useless"
    term: str = "forever"
    customer_text: str = ""
    picture: bytes = b""
    sex: str = ""
    age: int = 0


INVENTED_PEOPLE = (
    Person(
        "1001",
        "Amara Okafor",
        wg_card_id=5_210_331,
        customer_text="site manager",
        sex="female",
        age=41,
    ),
    Person(
        "1002",
        "Mateo Alvarez",
        wg_card_id=5_210_332,
        kind=1,
        customer_text="electrician",
        sex="male",
        age=33,
    ),
    Person(
        "1003",
        "Linh Nguyen",
        long_card_id=88_012_345_678_901,
        customer_text="visitor desk",
        sex="female",
        age=27,
    ),
    Person(
        "1004",
        "Yusuf Demir",
        term_start="2024/01/01 00:00:00",
        term="2035/12/31 23:59:59",
        customer_text="contractor",
        sex="male",
        age=52,
    ),
    Person(
        "1005",
        "Freya Lindqvist",
        wg_card_id=5_210_335,
        kind=2,
        customer_text="server room",
        sex="female",
        age=38,
    ),
    Person(
        "1006",
        "Henry Blackwood",
        role=BLACKLISTED,
        term="never",
        customer_text="banned",
        sex="male",
        age=47,
    ),
)


def invented_people() -> dict[str, Person]:
    """Return the people of a fresh terminal by id, with their registered pictures."""
    return {
        person.id: replace(person, picture=portrait(person.name, label=person.name))
        for person in INVENTED_PEOPLE
    }


def attribute(person: Person) -> str:
    """Return `person_attr` of a capture: how long the registration holds (vendor document 2.2.1)."""
    return {"forever": "permanent_list", "never": "invalid_list"}.get(
        person.term, "temporary_list"
    )


def listing(person: Person) -> dict[str, Json]:
    """Return the person as an entry of `request persons`, without pictures.

    Seen on devices: either of the two card keys is missing.
    """
    card: dict[str, Json] = (
        {"long_card_id": person.long_card_id}
        if person.long_card_id
        else {"wg_card_id": person.wg_card_id}
    )
    return card | {
        "id": person.id,
        "name": person.name,
        "role": person.role,
        "kind": person.kind,
        "feature_unit_size": 128,
        "feature_num": 1 if person.picture else 0,
        "image_num": 1 if person.picture else 0,
        "normal_image_num": 1 if person.picture else 0,
        "term_start": person.term_start,
        "term": person.term,
        "customer_text": person.customer_text,
    }
