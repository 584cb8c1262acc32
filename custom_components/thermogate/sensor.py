"""Sensors: who was last at the door, and how hot things are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    MAX_LENGTH_STATE_STATE,
    PERCENTAGE,
    SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
    EntityCategory,
    Platform,
    UnitOfInformation,
    UnitOfTemperature,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import RULE_KEY
from .coordinator import (
    AnyCoordinator,
    CameraCoordinator,
    TerminalCoordinator,
    ThermoGateConfigEntry,
)
from .coordinator.access import Access, person_name
from .coordinator.ptz import BY_HAND, STILL, motion, programs
from .coordinator.rules_in_sight import reading_of
from .coordinator.terminal_state import CallState, TerminalLink
from .coordinator.thresholds import difference
from .entity import (
    Tables,
    ThermoGateDescription,
    ThermoGateEntity,
    follow_rules,
    supported,
)
from .facegate import AccessResult, Backlog, DenialReason
from .guide import Connection, Delayed, PtzMotion, by_name
from .rule_entities import is_wide, uses_threshold

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class ThermoGateSensorDescription[C: AnyCoordinator](
    ThermoGateDescription[C], SensorEntityDescription
):
    """What a sensor shows."""


def _access(
    value: Callable[[Access], Any],
) -> Callable[[TerminalCoordinator], Any]:
    """Return a value of the last access, None before the first."""
    return lambda terminal: (
        value(terminal.data.access) if terminal.data.access else None
    )


def _has_network(terminal: TerminalCoordinator) -> bool:
    return terminal.has_mobile and terminal.supports("request_4g")


def _data_use(key: str) -> ThermoGateSensorDescription[TerminalCoordinator]:
    """Describe how much data went over the mobile network in a time, which begins anew by itself."""
    return ThermoGateSensorDescription(
        key=f"data_{key}",
        translation_key=f"data_{key}",
        device_class=SensorDeviceClass.DATA_SIZE,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfInformation.BYTES,
        suggested_unit_of_measurement=UnitOfInformation.MEGABYTES,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        supported=lambda terminal: (
            terminal.has_mobile and terminal.supports("traffic_statistics")
        ),
        value=lambda terminal: getattr(terminal.data.mobile, key),
    )


def _backlog(
    value: Callable[[Backlog], int],
) -> Callable[[TerminalCoordinator], int | None]:
    """Return a count of the records in the terminal, None until it told."""
    return lambda terminal: (
        value(terminal.data.backlog) if terminal.data.backlog else None
    )


TERMINAL: tuple[ThermoGateSensorDescription[TerminalCoordinator], ...] = (
    ThermoGateSensorDescription(
        key="last_person",
        translation_key="last_person",
        value=_access(person_name),
    ),
    ThermoGateSensorDescription(
        key="last_result",
        translation_key="last_result",
        device_class=SensorDeviceClass.ENUM,
        options=[result.value for result in AccessResult],
        value=_access(lambda access: access.capture.result),
    ),
    ThermoGateSensorDescription(
        key="last_reason",
        translation_key="last_reason",
        device_class=SensorDeviceClass.ENUM,
        options=[reason.value for reason in DenialReason],
        value=_access(lambda access: access.capture.reason),
    ),
    ThermoGateSensorDescription(
        key="last_temperature",
        translation_key="last_temperature",
        device_class=SensorDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        suggested_display_precision=1,
        value=_access(lambda access: access.temperature),
    ),
    ThermoGateSensorDescription(
        key="last_score",
        translation_key="last_score",
        native_unit_of_measurement=PERCENTAGE,
        entity_registry_enabled_default=False,
        value=_access(lambda access: access.capture.score),
    ),
    ThermoGateSensorDescription(
        key="last_access",
        translation_key="last_access",
        device_class=SensorDeviceClass.TIMESTAMP,
        value=_access(lambda access: access.at),
    ),
    ThermoGateSensorDescription(
        key="registered_persons",
        translation_key="registered_persons",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        supported=lambda terminal: terminal.supports("request_persons"),
        value=lambda terminal: terminal.data.persons,
    ),
    ThermoGateSensorDescription(
        key="enrolment",
        translation_key="enrolment",
        native_unit_of_measurement=PERCENTAGE,
        entity_category=EntityCategory.DIAGNOSTIC,
        supported=lambda terminal: terminal.supports("upload_person"),
        value=lambda terminal: terminal.data.enrolment,
    ),
    ThermoGateSensorDescription(
        key="stored_records",
        translation_key="stored_records",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        supported=lambda terminal: terminal.supports("request_records"),
        value=_backlog(lambda backlog: backlog.records),
    ),
    ThermoGateSensorDescription(
        key="waiting_records",
        translation_key="waiting_records",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        supported=lambda terminal: terminal.supports("request_records"),
        value=_backlog(lambda backlog: backlog.waiting),
    ),
    ThermoGateSensorDescription(
        key="call_state",
        translation_key="call_state",
        device_class=SensorDeviceClass.ENUM,
        options=[state.value for state in CallState],
        supported=lambda terminal: terminal.supports("sip_account"),
        value=lambda terminal: terminal.data.call,
    ),
    ThermoGateSensorDescription(
        key="last_seen",
        translation_key="last_seen",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda terminal: terminal.data.last_seen,
        always_available=True,
    ),
    ThermoGateSensorDescription(
        key="connection",
        translation_key="terminal_connection",
        device_class=SensorDeviceClass.ENUM,
        options=[link.value for link in TerminalLink],
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda terminal: terminal.data.link,
        always_available=True,
    ),
    ThermoGateSensorDescription(
        key="ip_address",
        translation_key="ip_address",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda terminal: terminal.data.address or None,
    ),
    ThermoGateSensorDescription(
        key="clock_drift",
        translation_key="clock_drift",
        device_class=SensorDeviceClass.DURATION,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        entity_category=EntityCategory.DIAGNOSTIC,
        supported=lambda terminal: terminal.supports("request_time"),
        value=lambda terminal: terminal.data.clock_drift,
    ),
    ThermoGateSensorDescription(
        key="file_transfer",
        translation_key="file_transfer",
        native_unit_of_measurement=PERCENTAGE,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        supported=lambda terminal: (
            terminal.supports("download_file") or terminal.supports("upload_file")
        ),
        value=lambda terminal: terminal.data.transfer,
    ),
    ThermoGateSensorDescription(
        key="mobile_signal",
        translation_key="mobile_signal",
        device_class=SensorDeviceClass.SIGNAL_STRENGTH,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
        entity_category=EntityCategory.DIAGNOSTIC,
        supported=_has_network,
        value=lambda terminal: terminal.data.mobile.signal,
    ),
    ThermoGateSensorDescription(
        key="mobile_operator",
        translation_key="mobile_operator",
        entity_category=EntityCategory.DIAGNOSTIC,
        supported=_has_network,
        value=lambda terminal: terminal.data.mobile.operator,
    ),
    _data_use("used_today"),
    _data_use("used_this_month"),
)


def _temperature(
    key: str,
    value: Callable[[CameraCoordinator], float | None],
    *,
    translation_key: str,
    rule: str | None = None,
    supported: Callable[[CameraCoordinator], bool] = lambda _: True,
) -> ThermoGateSensorDescription[CameraCoordinator]:
    """Describe a measured temperature."""
    return ThermoGateSensorDescription(
        key=key,
        translation_key=translation_key,
        translation_placeholders=None if rule is None else {"rule": rule},
        device_class=SensorDeviceClass.TEMPERATURE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        suggested_display_precision=1,
        supported=supported,
        value=value,
    )


# What is measured of the whole image and of each rule.
QUANTITIES = ("maximum", "minimum", "average")


def _of_image(quantity: str) -> Callable[[CameraCoordinator], float | None]:
    return lambda camera: getattr(camera.data.temperatures, quantity)


def _of_rule(key: str, quantity: str) -> Callable[[CameraCoordinator], float | None]:
    return lambda camera: getattr(reading_of(camera.data, key), quantity, None)


def _spread(key: str) -> Callable[[CameraCoordinator], float | None]:
    def spread(camera: CameraCoordinator) -> float | None:
        reading = reading_of(camera.data, key)
        return difference(reading) if reading else None

    return spread


def _recorded(camera: CameraCoordinator) -> str | None:
    """Return which streams the camera records at once."""
    if (status := camera.data.recording) is None:
        return None
    return _RECORDED[status.visible, status.thermal]


_RECORDED = {
    (False, False): "none",
    (True, False): "visible",
    (False, True): "thermal",
    (True, True): "both",
}


def _storage(key: str) -> ThermoGateSensorDescription[CameraCoordinator]:
    """Describe a size that a camera tells of its storage, in MB."""

    def value(camera: CameraCoordinator) -> float | None:
        return camera.settings.number("storage", key)

    return ThermoGateSensorDescription(
        key=f"storage_{key}",
        translation_key=f"storage_{key}",
        device_class=SensorDeviceClass.DATA_SIZE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfInformation.MEGABYTES,
        suggested_unit_of_measurement=UnitOfInformation.GIGABYTES,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        supported=lambda camera: value(camera) is not None,
        value=value,
    )


def _version(key: str) -> ThermoGateSensorDescription[CameraCoordinator]:
    """Describe a version that the page of the device does not show, or not by this name."""
    return ThermoGateSensorDescription(
        key=key,
        translation_key=key,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        supported=lambda camera: bool(getattr(camera.data.version, key)),
        value=lambda camera: getattr(camera.data.version, key),
    )


CAMERA: tuple[ThermoGateSensorDescription[CameraCoordinator], ...] = (
    *(
        _temperature(
            f"image_{quantity}",
            _of_image(quantity),
            translation_key=f"image_{quantity}",
            supported=lambda camera: camera.supports("temperatures"),
        )
        for quantity in QUANTITIES
    ),
    ThermoGateSensorDescription(
        key="connection",
        translation_key="camera_connection",
        device_class=SensorDeviceClass.ENUM,
        options=[connection.value for connection in Connection],
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda camera: camera.data.connection,
        always_available=True,
    ),
    ThermoGateSensorDescription(
        key="recorded_stream",
        translation_key="recorded_stream",
        device_class=SensorDeviceClass.ENUM,
        options=[*_RECORDED.values()],
        entity_registry_enabled_default=False,
        supported=lambda camera: camera.supports("recording"),
        value=_recorded,
    ),
    ThermoGateSensorDescription(
        key="delayed_recording",
        translation_key="delayed_recording",
        device_class=SensorDeviceClass.ENUM,
        options=[*Delayed],
        entity_registry_enabled_default=False,
        supported=lambda camera: camera.supports("recording"),
        value=lambda camera: camera.data.recording and camera.data.recording.delayed,
    ),
    ThermoGateSensorDescription(
        key="captured_pictures",
        translation_key="captured_pictures",
        entity_registry_enabled_default=False,
        supported=lambda camera: camera.supports("recording"),
        value=lambda camera: (
            camera.data.recording and camera.data.recording.capture_count
        ),
    ),
    _storage("free"),
    _storage("total"),
    _version("fpga_version"),
    _version("measure_version"),
)


def _motion(camera: CameraCoordinator) -> tuple[str | None, int | None, str | None]:
    """Return what moves a camera, and number and name of the cruise, line scan or trace that does."""
    kind = motion(camera.data)
    if kind is None or kind not in PtzMotion or camera.data.ptz is None:
        return kind, None, None
    number = camera.data.ptz.index
    names = by_name(programs(camera.data, PtzMotion(kind)))
    return kind, number, next((name for name in names if names[name] == number), None)


CAMERA_MOTION = ThermoGateSensorDescription[CameraCoordinator](
    key="ptz_motion",
    translation_key="ptz_motion",
    device_class=SensorDeviceClass.ENUM,
    options=[STILL, BY_HAND, *PtzMotion],
    supported=lambda camera: camera.supports("ptz"),
    value=_motion,
)


def rule(
    camera: CameraCoordinator, key: str, name: str
) -> tuple[ThermoGateSensorDescription[CameraCoordinator], ...]:
    """Describe the temperatures of a rule."""
    return (
        *(
            _temperature(
                f"{RULE_KEY}{key}_{quantity}",
                _of_rule(key, quantity),
                translation_key=f"rule_{quantity}",
                rule=name,
            )
            for quantity in QUANTITIES
        ),
        ThermoGateSensorDescription(
            key=f"{RULE_KEY}{key}_difference",
            translation_key="rule_difference",
            translation_placeholders={"rule": name},
            device_class=SensorDeviceClass.TEMPERATURE_DELTA,
            state_class=SensorStateClass.MEASUREMENT,
            native_unit_of_measurement=UnitOfTemperature.CELSIUS,
            suggested_display_precision=1,
            entity_registry_enabled_default=uses_threshold(camera, key, "difference"),
            # A point is as warm as itself.
            supported=lambda camera: is_wide(camera, key),
            value=_spread(key),
        ),
    )


TABLES: Tables[ThermoGateSensorDescription[Any]] = {
    TerminalCoordinator: TERMINAL,
    CameraCoordinator: CAMERA,
}
MOTION_TABLES: Tables[ThermoGateSensorDescription[Any]] = {
    CameraCoordinator: (CAMERA_MOTION,)
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of a device, and of a camera those of its rules."""
    coordinator = entry.runtime_data
    async_add_entities(
        ThermoGateSensor(coordinator, description)
        for description in supported(coordinator, TABLES)
    )
    if isinstance(coordinator, CameraCoordinator):
        async_add_entities(
            MotionSensor(coordinator, description)
            for description in supported(coordinator, MOTION_TABLES)
        )
    follow_rules(entry, async_add_entities, Platform.SENSOR, rule, ThermoGateSensor)


class ThermoGateSensor[C: AnyCoordinator](ThermoGateEntity[C], SensorEntity):
    """A sensor of a device."""

    entity_description: ThermoGateSensorDescription[C]

    @property
    @override
    def native_value(self) -> str | float | datetime | None:
        """The value, None while it is not known; of a text as much as a state can hold."""
        value: str | float | datetime | None = self.current
        return value[:MAX_LENGTH_STATE_STATE] if isinstance(value, str) else value


class MotionSensor(ThermoGateSensor[CameraCoordinator]):
    """What moves a camera; the attributes say which cruise, line scan or trace."""

    @property
    @override
    def native_value(self) -> str | None:
        """The kind of motion."""
        kind: str | None = self.current[0]
        return kind

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Number and name of what moves it, None where nothing does."""
        _, number, name = self.current
        return {"number": number, "name": name}
