"""The settings of a camera's temperature rules as entities: one switch and the thresholds of each rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.components.number import NumberDeviceClass
from homeassistant.const import EntityCategory, UnitOfTemperature

from .const import RULE_KEY
from .coordinator import CameraCoordinator
from .coordinator.rules_in_sight import rule_of
from .entity import ThermoGateDescription
from .guide import (
    RULE_FIELDS,
    RULE_NAMES,
    THRESHOLDS,
    GuideValidationError,
    Message,
    Shape,
    change_rule,
)
from .setting_entities import Scale

_DEGREES: Final = Scale(
    UnitOfTemperature.CELSIUS, NumberDeviceClass.TEMPERATURE, step=0.1
)
# No document says in which time a temperature slope is measured.
_SCALES: Final = {
    "high": _DEGREES,
    "low": _DEGREES,
    "average": _DEGREES,
    "difference": Scale(
        UnitOfTemperature.CELSIUS, NumberDeviceClass.TEMPERATURE_DELTA, step=0.1
    ),
    "slope": Scale(step=0.1),
}
# What the state calls the threshold of a slope.
_STATED: Final = {"slope": "rate"}


def uses_threshold(camera: CameraCoordinator, key: str, threshold: str) -> bool:
    """Whether the alarm of a rule looks at a threshold."""
    rule = rule_of(camera.data, key)
    return bool(rule and rule.alarm_type and threshold in THRESHOLDS[rule.alarm_type])


def is_wide(camera: CameraCoordinator, key: str) -> bool:
    """Whether a rule measures more than one point."""
    rule = rule_of(camera.data, key)
    return rule is not None and rule.shape not in (None, Shape.POINT)


@dataclass(frozen=True, kw_only=True)
class RuleDescription(ThermoGateDescription[CameraCoordinator]):
    """Which field of which rule an entity sets: the rule by its key, the field as cameras name it."""

    rule: str
    field: str


async def async_set_rule(
    camera: CameraCoordinator, description: RuleDescription, value: float
) -> None:
    """Change one field of a rule; all other rules and fields stay."""
    rule = rule_of(camera.data, description.rule)

    def edit(message: Message) -> None:
        if rule is None:
            raise GuideValidationError(
                "rule", description.rule, "one that the camera has"
            )
        change_rule(message, rule, {description.field: value})

    await camera.settings.async_edit("rules", edit)


def described_alarm(key: str, name: str) -> dict[str, Any]:
    """Return the description of the switch that lets a rule alarm."""
    return _described(key, name, "alarm", "alarm", "alarm_enabled")


def described_thresholds(
    camera: CameraCoordinator, key: str, name: str
) -> Iterator[dict[str, Any]]:
    """Yield the descriptions of a rule's thresholds; those that its alarm does not look at are disabled at first."""
    for threshold, scale in _SCALES.items():
        field = RULE_FIELDS[RULE_NAMES[threshold]]
        yield _described(
            key,
            name,
            threshold,
            f"{threshold}_threshold",
            _STATED.get(threshold, threshold),
        ) | {
            "entity_registry_enabled_default": uses_threshold(camera, key, threshold),
            "device_class": scale.device_class,
            "native_unit_of_measurement": scale.unit,
            "native_min_value": field.minimum,
            "native_max_value": field.maximum,
            "native_step": scale.step,
        }


def _described(
    key: str, name: str, what: str, called: str, stated: str
) -> dict[str, Any]:
    """Return what the descriptions have in common; `stated` is the part of the rule that is shown."""

    def value(camera: CameraCoordinator) -> Any:
        return getattr(rule_of(camera.data, key), stated, None)

    return {
        "key": f"{RULE_KEY}{key}_{called}",
        "translation_key": f"rule_{called}",
        "translation_placeholders": {"rule": name},
        "entity_category": EntityCategory.CONFIG,
        "supported": lambda camera: value(camera) is not None,
        "value": value,
        "rule": key,
        "field": RULE_NAMES[what],
    }
