"""What we answer to a terminal that speaks first (vendor document 2.2.1 and 2.6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from .command import CONTROL_MODE, DISPLAY_TEXT, LONG_CARD, PERSON_ID, RELAY, SPEECH
from .errors import FaceGateValidationError
from .fields import Field, FieldType, encode_fields, encode_value
from .messages import MISSING, Capture, Heartbeat
from .settings import MAX_UINT32
from .wire import encode

_RELAY: Final = replace(RELAY, name="device_no", alias="port")
_CARD: Final = Field(
    "device_no", FieldType.INTEGER, minimum=1, maximum=MAX_UINT32, alias="card_number"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """Open the gate in the acknowledgement, which a terminal in online mode waits for.

    Either a relay `port`, or a `card_number` for the Wiegand output. `mode` is "test", "force" or "scene"; `person_id` goes
    into the terminal's own record.
    """

    port: int | None = None
    card_number: int | None = None
    mode: str = "force"
    person_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayText:
    """A text on the terminal's screen: pixels from the corner, milliseconds, colour as "0xAARRGGBB"."""

    text: str
    x: int = 0
    y: int = 0
    alive_time: int | None = None
    font_size: int | None = None
    font_spacing: int | None = None
    font_color: str | None = None


def acknowledgement(
    capture: Capture,
    *,
    gateway: Gateway | None = None,
    speech: str | None = None,
    display: DisplayText | Sequence[DisplayText] | None = None,
) -> bytes:
    """Return the payload for `capture_response` that lets the terminal forget a capture; without it it sends it for ever.

    `sequence_no` and `cap_time` go back as they came. Speech is 64 characters at most; several texts need newer firmware.
    Raises FaceGateValidationError for an extension that the terminal would not take.
    """
    message: dict[str, Any] = {"reply": "ACK", "cmd": "face", "code": 0}
    if capture.sequence_no is not MISSING:
        message["sequence_no"] = capture.sequence_no
    if capture.cap_time is not MISSING:
        message["cap_time"] = capture.cap_time
    if gateway is not None:
        message["gateway_ctrl"] = _gateway(gateway)
    if speech is not None:
        message["tts"] = {"text": encode_value(SPEECH, speech, "speech")}
    if isinstance(display, DisplayText):
        message["text_display"] = _text(display)
    elif display:
        message["text_displays"] = [_text(text) for text in display]
    return encode(message)


def heartbeat_reply(heartbeat: Heartbeat) -> bytes:
    """Return the answer to a heartbeat. It is marked as an answer, so that nobody answers it in turn."""
    message: dict[str, Any] = {
        "reply": "ACK",
        "cmd": "heart beat",
        "code": 0,
        "device_sn": heartbeat.device_sn,
    }
    if heartbeat.command_id:
        message["command_id"] = heartbeat.command_id
    return encode(message)


def _gateway(gateway: Gateway) -> dict[str, Any]:
    return {
        **_target(gateway),
        **encode_fields((CONTROL_MODE, PERSON_ID), _who(gateway), "gateway"),
    }


def _who(gateway: Gateway) -> dict[str, Any]:
    return {"mode": gateway.mode, "person_id": gateway.person_id or None}


def _target(gateway: Gateway) -> dict[str, Any]:
    port, card = gateway.port, gateway.card_number
    if (port is None) == (card is None):
        raise FaceGateValidationError(
            "gateway", gateway, "either a port or a card_number"
        )
    if card is None:
        return {
            "device_type": "gpio",
            "device_no": encode_value(_RELAY, port, "gateway.port"),
        }
    if card <= MAX_UINT32:
        return {
            "device_type": "wiegand",
            "device_no": encode_value(_CARD, card, "gateway.card_number"),
        }
    # A long card number counts only beside a short one of 0.
    return {
        "device_type": "wiegand",
        "device_no": 0,
        "long_card_id": encode_value(LONG_CARD, card, "gateway.card_number"),
    }


def _text(display: DisplayText) -> dict[str, Any]:
    values = {
        "position": {"x": display.x, "y": display.y},
        "alive_time": display.alive_time,
        "font_size": display.font_size,
        "font_spacing": display.font_spacing,
        "font_color": display.font_color,
        "text": display.text,
    }
    return encode_fields(DISPLAY_TEXT, values, "display")
