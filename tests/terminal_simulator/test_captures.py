"""Captures, and what ends their resending."""

import asyncio
import base64
import re

import pytest

from tests.simulators.broker import Broker
from tests.simulators.terminal import Wishes
from tests.simulators.terminal.controls import obey
from tests.simulators.terminal.faces import portrait
from tests.terminal_simulator.server import (
    CAPTURES,
    SERIAL,
    Message,
    Server,
    Start,
    picture_of,
)
from tests.waiting import until

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


async def test_acknowledgement_shows_several_texts(
    start: Start, server: Server
) -> None:
    """Newer firmware takes a list; one text that is malformed spoils them all."""
    terminal = await start()
    good = {
        "position": {"x": 0, "y": 0},
        "alive_time": 1000,
        "font_size": 60,
        "font_spacing": 1,
        "font_color": "0xffffffff",
        "text": "hello",
    }
    await terminal.capture()
    server.acknowledge(
        await server.hear(CAPTURES), text_displays=[good, good | {"font_color": "red"}]
    )
    await until(lambda: terminal.acknowledged)
    assert terminal.device.shown == []
    await terminal.capture()
    server.acknowledge(await server.hear(CAPTURES, 2), text_displays=[good, good])
    await until(lambda: len(terminal.acknowledged) == 2)
    assert terminal.device.shown == [good, good]


async def test_backlog_after_a_lost_connection(start: Start, server: Server) -> None:
    """What could not be delivered comes after the reconnect and says that it is not live."""
    terminal = await start(resend_seconds=60)
    await obey(terminal, "reboot 0.2")
    await until(lambda: not terminal.online)
    sent = await terminal.capture()
    late = await server.hear(CAPTURES)
    assert (late["sequence_no"], late["is_realtime"]) == (sent.sequence_no, 0)


async def test_live_capture_becomes_backlog_with_a_reconnect(
    start: Start, server: Server
) -> None:
    """What was sent live but not acknowledged comes again after a reconnect, and is not live any more."""
    terminal = await start(resend_seconds=60)
    await terminal.capture()
    assert (await server.hear(CAPTURES))["is_realtime"] == 1
    await obey(terminal, "reboot 0.1")
    again = await server.hear(CAPTURES, 2)
    first = server.messages(CAPTURES)[0]
    assert again == first | {"is_realtime": 0}


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
