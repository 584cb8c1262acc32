"""Selects: one of several."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .camera_setting_entities import (
    CameraSettingDescription,
    camera_described,
    camera_settings_of,
    choices_of,
)
from .coordinator import (
    AnyCoordinator,
    CameraCoordinator,
    TerminalCoordinator,
    ThermoGateConfigEntry,
)
from .coordinator.ptz import can_run, programs, running
from .entity import Tables, ThermoGateDescription, ThermoGateEntity, supported
from .facegate import Setting
from .guide import PtzMotion, by_name
from .screen import SCREENSAVERS, async_set_screensaver
from .setting_entities import described, settings_of

# A device takes one command after the other.
PARALLEL_UPDATES = 1

# What is chosen for no cruise, line scan or trace.
OFF = "off"


@dataclass(frozen=True, kw_only=True)
class ThermoGateSelectDescription[C: AnyCoordinator](
    ThermoGateDescription[C], SelectEntityDescription
):
    """What a select offers."""


@dataclass(frozen=True, kw_only=True)
class CameraSelectDescription(CameraSettingDescription, SelectEntityDescription):
    """Which setting of a camera a select is."""


CAMERA: tuple[ThermoGateSelectDescription[CameraCoordinator], ...] = (
    ThermoGateSelectDescription(
        # Cards for cameras find it by this end of its unique id.
        key="ptz_preset",
        translation_key="ptz_preset",
        supported=lambda camera: camera.supports("ptz") and camera.supports("presets"),
        value=lambda camera: (camera.data.presets, camera.data.preset),
    ),
)


@dataclass(frozen=True, kw_only=True)
class ProgramDescription(ThermoGateSelectDescription[CameraCoordinator]):
    """What a select lets a camera move along by itself."""

    kind: PtzMotion


def _program(kind: PtzMotion, feature: str) -> ProgramDescription:
    return ProgramDescription(
        key=f"ptz_{kind}",
        translation_key=f"ptz_{kind}",
        supported=lambda camera: camera.supports("ptz") and camera.supports(feature),
        value=lambda camera: (programs(camera.data, kind), running(camera.data, kind)),
        kind=kind,
    )


CAMERA_PROGRAMS = (
    _program(PtzMotion.CRUISE, "cruises"),
    _program(PtzMotion.LINE_SCAN, "line_scans"),
    _program(PtzMotion.TRACE, "traces"),
)


@dataclass(frozen=True, kw_only=True)
class TerminalSelectDescription(ThermoGateSelectDescription[TerminalCoordinator]):
    """What a select of a terminal sets."""

    set: Callable[[TerminalCoordinator, str], Awaitable[None]]


def _setting(setting: Setting) -> TerminalSelectDescription:
    return TerminalSelectDescription(
        **described(setting),
        options=list(setting.field.choices),
        set=lambda terminal, option: terminal.async_set_settings(
            **{setting.key: option}
        ),
    )


CAMERA_SETTINGS = tuple(
    CameraSelectDescription(**camera_described(setting))
    for setting in camera_settings_of(Platform.SELECT)
)

TERMINAL: tuple[TerminalSelectDescription, ...] = (
    TerminalSelectDescription(
        key="screensaver",
        translation_key="screensaver",
        entity_category=EntityCategory.CONFIG,
        options=list(SCREENSAVERS),
        supported=lambda terminal: (
            terminal.supports("request_screensaver")
            and terminal.supports("update_screensaver")
        ),
        value=lambda terminal: terminal.data.screensaver,
        set=async_set_screensaver,
    ),
    *(_setting(setting) for setting in settings_of(Platform.SELECT)),
)

TABLES: Tables[ThermoGateSelectDescription[Any]] = {
    CameraCoordinator: CAMERA,
    TerminalCoordinator: TERMINAL,
}
PROGRAM_TABLES: Tables[ProgramDescription] = {CameraCoordinator: CAMERA_PROGRAMS}
SETTINGS_TABLES: Tables[CameraSelectDescription] = {CameraCoordinator: CAMERA_SETTINGS}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects of a device."""
    coordinator = entry.runtime_data
    if isinstance(coordinator, CameraCoordinator):
        async_add_entities(
            PtzPreset(coordinator, description)
            for description in supported(coordinator, TABLES)
        )
        async_add_entities(
            PtzProgram(coordinator, description)
            for description in supported(coordinator, PROGRAM_TABLES)
        )
        async_add_entities(
            CameraSelect(coordinator, description)
            for description in supported(coordinator, SETTINGS_TABLES)
        )
    else:
        async_add_entities(
            TerminalSelect(coordinator, description)
            for description in supported(coordinator, TABLES)
        )


class PtzPreset(ThermoGateEntity[CameraCoordinator], SelectEntity):
    """The stored positions of a camera; known as the current one until it moves away."""

    entity_description: ThermoGateSelectDescription[CameraCoordinator]

    @property
    def _by_name(self) -> dict[str, int]:
        """Positions by name; a name that is used twice gets its number."""
        return by_name(self.coordinator.data.presets)

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
        await self.coordinator.ptz.async_go(self._by_name[option])


class PtzProgram(ThermoGateEntity[CameraCoordinator], SelectEntity):
    """The cruises, line scans or traces of a camera that could run, and which of them does."""

    entity_description: ProgramDescription

    @property
    def _by_name(self) -> dict[str, int]:
        """What could run or does, by name."""
        known, runs = self.current
        return by_name(
            (each for each in known if can_run(each) or each.index == runs), {OFF}
        )

    @property
    @override
    def options(self) -> list[str]:
        """None of them, and their names."""
        return [OFF, *self._by_name]

    @property
    @override
    def current_option(self) -> str | None:
        """The one that runs, whoever has started it; None while that is not known."""
        runs: int | None = self.current[1]
        if runs == 0:
            return OFF
        return next(
            (name for name, index in self._by_name.items() if index == runs), None
        )

    @override
    async def async_select_option(self, option: str) -> None:
        """Let another one run, or none."""
        kind, runs = self.entity_description.kind, self.current[1]
        if option != OFF:
            await self.coordinator.ptz.async_run(
                kind, self._by_name[option], start=True
            )
        elif runs:
            await self.coordinator.ptz.async_run(kind, runs, start=False)


class TerminalSelect(ThermoGateEntity[TerminalCoordinator], SelectEntity):
    """What a terminal does in one of several ways."""

    entity_description: TerminalSelectDescription

    @property
    @override
    def current_option(self) -> str | None:
        """The word; None while it is not known, or is none of the document's."""
        return self.current if self.current in self.options else None

    @override
    async def async_select_option(self, option: str) -> None:
        """Set the word."""
        await self.entity_description.set(self.coordinator, option)


class CameraSelect(ThermoGateEntity[CameraCoordinator], SelectEntity):
    """A setting of a camera that is one of several words, or of what the camera offers."""

    entity_description: CameraSelectDescription

    def __init__(
        self, coordinator: CameraCoordinator, description: CameraSelectDescription
    ) -> None:
        """Find out what there is to choose from."""
        super().__init__(coordinator, description)
        self._choices = choices_of(description.setting, coordinator)
        self._attr_options = list(self._choices.values())

    @property
    @override
    def current_option(self) -> str | None:
        """The word; None while it is not known, or is none of those that can be chosen."""
        return self._choices.get(self.current)

    @override
    async def async_select_option(self, option: str) -> None:
        """Set the word."""
        numbers = {word: number for number, word in self._choices.items()}
        await self.coordinator.settings.async_set(
            self.entity_description.setting, numbers[option]
        )
