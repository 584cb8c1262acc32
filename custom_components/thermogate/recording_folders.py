"""What a camera has stored itself, in the media browser: by lens and kind, by day, and each file."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from homeassistant.components.media_player import MediaClass
from homeassistant.components.media_source import BrowseMediaSource, PlayMedia
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .camera_media import (
    async_find_camera,
    async_find_recording,
    content_type,
    recording_path,
)
from .const import DOMAIN
from .coordinator import CameraCoordinator
from .coordinator.recordings import Shelf
from .films import bare_format
from .guide import Channel, MediaKind, Picture, Recording
from .lookup.places import NoPlaceError
from .lookup.recordings import SHELVES, Place, file_title, parse
from .lookup.titles import day_title

TITLE: Final = "Recordings on the camera"
OLDER: Final = "Older …"
# What a person looks through at a time.
PAGE: Final = 50
DAYS: Final = 30
# Cameras keep files for 730 days at most (vendor document 13.1).
MONTHS: Final = 25
THUMBNAIL: Final = "?width=320&height=320"


class RecordingFolders:
    """The folders of recordings and what is in them. Everything raises NoPlaceError, and GuideError for a camera that is away."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Ask nothing yet."""
        self._hass = hass

    def of_device(self, device: str) -> list[BrowseMediaSource]:
        """Return the folder of a device, nothing where it is no running camera."""
        if device and async_find_camera(self._hass, device):
            return [_folder(Place(device=device), TITLE)]
        return []

    async def async_browse(self, identifier: str) -> BrowseMediaSource:
        """Return a folder with what is in it, or a file."""
        place = parse(identifier)
        camera = self._camera(place)
        if place.file:
            _, recording = await async_find_recording(self._hass, place)
            return _file(place, recording)
        if place.channel is None or place.media is None:
            return _folder(place, TITLE, _shelves(place, camera))
        shelf = Shelf(place.channel, place.media)
        if place.day is None:
            days = await _async_days(place, shelf, camera)
            return _folder(place, SHELVES[shelf], days)
        files = await _async_files(place, shelf, place.day, camera)
        return _folder(place, day_title(place.day, _today()), files)

    async def async_resolve(self, identifier: str) -> PlayMedia:
        """Return the address of a file."""
        place = parse(identifier)
        _, recording = await async_find_recording(self._hass, place)
        return PlayMedia(recording_path(place), _shown_type(recording))

    async def async_picture(self, identifier: str) -> Picture | None:
        """Return a picture with its bytes, None for a film."""
        place = parse(identifier)
        camera, recording = await async_find_recording(self._hass, place)
        if recording.media is MediaKind.VIDEO:
            return None
        picture = Picture.from_bytes(await camera.client.download(recording.url or ""))
        if picture is None:
            raise NoPlaceError
        return picture

    def _camera(self, place: Place) -> CameraCoordinator:
        if (camera := async_find_camera(self._hass, place.device)) is None:
            raise NoPlaceError
        return camera


def _shelves(place: Place, camera: CameraCoordinator) -> list[BrowseMediaSource]:
    """Return the lenses and kinds that a camera has."""
    return [
        _folder(replace(place, channel=channel, media=media), title)
        for (channel, media), title in SHELVES.items()
        if channel is Channel.THERMAL or camera.has_visible
    ]


async def _async_days(
    place: Place, shelf: Shelf, camera: CameraCoordinator
) -> list[BrowseMediaSource]:
    """Return the days with files, newest first, of so many months that they fill a page, and the way to the next."""
    # By its own clock a camera may be a day ahead.
    newest = (_today() + timedelta(days=1)).replace(day=1)
    oldest = _months_before(newest, MONTHS)
    month = min(place.month or newest, newest)
    found: list[date] = []
    while month >= oldest and len(found) < DAYS:
        found += await camera.recordings.async_days(shelf, month)
        month = _months_before(month, 1)
    nodes = [
        _folder(replace(place, day=day, after=""), day_title(day, _today()))
        for day in found
    ]
    if found and month >= oldest:
        nodes.append(_folder(replace(place, after=f"{month:%Y-%m}"), OLDER))
    return nodes


async def _async_files(
    place: Place, shelf: Shelf, day: date, camera: CameraCoordinator
) -> list[BrowseMediaSource]:
    """Return a page of the files of a day, newest first, and the way to the next."""
    files = await camera.recordings.async_files(shelf, day)
    end = place.start + PAGE
    nodes = [
        _file(replace(place, file=name, after=""), recording)
        for name, recording in list(files.items())[place.start : end]
    ]
    if len(files) > end:
        nodes.append(_folder(replace(place, after=str(end)), OLDER))
    return nodes


def _months_before(month: date, count: int) -> date:
    months = month.year * 12 + month.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def _today() -> date:
    return dt_util.now().date()


def _shown_type(recording: Recording) -> str:
    return "video/mp4" if bare_format(recording) else content_type(recording)


def _folder(
    place: Place, title: str, children: list[BrowseMediaSource] | None = None
) -> BrowseMediaSource:
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=place.identifier,
        media_class=MediaClass.DIRECTORY,
        media_content_type="",
        title=title,
        can_play=False,
        can_expand=True,
        children=children,
    )


def _file(place: Place, recording: Recording) -> BrowseMediaSource:
    is_film = recording.media is MediaKind.VIDEO
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=place.identifier,
        media_class=MediaClass.VIDEO if is_film else MediaClass.IMAGE,
        media_content_type=_shown_type(recording),
        title=file_title(recording),
        can_play=True,
        can_expand=False,
        thumbnail=None if is_film else recording_path(place) + THUMBNAIL,
    )
