"""Staying connected: heartbeats, losses, and the ways back."""

import asyncio
from dataclasses import replace
import logging

import pytest

from custom_components.thermogate.guide import (
    Connection,
    ForcedLogout,
    GuideBusyError,
    GuideConnectionError,
    GuideTimeoutError,
    Timing,
)
from tests.waiting import until

from .conftest import MakeClient, Watched
from .fake import FAST, FakeCamera, Frame

UP, HTTP, DOWN = Connection.CONNECTED, Connection.POLLING, Connection.DISCONNECTED
FORCED_OUT = {
    "action": "notify",
    "cmdtype": 1001,
    "sequence": 1,
    "content ": {"msg": "other logining,force out"},
}


@pytest.fixture
async def running(client: Watched, camera: FakeCamera) -> Watched:
    """Return a client that stays connected."""
    await client.connect()
    client.start()
    return client


def _now() -> float:
    return asyncio.get_running_loop().time()


async def test_heartbeats(camera: FakeCamera, running: Watched) -> None:
    """Come regularly, as notifications with the token, and wait for nothing."""
    await until(lambda: len(camera.beats) >= 4)
    elapsed = camera.beats[3][1] - camera.beats[0][1]
    assert elapsed > 2 * FAST.heartbeat
    assert {way for way, _ in camera.beats} == {"ws"}
    assert camera.count(505) == 0


async def test_start_alone_connects(camera: FakeCamera, client: Watched) -> None:
    """Without connect() before."""
    client.start()
    await until(lambda: client.connection is UP)


async def test_a_lost_connection_comes_back(
    camera: FakeCamera, running: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    """With a new login and subscription, one log line each way, and no secrets in any."""
    caplog.set_level(logging.DEBUG, "custom_components.thermogate")
    await camera.drop()
    await until(
        lambda: running.connections == [UP, DOWN, UP] and camera.count(516) == 2
    )
    assert (await running.version()).serial == "S1"
    ours = [
        record
        for record in caplog.records
        if record.name.startswith("custom_components")
    ]
    lines = [record.message for record in ours if record.levelno >= logging.INFO]
    assert [line for line in lines if "is lost" in line or "is back" in line] == lines
    assert len(lines) == 2
    secrets: list[str] = [
        "admin123",
        "token1",
        "token2",
        *(f["message"]["password"] for _, f in camera.requests if f["cmdtype"] == 501),
    ]
    assert not any(secret in caplog.text for secret in secrets)


async def test_a_camera_that_is_away_for_long(
    camera: FakeCamera, running: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    """Is asked again and again, and complained about once."""
    await camera.close_control()
    camera.http_status = 503
    await until(lambda: camera.count(500) > 4)
    camera.http_status = 200
    await camera.open_control()
    await until(lambda: running.connection in {UP, HTTP})
    assert caplog.text.count("is lost") == caplog.text.count("is back") == 1


def test_delays_grow_and_vary() -> None:
    """From a second to a minute, never in step."""
    timing = Timing()
    for attempt, expected in ((0, 1), (1, 2), (5, 32), (6, 60), (1000, 60)):
        delays = {timing.reconnect_delay(attempt) for _ in range(20)}
        assert len(delays) > 1
        assert all(expected <= delay <= expected * 1.3 for delay in delays)
    assert (timing.heartbeat, timing.busy, timing.forced_logout) == (30, 120, 300)


async def test_a_camera_that_hangs_up_at_once_is_not_hammered(
    camera: FakeCamera, make_client: MakeClient
) -> None:
    """The delay grows although every login works, until a connection holds."""
    client = make_client(timing=replace(FAST, reconnect_longest=0.1))
    client.start()
    for logins in range(1, 4):
        await camera.wait_for(516, logins)
        await camera.drop()
    started = _now()
    await until(lambda: camera.count(501) == 4)
    assert _now() - started > 0.03
    await asyncio.sleep(0.12)
    await camera.drop()
    await until(lambda: camera.count(501) == 5)


async def test_someone_else_took_the_session(
    camera: FakeCamera, running: Watched
) -> None:
    """They keep it for a while, whatever is asked meanwhile."""
    await camera.push(FORCED_OUT)
    await until(lambda: running.connection is DOWN)
    assert running.pushes == [ForcedLogout(message="other logining,force out")]
    started = _now()
    with pytest.raises(GuideConnectionError):
        await running.version()
    await until(lambda: camera.count(501) == 2)
    assert _now() - started >= FAST.forced_logout * 0.9
    await until(lambda: running.connection is UP)


async def test_too_many_users_while_coming_back(
    camera: FakeCamera, running: Watched
) -> None:
    """Gives the camera time to reap dead sessions."""
    camera.codes[501] = [10018, 0]
    await camera.drop()
    await until(lambda: camera.count(501) == 2)
    started = _now()
    await until(lambda: camera.count(501) == 3)
    assert _now() - started >= FAST.busy * 0.9


async def test_a_refused_login_is_not_repeated_soon(
    camera: FakeCamera, running: Watched
) -> None:
    """Whatever the reason, it might count towards the lock."""
    camera.codes[501] = [1, 0]
    await camera.drop()
    await until(lambda: camera.count(501) == 2)
    await asyncio.sleep(FAST.forced_logout / 2)
    assert camera.count(501) == 2
    await until(lambda: running.connection is UP)


async def test_a_wrong_password_stops_everything(
    camera: FakeCamera, running: Watched
) -> None:
    """It is told once, and never tried again."""
    camera.codes[501] = [10011]
    camera.login_message = {"count": 2}
    await camera.drop()
    await until(lambda: bool(running.refusals))
    assert [err.attempts_left for err in running.refusals] == [2]
    await asyncio.sleep(0.1)
    assert camera.count(501) == 2
    assert running.connection is DOWN


async def test_without_the_control_socket_it_is_http(
    camera: FakeCamera, make_client: MakeClient
) -> None:
    """Commands and heartbeats work; when the socket can be opened again it is used."""
    # A heartbeat that a busy machine holds up is no loss here.
    client = make_client(timing=replace(FAST, probe=10))
    await camera.close_control()
    await client.connect()
    client.start()
    assert client.connection is HTTP
    assert (await client.version()).serial == "S1"
    assert (camera.count(501, "http"), camera.count(516)) == (1, 0)
    await until(lambda: len(camera.beats) >= 2)
    assert {way for way, _ in camera.beats} == {"http"}
    await camera.open_control()
    await until(lambda: client.connection is UP)
    assert client.connections == [HTTP, UP]
    # It is up before it is asked to report.
    await until(lambda: camera.count(516, "ws"))
    assert (camera.count(501, "ws"), camera.count(516, "ws")) == (1, 1)
    await client.version()
    assert camera.count(505, "ws") == 1


async def test_a_socket_that_opens_but_refuses_leaves_http_alone(
    camera: FakeCamera, client: Watched
) -> None:
    """Too many users for a second session."""
    await camera.close_control()
    await client.connect()
    client.start()
    camera.codes[501] = [10018]
    await camera.open_control()
    await until(lambda: camera.count(501, "ws") >= 1)
    assert (await client.version()).serial == "S1"
    assert client.connection is HTTP


async def test_a_socket_that_opens_but_never_answers_leaves_http_alone(
    camera: FakeCamera, client: Watched
) -> None:
    """And is hung up."""
    await camera.close_control()
    await client.connect()
    client.start()
    camera.deaf = True
    await camera.open_control()
    await until(lambda: camera.count(501, "ws") >= 1)
    await camera.drop()
    assert (await client.version()).serial == "S1"
    assert client.connection is HTTP


async def test_http_lost_while_polling(camera: FakeCamera, client: Watched) -> None:
    """A heartbeat that fails is followed by a question, and that by a loss."""
    await camera.close_control()
    await client.connect()
    client.start()
    camera.http_status = 500
    await until(lambda: client.connection is DOWN)
    camera.http_status = 200
    await until(lambda: client.connection is HTTP)


async def test_http_heartbeats_that_nobody_answers_are_no_loss(
    camera: FakeCamera, client: Watched
) -> None:
    """The camera answers them with an empty page; what counts is that it is there."""
    await camera.close_control()
    await client.connect()
    client.start()
    await until(lambda: len(camera.beats) >= 3)
    assert client.connections == [HTTP]


async def test_a_half_open_socket_is_found_by_silence(
    camera: FakeCamera, make_client: MakeClient
) -> None:
    """Frames go out, nothing comes back: it is asked, given up, and opened anew."""
    client = make_client(timing=replace(FAST, silence=0.05, probe=0.05))
    await client.connect()
    client.start()
    camera.deaf = True
    await until(lambda: client.connection is DOWN)
    assert camera.count(505) == 1
    camera.deaf = False
    await until(lambda: client.connection is UP)


async def test_a_silent_camera_that_answers_is_not_lost(
    camera: FakeCamera, make_client: MakeClient
) -> None:
    """Even when its answer is a refusal."""
    client = make_client(timing=replace(FAST, silence=0.03))
    await client.connect()
    client.start()
    camera.codes[505] = [19999]
    await until(lambda: camera.count(505) >= 3)
    assert client.connections == [UP]


async def test_a_request_that_times_out_raises_suspicion(
    camera: FakeCamera, running: Watched
) -> None:
    """The camera is asked at once, long before the silence would show."""
    camera.silent.add(520)
    with pytest.raises(GuideTimeoutError):
        await running.request(520, timeout=0.02)
    await until(lambda: camera.count(505) == 1)
    await asyncio.sleep(0.02)
    assert running.connections == [UP]
    camera.deaf = True
    with pytest.raises(GuideTimeoutError):
        await running.request(520, timeout=0.02)
    await until(lambda: running.connection is DOWN)


async def test_a_session_that_ends_unnoticed_is_renewed_by_the_probe(
    camera: FakeCamera, make_client: MakeClient
) -> None:
    """And when there is no room for the new login, the loss is told."""
    client = make_client(timing=replace(FAST, silence=0.03))
    await client.connect()
    client.start()
    camera.codes[505] = [10005, 0]
    await until(lambda: camera.count(501) == 2)
    camera.codes[505] = [10005]
    camera.codes[501] = [10018]
    await until(lambda: client.connection is DOWN)
    camera.codes.clear()
    await until(lambda: client.connection is UP)


async def test_a_heartbeat_that_cannot_be_sent(
    camera: FakeCamera, running: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is a reason to ask."""

    async def fail(self: object, frame: Frame, timeout: float) -> None:
        raise GuideConnectionError("broken pipe")

    monkeypatch.setattr(
        "custom_components.thermogate.guide.session.ControlSession.notify", fail
    )
    await until(lambda: camera.count(505) >= 2)
    assert running.connections == [UP]


async def test_a_socket_that_accepts_nothing_more(
    camera: FakeCamera, running: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its buffer is full, because nobody takes anything out at the other end."""

    async def block(self: object, data: str) -> None:
        await asyncio.Event().wait()

    with monkeypatch.context() as patch:
        patch.setattr("aiohttp.ClientWebSocketResponse.send_str", block)
        await until(lambda: running.connection is DOWN)
    await until(lambda: running.connection is UP)


async def test_a_socket_that_breaks_while_sending(
    running: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request fails as what it is."""

    async def reset(self: object, data: str) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as patch:
        patch.setattr("aiohttp.ClientWebSocketResponse.send_str", reset)
        with pytest.raises(GuideConnectionError, match="ConnectionResetError"):
            await running.version()


async def test_closing_while_waiting_to_come_back(
    camera: FakeCamera, running: Watched
) -> None:
    """Ends the waiting."""
    await camera.push(FORCED_OUT)
    await until(lambda: running.connection is DOWN)
    async with asyncio.timeout(1):
        await running.close()
    assert camera.count(502) == 0


async def test_busy_is_also_told_to_who_asks(
    camera: FakeCamera, client: Watched
) -> None:
    """The background goes on trying."""
    camera.codes[501] = [10018, 0]
    with pytest.raises(GuideBusyError):
        await client.connect()
    client.start()
    started = _now()
    await until(lambda: client.connection is UP)
    assert _now() - started >= FAST.busy * 0.8
