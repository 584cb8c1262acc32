"""20,000 mutated frames of a terminal, at a Home Assistant with all entities and the journal."""

import asyncio
import json
import logging
from random import Random
from typing import Final
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_mqtt_message,
)
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.thermogate.journal import Kind
from custom_components.thermogate.keeper import async_get_keeper
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from tests.helpers import SERIAL, set_up, settle

from .replay import Mutator
from .replay_traffic import Traffic, recorded
from .replay_watch import assert_calm, assert_showable, resident_bytes, watched

FRAMES: Final = 20_000
BATCH: Final = 20
SEED: Final = 20
# After the first third; all frames together are several times that.
GROWTH: Final = 16_000_000
PACKAGE: Final = "custom_components.thermogate"
CAPTURES: Final = f"topic/face/capture/request/{SERIAL}"
REPLIES: Final = f"topic/face/manage/response/{SERIAL}"


@pytest.fixture(scope="module")
def traffic() -> Traffic:
    """Return what the simulators say."""
    return recorded()


@pytest.fixture(autouse=True)
def _no_bodies_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Keep MQTT's own notes, with the messages in them, out of memory."""
    caplog.set_level(logging.WARNING)


def sound_capture(number: int) -> dict[str, object]:
    """Return a capture with nothing wrong with it, in the midst of all that."""
    return {
        "cmd": "face",
        "device_sn": SERIAL,
        "sequence_no": 1_000_000 + number,
        "cap_time": f"2026/03/01 08:{number // 60 % 60:02}:{number % 60:02}.{number % 1000:03}",
        "is_realtime": 1,
        "match_result": 90,
        "match_failed_reson": 0,
        "match": {"person_id": "1001", "person_name": f"visitor {number}"},
    }


class Answers:
    """What Home Assistant publishes: acknowledgements by number and time, and what asks for a gate."""

    def __init__(self) -> None:
        """Start with nothing heard."""
        self.acknowledged: set[tuple[object, object]] = set()
        self.gates: list[str] = []

    async def take(self, topic: str, payload: bytes) -> None:
        """Take the place of the broker, which would remember everything."""
        answer = json.loads(payload)
        if "gateway_ctrl" in answer or "control" in answer["cmd"]:
            self.gates.append(topic)
        number, time = answer.get("sequence_no"), answer.get("cap_time")
        if isinstance(number, int) and isinstance(time, str):
            self.acknowledged.add((number, time))


@pytest.mark.timeout(240)
async def test_nothing_comes_of_nonsense_and_everything_of_the_rest(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    terminal_entry: MockConfigEntry,
    traffic: Traffic,
    caplog: pytest.LogCaptureFixture,
    record_property: pytest.RecordProperty,
) -> None:
    """No exception, no stalled or growing Home Assistant; what is sound in between is stored, acknowledged and shown once."""
    mutator = Mutator(Random(SEED), traffic.captures * 3 + traffic.replies)
    lot = Random(SEED)
    answers = Answers()
    with (
        patch(f"{PACKAGE}.facegate.FaceGateClient.alive", return_value=False),
        patch(f"{PACKAGE}.broker.Broker.async_publish", answers.take),
    ):
        await set_up(hass, terminal_entry)
        caplog.clear()
        sent: dict[str, dict[str, object]] = {}
        memory = 0
        async with watched(hass, "event.front_door_access") as watch:
            for batch in range(FRAMES // BATCH):
                for _ in range(BATCH):
                    topic = CAPTURES if lot.random() < 0.7 else REPLIES
                    async_fire_mqtt_message(hass, topic, mutator.frame())
                    await asyncio.sleep(0)
                capture = sound_capture(batch)
                sent[f"visitor {batch}"] = capture
                async_fire_mqtt_message(hass, CAPTURES, json.dumps(capture))
                await settle(hass)
                # It remembers every message that it was handed.
                mqtt_mock.reset_mock()
                if batch == FRAMES // BATCH // 3:
                    memory = resident_bytes()
            assert resident_bytes() - memory < GROWTH
    record_property("longest_stall_seconds", round(watch.longest_stall, 4))
    record_property("grown_bytes", resident_bytes() - memory)
    assert_calm(caplog, watch)
    assert_showable(hass)
    assert terminal_entry.state is ConfigEntryState.LOADED
    assert not answers.gates
    journal = async_get_keeper(hass).journal
    for capture in sent.values():
        assert (capture["sequence_no"], capture["cap_time"]) in answers.acknowledged
        key = f"{capture['sequence_no']}|{capture['cap_time']}"
        assert await journal.knows(SERIAL, Kind.ACCESS, key)
    assert len(watch.events) == len(set(watch.events))
