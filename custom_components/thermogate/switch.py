"""Switches: settings of a device that are on or off, and what Home Assistant does for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .camera_setting_entities import (
    CameraSettingDescription,
    camera_described,
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
from .facegate import FieldType
from .guide import PtzAction
from .rule_entities import RuleDescription, async_set_rule, described_alarm
from .setting_entities import described, settings_of

# A device takes one command after the other.
PARALLEL_UPDATES = 1


@dataclass(frozen=True, kw_only=True)
class ThermoGateSwitchDescription(
    ThermoGateDescription[TerminalCoordinator], SwitchEntityDescription
):
    """What a switch sets; `on` and `off` are the terminal's values for it."""

    on: bool | int
    off: bool | int


@dataclass(frozen=True, kw_only=True)
class ThermoGateServiceSwitchDescription(
    ThermoGateDescription[TerminalCoordinator], SwitchEntityDescription
):
    """What Home Assistant does for a terminal, or does not."""

    switch: Callable[[TerminalCoordinator, bool], None]


@dataclass(frozen=True, kw_only=True)
class CameraSwitchDescription(CameraSettingDescription, SwitchEntityDescription):
    """Which setting of a camera a switch is."""


@dataclass(frozen=True, kw_only=True)
class RuleSwitchDescription(RuleDescription, SwitchEntityDescription):
    """Which rule of a camera a switch lets alarm."""


@dataclass(frozen=True, kw_only=True)
class AuxiliaryDescription(
    ThermoGateDescription[CameraCoordinator], SwitchEntityDescription
):
    """What a switch switches on the head of a camera."""

    action: PtzAction


def _auxiliary(action: PtzAction) -> AuxiliaryDescription:
    return AuxiliaryDescription(
        key=f"ptz_{action}",
        translation_key=f"ptz_{action}",
        # No camera tells which of them it has.
        entity_registry_enabled_default=False,
        supported=lambda camera: camera.supports("ptz"),
        value=lambda camera: camera.data.auxiliaries.get(action),
        action=action,
    )


TERMINAL = tuple(
    ThermoGateSwitchDescription(
        **described(setting),
        on=True if setting.field.type is FieldType.BOOLEAN else 1,
        off=False if setting.field.type is FieldType.BOOLEAN else 0,
    )
    for setting in settings_of(Platform.SWITCH)
)

TERMINAL_SERVICES = (
    ThermoGateServiceSwitchDescription(
        key="keep_clock",
        translation_key="keep_clock",
        entity_category=EntityCategory.CONFIG,
        supported=lambda terminal: terminal.supports("update_time"),
        value=lambda terminal: terminal.clock.kept_right,
        switch=lambda terminal, on: terminal.clock.async_keep_right(on),
        # It is Home Assistant that is told, not the terminal.
        always_available=True,
    ),
)

CAMERA = tuple(
    CameraSwitchDescription(**camera_described(setting))
    for setting in camera_settings_of(Platform.SWITCH)
)


def rule(_: CameraCoordinator, key: str, name: str) -> tuple[RuleSwitchDescription]:
    """Describe the switch of a temperature rule."""
    return (RuleSwitchDescription(**described_alarm(key, name)),)


# Its light is a light.
CAMERA_AUXILIARIES = tuple(
    _auxiliary(action)
    for action in (
        PtzAction.WIPER,
        PtzAction.FAN,
        PtzAction.HEATER,
        PtzAction.AUXILIARY,
    )
)

TABLES: Tables[Any] = {CameraCoordinator: CAMERA, TerminalCoordinator: TERMINAL}
SERVICE_TABLES: Tables[ThermoGateServiceSwitchDescription] = {
    TerminalCoordinator: TERMINAL_SERVICES
}
AUXILIARY_TABLES: Tables[AuxiliaryDescription] = {CameraCoordinator: CAMERA_AUXILIARIES}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches of a device."""
    coordinator = entry.runtime_data
    if isinstance(coordinator, CameraCoordinator):
        async_add_entities(
            CameraSwitch(coordinator, description)
            for description in supported(coordinator, TABLES)
        )
        async_add_entities(
            AuxiliarySwitch(coordinator, description)
            for description in supported(coordinator, AUXILIARY_TABLES)
        )
        follow_rules(entry, async_add_entities, Platform.SWITCH, rule, RuleSwitch)
    else:
        async_add_entities(
            ThermoGateSwitch(coordinator, description)
            for description in supported(coordinator, TABLES)
        )
        async_add_entities(
            ThermoGateServiceSwitch(coordinator, description)
            for description in supported(coordinator, SERVICE_TABLES)
        )


class ThermoGateSwitch(ThermoGateEntity[TerminalCoordinator], SwitchEntity):
    """A setting of a terminal that is on or off."""

    entity_description: ThermoGateSwitchDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is on, None while that is not known."""
        return None if self.current is None else bool(self.current)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch it on."""
        await self._async_set(self.entity_description.on)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch it off."""
        await self._async_set(self.entity_description.off)

    async def _async_set(self, value: bool | int) -> None:
        await self.coordinator.async_set_settings(
            **{self.entity_description.key: value}
        )


class ThermoGateServiceSwitch(ThermoGateEntity[TerminalCoordinator], SwitchEntity):
    """Something that Home Assistant does for a terminal as long as this is on."""

    entity_description: ThermoGateServiceSwitchDescription

    @property
    @override
    def is_on(self) -> bool:
        """Whether it does."""
        return bool(self.current)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Begin."""
        self._set(True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """End."""
        self._set(False)

    @callback
    def _set(self, on: bool) -> None:
        self.entity_description.switch(self.coordinator, on)
        self.async_write_ha_state()


class CameraSwitch(ThermoGateEntity[CameraCoordinator], SwitchEntity):
    """A setting of a camera that is on or off."""

    entity_description: CameraSwitchDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is on, None while that is not known."""
        return None if self.current is None else bool(self.current)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch it on."""
        await self.coordinator.settings.async_set(self.entity_description.setting, 1)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch it off."""
        await self.coordinator.settings.async_set(self.entity_description.setting, 0)


class AuxiliarySwitch(ThermoGateEntity[CameraCoordinator], SwitchEntity):
    """Something on the head of a camera that is switched; known is only what it was told last."""

    entity_description: AuxiliaryDescription
    _attr_assumed_state = True

    @property
    @override
    def is_on(self) -> bool | None:
        """What the camera was told last, None before."""
        on: bool | None = self.current
        return on

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch it on."""
        await self.coordinator.ptz.async_switch(self.entity_description.action, True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch it off."""
        await self.coordinator.ptz.async_switch(self.entity_description.action, False)


class RuleSwitch(ThermoGateEntity[CameraCoordinator], SwitchEntity):
    """Whether a temperature rule of a camera alarms."""

    entity_description: RuleSwitchDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it does, None while that is not known."""
        on: bool | None = self.current
        return on

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Let it alarm."""
        await async_set_rule(self.coordinator, self.entity_description, 1)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Let it only measure."""
        await async_set_rule(self.coordinator, self.entity_description, 0)
