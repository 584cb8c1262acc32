"""What a camera has stored itself: found in the media browser, played through Home Assistant, and nothing else fetched."""

import asyncio
from datetime import timedelta
from http import HTTPStatus
from io import BytesIO
from typing import Any
from unittest.mock import patch

from aiohttp import web
from aiohttp.test_utils import TestClient
import av
from freezegun.api import TickingDateTimeFactory
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from custom_components.thermogate.camera_media import RECORDING_URL
from homeassistant.components import media_source
from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.media_player import BrowseError, BrowseMedia
from homeassistant.components.media_source import Unresolvable
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from tests.camera_commands.cases_functions import tell
from tests.simulators.camera import CameraSimulator, Options as CameraOptions
from tests.simulators.camera.camera import HANDLERS
from tests.simulators.camera.files import PICTURE, SIZES

from .helpers import set_up
from .lookup.house import browse, open_path, titles
from .test_camera_coordinator import coordinator_of

type Browser = TestClient[Any, Any]

FOLDER = "Recordings on the camera"
# Noon of the tests' clock; the camera has made up what there was before.
TODAY = "Today, 15 June 2026"
PICTURES = ("Yard", FOLDER, "Thermal pictures")
VIDEOS = ("Yard", FOLDER, "Thermal videos")
SIZE = SIZES[PICTURE]
FOLDERS = "custom_components.thermogate.recording_folders"
CLIENT = "custom_components.thermogate.guide.client"


@pytest.fixture(autouse=True)
def _quick(clock: TickingDateTimeFactory) -> None:
    """Stand at a fixed noon."""


@pytest.fixture
def camera_options() -> CameraOptions:
    """Return a camera that remembers a month."""
    return CameraOptions(seed=1, days_of_history=30, alarm_period=0, shutter_time=0.05)


@pytest.fixture
async def yard(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> CameraSimulator:
    """Return a camera that is set up and whose clock is right."""
    camera.camera.set_clock(dt_util.now().replace(tzinfo=None))
    await set_up(hass, camera_entry, Platform.CAMERA)
    assert await async_setup_component(hass, "media_source", {})
    await hass.async_block_till_done()
    return camera


@pytest.fixture
async def user(yard: CameraSimulator, hass_client: ClientSessionGenerator) -> Browser:
    """Return a browser in which somebody is logged in."""
    return await hass_client()


async def first_of(hass: HomeAssistant, *path: str) -> BrowseMedia:
    """Return the newest file of the newest day of a folder."""
    days = await open_path(hass, *path)
    day = await media_source.async_browse_media(
        hass, (days.children or [])[0].media_content_id
    )
    return (day.children or [])[0]


async def address_of(hass: HomeAssistant, *path: str) -> str:
    """Return where that file is played."""
    node = await first_of(hass, *path)
    return (
        await media_source.async_resolve_media(hass, node.media_content_id, None)
    ).url


# Folders


@pytest.mark.usefixtures("yard")
async def test_a_camera_has_a_folder_for_each_lens_and_kind(
    hass: HomeAssistant,
) -> None:
    """Beside what Home Assistant remembers of it."""
    assert titles(await open_path(hass, "Yard"))[:3] == [
        "Days",
        "Alarms by rule",
        FOLDER,
    ]
    assert FOLDER not in titles(await open_path(hass, "All devices"))
    assert titles(await open_path(hass, "Yard", FOLDER)) == [
        "Thermal videos",
        "Thermal pictures",
        "Visible videos",
        "Visible pictures",
    ]


@pytest.mark.usefixtures("yard")
async def test_days_and_what_there_was(hass: HomeAssistant) -> None:
    """Newest first; what happened, when, and of a film for how long."""
    days = titles(await open_path(hass, *VIDEOS))
    assert days[:2] == [TODAY, "Yesterday, 14 June 2026"]
    assert titles(await open_path(hass, *VIDEOS, TODAY)) == [
        "09:47:00 Hot spot, 10 s",
        "06:12:00 Alarm, 10 s",
    ]
    pictures = await open_path(hass, *PICTURES, TODAY)
    assert titles(pictures) == ["09:47:00 Hot spot", "06:12:00 Alarm"]
    assert all(
        node.thumbnail and node.thumbnail.endswith("?width=320&height=320")
        for node in pictures.children or ()
    )


async def test_what_was_cleaned_up_is_not_shown(
    hass: HomeAssistant, yard: CameraSimulator
) -> None:
    """What the camera has is asked for anew, though it was told a moment ago."""
    assert titles(await open_path(hass, *PICTURES, TODAY))
    await tell(hass, "clean_up_data", confirm=True)
    [day] = (
        each
        for each in (await open_path(hass, *PICTURES)).children or ()
        if each.title == TODAY
    )
    with patch.object(yard.camera.files, "history", return_value=[]):
        shown = await media_source.async_browse_media(hass, day.media_content_id)
    assert titles(shown) == []


@pytest.mark.usefixtures("yard")
async def test_many_files_of_a_day_and_many_days_have_pages(
    hass: HomeAssistant,
) -> None:
    """Each goes on where the one before ends, and none is there twice."""
    whole_days = titles(await open_path(hass, *PICTURES))
    whole_day = titles(await open_path(hass, *PICTURES, TODAY))
    with patch(f"{FOLDERS}.DAYS", 10), patch(f"{FOLDERS}.PAGE", 1):
        june = await open_path(hass, *PICTURES)
        may = await open_path(hass, *PICTURES, "Older …")
        first = await open_path(hass, *PICTURES, TODAY)
        second = await open_path(hass, *PICTURES, TODAY, "Older …")
    assert {titles(node)[-1] for node in (june, may, first)} == {"Older …"}
    assert [*titles(june)[:-1], *titles(may)[:-1]] == whole_days
    assert [*titles(first)[:-1], *titles(second)] == whole_day


@pytest.mark.parametrize(
    "camera_options",
    [CameraOptions(seed=1, alarm_period=0, quirks=frozenset({"ir-only"}))],
)
@pytest.mark.usefixtures("yard")
async def test_a_camera_without_visible_lens_has_none_in_its_folders(
    hass: HomeAssistant,
) -> None:
    """What does not exist is not offered."""
    assert titles(await open_path(hass, "Yard", FOLDER)) == [
        "Thermal videos",
        "Thermal pictures",
    ]


@pytest.mark.usefixtures("yard")
async def test_a_camera_that_refuses_says_so(hass: HomeAssistant) -> None:
    """Such as one without memory card."""
    with patch.dict(HANDLERS):
        del HANDLERS[514]
        with pytest.raises(BrowseError, match="does not have"):
            await open_path(hass, *PICTURES)


@pytest.mark.usefixtures("yard")
async def test_a_camera_that_is_not_set_up_has_no_recordings(
    hass: HomeAssistant, camera_entry: MockConfigEntry
) -> None:
    """Neither to look at nor to play."""
    node = await first_of(hass, *PICTURES)
    await hass.config_entries.async_unload(camera_entry.entry_id)
    with pytest.raises(BrowseError):
        await media_source.async_browse_media(hass, node.media_content_id)
    with pytest.raises(Unresolvable):
        await media_source.async_resolve_media(hass, node.media_content_id, None)


@pytest.mark.parametrize(
    "place",
    [
        "recordings",
        "recordings?device=",
        "recordings?device=nobody",
        "recordings?device={0}&channel=thermal",
        "recordings?device={0}&channel=infrared&media=video",
        "recordings?device={0}&day=2026-06-15",
        "recordings?device={0}&channel=thermal&media=video&day=2026-06-31",
        "recordings?device={0}&channel=thermal&media=video&after=2026-13",
        "recordings?device={0}&channel=thermal&media=video&after=0000-01",
        "recordings?device={0}&channel=thermal&media=video&day=2026-06-15&after=-1",
        "recordings?device={0}&channel=thermal&media=video&day=2026-06-15&file=x",
        "recordings?device={0}&channel=thermal&media=video&day=2026-06-15&file="
        + "0" * 32,
        "recordings?device={0}&device={0}",
        "recordings?device={0}&path=/etc/passwd",
    ],
)
async def test_what_is_no_place_shows_nothing(
    hass: HomeAssistant, yard: CameraSimulator, place: str
) -> None:
    """Whatever a browser sends."""
    with pytest.raises(BrowseError):
        await browse(hass, place.format(yard.options.serial))


# Files


async def test_a_picture_is_passed_on(hass: HomeAssistant, user: Browser) -> None:
    """As what it is, whatever the camera calls it."""
    async with user.get(await address_of(hass, *PICTURES)) as response:
        assert response.status == HTTPStatus.OK
        data = await response.read()
    assert len(data) == SIZE
    assert Image.open(BytesIO(data)).format == "JPEG"
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Accept-Ranges"] == "bytes"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]


async def test_a_small_picture(hass: HomeAssistant, user: Browser) -> None:
    """For the folder, and not again if the browser has it."""
    node = await first_of(hass, *PICTURES)
    assert node.thumbnail
    async with user.get(node.thumbnail) as response:
        assert Image.open(BytesIO(await response.read())).width <= 320
    tag = {"If-None-Match": response.headers["ETag"]}
    async with user.get(node.thumbnail, headers=tag) as response:
        assert response.status == HTTPStatus.NOT_MODIFIED


async def test_a_film_is_one_that_browsers_play(
    hass: HomeAssistant, user: Browser
) -> None:
    """The camera stores bare H.264; Home Assistant puts it into an MP4 file, as long as the camera says it is."""
    node = await first_of(hass, *VIDEOS)
    assert node.media_content_type == "video/mp4"
    address = await address_of(hass, *VIDEOS)
    async with user.get(address) as response:
        film = await response.read()
    assert response.headers["Content-Type"] == "video/mp4"
    with av.open(BytesIO(film)) as played:
        assert played.duration is not None
        assert played.duration / av.time_base == pytest.approx(10, abs=0.1)
        assert next(played.decode(video=0)).width
    async with user.get(address, headers={"Range": "bytes=100-199"}) as response:
        assert response.status == HTTPStatus.PARTIAL_CONTENT
        assert await response.read() == film[100:200]


async def test_a_film_that_is_here_waits_for_no_other(
    hass: HomeAssistant, yard: CameraSimulator, user: Browser
) -> None:
    """Who jumps about in it is not held up by another that is still on its way."""

    async def watch(address: str) -> int:
        async with asyncio.timeout(5), user.get(address) as response:
            return response.status

    here = await address_of(hass, *VIDEOS)
    other = await address_of(hass, "Yard", FOLDER, "Visible videos")
    assert await watch(here) == HTTPStatus.OK
    asked, given = asyncio.Event(), asyncio.Event()

    async def slow(_: str) -> bytes:
        asked.set()
        await given.wait()
        return b"no film"

    with patch.object(yard.camera.files, "_clip", slow):
        waiting = asyncio.create_task(watch(other))
        await asked.wait()
        try:
            assert await watch(here) == HTTPStatus.OK
        finally:
            given.set()
            await waiting


async def test_who_leaves_is_not_converted_for(
    hass: HomeAssistant, yard: CameraSimulator, user: Browser
) -> None:
    """The camera's file is not fetched any further, and the next film does not wait for it."""
    address = await address_of(hass, *VIDEOS)
    asked, answered = asyncio.Event(), asyncio.Event()

    async def slow(_: str) -> bytes:
        asked.set()
        await answered.wait()
        return b""

    with patch.object(yard.camera.files, "get", slow):
        leaving = asyncio.create_task(user.get(address))
        await asked.wait()
        leaving.cancel()
        await asyncio.wait([leaving])
    async with asyncio.timeout(10), user.get(address) as response:
        assert response.headers["Content-Type"] == "video/mp4"
    answered.set()


async def test_a_film_that_is_none_comes_as_it_is(
    hass: HomeAssistant, yard: CameraSimulator, user: Browser
) -> None:
    """Some other player may know it."""
    address = await address_of(hass, *VIDEOS)
    with patch.object(yard.camera.files, "_clip", return_value=b"no film"):
        async with user.get(address) as response:
            assert (await response.read()).startswith(b"no film")


@pytest.mark.parametrize(
    ("wanted", "start", "stop"),
    [
        ("bytes=0-", 0, SIZE),
        ("bytes=0-0", 0, 1),
        ("bytes=1000-1999", 1000, 2000),
        ("bytes=159999-", SIZE - 1, SIZE),
        ("bytes=1000-999999999", 1000, SIZE),
        ("bytes=-500", SIZE - 500, SIZE),
        ("bytes=-999999999", 0, SIZE),
    ],
)
async def test_a_part_of_a_file(
    hass: HomeAssistant,
    yard: CameraSimulator,
    user: Browser,
    wanted: str,
    start: int,
    stop: int,
) -> None:
    """As players ask for it when somebody seeks; also from a camera that only has whole files."""
    address = await address_of(hass, *PICTURES)
    async with user.get(address) as response:
        whole = await response.read()
    with patch.object(yard.camera, "thermal_jpeg", return_value=whole):
        for quirk in ("", "no-ranges"):
            yard.camera.quirks.add(quirk)
            async with user.get(address, headers={"Range": wanted}) as response:
                assert response.status == HTTPStatus.PARTIAL_CONTENT
                assert (
                    response.headers["Content-Range"]
                    == f"bytes {start}-{stop - 1}/{SIZE}"
                )
                assert await response.read() == whole[start:stop]


async def test_a_part_that_is_not_there(
    hass: HomeAssistant, yard: CameraSimulator, user: Browser
) -> None:
    """Behind the end, or none at all."""
    address = await address_of(hass, *PICTURES)
    for quirk in ("", "no-ranges"):
        yard.camera.quirks.add(quirk)
        for wanted in ("bytes=160000-", "bytes=9-1", "bytes=a-", "x=1-2"):
            async with user.get(address, headers={"Range": wanted}) as response:
                assert response.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
                assert response.headers["Content-Range"] == f"bytes */{SIZE}"


async def test_a_part_of_another_file_is_not_added_to_this(
    hass: HomeAssistant, user: Browser
) -> None:
    """Who has the beginning of something else gets all."""
    headers = {"Range": "bytes=10-", "If-Range": '"another"'}
    async with user.get(await address_of(hass, *PICTURES), headers=headers) as response:
        assert response.status == HTTPStatus.OK
        assert len(await response.read()) == SIZE


async def test_only_the_beginning_is_asked_for(
    hass: HomeAssistant, user: Browser
) -> None:
    """How long it is, without the file."""
    async with user.head(await address_of(hass, *PICTURES)) as response:
        assert response.headers["Content-Length"] == str(SIZE)


# What is refused


async def test_nobody_sees_it_without_login(
    hass: HomeAssistant,
    yard: CameraSimulator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """Unless the address is signed."""
    visitor = await hass_client_no_auth()
    address = await address_of(hass, *PICTURES)
    async with visitor.get(address) as response:
        assert response.status == HTTPStatus.UNAUTHORIZED
    signed = async_sign_path(hass, address, timedelta(minutes=1), use_content_user=True)
    async with visitor.get(signed) as response:
        assert response.status == HTTPStatus.OK


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"device": "nobody"}, HTTPStatus.NOT_FOUND),
        ({"channel": "infrared"}, HTTPStatus.NOT_FOUND),
        ({"media": "log"}, HTTPStatus.NOT_FOUND),
        ({"day": "yesterday"}, HTTPStatus.NOT_FOUND),
        ({"day": "2026-06-14"}, HTTPStatus.NOT_FOUND),
        ({"file": "0" * 32}, HTTPStatus.NOT_FOUND),
        ({"file": "..%2f..%2fconfig.bin"}, HTTPStatus.BAD_REQUEST),
        ({"file": "%2fdownload%2fconfig.bin"}, HTTPStatus.NOT_FOUND),
    ],
)
async def test_only_what_the_camera_lists_is_fetched(
    hass: HomeAssistant,
    yard: CameraSimulator,
    user: Browser,
    changes: dict[str, str],
    status: HTTPStatus,
) -> None:
    """No part of an address of ours is ever a part of one on the camera."""
    address = await address_of(hass, *PICTURES)
    names = ("device", "channel", "media", "day", "file")
    parts = dict(zip(names, address.split("/")[-5:], strict=True)) | changes
    fetched: list[str] = []
    with patch.object(yard.camera.files, "get", side_effect=fetched.append):
        url = user.make_url("/").join(URL(RECORDING_URL.format(**parts), encoded=True))
        async with user.session.get(url) as response:
            assert response.status == status
    assert not fetched


async def test_a_strange_size_is_refused(hass: HomeAssistant, user: Browser) -> None:
    """It is a number of pixels."""
    address = await address_of(hass, *PICTURES)
    async with user.get(f"{address}?width=big") as response:
        assert response.status == HTTPStatus.BAD_REQUEST


async def test_a_picture_that_is_none_has_no_small_one(
    hass: HomeAssistant, yard: CameraSimulator, user: Browser
) -> None:
    """Whatever it is instead."""
    node = await first_of(hass, *PICTURES)
    with patch.object(yard.camera, "thermal_jpeg", return_value=b"<script>"):
        async with user.get(node.thumbnail or "") as response:
            assert response.status == HTTPStatus.NOT_FOUND


# What goes wrong


async def test_a_file_that_is_gone(
    hass: HomeAssistant, yard: CameraSimulator, user: Browser
) -> None:
    """Cameras overwrite the oldest."""
    address = await address_of(hass, *PICTURES)
    with patch.object(yard.camera.files, "get", return_value=None):
        async with user.get(address) as response:
            assert response.status == HTTPStatus.NOT_FOUND


async def test_a_camera_that_is_off(
    hass: HomeAssistant, yard: CameraSimulator, user: Browser
) -> None:
    """That is something else than a file that is gone."""
    address = await address_of(hass, *PICTURES)
    await yard.stop()
    async with user.get(address) as response:
        assert response.status == HTTPStatus.BAD_GATEWAY


async def test_a_file_larger_than_any_is_not_passed_on(
    hass: HomeAssistant, user: Browser
) -> None:
    """Cameras store 1000 MB at most."""
    address = await address_of(hass, *PICTURES)
    with patch(f"{CLIENT}.MAX_RECORDING_SIZE", SIZE - 1):
        async with user.get(address) as response:
            assert response.status == HTTPStatus.BAD_GATEWAY
    with patch(f"{CLIENT}.MAX_RECORDING_SIZE", SIZE):
        async with user.get(address) as response:
            assert response.status == HTTPStatus.OK


async def test_a_session_that_ended_is_renewed(
    hass: HomeAssistant,
    camera_entry: MockConfigEntry,
    yard: CameraSimulator,
    user: Browser,
) -> None:
    """By the question for the file, and where the file itself wants one, by a question for its sake."""
    address = await address_of(hass, *PICTURES)
    sent = yard.camera.files.get
    logins = len(yard.received(501))
    for session in list(yard.camera.sessions.alive(yard.camera.now())):
        yard.camera.sessions.close(session)

    async def wants_session(path: str) -> bytes | None:
        if len(yard.received(501)) == logins:
            raise web.HTTPUnauthorized
        return await sent(path)

    with patch.object(yard.camera.files, "get", wants_session):
        async with user.get(address) as response:
            assert response.status == HTTPStatus.OK
    assert len(yard.received(501)) == logins + 1
    assert coordinator_of(camera_entry).available
