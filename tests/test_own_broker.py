"""Terminals on a broker of their own, where Home Assistant has no MQTT at all."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.thermogate.broker import (
    BrokerError,
    BrokerSettings,
    async_get_broker,
    async_own_brokers,
)
from custom_components.thermogate.const import (
    CONF_BROKER,
    CONF_KIND,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    DOMAIN,
    DeviceKind,
)
from custom_components.thermogate.facegate import FaceGateConnectionError
from homeassistant.config_entries import (
    SOURCE_INTEGRATION_DISCOVERY,
    SOURCE_REAUTH,
    ConfigEntryState,
)
from homeassistant.const import CONF_PASSWORD, CONF_USERNAME, Platform
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from tests.flows import submit
from tests.helpers import SERIAL, act, door, state_of
from tests.simulators.broker import Broker
from tests.simulators.terminal import TerminalSimulator
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("socket_enabled", "soon_again")

OWN = "custom_components.thermogate.broker.own"
CONNECTIVITY = "binary_sensor.front_door_connectivity"
PERSON = "sensor.front_door_last_person"
SHOWN = (Platform.BINARY_SENSOR, Platform.SENSOR, Platform.BUTTON)
LOGIN = {CONF_USERNAME: "home", CONF_PASSWORD: "open sesame"}
OTHER = "0123F6-DEFAB2-000002"

type Start = Callable[..., Awaitable[TerminalSimulator]]


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Look past the timer that amqtt leaves for a client that it has refused."""
    return True


@pytest.fixture
def soon_again() -> Any:
    """Try again after a moment."""
    with (
        patch(f"{OWN}.FIRST_PAUSE", 0.02),
        patch(f"{OWN}.LONGEST_PAUSE", 0.05),
        patch(f"{OWN}.REFUSED_PAUSE", 0.05),
    ):
        yield


@pytest.fixture
async def broker(socket_enabled: None) -> AsyncGenerator[Broker]:
    """Run a broker on a free port."""
    async with Broker() as running:
        yield running


@pytest.fixture
async def start(broker: Broker) -> AsyncGenerator[Start]:
    """Start terminals on that broker."""
    running: list[TerminalSimulator] = []

    async def start_one(**options: Any) -> TerminalSimulator:
        terminal = TerminalSimulator(door(port=broker.port, **options))
        await terminal.start()
        running.append(terminal)
        return terminal

    yield start_one
    for terminal in running:
        await terminal.stop()


def entry_on(
    hass: HomeAssistant,
    broker: Broker,
    serial: str = SERIAL,
    title: str = "Front door",
    **login: str,
) -> MockConfigEntry:
    """Return the entry of a terminal on a broker, not set up yet."""
    settings = BrokerSettings(host=broker.host, port=broker.port, **login)
    entry = MockConfigEntry(
        domain=DOMAIN,
        title=title,
        unique_id=serial,
        data={
            CONF_KIND: DeviceKind.TERMINAL,
            CONF_TOPIC_ID: serial,
            CONF_TOPIC_PREFIX: "",
            CONF_BROKER: settings.stored(),
        },
    )
    entry.add_to_hass(hass)
    return entry


async def begin(
    hass: HomeAssistant, entry: MockConfigEntry, *platforms: Platform
) -> None:
    """Set up a terminal; the connection to its broker goes on for ever, so nobody waits for all that runs beside."""
    chosen = list(platforms) or [Platform.BINARY_SENSOR]
    with patch("custom_components.thermogate.PLATFORMS", chosen):
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()


def reauths(hass: HomeAssistant) -> list[Any]:
    """Return the reauthentications under way."""
    return [
        flow
        for flow in hass.config_entries.flow.async_progress()
        if flow["context"]["source"] == SOURCE_REAUTH
    ]


def lines(caplog: pytest.LogCaptureFixture, part: str) -> int:
    """Return how many log lines contain some words."""
    return sum(part in record.getMessage() for record in caplog.records)


def connecting() -> list[str]:
    """Return the tasks that keep connections."""
    return [
        task.get_name()
        for task in asyncio.all_tasks()
        if task.get_name().startswith("thermogate broker")
    ]


async def test_a_terminal_works_without_home_assistants_mqtt(
    hass: HomeAssistant, broker: Broker, start: Start
) -> None:
    """It is seen, its captures are acknowledged, also big ones, and it does what it is told."""
    terminal = await start(scene_kilobytes=900)
    entry = entry_on(hass, broker)
    await begin(hass, entry, *SHOWN)
    assert "mqtt" not in hass.config.components
    assert state_of(hass, CONNECTIVITY) == "on"

    sent = await terminal.capture("known")
    await terminal.wait_acknowledged(sent)
    await until(lambda: state_of(hass, PERSON) == sent.person)
    await act(hass, "button.press", "button.front_door_open_gate")
    assert [pulse.source for pulse in terminal.relays] == ["match", "command"]
    await hass.config_entries.async_unload(entry.entry_id)


async def test_terminals_share_a_connection_and_the_last_one_closes_it(
    hass: HomeAssistant, broker: Broker, start: Start
) -> None:
    """One client beside the terminals themselves; nothing is left of it afterwards."""
    await start()
    await start(serial=OTHER)
    entries = [entry_on(hass, broker), entry_on(hass, broker, OTHER, "Back door")]
    with patch("custom_components.thermogate.PLATFORMS", [Platform.BINARY_SENSOR]):
        # Both: Home Assistant sets up all entries of an integration at once.
        await hass.config_entries.async_setup(entries[0].entry_id)
        await hass.async_block_till_done()
    assert [entry.state for entry in entries] == [ConfigEntryState.LOADED] * 2
    await until(lambda: len(broker.clients) == 3)
    assert len(connecting()) == len(async_own_brokers(hass)) == 1

    await hass.config_entries.async_unload(entries[0].entry_id)
    assert state_of(hass, "binary_sensor.back_door_connectivity") == "on"
    await hass.config_entries.async_unload(entries[1].entry_id)
    await until(lambda: len(broker.clients) == 2)
    assert connecting() == async_own_brokers(hass) == []


async def test_a_broker_that_comes_back_finds_everything_as_it_was(
    hass: HomeAssistant,
    broker: Broker,
    start: Start,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One line when it is lost, one when it is back; no subscription is lost, and nothing was kept to be sent late."""
    terminal = await start()
    entry = entry_on(hass, broker)
    await begin(hass, entry, *SHOWN)
    shared = entry.runtime_data

    await broker.stop()
    await until(lambda: state_of(hass, CONNECTIVITY) == "off")
    assert state_of(hass, PERSON) == "unavailable"
    with pytest.raises(FaceGateConnectionError):
        await shared.async_publish(terminal.topics["manage_request"], b"late")
    await asyncio.sleep(0.2)
    await broker.start()
    await until(lambda: state_of(hass, CONNECTIVITY) == "on")
    await until(lambda: terminal.online)

    sent = await terminal.capture("known")
    await terminal.wait_acknowledged(sent)
    await act(hass, "button.press", "button.front_door_open_gate")
    assert [pulse.source for pulse in terminal.relays] == ["match", "command"]
    assert lines(caplog, "is lost") == lines(caplog, "is back") == 1
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_broker_that_stays_away_is_something_to_repair(
    hass: HomeAssistant, broker: Broker, start: Start, issue_registry: Any
) -> None:
    """One issue for all its terminals, until it is back or nobody needs it."""
    await start()
    entry = entry_on(hass, broker)
    issue_id = f"broker_away_127.0.0.1:{broker.port}"
    await begin(hass, entry, *SHOWN)
    with patch(f"{OWN}.AWAY_SECONDS", 0.05):
        await broker.stop()
        await until(lambda: issue_registry.async_get_issue(DOMAIN, issue_id))
        await broker.start()
        await until(lambda: not issue_registry.async_get_issue(DOMAIN, issue_id))
        await broker.stop()
        await until(lambda: issue_registry.async_get_issue(DOMAIN, issue_id))
    await hass.config_entries.async_unload(entry.entry_id)
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None


async def test_without_its_broker_a_terminal_is_set_up_later(
    hass: HomeAssistant, broker: Broker
) -> None:
    """Home Assistant says why, tries again by itself, and keeps no connection meanwhile."""
    await broker.stop()
    entry = entry_on(hass, broker)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "broker_unreachable"
    await until(lambda: not connecting())


async def test_it_disconnects_when_home_assistant_stops(
    hass: HomeAssistant, broker: Broker
) -> None:
    """Nothing is unloaded then."""
    entry = entry_on(hass, broker)
    with patch("custom_components.thermogate.coordinator.terminal.ASK_TIMEOUT", 0.01):
        await begin(hass, entry)
    await until(lambda: len(broker.clients) == 1)
    await hass.async_stop()
    await until(lambda: not broker.clients)


# Logins


async def test_a_refused_login_is_asked_for_once_for_all_terminals(
    hass: HomeAssistant,
) -> None:
    """The new one goes to every terminal on the broker, and only to those."""
    users = {"home": "open sesame"}
    async with Broker(users=users) as broker, Broker() as elsewhere:
        wrong = {"username": "home", "password": "guess"}
        entry = entry_on(hass, broker, **wrong)
        sister = entry_on(hass, broker, OTHER, "Back door", **wrong)
        stranger = entry_on(hass, elsewhere, "elsewhere", "Elsewhere")
        with patch(
            "custom_components.thermogate.coordinator.terminal.ASK_TIMEOUT", 0.01
        ):
            await hass.config_entries.async_setup(entry.entry_id)
            await hass.async_block_till_done()
            assert [each.state for each in (entry, sister)] == [
                ConfigEntryState.SETUP_ERROR
            ] * 2
            flow = next(
                flow
                for flow in reauths(hass)
                if flow["context"]["entry_id"] == entry.entry_id
            )
            assert flow["step_id"] == "reauth_broker"
            result = await submit(hass, flow, LOGIN | {CONF_PASSWORD: "guess"})
            assert result["errors"] == {"base": "broker_login"}
            result = await submit(hass, flow, LOGIN)
            assert result["type"] is FlowResultType.ABORT
            assert result["reason"] == "reauth_successful"
            await hass.async_block_till_done()
            await until(lambda: entry.state is sister.state is ConfigEntryState.LOADED)
        assert reauths(hass) == []
        for each in (entry, sister):
            assert each.data[CONF_BROKER][CONF_PASSWORD] == "open sesame"
        assert stranger.data[CONF_BROKER][CONF_PASSWORD] == ""
        for each in (entry, sister, stranger):
            await hass.config_entries.async_unload(each.entry_id)


async def test_a_login_that_is_refused_later_is_asked_for_too(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    """Somebody has changed the password on the broker, which is not away then."""
    async with Broker(users={"home": "open sesame"}) as broker:
        entry = entry_on(hass, broker, username="home", password="open sesame")
        issue_id = f"broker_away_127.0.0.1:{broker.port}"
        with patch(
            "custom_components.thermogate.coordinator.terminal.ASK_TIMEOUT", 0.01
        ):
            await begin(hass, entry)
        with patch(f"{OWN}.AWAY_SECONDS", 0.05):
            await broker.stop()
            await until(lambda: issue_registry.async_get_issue(DOMAIN, issue_id))
        broker.users = {"home": "changed"}
        await broker.start()
        await until(lambda: reauths(hass))
        assert not issue_registry.async_get_issue(DOMAIN, issue_id)
        # A broker may also have refused by mistake.
        await broker.stop()
        broker.users = {"home": "open sesame"}
        await broker.start()
        await until(lambda: entry.runtime_data.data.broker)
        await hass.config_entries.async_unload(entry.entry_id)


async def test_no_secret_is_told(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Diagnostics and system health say which broker it is only in general terms, and the log says no login."""
    assert await async_setup_component(hass, "system_health", {})
    async with Broker(users={"homeuser": "open sesame"}) as broker:
        entry = entry_on(hass, broker, username="homeuser", password="open sesame")
        with patch(
            "custom_components.thermogate.coordinator.terminal.ASK_TIMEOUT", 0.01
        ):
            await begin(hass, entry)
        info = await get_system_health_info(hass, DOMAIN)
        assert (info["own_brokers"], info["own_brokers_connected"]) == (1, 1)
        told = await get_diagnostics_for_config_entry(hass, hass_client, entry)
        assert told["device"]["own_broker"] == {
            "connected": True,
            "failure": "",
            "tls": False,
            "own_ca": False,
            "login": True,
            "subscriptions": 2,
        }
        await hass.config_entries.async_unload(entry.entry_id)
    for secret in ("homeuser", "open sesame"):
        assert secret not in str(told)
        assert secret not in caplog.text


# Discovery


async def test_terminals_on_the_same_broker_are_discovered(
    hass: HomeAssistant, broker: Broker, start: Start
) -> None:
    """The offer names the terminal that knows the broker, and takes its login over."""
    await start()
    entry = entry_on(hass, broker)
    await begin(hass, entry)
    new = await start(serial=OTHER)
    new.heartbeat()
    await until(hass.config_entries.flow.async_progress)
    [flow] = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_INTEGRATION_DISCOVERY

    with patch(f"custom_components.{DOMAIN}.async_setup_entry", return_value=True):
        result = await submit(hass, flow, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {
        CONF_KIND: DeviceKind.TERMINAL,
        CONF_TOPIC_ID: OTHER,
        CONF_TOPIC_PREFIX: "",
        CONF_BROKER: entry.data[CONF_BROKER],
    }
    await hass.config_entries.async_unload(entry.entry_id)


# Subscriptions


async def test_who_comes_while_the_broker_is_away_is_heard_afterwards(
    hass: HomeAssistant, broker: Broker, caplog: pytest.LogCaptureFixture
) -> None:
    """And who left meanwhile is not subscribed to any more; what the broker does not confirm is said once."""
    heard: list[bytes] = []
    settings = BrokerSettings(host=broker.host, port=broker.port)
    shared = async_get_broker(hass, settings)
    release = shared.async_acquire()
    await shared.async_ready()
    stop_first = await shared.wire.async_subscribe("first", lambda *_: None)
    await broker.stop()
    await until(lambda: not shared.connected)
    stop_first()
    stop = await shared.wire.async_subscribe(
        "late", lambda _, got, __: heard.append(got)
    )
    await broker.start()
    await until(lambda: shared.connected)
    await shared.async_publish("first", b"nobody listens")
    await shared.async_publish("late", b"here")
    await until(lambda: heard == [b"here"])

    with patch(f"{OWN}.SUBSCRIBE_TIMEOUT", 0):
        stop_slow = await shared.wire.async_subscribe("slow", lambda *_: None)
    stop_slow()
    with patch(f"{OWN}.SUBSCRIBE_TIMEOUT", 60):
        giving_up = hass.async_create_task(
            shared.wire.async_subscribe("given up", lambda *_: None)
        )
        giving_up.cancel()
        await asyncio.wait([giving_up])
    assert giving_up.cancelled()
    forbidden = BrokerError("broker_forbidden")
    with patch(f"{OWN}.Session.async_subscribe", side_effect=forbidden):
        stop_odd = await shared.wire.async_subscribe("odd", lambda *_: None)
        assert lines(caplog, "did not confirm") == 1
        # Nor does it when the broker is back; all else works.
        await broker.stop()
        await until(lambda: not shared.connected)
        await broker.start()
        await until(lambda: shared.connected)
    assert lines(caplog, "did not confirm") == 2
    stop_odd()
    stop()
    release()
    await until(lambda: not broker.clients)
