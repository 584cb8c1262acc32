"""What a device does when it is told to."""

import asyncio
from dataclasses import replace

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from pytest_homeassistant_custom_component.typing import MqttMockHAClient
from syrupy.assertion import SnapshotAssertion

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from tests.helpers import act, door, set_up, settle, state_of
from tests.simulators.camera import CameraSimulator, Options as CameraOptions
from tests.simulators.terminal import Options, Quirk, TerminalSimulator
from tests.waiting import until

GATE = "button.front_door_open_gate"
SECOND_GATE = "button.front_door_open_second_gate"


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door(reboot_seconds=0.1)


async def press(hass: HomeAssistant, entity_id: str) -> None:
    """Press a button and wait until it has done its work."""
    await act(hass, "button.press", entity_id)


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_terminal(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A terminal opens two gates, restarts and takes the time."""
    await set_up(hass, terminal_entry, Platform.BUTTON)
    await snapshot_platform(hass, entity_registry, snapshot, terminal_entry.entry_id)


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_camera(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A camera moves, calibrates its sensor, falls silent, restarts, takes the time and writes a mail."""
    await set_up(hass, camera_entry, Platform.BUTTON)
    await snapshot_platform(hass, entity_registry, snapshot, camera_entry.entry_id)


# Terminal


@pytest.mark.parametrize(("gate", "relay"), [(GATE, 1), (SECOND_GATE, 2)])
async def test_a_gate_opens(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    gate: str,
    relay: int,
) -> None:
    """Each button closes its relay once."""
    await set_up(hass, terminal_entry, Platform.BUTTON)
    await press(hass, gate)
    (pulse,) = terminal.relays
    assert (pulse.relay, pulse.source) == (relay, "command")


@pytest.mark.parametrize("terminal_options", [door(Quirk.NO_EXTEND)])
async def test_the_older_command_for_gates_will_do(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Not every firmware knows the newer of two commands."""
    await set_up(hass, terminal_entry, Platform.BUTTON)
    await press(hass, GATE)
    assert [pulse.relay for pulse in terminal.relays] == [1]
    assert state_of(hass, GATE) != "unavailable"


@pytest.mark.parametrize("terminal_options", [door(Quirk.NO_GPIO)])
async def test_a_terminal_without_relays(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Firmware that knows neither command says so when it is first asked; then no gate is offered, and the log says once why."""
    await set_up(hass, terminal_entry)
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass, GATE)
    assert raised.value.translation_key == "not_supported"
    await settle(hass)
    assert state_of(hass, GATE) == state_of(hass, SECOND_GATE) == "unavailable"
    assert state_of(hass, "button.front_door_restart") == "unknown"
    # It is still known the next time, though nobody pressed in between.
    assert await hass.config_entries.async_reload(terminal_entry.entry_id)
    await settle(hass)
    assert state_of(hass, GATE) == "unavailable"
    assert (
        caplog.text.count(
            "Front door: its firmware does not know gpio control, gpio control Extend;"
        )
        == 1
    )


@pytest.mark.parametrize("terminal_options", [door(Quirk.NO_GPIO)])
async def test_new_firmware_is_tried_anew(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the old firmware lacked, the new one may have."""
    await set_up(hass, terminal_entry)
    with pytest.raises(HomeAssistantError):
        await press(hass, GATE)
    await settle(hass)
    terminal.options.quirks.clear()
    monkeypatch.setattr(
        "tests.simulators.terminal.commands.device.ALGORITHM_VERSION", "99.9"
    )
    assert await hass.config_entries.async_reload(terminal_entry.entry_id)
    await settle(hass)
    await press(hass, GATE)
    assert [pulse.relay for pulse in terminal.relays] == [1]


async def test_a_terminal_restarts(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """It is gone for a moment."""
    await set_up(hass, terminal_entry, Platform.BUTTON)
    await press(hass, "button.front_door_restart")
    assert terminal.requests[-1].cmd == "reboot"
    assert terminal.requests[-1].code == 0


async def test_a_terminal_takes_the_local_time(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """A wrong clock shows Home Assistant's time afterwards."""
    await set_up(hass, terminal_entry, Platform.BUTTON)
    await press(hass, "button.front_door_set_clock")
    [request] = [sent for sent in terminal.requests if sent.cmd == "update date time"]
    assert request.code == 0
    assert any(
        str(value).startswith("2026/06/15 12:00:0") for value in request.fields.values()
    ), request.fields


async def test_a_terminal_that_is_off_opens_no_gate(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """Whoever pressed is told, and the gate does not open later for somebody else."""
    await set_up(hass, terminal_entry, Platform.BUTTON)
    terminal.be_silent(60)
    hass.loop.call_later(0.02, clock.tick, 30)
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass, GATE)
    assert raised.value.translation_key == "terminal_silent"
    assert not terminal.relays


async def test_without_broker_nothing_is_sent(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """A broker that is gone is told at once."""
    await set_up(hass, terminal_entry, Platform.BUTTON)
    mqtt_mock.connected = False
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass, GATE)
    assert raised.value.translation_key == "broker_lost"
    assert not terminal.relays


# Camera


@pytest.mark.parametrize(
    "button",
    [
        "pan_left",
        "pan_right",
        "tilt_up",
        "tilt_down",
        "zoom_in",
        "zoom_out",
        "pan_left_and_tilt_up",
        "pan_right_and_tilt_up",
        "pan_left_and_tilt_down",
        "pan_right_and_tilt_down",
        "focus_nearer",
        "focus_farther",
        "open_iris",
        "close_iris",
    ],
)
@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_a_step_ends_by_itself(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    button: str,
) -> None:
    """A press moves the camera for a moment: one start, one stop of the same."""
    await set_up(hass, camera_entry, Platform.BUTTON)
    before = camera.ptz.position = replace(camera.ptz.position, zoom=3.0)
    await press(hass, f"button.yard_{button}")
    start, stop = (request.message for request in camera.received(600))
    assert (start["ptz_action"], stop["ptz_action"]) == (0, 1)
    assert start["ptz_command"] == stop["ptz_command"]
    assert camera.ptz.position != before
    assert not camera.ptz.moving


async def test_stop_stops_at_once(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Whoever presses stop does not wait for the step to end, nor for the steps pressed before."""
    await set_up(hass, camera_entry, Platform.BUTTON)
    steps = [
        hass.async_create_task(press(hass, f"button.yard_{button}"))
        for button in ("pan_left", "tilt_up", "pan_right")
    ]
    await until(lambda: camera.ptz.moving)
    started = hass.loop.time()
    await press(hass, "button.yard_stop_moving")
    assert hass.loop.time() - started < 0.4
    assert not camera.ptz.moving
    await asyncio.gather(*steps)
    assert not camera.ptz.moving


@pytest.mark.parametrize(
    ("button", "cmdtype"),
    [
        ("calibrate_sensor", 529),
        ("silence_alarm", 524),
        ("restart", 508),
        ("set_clock", 506),
    ],
)
async def test_a_camera_obeys(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    button: str,
    cmdtype: int,
) -> None:
    """Each button is one command, which the camera takes."""
    await set_up(hass, camera_entry, Platform.BUTTON)
    await press(hass, f"button.yard_{button}")
    (request,) = camera.received(cmdtype)
    assert request.retcode == 0
    assert not request.unknown


@pytest.mark.parametrize(
    "camera_options",
    [CameraOptions(quirks=frozenset({quirk})) for quirk in ("no-ptz", "no-ptz-failed")],
)
async def test_a_fixed_camera_has_no_buttons_to_move_it(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """What it cannot do is not offered."""
    await set_up(hass, camera_entry, Platform.BUTTON)
    assert {state.entity_id for state in hass.states.async_all("button")} == {
        "button.yard_calibrate_sensor",
        "button.yard_silence_alarm",
        "button.yard_restart",
        "button.yard_set_clock",
    }


async def test_a_camera_that_refuses_is_told(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Whoever pressed learns why nothing happened."""
    await set_up(hass, camera_entry, Platform.BUTTON)
    await camera.inject("no-permission")
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass, "button.yard_set_clock")
    assert raised.value.translation_key == "camera_permission"


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
@pytest.mark.parametrize(
    ("button", "key", "changed", "factory"),
    [
        ("reset_settings", "match_score", 90, 75),
        ("reset_picture_settings", "contrast", 100, 60),
    ],
)
async def test_settings_go_back_to_what_the_factory_set(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    button: str,
    key: str,
    changed: int,
    factory: int,
) -> None:
    """And that is what is shown then."""
    await set_up(hass, terminal_entry, Platform.BUTTON)
    coordinator = terminal_entry.runtime_data
    await coordinator.async_set_settings(**{key: changed})
    assert coordinator.data.settings[key] == changed
    await press(hass, f"button.front_door_{button}")
    assert coordinator.data.settings[key] == factory
