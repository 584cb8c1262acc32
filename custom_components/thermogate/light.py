"""Lights: the fill light of a camera."""

from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.light import (
    ATTR_BRIGHTNESS,
    ColorMode,
    LightEntity,
    LightEntityDescription,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util.color import brightness_to_value, value_to_brightness

from .coordinator import CameraCoordinator, ThermoGateConfigEntry
from .entity import Tables, ThermoGateDescription, ThermoGateEntity, supported
from .guide import FillLight

# A device takes one command after the other.
PARALLEL_UPDATES = 1

# The camera's own scale; 0 is dark, so a light that is on shines with at least 1.
PERCENT = (1, 100)


@dataclass(frozen=True, kw_only=True)
class ThermoGateLightDescription(
    ThermoGateDescription[CameraCoordinator], LightEntityDescription
):
    """Which lamp a light is."""


CAMERA = (
    ThermoGateLightDescription(
        key="fill_light",
        translation_key="fill_light",
        supported=lambda camera: camera.supports("fill_light"),
        value=lambda camera: camera.data.fill_light,
    ),
)

TABLES: Tables[ThermoGateLightDescription] = {CameraCoordinator: CAMERA}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the lights of a camera."""
    coordinator = entry.runtime_data
    if isinstance(coordinator, CameraCoordinator):
        async_add_entities(
            ThermoGateLight(coordinator, description)
            for description in supported(coordinator, TABLES)
        )


class ThermoGateLight(ThermoGateEntity[CameraCoordinator], LightEntity):
    """The fill light of a camera."""

    entity_description: ThermoGateLightDescription
    _attr_color_mode = ColorMode.BRIGHTNESS
    _attr_supported_color_modes = {ColorMode.BRIGHTNESS}

    @property
    def _light(self) -> FillLight | None:
        light: FillLight | None = self.current
        return light

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether the lamp shines."""
        return self._light.on if self._light else None

    @property
    @override
    def brightness(self) -> int | None:
        """The brightness on Home Assistant's scale."""
        if self._light is None or self._light.brightness is None:
            return None
        return value_to_brightness(PERCENT, max(self._light.brightness, PERCENT[0]))

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Let the lamp shine, by hand from now on."""
        brightness = kwargs.get(ATTR_BRIGHTNESS)
        await self.coordinator.async_set_fill_light(
            on=True,
            brightness=None
            if brightness is None
            else max(PERCENT[0], round(brightness_to_value(PERCENT, brightness))),
        )

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch the lamp off, by hand from now on."""
        await self.coordinator.async_set_fill_light(on=False)
