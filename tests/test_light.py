"""The fill light of a camera, and the lamp of a terminal."""

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
from tests.helpers import act, attributes_of, door, set_up, settle, state_of
from tests.simulators.camera import CameraSimulator
from tests.simulators.camera.settings import FILL_LIGHT
from tests.simulators.terminal import Options, TerminalSimulator

LIGHT = "light.yard_fill_light"
LED = "light.front_door_led_light"
ALWAYS_ON, AUTO, ALWAYS_OFF = 1, 2, 3


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
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


async def test_the_camera_decides_when_it_is_dark(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """As an effect; a brightness alone leaves that as it is, and everything else is by hand again."""
    await set_up(hass, camera_entry, Platform.LIGHT)
    lamp = camera.camera.settings[FILL_LIGHT]
    steps: tuple[tuple[str, dict[str, Any], tuple[int, int, int], str | None], ...] = (
        ("turn_on", {"effect": "auto"}, (1, 0, 50), "auto"),
        ("turn_on", {"brightness": 255}, (1, 0, 100), "auto"),
        ("turn_on", {}, (0, 1, 100), "off"),
        ("turn_on", {"effect": "auto", "brightness": 128}, (1, 1, 50), "auto"),
        ("turn_on", {"effect": "off"}, (0, 1, 50), "off"),
        ("turn_on", {"effect": "auto"}, (1, 1, 50), "auto"),
        ("turn_off", {}, (0, 0, 50), None),
    )
    for action, data, expected, effect in steps:
        await act(hass, f"light.{action}", LIGHT, **data)
        assert (lamp["mode"], lamp["light"], lamp["brightness"]) == expected
        assert state_of(hass, LIGHT) == ("off" if action == "turn_off" else "on")
        assert attributes_of(hass, LIGHT)["effect"] == effect


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


# Terminals


def led(terminal: TerminalSimulator) -> tuple[Any, Any]:
    """Return the mode and the brightness of the terminal's lamp."""
    lamp = terminal.device.section("led_control")
    return lamp["led_mode"], lamp["led_brightness"]


async def test_terminal(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A terminal has one lamp that can be dimmed, and decides by itself at first."""
    await set_up(hass, terminal_entry, Platform.LIGHT)
    await snapshot_platform(hass, entity_registry, snapshot, terminal_entry.entry_id)


async def test_the_lamp_of_a_terminal(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """On is always, off is never, and as an effect the terminal decides."""
    await set_up(hass, terminal_entry, Platform.LIGHT)
    steps: tuple[tuple[str, dict[str, Any], tuple[int, int], str, str | None], ...] = (
        # A brightness alone leaves the decision to the terminal.
        ("turn_on", {"brightness": 128}, (AUTO, 50), "on", "auto"),
        ("turn_on", {}, (ALWAYS_ON, 50), "on", "off"),
        ("turn_off", {}, (ALWAYS_OFF, 50), "off", None),
        ("turn_on", {"brightness": 255}, (ALWAYS_ON, 100), "on", "off"),
        ("turn_on", {"effect": "auto", "brightness": 1}, (AUTO, 1), "on", "auto"),
        ("turn_on", {"effect": "off"}, (ALWAYS_ON, 1), "on", "off"),
    )
    for action, data, lamp, state, effect in steps:
        await act(hass, f"light.{action}", LED, **data)
        assert led(terminal) == lamp, (action, data)
        assert state_of(hass, LED) == state
        assert attributes_of(hass, LED)["effect"] == effect


async def test_a_terminal_whose_lamp_cannot_be_dimmed(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """It is switched, and no more."""
    del terminal.device.section("led_control")["led_brightness"]
    await set_up(hass, terminal_entry, Platform.LIGHT)
    assert attributes_of(hass, LED)["supported_color_modes"] == ["onoff"]
    await act(hass, "light.turn_on", LED)
    assert terminal.device.section("led_control")["led_mode"] == ALWAYS_ON
