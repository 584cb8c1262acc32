"""What is wrong shows for as long as it is reported."""

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.thermogate.const import CONF_HOLD_TIME
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from tests.helpers import capture, door, passes, set_up, settle, state_of
from tests.simulators.camera import CameraSimulator
from tests.simulators.terminal import Options, TerminalSimulator
from tests.waiting import until

ALARMS = ("temperature", "mask", "stranger")


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_terminal(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A terminal tells of fever, masks and strangers, and whether it is there."""
    await set_up(hass, terminal_entry, Platform.BINARY_SENSOR)
    await snapshot_platform(hass, entity_registry, snapshot, terminal_entry.entry_id)


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_camera(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A camera has a sensor for everything that it reports, and one for each rule."""
    await set_up(hass, camera_entry, Platform.BINARY_SENSOR)
    await snapshot_platform(hass, entity_registry, snapshot, camera_entry.entry_id)


@pytest.mark.parametrize(
    ("kind", "alarms"),
    [
        ("known", set()),
        ("masked", set()),
        ("denied", set()),
        ("stranger", {"stranger"}),
        ("hot", {"temperature"}),
        ("nomask", {"mask"}),
    ],
)
async def test_a_capture_raises_its_alarm(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    kind: str,
    alarms: set[str],
) -> None:
    """Each alarm has one cause."""
    await set_up(hass, terminal_entry, Platform.BINARY_SENSOR)
    await capture(hass, terminal, kind)
    assert {
        alarm
        for alarm in ALARMS
        if state_of(hass, f"binary_sensor.front_door_{alarm}_alarm") == "on"
    } == alarms


async def test_an_alarm_ends_by_itself(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """No device says that an alarm is over: it is, when it was not repeated for the hold time."""
    hass.config_entries.async_update_entry(terminal_entry, options={CONF_HOLD_TIME: 10})
    await set_up(hass, terminal_entry, Platform.BINARY_SENSOR)
    stranger = "binary_sensor.front_door_stranger_alarm"
    await capture(hass, terminal, "stranger")
    clock.tick(8)
    await capture(hass, terminal, "stranger")
    clock.tick(8)
    await passes(hass)
    assert state_of(hass, stranger) == "on"
    clock.tick(3)
    await passes(hass)
    assert state_of(hass, stranger) == "off"


async def test_a_backlog_raises_no_alarm(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """A stranger of yesterday is no stranger at the door."""
    await set_up(hass, terminal_entry, Platform.BINARY_SENSOR)
    await terminal.capture(
        "stranger", change=lambda message: message.update(is_realtime=0)
    )
    await settle(hass)
    assert state_of(hass, "binary_sensor.front_door_stranger_alarm") == "off"


@pytest.mark.parametrize(
    ("alarm", "shown"),
    [
        ("rule", "temperature"),
        ("hot", "hot_spot"),
        ("cold", "cold_spot"),
        ("fire", "fire"),
        ("input", "external_input"),
        ("body", "temperature"),
        ("illegal-access", "illegal_access"),
        ("storage-full", "storage_full"),
        ("storage-failure", "storage_failure"),
        ("stream", "stream_failure"),
        ("network", "network_fault"),
    ],
)
async def test_a_push_raises_its_alarm(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    alarm: str,
    shown: str,
) -> None:
    """Everything that the camera pushes shows, and nothing else does."""
    hass.config_entries.async_update_entry(camera_entry, options={CONF_HOLD_TIME: 1})
    await set_up(hass, camera_entry, Platform.BINARY_SENSOR)
    sensor = f"binary_sensor.yard_{shown}_alarm"
    assert state_of(hass, sensor) == "off"
    await camera.inject(f"alarm {alarm}")
    await until(lambda: state_of(hass, sensor) == "on")
    rules = {"binary_sensor.yard_transformer_alarm"} if alarm == "rule" else set()
    assert {
        state.entity_id
        for state in hass.states.async_all("binary_sensor")
        if state.state == "on"
    } == {"binary_sensor.yard_connectivity", sensor} | rules


async def test_a_push_ends_by_itself(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The camera does not say that an alarm is over either."""
    hass.config_entries.async_update_entry(camera_entry, options={CONF_HOLD_TIME: 0.2})
    await set_up(hass, camera_entry, Platform.BINARY_SENSOR)
    network = "binary_sensor.yard_network_fault_alarm"
    await camera.inject("alarm network")
    await until(lambda: state_of(hass, network) == "on")
    await until(lambda: state_of(hass, network) == "off")


async def test_the_alarm_of_a_rule_is_its_own(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """A rule's alarm shows which place it is that is too hot."""
    await set_up(hass, camera_entry, Platform.BINARY_SENSOR)
    await camera.inject("alarm rule name=Busbar")
    busbar = "binary_sensor.yard_busbar_alarm"
    await until(lambda: state_of(hass, busbar) == "on")
    assert state_of(hass, "binary_sensor.yard_motor_bearing_alarm") == "off"


async def test_recording_is_pushed(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Whether the camera records shows as soon as it says so."""
    await set_up(hass, camera_entry, Platform.BINARY_SENSOR)
    recording = "binary_sensor.yard_recording"
    assert state_of(hass, recording) == "off"
    await camera.push(1006, {"status": 1, "time": 3, "allrecord": 0})
    await until(lambda: state_of(hass, recording) == "on")
    await camera.push(1006, {"status": 0, "time": 0, "allrecord": 0})
    await until(lambda: state_of(hass, recording) == "off")
