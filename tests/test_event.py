"""What happens at a device shows as an event, each time it happens."""

from typing import Any

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.thermogate.coordinator import DeviceEvent
from homeassistant.const import EVENT_STATE_CHANGED, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from tests.helpers import (
    attributes_of,
    capture,
    capture_at_one,
    door,
    set_up,
    settle,
    state_of,
)
from tests.simulators.camera import CameraSimulator
from tests.simulators.terminal import Options, Quirk, TerminalSimulator
from tests.waiting import until

ACCESS = "event.front_door_access"
ALARM = "event.yard_alarm"


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.mark.usefixtures("plain_tokens")
async def test_terminal(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A terminal tells who came."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    await capture_at_one(hass, terminal, cap_time="2026/06/15 12:59:58.250")
    await snapshot_platform(hass, entity_registry, snapshot, terminal_entry.entry_id)


async def test_camera(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A camera tells what is wrong."""
    await set_up(hass, camera_entry, Platform.EVENT)
    await snapshot_platform(hass, entity_registry, snapshot, camera_entry.entry_id)


@pytest.mark.parametrize(
    ("kind", "wishes", "event_type", "told"),
    [
        (
            "known",
            {"person": "Amara Okafor", "temperature": 36.5, "score": 91},
            "granted",
            {
                "person": "Amara Okafor",
                "person_id": "1001",
                "role": "allowed",
                "customer_text": "site manager",
                "methods": ["face"],
                "temperature": 36.5,
                "score": 91,
                "reason": None,
                "mask": False,
                "anonymous": False,
                "encrypted": False,
            },
        ),
        ("masked", {}, "granted", {"mask": True, "reason": None}),
        ("stranger", {}, "stranger", {"reason": None, "score": None}),
        (
            "denied",
            {},
            "denied",
            {"reason": "restricted_person", "person": "Henry Blackwood"},
        ),
        (
            "hot",
            {"temperature": 38.7},
            "denied",
            {"reason": "temperature_too_high", "temperature": 38.7},
        ),
        ("nomask", {}, "denied", {"reason": "no_mask", "mask": False}),
        ("known", {"reason": -3}, "denied", {"reason": "expired"}),
        ("known", {"reason": -4}, "denied", {"reason": "not_in_schedule"}),
        ("known", {"reason": -5}, "denied", {"reason": "holiday"}),
        ("known", {"reason": -8}, "denied", {"reason": "no_helmet"}),
        ("known", {"reason": -10}, "denied", {"reason": "id_mismatch"}),
        ("known", {"reason": -99}, "denied", {"reason": "unknown"}),
        (
            "card",
            {"person": "Mateo Alvarez"},
            "granted",
            {"person": "Mateo Alvarez", "card": "5210332", "methods": ["card"]},
        ),
        (
            "card",
            {"person": "Linh Nguyen"},
            "granted",
            {"card": "88012345678901"},
        ),
        ("badcard", {}, "denied", {"reason": "card_not_registered"}),
        (
            "idcard",
            {"person": "Yusuf Demir"},
            "granted",
            {
                "id_card_name": "Yusuf Demir",
                "id_card_number": "511000000000001004",
                "methods": ["face", "id-card"],
            },
        ),
        ("anyface", {}, "granted", {"anonymous": True, "score": 100}),
    ],
)
async def test_a_capture_is_an_event(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    kind: str,
    wishes: dict[str, Any],
    event_type: str,
    told: dict[str, Any],
) -> None:
    """Every kind of capture becomes its event, which says who, how, and with what result."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    await capture(hass, terminal, kind, **wishes)
    shown = attributes_of(hass, ACCESS)
    assert shown["event_type"] == event_type
    assert {name: shown[name] for name in told} == told


async def test_a_qr_code_comes_along(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """A QR code that nobody is registered for is passed on, for an automation to judge."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    sent = await capture(hass, terminal, "qr")
    code = sent.message["qr_code"]
    assert isinstance(code, dict)
    assert attributes_of(hass, ACCESS)["qr_code"] == code["qr_data"]


async def test_encrypted_names_are_not_shown(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """A terminal that encrypts names tells that somebody known came, not who."""
    terminal.device.aes_enabled = True
    await set_up(hass, terminal_entry, Platform.EVENT, Platform.SENSOR)
    await capture(hass, terminal, "known")
    shown = attributes_of(hass, ACCESS)
    assert shown["event_type"] == "granted"
    assert (shown["encrypted"], shown["person"], shown["person_id"]) == (
        True,
        None,
        None,
    )
    assert state_of(hass, "sensor.front_door_last_person") == "unknown"


async def test_the_same_person_twice_is_two_events(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Who comes twice is announced twice."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    states = async_capture_events(hass, EVENT_STATE_CHANGED)
    await capture(hass, terminal, person="Amara Okafor", temperature=36.5, score=90)
    await capture(hass, terminal, person="Amara Okafor", temperature=36.5, score=90)
    assert len(states) == 2
    assert (
        len({event.data["new_state"].attributes["event_id"] for event in states}) == 2
    )


async def test_captures_without_number_and_time_are_told_apart(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What cannot be told from a resend counts as new: better announced twice than never."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    states = async_capture_events(hass, EVENT_STATE_CHANGED)
    sent = await capture(hass, terminal)
    for key in ("sequence_no", "cap_time"):
        del sent.message[key]
    for _ in range(2):
        terminal.send_capture(sent)
        await settle(hass)
    assert (
        len({event.data["new_state"].attributes["event_id"] for event in states}) == 3
    )


@pytest.mark.parametrize("terminal_options", [door(Quirk.EMPTY_MATCH)])
async def test_a_match_of_nobody_is_a_stranger(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Some devices describe a stranger with empty texts."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    await capture(hass, terminal, "stranger")
    shown = attributes_of(hass, ACCESS)
    assert shown["event_type"] == "stranger"
    assert "person" not in shown


@pytest.mark.parametrize(
    ("alarm", "event_type", "told"),
    [
        ("rule", "temperature", {"rule": "Transformer", "measured": "high"}),
        ("hot", "hot_spot", {"rule": "Hot spot", "measured": "high"}),
        ("cold", "cold_spot", {"rule": "Cold spot", "measured": "low"}),
        ("fire", "fire", {}),
        ("input", "external_input", {}),
        ("body", "temperature", {}),
        ("storage-full", "storage_full", {"free": 512, "total": 30_000}),
        ("storage-failure", "storage_failure", {}),
        ("stream", "stream", {}),
        (
            "illegal-access",
            "illegal_access",
            {"user": "root", "address": "192.0.2.77"},
        ),
        ("network", "network", {"address": "192.168.1.1"}),
    ],
)
async def test_a_push_is_an_event(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    alarm: str,
    event_type: str,
    told: dict[str, Any],
) -> None:
    """Every alarm that the camera pushes becomes its event, which says what and where."""
    await set_up(hass, camera_entry, Platform.EVENT)
    await camera.inject(f"alarm {alarm}")
    await until(lambda: state_of(hass, ALARM) != "unknown")
    shown = attributes_of(hass, ALARM)
    assert shown["event_type"] == event_type
    assert {name: shown[name] for name in told} == told


async def test_an_entity_shows_its_own_events_only(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """What happens elsewhere at the device is another entity's."""
    await set_up(hass, camera_entry, Platform.EVENT)
    camera_entry.runtime_data.async_fire(
        DeviceEvent(
            source="elsewhere",
            kind="fire",
            event_id="1",
            at=dt_util.utcnow(),
            attributes={},
        )
    )
    await settle(hass)
    assert state_of(hass, ALARM) == "unknown"
