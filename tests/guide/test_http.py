"""HTTP: messages and files."""

import aiohttp
from hypothesis import given
import pytest
from yarl import URL

from custom_components.thermogate.guide import (
    GeneralInfo,
    GuideClient,
    GuideCommandError,
    GuideConnectionError,
    GuideMissingError,
    GuideTimeoutError,
    GuideValidationError,
)
from custom_components.thermogate.guide.http import HttpTransport, file_url

from .conftest import MakeClient, Watched
from .fake import JPEG, FakeCamera
from .strategies import TEXT, at_ease

BASE = URL("http://cam:8080/")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/picture/a.jpg", "http://cam:8080/picture/a.jpg"),
        (" tmp/log.tar.gz", "http://cam:8080/tmp/log.tar.gz"),
        ("http://192.168.1.168/a.jpg?x=1&y=2", "http://cam:8080/a.jpg?x=1&y=2"),
        ("//evil.example/a.jpg", "http://cam:8080/a.jpg"),
        ("https://user:pw@evil.example:1/a%20b", "http://cam:8080/a%20b"),
        ("/a@b:c", "http://cam:8080/a@b:c"),
    ],
)
def test_a_file_is_always_on_the_configured_host(url: str, expected: str) -> None:
    """Whatever host the camera names."""
    assert file_url(BASE, url).human_repr() == URL(expected).human_repr()


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "/",
        "/a/../b",
        "/%2e%2e/b",
        "..",
        "/a\\b",
        "/a%5cb",
        "/a%00b",
        "/a%0d%0ab",
        "ftp://x/y",
        "file:///etc",
        "http://[",
    ],
)
def test_a_tricky_path_is_refused(url: str) -> None:
    """Before anything is asked for."""
    with pytest.raises(GuideValidationError, match="url"):
        file_url(BASE, url)


@at_ease
@given(TEXT)
def test_no_address_leads_elsewhere(url: str) -> None:
    """Refused, or on the host."""
    try:
        result = file_url(BASE, url)
    except GuideValidationError:
        return
    assert (result.scheme, result.host, result.port) == ("http", "cam", 8080)


@pytest.mark.usefixtures("socket_enabled")
async def test_an_impossible_host_is_said_plainly() -> None:
    """Instead of a ValueError from some library."""
    async with aiohttp.ClientSession() as websession:
        with pytest.raises(GuideValidationError, match="host"):
            GuideClient(websession, "a/b", username="u", password="p")


async def test_general_information_needs_no_login(
    camera: FakeCamera, client: Watched
) -> None:
    """It is asked over HTTP, without a token."""
    assert (await client.general_info()).control_port == camera.control_port
    assert client.info.control_port == camera.control_port
    assert camera.count(501) == 0
    assert "token" not in camera.last(500)


async def test_general_information_in_short(
    camera: FakeCamera, client: Watched
) -> None:
    """Null is as good as nothing."""
    camera.override = lambda frame, way: {"retcode": 0, "message": None}
    assert await client.general_info() == GeneralInfo()


@pytest.mark.parametrize("body", [b"", b"<html><body>502</body></html>", b"[]", b"{"])
async def test_a_body_that_is_no_message_is_a_connection_error(
    camera: FakeCamera, client: Watched, body: bytes
) -> None:
    """Empty, HTML, or something else."""
    camera.http_body = body
    with pytest.raises(GuideConnectionError):
        await client.general_info()


async def test_an_error_status_is_a_connection_error(
    camera: FakeCamera, client: Watched
) -> None:
    """Also with a proper body."""
    camera.http_status = 500
    with pytest.raises(GuideConnectionError, match="500"):
        await client.general_info()


async def test_a_redirect_is_not_followed(camera: FakeCamera, client: Watched) -> None:
    """It would lead to another host."""
    camera.http_status = 302
    with pytest.raises(GuideConnectionError, match="302"):
        await client.general_info()


async def test_nobody_there(make_client: MakeClient, camera: FakeCamera) -> None:
    """Connection refused."""
    await camera.stop()
    with pytest.raises(GuideConnectionError):
        await make_client().connect()


async def test_a_refused_command_is_a_command_error(
    camera: FakeCamera, client: Watched
) -> None:
    """The device understood us."""
    camera.codes[500] = [10008]
    with pytest.raises(GuideCommandError):
        await client.general_info()


async def test_files(camera: FakeCamera, client: Watched) -> None:
    """With a limit, and an error for what is not there."""
    assert await client.download("http://10.9.8.7/pic.jpg") == JPEG
    with pytest.raises(GuideConnectionError, match="More than"):
        await client.download("/pic.jpg", limit=10)
    with pytest.raises(GuideMissingError):
        await client.download("/none.jpg")


async def test_a_slow_camera_times_out(camera: FakeCamera) -> None:
    """Rather than blocking everyone behind it."""
    async with aiohttp.ClientSession() as websession:
        transport = HttpTransport(websession, "127.0.0.1", camera.port)
        with pytest.raises(GuideTimeoutError):
            await transport.request({"cmdtype": 1}, 0)
