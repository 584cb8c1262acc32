"""The actions that read and write settings, of terminals and in general."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from custom_components.thermogate.actions import settings
from custom_components.thermogate.const import (
    CONF_KIND,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    DOMAIN,
    DeviceKind,
)
from custom_components.thermogate.facegate import SETTINGS
from homeassistant.const import ATTR_DEVICE_ID, Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import device_registry as dr
from tests.helpers import door, set_up
from tests.simulators.terminal import Options, TerminalSimulator


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


def device_of(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the device of an entry, which is made if there is none."""
    registry = dr.async_get(hass)
    devices = dr.async_entries_for_config_entry(registry, entry.entry_id)
    if devices:
        return devices[0].id
    return registry.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, str(entry.unique_id))}
    ).id


def another(hass: HomeAssistant) -> MockConfigEntry:
    """Return the entry of a terminal that is not there."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Back door",
        unique_id="BACK",
        data={
            CONF_KIND: DeviceKind.TERMINAL,
            CONF_TOPIC_ID: "BACK",
            CONF_TOPIC_PREFIX: "",
        },
    )
    entry.add_to_hass(hass)
    return entry


async def call(hass: HomeAssistant, action: str, **data: Any) -> Any:
    """Call an action and return its answer."""
    return await hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=action == settings.GET
    )


async def test_all_settings(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """By our keys, as they are now, without passwords."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    terminal.device.section("lcd_control")["lcd_title"] = "Welcome"
    device = device_of(hass, terminal_entry)
    answer = await call(hass, "get_settings", device_id=device)
    (told,) = answer["terminals"]
    assert (told["device_id"], told["device"]) == (device, "Front door")
    assert told["settings"]["lcd_title"] == "Welcome"
    assert told["settings"].keys() == {
        key for key, setting in SETTINGS.items() if not setting.field.secret
    }


@pytest.mark.parametrize("section", settings.TERMINAL_SECTIONS)
async def test_those_of_a_section(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    section: str,
) -> None:
    """And no other."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    device = device_of(hass, terminal_entry)
    answer = await call(hass, "get_settings", device_id=device, section=section)
    assert answer["terminals"][0]["settings"].keys() == {
        key
        for key, setting in SETTINGS.items()
        if setting.path[0] == section and not setting.field.secret
    }


async def test_settings_are_set(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Several at once, of both groups."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    await call(
        hass,
        "set_settings",
        device_id=device_of(hass, terminal_entry),
        settings={
            "gate_mode": "any_face",
            "require_mask": True,
            "temperature_limit": 38,
            "bitrate": 1024,
            "upload_password": "secret",
        },
    )
    device = terminal.device
    assert device.section("gate_control")["gate_mode"] == 6
    assert device.section("upload_info")["password"] == "secret"
    assert device.stream_params["video"] == {"bitrate": 1024}
    known = terminal_entry.runtime_data.data.settings
    assert (known["require_mask"], known["temperature_limit"]) == (True, 38)


@pytest.mark.parametrize(
    "wrong",
    [{"match_score": 101}, {"nonsense": 1}, {"match_score": 80, "bitrate": "fast"}],
)
async def test_what_is_not_possible_is_not_sent(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    wrong: dict[str, Any],
) -> None:
    """One wrong value keeps the right ones from being sent."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    last = terminal.requests[-1]
    device = device_of(hass, terminal_entry)
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, "set_settings", device_id=device, settings=wrong)
    assert refused.value.translation_key == "invalid_value"
    with pytest.raises(vol.Invalid):
        await call(hass, "set_settings", device_id=device, settings={})
    assert terminal.requests[-1] is last


async def test_only_administrators_set(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    hass_read_only_user: MockUser,
) -> None:
    """A gate mode decides who may pass."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    data = {
        ATTR_DEVICE_ID: device_of(hass, terminal_entry),
        "settings": {"gate_mode": "any_face"},
    }
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            "set_settings",
            data,
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )
    assert terminal.device.section("gate_control")["gate_mode"] == 1


async def test_devices_that_cannot(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """One that is not set up, one without the section, and something else."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    for device, key in (
        (device_of(hass, another(hass)), "not_running"),
        (device_of(hass, terminal_entry), "no_section"),
        ("nonsense", "unknown_device"),
    ):
        with pytest.raises(ServiceValidationError) as refused:
            await call(hass, "get_settings", device_id=device, section="measurement")
        assert refused.value.translation_key == key


async def test_one_terminal_does_not_stop_the_others(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What failed where is told in the end."""
    back = another(hass)
    monkeypatch.setattr(
        "custom_components.thermogate.coordinator.presence.PROBE_TIMEOUT", 0.01
    )
    await set_up(hass, terminal_entry, Platform.NUMBER)
    monkeypatch.setattr(back.runtime_data.client, "_timeout", 0.01)
    with pytest.raises(HomeAssistantError) as raised:
        await call(
            hass,
            "set_settings",
            device_id=[device_of(hass, back), device_of(hass, terminal_entry)],
            settings={"require_mask": True},
        )
    assert raised.value.translation_key == "not_everywhere"
    assert "Back door" in (raised.value.translation_placeholders or {})["failures"]
    assert "Front door" not in (raised.value.translation_placeholders or {})["failures"]
    assert terminal_entry.runtime_data.data.settings["require_mask"] is True
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, "get_settings", device_id=device_of(hass, back))
    assert raised.value.translation_key == "terminal_silent"


async def test_a_value_that_is_not_possible(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """It is said by the name that the action has for the setting, not by that of the wire."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    last = terminal.requests[-1]
    with pytest.raises(
        ServiceValidationError, match="^5001 is not possible for relay_hold_time;"
    ):
        await call(
            hass,
            "set_settings",
            device_id=device_of(hass, terminal_entry),
            settings={"contrast": 60, "relay_hold_time": 5001},
        )
    assert terminal.requests[-1] is last


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("extranet_mode", "tcp"),
        ("upload_method", "none"),
        ("extranet_enabled", False),
        ("extranet_server_ip", "192.168.0.9"),
        ("upload_server_port", 1),
    ],
)
async def test_what_could_cut_the_link_is_confirmed(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    key: str,
    value: str,
) -> None:
    """A slip would leave no way to change it back; that it can be read harms nobody."""
    await set_up(hass, terminal_entry, Platform.NUMBER)
    device = device_of(hass, terminal_entry)
    last = terminal.requests[-1]
    data = {"device_id": device, "settings": {key: value, "lcd_title": "Welcome"}}
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, "set_settings", **data)
    assert refused.value.translation_key == "link_not_confirmed"
    assert (refused.value.translation_placeholders or {})["settings"] == key
    assert terminal.requests[-1] is last

    await call(hass, "set_settings", **data, confirm=True)
    answer = await call(hass, "get_settings", device_id=device)
    assert answer["terminals"][0]["settings"][key] == value
