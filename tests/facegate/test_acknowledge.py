"""What we answer to a terminal that speaks first."""

from typing import Any

from hypothesis import given, strategies as st
import orjson
import pytest

from custom_components.thermogate.facegate import (
    Capture,
    DisplayText,
    FaceGateValidationError,
    Gateway,
    Heartbeat,
    acknowledgement,
    heartbeat_reply,
    parse_message,
)
from tests.facegate.samples import SERIAL, granted, payload, stranger

TEXT = st.text(st.characters(codec="utf-8"))
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
)


def captured(**changes: Any) -> Capture:
    """Return a capture."""
    found = parse_message(payload(granted(**changes)))
    assert isinstance(found, Capture)
    return found


def answered(**options: Any) -> Any:
    """Return the acknowledgement of a capture with these options."""
    return orjson.loads(acknowledgement(captured(), **options))


def test_plain_acknowledgement() -> None:
    """Five keys and no more."""
    assert orjson.loads(acknowledgement(captured())) == {
        "reply": "ACK",
        "cmd": "face",
        "code": 0,
        "sequence_no": 1,
        "cap_time": "2026/01/31 16:45:30.003",
    }


@given(SCALARS | st.lists(SCALARS, max_size=3), SCALARS | st.lists(SCALARS, max_size=3))
def test_goes_back_as_it_came(sequence_no: Any, cap_time: Any) -> None:
    """Type and text of both are the terminal's business."""
    answer = acknowledgement(captured(sequence_no=sequence_no, cap_time=cap_time))
    assert (
        orjson.dumps({"sequence_no": sequence_no, "cap_time": cap_time})[1:-1] in answer
    )
    back = orjson.loads(answer)
    assert type(back["sequence_no"]) is type(sequence_no)
    assert type(back["cap_time"]) is type(cap_time)


def test_missing_stays_missing() -> None:
    """A capture that lacks them is acknowledged with what is there; null is not missing."""
    bare = orjson.loads(acknowledgement(captured(sequence_no=..., cap_time=...)))
    assert bare == {"reply": "ACK", "cmd": "face", "code": 0}
    assert (
        orjson.loads(acknowledgement(captured(sequence_no=None)))["sequence_no"] is None
    )


def test_stranger_is_acknowledged_alike() -> None:
    """The terminal wants to get rid of it like of any other."""
    found = parse_message(payload(stranger(closeup_pic="broken", is_realtime=0)))
    assert isinstance(found, Capture)
    assert orjson.loads(acknowledgement(found))["sequence_no"] == 7


def test_acknowledgement_is_never_taken_for_a_capture() -> None:
    """Whoever else listens, and be it us."""
    assert not isinstance(parse_message(acknowledgement(captured())), Capture)


def test_open_a_relay() -> None:
    """The gate opens with the answer."""
    assert answered(gateway=Gateway(port=2, person_id="0001"))["gateway_ctrl"] == {
        "device_type": "gpio",
        "device_no": 2,
        "ctrl_mode": "force",
        "person_id": "0001",
    }


def test_send_a_card() -> None:
    """Short numbers have their own field, long ones want that one to be 0."""
    assert answered(gateway=Gateway(card_number=2**32 - 1, mode="scene"))[
        "gateway_ctrl"
    ] == {
        "device_type": "wiegand",
        "device_no": 2**32 - 1,
        "ctrl_mode": "scene",
    }
    assert answered(gateway=Gateway(card_number=2**63 - 1))["gateway_ctrl"] == {
        "device_type": "wiegand",
        "device_no": 0,
        "long_card_id": 2**63 - 1,
        "ctrl_mode": "force",
    }


@pytest.mark.parametrize(
    "gateway",
    [
        Gateway(),
        Gateway(port=1, card_number=1),
        Gateway(port=0),
        Gateway(port=3),
        Gateway(card_number=0),
        Gateway(card_number=2**63),
        Gateway(port=1, mode="kick"),
        Gateway(port=1, person_id="x" * 20),
    ],
)
def test_gateway_limits(gateway: Gateway) -> None:
    """What the terminal would not do is not asked."""
    with pytest.raises(FaceGateValidationError):
        acknowledgement(captured(), gateway=gateway)


def test_speech() -> None:
    """64 characters, not bytes."""
    assert answered(speech="门" * 64)["tts"] == {"text": "门" * 64}
    for text in ("x" * 65, "", " "):
        with pytest.raises(FaceGateValidationError, match="64 characters"):
            acknowledgement(captured(), speech=text)


def test_display() -> None:
    """One text has the document's key, several have the one seen on devices."""
    text = DisplayText(
        text="hello",
        x=10,
        y=500,
        alive_time=1000,
        font_size=100,
        font_spacing=2,
        font_color="0xff00ff00",
    )
    shown = {
        "position": {"x": 10, "y": 500},
        "alive_time": 1000,
        "font_size": 100,
        "font_spacing": 2,
        "font_color": "0xff00ff00",
        "text": "hello",
    }
    assert answered(display=text)["text_display"] == shown
    assert answered(display=[text, text])["text_displays"] == [shown, shown]
    assert (
        answered(display=DisplayText(text="hello"))["text_display"]["font_color"]
        == "0xffffffff"
    )
    assert "text_displays" not in answered(display=[])


@pytest.mark.parametrize(
    "display",
    [
        DisplayText(text=""),
        DisplayText(text="x", x=-1),
        DisplayText(text="x", font_color="red"),
        DisplayText(text="\ud800"),
    ],
)
def test_display_limits(display: DisplayText) -> None:
    """What the terminal would not show is not sent."""
    with pytest.raises(FaceGateValidationError, match="display"):
        acknowledgement(captured(), display=display)


def test_heartbeat_reply() -> None:
    """It gives the id back, and is no heartbeat itself."""
    assert orjson.loads(
        heartbeat_reply(Heartbeat(device_sn=SERIAL, command_id="ab"))
    ) == {
        "reply": "ACK",
        "cmd": "heart beat",
        "code": 0,
        "device_sn": SERIAL,
        "command_id": "ab",
    }
    assert "command_id" not in orjson.loads(heartbeat_reply(Heartbeat()))
    assert not isinstance(parse_message(heartbeat_reply(Heartbeat())), Heartbeat)
