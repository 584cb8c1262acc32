"""Whoever can publish to the broker can play a terminal: what must not come of it."""

import asyncio
from collections.abc import Callable
import gc
import json
import logging
import threading
import tracemalloc
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_mqtt_message,
)
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.thermogate.const import (
    CONF_KIND,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    DOMAIN,
    DeviceKind,
)
from custom_components.thermogate.coordinator import TerminalCoordinator
from custom_components.thermogate.discovery import MAX_OFFERED
from custom_components.thermogate.facegate import (
    MAX_PAYLOAD,
    FaceGateMessageError,
    parse_message,
)
from custom_components.thermogate.journal import Entry, Query
from custom_components.thermogate.keeper import async_get_keeper
from homeassistant.components.mqtt import ReceiveMessage, async_subscribe
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from tests.helpers import SERIAL, capture, door, set_up, settle, state_of
from tests.simulators.terminal import Options, TerminalSimulator
from tests.simulators.terminal.controls import obey
from tests.waiting import until

ACCESS = "event.front_door_access"
PERSON = "sensor.front_door_last_person"
CONNECTIVITY = "binary_sensor.front_door_connectivity"
ALIVE = "custom_components.thermogate.facegate.FaceGateClient.alive"
OTHER = "0987AB-CDEF01-2345EE"
ACKNOWLEDGEMENT = {"reply", "cmd", "code", "sequence_no", "cap_time"}
HEAD = b'{"cmd":"face","reply":"ACK","code":0,"x":'

# More than any terminal says, of each kind. None of them may take long, much memory, or the whole stack.
TOO_MUCH: dict[str, Callable[[], bytes]] = {
    "oversized": lambda: HEAD + b'"' + b"A" * MAX_PAYLOAD + b'"}',
    "deep": lambda: HEAD + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep and not closed": lambda: HEAD + b'{"x":[' * 50_000,
    "a little too deep": lambda: HEAD + b"[" * 40 + b"]" * 40 + b"}",
    "a million lists": lambda: HEAD + b"[" + b"[]," * 999_999 + b"[]]}",
    "a million objects": lambda: HEAD + b"[" + b"{}," * 999_999 + b"{}]}",
    "a million numbers": lambda: HEAD + b"[" + b"1," * 999_999 + b"1]}",
    "a million lists, mended": lambda: HEAD + b'["\xff",' + b"[]," * 999_999 + b"[]]}",
}
too_much = pytest.mark.parametrize("make", TOO_MUCH.values(), ids=TOO_MUCH)


@pytest.fixture(autouse=True)
def _no_bodies_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Keep MQTT's own notes, with megabytes of messages in them, out of memory."""
    caplog.set_level(logging.WARNING)


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


def other_entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return the entry of a second terminal."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Back door",
        unique_id=OTHER,
        data={
            CONF_KIND: DeviceKind.TERMINAL,
            CONF_TOPIC_ID: OTHER,
            CONF_TOPIC_PREFIX: "",
        },
    )
    entry.add_to_hass(hass)
    return entry


async def acknowledgements_of(
    hass: HomeAssistant, topic_id: str
) -> list[dict[str, Any]]:
    """Collect what is answered to the captures of a terminal from now on."""
    answers: list[dict[str, Any]] = []

    @callback
    def take(message: ReceiveMessage) -> None:
        answers.append(json.loads(message.payload))

    await async_subscribe(hass, f"topic/face/capture/response/{topic_id}", take)
    return answers


async def rows(hass: HomeAssistant) -> tuple[Entry, ...]:
    """Return what the journal has, newest first."""
    return (await async_get_keeper(hass).journal.search(Query(limit=100))).entries


def events(hass: HomeAssistant, device: str = "front_door") -> list[str]:
    """Collect the ids of the accesses that the event entity shows from now on."""
    shown: list[str] = []

    @callback
    def changed(event: Any) -> None:
        state = event.data["new_state"]
        if state and event.data["entity_id"] == f"event.{device}_access":
            shown.append(state.attributes["event_id"])

    hass.bus.async_listen("state_changed", changed)
    return shown


def our_warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the integration warned of; there must be no traceback of anybody."""
    assert not [record.getMessage() for record in caplog.records if record.exc_info]
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.thermogate")
        and record.levelno >= logging.WARNING
    ]


# Messages that are too much


@too_much
def test_too_much_is_refused_before_it_takes_memory(make: Callable[[], bytes]) -> None:
    """What would be taken apart into many times its size is not taken apart."""
    payload = make()
    tracemalloc.start()
    try:
        with pytest.raises(FaceGateMessageError) as refused:
            parse_message(payload)
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()
    assert len(str(refused.value)) < 100


@pytest.mark.parametrize("topic", ["capture_request", "manage_response"])
@too_much
async def test_too_much_is_one_line_and_the_next_capture_counts(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    topic: str,
    make: Callable[[], bytes],
) -> None:
    """On either topic, however often."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    for _ in range(2):
        terminal.send_bytes(make(), topic=terminal.topics[topic])
        await settle(hass)
    shown = events(hass)
    await capture(hass, terminal)
    assert len(shown) == len(terminal.acknowledged) == len(await rows(hass)) == 1
    (warning,) = our_warnings(caplog)
    assert "unreadable" in warning


class Threads:
    """Where large messages were read."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self.of_loop = threading.get_ident()
        self.sizes: list[int] = []

    def parse(self, payload: bytes) -> Any:
        """Read a message, and note how large it was if that held up the event loop."""
        if threading.get_ident() == self.of_loop:
            self.sizes.append(len(payload))
        return parse_message(payload)


@pytest.fixture
def parsed_inline() -> Any:
    """Note the sizes of messages that are read in the event loop."""
    threads = Threads()
    package = "custom_components.thermogate"
    with (
        patch(f"{package}.broker.parse_message", threads.parse),
        patch(f"{package}.facegate.client.parse_message", threads.parse),
    ):
        yield threads.sizes


async def test_a_large_answer_is_read_beside_the_event_loop(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    parsed_inline: list[int],
) -> None:
    """And is the answer all the same: here a picture of several megabytes."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    coordinator: TerminalCoordinator = terminal_entry.runtime_data
    terminal.be_silent(3600)
    asking = asyncio.create_task(coordinator.async_snapshot())
    await until(lambda: any(each.cmd == "snapshot" for each in terminal.requests))
    request = next(each for each in terminal.requests if each.cmd == "snapshot")
    answer = {
        "reply": "ACK",
        "cmd": "snapshot",
        "code": 0,
        "command_id": request.fields["command_id"],
        "image": {"image_data": "/9j/" + "A" * 4_000_000},
    }
    terminal.send_bytes(
        json.dumps(answer).encode(), topic=terminal.topics["manage_response"]
    )
    assert len((await asking).data) == 3_000_003
    assert parsed_inline
    assert max(parsed_inline) < 600_000


async def test_a_large_capture_of_an_unknown_terminal_is_read_beside_the_event_loop(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    parsed_inline: list[int],
) -> None:
    """And it is offered once, however fast it sends more of them."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    parsed_inline.clear()
    payload = json.dumps({"cmd": "face", "device_sn": OTHER, "x": "A" * 4_000_000})
    for _ in range(3):
        async_fire_mqtt_message(hass, f"topic/face/capture/request/{OTHER}", payload)
    await settle(hass)
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["unique_id"] == OTHER
    assert not parsed_inline


async def test_terminals_that_nobody_has_added_take_no_memory(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """However many are invented: there are so many offers and no more, and the one that was added goes on."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    payload = json.dumps({"cmd": "face", "sequence_no": 1, "addr_name": "x" * 10_000})

    def invent(name: str) -> None:
        for number in range(3000):
            topic = f"topic/face/capture/request/{name} {number}"
            async_fire_mqtt_message(hass, topic, payload)

    invent("first")
    await settle(hass)
    tracemalloc.start()
    try:
        invent("second")
        await settle(hass)
        # It remembers every message that it was handed.
        mqtt_mock.reset_mock()
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    offers = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert len(offers) == MAX_OFFERED
    assert grown < 2_000_000
    shown = events(hass)
    await capture(hass, terminal)
    assert len(shown) == 1


# Captures of somebody else


async def test_a_capture_signed_by_another_terminal_is_nobodys(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is not stored, not acknowledged, not shown, and not logged more than once."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    await capture(hass, terminal)
    shown = events(hass)
    for _ in range(3):
        await obey(terminal, f"spoof {OTHER}")
    await settle(hass)
    assert not shown
    assert len(terminal.acknowledgements) == len(await rows(hass)) == 1
    assert len(our_warnings(caplog)) == 1


async def test_a_capture_replayed_under_the_topic_of_another_terminal_is_nobodys(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Who was let in at the front door was not at the back door."""
    back = other_entry(hass)
    with patch(ALIVE, return_value=False):
        await set_up(hass, terminal_entry, Platform.EVENT)
    topic = f"topic/face/capture/request/{OTHER}"
    own = {"cmd": "face", "sequence_no": 1, "cap_time": "2026/01/31 10:00:00.000"}
    async_fire_mqtt_message(hass, topic, json.dumps(own | {"device_sn": OTHER}))
    await settle(hass)
    acknowledged, shown = await acknowledgements_of(hass, OTHER), events(hass, "back_door")  # fmt: skip
    sent = await capture(hass, terminal)
    async_fire_mqtt_message(hass, topic, json.dumps(sent.message))
    await settle(hass)
    assert not shown
    assert not acknowledged
    assert [row.device for row in await rows(hass)] == [SERIAL, back.unique_id]


async def test_a_replayed_capture_that_asks_for_a_gate_opens_none(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """It is acknowledged again, in the same words and no more, and nobody came."""
    terminal.device.section("gate_control")["match_mode"] = 2
    await set_up(hass, terminal_entry, Platform.EVENT, Platform.BUTTON)

    def ask(message: dict[str, Any]) -> None:
        gate = {"device_type": "gpio", "device_no": 1, "ctrl_mode": "force"}
        message |= {"gateway_ctrl": gate, "reply_gateway_ctrl": gate}

    shown = events(hass)
    sent = await terminal.capture(change=ask)
    await settle(hass)
    for _ in range(5):
        terminal.send_capture(sent)
        await settle(hass)
    assert len(shown) == len(await rows(hass)) == 1
    assert [each.fields.keys() for each in terminal.acknowledgements] == [
        ACKNOWLEDGEMENT
    ] * 6
    assert terminal.wrong_acknowledgements == 0
    assert not terminal.relays
    assert not [each for each in terminal.requests if "gpio" in each.cmd]


# Captures from long ago: a broker hands out what it retained whenever somebody subscribes


async def test_a_retained_capture_is_kept_and_acts_on_nothing(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """It is stored as caught up and acknowledged, in case the terminal waits; who stood there is long gone."""
    await set_up(hass, terminal_entry, Platform.EVENT, Platform.BINARY_SENSOR)
    shown = events(hass)
    acknowledged = await acknowledgements_of(hass, SERIAL)
    payload = {
        "cmd": "face",
        "device_sn": SERIAL,
        "sequence_no": 9,
        "cap_time": "2026/01/31 10:00:00.000",
        "is_realtime": 1,
        "match_result": -1,
        "match_failed_reson": -11,
    }
    topic = terminal.topics["capture_request"]
    async_fire_mqtt_message(hass, topic, json.dumps(payload), retain=True)
    await settle(hass)
    assert not shown
    assert state_of(hass, "binary_sensor.front_door_stranger_alarm") == "off"
    (row,) = await rows(hass)
    assert (row.live, row.caught_up) == (False, True)
    assert [each["sequence_no"] for each in acknowledged] == [9]


@pytest.mark.parametrize("topic", ["capture_request", "manage_response"])
@pytest.mark.parametrize(
    "message",
    [
        {"cmd": "heart beat", "device_sn": SERIAL, "ip": "192.0.2.66"},
        {"cmd": "reboot", "reply": "ACK", "code": 0, "device_sn": SERIAL},
        {"cmd": "face", "device_sn": SERIAL, "sequence_no": 1},
        {"cmd": "ask_upgrade", "firmware": {"appversion": "old"}},
    ],
    ids=lambda message: message["cmd"],
)
async def test_what_was_retained_is_no_sign_of_life(
    hass: HomeAssistant, topic: str, message: dict[str, Any], mqtt_mock: Any
) -> None:
    """A terminal that was taken down a year ago is not there because the broker remembers it."""
    entry = other_entry(hass)
    with patch(ALIVE, return_value=False):
        await set_up(hass, entry, Platform.BINARY_SENSOR)
        coordinator: TerminalCoordinator = entry.runtime_data
        before = coordinator.data
        path = "capture/request" if topic == "capture_request" else "manage/response"
        async_fire_mqtt_message(
            hass, f"topic/face/{path}/{OTHER}", json.dumps(message), retain=True
        )
        await settle(hass)
        after = coordinator.data
    assert (after.online, after.link, after.last_seen) == (
        before.online,
        before.link,
        before.last_seen,
    )
    assert (after.address, after.firmware) == ("", "")
    assert not coordinator.memory.answers


async def test_a_retained_message_offers_no_terminal(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """It may have been taken down long ago; one that is there will say something new."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    topic = f"topic/face/capture/request/{OTHER}"
    payload = json.dumps({"cmd": "face", "device_sn": OTHER})
    async_fire_mqtt_message(hass, topic, payload, retain=True)
    await settle(hass)
    assert not hass.config_entries.flow.async_progress()
    async_fire_mqtt_message(hass, topic, payload)
    await settle(hass)
    assert len(hass.config_entries.flow.async_progress()) == 1
