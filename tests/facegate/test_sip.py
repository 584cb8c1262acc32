"""Room numbers, read page by page and written in pages."""

from typing import Any

import pytest

from custom_components.thermogate.facegate import (
    FaceGateMessageError,
    FaceGateValidationError,
    Room,
    delete_all_rooms,
    delete_rooms,
    rooms,
    save_rooms,
)
from tests.facegate.terminal import Answer, Terminal, code, success

ADDRESS = "sip:192.168.1.180"


def told(*numbers: int) -> list[Any]:
    """Return rooms as a terminal tells them."""
    return [{"room id": f"{number:04}", "sip num": ADDRESS} for number in numbers]


def paged(*pages: list[Any]) -> Answer:
    """Answer with these pages, and empty ones after them."""

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        number = request["page_no"]
        return {"room id group": pages[number - 1] if number <= len(pages) else None}

    return answer


async def listed(terminal: Terminal, *values: Any, **named: Any) -> list[Room]:
    """Return the rooms that are found."""
    return [room async for room in rooms(terminal.client, *values, **named)]


@pytest.mark.parametrize(("last", "asked"), [(499, 1), (500, 2)])
async def test_pages(terminal: Terminal, last: int, asked: int) -> None:
    """A page that is not full is the last one."""
    terminal.answers["sip qure roomid"] = paged(told(*range(last)))
    assert len(await listed(terminal)) == last
    assert [sent["page_no"] for sent in terminal.sent] == [*range(1, asked + 1)]
    assert all(sent["page_size"] == 500 for sent in terminal.sent)


async def test_a_terminal_with_smaller_pages(terminal: Terminal) -> None:
    """Goes by its total: a list that ends early would be called complete."""
    whole = paged(told(*range(100)), told(*range(100, 150)))
    terminal.answers["sip qure roomid"] = lambda request: (
        whole(request) | {"total": 150}
    )
    assert len(await listed(terminal)) == 150
    assert [sent["page_no"] for sent in terminal.sent] == [1, 2]


async def test_no_room(terminal: Terminal) -> None:
    """Some terminals say that there is none, others list nothing."""
    terminal.answers["sip qure roomid"] = code(22)
    assert await listed(terminal, "0001") == []


async def test_a_terminal_that_repeats_itself(terminal: Terminal) -> None:
    """A page without news is the end."""
    page = told(*range(500))
    terminal.answers["sip qure roomid"] = paged(page, page, page)
    assert len(await listed(terminal)) == 500
    assert len(terminal.sent) == 2


async def test_a_terminal_without_end(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is not listened to for ever."""
    monkeypatch.setattr("custom_components.thermogate.facegate.sip._MAX_PAGES", 2)
    pages = [told(*range(first, first + 500)) for first in (0, 500, 1000)]
    terminal.answers["sip qure roomid"] = paged(*pages)
    with pytest.raises(FaceGateMessageError, match="no end"):
        await listed(terminal)


async def test_what_makes_no_room(terminal: Terminal) -> None:
    """Is left out; blanks around a number and empty addresses are nothing."""
    terminal.answers["sip qure roomid"] = paged(
        [
            None,
            {},
            {"room id": " "},
            {"room id": " 1 ", "sip num": ADDRESS, "sip num 1": ""},
            {"room id": "2"},
        ]
    )
    assert await listed(terminal) == [
        Room(number="1", addresses=(ADDRESS,)),
        Room(number="2", addresses=()),
    ]


async def test_a_filter(terminal: Terminal) -> None:
    """Is sent as the document has it."""
    terminal.answers["sip qure roomid"] = paged()
    await listed(terminal, "0001")
    await listed(terminal, "00", partial=True)
    assert [(sent["room id"], sent.get("fuzzy")) for sent in terminal.sent] == [
        ("0001", None),
        ("00", True),
    ]


@pytest.mark.parametrize(("answer", "saved"), [({}, 2), ({"add count": 1}, 1)])
async def test_saving(terminal: Terminal, answer: dict[str, Any], saved: int) -> None:
    """The terminal says how many it took; one that does not took all."""
    terminal.answers["sip add roomid"] = lambda _: answer
    new = [Room(number=number, addresses=(ADDRESS,)) for number in ("1", "2")]
    assert await save_rooms(terminal.client, new) == saved


@pytest.mark.parametrize(
    "room",
    [
        Room(number=" ", addresses=(ADDRESS,)),
        Room(number="2", addresses=()),
        Room(number="2", addresses=(ADDRESS,) * 4),
        Room(number="2", addresses=("192.168.1.180",)),
        Room(number="2", addresses=(ADDRESS, "sip:a b")),
        Room(number="2", addresses=(ADDRESS, "sip:a:123456")),
    ],
    ids=str,
)
async def test_a_room_that_is_not_possible(terminal: Terminal, room: Room) -> None:
    """Is named, and nothing is sent, not even the others."""
    good = Room(number="1", addresses=(ADDRESS,) * 3)
    with pytest.raises(FaceGateValidationError, match=r"^rooms\[1\]\."):
        await save_rooms(terminal.client, [good, room])
    assert not terminal.sent


async def test_deleting(terminal: Terminal) -> None:
    """Some by their numbers; all without any; nothing for none."""
    terminal.answers["sip del roomid"] = success
    await delete_rooms(terminal.client, [])
    await delete_rooms(terminal.client, ["1", "2"])
    await delete_all_rooms(terminal.client)
    some, everything = terminal.sent
    assert some["room id group"] == [{"room id": "1"}, {"room id": "2"}]
    assert "room id group" not in everything
