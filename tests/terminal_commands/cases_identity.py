"""What a terminal tells of itself shows at its device (seen on devices)."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from tests.persons.house import device_id
from tests.simulators.terminal import TerminalSimulator

from .case import Case


def _device(hass: HomeAssistant) -> dr.DeviceEntry:
    device = dr.async_get(hass).async_get(device_id(hass))
    assert isinstance(device, dr.DeviceEntry)
    return device


async def _version(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    assert _device(hass).sw_version
    assert _device(hass).hw_version


async def _hardware(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    assert _device(hass).model not in (None, "Access terminal")


CASES: dict[str, Case] = {"get_version": _version, "get_hardware": _hardware}
