"""A journal with some weeks of a front door and a yard, without the devices."""

from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.const import CONF_KIND, DOMAIN, DeviceKind
from custom_components.thermogate.journal import Journal, Kind, NewPicture, Record
from custom_components.thermogate.keeper import async_get_keeper
from custom_components.thermogate.media_source import async_get_media_source
from homeassistant.components import media_source
from homeassistant.components.media_player import BrowseMedia, SearchMediaQuery
from homeassistant.components.media_source import BrowseMediaSource, MediaSourceItem
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from tests.test_pictures import picture

DOOR = "door-serial"
YARD = "yard-serial"
URI = f"media-source://{DOMAIN}"
FACE = picture("JPEG", (640, 480))
FILM = b"\0\0\0\x18ftypmp42 a film"


def seen(name: str) -> NewPicture:
    """Return a picture of a role."""
    if name == "clip":
        return NewPicture(role=name, data=FILM, content_type="video/mp4")
    return NewPicture(role=name, data=FACE, content_type="image/jpeg")


def access(
    event_id: str, at: str, subject: str = "Mike", *roles: str, **changes: Any
) -> Record:
    """Return somebody at the front door, at a moment in UTC."""
    return happening(
        Kind.ACCESS, event_id, at, subject, *roles, **{"device": DOOR} | changes
    )


def alarm(
    event_id: str, at: str, subject: str = "Motor", *roles: str, **changes: Any
) -> Record:
    """Return an alarm in the yard, at a moment in UTC."""
    values = {"device": YARD, "outcome": "temperature", "person_id": ""} | changes
    return happening(Kind.ALARM, event_id, at, subject, *roles, **values)


def happening(
    kind: Kind, event_id: str, at: str, subject: str, *roles: str, **changes: Any
) -> Record:
    """Return a record with pictures of these roles."""
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    values: dict[str, Any] = {
        "outcome": "granted",
        "person_id": f"id of {subject}" if subject else "",
        "details": {},
    }
    return Record(
        event_id=event_id,
        kind=kind,
        key=event_id,
        at=moment,
        received_at=moment,
        live=True,
        subject=subject,
        pictures=tuple(map(seen, roles)),
        **values | changes,
    )


async def open_house(hass: HomeAssistant, *records: Record) -> Journal:
    """Set up a door and a yard that stay silent, and media source; return the open journal with these records."""
    for title, serial, kind in (
        ("Yard", YARD, DeviceKind.CAMERA),
        ("Front door", DOOR, DeviceKind.TERMINAL),
    ):
        MockConfigEntry(
            domain=DOMAIN, title=title, unique_id=serial, data={CONF_KIND: kind}
        ).add_to_hass(hass)
    with patch(f"custom_components.{DOMAIN}.async_setup_entry", _set_up_silently):
        assert await async_setup_component(hass, DOMAIN, {})
        assert await async_setup_component(hass, "media_source", {})
        await hass.async_block_till_done()
    keeper = async_get_keeper(hass)
    await keeper.async_acquire()
    for record in records:
        assert await keeper.journal.append(record)
    return keeper.journal


async def _set_up_silently(_: HomeAssistant, entry: MockConfigEntry) -> bool:
    """Be a device that is set up and of which nothing is known."""
    entry.runtime_data = None
    return True


async def browse(hass: HomeAssistant, place: str = "") -> BrowseMedia:
    """Return what a place of the journal shows."""
    return await media_source.async_browse_media(hass, f"{URI}/{place}".rstrip("/"))


async def open_path(hass: HomeAssistant, *titles: str) -> BrowseMedia:
    """Go down from the root through folders of these titles."""
    node = await browse(hass)
    for title in titles:
        node = await media_source.async_browse_media(
            hass, child(node, title).media_content_id
        )
    return node


def child(node: BrowseMedia, title: str) -> BrowseMedia:
    """Return what a folder has under a title."""
    [found] = [each for each in node.children or () if each.title == title]
    return found


def titles(node: BrowseMedia) -> list[str]:
    """Return what a folder has."""
    return [each.title for each in node.children or ()]


async def found(
    hass: HomeAssistant, text: str, place: str = "", **query: Any
) -> list[str]:
    """Return the events that a search finds. Asked directly: Home Assistant searches in media sources since 2026.8."""
    source = await async_source(hass)
    item = MediaSourceItem(hass, DOMAIN, place, None)
    answer = await source.async_search_media(
        item, SearchMediaQuery(search_query=text, **query)
    )
    return [event_of(node) for node in answer.result]


async def async_source(hass: HomeAssistant) -> Any:
    """Return the media source."""
    return await async_get_media_source(hass)


def event_of(node: BrowseMedia) -> str:
    """Return which event an entry is."""
    assert isinstance(node, BrowseMediaSource) and node.identifier
    return node.identifier.removeprefix("event/")
