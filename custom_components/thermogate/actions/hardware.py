"""Actions on what a terminal is made of: its parts, its network settings and the code of its customer."""

from base64 import b64encode
from typing import Any, Final

import voluptuous as vol

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from ..const import DOMAIN
from ..coordinator import TerminalCoordinator
from ..errors import translate_errors
from ..facegate import COMMANDS, FaceGateUnsupportedError
from .terminals import ONE_TERMINAL, called_terminal

ATTR_SCREEN = "screen"
ATTR_MOBILE_MODULE = "mobile_module"
ATTR_CONFIRM = "confirm"

GET = "get_hardware"
SET = "set_hardware"
NETWORK = "get_network"
AUTH_CODE = "get_auth_code"

FIELDS: Final[dict[str, dict[Any, Any]]] = {
    GET: ONE_TERMINAL,
    SET: ONE_TERMINAL
    | {
        vol.Optional(ATTR_SCREEN): vol.All(cv.string, str.strip, vol.Length(min=1)),
        vol.Optional(ATTR_MOBILE_MODULE): cv.boolean,
        vol.Optional(ATTR_CONFIRM, default=False): cv.boolean,
    },
    NETWORK: ONE_TERMINAL,
    AUTH_CODE: ONE_TERMINAL,
}


async def _get(call: ServiceCall) -> ServiceResponse:
    """Return makers and models of a terminal's parts, and the versions of its software, None if it does not tell them."""
    coordinator = called_terminal(call).coordinator
    hardware = await coordinator.async_request(COMMANDS["get_hardware"])
    return {"hardware": hardware, "versions": await _versions(coordinator)}


@translate_errors
async def _versions(coordinator: TerminalCoordinator) -> dict[str, Any] | None:
    try:
        return await coordinator.async_command(coordinator.client.versions())
    except FaceGateUnsupportedError:
        return None


async def _set(call: ServiceCall) -> None:
    """Tell a terminal which screen and which module for mobile networks it has."""
    changes: dict[str, Any] = {}
    if ATTR_MOBILE_MODULE in call.data:
        module = "yes" if call.data[ATTR_MOBILE_MODULE] else "no"
        changes["four_g"] = {"module": module}
    screen: str | None = call.data.get(ATTR_SCREEN)
    if not screen and not changes:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="nothing_to_change"
        )
    if not call.data[ATTR_CONFIRM]:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="hardware_not_confirmed"
        )
    coordinator = called_terminal(call).coordinator
    if screen:
        changes["lcd"] = await _screen(coordinator, screen)
    await coordinator.async_request(COMMANDS["set_hardware"], **changes)
    # Entities of the module come and go with it.
    coordinator.async_ask()


async def _screen(coordinator: TerminalCoordinator, model: str) -> dict[str, Any]:
    """Return a screen as the terminal takes it. ServiceValidationError for one that it does not support: it would stay dark."""
    hardware = await coordinator.async_request(COMMANDS["get_hardware"])
    present = hardware["lcd"] or {}
    known = [name for name in present.get("support", ()) if name]
    if known and model not in known:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="unknown_screen",
            translation_placeholders={"screen": model, "known": ", ".join(known)},
        )
    return {"manufacturer": present.get("manufacturer") or "", "model": model}


async def _network(call: ServiceCall) -> ServiceResponse:
    """Return the network settings as the terminal names them: which there are is not documented."""
    coordinator = called_terminal(call).coordinator
    return {"network": await coordinator.async_request(COMMANDS["get_network"])}


async def _auth_code(call: ServiceCall) -> ServiceResponse:
    """Return the code that whoever had the terminal made put into it, in base64; None if there is none."""
    coordinator = called_terminal(call).coordinator
    answer = await coordinator.async_request(COMMANDS["request_auth_code"])
    code: bytes | None = answer["customer_auth_code"]
    return {"auth_code": b64encode(code).decode() if code else None}


@callback
def async_setup_hardware_actions(hass: HomeAssistant) -> None:
    """Register the actions; addresses, codes and what changes a terminal are for administrators."""
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
    for name, ask in ((NETWORK, _network), (AUTH_CODE, _auth_code)):
        async_register_admin_service(
            hass,
            DOMAIN,
            name,
            ask,
            schema=vol.Schema(FIELDS[name]),
            supports_response=SupportsResponse.ONLY,
        )
