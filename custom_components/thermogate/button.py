"""Buttons: what a device does when it is told to."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.button import (
    ButtonDeviceClass,
    ButtonEntity,
    ButtonEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import (
    AnyCoordinator,
    CameraCoordinator,
    TerminalCoordinator,
    ThermoGateConfigEntry,
)
from .entity import Tables, ThermoGateDescription, ThermoGateEntity, supported
from .facegate import SETTINGS_GROUPS, SettingsGroup
from .guide import PtzAction
from .guide.functions import FOCUS_MOTOR, MAIL_TEST, focus_message

# The protocol clients put commands in order; a press of stop must not wait for the moves before it.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class ThermoGateButtonDescription[C: AnyCoordinator](
    ThermoGateDescription[C], ButtonEntityDescription
):
    """What a button does."""

    press: Callable[[C], Awaitable[None]]


def _gate(relay: int) -> ThermoGateButtonDescription[TerminalCoordinator]:
    return ThermoGateButtonDescription(
        key=f"open_gate_{relay}",
        translation_key="open_gate" if relay == 1 else "open_second_gate",
        supported=lambda terminal: (
            terminal.supports("gpio_control")
            or terminal.supports("gpio_control_extend")
        ),
        press=lambda terminal: terminal.async_open_gate(relay),
    )


def _reset(group: SettingsGroup) -> ThermoGateButtonDescription[TerminalCoordinator]:
    return ThermoGateButtonDescription(
        key=group.reset.key,
        translation_key=group.reset.key,
        entity_category=EntityCategory.CONFIG,
        # What it takes away nobody gets back.
        entity_registry_enabled_default=False,
        supported=lambda terminal: (
            terminal.supports(group.reset.key)
            and any(terminal.has_setting(each.key) for each in group.settings)
        ),
        press=lambda terminal: terminal.async_reset_settings(group),
    )


TERMINAL: tuple[ThermoGateButtonDescription[TerminalCoordinator], ...] = (
    _gate(1),
    _gate(2),
    ThermoGateButtonDescription(
        key="hang_up",
        translation_key="hang_up",
        supported=lambda terminal: terminal.supports("sip_hangup"),
        press=lambda terminal: terminal.intercom.async_hang_up(),
    ),
    ThermoGateButtonDescription(
        key="reboot",
        device_class=ButtonDeviceClass.RESTART,
        entity_category=EntityCategory.CONFIG,
        supported=lambda terminal: terminal.supports("reboot"),
        press=lambda terminal: terminal.async_reboot(),
    ),
    ThermoGateButtonDescription(
        key="restart_application",
        translation_key="restart_application",
        device_class=ButtonDeviceClass.RESTART,
        entity_category=EntityCategory.CONFIG,
        supported=lambda terminal: terminal.supports("restart_application"),
        press=lambda terminal: terminal.async_restart_application(),
    ),
    ThermoGateButtonDescription(
        key="set_clock",
        translation_key="set_clock",
        entity_category=EntityCategory.CONFIG,
        supported=lambda terminal: terminal.supports("update_time"),
        press=lambda terminal: terminal.async_set_clock(),
    ),
    *(_reset(group) for group in SETTINGS_GROUPS),
)


def _move(
    action: PtzAction, *, enabled: bool = True
) -> ThermoGateButtonDescription[CameraCoordinator]:
    return ThermoGateButtonDescription(
        key=f"ptz_{action}",
        translation_key=f"ptz_{action}",
        entity_registry_enabled_default=enabled,
        supported=lambda camera: camera.supports("ptz"),
        press=lambda camera: camera.ptz.async_move(action),
    )


def _focus(motion: str) -> ThermoGateButtonDescription[CameraCoordinator]:
    async def press(camera: CameraCoordinator) -> None:
        await camera.async_request(FOCUS_MOTOR, focus_message(motion, None))

    return ThermoGateButtonDescription(
        key=f"focus_{motion}",
        translation_key=f"focus_{motion}",
        entity_category=EntityCategory.CONFIG,
        supported=lambda camera: camera.data.focus_motor,
        press=press,
    )


async def _test_mail(camera: CameraCoordinator) -> None:
    await camera.async_request(MAIL_TEST)


CAMERA: tuple[ThermoGateButtonDescription[CameraCoordinator], ...] = (
    # Cards for cameras find these by the end of their unique ids.
    _move(PtzAction.LEFT),
    _move(PtzAction.RIGHT),
    _move(PtzAction.UP),
    _move(PtzAction.DOWN),
    _move(PtzAction.ZOOM_IN),
    _move(PtzAction.ZOOM_OUT),
    # The diagonals have their cross already, and many lenses focus by themselves.
    *(
        _move(action, enabled=False)
        for action in (
            PtzAction.UP_LEFT,
            PtzAction.UP_RIGHT,
            PtzAction.DOWN_LEFT,
            PtzAction.DOWN_RIGHT,
            PtzAction.FOCUS_NEAR,
            PtzAction.FOCUS_FAR,
            PtzAction.IRIS_OPEN,
            PtzAction.IRIS_CLOSE,
        )
    ),
    ThermoGateButtonDescription(
        key="ptz_stop",
        translation_key="ptz_stop",
        supported=lambda camera: camera.supports("ptz"),
        press=lambda camera: camera.ptz.async_stop(),
    ),
    ThermoGateButtonDescription(
        key="nuc",
        translation_key="nuc",
        entity_category=EntityCategory.CONFIG,
        press=lambda camera: camera.async_nuc(),
    ),
    ThermoGateButtonDescription(
        key="silence_alarm",
        translation_key="silence_alarm",
        press=lambda camera: camera.async_silence_alarm(),
    ),
    # Steps: a motor that runs until it is stopped is for actions.
    _focus("near_fine"),
    _focus("far_fine"),
    _focus("automatic"),
    ThermoGateButtonDescription(
        key="test_mail",
        translation_key="test_mail",
        entity_category=EntityCategory.CONFIG,
        # Of use only where somebody has set up mail.
        entity_registry_enabled_default=False,
        supported=lambda camera: "mail" in camera.data.settings,
        press=_test_mail,
    ),
    ThermoGateButtonDescription(
        key="reboot",
        device_class=ButtonDeviceClass.RESTART,
        entity_category=EntityCategory.CONFIG,
        press=lambda camera: camera.async_reboot(),
    ),
    ThermoGateButtonDescription(
        key="set_clock",
        translation_key="set_clock",
        entity_category=EntityCategory.CONFIG,
        press=lambda camera: camera.async_set_clock(),
    ),
)

TABLES: Tables[ThermoGateButtonDescription[Any]] = {
    TerminalCoordinator: TERMINAL,
    CameraCoordinator: CAMERA,
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ThermoGateConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of a device."""
    coordinator = entry.runtime_data
    async_add_entities(
        ThermoGateButton(coordinator, description)
        for description in supported(coordinator, TABLES)
    )


class ThermoGateButton[C: AnyCoordinator](ThermoGateEntity[C], ButtonEntity):
    """A button of a device."""

    entity_description: ThermoGateButtonDescription[C]

    @override
    async def async_press(self) -> None:
        """Tell the device."""
        await self.entity_description.press(self.coordinator)
