"""Actions: playing what a terminal has by itself."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv

from ..const import DOMAIN
from ..speaker import async_play_built_in
from .terminals import SEVERAL_TERMINALS, Terminal, at_each, called_terminals

ATTR_SOUND = "sound"

PLAY = "play_sound"

FIELDS: Final[dict[str, dict[Any, Any]]] = {
    PLAY: {
        **SEVERAL_TERMINALS,
        vol.Required(ATTR_SOUND): vol.All(cv.string, str.strip, vol.Length(min=1)),
    }
}


async def _play(call: ServiceCall) -> ServiceResponse:
    """Play a sound, and return what came of it at each terminal."""

    async def play(terminal: Terminal) -> str:
        await async_play_built_in(terminal.coordinator, call.data[ATTR_SOUND])
        return "played"

    terminals = called_terminals(call)
    return await at_each(terminals, play, answered=call.return_response)


@callback
def async_setup_sound_actions(hass: HomeAssistant) -> None:
    """Register the action."""
    hass.services.async_register(
        DOMAIN,
        PLAY,
        _play,
        schema=vol.Schema(FIELDS[PLAY]),
        supports_response=SupportsResponse.OPTIONAL,
    )
