"""Every setting of a camera is an entity that sets it."""

import asyncio
import json
from pathlib import Path

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
from custom_components.thermogate.guide import SETTING_FIELDS, FieldType
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from tests.camera_settings import (
    EMISSIVITY,
    PALETTE,
    SHOWN,
    SIZE,
    coordinator_of,
    has,
    offered,
    set_number,
)
from tests.helpers import act, attributes_of, set_up, state_of
from tests.simulators.camera import CameraSimulator, camera as simulated


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
