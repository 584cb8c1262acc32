"""How long a terminal waits for its acknowledgement, and how many captures per second get one.

Usage: python -m benchmarks.capture_to_ack [--captures N]   (in the demo environment, .venv-demo/bin/python)

Measured in one run, one after the other, with the same sender and the same broker:

- a bare client that parses and acknowledges, and does nothing else;
- a YAML automation in Home Assistant that acknowledges and stores nothing;
- ThermoGate in the same Home Assistant, which stores each capture with its picture before it acknowledges, and looks for new
  terminals with a subscription of its own;
- ThermoGate, but looking for new terminals by a topic in the manifest, as Home Assistant would do it.

The broker is Mosquitto where it is installed, else the embedded one. Absolute figures depend on the machine and on what else it
does; the ratios to the bare client say what can be compared.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
from pathlib import Path
import shutil
import sys
import tempfile

from demo.home_assistant import HomeAssistant, seed
from demo.processes import Processes
from tests.simulators.ports import free_port

from .load import Captures, Figures, Sender

ROOT = Path(__file__).parents[1]
TERMINAL = "benchmark"
# Put in front of the automation's topics, so that ThermoGate does not hear them.
ELSEWHERE = "elsewhere/"
# About what a terminal sends with a close-up; in base64 a message of 200 KB.
PICTURE_KILOBYTES = 150
IN_FLIGHT = 16

AUTOMATION = f"""
automation:
  - alias: Acknowledge captures
    mode: parallel
    max: 100
    triggers:
      - trigger: mqtt
        topic: {ELSEWHERE}topic/face/capture/request/{TERMINAL}
    actions:
      - action: mqtt.publish
        data:
          topic: {ELSEWHERE}topic/face/capture/response/{TERMINAL}
          payload: >-
            {{{{ {{"reply": "ACK", "cmd": "face", "code": 0,
                "sequence_no": trigger.payload_json.sequence_no,
                "cap_time": trigger.payload_json.cap_time}} | to_json }}}}
"""

# What a config flow has to do at the least when the manifest names a topic.
MANIFEST_WAY = '''

    async def async_step_mqtt(self, discovery_info):
        """Stop as early as possible for a terminal that is set up."""
        topic_id = discovery_info.topic.rpartition("/")[2]
        for entry in self._async_current_entries():
            if entry.data.get(CONF_TOPIC_ID) == topic_id:
                return self.async_abort(reason="already_configured")
        await self.async_set_unique_id(topic_id)
        return self.async_abort(reason="already_configured")

'''


def use_manifest_discovery(configuration: Path) -> None:
    """Give the folder a copy of the integration that is discovered in Home Assistant's own way."""
    copy = configuration / "custom_components" / "thermogate"
    copy.unlink()
    shutil.copytree(ROOT / "custom_components" / "thermogate", copy)
    manifest = copy / "manifest.json"
    manifest.write_text(
        json.dumps(
            {
                **json.loads(manifest.read_text()),
                "mqtt": ["topic/face/capture/request/+"],
            }
        )
    )
    flow = copy / "config_flow.py"
    before, after = flow.read_text().split("    # Thermal cameras\n")
    flow.write_text(before + MANIFEST_WAY + "    # Thermal cameras\n" + after)


@asynccontextmanager
async def broker(processes: Processes, folder: Path) -> AsyncIterator[int]:
    """Start the broker and give its port."""
    port = free_port()
    if (mosquitto := shutil.which("mosquitto", path="/usr/sbin:/usr/bin")) is None:
        await processes.start(
            "broker",
            [sys.executable, "-m", "tests.simulators.broker", "--port", str(port)],
        )
        print("broker: embedded")
        yield port
        return
    (folder / "mosquitto.conf").write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\n"
    )
    process = await asyncio.create_subprocess_exec(
        mosquitto,
        "-c",
        str(folder / "mosquitto.conf"),
        stderr=asyncio.subprocess.DEVNULL,
    )
    await asyncio.sleep(0.5)
    print("broker: mosquitto")
    try:
        yield port
    finally:
        process.terminate()
        await process.wait()


async def add_terminal(home: HomeAssistant, port: int) -> None:
    """Add the terminal as a person would."""
    step = await home.api.flow_start("thermogate")
    flow = step["flow_id"]
    await home.api.flow_step(flow, {"next_step_id": "terminal"})
    step = await home.api.flow_step(flow, {"topic_id": TERMINAL})
    sender = Sender(port, "", TERMINAL)
    await asyncio.sleep(1)
    sender.heartbeat()
    await home.api.flow_wait(step)
    await home.api.flow_step(flow, {})
    sender.close()
    # Let what a new device starts come to rest.
    await asyncio.sleep(3)


def measure(port: int, head: str, captures: int) -> list[Figures]:
    """Send captures one at a time and many at a time."""
    sender = Sender(port, head, TERMINAL)
    made = Captures(PICTURE_KILOBYTES)
    try:
        sender.run(made, captures // 10, 1)
        return [
            sender.run(made, captures, 1),
            sender.run(made, captures, IN_FLIGHT),
        ]
    finally:
        sender.close()


@asynccontextmanager
async def home_assistant(
    folder: Path, broker_port: int, *, manifest_discovery: bool
) -> AsyncIterator[HomeAssistant]:
    """Start a Home Assistant with the terminal and the automation."""
    http_port = free_port()
    token = await seed(folder, http_port, broker_port)
    with (folder / "configuration.yaml").open("a") as file:
        file.write(AUTOMATION)
    if manifest_discovery:
        use_manifest_discovery(folder)
    async with HomeAssistant(folder, http_port, token) as home:
        await add_terminal(home, broker_port)
        yield home


async def run(captures: int) -> dict[str, list[Figures]]:
    """Measure all of them."""
    results: dict[str, list[Figures]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with (
            Processes(ROOT, folder) as processes,
            broker(processes, folder) as port,
        ):
            bare = await processes.start(
                "bare",
                [sys.executable, "-m", "benchmarks.bare_client", str(port), TERMINAL],
            )
            results["bare client"] = await asyncio.to_thread(
                measure, port, "", captures
            )
            await bare.stop(5)
            async with home_assistant(folder / "own", port, manifest_discovery=False):
                results["YAML automation"] = await asyncio.to_thread(
                    measure, port, ELSEWHERE, captures
                )
                results["ThermoGate"] = await asyncio.to_thread(
                    measure, port, "", captures
                )
            async with home_assistant(
                folder / "manifest", port, manifest_discovery=True
            ):
                results["ThermoGate, discovery by manifest"] = await asyncio.to_thread(
                    measure, port, "", captures
                )
    return results


def report(results: dict[str, list[Figures]]) -> None:
    """Print the figures, and their ratios to the bare client."""
    base = results["bare client"]
    print(f"{'':36}{'one at a time':>30}{f'{IN_FLIGHT} in flight':>36}")
    print(
        f"{'':36}{'median':>10}{'p99':>10}{'per s':>10}{'median':>16}{'p99':>10}{'per s':>10}"
    )
    for name, figures in results.items():
        print(
            f"{name:36}"
            + "      ".join(
                f"{one.median:>7.2f} ms{one.p99:>7.1f} ms{one.per_second:>10.0f}"
                for one in figures
            )
        )
    print("\nrelative to the bare client")
    for name, figures in results.items():
        print(
            f"{name:36}"
            + "      ".join(
                f"{one.median / bare.median:>9.2f}x{one.p99 / bare.p99:>9.2f}x"
                f"{one.per_second / bare.per_second:>9.2f}x"
                for one, bare in zip(figures, base, strict=True)
            )
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--captures", type=int, default=1000)
    report(asyncio.run(run(parser.parse_args().captures)))


if __name__ == "__main__":
    main()
