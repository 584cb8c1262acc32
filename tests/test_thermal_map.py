"""The thermal map: drawn when somebody looks, and for as long as somebody does."""

from collections.abc import Generator
from datetime import timedelta
from io import BytesIO
from unittest.mock import patch

from freezegun.api import TickingDateTimeFactory
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.thermogate.coordinator.thermal_map import MAX_AGE
from homeassistant.components.image import async_get_image
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from tests.helpers import set_up, settle, state_of
from tests.simulators.camera import CameraSimulator

MAP = "image.yard_thermal_map"
SOON = MAX_AGE + timedelta(seconds=1)


@pytest.fixture
async def looked_at(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry_enabled_by_default: None,
) -> None:
    """Have a map that somebody looked at just now."""
    await set_up(hass, camera_entry, Platform.IMAGE)
    await look(hass)


@pytest.fixture
def impatient() -> Generator[None]:
    """Do not wait for the shutter."""
    pauses = "custom_components.thermogate.coordinator.thermal_map.RETRY_PAUSES"
    with patch(pauses, ()):
        yield


async def look(hass: HomeAssistant) -> bytes:
    """Return what a browser would get."""
    return (await async_get_image(hass, MAP)).content


async def passes(hass: HomeAssistant, clock: TickingDateTimeFactory) -> None:
    """Let a map grow old."""
    clock.tick(SOON)
    async_fire_time_changed(hass, dt_util.utcnow())
    await settle(hass)


async def test_nobody_looks(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """It is disabled at first, so nothing is asked for."""
    await set_up(hass, camera_entry, Platform.IMAGE)
    entry = er.async_get(hass).async_get(MAP)
    assert entry is not None
    assert entry.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    assert not camera.received(530)


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_nothing_is_asked_for_before_somebody_looks(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Also of one that is enabled."""
    await set_up(hass, camera_entry, Platform.IMAGE)
    assert state_of(hass, MAP) == "unknown"
    assert not camera.received(530)


@pytest.mark.usefixtures("looked_at")
async def test_who_looks_sees_what_the_camera_sees(hass: HomeAssistant) -> None:
    """As a picture with a scale beside it, from now."""
    image = Image.open(BytesIO(await look(hass)))
    assert image.format == "JPEG"
    assert image.width > 512
    assert dt_util.parse_datetime(state_of(hass, MAP) or "") is not None


@pytest.mark.usefixtures("looked_at")
async def test_many_looks_are_one_question(
    hass: HomeAssistant, camera: CameraSimulator
) -> None:
    """As long as the map is not old."""
    seen = {await look(hass) for _ in range(5)}
    assert len(seen) == len(camera.received(530)) == 1


@pytest.mark.usefixtures("looked_at")
async def test_it_is_drawn_for_as_long_as_somebody_looks(
    hass: HomeAssistant, camera: CameraSimulator, clock: TickingDateTimeFactory
) -> None:
    """Whoever shows it sees by its state that there is a new one, and fetches it; the first that nobody fetches is the last."""
    before = state_of(hass, MAP)
    await passes(hass, clock)
    assert state_of(hass, MAP) != before
    assert len(camera.received(530)) == 2
    await look(hass)
    assert len(camera.received(530)) == 2
    await passes(hass, clock)
    assert len(camera.received(530)) == 3
    for _ in range(3):
        await passes(hass, clock)
    assert len(camera.received(530)) == 3


@pytest.mark.usefixtures("looked_at")
async def test_an_old_map_is_not_shown(
    hass: HomeAssistant, camera: CameraSimulator, clock: TickingDateTimeFactory
) -> None:
    """A new one is drawn first."""
    await passes(hass, clock)
    clock.tick(SOON)
    await look(hass)
    assert len(camera.received(530)) == 3


@pytest.mark.usefixtures("looked_at", "impatient")
async def test_without_an_answer_there_is_no_map(
    hass: HomeAssistant, camera: CameraSimulator, clock: TickingDateTimeFactory
) -> None:
    """Until the camera answers again."""
    camera.camera.quirks.add("shutter")
    await passes(hass, clock)
    with pytest.raises(HomeAssistantError):
        await look(hass)
    camera.camera.quirks.discard("shutter")
    assert await look(hass)


@pytest.mark.usefixtures("looked_at")
async def test_an_unloaded_camera_is_not_asked(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    clock: TickingDateTimeFactory,
) -> None:
    """The next drawing does not come."""
    assert await hass.config_entries.async_unload(camera_entry.entry_id)
    await passes(hass, clock)
    assert len(camera.received(530)) == 1
