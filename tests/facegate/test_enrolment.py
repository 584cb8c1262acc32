"""Deleting a person from a terminal."""

from typing import Any

import pytest

from custom_components.thermogate.facegate import (
    Backlog,
    FaceGateCommandError,
    FaceGateMessageError,
    FaceGateUnsupportedError,
    FaceGateValidationError,
    count_records,
    delete_person,
    delete_record,
    delete_records,
    erase_records,
)
from tests.facegate.terminal import Answer, Terminal, code, success


async def test_one_person_is_deleted(terminal: Terminal) -> None:
    """By id, with the flag that means one person and not a list."""
    terminal.answers["delete person(s)"] = success

    assert await delete_person(terminal.client, "0001") is True

    [sent] = terminal.sent
    assert (sent["flag"], sent["id"]) == (-1, "0001")


async def test_nobody_of_that_id(terminal: Terminal) -> None:
    """Code 22 is no failure: the person is not there, as wanted."""
    terminal.answers["delete person(s)"] = code(22)

    assert await delete_person(terminal.client, "0001") is False


@pytest.mark.parametrize("number", [5, 23])
async def test_a_refusal(terminal: Terminal, number: int) -> None:
    """Everything else is one: the person may still be there."""
    terminal.answers["delete person(s)"] = code(number)

    with pytest.raises(FaceGateCommandError) as refused:
        await delete_person(terminal.client, "0001")

    assert refused.value.code == number


async def test_an_old_firmware(terminal: Terminal) -> None:
    """It is remembered that the command is not known."""
    terminal.answers["delete person(s)"] = code(2)

    with pytest.raises(FaceGateUnsupportedError):
        await delete_person(terminal.client, "0001")

    assert terminal.client.unsupported == {"delete_person"}


@pytest.mark.parametrize("person_id", ["", "12345678901234567890"])
async def test_no_id_at_all(terminal: Terminal, person_id: str) -> None:
    """Nothing is sent: a terminal that misreads an id could delete somebody else, or everybody."""
    with pytest.raises(FaceGateValidationError):
        await delete_person(terminal.client, person_id)

    assert terminal.sent == []


async def test_what_is_remembered_of_a_person_is_deleted(terminal: Terminal) -> None:
    """One record after the other; a terminal that ignores the filter costs nobody else theirs."""

    def remembered(request: dict[str, Any]) -> dict[str, Any]:
        numbers = {1: "0001", 2: "0002", 3: "0001"} if request["page_no"] == 1 else {}
        records = [
            {"sequence": number, "time": "2026/05/01 12:00:00.000", "id": person_id}
            for number, person_id in numbers.items()
        ]
        return success(request) | {"records": records}

    terminal.answers["request records"] = remembered
    terminal.answers["delete record"] = success

    assert await erase_records(terminal.client, "0001") == 2

    deleted = [sent for sent in terminal.sent if sent["cmd"] == "delete record"]
    assert [sent["sequence"] for sent in deleted] == [1, 3]


@pytest.mark.parametrize("sequence", [1, 2**32 - 1])
async def test_one_record_is_deleted(terminal: Terminal, sequence: int) -> None:
    """By its number, in both spellings: a terminal that misses the key deletes all."""
    terminal.answers["delete record"] = success

    assert await delete_record(terminal.client, sequence) is True

    [sent] = terminal.sent
    assert (sent["sequence"], sent["sequnce"]) == (sequence, sequence)


@pytest.mark.parametrize("sequence", [0, -1, 2**32])
async def test_no_record_is_not_all_of_them(terminal: Terminal, sequence: int) -> None:
    """0 would be all."""
    with pytest.raises(FaceGateValidationError):
        await delete_record(terminal.client, sequence)

    assert terminal.sent == []


async def test_no_record_of_that_number(terminal: Terminal) -> None:
    """It is not there, as wanted; all else is a failure."""
    terminal.answers["delete record"] = code(22)
    assert await delete_record(terminal.client, 7) is False

    terminal.answers["delete record"] = code(23)
    with pytest.raises(FaceGateCommandError):
        await delete_record(terminal.client, 7)


async def test_all_records(terminal: Terminal) -> None:
    """Nobody does that by a slip: it is another function."""
    terminal.answers["delete record"] = success

    await delete_records(terminal.client)

    [sent] = terminal.sent
    assert (sent["sequence"], sent["sequnce"]) == (0, 0)


async def test_how_many_records_there_are(terminal: Terminal) -> None:
    """Two totals; nothing of the records but one each."""
    terminal.answers["request records"] = lambda request: {
        "total": 3 if "upload_state" in request else 4379,
        "records": [{"sequence": 1}],
    }

    assert await count_records(terminal.client) == Backlog(4379, 3)

    assert [sent["page_size"] for sent in terminal.sent] == [1, 1]
    assert [sent.get("upload_state") for sent in terminal.sent] == [None, 0]


@pytest.mark.parametrize("answer", [code(22), code(0), code(0, total=0, records=[])])
async def test_no_records_at_all(terminal: Terminal, answer: Answer) -> None:
    """However a terminal says so."""
    terminal.answers["request records"] = answer

    assert await count_records(terminal.client) == Backlog(0, 0)


@pytest.mark.parametrize("total", [None, -1, "many"])
async def test_records_that_are_not_counted(terminal: Terminal, total: Any) -> None:
    """One that is there without a total says nothing about how many there are."""
    terminal.answers["request records"] = code(
        0, total=total, records=[{"sequence": 1}]
    )

    with pytest.raises(FaceGateMessageError):
        await count_records(terminal.client)
