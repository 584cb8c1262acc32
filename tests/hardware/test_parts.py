"""What a terminal is made of, and what it tells of itself."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from tests.helpers import act, set_up, settle, state_of
from tests.persons.house import device_id, perform, refusing, requests
from tests.simulators.terminal import TerminalSimulator

SCREENS = ["LCD_WY_720_576", "LCD_WY_1280x800", "LCD_WY_1024x600"]


async def change(hass: HomeAssistant, **fields: object) -> None:
    """Tell the terminal of its parts."""
    await hass.services.async_call(
        DOMAIN, "set_hardware", {"device_id": device_id(hass)} | fields, blocking=True
    )
    await settle(hass)


async def test_parts_and_versions(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """By our names, and what no document names by its own."""
    answer = await perform(hass, "get_hardware")
    hardware = answer["hardware"]
    assert hardware["board"] == {"manufacturer": "FSAN", "model": "FSAN_02"}
    assert hardware["lcd"]["support"] == SCREENS
    assert hardware["four_g"] == {"module": "yes"}
    assert answer["versions"]["platform"] == "HI3516DV300"


async def test_parts_without_versions(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Only some firmware tells them."""
    with refusing(front, "get version", 2):
        answer = await perform(hass, "get_hardware")
    assert answer["versions"] is None
    assert answer["hardware"]["chip"]["manufacturer"] == "HISI"


@pytest.mark.parametrize("screen", SCREENS)
async def test_another_screen(
    hass: HomeAssistant, front: TerminalSimulator, screen: str
) -> None:
    """And nothing else."""
    await change(hass, screen=screen, confirm=True)
    assert front.device.hardware["Lcd.model"] == screen
    [sent] = requests(front, "set hardware info")
    assert "FourG" not in sent


async def test_a_screen_that_the_terminal_does_not_know(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """It would stay dark; what it knows is said."""
    with pytest.raises(ServiceValidationError) as refused:
        await change(hass, screen="LCD_WY_1280X800", confirm=True)
    assert refused.value.translation_key == "unknown_screen"
    assert (refused.value.translation_placeholders or {})["known"] == ", ".join(SCREENS)
    assert requests(front, "set hardware info") == []


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"confirm": True}, "nothing_to_change"),
        ({"mobile_module": True}, "hardware_not_confirmed"),
        ({"screen": SCREENS[0], "confirm": False}, "hardware_not_confirmed"),
    ],
)
async def test_what_is_not_clear(
    hass: HomeAssistant,
    front: TerminalSimulator,
    fields: dict[str, object],
    key: str,
) -> None:
    """Nothing is sent."""
    with pytest.raises(ServiceValidationError) as refused:
        await change(hass, **fields)
    assert refused.value.translation_key == key
    assert requests(front, "set hardware info") == []


async def test_network_settings(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """As the terminal names them, without what is named like a password."""
    answer = await perform(hass, "get_network")
    assert answer["network"]["ip"] == "192.168.1.88"
    with refusing(front, "get network", 2), pytest.raises(HomeAssistantError) as raised:
        await perform(hass, "get_network")
    assert raised.value.translation_key == "not_supported"
    await settle(hass)


async def test_the_code_is_told_and_nowhere_else(
    hass: HomeAssistant, front: TerminalSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even in the debug log."""
    answer = await perform(hass, "get_auth_code")
    code = "Y3VzdG9tZXIgMDEyM0Y2LURFRkFCMi00RDY1RUU="
    assert answer == {"auth_code": code}
    ours = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components")
    ]
    assert not [
        message for message in ours if code in message or "customer 0" in message
    ]


async def test_the_address(
    hass: HomeAssistant,
    entity_registry_enabled_by_default: None,
    front: TerminalSimulator,
) -> None:
    """Heartbeats tell it."""
    assert state_of(hass, "sensor.front_door_ip_address") == "unknown"
    front.heartbeat()
    await settle(hass)
    assert state_of(hass, "sensor.front_door_ip_address") == "192.168.1.88"


async def test_the_application_restarts(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Only the program, not the terminal."""
    await act(hass, "button.press", "button.front_door_restart_application")
    assert [sent.cmd for sent in front.requests][-1] == "restart application"
    assert requests(front, "reboot") == []


async def test_firmware_without_that(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """It is not offered again once the terminal has said so."""
    await set_up(hass, terminal_entry)
    button = "button.front_door_restart_application"
    with refusing(terminal, "restart application", 2):
        with pytest.raises(HomeAssistantError):
            await act(hass, "button.press", button)
        await settle(hass)
    assert state_of(hass, button) == "unavailable"
