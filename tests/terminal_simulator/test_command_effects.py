"""What commands change, and what can be read back."""

import base64
import hashlib
from io import BytesIO
import json

from PIL import Image

from tests.simulators.terminal import Wishes
from tests.terminal_simulator.server import (
    ANSWERS,
    CAPTURES,
    COMMANDS,
    PERSONS,
    PICTURE,
    RECORDS,
    Server,
    Start,
)
from tests.waiting import until


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
