"""Config flow: adding and changing terminals and cameras."""

from collections.abc import Mapping
from typing import Any, override

import voluptuous as vol

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigFlowResult,
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
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo

from .config_flow_terminal import LOGIN_SCHEMA, PASSWORD, TerminalSteps
from .const import CONF_KIND, DOMAIN, DeviceKind
from .coordinator import ThermoGateConfigEntry
from .options_flow import ThermoGateOptionsFlow
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
            user_input |= {CONF_HOST: user_input[CONF_HOST].strip()}
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
        self._withdraw_card(found.mac)
        return self.async_create_entry(title=found.name, data=data)

    @callback
    def _withdraw_card(self, mac: str) -> None:
        """Offer no longer what was added by hand: on the network a camera is known by its MAC address alone."""
        manager = self.hass.config_entries.flow
        for flow in manager.async_progress_by_handler(
            DOMAIN, match_context={"unique_id": mac}
        ):
            if flow["flow_id"] != self.flow_id:
                manager.async_abort(flow["flow_id"])

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
