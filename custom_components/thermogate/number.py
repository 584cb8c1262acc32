"""Numbers: settings of a device that are values."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.number import (
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import Platform, UnitOfTemperature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .camera_setting_entities import (
    TOGETHER,
    CameraSettingDescription,
    camera_described,
    camera_scale_of,
    camera_settings_of,
)
from .coordinator import CameraCoordinator, TerminalCoordinator, ThermoGateConfigEntry
from .entity import (
    Tables,
    ThermoGateDescription,
    ThermoGateEntity,
    follow_rules,
    supported,
)
from .facegate import FieldType, Setting
from .guide import FieldType as GuideFieldType
from .rule_entities import RuleDescription, async_set_rule, described_thresholds
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


@dataclass(frozen=True, kw_only=True)
class CameraNumberDescription(CameraSettingDescription, NumberEntityDescription):
    """Which setting of a camera a number is."""


@dataclass(frozen=True, kw_only=True)
class RuleNumberDescription(RuleDescription, NumberEntityDescription):
    """Which threshold of which rule of a camera a number is."""


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

CAMERA = tuple(
    CameraNumberDescription(**camera_described(setting))
    for setting in camera_settings_of(Platform.NUMBER)
)


def rule(
    camera: CameraCoordinator, key: str, name: str
) -> tuple[RuleNumberDescription, ...]:
    """Describe the thresholds of a temperature rule."""
    return tuple(
        RuleNumberDescription(**threshold)
        for threshold in described_thresholds(camera, key, name)
    )


TABLES: Tables[Any] = {CameraCoordinator: CAMERA, TerminalCoordinator: TERMINAL}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers of a device."""
    coordinator = entry.runtime_data
    if isinstance(coordinator, CameraCoordinator):
        async_add_entities(
            CameraNumber(coordinator, description)
            for description in supported(coordinator, TABLES)
        )
        follow_rules(entry, async_add_entities, Platform.NUMBER, rule, RuleNumber)
    else:
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


class CameraNumber(ThermoGateEntity[CameraCoordinator], NumberEntity):
    """A setting of a camera that is a number."""

    entity_description: CameraNumberDescription

    def __init__(
        self, coordinator: CameraCoordinator, description: CameraNumberDescription
    ) -> None:
        """Find out what it measures, and how far it goes at this camera."""
        super().__init__(coordinator, description)
        scale = camera_scale_of(
            description.setting, coordinator.data.general.output_size
        )
        self._attr_device_class = scale.device_class
        self._attr_native_unit_of_measurement = scale.unit
        self._attr_native_min_value = scale.minimum
        self._attr_native_max_value = scale.maximum
        self._attr_native_step = scale.step
        self._attr_mode = NumberMode.AUTO if scale.maximum <= SLIDER else NumberMode.BOX

    @property
    @override
    def native_value(self) -> float | None:
        """The value, None while it is not known."""
        value: float | None = self.current
        return value

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the value at the camera."""
        setting = self.entity_description.setting
        whole = setting.field.type is GuideFieldType.INTEGER
        # What was converted from another unit has more places than a person means.
        await self.coordinator.settings.async_set(
            setting,
            round(value) if whole else round(value, 2),
            *TOGETHER.get(setting.key, ()),
        )


class RuleNumber(ThermoGateEntity[CameraCoordinator], NumberEntity):
    """A threshold of a temperature rule of a camera."""

    _attr_mode = NumberMode.BOX
    entity_description: RuleNumberDescription

    @property
    @override
    def native_value(self) -> float | None:
        """The value, None while it is not known."""
        value: float | None = self.current
        return value

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the value at the camera."""
        # What was converted from another unit has more places than a person means.
        await async_set_rule(self.coordinator, self.entity_description, round(value, 2))
