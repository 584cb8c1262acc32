"""What goes away comes back, and takes nothing with it."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from .arrivals import add_camera, add_terminal, heard_often, unknown_terminal
from .devices import Device, Json, wait_for
from .house import END_TO_END, House, allow_sockets, for_this_module, open_house

pytestmark = END_TO_END

ONLINE, OFFLINE = "on", "off"
CAMERA_IS_LOST = r"WARNING .* Camera 127\.0\.0\.1 is lost: "
CAMERA_IS_BACK = r"WARNING .* Camera 127\.0\.0\.1 is back "
CAMERA_DOES_NOT_ANSWER = r"ERROR .* Error fetching Substation yard data: "
# Home Assistant's own MQTT client, when its connection goes again before it has said hello.
MQTT_STUMBLES = (
    r"ERROR (?s:.*)mqtt/client\.py(?s:.*)The client is not currently connected"
)
PROVOKED = [CAMERA_IS_LOST, CAMERA_IS_BACK, CAMERA_DOES_NOT_ANSWER, MQTT_STUMBLES]
BY_MQTT = "integration_discovery"
LOGOUT, CONTROL = 502, 600
START, STOP = 0, 1


@for_this_module
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[House]:
    """Run a house of its own, to be torn down and built up again."""
    async with open_house(tmp_path_factory.mktemp("restart")) as running:
        running.provoked += PROVOKED
        yield running


@for_this_module
async def camera(house: House) -> Device:
    """Run a camera that is set up, and away for longer than the pause between two readings when it reboots."""
    allow_sockets()
    device = await house.start_camera("--reboot-time", "7")
    await add_camera(house, device)
    return device


@for_this_module
async def terminal(house: House) -> Device:
    """Run a terminal that is set up, and quick to send again what nobody acknowledges."""
    allow_sockets()
    device = await house.start_terminal("--resend", "1")
    await add_terminal(house, device)
    return device


@for_this_module
async def ignored(house: House, camera: Device) -> Device:
    """Run a terminal whose offer somebody has ignored."""
    allow_sockets()
    device = await unknown_terminal(house, "0B0B00-000002-FACE02")
    flow = await house.offered(BY_MQTT, device.serial)
    command = {"type": "config_entries/ignore_flow", "flow_id": flow["flow_id"], "title": "Not ours"}  # fmt: skip
    await house.api.ws(command)
    return device


async def tells_of(house: House, terminal: Device, person: str) -> None:
    """Check that a new capture, sent twice, is one event, and acknowledged both times."""
    since = terminal.mark()
    async with house.changes(terminal, "event", "access") as changes:
        sent = await terminal.control(f"capture known person='{person}'")
        assert "accepted" in await terminal.acknowledged(sent)
        await terminal.control("duplicate")
        await terminal.logged("acknowledgement", since, result="repeated")
        await wait_for(lambda: changes, "event")
    assert people_in(changes) == [person]


def people_in(changes: list[Json]) -> list[str]:
    """Return who an event entity told of."""
    return [change["variables"]["trigger"]["to_state"]["attributes"]["person"] for change in changes]  # fmt: skip


async def alarms(house: House, camera: Device) -> None:
    """Check that a new alarm is an event."""
    async with house.changes(camera, "event", "alarm") as changes:
        await camera.control("alarm network")
        await wait_for(lambda: changes, "alarm")


async def test_the_broker_restarts(house: House, terminal: Device) -> None:
    """Without broker the terminal is unreachable; with it, it is back by itself and nothing was lost."""
    await house.stop_broker()
    await house.wait_state(terminal, "binary_sensor", "connectivity", OFFLINE)
    await house.wait_state(terminal, "button", "open_gate_1", "unavailable")
    missed = await terminal.control("capture known person='Mateo Alvarez'")
    await house.start_broker()
    await house.wait_state(terminal, "binary_sensor", "connectivity", ONLINE, 30)
    assert "accepted" in await terminal.acknowledged(missed)
    await house.wait_state(terminal, "sensor", "last_person", "Mateo Alvarez")
    await tells_of(house, terminal, "Freya Lindqvist")
    since = terminal.mark()
    await house.call("button.press", terminal, "open_gate_1")
    await terminal.logged("relay", since, source="command")


async def test_the_terminal_restarts(house: House, terminal: Device) -> None:
    """A terminal that was told to reboot is served again when it is back."""
    since = terminal.mark()
    await house.call("button.press", terminal, "reboot")
    await terminal.logged("disconnected", since)
    await terminal.logged("connected", since)
    await tells_of(house, terminal, "Amara Okafor")


async def test_the_camera_restarts(house: House, camera: Device) -> None:
    """A camera that reboots is seen to go and to come back, with its measurements and alarms."""
    await house.call("button.press", camera, "reboot")
    await house.wait_state(camera, "sensor", "connection", "none")
    await house.wait_state(camera, "binary_sensor", "connectivity", OFFLINE)
    await house.wait_state(camera, "sensor", "image_maximum", "unavailable")
    await house.wait_state(camera, "sensor", "connection", "websocket", 30)
    await house.wait_state(camera, "binary_sensor", "connectivity", ONLINE)
    await house.wait_state(camera, "sensor", "image_maximum", lambda s: float(s["state"]) > 0)  # fmt: skip
    await alarms(house, camera)


async def told(terminal: Device) -> None:
    """Tell of somebody, and wait until that is known for good: what is acknowledged is."""
    sent = await terminal.control("capture known person='Linh Nguyen'")
    assert "accepted" in await terminal.acknowledged(sent)


async def test_home_assistant_is_restarted(
    house: House, terminal: Device, camera: Device, ignored: Device
) -> None:
    """It ends a move that it was in the middle of and logs out, and back again it hears what happened meanwhile.

    What a person has ignored before stays ignored.
    """
    since = camera.mark()
    entity_id = await house.entity(camera, "camera", "visible")
    move = {"entity_id": entity_id, "direction": "right", "duration": 60}
    moving = asyncio.create_task(house.api.call("thermogate", "ptz_move", move))
    await camera.wait_received(CONTROL, since)
    await house.home.stop()
    await asyncio.wait([moving])
    assert moving.exception()
    moves = camera.received(CONTROL, since)
    assert [move["ptz_action"] for move in moves] == [START, STOP]
    assert len(camera.received(LOGOUT, since)) == 1

    meanwhile = await terminal.control("capture known person='Yusuf Demir'")
    await house.home.start()
    await house.loaded(terminal)
    await house.loaded(camera)
    assert "accepted" in await terminal.acknowledged(meanwhile)
    await house.wait_state(terminal, "sensor", "last_person", "Yusuf Demir")
    await house.wait_state(camera, "binary_sensor", "connectivity", ONLINE)
    await tells_of(house, terminal, "Mateo Alvarez")
    await alarms(house, camera)
    # Others are offered again.
    other = await unknown_terminal(house, "0CAFE0-000003-FACE03")
    await house.offered(BY_MQTT, other.serial)
    await heard_often(ignored)
    assert await house.discovered(BY_MQTT, ignored.serial) == []


async def test_home_assistant_is_killed(
    house: House, terminal: Device, camera: Device
) -> None:
    """What it was told before is acknowledged when it comes again, and fires nothing; the next capture does."""
    await told(terminal)
    await house.home.kill()
    await house.home.start()
    await house.loaded(terminal)
    await house.loaded(camera)
    since = terminal.mark()
    async with house.changes(terminal, "event", "access") as changes:
        await terminal.control("duplicate")
        await terminal.logged("acknowledgement", since, result="repeated")
        await terminal.control("capture known person='Amara Okafor'")
        await wait_for(lambda: changes, "event")
    assert people_in(changes) == ["Amara Okafor"]
    await house.wait_state(camera, "binary_sensor", "connectivity", ONLINE)
    await alarms(house, camera)
