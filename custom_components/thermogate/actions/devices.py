"""What actions do alike with terminals and with cameras: finding those that run, and doing the same at several."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final, NamedTuple

import voluptuous as vol

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv

from ..const import DOMAIN
from ..coordinator import AnyCoordinator, ThermoGateConfigEntry
from .journal_search import chosen_devices

# How an action names one device, or one or several.
ONE_DEVICE: Final[dict[Any, Any]] = {vol.Required(ATTR_DEVICE_ID): cv.string}
SEVERAL_DEVICES: Final[dict[Any, Any]] = {
    vol.Required(ATTR_DEVICE_ID): vol.All(
        cv.ensure_list, [cv.string], vol.Length(min=1)
    )
}


class Device[CoordinatorT: AnyCoordinator](NamedTuple):
    """A device that is running."""

    device_id: str | None
    coordinator: CoordinatorT

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.coordinator.config_entry.title

    @property
    def told(self) -> dict[str, Any]:
        """What an answer calls it."""
        return {"device_id": self.device_id, "device": self.name}


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


def raise_failures[DeviceT: Device[Any]](
    devices: list[DeviceT], failures: list[Failure[DeviceT]]
) -> None:
    """Raise what failed, if anything did: as it is where it was the only device, else with the names of the devices."""
    if failures and len(devices) == 1:
        raise failures[0].error
    if failures:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="not_everywhere",
            translation_placeholders={
                "failures": "; ".join(
                    f"{each.device.name}: {each.error}" for each in failures
                )
            },
        )
