"""HTTP without login, signed as the document describes it in part."""

from collections.abc import AsyncGenerator, Callable
from hashlib import sha256
from pathlib import Path

import aiohttp
import pytest

from custom_components.thermogate.guide import (
    PACKAGES,
    Connection,
    GuideAuthError,
    GuideClient,
)
from custom_components.thermogate.guide.signed import signed_headers
from tests.simulators.camera import CameraSimulator, Options
from tests.waiting import until

KEY = "ABCD-1234"
LOGIN = 501

type Make = Callable[[str, str], GuideClient]


def test_what_is_signed() -> None:
    """Method, address, time, key, algorithm and the content's own sum, a line each."""
    content = sha256(b'{"cmdtype":520}').hexdigest()
    text = f"POST\n/api/v1/msg\n1300\n{KEY}\nSha256\n{content}"
    assert signed_headers(KEY, '{"cmdtype":520}', now=1000.9) == {
        "Signed": sha256(text.encode()).hexdigest(),
        "ExpiredTime": "1300",
        "Algorithm": "Sha256",
        "AppKey": KEY,
    }


@pytest.fixture
async def yard(socket_enabled: None) -> AsyncGenerator[CameraSimulator]:
    """Run a camera whose control port is closed, and which knows a key."""
    options = Options(
        days_of_history=0, quirks=frozenset({"ws-closed"}), app_key=KEY, alarm_period=0
    )
    async with CameraSimulator(options) as camera:
        yield camera


@pytest.fixture
async def make(yard: CameraSimulator) -> AsyncGenerator[Make]:
    """Return a maker of clients that sign with a key, and know a password."""
    clients: list[GuideClient] = []
    async with aiohttp.ClientSession() as websession:

        def made(app_key: str, password: str) -> GuideClient:
            client = GuideClient(
                websession,
                yard.options.host,
                port=yard.http_port,
                username="admin",
                password=password,
                app_key=app_key,
            )
            clients.append(client)
            return client

        yield made
        for client in clients:
            await client.close()


async def test_a_signed_request_needs_no_login(
    yard: CameraSimulator, make: Make
) -> None:
    """It is answered as that of somebody who is logged in."""
    client = make(KEY, "not this one")
    await client.connect()
    assert client.connection is Connection.POLLING
    assert (await client.temperatures()).maximum is not None
    assert (await client.version()).serial == yard.options.serial
    assert not yard.received(LOGIN)


async def test_a_signature_that_is_not_taken(yard: CameraSimulator, make: Make) -> None:
    """Is followed by a login, which the document keeps for those without one."""
    client = make("another", yard.options.password)
    await client.connect()
    assert (await client.temperatures()).maximum is not None
    assert len(yard.received(LOGIN)) == 1


async def test_neither_signature_nor_password_is_taken(
    yard: CameraSimulator, make: Make
) -> None:
    """The person is asked, and the account not locked."""
    await yard.inject("wrong-password 5")
    client = make("another", "not this one")
    await client.connect()
    for _ in range(3):
        with pytest.raises(GuideAuthError):
            await client.temperatures()
    assert len(yard.received(LOGIN)) == 1


async def test_what_needs_a_session_logs_in(
    yard: CameraSimulator, make: Make, tmp_path: Path
) -> None:
    """Files are sent to an address with the session's secret in it, and video is asked for with it: no signature stands for that."""
    client = make(KEY, yard.options.password)
    await client.connect()
    file = tmp_path / "settings.bin"
    file.write_bytes(b"settings")
    await client.upload(PACKAGES["settings"], file)
    assert yard.camera.files.uploads == {"config": b"settings"}
    video = client.video("thermal")
    assert await anext(video)
    await video.aclose()
    stream = yard.video.find("/video1/stream0")
    await until(lambda: stream and not stream.encoding)
    assert (await client.temperatures()).maximum is not None
    assert len(yard.received(LOGIN)) == 1
