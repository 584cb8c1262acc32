"""What both simulators say, recorded without a network: everything they can, in every dialect."""

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
import json
from typing import Any, ClassVar
from unittest.mock import patch

from PIL import Image

from custom_components.thermogate.guide.crypto import encrypt_password
from tests.helpers import SERIAL
from tests.simulators.camera import Options as CameraOptions
from tests.simulators.camera.alarms import LASTING, Alarms
from tests.simulators.camera.camera import HANDLERS, Camera, Peer
from tests.simulators.camera.sessions import Session
from tests.simulators.camera.wire import push as pushed
from tests.simulators.terminal import (
    Options as TerminalOptions,
    Quirk,
    TerminalSimulator,
)
from tests.simulators.terminal.captures import KINDS, Wishes
from tests.simulators.terminal.commands import COMMANDS
from tests.simulators.terminal.commands.sip import SIP_EVENTS
from tests.simulators.terminal.controls import obey

# Longer texts are pictures and matrices: a small picture is as good, and a hundred times as quick.
LONGEST_TEXT = 3000
# What commands need to be obeyed; without it their refusal is recorded as well.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "gpio control": {"port": 1, "ctrl_type": "on", "ctrl_mode": "force"},
    "camera volume": {"method": "GET"},
    "request persons": {"role": -1, "page_no": 1, "page_size": 20, "image_flag": 1},
    "request records": {
        "page_no": 1,
        "page_size": 20,
        "face_image_flag": 1,
        "reg_image_flag": 1,
    },
    "sip qure roomid": {"page_no": 1, "page_size": 500},
    "traffic statistics": {"day": "1-9"},
    "delete person(s)": {"flag": -1, "id": "1001"},
    "tts play": {"text": "welcome"},
}
# Dialects of a camera that change frames.
DIALECTS = (
    "key-blanks",
    "string-numbers",
    "push-in-message",
    "img-spelling",
    "alarm-picture-missing",
    "alarm-picture-garbage",
    "no-message-key",
    "video-url-keys",
    "control-url",
    "rules-null",
    "rule-ids-zero",
    "int32-matrix",
    "ir-only",
    "no-ptz",
    "wrong-reply-cmdtype",
    "clock-1970",
)
SUBTYPES = {509: 4, 512: 2, 527: 1}
REBOOTS = {508}


def small_picture() -> str:
    """Return a whole JPEG in base64."""
    buffer = BytesIO()
    Image.new("RGB", (8, 8), (200, 120, 40)).save(buffer, "JPEG")
    return base64.b64encode(buffer.getvalue()).decode()


def lightened(frame: bytes | str) -> bytes:
    """Return a frame with small pictures."""
    small = small_picture()

    def light(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: light(item) for key, item in value.items()}
        if isinstance(value, list):
            return [light(item) for item in value]
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            return small
        return value

    return json.dumps(light(json.loads(frame)), separators=(",", ":")).encode()


class Tape:
    """A terminal's connection that leads to a tape: frames by the channel they were sent on."""

    latest: ClassVar[Tape]

    def __init__(
        self,
        _options: TerminalOptions,
        _client_id: str,
        _subscriptions: list[str],
        received: Callable[[str, bytes, bool], None],
        changed: Callable[[bool], None],
    ) -> None:
        """Take the same as the real link."""
        Tape.latest = self
        self.online = False
        self.received = received
        self._changed = changed
        self.captures: list[bytes] = []
        self.answers: list[bytes] = []

    def join(self) -> None:
        """Connect at once."""

    async def ready(self, timeout: float) -> None:
        """Be connected."""
        self.online = True
        self._changed(True)

    def leave(self, *, abruptly: bool = False) -> None:
        """Disconnect."""
        self.online = False

    def drop(self) -> None:
        """Lose the connection."""

    def publish(self, topic: str, payload: bytes) -> None:
        """Record."""
        frames = self.captures if "/capture/" in topic else self.answers
        frames.append(payload)


@dataclass(frozen=True, repr=False)
class Traffic:
    """Frames by who says them on what channel."""

    captures: list[bytes]
    replies: list[bytes]
    pushes: list[bytes]
    answers: list[bytes]

    @property
    def all(self) -> list[bytes]:
        """Everything; a device may say what another one would."""
        return self.captures + self.replies + self.pushes + self.answers


@cache
def recorded() -> Traffic:
    """Record both simulators, once; not within an event loop."""

    async def record() -> Traffic:
        with patch("tests.simulators.terminal.simulator.Link", Tape):
            return Traffic(*await _terminal(), *await _camera())

    return asyncio.run(record())


async def _terminal() -> tuple[list[bytes], list[bytes]]:
    """Return what a terminal sends on its capture topic, and what it answers."""
    captures: list[bytes] = []
    answers: list[bytes] = []
    for quirk in (None, *Quirk):
        options = TerminalOptions(
            serial=SERIAL,
            seed=1,
            quirks={quirk} if quirk else set(),
            resend_seconds=3600,
            heartbeat_seconds=0,
            closeup_kilobytes=2,
            scene_kilobytes=3,
            stamped_scenes=False,
        )
        async with TerminalSimulator(options) as terminal:
            tape = Tape.latest
            terminal.device.section("face")["enable_output_reg"] = True
            for kind in KINDS if quirk is None else ("known", "stranger", "card"):
                await terminal.capture(kind, Wishes(pictures="both"), resend=False)
            terminal.heartbeat()
            for line in ("ask-upgrade", "unknown-command", "truncated", "wrong-shape"):
                await obey(terminal, line)
            for event in SIP_EVENTS:
                terminal.sip_event(event)
            for name in COMMANDS:
                for fields in ({}, ARGUMENTS.get(name, {})):
                    request = {"cmd": name, "command_id": "0123456789abcdef", **fields}
                    topic = terminal.topics["manage_request"]
                    tape.received(topic, json.dumps(request).encode(), False)
        captures += tape.captures
        answers += tape.answers
    return _whole(captures), _whole(answers)


def _whole(frames: list[bytes]) -> list[bytes]:
    """Return the frames that are JSON, lightened, each once."""
    whole: dict[bytes, None] = {}
    for frame in frames:
        try:
            whole[lightened(frame)] = None
        except ValueError:
            continue
    return list(whole)


async def _camera() -> tuple[list[bytes], list[bytes]]:
    """Return what a camera pushes, and what it answers."""
    pushes: list[bytes] = []
    answers: list[bytes] = []
    for dialect in (None, *DIALECTS):
        quirks = frozenset({dialect} if dialect else ())
        camera = Camera(CameraOptions(seed=1, alarm_period=0, quirks=quirks))
        try:
            pushes += await _pushes(camera)
            answers += await _answers(camera)
        finally:
            camera.close()
    return _whole(pushes), _whole(answers)


async def _pushes(camera: Camera) -> list[bytes]:
    frames: list[bytes] = []

    async def record(
        cmdtype: int,
        body: dict[str, Any],
        *,
        wrapper: str = "content",
        session: Session | None = None,
    ) -> int:
        text = pushed(cmdtype, len(frames), body, camera.quirks, wrapper=wrapper)
        frames.append(text.encode())
        return 1

    alarms = Alarms(camera, record)
    once = ("forced-logout", "storage-full", "storage-failure", "stream", "network")
    for kind in (*LASTING, *once, "illegal-access"):
        await alarms.stage(kind)
    camera.recorder.obey(1, 1, camera.now())
    await alarms.tick()
    await record(1007, {"interval": 60, "obj_list": [{"measure_id": 1, "max_temp": 9}]})
    await record(1099, {"what": "unknown"})
    return frames


async def _answers(camera: Camera) -> list[bytes]:
    peer = Peer("ws", "127.0.0.1")
    answers: list[bytes] = []
    token = ""
    password = encrypt_password(camera.options.password)
    login = {"username": camera.options.username, "password": password}
    for cmdtype in (501, *HANDLERS):
        if cmdtype in REBOOTS or (token and cmdtype in (501, 502)):
            continue
        request = {
            "action": "request",
            "cmdtype": cmdtype,
            # Far from any that a client counts to.
            "sequence": 2_000_000_000 + cmdtype,
            "token": token,
            "subtype": SUBTYPES.get(cmdtype, 0),
            "message": login if cmdtype == 501 else {"type": 1},
        }
        answer = await camera.answer(json.dumps(request), peer)
        if answer is None:
            continue
        answers.append(answer.encode())
        if cmdtype == 501:
            token = json.loads(answer)["message"]["token"]
    return answers
