"""Simulated devices as processes: their control lines, and their logs of everything they received and did."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
import json
from pathlib import Path
import sys
from typing import Any

from demo.processes import Child

POLL_SECONDS = 0.1

# A line of a simulator's log, a request, a state: whatever JSON object comes along.
type Json = dict[str, Any]


async def wait_for[T](look: Callable[[], T], what: str, timeout: float = 20) -> T:
    """Return the first true answer; raises TimeoutError naming `what` when none comes within `timeout` seconds."""
    try:
        async with asyncio.timeout(timeout):
            while not (found := look()):
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError:
        raise TimeoutError(f"no {what} within {timeout} s") from None
    return found


def simulator_command(module: str, *options: str) -> list[str]:
    """Return what starts a simulator of `tests.simulators` as a process."""
    return [sys.executable, "-m", f"tests.simulators.{module}", *options]


@dataclass
class Device:
    """A running simulator of one device."""

    child: Child
    path: Path

    @property
    def ready(self) -> Json:
        """Return what its ready line told: addresses, account, serial number, topics."""
        return self.child.ready

    @property
    def serial(self) -> str:
        """Return its serial number, with which the unique ids of its entities begin."""
        serial: str = self.ready["serial"]
        return serial

    async def control(self, line: str) -> Json:
        """Send a control line and return the answer; fails when it is not obeyed."""
        answer = await self.child.control(line)
        assert "done" in answer, answer
        return answer

    def mark(self) -> int:
        """Return how long the log is now, for `since`."""
        return len(self.path.read_bytes().splitlines())

    def log(self, kind: str, since: int = 0, **fields: Any) -> list[Json]:
        """Return the log's lines of a kind that have these fields, from the `since`-th line on."""
        lines = map(json.loads, self.path.read_bytes().splitlines()[since:])
        wanted = {"kind": kind, **fields}.items()
        return [line for line in lines if wanted <= _flat(line).items()]

    async def logged(
        self, kind: str, since: int = 0, *, count: int = 1, **fields: Any
    ) -> list[Json]:
        """Wait until the log has `count` such lines, and return all there are."""

        def look() -> list[Json]:
            found = self.log(kind, since, **fields)
            return found if len(found) >= count else []

        return await wait_for(look, f"{count} x {kind} {fields} in {self.path.name}")

    async def acknowledged(self, sent: Json) -> list[str]:
        """Wait until a terminal's capture was acknowledged as it was sent, and return what it made of each answer."""
        echo = {name: sent[name] for name in ("sequence_no", "cap_time")}.items()

        def look() -> list[str]:
            return [
                line["result"]
                for line in self.log("acknowledgement")
                if echo <= _flat(line["fields"]).items()
            ]

        return await wait_for(look, f"acknowledgement of {dict(echo)}")

    def received(self, cmdtype: int, since: int = 0) -> list[Json]:
        """Return the messages of the requests with that number that a camera received."""
        requests = (line["request"] for line in self.log("request", since))
        return [r["message"] for r in requests if r.get("cmdtype") == cmdtype]

    async def wait_received(
        self, cmdtype: int, since: int = 0, *, count: int = 1
    ) -> list[Json]:
        """Wait until a camera received so many requests with that number, and return their messages."""

        def look() -> list[Json]:
            found = self.received(cmdtype, since)
            return found if len(found) >= count else []

        return await wait_for(look, f"{count} x {cmdtype} in {self.path.name}")


def _flat(line: Json) -> Json:
    """Return the fields of a log line that are no objects or lists, so that they compare as sets do."""
    return {
        name: value for name, value in line.items() if not isinstance(value, dict | list)
    }  # fmt: skip
