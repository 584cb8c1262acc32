"""A lean terminal that keeps what it saw until it is acknowledged, and a house full of them."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
import json
from random import Random
import time
from typing import Any, Final

from tests.simulators.terminal.link import Link
from tests.simulators.terminal.quirks import Options

from .captures import Capture, captures, serial_of
from .noise import disturbed

TICK = 0.1
# Seconds until a capture is sent again: twice as long each time, up to the longest.
FIRST_RESEND, LONGEST_RESEND = 1.0, 4.0
# How many captures wait for their acknowledgement at the same time; with one, order is strict.
WINDOWS: Final = (1, 2, 4, 8, 16)
# Captures that are kept for the end, when nothing is broken any more.
SPARED = 3
HEARTBEAT_SECONDS = 15.0
# Nobody else comes in while so many wait: a person cannot get past a terminal that is stuck.
MOST_WAITING = 2500
# Error code 2 of the vendor document's list.
NO_SUCH_COMMAND = 2
ACKNOWLEDGEMENT: Final = {"reply", "cmd", "code", "sequence_no", "cap_time"}


@dataclass(slots=True)
class Sending:
    """A capture that waits for its acknowledgement."""

    capture: Capture
    realtime: bool
    attempts: int = 0
    again_at: float = 0


class Terminal:
    """One terminal: takes captures from its plan when told to, and tells of them until each is acknowledged."""

    def __init__(self, port: int, seed: int, number: int, count: int) -> None:
        """Prepare the plan; nothing is connected yet."""
        self.serial = serial_of(number)
        self.plan = captures(seed, number, count)
        # Moments of this terminal, by mark: when a capture was first sent, and when it was first acknowledged.
        self.sent: dict[str, int] = {}
        self.acknowledged: dict[str, int] = {}
        # Marks of captures that were ever sent as happening now.
        self.live: set[str] = set()
        self.wrong: list[str] = []
        self._seed = seed
        self._window = WINDOWS[number % len(WINDOWS)]
        self._moment = 0
        self._next = 0
        self._spared = SPARED
        self._queue: deque[Sending] = deque()
        self._pending: dict[str, Sending] = {}
        self._by_echo: dict[str, Capture] = {}
        self._request = f"topic/face/capture/request/{self.serial}"
        self._answer = f"topic/face/manage/response/{self.serial}"
        commands = f"topic/face/manage/request/{self.serial}"
        # Every other one is set up for captures only.
        self._link = Link(
            Options(port=port),
            self.serial,
            [f"topic/face/capture/response/{self.serial}"] + [commands] * (number % 2),
            self._received,
            self._connection_changed,
        )
        self._beat_at = 0.0

    @property
    def left(self) -> int:
        """How many captures of the plan are still to be taken, without those for the end."""
        return len(self.plan) - self._spared - self._next

    @property
    def taken(self) -> int:
        """How many captures were taken."""
        return self._next

    @property
    def last(self) -> Sequence[Capture]:
        """The captures for the end."""
        return self.plan[-SPARED:]

    @property
    def missing(self) -> list[str]:
        """Marks of captures that nobody has acknowledged."""
        return [seen.mark for seen in self.plan if seen.mark not in self.acknowledged]

    def join(self) -> None:
        """Connect, and again whenever the connection is lost."""
        self._link.join()

    def leave(self) -> None:
        """Disconnect for good."""
        self._link.leave()

    async def ready(self) -> None:
        """Wait for the connection."""
        await self._link.ready(20)

    def take(self, count: int) -> None:
        """See the next persons of the plan; whoever comes while there is no connection is backlog."""
        end = self._next + min(count, self.left)
        for capture in self.plan[self._next : end]:
            self._queue.append(Sending(capture, realtime=self._link.online))
        self._next = end
        self._pump()

    def finish(self) -> None:
        """See the last persons."""
        self._spared = 0
        self.take(SPARED)

    def tick(self) -> None:
        """Send again what waits for too long, and tell from time to time that it is there."""
        if not self._link.online:
            return
        now = time.monotonic()
        if now >= self._beat_at:
            self._beat_at = now + HEARTBEAT_SECONDS
            beat = {"cmd": "heart beat", "device_sn": self.serial, "version": "0.42"}
            self._link.publish(self._request, json.dumps(beat).encode())
        for sending in self._pending.values():
            if now >= sending.again_at:
                self._send(sending)
        self._pump()

    def _pump(self) -> None:
        while self._link.online and self._queue and len(self._pending) < self._window:
            sending = self._queue.popleft()
            capture = sending.capture
            self._pending[capture.echo] = sending
            self._by_echo[capture.echo] = capture
            self._moment += 1
            self.sent[capture.mark] = self._moment
            self._send(sending)

    def _send(self, sending: Sending) -> None:
        capture = sending.capture
        lot = Random(f"{self._seed}/{capture.mark}/{sending.attempts}")
        wait = min(FIRST_RESEND * 2**sending.attempts, LONGEST_RESEND)
        sending.again_at = time.monotonic() + wait * lot.uniform(0.8, 1.2)
        sending.attempts += 1
        if sending.realtime:
            self.live.add(capture.mark)
        frame = capture.frame(realtime=sending.realtime)
        loop = asyncio.get_running_loop()
        for delay, payload in disturbed(frame, lot):
            if delay:
                loop.call_later(delay, self._link.publish, self._request, payload)
            else:
                self._link.publish(self._request, payload)

    def _connection_changed(self, online: bool) -> None:
        for sending in (*self._pending.values(), *self._queue):
            sending.realtime = False
            sending.again_at = 0
        if online:
            self.tick()

    def _received(self, topic: str, payload: bytes, retained: bool) -> None:
        message: dict[str, Any] = json.loads(payload)
        if topic.startswith("topic/face/manage/"):
            self._refuse(message)
            return
        beat = {
            "reply": "ACK",
            "cmd": "heart beat",
            "code": 0,
            "device_sn": self.serial,
        }
        if message == beat and not retained:
            return
        echo = json.dumps([message.get("sequence_no"), message.get("cap_time")])
        capture = self._by_echo.get(echo)
        as_it_should = (
            message.keys() == ACKNOWLEDGEMENT
            and message["reply"] == "ACK"
            and message["cmd"] == "face"
            and message["code"] == 0
        )
        if capture is None or retained or not as_it_should:
            self.wrong.append(f"{self.serial} was answered {payload[:200]!r}")
            return
        if capture.mark not in self.acknowledged:
            self._moment += 1
            self.acknowledged[capture.mark] = self._moment
            del self._pending[capture.echo]
            self._pump()

    def _refuse(self, command: dict[str, Any]) -> None:
        """Answer that there is no such command, whatever it is."""
        echo = {key: command[key] for key in ("cmd", "command_id") if key in command}
        answer = {"reply": "ACK", "code": NO_SUCH_COMMAND, "device_sn": self.serial}
        self._link.publish(self._answer, json.dumps(echo | answer).encode())


class Fleet:
    """All terminals, and the people who come to them."""

    def __init__(self, port: int, seed: int, terminals: int, count: int) -> None:
        """Make so many terminals, to each of which so many people will come."""
        self.terminals: Sequence[Terminal] = [
            Terminal(port, seed, number, count) for number in range(terminals)
        ]
        self._lot = Random(f"{seed}/people")

    @property
    def acknowledged(self) -> set[str]:
        """Marks of all captures that were acknowledged."""
        return {mark for each in self.terminals for mark in each.acknowledged}

    @property
    def acknowledgements(self) -> int:
        """How many captures were acknowledged."""
        return sum(len(each.acknowledged) for each in self.terminals)

    @property
    def taken(self) -> int:
        """How many captures were taken."""
        return sum(each.taken for each in self.terminals)

    async def join(self) -> None:
        """Connect all."""
        for terminal in self.terminals:
            terminal.join()
        await asyncio.gather(*(terminal.ready() for terminal in self.terminals))

    def leave(self) -> None:
        """Disconnect all."""
        for terminal in self.terminals:
            terminal.leave()

    def burst(self, each: int) -> None:
        """Let people come to all terminals at once."""
        for terminal in self.terminals:
            terminal.take(each)

    async def run(self, per_second: float) -> None:
        """Let people come, so many each second, until the plans are done; go on sending what waits, without end."""
        due = 0.0
        while True:
            await asyncio.sleep(TICK)
            if self.taken - self.acknowledgements < MOST_WAITING:
                due += per_second * TICK
            while due >= 1 and (waited := [t for t in self.terminals if t.left]):
                due -= 1
                self._lot.choice(waited).take(1)
            for terminal in self.terminals:
                terminal.tick()

    async def reach(self, count: int, timeout: float) -> None:
        """Wait until so many captures are acknowledged; raises TimeoutError naming some that are missing."""
        await self._until(lambda: self.acknowledgements >= count, timeout)

    async def drain(self, timeout: float) -> None:
        """Wait until all captures but the last are acknowledged; raises TimeoutError naming some that are missing."""
        all_of_them = sum(len(each.plan) - SPARED for each in self.terminals)
        await self.reach(all_of_them, timeout)

    async def finish(self, timeout: float) -> None:
        """Take the last captures and wait for their acknowledgements; raises TimeoutError naming some that are missing."""
        for terminal in self.terminals:
            terminal.finish()
        await self.reach(sum(len(each.plan) for each in self.terminals), timeout)

    async def reach_more(self, count: int, timeout: float) -> None:
        """Wait for so many more acknowledgements, or for the last."""
        goal = min(self.acknowledgements + count, self.taken)
        await self._until(lambda: self.acknowledgements >= goal, timeout)

    async def _until(self, done: Callable[[], bool], timeout: float) -> None:
        try:
            async with asyncio.timeout(timeout):
                while not done():
                    await asyncio.sleep(TICK / 2)
        except TimeoutError:
            missing = [mark for each in self.terminals for mark in each.missing]
            wrong = [answer for each in self.terminals for answer in each.wrong]
            raise TimeoutError(
                f"{len(missing)} captures are not acknowledged after {timeout:.0f} s ({self.taken} taken), among them {missing[:5]}; wrong answers: {wrong[:5]}"
            ) from None
