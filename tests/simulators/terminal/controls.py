"""What can be asked of a running terminal: captures, events, faults and quirks, one line each.

Lines come from standard input of `python -m tests.simulators.terminal`, or from a test through `obey`.
"""

import base64
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
import json
import math
from typing import Any

from tests.simulators import common
from tests.simulators.common import ControlError, Json
from tests.simulators.terminal.captures import KINDS, Wishes
from tests.simulators.terminal.commands.sip import SIP_EVENTS
from tests.simulators.terminal.quirks import QUIRK_HELP, Quirk
from tests.simulators.terminal.settings import Values
from tests.simulators.terminal.simulator import TerminalSimulator
from tests.simulators.terminal.traffic import CaptureSent

type Handler = Callable[
    [TerminalSimulator, list[str], dict[str, str]], Awaitable[Values]
]

FOREIGN_TOPIC_ID = "000001-000002-0000BC"
WRONG_SHAPES: tuple[Json, ...] = (
    None,
    True,
    7,
    "face",
    [],
    [{"cmd": "face"}],
    {},
    {"cmd": None},
    {"cmd": ["face"]},
    {"cmd": "face", "match": [], "person": "nobody", "closeup_pic": 5},
)
WISH_READERS: dict[str, Callable[[str], Any]] = {
    "person": str,
    "temperature": float,
    "score": int,
    "reason": int,
    "mask": lambda text: {"true": True, "1": True, "false": False, "0": False}[text],
    "pictures": str,
    "cap_time": str,
    "face": str,
}


def _number(words: list[str], default: float | None = None) -> float:
    if not words:
        if default is None:
            raise ControlError("a number is missing")
        return default
    try:
        return float(words[0])
    except ValueError as error:
        raise ControlError(f"{words[0]!r} is no number") from error


def _wishes(options: Mapping[str, str]) -> Wishes:
    wishes: dict[str, Any] = {}
    for name, text in options.items():
        if name not in WISH_READERS:
            raise ControlError(
                f"no option {name!r}; there are {', '.join(WISH_READERS)}"
            )
        try:
            wishes[name] = WISH_READERS[name](text)
        except (ValueError, KeyError) as error:
            raise ControlError(f"{text!r} is no {name}") from error
    return Wishes(**wishes)


def _described(sent: CaptureSent) -> Values:
    return {
        "kind": sent.kind,
        "sequence_no": sent.sequence_no,
        "cap_time": sent.cap_time,
        "person": sent.person,
        "reason": sent.reason,
        "is_realtime": sent.message["is_realtime"],
    }


async def _capture(
    terminal: TerminalSimulator, words: list[str], options: dict[str, str]
) -> Values:
    """KIND [person=NAME|ID temperature=C score=N reason=N mask=true|false pictures=both|overall|closeup|none cap_time=TEXT face=TEXT]."""
    return _described(
        await terminal.capture(words[0] if words else "known", _wishes(options))
    )


async def _burst(
    terminal: TerminalSimulator, words: list[str], options: dict[str, str]
) -> Values:
    """N [KIND]: that many captures at once."""
    captures = [
        await terminal.capture(
            words[1] if len(words) > 1 else "known", _wishes(options)
        )
        for _ in range(int(_number(words)))
    ]
    return {
        "count": len(captures),
        "sequence_nos": [sent.sequence_no for sent in captures],
    }


async def _duplicate(
    terminal: TerminalSimulator, _words: list[str], _options: dict[str, str]
) -> Values:
    """Send the last capture once more."""
    if terminal.last is None:
        raise ControlError("there was no capture yet")
    terminal.send_capture(terminal.last)
    return _described(terminal.last)


async def _heartbeat(
    terminal: TerminalSimulator, _words: list[str], _options: dict[str, str]
) -> Values:
    """Send a heartbeat."""
    terminal.heartbeat()
    return {}


async def _sip(
    terminal: TerminalSimulator, words: list[str], _options: dict[str, str]
) -> Values:
    """EVENT: tell of a call."""
    if not words or words[0] not in SIP_EVENTS:
        raise ControlError(f"sip takes {', '.join(SIP_EVENTS)}")
    terminal.sip_event(words[0])
    return {"sip_event": SIP_EVENTS[words[0]]}


async def _ask_upgrade(
    terminal: TerminalSimulator, _words: list[str], _options: dict[str, str]
) -> Values:
    """Ask the server for new firmware."""
    terminal.ask_upgrade()
    return {}


async def _drop(
    terminal: TerminalSimulator, words: list[str], _options: dict[str, str]
) -> Values:
    """[SECONDS]: lose the connection without a word, for about a second or that long."""
    if words:
        terminal.keep(terminal.reboot(_number(words)))
    else:
        terminal.drop_connection()
    return {}


async def _reboot(
    terminal: TerminalSimulator, words: list[str], options: dict[str, str]
) -> Values:
    """[SECONDS] [sequence=restart]: vanish and come back."""
    seconds = _number(words, terminal.options.reboot_seconds)
    terminal.keep(
        terminal.reboot(seconds, restart_sequence=options.get("sequence") == "restart")
    )
    return {"seconds": seconds}


async def _silent(
    terminal: TerminalSimulator, words: list[str], _options: dict[str, str]
) -> Values:
    """SECONDS: stay connected, but neither send nor answer."""
    terminal.be_silent(_number(words))
    return {}


async def _auto(
    terminal: TerminalSimulator, words: list[str], _options: dict[str, str]
) -> Values:
    """SECONDS: make a capture every so often; 0 makes none."""
    terminal.options.auto_seconds = _number(words)
    return {}


async def _resend(
    terminal: TerminalSimulator, words: list[str], _options: dict[str, str]
) -> Values:
    """SECONDS: how long to wait for an acknowledgement."""
    terminal.options.resend_seconds = _number(words)
    return {}


async def _quirk(
    terminal: TerminalSimulator, words: list[str], _options: dict[str, str]
) -> Values:
    """NAME on|off."""
    if len(words) != 2 or words[0] not in QUIRK_HELP or words[1] not in {"on", "off"}:
        raise ControlError(
            f"quirk NAME on|off, where NAME is one of {', '.join(QUIRK_HELP)}"
        )
    quirk = Quirk(words[0])
    (
        terminal.options.quirks.add
        if words[1] == "on"
        else terminal.options.quirks.discard
    )(quirk)
    return {"quirks": [*sorted(terminal.options.quirks)]}


async def _status(
    terminal: TerminalSimulator, _words: list[str], _options: dict[str, str]
) -> Values:
    """Tell what happened so far."""
    return {
        "online": terminal.online,
        "requests": len(terminal.requests),
        "acknowledged": len(terminal.acknowledged),
        "wrong_acknowledgements": terminal.wrong_acknowledgements,
        "pending": len(terminal.pending),
        "relay_pulses": len(terminal.relays),
        "records": len(terminal.device.records),
        "people": [person.name for person in terminal.device.people.values()],
        "spoken": len(terminal.device.spoken),
        "shown": len(terminal.device.shown),
        "played": len(terminal.device.played),
    }


async def _garbage(
    terminal: TerminalSimulator, _words: list[str], _options: dict[str, str]
) -> Values:
    """Publish what is neither JSON nor text."""
    terminal.send_bytes(b"\xff\xfe\x00 this is no JSON {")
    return {}


async def _truncated(
    terminal: TerminalSimulator, words: list[str], options: dict[str, str]
) -> Values:
    """[KIND]: a capture arrives cut in half; it comes whole when it is sent again."""
    # However long the picture takes to draw, the whole capture waits.
    terminal.be_silent(math.inf)
    sent = await terminal.capture(words[0] if words else "known", _wishes(options))
    terminal.be_silent(0)
    payload = json.dumps(sent.message).encode()
    terminal.send_bytes(payload[: len(payload) // 2])
    return _described(sent)


async def _wrong_shape(
    terminal: TerminalSimulator, _words: list[str], _options: dict[str, str]
) -> Values:
    """Publish JSON of shapes that no document knows."""
    for shape in WRONG_SHAPES:
        terminal.send_bytes(json.dumps(shape).encode())
    return {"count": len(WRONG_SHAPES)}


async def _huge(
    terminal: TerminalSimulator, words: list[str], _options: dict[str, str]
) -> Values:
    """[MEGABYTES]: one capture with a picture that large (10 MB), sent once."""
    size = int(_number(words, 10) * 1_000_000)
    return await _odd_capture(
        terminal, lambda message: _replace_picture(message, "A" * size)
    )


async def _broken_base64(
    terminal: TerminalSimulator, _words: list[str], _options: dict[str, str]
) -> Values:
    """Send a capture with pictures that are no base64."""
    return await _odd_capture(
        terminal, lambda message: _replace_picture(message, "/9j/%%% not base64 %%%=")
    )


async def _broken_picture(
    terminal: TerminalSimulator, _words: list[str], _options: dict[str, str]
) -> Values:
    """Send a capture with pictures that are base64 of no picture."""
    return await _odd_capture(
        terminal,
        lambda message: _replace_picture(
            message, base64.b64encode(b"this is no picture" * 50).decode()
        ),
    )


async def _spoof(
    terminal: TerminalSimulator, words: list[str], _options: dict[str, str]
) -> Values:
    """SN: send a capture with the serial number of another terminal on our own topic."""
    if not words:
        raise ControlError("the serial number is missing")
    return await _odd_capture(
        terminal, lambda message: message.update(device_sn=words[0])
    )


async def _foreign(
    terminal: TerminalSimulator, words: list[str], _options: dict[str, str]
) -> Values:
    """[TOPIC_ID]: publish a capture on the topic of another terminal."""
    return await _odd_capture(
        terminal,
        lambda _message: None,
        topic_id=words[0] if words else FOREIGN_TOPIC_ID,
    )


async def _unknown_command(
    terminal: TerminalSimulator, _words: list[str], _options: dict[str, str]
) -> Values:
    """Publish messages whose cmd no document knows."""
    terminal.send(
        {
            "cmd": "questionnaire",
            "device_sn": terminal.serial,
            "pass": True,
            "site": "Main gate",
        }
    )
    terminal.send({"cmd": "ping card reader"})
    return {}


def _replace_picture(message: Values, data: str) -> None:
    for part in ("closeup_pic", "overall_pic"):
        picture = message.get(part)
        if isinstance(picture, dict):
            picture["data"] = data


async def _odd_capture(
    terminal: TerminalSimulator,
    change: Callable[[Values], None],
    topic_id: str | None = None,
) -> Values:
    """Send a changed capture once."""
    sent = await terminal.capture(
        "known",
        Wishes(pictures="closeup"),
        resend=False,
        change=change,
        topic_id=topic_id,
    )
    return _described(sent)


CONTROLS: dict[str, Handler] = {
    "capture": _capture,
    "burst": _burst,
    "duplicate": _duplicate,
    "heartbeat": _heartbeat,
    "sip": _sip,
    "ask-upgrade": _ask_upgrade,
    "drop-connection": _drop,
    "reboot": _reboot,
    "silent": _silent,
    "auto": _auto,
    "resend": _resend,
    "quirk": _quirk,
    "status": _status,
    "garbage": _garbage,
    "truncated": _truncated,
    "wrong-shape": _wrong_shape,
    "huge": _huge,
    "broken-base64": _broken_base64,
    "broken-picture": _broken_picture,
    "spoof": _spoof,
    "foreign": _foreign,
    "unknown-command": _unknown_command,
}


async def _control(
    terminal: TerminalSimulator, words: list[str], options: dict[str, str]
) -> Values:
    handler = CONTROLS.get(words[0])
    if handler is None:
        raise ControlError(f"no control {words[0]!r}; there are {', '.join(CONTROLS)}")
    return await handler(terminal, words[1:], options)


def control_of(terminal: TerminalSimulator) -> common.Control:
    """Return what answers the control lines of a terminal."""
    return partial(_control, terminal)


async def obey(terminal: TerminalSimulator, line: str) -> dict[str, Json]:
    """Obey one control line in-process: `{"done": ...}` or `{"error": ...}`."""
    return await common.answer(line, control_of(terminal))


def help_text() -> str:
    """Return all control lines, captures and quirks for `--help`."""
    lines = ["control lines on standard input:"]
    lines += [
        f"  {name:16} {(handler.__doc__ or '').strip()}"
        for name, handler in CONTROLS.items()
    ]
    lines += ["", f"captures: {', '.join(KINDS)}", "", "quirks:"]
    lines += [f"  {quirk:18} {text}" for quirk, text in QUIRK_HELP.items()]
    return "\n".join(lines)
