"""What the simulated terminal promises to tests, demo and benchmarks, seen by a bare MQTT client over a real broker."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
import hashlib
from io import BytesIO
import json
from pathlib import Path
import re
import signal
import subprocess
import sys
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from PIL import Image
import pytest

from tests.simulators.broker import Broker
from tests.simulators.common import RequestLog
from tests.simulators.terminal import Options, Quirk, TerminalSimulator, Wishes
from tests.simulators.terminal.controls import obey
from tests.simulators.terminal.faces import portrait

pytestmark = pytest.mark.usefixtures("socket_enabled")

ROOT = Path(__file__).parents[1]
TOPIC_ID = "door-1"
SERIAL = "01A7C3-5D20E4-9B31EE"
CAPTURES = f"topic/face/capture/request/{TOPIC_ID}"
ACKNOWLEDGEMENTS = f"topic/face/capture/response/{TOPIC_ID}"
COMMANDS = f"topic/face/manage/request/{TOPIC_ID}"
ANSWERS = f"topic/face/manage/response/{TOPIC_ID}"

type Message = dict[str, Any]


class Server:
    """A bare client that hears everything and says what a test wants."""

    def __init__(self, port: int) -> None:
        """Connect to a broker on this machine."""
        self.heard: list[tuple[str, bytes]] = []
        self._news = asyncio.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2)
        loop = asyncio.get_running_loop()
        self._ready = asyncio.Event()
        self._client.on_connect = lambda client, *_: client.subscribe("#")
        self._client.on_subscribe = lambda *_: loop.call_soon_threadsafe(
            self._ready.set
        )
        self._client.on_message = lambda _client, _data, message: (
            loop.call_soon_threadsafe(self._hear, message)
        )
        self._client.connect_async("127.0.0.1", port)
        self._client.loop_start()

    async def ready(self) -> None:
        """Wait until everything will be heard."""
        await asyncio.wait_for(self._ready.wait(), 5)

    def close(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()

    def _hear(self, message: mqtt.MQTTMessage) -> None:
        self.heard.append((message.topic, message.payload))
        self._news.set()

    def say(self, topic: str, message: Message | bytes) -> None:
        """Publish."""
        self._client.publish(
            topic, message if isinstance(message, bytes) else json.dumps(message)
        )

    def messages(self, topic: str) -> list[Message]:
        """Return what was heard on a topic."""
        return [
            json.loads(payload)
            for heard_topic, payload in self.heard
            if heard_topic == topic
        ]

    async def hear(self, topic: str, count: int = 1, timeout: float = 5) -> Message:
        """Wait until so many messages were heard on a topic; return the last."""
        async with asyncio.timeout(timeout):
            while len(self.messages(topic)) < count:
                self._news.clear()
                await self._news.wait()
        return self.messages(topic)[count - 1]

    async def ask(self, message: Message) -> Message:
        """Send a command and return its answer."""
        expected = len(self.messages(ANSWERS)) + 1
        self.say(COMMANDS, message)
        return await self.hear(ANSWERS, expected)

    def acknowledge(self, capture: Message, **changes: Any) -> None:
        """Acknowledge a capture, with changes."""
        echo = {name: capture[name] for name in ("sequence_no", "cap_time")}
        self.say(
            ACKNOWLEDGEMENTS,
            {"reply": "ACK", "cmd": "face", "code": 0, **echo, **changes},
        )


@pytest.fixture
async def broker() -> AsyncIterator[Broker]:
    """Run a broker on a free port."""
    async with Broker() as running:
        yield running


@pytest.fixture
async def server(broker: Broker) -> AsyncIterator[Server]:
    """Listen to everything on the broker."""
    client = Server(broker.port)
    await client.ready()
    yield client
    client.close()


type Start = Callable[..., Awaitable[TerminalSimulator]]


@pytest.fixture
async def start(broker: Broker) -> AsyncIterator[Start]:
    """Start terminals without heartbeats and with small pictures; they are stopped at the end."""
    running = []

    async def start_one(*quirks: Quirk, **options: Any) -> TerminalSimulator:
        chosen = {
            "topic_id": TOPIC_ID,
            "serial": SERIAL,
            "heartbeat_seconds": 0,
            "closeup_kilobytes": 6,
            "scene_kilobytes": 20,
            "seed": 1,
            **options,
        }
        terminal = TerminalSimulator(
            Options(port=broker.port, quirks=set(quirks), **chosen)
        )
        await terminal.start()
        running.append(terminal)
        return terminal

    yield start_one
    for terminal in running:
        await terminal.stop()


async def until(condition: Callable[[], object], timeout: float = 5) -> None:
    """Wait until something is true."""
    async with asyncio.timeout(timeout):
        while not condition():
            await asyncio.sleep(0.01)


def picture_of(message: Message, part: str) -> Image.Image:
    """Decode one picture of a capture."""
    return Image.open(BytesIO(base64.b64decode(message[part]["data"], validate=True)))


# Captures


async def test_capture_looks_like_real_firmware(start: Start, server: Server) -> None:
    """A granted capture has sorted keys, a version, a widened temperature and both pictures."""
    terminal = await start(closeup_kilobytes=40, scene_kilobytes=110)
    sent = await terminal.capture("known", Wishes(person="Amara Okafor"))
    capture = await server.hear(CAPTURES)
    assert list(capture) == sorted(capture)
    assert (
        capture["cmd"],
        capture["version"],
        capture["device_sn"],
        capture["device_no"],
    ) == ("face", "0.42", SERIAL, "")
    assert (capture["sequence_no"], capture["cap_time"], capture["is_realtime"]) == (
        sent.sequence_no,
        sent.cap_time,
        1,
    )
    assert re.fullmatch(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{3}", capture["cap_time"])
    assert capture["match_failed_reson"] == 0
    assert 70 <= capture["match_result"] <= 100
    assert (
        capture["match"]["person_id"],
        capture["match"]["person_name"],
        capture["match"]["person_role"],
    ) == ("1001", "Amara Okafor", 1)
    assert (capture["match"]["origin"], capture["match"]["person_attr"]) == (
        "software",
        "permanent_list",
    )
    assert 36 < capture["person"]["temperatur"] < 37
    assert len(str(capture["person"]["temperatur"])) > 10
    assert picture_of(capture, "closeup_pic").size == (480, 600)
    assert picture_of(capture, "overall_pic").size == (1280, 720)
    assert len(base64.b64decode(capture["closeup_pic"]["data"])) == 40_000
    assert len(base64.b64decode(capture["overall_pic"]["data"])) == 110_000


@pytest.mark.parametrize(
    ("kind", "result", "reason", "identity"),
    [
        ("stranger", -1, -11, None),
        ("badcard", 0, -9, None),
        ("qr", 0, 0, None),
        ("card", 0, 0, True),
        ("anyface", 100, 0, False),
    ],
)
async def test_kinds_of_capture(
    start: Start,
    server: Server,
    kind: str,
    result: int,
    reason: int,
    identity: bool | None,
) -> None:
    """Each kind has its result and reason; a stranger has no match at all, any-face mode an empty one."""
    terminal = await start()
    await terminal.capture(kind)
    capture = await server.hear(CAPTURES)
    assert (capture["match_result"], capture["match_failed_reson"]) == (result, reason)
    assert ("match" in capture) == (identity is not None)
    if identity is not None:
        assert bool(capture["match"]["person_id"]) == identity


@pytest.mark.parametrize(
    ("kind", "reason"), [("denied", -2), ("hot", -6), ("nomask", -7)]
)
async def test_denials_name_the_person(
    start: Start, server: Server, kind: str, reason: int
) -> None:
    """Who was recognised but not let in has an identity and a reason, and no relay closes."""
    terminal = await start()
    await terminal.capture(kind)
    capture = await server.hear(CAPTURES)
    assert capture["match_failed_reson"] == reason
    assert capture["match"]["person_name"]
    assert terminal.relays == []


async def test_fever_denies_by_itself(start: Start, server: Server) -> None:
    """A known person above the limit is refused although the kind says known."""
    terminal = await start()
    await terminal.capture("known", Wishes(temperature=38.4))
    assert (await server.hear(CAPTURES))["match_failed_reson"] == -6


async def test_same_person_has_the_same_face() -> None:
    """Portraits are deterministic and differ between people."""
    assert portrait("Linh Nguyen", label="a") == portrait("Linh Nguyen", label="a")
    assert portrait("Linh Nguyen", label="a") != portrait("Yusuf Demir", label="a")


# Acknowledgements


async def test_capture_is_resent_until_acknowledged(
    start: Start, server: Server
) -> None:
    """The same capture comes again and again, and stops with the right acknowledgement."""
    terminal = await start(resend_seconds=0.05)
    sent = await terminal.capture("stranger")
    await server.hear(CAPTURES, 3)
    first, second, *_ = server.messages(CAPTURES)
    assert first == second
    server.acknowledge(first)
    await terminal.wait_acknowledged(sent)
    assert terminal.pending == []
    count = sent.times_sent
    await asyncio.sleep(0.15)
    assert sent.times_sent == count
    assert [item.result for item in terminal.acknowledged] == ["accepted"]


@pytest.mark.parametrize(
    "change",
    [
        {"sequence_no": 99},
        {"sequence_no": "1"},
        {"sequence_no": None},
        {"sequence_no": [1]},
        {"cap_time": "2020/01/01 00:00:00.000"},
        {"code": 1},
        {"code": "0"},
        {"reply": "ack"},
    ],
    ids=str,
)
async def test_wrong_acknowledgement_is_reported_and_does_not_count(
    start: Start, server: Server, change: Message
) -> None:
    """Only the exact echo with code 0 ends the resending."""
    terminal = await start()
    sent = await terminal.capture()
    server.acknowledge(await server.hear(CAPTURES), **change)
    await until(lambda: terminal.wrong_acknowledgements == 1)
    assert terminal.pending == [sent]
    assert not sent.acknowledged.is_set()


async def test_second_acknowledgement_is_no_error(start: Start, server: Server) -> None:
    """A repeated acknowledgement is told apart from a wrong one."""
    terminal = await start()
    await terminal.capture()
    capture = await server.hear(CAPTURES)
    server.acknowledge(capture)
    server.acknowledge(capture)
    await until(lambda: len(terminal.acknowledgements) == 2)
    assert [item.result for item in terminal.acknowledgements] == [
        "accepted",
        "repeated",
    ]
    assert terminal.wrong_acknowledgements == 0


async def test_acknowledgement_opens_speaks_and_shows(
    start: Start, server: Server
) -> None:
    """What comes along with an acknowledgement is done; what is malformed in it is not."""
    terminal = await start()
    await server.ask({"cmd": "update app params", "gate_control": {"match_mode": 2}})
    await terminal.capture()
    shown = {
        "position": {"x": 0, "y": 500},
        "alive_time": 1000,
        "font_size": 100,
        "font_spacing": 1,
        "font_color": "0xffffffff",
        "text": "hello",
    }
    server.acknowledge(
        await server.hear(CAPTURES),
        gateway_ctrl={
            "device_type": "gpio",
            "device_no": 2,
            "ctrl_mode": "force",
            "person_id": "1001",
        },
        tts={"text": "x" * 65},
        text_display=shown,
    )
    await until(lambda: terminal.acknowledged)
    assert [
        (pulse.relay, pulse.source, pulse.person_id) for pulse in terminal.relays
    ] == [(2, "acknowledgement", "1001")]
    assert terminal.device.spoken == []
    assert terminal.device.shown == [shown]


async def test_backlog_after_a_lost_connection(start: Start, server: Server) -> None:
    """What could not be delivered comes after the reconnect and says that it is not live."""
    terminal = await start(resend_seconds=60)
    await obey(terminal, "reboot 0.2")
    await until(lambda: not terminal.online)
    sent = await terminal.capture()
    late = await server.hear(CAPTURES)
    assert (late["sequence_no"], late["is_realtime"]) == (sent.sequence_no, 0)


async def test_without_saving_there_is_no_backlog(start: Start, server: Server) -> None:
    """A terminal that does not save forgets what happened while it was cut off."""
    terminal = await start(resend_seconds=0.05)
    await server.ask({"cmd": "update app params", "record": {"save_enable": False}})
    await obey(terminal, "reboot 0.1")
    await until(lambda: not terminal.online)
    await terminal.capture()
    await until(lambda: terminal.online)
    await asyncio.sleep(0.15)
    assert server.messages(CAPTURES) == []


async def test_broker_restart_is_survived(start: Start, broker: Broker) -> None:
    """The terminal comes back on its own, and so does the broker on its port."""
    terminal = await start()
    await broker.stop()
    await until(lambda: not terminal.online)
    await broker.start()
    await until(lambda: terminal.online, 10)


# Commands


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


PICTURE = base64.b64encode(
    portrait("New Face", label="New Face", kilobytes=20)
).decode()


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
PERSONS = {
    "cmd": "request persons",
    "role": -1,
    "page_no": 1,
    "page_size": 20,
    "image_flag": 0,
}
RECORDS = {
    "cmd": "request records",
    "page_no": 1,
    "page_size": 20,
    "face_image_flag": 0,
    "reg_image_flag": 0,
}


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


async def test_gate_opens_for_the_set_time(start: Start, server: Server) -> None:
    """A relay pulse is recorded with its relay, length and source; linked relays close together."""
    terminal = await start()
    await server.ask(
        {"cmd": "gpio control", "port": 1, "ctrl_type": "on", "ctrl_mode": "force"}
    )
    await server.ask(
        {
            "cmd": "update app params",
            "gate_control": {"gpio_linked": True, "gpio_retention_time": 500},
        }
    )
    await server.ask(
        {
            "cmd": "gpio control",
            "port": 2,
            "ctrl_type": "on",
            "ctrl_mode": "force",
            "person_id": "1002",
        }
    )
    assert [
        (pulse.relay, pulse.milliseconds, pulse.source, pulse.person_id)
        for pulse in terminal.relays
    ] == [
        (1, 1000, "command", ""),
        (1, 500, "command", "1002"),
        (2, 500, "command", "1002"),
    ]


async def test_settings_are_kept_and_reset(start: Start, server: Server) -> None:
    """What is set is answered, what depends on a switch is hidden, one wrong value changes nothing, a reset brings back the old."""
    await start()
    await server.ask(
        {
            "cmd": "update app params",
            "face": {"match_score": 90, "enable_dereplication": False},
        }
    )
    await server.ask(
        {
            "cmd": "update app params",
            "face": {"match_score": 80},
            "led_control": {"led_mode": 4},
        }
    )
    face = (await server.ask({"cmd": "request app params"}))["face"]
    assert face["match_score"] == 90
    assert "derep_timeout" not in face
    await server.ask({"cmd": "reset app params"})
    assert (await server.ask({"cmd": "request app params"}))["face"][
        "match_score"
    ] == 75


async def test_clock(start: Start, server: Server) -> None:
    """The clock drifts as told and follows when it is set; captures carry its time."""
    terminal = await start(clock_drift_seconds=-86_400 * 365)
    drifted = (await server.ask({"cmd": "request date time"}))["date_time"]
    assert int(drifted[:4]) < terminal.device.true_time().year
    await server.ask({"cmd": "update date time", "date_time": "2031/05/06 07:08:09"})
    assert (await server.ask({"cmd": "request date time"}))["date_time"].startswith(
        "2031/05/06 07:08:"
    )
    assert (await terminal.capture()).cap_time.startswith("2031/05/06 07:08:")


async def test_person_can_be_registered_found_and_deleted(
    start: Start, server: Server
) -> None:
    """A new person comes back with the picture, is refused as a double, and goes again."""
    await start()
    new = {
        "cmd": "upload person",
        "id": "2001",
        "name": "New Face",
        "reg_image": PICTURE,
        "term": "forever",
        "kind": 3,
    }
    assert (await server.ask(new))["id"] == "2001"
    query = PERSONS | {
        "image_flag": 1,
        "normal_image_flag": 1,
        "condition": {"person_id": "2001"},
    }
    answer = await server.ask(query)
    assert (answer["total"], answer["count"], answer["page_no"]) == (1, 1, 1)
    person = answer["persons"][0]
    assert (
        person["name"],
        person["kind"],
        person["term_start"],
        person["image_num"],
    ) == ("New Face", 3, "useless", 1)
    assert person["reg_images"] == [{"format": "jpg", "image_data": PICTURE}]
    assert len(person["normal_images"]) == 1

    await server.ask(
        {"cmd": "update app params", "face": {"enable_same_face_reg": False}}
    )
    double = await server.ask(new | {"id": "2002", "name": "Somebody Else"})
    assert (double["code"], double["duplicate_id"]) == (16, "2001")

    await server.ask({"cmd": "delete person(s)", "flag": -1, "id": "2001"})
    empty = await server.ask(query)
    assert empty["count"] == 0
    assert "persons" not in empty


async def test_people_differ_enough_to_be_registered(
    start: Start, server: Server
) -> None:
    """The invented people are not mistaken for each other where the same face is refused."""
    terminal = await start()
    await server.ask(
        {"cmd": "update app params", "face": {"enable_same_face_reg": False}}
    )
    for person in list(terminal.device.people.values()):
        answer = await server.ask(
            {
                "cmd": "upload person",
                "id": person.id,
                "reg_image": base64.b64encode(person.picture).decode(),
            }
        )
        assert answer["code"] == 0, answer


async def test_records_of_captures(start: Start, server: Server) -> None:
    """Captures can be looked up later, with what is known of them and whether they were taken."""
    terminal = await start()
    sent = await terminal.capture("known", Wishes(person="Freya Lindqvist"))
    await terminal.capture("stranger")
    server.acknowledge(await server.hear(CAPTURES))
    await terminal.wait_acknowledged(sent)
    answer = await server.ask(RECORDS | {"face_image_flag": 1})
    known, stranger = answer["records"]
    assert (
        known["id"],
        known["name"],
        known["upload_state"],
        stranger["upload_state"],
    ) == ("1005", "Freya Lindqvist", 1, 0)
    assert Image.open(BytesIO(base64.b64decode(known["face_image"]))).format == "JPEG"
    assert (stranger["score"], "name" in stranger) == (-1, False)
    assert (await server.ask(RECORDS | {"upload_state": 0}))["total"] == 1
    assert (await server.ask({"cmd": "delete record", "sequence": sent.sequence_no}))[
        "code"
    ] == 0
    assert (await server.ask(RECORDS))["total"] == 1


async def test_file_goes_up_and_down_in_chunks(start: Start, server: Server) -> None:
    """A file sent in two parts is read back whole."""
    await start()
    content = bytes(range(256)) * 60
    for offset in (0, 10_000):
        part = content[offset : offset + 10_000]
        answer = await server.ask(
            {
                "cmd": "upload file",
                "path": "/data_fs/a.bin",
                "total_size": len(content),
                "offset": offset,
                "size": len(part),
                "data": base64.b64encode(part).decode(),
                "md5sum": hashlib.md5(part, usedforsecurity=False).hexdigest(),
            }
        )
        assert (answer["code"], answer["offset"], answer["size"]) == (
            0,
            offset,
            len(part),
        )
    read = b""
    while True:
        answer = await server.ask(
            {
                "cmd": "download file",
                "path": "/data_fs/a.bin",
                "offset": len(read),
                "size": 10_240,
            }
        )
        read += base64.b64decode(answer["data"])
        if len(read) == answer["total_size"]:
            break
    assert read == content


async def test_reboot_vanishes_and_returns(start: Start, server: Server) -> None:
    """A reboot is answered first; then the terminal is away, and counts from 1 when told so."""
    terminal = await start(reboot_seconds=0.2, restart_sequence=True)
    await terminal.capture()
    assert (await server.ask({"cmd": "reboot"}))["code"] == 0
    await until(lambda: not terminal.online)
    await until(lambda: terminal.online)
    assert (await terminal.capture()).sequence_no == 1


async def test_call_publishes_events(start: Start, server: Server) -> None:
    """A call made and ended by command is told in events on the capture topic."""
    await start()
    await server.ask({"cmd": "sip call", "url": "sip:192.168.0.188"})
    assert (await server.ask({"cmd": "sip call", "url": "sip:192.168.0.188"}))[
        "code"
    ] == 5
    await server.ask({"cmd": "sip hangup"})
    await server.hear(CAPTURES, 3)
    assert [message["sip_event"] for message in server.messages(CAPTURES)] == [1, 2, 0]


async def test_what_is_no_command_is_not_answered(start: Start, server: Server) -> None:
    """Garbage, wrong shapes and answers of others on the command topic stay without answer."""
    await start()
    for payload in (
        b"\xff\xfe",
        b"[]",
        b"7",
        json.dumps({"reply": "ACK", "cmd": "snapshot", "code": 0}).encode(),
    ):
        server.say(COMMANDS, payload)
    assert (await server.ask({"cmd": "heart beat"}))["cmd"] == "heart beat"
    assert len(server.messages(ANSWERS)) == 1


# Heartbeats, quirks and faults


@pytest.mark.parametrize(
    ("where", "topic"), [("capture", CAPTURES), ("manage", ANSWERS)]
)
async def test_heartbeats(start: Start, server: Server, where: str, topic: str) -> None:
    """Heartbeats come where and as often as told, and an answer to one is never answered."""
    terminal = await start(heartbeat_seconds=0.05, heartbeat_topic=where)
    beat = await server.hear(topic, 2)
    assert (beat["cmd"], beat["device_sn"], beat["device_no"], beat["command_id"]) == (
        "heart beat",
        SERIAL,
        "",
        "",
    )
    server.say(ACKNOWLEDGEMENTS, {"reply": "ACK", "cmd": "heart beat", "code": 0})
    await until(lambda: terminal.server_messages)
    terminal.options.quirks.add(Quirk.NO_HEARTBEAT)


async def test_topic_prefix(start: Start, server: Server) -> None:
    """A prefix goes before every topic."""
    terminal = await start(prefix="site/a/")
    await terminal.capture()
    await server.hear(f"site/a/{CAPTURES}")
    server.say(f"site/a/{COMMANDS}", {"cmd": "get network"})
    assert (await server.hear(f"site/a/{ANSWERS}"))["code"] == 0


ANSWER_QUIRKS: list[tuple[Quirk, Message, Message]] = [
    (
        Quirk.NO_COMMAND_ID,
        {"cmd": "heart beat", "command_id": "7"},
        {"command_id": None},
    ),
    (Quirk.PADDED_CMD, {"cmd": "heart beat"}, {"cmd": " heart beat "}),
    (Quirk.CODE_AS_STRING, {"cmd": "heart beat"}, {"code": "0"}),
    (Quirk.NO_DEVICE_SN, {"cmd": "heart beat"}, {"device_sn": None}),
    (Quirk.SN_DIFFERS, {"cmd": "heart beat"}, {"device_sn": "01A7C3-5D20E4-9B31FF"}),
    (
        Quirk.NO_EXTEND,
        {
            "cmd": "gpio control Extend",
            "port": 1,
            "ctrl_type": "on",
            "ctrl_mode": "test",
        },
        {"code": 2},
    ),
    (
        Quirk.NO_GPIO,
        {"cmd": "gpio control", "port": 1, "ctrl_type": "on", "ctrl_mode": "test"},
        {"code": 2},
    ),
    (Quirk.NO_TTS_LICENCE, {"cmd": "tts play", "text": "hi"}, {"code": 7}),
    (Quirk.AES_WITHOUT_REPLY, {"cmd": "request aes"}, {"reply": None, "enable": False}),
]


@pytest.mark.parametrize(
    ("quirk", "message", "expected"),
    ANSWER_QUIRKS,
    ids=lambda value: value if isinstance(value, Quirk) else "",
)
async def test_quirks_of_answers(
    start: Start, server: Server, quirk: Quirk, message: Message, expected: Message
) -> None:
    """Each quirk changes its own part of an answer."""
    await start(quirk)
    answer = await server.ask(message)
    assert {name: answer.get(name) for name in expected} == expected


CAPTURE_QUIRKS: list[tuple[Quirk, Callable[[Message], object]]] = [
    (Quirk.NO_DEVICE_SN, lambda capture: "device_sn" not in capture),
    (Quirk.STRING_SEQUENCE, lambda capture: capture["sequence_no"] == "1"),
    (
        Quirk.TEMPERATURE_INT,
        lambda capture: capture["person"]["temperatur"] in {36, 37},
    ),
    (Quirk.NO_TEMPERATURE, lambda capture: "temperatur" not in capture["person"]),
    (Quirk.FAHRENHEIT, lambda capture: 96 < capture["person"]["temperatur"] < 99),
    (
        Quirk.PNG_CALLED_JPG,
        lambda capture: (
            capture["closeup_pic"]["format"] == "jpg"
            and picture_of(capture, "closeup_pic").format == "PNG"
        ),
    ),
    (
        Quirk.DATA_URI,
        lambda capture: capture["closeup_pic"]["data"].startswith(
            "data:image/jpeg;base64,/9j/"
        ),
    ),
    (
        Quirk.EMPTY_MATCH,
        lambda capture: (
            capture["match"]["person_id"] == ""
            and capture["match"]["person_attr"] == "none"
        ),
    ),
    (
        Quirk.TIMEZONE,
        lambda capture: re.fullmatch(r"UTC[+-]\d{1,2}(:\d\d)?", capture["timezone"]),
    ),
    (Quirk.NO_FRACTION, lambda capture: len(capture["cap_time"]) == 19),
]


@pytest.mark.parametrize(
    ("quirk", "shows"),
    CAPTURE_QUIRKS,
    ids=lambda value: value if isinstance(value, Quirk) else "",
)
async def test_quirks_of_captures(
    start: Start, server: Server, quirk: Quirk, shows: Callable[[Message], object]
) -> None:
    """Each quirk changes its own part of a capture, which can still be acknowledged."""
    terminal = await start(quirk)
    sent = await terminal.capture("stranger")
    capture = await server.hear(CAPTURES)
    assert shows(capture)
    server.acknowledge(capture)
    await terminal.wait_acknowledged(sent)


async def test_capture_only_terminal_is_deaf(start: Start, server: Server) -> None:
    """A terminal set up for captures only sends them and answers nothing."""
    terminal = await start(Quirk.CAPTURE_ONLY)
    server.say(COMMANDS, {"cmd": "heart beat"})
    sent = await terminal.capture()
    server.acknowledge(await server.hear(CAPTURES))
    await terminal.wait_acknowledged(sent)
    assert server.messages(ANSWERS) == []
    assert not terminal.requests


async def test_quirk_switched_while_running(start: Start, server: Server) -> None:
    """A quirk can come and go."""
    terminal = await start()
    assert (await obey(terminal, "quirk code-as-string on"))["quirks"] == [
        "code-as-string"
    ]
    assert (await server.ask({"cmd": "heart beat"}))["code"] == "0"
    await obey(terminal, "quirk code-as-string off")
    assert (await server.ask({"cmd": "heart beat"}))["code"] == 0


async def test_silent_terminal_neither_sends_nor_answers(
    start: Start, server: Server
) -> None:
    """Silence holds captures back and lets commands pass by; afterwards captures come."""
    terminal = await start(resend_seconds=0.05)
    await obey(terminal, "silent 0.3")
    server.say(COMMANDS, {"cmd": "heart beat"})
    await terminal.capture()
    await until(lambda: terminal.requests)
    assert terminal.requests[0].code is None
    assert server.heard[1:] == []
    await server.hear(CAPTURES)
    assert server.messages(ANSWERS) == []


async def test_dropped_connection_comes_back(start: Start) -> None:
    """A connection lost without a word is made again."""
    terminal = await start()
    await obey(terminal, "drop-connection")
    await until(lambda: not terminal.online)
    await until(lambda: terminal.online)


async def test_truncated_capture_comes_whole_later(
    start: Start, server: Server
) -> None:
    """Half a capture is no JSON; the whole one follows."""
    terminal = await start(resend_seconds=0.1)
    await obey(terminal, "truncated stranger")
    await until(lambda: len(server.heard) == 2)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(server.heard[0][1])
    assert json.loads(server.heard[1][1])["cmd"] == "face"


@pytest.mark.parametrize(
    "fault", ["broken-base64", "broken-picture", "spoof 0123AB-000000-0000EE", "huge 1"]
)
async def test_odd_captures_can_be_acknowledged(
    start: Start, server: Server, fault: str
) -> None:
    """A capture with something wrong is still a capture, sent once."""
    terminal = await start(resend_seconds=0.05)
    described = await obey(terminal, fault)
    capture = await server.hear(CAPTURES)
    assert capture["sequence_no"] == described["sequence_no"]
    server.acknowledge(capture)
    await until(lambda: terminal.acknowledged)
    assert len(server.messages(CAPTURES)) == 1


async def test_other_faults(start: Start, server: Server) -> None:
    """Garbage, wrong shapes, unknown commands and foreign topics appear as asked."""
    terminal = await start()
    await obey(terminal, "garbage")
    await until(lambda: len(server.heard) == 1)
    with pytest.raises(ValueError):
        json.loads(server.heard[0][1])
    count = (await obey(terminal, "wrong-shape"))["count"]
    assert isinstance(count, int)
    await until(lambda: len(server.heard) == 1 + count)
    await obey(terminal, "foreign other-door")
    assert (await server.hear("topic/face/capture/request/other-door"))["cmd"] == "face"
    await obey(terminal, "unknown-command")
    await obey(terminal, "ask-upgrade")
    await obey(terminal, "sip ring")
    await until(lambda: json.loads(server.heard[-1][1]).get("sip_event") == 2)
    assert [json.loads(payload)["cmd"] for _, payload in server.heard[-4:]] == [
        "questionnaire",
        "ping card reader",
        "ask_upgrade",
        "sip event",
    ]


async def test_burst_and_duplicate(start: Start, server: Server) -> None:
    """Many captures at once have their own numbers; a duplicate is the same message again."""
    terminal = await start()
    assert (await obey(terminal, "burst 5 stranger"))["sequence_nos"] == [1, 2, 3, 4, 5]
    await obey(terminal, "duplicate")
    await server.hear(CAPTURES, 6)
    *_, fifth, again = server.messages(CAPTURES)
    assert fifth == again


@pytest.mark.parametrize(
    "line",
    [
        "dance",
        "capture sphinx",
        "capture known person=Nobody",
        "capture known mask=maybe",
        "sip",
        "quirk x on",
        "silent",
        'capture "',
    ],
)
async def test_impossible_controls_say_why(start: Start, line: str) -> None:
    """A control line that cannot be obeyed is answered with an error."""
    terminal = await start()
    assert set(await obey(terminal, line)) == {"error"}


async def test_seed_repeats_captures(start: Start) -> None:
    """The same seed makes the same captures, apart from their times."""
    first, second = await start(topic_id="a", seed=7), await start(topic_id="b", seed=7)
    pair = [(await terminal.capture()).message for terminal in (first, second)]
    assert (pair[0]["match"], pair[0]["person"]) == (
        pair[1]["match"],
        pair[1]["person"],
    )


async def test_unreachable_broker_is_said(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a broker the start fails with a plain error."""
    await broker.stop()
    monkeypatch.setattr("tests.simulators.terminal.simulator.CONNECT_SECONDS", 0.2)
    terminal = TerminalSimulator(Options(port=broker.port))
    with pytest.raises(ConnectionError, match="no connection to 127.0.0.1"):
        await terminal.start()
    await terminal.stop()


def test_log_hides_secrets_and_pictures(tmp_path: Path) -> None:
    """The log of requests has neither passwords nor long contents."""
    log = RequestLog(tmp_path / "log")
    log.write(
        "command",
        fields={
            "password": "hush",
            "reg_image": "A" * 5000,
            "nested": [{"token": "hush"}],
        },
    )
    log.close()
    text = (tmp_path / "log").read_text()
    assert "hush" not in text
    assert json.loads(text)["fields"]["reg_image"] == "<5000 characters>"


# The broker


async def test_broker_passes_large_messages_and_no_noise(server: Server) -> None:
    """16 MB pass whole, and nobody talks on $SYS."""
    server.say("large", b"x" * (16 << 20))
    await until(lambda: server.heard, 20)
    assert [(topic, len(payload)) for topic, payload in server.heard] == [
        ("large", 16 << 20)
    ]


async def test_broker_starts_again_on_its_port() -> None:
    """Start and stop can be repeated, and a second stop is harmless."""
    broker = Broker()
    for _ in range(3):
        await broker.start()
        port = broker.port
        await broker.stop()
        await broker.stop()
        assert broker.port == port


# As processes


class Process:
    """A simulator started from the command line."""

    def __init__(self, *arguments: str, stdin: int = subprocess.PIPE) -> None:
        """Start it."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    async def line(self) -> Message:
        """Return its next line."""
        assert self.process.stdout
        async with asyncio.timeout(20):
            return json.loads(await asyncio.to_thread(self.process.stdout.readline))

    async def control(self, line: str) -> Message:
        """Give a control line and return its answer."""
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return await self.line()

    async def end(self, signal_number: int) -> tuple[int, str]:
        """End it; return its exit code and what it said on standard error."""
        self.process.send_signal(signal_number)
        _, errors = await asyncio.to_thread(self.process.communicate, None, 10)
        return self.process.returncode, errors


async def test_command_line(server: Server, broker: Broker, tmp_path: Path) -> None:
    """The process says when it is ready, obeys lines, logs what it was asked and ends cleanly."""
    log = tmp_path / "terminal.log"
    process = Process(
        "tests.simulators.terminal",
        "--port",
        str(broker.port),
        "--topic-id",
        TOPIC_ID,
        "--sn",
        SERIAL,
        "--log",
        str(log),
        "--quirk",
        "padded-cmd",
        "--heartbeat",
        "0",
        "--seed",
        "3",
    )
    try:
        ready = await process.line()
        assert (
            ready["ready"],
            ready["kind"],
            ready["serial"],
            ready["topic_id"],
            ready["prefix"],
        ) == (True, "terminal", SERIAL, TOPIC_ID, "")
        assert ready["topics"]["capture_request"] == CAPTURES
        assert "Amara Okafor" in ready["people"]
        assert set(await process.control("dance")) == {"error"}
        done = await process.control(
            'capture known person="Linh Nguyen" temperature=36.6'
        )
        capture = await server.hear(CAPTURES)
        assert (
            done["done"],
            done["sequence_no"],
            done["cap_time"],
            done["person"],
        ) == ("capture", capture["sequence_no"], capture["cap_time"], "Linh Nguyen")
        server.acknowledge(capture)
        assert (
            await server.ask(
                {
                    "cmd": "sip register",
                    "domain": "d",
                    "port": 1,
                    "username": "u",
                    "password": "hush",
                }
            )
        )["cmd"] == " sip register "
        assert (await process.control("status"))["acknowledged"] == 1
    finally:
        code, errors = await process.end(signal.SIGTERM)
    assert (code, errors) == (0, "")
    logged = [json.loads(line) for line in log.read_text().splitlines()]
    assert {"connected", "sent", "acknowledgement", "command", "relay"} <= {
        entry["kind"] for entry in logged
    }
    command = next(entry for entry in logged if entry["kind"] == "command")
    assert (
        command["cmd"],
        command["code"],
        command["topic"],
        command["fields"]["password"],
    ) == ("sip register", 0, COMMANDS, "<secret>")


async def test_end_of_input_does_not_end_it() -> None:
    """With /dev/null as standard input the processes live until they are told to go."""
    broker = Process("tests.simulators.broker", "--port", "0", stdin=subprocess.DEVNULL)
    terminal = None
    try:
        port = (await broker.line())["port"]
        terminal = Process(
            "tests.simulators.terminal", "--port", str(port), stdin=subprocess.DEVNULL
        )
        assert (await terminal.line())["ready"]
        assert (broker.process.poll(), terminal.process.poll()) == (None, None)
    finally:
        if terminal:
            assert await terminal.end(signal.SIGINT) == (0, "")
        assert await broker.end(signal.SIGTERM) == (0, "")


async def test_taken_port_is_said(broker: Broker) -> None:
    """The broker process names a port that is taken."""
    process = Process("tests.simulators.broker", "--port", str(broker.port))
    _, errors = await asyncio.to_thread(process.process.communicate, None, 20)
    assert process.process.returncode == 1
    assert f"cannot listen on 127.0.0.1:{broker.port}" in errors
