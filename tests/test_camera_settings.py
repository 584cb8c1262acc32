"""Every setting of a camera is an entity: it shows what the camera has, and sets it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
import json
from pathlib import Path
from typing import Any

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components import thermogate
from custom_components.thermogate.camera_setting_entities import (
    ENABLED,
    camera_scale_of,
    camera_settings_of,
    choices_of,
    platform_of,
    text_key,
)
from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.coordinator import CameraCoordinator
from custom_components.thermogate.guide import (
    SECTIONS,
    SETTING_FIELDS,
    AudioFile,
    FieldType,
    Gear,
    GeneralInfo,
    GuideClient,
    GuideTimeoutError,
    Message,
    Setting,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from tests.helpers import act, attributes_of, set_up, settle, state_of
from tests.simulators.camera import CameraSimulator, camera as simulated

SHOWN = (Platform.NUMBER, Platform.SELECT, Platform.SWITCH, Platform.TEXT)
EMISSIVITY = "number.yard_emissivity"
PALETTE = "select.yard_palette"
MUTE = "switch.yard_mute"

# The simulated picture.
SIZE = (512, 384)
# Newer firmware than the simulated one has these.
NEWER = {
    "illegal_access_lock_time",
    "network_exception_interval_time",
    "spot_tracking_high_condition",
    "spot_tracking_low_condition",
    "spot_tracking_record_time",
}


def entity_of(
    hass: HomeAssistant, camera: CameraSimulator, setting: Setting
) -> str | None:
    """Return the entity of a setting, None where there is none."""
    platform = platform_of(setting)
    assert platform
    return er.async_get(hass).async_get_entity_id(
        platform, DOMAIN, f"{camera.options.serial}_{setting.key}"
    )


def offered(
    hass: HomeAssistant, camera: CameraSimulator, platform: Platform
) -> list[tuple[Setting, str]]:
    """Return the settings that a platform should show for the simulated camera, with their entities, which are there."""
    found = []
    for setting in camera_settings_of(platform):
        if setting.key not in NEWER:
            entity_id = entity_of(hass, camera, setting)
            assert entity_id, setting.key
            found.append((setting, entity_id))
    return found


def holder(camera: CameraSimulator, setting: Setting) -> dict[str, Any]:
    """Return the part of the camera's own settings that holds one."""
    found: Any = camera.camera.settings[set_number(setting)]
    for step in setting.path[:-1]:
        found = (
            found[step]
            if isinstance(step, str)
            else next(item for item in found if item["type"] == step)
        )
    assert isinstance(found, dict)
    return found


def has(camera: CameraSimulator, setting: Setting) -> Any:
    """Return what the camera is set to."""
    return holder(camera, setting)[setting.field.name]


def set_number(setting: Setting) -> int:
    """Return the command that sets a setting."""
    number = SECTIONS[setting.section].paired_set
    assert number
    return number


def coordinator_of(entry: MockConfigEntry) -> CameraCoordinator:
    """Return the coordinator of a camera that is set up."""
    assert isinstance(entry.runtime_data, CameraCoordinator)
    return entry.runtime_data


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
@pytest.mark.parametrize("platform", SHOWN)
async def test_what_there_is(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    snapshot: SnapshotAssertion,
    platform: Platform,
) -> None:
    """A line for each: what it is called, what it is now, and what it may be."""
    await set_up(hass, camera_entry, platform)
    told = ("min", "max", "step", "unit_of_measurement", "device_class", "options")
    rows = {}
    for setting, entity_id in offered(hass, camera, platform):
        shown = attributes_of(hass, entity_id)
        limits = " ".join(f"{key}={shown[key]}" for key in told if key in shown)
        rows[setting.key] = (
            f"{entity_id} | {shown['friendly_name']} | {state_of(hass, entity_id)} | {limits}"
        )
    assert rows == snapshot


async def test_a_few_are_enabled(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """What people change while they look at the picture; nobody wants hundreds."""
    await set_up(hass, camera_entry, *SHOWN)
    registry = er.async_get(hass)
    enabled = set()
    for platform in SHOWN:
        for setting, entity_id in offered(hass, camera, platform):
            known = registry.async_get(entity_id)
            assert known
            assert known.entity_category == "config"
            if not known.disabled:
                enabled.add(setting.key)
    assert enabled == ENABLED


def test_every_value_that_can_be_set_is_somewhere() -> None:
    """An entity, or one of the few that are none: a password, a picture, an area, or what could cut Home Assistant off."""
    bare = {
        setting.key for setting in SETTING_FIELDS.values() if not platform_of(setting)
    }
    own = ("rules_", "network_", "ports_", "video_", "fill_light_", "fire_area")
    assert {key for key in bare if not key.startswith(own)} == {
        "system_logo",
        "system_home_logo",
        *(
            key
            for key, setting in SETTING_FIELDS.items()
            if setting.field.type is FieldType.PASSWORD
        ),
    }


@pytest.mark.parametrize("platform", SHOWN)
def test_every_setting_has_its_texts(platform: Platform) -> None:
    """A name, an icon, and for a choice its words; and nothing is left over."""
    package = Path(thermogate.__file__).parent
    texts = json.loads((package / "translations/en.json").read_text("utf-8"))
    icons = json.loads((package / "icons.json").read_text("utf-8"))
    settings = {text_key(each): each for each in camera_settings_of(platform)}
    for known in (texts, icons):
        ours = {key for key in known["entity"][platform] if key.startswith("camera_")}
        assert ours == settings.keys()
    for key, setting in settings.items():
        words = texts["entity"][platform][key].get("state", {})
        choices = setting.field.choices or {}
        assert [*words] == [*choices.values()], key


# Setting


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "every_update_shows")
async def test_every_number_from_both_sides_of_its_limits(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The least and the most are taken by the camera in one write; one step beyond is not sent."""
    await set_up(hass, camera_entry, Platform.NUMBER)
    for setting, number in offered(hass, camera, Platform.NUMBER):
        scale = camera_scale_of(setting, SIZE)
        for value in (scale.minimum, scale.maximum):
            writes = len(camera.received(set_number(setting)))
            await act(hass, "number.set_value", number, value=value)
            assert has(camera, setting) == value, setting.key
            assert float(state_of(hass, number) or "nan") == value, setting.key
            assert len(camera.received(set_number(setting))) == writes + 1
        last = camera.requests[-1]
        for beyond in (scale.minimum - scale.step, scale.maximum + scale.step):
            with pytest.raises(ServiceValidationError):
                await act(hass, "number.set_value", number, value=beyond)
        assert camera.requests[-1] is last, setting.key


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "every_update_shows")
async def test_every_word_is_taken(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The camera gets its own number for each, and so it shows; another word is not sent."""
    await set_up(hass, camera_entry, Platform.SELECT)
    for setting, select in offered(hass, camera, Platform.SELECT):
        choices = choices_of(setting, coordinator_of(camera_entry))
        assert attributes_of(hass, select)["options"] == [*choices.values()]
        for number, word in choices.items():
            await act(hass, "select.select_option", select, option=word)
            assert has(camera, setting) == number, (setting.key, word)
            assert state_of(hass, select) == word
        last = camera.requests[-1]
        with pytest.raises(ServiceValidationError):
            await act(hass, "select.select_option", select, option="nonsense")
        assert camera.requests[-1] is last, setting.key


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "every_update_shows")
async def test_every_switch(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """On is 1, off is 0."""
    await set_up(hass, camera_entry, Platform.SWITCH)
    for setting, switch in offered(hass, camera, Platform.SWITCH):
        for word, number in (("on", 1), ("off", 0), ("on", 1)):
            await act(hass, f"switch.turn_{word}", switch)
            assert has(camera, setting) == number, setting.key
            assert state_of(hass, switch) == word


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "every_update_shows")
async def test_every_text(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """As long as the document allows, and no longer; a colour is one."""
    await set_up(hass, camera_entry, Platform.TEXT)
    for setting, text in offered(hass, camera, Platform.TEXT):
        if setting.field.type is FieldType.COLOR:
            value, wrong = "#12aBcD", "red"
        else:
            value = "ä" * int(setting.field.maximum or 0)
            wrong = value + "ä"
        await act(hass, "text.set_value", text, value=value)
        assert has(camera, setting) == value, setting.key
        assert state_of(hass, text) == value
        last = camera.requests[-1]
        with pytest.raises((ServiceValidationError, ValueError)):
            await act(hass, "text.set_value", text, value=wrong)
        assert camera.requests[-1] is last, setting.key


async def test_one_write_leaves_the_rest_alone(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """It is read, changed, written whole with what nobody knows, and read again."""
    await set_up(hass, camera_entry, Platform.SELECT)
    measurement = camera.camera.settings[1]
    measurement["firmware_2027"] = {"kept": [1]}
    measurement["humi"] = 61
    asked = len(camera.received(2))
    await act(hass, "select.select_option", PALETTE, option="rainbow_2")
    (written,) = camera.received(1)
    assert written.message == measurement | {"color_bar": 13}
    assert len(camera.received(2)) == asked + 2
    # What somebody else changed meanwhile shows as well.
    assert coordinator_of(camera_entry).data.settings["measurement"]["humi"] == 61


async def test_what_is_only_told_is_not_sent(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """How full the storage is cannot be set."""
    await set_up(hass, camera_entry, Platform.NUMBER)
    coordinator = coordinator_of(camera_entry)
    await coordinator.settings.async_set(SETTING_FIELDS["storage_save_days"], 7)
    (written,) = camera.received(13)
    told = camera.camera.settings[13]
    assert told["save_days"] == 7
    assert told.keys() - written.message.keys() == {
        "format_status",
        "free",
        "system",
        "total",
        "type",
    }


async def test_changes_at_the_same_time(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """All survive, and a reading that has begun before does not show what was there before."""
    await set_up(hass, camera_entry, Platform.SELECT, Platform.NUMBER)
    coordinator = coordinator_of(camera_entry)
    coordinator.settings.all_due()
    await asyncio.gather(
        coordinator.async_refresh(),
        act(hass, "select.select_option", PALETTE, option="winter"),
        act(hass, "number.set_value", EMISSIVITY, value=0.5),
        act(hass, "number.set_value", "number.yard_object_distance", value=7),
    )
    known = camera.camera.settings[1]
    assert (known["color_bar"], known["emiss"], known["dist"]) == (24, 0.5, 7)
    shown = (PALETTE, EMISSIVITY, "number.yard_object_distance")
    assert [state_of(hass, each) for each in shown] == ["winter", "0.5", "7.0"]


async def test_an_emissivity_stands_instead_of_a_material(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """One write for both; a camera that knows no materials is asked for none."""
    await set_up(hass, camera_entry, Platform.NUMBER)
    await act(hass, "number.set_value", EMISSIVITY, value=0.8)
    assert (written := camera.received(1)[-1].message)["emiss"] == 0.8
    assert written["emiss_mode"] == 2
    del camera.camera.settings[1]["emiss_mode"]
    await act(hass, "number.set_value", EMISSIVITY, value=0.7)
    assert "emiss_mode" not in camera.received(1)[-1].message
    assert len(camera.received(1)) == 2


@pytest.mark.parametrize("field", ["emiss", "whole section"])
async def test_what_a_camera_lost_cannot_be_set(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    field: str,
) -> None:
    """It is said, and what was known stays."""
    await set_up(hass, camera_entry, Platform.NUMBER)
    if field == "emiss":
        camera.camera.settings[1]["color_bar"] = 3
        monkeypatch.delitem(camera.camera.settings[1], "emiss")
    else:
        monkeypatch.delitem(simulated.HANDLERS, 1)
    with pytest.raises(HomeAssistantError):
        await act(hass, "number.set_value", EMISSIVITY, value=2)
    assert not [each for each in camera.received(1) if each.retcode == 0]
    assert state_of(hass, EMISSIVITY) == "0.95"


# Showing


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


def silent_about(*numbers: int) -> Callable[..., Any]:
    """Return a client's way to ask that gets no answer to some commands."""
    request = GuideClient.request

    async def ask(
        client: GuideClient, cmdtype: int, *args: Any, **named: Any
    ) -> Message:
        if cmdtype in numbers:
            raise GuideTimeoutError(f"No answer to {cmdtype}")
        return await request(client, cmdtype, *args, **named)

    return ask


async def test_firmware_that_keeps_silent_about_what_it_does_not_know(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One silence stops nothing."""
    monkeypatch.setattr(GuideClient, "request", silent_about(54, 58))
    await set_up(hass, camera_entry, *SHOWN)
    assert not entity_of(hass, camera, SETTING_FIELDS["ranging_flag"])
    assert entity_of(hass, camera, SETTING_FIELDS["occlusion_flag"])
    assert state_of(hass, EMISSIVITY) == "0.95"


async def test_a_camera_that_keeps_silent_altogether(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two silences are a camera that is gone."""
    monkeypatch.setattr(GuideClient, "request", silent_about(54, 56))
    await hass.config_entries.async_setup(camera_entry.entry_id)
    assert camera_entry.state is ConfigEntryState.SETUP_RETRY


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
