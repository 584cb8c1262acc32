"""Binary sensors: what is wrong, and whether the device is there."""

from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import RULE_KEY
from .coordinator import (
    AnyCoordinator,
    CameraCoordinator,
    TerminalCoordinator,
    ThermoGateConfigEntry,
)
from .coordinator.ptz import STILL, motion
from .coordinator.rules_in_sight import is_in_sight, rule_of
from .coordinator.seen_alarms import rule_alarm
from .entity import (
    Tables,
    ThermoGateDescription,
    ThermoGateEntity,
    follow_rules,
    supported,
)

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class ThermoGateBinarySensorDescription[C: AnyCoordinator](
    ThermoGateDescription[C], BinarySensorEntityDescription
):
    """What a binary sensor shows."""


def _alarm(
    name: str,
    device_class: BinarySensorDeviceClass = BinarySensorDeviceClass.PROBLEM,
    *,
    diagnostic: bool = False,
    enabled: bool = True,
) -> ThermoGateBinarySensorDescription[Any]:
    """Describe an alarm: on while reports of it come."""
    return ThermoGateBinarySensorDescription(
        key=f"{name}_alarm",
        translation_key=f"{name}_alarm",
        device_class=device_class,
        entity_category=EntityCategory.DIAGNOSTIC if diagnostic else None,
        entity_registry_enabled_default=enabled,
        value=lambda device: name in device.data.alarms,
    )


def _mobile(name: str) -> ThermoGateBinarySensorDescription[TerminalCoordinator]:
    """Describe what a module for mobile networks is ready with."""
    return ThermoGateBinarySensorDescription(
        key=f"mobile_{name}",
        translation_key=f"mobile_{name}",
        entity_category=EntityCategory.DIAGNOSTIC,
        supported=lambda terminal: (
            terminal.has_mobile and terminal.supports("request_4g")
        ),
        value=lambda terminal: getattr(terminal.data.mobile, name),
    )


TERMINAL: tuple[ThermoGateBinarySensorDescription[TerminalCoordinator], ...] = (
    ThermoGateBinarySensorDescription(
        key="connectivity",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda terminal: terminal.data.broker and terminal.data.online,
        always_available=True,
    ),
    _alarm("temperature", BinarySensorDeviceClass.HEAT),
    _alarm("mask"),
    _alarm("stranger", BinarySensorDeviceClass.SAFETY),
    ThermoGateBinarySensorDescription(
        key="encryption",
        translation_key="encryption",
        entity_category=EntityCategory.DIAGNOSTIC,
        supported=lambda terminal: terminal.supports("request_encryption"),
        value=lambda terminal: terminal.data.encryption,
    ),
    _mobile("module_ready"),
    _mobile("sim_ready"),
)


def _moving(camera: CameraCoordinator) -> bool | None:
    kind = motion(camera.data)
    return None if kind is None else kind != STILL


CAMERA: tuple[ThermoGateBinarySensorDescription[CameraCoordinator], ...] = (
    ThermoGateBinarySensorDescription(
        key="connectivity",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda camera: camera.available,
        always_available=True,
    ),
    _alarm("temperature", BinarySensorDeviceClass.HEAT),
    _alarm("hot_spot", BinarySensorDeviceClass.HEAT),
    _alarm("cold_spot", BinarySensorDeviceClass.COLD),
    _alarm("fire", BinarySensorDeviceClass.SAFETY),
    _alarm("external_input"),
    _alarm("illegal_access", BinarySensorDeviceClass.TAMPER),
    _alarm("storage_full", diagnostic=True),
    _alarm("storage_failure", diagnostic=True),
    _alarm("stream", diagnostic=True),
    _alarm("network", diagnostic=True),
    # Only of newer firmware.
    _alarm("difference", enabled=False),
    ThermoGateBinarySensorDescription(
        key="recording",
        translation_key="recording",
        device_class=BinarySensorDeviceClass.RUNNING,
        supported=lambda camera: camera.supports("recording"),
        value=lambda camera: camera.data.recording and camera.data.recording.active,
    ),
    ThermoGateBinarySensorDescription(
        key="ptz_moving",
        translation_key="ptz_moving",
        device_class=BinarySensorDeviceClass.MOVING,
        supported=lambda camera: camera.supports("ptz"),
        value=_moving,
    ),
)


def _alarms(camera: CameraCoordinator, key: str) -> bool | None:
    """Whether a rule alarms; nobody knows while the camera looks elsewhere, but what was reported stands."""
    if rule_alarm(key) in camera.data.alarms:
        return True
    known = rule_of(camera.data, key)
    return None if known and not is_in_sight(camera.data, known) else False


def rule(
    camera: CameraCoordinator, key: str, name: str
) -> tuple[ThermoGateBinarySensorDescription[CameraCoordinator]]:
    """Describe the alarm of a temperature rule."""
    return (
        ThermoGateBinarySensorDescription(
            key=f"{RULE_KEY}{key}_alarm",
            translation_key="rule_alarm",
            translation_placeholders={"rule": name},
            device_class=BinarySensorDeviceClass.HEAT,
            value=lambda camera: _alarms(camera, key),
        ),
    )


TABLES: Tables[ThermoGateBinarySensorDescription[Any]] = {
    TerminalCoordinator: TERMINAL,
    CameraCoordinator: CAMERA,
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of a device, and of a camera those of its rules."""
    coordinator = entry.runtime_data
    async_add_entities(
        ThermoGateBinarySensor(coordinator, description)
        for description in supported(coordinator, TABLES)
    )
    follow_rules(
        entry, async_add_entities, Platform.BINARY_SENSOR, rule, ThermoGateBinarySensor
    )


class ThermoGateBinarySensor[C: AnyCoordinator](
    ThermoGateEntity[C], BinarySensorEntity
):
    """A binary sensor of a device."""

    entity_description: ThermoGateBinarySensorDescription[C]

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is on; None while that is not known."""
        on: bool | None = self.current
        return on
