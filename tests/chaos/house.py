"""A house to be broken: broker and Home Assistant as processes of their own, with a witness within and terminals set up."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
import json
import os
from pathlib import Path
import resource
from typing import Any, override

from demo.home_assistant import PYTHON, ROOT, HomeAssistant, seed
from demo.processes import Child, ProcessError, Processes
from tests.simulators.ports import free_port

DOMAIN = "thermogate"
# Without the recorder, which has its own troubles with a full disk.
BARE = """\
homeassistant:
  name: Chaos
  time_zone: UTC
config:
logger:
  default: warning
  logs:
    custom_components.thermogate: info
"""
START_SECONDS = 120


class PipedHome(HomeAssistant):
    """A Home Assistant whose log goes through a pipe: what it has to say about a full disk must not need the disk."""

    @override
    async def start(self, timeout: float = START_SECONDS) -> None:
        """Start and wait until it runs; raises ProcessError when it ends or takes too long."""
        await self.launch()
        await self.running(timeout)

    async def launch(self) -> None:
        """Start it."""
        process = await asyncio.create_subprocess_exec(
            *(PYTHON, "-m", "homeassistant", "--config", self.folder),
            *("--skip-pip", "--log-no-color"),
            cwd=self.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        self.child = Child("Home Assistant", process, self.log)
        self._copying = asyncio.create_task(self._copy_log(process))

    async def running(self, timeout: float = START_SECONDS) -> None:
        """Wait until it runs; raises ProcessError when it ends or takes too long."""
        assert self.child is not None
        for _ in range(round(timeout / 0.2)):
            if await self._runs():
                return
            if not self.child.running:
                break
            await asyncio.sleep(0.2)
        raise ProcessError(f"Home Assistant does not run.{self.child.last_words(20)}")

    @override
    async def stop(self) -> None:
        """Stop it as a person would."""
        await super().stop()
        await self._copying

    @override
    async def kill(self) -> None:
        """End it as a power cut would."""
        await super().kill()
        await self._copying

    def limit_files(self, size: int) -> None:
        """Let no file grow beyond so many bytes: writing fails with EFBIG, as on a full disk; infinity undoes it."""
        assert self.child is not None
        _, hard = resource.prlimit(self.child.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.child.process.pid, resource.RLIMIT_FSIZE, (size, hard))

    async def logged(self, text: str, times: int, timeout: float = 60) -> None:
        """Wait until a text was logged so often since the house was opened; raises TimeoutError."""
        try:
            async with asyncio.timeout(timeout):
                while self.log.read_text(errors="replace").count(text) < times:
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise TimeoutError(f"not {times} times in the log: {text}") from None

    async def _copy_log(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        with self.log.open("ab", buffering=0) as log:
            while data := await process.stdout.read(1 << 16):
                log.write(data)


class Witness:
    """Hears of every event of a Home Assistant, also of the last before it is killed."""

    def __init__(self, pipe: Path) -> None:
        """Create the pipe and listen."""
        os.mkfifo(pipe)
        # Open for writing too, so that it outlives its writers.
        self._descriptor = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
        self._rest = b""
        # Moments of the events of each mark. Event entities show their last event again when they come back: one moment is one
        # event.
        self.seen: defaultdict[str, set[str]] = defaultdict(set)
        asyncio.get_running_loop().add_reader(self._descriptor, self.read)

    def read(self) -> None:
        """Take what is in the pipe."""
        while True:
            try:
                data = os.read(self._descriptor, 1 << 16)
            except BlockingIOError:
                return
            *lines, self._rest = (self._rest + data).split(b"\n")
            for line in lines:
                event = json.loads(line)
                self.seen[event["mark"]].add(event["at"])

    @property
    def events(self) -> dict[str, list[str]]:
        """When each mark was an event."""
        self.read()
        return {mark: sorted(moments) for mark, moments in self.seen.items()}

    def close(self) -> None:
        """Listen no longer."""
        asyncio.get_running_loop().remove_reader(self._descriptor)
        os.close(self._descriptor)


class House:
    """What can be broken."""

    def __init__(
        self, home: PipedHome, processes: Processes, broker: Child, witness: Witness
    ) -> None:
        """Take over what `open_house` has started."""
        self.home = home
        self.witness = witness
        self._processes = processes
        self._broker = broker

    @property
    def journal(self) -> Path:
        """Return the folder of the journal."""
        return self.home.folder / DOMAIN

    @property
    def broker_port(self) -> int:
        """Return the port of the broker, which stays the same."""
        port: int = self._broker.ready["port"]
        return port

    async def kill_broker(self) -> None:
        """End the broker as a power cut would."""
        self._processes.children.remove(self._broker)
        self._broker.kill()
        await self._broker.process.wait()

    async def start_broker(self) -> None:
        """Start another broker where the first one was."""
        command = broker_command(self.broker_port)
        self._broker = await self._processes.start("broker", command)


def broker_command(port: int) -> list[str]:
    """Return what starts a broker; port 0 takes a free one."""
    return [
        str(ROOT / ".venv" / "bin" / "python"),
        *("-m", "tests.simulators.broker", "--port", str(port)),
    ]


@asynccontextmanager
async def open_house(
    folder: Path, serials: Sequence[str], *, bare: bool
) -> AsyncGenerator[House]:
    """Run a broker and a Home Assistant in which terminals with these serial numbers are set up.

    It is the demo's, or a bare one.
    """
    config, port = folder / "config", free_port()
    async with Processes(ROOT, folder) as processes:
        broker = await processes.start("broker", broker_command(0))
        token = await seed(config, port, broker.ready["port"])
        _furnish(config, serials, bare)
        witness = Witness(config / "witness")
        try:
            async with PipedHome(config, port, token) as home:
                yield House(home, processes, broker, witness)
        finally:
            witness.close()


def _furnish(config: Path, serials: Sequence[str], bare: bool) -> None:
    """Add the terminals as their flow stores them, and the witness beside our integration."""
    settings = config / "configuration.yaml"
    settings.write_text(f"{BARE if bare else settings.read_text()}\nwitness:\n")
    witness = config / "custom_components" / "witness"
    witness.symlink_to(Path(__file__).with_name("witness"))
    storage = config / ".storage" / "core.config_entries"
    stored = json.loads(storage.read_text())
    entries = stored["data"]["entries"]
    mqtt = next(entry for entry in entries if entry["domain"] == "mqtt")
    entries += [_entry(mqtt, serial) for serial in serials]
    storage.write_text(json.dumps(stored))


def _entry(like: dict[str, Any], serial: str) -> dict[str, Any]:
    """Return the stored entry of a terminal, in all else like another entry."""
    return deepcopy(like) | {
        "domain": DOMAIN,
        "version": 1,
        "entry_id": serial,
        "unique_id": serial,
        "title": f"Gate {serial}",
        "data": {"kind": "terminal", "topic_id": serial, "topic_prefix": ""},
    }
