"""Numbers: what can be set to a value."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.number import NumberEntity, NumberEntityDescription
from homeassistant.const import PERCENTAGE, EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import TerminalCoordinator, ThermoGateConfigEntry
from .entity import Tables, ThermoGateDescription, ThermoGateEntity, supported
from .facegate import COMMANDS

# A device takes one command after the other.
PARALLEL_UPDATES = 1


(VOLUME,) = COMMANDS["set_volume"].request


@dataclass(frozen=True, kw_only=True)
class ThermoGateNumberDescription(
    ThermoGateDescription[TerminalCoordinator], NumberEntityDescription
):
    """What a number sets."""

    set: Callable[[TerminalCoordinator, int], Awaitable[None]]


TERMINAL = (
    ThermoGateNumberDescription(
        key="volume",
        translation_key="volume",
        entity_category=EntityCategory.CONFIG,
        native_unit_of_measurement=PERCENTAGE,
        native_min_value=VOLUME.minimum,
        native_max_value=VOLUME.maximum,
        native_step=1,
        supported=lambda terminal: terminal.supports("get_volume"),
        value=lambda terminal: terminal.data.volume,
        set=lambda terminal, value: terminal.async_set_volume(value),
    ),
)

TABLES: Tables[ThermoGateNumberDescription] = {TerminalCoordinator: TERMINAL}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers of a terminal."""
    coordinator = entry.runtime_data
    if isinstance(coordinator, TerminalCoordinator):
        async_add_entities(
            ThermoGateNumber(coordinator, description)
            for description in supported(coordinator, TABLES)
        )


class ThermoGateNumber(ThermoGateEntity[TerminalCoordinator], NumberEntity):
    """A number of a terminal."""

    entity_description: ThermoGateNumberDescription

    @property
    @override
    def native_value(self) -> float | None:
        """The value, None while it is not known."""
        value: float | None = self.current
        return value

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the value at the device."""
        await self.entity_description.set(self.coordinator, round(value))
