"""Actions on the 4G module of a terminal."""

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
from homeassistant.helpers.service import async_register_admin_service

from ..const import DOMAIN
from ..facegate import COMMANDS, data_use
from .terminals import ONE_TERMINAL, called_terminal

ATTR_FIRST_DAY = "first_day"
ATTR_LAST_DAY = "last_day"

NETWORK = "get_mobile_network"
DATA_USE = "get_data_use"

_DAY: Final = vol.All(vol.Coerce(int), vol.Range(min=1, max=31))

FIELDS: Final[dict[str, dict[Any, Any]]] = {
    NETWORK: ONE_TERMINAL,
    DATA_USE: ONE_TERMINAL
    | {vol.Optional(ATTR_FIRST_DAY): _DAY, vol.Optional(ATTR_LAST_DAY): _DAY},
}


async def _network(call: ServiceCall) -> ServiceResponse:
    """Return the state of the module, its card and its network, as the terminal tells it."""
    coordinator = called_terminal(call).coordinator
    return await coordinator.async_request(COMMANDS["request_4g"])


async def _data_use(call: ServiceCall) -> ServiceResponse:
    """Return the data use of days of this month, in bytes."""
    days = _days(call.data.get(ATTR_FIRST_DAY), call.data.get(ATTR_LAST_DAY))
    coordinator = called_terminal(call).coordinator
    answer = await coordinator.async_request(
        COMMANDS["traffic_statistics"], **({"day": days} if days else {})
    )
    used = data_use(answer["statistics"])
    return {
        "days": [day._asdict() for day in used],
        "received": sum(day.received for day in used),
        "sent": sum(day.sent for day in used),
    }


def _days(first: int | None, last: int | None) -> str:
    """Return some days as the terminal takes them, empty for the whole month. ServiceValidationError if they end before they begin."""
    if last is None:
        return f"{first}-" if first else ""
    first = first or 1
    if first > last:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="days_backwards",
            translation_placeholders={"first": str(first), "last": str(last)},
        )
    return str(first) if first == last else f"{first}-{last}"


@callback
def async_setup_mobile_actions(hass: HomeAssistant) -> None:
    """Register the actions; the numbers of a card are for administrators."""
    async_register_admin_service(
        hass,
        DOMAIN,
        NETWORK,
        _network,
        schema=vol.Schema(FIELDS[NETWORK]),
        supports_response=SupportsResponse.ONLY,
    )
    hass.services.async_register(
        DOMAIN,
        DATA_USE,
        _data_use,
        schema=vol.Schema(FIELDS[DATA_USE]),
        supports_response=SupportsResponse.ONLY,
    )
