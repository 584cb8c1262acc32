"""Repairs that a person can make with a click."""

from typing import Any, override

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .coordinator import TerminalCoordinator


class ReplacedTerminalFlow(ConfirmRepairFlow):
    """Confirms that a terminal was replaced, so that the new one is believed."""

    def __init__(self, data: dict[str, Any]) -> None:
        """Take what the issue says."""
        self._known = data

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask, and accept the serial number that was shown."""
        if user_input is None:
            return await super().async_step_confirm()
        entry = self.hass.config_entries.async_get_entry(self._known["entry_id"])
        if (
            entry is None
            or entry.state is not ConfigEntryState.LOADED
            or not isinstance(entry.runtime_data, TerminalCoordinator)
        ):
            return self.async_abort(reason="not_loaded")
        entry.runtime_data.signature.async_accept(self._known["serial"])
        return self.async_create_entry(data={})


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Return the flow of an issue; one without anything to decide is only confirmed."""
    if data and "serial" in data:
        return ReplacedTerminalFlow(data)
    return ConfirmRepairFlow()
