"""The settings of a terminal: read when it is set up, now and then, and after each change; entities follow what it has."""

from collections.abc import Iterable
from typing import Any, cast
from unittest.mock import patch

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.coordinator.terminal_settings import SETTINGS_INTERVAL
from custom_components.thermogate.facegate import (
    SETTINGS,
    SETTINGS_GROUPS,
    FaceGateClient,
    FaceGateCommandError,
    FaceGateTimeoutError,
    SettingsGroup,
)
from custom_components.thermogate.setting_entities import (
    LED_BRIGHTNESS,
    LED_MODE,
    platform_of,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from tests.helpers import SERIAL, act, door, passes, set_up, settle, state_of, volume_of
from tests.packaging.repository import read_json
from tests.simulators.terminal import Options, TerminalSimulator
from tests.simulators.terminal.commands import COMMANDS

SCORE = "number.front_door_match_score_needed"
MASK = "switch.front_door_mask_required"
CLIENT = "custom_components.thermogate.coordinator.terminal.FaceGateClient"
READS = ("request app params", "request stream params")


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


def face(terminal: TerminalSimulator) -> dict[str, Any]:
    """Return the terminal's settings about faces."""
    return cast("dict[str, Any]", terminal.device.section("face"))


def asked(terminal: TerminalSimulator) -> list[str]:
    """Return the commands about settings that arrived."""
    return [each.cmd for each in terminal.requests if "params" in each.cmd]


def without(*names: str) -> Any:
    """Let the terminal know nothing of some commands."""
    known = {name: each for name, each in COMMANDS.items() if name not in names}
    return patch("tests.simulators.terminal.simulator.COMMANDS", known)


def known_entities(
    entity_registry: er.EntityRegistry, entry: MockConfigEntry, platform: Platform
) -> set[str]:
    """Return the entities of a platform by the keys of their settings."""
    return {
        each.unique_id.removeprefix(f"{SERIAL}_")
        for each in er.async_entries_for_config_entry(entity_registry, entry.entry_id)
        if each.domain == platform
    }


# Which entities there are


def test_every_setting_is_shown_or_has_a_reason_not_to_be() -> None:
    """Passwords are never shown; two settings are one light; two could cut the terminal off."""
    hidden = {key for key, each in SETTINGS.items() if platform_of(each) is None}
    assert hidden == {
        "upload_password",
        "authentication_password",
        LED_MODE,
        LED_BRIGHTNESS,
        "extranet_mode",
        "upload_method",
    }


def test_every_setting_has_a_name_and_an_icon_and_every_choice_a_text() -> None:
    """A person never reads a key; and no two have the same name."""
    texts, icons = read_json("translations/en.json"), read_json("icons.json")
    names: list[str] = []
    for key, setting in SETTINGS.items():
        if (platform := platform_of(setting)) is None:
            continue
        own = texts["entity"][platform][key]
        names.append(own["name"])
        assert icons["entity"][platform][key]["default"]
        if platform is Platform.SELECT:
            assert own["state"].keys() == setting.field.choices.keys(), key
    assert len(set(names)) == len(names)


async def test_a_few_are_enabled(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """Everything else waits until somebody wants it."""
    platforms = (Platform.LIGHT, Platform.NUMBER, Platform.SELECT, Platform.SWITCH)
    await set_up(hass, terminal_entry, *platforms, Platform.TEXT)
    enabled = {
        each.entity_id
        for each in er.async_entries_for_config_entry(
            entity_registry, terminal_entry.entry_id
        )
        if each.disabled_by is None
    }
    assert enabled == {
        "light.front_door_led_light",
        "number.front_door_body_temperature_limit",
        "number.front_door_match_score_needed",
        "number.front_door_relay_hold_time",
        "select.front_door_gate_mode",
        "select.front_door_screensaver",
        "select.front_door_working_mode",
        "switch.front_door_keep_clock_right",
        "switch.front_door_mask_required",
    }


@pytest.mark.parametrize(
    ("lacking", "left"),
    [
        (READS, set()),
        (
            READS[:1],
            {
                "max_exposure",
                "max_gain",
                "contrast",
                "saturation",
                "image_brightness",
                "bitrate",
            },
        ),
    ],
)
async def test_a_firmware_without_settings(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    lacking: Iterable[str],
    left: set[str],
) -> None:
    """What it does not have is not offered."""
    with without(*lacking):
        await set_up(hass, terminal_entry, Platform.NUMBER)
        assert known_entities(entity_registry, terminal_entry, Platform.NUMBER) == left


async def test_a_terminal_that_is_off_keeps_its_entities(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What it has is remembered; its values are not known."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    terminal.be_silent(1000)
    with (
        patch("custom_components.thermogate.PLATFORMS", [Platform.NUMBER]),
        patch("custom_components.thermogate.coordinator.terminal.ASK_TIMEOUT", 0.01),
    ):
        assert await hass.config_entries.async_reload(terminal_entry.entry_id)
        assert state_of(hass, SCORE) == "unknown"
        assert await hass.config_entries.async_unload(terminal_entry.entry_id)


async def test_a_setting_that_does_not_apply_now(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """The terminal leaves it out as long as faces are not matched; that is no reason to start anew."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    coordinator = terminal_entry.runtime_data
    with patch.object(hass.config_entries, "async_schedule_reload") as reload:
        await coordinator.async_set_settings(face_matching=False)
        await settle(hass)
        assert state_of(hass, SCORE) == "unknown"
        await coordinator.async_set_settings(face_matching=True)
        await settle(hass)
        assert state_of(hass, SCORE) == "75"
    assert not reload.mock_calls


async def test_another_firmware_brings_and_loses_settings(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Its entities are made anew when it is next asked."""
    lost = face(terminal)["mask"]
    del face(terminal)["mask"]
    platforms = patch(
        "custom_components.thermogate.PLATFORMS", [Platform.NUMBER, Platform.SWITCH]
    )
    with platforms:
        assert await hass.config_entries.async_setup(terminal_entry.entry_id)
        await settle(hass)
        assert state_of(hass, MASK) is None
        assert state_of(hass, SCORE) == "75"

        face(terminal)["mask"] = lost
        del face(terminal)["match_score"]
        versions = await terminal_entry.runtime_data.client.versions()
        with patch(f"{CLIENT}.versions", return_value=versions | {"alg_version": "9"}):
            first = terminal_entry.runtime_data
            first.async_change(online=False)
            terminal.heartbeat()
            await settle(hass)
        assert terminal_entry.runtime_data is not first
        assert state_of(hass, MASK) == "off"
        assert state_of(hass, SCORE) == "unavailable"


# When they are read


async def test_a_change_is_read_back(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """One command changes, one reads; the other group is left alone."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    before = len(asked(terminal))
    await act(hass, "number.set_value", SCORE, value=90)
    assert asked(terminal)[before:] == ["update app params", "request app params"]
    assert face(terminal)["match_score"] == 90
    assert state_of(hass, SCORE) == "90"


async def test_they_are_read_now_and_then(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """Somebody has changed one at the terminal itself."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    face(terminal)["match_score"] = 88
    clock.tick(SETTINGS_INTERVAL.total_seconds() + 1)
    await passes(hass)
    assert state_of(hass, SCORE) == "88"


async def test_a_terminal_that_never_answers_is_not_asked_again(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """It would only delay other commands."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    terminal_entry.runtime_data.async_change(online=False)
    before = len(asked(terminal))
    clock.tick(SETTINGS_INTERVAL.total_seconds() + 1)
    with patch.object(FaceGateClient, "alive", return_value=False):
        await passes(hass)
    assert len(asked(terminal)) == before


@pytest.mark.parametrize(
    "error", [FaceGateTimeoutError("gone"), FaceGateCommandError("any", 5, "busy")]
)
async def test_a_change_that_cannot_be_read_back(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    error: Exception,
) -> None:
    """The terminal has taken it, and so it shows."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    with patch(f"{CLIENT}.read_settings", side_effect=error):
        await act(hass, "number.set_value", SCORE, value=90)
    assert state_of(hass, SCORE) == "90"


async def test_a_terminal_that_tells_no_settings_in_time(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Everything else that it told is known all the same."""
    with patch(f"{CLIENT}.read_settings", side_effect=FaceGateTimeoutError("gone")):
        await set_up(hass, terminal_entry, Platform.NUMBER, Platform.MEDIA_PLAYER)
    assert volume_of(hass) == 0.6
    assert state_of(hass, SCORE) is None


async def test_what_is_refused_changes_nothing(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Whoever changed it learns why, whether we refuse it or the terminal."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    coordinator = terminal_entry.runtime_data
    with pytest.raises(ServiceValidationError) as refused:
        await coordinator.async_set_settings(match_score=101)
    assert refused.value.translation_key == "invalid_value"
    with without("update app params"), pytest.raises(HomeAssistantError) as raised:
        await coordinator.async_set_settings(match_score=90)
    assert raised.value.translation_key == "not_supported"
    assert coordinator.data.settings["match_score"] == 75
    await settle(hass)


async def test_no_password_is_known(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Not after it was read, and not after it was set."""
    await set_up(hass, terminal_entry, Platform.TEXT)
    coordinator = terminal_entry.runtime_data
    await coordinator.async_set_settings(authentication_password="hunter2")
    assert terminal.device.section("auth")["password"] == "hunter2"
    secrets = {key for key, each in SETTINGS.items() if each.field.secret}
    assert not secrets & coordinator.data.settings.keys()
    assert "hunter2" not in str(coordinator.data.settings)


async def test_all_settings_are_read_at_once(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """As they are now; of a firmware that has only some, those."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    coordinator = terminal_entry.runtime_data
    face(terminal)["match_score"] = 80
    assert (await coordinator.async_get_settings())["match_score"] == 80
    assert state_of(hass, SCORE) == "80"


@pytest.mark.parametrize(
    ("lacking", "left"),
    [(READS[:1], SETTINGS_GROUPS[1:]), (READS[1:], SETTINGS_GROUPS[:1]), (READS, ())],
)
async def test_a_firmware_that_has_only_some(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    lacking: Iterable[str],
    left: Iterable[SettingsGroup],
) -> None:
    """Those are read; it is an error only to have none."""
    with without(*lacking):
        await set_up(hass, terminal_entry, Platform.NUMBER)
        if not left:
            with pytest.raises(HomeAssistantError) as raised:
                await terminal_entry.runtime_data.async_get_settings()
            assert raised.value.translation_key == "not_supported"
            return
        settings = await terminal_entry.runtime_data.async_get_settings()
    assert settings.keys() == {
        setting.key
        for group in left
        for setting in group.settings
        if not setting.field.secret
    }
