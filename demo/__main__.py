"""Run the demo: `scripts/demo --help`."""

import argparse
import asyncio
from dataclasses import dataclass
import errno
import fcntl
import os
import shutil
import signal
import socket
import sys

import aiohttp

from .api import POLL_SECONDS, Api, ApiError
from .home_assistant import ROOT, HomeAssistant, seed
from .media import check_media
from .processes import Child, ProcessError, Processes
from .site import (
    INTEGRATION,
    SetupError,
    add_camera,
    add_dashboard,
    add_terminal,
    dashboard,
    ignore_protocol_advice,
    let_a_script_decide,
    shown_entities,
)
from .visitor import check_visitor, put_picture

STATE = ROOT / ".demo"
USER = PASSWORD = "demo"
# Devices and thus entities are named after it.
TOPIC_ID = "main-gate"
CAPTURE_SECONDS = 20
ALARM_SECONDS = 60
CHECK_SECONDS = 60
# Somebody whom the terminal knows.
VISITOR = "Amara Okafor"
VISITOR_ID = "1001"
# Of the demo's configuration.
DECIDER = "script.who_may_pass"
# How long Home Assistant may take to stop before it is killed.
STOP_SECONDS = 8


class DemoError(Exception):
    """The demo cannot run; the text tells the person at the keyboard why, in one sentence."""


# What ends the demo with a sentence instead of a traceback.
FAILURES = (
    aiohttp.ClientError,
    ApiError,
    DemoError,
    ProcessError,
    SetupError,
    TimeoutError,
)


@dataclass(frozen=True)
class Options:
    """What the command line said; without a broker, one is embedded."""

    port: int
    broker: tuple[str, int] | None
    keep: bool
    check: bool


def parse(arguments: list[str] | None = None) -> Options:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="A broker, a simulated terminal and camera, and a Home Assistant that shows both. Ctrl-C ends it.",
    )
    parser.add_argument(
        "--port", type=_port, default=8123, help="Home Assistant's port (8123)"
    )
    parser.add_argument(
        "--broker",
        type=_address,
        metavar="HOST[:PORT]",
        help="use this MQTT broker instead of an embedded one",
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="leave the state and the logs in .demo/ at the end",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="start everything, see that both devices are there, and stop",
    )
    return Options(**vars(parser.parse_args(arguments)))


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: 1 to 65535")
    return int(text)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":") if ":" in text else (text, "", "1883")
    if not host:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT")
    return host.strip("[]"), _port(port)


def ensure_free(port: int) -> None:
    """Raise DemoError when Home Assistant could not listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise DemoError(
                    f"Port {port} is taken by another program: stop it, or choose another port with --port."
                ) from error
            raise DemoError(
                f"Home Assistant may not listen on port {port} ({error.strerror}): choose another with --port."
            ) from error


def ensure_broker(host: str, port: int) -> None:
    """Raise DemoError when nothing listens there."""
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as error:
        raise DemoError(
            f"No MQTT broker answers at {host}:{port} ({error.strerror or error})."
        ) from error


def claim_state_folder() -> int:
    """Empty the state folder and return its descriptor, which holds it for us; raises DemoError when another demo does."""
    STATE.mkdir(exist_ok=True)
    claim = os.open(STATE, os.O_RDONLY)
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(claim)
        raise DemoError(
            "A demo already runs from this checkout: stop it first."
        ) from error
    for item in STATE.iterdir():
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item)
        else:
            item.unlink()
    return claim


def tell(text: str) -> None:
    """Print at once, also into a pipe."""
    print(text, flush=True)


def simulator(name: str, **options: object) -> list[str]:
    """Return the command line of a simulator."""
    given = [f"--{key.replace('_', '-')}={value}" for key, value in options.items()]
    return [sys.executable, "-m", f"tests.simulators.{name}", *given]


async def start_devices(
    processes: Processes, broker: tuple[str, int]
) -> tuple[Child, Child]:
    """Start both simulators, the terminal first; it makes no captures yet."""
    host, port = broker
    terminal = await processes.start(
        "terminal",
        simulator(
            "terminal",
            broker=host,
            port=port,
            topic_id=TOPIC_ID,
            log=STATE / "terminal.jsonl",
        ),
    )
    camera = await processes.start(
        "camera",
        simulator("camera", alarm_period=ALARM_SECONDS, log=STATE / "camera.jsonl"),
    )
    return terminal, camera


async def loaded(api: Api) -> None:
    """Wait until both devices are set up: one may still be loaded anew with its options."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            while [each["state"] for each in await api.entries(INTEGRATION)] != [
                "loaded"
            ] * 2:
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError as error:
        states = {
            each["title"]: each["state"] for each in await api.entries(INTEGRATION)
        }
        raise DemoError(f"Not both devices are loaded: {states}") from error


async def check(api: Api, terminal: Child) -> None:
    """Raise an error unless both devices are loaded, the dashboard misses nothing, and what it shows can be done."""
    await loaded(api)
    for entity_id in sorted(shown_entities(dashboard())):
        try:
            await api.wait_state(
                entity_id, lambda state: state["state"] != "unavailable", CHECK_SECONDS
            )
        except TimeoutError as error:
            raise DemoError(
                f"The dashboard shows what is not there: {error}"
            ) from error
    await terminal.control(f"capture known person={VISITOR_ID}")
    await check_media(api, VISITOR, CHECK_SECONDS)
    await check_visitor(api, terminal, CHECK_SECONDS)


async def run(options: Options) -> None:
    """Start everything, and stay until something ends or we are cancelled."""
    async with Processes(ROOT, STATE, grace=2) as processes:
        if options.broker is None:
            embedded = await processes.start("broker", simulator("broker"))
            broker = ("127.0.0.1", int(embedded.ready["port"]))
        else:
            broker = options.broker
        tell("Starting the devices and Home Assistant: about half a minute ...")
        terminal, camera = await start_devices(processes, broker)
        folder = STATE / "home-assistant"
        token = await seed(
            folder,
            options.port,
            broker[1],
            broker_host=broker[0],
            user=USER,
            password=PASSWORD,
        )
        await put_picture(folder)
        async with HomeAssistant(
            folder, options.port, token, grace=STOP_SECONDS
        ) as home:
            await add_terminal(home.api, terminal.ready)
            await let_a_script_decide(home.api, DECIDER)
            await add_camera(home.api, camera.ready)
            await ignore_protocol_advice(home.api)
            await add_dashboard(home.api)
            await terminal.control(f"auto {CAPTURE_SECONDS}")
            if options.check:
                await check(home.api, terminal)
                tell(
                    "Both devices are there, everything on the dashboard too; a visitor was found by name, another enrolled, greeted and let in."
                )
                return
            tell(f"""
Home Assistant: {home.url}
User:           {USER}
Password:       {PASSWORD}

Somebody stands at the terminal every {CAPTURE_SECONDS} s, and the motor gets too hot about every {ALARM_SECONDS} s.
Logs are in {STATE.name}/. Ctrl-C ends it all.
""")
            await stay(processes, home)


async def stay(processes: Processes, home: HomeAssistant) -> None:
    """Stay until something ends by itself, which raises ProcessError; a Home Assistant that was restarted goes on."""
    while home.child is not None:
        ended = await processes.wait_for_an_end(home.child)
        if not home.wants_restart:
            raise ProcessError(f"{ended.name} ended by itself.{ended.last_words()}")
        tell("Home Assistant restarts ...")
        await home.start()


def cancel_on_signals(task: asyncio.Task[None]) -> None:
    """Cancel the task on the first Ctrl-C, SIGTERM or lost terminal; later ones cannot hurry the end."""
    stopping = False

    def stop() -> None:
        nonlocal stopping
        if stopping:
            return
        stopping = True
        task.cancel()
        tell("\nStopping ...")

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop)


async def run_until_signal(options: Options) -> bool:
    """Run until everything has stopped; return whether a signal ended it."""
    task = asyncio.create_task(run(options))
    cancel_on_signals(task)
    await asyncio.wait([task])
    if task.cancelled():
        return True
    task.result()
    return False


def main() -> int:
    """Run the demo and return the exit status."""
    options = parse()
    try:
        ensure_free(options.port)
        if options.broker is not None:
            ensure_broker(*options.broker)
        claim = claim_state_folder()
    except DemoError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        interrupted = asyncio.run(run_until_signal(options))
    except FAILURES as error:
        print(f"{error}\nThe logs are in {STATE}.", file=sys.stderr)
        return 1
    finally:
        os.close(claim)
    if not options.keep:
        shutil.rmtree(STATE)
    # To leave the demo with Ctrl-C is its normal end; a check that was cut short has proved nothing.
    return 1 if interrupted and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
