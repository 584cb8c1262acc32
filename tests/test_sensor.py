"""Who was last at the door, and how hot things are."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from freezegun import freeze_time
from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from tests.helpers import ONE, capture, door, set_up, settle, state_of
from tests.simulators.camera import CameraSimulator
from tests.simulators.terminal import Options, Quirk, TerminalSimulator

QUESTIONS = "custom_components.thermogate.coordinator.questions"


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "every_update_shows")
async def test_terminal(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A terminal shows who came last, when, and what came of it."""
    # Which second it is when the clock is read depends on the machine.
    with patch(f"{QUESTIONS}.clock_offset", return_value=timedelta()):
        await set_up(hass, terminal_entry, Platform.SENSOR)
    with freeze_time(ONE):
        await capture(hass, terminal, "hot", cap_time="2026/06/15 12:59:58.250")
        # An hour has passed at once, so this was asked beside the capture.
        terminal_entry.runtime_data.capabilities.async_ask_again("request_records")
        await settle(hass)
    await snapshot_platform(hass, entity_registry, snapshot, terminal_entry.entry_id)


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "still_scene")
async def test_camera(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A camera measures the whole image and every rule."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    await snapshot_platform(hass, entity_registry, snapshot, camera_entry.entry_id)


@pytest.mark.parametrize(
    ("kind", "wishes", "shown"),
    [
        (
            "known",
            {"person": "Amara Okafor", "temperature": 36.5, "score": 91},
            {
                "person": "Amara Okafor",
                "result": "granted",
                "reason_for_denial": "unknown",
                "body_temperature": "36.5",
                "match_score": "91",
            },
        ),
        ("stranger", {}, {"person": "unknown", "result": "stranger"}),
        (
            "denied",
            {},
            {
                "person": "Henry Blackwood",
                "result": "denied",
                "reason_for_denial": "restricted_person",
            },
        ),
        (
            "hot",
            {"temperature": 38.7},
            {
                "result": "denied",
                "reason_for_denial": "temperature_too_high",
                "body_temperature": "38.7",
            },
        ),
    ],
)
@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_a_capture_is_the_last_access(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    kind: str,
    wishes: dict[str, Any],
    shown: dict[str, str],
) -> None:
    """Each sensor shows its part of it."""
    await set_up(hass, terminal_entry, Platform.SENSOR)
    await capture(hass, terminal, kind, **wishes)
    assert {
        name: state_of(hass, f"sensor.front_door_last_{name}") for name in shown
    } == shown


@pytest.mark.parametrize(
    "terminal_options",
    [door(Quirk.FAHRENHEIT), door(Quirk.FAHRENHEIT, Quirk.CAPTURE_ONLY)],
)
@pytest.mark.usefixtures("short_patience")
async def test_degrees_fahrenheit_are_converted(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """A terminal that measures in Fahrenheit shows as warm as any other, also before or without telling its settings."""
    await set_up(hass, terminal_entry, Platform.SENSOR)
    await capture(hass, terminal, temperature=36.5)
    assert state_of(hass, "sensor.front_door_last_body_temperature") == "36.5"


@pytest.mark.parametrize("terminal_options", [door(Quirk.NO_TEMPERATURE)])
async def test_a_temperature_that_was_not_measured(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Is unknown, not zero."""
    await set_up(hass, terminal_entry, Platform.SENSOR)
    await capture(hass, terminal)
    assert state_of(hass, "sensor.front_door_last_body_temperature") == "unknown"


@pytest.mark.usefixtures("still_scene")
async def test_temperatures_are_those_of_the_camera(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The whole image and each rule, as the camera measures them."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    measured = await camera.camera.measure()
    places = {"": measured.whole} | {
        f"{rule['rule_name'].lower().replace(' ', '_')}_": seen
        for rule, seen in measured.rules
    }
    assert len(places) == 5
    for place, seen in places.items():
        names = ("maximum", "minimum", "average")
        if not place:
            names = tuple(f"{name}_temperature" for name in names)
        values = (seen.highest, seen.lowest, seen.average)
        for name, value in zip(names, values, strict=True):
            shown = state_of(hass, f"sensor.yard_{place}{name}")
            assert float(str(shown)) == pytest.approx(value, abs=0.06), name
