"""The simulated camera is as strict as a real one: logins, settings, temperatures, files."""

import base64
import io
import json
import re
from typing import Any

from aiohttp import ClientSession, WSServerHandshakeError
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
import numpy as np
from PIL import Image
import pytest

from tests.bare_camera_client import any_ciphertext, camera, connected, post
from tests.simulators.camera import CameraSimulator
from tests.simulators.camera.sessions import MODULUS, PUBLIC_KEY
from tests.simulators.camera.upgrade import package

pytestmark = pytest.mark.usefixtures("socket_enabled")

# Login and session


async def test_only_general_information_needs_no_login() -> None:
    """500 answers anybody with addresses that are in use; everything else answers 10005 without a message."""
    async with (
        CameraSimulator() as simulator,
        connected(simulator, log_in=False) as client,
    ):
        general = await client.get(500)
        assert general["control_port"] == simulator.ws_port
        assert (
            general["ir_rtsp_url"]
            == f"rtsp://127.0.0.1:{simulator.rtsp_port}/video1/stream0"
        )
        assert (general["ir_output_w"], general["ir_model_w"]) == (512, 256)
        reply = await client.ask(520)
        assert reply == {
            "action": "response",
            "cmdtype": 520,
            "retcode": 10005,
            "retmsg": "user is not login.",
            "sequence": 2,
        }


async def test_a_login_gives_a_token_that_serves_both_transports() -> None:
    """The token has 32 hexadecimal digits; HTTP calls itself HTML; JSON is compact and ordered."""
    async with camera() as (simulator, client):
        assert re.fullmatch("[0-9a-f]{32}", client.token)
        request = {
            "action": "request",
            "cmdtype": 505,
            "sequence": 7,
            "token": client.token,
            "message": {},
        }
        for path in ("/getmsginfo", "/api/v1/msg"):
            text, content_type = await post(simulator, request, path)
            assert content_type == "text/html"
            assert text == json.dumps(
                json.loads(text), sort_keys=True, separators=(",", ":")
            )
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
        pytest.param(any_ciphertext(), 0, id="encrypted"),
    ],
)
async def test_a_password_must_be_encrypted(password: str | None, code: int) -> None:
    """Plain, short, unencoded and too large passwords are refused."""
    async with (
        CameraSimulator() as simulator,
        connected(simulator, log_in=False) as client,
    ):
        assert (
            await client.code(501, {"username": "admin", "password": password}) == code
        )


async def test_an_encrypted_password_is_accepted_each_time() -> None:
    """PKCS#1 v1.5 with the documented key never gives the same text twice."""
    key = load_der_public_key(PUBLIC_KEY)
    assert isinstance(key, RSAPublicKey)
    async with (
        CameraSimulator() as simulator,
        connected(simulator, log_in=False) as client,
    ):
        for _ in range(2):
            password = base64.b64encode(key.encrypt(b"admin123", PKCS1v15())).decode()
            assert (
                await client.code(501, {"username": "admin", "password": password}) == 0
            )
        assert simulator.camera.sessions.replayed_ciphertexts == 0


async def test_a_password_encrypted_without_padding_is_refused_and_a_repeated_one_counted() -> (
    None
):
    """Padding is random: an unpadded password is recognised, a repeated ciphertext is suspicious."""
    async with (
        CameraSimulator() as simulator,
        connected(simulator, log_in=False) as client,
    ):
        bare = pow(int.from_bytes(b"admin123"), 65537, MODULUS).to_bytes(128)
        account = {"username": "admin", "password": base64.b64encode(bare).decode()}
        assert await client.code(501, account) == 10002
        account["password"] = any_ciphertext()
        assert [await client.code(501, account) for _ in range(2)] == [0, 0]
        assert simulator.camera.sessions.replayed_ciphertexts == 1


async def test_wrong_passwords_count_down_and_lock_the_account() -> None:
    """10009 with the attempts left, then 10010 even for the right password, until the lock ends; 1005 is told."""
    async with camera() as (simulator, client):
        await client.ask(29, {"allow_count": 3, "flag": 1})
        await simulator.inject("wrong-password 3")
        account = {"username": "admin", "password": any_ciphertext()}
        first, second = await client.ask(501, account), await client.ask(501, account)
        assert (first["retcode"], first["message"]) == (10009, {"count": 2})
        assert second["message"] == {"count": 1}
        assert [await client.code(501, account) for _ in range(2)] == [10010, 10010]
        assert (await client.push(1005))["content"]["user"] == "admin"
        simulator.camera.skip(301)
        assert await client.code(501, account) == 0


async def test_an_unknown_user_is_told_so() -> None:
    """The code for a wrong user name differs from that for a wrong password."""
    async with camera() as (_, client):
        assert (
            await client.code(501, {"username": "eve", "password": any_ciphertext()})
            == 10011
        )


async def test_only_heartbeats_keep_a_session_alive() -> None:
    """Commands do not extend it; a heartbeat does, and gets no reply."""
    async with camera() as (simulator, client):
        simulator.camera.skip(100)
        await client.send(9999, action="notify")
        assert (await client.ask(42))["cmdtype"] == 42
        simulator.camera.skip(100)
        assert await client.code(42) == 0
        simulator.camera.skip(21)
        assert await client.code(42) == 10005
        assert simulator.listeners == 0


async def test_sessions_are_limited_and_end_with_a_logout() -> None:
    """One login too many is 10018; after a logout there is room, and the token is worth nothing."""
    async with camera() as (_, client):
        await client.ask(11, {"max_connectios": 1})
        account = {"username": "admin", "password": any_ciphertext()}
        assert await client.code(501, account) == 10018
        assert await client.code(502, {"username": "somebody"}) == 10004
        assert await client.ask(502, {"username": "admin"}) == {
            "action": "response",
            "cmdtype": 502,
            "message": None,
            "retcode": 0,
            "retmsg": "success.",
            "sequence": 5,
        }
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
async def test_ranges_are_enforced(
    number: int, message: dict[str, Any], code: int
) -> None:
    """A value out of range, of the wrong type or missing is refused with its own code and changes nothing."""
    async with camera() as (simulator, client):
        before = await client.ask(number + 1)
        reply = await client.ask(number, message)
        assert reply["retcode"] == code
        assert ("message" in reply) == (code == 0)
        assert (
            (await client.ask(number + 1)).get("message") == before.get("message")
        ) == (code != 0)
        assert simulator.received(number)[0].retcode == code


async def test_a_partial_write_keeps_the_rest_and_factory_values_can_be_asked() -> None:
    """Only the named fields change, also inside lists that are found by type."""
    async with camera() as (simulator, client):
        await client.get(23, {"params": [{"type": 2, "fps": 4, "gop_size": 8}]})
        params = (await client.get(24))["params"]
        assert [(item["fps"], item["gop_size"]) for item in params] == [
            (10, 10),
            (4, 8),
            (10, 10),
            (5, 5),
        ]
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
        spot = rules["rule_list"][0] | {
            "rule_name": "Spot",
            "type": 1,
            "points": [{"x": 324, "y": 276}],
            "id": 0,
        }
        await client.get(3, {"rule_list": [*rules["rule_list"], spot]})
        told = await client.get(520)
        names = [rule["rule_name"] for rule in told["rule_list"]]
        assert names == ["Transformer", "Busbar", "Motor bearing", "Whole yard", "Spot"]
        assert told["rule_list"][4]["rule_id"] == 5
        matrix = await client.get(530, {"type": 0})
        pixels = (
            np.frombuffer(base64.b64decode(matrix["temps"]), "<i2").reshape(384, 512)
            / 100
        )
        assert told["global_max_temp"] == pytest.approx(pixels.max(), abs=2)
        assert told["rule_list"][4]["max_temp"] == pytest.approx(
            pixels[275, 323], abs=2
        )
        point = await client.get(
            521, {"cursor_x": 324, "cursor_y": 276, "cursor_type": 0}
        )
        assert point["value"] == pytest.approx(pixels[275, 323], abs=2)
        assert (
            await client.code(521, {"cursor_x": 0, "cursor_y": 1, "cursor_type": 0})
            == 10002
        )
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
        assert Image.open(
            io.BytesIO(base64.b64decode(visible["image_content"]))
        ).size == (1280, 720)
        for kind, size in ((2, 256 * 192 * 3), (3, 512 * 384 * 4)):
            shot = await client.get(523, {"type": kind})
            assert len(base64.b64decode(shot["image_content"])) == size
        assert await client.code(523, {"type": 0}) == 10002


async def test_the_matrix_is_away_while_the_shutter_clicks_and_the_range_switches() -> (
    None
):
    """10021 after a correction, 10022 after another range, then temperatures again."""
    async with camera(shutter_time=30.0) as (simulator, client):
        await client.get(529)
        assert await client.code(530) == 10021
        simulator.camera.skip(31)
        await client.ask(1, {"gear": 1})
        assert await client.code(530) == 10022
        simulator.camera.skip(31)
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
        assert (
            await client.code(513, {**times, **what, "pageindex": 0, "pagecount": 5})
            == 10002
        )
        year, month, day = (int(part) for part in entry["start"][:10].split("-"))
        days = await client.get(514, {**what, "year": year, "month": month})
        assert day in days["days"]
        query = {
            "query_start_time": "2026-01-01 00:00:00",
            "query_end_time": "2026-01-01 02:00:00",
            "query_type": 8,
            "query_interval": 10,
            "query_temp_type": 1,
            "report": 1,
            "page_index": 1,
            "page_count": 100,
        }
        series = await client.get(515, query)
        assert [item["measurer_name"] for item in series["measure_list"]] == [
            "Transformer",
            "Whole yard",
        ]
        assert None in series["measure_list"][0]["temperature"]
        async with http.get(simulator.http_url + series["report_path"]) as answer:
            assert (await answer.text()).startswith("time,Transformer")


async def test_recording_is_a_state_that_is_told() -> None:
    """509 starts, queries and ends; the change is pushed with 1006."""
    async with camera() as (_, client):
        begun = await client.get(509, {"record_stream": 3}, subtype=1)
        assert (begun["status"], begun["allrecord"]) == (0, 1)
        assert await client.code(509, {"record_stream": 3}, subtype=1) == 10008
        assert (await client.push(1006))["content"]["allrecord"] == 1
        delayed = await client.get(509, {"record_stream": 2}, subtype=2)
        assert (delayed["delay_status"], delayed["delay_time"]) == (4, 5)
        assert (await client.get(509, {"record_stream": 0}, subtype=3))[
            "allrecord"
        ] == 0
        assert await client.code(509, {"record_stream": 1}) == 10003


async def test_uploads_need_a_session() -> None:
    """Each kind has its number; the file arrives, bare or as a form."""
    async with camera() as (simulator, client), ClientSession() as http:
        url = f"{simulator.http_url}/upload/apppkg/"
        async with http.post(url + "0" * 32, data=b"firmware") as answer:
            assert json.loads(await answer.text())["retcode"] == 10005
        url = f"{simulator.http_url}/upload/config/"
        async with http.put(url + client.token, data=b"settings") as answer:
            assert json.loads(await answer.text())["cmdtype"] == 753
        assert simulator.camera.files.uploads == {"config": b"settings"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (package("V1.2.9"), 10012),
        (package("V1.2.8"), 10013),
        (package("V1.1.10"), 10013),
        (package("V1.2.10"), 0),
        (b"something else", 10002),
        (b"", 10001),
    ],
    ids=["same", "lower", "much lower", "higher", "other", "empty"],
)
async def test_firmware_is_looked_at(data: bytes, code: int) -> None:
    """The same version, a lower one and what is none are refused; another one runs after a restart."""
    async with camera() as (simulator, client), ClientSession() as http:
        url = f"{simulator.http_url}/upload/apppkg/{client.token}"
        async with http.post(url, data=data) as answer:
            assert json.loads(await answer.text())["retcode"] == code
        assert simulator.rebooting is (code == 0)
        assert simulator.camera.version == ("V1.2.9" if code else "V1.2.10")


async def test_a_wrong_control_path_is_not_found() -> None:
    """Only the path that 500 names leads to the control WebSocket."""
    async with CameraSimulator() as simulator, ClientSession() as http:
        with pytest.raises(WSServerHandshakeError):
            await http.ws_connect(f"ws://127.0.0.1:{simulator.ws_port}/control")
