"""Every command is obeyed when it is right and refused with the documented code when it is not."""

import base64
import hashlib
from io import BytesIO

from PIL import Image
import pytest

from tests.terminal_simulator.server import (
    PERSONS,
    PICTURE,
    RECORDS,
    SERIAL,
    Message,
    Server,
    Start,
)


async def test_general_answer(start: Start, server: Server) -> None:
    """An answer repeats command and command_id and names the terminal."""
    await start()
    answer = await server.ask({"cmd": "heart beat", "command_id": "abc"})
    assert answer == {
        "reply": "ACK",
        "cmd": "heart beat",
        "code": 0,
        "device_sn": SERIAL,
        "command_id": "abc",
    }


def flat_picture(size: tuple[int, int]) -> str:
    """Return a picture without anything on it."""
    out = BytesIO()
    Image.new("RGB", size, (120, 120, 120)).save(out, "JPEG")
    return base64.b64encode(out.getvalue()).decode()


CHUNK = base64.b64encode(b"12345").decode()
CHUNK_MD5 = hashlib.md5(b"12345", usedforsecurity=False).hexdigest()
FILE = {
    "cmd": "upload file",
    "path": "/data_fs/x.bin",
    "total_size": 5,
    "offset": 0,
    "size": 5,
    "data": CHUNK,
    "md5sum": CHUNK_MD5,
}
TIME_FRAME = {"start": {"hour": 8, "minute": 0}, "end": {"hour": 24, "minute": 0}}
RULE = {"name": "day", "kind": 1, "mode": "daily", "days": [{"sections": [TIME_FRAME]}]}


@pytest.mark.parametrize(
    "message",
    [
        {"cmd": "request date time"},
        {"cmd": "update date time", "date_time": "2026/11/21 07:00:00"},
        {"cmd": "snapshot"},
        {"cmd": "gpio control", "port": 1, "ctrl_type": "on", "ctrl_mode": "force"},
        {
            "cmd": "gpio control Extend",
            "port": 2,
            "ctrl_type": "on",
            "ctrl_mode": "test",
            "voicePlay": "hi",
        },
        {
            "cmd": "wiegand control",
            "wiegand_card_no": 0,
            "long_card_id": 2**63 - 1,
            "ctrl_mode": "scene",
        },
        {"cmd": "send serial data", "device_no": 1, "content": [121, 1, 255]},
        {"cmd": "camera volume", "method": "SET", "volume": 0},
        {"cmd": "request app params"},
        {
            "cmd": "update app params",
            "face": {"body_temperature": {"limit": 38}},
            "unknown": 1,
        },
        {"cmd": "reset app params"},
        {"cmd": "request stream params"},
        {
            "cmd": "update stream params",
            "image": {"max_gain": 40},
            "video": {"bitrate": 1024},
        },
        {"cmd": "reset stream params"},
        {"cmd": "request schedule params"},
        {"cmd": "update schedule params", "kinds": [RULE]},
        {"cmd": "add schedule kind", "kinds": [RULE]},
        {"cmd": "request customer auth code"},
        {"cmd": "get hardware info"},
        {
            "cmd": "set hardware info",
            "Lcd": {"manu": "", "model": "LCD_WY_720_576"},
            "FourG": {"moduler_4g": "NO"},
        },
        PERSONS | {"condition": {"person_name": "ma"}, "query_mode": 1},
        {
            "cmd": "upload person",
            "id": "2001",
            "name": "New Face",
            "reg_image": PICTURE,
            "long_card_id": 2**64 - 1,
        },
        {"cmd": "delete person(s)", "flag": -1, "id": "1001"},
        RECORDS,
        {"cmd": "delete record", "sequence": 0},
        {"cmd": "request lcd screensaver"},
        {"cmd": "update lcd screensaver", "screensaver_mode": "media"},
        {"cmd": "request lcd media"},
        {
            "cmd": "update lcd media",
            "screensaver_media_list": [{"sequence": 2, "media_name": "b.png"}],
        },
        {
            "cmd": "delete lcd media",
            "screensaver_media_list": [{"sequence": 1, "media_name": "welcome.png"}],
        },
        {
            "cmd": "image display",
            "position": {"x": 0, "y": 5},
            "alive_time": 0,
            "format": "jpg",
            "image_data": PICTURE,
        },
        {"cmd": "tts play", "text": "welcome"},
        {
            "cmd": "play audio stream",
            "audio": {
                "format": "wav",
                "data": base64.b64encode(b"RIFF\0\0\0\0WAVEfmt ").decode(),
            },
        },
        {"cmd": "browse audio list"},
        {"cmd": "play audio", "audio_no": 0, "audio_name": "NO0.pass.wav"},
        FILE,
        {
            "cmd": "updata aes",
            "ori_key": base64.b64encode(b"12345").decode(),
            "enable": True,
        },
        {"cmd": "request aes"},
        {
            "cmd": "sip register",
            "domain": "192.168.0.12",
            "port": 7121,
            "username": "0123",
        },
        {"cmd": "sip unregister"},
        {"cmd": "sip call", "url": "sip:user@192.168.0.188:5060"},
        {"cmd": "sip hangup"},
        {
            "cmd": "sip add roomid",
            "room id group": [{"room id": "0001", "sip num": "sip:192.168.1.180"}],
        },
        {"cmd": "sip qure roomid", "page_no": 1, "page_size": 500},
        {"cmd": "sip del roomid"},
        {
            "cmd": "set roomid splice",
            "sip type": "wall",
            "splice symbol": "-",
            "max building num": 3,
            "max room num": 5,
        },
        {"cmd": "get roomid splice"},
        {"cmd": "request 4g infor"},
        {"cmd": "traffic statistics", "day": "1-9"},
        {"cmd": "get network"},
        {"cmd": "get version"},
        {"cmd": "get allpersonid"},
    ],
    ids=lambda message: message["cmd"],
)
async def test_command_is_obeyed(
    start: Start, server: Server, message: Message
) -> None:
    """Every command of the document is answered with success when it is right."""
    await start()
    answer = await server.ask(message)
    assert (answer["cmd"], answer["code"]) == (message["cmd"], 0), answer


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"cmd": "make coffee"}, 2),
        ({"cmd": "Snapshot"}, 2),
        ({"cmd": 5}, 3),
        ({}, 3),
        (
            {"cmd": "gpio control", "port": 3, "ctrl_type": "on", "ctrl_mode": "force"},
            3,
        ),
        (
            {
                "cmd": "gpio control",
                "port": "1",
                "ctrl_type": "on",
                "ctrl_mode": "force",
            },
            3,
        ),
        (
            {
                "cmd": "gpio control",
                "port": True,
                "ctrl_type": "on",
                "ctrl_mode": "force",
            },
            3,
        ),
        ({"cmd": "gpio control", "port": 1, "ctrl_mode": "force"}, 3),
        (
            {
                "cmd": "gpio control",
                "port": 1,
                "ctrl_type": "off",
                "ctrl_mode": "force",
            },
            3,
        ),
        ({"cmd": "update date time", "date_time": "2026-11-21 07:00:00"}, 3),
        ({"cmd": "update date time", "date_time": "2026/02/30 07:00:00"}, 3),
        ({"cmd": "camera volume", "method": "SET", "volume": 101}, 3),
        ({"cmd": "camera volume", "method": "SET"}, 3),
        ({"cmd": "update app params", "led_control": {"led_brightness": 0}}, 3),
        ({"cmd": "update app params", "led_control": 5}, 3),
        ({"cmd": "update app params", "gate_control": {"gpio_linked": 1}}, 3),
        ({"cmd": "update stream params", "image": {"max_exposure": 299}}, 3),
        ({"cmd": "update schedule params", "kinds": [RULE, RULE]}, 3),
        ({"cmd": "update schedule params", "kinds": [RULE | {"mode": "weekly"}]}, 3),
        (
            {
                "cmd": "update schedule params",
                "kinds": [
                    RULE
                    | {
                        "days": [
                            {
                                "sections": [
                                    {
                                        "start": TIME_FRAME["end"],
                                        "end": TIME_FRAME["start"],
                                    }
                                ]
                            }
                        ]
                    }
                ],
            },
            3,
        ),
        (PERSONS | {"page_size": 21}, 3),
        (PERSONS | {"condition": {"term_start": "forever"}}, 3),
        (PERSONS | {"condition": {"wg_card_no": 8}, "query_mode": 1}, 30),
        ({"cmd": "upload person", "id": "x" * 20, "name": "n"}, 3),
        ({"cmd": "upload person", "id": "9"}, 3),
        (
            {
                "cmd": "upload person",
                "id": "9",
                "name": "n",
                "wg_card_id": 1,
                "long_card_id": 1,
            },
            3,
        ),
        ({"cmd": "upload person", "id": "1001", "upload_mode": 1}, 21),
        ({"cmd": "upload person", "id": "9", "name": "n", "upload_mode": 2}, 22),
        (
            {
                "cmd": "upload person",
                "id": "9",
                "name": "n",
                "reg_image": base64.b64encode(b"no picture").decode(),
            },
            35,
        ),
        (
            {
                "cmd": "upload person",
                "id": "9",
                "name": "n",
                "reg_image": base64.b64encode(bytes(4_000_000)).decode(),
            },
            36,
        ),
        (
            {
                "cmd": "upload person",
                "id": "9",
                "name": "n",
                "reg_image": flat_picture((2000, 1001)),
            },
            36,
        ),
        (
            {
                "cmd": "upload person",
                "id": "9",
                "name": "n",
                "reg_image": flat_picture((79, 200)),
            },
            38,
        ),
        (
            {
                "cmd": "upload person",
                "id": "9",
                "name": "n",
                "reg_image": flat_picture((200, 200)),
            },
            40,
        ),
        ({"cmd": "delete person(s)", "flag": -1}, 3),
        ({"cmd": "delete person(s)", "flag": -1, "id": "nobody"}, 22),
        (RECORDS | {"time_start": 1}, 3),
        ({"cmd": "delete record"}, 3),
        ({"cmd": "delete record", "sequence": 12345}, 22),
        (FILE | {"md5sum": "0" * 32}, 11),
        (FILE | {"path": "/data_fs/../etc/passwd"}, 23),
        (FILE | {"offset": 5, "total_size": 10}, 3),
        ({"cmd": "download file", "path": "/data_fs/none", "offset": 0, "size": 1}, 24),
        ({"cmd": "updata aes", "ori_key": base64.b64encode(b"wrong").decode()}, 4),
        ({"cmd": "play audio", "audio_no": 1, "audio_name": "NO0.pass.wav"}, 22),
        ({"cmd": "sip qure register info"}, 22),
        ({"cmd": "sip call", "url": "num:0001"}, 22),
        ({"cmd": "traffic statistics", "day": "9-1"}, 3),
    ],
    ids=lambda value: str(value)[:60] if isinstance(value, dict) else str(value),
)
async def test_bad_command_is_refused(
    start: Start, server: Server, message: Message, code: int
) -> None:
    """Wrong requests get the documented error code and a description, and change nothing."""
    terminal = await start()
    people = dict(terminal.device.people)
    answer = await server.ask(message)
    assert (answer["code"], bool(answer["desc"])) == (code, True), answer
    assert terminal.device.people == people
    assert terminal.relays == []
