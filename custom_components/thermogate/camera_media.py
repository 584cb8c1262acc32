"""The recordings and pictures on a camera over HTTP, for logged-in users and signed addresses: passed on while they come."""

from collections.abc import Mapping
from http import HTTPStatus
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

from aiohttp import ETag, web

from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .coordinator import CameraCoordinator
from .coordinator.base import key_of
from .coordinator.recordings import Shelf
from .films import async_get_films, bare_format
from .guide import (
    GuideConnectionError,
    GuideError,
    GuideMissingError,
    GuideValidationError,
    MediaKind,
    Part,
    Recording,
    RemoteFile,
)
from .lookup.places import NoPlaceError
from .lookup.recordings import Place, place_of
from .thumbnails import thumbnail
from .views import HEADERS, Size, asked_size

RECORDING_URL: Final = (
    f"/api/{DOMAIN}/recording/{{device}}/{{channel}}/{{media}}/{{day}}/{{file}}"
)
# What the camera itself says about its files is not passed on: a browser would believe it.
_TYPES: Final = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".mp4": "video/mp4",
    ".avi": "video/x-msvideo",
    ".mkv": "video/x-matroska",
}
_USUAL: Final = {MediaKind.PICTURE: "image/jpeg", MediaKind.VIDEO: "video/mp4"}


def recording_path(place: Place) -> str:
    """Return the address of a file of a camera, for who is logged in."""
    return RECORDING_URL.format(
        device=quote(place.device, safe=""),
        channel=place.channel,
        media=place.media,
        day=place.day,
        file=place.file,
    )


def content_type(recording: Recording) -> str:
    """Return what a browser gets: by how the address ends, and of the kind that was asked for."""
    address = (recording.url or "").partition("?")[0]
    usual = _USUAL[recording.media]
    found = _TYPES.get(PurePosixPath(address).suffix.lower(), usual)
    return found if found.split("/")[0] == usual.split("/")[0] else usual


@callback
def async_find_camera(hass: HomeAssistant, device: str) -> CameraCoordinator | None:
    """Return the running camera that is known by a key."""
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        if (
            key_of(entry) == device
            and entry.state is ConfigEntryState.LOADED
            and isinstance(entry.runtime_data, CameraCoordinator)
        ):
            return entry.runtime_data
    return None


async def async_find_recording(
    hass: HomeAssistant, place: Place
) -> tuple[CameraCoordinator, Recording]:
    """Return a file of a camera by its place. NoPlaceError if there is none, GuideError while the camera cannot be asked."""
    if place.channel is None or place.media is None or place.day is None:
        raise NoPlaceError
    if (camera := async_find_camera(hass, place.device)) is None:
        raise NoPlaceError
    shelf = Shelf(place.channel, place.media)
    recording = await camera.recordings.async_find(shelf, place.day, place.file)
    if recording is None:
        raise NoPlaceError
    return camera, recording


class RecordingView(HomeAssistantView):
    """Serves one file of a camera, or the part of it that is asked for; a picture also made to fit `width` and `height`."""

    url = RECORDING_URL
    name = f"api:{DOMAIN}:recording"

    async def get(self, request: web.Request, **parts: str) -> web.StreamResponse:
        """Return the file, that there is none, or that the camera cannot be reached."""
        try:
            return await _answer(request, parts)
        except NoPlaceError, GuideMissingError:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        except ValueError:
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        except GuideError:
            return web.Response(status=HTTPStatus.BAD_GATEWAY)

    head = get


async def _answer(request: web.Request, parts: Mapping[str, str]) -> web.StreamResponse:
    """Return what is asked for. NoPlaceError, ValueError, GuideError."""
    hass = request.app[KEY_HASS]
    size = asked_size(request.query)
    place = place_of(parts)
    camera, recording = await async_find_recording(hass, place)
    if size and recording.media is MediaKind.PICTURE:
        return await _small(request, hass, place, camera, recording, size)
    if any(known.value == place.file for known in request.if_none_match or ()):
        return _unchanged(place.file)
    if bare_format(recording):
        film = await async_get_films(hass).async_film(
            f"{place.device}/{place.file}", camera.client, recording
        )
        if film:
            return web.FileResponse(
                film, headers={**HEADERS, "Content-Type": "video/mp4"}
            )
    return await _pass_on(request, place.file, camera, recording)


async def _pass_on(
    request: web.Request, tag: str, camera: CameraCoordinator, recording: Recording
) -> web.StreamResponse:
    """Pass a file on while it comes; who leaves ends the transfer."""
    try:
        part = _asked_part(request, tag, recording.size)
    except ValueError:
        return _unsatisfiable(recording.size)
    try:
        async with camera.client.open_file(recording.url or "", part or Part()) as file:
            response = _head(file, tag, recording, in_part=part is not None)
            await response.prepare(request)
            if request.method != "HEAD":
                await _send(request, response, file)
            return response
    except GuideValidationError:
        return _unsatisfiable(recording.size)


def _head(
    file: RemoteFile, tag: str, recording: Recording, *, in_part: bool
) -> web.StreamResponse:
    """Return the beginning of the answer: a part only where the camera told how much there is."""
    response = web.StreamResponse(headers=HEADERS)
    response.content_type = content_type(recording)
    response.etag = tag
    if file.stop is not None:
        response.content_length = file.stop - file.start
    response.headers["Accept-Ranges"] = "none" if file.size is None else "bytes"
    if in_part and file.stop is not None:
        response.set_status(HTTPStatus.PARTIAL_CONTENT)
        total = "*" if file.size is None else file.size
        response.headers["Content-Range"] = (
            f"bytes {file.start}-{file.stop - 1}/{total}"
        )
    return response


async def _send(
    request: web.Request, response: web.StreamResponse, file: RemoteFile
) -> None:
    """Send what comes. A transfer that breaks off is cut for the viewer too, who would take it for the whole else."""
    try:
        async for piece in file.pieces:
            await response.write(piece)
        await response.write_eof()
    except GuideConnectionError:
        response.force_close()
        if request.transport:
            request.transport.close()
    except ConnectionError:
        # The viewer left.
        return


def _asked_part(request: web.Request, tag: str, size: int | None) -> Part | None:
    """Return the part of a file that is asked for, None for all of it. ValueError for none that can be."""
    wanted = request.http_range
    if wanted.start is None and wanted.stop is None:
        return None
    if request.headers.get("If-Range", f'"{tag}"') != f'"{tag}"':
        return None
    if wanted.start is not None and wanted.start < 0:
        # The end of a file: only where the camera told how long it is.
        return None if size is None else Part(max(0, size + wanted.start), size)
    return Part(wanted.start or 0, wanted.stop)


async def _small(
    request: web.Request,
    hass: HomeAssistant,
    place: Place,
    camera: CameraCoordinator,
    recording: Recording,
    size: Size,
) -> web.Response:
    """Return a picture that fits a size, unless the browser has it."""
    tag = f"{place.file}-{size[0]}x{size[1]}"
    if any(known.value == tag for known in request.if_none_match or ()):
        return _unchanged(tag)
    # A page of pictures must not take the camera's whole attention.
    async with camera.recordings.pictures:
        data = await camera.client.download(recording.url or "")
        small = await hass.async_add_executor_job(thumbnail, BytesIO(data), size)
    if small is None:
        raise NoPlaceError
    response = web.Response(body=small, content_type="image/jpeg", headers=HEADERS)
    response.etag = ETag(tag)
    return response


def _unchanged(tag: str) -> web.Response:
    response = web.Response(status=HTTPStatus.NOT_MODIFIED, headers=HEADERS)
    response.etag = ETag(tag)
    return response


def _unsatisfiable(size: int | None) -> web.Response:
    return web.Response(
        status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        headers={} if size is None else {"Content-Range": f"bytes */{size}"},
    )
