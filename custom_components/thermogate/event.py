"""Events: what happens at a device, each time it happens."""

from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import (
    AnyCoordinator,
    CameraCoordinator,
    DeviceEvent,
    TerminalCoordinator,
    ThermoGateConfigEntry,
)
from .coordinator.camera import ALARM, ALARMS
from .coordinator.terminal import ACCESS
from .entity import Tables, ThermoGateDescription, ThermoGateEntity, supported
from .facegate import AccessResult
from .views import ATTR_PICTURE_URL, ATTR_PICTURE_URLS

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class ThermoGateEventDescription[C: AnyCoordinator](
    ThermoGateDescription[C], EventEntityDescription
):
    """Which events an entity shows; its key is their source."""

    event_types: list[str]


TERMINAL: tuple[ThermoGateEventDescription[TerminalCoordinator], ...] = (
    ThermoGateEventDescription(
        key=ACCESS,
        translation_key=ACCESS,
        event_types=[result.value for result in AccessResult],
    ),
)

CAMERA: tuple[ThermoGateEventDescription[CameraCoordinator], ...] = (
    ThermoGateEventDescription(
        key=ALARM,
        translation_key=ALARM,
        event_types=list(ALARMS),
        # An alarm may come over a new session before anything was read anew; on an unavailable entity nobody would see it.
        always_available=True,
    ),
)

TABLES: Tables[ThermoGateEventDescription[Any]] = {
    TerminalCoordinator: TERMINAL,
    CameraCoordinator: CAMERA,
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event entities of a device."""
    coordinator = entry.runtime_data
    async_add_entities(
        ThermoGateEvent(coordinator, description)
        for description in supported(coordinator, TABLES)
    )


class ThermoGateEvent[C: AnyCoordinator](ThermoGateEntity[C], EventEntity):
    """An event entity of a device."""

    entity_description: ThermoGateEventDescription[C]
    # They expire.
    _unrecorded_attributes = frozenset({ATTR_PICTURE_URL, ATTR_PICTURE_URLS})

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to what happens."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.async_subscribe_events(self._async_happened)
        )

    @callback
    def _async_happened(self, event: DeviceEvent) -> None:
        """Show an event of this entity's source."""
        if event.source != self.entity_description.key:
            return
        self._trigger_event(
            event.kind, {"event_id": event.event_id, **event.attributes}
        )
        self.async_write_ha_state()
