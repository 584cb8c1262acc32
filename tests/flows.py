"""What the tests of the config flow do all the time."""

from typing import Any

from custom_components.thermogate.const import (
    CONF_BROKER,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    DOMAIN,
    DeviceKind,
)
from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_USER, ConfigFlowResult
from homeassistant.core import HomeAssistant


async def choose(hass: HomeAssistant, kind: DeviceKind) -> ConfigFlowResult:
    """Begin to add a device of a kind."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    return await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": kind}
    )


async def submit(
    hass: HomeAssistant, flow: ConfigFlowResult, values: dict[str, Any]
) -> ConfigFlowResult:
    """Send a form."""
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], values)
    await hass.async_block_till_done()
    return result


async def type_in(
    hass: HomeAssistant, flow: ConfigFlowResult, topic_id: str, prefix: str = ""
) -> ConfigFlowResult:
    """Type the name of a terminal."""
    return await hass.config_entries.flow.async_configure(
        flow["flow_id"], {CONF_TOPIC_ID: topic_id, CONF_TOPIC_PREFIX: prefix}
    )


async def shown(hass: HomeAssistant, flow: ConfigFlowResult) -> ConfigFlowResult:
    """Return what a flow shows once it waits no more."""
    await hass.async_block_till_done()
    return await hass.config_entries.flow.async_configure(flow["flow_id"])


def suggested(form: ConfigFlowResult) -> dict[str, Any]:
    """Return what a form is filled with."""
    schema = form["data_schema"]
    assert schema is not None
    return {
        str(field): field.description["suggested_value"]
        for field in schema.schema
        if field.description
    }


def brokers(form: ConfigFlowResult) -> list[str]:
    """Return which brokers a form offers."""
    schema = form["data_schema"]
    assert schema is not None
    return [choice["value"] for choice in schema.schema[CONF_BROKER].config["options"]]


async def ignore(hass: HomeAssistant, unique_id: str) -> None:
    """Ignore a discovered device."""
    await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_IGNORE},
        data={"unique_id": unique_id, "title": "Unwanted"},
    )
