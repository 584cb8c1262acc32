"""The journal in the media browser: by device, day, person and rule, with pictures."""

from unittest.mock import Mock, patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.thermogate import media_source as source
from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.journal import Journal, JournalError, Reason
from custom_components.thermogate.media_source import PAGE
from homeassistant.components import media_source
from homeassistant.components.media_player import BrowseError
from homeassistant.components.media_source import MediaSourceItem, Unresolvable
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
from tests.simulators.camera import CameraSimulator
from tests.simulators.terminal import TerminalSimulator

from .helpers import capture, set_up
from .lookup.house import (
    FACE,
    URI,
    access,
    alarm,
    async_source,
    browse,
    child,
    event_of,
    found,
    open_house,
    open_path,
    titles,
)

# The tests' time zone is seven hours behind UTC: noon there.
pytestmark = pytest.mark.usefixtures("clock")

TODAY = "2026-06-15T18:"
ALL = (
    access("mike-1", "2026-06-15T18:00", "Mike", "face", "scene", temperature=36.6),
    access("ada-1", "2026-06-15T18:05", "Ada", "face", outcome="denied"),
    access("stranger-1", "2026-06-15T18:10", "", "face", outcome="stranger"),
    alarm("motor-1", "2026-06-15T18:15", "Motor", "visible", "thermal", temperature=92),
    alarm("bearing-1", "2026-06-15T18:20", "Motor bearing", "thermal"),
    alarm("input-1", "2026-06-15T18:25", "", outcome="external_input"),
    # Still the day before in the house's time zone.
    access("mike-0", "2026-06-15T06:59", "Mike", "clip"),
)


# Folders


async def test_the_root_has_all_devices_and_each(hass: HomeAssistant) -> None:
    """By their names."""
    await open_house(hass)
    root = await browse(hass)
    assert root.title == "ThermoGate"
    assert titles(root) == ["All devices", "Front door", "Yard"]


async def test_it_is_a_source_among_others(hass: HomeAssistant) -> None:
    """By its name, in every version of Home Assistant."""
    await open_house(hass)
    sources = await media_source.async_browse_media(hass, None)
    assert "ThermoGate" in titles(sources)


@pytest.mark.parametrize(
    ("device", "shown"),
    [
        (
            "Front door",
            [
                "Days",
                "People",
                "11:10 Unknown person",
                "11:05 Ada, turned away",
                "11:00 Mike, let in, 36.6 °C",
                "14 Jun 23:59 Mike, let in",
            ],
        ),
        (
            "Yard",
            [
                "Days",
                "Alarms by rule",
                "11:25 External input alarm",
                "11:20 Motor bearing, temperature alarm",
                "11:15 Motor, temperature alarm, 92.0 °C",
            ],
        ),
        (
            "All devices",
            [
                "Days",
                "People",
                "Alarms by rule",
                "11:25 External input alarm, Yard",
                "11:20 Motor bearing, temperature alarm, Yard",
                "11:15 Motor, temperature alarm, 92.0 °C, Yard",
                "11:10 Unknown person, Front door",
                "11:05 Ada, turned away, Front door",
                "11:00 Mike, let in, 36.6 °C, Front door",
                "14 Jun 23:59 Mike, let in, Front door",
            ],
        ),
    ],
)
async def test_a_device_has_folders_and_what_happened_last(
    hass: HomeAssistant, device: str, shown: list[str]
) -> None:
    """The newest first, in the time zone of the house."""
    await open_house(hass, *ALL)
    node = await open_path(hass, device)
    assert node.title == device
    assert titles(node) == shown


async def test_days(hass: HomeAssistant) -> None:
    """Each with what happened on it."""
    await open_house(hass, *ALL)
    days = ["Today, 15 June 2026", "Yesterday, 14 June 2026"]
    assert titles(await open_path(hass, "Front door", "Days")) == days
    assert titles(await open_path(hass, "Yard", "Days")) == days[:1]
    assert titles(await open_path(hass, "Front door", "Days", days[1])) == [
        "23:59 Mike, let in"
    ]


async def test_people(hass: HomeAssistant) -> None:
    """Who was there last comes first, with the last face; who is not known has a folder too."""
    await open_house(hass, *ALL)
    people = await open_path(hass, "Front door", "People")
    assert titles(people) == ["Unknown persons", "Ada", "Mike"]
    assert [node.thumbnail for node in people.children or ()] == [
        f"/api/thermogate/picture/{event}/face?width=320&height=320"
        for event in ("stranger-1", "ada-1", "mike-1")
    ]
    assert titles(await open_path(hass, "Front door", "People", "Mike")) == [
        "11:00 Mike, let in, 36.6 °C",
        "14 Jun 23:59 Mike, let in",
    ]
    assert titles(await open_path(hass, "Front door", "People", "Unknown persons")) == [
        "11:10 Unknown person"
    ]


async def test_a_person_who_was_renamed_is_one_person(hass: HomeAssistant) -> None:
    """The id counts, and the newest name is shown."""
    await open_house(
        hass,
        access("1", TODAY + "00", "Mike", person_id="7"),
        access("2", TODAY + "01", "Michael", person_id="7"),
    )
    assert titles(await open_path(hass, "All devices", "People")) == [
        "Unknown persons",
        "Michael",
    ]
    assert len(titles(await open_path(hass, "All devices", "People", "Michael"))) == 2


async def test_people_without_ids_are_told_apart_by_their_whole_names(
    hass: HomeAssistant,
) -> None:
    """Mike is not Mike Smith, and the Mike without an id not the one with one."""
    await open_house(
        hass,
        access("1", TODAY + "00", "Mike", person_id=""),
        access("2", TODAY + "01", "Mike Smith", person_id=""),
        access("3", TODAY + "02", "mike", person_id="7"),
    )
    place = "person?device=door-serial&name=Mike"
    assert [event_of(node) for node in (await browse(hass, place)).children or ()] == [
        "1"
    ]


async def test_alarms_by_rule(hass: HomeAssistant) -> None:
    """A rule is not another one whose name begins the same; alarms without a rule are in none."""
    await open_house(hass, *ALL)
    rules = await open_path(hass, "Yard", "Alarms by rule")
    assert titles(rules) == ["Motor bearing", "Motor"]
    assert child(rules, "Motor").thumbnail == (
        "/api/thermogate/picture/motor-1/thermal?width=320&height=320"
    )
    assert titles(await open_path(hass, "Yard", "Alarms by rule", "Motor")) == [
        "11:15 Motor, temperature alarm, 92.0 °C"
    ]


async def test_a_rule_among_very_many_alarms_of_another(hass: HomeAssistant) -> None:
    """A page is short then, not slow; the next one goes on."""
    many = (
        alarm(f"bearing-{number}", TODAY + f"{number % 60:02}", "Motor bearing")
        for number in range(20)
    )
    await open_house(hass, alarm("motor", "2026-06-15T17:00", "Motor"), *many)
    with (
        patch.object(source, "PAGE", 2),
        patch.object(source, "MAX_ROUNDS", 3),
    ):
        node = await open_path(hass, "Yard", "Alarms by rule", "Motor")
        assert titles(node) == ["Older …"]
        for _ in range(3):
            node = await media_source.async_browse_media(
                hass, child(node, "Older …").media_content_id
            )
    assert titles(node) == ["10:00 Motor, temperature alarm"]


@pytest.mark.parametrize(
    "path",
    [
        ("Front door",),
        ("Front door", "Days", "Today, 15 June 2026"),
        ("Front door", "People", "Mike"),
    ],
)
async def test_what_is_long_has_pages(
    hass: HomeAssistant, path: tuple[str, ...]
) -> None:
    """The last thing on a page leads to the next; nothing is left out, nothing comes twice."""
    number = PAGE + 3
    await open_house(
        hass, *(access(str(index), TODAY + f"{index:02}") for index in range(number))
    )
    first = await open_path(hass, *path)
    second = await open_path(hass, *path, "Older …")
    folders = ["Days", "People"] if path == ("Front door",) else []
    assert titles(first)[: len(folders)] == folders
    entries = list(first.children or ())[len(folders) : -1] + list(
        second.children or ()
    )
    assert [event_of(node) for node in entries] == [
        str(index) for index in reversed(range(number))
    ]


async def test_many_days_people_and_rules_have_pages(hass: HomeAssistant) -> None:
    """They are counted."""
    days = [f"2026-05-{day:02}T19:00" for day in range(1, 6)]
    await open_house(
        hass,
        *(access(f"a{number}", day, f"P{number}") for number, day in enumerate(days)),
        *(alarm(f"b{number}", day, f"R{number}") for number, day in enumerate(days)),
    )
    with patch.object(source, "PAGE", 2):
        for folder, pages in {
            "Days": [
                ["Tuesday, 5 May 2026", "Monday, 4 May 2026"],
                ["Sunday, 3 May 2026", "Saturday, 2 May 2026"],
                ["Friday, 1 May 2026"],
            ],
            "People": [["Unknown persons", "P4"], ["P3", "P2"], ["P1", "P0"]],
            "Alarms by rule": [["R4", "R3"], ["R2", "R1"], ["R0"]],
        }.items():
            older = ["Older …"]
            shown = [
                titles(await open_path(hass, "All devices", folder, *older * page))
                for page in range(3)
            ]
            assert shown == [pages[0] + older, pages[1] + older, pages[2]]


async def test_a_device_that_was_removed(hass: HomeAssistant) -> None:
    """Its entries stay, under what it was known by."""
    await open_house(hass, access("1", TODAY + "00", device="gone"))
    assert titles(await open_path(hass, "All devices")) == [
        "Days",
        "People",
        "Alarms by rule",
        "11:00 Mike, let in, gone",
    ]
    assert (await browse(hass, "device?device=gone")).title == "gone"


async def test_temperatures_are_in_the_unit_of_the_house(hass: HomeAssistant) -> None:
    """Also what is searched for."""
    hass.config.units = US_CUSTOMARY_SYSTEM
    await open_house(hass, *ALL)
    assert "11:00 Mike, let in, 97.9 °F" in titles(await open_path(hass, "Front door"))
    assert await found(hass, "mike above 97.5") == ["mike-1"]
    assert await found(hass, "mike above 98") == []


# Entries


async def test_one_picture_is_shown_at_once(hass: HomeAssistant) -> None:
    """There is nothing to open."""
    await open_house(hass, *ALL)
    ada = child(await open_path(hass, "Front door"), "11:05 Ada, turned away")
    assert (ada.can_play, ada.can_expand, ada.media_content_type) == (
        True,
        False,
        "image/jpeg",
    )
    film = child(await open_path(hass, "Front door"), "14 Jun 23:59 Mike, let in")
    assert (film.can_play, film.can_expand, film.media_content_type) == (
        True,
        False,
        "video/mp4",
    )
    assert film.thumbnail is None


async def test_several_pictures_are_opened(hass: HomeAssistant) -> None:
    """The best is shown at once too."""
    roles = ("scene", "face", "photo", "clip")
    await open_house(hass, access("1", TODAY + "00", "Mike", *roles))
    path = ("Front door", "11:00 Mike, let in")
    mike = child(await open_path(hass, path[0]), path[1])
    assert (mike.can_play, mike.can_expand) == (True, True)
    assert mike.thumbnail == "/api/thermogate/picture/1/face?width=320&height=320"
    opened = await open_path(hass, *path)
    assert titles(opened) == ["Scene", "Face", "Registered photo", "Video"]
    assert all(node.can_play and not node.can_expand for node in opened.children or ())
    assert child(opened, "Video").media_class == "video"
    assert child(opened, "Video").thumbnail is None


async def test_nothing_to_show(hass: HomeAssistant) -> None:
    """An entry without pictures opens, and is empty."""
    await open_house(hass, *ALL)
    path = ("Yard", "11:25 External input alarm")
    entry = child(await open_path(hass, path[0]), path[1])
    assert (entry.can_play, entry.can_expand) == (False, True)
    assert titles(await open_path(hass, *path)) == []


async def test_a_picture_is_a_place_too(hass: HomeAssistant) -> None:
    """For who keeps its address."""
    await open_house(hass, *ALL)
    assert (await browse(hass, "event/mike-1/face")).title == "Face"


# Pictures


@pytest.mark.parametrize(
    ("place", "role"),
    [
        ("event/mike-1", "face"),
        ("event/mike-1/face", "face"),
        ("event/mike-1/scene", "scene"),
        ("event/motor-1", "thermal"),
    ],
)
async def test_a_picture_is_resolved(
    hass: HomeAssistant, place: str, role: str
) -> None:
    """To its address, which Home Assistant signs, and to its file; an entry to its best."""
    await open_house(hass, *ALL)
    media = await media_source.async_resolve_media(hass, f"{URI}/{place}", None)
    event_id = place.split("/")[1]
    assert media.url == f"/api/thermogate/picture/{event_id}/{role}"
    assert media.mime_type == "image/jpeg"
    assert media.path is not None and media.path.read_bytes() == FACE


async def test_a_film_is_resolved(hass: HomeAssistant) -> None:
    """To a film."""
    await open_house(hass, *ALL)
    media = await media_source.async_resolve_media(hass, f"{URI}/event/mike-0", None)
    assert media.mime_type == "video/mp4"
    assert media.url == "/api/thermogate/picture/mike-0/clip"


async def test_a_picture_for_an_action(hass: HomeAssistant) -> None:
    """Home Assistant 2026.11 asks for the bytes when a picture is attached to something."""
    await open_house(hass, *ALL)
    image = Mock()
    with patch.object(source, "MEDIA_IMAGE", image):
        journal = await async_source(hass)
        item = MediaSourceItem(hass, DOMAIN, "event/mike-1", None)
        assert await journal.async_get_media_image(item) is image.return_value
        image.assert_called_once_with(content=FACE, mime_type="image/jpeg")
        film = MediaSourceItem(hass, DOMAIN, "event/mike-0", None)
        assert await journal.async_get_media_image(film) is None


async def test_a_broken_picture_is_not_resolved(hass: HomeAssistant) -> None:
    """Nor one whose file is gone."""
    journal = await open_house(hass, *ALL)
    entry = await journal.entry("mike-1")
    assert entry is not None
    path = await journal.picture(entry.pictures[0].name)
    assert path is not None
    for spoil in (lambda: path.write_bytes(FACE[:500]), path.unlink):
        spoil()
        with pytest.raises(Unresolvable):
            await media_source.async_resolve_media(hass, f"{URI}/event/mike-1", None)


# What is not there

NOWHERE = [
    "nowhere",
    "event/nobody",
    "event/nobody/face",
    "event/mike-1/clip",
    "event/input-1/face",
    "event/mike-1/..%2f..%2fsecrets.yaml",
    "event/%00",
    "../../etc/passwd",
    "device?path=/etc/passwd",
    "day?day=2026-02-30",
    "day?day=9999-12-31",
    "days?after=-1",
    "days?after=" + "9" * 5000,
    "person?after=1.1.1",
]


@pytest.mark.parametrize("place", NOWHERE)
async def test_a_place_that_does_not_exist(hass: HomeAssistant, place: str) -> None:
    """Is refused in one sentence, whatever it is."""
    await open_house(hass, *ALL)
    with pytest.raises(BrowseError, match="not, or no longer"):
        await browse(hass, place)
    with pytest.raises(Unresolvable, match="not, or no longer"):
        await media_source.async_resolve_media(hass, f"{URI}/{place}", None)
    with pytest.raises(BrowseError, match="not, or no longer"):
        await found(hass, "mike", place)


@pytest.mark.parametrize("place", ["", "device", "event/input-1"])
async def test_what_has_no_picture_is_not_resolved(
    hass: HomeAssistant, place: str
) -> None:
    """Folders, and alarms without pictures."""
    await open_house(hass, *ALL)
    with pytest.raises(Unresolvable):
        await media_source.async_resolve_media(hass, f"{URI}/{place}".rstrip("/"), None)


async def test_a_journal_that_does_not_answer(hass: HomeAssistant) -> None:
    """Says why."""
    await open_house(hass, *ALL)
    lost = JournalError(Reason.LOST, "no answer")
    with (
        patch.object(Journal, "search", side_effect=lost),
        patch.object(Journal, "entry", side_effect=lost),
    ):
        with pytest.raises(BrowseError, match="no answer"):
            await browse(hass, "device")
        with pytest.raises(BrowseError, match="no answer"):
            await found(hass, "mike")
        with pytest.raises(Unresolvable, match="no answer"):
            await media_source.async_resolve_media(hass, f"{URI}/event/mike-1", None)


# Searching


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("mike", ["mike-1", "mike-0"]),
        ("MIK", ["mike-1", "mike-0"]),
        ("unknown", ["stranger-1"]),
        ("stranger", ["stranger-1"]),
        ("above 37.5", ["motor-1"]),
        ("below 37", ["mike-1"]),
        ("36.6+", ["motor-1", "mike-1"]),
        ("mike above 36", ["mike-1"]),
        ("mike above 37", []),
        ("motor", ["bearing-1", "motor-1"]),
        ("Motor bearing", ["bearing-1"]),
        ("motor > 80", ["motor-1"]),
        ("turned away", ["ada-1"]),
        ("denied ada", ["ada-1"]),
        ("denied mike", []),
        ("external input", ["input-1"]),
        ("nobody", []),
        ("%", []),
        ("' OR 1=1 --", []),
        ("x" * 10_000, []),
        ("\0", []),
    ],
)
async def test_a_search(hass: HomeAssistant, text: str, events: list[str]) -> None:
    """Names, outcomes and temperatures, alone and together; the newest first."""
    await open_house(hass, *ALL)
    assert await found(hass, text) == events


async def test_nothing_typed_finds_the_newest(hass: HomeAssistant) -> None:
    """All, as far as it goes."""
    await open_house(hass, *ALL)
    assert len(await found(hass, " ")) == len(ALL)
    with patch.object(source, "SEARCH_LIMIT", 2):
        assert await found(hass, "") == ["input-1", "bearing-1"]


@pytest.mark.parametrize(
    ("place", "text", "events"),
    [
        ("device?device=yard-serial", "mike", []),
        ("device?device=door-serial", "mike", ["mike-1", "mike-0"]),
        ("day?day=2026-06-14", "mike", ["mike-0"]),
        ("people", "above 30", ["mike-1"]),
        ("rules", "above 30", ["motor-1"]),
        ("person?person_id=id+of+Mike&name=Mike", "ada", []),
        ("person?person_id=id+of+Mike&name=Mike", "let in", ["mike-1", "mike-0"]),
        ("strangers", "unknown", ["stranger-1"]),
        ("strangers", "denied", []),
        ("strangers", "", ["stranger-1"]),
        ("rule?name=Motor", "above 90", ["motor-1"]),
        ("rule?name=Motor", "mot", ["motor-1"]),
        ("rule?name=Motor", "bearing", []),
        ("rule?name=Motor", "", ["motor-1"]),
        ("device?after=1.1", "ada", ["ada-1"]),
    ],
)
async def test_a_search_stays_where_it_was_begun(
    hass: HomeAssistant, place: str, text: str, events: list[str]
) -> None:
    """In a device, a day, a person, a rule; a later page is no place of its own."""
    await open_house(hass, *ALL)
    assert await found(hass, text, place) == events


async def test_only_films_may_be_wanted(hass: HomeAssistant) -> None:
    """Or only pictures."""
    await open_house(hass, *ALL)
    films = await found(hass, "mike", media_filter_classes=["video"])
    pictures = await found(hass, "mike", media_filter_classes=["image"])
    assert (films, pictures) == (["mike-0"], ["mike-1"])


async def test_searching_is_offered_where_home_assistant_can(
    hass: HomeAssistant,
) -> None:
    """Since 2026.8; before, everything else works."""
    await open_house(hass)
    can = hasattr(media_source.MediaSource, "async_search_media")
    assert (await browse(hass)).can_search is can
    assert (await browse(hass, "day?day=2026-06-14")).can_search is can


# With devices


async def test_a_visitor_is_seen_and_found(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """From the terminal to the picture in the browser."""
    await async_setup_component(hass, "media_source", {})
    await set_up(hass, terminal_entry)
    await capture(hass, terminal, "known")
    [person] = [
        node
        for node in (await open_path(hass, "Front door", "People")).children or ()
        if node.title != "Unknown persons"
    ]
    [event_id] = await found(hass, person.title)
    client = await hass_client()
    assert person.thumbnail is not None and event_id in person.thumbnail
    async with client.get(person.thumbnail) as response:
        assert response.status == 200
        assert response.content_type == "image/jpeg"


async def test_rules_of_a_camera_are_there_before_their_first_alarm(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """As the camera names them."""
    await async_setup_component(hass, "media_source", {})
    await set_up(hass, camera_entry)
    names = camera_entry.runtime_data.rule_names.values()
    assert titles(await open_path(hass, "Yard", "Alarms by rule")) == sorted(names)
