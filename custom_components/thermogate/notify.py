"""Notifiers: a terminal's own voice, and its screen."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.notify import (
    NotifyEntity,
    NotifyEntityDescription,
    NotifyEntityFeature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import TerminalCoordinator, ThermoGateConfigEntry
from .entity import Tables, ThermoGateDescription, ThermoGateEntity, supported
from .screen import async_show_message
from .speaker import async_speak

# A device takes one command after the other; what takes long waits for its turn elsewhere.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class ThermoGateNotifyDescription(
    ThermoGateDescription[TerminalCoordinator], NotifyEntityDescription
):
    """What a notifier does with a message and its title."""

    send: Callable[[TerminalCoordinator, str, str | None], Awaitable[None]]
    features: NotifyEntityFeature = NotifyEntityFeature(0)


TERMINAL = (
    ThermoGateNotifyDescription(
        key="speech",
        translation_key="speech",
        supported=lambda terminal: terminal.supports("tts_play"),
        send=lambda terminal, message, _: async_speak(terminal, message),
    ),
    ThermoGateNotifyDescription(
        key="screen_text",
        translation_key="screen_text",
        supported=lambda terminal: terminal.supports("text_display"),
        send=async_show_message,
        features=NotifyEntityFeature.TITLE,
    ),
)

TABLES: Tables[ThermoGateNotifyDescription] = {TerminalCoordinator: TERMINAL}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the notifiers of a terminal."""
    coordinator = entry.runtime_data
    if isinstance(coordinator, TerminalCoordinator):
        async_add_entities(
            ThermoGateNotifier(coordinator, description)
            for description in supported(coordinator, TABLES)
        )


class ThermoGateNotifier(ThermoGateEntity[TerminalCoordinator], NotifyEntity):
    """A way to say something to whoever stands before a terminal."""

    entity_description: ThermoGateNotifyDescription

    @property
    @override
    def supported_features(self) -> NotifyEntityFeature:
        """Whether it takes a title."""
        return self.entity_description.features

    @override
    async def async_send_message(self, message: str, title: str | None = None) -> None:
        """Say it."""
        await self.entity_description.send(self.coordinator, message, title)
