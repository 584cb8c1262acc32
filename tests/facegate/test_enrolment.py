"""Deleting a person from a terminal."""

from typing import Any

import pytest

from custom_components.thermogate.facegate import (
    FaceGateCommandError,
    FaceGateUnsupportedError,
    FaceGateValidationError,
    delete_person,
    erase_records,
)
from tests.facegate.terminal import Terminal, code, success


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
