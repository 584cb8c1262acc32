"""Reading who is registered, page by page, and saving one person."""

from datetime import datetime
from typing import Any

import pytest

from custom_components.thermogate.facegate import (
    FaceGateCommandError,
    FaceGateMessageError,
    FaceGateValidationError,
    Person,
    count_persons,
    get_person,
    persons,
    save_person,
)
from tests.facegate.terminal import Answer, Terminal, code, success

NEW_YEAR = datetime(2026, 1, 1)


def paged(*pages: list[Any], **fields: Any) -> Answer:
    """Answer with these pages, and empty ones after them."""

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        number = request["page_no"]
        found = pages[number - 1] if number <= len(pages) else None
        return {"page_no": number, "persons": found} | fields

    return answer


def ids(*numbers: int) -> list[dict[str, Any]]:
    """Return people of these ids as a terminal lists them."""
    return [{"id": str(number), "name": f"Number {number}"} for number in numbers]


async def listed(terminal: Terminal, **values: Any) -> list[str]:
    """Return the ids of who is found."""
    return [person.person_id async for person in persons(terminal.client, **values)]


async def test_all_pages(terminal: Terminal) -> None:
    """Each person once, until a page is empty."""
    terminal.answers["request persons"] = paged(ids(1, 2), ids(2, 3))

    assert await listed(terminal) == ["1", "2", "3"]
    assert [sent["page_no"] for sent in terminal.sent] == [1, 2, 3]


@pytest.mark.parametrize(("pictures", "size"), [(False, 20), (True, 5)])
async def test_pages_with_pictures_are_small(
    terminal: Terminal, pictures: bool, size: int
) -> None:
    """All of a page come in one message."""
    terminal.answers["request persons"] = paged(ids(1))

    await listed(terminal, pictures=pictures)

    sent = terminal.sent[0]
    assert (sent["page_size"], sent["image_flag"]) == (size, int(pictures))


async def test_the_last_page_over_and_over(terminal: Terminal) -> None:
    """A terminal that does not know where the end is costs one request more."""
    terminal.answers["request persons"] = lambda request: {
        "page_no": request["page_no"],
        "persons": ids(1),
    }

    assert await listed(terminal) == ["1"]
    assert len(terminal.sent) == 2


async def test_another_page_than_the_one_asked_for() -> None:
    """Else somebody would be passed over without a word."""
    terminal = Terminal(echo=True)
    terminal.answers["request persons"] = paged(ids(1), page_no=7)

    with pytest.raises(FaceGateMessageError):
        await listed(terminal)


@pytest.mark.parametrize(
    "answer",
    [
        paged([None, 7, {}, {"id": ""}, {"name": "Nobody"}]),
        paged([]),
        lambda _: {"persons": {}},
        lambda _: {},
        code(22),
    ],
    ids=["nonsense", "empty", "no list", "nothing", "not found"],
)
async def test_nobody(terminal: Terminal, answer: Answer) -> None:
    """However a terminal says it."""
    terminal.answers["request persons"] = answer

    assert await listed(terminal) == []


async def test_what_is_told_of_a_person(terminal: Terminal) -> None:
    """Keys with blanks and a missing card are as seen on devices."""
    raw = {
        "id": 1001,
        "name": "Amara",
        "role": 2,
        "kind": 3,
        "long_card_id": 18446744073709551615,
        "term_start": "useless",
        "term": "2026/01/01 00:00:00",
        "customer_text": " ",
        "reg_images ": [{"format": "jpg", "image_data": "/9j/4AAQ"}],
    }
    terminal.answers["request persons"] = paged([raw])

    person = await get_person(terminal.client, "1001", pictures=True)

    assert person is not None and person.picture is not None
    assert (person.role, person.rule) == ("blocked", 3)
    assert (person.card, person.long_card) == (0, 18446744073709551615)
    assert (person.valid_from, person.valid_until) == ("any", NEW_YEAR)
    assert person.customer_text == ""


async def test_a_terminal_that_ignores_the_filter(terminal: Terminal) -> None:
    """Nobody is taken for somebody else."""
    terminal.answers["request persons"] = paged(ids(1, 2, 12))

    found = await get_person(terminal.client, "2")

    assert found is not None and found.name == "Number 2"
    assert await get_person(terminal.client, "3") is None


async def test_an_empty_id_asks_nobody(terminal: Terminal) -> None:
    """It would be no condition at all."""
    with pytest.raises(FaceGateValidationError):
        await get_person(terminal.client, "")

    assert terminal.sent == []


async def test_half_a_range_is_made_whole(terminal: Terminal) -> None:
    """The document wants both ends; the names on the wire are its own."""
    terminal.answers["request persons"] = paged()

    await listed(terminal, valid_from_after=NEW_YEAR, valid_until_before=NEW_YEAR)

    assert terminal.sent[0]["condition"] == {
        "term_start_start": "2026/01/01 00:00:00",
        "term_start_end": "2037/12/31 23:59:59",
        "term_start": "never",
        "term_end": "2026/01/01 00:00:00",
    }

    await listed(terminal, valid_until_after=NEW_YEAR)

    assert terminal.sent[-1]["condition"] == {
        "term_start": "2026/01/01 00:00:00",
        "term_end": "forever",
    }


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"person_id": "x" * 20}, "person_id"),
        ({"name": "x" * 64}, "name"),
        ({"card": 2**32}, "card"),
        ({"long_card": 2**63}, "long_card"),
        ({"card": 1, "long_card": 1}, "card"),
        ({"card": 1, "partial": True}, "card"),
        ({"long_card": 1, "partial": True}, "long_card"),
    ],
    ids=str,
)
async def test_a_search_that_no_terminal_takes(
    terminal: Terminal, values: dict[str, Any], field: str
) -> None:
    """Nothing is sent, and the field is called as the caller knows it."""
    with pytest.raises(FaceGateValidationError) as refused:
        await listed(terminal, **values)

    assert refused.value.field == field
    assert terminal.sent == []


async def test_the_count(terminal: Terminal) -> None:
    """Is the terminal's own."""
    terminal.answers["request persons"] = paged(ids(1), total=2000)

    assert await count_persons(terminal.client) == 2000


@pytest.mark.parametrize("total", [None, -1, "many"])
async def test_no_count(terminal: Terminal, total: Any) -> None:
    """A number is not made up."""
    terminal.answers["request persons"] = paged(ids(1), total=total)

    with pytest.raises(FaceGateMessageError):
        await count_persons(terminal.client)


async def test_only_what_is_known_is_sent(terminal: Terminal) -> None:
    """What is None stays as it is; an empty text is a blank, as other clients send it."""
    terminal.answers["upload person"] = success

    await save_person(terminal.client, Person(person_id="1", customer_text=""))

    [sent] = terminal.sent
    assert {name: sent[name] for name in sent if name != "command_id"} == {
        "cmd": "upload person",
        "id": "1",
        "customer_text": " ",
    }


async def test_a_card_takes_the_place_of_the_other(terminal: Terminal) -> None:
    """Both keys are allowed where one of them says none."""
    terminal.answers["upload person"] = success

    await save_person(terminal.client, Person(person_id="1", card=0, long_card=2**40))

    assert (terminal.sent[0]["wg_card_id"], terminal.sent[0]["long_card_id"]) == (
        0,
        2**40,
    )


async def test_a_face_that_is_there(terminal: Terminal) -> None:
    """Code 16 names whose it is."""
    terminal.answers["upload person"] = code(16, duplicate_id="1002")

    with pytest.raises(FaceGateCommandError) as refused:
        await save_person(terminal.client, Person(person_id="1"))

    assert (refused.value.slug, refused.value.duplicate_id) == ("face_exists", "1002")
