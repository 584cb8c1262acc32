"""Actions, registered once for all devices."""

from homeassistant.core import HomeAssistant, callback

from .actions.firmware import async_setup_firmware_actions
from .actions.intercom import async_setup_intercom_actions
from .actions.journal import async_setup_journal_actions
from .actions.persons import async_setup_person_actions
from .actions.ptz import async_setup_ptz_actions
from .actions.settings import async_setup_settings_actions


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register all actions."""
    async_setup_ptz_actions(hass)
    async_setup_journal_actions(hass)
    async_setup_settings_actions(hass)
    async_setup_person_actions(hass)
    async_setup_intercom_actions(hass)
    async_setup_firmware_actions(hass)
