"""The base of all entities and of their descriptions."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, override

from homeassistant.const import Platform
from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import RULE_KEY
from .coordinator import (
    AnyCoordinator,
    CameraCoordinator,
    ThermoGateConfigEntry,
    ThermoGateCoordinator,
)

type Tables[DescriptionT] = Mapping[
    type[ThermoGateCoordinator[Any]], tuple[DescriptionT, ...]
]
"""The descriptions of a platform for each kind of device."""


def _always(_: Any) -> bool:
    return True


def _nothing(_: Any) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class ThermoGateDescription[CoordinatorT: AnyCoordinator](EntityDescription):
    """What an entity shows: whether the device has it, and its value in the device's state."""

    supported: Callable[[CoordinatorT], bool] = _always
    value: Callable[[CoordinatorT], Any] = _nothing
    # Shown even while the device is away, because that is what it tells.
    always_available: bool = False


class ThermoGateEntity[CoordinatorT: AnyCoordinator](CoordinatorEntity[CoordinatorT]):
    """An entity that shows one value of its device and writes its state only when that has changed."""

    _attr_has_entity_name = True
    entity_description: ThermoGateDescription[CoordinatorT]

    def __init__(
        self,
        coordinator: CoordinatorT,
        description: ThermoGateDescription[CoordinatorT],
    ) -> None:
        """Tie the entity to its device."""
        super().__init__(coordinator)
        self.entity_description = description
        self._attr_unique_id = f"{coordinator.device_key}_{description.key}"
        self._attr_device_info = coordinator.device_info
        self._shown: tuple[bool, Any] | None = None

    @property
    def current(self) -> Any:
        """The value in the device's current state."""
        return self.entity_description.value(self.coordinator)

    @property
    @override
    def available(self) -> bool:
        """Whether the device can be reached."""
        return self.entity_description.always_available or self.coordinator.available

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state if this entity's part of it has changed."""
        shown = (self.available, self.current)
        if shown == self._shown:
            return
        self._shown = shown
        self.async_shown_changed()
        self.async_write_ha_state()

    @callback
    def async_shown_changed(self) -> None:
        """Prepare for a new value; for platforms that keep something derived from it."""

    @override
    async def async_added_to_hass(self) -> None:
        """Start from the value that is known already."""
        await super().async_added_to_hass()
        self._shown = (self.available, self.current)
        self.async_shown_changed()


def supported[DescriptionT: ThermoGateDescription[Any]](
    coordinator: ThermoGateCoordinator[Any],
    tables: Tables[DescriptionT],
) -> Iterator[DescriptionT]:
    """Return the descriptions of a platform that fit a device."""
    return (
        description
        for description in tables.get(type(coordinator), ())
        if description.supported(coordinator)
    )


def follow_rules[DescriptionT: ThermoGateDescription[CameraCoordinator]](
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    platform: Platform,
    describe: Callable[[CameraCoordinator, str, str], Iterable[DescriptionT]],
    make: Callable[
        [CameraCoordinator, DescriptionT], ThermoGateEntity[CameraCoordinator]
    ],
) -> None:
    """Let the entities of a camera's temperature rules come and go with the rules.

    `describe` returns the descriptions for a rule's key and name, of which those come that the camera supports. What a
    deleted rule leaves behind is removed from the registry too, also when it was deleted while Home Assistant was down.
    """
    coordinator = entry.runtime_data
    if not isinstance(coordinator, CameraCoordinator):
        return
    seen: object = None
    shown: set[str] = set()

    @callback
    def update() -> None:
        nonlocal seen
        names = coordinator.rule_names
        if names is None or (names, coordinator.data.rules) == seen:
            return
        seen = (names, coordinator.data.rules)
        described = {
            description.key: description
            for key, name in names.items()
            for description in describe(coordinator, key, name)
        }
        wanted = {f"{coordinator.device_key}_{key}" for key in described}
        registry = er.async_get(coordinator.hass)
        for known in er.async_entries_for_config_entry(registry, entry.entry_id):
            if (
                known.domain == platform
                and known.unique_id.startswith(f"{coordinator.device_key}_{RULE_KEY}")
                and known.unique_id not in wanted
            ):
                registry.async_remove(known.entity_id)
        shown.intersection_update(described)
        new = [
            description
            for key, description in described.items()
            if key not in shown and description.supported(coordinator)
        ]
        shown.update(description.key for description in new)
        async_add_entities(make(coordinator, description) for description in new)

    update()
    entry.async_on_unload(coordinator.async_add_listener(update))
