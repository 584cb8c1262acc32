"""Config flow: adding, changing and setting the options of terminals and cameras."""

from collections.abc import Mapping
from functools import partial
from typing import Any, override

import voluptuous as vol

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import (
    CONF_HOST,
    CONF_MAC,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_USERNAME,
)
from homeassistant.core import callback
from homeassistant.helpers.device_registry import format_mac
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo

from .config_flow_terminal import LOGIN_SCHEMA, PASSWORD, TerminalSteps
from .const import (
    CONF_ACKNOWLEDGE,
    CONF_ACKNOWLEDGE_ALWAYS,
    CONF_HOLD_TIME,
    CONF_JOURNAL_DAYS,
    CONF_JOURNAL_MEGABYTES,
    CONF_JOURNAL_URL,
    CONF_KIND,
    CONF_LEAVE_OUT_TEMPERATURE,
    CONF_OFFLINE_AFTER,
    CONF_POLL_INTERVAL,
    DEFAULT_ACKNOWLEDGE,
    DEFAULT_ACKNOWLEDGE_ALWAYS,
    DEFAULT_HOLD_TIME,
    DEFAULT_LEAVE_OUT_TEMPERATURE,
    DEFAULT_OFFLINE_AFTER,
    DEFAULT_POLL_INTERVAL,
    DOMAIN,
    DeviceKind,
)
from .coordinator import ThermoGateConfigEntry
from .journal import MAX_DAYS, JournalError
from .journal_url import complete_url, shown_url
from .keeper import JournalSettings, async_get_keeper, text_key
from .probe import FoundCamera, ProbeError, async_find_camera

CAMERA_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_HOST): str,
        vol.Required(CONF_PORT, default=80): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=65535)
        ),
        vol.Required(CONF_USERNAME, default="admin"): str,
        vol.Required(CONF_PASSWORD): PASSWORD,
    }
)


def _whole(minimum: int, maximum: int, unit: str) -> Any:
    """Return the selector and validator of a whole number."""
    return vol.All(
        NumberSelector(
            NumberSelectorConfig(
                min=minimum,
                max=maximum,
                unit_of_measurement=unit,
                mode=NumberSelectorMode.BOX,
            )
        ),
        vol.Coerce(int),
    )


_seconds = partial(_whole, unit="s")
JOURNAL_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_JOURNAL_DAYS): _whole(0, MAX_DAYS, "d"),
        vol.Required(CONF_JOURNAL_MEGABYTES): _whole(0, 10_000_000, "MB"),
        vol.Optional(CONF_JOURNAL_URL): str,
    }
)
EXAMPLE_URL = "postgresql+psycopg://user:password@host/thermogate"

OPTIONS: dict[DeviceKind, vol.Schema] = {
    DeviceKind.TERMINAL: vol.Schema(
        {
            vol.Required(CONF_ACKNOWLEDGE, default=DEFAULT_ACKNOWLEDGE): bool,
            vol.Required(
                CONF_ACKNOWLEDGE_ALWAYS, default=DEFAULT_ACKNOWLEDGE_ALWAYS
            ): bool,
            vol.Required(
                CONF_LEAVE_OUT_TEMPERATURE, default=DEFAULT_LEAVE_OUT_TEMPERATURE
            ): bool,
            vol.Required(CONF_HOLD_TIME, default=DEFAULT_HOLD_TIME): _seconds(1, 3600),
            vol.Required(CONF_OFFLINE_AFTER, default=DEFAULT_OFFLINE_AFTER): _seconds(
                20, 86400
            ),
        }
    ),
    DeviceKind.CAMERA: vol.Schema(
        {
            vol.Required(CONF_POLL_INTERVAL, default=DEFAULT_POLL_INTERVAL): _seconds(
                1, 3600
            ),
            vol.Required(CONF_HOLD_TIME, default=DEFAULT_HOLD_TIME): _seconds(1, 3600),
        }
    ),
}


class ThermoGateConfigFlow(TerminalSteps, domain=DOMAIN):
    """Adds a terminal or a camera, or changes how one is reached."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Start with nothing known."""
        super().__init__()
        self._discovered: dict[str, Any] = {}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(
        config_entry: ThermoGateConfigEntry,
    ) -> ThermoGateOptionsFlow:
        """Return the flow for the options."""
        return ThermoGateOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which kind of device to add."""
        return self.async_show_menu(
            step_id="user", menu_options=[DeviceKind.TERMINAL, DeviceKind.CAMERA]
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change how a device is reached."""
        entry = self._get_reconfigure_entry()
        if entry.data[CONF_KIND] == DeviceKind.CAMERA:
            return await self.async_step_camera()
        return await self.async_step_terminal()

    # Thermal cameras

    @override
    async def async_step_dhcp(
        self, discovery_info: DhcpServiceInfo
    ) -> ConfigFlowResult:
        """Offer a camera that asked for an address, or follow a known one to its new address."""
        mac = format_mac(discovery_info.macaddress)
        for entry in self._async_current_entries(include_ignore=False):
            if entry.data.get(CONF_MAC) == mac:
                return self.async_update_reload_and_abort(
                    entry,
                    data_updates={CONF_HOST: discovery_info.ip},
                    reason="already_configured",
                    reload_even_if_entry_is_unchanged=False,
                )
        self._async_abort_entries_match({CONF_HOST: discovery_info.ip})
        await self.async_set_unique_id(mac)
        self._abort_if_unique_id_configured()
        self._discovered = {CONF_HOST: discovery_info.ip}
        self.context["title_placeholders"] = {
            "name": discovery_info.hostname or discovery_info.ip
        }
        return await self.async_step_camera()

    async def async_step_camera(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how the camera is reached, and log in."""
        errors: dict[str, str] = {}
        placeholders: dict[str, str] = {}
        if user_input is not None:
            try:
                found = await async_find_camera(self.hass, user_input)
            except ProbeError as err:
                errors["base"] = err.key
                placeholders = err.placeholders
            else:
                return await self._async_finish_camera(found, user_input)
        shown = user_input or self._discovered
        if not shown and self.source == SOURCE_RECONFIGURE:
            shown = {
                key: value
                for key, value in self._get_reconfigure_entry().data.items()
                if key != CONF_PASSWORD
            }
        return self.async_show_form(
            step_id="camera",
            data_schema=self.add_suggested_values_to_schema(CAMERA_SCHEMA, shown),
            errors=errors,
            description_placeholders=placeholders,
        )

    async def _async_finish_camera(
        self, found: FoundCamera, user_input: dict[str, Any]
    ) -> ConfigFlowResult:
        """Add the camera that was logged in to, or take over its new address or password."""
        data = {CONF_KIND: DeviceKind.CAMERA, **user_input}
        # Not every user may read it; what another one has read stays.
        if found.mac:
            data[CONF_MAC] = found.mac
        if found.key:
            await self.async_set_unique_id(found.key, raise_on_progress=False)
        if self.source in (SOURCE_RECONFIGURE, SOURCE_REAUTH):
            entry = (
                self._get_reconfigure_entry()
                if self.source == SOURCE_RECONFIGURE
                else self._get_reauth_entry()
            )
            if found.key and entry.unique_id:
                self._abort_if_unique_id_mismatch(reason="other_device")
            return self.async_update_reload_and_abort(entry, data_updates=data)
        if found.key:
            self._abort_if_unique_id_configured(
                updates={
                    CONF_HOST: user_input[CONF_HOST],
                    CONF_PORT: user_input[CONF_PORT],
                }
            )
        else:
            self._async_abort_entries_match({CONF_HOST: user_input[CONF_HOST]})
        return self.async_create_entry(title=found.name, data=data)

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Ask for the login again after the camera, or the broker of a terminal, refused it."""
        if entry_data[CONF_KIND] == DeviceKind.TERMINAL:
            return await self.async_step_reauth_broker()
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Try the new login."""
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        placeholders = {"name": entry.title}
        if user_input is not None:
            login = {
                CONF_HOST: entry.data[CONF_HOST],
                CONF_PORT: entry.data[CONF_PORT],
                **user_input,
            }
            try:
                found = await async_find_camera(self.hass, login)
            except ProbeError as err:
                errors["base"] = err.key
                placeholders |= err.placeholders
            else:
                return await self._async_finish_camera(found, login)
        return self.async_show_form(
            step_id="reauth_confirm",
            data_schema=self.add_suggested_values_to_schema(
                LOGIN_SCHEMA, {CONF_USERNAME: entry.data[CONF_USERNAME]}
            ),
            errors=errors,
            description_placeholders=placeholders,
        )


class ThermoGateOptionsFlow(OptionsFlowWithReload):
    """Sets how a device is treated, and the journal of all of them; the entry is loaded anew with what was chosen."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of the two."""
        kind = DeviceKind(self.config_entry.data[CONF_KIND])
        return self.async_show_menu(step_id="init", menu_options=[kind, "journal"])

    async def _async_step_device(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the options that the kind of device has."""
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        kind = DeviceKind(self.config_entry.data[CONF_KIND])
        return self.async_show_form(
            step_id=kind,
            data_schema=self.add_suggested_values_to_schema(
                OPTIONS[kind], self.config_entry.options
            ),
        )

    # Each kind has a step of its own so that only its options need to be explained.
    async_step_terminal = _async_step_device
    async_step_camera = _async_step_device

    async def async_step_journal(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show where the journal of all devices is and how much of it is kept; a password in its address is not shown."""
        keeper = async_get_keeper(self.hass)
        current = await keeper.async_load()
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                await keeper.async_configure(
                    JournalSettings(
                        url=complete_url(
                            user_input.get(CONF_JOURNAL_URL, "").strip(), current.url
                        ),
                        days=user_input[CONF_JOURNAL_DAYS],
                        megabytes=user_input[CONF_JOURNAL_MEGABYTES],
                    )
                )
            except JournalError as err:
                errors[CONF_JOURNAL_URL] = text_key(err)
            else:
                return self.async_create_entry(data=dict(self.config_entry.options))
        shown = user_input or {
            CONF_JOURNAL_URL: shown_url(current.url),
            CONF_JOURNAL_DAYS: current.days,
            CONF_JOURNAL_MEGABYTES: current.megabytes,
        }
        return self.async_show_form(
            step_id="journal",
            data_schema=self.add_suggested_values_to_schema(JOURNAL_SCHEMA, shown),
            errors=errors,
            description_placeholders={"example": EXAMPLE_URL},
        )
