"""Actions that read and write the settings of terminals."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import voluptuous as vol

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from ..const import DOMAIN
from ..coordinator import TerminalCoordinator
from ..facegate import SETTINGS
from ..setting_entities import LINK
from .journal_forget import is_terminal
from .journal_search import KnownDevice, chosen_devices

ATTR_SECTION = "section"
ATTR_SETTINGS = "settings"
ATTR_CONFIRM = "confirm"

GET = "get_settings"
SET = "set_settings"

# The sections of the vendor's document.
SECTIONS = tuple(dict.fromkeys(setting.path[0] for setting in SETTINGS.values()))

_TERMINALS = {
    vol.Required(ATTR_DEVICE_ID): vol.All(
        cv.ensure_list, vol.Length(min=1), [cv.string]
    )
}
FIELDS: dict[str, dict[Any, Any]] = {
    GET: _TERMINALS | {vol.Optional(ATTR_SECTION): vol.In(SECTIONS)},
    SET: _TERMINALS
    | {
        vol.Required(ATTR_SETTINGS): vol.All({cv.string: object}, vol.Length(min=1)),
        vol.Optional(ATTR_CONFIRM, default=False): cv.boolean,
    },
}

type _Terminal = tuple[KnownDevice, TerminalCoordinator]


async def _get(call: ServiceCall) -> ServiceResponse:
    """Return the settings of terminals."""
    section = call.data.get(ATTR_SECTION)

    async def read(terminal: TerminalCoordinator) -> dict[str, Any]:
        return {
            key: value
            for key, value in (await terminal.async_get_settings()).items()
            if section in (None, SETTINGS[key].path[0])
        }

    return {
        "terminals": [
            {
                "device_id": device.device_id,
                "device": device.entry.title,
                "settings": settings,
            }
            for device, settings in await _at_each(_terminals(call), read)
        ]
    }


async def _set(call: ServiceCall) -> None:
    """Change settings of terminals; what could cut the link to Home Assistant only when that is confirmed."""
    wanted = call.data[ATTR_SETTINGS]
    cutting = sorted(LINK & wanted.keys())
    if cutting and not call.data[ATTR_CONFIRM]:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="link_not_confirmed",
            translation_placeholders={"settings": ", ".join(cutting)},
        )
    await _at_each(
        _terminals(call), lambda terminal: terminal.async_set_settings(**wanted)
    )


@callback
def _terminals(call: ServiceCall) -> list[_Terminal]:
    """Return the terminals that were chosen. ServiceValidationError for anything else, and for one that is not set up."""
    terminals: list[_Terminal] = []
    for device in chosen_devices(call.hass, call.data[ATTR_DEVICE_ID]).values():
        if not is_terminal(device):
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="no_terminal",
                translation_placeholders={"name": device.entry.title},
            )
        is_loaded = device.entry.state is ConfigEntryState.LOADED
        coordinator = device.entry.runtime_data if is_loaded else None
        if not isinstance(coordinator, TerminalCoordinator):
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="terminal_not_loaded",
                translation_placeholders={"name": device.entry.title},
            )
        terminals.append((device, coordinator))
    return terminals


async def _at_each[T](
    terminals: list[_Terminal], work: Callable[[TerminalCoordinator], Awaitable[T]]
) -> list[tuple[KnownDevice, T]]:
    """Do something at all terminals at once; what fails at one does not stop the others, and is raised in the end."""
    failures: list[tuple[KnownDevice, HomeAssistantError]] = []

    async def attempt(
        device: KnownDevice, coordinator: TerminalCoordinator
    ) -> list[tuple[KnownDevice, T]]:
        try:
            return [(device, await work(coordinator))]
        except HomeAssistantError as err:
            failures.append((device, err))
            return []

    results = await asyncio.gather(*(attempt(*terminal) for terminal in terminals))
    if failures and len(terminals) == 1:
        raise failures[0][1]
    if failures:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="settings_not_everywhere",
            translation_placeholders={
                "failures": "; ".join(
                    f"{device.entry.title}: {err}" for device, err in failures
                )
            },
        )
    return [result for each in results for result in each]


@callback
def async_setup_settings_actions(hass: HomeAssistant) -> None:
    """Register the actions; only administrators change settings."""
    hass.services.async_register(
        DOMAIN,
        GET,
        _get,
        schema=vol.Schema(FIELDS[GET]),
        supports_response=SupportsResponse.ONLY,
    )
    async_register_admin_service(
        hass, DOMAIN, SET, _set, schema=vol.Schema(FIELDS[SET])
    )
