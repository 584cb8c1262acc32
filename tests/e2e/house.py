"""A house for end-to-end tests: broker, simulated devices and a real Home Assistant, each a process of its own.

Tests see Home Assistant through its public API only, and the devices through their logs and control lines.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
import re
from typing import Any

import pytest
import pytest_asyncio
import pytest_socket

from demo.home_assistant import ROOT, Api, HomeAssistant, seed
from demo.processes import Child, Processes
from tests.simulators.ports import LOOPBACK, free_port

from .devices import POLL_SECONDS, Device, Json, simulator_command
from .log_check import complaints

DOMAIN = "thermogate"
CAUGHT_UP = ": caught up with "
OUR_LOGGER = f"custom_components.{DOMAIN}"

# What every module here begins with: one event loop for all, because a house outlives a test.
END_TO_END = [
    pytest.mark.e2e,
    # Share a house, so one processor has them all.
    pytest.mark.xdist_group("e2e"),
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(180),
    pytest.mark.usefixtures("socket_enabled"),
]

# For what all modules share; a house outlives the loop of a test.
for_all_modules = pytest_asyncio.fixture(scope="package", loop_scope="session")
# For a module with a house of its own.
for_this_module = pytest_asyncio.fixture(scope="module", loop_scope="session")

CAMERA_OPTIONS = (
    # It alarms when told to, tells it every second, remembers nothing else, and is quick.
    *("--alarm-period", "0", "--alarm-interval", "1", "--days-of-history", "0"),
    *("--reboot-time", "2", "--shutter-time", "0.1"),
)
TERMINAL_OPTIONS = ("--seed", "1", "--reboot", "2", "--heartbeat", "5")


class House:
    """All that runs."""

    def __init__(
        self,
        folder: Path,
        processes: Processes,
        broker: Child,
        home: HomeAssistant,
        token: str,
    ) -> None:
        """Take over what `open_house` has started."""
        self.home = home
        # Patterns of records in Home Assistant's log that this house's tests provoke.
        self.provoked: list[str] = []
        self.folder = folder
        self._processes = processes
        self._broker = broker
        self._token = token

    @property
    def api(self) -> Api:
        """Return Home Assistant's API."""
        return self.home.api

    def log_lines(self, part: str = "") -> list[str]:
        """Return the lines with a text that Home Assistant logged since the house was opened, across its restarts."""
        lines = self.home.log.read_text(errors="replace").splitlines()
        return [line for line in lines if part in line]

    def assert_logged(self, since: int, patterns: Sequence[str]) -> None:
        """Check that the lines of our integration from the `since`-th on are these, in this order, and no more.

        That it caught up with something may come at any time.
        """
        lines = [
            line for line in self.log_lines(OUR_LOGGER)[since:] if CAUGHT_UP not in line
        ]
        assert len(lines) == len(patterns), lines
        for line, pattern in zip(lines, patterns, strict=True):
            assert re.search(pattern, line), line

    # Broker and devices

    async def start_camera(self, *options: str, name: str = "camera") -> Device:
        """Start a camera."""
        return await self._start(name, "camera", *CAMERA_OPTIONS, *options)

    async def start_terminal(self, *options: str, name: str = "terminal") -> Device:
        """Start a terminal on the broker."""
        port = str(self._broker.ready["port"])
        return await self._start(name, "terminal", "--port", port, *TERMINAL_OPTIONS, *options)  # fmt: skip

    async def _start(self, name: str, module: str, *options: str) -> Device:
        log = self.folder / f"{name}.jsonl"
        command = simulator_command(module, "--log", str(log), *options)
        return Device(await self._processes.start(name, command), log)

    async def stop_broker(self) -> None:
        """End the broker."""
        await self._broker.stop(5)
        self._processes.children.remove(self._broker)

    async def start_broker(self) -> None:
        """Start another broker where the first one was."""
        port = str(self._broker.ready["port"])
        command = simulator_command("broker", "--port", port)
        self._broker = await self._processes.start("broker", command)

    # Config entries

    async def discovered(self, source: str, unique_id: str) -> list[Json]:
        """Return the flows that wait for a person and offer a device, from a source."""
        return [
            flow
            for flow in await self.api.flows()
            if flow["handler"] == DOMAIN
            and flow["context"]["source"] == source
            and flow["context"].get("unique_id") == unique_id
        ]

    async def offered(self, source: str, unique_id: str) -> Json:
        """Wait for the one flow that offers a device."""
        (flow,) = await eventually(
            lambda: self.discovered(source, unique_id),
            f"offer of {unique_id} by {source}",
        )
        return flow

    async def answer_camera_form(self, camera: Device, flow_id: str) -> Json:
        """Answer the camera's form with how it is reached, and return the step that comes of it."""
        login = {
            "host": LOOPBACK,
            "port": camera.ready["http_port"],
            "username": camera.ready["username"],
            "password": camera.ready["password"],
        }
        return await self.api.flow_step(flow_id, login)

    async def entry(self, device: Device) -> Json | None:
        """Return the config entry of a device, None when it has none (yet)."""
        owned = {
            item["config_entry_id"]
            for item in await self.api.ws({"type": "config/device_registry/list"})
            if [DOMAIN, device.serial] in item["identifiers"]
        }
        entries = await self.api.entries(DOMAIN)
        return next((entry for entry in entries if entry["entry_id"] in owned), None)

    async def loaded(self, device: Device) -> Json:
        """Wait until the device's entry is loaded, and return it."""

        async def look() -> Json | None:
            entry = await self.entry(device)
            return entry if entry and entry["state"] == "loaded" else None

        return await eventually(look, f"loaded entry of {device.serial}")

    async def remove(self, device: Device) -> None:
        """Remove a device from Home Assistant and switch it off."""
        entry = await self.loaded(device)
        path = f"/api/config/config_entries/entry/{entry['entry_id']}"
        await self.api.request("DELETE", path)
        await device.child.stop(5)

    async def reload(self, device: Device) -> None:
        """Load the device's entry anew, which forgets what was complained about before."""
        entry = await self.loaded(device)
        path = f"/api/config/config_entries/entry/{entry['entry_id']}/reload"
        await self.api.request("POST", path)
        await self.loaded(device)

    async def set_options(self, device: Device, **options: Any) -> None:
        """Set options of a device; those not named go back to their defaults."""
        entry = await self.loaded(device)
        page = "terminal" if "topic_id" in device.ready else "camera"
        step = await self.api.flow_options(
            entry["entry_id"], {"next_step_id": page}, options
        )
        assert step["type"] == "create_entry", step
        await self.loaded(device)

    # Entities, by the key that ends their unique id

    async def entity(self, device: Device, domain: str, key: str) -> str:
        """Return the id of an entity."""
        registry = await self.api.ws({"type": "config/entity_registry/list"})
        found = [
            item["entity_id"]
            for item in registry
            if item["unique_id"] == f"{device.serial}_{key}"
            and item["entity_id"].startswith(f"{domain}.")
        ]
        assert found, f"{device.serial} has no {domain} {key}"
        entity_id: str = found[0]
        return entity_id

    async def state(self, device: Device, domain: str, key: str) -> Json:
        """Return the state of an entity."""
        state = await self.api.state(await self.entity(device, domain, key))
        assert state is not None
        return state

    async def wait_state(
        self,
        device: Device,
        domain: str,
        key: str,
        wanted: str | Callable[[Json], bool],
        timeout: float = 20,
    ) -> Json:
        """Wait until an entity's state is the wanted text or passes the test, and return it."""
        entity_id = await self.entity(device, domain, key)
        return await self.api.wait_state(entity_id, wanted, timeout)

    async def call(self, action: str, device: Device, key: str, **data: Any) -> None:
        """Call an action such as `button.press` on an entity of its domain."""
        domain, _, name = action.partition(".")
        entity_id = await self.entity(device, domain, key)
        await self.api.call(domain, name, {"entity_id": entity_id, **data})

    async def picture(self, device: Device, domain: str, key: str) -> tuple[str, bytes]:
        """Return content type and bytes of the picture that an entity's state names."""
        state = await self.state(device, domain, key)
        path = state["attributes"]["entity_picture"]
        async with self.api.session.get(path) as response:
            response.raise_for_status()
            return response.content_type, await response.read()

    @asynccontextmanager
    async def subscribe(self, **command: Any) -> AsyncGenerator[list[Json]]:
        """Collect the events of a WebSocket subscription, such as `type="mqtt/subscribe"`, while the block runs."""
        events: list[Json] = []
        async with self.api.session.ws_connect("/api/websocket", max_msg_size=0) as ws:
            await ws.receive_json()
            await ws.send_json({"type": "auth", "access_token": self._token})
            await ws.receive_json()
            await ws.send_json({"id": 1, **command})
            result = await ws.receive_json()
            assert result.get("success"), result

            async def listen() -> None:
                while True:
                    events.append((await ws.receive_json())["event"])

            listening = asyncio.create_task(listen())
            try:
                yield events
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    @asynccontextmanager
    async def changes(
        self, device: Device, domain: str, key: str
    ) -> AsyncGenerator[list[Json]]:
        """Collect the changes of an entity's state while the block runs."""
        trigger = {"platform": "state", "entity_id": await self.entity(device, domain, key)}  # fmt: skip
        async with self.subscribe(type="subscribe_trigger", trigger=trigger) as events:
            yield events


async def eventually[T](
    ask: Callable[[], Awaitable[T | None]], what: str, timeout: float = 20
) -> T:
    """Return the first true answer to a question that takes a request; raises TimeoutError naming `what`."""
    try:
        async with asyncio.timeout(timeout):
            while not (found := await ask()):
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError:
        raise TimeoutError(f"no {what} within {timeout} s") from None
    return found


def allow_sockets() -> None:
    """Let a fixture that outlives its test reach loopback: the harness forbids sockets anew before each test."""
    pytest_socket.enable_socket()


@asynccontextmanager
async def open_house(folder: Path, *, router: bool = False) -> AsyncGenerator[House]:
    """Run a broker and a Home Assistant that knows it, and in the end look at what it logged.

    With `router` it learns of leases from the device trackers of routers.
    """
    allow_sockets()
    config, port = folder / "config", free_port()
    async with Processes(ROOT, folder) as processes:
        broker = await processes.start("broker", simulator_command("broker"))
        token = await seed(config, port, broker.ready["port"])
        if router:
            _add_router(config)
        async with HomeAssistant(config, port, token) as home:
            house = House(folder, processes, broker, home, token)
            yield house
    assert complaints(house.home.log.read_text(errors="replace"), house.provoked) == []


def _add_router(config: Path) -> None:
    """Add the integration of these tests beside ours."""
    router = config / "custom_components" / "router"
    router.symlink_to(Path(__file__).with_name("router"))
    with (config / "configuration.yaml").open("a") as file:
        file.write("\nrouter:\n")
