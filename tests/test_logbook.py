"""The logbook tells who came and what got hot, in sentences."""

from collections.abc import Callable
import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.thermogate import logbook
from custom_components.thermogate.const import DOMAIN, EVENT_ACCESS, EVENT_ALARM
from custom_components.thermogate.coordinator.alarms import ALARMS
from custom_components.thermogate.facegate import AccessResult
from homeassistant.const import Platform
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
from tests.helpers import capture, door, set_up, settle
from tests.simulators.camera import CameraSimulator
from tests.simulators.terminal import Options, TerminalSimulator
from tests.waiting import until

type Describe = Callable[[Event[Any]], dict[str, str]]


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


def describers(hass: HomeAssistant) -> dict[str, Describe]:
    """Return what puts our events in words, by event."""
    found: dict[str, Describe] = {}

    def describe(domain: str, event: str, function: Describe) -> None:
        assert domain == DOMAIN
        found[event] = function

    logbook.async_describe_events(hass, describe)
    return found


def sentence(hass: HomeAssistant, event: str, **data: Any) -> str:
    """Return the line for an event, as it is read: name and message."""
    values = {"name": "Front door", "type": "granted", **data}
    told = describers(hass)[event](Event(event, values))
    assert set(told) == {"name", "message"}
    return f"{told['name']} {told['message']}"


@pytest.mark.parametrize(
    ("kind", "wishes", "words"),
    [
        (
            "known",
            {"person": "Amara Okafor", "temperature": 36.6, "score": 97},
            "Amara Okafor was let in at Front door (face, 97 %, 36.6 °C)",
        ),
        (
            "card",
            {"person": "Mateo Alvarez", "temperature": 36.6},
            "Mateo Alvarez was let in at Front door (card, 36.6 °C)",
        ),
        (
            "hot",
            {"person": "Amara Okafor", "temperature": 38.7, "score": 90},
            "Amara Okafor was refused at Front door (temperature too high, face, 90 %, 38.7 °C)",
        ),
        (
            "stranger",
            {"temperature": 36.4},
            "A stranger was refused at Front door (36.4 °C)",
        ),
        (
            "badcard",
            {"temperature": 36.4},
            "Somebody was refused at Front door (card not registered, 36.4 °C)",
        ),
    ],
)
async def test_an_access_is_a_sentence(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    kind: str,
    wishes: dict[str, Any],
    words: str,
) -> None:
    """Who, with what result, where, by what means, how surely and how warm."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    events = async_capture_events(hass, EVENT_ACCESS)

    await capture(hass, terminal, kind, **wishes)

    [event] = events
    told = describers(hass)[EVENT_ACCESS](event)
    assert f"{told['name']} {told['message']}" == words


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Somebody was let in at Front door"),
        (
            {"person": "Ada", "methods": ["face", "id-card"]},
            "Ada was let in at Front door (face, id card)",
        ),
        ({"person": "Ada", "score": 0}, "Ada was let in at Front door (0 %)"),
        (
            {"person": "Ada", "type": "denied", "reason": "expired"},
            "Ada was refused at Front door (expired)",
        ),
        ({"type": "stranger"}, "A stranger was refused at Front door"),
        (
            {"type": "stranger", "decision": "opened", "decision_reason": "script"},
            "A stranger was let in by Home Assistant at Front door",
        ),
        (
            {
                "person": "Ada",
                "decision": "refused",
                "decision_reason": "outside_hours",
                "score": 90,
            },
            "Ada was not let in by Home Assistant at Front door (outside hours, 90 %)",
        ),
        (
            {
                "person": "Ada",
                "type": "denied",
                "reason": "expired",
                "decision": "refused",
                "decision_reason": "refused_by_terminal",
            },
            "Ada was not let in by Home Assistant at Front door (expired)",
        ),
        (
            {"person": "Ada", "decision": "none", "decision_reason": "resent"},
            "Ada was let in at Front door",
        ),
    ],
)
async def test_what_is_not_known_is_left_out(
    hass: HomeAssistant, data: dict[str, Any], words: str
) -> None:
    """No empty brackets, no None."""
    assert sentence(hass, EVENT_ACCESS, **data) == words


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            {"type": "temperature", "rule": "Motor", "maximum": 84.23},
            "Yard reported a temperature alarm of rule Motor, 84.2 °C",
        ),
        (
            {
                "type": "temperature",
                "rule": "Motor",
                "measured": "low",
                "maximum": 9.0,
                "minimum": -3.0,
            },
            "Yard reported a temperature alarm of rule Motor, -3.0 °C",
        ),
        (
            {"type": "temperature", "measured": "average", "average": 50, "maximum": 9},
            "Yard reported a temperature alarm, 50.0 °C",
        ),
        (
            {"type": "fire", "area": "Shed", "maximum": 300.0},
            "Yard reported a fire in area Shed, 300.0 °C",
        ),
        ({"type": "storage_full"}, "Yard reported that its storage is full"),
        ({"type": "network"}, "Yard reported a failure of its network"),
    ],
)
async def test_an_alarm_is_a_sentence(
    hass: HomeAssistant, data: dict[str, Any], words: str
) -> None:
    """Which camera, what, where, and how hot or cold, by what raised it."""
    assert sentence(hass, EVENT_ALARM, name="Yard", **data) == words


async def test_every_result_and_every_alarm_has_words(hass: HomeAssistant) -> None:
    """None that a device can send is an error in the logbook."""
    for result in AccessResult:
        assert sentence(hass, EVENT_ACCESS, type=result.value)
    for alarm in ALARMS:
        assert sentence(hass, EVENT_ALARM, type=alarm)


async def test_temperatures_in_the_units_of_the_house(hass: HomeAssistant) -> None:
    """Where one measures in Fahrenheit, the logbook does."""
    hass.config.units = US_CUSTOMARY_SYSTEM

    assert sentence(hass, EVENT_ACCESS, person="Ada", temperature=36.6) == (
        "Ada was let in at Front door (97.9 °F)"
    )


# What is on the bus


async def test_an_access_is_one_event_of_its_device_and_entity(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
) -> None:
    """So that the logbooks of both show it. It carries no picture, and no number of a person or a card: it is kept for days."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    [device] = dr.async_entries_for_config_entry(
        device_registry, terminal_entry.entry_id
    )
    events = async_capture_events(hass, EVENT_ACCESS)

    sent = await capture(
        hass, terminal, "idcard", person="Yusuf Demir", temperature=36.6, score=97
    )
    terminal.send_capture(sent)
    await settle(hass)

    [event] = events
    event_id = event.data["event_id"]
    assert event.data == {
        "device_id": device.id,
        "entity_id": "event.front_door_access",
        "name": "Front door",
        "type": "granted",
        "event_id": event_id,
        "person": "Yusuf Demir",
        "methods": ["face", "id-card"],
        "score": 97,
        "temperature": 36.6,
        "decision": "none",
    }
    assert json.loads(json.dumps(event.data)) == event.data


async def test_what_came_late_is_no_news(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """A terminal that sends what it kept would fill today's page with yesterday."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    events = async_capture_events(hass, EVENT_ACCESS)
    sent = await capture(hass, terminal)
    sent.message |= {"is_realtime": 0, "sequence_no": 4711}
    terminal.send_capture(sent)
    await settle(hass)

    assert len(terminal.acknowledgements) == 2
    assert len(events) == 1


async def test_an_alarm_is_one_event(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Without its pictures and their addresses."""
    await set_up(hass, camera_entry, Platform.EVENT)
    events = async_capture_events(hass, EVENT_ALARM)

    await camera.inject("alarm rule")
    await until(lambda: events)

    data = events[0].data
    assert (data["type"], data["rule"], data["measured"]) == (
        "temperature",
        "Transformer",
        "high",
    )
    assert data["entity_id"] == "event.yard_alarm"
    assert not {"picture_url", "picture_urls", "at"} & data.keys()
    told = describers(hass)[EVENT_ALARM](events[0])
    assert told["message"].startswith("reported a temperature alarm of rule Transforme")
