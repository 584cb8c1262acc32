"""The pictures and films that a terminal shows while nobody is there (vendor document 2.9.3 to 2.9.5)."""

from typing import Final, NamedTuple

from .commands_media import DELETE_MEDIA, REQUEST_MEDIA, UPDATE_MEDIA
from .uploads import Progress, Request, upload

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


async def list_media(request: Request) -> list[ScreensaverMedia]:
    """Return the files of the screensaver, in their order. Raises what `request` does."""
    answer = await request(REQUEST_MEDIA)
    return sorted(
        ScreensaverMedia(item["sequence"], item["media_name"], item["path"] or "")
        for item in answer["media"]
        if item and item["sequence"] is not None and item["media_name"]
    )


async def store_media(
    request: Request,
    position: int,
    name: str,
    data: bytes,
    progress: Progress | None = None,
) -> None:
    """Put a file at a position of the screensaver, in the place of what is there. Raises what `upload` does.

    The file is there before it is listed, so that one that could not be stored changes nothing. Meanwhile nobody else may change
    the list.
    """
    known = await list_media(request)
    # As the vendor document names them in 2.9.3.
    path = f"{_FOLDER}/NO{position}.{name}"
    await upload(request, path, data, progress)
    replaced = [media for media in known if media.position == position]
    others = [media for media in known if media.position != position]
    if replaced and replaced[0].name != name:
        await delete_media(request, replaced)
    # All of them: whether a list adds to the one that is there or takes its place is not documented.
    media = [*others, ScreensaverMedia(position, name, path)]
    await request(UPDATE_MEDIA, media=[each.wire for each in sorted(media)])


async def delete_media(request: Request, media: list[ScreensaverMedia]) -> None:
    """Delete files of the screensaver. Raises what `request` does."""
    await request(DELETE_MEDIA, media=[each.wire for each in media])
