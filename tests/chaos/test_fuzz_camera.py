"""20,000 mutated frames over a camera's control socket, at a Home Assistant with all entities and the journal."""

from collections import Counter
from datetime import timedelta
import logging
from random import Random
from typing import Final
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.guide import GuideConnectionError
from custom_components.thermogate.guide.pushes import ForcedLogout, parse_push
from custom_components.thermogate.guide.wire import decode
from custom_components.thermogate.journal import Query
from custom_components.thermogate.keeper import async_get_keeper
from homeassistant.core import HomeAssistant
from tests.helpers import set_up, settle
from tests.simulators.camera import CameraSimulator
from tests.waiting import until

from .replay import Mutator
from .replay_traffic import Traffic, recorded
from .replay_watch import assert_calm, assert_showable, resident_bytes, watched

FRAMES: Final = 20_000
BATCH: Final = 40
SEED: Final = 7
GROWTH: Final = 16_000_000
LOGIN: Final = 501


@pytest.fixture(scope="module")
def traffic() -> Traffic:
    """Return what the simulators say."""
    return recorded()


def logs_out(frame: bytes) -> bool:
    """Whether a frame says that somebody else has logged in, which ends a session rightly."""
    try:
        return isinstance(parse_push(decode(frame)), ForcedLogout)
    except GuideConnectionError:
        return False


async def stored_areas(hass: HomeAssistant) -> Counter[str]:
    """Return how often each area of an alarm is in the journal."""
    journal = async_get_keeper(hass).journal
    areas: Counter[str] = Counter()
    cursor = None
    while True:
        page = await journal.search(Query(limit=500, cursor=cursor))
        areas.update(entry.subject for entry in page.entries)
        if (cursor := page.cursor) is None:
            return areas


@pytest.mark.timeout(240)
async def test_nothing_comes_of_nonsense_and_everything_of_the_rest(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    traffic: Traffic,
    caplog: pytest.LogCaptureFixture,
    record_property: pytest.RecordProperty,
) -> None:
    """One session all the way, no exception, no stalled or growing Home Assistant; each sound alarm in between is one."""
    caplog.set_level(logging.WARNING)
    mutator = Mutator(Random(SEED), traffic.pushes * 2 + traffic.answers)
    # Nothing is asked meanwhile: whoever plays the camera may answer as it likes.
    with patch(
        "custom_components.thermogate.coordinator.camera.DEFAULT_POLL_INTERVAL",
        timedelta(days=1).total_seconds(),
    ):
        await set_up(hass, camera_entry)
    caplog.clear()
    memory = 0
    async with watched(hass, "event.yard_alarm") as watch:
        for batch in range(FRAMES // BATCH):
            for _ in range(BATCH):
                frame = mutator.frame()
                if not logs_out(frame):
                    assert await camera.push_text(frame) == 1
            seen = len(watch.events)
            await camera.push(1011, {"name": f"sound {batch}"})
            await until(lambda seen=seen: len(watch.events) > seen)
            await settle(hass)
            if batch == FRAMES // BATCH // 3:
                memory = resident_bytes()
        grown = resident_bytes() - memory
    record_property("longest_stall_seconds", round(watch.longest_stall, 4))
    record_property("grown_bytes", grown)
    assert grown < GROWTH
    assert_calm(caplog, watch)
    assert_showable(hass)
    assert len(camera.received(LOGIN)) == 1
    assert camera.listeners == 1
    assert len(watch.events) == len(set(watch.events))
    stored = await stored_areas(hass)
    assert {f"sound {batch}": 1 for batch in range(FRAMES // BATCH)}.items() <= (
        stored.items()
    )
