"""Devices that show up by themselves, and are added from what Home Assistant offers."""

from .arrivals import heard_often, unknown_terminal
from .devices import Device
from .house import DOMAIN, END_TO_END, House

pytestmark = END_TO_END

BY_DHCP, BY_MQTT = "dhcp", "integration_discovery"


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
    flow = await house.offered(BY_MQTT, terminal.serial)
    await heard_often(terminal)
    assert len(await house.discovered(BY_MQTT, terminal.serial)) == 1
    assert terminal.log("acknowledgement") == []

    step = await house.api.flow_step(flow["flow_id"], {})
    assert step["type"] == "create_entry", step
    await house.loaded(terminal)
    await terminal.logged("acknowledgement", result="accepted")
    assert await house.discovered(BY_MQTT, terminal.serial) == []
    await house.remove(terminal)


async def test_a_terminal_that_was_added_is_not_offered(
    house: House, camera: Device, terminal: Device
) -> None:
    """A person who types its name needs no discovery."""
    assert (await house.loaded(terminal))["source"] == "user"
    await terminal.control("capture known")
    assert await house.discovered(BY_MQTT, terminal.serial) == []


async def test_a_device_is_not_added_twice(house: House, camera: Device) -> None:
    """Whoever adds a known camera by hand is told so."""
    step = await house.api.flow_start(DOMAIN)
    step = await house.api.flow_step(step["flow_id"], {"next_step_id": "camera"})
    step = await house.answer_camera_form(camera, step["flow_id"])
    assert (step["type"], step["reason"]) == ("abort", "already_configured")
