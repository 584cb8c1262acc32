"""Images: the pictures of the last access or alarm, from the very message that reported it."""

from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import LOGGER
from .coordinator import (
    AnyCoordinator,
    CameraCoordinator,
    TerminalCoordinator,
    ThermoGateConfigEntry,
)
from .entity import Tables, ThermoGateDescription, ThermoGateEntity, supported
from .pictures import Evidence, is_sound

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class ThermoGateImageDescription[C: AnyCoordinator](
    ThermoGateDescription[C], ImageEntityDescription
):
    """Which picture an image entity shows."""


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
