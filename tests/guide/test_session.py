"""One control socket: which frame answers which request."""

import asyncio
from contextlib import suppress
import logging

import pytest

from custom_components.thermogate.guide import (
    Connection,
    GuideCommandError,
    GuideConnectionError,
    GuideTimeoutError,
    ObjectTemperatures,
)
from custom_components.thermogate.guide.wire import MAX_MESSAGE_SIZE, encode
from tests.waiting import until

from .conftest import MakeClient, Watched
from .fake import FakeCamera, Frame

REPLY = {"action": "response", "retcode": 0, "retmsg": "success."}
PUSH = {"action": "notify", "cmdtype": 1007, "content": {"interval": 5}}


@pytest.fixture
async def connected(client: Watched, camera: FakeCamera) -> Watched:
    """Return a client with an open control socket."""
    await client.connect()
    assert client.connection is Connection.CONNECTED
    return client


async def _version(client: Watched) -> str:
    return (await client.version()).serial


async def test_requests_carry_what_devices_want(
    connected: Watched, camera: FakeCamera
) -> None:
    """Action, number, a rising sequence, the token, and the body."""
    await connected.version()
    first = camera.last(505)
    await connected.version()
    assert first == {
        "action": "request",
        "cmdtype": 505,
        "sequence": first["sequence"],
        "token": "token1",
        "message": {},
    }
    assert camera.last(505)["sequence"] > first["sequence"]


async def test_a_field_beside_the_message(
    connected: Watched, camera: FakeCamera
) -> None:
    """Where 509 wants its subtype."""
    await connected.recording_status()
    assert camera.last(509)["subtype"] == 4
    assert camera.last(509)["message"] == {"record_stream": 0}


async def test_the_sequence_decides_even_when_the_number_is_wrong(
    connected: Watched, camera: FakeCamera
) -> None:
    """Firmware answers 39 as 41."""
    camera.override = lambda frame, way: (
        REPLY | {"cmdtype": 41, "sequence": frame["sequence"], "message": {"a": 1}}
    )
    assert await connected.request(39, {"mode": 1}) == {"a": 1}


async def test_always_the_same_sequence(client: Watched, camera: FakeCamera) -> None:
    """From the login on; and 47 answered as 19 is still 47's answer."""

    def always_one(frame: Frame, way: str) -> Frame:
        number = {47: 19}.get(frame["cmdtype"], frame["cmdtype"])
        body = {"token": "t", "serial": "S", "control_port": camera.control_port}
        return REPLY | {"cmdtype": number, "sequence": 1, "message": body}

    camera.override = always_one
    await client.connect()
    assert client.connection is Connection.CONNECTED
    assert await _version(client) == "S"
    assert (await client.request(47, {"flag": 1}))["serial"] == "S"


async def test_no_sequence_at_all(client: Watched, camera: FakeCamera) -> None:
    """Nor, in errors, a command."""

    def bare(frame: Frame, way: str) -> Frame:
        if frame["cmdtype"] == 529:
            return {"retcode": 10008}
        body = {"token": "t", "serial": "S", "control_port": camera.control_port}
        return REPLY | {"cmdtype": frame["cmdtype"], "message": body}

    camera.override = bare
    await client.connect()
    assert await _version(client) == "S"
    with pytest.raises(GuideCommandError):
        await client.nuc()


async def test_an_answer_to_something_else_is_ignored(
    connected: Watched, camera: FakeCamera
) -> None:
    """By number when it has no sequence, by sequence when it has one, and heartbeats in any case."""
    camera.before_reply = lambda: [
        REPLY | {"cmdtype": 520, "message": {"serial": "wrong"}},
        REPLY | {"cmdtype": 505, "sequence": 424242, "message": {"serial": "wrong"}},
        REPLY
        | {
            "cmdtype": 9999,
            "sequence": camera.last(505)["sequence"],
            "message": {"serial": "wrong"},
        },
        {"message": {"serial": "wrong"}},
    ]
    assert await _version(connected) == "S1"


async def test_a_late_answer_is_not_taken_for_the_next(
    connected: Watched, camera: FakeCamera
) -> None:
    """Also from a camera that has not shown yet that it echoes sequences."""
    late: list[Frame] = []

    def hold_back(frame: Frame, way: str) -> Frame | None:
        if frame["cmdtype"] != 505 or late:
            return None
        late.append(
            REPLY
            | {
                "cmdtype": 505,
                "sequence": frame["sequence"],
                "message": {"serial": "late"},
            }
        )
        camera.silent.add(505)
        return None

    camera.override = hold_back
    with pytest.raises(GuideTimeoutError):
        await connected.request(505, timeout=0.05)
    camera.silent.clear()
    camera.before_reply = lambda: late
    assert await _version(connected) == "S1"


async def test_a_push_never_answers_a_request(
    connected: Watched, camera: FakeCamera
) -> None:
    """Not even with the number and the sequence of one."""
    camera.before_reply = lambda: [
        PUSH,
        PUSH | {"sequence": camera.last(505)["sequence"]},
        {
            "action": "response",
            "cmdtype": 505,
            "sequence": camera.last(505)["sequence"],
            "content": {},
            "retcode": 0,
        },
    ]
    assert await _version(connected) == "S1"
    assert connected.pushes[:2] == [ObjectTemperatures(interval=5)] * 2


async def test_null_and_missing_bodies(connected: Watched, camera: FakeCamera) -> None:
    """Sets answer with one or the other."""
    camera.replies[524] = None
    assert await connected.request(524, {"type": 2}) == {}
    camera.override = lambda frame, way: {
        "cmdtype": 524,
        "sequence": frame["sequence"],
        "retcode": "0",
    }
    assert await connected.request(524) == {}


async def test_an_error_has_no_body(connected: Watched, camera: FakeCamera) -> None:
    """Just a code, perhaps as text."""
    camera.override = lambda frame, way: {
        "cmdtype": 529,
        "sequence": frame["sequence"],
        "retcode": "10008",
    }
    with pytest.raises(GuideCommandError) as caught:
        await connected.nuc()
    assert caught.value.code == 10008


async def test_garbage_is_dropped_and_logged_once(
    connected: Watched, camera: FakeCamera, caplog: pytest.LogCaptureFixture
) -> None:
    """And the connection stays."""
    camera.before_reply = lambda: [
        "",
        "{",
        "[]",
        "nonsense",
        " " * (MAX_MESSAGE_SIZE + 1),
    ]
    assert await _version(connected) == "S1"
    assert connected.connection is Connection.CONNECTED
    assert [r.levelno for r in caplog.records if "Ignored a frame" in r.message].count(
        logging.WARNING
    ) == 1


async def test_an_answer_in_another_encoding_or_as_binary(
    connected: Watched, camera: FakeCamera
) -> None:
    """Names in GB 18030 do not cost the connection."""
    camera.override = lambda frame, way: (
        encode(
            REPLY
            | {
                "cmdtype": 505,
                "sequence": frame["sequence"],
                "message": {"serial": "门"},
            }
        )
    ).encode("gb18030")
    assert await _version(connected) == "门"


async def test_one_request_at_a_time(connected: Watched, camera: FakeCamera) -> None:
    """The second waits for the first's answer."""
    waiting: list[int] = []

    def slow(frame: Frame, way: str) -> None:
        waiting.append(frame["cmdtype"])
        camera.silent.add(520)

    camera.override = slow
    first = asyncio.create_task(connected.temperatures())
    await until(lambda: waiting == [520])
    second = asyncio.create_task(connected.version())
    await asyncio.sleep(0.02)
    assert waiting == [520]
    await camera.push(
        REPLY
        | {"cmdtype": 520, "sequence": camera.last(520)["sequence"], "message": {}}
    )
    await first
    assert (await second).serial == "S1"


async def test_a_request_fails_when_the_camera_hangs_up(
    connected: Watched, camera: FakeCamera
) -> None:
    """At once, not after its timeout."""
    camera.silent.add(505)
    request = asyncio.create_task(connected.version())
    await until(lambda: camera.count(505) == 1)
    await camera.drop()
    with pytest.raises(GuideConnectionError):
        await request
    assert connected.connection is Connection.DISCONNECTED
    with pytest.raises(GuideConnectionError, match="Not connected"):
        await connected.version()


async def test_a_listener_that_fails_is_logged(
    make_client: MakeClient, camera: FakeCamera, caplog: pytest.LogCaptureFixture
) -> None:
    """And does not end the connection."""

    def fail(push: object) -> None:
        raise ZeroDivisionError

    client = make_client(on_push=fail)
    await client.connect()
    camera.before_reply = lambda: [PUSH]
    assert await _version(client) == "S1"
    assert "A listener failed" in caplog.text


async def test_a_client_without_listeners(
    make_client: MakeClient, camera: FakeCamera
) -> None:
    """Pushes and changes go nowhere."""
    client = make_client(on_push=None, on_connection=None, on_auth_failed=None)
    await client.connect()
    camera.before_reply = lambda: [
        PUSH,
        {"action": "notify", "cmdtype": 9999, "message": {}},
    ]
    assert await _version(client) == "S1"
    assert not client.pushes
    assert not client.connections


async def test_a_frame_that_breaks_the_protocol_ends_the_session(
    connected: Watched, camera: FakeCamera
) -> None:
    """There is no way to go on reading after it."""
    camera.break_protocol()
    await until(lambda: connected.connection is Connection.DISCONNECTED)


async def test_a_frame_beyond_all_measure_ends_the_session(
    connected: Watched, camera: FakeCamera
) -> None:
    """What is merely too large is dropped; this would only fill the memory."""
    with suppress(ConnectionError):
        await camera.push(" " * (2 * MAX_MESSAGE_SIZE + 1))
    await until(lambda: connected.connection is Connection.DISCONNECTED)
