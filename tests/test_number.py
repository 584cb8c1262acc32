"""The settings of a terminal that are numbers."""

from typing import Any, cast

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.thermogate.setting_entities import scale_of, settings_of
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from tests.helpers import SERIAL, act, door, set_up, state_of
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
    """A terminal has settings that are numbers."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    await snapshot_platform(hass, entity_registry, snapshot, terminal_entry.entry_id)


BY_KEY = {setting.key: setting for setting in settings_of(Platform.NUMBER)}


def entity_of(entity_registry: er.EntityRegistry, key: str) -> str:
    """Return the entity of a setting."""
    entity_id = entity_registry.async_get_entity_id(
        "number", "thermogate", f"{SERIAL}_{key}"
    )
    assert entity_id
    return entity_id


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "every_update_shows")
async def test_every_limit_from_both_sides(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """The least and the most are taken by the terminal; one step beyond is not sent."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    for key, setting in BY_KEY.items():
        number = entity_of(entity_registry, key)
        scale = scale_of(setting)
        for value in (scale.minimum, scale.maximum):
            await act(hass, "number.set_value", number, value=value)
            assert terminal_entry.runtime_data.data.settings[key] == value, (
                f"{key}: {value}"
            )
            assert float(state_of(hass, number) or "nan") == value
        last = terminal.requests[-1]
        for beyond in (scale.minimum - scale.step, scale.maximum + scale.step):
            with pytest.raises(ServiceValidationError):
                await act(hass, "number.set_value", number, value=beyond)
        assert terminal.requests[-1] is last, key


async def test_bounds_are_those_of_the_protocol() -> None:
    """What the form allows is what is sent; a bound of the form alone is one that the document leaves open."""
    for setting in BY_KEY.values():
        scale = scale_of(setting)
        assert scale.minimum < scale.maximum, setting.key
        assert setting.field.minimum in (None, scale.minimum)
        assert setting.field.maximum in (None, scale.maximum)


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_a_terminal_in_fahrenheit(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Its own numbers are in its own unit, and Home Assistant shows them in that of the house."""
    body = cast("dict[str, Any]", terminal.device.section("face"))["body_temperature"]
    body |= {"fahrenheit_unit": True, "limit": 99.5}
    await set_up(hass, terminal_entry, Platform.NUMBER)
    limit = "number.front_door_body_temperature_limit"
    assert state_of(hass, limit) == "37.5"
    await act(hass, "number.set_value", limit, value=38)
    assert terminal_entry.runtime_data.data.settings["temperature_limit"] == 100.4
