"""The door as a lock: unlocked as long as the relay is held, whoever closed it."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from tests.decisions import decide_by_rule
from tests.helpers import act, capture, door, set_up, settle, state_of
from tests.persons.house import perform
from tests.simulators.camera import CameraSimulator
from tests.simulators.terminal import Options, Quirk, TerminalSimulator

DOOR = "lock.front_door_door"
WANTED = {"lock": True}
BOTH = (Platform.LOCK, Platform.BUTTON)


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


async def set_up_lock(
    hass: HomeAssistant, entry: MockConfigEntry, *platforms: Platform
) -> None:
    """Set up a terminal whose door is wanted as a lock."""
    hass.config_entries.async_update_entry(entry, options=WANTED)
    await set_up(hass, entry, *(platforms or (Platform.LOCK,)))


async def later(hass: HomeAssistant, seconds: float) -> None:
    """Let time pass."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    await settle(hass)


def with_gate(terminal: TerminalSimulator, **settings: Any) -> None:
    """Set up the gate at the terminal itself."""
    terminal.device.section("gate_control").update(settings)


async def test_terminal(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A terminal has one door, and nobody knows how it really is."""
    await set_up_lock(hass, terminal_entry)
    await snapshot_platform(hass, entity_registry, snapshot, terminal_entry.entry_id)


async def test_an_action_opens_the_door(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """As the button does, only that it may do so in somebody's name."""
    await set_up_lock(hass, terminal_entry)
    await perform(hass, "control_gate", relay=2)
    assert state_of(hass, DOOR) == "locked"
    await perform(hass, "control_gate", mode="test", person_id="1001")
    assert [(each.relay, each.person_id) for each in terminal.relays] == [
        (2, ""),
        (1, "1001"),
    ]
    assert state_of(hass, DOOR) == "unlocked"


async def test_a_camera_has_no_door(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Whatever its options say."""
    await set_up_lock(hass, camera_entry)
    assert hass.states.async_entity_ids("lock") == []


@pytest.mark.parametrize("action", ["lock.unlock", "lock.open"])
async def test_it_opens_for_as_long_as_the_relay_is_held(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    action: str,
) -> None:
    """There is one way to open, and it locks itself after the time that the terminal is set to."""
    with_gate(terminal, gpio_retention_time=3000)
    await set_up_lock(hass, terminal_entry)
    await act(hass, action, DOOR)
    assert [(each.relay, each.source) for each in terminal.relays] == [(1, "command")]
    assert state_of(hass, DOOR) == "unlocked"
    await later(hass, 2)
    assert state_of(hass, DOOR) == "unlocked"
    await later(hass, 4)
    assert state_of(hass, DOOR) == "locked"


@pytest.mark.usefixtures("short_patience")
@pytest.mark.parametrize("terminal_options", [door(Quirk.CAPTURE_ONLY)])
async def test_a_terminal_that_does_not_tell_how_long(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """Five seconds, which is the longest."""
    await set_up_lock(hass, terminal_entry)
    await capture(hass, terminal)
    assert state_of(hass, DOOR) == "unlocked"
    await later(hass, 4)
    assert state_of(hass, DOOR) == "unlocked"
    await later(hass, 6)
    assert state_of(hass, DOOR) == "locked"


async def test_a_second_pulse_makes_it_longer(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """The last one counts."""
    with_gate(terminal, gpio_retention_time=3000)
    await set_up_lock(hass, terminal_entry)
    await act(hass, "lock.unlock", DOOR)
    clock.tick(2)
    await act(hass, "lock.unlock", DOOR)
    await later(hass, 2)
    assert state_of(hass, DOOR) == "unlocked"
    await later(hass, 4)
    assert state_of(hass, DOOR) == "locked"


async def test_to_lock_it_does_no_harm(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """It locks itself, and not sooner because somebody asks."""
    await set_up_lock(hass, terminal_entry)
    await act(hass, "lock.lock", DOOR)
    assert state_of(hass, DOOR) == "locked"
    await act(hass, "lock.unlock", DOOR)
    await act(hass, "lock.lock", DOOR)
    assert state_of(hass, DOOR) == "unlocked"
    assert len(terminal.relays) == 1


@pytest.mark.parametrize(
    ("button", "linked", "state"),
    [
        ("open_gate", False, "unlocked"),
        ("open_second_gate", False, "locked"),
        ("open_second_gate", True, "unlocked"),
    ],
)
async def test_the_buttons_open_it_too(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    button: str,
    linked: bool,
    state: str,
) -> None:
    """That of its own relay, and with linked relays either."""
    with_gate(terminal, gpio_linked=linked)
    await set_up_lock(hass, terminal_entry, *BOTH)
    await act(hass, "button.press", f"button.front_door_{button}")
    assert state_of(hass, DOOR) == state


@pytest.mark.parametrize(
    ("mode", "kind", "state"),
    [
        (1, "known", "unlocked"),
        (1, "stranger", "locked"),
        (1, "denied", "locked"),
        (2, "known", "locked"),
        (3, "known", "unlocked"),
    ],
)
async def test_whom_the_terminal_lets_in(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    mode: int,
    kind: str,
    state: str,
) -> None:
    """Opens the door, unless the terminal leaves that to its server."""
    with_gate(terminal, match_mode=mode)
    await set_up_lock(hass, terminal_entry)
    await capture(hass, terminal, kind)
    assert state_of(hass, DOOR) == state


async def test_who_came_yesterday_opens_nothing_today(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """A terminal tells late what it kept."""
    await set_up_lock(hass, terminal_entry)
    await terminal.capture(change=lambda message: message.update(is_realtime=0))
    await settle(hass)
    assert state_of(hass, DOOR) == "locked"


@pytest.mark.parametrize(
    ("rule", "state"),
    [
        ({}, "unlocked"),
        ({"opens": "relay_2"}, "locked"),
        ({"opens": "wiegand", "card": "4711"}, "unlocked"),
        ({"roles": []}, "locked"),
    ],
)
async def test_whom_home_assistant_lets_in(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    rule: dict[str, Any],
    state: str,
) -> None:
    """In online mode nobody else does."""
    with_gate(terminal, match_mode=2)
    await decide_by_rule(hass, terminal_entry, Platform.LOCK, options=WANTED, **rule)
    await capture(hass, terminal)
    assert state_of(hass, DOOR) == state


async def test_a_terminal_that_is_away_opens_nothing(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """The person is told, and the door does not look open."""
    await set_up_lock(hass, terminal_entry)
    terminal.be_silent(60)
    with (
        patch.object(terminal_entry.runtime_data.client, "_timeout", 0.05),
        pytest.raises(HomeAssistantError),
    ):
        await act(hass, "lock.unlock", DOOR)
    assert state_of(hass, DOOR) == "locked"


async def test_a_door_that_is_not_wanted_any_more(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """Leaves nothing behind; by default there is none."""
    await set_up_lock(hass, terminal_entry)
    hass.config_entries.async_update_entry(terminal_entry, options={})
    assert await hass.config_entries.async_unload(terminal_entry.entry_id)
    await set_up(hass, terminal_entry, Platform.LOCK)
    assert entity_registry.async_get(DOOR) is None
    assert hass.states.get(DOOR) is None


async def test_unloading_while_it_is_open(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """No timer is left behind, and it is locked when it comes back."""
    await set_up_lock(hass, terminal_entry)
    await act(hass, "lock.unlock", DOOR)
    assert await hass.config_entries.async_unload(terminal_entry.entry_id)
    await set_up(hass, terminal_entry, Platform.LOCK)
    assert state_of(hass, DOOR) == "locked"
