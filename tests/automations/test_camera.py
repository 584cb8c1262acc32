"""Automations that a camera starts."""

from dataclasses import replace
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from tests.helpers import act, set_up, settle, state_of
from tests.persons.house import device_id
from tests.simulators.camera import CameraSimulator
from tests.waiting import until

from .house import aimed_at, automate, is_refused, told

PRESET = "select.yard_ptz_preset"
RULE = "Transformer"


@pytest.fixture
async def yard(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> dict[str, Any]:
    """Set the camera up and return a target that is it."""
    await set_up(hass, camera_entry, Platform.EVENT, Platform.SELECT)
    return aimed_at(device_id(hass, camera.options.serial))


@pytest.mark.parametrize(
    ("trigger", "options", "alarm", "known"),
    [
        ("temperature_alarm", {}, "rule", {"rule": RULE, "measured": "high"}),
        ("temperature_alarm", {"rule": "transformer"}, "rule", {"rule": RULE}),
        ("hot_spot", {}, "hot", {"type": "hot_spot"}),
        ("fire", {}, "fire", {"type": "fire"}),
        ("external_input", {}, "input", {"type": "external_input"}),
    ],
)
async def test_an_alarm(
    hass: HomeAssistant,
    camera: CameraSimulator,
    yard: dict[str, Any],
    trigger: str,
    options: dict[str, Any],
    alarm: str,
    known: dict[str, Any],
) -> None:
    """Starts the automation, with what the event tells."""
    noted = await automate(hass, trigger, yard, **options)
    await camera.inject(f"alarm {alarm}")
    await until(lambda: noted)
    run = told(noted[0])
    assert {name: run[name] for name in known} == known
    assert run["event_id"]
    assert run["name"] == "Yard"


@pytest.mark.parametrize(
    ("trigger", "options", "alarm"),
    [
        ("temperature_alarm", {"rule": "Busbar"}, "rule"),
        ("fire", {"area": "Nowhere"}, "fire"),
        ("hot_spot", {}, "fire"),
    ],
)
async def test_an_alarm_of_something_else(
    hass: HomeAssistant,
    camera: CameraSimulator,
    yard: dict[str, Any],
    trigger: str,
    options: dict[str, Any],
    alarm: str,
) -> None:
    """Starts nothing."""
    noted = await automate(hass, trigger, yard, **options)
    await camera.inject(f"alarm {alarm}")
    await until(lambda: state_of(hass, "event.yard_alarm") != "unknown")
    await settle(hass)
    assert noted == []


def measured(entry: MockConfigEntry, maximum: float | None) -> None:
    """Let the rule on the transformer measure that much."""
    camera = entry.runtime_data
    temperatures = camera.data.temperatures
    camera.async_change(
        temperatures=replace(
            temperatures,
            rules=tuple(
                replace(rule, maximum=maximum, average=20.0, minimum=10.0)
                if rule.name == RULE
                else rule
                for rule in temperatures.rules
            ),
        )
    )


@pytest.mark.parametrize(
    ("options", "maxima", "runs"),
    [
        ({"above": 80}, (80.0, 80.1, 90.0), [80.1]),
        ({"above": 80}, (70.0, 81.0, 79.0, 82.0), [81.0, 82.0]),
        ({"above": 80}, (70.0, None, 81.0), [81.0]),
        ({"above": 80, "rule": ["Busbar"]}, (70.0, 81.0), []),
        ({"above": 80, "rule": ["transformer"]}, (70.0, 81.0), [81.0]),
        ({"above": 80, "measured": "average"}, (70.0, 81.0), []),
        ({"below": 10}, (10.0, 9.9), [9.9]),
        ({"above": 20, "below": 30}, (10.0, 31.0, 25.0, 15.0), [25.0]),
    ],
)
@pytest.mark.usefixtures("every_update_shows")
async def test_a_threshold(
    hass: HomeAssistant,
    camera_entry: MockConfigEntry,
    yard: dict[str, Any],
    options: dict[str, Any],
    maxima: tuple[float | None, ...],
    runs: list[float],
) -> None:
    """Starts it each time it is crossed, from its other side."""
    measured(camera_entry, maxima[0])
    await settle(hass)
    noted = await automate(
        hass,
        "rule_temperature_crossed",
        yard,
        **{"rule": [RULE]} | options,
    )
    for maximum in maxima[1:]:
        measured(camera_entry, maximum)
        await settle(hass)
    assert [told(run)["temperature"] for run in noted] == runs
    assert {told(run)["rule"] for run in noted} <= {RULE}


async def test_a_threshold_that_is_crossed_already(
    hass: HomeAssistant, camera_entry: MockConfigEntry, yard: dict[str, Any]
) -> None:
    """Nothing has happened: a new camera, or one that is only reloaded, starts nothing."""
    noted = await automate(
        hass, "rule_temperature_crossed", yard, above=-40, rule=[RULE]
    )
    assert await hass.config_entries.async_reload(camera_entry.entry_id)
    await settle(hass)
    assert noted == []


@pytest.mark.usefixtures("still_scene")
async def test_a_threshold_across_a_reload(
    hass: HomeAssistant, camera_entry: MockConfigEntry, yard: dict[str, Any]
) -> None:
    """What is crossed meanwhile is told when the camera is back."""
    measured(camera_entry, 1.0)
    noted = await automate(hass, "rule_temperature_crossed", yard, above=2, rule=[RULE])
    assert await hass.config_entries.async_reload(camera_entry.entry_id)
    await settle(hass)
    assert len(noted) == 1


@pytest.mark.parametrize(
    "options", [{}, {"above": 30, "below": 20}, {"above": 1, "measured": "median"}]
)
async def test_thresholds_that_make_no_sense(
    hass: HomeAssistant, yard: dict[str, Any], options: dict[str, Any]
) -> None:
    """The automation is refused."""
    await automate(hass, "rule_temperature_crossed", yard, **options)
    assert is_refused(hass)


@pytest.mark.parametrize("wanted", [{}, {"preset": "{name}"}, {"preset": ["{index}"]}])
async def test_a_preset(
    hass: HomeAssistant,
    camera: CameraSimulator,
    yard: dict[str, Any],
    wanted: dict[str, Any],
) -> None:
    """Starts it when the camera is sent there, by name or by number."""
    index, preset = next(iter(camera.ptz.presets.items()))
    filled = {
        key: [text.format(name=preset.name, index=index) for text in _texts(value)]
        for key, value in wanted.items()
    }
    noted = await automate(hass, "camera_at_preset", yard, **filled)
    for _ in range(2):
        await act(hass, "select.select_option", PRESET, option=preset.name)
        await settle(hass)
    assert [told(run)["preset"] for run in noted] == [index]
    assert told(noted[0])["preset_name"] == preset.name


def _texts(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


async def test_another_preset(
    hass: HomeAssistant, camera: CameraSimulator, yard: dict[str, Any]
) -> None:
    """Starts nothing."""
    preset = next(iter(camera.ptz.presets.values()))
    noted = await automate(hass, "camera_at_preset", yard, preset="The moon")
    await act(hass, "select.select_option", PRESET, option=preset.name)
    await settle(hass)
    assert noted == []
