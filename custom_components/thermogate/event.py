"""Events: what happens at a device, each time it happens."""

from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.event import (
    EventDeviceClass,
    EventEntity,
    EventEntityDescription,
)
from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID, ATTR_NAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import EVENT_ACCESS, EVENT_ALARM, EVENT_INTERCOM, SIGNAL_FORGET
from .coordinator import (
    AnyCoordinator,
    CameraCoordinator,
    DeviceEvent,
    TerminalCoordinator,
    ThermoGateConfigEntry,
)
from .coordinator.alarms import ALARM, ALARMS
from .coordinator.captures import ACCESS
from .coordinator.intercom import INTERCOM, KINDS
from .entity import Tables, ThermoGateDescription, ThermoGateEntity, supported
from .facegate import AccessResult
from .people import Who
from .views import ATTR_PICTURE_URL, ATTR_PICTURE_URLS

PARALLEL_UPDATES = 0

# What the logbook makes its sentences of. Home Assistant keeps it for days, so no pictures, and no numbers of people or cards.
ATTR_TYPE = "type"
TOLD = (
    "event_id",
    "person",
    "reason",
    "methods",
    "score",
    "temperature",
    "decision",
    "decision_reason",
    "rule",
    "area",
    "measured",
    "maximum",
    "minimum",
    "average",
)


@dataclass(frozen=True, kw_only=True)
class ThermoGateEventDescription[C: AnyCoordinator](
    ThermoGateDescription[C], EventEntityDescription
):
    """Which events an entity shows; its key is their source. `bus_event` is what they are called on the bus."""

    event_types: list[str]
    bus_event: str


TERMINAL: tuple[ThermoGateEventDescription[TerminalCoordinator], ...] = (
    ThermoGateEventDescription(
        key=ACCESS,
        translation_key=ACCESS,
        event_types=[result.value for result in AccessResult],
        bus_event=EVENT_ACCESS,
    ),
    ThermoGateEventDescription(
        key=INTERCOM,
        translation_key=INTERCOM,
        device_class=EventDeviceClass.DOORBELL,
        event_types=list(KINDS),
        bus_event=EVENT_INTERCOM,
        supported=lambda terminal: terminal.supports("sip_account"),
    ),
)

CAMERA: tuple[ThermoGateEventDescription[CameraCoordinator], ...] = (
    ThermoGateEventDescription(
        key=ALARM,
        translation_key=ALARM,
        event_types=list(ALARMS),
        bus_event=EVENT_ALARM,
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
        self.async_on_remove(
            async_dispatcher_connect(self.hass, SIGNAL_FORGET, self._async_forget)
        )

    @callback
    def _async_happened(self, event: DeviceEvent) -> None:
        """Show an event of this entity's source."""
        if event.source != self.entity_description.key:
            return
        attributes = {"event_id": event.event_id, **event.attributes}
        self._trigger_event(event.kind, attributes)
        self.async_write_ha_state()
        # Home Assistant's logbook describes events of the bus only.
        self.hass.bus.async_fire(
            self.entity_description.bus_event,
            {
                ATTR_DEVICE_ID: self.device_entry.id if self.device_entry else None,
                ATTR_ENTITY_ID: self.entity_id,
                ATTR_NAME: self.coordinator.config_entry.title,
                ATTR_TYPE: event.kind,
            }
            | {
                name: attributes[name]
                for name in TOLD
                if attributes.get(name) is not None
            },
        )

    @callback
    def _async_forget(self, who: Who) -> None:
        """Tell nothing any more of somebody who was the last, also after a restart; nothing happens by that."""
        shown = self.extra_restore_state_data.last_event_attributes
        if shown and who.is_meant(shown.get("person_id"), shown.get("person")):
            # What the base class holds, not a copy.
            shown.clear()
            self.async_write_ha_state()
