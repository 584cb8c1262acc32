"""The settings of a camera as entities: which platform each belongs to, and what differs from that rule.

What a setting may be stands in the protocol's table alone; here is only what Home Assistant wants to know besides.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.components.number import NumberDeviceClass
from homeassistant.const import (
    DEGREE,
    MAX_LENGTH_STATE_STATE,
    PERCENTAGE,
    EntityCategory,
    Platform,
    UnitOfInformation,
    UnitOfLength,
    UnitOfTemperature,
    UnitOfTime,
)

from .coordinator import CameraCoordinator
from .coordinator.camera_settings import UNREAD
from .entity import ThermoGateDescription
from .guide import SETTING_FIELDS, FieldType, GeneralInfo, Setting
from .setting_entities import Scale

# What people in front of a substation's picture change now and then; everything else is disabled at first.
ENABLED: Final = frozenset(
    {
        "ir_mode_mode",
        "measurement_color_bar",
        "measurement_dist",
        "measurement_emiss",
        "measurement_gear",
        "measurement_humi",
        "measurement_ref_temp",
        "mute_silent",
        "temperature_alarm_alarm_flag",
    }
)

# Areas of a fire alarm are edited as a list.
_LISTED: Final = frozenset({"area1", "area2", "area3", "area4"})

# A number for the emissivity stands instead of the material that the camera took it from.
TOGETHER: Final[Mapping[str, tuple[tuple[Setting, int], ...]]] = {
    "measurement_emiss": ((SETTING_FIELDS["measurement_emiss_mode"], 2),)
}

# The scale of a unit of the protocol's table.
_UNITS: Final = {
    None: Scale(),
    "%": Scale(PERCENTAGE),
    "m": Scale(UnitOfLength.METERS, NumberDeviceClass.DISTANCE, step=0.1),
    "°C": Scale(UnitOfTemperature.CELSIUS, NumberDeviceClass.TEMPERATURE, step=0.1),
    "°": Scale(DEGREE, step=0.1),
    "s": Scale(UnitOfTime.SECONDS, NumberDeviceClass.DURATION),
    "d": Scale(UnitOfTime.DAYS, NumberDeviceClass.DURATION),
    "MB": Scale(UnitOfInformation.MEGABYTES, NumberDeviceClass.DATA_SIZE),
}
_DAY = Scale(UnitOfTime.SECONDS, NumberDeviceClass.DURATION, maximum=86_400)
_HUNDREDTHS = Scale(step=0.01)
_SCALES: Final = {
    "measurement_emiss": _HUNDREDTHS,
    "measurement_atmo_trans": _HUNDREDTHS,
    "measurement_opti_trans": _HUNDREDTHS,
    "measurement_humi": Scale(PERCENTAGE, NumberDeviceClass.HUMIDITY),
    "measurement_mod_temp": Scale(
        UnitOfTemperature.CELSIUS, NumberDeviceClass.TEMPERATURE_DELTA, step=0.1
    ),
    "illegal_access_lock_time": _DAY,
    "network_exception_interval_time": _DAY,
}
# Places in the picture, which ends where the camera says, or at the largest there is.
_ACROSS: Final = frozenset({"x", "w"})
_DOWN: Final = frozenset({"y", "h"})
_LARGEST_PICTURE: Final = (1280, 1024)

type Told = Callable[[GeneralInfo], Mapping[int, str]]


def _ranges(general: GeneralInfo) -> dict[int, str]:
    return {
        gear.index: f"{gear.minimum:g}…{gear.maximum:g} °C"
        for gear in general.gears
        if gear.minimum is not None and gear.maximum is not None
    }


def _sounds(general: GeneralInfo) -> dict[int, str]:
    """Return the sounds by number; a name that is used twice gets its number."""
    names = [each.name for each in general.audio_files]
    return {
        each.index: each.name
        if each.name and names.count(each.name) == 1
        else f"{each.name} ({each.index})".strip()
        for each in general.audio_files
    }


# Fields whose choices the camera tells.
_TOLD: Final[Mapping[str, Told]] = {
    "gear": _ranges,
    "audio_index": _sounds,
    "audio_play_index": _sounds,
}


@dataclass(frozen=True, kw_only=True)
class CameraSettingDescription(ThermoGateDescription[CameraCoordinator]):
    """Which setting an entity shows."""

    setting: Setting


def platform_of(setting: Setting) -> Platform | None:
    """Return the platform that shows a setting; None for what no entity shows.

    That is: passwords, pictures, areas, and what could cut Home Assistant off.
    """
    field = setting.field
    if setting.section in UNREAD or setting.path[0] in _LISTED:
        return None
    if field.type is FieldType.SWITCH:
        return Platform.SWITCH
    if field.choices or field.name in _TOLD:
        return Platform.SELECT
    if field.type in (FieldType.INTEGER, FieldType.NUMBER):
        return Platform.NUMBER
    if field.type is FieldType.PASSWORD or (field.maximum or 0) > (
        MAX_LENGTH_STATE_STATE
    ):
        return None
    return Platform.TEXT


def camera_settings_of(platform: Platform) -> Iterator[Setting]:
    """Return the settings that a platform shows."""
    return (
        setting
        for setting in SETTING_FIELDS.values()
        if platform_of(setting) is platform
    )


def camera_described(setting: Setting) -> dict[str, Any]:
    """Return what the descriptions of all settings have in common."""

    def supported(camera: CameraCoordinator) -> bool:
        if setting.field.name in _TOLD and not choices_of(setting, camera):
            return False
        return camera.settings.tells(setting)

    def value(camera: CameraCoordinator) -> Any:
        return camera.settings.value(setting)

    return {
        "key": setting.key,
        "translation_key": text_key(setting),
        "entity_category": EntityCategory.CONFIG,
        "entity_registry_enabled_default": setting.key in ENABLED,
        "supported": supported,
        "value": value,
        "setting": setting,
    }


def text_key(setting: Setting) -> str:
    """Return the name of a setting's texts and icon, which it shares with no setting of a terminal."""
    return f"camera_{setting.key}"


def choices_of(setting: Setting, camera: CameraCoordinator) -> Mapping[int, str]:
    """Return what can be chosen: the words of the protocol's table, or what the camera tells."""
    if told := _TOLD.get(setting.field.name):
        return told(camera.data.general)
    return setting.field.choices or {}


def camera_scale_of(setting: Setting, size: tuple[int, int] | None) -> Scale:
    """Return what a number is in Home Assistant; the bounds of the protocol's table go before those of the scale.

    `size` is that of the thermal picture in pixels, where the camera tells it.
    """
    field = setting.field
    width, height = size or _LARGEST_PICTURE
    if field.name in _ACROSS or field.name in _DOWN:
        scale = Scale("px", maximum=width if field.name in _ACROSS else height)
    else:
        scale = _SCALES.get(setting.key) or _UNITS[field.unit]
    return Scale(
        scale.unit,
        scale.device_class,
        scale.minimum if field.minimum is None else field.minimum,
        scale.maximum if field.maximum is None else field.maximum,
        scale.step,
    )
