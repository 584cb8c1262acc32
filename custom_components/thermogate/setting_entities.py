"""The settings of a terminal as entities: which platform each belongs to, and what differs from that rule.

What a setting may be stands in the protocol's table alone; here is only what Home Assistant wants to know besides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.components.number import NumberDeviceClass
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    Platform,
    UnitOfDataRate,
    UnitOfSoundPressure,
    UnitOfTemperature,
    UnitOfTime,
)

from .coordinator import TerminalCoordinator
from .facegate import SETTINGS, FieldType, Setting

LED_MODE: Final = "led_mode"
LED_BRIGHTNESS: Final = "led_brightness"
FAHRENHEIT: Final = "temperature_fahrenheit"

# What people change now and then; everything else is disabled at first.
ENABLED: Final = frozenset(
    {
        "gate_mode",
        "match_score",
        "relay_hold_time",
        "require_mask",
        "temperature_limit",
        "working_mode",
    }
)

# How the terminal reaches its server: a slip takes away Home Assistant's own way to it.
LINK: Final = frozenset({"extranet_mode", "upload_method"})

# All of that, which the action changes only when it is confirmed: it may be called by mistake, and for many terminals at once.
SERVER: Final = LINK | {
    "extranet_enabled",
    *(
        f"{server}_server_{part}"
        for server in ("extranet", "upload")
        for part in ("ip", "domain", "port")
    ),
}

# Shown as one light.
_LIGHT = frozenset({LED_MODE, LED_BRIGHTNESS})


@dataclass(frozen=True, slots=True)
class Scale:
    """What a number is in Home Assistant, with the bounds that the vendor's document leaves open."""

    unit: str | None = None
    device_class: NumberDeviceClass | None = None
    minimum: float = 0
    maximum: float = 0
    step: float = 1


# In degrees Celsius or Fahrenheit, whichever the terminal is set to.
_BODY = Scale(
    UnitOfTemperature.CELSIUS, NumberDeviceClass.TEMPERATURE, maximum=120, step=0.1
)

# The scale of a unit of the protocol's table.
_UNITS: Final = {
    "": Scale(),
    "%": Scale(PERCENTAGE),
    "px": Scale("px"),
    "s": Scale(UnitOfTime.SECONDS, NumberDeviceClass.DURATION),
    "ms": Scale(UnitOfTime.MILLISECONDS, NumberDeviceClass.DURATION),
    "µs": Scale(UnitOfTime.MICROSECONDS, NumberDeviceClass.DURATION),
    # A gain is no sound: the unit is all it shares with one.
    "dB": Scale(UnitOfSoundPressure.DECIBEL),
    "kbit/s": Scale(UnitOfDataRate.KILOBITS_PER_SECOND, NumberDeviceClass.DATA_RATE),
}
_SCALES: Final = {
    "min_face_size": Scale("px", maximum=2000),
    "temperature_limit": _BODY,
    "temperature_range_min": _BODY,
    "temperature_range_max": _BODY,
    "temperature_correction": Scale(
        UnitOfTemperature.CELSIUS,
        NumberDeviceClass.TEMPERATURE_DELTA,
        minimum=-20,
        maximum=20,
        step=0.01,
    ),
}


def scale_of(setting: Setting) -> Scale:
    """Return what a number is in Home Assistant; the bounds of the protocol's table go before those of the scale."""
    field = setting.field
    scale = _SCALES.get(setting.key) or _UNITS[field.unit]
    return Scale(
        scale.unit,
        scale.device_class,
        scale.minimum if field.minimum is None else field.minimum,
        scale.maximum if field.maximum is None else field.maximum,
        scale.step,
    )


def platform_of(setting: Setting) -> Platform | None:
    """Return the platform that shows a setting; None for what no entity shows: passwords, the link, and what the light stands for."""
    field = setting.field
    if field.secret or setting.key in _LIGHT | LINK:
        return None
    if field.type is FieldType.BOOLEAN or (field.minimum, field.maximum) == (0, 1):
        return Platform.SWITCH
    if field.choices:
        return Platform.SELECT
    return Platform.TEXT if field.type is FieldType.TEXT else Platform.NUMBER


def settings_of(platform: Platform) -> Iterator[Setting]:
    """Return the settings that a platform shows."""
    return (
        setting for setting in SETTINGS.values() if platform_of(setting) is platform
    )


def described(setting: Setting) -> dict[str, Any]:
    """Return what the descriptions of all settings have in common."""
    key = setting.key

    def supported(terminal: TerminalCoordinator) -> bool:
        return terminal.has_setting(key)

    def value(terminal: TerminalCoordinator) -> Any:
        return terminal.data.settings.get(key)

    return {
        "key": key,
        "translation_key": key,
        "entity_category": EntityCategory.CONFIG,
        "entity_registry_enabled_default": key in ENABLED,
        "supported": supported,
        "value": value,
    }


def temperature_unit(settings: Mapping[str, Any]) -> UnitOfTemperature:
    """Return the unit of a terminal's temperatures."""
    return (
        UnitOfTemperature.FAHRENHEIT
        if settings.get(FAHRENHEIT)
        else UnitOfTemperature.CELSIUS
    )
