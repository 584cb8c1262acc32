"""Diagnostics: what helps to understand a problem, without secrets and without people."""

from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_HOST, CONF_MAC, CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant

from .const import CONF_APP_KEY, CONF_CA, CONF_SERIAL, CONF_TOPIC_ID, CONF_TOPIC_PREFIX
from .coordinator import ThermoGateConfigEntry
from .coordinator.decision_rule import (
    CARD,
    PERSONS,
    SAY_OPENED,
    SAY_REFUSED,
    SHOW_OPENED,
    SHOW_REFUSED,
)
from .keeper import async_get_keeper

TO_REDACT = {
    CONF_CA,
    CARD,
    CONF_APP_KEY,
    CONF_HOST,
    CONF_MAC,
    CONF_PASSWORD,
    CONF_SERIAL,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    CONF_USERNAME,
    PERSONS,
    # Who greets by name tells where the terminal stands.
    SAY_OPENED,
    SAY_REFUSED,
    SHOW_OPENED,
    SHOW_REFUSED,
    "address",
    "system_name",
    "title",
    "topics",
    "unique_id",
    "urls",
}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: ThermoGateConfigEntry
) -> dict[str, Any]:
    """Return the diagnostics of a device."""
    return async_redact_data(
        {
            "entry": {
                "title": entry.title,
                "unique_id": entry.unique_id,
                "data": dict(entry.data),
                "options": dict(entry.options),
            },
            "device": entry.runtime_data.diagnostics(),
            "journal": await async_get_keeper(hass).async_facts(),
        },
        TO_REDACT,
    )
