"""The house that most end-to-end tests share, with both devices added by hand."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from .devices import Device
from .house import DOMAIN, House, allow_sockets, open_house

on_session_loop = pytest_asyncio.fixture(scope="session", loop_scope="session")


@pytest.fixture(autouse=True)
def verify_cleanup() -> None:
    """Have no look at this process after each test: Home Assistant runs in another one."""


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave the shared loop as it is."""


@pytest.fixture(autouse=True)
def configure_event_loop() -> None:
    """Leave the shared loop as it is."""


@on_session_loop
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[House]:
    """Run a house without devices."""
    async with open_house(tmp_path_factory.mktemp("house")) as running:
        yield running


@on_session_loop
async def camera(house: House) -> Device:
    """Run a camera and add it as a person would who knows its address."""
    allow_sockets()
    device = await house.start_camera()
    step = await house.api.flow_start(DOMAIN)
    step = await house.api.flow_step(step["flow_id"], {"next_step_id": "camera"})
    step = await house.add_camera(device, step["flow_id"])
    assert step["type"] == "create_entry", step
    await house.loaded(device)
    return device


@on_session_loop
async def terminal(house: House) -> Device:
    """Run a terminal and add it as a person would who stands before it."""
    allow_sockets()
    device = await house.start_terminal()
    await add_terminal(house, device)
    return device


async def add_terminal(house: House, device: Device) -> None:
    """Add a terminal by its topic id."""
    step = await house.api.flow_start(DOMAIN)
    flow_id = step["flow_id"]
    assert step["menu_options"] == ["terminal", "camera"]
    await house.api.flow_step(flow_id, {"next_step_id": "terminal"})
    step = await house.api.flow_step(flow_id, {"topic_id": device.ready["topic_id"]})
    step = await house.api.flow_wait(step)
    assert step["step_id"] == "terminal_found", step
    assert step["description_placeholders"]["serial"] == device.serial
    step = await house.api.flow_step(flow_id, {})
    assert step["type"] == "create_entry", step
    await house.loaded(device)
