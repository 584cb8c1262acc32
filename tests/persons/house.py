"""A house with two terminals, and how its people are asked for."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from custom_components.thermogate.const import DOMAIN
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from tests.helpers import SERIAL, settle
from tests.simulators.terminal import TerminalSimulator
from tests.simulators.terminal.commands import COMMANDS
from tests.simulators.terminal.commands.device import Device
from tests.simulators.terminal.fields import Refused
from tests.simulators.terminal.settings import Values

BACK = "0000AA-111111-222222"
PLATFORMS = (Platform.IMAGE, Platform.SENSOR)
COUNT = "sensor.front_door_registered_persons"


def device_id(hass: HomeAssistant, serial: str = SERIAL) -> str:
    """Return what the device selector gives for a device."""
    return next(
        device.id
        for entry in hass.config_entries.async_entries(DOMAIN)
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        if (DOMAIN, serial) in device.identifiers
    )


async def perform(hass: HomeAssistant, action: str, **fields: Any) -> dict[str, Any]:
    """Return the answer of an action; at the front door unless another device is given."""
    answer = await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device_id(hass)} | fields,
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    await settle(hass)
    return dict(answer)


def both(hass: HomeAssistant) -> list[str]:
    """Return both terminals."""
    return [device_id(hass), device_id(hass, BACK)]


def requests(terminal: TerminalSimulator, command: str) -> list[Values]:
    """Return what arrived at a terminal of a command."""
    return [sent.fields for sent in terminal.requests if sent.cmd == command]


@contextmanager
def refusing(
    terminal: TerminalSimulator, command: str, code: int, **extra: Any
) -> Generator[None]:
    """Let a terminal refuse a command."""
    real = COMMANDS[command]

    def run(device: Device, message: Values) -> Values:
        if device is terminal.device:
            raise Refused(code, "", **extra)
        return real.run(device, message)

    with patch.dict(COMMANDS, {command: replace(real, run=run)}):
        yield
