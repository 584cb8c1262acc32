"""Logging in: once, safely, and again when the camera forgot us."""

import asyncio
from dataclasses import replace

import pytest

from custom_components.thermogate.guide import (
    Connection,
    GuideAuthError,
    GuideBusyError,
    GuideCommandError,
    GuideConnectionError,
    GuideLockedError,
    GuidePermissionError,
    GuideTimeoutError,
    GuideValidationError,
)
from tests.waiting import until

from .conftest import MakeClient, Watched
from .fake import FAST, FakeCamera, Frame


async def test_connecting(camera: FakeCamera, client: Watched) -> None:
    """500 over HTTP, then login and subscription over the control socket."""
    await client.connect()
    assert client.connection is Connection.CONNECTED
    assert client.connections == [Connection.CONNECTED]
    assert [(way, frame["cmdtype"]) for way, frame in camera.requests] == [
        ("http", 500),
        ("ws", 501),
        ("ws", 516),
    ]
    login = camera.last(501)
    assert login["message"]["username"] == "admin"
    assert len(login["message"]["password"]) == 172
    assert "token" not in login
    assert camera.last(516)["message"] == {"push_report": 1}
    await client.connect()
    assert camera.count(501) == 1


async def test_one_token_serves_both_transports(
    camera: FakeCamera, client: Watched
) -> None:
    """906 exists over HTTP only."""
    await client.connect()
    await client.request(906)
    assert camera.count(906, "http") == 1
    assert camera.last(906)["token"] == "token1"


async def test_a_camera_without_general_information(
    camera: FakeCamera, make_client: MakeClient
) -> None:
    """The defaults have to do; nobody listens on port 9980 here, so it is HTTP."""
    camera.codes[500] = [19999]
    client = make_client()
    await client.connect()
    assert client.connection is Connection.POLLING


async def test_a_camera_whose_http_is_broken(
    camera: FakeCamera, client: Watched
) -> None:
    """Once the port is known, the control socket alone will do, and tells 500 itself."""
    await client.general_info()
    camera.http_body = b"<html>"
    await client.connect()
    assert client.connection is Connection.CONNECTED
    assert camera.count(500, "ws") == 1
    await camera.close_control()
    with pytest.raises(GuideConnectionError):
        await client.connect()


async def test_reports_may_be_refused(camera: FakeCamera, client: Watched) -> None:
    """Older models have none."""
    camera.codes[516] = [19999]
    await client.connect()
    assert client.connection is Connection.CONNECTED


@pytest.mark.parametrize("code", [10004, 10009, 10011])
async def test_a_wrong_password(camera: FakeCamera, client: Watched, code: int) -> None:
    """Says how many attempts are left, and none of them is used."""
    camera.codes[501] = [code]
    camera.login_message = {"count": 4}
    with pytest.raises(GuideAuthError) as caught:
        await client.connect()
    assert caught.value.attempts_left == 4
    for attempt in (client.connect, client.version):
        with pytest.raises(GuideAuthError) as again:
            await attempt()
        assert again.value.attempts_left == 4
    assert camera.count(501) == 1
    assert not client.refusals
    assert not client.connections


async def test_a_locked_account(camera: FakeCamera, client: Watched) -> None:
    """Is its own error, and not knocked at either."""
    camera.codes[501] = [10010]
    for _ in range(2):
        with pytest.raises(GuideLockedError):
            await client.connect()
    assert camera.count(501) == 1


async def test_too_many_users(camera: FakeCamera, client: Watched) -> None:
    """Nothing is wrong with the password; later it may work."""
    camera.codes[501] = [10018, 0]
    with pytest.raises(GuideBusyError):
        await client.connect()
    await client.connect()


@pytest.mark.parametrize("code", [1, 10008])
async def test_another_refusal_of_the_login(
    camera: FakeCamera, client: Watched, code: int
) -> None:
    """Is what the camera says."""
    camera.codes[501] = [code]
    with pytest.raises(GuideCommandError) as caught:
        await client.connect()
    assert caught.value.code == code


async def test_a_login_without_a_token(camera: FakeCamera, client: Watched) -> None:
    """Is none."""
    camera.override = lambda frame, way: (
        {"retcode": 0, "message": {}, "cmdtype": frame["cmdtype"]}
        if frame["cmdtype"] == 501
        else None
    )
    with pytest.raises(GuideConnectionError, match="without a token"):
        await client.connect()


@pytest.mark.parametrize("code", [10005, 10004, 10007])
async def test_a_forgotten_session(
    camera: FakeCamera, client: Watched, code: int
) -> None:
    """Costs one login and one repetition, and the reports are subscribed again."""
    await client.connect()
    camera.codes[505] = [code, 0]
    assert (await client.version()).serial == "S1"
    assert (camera.count(501), camera.count(505), camera.count(516)) == (2, 2, 2)
    assert camera.last(505)["token"] == "token2"


async def test_a_repetition_that_fails_for_another_reason(
    camera: FakeCamera, client: Watched
) -> None:
    """Fails for that reason, and does not keep the next login back."""
    await client.connect()
    camera.codes[505] = [10005, 10008, 10005, 0]
    with pytest.raises(GuideCommandError) as caught:
        await client.version()
    assert caught.value.code == 10008
    await client.version()
    assert camera.count(501) == 3


async def test_general_information_as_a_plain_request(client: Watched) -> None:
    """It needs no connection."""
    assert "control_port" in await client.request(500)


async def test_a_session_that_stays_forgotten(
    camera: FakeCamera, client: Watched
) -> None:
    """Is not logged into over and over; after a pause it may be tried once more."""
    await client.connect()
    camera.codes[505] = [10005]
    for _ in range(5):
        with pytest.raises(GuideCommandError) as caught:
            await client.version()
        assert caught.value.code == 10005
    assert (camera.count(501), camera.count(505)) == (2, 6)
    await asyncio.sleep(FAST.login_pause)
    camera.codes[505] = [10005, 0]
    await client.version()
    assert camera.count(501) == 3


async def test_a_missing_permission(camera: FakeCamera, client: Watched) -> None:
    """Is remembered by command: a new login is not made for it twice."""
    await client.connect()
    camera.codes[508] = [10007]
    for _ in range(3):
        with pytest.raises(GuidePermissionError):
            await client.reboot()
    assert (camera.count(501), camera.count(508)) == (2, 4)
    camera.codes[505] = [10005, 0]
    await client.version()


async def test_many_requests_make_one_login(
    camera: FakeCamera, client: Watched
) -> None:
    """All of them find the session gone, the first renews it."""
    await client.connect()

    def expired(frame: Frame, way: str) -> Frame | None:
        if frame.get("token") == "token1":
            return {
                "cmdtype": frame["cmdtype"],
                "sequence": frame["sequence"],
                "retcode": 10005,
            }
        return None

    camera.override = expired
    await asyncio.gather(*(client.version() for _ in range(5)))
    assert camera.count(501) == 2


async def test_a_password_changed_meanwhile(
    camera: FakeCamera, client: Watched
) -> None:
    """The new login is refused, and that is the end of it."""
    await client.connect()
    client.start()
    camera.codes[505] = [10005]
    camera.codes[501] = [10009]
    with pytest.raises(GuideAuthError):
        await client.version()
    assert len(client.refusals) == 1
    assert client.connection is Connection.DISCONNECTED
    await asyncio.sleep(0.1)
    assert camera.count(501) == 2


async def test_a_command_that_answers_wrong_password(
    camera: FakeCamera, client: Watched
) -> None:
    """Is believed, except where the password is what the command is about."""
    await client.connect()
    camera.codes[503] = [10009]
    with pytest.raises(GuideCommandError) as caught:
        await client.request(
            503, {"username": "a", "oldpassword": "b", "newpassword": "c"}
        )
    assert not isinstance(caught.value, GuideAuthError)
    camera.codes[520] = [10011]
    for _ in range(2):
        with pytest.raises(GuideAuthError):
            await client.temperatures()
    assert camera.count(520) == 1


async def test_a_password_refused_by_the_repeated_command(
    camera: FakeCamera, client: Watched
) -> None:
    """Counts like any other refusal."""
    await client.connect()
    camera.codes[505] = [10005, 10009]
    for _ in range(2):
        with pytest.raises(GuideAuthError):
            await client.version()
    assert (camera.count(505), camera.count(501)) == (2, 2)


async def test_a_login_refused_for_too_many_users_on_the_way(
    camera: FakeCamera, client: Watched
) -> None:
    """The connection is lost until there is room."""
    await client.connect()
    camera.codes[505] = [10005]
    camera.codes[501] = [10018]
    with pytest.raises(GuideBusyError):
        await client.version()
    assert client.connection is Connection.DISCONNECTED


async def test_a_socket_that_never_answers_the_login(
    camera: FakeCamera, make_client: MakeClient
) -> None:
    """A socket that swallows frames is as good as none."""
    camera.deaf = True
    client = make_client()
    async with asyncio.timeout(3):
        connecting = asyncio.create_task(client.connect())
        await until(lambda: camera.count(501, "ws") == 1)
        await camera.drop()
        await connecting
    assert client.connection is Connection.POLLING
    assert camera.count(501, "http") == 1


async def test_a_socket_that_closes_after_the_login(
    camera: FakeCamera, client: Watched
) -> None:
    """Is not taken for a connection."""

    def hang_up(frame: Frame, way: str) -> None:
        if frame["cmdtype"] == 516:
            camera.silent.add(516)
            asyncio.get_running_loop().call_soon(
                lambda: dropping.append(asyncio.ensure_future(camera.drop()))
            )

    dropping: list[asyncio.Future[None]] = []
    camera.override = hang_up
    with pytest.raises(GuideConnectionError):
        await client.connect()
    assert client.connection is Connection.DISCONNECTED


async def test_giving_up_while_connecting(camera: FakeCamera, client: Watched) -> None:
    """Leaves nothing open."""
    camera.silent.add(501)
    connecting = asyncio.create_task(client.connect())
    await until(lambda: camera.count(501) == 1)
    connecting.cancel()
    await asyncio.wait([connecting])
    await client.close()
    await until(lambda: all(socket.closed for socket in camera.sockets))


async def test_closing(camera: FakeCamera, client: Watched) -> None:
    """Logs out by name, once, and hangs up."""
    await client.connect()
    client.start()
    client.start()
    await client.close()
    await client.close()
    assert camera.count(502) == 1
    assert camera.last(502)["message"] == {"username": "admin"}
    assert client.connection is Connection.DISCONNECTED
    assert client.connections == [Connection.CONNECTED]
    with pytest.raises(GuideConnectionError):
        await client.version()
    await until(lambda: all(socket.closed for socket in camera.sockets))


async def test_closing_when_nobody_answers(camera: FakeCamera, client: Watched) -> None:
    """Takes no longer than it must."""
    await client.connect()
    camera.deaf = True
    async with asyncio.timeout(1):
        await client.close()


async def test_commands_that_cannot_be_asked(client: Watched) -> None:
    """A heartbeat has no answer, 37 does not exist, and 505 reads no settings."""
    await client.connect()
    for attempt in (
        client.request(9999),
        client.request(37),
        client.modify(505, lambda current: current),
        client.goto_preset(256),
        client.request(505, subtype=1),
    ):
        with pytest.raises(GuideValidationError):
            await attempt


async def test_a_timeout_of_the_callers_choice(
    camera: FakeCamera, client: Watched
) -> None:
    """Instead of the table's."""
    await client.connect()
    camera.silent.add(505)
    with pytest.raises(GuideTimeoutError):
        await client.request(505, timeout=0.02)


async def test_no_socket_in_time(camera: FakeCamera, make_client: MakeClient) -> None:
    """A port that takes the connection and says nothing is no control socket."""

    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(stall, "127.0.0.1", 0)
    camera.replies[500] = {"control_port": server.sockets[0].getsockname()[1]}
    client = make_client(timing=replace(FAST, connect=0.02))
    await client.connect()
    assert client.connection is Connection.POLLING
    server.close()
    await server.wait_closed()
