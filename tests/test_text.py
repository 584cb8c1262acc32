"""Settings of a terminal that are words."""

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.thermogate.setting_entities import settings_of
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
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
    await set_up(hass, terminal_entry, Platform.TEXT)
    await snapshot_platform(hass, entity_registry, snapshot, terminal_entry.entry_id)


def entity_of(entity_registry: er.EntityRegistry, key: str) -> str:
    """Return the entity of a setting."""
    entity_id = entity_registry.async_get_entity_id(
        "text", "thermogate", f"{SERIAL}_{key}"
    )
    assert entity_id, key
    return entity_id


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "every_update_shows")
async def test_each_is_set_as_long_as_it_may_be(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """A text of the full length is taken; one that is longer, in characters or in bytes, is not sent."""
    await set_up(hass, terminal_entry, Platform.TEXT)
    for setting in settings_of(Platform.TEXT):
        text = entity_of(entity_registry, setting.key)
        most = setting.field.max_bytes or 255
        for value in ("", "x" * most):
            await act(hass, "text.set_value", text, value=value)
            assert state_of(hass, text) == value, setting.key
        last = terminal.requests[-1]
        with pytest.raises(ValueError):
            await act(hass, "text.set_value", text, value="x" * (most + 1))
        if setting.field.max_bytes:
            with pytest.raises(ServiceValidationError):
                await act(hass, "text.set_value", text, value="é" * most)
        assert terminal.requests[-1] is last


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_more_words_than_home_assistant_can_show(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """They are not known then."""
    await set_up(hass, terminal_entry, Platform.TEXT)
    assert state_of(hass, "text.front_door_screen_title") == "Face Recognition"
    terminal_entry.runtime_data.async_change(settings={"lcd_title": "x" * 256})
    await settle(hass)
    assert state_of(hass, "text.front_door_screen_title") == "unknown"
