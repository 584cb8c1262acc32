"""A camera is reached by the best way there is, and what changes at it shows."""

from collections.abc import Generator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.thermogate.const import CONF_HOLD_TIME, DOMAIN, EVENT_ALARM
from custom_components.thermogate.coordinator import CameraCoordinator
from custom_components.thermogate.guide import (
    GuideCommandError,
    GuideConnectionError,
    GuideRetryLaterError,
)
from custom_components.thermogate.guide.timing import Timing
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import EVENT_STATE_CHANGED, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.entity import Entity
from tests.helpers import act, attributes_of, set_up, settle, state_of
from tests.simulators.camera import CameraSimulator, Options as CameraOptions
from tests.waiting import until

CONNECTION = "sensor.yard_connection"
CONNECTIVITY = "binary_sensor.yard_connectivity"
MAXIMUM = "sensor.yard_maximum_temperature"
SHOWN = (Platform.BINARY_SENSOR, Platform.SENSOR)
QUICK = Timing(
    heartbeat=0.2,
    silence=0.5,
    probe=1.0,
    connect=5.0,
    reconnect_first=0.02,
    reconnect_longest=0.1,
    jitter=0.0,
    busy=0.2,
    forced_logout=0.5,
    websocket_retry=0.2,
    login_pause=0.2,
)


@pytest.fixture(autouse=True)
def _quick() -> Generator[None]:
    """Let the connection be watched in milliseconds, and everything be read in every poll."""
    with (
        patch("custom_components.thermogate.guide.client.Timing", return_value=QUICK),
        patch(
            "custom_components.thermogate.coordinator.camera.CAMERA_SETTINGS_INTERVAL",
            timedelta(0),
        ),
    ):
        yield


def coordinator_of(entry: MockConfigEntry) -> CameraCoordinator:
    """Return the coordinator of a camera that is set up."""
    coordinator = entry.runtime_data
    assert isinstance(coordinator, CameraCoordinator)
    return coordinator


async def poll(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Read everything now."""
    await coordinator_of(entry).async_refresh()
    await settle(hass)


def issues(registry: ir.IssueRegistry) -> set[str | None]:
    """Return the kinds of the issues that there are."""
    return {issue.translation_key for issue in registry.issues.values()}


def logins(camera: CameraSimulator) -> int:
    """Return how often somebody tried to log in."""
    return len(camera.received(501))


# Set-up


async def test_the_device_tells_what_it_is(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
) -> None:
    """Model, serial number and address are those that the camera tells; a later change of address is found by them."""
    await set_up(hass, camera_entry, *SHOWN)
    (device,) = dr.async_entries_for_config_entry(
        device_registry, camera_entry.entry_id
    )
    assert device.manufacturer == "Guide Sensmart"
    assert device.serial_number == camera.options.serial
    assert (dr.CONNECTION_NETWORK_MAC, "00:15:18:10:ca:9d") in device.connections
    assert camera_entry.data["mac"] == "00:15:18:10:ca:9d"


async def test_a_camera_that_is_off_is_tried_again(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """It may come back by itself."""
    await camera.stop()
    await hass.config_entries.async_setup(camera_entry.entry_id)
    assert camera_entry.state is ConfigEntryState.SETUP_RETRY
    assert camera_entry.reason


async def test_a_password_that_is_refused_is_asked_for(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """One wrong attempt, and no second that would lock the account."""
    await camera.inject("wrong-password 5")
    await hass.config_entries.async_setup(camera_entry.entry_id)
    await settle(hass)
    assert camera_entry.state is ConfigEntryState.SETUP_ERROR
    assert [
        flow["context"]["source"] for flow in hass.config_entries.flow.async_progress()
    ] == [SOURCE_REAUTH]
    assert logins(camera) == 1


async def test_nothing_is_left_behind(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """An entry that is unloaded logs out and hangs up."""
    await set_up(hass, camera_entry, *SHOWN)
    assert camera.listeners == 1
    with patch("custom_components.thermogate.PLATFORMS", list(SHOWN)):
        assert await hass.config_entries.async_unload(camera_entry.entry_id)
    await settle(hass)
    assert len(camera.received(502)) == 1
    await until(lambda: camera.listeners == 0)


# Connection


async def test_a_connection_that_drops_comes_back(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    issue_registry: ir.IssueRegistry,
) -> None:
    """Pushes come again after a connection was cut."""
    await set_up(hass, camera_entry, *SHOWN)
    assert state_of(hass, CONNECTION) == "websocket"
    states = async_capture_events(hass, EVENT_STATE_CHANGED)
    await camera.inject("drop-connection")
    await until(lambda: logins(camera) == 2)
    await until(lambda: state_of(hass, CONNECTION) == "websocket")
    assert [
        event.data["new_state"].state
        for event in states
        if event.data["entity_id"] == CONNECTION
    ] == ["none", "websocket"]
    await camera.inject("alarm network")
    await until(
        lambda: state_of(hass, "binary_sensor.yard_network_fault_alarm") == "on"
    )
    assert not issue_registry.issues


async def test_a_camera_that_is_gone_is_unavailable(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """What cannot be read is not shown; whether the camera is there is."""
    await set_up(hass, camera_entry, *SHOWN)
    camera.camera.reboot(0.6)
    await until(lambda: state_of(hass, CONNECTION) == "none")
    await poll(hass, camera_entry)
    assert state_of(hass, MAXIMUM) == "unavailable"
    assert state_of(hass, CONNECTIVITY) == "off"
    await until(lambda: state_of(hass, CONNECTION) == "websocket")
    await until(lambda: state_of(hass, CONNECTIVITY) == "on")
    assert state_of(hass, MAXIMUM) not in ("unavailable", "unknown")


async def test_a_camera_comes_back_from_a_restart(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The button restarts it, and nobody needs to do anything more."""
    await set_up(hass, camera_entry, *SHOWN, Platform.BUTTON)
    await act(hass, "button.press", "button.yard_restart")
    await until(lambda: state_of(hass, CONNECTION) == "none")
    await until(lambda: state_of(hass, CONNECTION) == "websocket")


@pytest.mark.parametrize(
    "camera_options",
    [CameraOptions(alarm_period=0, quirks=frozenset({"ws-closed"}))],
)
async def test_without_control_port_it_is_polled(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    issue_registry: ir.IssueRegistry,
) -> None:
    """Temperatures are shown all the same; that alarms do not come at once is for a person to mend, who is told the port."""
    port = camera.ws_port
    await set_up(hass, camera_entry, *SHOWN)
    assert state_of(hass, CONNECTION) == "http"
    assert state_of(hass, MAXIMUM) not in ("unavailable", "unknown")
    (issue,) = issue_registry.issues.values()
    assert issue.translation_key == "pushes_unavailable"
    assert issue.translation_placeholders == {"name": "Yard", "port": str(port)}
    await camera.inject("ws open")
    await until(lambda: state_of(hass, CONNECTION) == "websocket")
    assert not issue_registry.issues


@pytest.mark.parametrize(
    "camera_options",
    [CameraOptions(alarm_period=0, quirks=frozenset({"ws-closed"}))],
)
async def test_while_polling_rules_raise_their_alarms(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Readings beyond the thresholds of a rule stand in for the pushes that do not come: they show, and are told once."""
    hass.config_entries.async_update_entry(camera_entry, options={CONF_HOLD_TIME: 0.2})
    await set_up(hass, camera_entry, *SHOWN, Platform.EVENT)
    told = async_capture_events(hass, EVENT_ALARM)
    busbar = "binary_sensor.yard_busbar_alarm"
    assert state_of(hass, busbar) == "off"
    for alarms in (1, 2):
        await camera.inject("alarm rule name=Busbar")
        for _ in range(2):
            await poll(hass, camera_entry)
            assert state_of(hass, busbar) == "on"
            assert state_of(hass, "binary_sensor.yard_temperature_alarm") == "on"
            assert len(told) == alarms
        assert state_of(hass, "binary_sensor.yard_motor_bearing_alarm") == "off"
        await camera.inject("alarm clear")
        await poll(hass, camera_entry)
        await until(lambda: state_of(hass, busbar) == "off")
    shown = attributes_of(hass, "event.yard_alarm")
    assert (shown["rule"], shown["measured"]) == ("Busbar", "high")
    assert shown["maximum"] == pytest.approx(90, abs=2)


async def test_an_alarm_that_lasts_while_pushes_end(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Was told already."""
    await set_up(hass, camera_entry, *SHOWN, Platform.EVENT)
    told = async_capture_events(hass, EVENT_ALARM)
    await camera.inject("alarm rule name=Busbar")
    await until(lambda: len(told) == 1)
    await poll(hass, camera_entry)
    await camera.inject("ws closed")
    await camera.inject("drop-connection")
    await until(lambda: state_of(hass, CONNECTION) == "http")
    await poll(hass, camera_entry)
    assert state_of(hass, "binary_sensor.yard_busbar_alarm") == "on"
    assert len(told) == 1


async def test_a_forced_logout_is_told_and_not_fought_over(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    issue_registry: ir.IssueRegistry,
) -> None:
    """Whoever took the session keeps it for a while; then Home Assistant comes back."""
    await set_up(hass, camera_entry, *SHOWN)
    started = hass.loop.time()
    await camera.inject("alarm forced-logout")
    await until(lambda: "forced_logout" in issues(issue_registry))
    assert state_of(hass, CONNECTION) == "none"
    await poll(hass, camera_entry)
    assert state_of(hass, MAXIMUM) == "unavailable"
    assert logins(camera) == 1
    await until(lambda: state_of(hass, CONNECTION) == "websocket")
    assert hass.loop.time() - started >= QUICK.forced_logout
    assert logins(camera) == 2
    assert not issue_registry.issues


async def test_a_session_that_ended_is_renewed(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """A camera that forgot the session is logged in to again, and nobody notices."""
    await set_up(hass, camera_entry, *SHOWN)
    await camera.inject("expire-token")
    await poll(hass, camera_entry)
    assert state_of(hass, CONNECTIVITY) == "on"
    assert logins(camera) == 2


async def test_a_password_that_was_changed_is_asked_for(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The camera is tried once with the old one, and then left alone."""
    await set_up(hass, camera_entry, *SHOWN)
    await camera.inject("wrong-password 5")
    await camera.inject("expire-token")
    await poll(hass, camera_entry)
    await poll(hass, camera_entry)
    assert [
        flow["context"]["source"] for flow in hass.config_entries.flow.async_progress()
    ] == [SOURCE_REAUTH]
    assert logins(camera) == 2
    assert state_of(hass, MAXIMUM) == "unavailable"


async def test_a_login_that_is_refused_in_the_background_is_asked_for(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The same when the connection was lost in between."""
    await set_up(hass, camera_entry, *SHOWN)
    await camera.inject("wrong-password 5")
    await camera.inject("drop-connection")
    await until(hass.config_entries.flow.async_progress)
    assert logins(camera) == 2


async def test_new_firmware_is_looked_at_anew(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """A camera that comes back with other firmware is set up again: it may have gained or lost something."""
    await set_up(hass, camera_entry, *SHOWN)
    before = coordinator_of(camera_entry)
    camera.options.model = "NC400"
    await camera.inject("drop-connection")
    await until(
        lambda: (
            camera_entry.state is ConfigEntryState.LOADED
            and camera_entry.runtime_data is not before
        )
    )
    await settle(hass)
    assert coordinator_of(camera_entry).device_info["model"] == "NC400"


async def test_a_camera_that_is_lost_again_at_once(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """One that is back too briefly to tell its version is asked the next time."""
    await set_up(hass, camera_entry, *SHOWN)
    with patch(
        "custom_components.thermogate.guide.GuideClient.version",
        side_effect=GuideConnectionError("gone"),
    ):
        await camera.inject("drop-connection")
        await until(lambda: state_of(hass, CONNECTION) == "none")
        await until(lambda: state_of(hass, CONNECTION) == "websocket")


# What it has


async def test_one_change_is_one_state(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """A push that changes one value makes Home Assistant write one state."""
    await set_up(hass, camera_entry)
    readings = {
        rule.key: rule for rule in coordinator_of(camera_entry).data.temperatures.rules
    }
    bearing = readings["3"]
    states = async_capture_events(hass, EVENT_STATE_CHANGED)
    written: list[str] = []
    write = Entity.async_write_ha_state

    def count(entity: Entity) -> None:
        written.append(entity.entity_id)
        write(entity)

    with patch.object(Entity, "async_write_ha_state", count):
        await camera.push(
            1007,
            {
                "interval": 1,
                "obj_list": [
                    {
                        "measure_type": 5,
                        "measure_id": 3,
                        "measurer_name": bearing.name,
                        "max_temp": 91.5,
                        "min_temp": bearing.minimum,
                        "avg_temp": bearing.average,
                        "preset": bearing.preset,
                    }
                ],
            },
        )
        maximum = "sensor.yard_motor_bearing_maximum"
        await until(lambda: state_of(hass, maximum) == "91.5")
        await settle(hass)
    assert written == [maximum]
    assert [event.data["entity_id"] for event in states] == [maximum]


@pytest.mark.parametrize("fault", ["invalid-json", "huge-frame 200000", "unknown-push"])
async def test_nonsense_does_not_end_the_session(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    fault: str,
) -> None:
    """What cannot be read is passed over, and the next alarm comes."""
    await set_up(hass, camera_entry, *SHOWN)
    await camera.inject(fault)
    await camera.inject("alarm network")
    await until(
        lambda: state_of(hass, "binary_sensor.yard_network_fault_alarm") == "on"
    )
    assert logins(camera) == 1
    assert not [record for record in caplog.records if record.exc_info]


async def test_something_that_fails_once_is_asked_again(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """What a camera has answered before it has, whatever it says now."""
    await set_up(hass, camera_entry, *SHOWN, Platform.LIGHT)
    with patch(
        "custom_components.thermogate.guide.GuideClient.fill_light",
        side_effect=GuideCommandError(36, 10008),
    ):
        await poll(hass, camera_entry)
    asked = len(camera.received(36))
    await poll(hass, camera_entry)
    assert len(camera.received(36)) == asked + 1
    assert state_of(hass, "light.yard_fill_light") == "off"


async def test_what_a_camera_has_not_is_not_asked_again(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Nor is it offered."""
    with patch(
        "custom_components.thermogate.guide.GuideClient.fill_light",
        side_effect=GuideCommandError(36, 19999),
    ) as asked:
        await set_up(hass, camera_entry, *SHOWN, Platform.LIGHT)
        await poll(hass, camera_entry)
    assert len(asked.mock_calls) == 1
    assert state_of(hass, "light.yard_fill_light") is None


async def test_a_closed_shutter_keeps_the_last_values(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """A camera that corrects its sensor is busy for a moment, not gone."""
    await set_up(hass, camera_entry, *SHOWN)
    before = state_of(hass, MAXIMUM)
    lacking = {*coordinator_of(camera_entry).unsupported}
    with patch(
        "custom_components.thermogate.guide.GuideClient.request",
        side_effect=_busy,
    ):
        await poll(hass, camera_entry)
    assert state_of(hass, MAXIMUM) == before
    assert state_of(hass, CONNECTIVITY) == "on"
    assert coordinator_of(camera_entry).unsupported == lacking


async def _busy(cmdtype: int, *_: Any, **__: Any) -> None:
    raise GuideRetryLaterError(cmdtype, 10021)


async def test_diagnostics_tell_what_it_has(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Everything that helps, and nothing that opens the camera."""
    await set_up(hass, camera_entry, *SHOWN)
    told = coordinator_of(camera_entry).diagnostics()
    assert told["connection"] == "websocket"
    assert len(told["rules"]) == 4
    assert camera.options.password not in str(told)
    assert DOMAIN not in told
