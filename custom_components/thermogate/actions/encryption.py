"""The action that sets how a terminal encrypts whom it tells of."""

from typing import Any, Final

import voluptuous as vol

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
from ..errors import translate_errors
from ..facegate import COMMANDS, FaceGateCommandError
from .terminals import SEVERAL_TERMINALS, Terminal, at_each, called_terminals

ATTR_CURRENT_KEY = "current_key"
ATTR_NEW_KEY = "new_key"
ATTR_ENABLE = "enable"

SET = "set_encryption"

_COMMAND: Final = COMMANDS["update_encryption"]
_KEY_BYTES: Final = (
    next(field.max_bytes for field in _COMMAND.request if field.key == ATTR_NEW_KEY)
    or 0
)


def _key(value: Any) -> bytes:
    """Return a key that a person typed. vol.Invalid, which must not show it."""
    try:
        key = cv.string(value).encode()
    except UnicodeEncodeError:
        key = b""
    if not 1 <= len(key) <= _KEY_BYTES:
        raise vol.Invalid(f"a key has 1 to {_KEY_BYTES} bytes") from None
    return key


FIELDS: Final[dict[str, dict[Any, Any]]] = {
    SET: SEVERAL_TERMINALS
    | {
        vol.Required(ATTR_CURRENT_KEY): _key,
        vol.Optional(ATTR_NEW_KEY): _key,
        vol.Optional(ATTR_ENABLE): cv.boolean,
    }
}


async def _set(call: ServiceCall) -> ServiceResponse:
    """Change the key, or switch the encryption on or off, or both."""
    changes = {
        name: call.data[name]
        for name in (ATTR_NEW_KEY, ATTR_ENABLE)
        if name in call.data
    }
    if not changes:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="nothing_to_change"
        )
    # The document shows the present key filled up with zeros, and the new one as it is.
    current = call.data[ATTR_CURRENT_KEY].ljust(_KEY_BYTES, b"\0")

    @translate_errors
    async def change(terminal: Terminal) -> str:
        coordinator = terminal.coordinator
        try:
            await coordinator.async_command(
                coordinator.client.request(_COMMAND, current_key=current, **changes)
            )
        except FaceGateCommandError as err:
            if err.slug != "authentication_failed":
                raise
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="wrong_key"
            ) from err
        coordinator.capabilities.async_ask_again("request_encryption")
        return "done"

    return await at_each(called_terminals(call), change, answered=call.return_response)


@callback
def async_setup_encryption_actions(hass: HomeAssistant) -> None:
    """Register the action, which is for administrators."""
    async_register_admin_service(
        hass,
        DOMAIN,
        SET,
        _set,
        schema=vol.Schema(FIELDS[SET]),
        supports_response=SupportsResponse.OPTIONAL,
    )
