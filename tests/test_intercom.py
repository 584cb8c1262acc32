"""A terminal's calls show in Home Assistant, and Home Assistant can make and end them."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_mqtt_message,
    async_fire_time_changed,
)

from custom_components.thermogate.const import EVENT_INTERCOM
from custom_components.thermogate.coordinator.intercom import KINDS, OUR_CALL_SECONDS
from custom_components.thermogate.facegate import SipState
from custom_components.thermogate.logbook import CALLS
from homeassistant.const import Platform
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from tests.helpers import act, attributes_of, door, set_up, settle, state_of
from tests.persons.house import device_id, refusing
from tests.simulators.terminal import Options, TerminalSimulator
from tests.simulators.terminal.commands import COMMANDS
from tests.simulators.terminal.commands.sip import SIP_EVENTS
from tests.test_logbook import describers

INTERCOM = "event.front_door_intercom"
STATE = "sensor.front_door_call_state"
HANG_UP = "button.front_door_hang_up"
PLATFORMS = (Platform.BUTTON, Platform.EVENT, Platform.SENSOR)


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.fixture
async def front(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> TerminalSimulator:
    """Return the terminal at the front door."""
    await set_up(hass, terminal_entry, *PLATFORMS)
    return terminal


async def steps(
    hass: HomeAssistant, terminal: TerminalSimulator, *words: str
) -> list[str]:
    """Let these steps of calls happen, and return what is told of them."""
    events = async_capture_events(hass, EVENT_INTERCOM)
    for word in words:
        terminal.sip_event(word)
        await settle(hass)
    return kinds(events)


def kinds(events: list[Event[Any]]) -> list[str]:
    """Return which steps were told."""
    return [event.data["type"] for event in events]


async def call(hass: HomeAssistant, **fields: Any) -> None:
    """Let Home Assistant make a call."""
    await hass.services.async_call(
        "thermogate",
        "sip_call",
        {"device_id": device_id(hass), **fields},
        blocking=True,
    )
    await settle(hass)


@pytest.mark.parametrize(
    ("word", "kind", "state"),
    [
        ("start", "ring", "calling"),
        ("ring", "ring", "ringing"),
        ("reject", "caller_rejected", "rejected"),
        ("connect", "caller_connected", "connected"),
        ("called", "called", "called"),
        ("called-connect", "called_connected", "connected"),
        ("end", "ended", "idle"),
    ],
)
async def test_each_step_shows(
    hass: HomeAssistant, front: TerminalSimulator, word: str, kind: str, state: str
) -> None:
    """As an event, and as how far the call is."""
    assert state_of(hass, STATE) == "idle"
    assert await steps(hass, front, word) == [kind]
    shown = attributes_of(hass, INTERCOM)
    assert shown["event_type"] == kind
    assert shown["device_class"] == "doorbell"
    assert state_of(hass, STATE) == state


def test_every_documented_step_is_tested() -> None:
    """There are seven, and each has a sentence."""
    assert len(SIP_EVENTS) == len(SipState)
    assert set(KINDS) == {"ring", *SipState} == CALLS.keys()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("start", "ring", "connect", "end"),
            ["ring", "caller_ringing", "caller_connected", "ended"],
        ),
        # The second address of a room is tried.
        (
            ("start", "ring", "reject", "ring", "connect"),
            [
                "ring",
                "caller_ringing",
                "caller_rejected",
                "caller_ringing",
                "caller_connected",
            ],
        ),
        (("start", "end", "start"), ["ring", "ended", "ring"]),
        (("called", "called-connect", "end"), ["called", "called_connected", "ended"]),
    ],
)
async def test_a_call_rings_once(
    hass: HomeAssistant,
    front: TerminalSimulator,
    words: tuple[str, ...],
    told: list[str],
) -> None:
    """A doorbell that rings for each message would ring three times for one visitor."""
    assert await steps(hass, front, *words) == told


async def test_our_own_call_does_not_ring(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Nobody stands at the door; the next visitor rings again."""
    events = async_capture_events(hass, EVENT_INTERCOM)
    await call(hass, url="sip:101@192.168.1.10:5060")
    assert kinds(events) == ["started", "caller_ringing"]
    assert state_of(hass, STATE) == "ringing"

    await act(hass, "button.press", HANG_UP)
    await settle(hass)
    assert not front.device.in_call
    assert await steps(hass, front, "start") == ["ring"]


async def test_a_call_that_was_refused_does_not_silence_the_bell(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """The next call is a visitor's."""
    with refusing(front, "sip call", 5), pytest.raises(HomeAssistantError):
        await call(hass, number="0001")
    assert await steps(hass, front, "start") == ["ring"]


async def test_a_call_long_after_ours_is_a_visitors(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """A call that Home Assistant asked for and that never started is forgotten."""
    front.device.rooms["0001"] = {"room id": "0001"}
    with patch.object(front, "sip_event"):
        await call(hass, number="0001")
    now = hass.loop.time()
    with patch.object(hass.loop, "time", return_value=now + OUR_CALL_SECONDS):
        front.sip_event("start")
        await hass.async_block_till_done()
    assert attributes_of(hass, INTERCOM)["event_type"] == "ring"


@pytest.mark.parametrize(
    ("word", "seconds"),
    [("start", 120), ("ring", 120), ("called", 120), ("reject", 15), ("connect", 1800)],
)
async def test_a_call_whose_end_is_lost_ends_by_itself(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    front: TerminalSimulator,
    word: str,
    seconds: int,
) -> None:
    """Not before it may be over."""
    await steps(hass, front, word)
    during = state_of(hass, STATE)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds - 2))
    await settle(hass)
    assert state_of(hass, STATE) == during != "idle"
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds + 1))
    await settle(hass)
    assert state_of(hass, STATE) == "idle"


async def test_hanging_up_ends_what_shows(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Also if the terminal does not tell of it."""
    await steps(hass, front, "start", "connect")
    with patch.object(front, "sip_event"):
        await act(hass, "button.press", HANG_UP)
    await settle(hass)
    assert state_of(hass, STATE) == "idle"


async def test_what_the_broker_kept_does_not_ring(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Whoever rang has gone long ago."""
    async_fire_mqtt_message(
        hass,
        front.topics["capture_request"],
        b'{"cmd": "sip event", "sip_event": 1}',
        retain=True,
    )
    await settle(hass)
    assert state_of(hass, INTERCOM) == "unknown"
    assert state_of(hass, STATE) == "idle"


async def test_an_unknown_step_is_said_once(
    hass: HomeAssistant, front: TerminalSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """It shows nothing and breaks nothing."""
    for _ in range(2):
        front.send({"cmd": "sip event", "device_sn": front.serial, "sip_event": 9})
        await settle(hass)
    assert caplog.text.count("a step of a call that is not known") == 1
    assert state_of(hass, INTERCOM) == "unknown"


async def test_nothing_is_left_when_the_entry_is_unloaded(
    hass: HomeAssistant, front: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """No timer waits for the end of a call."""
    await steps(hass, front, "start")
    assert await hass.config_entries.async_unload(terminal_entry.entry_id)
    await settle(hass)
    assert state_of(hass, STATE) == "unavailable"


async def test_a_firmware_without_calls_has_no_intercom(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What it answers with code 2 is not offered."""
    lacking = {name for name in COMMANDS if name.startswith("sip ")}
    commands = {name: it for name, it in COMMANDS.items() if name not in lacking}
    with patch.dict(COMMANDS, commands, clear=True):
        await set_up(hass, terminal_entry, *PLATFORMS)
    assert state_of(hass, INTERCOM) is None
    assert state_of(hass, STATE) is None


async def test_a_terminal_without_an_account_has_an_intercom(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """One is given to it when it is needed."""
    assert front.device.sip_account is None
    assert state_of(hass, INTERCOM) == "unknown"


async def test_the_logbook_tells_of_a_call(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Who rang, and that it ended."""
    events = async_capture_events(hass, EVENT_INTERCOM)
    await steps(hass, front, "start", "end")
    told = [describers(hass)[EVENT_INTERCOM](event) for event in events]
    assert [f"{line['name']} {line['message']}" for line in told] == [
        "Front door rang",
        "Front door call ended",
    ]
