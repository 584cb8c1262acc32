"""Run a simulated camera: `python -m tests.simulators.camera --help`."""

import argparse
import asyncio
from pathlib import Path
import sys

from tests.simulators.common import serve

from . import CameraSimulator, Options
from .options import QUIRKS

EPILOG = """control lines on standard input, each answered by one JSON line:
  NAME | NAME off               switch a quirk
  alarm rule|hot|cold|fire|input|body [name=RULE]         raise an alarm that lasts
  alarm clear                   end these alarms
  alarm storage-full|storage-failure|stream|illegal-access|network|forced-logout
  wrong-password N, unlock      the next N logins fail; forget failures and the lock
  expire-token, drop-connection, half-open [off], ws open|closed, reboot [SECONDS]
  invalid-json, unknown-push, huge-frame [BYTES]
  shutter [on|off|SECONDS]      no temperature matrix meanwhile
  skip SECONDS                  let time pass at once: sessions and locks end
  status                        where it looks, who listens

quirks:
"""


def parse(arguments: list[str] | None = None) -> Options:
    """Return what the command line says."""
    defaults = Options()
    parser = argparse.ArgumentParser(
        prog="python -m tests.simulators.camera",
        description="A simulated Guide dual-light thermal camera. Prints one JSON line once it is ready.",
        epilog=EPILOG + "\n".join(f"  {name:<24}{text}" for name, text in QUIRKS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--host", default=defaults.host)
    for name in ("http", "ws", "rtsp", "ir-video", "vl-video"):
        parser.add_argument(
            f"--{name}-port", type=int, default=0, help="0 picks a free one"
        )
    parser.add_argument("--username", default=defaults.username)
    parser.add_argument("--password", default=defaults.password)
    parser.add_argument(
        "--accept",
        choices=["any-well-formed"],
        default="any-well-formed",
        help="which passwords a login may carry: they cannot be decrypted without the maker's private key",
    )
    parser.add_argument("--serial", default=defaults.serial)
    parser.add_argument("--mac", default=defaults.mac)
    parser.add_argument("--model", default=defaults.model)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument(
        "--days-of-history",
        type=int,
        default=defaults.days_of_history,
        help="how many days of recordings and temperatures are made up",
    )
    for name, text in (
        ("alarm-period", "how often the motor gets too hot and cools down; 0: never"),
        ("alarm-interval", "a lasting alarm is told again after this time"),
        ("session-time", "a session ends without a heartbeat for this time"),
        ("lock-time", "how long wrong passwords lock the account"),
        ("report-period", "time between temperature reports (default: as command 517 says)"),
        ("reboot-time", "how long a restart takes"),
        ("shutter-time", "how long a shutter click takes"),
    ):  # fmt: skip
        default = getattr(defaults, name.replace("-", "_"))
        parser.add_argument(
            f"--{name}", type=float, default=default, metavar="SECONDS", help=text
        )
    parser.add_argument(
        "--quirk",
        action="append",
        default=[],
        choices=sorted(QUIRKS),
        metavar="NAME",
        help="see below; may be repeated",
    )
    parser.add_argument("--log", type=Path, help="append every request as a JSON line")
    chosen = vars(parser.parse_args(arguments))
    del chosen["accept"]
    return Options(quirks=frozenset(chosen.pop("quirk")), **chosen)


async def run(options: Options) -> None:
    """Run until told to stop."""
    simulator = CameraSimulator(options)
    try:
        await simulator.start()
    except OSError as error:
        sys.exit(f"cannot listen: {error}")
    try:
        await serve(simulator.ready(), simulator.control)
    finally:
        await simulator.stop()


if __name__ == "__main__":
    asyncio.run(run(parse()))
