"""The volume of a terminal."""

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from tests.helpers import act, door, set_up, state_of
from tests.simulators.terminal import Options, TerminalSimulator

VOLUME = "number.front_door_volume"


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


async def test_terminal(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A terminal has a volume."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    await snapshot_platform(hass, entity_registry, snapshot, terminal_entry.entry_id)


async def test_the_volume_is_set(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """The terminal gets as loud as it is told, and so it shows."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    await act(hass, "number.set_value", VOLUME, value=35)
    assert terminal.device.volume == 35
    assert state_of(hass, VOLUME) == "35"


async def test_no_terminal_is_louder_than_loud(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What the terminal would refuse is not sent."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    asked = len(terminal.requests)
    with pytest.raises(ServiceValidationError):
        await act(hass, "number.set_value", VOLUME, value=101)
    assert len(terminal.requests) == asked
    assert terminal.device.volume == 60


async def test_a_terminal_that_does_not_answer(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """A value that was not taken is not shown."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    terminal.be_silent(60)
    hass.loop.call_later(0.02, clock.tick, 30)
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "number.set_value", VOLUME, value=35)
    assert raised.value.translation_key == "terminal_silent"
    assert state_of(hass, VOLUME) == "60"
