"""What pushes cost: states written, and memory over a week."""

from collections.abc import Callable
import gc
from itertools import cycle, islice
import sys
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.thermogate.guide import Message
from custom_components.thermogate.guide.session import ControlSession
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from tests.helpers import set_up, settle, state_of
from tests.simulators.camera import CameraSimulator
from tests.waiting import until

WEEK = 7 * 24 * 3600
# Between these measurements there is nearly a week; before the first everything has happened once.
WARM = 20_000
BATCH = 5_000


@pytest.mark.parametrize(
    ("cmdtype", "body", "entity", "shown"),
    [
        (1006, {"status": 1}, "binary_sensor.yard_recording", "on"),
        (
            1007,
            {"obj_list": [{"measure_id": 1, "max_temp": 123.5}]},
            "sensor.yard_transformer_maximum",
            "123.5",
        ),
    ],
)
async def test_one_value_is_one_state(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    cmdtype: int,
    body: dict[str, Any],
    entity: str,
    shown: str,
) -> None:
    """A push with one changed value writes one state, and the same push again none."""
    await set_up(hass, camera_entry)
    changes = async_capture_events(hass, EVENT_STATE_CHANGED)
    written: list[str] = []
    write = Entity.async_write_ha_state

    def count(each: Entity) -> None:
        written.append(each.entity_id)
        write(each)

    with patch.object(Entity, "async_write_ha_state", count):
        await camera.push(cmdtype, body)
        await until(lambda: state_of(hass, entity) == shown)
        await camera.push(cmdtype, body)
        # An answer comes after what was pushed before it.
        await camera_entry.runtime_data.client.version()
        await settle(hass)
    assert written == [entity]
    assert [each.data["entity_id"] for each in changes] == [entity]


@pytest.mark.timeout(120)
async def test_a_week_of_pushes_leaves_memory_flat(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """One each second: 604,800 through the handler of the control socket, each with temperatures of its own."""
    receivers: list[Callable[[Message], None]] = []
    open_session = ControlSession.open

    async def noted(*args: Any) -> ControlSession:
        receivers.append(args[3])
        return await open_session(*args)

    with patch.object(ControlSession, "open", noted):
        await set_up(hass, camera_entry)
    [receive] = receivers
    frames = cycle(
        [
            {
                "action": "notify",
                "cmdtype": 1007,
                "sequence": number,
                "content": {
                    "interval": 1,
                    "obj_list": [{"measure_id": 1, "max_temp": 20 + number / 10}],
                },
            }
            for number in range(500)
        ]
    )

    async def push(count: int) -> None:
        for done in range(0, count, BATCH):
            for frame in islice(frames, min(BATCH, count - done)):
                receive(frame)
            await hass.async_block_till_done()

    def allocated() -> int:
        gc.collect()
        return sys.getallocatedblocks()

    await push(WARM)
    before = allocated()
    await push(WEEK - WARM)
    after = allocated()
    # The camera is polled meanwhile, and the test's log remembers that. One block for each push would be half a million.
    assert after - before < WEEK // 20
    rules = camera_entry.runtime_data.data.temperatures.rules
    assert rules[0].maximum == pytest.approx(20 + 299 / 10)
