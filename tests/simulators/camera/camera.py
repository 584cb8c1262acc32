"""One camera without its network: state, clock, pictures, and the answer to every request."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import json
import time
from typing import Any

from tests.simulators.common import RequestLog

from . import wire
from .call import Call
from .codes import (
    ACTION_FAILED,
    EMPTY_FIELD,
    INVALID_CONTENT,
    NO_PERMISSION,
    NOT_SUPPORTED,
    Refused,
)
from .commands import COMMANDS
from .defaults import factory_settings
from .fields import TIME_FORMAT
from .files import Files
from .options import Options
from .pictures import Daylight, Overlay, Pixels, jpeg, thermal_picture
from .ptz import Ptz
from .ptz_commands import PTZ_COMMANDS
from .recorder import Recorder
from .scene import (
    HEIGHT,
    WIDTH,
    Scene,
    Statistics,
    Temperatures,
    mask_of,
    shield_mask,
    statistics,
)
from .sessions import Session, Sessions
from .settings import FILL_LIGHT, GLOBAL, RULES, SHIELD, SYSTEM, Settings
from .upgrade import FIRMWARE, upgraded
from .yard import View

HANDLERS = COMMANDS | PTZ_COMMANDS
HEARTBEAT, LOGIN = 9999, 501
WITHOUT_LOGIN = (500, 501)
# What an account without permission may still do beside the even commands below 500, which read settings.
VIEWERS_MAY = {
    500,
    501,
    502,
    505,
    507,
    509,
    510,
    513,
    514,
    515,
    516,
    520,
    521,
    522,
    523,
    528,
    530,
    531,
    601,
    606,
    611,
    614,
    617,
}
VISIBLE_SIZE = (1280, 720)
# A clock without battery or network starts here.
DEAD_CLOCK = datetime(1970, 1, 1)


@dataclass(frozen=True)
class Request:
    """A request received, as tests want to see it: no token, no password."""

    transport: str
    peer: str
    cmdtype: int
    sequence: int | None
    action: str | None
    message: dict[str, Any]
    subtype: int | None
    retcode: int | None
    # Fields that no table of the camera knows.
    unknown: tuple[str, ...] = ()


@dataclass
class Peer:
    """One client: a WebSocket connection, or a single HTTP request."""

    transport: str
    address: str
    session: Session | None = None


@dataclass(frozen=True)
class Measurement:
    """The temperatures of one moment; a rule that is wholly shielded has none."""

    picture: Temperatures
    whole: Statistics
    rules: list[tuple[dict[str, Any], Statistics]] = field(default_factory=list)


class Camera:
    """The camera itself. Everything runs on one event loop; pictures are drawn in one thread."""

    def __init__(self, options: Options) -> None:
        """Switch it on."""
        self.options = options
        self.quirks = set(options.quirks)
        self.settings = Settings(factory_settings(options))
        self.sessions = Sessions(
            username=options.username,
            password=options.password,
            mac=options.mac,
            session_time=options.session_time,
        )
        self._started = time.monotonic()
        self._clock_offset = timedelta()
        self.ptz = Ptz(self.now())
        self.scene = Scene(options.seed, options.alarm_period)
        self._daylight = Daylight(options.seed, self.settings[SYSTEM]["name"])
        self.recorder = Recorder(self.settings)
        self.files = Files(self)
        self.log = RequestLog(options.log)
        self.requests: list[Request] = []
        # Where it can be reached and how to restart it: its network says.
        self.ports: dict[str, int] = {}
        self.on_reboot: Callable[[float], None] | None = None
        # Told when its address or a port was set.
        self.on_moved: Callable[[], None] | None = None
        self.dead_pixels: list[dict[str, int]] = []
        # The position of the focus motor, from near to far.
        self.focus = 0
        self.sounding = self.outputting = False
        self.alarmed_rules: set[int] = set()
        # When each firmware was installed; it runs the last.
        self.installed = [
            ("2021-12-07 18:43:00", "V1.1.4"),
            ("2022-04-11 09:12:00", "V1.2.9"),
        ]
        self._shutter: tuple[float, float] | None = None
        self.range_switched_until = 0.0
        self.report_minutes = 1
        self._drawing = ThreadPoolExecutor(1, thread_name_prefix="camera-drawing")
        if "clock-1970" in self.quirks:
            self.set_clock(DEAD_CLOCK)

    def close(self) -> None:
        """Let go of thread and log."""
        self._drawing.shutdown(wait=True, cancel_futures=True)
        self.log.close()

    @property
    def version(self) -> str:
        """Return the firmware that it runs."""
        return self.installed[-1][1]

    # Time

    def now(self) -> float:
        """Return seconds of the steady clock, from switching on."""
        return time.monotonic() - self._started

    def clock(self) -> datetime:
        """Return the camera's own date and time, local and without zone."""
        return datetime.now() + self._clock_offset

    def set_clock(self, moment: datetime) -> None:
        """Set the camera's own date and time."""
        self._clock_offset = moment - datetime.now()

    def skip(self, seconds: float) -> None:
        """Let time pass at once, on both clocks."""
        self._started -= seconds
        self._clock_offset += timedelta(seconds=seconds)

    def close_shutter(self, seconds: float) -> None:
        """Freeze the temperatures for so long, as a shutter click does."""
        self._shutter = (self.now(), self.now() + seconds)

    @property
    def shutter_closed(self) -> bool:
        """Tell whether the shutter is closed."""
        if "shutter" in self.quirks:
            return True
        return self._shutter is not None and self.now() < self._shutter[1]

    def scene_time(self) -> float:
        """Return the time of the thermal scene: it stands still behind a closed shutter."""
        return self._shutter[0] if self._shutter and self.shutter_closed else self.now()

    # Pictures

    async def draw[*Arguments, Result](
        self, function: Callable[[*Arguments], Result], *arguments: *Arguments
    ) -> Result:
        """Run a slow function in the drawing thread, one at a time."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._drawing, function, *arguments)

    def view(self, width: int = WIDTH, height: int = HEIGHT) -> View:
        """Return where the camera looks now."""
        position = self.ptz.advance(self.now())
        return View(position.pan, position.tilt, position.zoom, width, height)

    async def temperatures(self) -> Temperatures:
        """Return the temperatures at output size, (384, 512), corrected as set."""
        picture = await self.draw(self.scene.output, self.scene_time(), self.view())
        correction = self.settings[GLOBAL]["mod_temp"]
        return picture + correction if correction else picture

    async def module_temperatures(self) -> Temperatures:
        """Return the temperatures at the size of the sensor module, (192, 256)."""
        return await self.draw(self.scene.module, self.scene_time(), self.view())

    async def measure(self) -> Measurement:
        """Measure the whole picture and every rule."""
        rules = list(self.settings[RULES]["rule_list"])
        rects = list(self.settings[SHIELD]["rects"])
        return await self.draw(_measure, await self.temperatures(), rules, rects)

    async def thermal(self) -> Pixels:
        """Return the thermal picture for people, (384, 512, 3)."""
        measured = await self.measure()
        overlays = [
            Overlay(
                rule["rule_name"],
                rule["type"],
                points_of(rule),
                seen,
                rule["id"] in self.alarmed_rules,
            )
            for rule, seen in measured.rules
        ]
        settings = self.settings[GLOBAL]
        return await self.draw(
            thermal_picture,
            measured.picture,
            overlays,
            self.clock(),
            settings["color_bar"],
            bool(settings["color_show"]),
        )

    async def visible(self, width: int, height: int) -> Pixels:
        """Return the visible picture, (height, width, 3)."""
        lit = bool(self.settings[FILL_LIGHT]["light"])
        return await self.draw(
            self._daylight.picture,
            self.now(),
            self.view(width, height),
            self.clock(),
            lit,
        )

    async def thermal_jpeg(self) -> bytes:
        """Return the thermal picture as JPEG."""
        return await self.draw(jpeg, await self.thermal())

    async def visible_jpeg(self) -> bytes:
        """Return the visible picture as JPEG."""
        return await self.draw(jpeg, await self.visible(*VISIBLE_SIZE))

    # Requests

    async def answer(self, text: str | bytes, peer: Peer) -> str | None:
        """Answer one request; None when the camera would say nothing, as to a heartbeat."""
        envelope: dict[str, Any] = {}
        unknown: list[str] = []
        outcome: dict[str, Any] | None | Refused
        try:
            envelope = parsed_object(text)
            check_envelope(envelope)
            call = self._admit(envelope, peer)
            unknown = call.unknown
            outcome = await self._obey(call)
            if call.cmdtype == LOGIN:
                peer.session = call.session
        except Refused as refusal:
            outcome = refusal
        self._note(envelope, peer, outcome, unknown)
        if envelope.get("cmdtype") == HEARTBEAT:
            return None
        return wire.reply(envelope, outcome, self.quirks)

    def _admit(self, envelope: dict[str, Any], peer: Peer) -> Call:
        """Check what all requests have in common, the login first of all."""
        cmdtype = envelope["cmdtype"]
        session = None
        if cmdtype not in WITHOUT_LOGIN:
            session = self.sessions.find(envelope.get("token"), self.now())
            peer.session = session
        message = envelope.get("message")
        if message is not None and not isinstance(message, dict):
            raise Refused(INVALID_CONTENT, "the message is no object")
        return Call(
            self, cmdtype, message or {}, envelope, peer.address, session, self.now()
        )

    async def _obey(self, call: Call) -> dict[str, Any] | None:
        """Obey a request that was admitted."""
        if call.cmdtype == HEARTBEAT:
            assert call.session is not None
            call.session.beat = call.now
            return None
        if call.cmdtype not in HANDLERS:
            raise Refused(NOT_SUPPORTED)
        if 600 <= call.cmdtype < 700:
            if "no-ptz" in self.quirks:
                raise Refused(NOT_SUPPORTED)
            if "no-ptz-failed" in self.quirks:
                raise Refused(ACTION_FAILED)
        reads = call.cmdtype < 500 and call.cmdtype % 2 == 0
        if (
            "no-permission" in self.quirks
            and not reads
            and call.cmdtype not in VIEWERS_MAY
        ):
            raise Refused(NO_PERMISSION)
        return await HANDLERS[call.cmdtype](call)

    def _note(
        self,
        envelope: dict[str, Any],
        peer: Peer,
        outcome: dict[str, Any] | None | Refused,
        unknown: Sequence[str],
    ) -> None:
        """Remember and log a request without its secrets."""
        seen = wire.without_secrets(envelope)
        message = seen.get("message")
        refused = isinstance(outcome, Refused)
        request = Request(
            peer.transport,
            peer.address,
            seen.get("cmdtype", 0),
            seen.get("sequence"),
            seen.get("action"),
            message if isinstance(message, dict) else {},
            seen.get("subtype"),
            outcome.code if isinstance(outcome, Refused) else 0,
            tuple(unknown),
        )
        self.requests.append(request)
        self.log.write(
            "request",
            transport=peer.transport,
            peer=peer.address,
            request=seen,
            retcode=request.retcode,
            why=str(outcome) if refused else None,
            unknown=list(unknown),
        )

    async def take_file(self, cmdtype: int, data: bytes, address: str) -> None:
        """Take an upload, or refuse it; firmware runs after a restart."""
        refusal: Refused | None = None
        try:
            if cmdtype == FIRMWARE:
                self.installed.append(
                    (self.clock().strftime(TIME_FORMAT), upgraded(self.version, data))
                )
                self.reboot(self.options.reboot_time)
        except Refused as refused:
            refusal = refused
        self.requests.append(
            Request(
                "upload",
                address,
                cmdtype,
                None,
                None,
                {},
                None,
                refusal.code if refusal else 0,
            )
        )
        if refusal:
            raise refusal

    def with_session(self, body: bytes) -> bytes:
        """Return a signed request as one of a session, which it needs no login for."""
        envelope = json.loads(body)
        session = self.sessions.signed(self.now())
        return json.dumps(envelope | {"token": session.token}).encode()

    # What happens to it

    def reboot(self, seconds: float) -> None:
        """Restart and be away for so long: everything but the settings is forgotten."""
        self.sessions.close_all()
        self.recorder.stop()
        self.sounding = self.outputting = False
        if "clock-1970" in self.quirks:
            self.set_clock(DEAD_CLOCK)
        if self.on_reboot is not None:
            self.on_reboot(seconds)


def parsed_object(text: str | bytes) -> dict[str, Any]:
    """Return a JSON text that is an object."""
    try:
        envelope = json.loads(text)
    except ValueError as error:
        raise Refused(INVALID_CONTENT, "not JSON") from error
    if not isinstance(envelope, dict):
        raise Refused(INVALID_CONTENT, "not an object")
    return envelope


def check_envelope(envelope: dict[str, Any]) -> None:
    """Check what every request has around its message."""
    for name in ("action", "cmdtype", "sequence"):
        if envelope.get(name) is None:
            raise Refused(EMPTY_FIELD, f"{name} is missing")
    if envelope["action"] not in ("request", "notify"):
        raise Refused(INVALID_CONTENT, f"action {envelope['action']!r}")
    for name in ("cmdtype", "sequence"):
        if type(envelope[name]) is not int or envelope[name] < 0:
            raise Refused(INVALID_CONTENT, f"{name} is no whole number")


def points_of(rule: dict[str, Any]) -> tuple[tuple[int, int], ...]:
    """Return the points of a rule."""
    return tuple((point["x"], point["y"]) for point in rule["points"])


def _measure(
    picture: Temperatures, rules: list[dict[str, Any]], rects: list[dict[str, int]]
) -> Measurement:
    """Measure a picture outside its shielded areas; one that is shielded altogether is measured all the same."""
    open_area = ~shield_mask(rects)
    if not open_area.any():
        open_area = ~open_area
    whole = statistics(picture, open_area)
    assert whole is not None
    seen = [
        (rule, found)
        for rule in rules
        if (
            found := statistics(
                picture, mask_of(rule["type"], points_of(rule)) & open_area
            )
        )  # fmt: skip
    ]
    return Measurement(picture, whole, seen)
