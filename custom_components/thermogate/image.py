"""Images: the pictures of the last access or alarm, from the very message that reported it, and the thermal map of now."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .const import LOGGER
from .coordinator import (
    AnyCoordinator,
    CameraCoordinator,
    TerminalCoordinator,
    ThermoGateConfigEntry,
)
from .coordinator.thermal_map import MAX_AGE
from .entity import Tables, ThermoGateDescription, ThermoGateEntity, supported
from .guide import Picture
from .guide.thermogram import Look
from .pictures import Evidence, is_sound

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class ThermoGateImageDescription[C: AnyCoordinator](
    ThermoGateDescription[C], ImageEntityDescription
):
    """Which picture an image entity shows."""


@dataclass(frozen=True, kw_only=True)
class ThermoGateMapDescription(
    ThermoGateDescription[CameraCoordinator], ImageEntityDescription
):
    """A picture that is drawn when somebody looks."""


TERMINAL: tuple[ThermoGateImageDescription[TerminalCoordinator], ...] = (
    ThermoGateImageDescription(
        key="face",
        translation_key="face",
        value=lambda terminal: terminal.data.face,
    ),
    ThermoGateImageDescription(
        key="scene",
        translation_key="scene",
        value=lambda terminal: terminal.data.scene,
    ),
    ThermoGateImageDescription(
        key="registered_photo",
        translation_key="registered_photo",
        value=lambda terminal: terminal.data.photo,
    ),
)

CAMERA: tuple[ThermoGateImageDescription[CameraCoordinator], ...] = (
    ThermoGateImageDescription(
        key="alarm_visible",
        translation_key="alarm_visible",
        supported=lambda camera: camera.has_visible,
        value=lambda camera: camera.data.visible,
    ),
    ThermoGateImageDescription(
        key="alarm_thermal",
        translation_key="alarm_thermal",
        value=lambda camera: camera.data.thermal,
    ),
)

THERMAL_MAP = ThermoGateMapDescription(
    key="thermal_map",
    translation_key="thermal_map",
    # Each look is a megabyte from the camera.
    entity_registry_enabled_default=False,
)

TABLES: Tables[ThermoGateImageDescription[Any]] = {
    TerminalCoordinator: TERMINAL,
    CameraCoordinator: CAMERA,
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the images of a device."""
    coordinator = entry.runtime_data
    async_add_entities(
        ThermoGateImage(coordinator, description)
        for description in supported(coordinator, TABLES)
    )
    if isinstance(coordinator, CameraCoordinator):
        async_add_entities([ThermalMapImage(coordinator, THERMAL_MAP)])


class ThermoGateImage[C: AnyCoordinator](ThermoGateEntity[C], ImageEntity):
    """The last picture of one kind."""

    entity_description: ThermoGateImageDescription[C]

    def __init__(
        self, coordinator: C, description: ThermoGateImageDescription[C]
    ) -> None:
        """Start without a picture."""
        ThermoGateEntity.__init__(self, coordinator, description)
        ImageEntity.__init__(self, coordinator.hass)
        self._sound: bool | None = None
        self._complained = False

    @property
    def _evidence(self) -> Evidence | None:
        evidence: Evidence | None = self.current
        return evidence

    @property
    @override
    def available(self) -> bool:
        """A picture that is here stays here when its device goes away."""
        return self._evidence is not None or super().available

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        """Name the event that the picture belongs to."""
        if (evidence := self._evidence) is None:
            return None
        return {"event_id": evidence.event_id}

    @callback
    @override
    def async_shown_changed(self) -> None:
        """Take over a new picture, or that there is none now; it is checked when somebody wants to see it."""
        self._sound = None
        evidence = self._evidence
        self._attr_image_last_updated = evidence.at if evidence else None
        if evidence is not None:
            self._attr_content_type = evidence.content_type

    @override
    async def async_image(self) -> bytes | None:
        """Return the picture, if it is one."""
        if (evidence := self._evidence) is None:
            return None
        if self._sound is None:
            self._sound = await self.hass.async_add_executor_job(
                is_sound, evidence.data
            )
        if not self._sound and not self._complained:
            self._complained = True
            LOGGER.warning(
                "%s: the device sent a broken picture; more of the same is not logged",
                self.entity_id,
            )
        return evidence.data if self._sound else None


class ThermalMapImage(ThermoGateEntity[CameraCoordinator], ImageEntity):
    """The temperature of every pixel as a picture, drawn when somebody looks, and again for as long as somebody does."""

    def __init__(
        self,
        coordinator: CameraCoordinator,
        description: ThermoGateDescription[CameraCoordinator],
    ) -> None:
        """Start without a picture."""
        ThermoGateEntity.__init__(self, coordinator, description)
        ImageEntity.__init__(self, coordinator.hass)
        self._picture: Picture | None = None
        self._turn = asyncio.Lock()
        self._cancel_redraw: CALLBACK_TYPE | None = None

    @override
    async def async_image(self) -> bytes | None:
        """Return a picture that is not too old; None when the camera gives none.

        Whoever shows it fetches it again when it is drawn anew. So each look is followed by one more drawing, and when nobody
        fetches that, it was the last.
        """
        async with self._turn:
            if self._is_old():
                await self._async_draw()
        if self._picture is None:
            return None
        if self._cancel_redraw is None:
            self._cancel_redraw = async_call_later(
                self.hass, MAX_AGE, self._async_redraw
            )
        return self._picture.data

    def _is_old(self) -> bool:
        drawn = self._attr_image_last_updated
        return (
            self._picture is None
            or drawn is None
            or dt_util.utcnow() - drawn >= MAX_AGE
        )

    async def _async_redraw(self, _: datetime) -> None:
        """Draw once more for who may still be looking."""
        self._cancel_redraw = None
        async with self._turn:
            await self._async_draw()

    async def _async_draw(self) -> None:
        """Draw what the camera sees now; without an answer there is no picture rather than an old one."""
        thermal_map = self.coordinator.thermal_map
        try:
            matrix = await thermal_map.async_matrix()
            picture = await thermal_map.async_draw(
                matrix, Look(scale=thermal_map.scale()), thermal_map.rule_regions()
            )
        except HomeAssistantError as err:
            self._picture = None
            LOGGER.debug("%s: no thermal map (%s)", self.entity_id, err)
            return
        self._picture = picture
        self._attr_content_type = picture.content_type
        self._attr_image_last_updated = matrix.taken_at
        self.async_write_ha_state()

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Stop to draw."""
        await super().async_will_remove_from_hass()
        if self._cancel_redraw:
            self._cancel_redraw()
