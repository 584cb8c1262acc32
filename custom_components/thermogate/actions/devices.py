"""What actions do alike with terminals and with cameras: finding those that run, and doing the same at several."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import NamedTuple

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..const import DOMAIN
from ..coordinator import ThermoGateConfigEntry
from .journal_search import chosen_devices


class Failure[DeviceT](NamedTuple):
    """What did not work at a device."""

    device: DeviceT
    error: HomeAssistantError


@callback
def running_devices(
    hass: HomeAssistant, device_ids: list[str]
) -> Iterator[tuple[str | None, ThermoGateConfigEntry]]:
    """Return devices by the numbers that the device selector gives, each once. ServiceValidationError for one that does not run."""
    for device in chosen_devices(hass, device_ids).values():
        if device.entry.state is not ConfigEntryState.LOADED:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="not_running",
                translation_placeholders={"name": device.entry.title},
            )
        yield device.device_id, device.entry


async def at_all[DeviceT, AnswerT](
    devices: list[DeviceT], act: Callable[[DeviceT], Awaitable[AnswerT]]
) -> tuple[list[tuple[DeviceT, AnswerT]], list[Failure[DeviceT]]]:
    """Do something at several devices at once; what fails at one stops nothing at the others."""

    async def tried(device: DeviceT) -> tuple[DeviceT, AnswerT] | Failure[DeviceT]:
        try:
            return device, await act(device)
        except HomeAssistantError as err:
            return Failure(device, err)

    results = await asyncio.gather(*(tried(device) for device in devices))
    return (
        [result for result in results if not isinstance(result, Failure)],
        [result for result in results if isinstance(result, Failure)],
    )


def not_everywhere(
    failures: list[tuple[str, HomeAssistantError]],
) -> HomeAssistantError:
    """Return the error that tells what failed where, by the names of the devices."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="not_everywhere",
        translation_placeholders={
            "failures": "; ".join(f"{name}: {err}" for name, err in failures)
        },
    )
