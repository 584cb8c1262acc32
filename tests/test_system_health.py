"""What the system page says about the devices."""

from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.thermogate.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from tests.helpers import settle
from tests.simulators.camera import CameraSimulator
from tests.simulators.terminal import TerminalSimulator
from tests.waiting import until


async def test_devices_are_counted(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
) -> None:
    """All there are, those that can be reached, and those that report by themselves."""
    assert await async_setup_component(hass, "system_health", {})
    for entry in (terminal_entry, camera_entry):
        if entry.state.name == "NOT_LOADED":
            assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)

    assert await get_system_health_info(hass, DOMAIN) == {
        "terminals": 1,
        "terminals_reached": 1,
        "cameras": 1,
        "cameras_reached": 1,
        "cameras_pushing": 1,
    }

    await camera.inject("ws closed")
    await camera.inject("drop-connection")
    await until(
        lambda: camera_entry.runtime_data.client.connection.value != "websocket"
    )
    info = await get_system_health_info(hass, DOMAIN)
    assert info["cameras_pushing"] == 0
