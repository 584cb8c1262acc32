"""Devices that show up by themselves, and are added from what Home Assistant offers."""

from collections.abc import AsyncGenerator

import pytest

from .conftest import add_terminal, on_session_loop
from .devices import Device, Json
from .house import END_TO_END, House, allow_sockets, eventually, open_house

pytestmark = END_TO_END

BY_DHCP, BY_MQTT = "dhcp", "integration_discovery"
LEASE = {
    "source_type": "router",
    "ip": "192.0.2.10",
    "mac": "00:15:18:10:ca:9d",
    "host_name": "nc200-yard",
}


@on_session_loop
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[House]:
    """Run a house of its own, in which nothing has been offered yet."""
    async with open_house(tmp_path_factory.mktemp("discovery")) as running:
        yield running


@on_session_loop
async def camera(house: House) -> Device:
    """Run a camera and add it from the offer that follows its lease."""
    allow_sockets()
    device = await house.start_camera("--mac", LEASE["mac"])
    lease = {"state": "home", "attributes": LEASE}
    await house.api.request("POST", "/api/states/device_tracker.lease", lease)
    flow = await offered(house, BY_DHCP, LEASE["host_name"])
    step = await house.api.flow_step(flow["flow_id"])
    host = next(field for field in step["data_schema"] if field["name"] == "host")
    assert host["description"]["suggested_value"] == LEASE["ip"]
    step = await house.add_camera(device, flow["flow_id"])
    assert step["type"] == "create_entry", step
    return device


async def offered(house: House, source: str, name: str) -> Json:
    """Wait for the one flow that offers a device."""
    (flow,) = await eventually(
        lambda: house.discovered(source, name), f"offer of {name} by {source}"
    )
    found: Json = flow
    return found


async def unknown_terminal(house: House, serial: str) -> Device:
    """Run a terminal that nobody has added; it tells of a person again and again."""
    device = await house.start_terminal("--sn", serial, "--heartbeat", "0", "--resend", "0.3", name=serial)  # fmt: skip
    await device.control("capture known")
    return device


async def heard_often(device: Device) -> None:
    """Wait until a terminal has sent its capture some more times."""
    await device.logged("sent", device.mark(), count=4, cmd="face")


async def test_a_camera_is_found_by_its_lease(house: House, camera: Device) -> None:
    """A router tells of a camera's MAC address, a person logs in, and the camera is there."""
    entry = await house.loaded(camera)
    assert entry["source"] == BY_DHCP
    assert (await house.state(camera, "sensor", "connection"))["state"] == "websocket"


async def test_a_terminal_is_offered_once_and_added(
    house: House, camera: Device
) -> None:
    """However often an unknown terminal is heard, it is offered once; added, it is acknowledged."""
    terminal = await unknown_terminal(house, "0A11CE-000001-FACE01")
    flow = await offered(house, BY_MQTT, terminal.serial)
    await heard_often(terminal)
    assert len(await house.discovered(BY_MQTT, terminal.serial)) == 1
    assert terminal.log("acknowledgement") == []

    step = await house.api.flow_step(flow["flow_id"], {})
    assert step["type"] == "create_entry", step
    await house.loaded(terminal)
    await terminal.logged("acknowledgement", result="accepted")
    assert await house.discovered(BY_MQTT, terminal.serial) == []


async def test_a_terminal_that_was_ignored_stays_ignored(
    house: House, camera: Device
) -> None:
    """Neither a further capture nor a restart offers it again, while others still are."""
    terminal = await unknown_terminal(house, "0B0B00-000002-FACE02")
    flow = await offered(house, BY_MQTT, terminal.serial)
    command = {"type": "config_entries/ignore_flow", "flow_id": flow["flow_id"], "title": "Not ours"}  # fmt: skip
    await house.api.ws(command)
    await house.home.stop()
    await house.home.start()
    await house.loaded(camera)
    await heard_often(terminal)
    other = await unknown_terminal(house, "0CAFE0-000003-FACE03")
    await offered(house, BY_MQTT, other.serial)
    await heard_often(terminal)
    assert await house.discovered(BY_MQTT, terminal.serial) == []
    for device in (terminal, other):
        await device.child.stop(5)


async def test_a_terminal_is_added_by_its_topic(house: House, camera: Device) -> None:
    """Beside what was found, a person adds a terminal by name; it is not offered as well."""
    terminal = await house.start_terminal("--sn", "0D00D5-000004-FACE04", name="fourth")
    await add_terminal(house, terminal)
    assert (await house.loaded(terminal))["source"] == "user"
    assert await house.discovered(BY_MQTT, terminal.serial) == []


async def test_a_device_is_not_added_twice(house: House, camera: Device) -> None:
    """Whoever adds a known camera by hand is told so."""
    step = await house.api.flow_start("thermogate")
    step = await house.api.flow_step(step["flow_id"], {"next_step_id": "camera"})
    step = await house.add_camera(camera, step["flow_id"])
    assert (step["type"], step["reason"]) == ("abort", "already_configured")
