"""One coordinator per config entry, shared by all its entities."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..const import CONF_KIND, DeviceKind
from .base import DeviceEvent, ThermoGateCoordinator, key_of
from .camera import CameraCoordinator
from .camera_state import CameraState
from .terminal import TerminalCoordinator
from .terminal_state import TerminalState

type AnyCoordinator = TerminalCoordinator | CameraCoordinator
type ThermoGateConfigEntry = ConfigEntry[AnyCoordinator]

COORDINATORS: dict[DeviceKind, type[TerminalCoordinator | CameraCoordinator]] = {
    DeviceKind.TERMINAL: TerminalCoordinator,
    DeviceKind.CAMERA: CameraCoordinator,
}


def create_coordinator(
    hass: HomeAssistant, entry: ThermoGateConfigEntry
) -> AnyCoordinator:
    """Return the coordinator for the kind of device that an entry is."""
    return COORDINATORS[DeviceKind(entry.data[CONF_KIND])](hass, entry)


__all__ = [
    "AnyCoordinator",
    "CameraCoordinator",
    "CameraState",
    "DeviceEvent",
    "TerminalCoordinator",
    "TerminalState",
    "ThermoGateConfigEntry",
    "ThermoGateCoordinator",
    "create_coordinator",
    "key_of",
]
