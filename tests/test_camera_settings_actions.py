"""The actions that read and write the settings of cameras."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.guide import SECTIONS, GuideClient
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from tests.camera_settings import silent_about
from tests.helpers import door, set_up, settle, state_of
from tests.simulators.camera import CameraSimulator, camera as simulated
from tests.simulators.camera.sessions import ciphertext_defect
from tests.simulators.terminal import Options, TerminalSimulator


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


def device_of(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the device of an entry that is set up."""
    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return device.id


async def read(hass: HomeAssistant, *devices: str, **data: Any) -> dict[str, Any]:
    """Ask for settings."""
    answer = await hass.services.async_call(
        DOMAIN,
        "get_settings",
        {"device_id": list(devices), **data},
        blocking=True,
        return_response=True,
    )
    assert answer
    return dict(answer)


async def write(
    hass: HomeAssistant, *devices: str, section: str | None, **settings: Any
) -> None:
    """Change settings of a section."""
    where = {} if section is None else {"section": section}
    await hass.services.async_call(
        DOMAIN,
        "set_settings",
        {"device_id": list(devices), "settings": settings} | where,
        blocking=True,
    )


async def test_all_settings(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In words, as they are now, without passwords; a section that the camera refuses or keeps silent about is left out."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    settings = camera.camera.settings
    settings[31].update(password="SECRET", new_password="SECRET")
    settings[1].update(color_bar=13, isot_flag=7, firmware_2027={"kept": 1})
    monkeypatch.delitem(simulated.HANDLERS, 58)
    monkeypatch.setattr(GuideClient, "request", silent_about(54))
    device = device_of(hass, camera_entry)
    answer = await read(hass, device)
    (told,) = answer["cameras"]
    assert (told["device_id"], told["device"]) == (device, "Yard")
    found = told["settings"]
    assert found.keys() == SECTIONS.keys() - {"contamination", "ranging"}
    assert found["measurement"]["color_bar"] == "rainbow_2"
    assert found["measurement"]["color_show"] is True
    # What the document does not allow, or does not know, is told as it is.
    assert found["measurement"]["isot_flag"] == 7
    assert found["measurement"]["firmware_2027"] == {"kept": 1}
    assert found["image"]["vl_config"]["wdr"] == "100"
    assert found["video"]["params"][0]["type"] == "visible_main"
    assert found["spot_tracking"]["effect_day"][0]["day"] == 1
    assert "SECRET" not in str(answer)


async def test_one_section_of_a_camera_that_lacks_it(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who asks for it learns that."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    device = device_of(hass, camera_entry)
    answer = await read(hass, device, section="mute")
    assert answer["cameras"][0]["settings"] == {"silent": False}
    monkeypatch.delitem(simulated.HANDLERS, 58)
    with pytest.raises(HomeAssistantError) as raised:
        await read(hass, device, section="contamination")
    assert raised.value.translation_key == "not_supported"


async def test_settings_are_set(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """By word or by number, groups part by part, lists item by item; what nobody named stays, and all shows at once."""
    await set_up(hass, camera_entry, Platform.SELECT, Platform.NUMBER)
    device = device_of(hass, camera_entry)
    settings = camera.camera.settings
    settings[1]["firmware_2027"] = 4
    await write(
        hass, device, section="measurement", color_bar="winter", emiss=0.5, flag=False
    )
    changed = settings[1]
    assert (changed["color_bar"], changed["emiss"], changed["flag"]) == (24, 0.5, 0)
    assert camera.received(1)[-1].message["firmware_2027"] == 4
    assert state_of(hass, "select.yard_palette") == "winter"
    await write(hass, device, section="measurement", color_bar=3, firmware_2027=5)
    assert camera.received(1)[-1].message["firmware_2027"] == 5
    assert state_of(hass, "select.yard_palette") == "iron_red"

    visible = dict(settings[5]["vl_config"])
    await write(
        hass, device, section="image", ir_config={"brightness": 61.0, "reverse": True}
    )
    assert settings[5]["ir_config"]["brightness"] == 61
    assert settings[5]["ir_config"]["reverse"] == 1
    assert settings[5]["vl_config"] == visible

    await write(
        hass,
        device,
        section="storage_exception",
        store=[{"type": "failure", "flag": True}],
    )
    assert [item["flag"] for item in settings[25]["store"]] == [0, 1, 0]
    await write(hass, device, section="mail", mailto=["a@example.com"])
    assert settings[31]["mailto"] == ["a@example.com"]
    holidays = [{"mon": 12, "data": [24, 25]}]
    await write(hass, device, section="storage", month_data=holidays, save_days=30)
    assert (settings[13]["month_data"], settings[13]["save_days"]) == (holidays, 30)


async def test_sections_that_show_in_another_form(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The lamp is a light, and rules have sensors: they show at once as well."""
    await set_up(hass, camera_entry, Platform.LIGHT, Platform.SENSOR)
    device = device_of(hass, camera_entry)
    await write(hass, device, section="fill_light", light=True, brightness=100)
    await settle(hass)
    assert state_of(hass, "light.yard_fill_light") == "on"
    asked = len(camera.received(4))
    await write(hass, device, section="rules", show_type="name")
    assert camera.camera.settings[3]["show_type"] == 4
    assert len(camera.camera.settings[3]["rule_list"]) == 4
    # Read, read again, and asked for by the entities.
    assert len(camera.received(4)) == asked + 3
    await write(hass, device, section="shielded_areas", rects=[])
    assert camera.received(17)[-1].retcode == 0


async def test_a_password_is_encrypted_and_never_told(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As in a login; empty it is deleted."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    device = device_of(hass, camera_entry)
    caplog.clear()
    await write(hass, device, section="mqtt", username="yard", password="pa55word")
    stored = camera.camera.settings[33]["password"]
    assert ciphertext_defect(stored, "pa55word") is None
    assert camera.camera.settings[33]["username"] == "yard"
    answer = await read(hass, device, section="mqtt")
    assert "password" not in answer["cameras"][0]["settings"]
    logged = [
        record for record in caplog.records if record.name.startswith("custom_comp")
    ]
    assert "pa55word" not in str(logged)
    # Read and written back it is the same.
    await write(hass, device, section="mqtt", username="gate")
    assert camera.camera.settings[33]["password"] == stored
    await write(hass, device, section="mqtt", password="")
    assert camera.camera.settings[33]["password"] == ""


@pytest.mark.parametrize(
    ("section", "wrong", "key"),
    [
        ("measurement", {"emiss": 1.01}, "invalid_value"),
        ("measurement", {"emiss": 0.09}, "invalid_value"),
        ("measurement", {"humi": 50.5}, "invalid_value"),
        ("measurement", {"color_bar": "pink"}, "invalid_value"),
        ("measurement", {"color_bar": 27}, "invalid_value"),
        ("measurement", {"flag": "yes"}, "invalid_value"),
        ("measurement", {"emiss": 0.5, "nonsense": 1}, "invalid_value"),
        ("measurement", {"default": 1}, "invalid_value"),
        ("image", {"ir_config": {"brightness": 101}}, "invalid_value"),
        ("image", {"ir_config": {"nonsense": 1}}, "invalid_value"),
        ("image", {"ir_config": 5}, "invalid_value"),
        ("storage_exception", {"store": [5]}, "invalid_value"),
        ("storage_exception", {"store": [{"flag": 1}]}, "value_missing"),
        ("mail", {"mailto": ["x"] * 6}, "invalid_value"),
        ("mqtt", {"password": "x" * 118}, "invalid_value"),
        ("mqtt", {"password": 5}, "invalid_value"),
        ("network", {"ipaddr": "192.168.1.2"}, "section_elsewhere"),
        ("ports", {"http_port": 81}, "section_elsewhere"),
        (None, {"emiss": 0.5}, "section_missing"),
        ("face", {"match_score": 80}, "no_section"),
    ],
)
async def test_what_is_not_possible_is_not_sent(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    section: str | None,
    wrong: dict[str, Any],
    key: str,
) -> None:
    """One wrong value keeps the right ones from being sent."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    device = device_of(hass, camera_entry)
    with pytest.raises(ServiceValidationError) as refused:
        await write(hass, device, section=section, **wrong)
    assert refused.value.translation_key == key
    assert not [each for each in camera.requests if each.cmdtype in range(1, 59, 2)]


async def test_terminals_and_cameras_together(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
) -> None:
    """Read at once, each in its own words; what fails at one is told by its name."""
    # Both are set up.
    await set_up(hass, terminal_entry, Platform.SENSOR)
    devices = device_of(hass, terminal_entry), device_of(hass, camera_entry)
    answer = await read(hass, *devices, section="image")
    assert "contrast" in answer["terminals"][0]["settings"]
    assert "ir_config" in answer["cameras"][0]["settings"]
    await camera.inject("no-permission")
    with pytest.raises(HomeAssistantError) as raised:
        await write(hass, *devices, section="image", contrast=50)
    assert raised.value.translation_key == "not_everywhere"
    failures = (raised.value.translation_placeholders or {})["failures"]
    assert failures.startswith("Yard: ")
