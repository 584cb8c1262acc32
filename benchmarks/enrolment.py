"""How long it takes to register many people, and how much of that is our own.

Usage: python -m benchmarks.enrolment [--persons N] [--restart-broker]   (in the demo environment, .venv-demo/bin/python)

Measured in one run, one after the other, over the same broker: a bare client that sends the pictures as they are and waits for
each answer, and ThermoGate, whose action save_persons reads a table and the pictures beside it, makes them fit, and answers
what came of each person. Each has a simulated terminal of its own, so that both begin with the same number of people in it.

With --restart-broker the broker ends and comes back while ThermoGate is in the middle; then only the results count.

The goal: at most 10 ms more than the bare client for each person. Absolute figures depend on the machine.
"""

import argparse
import asyncio
from dataclasses import dataclass
from io import BytesIO
import json
from pathlib import Path
import statistics
import sys
import tempfile
import time
from typing import Any

import aiohttp
import numpy as np
from PIL import Image

from demo.home_assistant import ROOT, HomeAssistant, seed
from demo.processes import Child, Processes
from tests.simulators.ports import free_port

PERSONS = 500
GOAL_MILLISECONDS = 10.0
BARE, OURS = "0BA5E0-000001-FACE01", "0BA5E0-000002-FACE02"
# The broker goes when so much is done, in percent.
RESTART_AT = 40
# Longer than any run.
ACTION_SECONDS = 3600
PROGRESS_SECONDS = 0.5


@dataclass
class Broker:
    """The broker of all, which can be restarted where it was."""

    processes: Processes
    port: int
    child: Child | None = None

    async def start(self) -> None:
        """Start it."""
        command = ["-m", "tests.simulators.broker", "--port", str(self.port)]
        self.child = await self.processes.start("broker", [sys.executable, *command])

    async def restart(self) -> None:
        """End it, and start it again two seconds later."""
        assert self.child is not None
        await self.child.stop(5)
        self.processes.children.remove(self.child)
        await asyncio.sleep(2)
        await self.start()


def draw_people(folder: Path, persons: int) -> None:
    """Write a picture for each person and the table of all: noise of about the right size, a different one for each."""
    folder.mkdir(parents=True)
    noise = np.random.default_rng(1)
    rows = ["person_id,name"]
    for number in range(1, persons + 1):
        person_id = f"{number:05}"
        pixels = noise.integers(0, 256, (100, 80, 3), dtype=np.uint8)
        portrait = Image.fromarray(pixels).resize((480, 600))
        grain = noise.integers(-6, 6, (600, 480, 1), dtype=np.int16)
        grainy = np.clip(np.asarray(portrait, dtype=np.int16) + grain, 0, 255)
        file = BytesIO()
        Image.fromarray(grainy.astype(np.uint8)).save(file, "JPEG", quality=90)
        (folder / f"{person_id}.jpg").write_bytes(file.getvalue())
        rows.append(f"{person_id},Person {person_id}")
    (folder / "people.csv").write_text("\n".join(rows) + "\n")


async def start_terminal(processes: Processes, port: int, serial: str) -> None:
    """Start a terminal."""
    command = ["-m", "tests.simulators.terminal", "--port", str(port), "--sn", serial]
    await processes.start(serial, [sys.executable, *command, "--heartbeat", "5"])


async def bare_client(port: int, folder: Path) -> list[float]:
    """Return the seconds that the bare client took for each person."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.bare_enrolment", str(port), BARE, folder),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    seconds: list[float] = json.loads(told)
    return seconds


def allow(folder: Path, configuration: Path) -> None:
    """Let Home Assistant read the people's folder."""
    text = configuration.read_text()
    first = "homeassistant:\n"
    configuration.write_text(
        text.replace(first, f"{first}  allowlist_external_dirs:\n    - {folder}\n", 1)
    )


async def add_terminal(home: HomeAssistant) -> str:
    """Add the terminal as a person would, and return its number in the device registry."""
    step = await home.api.flow_start("thermogate")
    flow = step["flow_id"]
    await home.api.flow_step(flow, {"next_step_id": "terminal"})
    step = await home.api.flow_step(flow, {"topic_id": OURS})
    await home.api.flow_wait(step)
    await home.api.flow_step(flow, {})
    # Let what a new device starts come to rest.
    await asyncio.sleep(5)
    devices = await home.api.ws({"type": "config/device_registry/list"})
    return next(
        str(device["id"])
        for device in devices
        if ["thermogate", OURS] in device["identifiers"]
    )


async def save_persons(home: HomeAssistant, device_id: str, file: Path) -> Any:
    """Return what the action answers."""
    async with home.api.session.post(
        "/api/services/thermogate/save_persons?return_response",
        json={"device_id": device_id, "file": str(file)},
        timeout=aiohttp.ClientTimeout(total=ACTION_SECONDS),
    ) as response:
        response.raise_for_status()
        answer = await response.json()
    [terminal] = answer["service_response"]["terminals"]
    return terminal


async def watch(home: HomeAssistant, broker: Broker | None) -> None:
    """Print how far it is; with a broker, restart it in the middle."""
    [sensor] = [name for name in await home.api.states() if name.endswith("_enrolment")]
    shown = ""
    while True:
        state = await home.api.state(sensor)
        if state and state["state"] != shown:
            shown = state["state"]
            print(f"enrolment: {shown}", flush=True)
        if broker and shown.isdecimal() and int(shown) >= RESTART_AT:
            await broker.restart()
            print("the broker was restarted", flush=True)
            broker = None
        await asyncio.sleep(PROGRESS_SECONDS)


async def run(persons: int, *, restart: bool) -> None:
    """Measure both, and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        people = folder / "people"
        draw_people(people, persons)
        sizes = [file.stat().st_size for file in people.glob("*.jpg")]
        print(f"{persons} persons, pictures of {statistics.mean(sizes) / 1024:.0f} KB")
        async with Processes(ROOT, folder) as processes:
            broker = Broker(processes, free_port())
            await broker.start()
            for serial in (BARE, OURS):
                await start_terminal(processes, broker.port, serial)
            bare = await bare_client(broker.port, people)
            http_port = free_port()
            token = await seed(folder / "config", http_port, broker.port)
            allow(people, folder / "config" / "configuration.yaml")
            async with HomeAssistant(folder / "config", http_port, token) as home:
                device_id = await add_terminal(home)
                watching = asyncio.create_task(watch(home, broker if restart else None))
                started = time.perf_counter()
                answer = await save_persons(home, device_id, people / "people.csv")
                seconds = time.perf_counter() - started
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)
    report(persons, bare, seconds, answer, restart=restart)


def report(
    persons: int, bare: list[float], seconds: float, answer: Any, *, restart: bool
) -> None:
    """Print the figures, and end with an error where somebody is missing or the goal is missed."""
    results = [person["result"] for person in answer["persons"]]
    counts = {result: results.count(result) for result in sorted(set(results))}
    base, ours = (1000 * total / persons for total in (sum(bare), seconds))
    print(f"\n{'':14}{'in all':>10}{'per person':>14}")
    print(f"{'bare client':14}{sum(bare):>8.1f} s{base:>11.1f} ms")
    print(f"{'ThermoGate':14}{seconds:>8.1f} s{ours:>11.1f} ms")
    if not restart:
        print(
            f"our own: {ours - base:+.1f} ms per person (goal: {GOAL_MILLISECONDS:g})"
        )
    print(f"results: {counts}, each with an ID of its own: {len(results) == persons}")
    for person in answer["persons"]:
        if person["result"] == "failed":
            print(f"  {person['person_id']}: {person['error']}")
    if counts != {"created": persons}:
        raise SystemExit("Somebody is missing.")
    if not restart and ours - base > GOAL_MILLISECONDS:
        raise SystemExit("The goal is missed.")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--persons", type=int, default=PERSONS)
    parser.add_argument("--restart-broker", action="store_true", dest="restart")
    arguments = parser.parse_args()
    asyncio.run(run(arguments.persons, restart=arguments.restart))


if __name__ == "__main__":
    main()
