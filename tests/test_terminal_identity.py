"""Which terminal it is, and what it can do."""

import logging
from typing import Any
from unittest.mock import patch

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.coordinator import TerminalCoordinator
from custom_components.thermogate.facegate import (
    FaceGateCommandError,
    FaceGateTimeoutError,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from tests.helpers import (
    SERIAL,
    capture,
    door,
    has_volume,
    set_up,
    settle,
    state_of,
    volume_of,
)
from tests.simulators.terminal import Options, Quirk, TerminalSimulator
from tests.simulators.terminal.commands import COMMANDS
from tests.simulators.terminal.controls import obey

ACCESS = "event.front_door_access"
OTHER_SERIAL = "999999-999999-9999EE"
CLIENT = "custom_components.thermogate.facegate.FaceGateClient"


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


async def test_the_device_tells_what_it_is(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
) -> None:
    """Serial number and versions are those that the terminal tells."""
    await set_up(hass, terminal_entry)
    (device,) = dr.async_entries_for_config_entry(
        device_registry, terminal_entry.entry_id
    )
    assert device.name == "Front door"
    assert device.manufacturer == "FaceGate"
    assert device.serial_number == SERIAL
    assert device.sw_version


async def test_another_terminal_on_the_topic_is_refused(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    issue_registry: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What it sends is neither shown nor acknowledged; a person must say what it is."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    await capture(hass, terminal)
    before = hass.states.get(ACCESS)
    caplog.clear()
    for _ in range(2):
        await obey(terminal, f"spoof {OTHER_SERIAL}")
        await settle(hass)
    issue = issue_registry.async_get_issue(
        DOMAIN, f"serial_changed_{terminal_entry.entry_id}"
    )
    assert issue.is_fixable
    assert issue.translation_placeholders == {
        "name": "Front door",
        "topic_id": SERIAL,
        "known": SERIAL,
        "serial": OTHER_SERIAL,
    }
    assert len(terminal.acknowledgements) == 1
    assert hass.states.get(ACCESS) == before
    said = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(said) == 1


@pytest.mark.parametrize("terminal_options", [door(Quirk.SN_DIFFERS)])
async def test_a_terminal_may_sign_answers_differently(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    issue_registry: Any,
) -> None:
    """Seen on devices: answers and heartbeats carry another serial number than captures; that is still one terminal."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    await capture(hass, terminal)
    terminal.heartbeat()
    await capture(hass, terminal)
    assert not issue_registry.issues
    assert terminal_entry.runtime_data.data.serial == SERIAL


async def test_a_terminal_that_is_off_does_not_delay_the_start(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
) -> None:
    """Its entities exist from the start, and what it is shows as soon as it answers."""
    terminal.be_silent(1000)
    with (
        patch("custom_components.thermogate.coordinator.terminal.ASK_TIMEOUT", 0.01),
        patch("custom_components.thermogate.coordinator.presence.PROBE_TIMEOUT", 0.01),
    ):
        assert await hass.config_entries.async_setup(terminal_entry.entry_id)
    assert terminal_entry.state is ConfigEntryState.LOADED
    assert state_of(hass, "button.front_door_open_gate") == "unknown"
    assert volume_of(hass) is None
    clock.tick(1100)
    await terminal.capture()
    await settle(hass)
    for _ in range(2):
        terminal.heartbeat()
        await settle(hass)
    coordinator = terminal_entry.runtime_data
    assert isinstance(coordinator, TerminalCoordinator)
    assert volume_of(hass) == 0.6
    (device,) = dr.async_entries_for_config_entry(
        device_registry, terminal_entry.entry_id
    )
    assert device.sw_version


async def test_an_answer_that_lacks_something(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """A terminal need not tell everything, and what it refuses to tell now is not known."""
    with (
        patch(f"{CLIENT}.hardware", return_value={"Board": None}),
        patch(f"{CLIENT}.versions", return_value={}),
        patch(
            f"{CLIENT}.get_volume",
            side_effect=FaceGateCommandError("get_volume", 9, "busy"),
        ),
    ):
        await set_up(hass, terminal_entry, Platform.MEDIA_PLAYER)
    assert volume_of(hass) is None


async def test_a_terminal_that_goes_silent_in_between(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What it has told so far is not mixed with what it will tell the next time; one answer may get lost."""
    gone = FaceGateTimeoutError("gone")
    with (
        patch(f"{CLIENT}.versions", side_effect=gone),
        patch(f"{CLIENT}.get_volume", side_effect=gone),
    ):
        await set_up(hass, terminal_entry, Platform.MEDIA_PLAYER)
    assert terminal_entry.runtime_data.data.model == ""
    assert volume_of(hass) is None


async def test_what_is_learned_late_changes_what_is_offered(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """A terminal that was off at the start and has no volume loses what sets it when it says so."""
    terminal.be_silent(1000)
    with (
        patch("custom_components.thermogate.coordinator.terminal.ASK_TIMEOUT", 0.01),
        patch("custom_components.thermogate.coordinator.presence.PROBE_TIMEOUT", 0.01),
    ):
        assert await hass.config_entries.async_setup(terminal_entry.entry_id)
    assert volume_of(hass) is None
    first = terminal_entry.runtime_data
    commands = "tests.simulators.terminal.simulator.COMMANDS"
    known = {name: each for name, each in COMMANDS.items() if name != "camera volume"}
    with patch(commands, known):
        clock.tick(1100)
        terminal.heartbeat()
        await settle(hass)
        terminal.heartbeat()
        await settle(hass)
    assert terminal_entry.runtime_data is not first
    assert not has_volume(hass)


async def test_what_is_lacking_from_the_start_costs_no_second_start(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Entities are made once, for what there is."""
    commands = "tests.simulators.terminal.simulator.COMMANDS"
    known = {name: each for name, each in COMMANDS.items() if name != "camera volume"}
    with (
        patch(commands, known),
        patch.object(hass.config_entries, "async_schedule_reload") as reload,
    ):
        await set_up(hass, terminal_entry, Platform.MEDIA_PLAYER, Platform.BUTTON)
    assert not reload.mock_calls
    assert not has_volume(hass)
    assert state_of(hass, "button.front_door_open_gate") == "unknown"


async def test_diagnostics_tell_no_person(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What helps to understand a problem, without anybody's name or face."""
    await set_up(hass, terminal_entry)
    assert terminal_entry.runtime_data.diagnostics()["last_access"] is None
    sent = await capture(hass, terminal, person="Amara Okafor")
    told = terminal_entry.runtime_data.diagnostics()
    assert told["link"] == "commands"
    assert told["last_access"]["result"] == "granted"
    assert str(sent.person) not in str(told)
