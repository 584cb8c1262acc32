"""Settings of a terminal that are on or off."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.thermogate.setting_entities import settings_of
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from tests.helpers import SERIAL, act, door, set_up, settle, state_of
from tests.simulators.terminal import Options, TerminalSimulator


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
    """One entity for each that the terminal tells."""
    await set_up(hass, terminal_entry, Platform.SWITCH)
    await snapshot_platform(hass, entity_registry, snapshot, terminal_entry.entry_id)


def entity_of(entity_registry: er.EntityRegistry, key: str) -> str:
    """Return the entity of a setting."""
    entity_id = entity_registry.async_get_entity_id(
        "switch", "thermogate", f"{SERIAL}_{key}"
    )
    assert entity_id, key
    return entity_id


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "every_update_shows")
async def test_each_is_switched(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """The terminal takes both, in its own way of saying so, and so it shows."""
    await set_up(hass, terminal_entry, Platform.SWITCH)
    for setting in settings_of(Platform.SWITCH):
        switch = entity_of(entity_registry, setting.key)
        for state in ("off", "on"):
            await act(hass, f"switch.turn_{state}", switch)
            assert state_of(hass, switch) == state, setting.key
            update = terminal.requests[-2]
            assert update.cmd == "update app params"
            sent: Any = {setting.field.name: state == "on"}
            for section in reversed(setting.path):
                sent = {section: sent}
            # Nothing else goes along.
            assert {name: update.fields.get(name) for name in sent} == sent
            assert update.fields.keys() - sent.keys() <= {"cmd", "command_id"}


async def test_a_switch_that_does_not_apply_now(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What the terminal does not tell any more is not known."""
    await set_up(hass, terminal_entry, Platform.SWITCH)
    assert state_of(hass, "switch.front_door_mask_required") == "off"
    terminal_entry.runtime_data.async_change(settings={})
    await settle(hass)
    assert state_of(hass, "switch.front_door_mask_required") == "unknown"
