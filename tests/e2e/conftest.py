"""The house that most end-to-end tests share: the camera was discovered, the terminal added by hand."""

from collections.abc import AsyncGenerator

import pytest

from .arrivals import add_terminal
from .devices import Device
from .house import House, allow_sockets, for_all_modules, open_house

# What a router tells of a camera. Leases know no ports, so that a person has to correct the address all the same.
LEASE = {
    "source_type": "router",
    "ip": "192.0.2.10",
    "mac": "00:15:18:10:ca:9d",
    "host_name": "nc200-yard",
}


@pytest.fixture(autouse=True)
def verify_cleanup() -> None:
    """Have no look at this process after each test: Home Assistant runs in another one."""


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave the shared loop as it is."""


@pytest.fixture(autouse=True)
def configure_event_loop() -> None:
    """Leave the shared loop as it is."""


@for_all_modules
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[House]:
    """Run a house without devices."""
    async with open_house(tmp_path_factory.mktemp("house"), router=True) as running:
        yield running


@for_all_modules
async def camera(house: House) -> Device:
    """Run a camera and add it from the offer that follows its lease."""
    allow_sockets()
    device = await house.start_camera("--mac", LEASE["mac"])
    lease = {"state": "home", "attributes": LEASE}
    await house.api.request("POST", "/api/states/device_tracker.lease", lease)
    flow = await house.offered("dhcp", LEASE["mac"])
    step = await house.api.flow_step(flow["flow_id"])
    host = next(field for field in step["data_schema"] if field["name"] == "host")
    assert host["description"]["suggested_value"] == LEASE["ip"]
    step = await house.answer_camera_form(device, flow["flow_id"])
    assert step["type"] == "create_entry", step
    await house.loaded(device)
    return device


@for_all_modules
async def terminal(house: House) -> Device:
    """Run a terminal and add it as a person would who stands before it."""
    allow_sockets()
    device = await house.start_terminal()
    await add_terminal(house, device)
    return device
