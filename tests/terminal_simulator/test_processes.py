"""The log, the embedded broker, and both as processes."""

import asyncio
import json
from pathlib import Path
import signal
import subprocess
import sys

import pytest

from tests.simulators.broker import Broker
from tests.simulators.common import RequestLog
from tests.terminal_simulator.server import (
    CAPTURES,
    COMMANDS,
    ROOT,
    SERIAL,
    TOPIC_ID,
    Message,
    Server,
)
from tests.waiting import until


def test_log_hides_secrets_and_pictures(tmp_path: Path) -> None:
    """The log of requests has neither passwords nor long contents."""
    log = RequestLog(tmp_path / "log")
    log.write(
        "command",
        fields={
            "password": "hush",
            "reg_image": "A" * 5000,
            "nested": [{"token": "hush"}],
        },
    )
    log.close()
    text = (tmp_path / "log").read_text()
    assert "hush" not in text
    assert json.loads(text)["fields"]["reg_image"] == "<5000 characters>"


# The broker


async def test_broker_passes_large_messages_and_no_noise(server: Server) -> None:
    """16 MB pass whole, and nobody talks on $SYS."""
    server.say("large", b"x" * (16 << 20))
    await until(lambda: server.heard, 20)
    assert [(topic, len(payload)) for topic, payload in server.heard] == [
        ("large", 16 << 20)
    ]


@pytest.mark.usefixtures("socket_enabled")
async def test_broker_starts_again_on_its_port() -> None:
    """Start and stop can be repeated, and a second stop is harmless."""
    broker = Broker()
    for _ in range(3):
        await broker.start()
        port = broker.port
        await broker.stop()
        await broker.stop()
        assert broker.port == port


# As processes


class Process:
    """A simulator started from the command line."""

    def __init__(self, *arguments: str, stdin: int = subprocess.PIPE) -> None:
        """Start it."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    async def line(self) -> Message:
        """Return its next line."""
        assert self.process.stdout
        async with asyncio.timeout(20):
            return json.loads(await asyncio.to_thread(self.process.stdout.readline))

    async def control(self, line: str) -> Message:
        """Give a control line and return its answer."""
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return await self.line()

    async def end(self, signal_number: int) -> tuple[int, str]:
        """End it; return its exit code and what it said on standard error."""
        self.process.send_signal(signal_number)
        _, errors = await asyncio.to_thread(self.process.communicate, None, 10)
        return self.process.returncode, errors


async def test_command_line(server: Server, broker: Broker, tmp_path: Path) -> None:
    """The process says when it is ready, obeys lines, logs what it was asked and ends cleanly."""
    log = tmp_path / "terminal.log"
    process = Process(
        "tests.simulators.terminal",
        "--port",
        str(broker.port),
        "--topic-id",
        TOPIC_ID,
        "--sn",
        SERIAL,
        "--log",
        str(log),
        "--quirk",
        "padded-cmd",
        "--heartbeat",
        "0",
        "--seed",
        "3",
    )
    try:
        ready = await process.line()
        assert (
            ready["ready"],
            ready["kind"],
            ready["serial"],
            ready["topic_id"],
            ready["prefix"],
        ) == (True, "terminal", SERIAL, TOPIC_ID, "")
        assert ready["topics"]["capture_request"] == CAPTURES
        assert "Amara Okafor" in ready["people"]
        assert set(await process.control("dance")) == {"error"}
        done = await process.control(
            'capture known person="Linh Nguyen" temperature=36.6'
        )
        capture = await server.hear(CAPTURES)
        assert (
            done["done"],
            done["sequence_no"],
            done["cap_time"],
            done["person"],
        ) == ("capture", capture["sequence_no"], capture["cap_time"], "Linh Nguyen")
        server.acknowledge(capture)
        assert (
            await server.ask(
                {
                    "cmd": "sip register",
                    "domain": "d",
                    "port": 1,
                    "username": "u",
                    "password": "hush",
                }
            )
        )["cmd"] == " sip register "
        assert (await process.control("status"))["acknowledged"] == 1
    finally:
        code, errors = await process.end(signal.SIGTERM)
    assert (code, errors) == (0, "")
    logged = [json.loads(line) for line in log.read_text().splitlines()]
    assert {"connected", "sent", "acknowledgement", "command", "relay"} <= {
        entry["kind"] for entry in logged
    }
    command = next(entry for entry in logged if entry["kind"] == "command")
    assert (
        command["cmd"],
        command["code"],
        command["topic"],
        command["fields"]["password"],
    ) == ("sip register", 0, COMMANDS, "<secret>")


async def test_end_of_input_does_not_end_it() -> None:
    """With /dev/null as standard input the processes live until they are told to go."""
    broker = Process("tests.simulators.broker", "--port", "0", stdin=subprocess.DEVNULL)
    terminal = None
    try:
        port = (await broker.line())["port"]
        terminal = Process(
            "tests.simulators.terminal", "--port", str(port), stdin=subprocess.DEVNULL
        )
        assert (await terminal.line())["ready"]
        assert (broker.process.poll(), terminal.process.poll()) == (None, None)
    finally:
        if terminal:
            assert await terminal.end(signal.SIGINT) == (0, "")
        assert await broker.end(signal.SIGTERM) == (0, "")


async def test_taken_port_is_said(broker: Broker) -> None:
    """The broker process names a port that is taken."""
    process = Process("tests.simulators.broker", "--port", str(broker.port))
    _, errors = await asyncio.to_thread(process.process.communicate, None, 20)
    assert process.process.returncode == 1
    assert f"cannot listen on 127.0.0.1:{broker.port}" in errors
