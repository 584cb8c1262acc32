"""Firmware over HTTP: who knows the address gets the file, nobody else gets anything."""

from http import HTTPStatus
import os
from pathlib import Path
from typing import Any

from aiohttp import ClientPayloadError
from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.firmware_view import (
    CHUNK,
    FIRMWARE_URL,
    Download,
    async_get_downloads,
)
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

DATA = bytes(range(256)) * 1000
SIZE = len(DATA)


class Served:
    """A file that is served."""

    def __init__(self, hass: HomeAssistant, path: Path) -> None:
        """Serve it."""
        path.write_bytes(DATA)
        self.path = path
        self.positions: list[int] = []
        self.token = async_get_downloads(hass).async_serve(
            Download(path=path, md5="0" * 32, sent=self.positions.append)
        )
        self.address = FIRMWARE_URL.format(token=self.token)


@pytest.fixture
async def terminal(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator
) -> TestClient[Any, Any]:
    """Return a client that is not logged in."""
    assert await async_setup_component(hass, DOMAIN, {})
    return await hass_client_no_auth()


@pytest.fixture
def served(hass: HomeAssistant, tmp_path: Path) -> Served:
    """Return a file that is served."""
    return Served(hass, tmp_path / "a_1.0.bin")


async def test_the_file(terminal: TestClient[Any, Any], served: Served) -> None:
    """As a whole, without login, with its progress told."""
    response = await terminal.get(served.address)
    assert response.status == HTTPStatus.OK
    assert await response.read() == DATA
    assert response.headers["Content-Length"] == str(SIZE)
    assert response.headers["Accept-Ranges"] == "bytes"
    assert served.positions == [*range(CHUNK, SIZE, CHUNK), SIZE]


@pytest.mark.parametrize(
    ("wanted", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE),
        (f"bytes=100-{SIZE * 2}", 100, SIZE),
        ("bytes=-5", SIZE - 5, SIZE),
    ],
)
async def test_a_part(
    terminal: TestClient[Any, Any], served: Served, wanted: str, start: int, stop: int
) -> None:
    """A terminal goes on where it was interrupted."""
    response = await terminal.get(served.address, headers={"Range": wanted})
    assert response.status == HTTPStatus.PARTIAL_CONTENT
    assert await response.read() == DATA[start:stop]
    assert response.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    assert served.positions[-1] == stop


@pytest.mark.parametrize("wanted", [f"bytes={SIZE}-", "bytes=a-b", "bytes=5-1,7-9"])
async def test_no_such_part(
    terminal: TestClient[Any, Any], served: Served, wanted: str
) -> None:
    """It is told how long the file is."""
    response = await terminal.get(served.address, headers={"Range": wanted})
    assert response.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    assert response.headers["Content-Range"] == f"bytes */{SIZE}"
    assert not served.positions


async def test_only_the_head(terminal: TestClient[Any, Any], served: Served) -> None:
    """How long it is, without having it."""
    response = await terminal.head(served.address)
    assert response.status == HTTPStatus.OK
    assert response.headers["Content-Length"] == str(SIZE)
    assert not served.positions


@pytest.mark.parametrize("token", ["", "x", "..", "a_1.0.bin", "%2e%2e", "thermogate"])
async def test_any_other_address(
    terminal: TestClient[Any, Any], served: Served, token: str
) -> None:
    """Is nothing."""
    response = await terminal.get(FIRMWARE_URL.format(token=token))
    assert response.status == HTTPStatus.NOT_FOUND
    response = await terminal.get(f"{served.address[:-1]}")
    assert response.status == HTTPStatus.NOT_FOUND


async def test_an_address_that_ended(
    hass: HomeAssistant, terminal: TestClient[Any, Any], served: Served
) -> None:
    """With its installation; and no two are the same."""
    again = Served(hass, served.path)
    assert again.token != served.token
    assert len(served.token) >= 32
    async_get_downloads(hass).async_withdraw(served.token)
    assert (await terminal.get(served.address)).status == HTTPStatus.NOT_FOUND
    assert (await terminal.get(again.address)).status == HTTPStatus.OK


async def test_a_file_that_is_gone(
    terminal: TestClient[Any, Any], served: Served
) -> None:
    """Somebody tidied up."""
    served.path.unlink()
    assert (await terminal.get(served.address)).status == HTTPStatus.NOT_FOUND


async def test_a_file_that_becomes_shorter(
    hass: HomeAssistant, terminal: TestClient[Any, Any], served: Served
) -> None:
    """The terminal notices: it gets less than was promised."""
    token = async_get_downloads(hass).async_serve(
        Download(
            path=served.path,
            md5="0" * 32,
            sent=lambda _: os.truncate(served.path, CHUNK),
        )
    )
    response = await terminal.get(FIRMWARE_URL.format(token=token))
    assert response.headers["Content-Length"] == str(SIZE)
    with pytest.raises(ClientPayloadError):
        await response.read()
