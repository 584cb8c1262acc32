"""Child processes that end with us: each in its own process group, stopped in reverse order of their start."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
import json
import os
from pathlib import Path
import signal
from typing import Any, Self

# The longest line a simulator prints is its ready line.
LINE_LIMIT = 1 << 20


class ProcessError(Exception):
    """A child process ended or did not become ready; the text says which and what it said last."""


class Child:
    """A running child process; what it says on standard error is in the file `log`."""

    def __init__(
        self, name: str, process: asyncio.subprocess.Process, log: Path
    ) -> None:
        """Wrap a process that leads its own group."""
        self.name = name
        self.process = process
        self.log = log
        # What the ready line said; empty for a process that prints none.
        self.ready: dict[str, Any] = {}

    @property
    def running(self) -> bool:
        """Return whether the process has not ended."""
        return self.process.returncode is None

    async def read_line(self, timeout: float) -> dict[str, Any]:
        """Return the next JSON line of standard output; raises ProcessError when none comes within `timeout` seconds."""
        assert self.process.stdout is not None
        try:
            line = await asyncio.wait_for(self.process.stdout.readline(), timeout)
        except TimeoutError as error:
            raise ProcessError(
                f"{self.name} said nothing within {timeout:.0f} s.{self.last_words()}"
            ) from error
        if not line:
            raise ProcessError(f"{self.name} ended.{self.last_words()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def control(self, line: str, timeout: float = 10) -> dict[str, Any]:
        """Send a simulator one control line and return its answer; raises ProcessError when it refuses."""
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")
        await self.process.stdin.drain()
        answer = await self.read_line(timeout)
        if "error" in answer:
            raise ProcessError(f"{self.name} refused {line!r}: {answer['error']}")
        return answer

    def last_words(self, lines: int = 5) -> str:
        """Return the last lines of the log, each on a line of its own after a line break."""
        text = self.log.read_text(errors="replace").strip() if self.log.exists() else ""
        return "".join(f"\n  {line}" for line in text.splitlines()[-lines:])

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process and all it started; harmless when they have ended."""
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return

    async def stop(self, grace: float) -> None:
        """End it: SIGTERM, and after `grace` seconds SIGKILL; whatever it started ends with it."""
        try:
            if self.running:
                self.signal(signal.SIGTERM)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.process.wait(), grace)
        finally:
            self.kill()
        await self.process.wait()

    def kill(self) -> None:
        """Send SIGKILL to the process and all it started."""
        self.signal(signal.SIGKILL)


async def start_child(
    name: str,
    command: Sequence[str | Path],
    log: Path,
    *,
    folder: Path,
    talks: bool = False,
) -> Child:
    """Start a command in `folder`, appending its standard error to `log`.

    One that talks has standard input and output for `control`; the others' output goes to the log as well. It does not
    get the Ctrl-C of our terminal: stopping it is up to us.
    """
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=folder,
            stdin=asyncio.subprocess.PIPE if talks else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE if talks else output,
            stderr=output,
            start_new_session=True,
            limit=LINE_LIMIT,
        )
    return Child(name, process, log)


class Processes:
    """All that one run has started; leaving the `async with` block ends them, the last started first."""

    def __init__(self, folder: Path, logs: Path, *, grace: float = 5) -> None:
        """Start them in `folder`, with a log file for each in `logs`; `grace` seconds from SIGTERM to SIGKILL."""
        self.children: list[Child] = []
        self._folder = folder
        self._logs = logs
        self._grace = grace

    async def __aenter__(self) -> Self:
        """Begin with none."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """End them all."""
        await self.stop()

    async def start(
        self, name: str, command: Sequence[str | Path], *, ready_within: float = 60
    ) -> Child:
        """Start a simulator and return it once its ready line came; raises ProcessError when none does in time."""
        child = await start_child(
            name, command, self._logs / f"{name}.log", folder=self._folder, talks=True
        )
        self.children.append(child)
        child.ready = await child.read_line(ready_within)
        return child

    async def wait_for_an_end(self, *others: Child) -> Child:
        """Wait until one of them or of `others` ends by itself, and return it."""
        children = (*self.children, *others)
        waits = {asyncio.create_task(child.process.wait()): child for child in children}
        try:
            ended, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        return waits[ended.pop()]

    async def stop(self) -> None:
        """End them all; harmless when they have ended."""
        while self.children:
            await self.children[-1].stop(self._grace)
            self.children.pop()
