"""Run a simulated terminal: `python -m tests.simulators.terminal --help`."""

import argparse
import asyncio
from pathlib import Path

from tests.simulators import common
from tests.simulators.terminal.controls import control_of, help_text
from tests.simulators.terminal.quirks import Options, Quirk
from tests.simulators.terminal.simulator import TerminalSimulator

DEFAULTS = Options()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.simulators.terminal",
        description="A FaceGate access terminal on MQTT. Once it is connected it prints one JSON line; every control line on standard input is answered with another.",
        epilog=help_text(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--broker", dest="host", metavar="HOST", default=DEFAULTS.host)
    parser.add_argument(
        "--port", type=int, default=DEFAULTS.port, help="port of the broker"
    )
    parser.add_argument("--username")
    parser.add_argument("--password")
    parser.add_argument(
        "--topic-id",
        metavar="ID",
        default="",
        help="last level of the topics (default: the serial number)",
    )
    parser.add_argument("--prefix", default="", help="goes before topic/face/...")
    parser.add_argument(
        "--sn",
        dest="serial",
        metavar="SN",
        default=DEFAULTS.serial,
        help="serial number",
    )
    parser.add_argument(
        "--quirk",
        dest="quirks",
        action="append",
        default=[],
        type=Quirk,
        metavar="NAME",
        help="repeatable, see below",
    )
    parser.add_argument(
        "--auto",
        dest="auto_seconds",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="make a random capture every so often",
    )
    parser.add_argument(
        "--seed", type=int, help="the same number makes the same captures"
    )
    parser.add_argument(
        "--log", type=Path, metavar="FILE", help="log what happens as JSON lines"
    )
    parser.add_argument(
        "--resend",
        dest="resend_seconds",
        type=float,
        default=DEFAULTS.resend_seconds,
        metavar="SECONDS",
    )
    parser.add_argument(
        "--heartbeat",
        dest="heartbeat_seconds",
        type=float,
        default=DEFAULTS.heartbeat_seconds,
        metavar="SECONDS",
        help="0 sends none",
    )
    parser.add_argument(
        "--heartbeat-on",
        dest="heartbeat_topic",
        choices=("capture", "manage"),
        default=DEFAULTS.heartbeat_topic,
    )
    parser.add_argument(
        "--reboot",
        dest="reboot_seconds",
        type=float,
        default=DEFAULTS.reboot_seconds,
        metavar="SECONDS",
        help="how long a reboot takes",
    )
    parser.add_argument(
        "--restart-sequence",
        action="store_true",
        help="count captures from 1 again after a reboot",
    )
    parser.add_argument(
        "--clock-drift",
        dest="clock_drift_seconds",
        type=float,
        default=0.0,
        metavar="SECONDS",
    )
    parser.add_argument(
        "--time-zone",
        metavar="NAME",
        help="zone of the terminal's clock (default: this machine's)",
    )
    parser.add_argument(
        "--closeup-kb",
        dest="closeup_kilobytes",
        type=int,
        default=DEFAULTS.closeup_kilobytes,
        metavar="KB",
    )
    parser.add_argument(
        "--scene-kb",
        dest="scene_kilobytes",
        type=int,
        default=DEFAULTS.scene_kilobytes,
        metavar="KB",
    )
    parser.add_argument(
        "--plain-scenes",
        dest="stamped_scenes",
        action="store_false",
        help="draw each scene once, without the time in it",
    )
    parser.add_argument("--qos", type=int, choices=(0, 1), default=DEFAULTS.qos)
    return parser


async def _run(options: Options) -> None:
    async with TerminalSimulator(options) as terminal:
        ready: dict[str, common.Json] = {
            "kind": "terminal",
            "serial": terminal.serial,
            "topic_id": terminal.topic_id,
            "prefix": options.prefix,
            "topics": {**terminal.topics},
            "people": [person.name for person in terminal.device.people.values()],
        }
        await common.serve(ready, control_of(terminal))


def main() -> None:
    """Run a terminal until SIGTERM or SIGINT."""
    arguments = vars(_parser().parse_args())
    arguments["quirks"] = set(arguments["quirks"])
    try:
        asyncio.run(_run(Options(**arguments)))
    except ConnectionError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
