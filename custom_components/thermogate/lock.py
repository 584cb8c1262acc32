"""Locks: the door of a terminal, for voice assistants and for whatever else speaks of doors."""

from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.lock import (
    LockEntity,
    LockEntityDescription,
    LockEntityFeature,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import CONF_LOCK, DEFAULT_LOCK, DOMAIN
from .coordinator import TerminalCoordinator, ThermoGateConfigEntry
from .coordinator.door import DOOR_RELAY
from .entity import Tables, ThermoGateDescription, ThermoGateEntity, supported

# A device takes one command after the other.
PARALLEL_UPDATES = 1


@dataclass(frozen=True, kw_only=True)
class ThermoGateLockDescription(
    ThermoGateDescription[TerminalCoordinator], LockEntityDescription
):
    """Which door a lock is; its value is whether that is unlocked."""


TERMINAL: tuple[ThermoGateLockDescription, ...] = (
    ThermoGateLockDescription(
        key="door",
        translation_key="door",
        supported=lambda terminal: (
            terminal.config_entry.options.get(CONF_LOCK, DEFAULT_LOCK)
            and (
                terminal.supports("gpio_control")
                or terminal.supports("gpio_control_extend")
            )
        ),
        value=lambda terminal: terminal.data.unlocked,
    ),
)

TABLES: Tables[ThermoGateLockDescription] = {TerminalCoordinator: TERMINAL}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the lock of a terminal where it is wanted, and remove the one that is not wanted any more."""
    coordinator = entry.runtime_data
    if not isinstance(coordinator, TerminalCoordinator):
        return
    if not entry.options.get(CONF_LOCK, DEFAULT_LOCK):
        registry = er.async_get(hass)
        for each in TERMINAL:
            unique_id = f"{coordinator.device_key}_{each.key}"
            if known := registry.async_get_entity_id(Platform.LOCK, DOMAIN, unique_id):
                registry.async_remove(known)
    async_add_entities(
        ThermoGateLock(coordinator, description)
        for description in supported(coordinator, TABLES)
    )


class ThermoGateLock(ThermoGateEntity[TerminalCoordinator], LockEntity):
    """The door that a terminal's first relay opens for a moment; it locks itself."""

    entity_description: ThermoGateLockDescription
    # No terminal tells how its door is.
    _attr_assumed_state = True
    _attr_supported_features = LockEntityFeature.OPEN

    @property
    @override
    def is_locked(self) -> bool:
        """Whether the relay is not held."""
        return not self.current

    @override
    async def async_lock(self, **kwargs: Any) -> None:
        """Do nothing: the relay falls back by itself, and no terminal can be told to hurry."""

    @override
    async def async_unlock(self, **kwargs: Any) -> None:
        """Close the relay for the moment that the terminal is set to."""
        await self.coordinator.async_open_gate(DOOR_RELAY)

    @override
    async def async_open(self, **kwargs: Any) -> None:
        """Do the same: there is one way to open."""
        await self.async_unlock()
