"""The moving pictures of the simulated camera, and the simulated camera as a process."""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE, Process
import json
from pathlib import Path
import sys
from typing import Any

from aiohttp import ClientSession, WSMsgType
import av
import numpy as np
import pytest

from tests.bare_camera_client import BareClient, camera
from tests.simulators.camera import CameraSimulator, Options
from tests.simulators.camera.encoder import split_units, with_start_codes
from tests.simulators.camera.rtsp import packets
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("socket_enabled")

SIZES = {
    "/video1/stream0": (384, 512, 3),
    "/video1/stream1": (192, 256, 3),
    "/video2/stream0": (720, 1280, 3),
    "/video2/stream1": (480, 640, 3),
}


def decode(url: str, count: int, transport: str = "tcp") -> list[np.ndarray]:
    """Return so many pictures of a stream, (height, width, 3) each, as Home Assistant would decode them."""
    options = {
        "rtsp_transport": transport,
        # Known from the description: no need to collect pictures first.
        "probesize": "32",
        "analyzeduration": "0",
    }
    frames = []
    with av.open(url, options=options, timeout=10) as container:
        for frame in container.decode(video=0):
            frames.append(frame.to_ndarray(format="rgb24"))
            if len(frames) == count:
                break
    return frames


async def watch(
    simulator: CameraSimulator,
    path: str,
    account: str = "admin:admin123@",
    count: int = 3,
    transport: str = "tcp",
) -> list[np.ndarray]:
    """Decode a stream of the simulator in a thread."""
    url = f"rtsp://{account}127.0.0.1:{simulator.rtsp_port}{path}"
    return await asyncio.to_thread(decode, url, count, transport)


@pytest.mark.parametrize("path", SIZES)
async def test_each_path_plays_and_moves(path: str) -> None:
    """Pictures have the promised size and differ; nothing is encoded when nobody watches."""
    async with CameraSimulator() as simulator:
        stream = simulator.video.find(path)
        assert stream is not None
        assert not stream.encoding
        frames = await watch(simulator, path)
        assert {frame.shape for frame in frames} == {SIZES[path]}
        assert (frames[0] != frames[-1]).mean() > 0.001
        await until(lambda: not stream.encoding)


async def test_udp_serves_too() -> None:
    """The same over RTP datagrams."""
    async with CameraSimulator() as simulator:
        assert len(await watch(simulator, "/video1/stream0", transport="udp")) == 3


@pytest.mark.parametrize("account", ["", "admin:wrong@", "eve:admin123@"])
async def test_streams_need_the_account(account: str) -> None:
    """Without it or with another one: 401; with the quirk anybody may watch."""
    async with CameraSimulator() as simulator:
        with pytest.raises(av.error.HTTPUnauthorizedError):
            await watch(simulator, "/video1/stream0", account)
        assert {item.status for item in simulator.rtsp_requests[1:]} == {401}
        await simulator.inject("rtsp-open")
        assert await watch(simulator, "/video1/stream0", account, 1)


async def test_unknown_paths_are_not_found() -> None:
    """Neither others' paths nor the visible ones of a thermal camera."""
    async with CameraSimulator(Options(quirks=frozenset({"ir-only"}))) as simulator:
        for path in ("/cam/realmonitor", "/video2/stream0"):
            with pytest.raises(av.error.HTTPNotFoundError):
                await watch(simulator, path)


async def test_viewers_share_one_encoder() -> None:
    """Two viewers of one path cost as much as one."""
    async with CameraSimulator() as simulator:
        stream = simulator.video.find("/video1/stream0")
        assert stream is not None
        async with stream.watch() as one, stream.watch() as other:
            for viewer in (one, other):
                assert (await viewer.pictures.get()).key
            assert stream.encoded <= 2


async def test_the_picture_follows_the_head() -> None:
    """What is seen after turning differs far more than what moves by itself."""
    async with camera() as (simulator, client):
        (before,) = await watch(simulator, "/video2/stream1", count=1)
        await client.get(605, {"index": 2})
        await until(lambda: not simulator.ptz.moving)
        (after,) = await watch(simulator, "/video2/stream1", count=1)
        assert (abs(before.astype(int) - after) > 30).mean() > 0.2


def test_large_units_are_cut_and_small_ones_are_not() -> None:
    """Fragments carry start and end marks; the last packet of a picture is marked; numbers wrap."""
    small, large = b"\x67" + b"s" * 9, b"\x65" + b"l" * 3000
    sent = packets([small, large], 0xFFFF, 90_000, 1)
    assert [packet[1] >> 7 for packet in sent] == [0, 0, 0, 1]
    assert [int.from_bytes(packet[2:4]) for packet in sent] == [0xFFFF, 0, 1, 2]
    assert sent[0][12:] == small
    assert [packet[12:14].hex() for packet in sent[1:]] == ["7c85", "7c05", "7c45"]
    assert b"".join(packet[14:] for packet in sent[1:]) == large[1:]


def test_units_are_found_whatever_their_start_code() -> None:
    """Three or four bytes begin a unit."""
    assert split_units(b"\0\0\1\x67a\0\0\0\1\x68b") == [b"\x67a", b"\x68b"]
    assert split_units(with_start_codes([b"\x65c"])) == [b"\x65c"]


async def greet(
    simulator: CameraSimulator, client: BareClient, channel: int, token: str
) -> list[Any]:
    """Open a video WebSocket, greet it, and return what comes: units, or that it was closed."""
    port = simulator.camera.ports["ir_video" if channel == 1 else "vl_video"]
    hello = bytes([0x71, 0x85, 0x73, 0x68, 1, channel, 2]) + token.encode()
    async with (
        ClientSession() as http,
        http.ws_connect(f"ws://127.0.0.1:{port}/ws") as socket,
    ):
        await socket.send_bytes(hello)
        messages = [await socket.receive(timeout=5) for _ in range(4)]
        return [
            message.data if message.type is WSMsgType.BINARY else None
            for message in messages
        ]


async def test_video_websockets_send_bare_units_after_the_greeting() -> None:
    """One unit per message, parameter sets first; a wrong token, channel or no greeting at all ends it."""
    async with camera() as (simulator, client):
        for channel in (1, 2):
            units = await greet(simulator, client, channel, client.token)
            assert [unit[:4] for unit in units] == [b"\0\0\0\1"] * 4
            assert [unit[4] & 31 for unit in units[:3]] == [7, 8, 5]
        assert await greet(simulator, client, 1, "0" * 32) == [None] * 4
        port = simulator.camera.ports["vl_video"]
        async with (
            ClientSession() as http,
            http.ws_connect(f"ws://127.0.0.1:{port}/ws") as socket,
        ):
            assert (await socket.receive(timeout=3)).type is WSMsgType.CLOSE


# As a process

ROOT = Path(__file__).parent.parent
COMMAND = (sys.executable, "-m", "tests.simulators.camera")


async def start(*arguments: str, stdin: int = PIPE) -> tuple[Process, dict[str, Any]]:
    """Start a simulator and return it with its ready line."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND, *arguments, stdin=stdin, stdout=PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    return process, json.loads(await process.stdout.readline())


async def test_a_process_tells_when_it_is_ready_obeys_lines_and_logs(
    tmp_path: Path,
) -> None:
    """One ready line with all addresses, one answer per control line, one log line per request."""
    log = tmp_path / "requests.jsonl"
    process, ready = await start(
        "--log", str(log), "--serial", "S1", "--mac", "00:15:18:00:00:01", "--password", "pässword", "--quirk", "no-globals",
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert (ready["ready"], ready["kind"], ready["serial"]) == (
            True,
            "camera",
            "S1",
        )
        assert (
            ready["streams"]["vl_rtsp_url"]
            == f"rtsp://127.0.0.1:{ready['rtsp_port']}/video2/stream0"
        )
        process.stdin.write(b"status\nno-globals off\nnonsense\nalarm fire\n")
        answers = [json.loads(await process.stdout.readline()) for _ in range(4)]
        assert answers[0]["quirks"] == ["no-globals"]
        assert answers[1] == {"done": "no-globals", "state": "off"}
        assert "unknown control" in answers[2]["error"]
        assert answers[3] == {"done": "alarm"}
        request = {
            "action": "request",
            "cmdtype": 501,
            "sequence": 1,
            "message": {"username": "admin", "password": "hidden"},
        }
        async with (
            ClientSession() as http,
            http.post(
                f"http://127.0.0.1:{ready['http_port']}/getmsginfo", json=request
            ) as answer,
        ):
            assert json.loads(await answer.text())["retcode"] == 10002
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        assert lines[-1]["request"]["cmdtype"] == 501
        assert lines[-1]["retcode"] == 10002
        assert "hidden" not in log.read_text()
    finally:
        process.terminate()
        assert await process.wait() == 0


async def test_a_taken_port_is_said_plainly() -> None:
    """One line on standard error, no ready line."""
    async with CameraSimulator() as simulator:
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            "--rtsp-port",
            str(simulator.rtsp_port),
            stdout=PIPE,
            stderr=PIPE,
            cwd=ROOT,
        )
        out, err = await process.communicate()
    assert (process.returncode, out) == (1, b"")
    assert err.startswith(b"cannot listen: ")
    assert err.count(b"\n") == 1


async def test_a_process_without_standard_input_goes_on() -> None:
    """The end of standard input ends nothing; a fixed port is taken as told."""
    process, ready = await start(stdin=DEVNULL)
    try:
        async with (
            ClientSession() as http,
            http.get(f"http://127.0.0.1:{ready['http_port']}/sound/0.wav") as answer,
        ):
            assert (await answer.read()).startswith(b"RIFF")
    finally:
        process.terminate()
        assert await process.wait() == 0
