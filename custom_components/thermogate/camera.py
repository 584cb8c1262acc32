"""Cameras: live pictures, and streams where the device has them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.camera import (
    Camera,
    CameraEntityDescription,
    CameraEntityFeature,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import LOGGER
from .coordinator import (
    AnyCoordinator,
    CameraCoordinator,
    TerminalCoordinator,
    ThermoGateConfigEntry,
)
from .entity import Tables, ThermoGateDescription, ThermoGateEntity, supported
from .facegate import Picture as TerminalPicture
from .guide import Picture as CameraPicture
from .pictures import is_sound

# A device takes one command after the other.
PARALLEL_UPDATES = 1


@dataclass(frozen=True, kw_only=True)
class ThermoGateCameraDescription[C: AnyCoordinator](
    ThermoGateDescription[C], CameraEntityDescription
):
    """Where a camera's pictures come from."""

    still: Callable[[C], Awaitable[TerminalPicture | CameraPicture]]
    stream: Callable[[C], Awaitable[str | None]] | None = None


TERMINAL: tuple[ThermoGateCameraDescription[TerminalCoordinator], ...] = (
    ThermoGateCameraDescription(
        key="snapshot",
        translation_key="snapshot",
        supported=lambda terminal: terminal.supports("snapshot"),
        still=lambda terminal: terminal.async_snapshot(),
    ),
)


def _lens(
    stream: str, *, enabled: bool = True
) -> ThermoGateCameraDescription[CameraCoordinator]:
    """Describe a stream of a camera, by its name in the general information."""
    return ThermoGateCameraDescription(
        key=stream,
        translation_key=stream,
        entity_registry_enabled_default=enabled,
        supported=lambda camera: stream.startswith("thermal") or camera.has_visible,
        still=lambda camera: camera.async_still(stream),
        stream=lambda camera: camera.video.async_source(stream),
    )


CAMERA: tuple[ThermoGateCameraDescription[CameraCoordinator], ...] = (
    _lens("visible"),
    _lens("thermal"),
    _lens("visible_sub", enabled=False),
    _lens("thermal_sub", enabled=False),
)

TABLES: Tables[ThermoGateCameraDescription[Any]] = {
    TerminalCoordinator: TERMINAL,
    CameraCoordinator: CAMERA,
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the cameras of a device."""
    coordinator = entry.runtime_data
    async_add_entities(
        ThermoGateCamera(coordinator, description)
        for description in supported(coordinator, TABLES)
    )


class ThermoGateCamera[C: AnyCoordinator](ThermoGateEntity[C], Camera):
    """A camera of a device."""

    entity_description: ThermoGateCameraDescription[C]

    def __init__(
        self, coordinator: C, description: ThermoGateCameraDescription[C]
    ) -> None:
        """Offer a stream where the device has one."""
        ThermoGateEntity.__init__(self, coordinator, description)
        Camera.__init__(self)
        if description.stream:
            self._attr_supported_features = CameraEntityFeature.STREAM

    @override
    async def stream_source(self) -> str | None:
        """Return the address that the stream component opens."""
        if (stream := self.entity_description.stream) is None:
            return None
        return await stream(self.coordinator)

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        """Take a picture now; None when the device gives none, which Home Assistant shows as no picture."""
        try:
            picture = await self.entity_description.still(self.coordinator)
        except HomeAssistantError as err:
            LOGGER.debug("%s: no picture (%s)", self.entity_id, err)
            return None
        if not await self.hass.async_add_executor_job(is_sound, picture.data):
            LOGGER.debug("%s: a broken picture", self.entity_id)
            return None
        self.content_type = picture.content_type
        return picture.data
