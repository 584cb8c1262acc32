"""Lights: the fill light of a camera and the light on its head, and the lamp of a terminal."""

from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.light import (
    ATTR_BRIGHTNESS,
    ATTR_EFFECT,
    EFFECT_OFF,
    ColorMode,
    LightEntity,
    LightEntityDescription,
    LightEntityFeature,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util.color import brightness_to_value, value_to_brightness

from .coordinator import (
    AnyCoordinator,
    CameraCoordinator,
    TerminalCoordinator,
    ThermoGateConfigEntry,
)
from .entity import Tables, ThermoGateDescription, ThermoGateEntity, supported
from .guide import FillLight, LightMode, PtzAction
from .setting_entities import LED_BRIGHTNESS, LED_MODE

# A device takes one command after the other.
PARALLEL_UPDATES = 1

# The devices' own scale; a camera's 0 is dark, so a light that is on shines with at least 1.
PERCENT = (1, 100)

# What a terminal calls the modes of its lamp; the second is the name of the effect too.
ALWAYS_ON, AUTO, ALWAYS_OFF = "always_on", "auto", "always_off"


@dataclass(frozen=True, kw_only=True)
class ThermoGateLightDescription[C: AnyCoordinator](
    ThermoGateDescription[C], LightEntityDescription
):
    """Which lamp a light is."""


CAMERA: tuple[ThermoGateLightDescription[CameraCoordinator], ...] = (
    ThermoGateLightDescription(
        key="fill_light",
        translation_key="fill_light",
        supported=lambda camera: camera.supports("fill_light"),
        value=lambda camera: camera.data.fill_light,
    ),
)

CAMERA_HEAD: tuple[ThermoGateLightDescription[CameraCoordinator], ...] = (
    ThermoGateLightDescription(
        key="ptz_light",
        translation_key="ptz_light",
        # No camera tells whether it has one.
        entity_registry_enabled_default=False,
        supported=lambda camera: camera.supports("ptz"),
        value=lambda camera: camera.data.auxiliaries.get(PtzAction.LIGHT),
    ),
)

TERMINAL: tuple[ThermoGateLightDescription[TerminalCoordinator], ...] = (
    ThermoGateLightDescription(
        key="led",
        translation_key="led",
        entity_category=EntityCategory.CONFIG,
        supported=lambda terminal: terminal.has_setting(LED_MODE),
        value=lambda terminal: (
            terminal.data.settings.get(LED_MODE),
            terminal.data.settings.get(LED_BRIGHTNESS),
        ),
    ),
)

TABLES: Tables[ThermoGateLightDescription[Any]] = {
    CameraCoordinator: CAMERA,
    TerminalCoordinator: TERMINAL,
}
HEAD_TABLES: Tables[ThermoGateLightDescription[CameraCoordinator]] = {
    CameraCoordinator: CAMERA_HEAD
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the lights of a device."""
    coordinator = entry.runtime_data
    if isinstance(coordinator, CameraCoordinator):
        async_add_entities(
            ThermoGateLight(coordinator, description)
            for description in supported(coordinator, TABLES)
        )
        async_add_entities(
            HeadLight(coordinator, description)
            for description in supported(coordinator, HEAD_TABLES)
        )
    else:
        async_add_entities(
            TerminalLight(coordinator, description)
            for description in supported(coordinator, TABLES)
        )


def _percent(brightness: int) -> int:
    return max(PERCENT[0], round(brightness_to_value(PERCENT, brightness)))


class ThermoGateLight(ThermoGateEntity[CameraCoordinator], LightEntity):
    """The fill light of a camera. As an effect the camera itself decides when it is dark enough."""

    entity_description: ThermoGateLightDescription[CameraCoordinator]
    _attr_effect_list = [EFFECT_OFF, AUTO]
    _attr_supported_features = LightEntityFeature.EFFECT
    _attr_color_mode = ColorMode.BRIGHTNESS
    _attr_supported_color_modes = {ColorMode.BRIGHTNESS}

    @property
    def _light(self) -> FillLight | None:
        light: FillLight | None = self.current
        return light

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether the lamp shines, or may when it gets dark."""
        if self._light is None:
            return None
        return True if self._automatic else self._light.on

    @property
    def _automatic(self) -> bool:
        return self._light is not None and self._light.mode is LightMode.AUTOMATIC

    @property
    @override
    def effect(self) -> str:
        """Whether the camera decides."""
        return AUTO if self._automatic else EFFECT_OFF

    @property
    @override
    def brightness(self) -> int | None:
        """The brightness on Home Assistant's scale."""
        if self._light is None or self._light.brightness is None:
            return None
        return value_to_brightness(PERCENT, max(self._light.brightness, PERCENT[0]))

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Let the lamp shine, always or by the camera's own decision; a brightness alone leaves that as it is."""
        brightness = kwargs.get(ATTR_BRIGHTNESS)
        automatic = kwargs.get(ATTR_EFFECT) == AUTO or (
            self._automatic and brightness is not None and ATTR_EFFECT not in kwargs
        )
        await self.coordinator.async_set_fill_light(
            on=None if automatic else True,
            brightness=None if brightness is None else _percent(brightness),
            mode=LightMode.AUTOMATIC if automatic else LightMode.MANUAL,
        )

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch the lamp off, by hand from now on."""
        await self.coordinator.async_set_fill_light(on=False)


class HeadLight(ThermoGateEntity[CameraCoordinator], LightEntity):
    """The light on the head of a camera; known is only what it was told last."""

    entity_description: ThermoGateLightDescription[CameraCoordinator]
    _attr_assumed_state = True
    _attr_color_mode = ColorMode.ONOFF
    _attr_supported_color_modes = {ColorMode.ONOFF}

    @property
    @override
    def is_on(self) -> bool | None:
        """What the camera was told last, None before."""
        on: bool | None = self.current
        return on

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch it on."""
        await self.coordinator.ptz.async_switch(PtzAction.LIGHT, True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch it off."""
        await self.coordinator.ptz.async_switch(PtzAction.LIGHT, False)


class TerminalLight(ThermoGateEntity[TerminalCoordinator], LightEntity):
    """The lamp beside a terminal's screen. As an effect the terminal itself decides when it is dark enough."""

    entity_description: ThermoGateLightDescription[TerminalCoordinator]
    _attr_effect_list = [EFFECT_OFF, AUTO]
    _attr_supported_features = LightEntityFeature.EFFECT

    def __init__(
        self,
        coordinator: TerminalCoordinator,
        description: ThermoGateLightDescription[TerminalCoordinator],
    ) -> None:
        """Find out whether the lamp can be dimmed."""
        super().__init__(coordinator, description)
        dimmed = coordinator.has_setting(LED_BRIGHTNESS)
        self._attr_color_mode = ColorMode.BRIGHTNESS if dimmed else ColorMode.ONOFF
        self._attr_supported_color_modes = {self._attr_color_mode}

    @property
    def _mode(self) -> str | None:
        mode: str | None = self.current[0]
        return mode

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether the lamp may shine."""
        return None if self._mode is None else self._mode != ALWAYS_OFF

    @property
    @override
    def effect(self) -> str:
        """Whether the terminal decides."""
        return AUTO if self._mode == AUTO else EFFECT_OFF

    @property
    @override
    def brightness(self) -> int | None:
        """The brightness on Home Assistant's scale."""
        percent: int | None = self.current[1]
        if percent is None:
            return None
        return value_to_brightness(PERCENT, min(max(percent, PERCENT[0]), PERCENT[1]))

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Let the lamp shine, always or by the terminal's own decision; a brightness alone leaves that as it is."""
        changes: dict[str, Any] = {}
        if (brightness := kwargs.get(ATTR_BRIGHTNESS)) is not None:
            changes[LED_BRIGHTNESS] = _percent(brightness)
        if ATTR_EFFECT in kwargs:
            changes[LED_MODE] = AUTO if kwargs[ATTR_EFFECT] == AUTO else ALWAYS_ON
        elif not changes or not self.is_on:
            changes[LED_MODE] = ALWAYS_ON
        await self.coordinator.async_set_settings(**changes)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Keep the lamp dark."""
        await self.coordinator.async_set_settings(**{LED_MODE: ALWAYS_OFF})
