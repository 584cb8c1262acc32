"""The terminals that an action is aimed at, and doing the same at several of them."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

import voluptuous as vol

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv

from ..const import DOMAIN
from ..coordinator import TerminalCoordinator
from .devices import at_all, not_everywhere, running_devices

# How an action names one terminal, or one or several.
ONE_TERMINAL: Final[dict[Any, Any]] = {vol.Required(ATTR_DEVICE_ID): cv.string}
SEVERAL_TERMINALS: Final[dict[Any, Any]] = {
    vol.Required(ATTR_DEVICE_ID): vol.All(
        cv.ensure_list, [cv.string], vol.Length(min=1)
    )
}


class Terminal(NamedTuple):
    """A terminal that is running."""

    device_id: str | None
    coordinator: TerminalCoordinator

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.coordinator.config_entry.title

    @property
    def told(self) -> dict[str, Any]:
        """What an answer calls it."""
        return {"device_id": self.device_id, "device": self.name}


@callback
def chosen_terminals(hass: HomeAssistant, device_ids: list[str]) -> list[Terminal]:
    """Return terminals by the numbers that the device selector gives, each once. ServiceValidationError for what is none."""
    terminals = []
    for device_id, entry in running_devices(hass, device_ids):
        if not isinstance(entry.runtime_data, TerminalCoordinator):
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="no_terminal",
                translation_placeholders={"name": entry.title},
            )
        terminals.append(Terminal(device_id, entry.runtime_data))
    return terminals


@callback
def called_terminals(call: ServiceCall) -> list[Terminal]:
    """Return the terminals that a call names by `SEVERAL_TERMINALS`. ServiceValidationError for what is none."""
    return chosen_terminals(call.hass, call.data[ATTR_DEVICE_ID])


@callback
def called_terminal(call: ServiceCall) -> Terminal:
    """Return the terminal that a call names by `ONE_TERMINAL`. HomeAssistantError for one that is off."""
    [terminal] = chosen_terminals(call.hass, [call.data[ATTR_DEVICE_ID]])
    check_available(terminal)
    return terminal


@callback
def check_available(terminal: Terminal) -> None:
    """Raise HomeAssistantError for a terminal that is known to be off, rather than wait for it."""
    if not terminal.coordinator.available:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="terminal_off",
            translation_placeholders={"name": terminal.name},
        )


async def at_each(
    terminals: list[Terminal],
    act: Callable[[Terminal], Awaitable[str]],
    *,
    answered: bool,
) -> dict[str, Any]:
    """Do something at several terminals at once, and return what came of it at each.

    What fails at one stops nothing at the others. HomeAssistantError where it fails at the only one, or where nobody takes the
    answer (`answered`).
    """

    async def tried(terminal: Terminal) -> str:
        check_available(terminal)
        return await act(terminal)

    done, failures = await at_all(terminals, tried)
    if failures and len(terminals) == 1:
        raise failures[0].error
    if failures and not answered:
        raise not_everywhere([(each.device.name, each.error) for each in failures])
    results = {terminal: {"result": result} for terminal, result in done} | {
        each.device: {"result": "failed", "error": str(each.error)} for each in failures
    }
    return {
        "terminals": [terminal.told | results[terminal] for terminal in terminals],
        "complete": not failures,
    }
