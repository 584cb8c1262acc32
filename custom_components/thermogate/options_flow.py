"""Options: how a device is treated, who may pass at a terminal, and the journal of all devices."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import voluptuous as vol

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .const import (
    CONF_ACKNOWLEDGE,
    CONF_ACKNOWLEDGE_ALWAYS,
    CONF_APP_KEY,
    CONF_DECISION,
    CONF_HOLD_TIME,
    CONF_JOURNAL_DAYS,
    CONF_JOURNAL_MEGABYTES,
    CONF_JOURNAL_URL,
    CONF_KIND,
    CONF_LEAVE_OUT_TEMPERATURE,
    CONF_LOCK,
    CONF_OFFLINE_AFTER,
    CONF_POLL_INTERVAL,
    CONF_RULE,
    CONF_SCAN_TAGS,
    CONF_SCRIPT,
    CONF_VIDEO,
    DEFAULT_ACKNOWLEDGE,
    DEFAULT_ACKNOWLEDGE_ALWAYS,
    DEFAULT_HOLD_TIME,
    DEFAULT_LEAVE_OUT_TEMPERATURE,
    DEFAULT_LOCK,
    DEFAULT_OFFLINE_AFTER,
    DEFAULT_POLL_INTERVAL,
    DEFAULT_SCAN_TAGS,
    DecisionWay,
    DeviceKind,
    VideoWay,
)
from .decision_forms import (
    DECISION_SCHEMA,
    EXAMPLE_ANSWER,
    RULE_SCHEMA,
    SCRIPT_SCHEMA,
    rule_errors,
)
from .journal import MAX_DAYS, JournalError
from .journal_trouble import text_key
from .journal_url import complete_url, shown_url
from .keeper import JournalSettings, async_get_keeper


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
            vol.Required(CONF_SCAN_TAGS, default=DEFAULT_SCAN_TAGS): bool,
            vol.Required(CONF_LOCK, default=DEFAULT_LOCK): bool,
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
            vol.Required(CONF_VIDEO, default=VideoWay.AUTO.value): SelectSelector(
                SelectSelectorConfig(
                    options=[way.value for way in VideoWay], translation_key="video"
                )
            ),
            vol.Optional(CONF_APP_KEY): TextSelector(
                TextSelectorConfig(type=TextSelectorType.PASSWORD)
            ),
        }
    ),
}
MENUS: dict[DeviceKind, list[str]] = {
    DeviceKind.TERMINAL: [DeviceKind.TERMINAL, "decision", "journal"],
    DeviceKind.CAMERA: [DeviceKind.CAMERA, "journal"],
}


class ThermoGateOptionsFlow(OptionsFlowWithReload):
    """Sets how a device is treated, and the journal of all of them; the entry is loaded anew with what was chosen."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of them."""
        kind = DeviceKind(self.config_entry.data[CONF_KIND])
        return self.async_show_menu(step_id="init", menu_options=MENUS[kind])

    async def _async_step_device(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the options that the kind of device has."""
        kind = DeviceKind(self.config_entry.data[CONF_KIND])
        options, page = self.config_entry.options, OPTIONS[kind]
        errors: dict[str, str] = {}
        if user_input is not None:
            decides = options.get(CONF_DECISION, DecisionWay.NEVER) != DecisionWay.NEVER
            if not decides or user_input[CONF_ACKNOWLEDGE]:
                # A field that was emptied is not sent.
                others = {
                    key: options[key] for key in options if key not in page.schema
                }
                return self.async_create_entry(data=others | user_input)
            errors[CONF_ACKNOWLEDGE] = "decides"
        return self.async_show_form(
            step_id=kind,
            data_schema=self.add_suggested_values_to_schema(
                page, user_input or options
            ),
            errors=errors,
        )

    # Each kind has a step of its own so that only its options need to be explained.
    async_step_terminal = _async_step_device
    async_step_camera = _async_step_device

    @callback
    def _async_finish(self, changes: dict[str, Any]) -> ConfigFlowResult:
        """Store what was chosen on one page; what belongs to the others stays."""
        return self.async_create_entry(data={**self.config_entry.options, **changes})

    # Who may pass

    async def async_step_decision(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how it is decided whom a terminal lets in."""
        options = self.config_entry.options
        errors: dict[str, str] = {}
        if user_input is not None:
            way = user_input[CONF_DECISION]
            if way == DecisionWay.NEVER:
                return self._async_finish(user_input)
            if options.get(CONF_ACKNOWLEDGE, DEFAULT_ACKNOWLEDGE):
                return await WAYS[way](self)
            errors[CONF_DECISION] = "not_acknowledged"
        return self.async_show_form(
            step_id="decision",
            data_schema=self.add_suggested_values_to_schema(
                DECISION_SCHEMA, user_input or options
            ),
            errors=errors,
        )

    async def async_step_rule(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the rule."""
        errors = {} if user_input is None else rule_errors(user_input)
        if user_input is not None and not errors:
            return self._async_finish(
                {CONF_DECISION: DecisionWay.RULE.value, CONF_RULE: user_input}
            )
        return self.async_show_form(
            step_id="rule",
            data_schema=self.add_suggested_values_to_schema(
                RULE_SCHEMA, user_input or self.config_entry.options.get(CONF_RULE)
            ),
            errors=errors,
        )

    async def async_step_script(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the script."""
        if user_input is not None:
            return self._async_finish(
                {CONF_DECISION: DecisionWay.SCRIPT.value, CONF_SCRIPT: user_input}
            )
        return self.async_show_form(
            step_id="script",
            data_schema=self.add_suggested_values_to_schema(
                SCRIPT_SCHEMA, self.config_entry.options.get(CONF_SCRIPT)
            ),
            description_placeholders={"example": EXAMPLE_ANSWER},
        )

    # The journal

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


# The page that each way to decide has.
WAYS: dict[
    DecisionWay, Callable[[ThermoGateOptionsFlow], Awaitable[ConfigFlowResult]]
] = {
    DecisionWay.RULE: ThermoGateOptionsFlow.async_step_rule,
    DecisionWay.SCRIPT: ThermoGateOptionsFlow.async_step_script,
}
