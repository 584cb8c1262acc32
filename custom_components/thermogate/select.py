"""Selects: one of several."""

from dataclasses import dataclass
from typing import override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CameraCoordinator, ThermoGateConfigEntry
from .entity import Tables, ThermoGateDescription, ThermoGateEntity, supported

# A device takes one command after the other.
PARALLEL_UPDATES = 1


@dataclass(frozen=True, kw_only=True)
class ThermoGateSelectDescription(
    ThermoGateDescription[CameraCoordinator], SelectEntityDescription
):
    """What a select offers."""


CAMERA: tuple[ThermoGateSelectDescription, ...] = (
    ThermoGateSelectDescription(
        # Cards for cameras find it by this end of its unique id.
        key="ptz_preset",
        translation_key="ptz_preset",
        supported=lambda camera: camera.supports("ptz") and camera.supports("presets"),
        value=lambda camera: (camera.data.presets, camera.data.preset),
    ),
)

TABLES: Tables[ThermoGateSelectDescription] = {CameraCoordinator: CAMERA}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects of a camera."""
    coordinator = entry.runtime_data
    if isinstance(coordinator, CameraCoordinator):
        async_add_entities(
            PtzPreset(coordinator, description)
            for description in supported(coordinator, TABLES)
        )


class PtzPreset(ThermoGateEntity[CameraCoordinator], SelectEntity):
    """The stored positions of a camera; known as the current one until it moves away."""

    entity_description: ThermoGateSelectDescription

    @property
    def _by_name(self) -> dict[str, int]:
        """Positions by name; a name that is used twice gets its number."""
        positions: dict[str, int] = {}
        for preset in self.coordinator.data.presets:
            name = preset.name or str(preset.index)
            positions[f"{name} ({preset.index})" if name in positions else name] = (
                preset.index
            )
        return positions

    @property
    @override
    def options(self) -> list[str]:
        """The names of the positions."""
        return list(self._by_name)

    @property
    @override
    def current_option(self) -> str | None:
        """The position that the camera was last sent to."""
        return next(
            (
                name
                for name, index in self._by_name.items()
                if index == self.coordinator.data.preset
            ),
            None,
        )

    @override
    async def async_select_option(self, option: str) -> None:
        """Send the camera to a position."""
        await self.coordinator.async_goto_preset(self._by_name[option])
