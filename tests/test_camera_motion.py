"""A camera that moves stops again, whatever happens."""

import asyncio
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.coordinator import CameraCoordinator
from custom_components.thermogate.guide import PtzAction, PtzMotion
from homeassistant.const import EVENT_HOMEASSISTANT_STOP, Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from tests.helpers import set_up
from tests.simulators.camera import CameraSimulator
from tests.waiting import until

START, STOP = 0, 1


@pytest.fixture
async def coordinator(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> CameraCoordinator:
    """Return the coordinator of a camera that is set up."""
    await set_up(hass, camera_entry, Platform.SELECT)
    found = camera_entry.runtime_data
    assert isinstance(found, CameraCoordinator)
    return found


def moves(camera: CameraSimulator) -> list[tuple[int, int]]:
    """Return command and action of every order to move, oldest first."""
    return [
        (request.message["ptz_command"], request.message["ptz_action"])
        for request in camera.received(600)
    ]


async def test_a_move_is_followed_by_its_stop(
    camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """After the time that was asked for."""
    started = asyncio.get_running_loop().time()
    await coordinator.ptz.async_move(PtzAction.RIGHT, speed=3, duration=0.2)
    assert asyncio.get_running_loop().time() - started >= 0.2
    (command, start), (same, stop) = moves(camera)
    assert (start, stop) == (START, STOP)
    assert command == same
    assert camera.received(600)[0].message["ptz_param1"] == 3
    assert not camera.ptz.moving


async def test_a_newer_move_ends_an_older(
    camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """The camera goes where it was last told to, and does not come back to the first."""
    first = asyncio.create_task(coordinator.ptz.async_move(PtzAction.LEFT, duration=60))
    await until(lambda: camera.ptz.moving)
    await coordinator.ptz.async_move(PtzAction.UP, duration=0.05)
    await first
    (left, _), (left_again, _), (up, _), (up_again, _) = moves(camera)
    assert (left, up) == (left_again, up_again)
    assert [action for _, action in moves(camera)] == [START, STOP, START, STOP]
    assert not camera.ptz.moving


async def test_a_move_that_was_overtaken_while_waiting_never_starts(
    camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """Of several at once the last counts."""
    tasks = [
        asyncio.create_task(coordinator.ptz.async_move(action, duration=0.05))
        for action in (PtzAction.LEFT, PtzAction.UP, PtzAction.RIGHT)
    ]
    await asyncio.gather(*tasks)
    actions = [action for _, action in moves(camera)]
    assert actions == [START, STOP] * (len(actions) // 2)
    assert len(actions) <= 4
    assert not camera.ptz.moving


async def test_whoever_asked_may_go_away(
    camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """A script that is stopped does not leave the camera turning."""
    task = asyncio.create_task(coordinator.ptz.async_move(PtzAction.LEFT, duration=60))
    await until(lambda: camera.ptz.moving)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not camera.ptz.moving


async def test_unloading_stops_a_move(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    coordinator: CameraCoordinator,
) -> None:
    """The camera is told to stop before Home Assistant logs out."""
    task = asyncio.create_task(coordinator.ptz.async_move(PtzAction.LEFT, duration=60))
    await until(lambda: camera.ptz.moving)
    with patch("custom_components.thermogate.PLATFORMS", [Platform.SELECT]):
        assert await hass.config_entries.async_unload(camera_entry.entry_id)
    await task
    assert not camera.ptz.moving
    assert [request.retcode for request in camera.received(600)] == [0, 0]
    assert [each.cmdtype for each in camera.requests][-2:] == [600, 502]


async def test_a_stop_of_home_assistant_stops_a_move(
    hass: HomeAssistant, camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """A camera does not turn on while Home Assistant restarts."""
    task = asyncio.create_task(coordinator.ptz.async_move(PtzAction.LEFT, duration=60))
    await until(lambda: camera.ptz.moving)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await task
    await until(lambda: camera.received(502))
    assert not camera.ptz.moving


async def test_a_move_that_is_refused_is_told(
    camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """An account without permission learns it."""
    await camera.inject("no-permission")
    with pytest.raises(HomeAssistantError) as raised:
        await coordinator.ptz.async_move(PtzAction.LEFT, duration=0.05)
    assert raised.value.translation_key == "camera_permission"


@pytest.mark.parametrize(
    ("kind", "cmdtype", "field"),
    [
        (PtzMotion.CRUISE, 610, "cruise_action"),
        (PtzMotion.LINE_SCAN, 613, "linescan_action"),
    ],
)
async def test_a_round_is_started_and_stopped(
    camera: CameraSimulator,
    coordinator: CameraCoordinator,
    kind: PtzMotion,
    cmdtype: int,
    field: str,
) -> None:
    """What the camera does by itself it does until it is told to stop."""
    await coordinator.ptz.async_run(kind, 1, start=True)
    assert camera.ptz.moving
    await coordinator.ptz.async_run(kind, 1, start=False)
    assert not camera.ptz.moving
    assert [request.message[field] for request in camera.received(cmdtype)] == [0, 1]


async def test_a_trace_that_was_never_recorded(
    camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """Nothing moves, and whoever asked learns why."""
    with pytest.raises(HomeAssistantError) as raised:
        await coordinator.ptz.async_run(PtzMotion.TRACE, 1, start=True)
    assert raised.value.translation_key == "refused"
    await coordinator.ptz.async_run(PtzMotion.TRACE, 1, start=False)
    assert not camera.ptz.moving
