"""The devices that a trigger or a condition is aimed at: by device, entity, area, floor or label, looked up anew each time."""

from collections.abc import Mapping
from typing import Any

import voluptuous as vol

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_TARGET
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)

from .const import DOMAIN
from .coordinator import AnyCoordinator, ThermoGateCoordinator


def target_schema(fields: Mapping[Any, Any], options: Any = None) -> vol.Schema:
    """Return the schema of what is aimed at devices with these options; `options` checks them together."""
    checked = vol.Schema(dict(fields))
    return vol.Schema(
        {
            vol.Required(CONF_TARGET): cv.TARGET_FIELDS,
            vol.Optional("options", default=dict): vol.All(checked, options)
            if options
            else checked,
        }
    )


class Target[CoordinatorT: AnyCoordinator]:
    """The devices of one kind that are chosen, as far as their entries are loaded.

    Devices come and go, move to another room and are reloaded: nothing is kept of them here.
    """

    def __init__(
        self, hass: HomeAssistant, target: Mapping[str, Any], kind: type[CoordinatorT]
    ) -> None:
        """Keep what was chosen."""
        self._hass = hass
        self._selection = TargetSelection(dict(target))
        self._kind = kind

    @callback
    def device_id(self, coordinator: ThermoGateCoordinator[Any]) -> str | None:
        """Return the registry's number of a device that is chosen, None for any other."""
        if not isinstance(coordinator, self._kind):
            return None
        chosen = self._device_ids()
        devices = dr.async_entries_for_config_entry(
            dr.async_get(self._hass), coordinator.config_entry.entry_id
        )
        return next((device.id for device in devices if device.id in chosen), None)

    @callback
    def coordinators(self) -> list[CoordinatorT]:
        """Return the chosen devices that are running."""
        return [
            entry.runtime_data
            for entry in self._hass.config_entries.async_entries(DOMAIN)
            if entry.state is ConfigEntryState.LOADED
            and isinstance(entry.runtime_data, self._kind)
            and self.device_id(entry.runtime_data)
        ]

    @callback
    def is_running(self, coordinator: ThermoGateCoordinator[Any]) -> bool:
        """Whether a device is chosen and set up, so that it can be asked."""
        entry = coordinator.config_entry
        return (
            getattr(entry, "runtime_data", None) is coordinator
            and self.device_id(coordinator) is not None
        )

    @callback
    def _device_ids(self) -> set[str]:
        chosen = async_extract_referenced_entity_ids(
            self._hass, self._selection, primary_entities_only=False
        )
        registry = er.async_get(self._hass)
        entities = (
            registry.async_get(entity_id)
            for entity_id in chosen.referenced | chosen.indirectly_referenced
        )
        return chosen.referenced_devices | {
            entity.device_id for entity in entities if entity and entity.device_id
        }
