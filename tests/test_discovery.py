"""Terminals that are heard on the broker and that nobody has added yet."""

from collections.abc import AsyncGenerator, Iterator
import json
from typing import Any
from unittest.mock import MagicMock, patch

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_mqtt_message,
)
from pytest_homeassistant_custom_component.typing import (
    MqttMockHAClient,
    MqttMockHAClientGenerator,
)

from custom_components.thermogate.broker import async_get_broker
from custom_components.thermogate.const import (
    CONF_KIND,
    CONF_SERIAL,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    DOMAIN,
    DeviceKind,
)
from custom_components.thermogate.discovery import MAX_OFFERED, async_get_discovery
from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant
from tests.conftest import TERMINAL_SERIAL
from tests.simulators.terminal import (
    Options as TerminalOptions,
    Quirk,
    TerminalSimulator,
)
from tests.waiting import until

CREATE_FLOW = "custom_components.thermogate.discovery.discovery_flow.async_create_flow"
CAPTURES = "topic/face/capture/request/+"


@pytest.fixture
async def known(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> AsyncGenerator[MockConfigEntry]:
    """Set up a terminal that never says anything, so that others are looked for."""
    entry = terminal_at("known")
    entry.add_to_hass(hass)
    with patch("custom_components.thermogate.coordinator.terminal.ASK_TIMEOUT", 0.01):
        assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    yield entry
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture
def offers() -> Iterator[MagicMock]:
    """Count the flows that are begun, and begin none."""
    with patch(CREATE_FLOW) as create:
        yield create


def terminal_at(topic_id: str, prefix: str = "") -> MockConfigEntry:
    """Return the entry of a terminal."""
    return MockConfigEntry(
        domain=DOMAIN,
        unique_id=f"serial of {topic_id}",
        data={
            CONF_KIND: DeviceKind.TERMINAL,
            CONF_TOPIC_ID: topic_id,
            CONF_TOPIC_PREFIX: prefix,
        },
    )


def heartbeat(hass: HomeAssistant, topic_id: str, prefix: str = "") -> None:
    """Let a terminal say that it is there."""
    async_fire_mqtt_message(
        hass,
        f"{prefix}topic/face/capture/request/{topic_id}",
        json.dumps({"cmd": "heart beat", "device_sn": f"serial of {topic_id}"}),
    )


def offered(offers: MagicMock) -> list[dict[str, Any]]:
    """Return what was offered."""
    return [call.args[3] for call in offers.call_args_list]


@pytest.mark.usefixtures("known")
async def test_an_unknown_terminal_is_offered_once(
    hass: HomeAssistant, terminal: TerminalSimulator
) -> None:
    """However often it is heard; the card carries its name."""
    for _ in range(3):
        await terminal.capture("known", resend=False)
        terminal.heartbeat()
    await hass.async_block_till_done()

    [flow] = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_INTEGRATION_DISCOVERY
    assert flow["context"]["unique_id"] == TERMINAL_SERIAL
    assert flow["context"]["title_placeholders"] == {"name": "Main gate"}


@pytest.mark.usefixtures("known")
async def test_a_card_that_was_dismissed_does_not_come_back_with_every_message(
    hass: HomeAssistant, offers: MagicMock, terminal: TerminalSimulator
) -> None:
    """The first message makes the offer, no later one."""
    terminal.heartbeat()
    terminal.heartbeat()

    assert offered(offers) == [
        {
            CONF_TOPIC_ID: TERMINAL_SERIAL,
            CONF_TOPIC_PREFIX: "",
            CONF_SERIAL: TERMINAL_SERIAL,
            CONF_NAME: "Main gate",
        }
    ]


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    "terminal_options",
    [TerminalOptions(serial=TERMINAL_SERIAL, quirks={Quirk.NO_DEVICE_SN})],
)
async def test_a_terminal_without_serial_number_is_offered_too(
    offers: MagicMock, terminal: TerminalSimulator
) -> None:
    """It is known by its topic id then."""
    terminal.heartbeat()

    assert [offer[CONF_SERIAL] for offer in offered(offers)] == [""]


async def test_a_known_terminal_costs_nothing(
    hass: HomeAssistant, known: MockConfigEntry, offers: MagicMock
) -> None:
    """Its messages never reach Home Assistant's flow manager."""
    for _ in range(10):
        heartbeat(hass, "known")
    await hass.async_block_till_done()

    offers.assert_not_called()


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    "payload",
    [b"", b"\xff\xfe", b"online", b"[]", b"7", b'{"cmd": "face"', b"{" * 5000],
)
async def test_what_is_no_terminal_is_not_offered(
    hass: HomeAssistant,
    offers: MagicMock,
    caplog: pytest.LogCaptureFixture,
    payload: bytes,
) -> None:
    """Something else uses the topic; a terminal that comes there later is noticed."""
    async_fire_mqtt_message(hass, "topic/face/capture/request/other", payload)
    offers.assert_not_called()
    assert "Traceback" not in caplog.text

    heartbeat(hass, "other")
    offers.assert_called_once()


@pytest.mark.usefixtures("known")
async def test_nobody_can_flood_the_page_with_offers(
    hass: HomeAssistant, offers: MagicMock
) -> None:
    """Whoever can publish to the broker can invent terminals."""
    for number in range(MAX_OFFERED + 10):
        heartbeat(hass, f"invented {number}")

    assert offers.call_count == MAX_OFFERED == 64


async def test_terminals_under_the_prefix_of_a_known_one_are_offered(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, offers: MagicMock
) -> None:
    """Those under prefixes that nobody uses are not listened to."""
    entry = terminal_at("known", "site/north")
    entry.add_to_hass(hass)
    with patch("custom_components.thermogate.coordinator.terminal.ASK_TIMEOUT", 0.01):
        await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()

    heartbeat(hass, "new", "site/north/")
    heartbeat(hass, "new", "site/south/")

    assert offered(offers) == [
        {
            CONF_TOPIC_ID: "new",
            CONF_TOPIC_PREFIX: "site/north",
            CONF_SERIAL: "serial of new",
            CONF_NAME: "",
        }
    ]
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.usefixtures("known")
async def test_a_removed_terminal_is_offered_anew(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    offers: MagicMock,
) -> None:
    """Once more, when it is heard again."""
    await hass.config_entries.async_setup(terminal_entry.entry_id)
    terminal.heartbeat()
    offers.assert_not_called()

    await hass.config_entries.async_remove(terminal_entry.entry_id)
    terminal.heartbeat()
    terminal.heartbeat()

    assert [offer[CONF_TOPIC_ID] for offer in offered(offers)] == [TERMINAL_SERIAL]


async def test_nothing_is_listened_to_after_the_last_entry(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    known: MockConfigEntry,
    offers: MagicMock,
) -> None:
    """And everything again with the next one."""
    await hass.config_entries.async_unload(known.entry_id)

    assert not mqtt_mock.return_value.is_active_subscription(CAPTURES)
    # A config flow may listen meanwhile, for the one terminal that it waits for.
    close = await async_get_broker(hass).async_watch()
    heartbeat(hass, "new")
    close()
    offers.assert_not_called()

    with patch("custom_components.thermogate.coordinator.terminal.ASK_TIMEOUT", 0.01):
        await hass.config_entries.async_setup(known.entry_id)
    await hass.async_block_till_done()
    heartbeat(hass, "new")
    offers.assert_called_once()


@pytest.mark.usefixtures("mock_hass_config")
async def test_mqtt_may_come_after_the_first_camera(
    hass: HomeAssistant,
    camera_entry: MockConfigEntry,
    mqtt_mock_entry: MqttMockHAClientGenerator,
    offers: MagicMock,
) -> None:
    """Terminals are looked for from then on, and no longer when the camera is unloaded."""
    assert await hass.config_entries.async_setup(camera_entry.entry_id)

    mqtt = await mqtt_mock_entry()
    await until(lambda: mqtt.return_value.is_active_subscription(CAPTURES))
    await hass.async_block_till_done()
    heartbeat(hass, "new")
    offers.assert_called_once()

    await hass.config_entries.async_unload(camera_entry.entry_id)
    assert not mqtt.return_value.is_active_subscription(CAPTURES)


@pytest.mark.usefixtures("mock_hass_config")
async def test_mqtt_may_come_after_the_last_camera(
    hass: HomeAssistant,
    camera_entry: MockConfigEntry,
    mqtt_mock_entry: MqttMockHAClientGenerator,
) -> None:
    """Nobody looks for terminals then."""
    assert await hass.config_entries.async_setup(camera_entry.entry_id)
    await hass.config_entries.async_unload(camera_entry.entry_id)

    mqtt = await mqtt_mock_entry()
    await hass.async_block_till_done()

    assert not mqtt.return_value.is_active_subscription(CAPTURES)


async def test_several_entries_look_for_terminals_together(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    """They begin at the same moment; the last one to end ends the subscription, also while it is being made."""
    discovery = async_get_discovery(hass)
    releases = [discovery.async_acquire() for _ in range(3)]
    await hass.async_block_till_done()
    topics = [item.topic for item in mqtt_mock.return_value.subscriptions]
    assert topics.count(CAPTURES) == 1
    for release in releases:
        release()
    assert not mqtt_mock.return_value.is_active_subscription(CAPTURES)

    discovery.async_acquire()()
    await hass.async_block_till_done()
    assert not mqtt_mock.return_value.is_active_subscription(CAPTURES)


async def test_without_an_mqtt_connection_nothing_is_looked_for(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, offers: MagicMock
) -> None:
    """The integration is there, but its entry is not; the next entry tries again."""
    discovery = async_get_discovery(hass)
    with patch(
        "homeassistant.components.mqtt.async_wait_for_mqtt_client",
        return_value=False,
    ):
        first = discovery.async_acquire()
        await hass.async_block_till_done()
    assert not mqtt_mock.return_value.is_active_subscription(CAPTURES)

    second = discovery.async_acquire()
    await hass.async_block_till_done()
    heartbeat(hass, "new")
    offers.assert_called_once()
    first()
    second()
