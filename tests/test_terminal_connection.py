"""Whether a terminal is there: heartbeats, answers, captures, or silence."""

import asyncio
from typing import Any

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.const import (
    CONF_ACKNOWLEDGE,
    CONF_OFFLINE_AFTER,
    DOMAIN,
)
from homeassistant.components.mqtt.const import MQTT_CONNECTION_STATE
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.dispatcher import async_dispatcher_send
from tests.helpers import capture, door, set_up, settle, state_of, volume_of
from tests.simulators.terminal import Options, Quirk, TerminalSimulator

CONNECTIVITY = "binary_sensor.front_door_connectivity"
CONNECTION = "sensor.front_door_connection"
PERSON = "sensor.front_door_last_person"
SHOWN = (Platform.BINARY_SENSOR, Platform.SENSOR)


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


async def pass_time(
    hass: HomeAssistant, clock: TickingDateTimeFactory, seconds: int
) -> None:
    """Let time pass in steps that are shorter than every time limit."""
    for _ in range(seconds // 4):
        clock.tick(4)
        # Long enough for what became due, and for a simulator's answer.
        for _ in range(3):
            await asyncio.sleep(0)
        await hass.async_block_till_done()


def say_connected(hass: HomeAssistant, mqtt_mock: Any, connected: bool) -> None:
    """Let Home Assistant lose or regain its broker."""
    mqtt_mock.connected = connected
    async_dispatcher_send(hass, MQTT_CONNECTION_STATE, connected)


def lines(caplog: pytest.LogCaptureFixture, part: str) -> int:
    """Return how many log lines contain some words."""
    return sum(part in record.getMessage() for record in caplog.records)


async def test_heartbeats_are_the_best_sign(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """A terminal that beats is known to be there by its heartbeats, whatever else it says."""
    await set_up(hass, terminal_entry, *SHOWN)
    assert state_of(hass, CONNECTIVITY) == "on"
    assert state_of(hass, CONNECTION) == "commands"
    terminal.heartbeat()
    await settle(hass)
    assert state_of(hass, CONNECTION) == "heartbeats"
    await capture(hass, terminal)
    assert state_of(hass, CONNECTION) == "heartbeats"


@pytest.mark.parametrize("terminal_options", [door(heartbeat_topic="manage")])
async def test_heartbeats_may_come_on_either_topic(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """The documents do not say where heartbeats go."""
    await set_up(hass, terminal_entry, *SHOWN)
    terminal.heartbeat()
    await settle(hass)
    assert state_of(hass, CONNECTION) == "heartbeats"


@pytest.mark.parametrize(
    "terminal_options",
    [door(heartbeat_topic="capture"), door(heartbeat_topic="manage")],
)
async def test_a_heartbeat_is_answered(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Once, wherever it came, and as an answer that nobody answers in turn."""
    await set_up(hass, terminal_entry, *SHOWN)
    terminal.heartbeat()
    await settle(hass)
    assert list(terminal.server_messages) == [
        {"reply": "ACK", "cmd": "heart beat", "code": 0, "device_sn": terminal.serial}
    ]


async def test_a_heartbeat_is_left_to_another_server(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Like the acknowledgements of captures; it remains a sign of life."""
    hass.config_entries.async_update_entry(
        terminal_entry, options={CONF_ACKNOWLEDGE: False}
    )
    await set_up(hass, terminal_entry, *SHOWN)
    terminal.heartbeat()
    await settle(hass)
    assert not terminal.server_messages
    assert state_of(hass, CONNECTION) == "heartbeats"


async def test_a_heartbeat_that_cannot_be_answered_is_heard_all_the_same(
    hass: HomeAssistant,
    mqtt_mock: Any,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """The broker is lost just now; the terminal will beat again."""
    await set_up(hass, terminal_entry, *SHOWN)
    mqtt_mock.connected = False
    terminal.heartbeat()
    await settle(hass)
    assert not terminal.server_messages
    assert state_of(hass, CONNECTION) == "heartbeats"


async def test_a_terminal_without_heartbeats_is_asked(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """As long as it answers a harmless question it is there."""
    await set_up(hass, terminal_entry, *SHOWN)
    asked = len(terminal.requests)
    await pass_time(hass, clock, 260)
    assert 2 <= len(terminal.requests) - asked <= 3
    assert {request.cmd for request in list(terminal.requests)[asked:]} == {
        "heart beat"
    }
    assert state_of(hass, CONNECTIVITY) == "on"


async def test_a_terminal_that_is_heard_is_not_asked(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """Heartbeats make probes needless."""
    await set_up(hass, terminal_entry, *SHOWN)
    asked = len(terminal.requests)
    for _ in range(5):
        await pass_time(hass, clock, 60)
        terminal.heartbeat()
        await settle(hass)
    assert len(terminal.requests) == asked


async def test_silence_is_told_and_so_is_its_end(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    issue_registry: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A terminal that neither speaks nor answers is called lost once, and back once."""
    await set_up(hass, terminal_entry, *SHOWN, Platform.BUTTON)
    await capture(hass, terminal)
    issue_id = f"terminal_silent_{terminal_entry.entry_id}"

    terminal.be_silent(100_000)
    await pass_time(hass, clock, 60)
    assert state_of(hass, CONNECTIVITY) == "on"
    await pass_time(hass, clock, 300)
    assert state_of(hass, CONNECTIVITY) == "off"
    assert state_of(hass, CONNECTION) == "none"
    assert state_of(hass, PERSON) == "unavailable"
    assert state_of(hass, "button.front_door_open_gate") == "unavailable"
    assert issue_registry.async_get_issue(DOMAIN, issue_id)
    assert lines(caplog, "has not been heard") == 1

    terminal.be_silent(0)
    sent = await capture(hass, terminal)
    assert state_of(hass, CONNECTIVITY) == "on"
    assert state_of(hass, CONNECTION) == "commands"
    assert state_of(hass, PERSON) == sent.person
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None
    assert lines(caplog, "is back") == 1


async def test_a_lost_terminal_is_found_by_asking(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """Nobody needs to stand before a terminal for it to be back."""
    await set_up(hass, terminal_entry, *SHOWN)
    terminal.be_silent(600)
    await pass_time(hass, clock, 400)
    assert state_of(hass, CONNECTIVITY) == "off"
    await pass_time(hass, clock, 300)
    assert state_of(hass, CONNECTIVITY) == "on"


async def test_one_missed_probe_is_forgiven(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A terminal that reboots is not lost."""
    await set_up(hass, terminal_entry, *SHOWN)
    terminal.be_silent(138)
    await pass_time(hass, clock, 260)
    assert state_of(hass, CONNECTIVITY) == "on"
    assert lines(caplog, "has not been heard") == 0


async def test_the_patience_is_an_option(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """A terminal may be allowed to be silent for longer."""
    hass.config_entries.async_update_entry(
        terminal_entry, options={CONF_OFFLINE_AFTER: 600}
    )
    await set_up(hass, terminal_entry, *SHOWN)
    terminal.be_silent(100_000)
    await pass_time(hass, clock, 400)
    assert state_of(hass, CONNECTIVITY) == "on"
    await pass_time(hass, clock, 300)
    assert state_of(hass, CONNECTIVITY) == "off"


@pytest.mark.usefixtures("short_patience")
@pytest.mark.parametrize("terminal_options", [door(Quirk.CAPTURE_ONLY)])
async def test_a_terminal_for_captures_only_is_never_called_lost(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    issue_registry: Any,
) -> None:
    """One that never answered anything is not lost because it does not answer: nobody may have come."""
    assert await hass.config_entries.async_setup(terminal_entry.entry_id)
    await pass_time(hass, clock, 40)
    sent = await capture(hass, terminal)
    assert state_of(hass, CONNECTION) == "captures"
    await pass_time(hass, clock, 2000)
    assert state_of(hass, PERSON) == sent.person
    assert state_of(hass, CONNECTIVITY) == "on"
    assert not issue_registry.issues


@pytest.mark.usefixtures("short_patience")
@pytest.mark.parametrize("terminal_options", [door(Quirk.CAPTURE_ONLY)])
async def test_heartbeats_that_stop_are_missed(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """A terminal that answers nothing but used to say that it is there is lost when it does not say so any more."""
    assert await hass.config_entries.async_setup(terminal_entry.entry_id)
    await pass_time(hass, clock, 40)
    terminal.heartbeat()
    await settle(hass)
    assert state_of(hass, CONNECTIVITY) == "on"

    await pass_time(hass, clock, 400)
    assert state_of(hass, CONNECTIVITY) == "off"

    terminal.heartbeat()
    await settle(hass)
    assert state_of(hass, CONNECTIVITY) == "on"


async def test_a_lost_broker_makes_everything_unavailable(
    hass: HomeAssistant,
    mqtt_mock: Any,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """Without broker nothing is known; when it is back the terminal is asked what it has become meanwhile."""
    await set_up(hass, terminal_entry, *SHOWN, Platform.MEDIA_PLAYER)
    await capture(hass, terminal)
    say_connected(hass, mqtt_mock, False)
    await settle(hass)
    assert state_of(hass, CONNECTIVITY) == "off"
    assert state_of(hass, PERSON) == "unavailable"

    terminal.device.volume = 25
    say_connected(hass, mqtt_mock, True)
    await settle(hass)
    assert state_of(hass, CONNECTIVITY) == "on"
    assert volume_of(hass) == 0.25


async def test_no_terminal_is_called_silent_for_a_lost_broker(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    mqtt_mock: Any,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    issue_registry: Any,
) -> None:
    """What cannot be asked is not blamed."""
    await set_up(hass, terminal_entry, *SHOWN)
    say_connected(hass, mqtt_mock, False)
    await pass_time(hass, clock, 1000)
    assert not issue_registry.issues
    say_connected(hass, mqtt_mock, True)
    await settle(hass)
    assert state_of(hass, CONNECTIVITY) == "on"


async def test_issues_go_with_the_entry(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    issue_registry: Any,
) -> None:
    """A device that is removed leaves nothing to repair."""
    await set_up(hass, terminal_entry)
    terminal.be_silent(100_000)
    await pass_time(hass, clock, 400)
    assert issue_registry.issues
    assert await hass.config_entries.async_remove(terminal_entry.entry_id)
    assert not issue_registry.issues


async def test_without_mqtt_it_is_tried_again(
    hass: HomeAssistant, terminal_entry: MockConfigEntry
) -> None:
    """A terminal needs Home Assistant's MQTT integration."""
    await hass.config_entries.async_setup(terminal_entry.entry_id)
    assert terminal_entry.state is ConfigEntryState.SETUP_RETRY
