"""What the settings of a camera show, whatever the camera tells, and what is read when."""

from datetime import timedelta

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.camera_setting_entities import (
    camera_scale_of,
    camera_settings_of,
    choices_of,
)
from custom_components.thermogate.guide import (
    SETTING_FIELDS,
    AudioFile,
    Gear,
    GeneralInfo,
    GuideClient,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from tests.camera_settings import (
    EMISSIVITY,
    MUTE,
    PALETTE,
    SHOWN,
    SIZE,
    coordinator_of,
    entity_of,
    silent_about,
)
from tests.helpers import act, set_up, settle, state_of
from tests.simulators.camera import CameraSimulator, camera as simulated


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_what_others_change_shows(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
) -> None:
    """After a while, and not before: the camera is not asked all the time."""
    await set_up(hass, camera_entry, Platform.NUMBER, Platform.SWITCH)
    coordinator = coordinator_of(camera_entry)
    camera.camera.settings[1]["emiss"] = 0.5
    camera.camera.settings[41]["silent"] = 1
    asked = len(camera.received(2))
    clock.tick(timedelta(minutes=9))
    await coordinator.async_refresh()
    assert len(camera.received(2)) == asked
    assert state_of(hass, EMISSIVITY) == "0.95"
    clock.tick(timedelta(minutes=2))
    await coordinator.async_refresh()
    await settle(hass)
    assert len(camera.received(2)) == asked + 1
    assert state_of(hass, EMISSIVITY) == "0.5"
    assert state_of(hass, MUTE) == "on"


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_what_the_document_does_not_allow_is_unknown(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """A camera may have what it wants; it is no error."""
    settings = camera.camera.settings
    settings[1].update(emiss=7, color_bar=99, gear=5, show_desc="x" * 43)
    settings[1].update(humi="wet", isot_high_color="red", dist=None)
    settings[41]["silent"] = 2
    settings[5]["ir_config"] = None
    await set_up(hass, camera_entry, *SHOWN)
    for entity_id in (
        EMISSIVITY,
        PALETTE,
        MUTE,
        "select.yard_temperature_range",
        "text.yard_caption",
        "number.yard_relative_humidity",
        "number.yard_object_distance",
        "text.yard_isotherm_upper_colour",
    ):
        assert state_of(hass, entity_id) == "unknown", entity_id
    # A part that is missing altogether is not offered.
    assert state_of(hass, "number.yard_thermal_brightness") is None
    assert state_of(hass, "number.yard_visible_brightness") == "50"


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_numbers_that_are_sent_as_texts(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Some firmware does."""
    camera.camera.settings[1].update(emiss="0.5", color_bar="1")
    camera.camera.settings[41]["silent"] = "1"
    await set_up(hass, camera_entry, *SHOWN)
    assert state_of(hass, EMISSIVITY) == "0.5"
    assert state_of(hass, PALETTE) == "white_hot"
    assert state_of(hass, MUTE) == "on"


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_what_newer_firmware_has(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Is offered where the camera tells it, and where it does not, is not."""
    camera.camera.settings[29]["lock_time"] = 300
    del camera.camera.settings[43]["heart_count"]
    await set_up(hass, camera_entry, *SHOWN)
    assert state_of(hass, "number.yard_illegal_access_lock_time") == "300"
    assert not entity_of(hass, camera, SETTING_FIELDS["gb28181_heart_count"])
    assert not entity_of(
        hass, camera, SETTING_FIELDS["network_exception_interval_time"]
    )


async def test_a_section_that_is_refused(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From the start: not offered, and not asked for again. Later: what was known stays."""
    monkeypatch.delitem(simulated.HANDLERS, 58)
    await set_up(hass, camera_entry, *SHOWN)
    assert not entity_of(hass, camera, SETTING_FIELDS["contamination_flag"])
    assert entity_of(hass, camera, SETTING_FIELDS["occlusion_flag"])
    monkeypatch.delitem(simulated.HANDLERS, 2)
    for _ in range(2):
        clock.tick(timedelta(minutes=10))
        await coordinator_of(camera_entry).async_refresh()
    assert len(camera.received(58)) == 1
    assert len(camera.received(2)) == 3
    assert state_of(hass, EMISSIVITY) == "0.95"
    # One that comes back may be other firmware.
    coordinator_of(camera_entry).settings.all_due()
    await coordinator_of(camera_entry).async_refresh()
    assert len(camera.received(58)) == 2


async def test_firmware_that_keeps_silent_about_what_it_does_not_know(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However much that is, the rest is there."""
    monkeypatch.setattr(GuideClient, "request", silent_about(56, 58))
    await set_up(hass, camera_entry, *SHOWN)
    assert not entity_of(hass, camera, SETTING_FIELDS["occlusion_flag"])
    assert entity_of(hass, camera, SETTING_FIELDS["ranging_flag"])
    assert state_of(hass, EMISSIVITY) == "0.95"


async def test_a_camera_that_keeps_silent_altogether(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Is gone: it does not even tell its version."""
    await set_up(hass, camera_entry, *SHOWN)
    coordinator = coordinator_of(camera_entry)
    coordinator.settings.all_due()
    monkeypatch.setattr(GuideClient, "request", silent_about(2, 505))
    await coordinator.async_refresh()
    assert not coordinator.available
    await settle(hass)
    assert state_of(hass, EMISSIVITY) == "unavailable"


async def test_passwords_are_not_kept(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Neither those of the document nor those of newer firmware."""
    camera.camera.settings[31].update(password="SECRET", new_passwords=["SECRET"])
    camera.camera.settings[43]["reg_password"] = "SECRET"
    await set_up(hass, camera_entry, *SHOWN)
    assert "SECRET" not in str(coordinator_of(camera_entry).data)
    await act(hass, "switch.turn_on", MUTE)
    assert "SECRET" not in str(coordinator_of(camera_entry).data)


async def test_what_a_camera_offers_to_choose_from(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Its own ranges and sounds; names that are used twice get their number, and where it tells none there is nothing."""
    await set_up(hass, camera_entry, *SHOWN)
    coordinator = coordinator_of(camera_entry)
    gear = SETTING_FIELDS["measurement_gear"]
    sound = SETTING_FIELDS["fire_audio_index"]
    coordinator.async_change(
        general=GeneralInfo(
            gears=(
                Gear(index=0, minimum=-20, maximum=150),
                Gear(index=1, minimum=None, maximum=550),
            ),
            audio_files=(
                AudioFile(index=0, name="Bell"),
                AudioFile(index=1, name="Bell"),
                AudioFile(index=2, name="Horn"),
                AudioFile(index=3, name=""),
            ),
        )
    )
    assert choices_of(gear, coordinator) == {0: "-20…150 °C"}
    assert choices_of(sound, coordinator) == {
        0: "Bell (0)",
        1: "Bell (1)",
        2: "Horn",
        3: "(3)",
    }
    coordinator.async_change(general=GeneralInfo())
    assert not choices_of(gear, coordinator)


@pytest.mark.parametrize(
    ("size", "field", "maximum"),
    [(None, "x", 1280), (None, "h", 1024), (SIZE, "w", 512), (SIZE, "y", 384)],
)
def test_places_end_with_the_picture(
    size: tuple[int, int] | None, field: str, maximum: int
) -> None:
    """As large as the camera says, or as the largest there is."""
    setting = SETTING_FIELDS[f"occlusion_{field}"]
    assert camera_scale_of(setting, size).maximum == maximum


def test_bounds_are_those_of_the_protocol() -> None:
    """What the form allows is what is sent; a bound of the form alone is one that the document leaves open."""
    for setting in camera_settings_of(Platform.NUMBER):
        scale = camera_scale_of(setting, SIZE)
        assert scale.minimum < scale.maximum, setting.key
        assert setting.field.minimum in (None, scale.minimum)
        assert setting.field.maximum in (None, scale.maximum)
