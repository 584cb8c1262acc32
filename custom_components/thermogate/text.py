"""Texts: settings of a terminal that are words."""

from dataclasses import dataclass
from typing import override

from homeassistant.components.text import TextEntity, TextEntityDescription
from homeassistant.const import MAX_LENGTH_STATE_STATE, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import TerminalCoordinator, ThermoGateConfigEntry
from .entity import Tables, ThermoGateDescription, ThermoGateEntity, supported
from .setting_entities import described, settings_of

# A device takes one command after the other.
PARALLEL_UPDATES = 1


@dataclass(frozen=True, kw_only=True)
class ThermoGateTextDescription(
    ThermoGateDescription[TerminalCoordinator], TextEntityDescription
):
    """What a text sets."""


TERMINAL = tuple(
    ThermoGateTextDescription(
        **described(setting),
        # Characters here, bytes there: what is too long in bytes is refused when it is sent.
        native_max=setting.field.max_bytes or MAX_LENGTH_STATE_STATE,
    )
    for setting in settings_of(Platform.TEXT)
)

TABLES: Tables[ThermoGateTextDescription] = {TerminalCoordinator: TERMINAL}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the texts of a terminal."""
    coordinator = entry.runtime_data
    if isinstance(coordinator, TerminalCoordinator):
        async_add_entities(
            ThermoGateText(coordinator, description)
            for description in supported(coordinator, TABLES)
        )


class ThermoGateText(ThermoGateEntity[TerminalCoordinator], TextEntity):
    """A setting of a terminal that is words."""

    entity_description: ThermoGateTextDescription

    @property
    @override
    def native_value(self) -> str | None:
        """The words; None while they are not known, or are more than Home Assistant can show."""
        value: str | None = self.current
        return None if value is None or len(value) > self.max else value

    @override
    async def async_set_value(self, value: str) -> None:
        """Set the words."""
        await self.coordinator.async_set_settings(
            **{self.entity_description.key: value}
        )
