"""Actions: the pictures and films of a terminal's screensaver."""

from functools import partial
from pathlib import PurePath
from typing import Any, Final

import voluptuous as vol

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from ..const import DOMAIN
from ..errors import translate_errors
from ..facegate import (
    MAX_MEDIA,
    Progress,
    Request,
    ScreensaverMedia,
    delete_media,
    list_media,
    store_media,
)
from ..person_photos import screen_picture
from ..reading import read_allowed
from .person_picture import ATTR_EVENT_ID, PICTURE_FIELDS, async_picture
from .terminals import (
    ONE_TERMINAL,
    SEVERAL_TERMINALS,
    Terminal,
    at_each,
    called_terminal,
    called_terminals,
)

ATTR_POSITION = "position"
ATTR_NAME = "name"
ATTR_VIDEO = "video"

LIST = "list_screensaver_media"
UPLOAD = "upload_screensaver_media"
DELETE = "delete_screensaver_media"

# The largest screen that is known, either way up.
SCREEN: Final = (1280, 1280)
# A film goes in pieces that the terminal confirms one by one, some minutes of them.
MAX_VIDEO: Final = 32 * 1024 * 1024
DEFAULT_NAME: Final = "media"

_POSITION: Final = vol.All(vol.Coerce(int), vol.Range(min=1, max=MAX_MEDIA))

FIELDS: Final[dict[str, dict[Any, Any]]] = {
    LIST: ONE_TERMINAL,
    UPLOAD: SEVERAL_TERMINALS
    | {
        field: value
        for field, value in PICTURE_FIELDS.items()
        if field != ATTR_EVENT_ID
    }
    | {
        vol.Optional(ATTR_VIDEO): cv.string,
        vol.Optional(ATTR_POSITION): _POSITION,
        # It becomes a part of a path on the terminal.
        vol.Optional(ATTR_NAME, default=DEFAULT_NAME): cv.matches_regex(
            r"^[A-Za-z0-9_-]{1,32}\Z"
        ),
    },
    DELETE: SEVERAL_TERMINALS
    | {
        vol.Required(ATTR_POSITION): vol.All(
            cv.ensure_list, [_POSITION], vol.Length(min=1)
        )
    },
}


@translate_errors
async def _list(call: ServiceCall) -> ServiceResponse:
    """Return what there is."""
    coordinator = called_terminal(call).coordinator
    media = await coordinator.async_command(list_media(coordinator.client.request))
    return {"media": [each._asdict() for each in media]}


async def _upload(call: ServiceCall) -> ServiceResponse:
    """Store a picture or a film, and return what came of it at each terminal."""
    terminals = called_terminals(call)
    data, suffix = await _content(call.hass, call.data)
    name = f"{call.data[ATTR_NAME]}{suffix}"
    position: int | None = call.data.get(ATTR_POSITION)

    @translate_errors
    async def store(terminal: Terminal) -> str:
        await terminal.coordinator.transfers.async_move(
            lambda request, progress: _store_at(request, progress, position, name, data)
        )
        return "stored"

    return await at_each(terminals, store, answered=call.return_response)


async def _store_at(
    request: Request,
    progress: Progress,
    position: int | None,
    name: str,
    data: bytes,
) -> None:
    """Store a file at a position, or at the first that is free."""
    if position is None:
        taken = {media.position for media in await list_media(request)}
        free = [each for each in range(1, MAX_MEDIA + 1) if each not in taken]
        if not free:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="screensaver_full",
                translation_placeholders={"most": str(MAX_MEDIA)},
            )
        position = free[0]
    await store_media(request, position, name, data, progress)


async def _content(hass: HomeAssistant, data: dict[str, Any]) -> tuple[bytes, str]:
    """Return the file that an action names, and how its name ends."""
    picture = await async_picture(hass, data, partial(screen_picture, size=SCREEN))
    path: str | None = data.get(ATTR_VIDEO)
    if (picture is None) == (path is None):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="one_picture_or_video"
        )
    if picture is not None:
        return picture, ".jpg"
    assert path is not None
    suffix = PurePath(path).suffix.lower()
    video = await hass.async_add_executor_job(read_allowed, hass, path, MAX_VIDEO)
    if not _is_video(video, suffix):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="unusable_video",
            translation_placeholders={"megabytes": str(MAX_VIDEO // 1024**2)},
        )
    return video, suffix


def _is_video(data: bytes, suffix: str) -> bool:
    """Tell whether a file is what its name says; which films terminals show is not documented, so these are the usual."""
    if len(data) > MAX_VIDEO:
        return False
    if suffix == ".avi":
        return data[:4] == b"RIFF" and data[8:12] == b"AVI "
    return suffix == ".mp4" and data[4:8] == b"ftyp"


async def _delete(call: ServiceCall) -> ServiceResponse:
    """Delete files, and return what came of it at each terminal."""
    positions: list[int] = call.data[ATTR_POSITION]

    @translate_errors
    async def delete(terminal: Terminal) -> str:
        # Not while a file is stored, whose list would bring it back.
        await terminal.coordinator.transfers.async_move(
            lambda request, _: _delete_at(request, positions)
        )
        return "deleted"

    terminals = called_terminals(call)
    return await at_each(terminals, delete, answered=call.return_response)


async def _delete_at(request: Request, positions: list[int]) -> None:
    """Delete the files at some positions."""
    known = await list_media(request)
    await delete_media(request, _chosen(known, positions))


def _chosen(
    known: list[ScreensaverMedia], positions: list[int]
) -> list[ScreensaverMedia]:
    """Return the files at these positions. ServiceValidationError where there is none."""
    by_position = {media.position: media for media in known}
    if missing := sorted(set(positions) - by_position.keys()):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_such_media",
            translation_placeholders={
                "positions": ", ".join(map(str, missing)),
                "known": ", ".join(map(str, by_position)) or "-",
            },
        )
    return [by_position[position] for position in dict.fromkeys(positions)]


@callback
def async_setup_screensaver_actions(hass: HomeAssistant) -> None:
    """Register the actions; what everybody sees is for administrators to say."""
    hass.services.async_register(
        DOMAIN,
        LIST,
        _list,
        schema=vol.Schema(FIELDS[LIST]),
        supports_response=SupportsResponse.ONLY,
    )
    for name, action in ((UPLOAD, _upload), (DELETE, _delete)):
        async_register_admin_service(
            hass,
            DOMAIN,
            name,
            action,
            schema=vol.Schema(FIELDS[name]),
            supports_response=SupportsResponse.OPTIONAL,
        )
