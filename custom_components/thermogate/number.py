"""Numbers: settings of a terminal that are values."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.number import (
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import Platform, UnitOfTemperature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import TerminalCoordinator, ThermoGateConfigEntry
from .entity import Tables, ThermoGateDescription, ThermoGateEntity, supported
from .facegate import FieldType, Setting
from .setting_entities import described, scale_of, settings_of, temperature_unit

# A device takes one command after the other.
PARALLEL_UPDATES = 1


# Nobody finds a value on a slider with more steps than this.
SLIDER = 255


@dataclass(frozen=True, kw_only=True)
class ThermoGateNumberDescription(
    ThermoGateDescription[TerminalCoordinator], NumberEntityDescription
):
    """What a number sets."""

    set: Callable[[TerminalCoordinator, float], Awaitable[None]]


def _setting(setting: Setting) -> ThermoGateNumberDescription:
    scale = scale_of(setting)
    whole = setting.field.type is FieldType.INTEGER

    async def store(terminal: TerminalCoordinator, value: float) -> None:
        # What was converted from another unit has more places than a person means.
        wanted = round(value) if whole else round(value, 2)
        await terminal.async_set_settings(**{setting.key: wanted})

    return ThermoGateNumberDescription(
        **described(setting),
        device_class=scale.device_class,
        native_unit_of_measurement=scale.unit,
        native_min_value=scale.minimum,
        native_max_value=scale.maximum,
        native_step=scale.step,
        mode=NumberMode.AUTO if scale.maximum <= SLIDER else NumberMode.BOX,
        set=store,
    )


TERMINAL = tuple(_setting(setting) for setting in settings_of(Platform.NUMBER))

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

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        """The unit; a terminal tells temperatures in the one that it is set to."""
        unit = self.entity_description.native_unit_of_measurement
        if unit == UnitOfTemperature.CELSIUS:
            return temperature_unit(self.coordinator.data.settings)
        return unit

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the value at the device."""
        await self.entity_description.set(self.coordinator, value)
