"""Each temperature rule has a switch for its alarm and numbers for its thresholds, and counts only while the camera sees it."""

import asyncio
from collections.abc import Generator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.coordinator.camera_state import CameraState
from custom_components.thermogate.coordinator.rules_in_sight import looks_at
from custom_components.thermogate.guide import (
    GuideClient,
    GuideCommandError,
    PtzMotion,
    PtzStatus,
    RuleTemperature,
    Temperatures,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from tests.helpers import act, set_up, settle, state_of
from tests.simulators.camera import CameraSimulator, Options
from tests.simulators.camera.call import Call
from tests.simulators.camera.camera import HANDLERS
from tests.simulators.camera.commands import temperatures
from tests.simulators.camera.settings import RULES
from tests.waiting import until

SWITCH = "switch.yard_busbar_alarm"
HIGH = "number.yard_busbar_high_threshold"
MAXIMUM = "sensor.yard_busbar_maximum"
ALARM = "binary_sensor.yard_busbar_alarm"
PRESET = "select.yard_ptz_preset"
INTERVAL = "custom_components.thermogate.coordinator.camera.CAMERA_SETTINGS_INTERVAL"


@pytest.fixture(autouse=True)
def _often() -> Generator[None]:
    """Read the rules in every poll."""
    with patch(INTERVAL, timedelta(0)):
        yield


def rule_of(camera: CameraSimulator, number: int = 2) -> dict[str, Any]:
    """Return a rule in the camera; the second is that of the busbar."""
    rule: dict[str, Any] = camera.camera.settings[RULES]["rule_list"][number - 1]
    return rule


async def poll(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Read everything now."""
    await entry.runtime_data.async_refresh()
    await settle(hass)


# The switch and the numbers


async def test_the_alarm_is_switched(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """At the camera, for this rule only; and what is changed there shows."""
    await set_up(hass, camera_entry, Platform.SWITCH)
    assert state_of(hass, SWITCH) == "on"
    await act(hass, "switch.turn_off", SWITCH)
    assert rule_of(camera)["alarm_flag"] == 0
    assert rule_of(camera, 1)["alarm_flag"] == 1
    assert state_of(hass, SWITCH) == "off"
    await act(hass, "switch.turn_on", SWITCH)
    assert rule_of(camera)["alarm_flag"] == 1
    rule_of(camera)["alarm_flag"] = 0
    await poll(hass, camera_entry)
    assert state_of(hass, SWITCH) == "off"


async def test_what_changes_while_it_is_read_is_read_once_more(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Rules without numbers take two questions: a person can change one in between."""
    camera.camera.quirks.add("rule-ids-zero")
    await set_up(hass, camera_entry, Platform.SWITCH)
    coordinator = camera_entry.runtime_data
    again: list[asyncio.Task[None]] = []

    async def changed_meanwhile(call: Call) -> dict[str, Any]:
        if not again:
            rule_of(camera)["alarm_flag"] = 0
            again.append(hass.async_create_task(coordinator.async_ask_again("rules")))
        return await temperatures(call)

    with (
        patch(INTERVAL, timedelta(minutes=1)),
        patch.dict(HANDLERS, {520: changed_meanwhile}),
    ):
        await coordinator.async_ask_again("rules")
        await again[0]
    assert state_of(hass, SWITCH) == "off"


@pytest.mark.parametrize(
    ("threshold", "field", "least", "most"),
    [
        ("high", "high_temp", -40, 2000),
        ("low", "low_temp", -40, 2000),
        ("average", "avg_temp", -40, 2000),
        ("difference", "diff_temp", 0, 2000),
        ("slope", "rate_temp", -600, 600),
    ],
)
@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_thresholds(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    threshold: str,
    field: str,
    least: float,
    most: float,
) -> None:
    """Each is set at the camera, to both ends of the document's range and not beyond; and what is changed there shows."""
    await set_up(hass, camera_entry, Platform.NUMBER)
    entity = f"number.yard_busbar_{threshold}_threshold"
    for value in (least, most, 12.3):
        await act(hass, "number.set_value", entity, value=value)
        assert rule_of(camera)[field] == value
        assert float(state_of(hass, entity) or "") == value
    for value in (least - 0.1, most + 0.1):
        with pytest.raises(ServiceValidationError):
            await act(hass, "number.set_value", entity, value=value)
    assert rule_of(camera)[field] == 12.3
    rule_of(camera)[field] = 45.5
    await poll(hass, camera_entry)
    assert state_of(hass, entity) == "45.5"


@pytest.mark.parametrize(
    ("alarm_type", "used"),
    [
        (1, {"high"}),
        (2, {"low"}),
        (3, {"average"}),
        (4, {"high", "low"}),
        (5, {"difference"}),
        (6, {"slope"}),
    ],
)
async def test_the_thresholds_that_an_alarm_uses_are_enabled(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    alarm_type: int,
    used: set[str],
) -> None:
    """The others are there for those who want them; so is the sensor of a difference."""
    rule_of(camera)["alarm_type"] = alarm_type
    await set_up(hass, camera_entry, Platform.NUMBER, Platform.SENSOR)
    enabled = {
        known.entity_id: not known.disabled
        for known in er.async_entries_for_config_entry(
            entity_registry, camera_entry.entry_id
        )
    }
    for threshold in ("high", "low", "average", "difference", "slope"):
        assert enabled[f"number.yard_busbar_{threshold}_threshold"] == (
            threshold in used
        )
    assert enabled["sensor.yard_busbar_difference"] == ("difference" in used)


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_what_a_rule_does_not_have(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Older firmware tells no slope; and a point has no difference."""
    for name in ("rate_temp", "alarm_flag"):
        del rule_of(camera)[name]
    rule_of(camera).update(type=1, points=[{"x": 60, "y": 118}])
    await set_up(hass, camera_entry, Platform.NUMBER, Platform.SENSOR, Platform.SWITCH)
    assert state_of(hass, HIGH) == "75.0"
    assert state_of(hass, "number.yard_busbar_slope_threshold") is None
    assert state_of(hass, SWITCH) is None
    assert state_of(hass, "sensor.yard_busbar_difference") is None
    assert state_of(hass, MAXIMUM) is not None
    assert state_of(hass, "sensor.yard_transformer_difference") is not None


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_the_difference_is_that_of_the_extremes(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """It is what an alarm about it compares."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    maximum, minimum, difference = (
        float(state_of(hass, f"sensor.yard_busbar_{each}") or "")
        for each in ("maximum", "minimum", "difference")
    )
    assert difference == pytest.approx(maximum - minimum, abs=0.01)


async def test_settings_that_are_known_late(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """A camera that is busy at first has its switches as soon as it tells, and what a person made of them stays."""
    await set_up(hass, camera_entry, Platform.SWITCH)
    entity_registry.async_update_entity(SWITCH, name="Watch the busbar")
    with patch("custom_components.thermogate.PLATFORMS", [Platform.SWITCH]):
        assert await hass.config_entries.async_unload(camera_entry.entry_id)
    busy = GuideCommandError(4, 10008)
    with patch.object(GuideClient, "rules", side_effect=busy):
        await set_up(hass, camera_entry, Platform.SWITCH)
    assert entity_registry.async_get(SWITCH) is not None
    camera_entry.runtime_data.unsupported.clear()
    await poll(hass, camera_entry)
    assert state_of(hass, SWITCH) == "on"
    known = entity_registry.async_get(SWITCH)
    assert known is not None
    assert known.name == "Watch the busbar"


async def test_a_rule_that_is_gone_meanwhile(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """No other is changed instead."""
    await set_up(hass, camera_entry, Platform.SWITCH)
    del camera.camera.settings[RULES]["rule_list"][1]
    with pytest.raises(ServiceValidationError):
        await act(hass, "switch.turn_off", SWITCH)
    assert not camera.received(3)


@pytest.mark.parametrize(
    "camera_options",
    [Options(alarm_period=0, quirks=frozenset({"rule-ids-zero"}))],
)
async def test_rules_without_numbers(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Their names tell them apart."""
    await set_up(hass, camera_entry, Platform.SWITCH)
    await act(hass, "switch.turn_off", SWITCH)
    assert rule_of(camera)["alarm_flag"] == 0
    assert state_of(hass, SWITCH) == "off"


# Presets

SHOWN = (Platform.SENSOR, Platform.BINARY_SENSOR, Platform.SELECT, Platform.SWITCH)


def at_presets(camera: CameraSimulator, *presets: int) -> None:
    """Let the camera's first rules belong to presets."""
    for number, preset in enumerate(presets, start=1):
        rule_of(camera, number)["preset"] = preset


async def test_rules_count_while_the_camera_sees_them(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The camera tells temperatures of all of them, wherever it looks."""
    at_presets(camera, 1, 2)
    await set_up(hass, camera_entry, *SHOWN)
    transformer = "sensor.yard_transformer_maximum"
    assert (state_of(hass, transformer), state_of(hass, MAXIMUM)) == ("unknown",) * 2
    [first, second, *_] = [preset.name for preset in camera.ptz.presets.values()]
    await act(hass, "select.select_option", PRESET, option=second)
    assert state_of(hass, transformer) == "unknown"
    assert state_of(hass, MAXIMUM) != "unknown"
    assert state_of(hass, ALARM) == "off"
    await act(hass, "select.select_option", PRESET, option=first)
    assert state_of(hass, transformer) != "unknown"
    assert (state_of(hass, MAXIMUM), state_of(hass, ALARM)) == ("unknown",) * 2
    # Its settings are the same, wherever the camera looks; and so is what belongs to no preset.
    assert state_of(hass, SWITCH) == "on"
    assert state_of(hass, "sensor.yard_whole_yard_maximum") != "unknown"


async def test_a_camera_that_is_moved_by_hand(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """It looks elsewhere, until it is sent back to a preset."""
    at_presets(camera, *[1] * 4)
    await set_up(hass, camera_entry, *SHOWN)
    # Nothing is known of another place.
    assert state_of(hass, MAXIMUM) != "unknown"
    await camera_entry.runtime_data.ptz.async_run(PtzMotion.CRUISE, 1, start=True)
    await poll(hass, camera_entry)
    assert state_of(hass, MAXIMUM) == "unknown"
    name = camera.ptz.presets[1].name
    await act(hass, "select.select_option", PRESET, option=name)
    assert state_of(hass, MAXIMUM) != "unknown"


async def test_what_was_reported_stands(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """A camera that has moved on has seen the alarm all the same."""
    at_presets(camera, 1, 2)
    await set_up(hass, camera_entry, *SHOWN)
    assert state_of(hass, ALARM) == "unknown"
    await camera.inject("alarm rule name=Busbar")
    await until(lambda: state_of(hass, ALARM) == "on")


@pytest.mark.parametrize(("told", "alarms"), [(2, ["off", "on"]), (0, ["on", "on"])])
async def test_rules_of_one_name_at_two_presets(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    told: int,
    alarms: list[str],
) -> None:
    """Only that of the preset alarms, if the camera says which it is."""
    at_presets(camera, 1, 2)
    rule_of(camera, 1)["rule_name"] = rule_of(camera, 2)["rule_name"]
    await set_up(hass, camera_entry, Platform.BINARY_SENSOR, Platform.SELECT)
    await act(hass, "select.select_option", PRESET, option=camera.ptz.presets[1].name)
    await camera.push(1000, {"type": 1, "name": "Busbar", "preset": told})
    second = f"{ALARM}_2"
    await until(lambda: state_of(hass, second) == "on")
    assert [state_of(hass, each) for each in (ALARM, second)] == alarms


@pytest.mark.parametrize("camera_options", [Options(quirks=frozenset({"no-ptz"}))])
async def test_a_camera_that_cannot_move(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """It sees all its rules, whatever it says of presets."""
    at_presets(camera, 1, 2)
    await set_up(hass, camera_entry, *SHOWN)
    for name in ("transformer", "busbar"):
        assert state_of(hass, f"sensor.yard_{name}_maximum") != "unknown"


def readings(*presets: int | None) -> Temperatures:
    """Return what a camera measures for presets."""
    return Temperatures(
        rules=tuple(
            RuleTemperature(key=str(number), maximum=50.0, preset=preset)
            for number, preset in enumerate(presets)
        )
    )


STILL, TURNING = PtzStatus(moving=False), PtzStatus(moving=True)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (CameraState(ptz=STILL, preset=3), 3),
        (CameraState(ptz=STILL, preset=3, temperatures=readings(1)), 3),
        (CameraState(ptz=TURNING, preset=3), None),
        (CameraState(ptz=STILL, moved=True, temperatures=readings(1)), None),
        (CameraState(ptz=STILL, temperatures=readings(0, 1, None, 1)), 1),
        (CameraState(ptz=STILL, temperatures=readings(1, 2)), None),
        (CameraState(ptz=STILL, temperatures=readings(0)), None),
    ],
)
def test_where_a_camera_looks(state: CameraState, expected: int | None) -> None:
    """Where it was sent, while nothing turns it; else what it measures for, if nobody has moved it."""
    assert looks_at(state) == expected


async def test_a_report_that_does_not_say_the_preset(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """It is of a rule whose preset is known."""
    at_presets(camera, 1, 2)
    await set_up(hass, camera_entry, *SHOWN)
    coordinator = camera_entry.runtime_data
    measured = {"measure_id": 2, "measure_type": 2, "max_temp": 99.0}
    await camera.push(1007, {"interval": 5, "obj_list": [measured]})
    await until(
        lambda: 99.0 in [each.maximum for each in coordinator.data.temperatures.rules]
    )
    assert state_of(hass, MAXIMUM) == "unknown"
    await coordinator.ptz.async_go(2)
    assert state_of(hass, MAXIMUM) == "99.0"
