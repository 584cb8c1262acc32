"""The pictures of the journal over HTTP: who may see them, for how long, and what is refused."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
import threading
import time
from typing import Any
from unittest.mock import patch

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from custom_components.thermogate.journal import (
    Journal,
    JournalError,
    NewPicture,
    Reason,
)
from custom_components.thermogate.keeper import async_get_keeper
from custom_components.thermogate.views import (
    LIFETIME,
    async_find_picture,
    picture_path,
    picture_urls,
)
from homeassistant.core import HomeAssistant

from .lookup.house import FACE, FILM, access, open_house
from .test_pictures import bomb

MIKE = access("mike", "2026-05-01T12:00", "Mike", "face", "scene", "clip")
ADA = access("ada", "2026-05-01T12:05", "Ada", "face")
ADDRESS = picture_path("mike", "face")


@pytest.fixture
async def journal(hass: HomeAssistant) -> Journal:
    """Return a journal with Mike and Ada in it."""
    return await open_house(hass, MIKE, ADA)


@pytest.fixture
async def visitor(
    journal: Journal, hass_client_no_auth: ClientSessionGenerator
) -> TestClient[Any, Any]:
    """Return a browser in which nobody is logged in."""
    return await hass_client_no_auth()


@pytest.fixture
async def user(
    journal: Journal, hass_client: ClientSessionGenerator
) -> TestClient[Any, Any]:
    """Return a browser in which somebody is logged in."""
    return await hass_client()


async def status(client: TestClient[Any, Any], address: str) -> int:
    """Return the HTTP status of an address, which is sent as it is written."""
    url = URL(f"{client.make_url('/')}{address.removeprefix('/')}", encoded=True)
    async with client.session.get(url) as response:
        return response.status


async def store(hass: HomeAssistant, *pictures: NewPicture) -> None:
    """Store one more event, with these pictures."""
    record = replace(access("more", "2026-05-01T13:00"), pictures=pictures)
    assert await async_get_keeper(hass).journal.append(record)


async def file_of(journal: Journal, event_id: str) -> Path:
    """Return the file of the first picture of an event."""
    entry = await journal.entry(event_id)
    assert entry is not None
    path = await journal.picture(entry.pictures[0].name)
    assert path is not None
    return path


# Who may see them


async def test_a_user_sees_a_picture(user: TestClient[Any, Any]) -> None:
    """As it was stored, as what it is, and never from a memory that was not asked again."""
    async with user.get(ADDRESS) as response:
        assert response.status == HTTPStatus.OK
        assert await response.read() == FACE
        assert response.headers["Content-Type"] == "image/jpeg"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "private, no-cache"
        assert "sandbox" in response.headers["Content-Security-Policy"]


async def test_a_user_sees_a_film(user: TestClient[Any, Any]) -> None:
    """Also parts of it, as players ask for them; a size does not matter to it."""
    clip = picture_path("mike", "clip")
    async with user.get(f"{clip}?width=320") as response:
        assert await response.read() == FILM
        assert response.headers["Content-Type"] == "video/mp4"
    async with user.get(clip, headers={"Range": "bytes=4-7"}) as response:
        assert response.status == HTTPStatus.PARTIAL_CONTENT
        assert await response.read() == FILM[4:8]


@pytest.mark.parametrize(
    "query", ["", "?width=320", "?authSig=", "?authSig=made.up.it"]
)
async def test_nobody_else_sees_it(visitor: TestClient[Any, Any], query: str) -> None:
    """Without login and without a signature."""
    assert await status(visitor, ADDRESS + query) == HTTPStatus.UNAUTHORIZED


async def test_a_signed_address_needs_no_login(
    hass: HomeAssistant, visitor: TestClient[Any, Any]
) -> None:
    """As in a notification on a phone; also with a size added to it."""
    urls = picture_urls(hass, MIKE)
    assert set(urls) == {"face", "scene", "clip"}
    for url in urls.values():
        assert await status(visitor, url) == HTTPStatus.OK
    assert await status(visitor, f"{urls['face']}&width=320") == HTTPStatus.OK


async def test_a_signed_address_expires(
    hass: HomeAssistant, visitor: TestClient[Any, Any], freezer: FrozenDateTimeFactory
) -> None:
    """Twelve hours later nobody sees it, not even who remembers it."""
    url = picture_urls(hass, MIKE)["face"]
    async with visitor.get(url) as response:
        tag = response.headers["ETag"]
    freezer.tick(LIFETIME - timedelta(minutes=1))
    async with visitor.get(url, headers={"If-None-Match": tag}) as response:
        assert response.status == HTTPStatus.NOT_MODIFIED
    freezer.tick(timedelta(minutes=2))
    async with visitor.get(url, headers={"If-None-Match": tag}) as response:
        assert response.status == HTTPStatus.UNAUTHORIZED


async def test_a_signature_opens_one_picture(
    hass: HomeAssistant, visitor: TestClient[Any, Any]
) -> None:
    """Not another role, not another event, and not when a letter of it is changed."""
    path, _, signature = picture_urls(hass, MIKE)["face"].partition("?")
    assert await status(visitor, f"{path}?{signature}") == HTTPStatus.OK
    for other in (picture_path("mike", "scene"), picture_path("ada", "face")):
        assert await status(visitor, f"{other}?{signature}") == HTTPStatus.UNAUTHORIZED
    flipped = signature[:-5] + ("A" if signature[-5] != "A" else "B") + signature[-4:]
    assert await status(visitor, f"{path}?{flipped}") == HTTPStatus.UNAUTHORIZED


# Small pictures


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("width=320&height=320", (320, 240)),
        ("width=320", (320, 240)),
        ("height=120", (160, 120)),
        ("width=99999&height=99999", (640, 480)),
    ],
)
async def test_a_picture_is_made_to_fit(
    user: TestClient[Any, Any], query: str, size: tuple[int, int]
) -> None:
    """It keeps its proportions and is never enlarged."""
    async with user.get(f"{ADDRESS}?{query}") as response:
        assert response.status == HTTPStatus.OK
        assert response.headers["Content-Type"] == "image/jpeg"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "private, no-cache"
        with Image.open(BytesIO(await response.read())) as image:
            assert image.size == size


async def test_a_small_picture_is_made_once(user: TestClient[Any, Any]) -> None:
    """A browser that has it need not get it again; another size is another picture."""
    async with user.get(f"{ADDRESS}?width=320") as response:
        known = {"If-None-Match": response.headers["ETag"]}
    async with user.get(f"{ADDRESS}?width=320", headers=known) as response:
        assert response.status == HTTPStatus.NOT_MODIFIED
        assert await response.read() == b""
    async with user.get(f"{ADDRESS}?width=160", headers=known) as response:
        assert response.status == HTTPStatus.OK


async def test_few_pictures_are_decoded_at_a_time(user: TestClient[Any, Any]) -> None:
    """A page of them, each as large as is allowed, must not fill the memory."""
    busy = [0]
    turn = threading.Lock()

    def decode(*_: Any) -> bytes:
        with turn:
            busy.append(busy[-1] + 1)
        time.sleep(0.01)
        with turn:
            busy.append(busy[-1] - 1)
        return b"small"

    with patch("custom_components.thermogate.views.thumbnail", decode):
        answers = await asyncio.gather(
            *(status(user, f"{ADDRESS}?width={width}") for width in range(20, 30))
        )
    assert answers == [HTTPStatus.OK] * 10
    assert max(busy) == 2


@pytest.mark.parametrize(
    "width", ["0", "-1", "1.5", "wide", "", "1e3", "²", "00000999"]
)
async def test_a_size_is_a_number(user: TestClient[Any, Any], width: str) -> None:
    """Anything else is refused."""
    assert await status(user, f"{ADDRESS}?width={width}") == HTTPStatus.BAD_REQUEST


# What is refused


@pytest.mark.parametrize(
    "address",
    [
        picture_path("nobody", "face"),
        picture_path("mike", "photo"),
        picture_path("%", "face"),
        picture_path("' OR 1=1 --", "face"),
        picture_path("mike\0", "face"),
        picture_path("\N{PILE OF POO}", "\N{RIGHT-TO-LEFT OVERRIDE}"),
        picture_path("x" * 400, "face"),
        "/api/thermogate/picture/mike",
        "/api/thermogate/picture/mike/",
        "/api/thermogate/picture//etc/passwd",
        "/api/thermogate/picture/mike/face/more",
        "/api/thermogate/picture/%2fetc%2fpasswd/face",
    ],
)
async def test_what_is_not_there(user: TestClient[Any, Any], address: str) -> None:
    """Whatever somebody asks for."""
    assert await status(user, address) == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    "address",
    [
        "/api/thermogate/picture/..%2f..%2fsecrets.yaml/face",
        "/api/thermogate/picture/mike/..%2f..%2f..%2fsecrets.yaml",
        "/api/thermogate/picture/..%252f..%252fsecrets.yaml/face",
    ],
)
async def test_no_way_out_of_the_folder(
    user: TestClient[Any, Any], address: str
) -> None:
    """Home Assistant refuses such an address before anybody looks at it."""
    assert await status(user, address) == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    ("event_id", "role"),
    [
        ("../../secrets.yaml", "face"),
        ("mike", "../face"),
        ("/etc/passwd", ""),
        ("", ""),
    ],
)
async def test_nothing_but_events_is_looked_up(
    hass: HomeAssistant, journal: Journal, event_id: str, role: str
) -> None:
    """If such a text came through, it would be no event's."""
    assert await async_find_picture(hass, event_id, role) is None


async def test_nothing_that_is_no_picture(
    hass: HomeAssistant, user: TestClient[Any, Any]
) -> None:
    """A browser would run it, choke on it, or show nothing."""
    refused = {
        "page": (b"<script>alert(1)</script>", "text/html"),
        "drawing": (b"<svg onload='alert(1)'/>", "image/svg+xml"),
        "film": (b"RIFF....AVI ", "video/avi"),
        "lie": (b"<script>alert(1)</script>", "image/jpeg"),
        "half": (FACE[: len(FACE) // 2], "image/jpeg"),
        "bomb": (bomb(60_000, 60_000), "image/png"),
    }
    await store(
        hass,
        *(
            NewPicture(role=role, data=data, content_type=content_type)
            for role, (data, content_type) in refused.items()
        ),
    )
    for role in refused:
        for query in ("", "?width=320"):
            address = picture_path("more", role) + query
            assert await status(user, address) == HTTPStatus.NOT_FOUND, address


@pytest.mark.parametrize("query", ["", "?width=320"])
async def test_a_picture_that_was_deleted(
    journal: Journal, user: TestClient[Any, Any], query: str
) -> None:
    """From the disk, by whomever."""
    (await file_of(journal, "mike")).unlink()
    assert await status(user, ADDRESS + query) == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("query", ["", "?width=320"])
async def test_a_picture_that_decayed(
    journal: Journal, user: TestClient[Any, Any], query: str
) -> None:
    """On a dying disk."""
    (await file_of(journal, "mike")).write_bytes(FACE[:1000])
    assert await status(user, ADDRESS + query) == HTTPStatus.NOT_FOUND


async def test_a_person_who_was_forgotten(
    hass: HomeAssistant,
    journal: Journal,
    user: TestClient[Any, Any],
    visitor: TestClient[Any, Any],
) -> None:
    """For users, and for who still has an address."""
    url = picture_urls(hass, MIKE)["clip"]
    await journal.forget_person(name="Mike")
    assert await status(user, picture_path("mike", "clip")) == HTTPStatus.NOT_FOUND
    assert await status(visitor, url) == HTTPStatus.NOT_FOUND


async def test_a_journal_that_does_not_answer(user: TestClient[Any, Any]) -> None:
    """That may pass."""
    with patch.object(
        Journal, "entry", side_effect=JournalError(Reason.LOST, "no answer")
    ):
        assert await status(user, ADDRESS) == HTTPStatus.SERVICE_UNAVAILABLE
