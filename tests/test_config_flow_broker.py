"""The config flow with a broker of a terminal's own: choosing it, reaching it, changing it."""

from collections.abc import AsyncGenerator
from typing import Any
from unittest.mock import AsyncMock, patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.thermogate.broker import BrokerError, BrokerSettings
from custom_components.thermogate.const import (
    CONF_BROKER,
    CONF_BROKER_ENTRY,
    CONF_CA,
    CONF_KIND,
    CONF_SERIAL,
    CONF_TLS,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    DOMAIN,
    DeviceKind,
)
from custom_components.thermogate.probe import FoundTerminal
from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY, ConfigFlowResult
from homeassistant.const import (
    CONF_HOST,
    CONF_NAME,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_USERNAME,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from tests.flows import brokers, choose, shown, suggested
from tests.helpers import SERIAL, door
from tests.simulators.broker import Broker
from tests.simulators.terminal import TerminalSimulator

pytestmark = pytest.mark.usefixtures("setups")

TRY = "custom_components.thermogate.config_flow_terminal.async_try_broker"
FIND = "custom_components.thermogate.config_flow_terminal.async_find_terminal"
ELSEWHERE = BrokerSettings(
    host="192.0.2.7", port=1883, username="home", password="secret"
)


@pytest.fixture
async def site(socket_enabled: None) -> AsyncGenerator[Broker]:
    """Run a broker with a terminal on it."""
    async with Broker() as broker, TerminalSimulator(door(port=broker.port)):
        yield broker


def entry_with(
    hass: HomeAssistant, settings: BrokerSettings | None, topic_id: str = "known"
) -> MockConfigEntry:
    """Return the entry of a terminal on a broker."""
    data: dict[str, Any] = {
        CONF_KIND: DeviceKind.TERMINAL,
        CONF_TOPIC_ID: topic_id,
        CONF_TOPIC_PREFIX: "",
    }
    if settings:
        data[CONF_BROKER] = settings.stored()
    entry = MockConfigEntry(domain=DOMAIN, unique_id=topic_id, data=data)
    entry.add_to_hass(hass)
    return entry


async def name(
    hass: HomeAssistant, flow: ConfigFlowResult, broker: str, topic_id: str = SERIAL
) -> ConfigFlowResult:
    """Type the name of a terminal and choose its broker."""
    return await hass.config_entries.flow.async_configure(
        flow["flow_id"],
        {CONF_TOPIC_ID: topic_id, CONF_TOPIC_PREFIX: "", CONF_BROKER: broker},
    )


async def reach(
    hass: HomeAssistant, flow: ConfigFlowResult, host: str, **form: Any
) -> ConfigFlowResult:
    """Type how a broker is reached."""
    return await hass.config_entries.flow.async_configure(
        flow["flow_id"], {CONF_HOST: host, **form}
    )


async def discover(hass: HomeAssistant, entry_id: str) -> ConfigFlowResult:
    """Hear a terminal that tells no serial number on the broker of an entry."""
    return await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_INTEGRATION_DISCOVERY},
        data={
            CONF_TOPIC_ID: "gate",
            CONF_TOPIC_PREFIX: "",
            CONF_SERIAL: "",
            CONF_NAME: "",
            CONF_BROKER_ENTRY: entry_id,
        },
    )


async def test_a_terminal_is_added_on_another_broker(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, site: Broker
) -> None:
    """The person types how it is reached; the terminal is found there and keeps it."""
    flow = await choose(hass, DeviceKind.TERMINAL)
    form = await name(hass, flow, "other")
    assert form["step_id"] == "broker"

    result = await reach(hass, flow, f" {site.host} ", **{CONF_PORT: site.port})
    assert result["type"] is FlowResultType.SHOW_PROGRESS
    placeholders = result["description_placeholders"]
    assert placeholders is not None
    assert placeholders["broker"].endswith(f":{site.port}")
    while (result := await shown(hass, flow))["type"] is FlowResultType.SHOW_PROGRESS:
        pass
    assert result["step_id"] == "terminal_found"
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], {})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].unique_id == SERIAL
    assert result["data"][CONF_BROKER] == {
        CONF_HOST: site.host,
        CONF_PORT: site.port,
        CONF_USERNAME: "",
        CONF_PASSWORD: "",
        CONF_TLS: False,
        CONF_CA: "",
    }


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("broker_login", "base"),
        ("broker_unreachable", "base"),
        ("broker_ca_unreadable", CONF_CA),
    ],
)
async def test_a_broker_that_cannot_be_used_is_said_in_the_form(
    hass: HomeAssistant, key: str, field: str
) -> None:
    """What was typed stays and can be corrected."""
    flow = await choose(hass, DeviceKind.TERMINAL)
    await name(hass, flow, "other")
    with patch(TRY, side_effect=BrokerError(key)):
        result = await reach(hass, flow, "broker.site", **{CONF_TLS: True})
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {field: key}
    assert suggested(result)[CONF_HOST] == "broker.site"
    assert suggested(result)[CONF_TLS] is True


async def test_the_broker_of_another_terminal_is_offered(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    """Once, however many terminals are on it, and without its login being typed again."""
    first = entry_with(hass, ELSEWHERE)
    entry_with(hass, ELSEWHERE, "second")
    flow = await choose(hass, DeviceKind.TERMINAL)
    assert brokers(flow) == ["home_assistant", first.entry_id, "other"]

    with patch(FIND, return_value=None) as find:
        await name(hass, flow, first.entry_id, "new")
        await shown(hass, flow)
    assert find.call_args.args[2] == ELSEWHERE


@pytest.mark.parametrize(
    ("present", "chosen", "reason"),
    [
        pytest.param(ELSEWHERE, "theirs", "already_configured", id="same broker"),
        pytest.param(None, "home_assistant", "already_configured", id="at home"),
        pytest.param(ELSEWHERE, "home_assistant", None, id="another broker"),
    ],
)
async def test_a_topic_is_taken_on_its_own_broker_only(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    present: BrokerSettings | None,
    chosen: str,
    reason: str | None,
) -> None:
    """Two brokers may each have a terminal of the same name."""
    entry = entry_with(hass, present)
    flow = await choose(hass, DeviceKind.TERMINAL)
    with patch(FIND, return_value=None):
        result = await name(
            hass, flow, entry.entry_id if chosen == "theirs" else chosen, "known"
        )
        await hass.async_block_till_done()
    assert result.get("reason") == reason


async def test_a_topic_that_is_taken_on_a_broker_that_was_typed(
    hass: HomeAssistant,
) -> None:
    """Also when the login is another one."""
    entry_with(hass, ELSEWHERE)
    flow = await choose(hass, DeviceKind.TERMINAL)
    await name(hass, flow, "other", "known")
    with patch(TRY):
        result = await reach(hass, flow, ELSEWHERE.host)
    assert result["reason"] == "already_configured"


# Discovered


async def test_a_terminal_without_serial_number_is_known_by_its_broker_too(
    hass: HomeAssistant, setups: AsyncMock
) -> None:
    """Another broker may have one of the same name."""
    flow = await discover(hass, entry_with(hass, ELSEWHERE).entry_id)
    assert flow["step_id"] == "terminal_found"
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], {})
    assert result["result"].unique_id == "gate@192.0.2.7:1883"
    assert result["data"][CONF_BROKER] == ELSEWHERE.stored()


@pytest.mark.parametrize("known", [True, False])
async def test_an_offer_ends_with_the_entry_that_knew_the_broker(
    hass: HomeAssistant, known: bool
) -> None:
    """Nobody has its login any more; Home Assistant's broker is not meant."""
    entry_id = entry_with(hass, None).entry_id if known else "removed"
    result = await discover(hass, entry_id)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "broker_gone"


# Changed


async def test_a_terminal_can_move_to_another_broker_and_back(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    """The form begins with the present one."""
    entry = entry_with(hass, ELSEWHERE)
    found = FoundTerminal()
    with patch(FIND, return_value=found), patch(TRY):
        flow = await entry.start_reconfigure_flow(hass)
        schema = flow["data_schema"]
        assert schema is not None
        chosen = next(key for key in schema.schema if key == CONF_BROKER)
        assert chosen.default() == entry.entry_id
        await name(hass, flow, "home_assistant", "known")
        result = await shown(hass, flow)
        assert result["reason"] == "reconfigure_successful"
        assert CONF_BROKER not in entry.data

        flow = await entry.start_reconfigure_flow(hass)
        await name(hass, flow, "other", "known")
        await reach(hass, flow, "192.0.2.8")
        result = await shown(hass, flow)
        assert result["reason"] == "reconfigure_successful"
    assert entry.data[CONF_BROKER][CONF_HOST] == "192.0.2.8"


@pytest.mark.parametrize(
    ("form", "password"),
    [
        pytest.param({CONF_USERNAME: "home"}, "secret", id="left out"),
        pytest.param(
            {CONF_USERNAME: "home", CONF_PASSWORD: "new"}, "new", id="changed"
        ),
        pytest.param({CONF_USERNAME: "other"}, "", id="another user"),
        pytest.param(
            {CONF_USERNAME: "home", CONF_HOST: "192.0.2.8"}, "", id="another broker"
        ),
    ],
)
async def test_a_password_stays_with_its_user_and_broker(
    hass: HomeAssistant, form: dict[str, str], password: str
) -> None:
    """It is not shown, and is never sent to somebody else."""
    entry = entry_with(hass, ELSEWHERE)
    flow = await entry.start_reconfigure_flow(hass)
    result = await name(hass, flow, "other", "known")
    assert suggested(result)[CONF_PASSWORD] == ""
    with patch(TRY) as tried, patch(FIND, return_value=None):
        await reach(hass, flow, **{"host": ELSEWHERE.host} | form)
        await hass.async_block_till_done()
    assert tried.call_args.args[1].password == password
    hass.config_entries.flow.async_abort(flow["flow_id"])
