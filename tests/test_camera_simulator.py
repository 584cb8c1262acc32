"""The simulated camera is as strict and as quirky as a real one."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
import io
import json
import re
from typing import Any

from aiohttp import (
    ClientConnectionError,
    ClientSession,
    WSMsgType,
    WSServerHandshakeError,
)
import numpy as np
from PIL import Image
import pytest

from tests.bare_camera_client import BareClient, any_ciphertext, connected
from tests.simulators.camera import CameraSimulator, Options
from tests.simulators.camera.options import QUIRKS
from tests.simulators.common import ControlError

pytestmark = pytest.mark.usefixtures("socket_enabled")

STILL = {"ptz_param2": 0, "ptz_param3": 0}


@asynccontextmanager
async def camera(**options: Any) -> AsyncIterator[tuple[CameraSimulator, BareClient]]:
    """Start a cool camera that sits still, with one client logged in."""
    chosen = Options(**{"alarm_period": 0.0, "alarm_interval": 1.0, "shutter_time": 0.2} | options)  # fmt: skip
    async with CameraSimulator(chosen) as simulator, connected(simulator) as client:
        yield simulator, client


async def until(condition: Callable[[], bool], patience: float = 5.0) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(patience):
        while not condition():
            await asyncio.sleep(0.01)


async def post(simulator: CameraSimulator, body: Any, path: str = "/getmsginfo") -> tuple[str, str]:  # fmt: skip
    """Send a request over HTTP; return the answer and what it calls itself."""
    data = body if isinstance(body, str) else json.dumps(body)
    async with ClientSession() as http, http.post(simulator.http_url + path, data=data) as answer:  # fmt: skip
        return await answer.text(), answer.content_type


# Login and session


async def test_only_general_information_needs_no_login() -> None:
    """500 answers anybody with addresses that are in use; everything else answers 10005 without a message."""
    async with CameraSimulator() as simulator, connected(simulator, log_in=False) as client:  # fmt: skip
        general = await client.get(500)
        assert general["control_port"] == simulator.ws_port
        assert general["ir_rtsp_url"] == f"rtsp://127.0.0.1:{simulator.rtsp_port}/video1/stream0"  # fmt: skip
        assert (general["ir_output_w"], general["ir_model_w"]) == (512, 256)
        reply = await client.ask(520)
        assert reply == {"action": "response", "cmdtype": 520, "retcode": 10005, "retmsg": "user is not login.", "sequence": 2}  # fmt: skip


async def test_a_login_gives_a_token_that_serves_both_transports() -> None:
    """The token has 32 hexadecimal digits; HTTP calls itself HTML; JSON is compact and ordered."""
    async with camera() as (simulator, client):
        assert re.fullmatch("[0-9a-f]{32}", client.token)
        request = {"action": "request", "cmdtype": 505, "sequence": 7, "token": client.token, "message": {}}  # fmt: skip
        for path in ("/getmsginfo", "/api/v1/msg"):
            text, content_type = await post(simulator, request, path)
            assert content_type == "text/html"
            assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))  # fmt: skip
            assert json.loads(text)["message"]["serial"] == simulator.options.serial


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("admin123", 10002),
        ("not base64 at all".ljust(172), 10002),
        (base64.b64encode(bytes(64)).decode(), 10002),
        (base64.b64encode(b"\xff" * 128).decode(), 10002),
        ("", 10002),
        (None, 10003),
        (any_ciphertext(), 0),
    ],
)
async def test_a_password_must_be_encrypted(password: str | None, code: int) -> None:
    """Plain, short, unencoded and too large passwords are refused."""
    async with CameraSimulator() as simulator, connected(simulator, log_in=False) as client:  # fmt: skip
        assert await client.code(501, {"username": "admin", "password": password}) == code  # fmt: skip


async def test_a_password_encrypted_without_padding_is_refused_and_a_repeated_one_counted() -> None:  # fmt: skip
    """Padding is random: an unpadded password is recognised, a repeated ciphertext is suspicious."""
    async with CameraSimulator() as simulator, connected(simulator, log_in=False) as client:  # fmt: skip
        from tests.simulators.camera.sessions import MODULUS

        bare = pow(int.from_bytes(b"admin123"), 65537, MODULUS).to_bytes(128)
        account = {"username": "admin", "password": base64.b64encode(bare).decode()}
        assert await client.code(501, account) == 10002
        account["password"] = any_ciphertext()
        assert [await client.code(501, account) for _ in range(2)] == [0, 0]
        assert simulator.camera.sessions.replayed_ciphertexts == 1


async def test_wrong_passwords_count_down_and_lock_the_account() -> None:
    """10009 with the attempts left, then 10010 even for the right password, until the lock ends; 1005 is told."""
    async with camera(lock_time=0.4) as (simulator, client):
        await client.ask(29, {"allow_count": 3, "flag": 1})
        await simulator.inject("wrong-password 3")
        account = {"username": "admin", "password": any_ciphertext()}
        first, second = await client.ask(501, account), await client.ask(501, account)
        assert (first["retcode"], first["message"]) == (10009, {"count": 2})
        assert second["message"] == {"count": 1}
        assert [await client.code(501, account) for _ in range(2)] == [10010, 10010]
        assert (await client.push(1005))["content"]["user"] == "admin"
        await asyncio.sleep(0.5)
        assert await client.code(501, account) == 0


async def test_an_unknown_user_is_told_so() -> None:
    """The code for a wrong user name differs from that for a wrong password."""
    async with camera() as (_, client):
        assert await client.code(501, {"username": "eve", "password": any_ciphertext()}) == 10011  # fmt: skip


async def test_only_heartbeats_keep_a_session_alive() -> None:
    """Commands do not extend it; a heartbeat does, and gets no reply."""
    async with camera(session_time=0.6) as (simulator, client):
        await asyncio.sleep(0.4)
        await client.send(9999, action="notify")
        await asyncio.sleep(0.4)
        assert (await client.ask(42))["cmdtype"] == 42
        await asyncio.sleep(0.3)
        assert await client.code(42) == 10005
        assert simulator.listeners == 0


async def test_sessions_are_limited_and_end_with_a_logout() -> None:
    """One login too many is 10018; after a logout there is room, and the token is worth nothing."""
    async with camera() as (_, client):
        await client.ask(11, {"max_connectios": 1})
        account = {"username": "admin", "password": any_ciphertext()}
        assert await client.code(501, account) == 10018
        assert await client.code(502, {"username": "somebody"}) == 10004
        assert await client.ask(502, {"username": "admin"}) == {"action": "response", "cmdtype": 502, "message": None, "retcode": 0, "retmsg": "success.", "sequence": 5}  # fmt: skip
        assert await client.code(42) == 10005
        assert await client.code(501, account) == 0


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{", 10002),
        ("[]", 10002),
        ('{"cmdtype":500,"sequence":1}', 10003),
        ('{"action":"request","cmdtype":500}', 10003),
        ('{"action":"request","cmdtype":"500","sequence":1}', 10002),
        ('{"action":"order","cmdtype":500,"sequence":1}', 10002),
        ('{"action":"request","cmdtype":500,"sequence":1,"message":[]}', 10002),
        ('{"action":"request","cmdtype":500,"sequence":0,"message":null}', 0),
    ],
)
async def test_a_broken_envelope_is_refused(frame: str, code: int) -> None:
    """What is no request gets an error and ends nothing."""
    async with CameraSimulator() as simulator:
        text, _ = await post(simulator, frame)
        assert json.loads(text)["retcode"] == code


# Settings


async def test_every_setting_can_be_read_and_written_back() -> None:
    """The factory values pass the camera's own checks, and no field of theirs is unknown to it."""
    async with camera() as (simulator, client):
        for number in (*range(1, 37, 2), *range(39, 59, 2)):
            values = await client.get(number + 1)
            reply = await client.ask(number, values)
            assert (reply["retcode"], reply["message"]) == (0, None), number
            assert await client.get(number + 1) == values
        assert not any(request.unknown for request in simulator.requests)


@pytest.mark.parametrize(
    ("number", "message", "code"),
    [
        (1, {"emiss": 0.05}, 10002),
        (1, {"emiss": "0.9"}, 10002),
        (1, {"color_bar": 27}, 10002),
        (1, {"color_bar": True}, 10002),
        (1, {"isot_high_color": "red"}, 10002),
        (1, {"color_bar": 26, "flag": None, "unheard_of": 1}, 0),
        (1, {}, 10001),
        (3, {"rule_list": [{"rule_name": "half"}]}, 10003),
        (5, {"ir_config": {"brightness": 101}}, 10002),
        (9, {"ipaddr": "192.168.1.300"}, 10014),
        (9, {"netmask": "255.0.255.0"}, 10016),
        (9, {"ipaddr": "10.0.0.5", "netmask": "255.0.0.0", "gateway": "11.0.0.1"}, 10017),
        (11, {"http_port": 81}, 10002),
        (17, {"rects": [{"x": 1, "y": 1, "w": 9, "h": 9}] * 3}, 10002),
        (23, {"params": [{"type": 3, "ratio": "640x480"}]}, 10002),
        (23, {"params": [{"type": 3, "fps": 10, "gop_size": 21}]}, 10002),
        (25, {"store": [{"flag": 1}]}, 10003),
        (35, {"brightness": 100, "light": 1}, 0),
        (39, {" mode": 1}, 10003),
        (47, {"alarm_shake": 9}, 10002),
        (53, {"high": 100.1}, 10002),
        (37, {"a": 1}, 19999),
    ],
)  # fmt: skip
async def test_ranges_are_enforced(number: int, message: dict[str, Any], code: int) -> None:  # fmt: skip
    """A value out of range, of the wrong type or missing is refused with its own code and changes nothing."""
    async with camera() as (simulator, client):
        before = await client.ask(number + 1)
        reply = await client.ask(number, message)
        assert reply["retcode"] == code
        assert ("message" in reply) == (code == 0)
        assert ((await client.ask(number + 1)).get("message") == before.get("message")) == (code != 0)  # fmt: skip
        assert simulator.received(number)[0].retcode == code


async def test_a_partial_write_keeps_the_rest_and_factory_values_can_be_asked() -> None:
    """Only the named fields change, also inside lists that are found by type."""
    async with camera() as (simulator, client):
        await client.get(23, {"params": [{"type": 2, "fps": 4, "gop_size": 8}]})
        params = (await client.get(24))["params"]
        assert [(item["fps"], item["gop_size"]) for item in params] == [(10, 10), (4, 8), (10, 10), (5, 5)]  # fmt: skip
        assert (await client.get(24, {"default": 1}))["params"][1]["fps"] == 5
        await client.ask(1, {"color_bar": 4, "colour_bar": 5})
        assert simulator.received(1)[0].unknown == ("colour_bar",)
        await client.ask(512, subtype=1)
        assert (await client.get(2))["color_bar"] == 3


# Temperatures and pictures


async def test_rules_pictures_and_matrix_agree() -> None:
    """520, 521 and 530 tell of one scene; rules that are set are measured."""
    async with camera() as (_, client):
        rules = await client.get(4)
        spot = rules["rule_list"][0] | {"rule_name": "Spot", "type": 1, "points": [{"x": 324, "y": 276}], "id": 0}  # fmt: skip
        await client.get(3, {"rule_list": [*rules["rule_list"], spot]})
        told = await client.get(520)
        names = [rule["rule_name"] for rule in told["rule_list"]]
        assert names == ["Transformer", "Busbar", "Motor bearing", "Whole yard", "Spot"]
        assert told["rule_list"][4]["rule_id"] == 5
        matrix = await client.get(530, {"type": 0})
        pixels = np.frombuffer(base64.b64decode(matrix["temps"]), "<i2").reshape(384, 512) / 100  # fmt: skip
        assert told["global_max_temp"] == pytest.approx(pixels.max(), abs=2)
        assert told["rule_list"][4]["max_temp"] == pytest.approx(pixels[275, 323], abs=2)  # fmt: skip
        point = await client.get(521, {"cursor_x": 324, "cursor_y": 276, "cursor_type": 0})  # fmt: skip
        assert point["value"] == pytest.approx(pixels[275, 323], abs=2)
        assert await client.code(521, {"cursor_x": 0, "cursor_y": 1, "cursor_type": 0}) == 10002  # fmt: skip
        module = await client.get(530, {"type": 1})
        assert (module["width"], module["height"]) == (256, 192)
        assert len(base64.b64decode(module["temps"])) == 256 * 192 * 2


async def test_pictures_come_by_path_and_by_content() -> None:
    """522 is a JPEG at a relative path; 523 knows three formats."""
    async with camera() as (simulator, client), ClientSession() as http:
        thermal = await client.get(522)
        content = base64.b64decode(thermal["image_content"])
        assert Image.open(io.BytesIO(content)).size == (512, 384)
        assert thermal["image_url"].startswith("/")
        async with http.get(simulator.http_url + thermal["image_url"]) as answer:
            assert await answer.read() == content
        visible = await client.get(523, {"type": 1})
        assert Image.open(io.BytesIO(base64.b64decode(visible["image_content"]))).size == (1280, 720)  # fmt: skip
        for kind, size in ((2, 256 * 192 * 3), (3, 512 * 384 * 4)):
            shot = await client.get(523, {"type": kind})
            assert len(base64.b64decode(shot["image_content"])) == size
        assert await client.code(523, {"type": 0}) == 10002


async def test_the_matrix_is_away_while_the_shutter_clicks_and_the_range_switches() -> None:  # fmt: skip
    """10021 after a correction, 10022 after another range, then temperatures again."""
    async with camera() as (_, client):
        await client.get(529)
        assert await client.code(530) == 10021
        await asyncio.sleep(0.25)
        await client.ask(1, {"gear": 1})
        assert await client.code(530) == 10022
        await asyncio.sleep(0.25)
        assert await client.code(530) == 0


async def test_history_can_be_listed_and_downloaded() -> None:
    """513 to 515 page through what 514 says is there; files have the size that was told."""
    async with camera() as (simulator, client), ClientSession() as http:
        times = {"starttime": "2000-01-01 00:00:00", "endtime": "2099-01-01 00:00:00"}
        what = {"videotype": 2, "datatype": 2}
        page = await client.get(513, {**times, **what, "pageindex": 2, "pagecount": 5})
        assert page["total"] > 10
        entry = page["datas"][0]
        async with http.get(simulator.http_url + entry["url"]) as answer:
            data = await answer.read()
        assert len(data) == entry["filesize"]
        assert Image.open(io.BytesIO(data)).size == (512, 384)
        assert await client.code(513, {**times, **what, "pageindex": 0, "pagecount": 5}) == 10002  # fmt: skip
        year, month, day = (int(part) for part in entry["start"][:10].split("-"))
        days = await client.get(514, {**what, "year": year, "month": month})
        assert day in days["days"]
        query = {"query_start_time": "2026-01-01 00:00:00", "query_end_time": "2026-01-01 02:00:00", "query_type": 8,
                 "query_interval": 10, "query_temp_type": 1, "report": 1, "page_index": 1, "page_count": 100}  # fmt: skip
        series = await client.get(515, query)
        assert [item["measurer_name"] for item in series["measure_list"]] == ["Transformer", "Whole yard"]  # fmt: skip
        assert None in series["measure_list"][0]["temperature"]
        async with http.get(simulator.http_url + series["report_path"]) as answer:
            assert (await answer.text()).startswith("time,Transformer")


async def test_recording_is_a_state_that_is_told() -> None:
    """509 starts, queries and ends; the change is pushed with 1006."""
    async with camera() as (_, client):
        await asyncio.sleep(0.6)
        begun = await client.get(509, {"record_stream": 3}, subtype=1)
        assert (begun["status"], begun["allrecord"]) == (0, 1)
        assert await client.code(509, {"record_stream": 3}, subtype=1) == 10008
        assert (await client.push(1006))["content"]["allrecord"] == 1
        delayed = await client.get(509, {"record_stream": 2}, subtype=2)
        assert (delayed["delay_status"], delayed["delay_time"]) == (4, 5)
        assert (await client.get(509, {"record_stream": 0}, subtype=3))["allrecord"] == 0  # fmt: skip
        assert await client.code(509, {"record_stream": 1}) == 10003


async def test_uploads_need_a_session() -> None:
    """Each kind has its number; the file arrives, bare or as a form."""
    async with camera() as (simulator, client), ClientSession() as http:
        url = f"{simulator.http_url}/upload/apppkg/"
        async with http.put(url + client.token, data=b"firmware") as answer:
            assert json.loads(await answer.text())["cmdtype"] == 754
        assert simulator.camera.files.uploads == {"apppkg": b"firmware"}
        async with http.post(url + "0" * 32, data=b"firmware") as answer:
            assert json.loads(await answer.text())["retcode"] == 10005


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
            async with ClientSession() as http, http.get(simulator.http_url + alarm[f"{channel}_image_url"]) as answer:  # fmt: skip
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
async def test_alarms_can_be_staged(line: str, cmdtype: int, field: str, value: object) -> None:  # fmt: skip
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
    async with camera(report_period=0.1) as (simulator, client), connected(simulator) as other:  # fmt: skip
        assert await client.get(516, {"push_report": 1}) == {"interval": 1}
        report = (await client.push(1007))["content"]
        assert [item["measurer_name"] for item in report["obj_list"]][:2] == ["Transformer", "Busbar"]  # fmt: skip
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
        await asyncio.sleep(0.1)
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
        assert (await client.get(601))["presets"][-1] == {"index": 9, "name": "There", "param": 0}  # fmt: skip
        assert simulator.ptz.presets[9].position.pan == 5.0
        await client.get(603, {"presets": [{"index": 9}]})
        assert await client.code(605, {"index": 9}) == 10008
        assert await client.code(605, {"index": 256}) == 10002


async def test_cruises_scans_and_traces_run_and_are_told() -> None:
    """617 names the kind and number of what runs; what is not set up cannot run."""
    async with camera() as (simulator, client):
        nothing = {"ptz_movement": 0, "ptz_move_type": 0, "ptz_move_index": 0}
        assert await client.get(617) == nothing
        await client.get(607, {"cruise_groups": [{"cruise_index": 2, "cruise_name": "Two", "presets": [{"index": 2, "duration": 1}]}]})  # fmt: skip
        await client.get(610, {"cruise_index": 2, "cruise_action": 0})
        assert await client.get(617) == {"ptz_movement": 1, "ptz_move_type": 1, "ptz_move_index": 2}  # fmt: skip
        await until(lambda: simulator.ptz.position.pan < -5)
        await client.get(610, {"cruise_index": 2, "cruise_action": 1})
        assert await client.get(617) == nothing
        assert await client.code(613, {"linescan_index": 2, "linescan_action": 0}) == 10008  # fmt: skip
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
async def test_replies_have_quirks(quirk: str, cmdtype: int, message: dict[str, Any], seen: Callable[[dict[str, Any]], bool]) -> None:  # fmt: skip
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
async def test_pushes_have_quirks(quirk: str, seen: Callable[[dict[str, Any]], bool]) -> None:  # fmt: skip
    """Alarms arrive in other shapes."""
    async with camera(quirks=frozenset({quirk})) as (simulator, client):
        await simulator.inject("alarm hot")
        assert seen(await client.push(1000))


async def test_http_has_quirks() -> None:
    """Nothing at all instead of 10005, an error page instead of JSON."""
    async with CameraSimulator(Options(quirks=frozenset({"empty-http-body"}))) as simulator:  # fmt: skip
        request = {"action": "request", "cmdtype": 42, "sequence": 1, "token": ""}
        assert await post(simulator, request) == ("", "text/html")
        await simulator.inject("html-body")
        assert (await post(simulator, request))[0].startswith("<html>")


async def test_the_control_port_closes_and_opens() -> None:
    """While it is closed connections are refused, and HTTP still works."""
    async with camera() as (simulator, client):
        await simulator.inject("ws closed")
        assert (await client.socket.receive(timeout=2)).type in (WSMsgType.CLOSED, WSMsgType.CLOSING, WSMsgType.CLOSE)  # fmt: skip
        with pytest.raises(ClientConnectionError):
            async with connected(simulator):
                pass
        text, _ = await post(simulator, {"action": "request", "cmdtype": 500, "sequence": 1})  # fmt: skip
        assert json.loads(text)["message"]["control_port"] == simulator.ws_port
        await simulator.inject("ws open")
        async with connected(simulator) as again:
            assert await again.code(42) == 0


async def test_connections_are_dropped_and_restarts_come_back() -> None:
    """After a drop the token is still good; after a restart it is not, and the ports are the same."""
    async with camera() as (simulator, client):
        await simulator.inject("drop-connection")
        assert (await client.socket.receive(timeout=2)).type in (WSMsgType.CLOSED, WSMsgType.ERROR)  # fmt: skip
        async with connected(simulator, log_in=False) as again:
            again.token = client.token
            assert await again.code(42) == 0
            await simulator.inject("reboot 0.2")
            await again.socket.receive(timeout=2)
        with pytest.raises(ClientConnectionError):
            await post(simulator, "{}")
        await asyncio.sleep(0.5)
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
        for line in ("quirky", "alarm earthquake", "no-serial perhaps", "reboot soon", "alarm rule name=None"):  # fmt: skip
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


async def test_a_wrong_control_path_is_not_found() -> None:
    """Only the path that 500 names leads to the control WebSocket."""
    async with CameraSimulator() as simulator, ClientSession() as http:
        with pytest.raises(WSServerHandshakeError):
            await http.ws_connect(f"ws://127.0.0.1:{simulator.ws_port}/control")
