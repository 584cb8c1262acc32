"""Updates: the firmware of a device, and what can be installed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.update import (
    UpdateDeviceClass,
    UpdateEntity,
    UpdateEntityDescription,
    UpdateEntityFeature,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CameraCoordinator, TerminalCoordinator, ThermoGateConfigEntry
from .entity import Tables, ThermoGateDescription, ThermoGateEntity, supported
from .firmware import version_in

# An installation only begins here: a terminal asks for it in its own time, a camera restarts in its own.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class ThermoGateUpdateDescription[C: TerminalCoordinator | CameraCoordinator](
    ThermoGateDescription[C], UpdateEntityDescription
):
    """What an update entity shows, and where the version is that is installed."""

    installed: Callable[[C], str]


def _shown(device: TerminalCoordinator | CameraCoordinator) -> tuple[Any, ...]:
    """Return what an installation changes."""
    state = device.data
    return (state.version, state.offer, state.upgrading, state.upgrade_percent)


def _of_camera(camera: CameraCoordinator) -> str:
    """Return the version as names of files have it: cameras put a letter before theirs."""
    version = camera.data.version.version
    return version_in(version) or version


def _firmware[C: TerminalCoordinator | CameraCoordinator](
    installed: Callable[[C], str],
) -> tuple[ThermoGateUpdateDescription[C]]:
    return (
        ThermoGateUpdateDescription(
            key="firmware",
            device_class=UpdateDeviceClass.FIRMWARE,
            entity_category=EntityCategory.CONFIG,
            value=_shown,
            installed=installed,
        ),
    )


TABLES: Tables[ThermoGateUpdateDescription[Any]] = {
    TerminalCoordinator: _firmware(lambda terminal: terminal.data.version),
    CameraCoordinator: _firmware(_of_camera),
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the update entity of a device."""
    coordinator = entry.runtime_data
    async_add_entities(
        ThermoGateUpdate(coordinator, description)
        for description in supported(coordinator, TABLES)
    )


class ThermoGateUpdate[C: TerminalCoordinator | CameraCoordinator](
    ThermoGateEntity[C], UpdateEntity
):
    """The firmware of a device."""

    entity_description: ThermoGateUpdateDescription[C]
    _attr_supported_features = (
        UpdateEntityFeature.INSTALL | UpdateEntityFeature.PROGRESS
    )

    @property
    @override
    def available(self) -> bool:
        """Also while the device restarts with its new firmware."""
        return super().available or self.in_progress

    @property
    @override
    def installed_version(self) -> str | None:
        """What the device told last."""
        return self.entity_description.installed(self.coordinator) or None

    @property
    @override
    def latest_version(self) -> str | None:
        """What is offered; without that, what is installed is the latest that is known."""
        offer = self.coordinator.data.offer
        return offer.version if offer else self.installed_version

    @property
    @override
    def in_progress(self) -> bool:
        """From the press of the button until the device has said how it went."""
        return self.coordinator.data.upgrading

    @property
    @override
    def update_percentage(self) -> int | None:
        """How much of the file the device has, None before it begins, while it restarts, and where it downloads from elsewhere."""
        return self.coordinator.data.upgrade_percent

    @override
    def version_is_newer(self, latest_version: str, installed_version: str) -> bool:
        """Whether to offer a version; one that is to be installed whatever there is, always."""
        offer = self.coordinator.data.offer
        if offer and offer.force:
            return True
        return super().version_is_newer(latest_version, installed_version)

    @override
    async def async_install(
        self, version: str | None, backup: bool, **kwargs: Any
    ) -> None:
        """Let a terminal have what is offered when it asks next, and send it to a camera."""
        await self.coordinator.upgrades.async_install()

    @override
    async def async_update(self) -> None:
        """Look for new files."""
        await self.coordinator.upgrades.async_look()
