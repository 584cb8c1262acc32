"""The terminals that an action is aimed at, and doing the same at several of them."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..const import DOMAIN
from ..coordinator import TerminalCoordinator
from .devices import (
    ONE_DEVICE,
    SEVERAL_DEVICES,
    Device,
    at_all,
    raise_failures,
    running_devices,
)

ONE_TERMINAL: Final = ONE_DEVICE
SEVERAL_TERMINALS: Final = SEVERAL_DEVICES


class Terminal(Device[TerminalCoordinator]):
    """A terminal that is running."""


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
    if len(terminals) == 1 or not answered:
        raise_failures(terminals, failures)
    results = {terminal: {"result": result} for terminal, result in done} | {
        each.device: {"result": "failed", "error": str(each.error)} for each in failures
    }
    return {
        "terminals": [terminal.told | results[terminal] for terminal in terminals],
        "complete": not failures,
    }
