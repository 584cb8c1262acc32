"""Heartbeats, quirks and faults."""

from collections.abc import Callable
import json
import re

import pytest

from tests.simulators.broker import Broker
from tests.simulators.terminal import Options, Quirk, TerminalSimulator
from tests.simulators.terminal.controls import obey
from tests.terminal_simulator.server import (
    ACKNOWLEDGEMENTS,
    ANSWERS,
    CAPTURES,
    COMMANDS,
    SERIAL,
    Message,
    Server,
    Start,
    picture_of,
)
from tests.waiting import until


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
        Quirk.ONLY_EXTEND,
        {"cmd": "gpio control", "port": 1, "ctrl_type": "on", "ctrl_mode": "test"},
        {"code": 2},
    ),
    (
        Quirk.ONLY_EXTEND,
        {
            "cmd": "gpio control Extend",
            "port": 1,
            "ctrl_type": "on",
            "ctrl_mode": "test",
        },
        {"code": 0},
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
