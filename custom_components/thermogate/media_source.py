"""Media source: who came and what got hot, to browse by device, day, person and rule, and to search."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import tzinfo
from functools import wraps
from pathlib import Path
from typing import Any, Final, override

from homeassistant.components import media_source
from homeassistant.components.media_player import (
    BrowseError,
    MediaClass,
    SearchMedia,
    SearchMediaQuery,
)
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .const import CONF_KIND, DOMAIN, DeviceKind
from .coordinator import CameraCoordinator, ThermoGateConfigEntry
from .errors import translated
from .guide import GuideError
from .journal import MAX_PAGE, Entry, Journal, JournalError, Query, StoredPicture
from .keeper import async_get_keeper
from .lookup.places import Event, Folder, NoPlaceError, Place, View, parse
from .lookup.recordings import is_here
from .lookup.searches import Reading, readings
from .lookup.titles import OUTCOMES, day_title, entry_title, role_title
from .recording_folders import RecordingFolders
from .views import (
    async_find_picture,
    async_is_whole,
    best,
    picture_path,
    shown_pictures,
)

type Children = list[BrowseMediaSource]

NAME: Final = "ThermoGate"
# What a person looks through before they search instead.
PAGE: Final = 50
SEARCH_LIMIT: Final = 100
# A name may be a part of others that are seen more often; then a page may be short, and the next goes on.
MAX_ROUNDS: Final = 20
THUMBNAIL: Final = "?width=320&height=320"
# Since Home Assistant 2026.8.
CAN_SEARCH: Final = hasattr(MediaSource, "async_search_media")

# Since Home Assistant 2026.11.
MEDIA_IMAGE: Any = getattr(media_source, "MediaImage", None)

TITLES: Final = {
    View.ROOT: NAME,
    View.DAYS: "Days",
    View.PEOPLE: "People",
    View.RULES: "Alarms by rule",
    View.STRANGERS: "Unknown persons",
}
ALL_DEVICES: Final = "All devices"
# Which folders there are for which devices.
FOLDERS: Final = {
    View.DAYS: {DeviceKind.TERMINAL, DeviceKind.CAMERA},
    View.PEOPLE: {DeviceKind.TERMINAL},
    View.RULES: {DeviceKind.CAMERA},
}


def _raising[**P, R](
    error: type[HomeAssistantError],
) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Coroutine[Any, Any, R]]]:
    """Let a method raise the one error that whoever calls it can show."""

    def decorate(
        method: Callable[P, Awaitable[R]],
    ) -> Callable[P, Coroutine[Any, Any, R]]:
        @wraps(method)
        async def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return await method(*args, **kwargs)
            except NoPlaceError as err:
                raise error(
                    translation_domain=DOMAIN,
                    translation_key="media_not_found",
                ) from err
            except (GuideError, JournalError) as err:
                shown = translated(err)
                raise error(
                    translation_domain=shown.translation_domain,
                    translation_key=shown.translation_key,
                    translation_placeholders=shown.translation_placeholders,
                ) from err

        return wrapper

    return decorate


async def async_get_media_source(hass: HomeAssistant) -> MediaSource:
    """Return the journal as a media source."""
    return JournalMediaSource(hass)


class JournalMediaSource(MediaSource):
    """The journal: folders, entries in them, and pictures in those."""

    name = NAME

    def __init__(self, hass: HomeAssistant) -> None:
        """Look nothing up yet."""
        super().__init__(DOMAIN)
        self.hass = hass
        self._recordings = RecordingFolders(hass)
        self._views: dict[View, Callable[[Folder], Awaitable[Children]]] = {
            View.ROOT: self._async_devices,
            View.DEVICE: self._async_device,
            View.DAYS: self._async_days,
            View.PEOPLE: self._async_people,
            View.RULES: self._async_rules,
        }

    @override
    @_raising(BrowseError)
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        """Return a folder with what is in it, or an entry with its pictures."""
        if is_here(item.identifier or ""):
            return await self._recordings.async_browse(item.identifier)
        place = _place(item)
        if isinstance(place, Event):
            return await self._async_event(place)
        children = await self._views.get(place.view, self._async_entries)(place)
        return self._folder(place, children=children)

    @override
    @_raising(BrowseError)
    async def async_search_media(
        self, item: MediaSourceItem, query: SearchMediaQuery
    ) -> SearchMedia:
        """Return the newest entries within a folder that what was typed can mean."""
        place = _place(item)
        if isinstance(place, Event):
            raise NoPlaceError
        folder = replace(place, after="")
        unit = self.hass.config.units.temperature_unit
        found: dict[int, Entry] = {}
        for reading in readings(query.search_query, OUTCOMES, unit):
            if wanted := self._narrowed(folder, reading):
                entries, _ = await self._async_page(folder, wanted)
                found |= {entry.id: entry for entry in entries}
        newest = sorted(
            found.values(), key=lambda entry: (entry.at, entry.id), reverse=True
        )
        nodes = [self._entry(entry, folder) for entry in newest[:SEARCH_LIMIT]]
        classes = query.media_filter_classes
        return SearchMedia(
            result=[
                node for node in nodes if not classes or node.media_class in classes
            ]
        )

    @override
    @_raising(Unresolvable)
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        """Return the address and the file of a picture; of an entry, those of its best."""
        if is_here(item.identifier or ""):
            return await self._recordings.async_resolve(item.identifier)
        event_id, stored, path = await self._async_picture(item)
        return PlayMedia(
            picture_path(event_id, stored.role), stored.content_type, path=path
        )

    @_raising(Unresolvable)
    async def async_get_media_image(self, item: MediaSourceItem) -> Any:
        """Return a picture with its bytes as Home Assistant's `MediaImage`, None for a film. Asked for since 2026.11."""
        if is_here(item.identifier or ""):
            found = await self._recordings.async_picture(item.identifier)
            return found and MEDIA_IMAGE(
                content=found.data, mime_type=found.content_type
            )
        _, stored, path = await self._async_picture(item)
        if not stored.content_type.startswith("image/"):
            return None
        data = await self.hass.async_add_executor_job(path.read_bytes)
        return MEDIA_IMAGE(content=data, mime_type=stored.content_type)

    async def _async_picture(
        self, item: MediaSourceItem
    ) -> tuple[str, StoredPicture, Path]:
        """Return the event, the picture and its file that an item names. NoPlaceError if there is none that may be served."""
        place = _place(item)
        if not isinstance(place, Event):
            raise NoPlaceError
        found = await async_find_picture(self.hass, place.event_id, place.role)
        if found is None or not await async_is_whole(self.hass, *found):
            raise NoPlaceError
        return place.event_id, *found

    # Folders

    async def _async_devices(self, folder: Folder) -> Children:
        """Return all devices, and each."""
        devices = sorted(self._devices.items(), key=lambda device: device[1].casefold())
        return [
            self._folder(Folder(view=View.DEVICE, device=device))
            for device, _ in [("", ""), *devices]
        ]

    async def _async_device(self, folder: Folder) -> Children:
        """Return the ways to look at a device, then what happened last at it."""
        kinds = {
            entry.data[CONF_KIND]
            for entry in self._config_entries
            if folder.device in ("", _device_key(entry))
        }
        folders = [
            self._folder(Folder(view=view, device=folder.device))
            for view, fitting in FOLDERS.items()
            if fitting & kinds and not folder.after
        ]
        if not folder.after:
            folders += self._recordings.of_device(folder.device)
        return folders + await self._async_entries(folder)

    async def _async_days(self, folder: Folder) -> Children:
        """Return the days on which anything happened, newest first."""
        end = folder.start + PAGE
        days = await self._journal.days(
            folder.device or None, tz=self._zone, limit=end + 1
        )
        nodes = [
            self._folder(Folder(view=View.DAY, device=folder.device, day=day))
            for day, _ in days[folder.start : end]
        ]
        return nodes + self._rest(folder, len(days))

    async def _async_people(self, folder: Folder) -> Children:
        """Return those who were seen, last seen first, with their last faces; before them all whom nobody knows."""
        # Somebody who was renamed is there once, with the newest name.
        names: dict[tuple[str, str], str] = {}
        for person in await self._journal.people(folder.device or None):
            key = (person.person_id, "" if person.person_id else person.name)
            names.setdefault(key, person.name)
        device = folder.device
        places = [Folder(view=View.STRANGERS, device=device)]
        places += [
            Folder(view=View.PERSON, device=device, person_id=person_id, name=name)
            for (person_id, _), name in names.items()
        ]
        shown = places[folder.start : folder.start + PAGE]
        pages = await asyncio.gather(
            *(self._async_page(place, place.query(self._zone, 1)) for place in shown)
        )
        nodes = [
            self._folder(place, last=next(iter(entries), None))
            for place, (entries, _) in zip(shown, pages, strict=True)
        ]
        return nodes + self._rest(folder, len(places))

    async def _async_rules(self, folder: Folder) -> Children:
        """Return the rules that alarmed lately, with their last pictures, then those that a camera has now."""
        recent = await self._journal.search(folder.query(self._zone, MAX_PAGE))
        last: dict[str, Entry | None] = {}
        for entry in recent.entries:
            if entry.subject:
                last.setdefault(entry.subject, entry)
        for name in sorted(self._rule_names(folder.device)):
            last.setdefault(name, None)
        nodes = [
            self._folder(
                Folder(view=View.RULE, device=folder.device, name=name), last=newest
            )
            for name, newest in last.items()
        ]
        shown = nodes[folder.start : folder.start + PAGE]
        return shown + self._rest(folder, len(nodes))

    async def _async_entries(self, folder: Folder) -> Children:
        """Return a page of entries, newest first, and the way to the next."""
        query = folder.query(self._zone, PAGE)
        entries, cursor = await self._async_page(folder, query)
        nodes = [self._entry(entry, folder) for entry in entries]
        return nodes + ([self._older(folder, cursor)] if cursor else [])

    def _rest(self, folder: Folder, total: int) -> Children:
        """Return the way to the next page of so many things, if there is one."""
        end = folder.start + PAGE
        return [self._older(folder, str(end))] if total > end else []

    # Entries

    async def _async_event(self, place: Event) -> BrowseMediaSource:
        """Return an entry with its pictures, or one of these."""
        entry = await self._journal.entry(place.event_id)
        if entry is None:
            raise NoPlaceError
        pictures = shown_pictures(entry)
        if not place.role:
            node = self._entry(entry, Folder())
            node.children = [_picture(entry, picture) for picture in pictures.values()]
            return node
        if place.role not in pictures:
            raise NoPlaceError
        return _picture(entry, pictures[place.role])

    async def _async_page(
        self, folder: Folder, query: Query
    ) -> tuple[list[Entry], str | None]:
        """Return as many entries of a folder as the query allows, and where the next page goes on."""
        found: list[Entry] = []
        cursor = query.cursor
        for _ in range(MAX_ROUNDS):
            page = await self._journal.search(
                replace(query, cursor=cursor, limit=query.limit - len(found))
            )
            found += filter(folder.holds, page.entries)
            cursor = page.cursor
            if cursor is None or len(found) == query.limit:
                break
        return found, cursor

    def _narrowed(self, folder: Folder, reading: Reading) -> Query | None:
        """Return what finds, within a folder, what was typed; None if nothing can be both."""
        query = folder.query(self._zone, SEARCH_LIMIT)
        if query.text:
            if reading.text.casefold() not in query.text.casefold():
                return None
        else:
            query = replace(query, text=reading.text)
        if reading.outcome:
            if query.outcomes and reading.outcome not in query.outcomes:
                return None
            query = replace(query, outcomes=(reading.outcome,))
        return replace(
            query,
            temperature_above=reading.above,
            temperature_below=reading.below,
        )

    # What the media browser shows

    def _folder(
        self,
        folder: Folder,
        *,
        title: str = "",
        last: Entry | None = None,
        children: Children | None = None,
    ) -> BrowseMediaSource:
        """Return a folder, with the picture of its last entry if there is one."""
        return BrowseMediaSource(
            domain=DOMAIN,
            identifier=folder.identifier,
            media_class=MediaClass.DIRECTORY,
            media_content_type="",
            title=title or self._title(folder),
            can_play=False,
            can_expand=True,
            can_search=CAN_SEARCH,
            thumbnail=_thumbnail(last) if last else None,
            children=children,
        )

    def _older(self, folder: Folder, after: str) -> BrowseMediaSource:
        return self._folder(replace(folder, after=after), title="Older …")

    def _title(self, folder: Folder) -> str:
        if folder.view is View.DEVICE:
            return self._device_name(folder.device) if folder.device else ALL_DEVICES
        if folder.day:
            return day_title(folder.day, dt_util.now().date())
        return TITLES.get(folder.view) or folder.name or folder.person_id

    def _entry(self, entry: Entry, folder: Folder) -> BrowseMediaSource:
        """Return an entry as it is shown in a folder: one with one picture is played, one with several is opened."""
        pictures = shown_pictures(entry)
        played = pictures[best(pictures)] if pictures else None
        is_told = folder.device or list(self._devices) == [entry.device]
        return BrowseMediaSource(
            domain=DOMAIN,
            identifier=Event(entry.event_id).identifier,
            media_class=_media_class(played),
            media_content_type=played.content_type if played else "",
            title=entry_title(
                entry,
                self._zone,
                self.hass.config.units.temperature_unit,
                today=folder.day or dt_util.now().date(),
                device="" if is_told else self._device_name(entry.device),
            ),
            can_play=played is not None,
            can_expand=len(pictures) != 1,
            thumbnail=_thumbnail(entry),
        )

    # Devices

    @property
    def _journal(self) -> Journal:
        return async_get_keeper(self.hass).journal

    @property
    def _zone(self) -> tzinfo:
        return dt_util.get_default_time_zone()

    @property
    def _config_entries(self) -> list[ThermoGateConfigEntry]:
        return self.hass.config_entries.async_entries(DOMAIN, include_ignore=False)

    @property
    def _devices(self) -> dict[str, str]:
        """The names of the devices by what the journal knows them by."""
        return {_device_key(entry): entry.title for entry in self._config_entries}

    def _device_name(self, device: str) -> str:
        return self._devices.get(device, device)

    def _rule_names(self, device: str) -> set[str]:
        """Return the rules that cameras have now, as far as they can be reached."""
        return {
            name
            for entry in self._config_entries
            if device in ("", _device_key(entry))
            and entry.state is ConfigEntryState.LOADED
            and isinstance(entry.runtime_data, CameraCoordinator)
            for name in (entry.runtime_data.rule_names or {}).values()
        }


def _device_key(entry: ThermoGateConfigEntry) -> str:
    return entry.unique_id or entry.entry_id


def _picture(entry: Entry, picture: StoredPicture) -> BrowseMediaSource:
    """Return a picture of an entry."""
    media_class = _media_class(picture)
    address = picture_path(entry.event_id, picture.role)
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=Event(entry.event_id, picture.role).identifier,
        media_class=media_class,
        media_content_type=picture.content_type,
        title=role_title(picture.role),
        can_play=True,
        can_expand=False,
        thumbnail=address + THUMBNAIL if media_class is MediaClass.IMAGE else None,
    )


def _thumbnail(entry: Entry) -> str | None:
    """Return the address of the small picture of an entry, if it has pictures."""
    roles = [
        role
        for role, picture in shown_pictures(entry).items()
        if picture.content_type.startswith("image/")
    ]
    return picture_path(entry.event_id, best(roles)) + THUMBNAIL if roles else None


def _media_class(picture: StoredPicture | None) -> MediaClass:
    is_film = picture is not None and picture.content_type.startswith("video/")
    return MediaClass.VIDEO if is_film else MediaClass.IMAGE


def _place(item: MediaSourceItem) -> Place:
    """Return the place that an item names; at the root its identifier is None. NoPlaceError."""
    return parse(item.identifier or "")
