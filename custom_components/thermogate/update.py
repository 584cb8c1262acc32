"""Updates: the firmware of a terminal, and what can be installed."""

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

from .coordinator import TerminalCoordinator, ThermoGateConfigEntry
from .entity import Tables, ThermoGateDescription, ThermoGateEntity, supported

# An installation only begins here; the terminal asks for it in its own time.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class ThermoGateUpdateDescription(
    ThermoGateDescription[TerminalCoordinator], UpdateEntityDescription
):
    """What an update entity shows."""


def _shown(terminal: TerminalCoordinator) -> tuple[Any, ...]:
    """Return what an installation changes."""
    state = terminal.data
    return (state.version, state.offer, state.upgrading, state.upgrade_percent)


TABLES: Tables[ThermoGateUpdateDescription] = {
    TerminalCoordinator: (
        ThermoGateUpdateDescription(
            key="firmware",
            device_class=UpdateDeviceClass.FIRMWARE,
            entity_category=EntityCategory.CONFIG,
            value=_shown,
        ),
    ),
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the update entity of a terminal; cameras get their firmware another way."""
    coordinator = entry.runtime_data
    if isinstance(coordinator, TerminalCoordinator):
        async_add_entities(
            ThermoGateUpdate(coordinator, description)
            for description in supported(coordinator, TABLES)
        )


class ThermoGateUpdate(ThermoGateEntity[TerminalCoordinator], UpdateEntity):
    """The firmware of a terminal."""

    entity_description: ThermoGateUpdateDescription
    _attr_supported_features = (
        UpdateEntityFeature.INSTALL | UpdateEntityFeature.PROGRESS
    )

    @property
    @override
    def installed_version(self) -> str | None:
        """What the terminal told last."""
        return self.coordinator.data.version or None

    @property
    @override
    def latest_version(self) -> str | None:
        """What is offered; without that, what is installed is the latest that is known."""
        offer = self.coordinator.data.offer
        return offer.version if offer else self.installed_version

    @property
    @override
    def in_progress(self) -> bool:
        """From the press of the button until the terminal has said how it went."""
        return self.coordinator.data.upgrading

    @property
    @override
    def update_percentage(self) -> int | None:
        """How much the terminal has downloaded, None before it begins and where it downloads from elsewhere."""
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
        """Let the terminal have what is offered when it asks next."""
        await self.coordinator.upgrades.async_install()

    @override
    async def async_update(self) -> None:
        """Look for new files."""
        await self.coordinator.upgrades.async_look()
