"""Automations that a terminal starts."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.coordinator import DeviceEvent
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, device_registry as dr
from homeassistant.util import dt as dt_util
from tests.helpers import SERIAL, capture, door, set_up, settle
from tests.persons.house import device_id
from tests.simulators.terminal import Options, TerminalSimulator

from .house import aimed_at, automate, is_refused, told


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.fixture
async def front(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> TerminalSimulator:
    """Return the terminal at the front door, set up."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    return terminal


@pytest.mark.parametrize(
    ("trigger", "options", "kind", "wishes", "runs"),
    [
        ("person_recognised", {}, "known", {}, 1),
        ("person_recognised", {}, "stranger", {}, 0),
        ("person_recognised", {}, "denied", {}, 0),
        (
            "person_recognised",
            {"person": ["amara OKAFOR"]},
            "known",
            {"person": "Amara Okafor"},
            1,
        ),
        (
            "person_recognised",
            {"person": "1001"},
            "known",
            {"person": "Amara Okafor"},
            1,
        ),
        (
            "person_recognised",
            {"person": ["1002", "Mateo Alvarez"]},
            "known",
            {"person": "Amara Okafor"},
            0,
        ),
        ("unknown_person", {}, "stranger", {}, 1),
        ("unknown_person", {}, "known", {}, 0),
        ("access_refused", {}, "denied", {}, 1),
        ("access_refused", {}, "known", {}, 0),
        ("access_refused", {}, "stranger", {}, 0),
        ("access_refused", {"reason": ["restricted_person"]}, "denied", {}, 1),
        ("access_refused", {"reason": ["expired", "holiday"]}, "denied", {}, 0),
        ("access_refused", {"person": "Henry Blackwood"}, "denied", {}, 1),
        ("access_refused", {"person": "Amara Okafor"}, "denied", {}, 0),
        ("temperature_too_high", {}, "hot", {"temperature": 38.7}, 1),
        ("temperature_too_high", {}, "known", {"temperature": 36.9}, 0),
        ("temperature_too_high", {"above": 36.8}, "known", {"temperature": 36.9}, 1),
        ("temperature_too_high", {"above": 38.7}, "hot", {"temperature": 38.7}, 0),
    ],
)
async def test_who_starts_it(
    hass: HomeAssistant,
    front: TerminalSimulator,
    trigger: str,
    options: dict[str, Any],
    kind: str,
    wishes: dict[str, Any],
    runs: int,
) -> None:
    """An access starts the automations that want it, and no other."""
    noted = await automate(hass, trigger, aimed_at(device_id(hass, SERIAL)), **options)
    await capture(hass, front, kind, **wishes)
    assert len(noted) == runs


async def test_what_it_knows(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """All that the event tells, with its pictures."""
    front_door = device_id(hass, SERIAL)
    noted = await automate(hass, "person_recognised", aimed_at(front_door))
    await capture(hass, front, person="Amara Okafor", temperature=36.5)
    known = told(noted[0])
    shown = hass.states.get("event.front_door_access")
    assert shown is not None
    assert {name: known[name] for name in ("person", "person_id", "temperature")} == {
        "person": "Amara Okafor",
        "person_id": "1001",
        "temperature": 36.5,
    }
    assert known["type"] == "granted"
    assert known["event_id"] == shown.attributes["event_id"]
    assert known["picture_url"] == shown.attributes["picture_url"]
    assert known["picture_urls"].keys() >= {"face", "scene"}
    assert known["device_id"] == front_door
    assert known["name"] == "Front door"
    assert known["description"] == "person recognised (Front door)"


async def test_after_a_reload(
    hass: HomeAssistant, front: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """The automation goes on."""
    noted = await automate(hass, "unknown_person", aimed_at(device_id(hass, SERIAL)))
    assert await hass.config_entries.async_reload(terminal_entry.entry_id)
    await settle(hass)
    await capture(hass, front, "stranger")
    assert len(noted) == 1


async def test_before_the_terminal_is_there(
    hass: HomeAssistant, front: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Home Assistant may set up its automations first."""
    assert await hass.config_entries.async_unload(terminal_entry.entry_id)
    noted = await automate(hass, "unknown_person", aimed_at(device_id(hass, SERIAL)))
    assert await hass.config_entries.async_setup(terminal_entry.entry_id)
    await settle(hass)
    await capture(hass, front, "stranger")
    assert len(noted) == 1


async def test_what_came_late_starts_nothing(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """As it fires no event."""
    noted = await automate(hass, "unknown_person", aimed_at(device_id(hass, SERIAL)))
    sent = await capture(hass, front, "stranger")
    front.send_capture(sent)
    await settle(hass)
    assert len(noted) == 1


async def test_a_room(
    hass: HomeAssistant, front: TerminalSimulator, device_registry: dr.DeviceRegistry
) -> None:
    """A terminal is one of its area's, from the moment it is put there, and by its entity."""
    hall = ar.async_get(hass).async_create("Hall")
    in_hall = await automate(hass, "unknown_person", {"area_id": hall.id})
    await capture(hass, front, "stranger")
    assert in_hall == []
    device_registry.async_update_device(device_id(hass, SERIAL), area_id=hall.id)
    await capture(hass, front, "stranger")
    assert len(in_hall) == 1


async def test_an_entity(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """It stands for its device."""
    noted = await automate(
        hass, "unknown_person", {"entity_id": "event.front_door_access"}
    )
    await capture(hass, front, "stranger")
    assert len(noted) == 1


async def test_another_device(
    hass: HomeAssistant, front: TerminalSimulator, device_registry: dr.DeviceRegistry
) -> None:
    """What happens elsewhere starts nothing."""
    entry = MockConfigEntry(domain="elsewhere")
    entry.add_to_hass(hass)
    other = device_registry.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("elsewhere", "1")}
    )
    noted = await automate(hass, "unknown_person", aimed_at(other.id))
    await capture(hass, front, "stranger")
    assert noted == []


@pytest.mark.parametrize(("kind", "runs"), [("ring", 1), ("ended", 0)])
async def test_a_call(
    hass: HomeAssistant,
    front: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    kind: str,
    runs: int,
) -> None:
    """The ring starts it, the rest of the call does not."""
    noted = await automate(hass, "call", aimed_at(device_id(hass, SERIAL)))
    terminal_entry.runtime_data.async_fire(
        DeviceEvent(
            source="intercom",
            kind=kind,
            event_id="1",
            at=dt_util.utcnow(),
            attributes={},
        )
    )
    await settle(hass)
    assert len(noted) == runs


@pytest.mark.parametrize(
    ("trigger", "options"),
    [
        ("access_refused", {"reason": ["bad mood"]}),
        ("person_recognised", {"person": []}),
        ("person_recognised", {"person": " "}),
        ("temperature_too_high", {"above": "warm"}),
        ("unknown_person", {"person": "Amara Okafor"}),
    ],
)
async def test_options_that_make_no_sense(
    hass: HomeAssistant,
    front: TerminalSimulator,
    trigger: str,
    options: dict[str, Any],
) -> None:
    """The automation is refused rather than never started."""
    await automate(hass, trigger, aimed_at(device_id(hass, SERIAL)), **options)
    assert is_refused(hass)
