"""How a terminal takes the answer to a capture: vendor document 2.2.1."""

from collections.abc import Mapping

from tests.simulators.common import Json
from tests.simulators.terminal.commands.media import TEXT_ON_SCREEN, TEXT_TO_SPEAK
from tests.simulators.terminal.device import Device
from tests.simulators.terminal.fields import (
    ILLEGAL_FIELD,
    Fields,
    Optional,
    Refused,
    array,
    check_fields,
    integer,
    one_of,
    text,
)
from tests.simulators.terminal.settings import Values
from tests.simulators.terminal.traffic import CaptureSent

TEXTS_ON_SCREEN = array(TEXT_ON_SCREEN, 1)

# Only a terminal that asks its server lets the server decide.
OFFLINE_MODE = 3

GATEWAY_CONTROL: Fields = {
    "device_type": one_of("gpio", "wiegand"),
    "device_no": integer(0, 2**32 - 1),
    "ctrl_mode": one_of("test", "force", "scene"),
    "ctrl_type": Optional(one_of("on")),
    "long_card_id": Optional(integer(0, 2**63 - 1)),
    "person_id": Optional(text(19)),
}


def match(
    message: Values, pending: Mapping[tuple[int | str, str], CaptureSent]
) -> tuple[CaptureSent | None, str]:
    """Return the capture that is acknowledged, or what is wrong; the echo must be exact, in type too."""
    if message.get("reply") != "ACK":
        return None, "no reply key"
    code, sequence, cap_time = (
        message.get("code"),
        message.get("sequence_no"),
        message.get("cap_time"),
    )
    if isinstance(code, bool) or not isinstance(code, int) or code != 0:
        return None, f"code {code!r}"
    if not isinstance(sequence, int | str) or not isinstance(cap_time, str):
        return None, "sequence_no or cap_time missing or of a wrong type"
    sent = pending.get((sequence, cap_time))
    # 1, 1.0 and true are the same key.
    if sent is None or type(sent.sequence_no) is not type(sequence):
        return None, "wrong sequence_no or cap_time"
    return sent, "accepted"


def obey(device: Device, message: Values) -> list[str]:
    """Do what an acknowledgement asks for beside; return what was done or why not."""
    effects = []
    for name, do in (
        ("gateway_ctrl", _control_gate),
        ("tts", _speak),
        ("text_display", _show),
        ("text_displays", _show_all),
    ):
        part = message.get(name)
        if part is None:
            continue
        try:
            effects.append(f"{name}: {do(device, part)}")
        except Refused as refusal:
            effects.append(f"{name}: {refusal.description}")
    return effects


def _control_gate(device: Device, part: Json) -> str:
    if not isinstance(part, dict):
        raise Refused(ILLEGAL_FIELD, "not an object")
    check_fields(part, GATEWAY_CONTROL)
    if device.section("gate_control")["match_mode"] == OFFLINE_MODE:
        return "ignored in offline mode"
    number = part["device_no"]
    if part["device_type"] == "wiegand":
        card = number or part.get("long_card_id")
        if isinstance(card, int):
            device.wiegand_sent.append(card)
        return "sent to Wiegand"
    one_of(1, 2)(number, "device_no")
    if isinstance(number, int):
        device.open(
            number,
            "acknowledgement",
            str(part["ctrl_mode"]),
            str(part.get("person_id", "")),
        )
    return f"relay {number}"


def _speak(device: Device, part: Json) -> str:
    TEXT_TO_SPEAK(part, "tts")
    if isinstance(part, dict):
        device.spoken.append(str(part["text"]))
    return "spoken"


def _show(device: Device, part: Json) -> str:
    TEXT_ON_SCREEN(part, "text_display")
    if isinstance(part, dict):
        device.shown.append(part)
    return "shown"


def _show_all(device: Device, part: Json) -> str:
    """Seen on devices: several texts, each as the documented one."""
    TEXTS_ON_SCREEN(part, "text_displays")
    if isinstance(part, list):
        device.shown += [each for each in part if isinstance(each, dict)]
    return "shown"
