"""Texts: settings of a device that are words."""

from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.text import TextEntity, TextEntityDescription
from homeassistant.const import MAX_LENGTH_STATE_STATE, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .camera_setting_entities import (
    CameraSettingDescription,
    camera_described,
    camera_settings_of,
)
from .coordinator import CameraCoordinator, TerminalCoordinator, ThermoGateConfigEntry
from .entity import Tables, ThermoGateDescription, ThermoGateEntity, supported
from .guide import FieldType, Setting
from .setting_entities import described, settings_of

# A device takes one command after the other.
PARALLEL_UPDATES = 1

# As cameras write it.
COLOR = "#[0-9a-fA-F]{6}"


@dataclass(frozen=True, kw_only=True)
class ThermoGateTextDescription(
    ThermoGateDescription[TerminalCoordinator], TextEntityDescription
):
    """What a text sets."""


@dataclass(frozen=True, kw_only=True)
class CameraTextDescription(CameraSettingDescription, TextEntityDescription):
    """Which setting of a camera a text is."""


def _camera_text(setting: Setting) -> CameraTextDescription:
    color = setting.field.type is FieldType.COLOR
    return CameraTextDescription(
        **camera_described(setting),
        pattern=COLOR if color else None,
        native_max=int(setting.field.maximum or MAX_LENGTH_STATE_STATE),
    )


TERMINAL = tuple(
    ThermoGateTextDescription(
        **described(setting),
        # Characters here, bytes there: what is too long in bytes is refused when it is sent.
        native_max=setting.field.max_bytes or MAX_LENGTH_STATE_STATE,
    )
    for setting in settings_of(Platform.TEXT)
)

CAMERA = tuple(_camera_text(setting) for setting in camera_settings_of(Platform.TEXT))

TABLES: Tables[Any] = {CameraCoordinator: CAMERA, TerminalCoordinator: TERMINAL}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the texts of a device."""
    coordinator = entry.runtime_data
    if isinstance(coordinator, CameraCoordinator):
        async_add_entities(
            CameraText(coordinator, description)
            for description in supported(coordinator, TABLES)
        )
    else:
        async_add_entities(
            ThermoGateText(coordinator, description)
            for description in supported(coordinator, TABLES)
        )


class ThermoGateText(ThermoGateEntity[TerminalCoordinator], TextEntity):
    """A setting of a terminal that is words."""

    entity_description: ThermoGateTextDescription

    @property
    @override
    def native_value(self) -> str | None:
        """The words; None while they are not known, or are more than Home Assistant can show."""
        value: str | None = self.current
        return None if value is None or len(value) > self.max else value

    @override
    async def async_set_value(self, value: str) -> None:
        """Set the words."""
        await self.coordinator.async_set_settings(
            **{self.entity_description.key: value}
        )


class CameraText(ThermoGateEntity[CameraCoordinator], TextEntity):
    """A setting of a camera that is words, or a colour."""

    entity_description: CameraTextDescription

    @property
    @override
    def native_value(self) -> str | None:
        """The words; None while they are not known, or are more than Home Assistant can show."""
        value: str | None = self.current
        return None if value is None or len(value) > self.max else value

    @override
    async def async_set_value(self, value: str) -> None:
        """Set the words."""
        await self.coordinator.settings.async_set(
            self.entity_description.setting, value
        )
