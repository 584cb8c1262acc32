"""What every simulator has: a ready line, control lines on standard input, and a log of requests as JSON lines."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
import json
import os
from pathlib import Path
import shlex
import signal
import sys
import threading
from typing import TextIO

type Json = None | bool | int | float | str | list[Json] | dict[str, Json]

# Answers one control line: its words and its key=value options, returning what the answer shows beside "done".
type Control = Callable[[list[str], dict[str, str]], Awaitable[Mapping[str, Json]]]

# Longer texts are pictures or files: a log says how long they were.
LONGEST_LOGGED_TEXT = 300
# Values of these keys are not logged at all.
SECRETS = frozenset({"password", "passwd", "token", "ori_key", "new_key"})


class ControlError(Exception):
    """A control line that cannot be obeyed; its text is the answer."""


def timestamp() -> str:
    """Return the time now as ISO 8601 text in UTC with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def say(**fields: Json) -> None:
    """Print one JSON line on standard output, at once."""
    print(json.dumps(fields, ensure_ascii=False), flush=True)


def shortened(value: object) -> Json:
    """Return a JSON value fit for a log: long texts and bytes become `<123 characters>`, secrets `<secret>`."""
    if isinstance(value, str):
        return (
            value if len(value) <= LONGEST_LOGGED_TEXT else f"<{len(value)} characters>"
        )
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value)} bytes>"
    if isinstance(value, Mapping):
        return {
            str(key): "<secret>" if key in SECRETS and item else shortened(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [shortened(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)


class RequestLog:
    """Everything a simulator received or did, as JSON lines in a file: `time`, `kind`, then the given fields.

    Without a path nothing is written. Lines are whole and flushed, so that a reader may follow the file.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        """Open the file for appending."""
        self._lock = threading.Lock()
        self._file: TextIO | None = (
            Path(path).open("a", encoding="utf-8") if path else None
        )

    def write(self, kind: str, /, **fields: object) -> None:
        """Write one line; callable from any thread."""
        if self._file is None:
            return
        line = json.dumps(
            {
                "time": timestamp(),
                "kind": kind,
                **{name: shortened(value) for name, value in fields.items()},
            }
        )
        with self._lock:
            self._file.write(line + "\n")
            self._file.flush()

    def close(self) -> None:
        """Close the file; later lines are dropped."""
        with self._lock:
            if self._file is not None:
                self._file.close()
            self._file = None


def parse_control_line(line: str) -> tuple[list[str], dict[str, str]]:
    """Split a control line like a shell into words and key=value options.

    `capture known person="Amara Okafor"` is `["capture", "known"]` and `{"person": "Amara Okafor"}`.
    """
    try:
        parts = shlex.split(line)
    except ValueError as error:
        raise ControlError(f"cannot read {line!r}: {error}") from error
    words = [part for part in parts if "=" not in part]
    if not words:
        raise ControlError("the line names no command")
    return words, dict(part.split("=", 1) for part in parts if "=" in part)


async def answer(line: str, control: Control) -> dict[str, Json]:
    """Obey one control line; return `{"done": word, ...}` or `{"error": text}`."""
    try:
        words, options = parse_control_line(line)
        return {"done": words[0], **await control(words, options)}
    except ControlError as error:
        return {"error": str(error)}


def _read_lines(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[str]) -> None:
    """Feed standard input to the queue until it ends.

    Reads the bare descriptor: it may be a terminal, a pipe or /dev/null, and a thread that waits in a plain read holds
    up nothing when the process ends.
    """
    rest = b""
    while chunk := os.read(sys.stdin.fileno(), 65536):
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            if loop.is_closed():
                return
            loop.call_soon_threadsafe(lines.put_nowait, line.decode("utf-8", "replace"))
    if rest and not loop.is_closed():
        loop.call_soon_threadsafe(lines.put_nowait, rest.decode("utf-8", "replace"))


async def _obey_standard_input(control: Control) -> None:
    """Answer control lines, one after the other, in the order they come."""
    lines: asyncio.Queue[str] = asyncio.Queue()
    threading.Thread(
        target=_read_lines, args=(asyncio.get_running_loop(), lines), daemon=True
    ).start()
    while True:
        line = (await lines.get()).strip()
        if line:
            say(**await answer(line, control))


async def serve(ready: Mapping[str, Json], control: Control) -> None:
    """Print the ready line, then obey control lines until SIGTERM or SIGINT; the end of standard input ends nothing."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stopped.set)
    say(ready=True, **ready)
    controls = asyncio.create_task(_obey_standard_input(control))
    waiting = asyncio.create_task(stopped.wait())
    try:
        # A defect in a control ends the simulator loudly instead of leaving it deaf.
        await asyncio.wait({controls, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if controls.done():
            controls.result()
    finally:
        controls.cancel()
        waiting.cancel()
        await asyncio.gather(controls, waiting, return_exceptions=True)
