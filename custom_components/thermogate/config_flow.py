"""Config flow: adding and changing terminals and cameras."""

import asyncio
from collections.abc import Mapping
from typing import Any, override

import voluptuous as vol

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.const import (
    CONF_HOST,
    CONF_MAC,
    CONF_NAME,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_USERNAME,
)
from homeassistant.core import callback
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.helpers.device_registry import format_mac
from homeassistant.helpers.selector import (
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo

from .const import (
    CONF_KIND,
    CONF_SERIAL,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    DOMAIN,
    DeviceKind,
)
from .coordinator import ThermoGateConfigEntry
from .facegate import Topics, valid_topic_id, valid_topic_prefix
from .options_flow import ThermoGateOptionsFlow
from .probe import (
    FoundCamera,
    FoundTerminal,
    ProbeError,
    async_broker_address,
    async_find_camera,
    async_find_terminal,
    terminal_topics,
)

PASSWORD = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password")
)
LOGIN_SCHEMA = vol.Schema(
    {vol.Required(CONF_USERNAME): str, vol.Required(CONF_PASSWORD): PASSWORD}
)
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
TERMINAL_SCHEMA = vol.Schema(
    {vol.Required(CONF_TOPIC_ID): str, vol.Optional(CONF_TOPIC_PREFIX, default=""): str}
)


class ThermoGateConfigFlow(ConfigFlow, domain=DOMAIN):
    """Adds a terminal or a camera, or changes how one is reached."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Start with nothing known."""
        self._topics = Topics("")
        self._waiting: asyncio.Task[FoundTerminal | None] | None = None
        self._found: FoundTerminal | None = None
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

    # Access terminals

    async def async_step_integration_discovery(
        self, discovery_info: dict[str, Any]
    ) -> ConfigFlowResult:
        """Offer a terminal that was heard on the broker."""
        self._topics = Topics(
            discovery_info[CONF_TOPIC_ID], discovery_info[CONF_TOPIC_PREFIX]
        )
        self._found = FoundTerminal(
            serial=discovery_info[CONF_SERIAL], name=discovery_info[CONF_NAME]
        )
        await self.async_set_unique_id(self._found.serial or self._topics.device_id)
        self._abort_if_unique_id_configured()
        self._abort_if_topics_configured()
        self.context["title_placeholders"] = {
            "name": self._found.name or self._topics.device_id
        }
        return await self.async_step_terminal_found()

    async def async_step_terminal(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the name under which the terminal talks."""
        broker = async_broker_address(self.hass)
        if broker is None:
            return self.async_abort(reason="mqtt_missing")
        errors: dict[str, str] = {}
        if user_input is not None:
            topic_id = user_input[CONF_TOPIC_ID].strip()
            prefix = user_input[CONF_TOPIC_PREFIX].strip().strip("/")
            if not valid_topic_id(topic_id):
                errors[CONF_TOPIC_ID] = "invalid_topic"
            elif not valid_topic_prefix(prefix):
                errors[CONF_TOPIC_PREFIX] = "invalid_topic"
            else:
                self._topics = Topics(topic_id, prefix)
                self._abort_if_topics_configured()
                return await self.async_step_terminal_wait()
        shown = user_input
        if shown is None and self._topics.device_id:
            shown = {
                CONF_TOPIC_ID: self._topics.device_id,
                CONF_TOPIC_PREFIX: self._topics.prefix,
            }
        elif shown is None and self.source == SOURCE_RECONFIGURE:
            shown = dict(self._get_reconfigure_entry().data)
        return self.async_show_form(
            step_id="terminal",
            data_schema=self.add_suggested_values_to_schema(TERMINAL_SCHEMA, shown),
            errors=errors,
            description_placeholders={"broker": broker},
        )

    async def async_step_terminal_wait(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what to type into the terminal, and wait until it is heard."""
        if self._waiting is None:
            self._waiting = self.hass.async_create_task(
                async_find_terminal(self.hass, self._topics), eager_start=False
            )
        if not self._waiting.done():
            return self.async_show_progress(
                step_id="terminal_wait",
                progress_action="wait_for_terminal",
                description_placeholders={
                    "broker": async_broker_address(self.hass) or "",
                    "topic_id": self._topics.device_id,
                    "capture_topic": self._topics.capture_request,
                    "manage_topic": self._topics.manage_request,
                },
                progress_task=self._waiting,
            )
        self._found = self._waiting.result()
        self._waiting = None
        return self.async_show_progress_done(
            next_step_id="terminal_found" if self._found else "terminal_missing"
        )

    async def async_step_terminal_missing(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer to go on waiting or to correct the name."""
        return self.async_show_menu(
            step_id="terminal_missing",
            menu_options=["terminal_wait", "terminal"],
            description_placeholders={"topic_id": self._topics.device_id},
        )

    async def async_step_terminal_found(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what answered, and add it."""
        found = self._found or FoundTerminal()
        data = {
            CONF_KIND: DeviceKind.TERMINAL,
            CONF_TOPIC_ID: self._topics.device_id,
            CONF_TOPIC_PREFIX: self._topics.prefix,
        }
        await self.async_set_unique_id(
            found.serial or self._topics.device_id, raise_on_progress=False
        )
        if self.source == SOURCE_RECONFIGURE:
            # A terminal that tells no serial number has nothing to be told apart by.
            if found.serial:
                self._abort_if_unique_id_mismatch(reason="other_device")
            return self.async_update_reload_and_abort(
                self._get_reconfigure_entry(), data=data
            )
        self._abort_if_unique_id_configured()
        if user_input is not None:
            return self.async_create_entry(
                title=found.name or f"Terminal {self._topics.device_id}", data=data
            )
        self._set_confirm_only()
        return self.async_show_form(
            step_id="terminal_found",
            description_placeholders={
                "topic_id": self._topics.device_id,
                "serial": found.serial or "–",
                "name": found.name or "–",
                "address": found.address or "–",
            },
        )

    @callback
    def _abort_if_topics_configured(self) -> None:
        """Stop when the topics belong to another entry already."""
        changed = (
            self._get_reconfigure_entry() if self.source == SOURCE_RECONFIGURE else None
        )
        for entry in self._async_current_entries(include_ignore=False):
            if entry is not changed and self._topics == terminal_topics(entry.data):
                raise AbortFlow("already_configured")

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
        """Ask for the login again after the camera refused it."""
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
