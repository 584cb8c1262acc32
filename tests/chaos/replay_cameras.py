"""Cameras that push numbered alarms while everything between them and Home Assistant breaks."""

import asyncio
import base64
from collections import Counter
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any, Final
from unittest.mock import patch

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.const import (
    CONF_KIND,
    CONF_POLL_INTERVAL,
    DOMAIN,
    DeviceKind,
)
from custom_components.thermogate.guide import wire as guide_wire
from custom_components.thermogate.guide.timing import Timing
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from tests.simulators.camera import CameraSimulator, Options
from tests.simulators.camera.wire import push as frame_of

# Everything that takes minutes in a house takes tenths of a second.
QUICK: Final = Timing(
    heartbeat=0.2,
    silence=0.3,
    probe=0.3,
    connect=0.5,
    close=0.1,
    reconnect_first=0.02,
    reconnect_longest=0.2,
    jitter=0.3,
    busy=0.3,
    forced_logout=0.4,
    websocket_retry=0.2,
    login_pause=0.3,
)
# Each camera speaks another dialect.
DIALECTS: Final = (
    frozenset[str](),
    frozenset({"push-in-message", "img-spelling"}),
    frozenset({"key-blanks", "string-numbers", "sequence-constant"}),
)
PAUSE: Final = 0.01
OUTAGE: Final = (0.1, 0.7)
FIRE: Final = 1011
GARBAGE: Final = (
    "",
    "{",
    "null",
    "[]",
    '{"action":"notify"}',
    '{"action":"notify","cmdtype":1011,"content":',
    '{"cmdtype":"x","retcode":{}}',
    '{"action":"notify","cmdtype":1e400}',
    "[" * 3000,
    "\0\x01\x02",
)


@dataclass(frozen=True)
class Alarm:
    """One alarm: its name says which, and its pictures are nobody else's."""

    name: str
    body: dict[str, Any]
    pictures: dict[str, bytes]
    # Whether its pictures are in it, or only named.
    whole: bool


class Yard:
    """One camera, its entry, and what it said."""

    def __init__(self, number: int, seed: int) -> None:
        """Switch it on, without network."""
        self.lot = Random(f"{seed}/{number}")
        self.number = number
        self.name = f"Yard {number}"
        self.simulator = CameraSimulator(
            Options(
                seed=1,
                serial=f"NC200221{number:08}",
                mac=f"00:15:18:00:00:{number:02x}",
                alarm_period=0,
                # Whatever the time of day, it remembers only what happens here.
                days_of_history=0,
                # Sessions that were lost without a logout are reaped before there are too many.
                session_time=1.0,
                quirks=DIALECTS[number % len(DIALECTS)],
            )
        )
        self.made: dict[str, Alarm] = {}
        # Those that were sent whole to somebody who listened.
        self.told: set[str] = set()
        self.faults: Counter[str] = Counter()
        self._held: list[Alarm] = []

    def entry(self) -> MockConfigEntry:
        """Return its entry."""
        options = self.simulator.options
        return MockConfigEntry(
            domain=DOMAIN,
            title=self.name,
            unique_id=options.serial,
            data={
                CONF_KIND: DeviceKind.CAMERA,
                CONF_HOST: options.host,
                CONF_PORT: self.simulator.http_port,
                CONF_USERNAME: options.username,
                CONF_PASSWORD: options.password,
            },
            options={CONF_POLL_INTERVAL: 1},
        )

    # Alarms

    def alarm(self) -> Alarm:
        """Make the next alarm."""
        number = len(self.made)
        name = f"{self.number}-{number}"
        size = self.lot.choice((50, 2_000, 60_000))
        pictures = {
            role: b"\xff\xd8\xff\xe0"
            + f"{role} {name}".encode()
            + self.lot.randbytes(size)
            for role in ("visible", "thermal")
        }
        clock = self.simulator.camera.clock()
        body: dict[str, Any] = {
            "name": name,
            "time": clock.strftime("%Y-%m-%d %H:%M:%S"),
            "high_temp": 80.5,
            "temp_flag": 1,
        }
        whole = self.lot.random() < 0.9
        for light, role in (("vl", "visible"), ("ir", "thermal")):
            path = f"/picture/{name}_{light}.jpg"
            if whole:
                content = base64.b64encode(pictures[role]).decode()
                body[f"{light}_image_content"] = content
            else:
                self.simulator.camera.files.put(path, pictures[role])
                body[f"{light}_image_url"] = path
        alarm = Alarm(name, body, pictures, whole)
        self.made[name] = alarm
        return alarm

    async def say(self) -> None:
        """Push the next alarm, or something that is none; late, twice, or cut."""
        drawn = self.lot.random()
        if drawn < 0.1:
            await self.simulator.push_text(self.lot.choice(GARBAGE))
            return
        alarm = self.alarm()
        if drawn < 0.2:
            # It comes after those that follow it.
            self._held.append(alarm)
            return
        if drawn < 0.25:
            text = self.text_of(alarm)
            await self.simulator.push_text(text[: self.lot.randrange(len(text))])
            return
        for _ in range(2 if drawn < 0.35 else 1):
            await self.push(alarm)
        while self._held and self.lot.random() < 0.5:
            await self.push(self._held.pop())

    async def push(self, alarm: Alarm) -> None:
        """Push an alarm whole."""
        if await self.simulator.push(FIRE, alarm.body):
            self.told.add(alarm.name)

    def text_of(self, alarm: Alarm) -> str:
        """Return an alarm as this camera writes it."""
        camera = self.simulator.camera
        return frame_of(FIRE, 1, alarm.body, camera.quirks)

    # Faults

    async def break_something(self) -> None:
        """Let one thing go wrong, and heal."""
        fault = self.lot.choice(list(FAULTS))
        self.faults[fault] += 1
        await FAULTS[fault](self)

    async def outage(self) -> None:
        """Wait while something does not work."""
        await asyncio.sleep(self.lot.uniform(*OUTAGE))


async def _dropped(yard: Yard) -> None:
    await yard.simulator.inject("drop-connection")


async def _logged_out(yard: Yard) -> None:
    await yard.simulator.inject("alarm forced-logout")


async def _expired(yard: Yard) -> None:
    await yard.simulator.inject("expire-token")


async def _half_open(yard: Yard) -> None:
    await yard.simulator.inject("half-open on")
    await yard.outage()
    await yard.simulator.inject("half-open off")


async def _rebooted(yard: Yard) -> None:
    yard.simulator.camera.reboot(yard.lot.uniform(*OUTAGE))
    while yard.simulator.rebooting:
        await asyncio.sleep(PAUSE)


async def _cut(yard: Yard) -> None:
    yard.simulator.push_cut(yard.text_of(yard.alarm()), yard.lot.random())


async def _cut_and_rebooted(yard: Yard) -> None:
    await _cut(yard)
    await _rebooted(yard)


async def _control_port_closed(yard: Yard) -> None:
    await yard.simulator.inject("ws closed")
    await yard.outage()
    await yard.simulator.inject("ws open")


async def _too_large(yard: Yard) -> None:
    await yard.simulator.inject("huge-frame 9000000")


FAULTS: Final[dict[str, Callable[[Yard], Awaitable[None]]]] = {
    "dropped": _dropped,
    "logged out": _logged_out,
    "token expired": _expired,
    "half open": _half_open,
    "rebooted": _rebooted,
    "cut in a frame": _cut,
    "rebooted in a frame": _cut_and_rebooted,
    "control port closed": _control_port_closed,
    "frame too large": _too_large,
}


@contextmanager
def arrivals() -> Generator[Counter[str]]:
    """Count the alarms that came whole out of a control socket, by their names."""
    arrived: Counter[str] = Counter()
    decode = guide_wire.decode

    def note(raw: bytes | str) -> guide_wire.Message:
        frame = decode(raw)
        body = frame.get("content") or frame.get("message")
        if frame.get("action") == "notify" and isinstance(body, dict):
            if name := body.get("name"):
                arrived[name] += 1
        return frame

    with patch("custom_components.thermogate.guide.session.decode", note):
        yield arrived
