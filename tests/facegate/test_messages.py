"""Everything a terminal says beside captures."""

import pytest

from custom_components.thermogate.facegate import (
    Firmware,
    Heartbeat,
    Reply,
    SipEvent,
    SipState,
    UnknownMessage,
    UpgradeQuery,
    parse_message,
)
from tests.facegate.samples import SERIAL, granted, payload


def test_heartbeat() -> None:
    """All fields are told."""
    message = {
        "cmd": "heart beat",
        "ip": "192.168.1.88",
        "device_sn": SERIAL,
        "device_no": "",
        "addr_no": "1",
        "addr_name": "Main gate",
        "gps": {"n": "", "e": "", "strength": 0},
        "command_id": "",
        "version": "0.2",
    }
    found = parse_message(payload(message))
    assert isinstance(found, Heartbeat)
    assert (found.device_sn, found.ip, found.addr_name, found.command_id) == (
        SERIAL,
        "192.168.1.88",
        "Main gate",
        "",
    )


def test_smallest_heartbeat() -> None:
    """One without anything is one."""
    assert parse_message(b'{"cmd":"heartbeat"}') == Heartbeat()


@pytest.mark.parametrize(("code", "state"), enumerate(SipState))
def test_sip_event(code: int, state: SipState) -> None:
    """Seven steps of a call are documented."""
    assert parse_message(
        payload({"cmd": "sip event", "device_sn": SERIAL, "sip_event": str(code)})
    ) == SipEvent(device_sn=SERIAL, event=state, code=code)


@pytest.mark.parametrize("code", [7, -1, None, "ringing"])
def test_unknown_sip_event(code: object) -> None:
    """Another one is an event without a name."""
    found = parse_message(payload({"cmd": "sip event", "sip_event": code}))
    assert isinstance(found, SipEvent)
    assert found.event is None


def test_upgrade_query() -> None:
    """A terminal tells what it runs."""
    message = {
        "cmd": "ask_upgrade",
        "device_sn": SERIAL,
        "device_no": "0001",
        "last_upgrade_code": 0,
        "firmware": {
            "system": "FaceGate",
            "appversion": "0.10.2beta",
            "algversion": "HV6.0",
            "platform": "HI3516AV200",
            "sensor": "IMX327D",
            "board": "FSAN_02",
            "motor": "RSA",
            "lcd": "LCD_720_576",
            "timestamp": "2019-02-28 18:22:01",
        },
    }
    assert parse_message(payload(message)) == UpgradeQuery(
        device_sn=SERIAL,
        device_no="0001",
        last_upgrade_code=0,
        firmware=Firmware(
            system="FaceGate",
            app_version="0.10.2beta",
            algorithm_version="HV6.0",
            platform="HI3516AV200",
            sensor="IMX327D",
            board="FSAN_02",
            motor="RSA",
            lcd="LCD_720_576",
            built="2019-02-28 18:22:01",
        ),
    )


def test_reply() -> None:
    """An answer tells how it went."""
    message = {
        "reply": "ACK",
        "cmd": " gpio Control ",
        "code": "2",
        "desc": "no such service",
        "device_sn": SERIAL,
        "command_id": "ab",
    }
    found = parse_message(payload(message))
    assert isinstance(found, Reply)
    assert (found.command, found.code, found.text) == (
        "gpio control",
        2,
        "no such service",
    )
    assert (found.device_sn, found.command_id) == (SERIAL, "ab")
    assert found.body["desc"] == "no such service"


@pytest.mark.parametrize("code", [None, "", "fine", ...])
def test_reply_without_readable_code_is_no_success(code: object) -> None:
    """What does not say that it worked did not."""
    found = parse_message(
        payload(
            {"reply": "ACK", "cmd": "reboot", **({} if code is ... else {"code": code})}
        )
    )
    assert isinstance(found, Reply)
    assert found.code == -1


@pytest.mark.parametrize("reply", ["ACK", "", None])
def test_acknowledgement_is_no_capture(reply: object) -> None:
    """Another server's acknowledgement is not acknowledged."""
    assert isinstance(parse_message(payload(granted(reply=reply))), Reply)


def test_reply_without_reply() -> None:
    """One answer of the vendor document (2.14.2) lacks the mark of an answer."""
    found = parse_message(
        payload({"version": "0.21", "cmd": "request aes", "code": 0, "enable": True})
    )
    assert isinstance(found, Reply)
    assert found.code == 0


@pytest.mark.parametrize(
    ("message", "command"),
    [
        ({"cmd": "Questionnaire", "device_sn": SERIAL}, "questionnaire"),
        ({"cmd": "ping card  reader", "device_sn": SERIAL}, "ping card reader"),
        ({"cmd": "x" * 1000, "device_sn": SERIAL}, "x" * 64),
        ({"cmd": ["face"], "device_sn": SERIAL}, ""),
        ({"cmd": None, "code": 0, "device_sn": SERIAL}, ""),
        ({"device_sn": SERIAL}, ""),
    ],
)
def test_unknown_message(message: dict[str, object], command: str) -> None:
    """What we do not know is named, no more."""
    assert parse_message(payload(message)) == UnknownMessage(
        command=command, device_sn=SERIAL
    )


def test_body_is_not_shown() -> None:
    """An answer may carry passwords and pictures, so a log line with it shows none."""
    assert "hunter2" not in repr(
        parse_message(b'{"reply":"ACK","cmd":"x","code":0,"password":"hunter2"}')
    )
