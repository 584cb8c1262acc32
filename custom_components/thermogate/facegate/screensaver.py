"""The pictures and films that a terminal shows while nobody is there (vendor document 2.9.3 to 2.9.5)."""

from typing import Final, NamedTuple

from .client import FaceGateClient
from .commands_media import DELETE_MEDIA, REQUEST_MEDIA, UPDATE_MEDIA
from .uploads import upload

_FOLDER: Final = "/data_fs/screensaver"
(_LIST,) = UPDATE_MEDIA.request
MAX_MEDIA: Final = _LIST.max_length or 0


class ScreensaverMedia(NamedTuple):
    """A file of the screensaver. `position` is from 1 to MAX_MEDIA, `path` where it is on the terminal."""

    position: int
    name: str
    path: str

    @property
    def wire(self) -> dict[str, int | str]:
        """The file by the keys of the commands."""
        return {"sequence": self.position, "media_name": self.name}


async def list_media(client: FaceGateClient) -> list[ScreensaverMedia]:
    """Return the files of the screensaver, in their order. Raises what `FaceGateClient.request` does."""
    answer = await client.request(REQUEST_MEDIA)
    return sorted(
        ScreensaverMedia(item["sequence"], item["media_name"], item["path"] or "")
        for item in answer["media"]
        if item and item["sequence"] is not None and item["media_name"]
    )


async def store_media(
    client: FaceGateClient, position: int, name: str, data: bytes
) -> None:
    """Put a file at a position of the screensaver, in the place of what is there. Raises what `upload` does.

    The file is there before it is listed, so that one that could not be stored changes nothing.
    """
    known = await list_media(client)
    # As the vendor document names them in 2.9.3.
    path = f"{_FOLDER}/NO{position}.{name}"
    await upload(client.request, path, data)
    replaced = [media for media in known if media.position == position]
    others = [media for media in known if media.position != position]
    if replaced and replaced[0].name != name:
        await delete_media(client, replaced)
    # All of them: whether a list adds to the one that is there or takes its place is not documented.
    media = [*others, ScreensaverMedia(position, name, path)]
    await client.request(UPDATE_MEDIA, media=[each.wire for each in sorted(media)])


async def delete_media(client: FaceGateClient, media: list[ScreensaverMedia]) -> None:
    """Delete files of the screensaver. Raises what `FaceGateClient.request` does."""
    await client.request(DELETE_MEDIA, media=[each.wire for each in media])
