"""Files that actions wrote: who gets them, for how long, and what is refused."""

from http import HTTPStatus
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.downloads import LIFETIME, download_url, where_it_is
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

NAME = "journal-1.zip"
CONTENT = b"PK what somebody exported"
PLAIN = f"/api/{DOMAIN}/download/{NAME}"


@pytest.fixture
async def file(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Write a file into our media folder."""
    assert await async_setup_component(hass, DOMAIN, {})
    hass.config.media_dirs = {"local": str(tmp_path)}
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    folder = tmp_path / DOMAIN
    folder.mkdir()
    (folder / NAME).write_bytes(CONTENT)
    return folder / NAME


async def status(client: TestClient[Any, Any], address: str) -> int:
    """Return the HTTP status of an address, which is sent as it is written."""
    url = URL(f"{client.make_url('/')}{address.removeprefix('/')}", encoded=True)
    async with client.session.get(url) as response:
        return response.status


async def test_an_answer_has_an_address_that_needs_no_login(
    hass: HomeAssistant, file: Path, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """It is saved, not shown."""
    told = where_it_is(hass, file)
    assert told["path"] == str(file)
    assert (
        told["media_content_id"] == f"media-source://media_source/local/{DOMAIN}/{NAME}"
    )
    response = await (await hass_client_no_auth()).get(told["url"])
    assert response.status == HTTPStatus.OK
    assert await response.read() == CONTENT
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["Content-Type"] == "application/octet-stream"


async def test_an_address_expires(
    hass: HomeAssistant,
    file: Path,
    hass_client_no_auth: ClientSessionGenerator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """After an hour."""
    url = download_url(hass, NAME)
    client = await hass_client_no_auth()
    freezer.tick(LIFETIME.total_seconds() - 1)
    assert await status(client, url) == HTTPStatus.OK
    freezer.tick(2)
    assert await status(client, url) == HTTPStatus.UNAUTHORIZED


async def test_without_an_address_it_is_for_administrators(
    file: Path,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    hass_admin_user: MockUser,
) -> None:
    """There may be faces and passwords in it."""
    client = await hass_client()
    assert await status(client, PLAIN) == HTTPStatus.OK
    assert await status(await hass_client_no_auth(), PLAIN) == HTTPStatus.UNAUTHORIZED
    hass_admin_user.groups = []
    hass_admin_user.is_owner = False
    assert await status(client, PLAIN) == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    "name",
    [
        "..%2Fsecret.txt",
        "%2Fetc%2Fpasswd",
        "..%5Csecret.txt",
        "link.zip",
        "folder",
        "nothing.zip",
        "..",
    ],
)
async def test_nothing_else_is_given_out(
    file: Path, hass_client: ClientSessionGenerator, name: str
) -> None:
    """What lies elsewhere, behind a link, or is no file."""
    (file.parent.parent / "secret.txt").write_text("secret")
    (file.parent / "link.zip").symlink_to(file.parent.parent / "secret.txt")
    (file.parent / "folder").mkdir()
    client = await hass_client()
    # Home Assistant refuses some of them itself.
    answer = await status(client, f"/api/{DOMAIN}/download/{name}")
    assert answer in (HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST)


async def test_without_a_media_folder_there_is_none(
    hass: HomeAssistant, file: Path, hass_client: ClientSessionGenerator
) -> None:
    """Somebody has taken it out of the configuration."""
    client = await hass_client()
    hass.config.media_dirs = {}
    assert await status(client, PLAIN) == HTTPStatus.NOT_FOUND
