"""A camera that moves stops again, whatever happens."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.thermogate.coordinator import CameraCoordinator
from custom_components.thermogate.coordinator.ptz import MAX_RECORDING, Ptz
from custom_components.thermogate.guide import (
    GuideCommandError,
    GuideRetryLaterError,
    PtzAction,
    PtzMotion,
    PtzStatus,
)
from homeassistant.const import EVENT_HOMEASSISTANT_STOP, Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from tests.helpers import set_up, settle
from tests.simulators.camera import CameraSimulator
from tests.test_camera_coordinator import QUICK
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


async def test_whoever_asked_may_go_away_in_a_hurry(
    camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """A caller that is cancelled while the stop is on its way does not take it back."""
    task = asyncio.create_task(coordinator.ptz.async_move(PtzAction.LEFT, duration=60))
    await until(lambda: camera.ptz.moving)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: not camera.ptz.moving)


async def test_no_move_lasts_longer_than_the_longest(
    camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """Whatever was asked for."""
    with patch("custom_components.thermogate.coordinator.motion.MAX_DURATION", 0.1):
        await coordinator.ptz.async_move(PtzAction.LEFT, duration=3600)
    assert [action for _, action in moves(camera)] == [START, STOP]


async def test_a_camera_that_was_lost_is_stopped_first_when_it_is_back(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The move ends for whoever asked when the connection does, and for the camera when it can be told."""
    with patch("custom_components.thermogate.guide.client.Timing", return_value=QUICK):
        await set_up(hass, camera_entry, Platform.SELECT)
    coordinator = camera_entry.runtime_data
    task = asyncio.create_task(coordinator.ptz.async_move(PtzAction.LEFT, duration=60))
    await until(lambda: camera.ptz.moving)
    before = len(camera.requests)
    await camera.inject("drop-connection")
    with pytest.raises(HomeAssistantError) as raised:
        await task
    assert raised.value.translation_key == "camera_lost"
    assert camera.ptz.moving
    await until(lambda: not camera.ptz.moving)
    stop, *_ = [
        request
        for request in camera.requests[before:]
        if request.cmdtype not in (500, 501)
    ]
    assert (stop.cmdtype, stop.message["ptz_action"]) == (600, STOP)


async def test_a_stop_that_the_camera_does_not_take_is_sent_again(
    camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """A shutter that clicks just then does not let it turn on."""
    task = asyncio.create_task(coordinator.ptz.async_move(PtzAction.LEFT, duration=60))
    await until(lambda: camera.ptz.moving)
    send = coordinator.client.ptz
    busy = [GuideRetryLaterError(600, 10021)]

    async def refused_once(*args: Any, **kwargs: Any) -> None:
        if busy:
            raise busy.pop()
        await send(*args, **kwargs)

    with (
        patch("custom_components.thermogate.coordinator.motion.PAUSE", 0),
        patch.object(coordinator.client, "ptz", refused_once),
    ):
        await coordinator.ptz.async_stop()
        await task
    assert not busy
    assert not camera.ptz.moving


@pytest.mark.parametrize("kind", [PtzMotion.CRUISE, PtzMotion.LINE_SCAN])
async def test_stop_ends_what_moves_by_itself(
    camera: CameraSimulator, coordinator: CameraCoordinator, kind: PtzMotion
) -> None:
    """Also what somebody else has started."""
    number = [*PtzMotion].index(kind) + 1
    camera.ptz.run(number, 1, START, camera.camera.now())
    await coordinator.ptz.async_stop()
    assert not camera.ptz.moving


async def test_what_runs_is_stopped_before_another_does(
    camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """A trace would keep the others from running."""
    camera.ptz.traces[2] = [(0.0, camera.ptz.position), (60.0, camera.ptz.position)]
    await coordinator.ptz.async_run(PtzMotion.TRACE, 2, start=True)
    await coordinator.ptz.async_run(PtzMotion.CRUISE, 1, start=True)
    assert [request.message["trace_action"] for request in camera.received(616)] == [
        START,
        STOP,
    ]
    assert camera.ptz.running
    assert (camera.ptz.running.kind, camera.ptz.running.index) == (1, 1)


async def test_a_preset_is_where_it_looks_until_something_moves_it(
    camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """By hand or by itself, whoever has started that; to focus, or to stop what does not run, is not to look elsewhere."""
    await coordinator.ptz.async_go(2)
    await coordinator.ptz.async_run(PtzMotion.CRUISE, 1, start=False)
    await coordinator.ptz.async_move(PtzAction.FOCUS_NEAR, duration=0.01)
    await coordinator.async_refresh()
    assert coordinator.data.preset == 2
    await coordinator.ptz.async_move(PtzAction.ZOOM_IN, duration=0.01)
    assert coordinator.data.preset is None
    await coordinator.ptz.async_go(2)
    camera.ptz.run(1, 1, START, camera.camera.now())
    await coordinator.async_ask_again("ptz")
    assert coordinator.data.preset is None
    await coordinator.ptz.async_run(PtzMotion.CRUISE, 1, start=False)
    assert coordinator.data.preset is None


async def test_a_stop_on_the_way_leaves_the_preset_unreached(
    camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """Nobody knows where it looks then; one that has been there for long is still there."""
    await coordinator.ptz.async_go(2)
    await coordinator.ptz.async_stop()
    assert (coordinator.data.preset, coordinator.data.moved) == (None, True)
    with patch("custom_components.thermogate.coordinator.ptz.LONGEST_WAY", 0):
        await coordinator.ptz.async_go(2)
        await coordinator.ptz.async_stop()
    assert coordinator.data.preset == 2


async def test_what_runs_is_stopped_before_the_camera_goes_elsewhere(
    camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """Not every camera ends a trace by itself, and one that goes on would keep the next from running."""
    camera.ptz.traces[1] = [(0.0, camera.ptz.position), (60.0, camera.ptz.position)]
    ways: list[tuple[int, Callable[[Ptz], Awaitable[None]]]] = [
        (605, lambda ptz: ptz.async_go(1)),
        (600, lambda ptz: ptz.async_move(PtzAction.LEFT, duration=0.01)),
    ]
    for cmdtype, go in ways:
        await coordinator.ptz.async_run(PtzMotion.TRACE, 1, start=True)
        before = len(camera.requests)
        await go(coordinator.ptz)
        sent = [each.cmdtype for each in camera.requests[before:]]
        assert sent.index(616) < sent.index(cmdtype)
        assert coordinator.data.ptz
        assert not coordinator.data.ptz.moving


async def test_a_stop_overtakes_a_move_that_makes_way_first(
    camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """What was pressed last counts, also while a cruise is being stopped for the move before."""
    await coordinator.ptz.async_run(PtzMotion.CRUISE, 1, start=True)
    move = asyncio.create_task(coordinator.ptz.async_move(PtzAction.UP, duration=60))
    await asyncio.sleep(0)
    await coordinator.ptz.async_stop()
    await move
    assert START not in [action for _, action in moves(camera)]
    assert not camera.ptz.moving


async def test_what_has_ended_meanwhile_does_not_stand_in_the_way(
    camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """A camera may refuse to stop what does not run any more."""
    coordinator.async_change(ptz=PtzStatus(moving=True, kind=PtzMotion.CRUISE, index=1))
    with patch.object(
        coordinator.client, "cruise", side_effect=GuideCommandError(610, 10008)
    ):
        await coordinator.ptz.async_go(2)
    assert coordinator.data.preset == 2


@pytest.mark.parametrize(
    ("cmdtype", "chosen"),
    [
        (605, lambda ptz: ptz.async_go(1)),
        (610, lambda ptz: ptz.async_run(PtzMotion.CRUISE, 1, start=True)),
    ],
    ids=["preset", "cruise"],
)
async def test_a_move_ends_before_the_camera_goes_elsewhere(
    camera: CameraSimulator,
    coordinator: CameraCoordinator,
    cmdtype: int,
    chosen: Callable[[Ptz], Awaitable[None]],
) -> None:
    """A stop that came later would end the way there."""
    task = asyncio.create_task(coordinator.ptz.async_move(PtzAction.LEFT, duration=60))
    await until(lambda: camera.ptz.moving)
    await chosen(coordinator.ptz)
    await task
    order = [
        (request.cmdtype, request.message.get("ptz_action"))
        for request in camera.requests
        if request.cmdtype in (600, cmdtype)
    ]
    assert order == [(600, START), (600, STOP), (cmdtype, None)]


def records(camera: CameraSimulator) -> list[tuple[int, int]]:
    """Return trace and action of every order to record, oldest first."""
    return [
        (request.message["trace_index"], request.message["trace_record_action"])
        for request in camera.received(615)
    ]


async def test_a_recording_ends_by_itself(
    hass: HomeAssistant, camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """A camera would record for ever, and no other trace meanwhile."""
    await coordinator.ptz.async_record(1, start=True)
    assert camera.ptz.recording
    for seconds, recording in ((MAX_RECORDING - 5, True), (MAX_RECORDING + 5, False)):
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
        await settle(hass)
        assert bool(camera.ptz.recording) is recording
    assert records(camera) == [(1, START), (1, STOP)]


async def test_a_newer_recording_ends_an_older(
    camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """Of two at once the camera would refuse the second."""
    await coordinator.ptz.async_record(1, start=True)
    await coordinator.ptz.async_record(2, start=True)
    await coordinator.ptz.async_record(2, start=False)
    assert records(camera) == [(1, START), (1, STOP), (2, START), (2, STOP)]
    assert [trace.enabled for trace in coordinator.data.traces[:3]] == [
        True,
        True,
        False,
    ]


async def test_unloading_ends_a_recording(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    coordinator: CameraCoordinator,
) -> None:
    """Nobody could end it later."""
    await coordinator.ptz.async_record(3, start=True)
    with patch("custom_components.thermogate.PLATFORMS", [Platform.SELECT]):
        assert await hass.config_entries.async_unload(camera_entry.entry_id)
    assert records(camera) == [(3, START), (3, STOP)]


async def test_a_recording_that_is_refused_has_not_begun(
    camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """Whoever asked learns it, and nothing has to be stopped later."""
    camera.ptz.record(4, START, camera.camera.now())
    with pytest.raises(HomeAssistantError) as raised:
        await coordinator.ptz.async_record(1, start=True)
    assert raised.value.translation_key == "refused"
    await coordinator.ptz.async_rest()
    assert records(camera) == [(1, START)]


async def test_what_moves_is_not_switched(
    camera: CameraSimulator, coordinator: CameraCoordinator
) -> None:
    """It would have no end."""
    with pytest.raises(ValueError, match="left moves"):
        await coordinator.ptz.async_switch(PtzAction.LEFT, True)
    assert moves(camera) == []
