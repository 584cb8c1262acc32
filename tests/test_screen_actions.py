"""What a person lets the screen of a terminal show."""

import asyncio
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from homeassistant.components import media_source
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.setup import async_setup_component
from tests.helpers import capture, door, set_up
from tests.persons.house import device_id, perform, refusing, requests
from tests.simulators.terminal import Options, TerminalSimulator
from tests.simulators.terminal.faces import portrait_png

WELCOME = "/data_fs/screensaver/NO1.welcome.png"


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.fixture
def media(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Return a folder that Home Assistant may read, and that is its media folder, with a picture."""
    folder = tmp_path / "media"
    folder.mkdir()
    hass.config.media_dirs = {"local": str(folder)}
    hass.config.allowlist_external_dirs = {str(folder)}
    (folder / "zoe.png").write_bytes(portrait_png("Zoë", label="Zoë"))
    large = Image.effect_noise((3000, 1500), 90)
    large.save(folder / "large.png")
    return folder


@pytest.fixture
async def front(
    hass: HomeAssistant,
    media: Path,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> TerminalSimulator:
    """Return the terminal at the front door."""
    assert await async_setup_component(hass, media_source.DOMAIN, {})
    await set_up(hass, terminal_entry, Platform.IMAGE)
    return terminal


# Texts


async def test_a_text(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """It stands where messages stand and looks as they do."""
    answer = await perform(hass, "show_text", text="Please wait")
    assert answer["terminals"][0]["result"] == "shown"
    assert front.device.shown == [
        {
            "position": {"x": 0, "y": 100},
            "alive_time": 10_000,
            "font_size": 60,
            "font_spacing": 1,
            "font_color": "0xffffffff",
            "text": "Please wait",
        }
    ]


async def test_a_text_with_all_its_looks(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Seconds and colours are a person's, and reach the terminal as its own."""
    await perform(
        hass,
        "show_text",
        text="消费成功",
        x=10,
        y=500,
        duration=1.5,
        font_size=100,
        font_spacing=0,
        color=[0, 255, 16],
    )
    assert front.device.shown == [
        {
            "position": {"x": 10, "y": 500},
            "alive_time": 1500,
            "font_size": 100,
            "font_spacing": 0,
            "font_color": "0xff00ff10",
            "text": "消费成功",
        }
    ]


async def test_several_texts(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """They stand below each other, and look alike but for what differs."""
    await perform(
        hass,
        "show_text",
        color="0x80FF0000",
        texts=[{"text": "Welcome", "font_size": 100}, {"text": "Zoë", "y": 400}],
    )
    assert len(requests(front, "text display")) == 1
    assert [
        (shown["text"], shown["position"], shown["font_size"], shown["font_color"])
        for shown in front.device.shown
    ] == [
        ("Welcome", {"x": 0, "y": 100}, 100, "0x80FF0000"),
        ("Zoë", {"x": 0, "y": 400}, 60, "0x80FF0000"),
    ]


LONGEST = (2**32 - 1) / 1000


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("x", 0),
        ("y", 0),
        ("duration", 0),
        ("duration", LONGEST),
        ("font_size", 1),
        ("font_spacing", 0),
        ("color", [0, 0, 0]),
        ("color", [255, 255, 255]),
    ],
)
async def test_the_least_and_the_most(
    hass: HomeAssistant, front: TerminalSimulator, field: str, value: Any
) -> None:
    """Are taken by the terminal."""
    await perform(hass, "show_text", text="Welcome", **{field: value})
    assert len(front.device.shown) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("x", -1),
        ("y", -1),
        ("duration", -0.001),
        ("duration", LONGEST + 0.001),
        ("font_size", 0),
        ("font_spacing", -1),
        ("color", [0, 0, -1]),
        ("color", [256, 0, 0]),
        ("color", [0, 0]),
        ("color", "green"),
        ("color", "0xfffff"),
        ("text", " "),
        ("texts", []),
        ("texts", [{"font_size": 60}]),
        ("texts", [{"text": "twice"}]),
    ],
)
async def test_what_is_beyond(
    hass: HomeAssistant, front: TerminalSimulator, field: str, value: Any
) -> None:
    """Is refused, and nothing is sent."""
    with pytest.raises(vol.Invalid):
        await perform(hass, "show_text", **{"text": "Welcome", field: value})
    assert not requests(front, "text display")


async def test_no_text(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """Is nothing to show."""
    with pytest.raises(ServiceValidationError) as raised:
        await perform(hass, "show_text", x=5)
    assert raised.value.translation_key == "nothing_to_say"


# Pictures


def shown_picture(terminal: TerminalSimulator) -> Image.Image:
    """Return the picture that arrived."""
    [sent] = requests(terminal, "image display")
    assert sent["format"] == "jpg"
    data = b64decode(str(sent["image_data"]))
    assert len(data) < 200_000
    return Image.open(BytesIO(data), formats=["JPEG"])


async def test_a_picture(
    hass: HomeAssistant, media: Path, front: TerminalSimulator
) -> None:
    """It becomes one that fits on the screen."""
    await perform(hass, "show_image", picture=str(media / "zoe.png"))
    assert shown_picture(front).size == (461, 576)
    [shown] = front.device.shown
    assert shown["position"] == {"x": 0, "y": 100}
    assert shown["alive_time"] == 10_000


async def test_a_picture_in_its_place(
    hass: HomeAssistant, media: Path, front: TerminalSimulator
) -> None:
    """As large as it is wanted, for good."""
    await perform(
        hass,
        "show_image",
        media={"media_content_id": "media-source://media_source/local/large.png"},
        x=20,
        y=30,
        duration=0,
        width=300,
        height=300,
    )
    assert shown_picture(front).size == (300, 150)
    [shown] = front.device.shown
    assert shown["position"] == {"x": 20, "y": 30}
    assert shown["alive_time"] == 0


async def test_the_face_of_a_visitor(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """What an image shows, or an event had."""
    await capture(hass, front)
    await perform(hass, "show_image", picture_entity="image.front_door_face")
    assert shown_picture(front).format == "JPEG"


async def test_the_largest_picture(
    hass: HomeAssistant, media: Path, front: TerminalSimulator
) -> None:
    """A picture that is smaller stays as it is."""
    await perform(
        hass, "show_image", picture=str(media / "zoe.png"), width=1920, height=1920
    )
    assert shown_picture(front).size == (480, 600)


async def test_the_smallest_picture(
    hass: HomeAssistant, media: Path, front: TerminalSimulator
) -> None:
    """One pixel is sent, though the terminal has no use for it."""
    with pytest.raises(HomeAssistantError) as raised:
        await perform(
            hass, "show_image", picture=str(media / "zoe.png"), width=1, height=1
        )
    assert raised.value.translation_key == "face_too_small"
    assert shown_picture(front).size == (1, 1)


@pytest.mark.parametrize(
    "fields",
    [{"width": 0}, {"width": 1921}, {"height": 0}, {"height": 1921}, {"x": -1}],
)
async def test_a_picture_beyond_the_limits(
    hass: HomeAssistant, media: Path, front: TerminalSimulator, fields: dict[str, int]
) -> None:
    """Is not sent."""
    with pytest.raises(vol.Invalid):
        await perform(hass, "show_image", picture=str(media / "zoe.png"), **fields)
    assert not requests(front, "image display")


async def test_no_picture(
    hass: HomeAssistant, media: Path, front: TerminalSimulator
) -> None:
    """It is said what is missing or wrong."""
    with pytest.raises(ServiceValidationError) as raised:
        await perform(hass, "show_image")
    assert raised.value.translation_key == "picture_missing"
    (media / "zoe.txt").write_text("Zoë")
    with pytest.raises(ServiceValidationError) as raised:
        await perform(hass, "show_image", picture=str(media / "zoe.txt"))
    assert raised.value.translation_key == "unusable_picture"


# The screensaver


async def test_listing(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """There is what the terminal has."""
    assert await perform(hass, "list_screensaver_media", device_id=device_id(hass)) == {
        "media": [{"position": 1, "name": "welcome.png", "path": WELCOME}]
    }


async def test_a_picture_for_the_screensaver(
    hass: HomeAssistant, media: Path, front: TerminalSimulator
) -> None:
    """It goes to the first free position, and what is there stays."""
    await perform(
        hass,
        "upload_screensaver_media",
        picture=str(media / "large.png"),
        name="news-1",
    )
    assert front.device.media == {1: "welcome.png", 2: "news-1.jpg"}
    stored = bytes(front.device.files["/data_fs/screensaver/NO2.news-1.jpg"])
    assert Image.open(BytesIO(stored), formats=["JPEG"]).width <= 1280
    [update] = requests(front, "update lcd media")
    assert update["screensaver_media_list"] == [
        {"sequence": 1, "media_name": "welcome.png"},
        {"sequence": 2, "media_name": "news-1.jpg"},
    ]


def film(size: int) -> bytes:
    """Return what looks like an MP4."""
    return (b"\0\0\0\x20ftypisom" + bytes(range(256)) * (size // 256 + 1))[:size]


async def test_a_film_in_the_place_of_a_picture(
    hass: HomeAssistant, media: Path, front: TerminalSimulator
) -> None:
    """It arrives as it is, in pieces, and nothing is left of the picture."""
    content = film(500_000)
    (media / "tour.MP4").write_bytes(content)
    await perform(
        hass, "upload_screensaver_media", video=str(media / "tour.MP4"), position=1
    )
    assert front.device.media == {1: "media.mp4"}
    assert front.device.files == {"/data_fs/screensaver/NO1.media.mp4": content}
    assert [piece["size"] for piece in requests(front, "upload file")] == [
        204_800,
        204_800,
        90_400,
    ]


async def test_the_same_name_again(
    hass: HomeAssistant, media: Path, front: TerminalSimulator
) -> None:
    """The new film takes the place of the old one."""
    for size in (300, 200):
        (media / "tour.mp4").write_bytes(film(size))
        await perform(
            hass, "upload_screensaver_media", video=str(media / "tour.mp4"), position=10
        )
    assert front.device.media == {1: "welcome.png", 10: "media.mp4"}
    assert front.device.files["/data_fs/screensaver/NO10.media.mp4"] == film(200)


async def test_a_terminal_without_room(
    hass: HomeAssistant, media: Path, front: TerminalSimulator
) -> None:
    """What could not be stored is not listed, and what was there still is."""
    with (
        refusing(front, "upload file", 20),
        pytest.raises(HomeAssistantError) as raised,
    ):
        await perform(
            hass,
            "upload_screensaver_media",
            picture=str(media / "zoe.png"),
            position=1,
        )
    assert raised.value.translation_key == "storage_full"
    assert front.device.media == {1: "welcome.png"}
    assert WELCOME in front.device.files


async def test_ten_and_one_more(
    hass: HomeAssistant, media: Path, front: TerminalSimulator
) -> None:
    """The tenth finds a place, the next one must say whose it takes."""
    front.device.media = dict.fromkeys(range(1, 10), "welcome.png")
    picture = str(media / "zoe.png")
    await perform(hass, "upload_screensaver_media", picture=picture)
    assert front.device.media[10] == "media.jpg"
    with pytest.raises(ServiceValidationError) as raised:
        await perform(hass, "upload_screensaver_media", picture=picture)
    assert raised.value.translation_key == "screensaver_full"
    await perform(hass, "upload_screensaver_media", picture=picture, position=5)
    assert front.device.media[5] == "media.jpg"
    assert len(front.device.media) == 10


async def test_two_at_the_same_time(
    hass: HomeAssistant, media: Path, front: TerminalSimulator
) -> None:
    """Each finds a place of its own."""
    (media / "tour.mp4").write_bytes(film(500_000))
    await asyncio.gather(
        *(
            perform(
                hass,
                "upload_screensaver_media",
                video=str(media / "tour.mp4"),
                name=name,
            )
            for name in ("one", "two")
        )
    )
    assert sorted(front.device.media.values()) == ["one.mp4", "two.mp4", "welcome.png"]


@pytest.mark.parametrize(
    "fields",
    [
        {"position": 0},
        {"position": 11},
        {"name": ""},
        {"name": "a" * 33},
        {"name": "../evil"},
        {"name": "news\n"},
        {"name": "n.ews"},
    ],
)
async def test_what_is_no_place_in_the_screensaver(
    hass: HomeAssistant, media: Path, front: TerminalSimulator, fields: dict[str, Any]
) -> None:
    """Is refused."""
    with pytest.raises(vol.Invalid):
        await perform(
            hass, "upload_screensaver_media", picture=str(media / "zoe.png"), **fields
        )
    assert not requests(front, "upload file")


async def test_the_longest_name(
    hass: HomeAssistant, media: Path, front: TerminalSimulator
) -> None:
    """Is taken."""
    await perform(
        hass,
        "upload_screensaver_media",
        picture=str(media / "zoe.png"),
        name="a" * 32,
    )
    assert front.device.media[2] == f"{'a' * 32}.jpg"


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("film.mkv", film(100), "unusable_video"),
        ("film.mp4", b"RIFF    AVI ", "unusable_video"),
        ("film.avi", film(100), "unusable_video"),
        ("film.mp4", b"", "unusable_video"),
    ],
)
async def test_what_is_no_film(
    hass: HomeAssistant,
    media: Path,
    front: TerminalSimulator,
    name: str,
    content: bytes,
    key: str,
) -> None:
    """Is not sent."""
    (media / name).write_bytes(content)
    with pytest.raises(ServiceValidationError) as raised:
        await perform(hass, "upload_screensaver_media", video=str(media / name))
    assert raised.value.translation_key == key
    assert not requests(front, "upload file")


@pytest.mark.parametrize("more", [0, 1])
async def test_the_largest_film(
    hass: HomeAssistant,
    media: Path,
    front: TerminalSimulator,
    monkeypatch: pytest.MonkeyPatch,
    more: int,
) -> None:
    """It is sent; one that has a byte more is not."""
    monkeypatch.setattr(
        "custom_components.thermogate.actions.screensaver.MAX_VIDEO", 1000
    )
    (media / "film.mp4").write_bytes(film(1000 + more))
    if not more:
        await perform(hass, "upload_screensaver_media", video=str(media / "film.mp4"))
        assert len(front.device.files["/data_fs/screensaver/NO2.media.mp4"]) == 1000
        return
    with pytest.raises(ServiceValidationError) as raised:
        await perform(hass, "upload_screensaver_media", video=str(media / "film.mp4"))
    assert raised.value.translation_key == "unusable_video"


@pytest.mark.parametrize("fields", [{}, {"picture": "zoe.png", "video": "film.mp4"}])
async def test_one_thing_at_a_time(
    hass: HomeAssistant, media: Path, front: TerminalSimulator, fields: dict[str, str]
) -> None:
    """Neither nothing nor two."""
    paths = {field: str(media / name) for field, name in fields.items()}
    with pytest.raises(ServiceValidationError) as raised:
        await perform(hass, "upload_screensaver_media", **paths)
    assert raised.value.translation_key == "one_picture_or_video"


async def test_a_folder_that_is_not_allowed(
    hass: HomeAssistant, tmp_path: Path, front: TerminalSimulator
) -> None:
    """Is not read."""
    (tmp_path / "film.mp4").write_bytes(film(100))
    with pytest.raises(ServiceValidationError) as raised:
        await perform(
            hass, "upload_screensaver_media", video=str(tmp_path / "film.mp4")
        )
    assert raised.value.translation_key == "file_not_allowed"


async def test_deleting(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """What is chosen goes, from the list and from the memory."""
    front.device.media |= {2: "news.png", 3: "more.png"}
    await perform(hass, "delete_screensaver_media", position=["1", 3, 3])
    assert front.device.media == {2: "news.png"}
    assert WELCOME not in front.device.files


async def test_deleting_what_is_not_there(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Deletes nothing."""
    with pytest.raises(ServiceValidationError) as raised:
        await perform(hass, "delete_screensaver_media", position=[1, 2])
    assert raised.value.translation_key == "no_such_media"
    assert front.device.media == {1: "welcome.png"}


@pytest.mark.parametrize("position", [0, 11, []])
async def test_deleting_beyond_the_limits(
    hass: HomeAssistant, front: TerminalSimulator, position: Any
) -> None:
    """Is refused."""
    with pytest.raises(vol.Invalid):
        await perform(hass, "delete_screensaver_media", position=position)


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("show_image", {"picture": "/a.png"}),
        ("upload_screensaver_media", {"picture": "/a.png"}),
        ("delete_screensaver_media", {"position": 1}),
    ],
)
async def test_who_may(
    hass: HomeAssistant,
    hass_read_only_user: Any,
    front: TerminalSimulator,
    action: str,
    fields: dict[str, Any],
) -> None:
    """Pictures for everybody to see are for administrators."""
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            "thermogate",
            action,
            {"device_id": device_id(hass), **fields},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )


# Sounds that the terminal has


@pytest.mark.parametrize("sound", ["3", "NO3.hot.wav", "no3.HOT.wav", " Hot "])
async def test_a_built_in_sound(
    hass: HomeAssistant, front: TerminalSimulator, sound: str
) -> None:
    """Is played by its number, its name, or what of it says something."""
    answer = await perform(hass, "play_sound", sound=sound)
    assert answer["terminals"][0]["result"] == "played"
    assert front.device.played == ["NO3.hot.wav"]


@pytest.mark.parametrize("sound", ["5", "-1", "ho", "wav"])
async def test_a_sound_that_the_terminal_has_not(
    hass: HomeAssistant, front: TerminalSimulator, sound: str
) -> None:
    """It is said which ones it has."""
    with pytest.raises(ServiceValidationError) as raised:
        await perform(hass, "play_sound", sound=sound)
    assert raised.value.translation_key == "no_such_sound"
    assert raised.value.translation_placeholders == {
        "sound": sound,
        "sounds": "pass, stranger, mask, hot, doorbell",
    }
    assert front.device.played == []
