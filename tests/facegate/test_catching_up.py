"""Asking a terminal for what it remembers."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from custom_components.thermogate.facegate import (
    Capture,
    FaceGateCommandError,
    FaceGateConnectionError,
    FaceGateMessageError,
    FaceGateUnsupportedError,
    FaceGateValidationError,
)
from tests.facegate.samples import JPEG, SERIAL, base64, known_record
from tests.facegate.terminal import Answer, Terminal, code, start

MAX_PAGES = "custom_components.thermogate.facegate.records._MAX_PAGES"
SINCE = datetime(2026, 6, 5, 10, tzinfo=UTC)


def pages(*answers: list[Any], **fields: Any) -> Answer:
    """Answer each page with a list of records, and what is asked beyond them with none."""

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        page = request["page_no"]
        found = answers[page - 1] if page <= len(answers) else None
        return {"page_no": page, **({"records": found} if found else {}), **fields}

    return answer


def numbered(*sequences: int) -> list[dict[str, Any]]:
    """Return records with these sequence numbers."""
    return [known_record(sequence=sequence) for sequence in sequences]


async def caught(captures: AsyncIterator[Capture]) -> list[Any]:
    """Return the sequence numbers of all captures."""
    return [capture.sequence_no async for capture in captures]


async def test_everything(terminal: Terminal) -> None:
    """Without pictures twenty at a time, with nothing said that was not asked."""
    terminal.answers["request records"] = pages(numbered(1, 2), numbered(3))
    assert await caught(terminal.client.records()) == [1, 2, 3]
    asked = [
        {key: value for key, value in sent.items() if key != "command_id"}
        for sent in terminal.sent
    ]
    assert asked == [
        {
            "cmd": "request records",
            "page_no": page,
            "page_size": 20,
            "face_image_flag": 0,
            "reg_image_flag": 0,
        }
        for page in (1, 2, 3)
    ]


async def test_what_comes_is_a_capture(terminal: Terminal) -> None:
    """Of this terminal, late, with its picture."""
    terminal.answers["request records"] = pages([known_record(face_image=base64(JPEG))])
    [capture] = [found async for found in terminal.client.records(pictures=True)]
    assert (capture.device_sn, capture.realtime) == (SERIAL, False)
    assert capture.face is not None
    assert capture.face.data == JPEG


async def test_pictures(terminal: Terminal) -> None:
    """Five at a time, both kinds."""
    terminal.answers["request records"] = pages()
    assert await caught(terminal.client.records(pictures=True)) == []
    [sent] = terminal.sent
    assert (sent["page_size"], sent["face_image_flag"], sent["reg_image_flag"]) == (
        5,
        1,
        1,
    )


@pytest.mark.parametrize(
    ("since", "until", "window"),
    [
        (None, None, (None, None)),
        (SINCE, SINCE, (1780653600, 1780653600)),
        (SINCE, None, (1780653600, 2**31 - 1)),
        (None, SINCE, (0, 1780653600)),
        # What is asked for is inside, whatever fraction of a second it has.
        (
            SINCE + timedelta(milliseconds=1),
            SINCE + timedelta(milliseconds=1),
            (1780653600, 1780653601),
        ),
        (
            datetime(2026, 6, 5, 18, tzinfo=timezone(timedelta(hours=8))),
            None,
            (1780653600, 2**31 - 1),
        ),
        (datetime(1970, 1, 1, tzinfo=UTC), None, (0, 2**31 - 1)),
        (None, datetime(2106, 2, 7, 6, 28, 15, tzinfo=UTC), (0, 2**32 - 1)),
    ],
)
async def test_time_range(
    terminal: Terminal,
    since: datetime | None,
    until: datetime | None,
    window: tuple[int | None, int | None],
) -> None:
    """Seconds in UTC, both ends or none."""
    terminal.answers["request records"] = pages()
    await caught(terminal.client.records(since=since, until=until))
    [sent] = terminal.sent
    assert (sent.get("time_start"), sent.get("time_end")) == window


@pytest.mark.parametrize(
    ("conditions", "field"),
    [
        ({"since": datetime(2026, 6, 5)}, "since"),
        ({"until": datetime(2026, 6, 5)}, "until"),
        ({"since": SINCE, "until": SINCE - timedelta(seconds=1)}, "until"),
        ({"since": datetime(1969, 12, 31, tzinfo=UTC)}, "time_start"),
        ({"until": datetime(2106, 2, 7, 6, 28, 16, tzinfo=UTC)}, "time_end"),
        ({"name": "x" * 64}, "name"),
        ({"id": "x" * 20}, "id"),
        ({"score_start": 1}, "score_start"),
        ({"nonsense": 1}, "field"),
    ],
)
async def test_nothing_is_sent_that_is_not_valid(
    terminal: Terminal, conditions: dict[str, Any], field: str
) -> None:
    """A time without a zone is nobody's guess; the rest is up to the table."""
    with pytest.raises(FaceGateValidationError) as caught_error:
        await caught(terminal.client.records(**conditions))
    assert caught_error.value.field == field
    assert terminal.sent == []


@pytest.mark.parametrize(("uploaded", "sent"), [(None, None), (True, 1), (False, 0)])
async def test_conditions(
    terminal: Terminal, uploaded: bool | None, sent: int | None
) -> None:
    """What was acknowledged or not, and whom it shows."""
    terminal.answers["request records"] = pages()
    await caught(
        terminal.client.records(
            uploaded=uploaded, name="x" * 63, id="x" * 19, fuzzy=True
        )
    )
    [request] = terminal.sent
    assert request.get("upload_state") == sent
    assert (request["name"], request["id"], request["fuzzy_flag"]) == (
        "x" * 63,
        "x" * 19,
        1,
    )


@pytest.mark.parametrize(
    "nothing",
    [{}, {"records": None}, {"records": []}, {"records": {}}, {"records": "none"}],
)
@pytest.mark.parametrize("totals", [{}, {"total": 4379, "count": 20}, {"total": "x"}])
async def test_a_page_without_records_is_the_end(
    terminal: Terminal, nothing: dict[str, Any], totals: dict[str, Any]
) -> None:
    """Whatever the totals say, and in whatever way there are none."""
    terminal.answers["request records"] = lambda _request: {**nothing, **totals}
    assert await caught(terminal.client.records()) == []
    assert len(terminal.sent) == 1


async def test_totals_do_not_end_it(terminal: Terminal) -> None:
    """Not even those that say that it is over, nor a page that is not full."""
    terminal.answers["request records"] = pages(
        numbered(1), numbered(2), total=0, count=0
    )
    assert await caught(terminal.client.records()) == [1, 2]


async def test_no_record_exists(terminal: Terminal) -> None:
    """Code 22 says so in its own way, on any page."""

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        return {"code": 22} if request["page_no"] > 1 else {"records": numbered(1)}

    terminal.answers["request records"] = answer
    assert await caught(terminal.client.records()) == [1]


async def test_terminal_that_repeats_its_last_page(terminal: Terminal) -> None:
    """Instead of an empty one: nothing new is the end."""

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        last = min(request["page_no"], 2)
        return {"records": numbered(last * 10, last * 10 + 1)}

    terminal.answers["request records"] = answer
    assert await caught(terminal.client.records()) == [10, 11, 20, 21]
    assert len(terminal.sent) == 3


async def test_last_page_under_its_own_number() -> None:
    """A repeated page may well say which it is."""
    terminal = Terminal()
    terminal.answers["request records"] = lambda _request: {
        "page_no": 1,
        "records": numbered(1),
    }
    assert await caught(terminal.client.records()) == [1]


async def test_pages_that_overlap(terminal: Terminal) -> None:
    """Somebody came meanwhile and moved them: each capture comes once, and what is left still comes."""
    terminal.answers["request records"] = pages(
        numbered(9, 8, 9), numbered(8, 7), numbered(6)
    )
    assert await caught(terminal.client.records()) == [9, 8, 7, 6]


async def test_another_page_than_asked_for() -> None:
    """Records of who knows where are not taken for the next ones."""
    terminal = Terminal()
    terminal.answers["request records"] = lambda request: {
        "page_no": request["page_no"] * 2 - 1,
        "records": numbered(request["page_no"]),
    }
    captures = terminal.client.records()
    assert (await anext(captures)).sequence_no == 1
    with pytest.raises(FaceGateMessageError, match="page 3 instead of page 2"):
        await anext(captures)


@pytest.mark.parametrize("page", ["1", 1.0, None, "", "first"])
async def test_page_in_any_form(page: object) -> None:
    """A number is one, anything else says nothing."""
    terminal = Terminal()
    answers = [{"page_no": page, "records": numbered(1)}, {}]
    terminal.answers["request records"] = lambda _request: answers.pop(0)
    assert await caught(terminal.client.records()) == [1]


async def test_broken_record_loses_no_other(terminal: Terminal) -> None:
    """Nor does a whole page of them."""
    terminal.answers["request records"] = pages(
        [None, *numbered(1), "noise", {}, *numbered(2)],
        [7, {"score": 3}],
        [*numbered(3), known_record(sequence=4, time=[], id={}, score="?")],
    )
    assert await caught(terminal.client.records()) == [1, 2, 3, 4]


@pytest.mark.parametrize("records", [[{}], None])
async def test_no_end(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, records: list[Any] | None
) -> None:
    """A terminal that never comes to an end is not asked for ever, and nobody takes what came for everything."""
    monkeypatch.setattr(MAX_PAGES, 3)
    terminal.answers["request records"] = lambda request: {
        "records": records or numbered(request["page_no"])
    }
    captures = terminal.client.records()
    for number in range(1, 1 if records else 4):
        assert (await anext(captures)).sequence_no == number
    with pytest.raises(FaceGateMessageError, match="no end after 3 pages"):
        await anext(captures)
    assert len(terminal.sent) == 3


async def test_end_just_in_time(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last page that is asked for may be the empty one."""
    monkeypatch.setattr(MAX_PAGES, 3)
    terminal.answers["request records"] = pages(numbered(1), numbered(2))
    assert await caught(terminal.client.records()) == [1, 2]


@pytest.mark.parametrize(
    ("refusal", "error"), [(2, FaceGateUnsupportedError), (5, FaceGateCommandError)]
)
async def test_refusal(
    terminal: Terminal, refusal: int, error: type[Exception]
) -> None:
    """Is told, and what came before it stays."""
    terminal.answers["request records"] = pages(numbered(1))
    captures = terminal.client.records()
    assert (await anext(captures)).sequence_no == 1
    terminal.answers["request records"] = code(refusal)
    with pytest.raises(error):
        await anext(captures)


async def test_connection_lost_between_pages(terminal: Terminal) -> None:
    """The iterator says so instead of ending early."""
    task = start(caught_all(terminal))
    terminal.reply(await terminal.command(1), records=numbered(1))
    await terminal.command(2)
    terminal.client.disconnected()
    with pytest.raises(FaceGateConnectionError):
        await task


async def caught_all(terminal: Terminal) -> list[Any]:
    """Return everything that a terminal remembers."""
    return await caught(terminal.client.records())


async def test_nobody_waits_behind_it(terminal: Terminal) -> None:
    """Between two pages other commands get their turn."""
    terminal.answers = {
        "request records": pages(numbered(1), numbered(2)),
        "gpio control": lambda _request: {},
    }
    async for _capture in terminal.client.records():
        await terminal.client.open_gate(1)
    assert [sent["cmd"] for sent in terminal.sent] == [
        "request records",
        "gpio control",
        "request records",
        "gpio control",
        "request records",
    ]
