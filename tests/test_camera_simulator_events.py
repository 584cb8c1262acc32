"""What the simulated camera tells by itself, how it turns, and its quirks and faults."""

import base64
from collections.abc import Callable
import io
import json
from typing import Any

from aiohttp import ClientConnectionError, ClientSession, WSMsgType
from PIL import Image
import pytest

from tests.bare_camera_client import camera, connected, post
from tests.simulators.camera import CameraSimulator, Options
from tests.simulators.camera.options import QUIRKS
from tests.simulators.common import ControlError
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("socket_enabled")

STILL = {"ptz_param2": 0, "ptz_param3": 0}

# Pushes


async def test_a_rule_that_gets_too_hot_is_told_with_pictures_and_again() -> None:
    """1000 carries both pictures and the limits; it repeats while it lasts and ends without a word."""
    async with camera() as (simulator, client):
        await simulator.inject('alarm rule name="Busbar"')
        alarm = (await client.push(1000))["content"]
        assert (alarm["type"], alarm["name"], alarm["temp_flag"]) == (1, "Busbar", 1)
        assert alarm["high_temp"] > alarm["config"]["high_temp"] == 75
        for channel in ("vl", "ir"):
            picture = base64.b64decode(alarm[f"{channel}_image_content"])
            assert Image.open(io.BytesIO(picture)).format == "JPEG"
            async with (
                ClientSession() as http,
                http.get(simulator.http_url + alarm[f"{channel}_image_url"]) as answer,
            ):
                assert await answer.read() == picture
        assert (await client.push(1000))["content"]["name"] == "Busbar"
        assert simulator.camera.sounding
        await client.ask(524, {"type": 2})
        assert not simulator.camera.sounding
        await simulator.inject("alarm clear")
        assert (await client.get(520))["rule_list"][1]["max_temp"] < 75


async def test_the_motor_warms_up_by_itself() -> None:
    """With a period its rule alarms without anybody's doing."""
    async with camera(alarm_period=2.0) as (_, client):
        assert (await client.push(1000))["content"]["name"] == "Motor bearing"


@pytest.mark.parametrize(
    ("line", "cmdtype", "field", "value"),
    [
        ("alarm hot", 1000, "type", 2),
        ("alarm cold", 1000, "type", 3),
        ("alarm fire", 1011, "name", "area1"),
        ("alarm storage-full", 1002, "limit", 1024),
        ("alarm stream", 1004, "type", 2),
        ("alarm illegal-access", 1005, "user", "root"),
        ("alarm network", 1008, "ip", "192.168.1.1"),
        ("alarm forced-logout", 1001, "msg", "other logining,force out"),
    ],
)
async def test_alarms_can_be_staged(
    line: str, cmdtype: int, field: str, value: object
) -> None:
    """Each is a push without a return code, its body in `content`."""
    async with camera() as (simulator, client):
        await simulator.inject(line)
        push = await client.push(cmdtype)
        assert (push["action"], push["content"][field]) == ("notify", value)
        assert "retcode" not in push
        assert (await client.code(42) == 10005) == (cmdtype == 1001)


async def test_bodies_differ_for_other_alarms() -> None:
    """External input tells nothing but the time and pictures; 1009 has its body in `message`."""
    async with camera() as (simulator, client):
        await simulator.inject("alarm input")
        assert "type" not in (await client.push(1010))["content"]
        await simulator.inject("alarm body")
        assert (await client.push(1009))["message"]["alarm_points"]
        await simulator.inject("alarm storage-failure")
        assert (await client.push(1003))["content"] == {}


async def test_reports_go_only_to_who_asked() -> None:
    """516 subscribes one session; another one gets nothing."""
    async with (
        camera(report_period=0.1) as (simulator, client),
        connected(simulator) as other,
    ):
        assert await client.get(516, {"push_report": 1}) == {"interval": 1}
        report = (await client.push(1007))["content"]
        assert [item["measurer_name"] for item in report["obj_list"]][:2] == [
            "Transformer",
            "Busbar",
        ]
        await other.ask(42)
        assert other.pushes == []


# Pan and tilt


async def test_the_head_turns_until_it_is_stopped() -> None:
    """A start moves on and on, a stop ends it, and the picture moves along."""
    async with camera() as (simulator, client):
        before = (await client.get(520))["rule_list"][0]["max_temp"]
        order = {"ptz_command": 15, "ptz_action": 0, "ptz_param1": 20, **STILL}
        reply = await client.ask(600, order, **{"from": "a", "to": "b"})
        assert (reply["retcode"], reply["from"], reply["to"]) == (0, "a", "b")
        await until(lambda: simulator.ptz.position.pan > 20)
        await client.ask(600, order | {"ptz_action": 1})
        place = simulator.ptz.position
        simulator.camera.skip(10)
        assert simulator.ptz.position == place
        assert not simulator.ptz.moving
        assert (await client.get(520))["rule_list"][0]["max_temp"] < before
        assert await client.code(600, order | {"ptz_command": 36}) == 10002
        assert await client.code(600, {"ptz_command": 15, "ptz_action": 0}) == 10003
        await client.ask(600, order | {"ptz_command": 27})
        assert simulator.received(600)[-1].message["ptz_command"] == 27
        await client.ask(600, order | {"ptz_command": 27, "ptz_action": 1})


async def test_presets_are_kept_called_renamed_and_deleted() -> None:
    """A preset keeps the position; one that does not exist fails."""
    async with camera() as (simulator, client):
        assert await client.get(605, {"index": 3}) == {}
        await until(lambda: not simulator.ptz.moving)
        assert simulator.ptz.position.pan == 5.0
        await client.get(602, {"presets": [{"index": 9, "name": "Here", "param": 0}]})
        await client.get(604, {"presets": [{"index": 9, "name": "There", "param": 0}]})
        assert (await client.get(601))["presets"][-1] == {
            "index": 9,
            "name": "There",
            "param": 0,
        }
        assert simulator.ptz.presets[9].position.pan == 5.0
        await client.get(603, {"presets": [{"index": 9}]})
        assert await client.code(605, {"index": 9}) == 10008
        assert await client.code(605, {"index": 256}) == 10002


async def test_cruises_scans_and_traces_run_and_are_told() -> None:
    """617 names the kind and number of what runs; what is not set up cannot run."""
    async with camera() as (simulator, client):
        nothing = {"ptz_movement": 0, "ptz_move_type": 0, "ptz_move_index": 0}
        assert await client.get(617) == nothing
        await client.get(
            607,
            {
                "cruise_groups": [
                    {
                        "cruise_index": 2,
                        "cruise_name": "Two",
                        "presets": [{"index": 2, "duration": 1}],
                    }
                ]
            },
        )
        await client.get(610, {"cruise_index": 2, "cruise_action": 0})
        assert await client.get(617) == {
            "ptz_movement": 1,
            "ptz_move_type": 1,
            "ptz_move_index": 2,
        }
        await until(lambda: simulator.ptz.position.pan < -5)
        await client.get(610, {"cruise_index": 2, "cruise_action": 1})
        assert await client.get(617) == nothing
        assert (
            await client.code(613, {"linescan_index": 2, "linescan_action": 0}) == 10008
        )
        await client.get(613, {"linescan_index": 1, "linescan_action": 0})
        assert (await client.get(617))["ptz_move_type"] == 2
        assert await client.code(616, {"trace_index": 1, "trace_action": 0}) == 10008
        await client.get(615, {"trace_index": 1, "trace_record_action": 0})
        await client.get(615, {"trace_index": 1, "trace_record_action": 1})
        assert (await client.get(614))["trace_groups"][0]["trace_enable"] == 1
        await client.get(616, {"trace_index": 1, "trace_action": 0})
        assert (await client.get(617))["ptz_move_type"] == 3
        assert len((await client.get(606))["cruise_groups"]) == 2


# Quirks and faults


@pytest.mark.parametrize(
    ("quirk", "cmdtype", "message", "seen"),
    [
        ("sequence-constant", 42, {}, lambda reply: reply["sequence"] == 1),
        ("wrong-reply-cmdtype", 39, {"mode": 0}, lambda reply: reply["cmdtype"] == 41),
        ("key-blanks", 500, {}, lambda reply: "ir_model_w " in reply["message"]),
        ("string-numbers", 42, {}, lambda reply: (reply["retcode"], reply["message"]) == ("0", {"silent": "0"})),
        ("no-message-key", 41, {"silent": 1}, lambda reply: "message" not in reply),
        ("control-url", 500, {}, lambda reply: "control_url" in reply["message"]),
        ("video-url-keys", 500, {}, lambda reply: "ir_video_url" in reply["message"]),
        ("bare-500", 500, {}, lambda reply: list(reply["message"]) == ["datetime"]),
        ("no-globals", 520, {}, lambda reply: list(reply["message"]) == ["rule_list"]),
        ("rules-null", 520, {}, lambda reply: reply["message"]["rule_list"] is None),
        ("rules-absent", 520, {}, lambda reply: "rule_list" not in reply["message"]),
        ("rule-ids-zero", 4, {}, lambda reply: {rule["id"] for rule in reply["message"]["rule_list"]} == {0}),
        ("int32-matrix", 530, {}, lambda reply: len(base64.b64decode(reply["message"]["temps"])) == 512 * 384 * 4),
        ("no-matrix-size", 530, {}, lambda reply: list(reply["message"]) == ["temps"]),
        ("no-serial", 505, {}, lambda reply: reply["message"]["serial"] == ""),
        ("ir-only", 500, {}, lambda reply: "vl_rtsp_url" not in reply["message"]),
        ("no-ptz", 601, {}, lambda reply: reply["retcode"] == 19999),
        ("no-ptz-failed", 601, {}, lambda reply: reply["retcode"] == 10008),
        ("no-permission", 41, {"silent": 1}, lambda reply: reply["retcode"] == 10007),
        ("shutter", 530, {}, lambda reply: reply["retcode"] == 10021),
        ("clock-1970", 500, {}, lambda reply: reply["message"]["datetime"].startswith("1970-")),
    ],
)  # fmt: skip
async def test_replies_have_quirks(
    quirk: str,
    cmdtype: int,
    message: dict[str, Any],
    seen: Callable[[dict[str, Any]], bool],
) -> None:
    """Each can be switched on while running; what it does is gone when it is off."""
    async with camera() as (simulator, client):
        assert not seen(await client.ask(cmdtype, message))
        await simulator.inject(quirk)
        assert seen(await client.ask(cmdtype, message))
        await simulator.inject(f"{quirk} off")
        if quirk == "clock-1970":
            await client.ask(506, {"datetime": "2026-05-01 10:00:00"})
        assert not seen(await client.ask(cmdtype, message))


@pytest.mark.parametrize(
    ("quirk", "seen"),
    [
        ("push-in-message", lambda push: "content" not in push and "type" in push["message"]),
        ("key-blanks", lambda push: "content " in push),
        ("img-spelling", lambda push: "ir_img_content" in push["content"]),
        ("alarm-picture-missing", lambda push: "ir_image_content" not in push["content"]),
        ("alarm-picture-garbage", lambda push: not push["content"]["ir_image_content"].startswith("/9j/")),
        ("ir-only", lambda push: push["content"]["vl_image_content"] == ""),
    ],
)  # fmt: skip
async def test_pushes_have_quirks(
    quirk: str, seen: Callable[[dict[str, Any]], bool]
) -> None:
    """Alarms arrive in other shapes."""
    async with camera(quirks=frozenset({quirk})) as (simulator, client):
        await simulator.inject("alarm hot")
        assert seen(await client.push(1000))


async def test_http_has_quirks() -> None:
    """Nothing at all instead of 10005, an error page instead of JSON."""
    async with CameraSimulator(
        Options(quirks=frozenset({"empty-http-body"}))
    ) as simulator:
        request = {"action": "request", "cmdtype": 42, "sequence": 1, "token": ""}
        assert await post(simulator, request) == ("", "text/html")
        await simulator.inject("html-body")
        assert (await post(simulator, request))[0].startswith("<html>")


async def test_the_control_port_closes_and_opens() -> None:
    """While it is closed connections are refused, and HTTP still works."""
    async with camera() as (simulator, client):
        await simulator.inject("ws closed")
        assert (await client.socket.receive(timeout=2)).type in (
            WSMsgType.CLOSED,
            WSMsgType.CLOSING,
            WSMsgType.CLOSE,
        )
        with pytest.raises(ClientConnectionError):
            async with connected(simulator):
                pass
        text, _ = await post(
            simulator, {"action": "request", "cmdtype": 500, "sequence": 1}
        )
        assert json.loads(text)["message"]["control_port"] == simulator.ws_port
        await simulator.inject("ws open")
        async with connected(simulator) as again:
            assert await again.code(42) == 0


async def test_connections_are_dropped_and_restarts_come_back() -> None:
    """After a drop the token is still good; after a restart it is not, and the ports are the same."""
    async with camera() as (simulator, client):
        await simulator.inject("drop-connection")
        assert (await client.socket.receive(timeout=2)).type in (
            WSMsgType.CLOSED,
            WSMsgType.ERROR,
        )
        async with connected(simulator, log_in=False) as again:
            again.token = client.token
            assert await again.code(42) == 0
            await simulator.inject("reboot 0.2")
            await again.socket.receive(timeout=2)
        with pytest.raises(ClientConnectionError):
            await post(simulator, "{}")
        await until(lambda: not simulator.rebooting)
        async with connected(simulator, log_in=False) as again:
            again.token = client.token
            assert await again.code(42) == 10005


async def test_a_half_open_camera_says_nothing_until_it_is_heard_again() -> None:
    """The socket stays, no answer comes; later the waiting request is answered."""
    async with camera() as (simulator, client):
        await simulator.inject("half-open")
        number = await client.send(42)
        with pytest.raises(TimeoutError):
            await client.socket.receive(timeout=0.3)
        await simulator.inject("half-open off")
        assert (await client.receive())["sequence"] == number


async def test_frames_may_be_anything() -> None:
    """Broken JSON, an unknown kind, ten million bytes: told to all who listen."""
    async with camera() as (simulator, client):
        await simulator.inject("invalid-json")
        with pytest.raises(json.JSONDecodeError):
            await client.receive()
        await simulator.inject("unknown-push")
        assert (await client.receive())["cmdtype"] == 1099
        assert await simulator.inject("huge-frame 10000000") == {"told": 1}
        assert len((await client.receive())["content"]["filling"]) == 10_000_000
        await simulator.inject("expire-token")
        assert await client.code(42) == 10005


async def test_unknown_controls_and_quirks_are_refused() -> None:
    """A typing error must not go unseen."""
    async with camera() as (simulator, _):
        for line in (
            "quirky",
            "alarm earthquake",
            "no-serial perhaps",
            "reboot soon",
            "alarm rule name=None",
        ):
            with pytest.raises(ControlError):
                await simulator.inject(line)
    with pytest.raises(ValueError, match="no-such"):
        Options(quirks=frozenset({"no-such"}))
    assert all(QUIRKS.values())


async def test_requests_are_kept_without_secrets() -> None:
    """Neither token nor password, in whatever depth."""
    async with camera() as (simulator, client):
        await client.ask(31, {"username": "u", "password": "hidden", "from": "f"})
        kept = repr(simulator.requests)
        assert client.token not in kept
        assert "password" not in kept
        assert simulator.received(31)[0].message == {"username": "u", "from": "f"}
