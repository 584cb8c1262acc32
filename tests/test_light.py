"""The fill light of a camera."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.thermogate.guide import FillLight
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from tests.helpers import act, attributes_of, set_up, settle, state_of
from tests.simulators.camera import CameraSimulator
from tests.simulators.camera.settings import FILL_LIGHT

LIGHT = "light.yard_fill_light"


async def test_camera(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A camera has one lamp that can be dimmed."""
    await set_up(hass, camera_entry, Platform.LIGHT)
    await snapshot_platform(hass, entity_registry, snapshot, camera_entry.entry_id)


@pytest.mark.parametrize(
    ("brightness", "percent"), [(255, 100), (128, 50), (1, 1), (3, 1)]
)
async def test_it_shines_as_bright_as_it_is_told(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    brightness: int,
    percent: int,
) -> None:
    """Brightness is the camera's own percentage; a light that is on is never dark."""
    await set_up(hass, camera_entry, Platform.LIGHT)
    await act(hass, "light.turn_on", LIGHT, brightness=brightness)
    lamp = camera.camera.settings[FILL_LIGHT]
    assert (lamp["light"], lamp["brightness"], lamp["mode"]) == (1, percent, 0)
    assert state_of(hass, LIGHT) == "on"
    assert abs(attributes_of(hass, LIGHT)["brightness"] - brightness) <= 2


async def test_it_keeps_its_brightness(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Switched off and on again it is as bright as before."""
    await set_up(hass, camera_entry, Platform.LIGHT)
    await act(hass, "light.turn_on", LIGHT, brightness=128)
    await act(hass, "light.turn_off", LIGHT)
    lamp = camera.camera.settings[FILL_LIGHT]
    assert (lamp["light"], lamp["brightness"]) == (0, 50)
    assert state_of(hass, LIGHT) == "off"
    await act(hass, "light.turn_on", LIGHT)
    assert (lamp["light"], lamp["brightness"]) == (1, 50)


async def test_a_lamp_that_is_not_known(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Some cameras do not tell the brightness, and before the first answer nothing is known."""
    await set_up(hass, camera_entry, Platform.LIGHT)
    changes: tuple[tuple[FillLight | None, str, Any], ...] = (
        (FillLight(on=True), "on", None),
        (FillLight(on=True, brightness=0), "on", 3),
        (None, "unknown", None),
    )
    for light, state, brightness in changes:
        camera_entry.runtime_data.async_change(fill_light=light)
        await settle(hass)
        assert state_of(hass, LIGHT) == state
        assert attributes_of(hass, LIGHT).get("brightness") == brightness


async def test_an_account_that_may_not_switch_it(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Whoever switched learns why nothing happened."""
    await set_up(hass, camera_entry, Platform.LIGHT)
    await camera.inject("no-permission")
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "light.turn_on", LIGHT)
    assert raised.value.translation_key == "camera_permission"
    assert state_of(hass, LIGHT) == "off"
