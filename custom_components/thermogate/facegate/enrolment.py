"""Who is registered at a terminal (vendor document 2.1)."""

from dataclasses import replace
from typing import Final

from .client import FaceGateClient
from .commands_persons import DELETE_PERSON
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
