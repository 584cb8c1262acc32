"""System health: how many of the devices can be reached, and by the way that tells everything."""

from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .broker import async_own_brokers
from .const import DOMAIN
from .coordinator import CameraCoordinator, TerminalCoordinator
from .guide import Connection
from .keeper import async_get_keeper


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Tell Home Assistant whom to ask."""
    register.async_register_info(async_info)


async def async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return the numbers that a person compares with what hangs on the wall."""
    devices = [
        entry.runtime_data for entry in hass.config_entries.async_loaded_entries(DOMAIN)
    ]
    terminals = [
        device for device in devices if isinstance(device, TerminalCoordinator)
    ]
    cameras = [device for device in devices if isinstance(device, CameraCoordinator)]
    return {
        "terminals": len(terminals),
        "terminals_reached": sum(terminal.available for terminal in terminals),
        "cameras": len(cameras),
        "cameras_reached": sum(camera.available for camera in cameras),
        "cameras_pushing": sum(
            camera.data.connection is Connection.CONNECTED for camera in cameras
        ),
        **_own_brokers(hass),
        **await _async_journal(hass),
    }


def _own_brokers(hass: HomeAssistant) -> dict[str, Any]:
    """Return how many of the brokers beside Home Assistant's are connected, where terminals have one."""
    brokers = async_own_brokers(hass)
    if not brokers:
        return {}
    return {
        "own_brokers": len(brokers),
        "own_brokers_connected": sum(broker.connected for broker in brokers),
    }


async def _async_journal(hass: HomeAssistant) -> dict[str, Any]:
    """Return whether the journal stores, and how much it holds if that can be told."""
    facts = await async_get_keeper(hass).async_facts()
    found: dict[str, Any] = {"journal": facts["failure"] or "ok"}
    if facts["entries"] is not None:
        found["journal_entries"] = facts["entries"]
        found["journal_size"] = f"{facts['bytes'] / 1_000_000:.1f} MB"
    return found
