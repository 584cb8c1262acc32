"""The steps of the config flow for access terminals: by hand, heard on a broker, and which broker it is."""

import asyncio
from typing import Any

import voluptuous as vol

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.const import (
    CONF_HOST,
    CONF_NAME,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_USERNAME,
)
from homeassistant.core import callback
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .broker import (
    CA_UNREADABLE,
    BrokerError,
    BrokerSettings,
    async_try_broker,
    own_broker,
)
from .const import (
    CONF_BROKER,
    CONF_BROKER_ENTRY,
    CONF_CA,
    CONF_KIND,
    CONF_SERIAL,
    CONF_TLS,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    DeviceKind,
)
from .coordinator.memory import async_known_signatures
from .facegate import Topics, valid_topic_id, valid_topic_prefix
from .probe import (
    FoundTerminal,
    async_find_terminal,
    async_home_broker,
    async_reachable_address,
    terminal_topics,
)

PASSWORD = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password")
)
LOGIN_SCHEMA = vol.Schema(
    {vol.Required(CONF_USERNAME): str, vol.Required(CONF_PASSWORD): PASSWORD}
)
BROKER_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_HOST): str,
        vol.Required(CONF_PORT, default=1883): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=65535)
        ),
        vol.Optional(CONF_USERNAME, default=""): str,
        vol.Optional(CONF_PASSWORD, default=""): PASSWORD,
        vol.Required(CONF_TLS, default=False): bool,
        vol.Optional(CONF_CA, default=""): TextSelector(
            TextSelectorConfig(multiline=True)
        ),
    }
)

# The choices of a broker, beside the entries whose broker can be used too.
HOME = "home_assistant"
OTHER = "other"


def _terminal_schema(choices: list[SelectOptionDict], chosen: str) -> vol.Schema:
    """Return the form for a terminal's name and broker."""
    return vol.Schema(
        {
            vol.Required(CONF_TOPIC_ID): str,
            vol.Optional(CONF_TOPIC_PREFIX, default=""): str,
            vol.Required(CONF_BROKER, default=chosen): SelectSelector(
                SelectSelectorConfig(
                    options=choices,
                    mode=SelectSelectorMode.LIST,
                    translation_key="broker",
                )
            ),
        }
    )


class TerminalSteps(ConfigFlow):
    """What the flow asks about a terminal; the flow itself also knows cameras."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._topics = Topics("")
        # None is Home Assistant's.
        self._broker: BrokerSettings | None = None
        self._waiting: asyncio.Task[FoundTerminal | None] | None = None
        self._found: FoundTerminal | None = None

    async def async_step_integration_discovery(
        self, discovery_info: dict[str, Any]
    ) -> ConfigFlowResult:
        """Offer a terminal that was heard on a broker."""
        self._topics = Topics(
            discovery_info[CONF_TOPIC_ID], discovery_info[CONF_TOPIC_PREFIX]
        )
        self._found = FoundTerminal(
            serial=discovery_info[CONF_SERIAL], name=discovery_info[CONF_NAME]
        )
        if CONF_BROKER_ENTRY in discovery_info:
            self._broker = self._known_brokers().get(discovery_info[CONF_BROKER_ENTRY])
            if self._broker is None:
                return self.async_abort(reason="broker_gone")
        await self.async_set_unique_id(self._terminal_id(self._found))
        self._abort_if_unique_id_configured()
        self._abort_if_topics_configured()
        self.context["title_placeholders"] = {
            "name": self._found.name or self._topics.device_id
        }
        return await self.async_step_terminal_found()

    async def async_step_terminal(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the name under which the terminal talks, and for its broker."""
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
                return await self._async_broker_chosen(user_input[CONF_BROKER])
        shown = user_input
        if shown is None and self._topics.device_id:
            shown = {
                CONF_TOPIC_ID: self._topics.device_id,
                CONF_TOPIC_PREFIX: self._topics.prefix,
            }
        elif shown is None and self.source == SOURCE_RECONFIGURE:
            data = self._get_reconfigure_entry().data
            self._broker = own_broker(data)
            shown = {key: data[key] for key in (CONF_TOPIC_ID, CONF_TOPIC_PREFIX)}
        home = async_home_broker(self.hass)
        return self.async_show_form(
            step_id="terminal",
            data_schema=self.add_suggested_values_to_schema(
                _terminal_schema(*self._choices(home)), shown
            ),
            errors=errors,
            description_placeholders={
                "broker": async_reachable_address(self.hass, home) if home else "–"
            },
        )

    async def _async_broker_chosen(self, choice: str) -> ConfigFlowResult:
        """Go on with the broker that was chosen, or ask for another one."""
        known = self._known_brokers()
        if choice != HOME and choice not in known:
            return await self.async_step_broker()
        self._broker = known.get(choice)
        self._abort_if_topics_configured()
        return await self.async_step_terminal_wait()

    async def async_step_broker(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how a broker is reached, and connect to it."""
        errors: dict[str, str] = {}
        if user_input is not None:
            settings = BrokerSettings.of(self._with_present_password(user_input))
            try:
                await async_try_broker(self.hass, settings)
            except BrokerError as err:
                errors[CONF_CA if err.key == CA_UNREADABLE else "base"] = err.key
            else:
                self._broker = settings
                self._abort_if_topics_configured()
                return await self.async_step_terminal_wait()
        shown = user_input
        if shown is None and self._broker:
            shown = self._broker.stored() | {CONF_PASSWORD: ""}
        return self.async_show_form(
            step_id="broker",
            data_schema=self.add_suggested_values_to_schema(BROKER_SCHEMA, shown),
            errors=errors,
        )

    async def async_step_terminal_wait(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what to type into the terminal, and wait until it is heard."""
        if self._waiting is None:
            self._waiting = self.hass.async_create_task(
                async_find_terminal(self.hass, self._topics, self._broker),
                eager_start=False,
            )
        if not self._waiting.done():
            broker = self._broker or async_home_broker(self.hass)
            return self.async_show_progress(
                step_id="terminal_wait",
                progress_action="wait_for_terminal",
                description_placeholders={
                    "broker": async_reachable_address(self.hass, broker)
                    if broker
                    else "–",
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
        data: dict[str, Any] = {
            CONF_KIND: DeviceKind.TERMINAL,
            CONF_TOPIC_ID: self._topics.device_id,
            CONF_TOPIC_PREFIX: self._topics.prefix,
        }
        if self._broker:
            data[CONF_BROKER] = self._broker.stored()
        await self.async_set_unique_id(
            self._terminal_id(found), raise_on_progress=False
        )
        if self.source == SOURCE_RECONFIGURE:
            entry = self._get_reconfigure_entry()
            # A terminal that tells no serial number has nothing to be told apart by.
            if found.serial and found.serial != entry.unique_id:
                signatures = await async_known_signatures(self.hass, entry.entry_id)
                if found.serial not in signatures:
                    return self.async_abort(reason="other_device")
            return self.async_update_reload_and_abort(entry, data=data)
        self._abort_if_unique_id_configured()
        # It may have been added by hand, under another serial number, while its card waited.
        self._abort_if_topics_configured()
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

    async def async_step_reauth_broker(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the login again that a broker refused, once for all terminals that use it."""
        entry = self._get_reauth_entry()
        stored = entry.data[CONF_BROKER]
        errors: dict[str, str] = {}
        if user_input is not None:
            login = stored | user_input
            try:
                await async_try_broker(self.hass, BrokerSettings.of(login))
            except BrokerError as err:
                errors["base"] = err.key
            else:
                self._log_in_others(own_broker(entry.data), login)
                return self.async_update_reload_and_abort(
                    entry, data_updates={CONF_BROKER: login}
                )
        return self.async_show_form(
            step_id="reauth_broker",
            data_schema=self.add_suggested_values_to_schema(
                LOGIN_SCHEMA, {CONF_USERNAME: stored[CONF_USERNAME]}
            ),
            errors=errors,
            description_placeholders={"broker": BrokerSettings.of(stored).address},
        )

    @callback
    def _log_in_others(
        self, refused: BrokerSettings | None, login: dict[str, Any]
    ) -> None:
        """Give the new login to the other terminals on the broker, and stop asking for it."""
        for other in self._async_current_entries(include_ignore=False):
            if (
                other.entry_id == self._reauth_entry_id
                or own_broker(other.data) != refused
            ):
                continue
            self.hass.config_entries.async_update_entry(
                other, data={**other.data, CONF_BROKER: login}
            )
            for flow in list(other.async_get_active_flows(self.hass, {SOURCE_REAUTH})):
                self.hass.config_entries.flow.async_abort(flow["flow_id"])
            self.hass.config_entries.async_schedule_reload(other.entry_id)

    @callback
    def _known_brokers(self) -> dict[str, BrokerSettings]:
        """Return the brokers of terminals that have one of their own, each once, by the entry that knows it."""
        known: dict[BrokerSettings, str] = {}
        for entry in self._async_current_entries(include_ignore=False):
            if settings := own_broker(entry.data):
                known.setdefault(settings, entry.entry_id)
        return {entry_id: settings for settings, entry_id in known.items()}

    @callback
    def _choices(
        self, home: BrokerSettings | None
    ) -> tuple[list[SelectOptionDict], str]:
        """Return the brokers to choose from, and the one that is chosen unless a person chooses another."""
        known = self._known_brokers()
        choices = [
            *([SelectOptionDict(value=HOME, label=HOME)] if home else []),
            *(
                SelectOptionDict(value=entry_id, label=settings.address)
                for entry_id, settings in known.items()
            ),
            SelectOptionDict(value=OTHER, label=OTHER),
        ]
        present = next(
            (key for key, settings in known.items() if settings == self._broker),
            OTHER if self._broker else choices[0]["value"],
        )
        return choices, present

    @callback
    def _with_present_password(self, form: dict[str, Any]) -> dict[str, Any]:
        """Return what was typed; a password that was left out is the present one, if it is for the same user of the same broker."""
        present = self._broker
        if (
            form[CONF_PASSWORD]
            or present is None
            or (form[CONF_HOST].strip(), form[CONF_USERNAME])
            != (present.host, present.username)
        ):
            return form
        return form | {CONF_PASSWORD: present.password}

    @callback
    def _terminal_id(self, found: FoundTerminal) -> str:
        """Return what a terminal is known by: its serial number, else its name on its broker, with the prefix that it has."""
        if found.serial:
            return found.serial
        name = "/".join(filter(None, (self._topics.prefix, self._topics.device_id)))
        return f"{name}@{self._broker.address}" if self._broker else name

    @callback
    def _abort_if_topics_configured(self) -> None:
        """Stop when the topics belong to another entry already."""
        changed = (
            self._get_reconfigure_entry() if self.source == SOURCE_RECONFIGURE else None
        )
        address = self._broker and self._broker.address
        for entry in self._async_current_entries(include_ignore=False):
            theirs = own_broker(entry.data)
            if (
                entry is not changed
                and self._topics == terminal_topics(entry.data)
                and address == (theirs and theirs.address)
            ):
                raise AbortFlow("already_configured")
