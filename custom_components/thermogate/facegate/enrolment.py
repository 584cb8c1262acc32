"""Who is registered at a terminal (vendor document 2.1), and what it remembers of them (2.2)."""

from dataclasses import replace
from typing import Final

from .client import FaceGateClient
from .commands_persons import DELETE_PERSON, DELETE_PERSONS, DELETE_RECORD
from .errors import FaceGateCommandError

# Whether there was anybody to delete is what its success alone does not tell.
_DELETE: Final = replace(DELETE_PERSON, success=(0,))


async def delete_person(client: FaceGateClient, person_id: str) -> bool:
    """Delete one person with picture and cards; False if nobody of that id was registered.

    Raises what `FaceGateClient.request` does.
    """
    try:
        await client.request(_DELETE, id=person_id)
    except FaceGateCommandError as err:
        if err.slug != "not_found":
            raise
        return False
    return True


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
