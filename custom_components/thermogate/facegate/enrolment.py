"""Who is registered at a terminal (vendor document 2.1), and what it remembers of them (2.2)."""

from dataclasses import dataclass, replace
from typing import Any, Final

from .client import FaceGateClient
from .command import Command
from .commands_persons import (
    DELETE_PERSON,
    DELETE_PERSONS,
    DELETE_RECORD,
    DELETE_RECORDS,
    REQUEST_RECORDS,
)
from .errors import FaceGateCommandError, FaceGateMessageError

# Whether there was anything to delete is what their success alone does not tell.
_DELETE: Final = replace(DELETE_PERSON, success=(0,))
_DELETE_RECORD: Final = replace(DELETE_RECORD, success=(0,))


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many records a terminal keeps, and how many of them no server has acknowledged yet."""

    records: int
    waiting: int


async def delete_person(client: FaceGateClient, person_id: str) -> bool:
    """Delete one person with picture and cards; False if nobody of that id was registered.

    Raises what `FaceGateClient.request` does.
    """
    return await _deleted(client, _DELETE, id=person_id)


async def delete_persons(client: FaceGateClient, role: str) -> None:
    """Delete everybody who is "allowed", "blocked" or "normal", or simply "all". Raises what `FaceGateClient.request` does."""
    await client.request(DELETE_PERSONS, role=role)


async def erase_records(client: FaceGateClient, person_id: str) -> int:
    """Delete what a terminal remembers of a person's captures; returns how many there were.

    Raises what `FaceGateClient.request` does; what was deleted until then stays deleted.
    """
    # First all, since what is deleted moves the pages.
    found = [
        capture.sequence_no
        async for capture in client.records(id=person_id)
        # Whatever a terminal makes of the filter, nobody else is deleted.
        if capture.identity and capture.identity.person_id == person_id
    ]
    for sequence in found:
        await client.request(DELETE_RECORD, sequence=sequence)
    return len(found)


async def delete_record(client: FaceGateClient, sequence: int) -> bool:
    """Delete one record by its number, 1 or more; False if there was none. Raises what `FaceGateClient.request` does."""
    return await _deleted(client, _DELETE_RECORD, sequence=sequence)


async def delete_records(client: FaceGateClient) -> None:
    """Delete all records, also those that no server has yet. Raises what `FaceGateClient.request` does."""
    await client.request(DELETE_RECORDS)


async def count_records(client: FaceGateClient) -> Backlog:
    """Return how many records a terminal keeps, by the totals of two pages of one record.

    Raises what `FaceGateClient.request` does, and FaceGateMessageError without a number.
    """
    return Backlog(await _total(client), await _total(client, uploaded=False))


async def _total(client: FaceGateClient, **conditions: Any) -> int:
    answer = await client.request(REQUEST_RECORDS, page_size=1, **conditions)
    total = answer["total"]
    # "Record does not exist" is an answer too.
    if total is None and not answer["records"]:
        return 0
    if not isinstance(total, int) or total < 0:
        raise FaceGateMessageError(f"{REQUEST_RECORDS.key}: the answer has no total")
    return total


async def _deleted(client: FaceGateClient, command: Command, **values: Any) -> bool:
    try:
        await client.request(command, **values)
    except FaceGateCommandError as err:
        if err.slug != "not_found":
            raise
        return False
    return True
