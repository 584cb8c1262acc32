"""The choice of what to add, and adding access terminals: by hand, or heard on the broker."""

import asyncio
from typing import Any
from unittest.mock import AsyncMock, patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.thermogate.const import (
    CONF_BROKER,
    CONF_KIND,
    CONF_SERIAL,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    DOMAIN,
    DeviceKind,
)
from custom_components.thermogate.facegate import FaceGateTimeoutError
from homeassistant.config_entries import (
    SOURCE_INTEGRATION_DISCOVERY,
    SOURCE_USER,
    ConfigFlowResult,
)
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.network import NoURLAvailableError
from tests.conftest import TERMINAL_SERIAL
from tests.flows import brokers, choose, ignore, shown, suggested, type_in
from tests.simulators.terminal import (
    Options as TerminalOptions,
    Quirk,
    TerminalSimulator,
)
from tests.waiting import until

PROBE = "custom_components.thermogate.probe"
TERMINAL_DATA = {
    CONF_KIND: DeviceKind.TERMINAL,
    CONF_TOPIC_ID: TERMINAL_SERIAL,
    CONF_TOPIC_PREFIX: "",
}


async def discover(
    hass: HomeAssistant,
    topic_id: str = TERMINAL_SERIAL,
    serial: str = TERMINAL_SERIAL,
    name: str = "",
) -> ConfigFlowResult:
    """Hear a terminal on the broker."""
    return await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_INTEGRATION_DISCOVERY},
        data={
            CONF_TOPIC_ID: topic_id,
            CONF_TOPIC_PREFIX: "",
            CONF_SERIAL: serial,
            CONF_NAME: name,
        },
    )


def asking() -> bool:
    """Tell whether a terminal is being asked whether it is there."""
    return any(task.get_name() == "ask a terminal" for task in asyncio.all_tasks())


# The menu


async def test_the_first_question_is_which_kind_of_device(hass: HomeAssistant) -> None:
    """Both families are offered."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )

    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == ["terminal", "camera"]


# Terminals: what is typed


async def test_without_mqtt_a_terminal_needs_another_broker(
    hass: HomeAssistant,
) -> None:
    """Home Assistant's own is not offered where there is none."""
    result = await choose(hass, DeviceKind.TERMINAL)

    assert result["type"] is FlowResultType.FORM
    assert result["description_placeholders"] == {"broker": "–"}
    assert brokers(result) == ["other"]
    result = await type_in(hass, result, TERMINAL_SERIAL)
    assert result["step_id"] == "broker"


async def test_the_form_names_the_broker(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    """The person learns which broker the terminal will talk to; the usual port is said, too."""
    result = await choose(hass, DeviceKind.TERMINAL)

    assert result["type"] is FlowResultType.FORM
    assert result["description_placeholders"] == {"broker": "mock-broker:1883"}
    assert brokers(result) == ["home_assistant", "other"]


@pytest.mark.parametrize(
    "mqtt_config_entry_data", [{"broker": "127.0.0.1", "port": 1884, "protocol": "5"}]
)
@pytest.mark.parametrize(
    ("found", "broker"),
    [
        pytest.param(["http://192.0.2.5:8123"], "192.0.2.5:1884", id="known"),
        pytest.param(NoURLAvailableError, "127.0.0.1:1884", id="unknown"),
    ],
)
async def test_a_broker_on_this_machine_is_named_as_others_reach_it(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, found: Any, broker: str
) -> None:
    """A terminal can do nothing with "localhost", if Home Assistant knows its own address."""
    with patch(f"{PROBE}.get_url", side_effect=found):
        result = await choose(hass, DeviceKind.TERMINAL)

    assert result["description_placeholders"] == {"broker": broker}


@pytest.mark.usefixtures("setups")
@pytest.mark.parametrize(
    ("topic_id", "prefix", "errors"),
    [
        ("", "", {CONF_TOPIC_ID: "invalid_topic"}),
        ("gate/1", "", {CONF_TOPIC_ID: "invalid_topic"}),
        ("+", "", {CONF_TOPIC_ID: "invalid_topic"}),
        ("gate#", "", {CONF_TOPIC_ID: "invalid_topic"}),
        ("g" * 65, "", {CONF_TOPIC_ID: "invalid_topic"}),
        ("gate", "site/+", {CONF_TOPIC_PREFIX: "invalid_topic"}),
        ("gate", "s" * 129, {CONF_TOPIC_PREFIX: "invalid_topic"}),
    ],
)
async def test_a_name_that_is_no_topic_is_refused(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    topic_id: str,
    prefix: str,
    errors: dict[str, str],
) -> None:
    """What was typed stays in the form, and can be corrected."""
    flow = await choose(hass, DeviceKind.TERMINAL)

    result = await type_in(hass, flow, topic_id, prefix)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == errors
    assert suggested(result) == {
        CONF_TOPIC_ID: topic_id,
        CONF_TOPIC_PREFIX: prefix,
        CONF_BROKER: "home_assistant",
    }

    await type_in(hass, flow, TERMINAL_SERIAL)
    result = await shown(hass, flow)
    assert result["step_id"] == "terminal_found"


async def test_the_topics_of_another_entry_are_refused(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, terminal_entry: MockConfigEntry
) -> None:
    """The same terminal is not added twice."""
    flow = await choose(hass, DeviceKind.TERMINAL)

    result = await type_in(hass, flow, f" {TERMINAL_SERIAL} ", "/")

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_the_entry_of_a_camera_is_not_in_the_way(
    hass: HomeAssistant, terminal: TerminalSimulator
) -> None:
    """It has no topics to compare."""
    camera = MockConfigEntry(domain=DOMAIN, data={CONF_KIND: DeviceKind.CAMERA})
    camera.add_to_hass(hass)
    flow = await choose(hass, DeviceKind.TERMINAL)

    await type_in(hass, flow, TERMINAL_SERIAL)

    result = await shown(hass, flow)
    assert result["step_id"] == "terminal_found"


# Terminals: waiting for it


async def test_the_person_sees_what_to_type_into_the_terminal(
    hass: HomeAssistant, terminal: TerminalSimulator, setups: AsyncMock
) -> None:
    """While Home Assistant waits it shows broker and topics, the prefix included."""
    flow = await choose(hass, DeviceKind.TERMINAL)

    result = await type_in(hass, flow, "gate", "/site/north/")

    assert result["type"] is FlowResultType.SHOW_PROGRESS
    assert result["progress_action"] == "wait_for_terminal"
    assert result["description_placeholders"] == {
        "broker": "mock-broker:1883",
        "topic_id": "gate",
        "capture_topic": "site/north/topic/face/capture/request/gate",
        "manage_topic": "site/north/topic/face/manage/request/gate",
    }
    hass.config_entries.flow.async_abort(flow["flow_id"])


async def test_a_terminal_that_answers_is_found_and_added(
    hass: HomeAssistant, terminal: TerminalSimulator, setups: AsyncMock
) -> None:
    """Home Assistant asks, the terminal answers, the person confirms."""
    flow = await choose(hass, DeviceKind.TERMINAL)
    await type_in(hass, flow, TERMINAL_SERIAL)

    result = await shown(hass, flow)
    assert result["step_id"] == "terminal_found"
    assert result["description_placeholders"] == {
        "topic_id": TERMINAL_SERIAL,
        "serial": TERMINAL_SERIAL,
        "name": "Main gate",
        "address": "–",
    }

    result = await hass.config_entries.flow.async_configure(flow["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Main gate"
    assert result["data"] == TERMINAL_DATA
    assert result["result"].unique_id == TERMINAL_SERIAL
    assert setups.call_count == 1


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"return_value": {}}, id="tells none"),
        pytest.param({"return_value": {"device_info": "?"}}, id="tells nonsense"),
        pytest.param({"side_effect": FaceGateTimeoutError}, id="does not say"),
    ],
)
async def test_a_terminal_without_a_name_is_called_by_its_topic_id(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    setups: AsyncMock,
    settings: dict[str, Any],
) -> None:
    """It answers, but not with a name."""
    with patch(
        "custom_components.thermogate.probe.FaceGateClient.settings", **settings
    ):
        flow = await choose(hass, DeviceKind.TERMINAL)
        await type_in(hass, flow, TERMINAL_SERIAL)
        await shown(hass, flow)

    result = await hass.config_entries.flow.async_configure(flow["flow_id"], {})
    assert result["title"] == f"Terminal {TERMINAL_SERIAL}"


async def test_a_terminal_is_found_by_its_heartbeat(
    hass: HomeAssistant, terminal: TerminalSimulator, setups: AsyncMock
) -> None:
    """A heartbeat tells name and address; the terminal's own name becomes the title."""
    terminal.device.section("device_info")["addr_name"] = "North gate"
    terminal.be_silent(60)
    flow = await choose(hass, DeviceKind.TERMINAL)
    await type_in(hass, flow, TERMINAL_SERIAL)
    await until(lambda: terminal.requests)

    terminal.heartbeat()
    terminal.heartbeat()
    result = await shown(hass, flow)

    assert result["description_placeholders"] == {
        "topic_id": TERMINAL_SERIAL,
        "serial": TERMINAL_SERIAL,
        "name": "North gate",
        "address": "192.168.1.88",
    }
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], {})
    assert result["title"] == "North gate"


@pytest.mark.parametrize(
    "terminal_options",
    [
        TerminalOptions(
            serial=TERMINAL_SERIAL, heartbeat_seconds=0, quirks={Quirk.CAPTURE_ONLY}
        )
    ],
)
async def test_a_terminal_is_found_at_once_when_somebody_stands_in_front_of_it(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    mqtt_mock: MqttMockHAClient,
    setups: AsyncMock,
) -> None:
    """A capture ends the wait, although the question that was asked stays unanswered."""
    flow = await choose(hass, DeviceKind.TERMINAL)
    await type_in(hass, flow, TERMINAL_SERIAL)
    await until(lambda: mqtt_mock.async_publish.called)
    # Noise on the topic is not the terminal.
    terminal.send_bytes(b"hello")

    await terminal.capture("stranger", resend=False)
    await until(
        lambda: (
            hass.config_entries.flow.async_get(flow["flow_id"])["step_id"]
            == "terminal_found"
        ),
        within=2,
    )

    result = await shown(hass, flow)
    placeholders = result["description_placeholders"]
    assert placeholders is not None
    assert placeholders["serial"] == TERMINAL_SERIAL


@pytest.mark.parametrize(
    ("terminal_options", "prefix", "unique_id"),
    [
        (
            TerminalOptions(
                serial=TERMINAL_SERIAL,
                topic_id="gate",
                prefix=prefix,
                quirks={Quirk.NO_DEVICE_SN},
            ),
            prefix,
            unique_id,
        )
        for prefix, unique_id in (("", "gate"), ("site/north", "site/north/gate"))
    ],
)
async def test_a_terminal_without_serial_number_is_known_by_its_topic_id(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    setups: AsyncMock,
    prefix: str,
    unique_id: str,
) -> None:
    """Nothing else tells it apart; another site may have one of the same name."""
    flow = await choose(hass, DeviceKind.TERMINAL)
    await type_in(hass, flow, "gate", prefix)

    result = await shown(hass, flow)
    placeholders = result["description_placeholders"]
    assert placeholders is not None
    assert placeholders["serial"] == "–"
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], {})

    assert result["result"].unique_id == unique_id


async def test_a_known_terminal_under_another_name_is_not_added_again(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """What answers has the serial number of an entry."""
    hass.config_entries.async_update_entry(
        terminal_entry, data={**terminal_entry.data, CONF_TOPIC_ID: "old name"}
    )
    flow = await choose(hass, DeviceKind.TERMINAL)

    await type_in(hass, flow, TERMINAL_SERIAL)
    result = await shown(hass, flow)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


@pytest.mark.usefixtures("setups")
async def test_after_silence_the_person_can_go_on_waiting(
    hass: HomeAssistant, terminal: TerminalSimulator
) -> None:
    """The terminal is switched on later."""
    terminal.be_silent(60)
    flow = await choose(hass, DeviceKind.TERMINAL)
    with patch(f"{PROBE}.WAIT_FOR_TERMINAL", 0.01):
        await type_in(hass, flow, TERMINAL_SERIAL)
        result = await shown(hass, flow)
    assert result["type"] is FlowResultType.MENU
    assert result["step_id"] == "terminal_missing"
    assert result["menu_options"] == ["terminal_wait", "terminal"]
    assert result["description_placeholders"] == {"topic_id": TERMINAL_SERIAL}

    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"next_step_id": "terminal_wait"}
    )
    assert result["type"] is FlowResultType.SHOW_PROGRESS
    terminal.be_silent(0)
    result = await shown(hass, flow)

    assert result["step_id"] == "terminal_found"


async def test_asking_goes_on_until_the_terminal_answers(
    hass: HomeAssistant, terminal: TerminalSimulator, setups: AsyncMock
) -> None:
    """Each question has its own time; the next one comes by itself."""
    terminal.be_silent(60)
    flow = await choose(hass, DeviceKind.TERMINAL)
    with patch(f"{PROBE}.ASK_EVERY", 0.02):
        await type_in(hass, flow, TERMINAL_SERIAL)
        # One round asks three different questions.
        await until(lambda: len(terminal.requests) > 3)
        terminal.be_silent(0)
        result = await shown(hass, flow)

    assert result["step_id"] == "terminal_found"
    await until(lambda: not asking())


async def test_a_flow_that_is_closed_waits_no_more(
    hass: HomeAssistant, terminal: TerminalSimulator, mqtt_mock: MqttMockHAClient
) -> None:
    """Nothing is asked and nothing is listened to any longer."""
    terminal.be_silent(60)
    before = mqtt_mock.return_value.subscriptions
    flow = await choose(hass, DeviceKind.TERMINAL)
    await type_in(hass, flow, TERMINAL_SERIAL)
    await until(lambda: terminal.requests)
    assert asking()

    hass.config_entries.flow.async_abort(flow["flow_id"])

    await until(lambda: not asking())
    assert mqtt_mock.return_value.subscriptions == before


@pytest.mark.usefixtures("setups")
async def test_after_silence_the_name_can_be_corrected(
    hass: HomeAssistant, terminal: TerminalSimulator
) -> None:
    """The form comes back with what was typed."""
    flow = await choose(hass, DeviceKind.TERMINAL)
    with patch(f"{PROBE}.WAIT_FOR_TERMINAL", 0.01):
        await type_in(hass, flow, "gaet", "site")
        await shown(hass, flow)

    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"next_step_id": "terminal"}
    )
    assert result["step_id"] == "terminal"
    assert suggested(result) == {CONF_TOPIC_ID: "gaet", CONF_TOPIC_PREFIX: "site"}

    await type_in(hass, flow, TERMINAL_SERIAL)
    result = await shown(hass, flow)
    assert result["step_id"] == "terminal_found"


@pytest.mark.usefixtures("mqtt_mock")
async def test_a_broker_that_goes_while_the_form_is_open(hass: HomeAssistant) -> None:
    """Nothing can be heard then, which is said at once."""
    flow = await choose(hass, DeviceKind.TERMINAL)

    with patch(
        "homeassistant.components.mqtt.async_wait_for_mqtt_client", return_value=False
    ):
        await type_in(hass, flow, TERMINAL_SERIAL)
        result = await shown(hass, flow)

    assert result["step_id"] == "terminal_missing"


# Terminals: heard on the broker


@pytest.mark.usefixtures("mqtt_mock")
async def test_a_discovered_terminal_is_added_after_a_confirmation(
    hass: HomeAssistant, setups: AsyncMock
) -> None:
    """It is shown under its name, and known by its serial number."""
    flow = await discover(hass, topic_id="gate", name="North gate")
    assert flow["step_id"] == "terminal_found"
    [progress] = hass.config_entries.flow.async_progress()
    assert progress["context"]["title_placeholders"] == {"name": "North gate"}

    result = await hass.config_entries.flow.async_configure(flow["flow_id"], {})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "North gate"
    assert result["data"] == {**TERMINAL_DATA, CONF_TOPIC_ID: "gate"}
    assert result["result"].unique_id == TERMINAL_SERIAL


@pytest.mark.usefixtures("mqtt_mock", "terminal_entry")
@pytest.mark.parametrize(
    ("topic_id", "serial"),
    [
        pytest.param("new name", TERMINAL_SERIAL, id="by serial number"),
        pytest.param(TERMINAL_SERIAL, "FF-FF-FF", id="by topics"),
    ],
)
async def test_a_configured_terminal_is_not_offered(
    hass: HomeAssistant, topic_id: str, serial: str
) -> None:
    """Its serial number or its topics belong to an entry."""
    result = await discover(hass, topic_id, serial)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


@pytest.mark.parametrize("serial", [TERMINAL_SERIAL, ""])
async def test_an_ignored_terminal_stays_ignored(
    hass: HomeAssistant, serial: str
) -> None:
    """Whether it tells a serial number or not."""
    await ignore(hass, serial or "gate")

    result = await discover(hass, "gate", serial)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_a_terminal_added_by_hand_is_not_added_again_by_its_card(
    hass: HomeAssistant, terminal: TerminalSimulator, setups: AsyncMock
) -> None:
    """Seen on devices: captures, which make the card, carry another serial number than answers."""
    card = await discover(hass, serial="FF-FF-FF")
    flow = await choose(hass, DeviceKind.TERMINAL)
    await type_in(hass, flow, TERMINAL_SERIAL)
    await shown(hass, flow)
    await hass.config_entries.flow.async_configure(flow["flow_id"], {})

    result = await hass.config_entries.flow.async_configure(card["flow_id"], {})

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_an_ignored_terminal_can_still_be_added_by_hand(
    hass: HomeAssistant, terminal: TerminalSimulator, setups: AsyncMock
) -> None:
    """Whoever types its name wants it."""
    await ignore(hass, TERMINAL_SERIAL)
    flow = await choose(hass, DeviceKind.TERMINAL)
    await type_in(hass, flow, TERMINAL_SERIAL)
    await shown(hass, flow)

    result = await hass.config_entries.flow.async_configure(flow["flow_id"], {})

    assert result["type"] is FlowResultType.CREATE_ENTRY
