"""How devices come into a house."""

from .devices import Device
from .house import DOMAIN, House


async def add_camera(house: House, device: Device) -> None:
    """Add a camera by its address."""
    step = await house.api.flow_start(DOMAIN)
    step = await house.api.flow_step(step["flow_id"], {"next_step_id": "camera"})
    step = await house.answer_camera_form(device, step["flow_id"])
    assert step["type"] == "create_entry", step
    await house.loaded(device)


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


async def unknown_terminal(house: House, serial: str) -> Device:
    """Run a terminal that nobody has added; it tells of a person again and again."""
    device = await house.start_terminal("--sn", serial, "--heartbeat", "0", "--resend", "0.3", name=serial)  # fmt: skip
    await device.control("capture known")
    return device


async def heard_often(device: Device) -> None:
    """Wait until a terminal has sent its capture some more times."""
    await device.logged("sent", device.mark(), count=4, cmd="face")
