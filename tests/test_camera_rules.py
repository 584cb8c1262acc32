"""The entities of a camera's temperature rules come and go with the rules."""

from collections.abc import Generator
from copy import deepcopy
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.coordinator.thresholds import breaches
from custom_components.thermogate.guide import (
    Condition,
    GuideCommandError,
    Rule,
    RuleAlarm,
    RuleTemperature,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from tests.helpers import attributes_of, set_up, settle, state_of
from tests.simulators.camera import CameraSimulator, Options as CameraOptions
from tests.simulators.camera.settings import RULES

SHOWN = (Platform.BINARY_SENSOR, Platform.SENSOR)
BUSBAR = {
    "sensor.yard_busbar_maximum",
    "sensor.yard_busbar_minimum",
    "sensor.yard_busbar_average",
    "binary_sensor.yard_busbar_alarm",
}
GUIDE = "custom_components.thermogate.guide.GuideClient"


@pytest.fixture(autouse=True)
def _often() -> Generator[None]:
    """Read the rules in every poll."""
    with patch(
        "custom_components.thermogate.coordinator.camera.CAMERA_SETTINGS_INTERVAL",
        timedelta(0),
    ):
        yield


def rules_of(camera: CameraSimulator) -> list[dict[str, Any]]:
    """Return the rules in the camera, to be changed as a person would with the camera's own pages."""
    rules: list[dict[str, Any]] = camera.camera.settings[RULES]["rule_list"]
    return rules


def add_rule(camera: CameraSimulator, name: str, number: int = 9) -> None:
    """Add a rule in the camera."""
    rules_of(camera).append(
        deepcopy(rules_of(camera)[0]) | {"id": number, "rule_name": name}
    )


async def poll(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Read everything now."""
    await entry.runtime_data.async_refresh()
    await settle(hass)


def shown(hass: HomeAssistant, place: str) -> set[str]:
    """Return the entities of a rule."""
    return {
        state.entity_id
        for state in hass.states.async_all(SHOWN)
        if state.entity_id.split(".")[1].startswith(f"yard_{place}_")
    }


def registered(registry: er.EntityRegistry, entry: MockConfigEntry) -> set[str]:
    """Return what the registry knows of a camera."""
    return {
        known.entity_id
        for known in er.async_entries_for_config_entry(registry, entry.entry_id)
    }


async def test_a_rule_that_is_added_appears(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """No restart is needed."""
    await set_up(hass, camera_entry, *SHOWN)
    add_rule(camera, "Pump")
    await poll(hass, camera_entry)
    assert len(shown(hass, "pump")) == 4
    assert state_of(hass, "sensor.yard_pump_maximum") not in ("unknown", "unavailable")
    assert state_of(hass, "binary_sensor.yard_pump_alarm") == "off"
    assert attributes_of(hass, "sensor.yard_pump_maximum")["friendly_name"] == (
        "Yard Pump maximum"
    )


async def test_a_rule_that_is_removed_disappears(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """From the registry too, and the others stay."""
    await set_up(hass, camera_entry, *SHOWN)
    assert shown(hass, "busbar") == BUSBAR
    before = registered(entity_registry, camera_entry)
    del rules_of(camera)[1]
    await poll(hass, camera_entry)
    assert not shown(hass, "busbar")
    assert before - registered(entity_registry, camera_entry) == BUSBAR | {
        "sensor.yard_busbar_difference"
    }


async def test_a_rule_that_comes_back_appears_again(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Removed and added again, within one life of the entry."""
    await set_up(hass, camera_entry, *SHOWN)
    rule = rules_of(camera).pop(1)
    await poll(hass, camera_entry)
    rules_of(camera).insert(1, rule)
    await poll(hass, camera_entry)
    assert shown(hass, "busbar") == BUSBAR


async def test_rules_that_changed_while_home_assistant_was_down(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """What was removed meanwhile is gone, what was added is there."""
    await set_up(hass, camera_entry, *SHOWN)
    with patch("custom_components.thermogate.PLATFORMS", list(SHOWN)):
        assert await hass.config_entries.async_unload(camera_entry.entry_id)
    del rules_of(camera)[1]
    add_rule(camera, "Pump")
    await set_up(hass, camera_entry, *SHOWN)
    assert not BUSBAR & registered(entity_registry, camera_entry)
    assert len(shown(hass, "pump")) == 4


async def test_all_rules_were_removed_while_home_assistant_was_down(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """A camera that has no rules any more has none."""
    await set_up(hass, camera_entry, *SHOWN)
    with patch("custom_components.thermogate.PLATFORMS", list(SHOWN)):
        assert await hass.config_entries.async_unload(camera_entry.entry_id)
    rules_of(camera).clear()
    await set_up(hass, camera_entry, *SHOWN)
    assert not {
        entity_id
        for entity_id in registered(entity_registry, camera_entry)
        if "yard_busbar" in entity_id or "transformer" in entity_id
    }


async def test_a_rule_that_is_renamed_keeps_its_entities(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """They are the same place still, and are called by its new name."""
    await set_up(hass, camera_entry)
    before = registered(entity_registry, camera_entry)
    rules_of(camera)[1]["rule_name"] = "Main busbar"
    await poll(hass, camera_entry)
    assert registered(entity_registry, camera_entry) == before
    for entity_id in BUSBAR:
        assert attributes_of(hass, entity_id)["friendly_name"].startswith(
            "Yard Main busbar "
        )


@pytest.mark.parametrize(
    "camera_options",
    [CameraOptions(alarm_period=0, quirks=frozenset({"rule-ids-zero"}))],
)
async def test_rules_without_numbers(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Some cameras number no rules; readings and thresholds find each other all the same."""
    await set_up(hass, camera_entry, *SHOWN)
    assert shown(hass, "busbar") == BUSBAR
    await camera.inject("alarm rule name=Busbar")
    for _ in range(200):
        if state_of(hass, "binary_sensor.yard_busbar_alarm") == "on":
            break
        await settle(hass)
    assert state_of(hass, "binary_sensor.yard_busbar_alarm") == "on"


@pytest.mark.parametrize(
    "camera_options",
    [
        CameraOptions(alarm_period=0, quirks=frozenset({quirk}))
        for quirk in ("rules-null", "rules-absent", "no-globals", "string-numbers")
    ],
)
async def test_rules_are_known_from_either_side(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Entities exist for what is set, even where a reading lacks it."""
    await set_up(hass, camera_entry, *SHOWN)
    assert shown(hass, "busbar") == BUSBAR


async def test_rules_that_cannot_be_read_once_stay(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """A camera that refuses for a moment has not lost its rules, and is asked again."""
    await set_up(hass, camera_entry, *SHOWN)
    before = registered(entity_registry, camera_entry)
    refused = GuideCommandError(4, 10008)
    with (
        patch(f"{GUIDE}.rules", side_effect=refused),
        patch(f"{GUIDE}.temperatures", side_effect=refused),
    ):
        await poll(hass, camera_entry)
    assert registered(entity_registry, camera_entry) == before
    assert shown(hass, "busbar") == BUSBAR
    add_rule(camera, "Pump")
    await poll(hass, camera_entry)
    assert len(shown(hass, "pump")) == 4


@pytest.mark.parametrize("also_readings", [True, False])
async def test_rules_that_cannot_be_read_at_the_start_stay(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    also_readings: bool,
) -> None:
    """What was known before Home Assistant restarted is not thrown away because the camera is busy now."""
    await set_up(hass, camera_entry, *SHOWN)
    rules_of(camera).pop()
    await poll(hass, camera_entry)
    before = BUSBAR & registered(entity_registry, camera_entry)
    with patch("custom_components.thermogate.PLATFORMS", list(SHOWN)):
        assert await hass.config_entries.async_unload(camera_entry.entry_id)
    refused = GuideCommandError(4, 10008)
    if not also_readings:
        await camera.inject("rules-absent")
    with patch(f"{GUIDE}.rules", side_effect=refused):
        if also_readings:
            with patch(f"{GUIDE}.temperatures", side_effect=refused):
                await set_up(hass, camera_entry, *SHOWN)
        else:
            await set_up(hass, camera_entry, *SHOWN)
    assert BUSBAR & registered(entity_registry, camera_entry) == before == BUSBAR


# Thresholds, for cameras that cannot report their alarms

READING = RuleTemperature(key="1", maximum=80.0, minimum=20.0, average=50.0)


@pytest.mark.parametrize(
    ("alarm", "condition", "limits", "expected"),
    [
        (RuleAlarm.HIGH, Condition.ABOVE, {"high": 79.9}, True),
        (RuleAlarm.HIGH, Condition.ABOVE, {"high": 80.0}, False),
        (RuleAlarm.HIGH, Condition.BELOW, {"high": 80.1}, True),
        (RuleAlarm.HIGH, None, {"high": 79.9}, True),
        (RuleAlarm.HIGH, Condition.MATCHING, {"high": 79.9}, True),
        (RuleAlarm.HIGH, Condition.ABOVE, {}, False),
        (RuleAlarm.LOW, Condition.BELOW, {"low": 20.1}, True),
        (RuleAlarm.LOW, Condition.BELOW, {"low": 20.0}, False),
        (RuleAlarm.LOW, Condition.ABOVE, {"low": 19.9}, True),
        (RuleAlarm.LOW, None, {"low": 20.1}, True),
        (RuleAlarm.AVERAGE, Condition.ABOVE, {"average": 49.9}, True),
        (RuleAlarm.AVERAGE, Condition.BELOW, {"average": 50.1}, True),
        (RuleAlarm.AVERAGE, None, {"average": 50.1}, False),
        (RuleAlarm.HIGH_AND_LOW, None, {"high": 79.9, "low": 0.0}, True),
        (RuleAlarm.HIGH_AND_LOW, None, {"high": 90.0, "low": 20.1}, True),
        (RuleAlarm.HIGH_AND_LOW, Condition.BELOW, {"high": 90.0, "low": 0.0}, False),
        (RuleAlarm.DIFFERENCE, Condition.ABOVE, {"difference": 59.9}, True),
        (RuleAlarm.DIFFERENCE, Condition.BELOW, {"difference": 60.1}, True),
        (RuleAlarm.DIFFERENCE, None, {"difference": 60.0}, False),
        (RuleAlarm.SLOPE, Condition.ABOVE, {"rate": 0.0}, False),
        (None, Condition.ABOVE, {"high": 0.0}, False),
    ],
)
def test_a_reading_beyond_a_threshold(
    alarm: RuleAlarm | None,
    condition: Condition | None,
    limits: dict[str, float],
    expected: bool,
) -> None:
    """Each type of alarm looks at its own temperature and its own threshold, as the camera would."""
    rule = Rule(
        key="1",
        alarm_enabled=True,
        alarm_type=alarm,
        alarm_condition=condition,
        **limits,
    )
    assert breaches(rule, READING) is expected


@pytest.mark.parametrize("enabled", [False, None])
def test_a_rule_that_does_not_alarm(enabled: bool | None) -> None:
    """Whatever it measures."""
    rule = Rule(
        key="1",
        alarm_enabled=enabled,
        alarm_type=RuleAlarm.HIGH,
        alarm_condition=Condition.ABOVE,
        high=0.0,
    )
    assert not breaches(rule, READING)


@pytest.mark.parametrize(
    ("alarm", "reading"),
    [
        (RuleAlarm.HIGH, RuleTemperature(key="1")),
        (RuleAlarm.DIFFERENCE, RuleTemperature(key="1", maximum=80.0)),
        (RuleAlarm.DIFFERENCE, RuleTemperature(key="1", minimum=80.0)),
    ],
)
def test_a_reading_that_lacks_the_value(
    alarm: RuleAlarm, reading: RuleTemperature
) -> None:
    """Nothing is beyond anything."""
    rule = Rule(key="1", alarm_enabled=True, alarm_type=alarm, high=0.0, difference=0.0)
    assert not breaches(rule, reading)
