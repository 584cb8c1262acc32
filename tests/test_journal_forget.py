"""Forgetting a person: in terminals, in the journal and on the dashboard; and saying what was not done."""

from collections.abc import AsyncGenerator
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    mock_restore_cache_with_extra_data,
)

from custom_components.thermogate.const import (
    CONF_ACKNOWLEDGE_ALWAYS,
    CONF_KIND,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    DOMAIN,
    DeviceKind,
)
from custom_components.thermogate.facegate import FaceGateTimeoutError
from custom_components.thermogate.journal import (
    Journal,
    JournalError,
    Kind,
    Query,
    Reason,
)
from custom_components.thermogate.keeper import async_get_keeper
from custom_components.thermogate.people import Who
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.const import EVENT_STATE_CHANGED, Platform
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from tests.helpers import attributes_of, capture, door, set_up, settle, state_of
from tests.journal.makers import record
from tests.simulators.camera import CameraSimulator
from tests.simulators.terminal import Options, TerminalSimulator

AMARA = {"person": "Amara Okafor"}
BACK = "0000AA-111111-222222"
ACCESS = "event.front_door_access"
# The same for all: an entry cannot be unloaded from a platform that only another one has.
PLATFORMS = (Platform.EVENT, Platform.IMAGE, Platform.SENSOR)
SHOWN = (
    "sensor.front_door_last_person",
    "sensor.front_door_last_body_temperature",
    "sensor.front_door_last_access",
    "image.front_door_face",
    "image.front_door_scene",
)


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.fixture
async def journal(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> Journal:
    """Return the journal of a house with a terminal at its front door."""
    await set_up(hass, terminal_entry, *PLATFORMS)
    return async_get_keeper(hass).journal


@pytest.fixture
def back_entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return the entry of a terminal at the back door, not set up yet."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Back door",
        unique_id=BACK,
        data={
            CONF_KIND: DeviceKind.TERMINAL,
            CONF_TOPIC_ID: BACK,
            CONF_TOPIC_PREFIX: "",
        },
    )
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
async def back(
    hass: HomeAssistant, journal: Journal, back_entry: MockConfigEntry
) -> AsyncGenerator[TerminalSimulator]:
    """Run the terminal at the back door."""
    async with TerminalSimulator(door(serial=BACK)) as simulator:
        await set_up(hass, back_entry, *PLATFORMS)
        yield simulator


async def forget(hass: HomeAssistant, **fields: Any) -> dict[str, Any]:
    """Return the answer of the action."""
    answer = await hass.services.async_call(
        DOMAIN, "forget_person", fields, blocking=True, return_response=True
    )
    assert answer is not None
    await settle(hass)
    return dict(answer)


def results(answer: dict[str, Any]) -> dict[str, str]:
    """Return what became of the registrations, by terminal."""
    return {terminal["device"]: terminal["result"] for terminal in answer["terminals"]}


async def subjects(journal: Journal) -> list[str]:
    """Return who is in the journal, who came last first."""
    return [entry.subject for entry in (await journal.search(Query())).entries]


@pytest.mark.parametrize(
    "fields",
    [
        {"person_id": "1001"},
        {"name": "amara okafor"},
        {"person_id": " 1001 ", "name": "Amara Okafor"},
    ],
    ids=str,
)
async def test_a_person_is_gone(
    hass: HomeAssistant,
    journal: Journal,
    terminal: TerminalSimulator,
    back: TerminalSimulator,
    fields: dict[str, str],
) -> None:
    """By number or by name: nobody knows them any more, and everybody else is still there."""
    for person in ("Amara Okafor", "Linh Nguyen", "Amara Okafor"):
        await capture(hass, terminal, person=person)
    del back.device.people["1001"]

    answer = await forget(hass, **fields)

    assert answer["complete"] is True
    assert (answer["person_id"], answer["entries"]) == ("1001", 2)
    # Those of one person look the same and are stored once.
    assert answer["pictures"] > 0
    assert results(answer) == {"Front door": "deleted", "Back door": "not_registered"}
    assert "1001" not in terminal.device.people
    assert "1003" in terminal.device.people
    assert await subjects(journal) == ["Linh Nguyen"]


async def test_nothing_of_them_stays_on_the_dashboard(
    hass: HomeAssistant, journal: Journal, terminal: TerminalSimulator
) -> None:
    """Sensors, pictures and the attributes of the event are empty, and nothing happens by that."""
    await capture(hass, terminal, **AMARA)
    before = state_of(hass, ACCESS)
    assert {state_of(hass, entity) for entity in SHOWN}.isdisjoint({"unknown", None})
    events = async_capture_events(hass, "thermogate_access")

    await forget(hass, name="Amara Okafor")

    assert {state_of(hass, entity) for entity in SHOWN} == {"unknown"}
    shown = attributes_of(hass, ACCESS)
    assert "granted" in shown["event_types"]
    assert set(shown) == {"event_type", "event_types", "friendly_name"}
    assert state_of(hass, ACCESS) == before
    assert events == []
    private = [
        state.entity_id
        for state in hass.states.async_all()
        if "Amara" in str(state.as_dict())
    ]
    assert private == []


async def test_whoever_came_after_them_stays(
    hass: HomeAssistant, journal: Journal, terminal: TerminalSimulator
) -> None:
    """Only what is shown of the person who is forgotten goes."""
    await capture(hass, terminal, **AMARA)
    await capture(hass, terminal, person="Linh Nguyen")
    states = async_capture_events(hass, EVENT_STATE_CHANGED)

    await forget(hass, person_id="1001")

    assert state_of(hass, SHOWN[0]) == "Linh Nguyen"
    assert attributes_of(hass, ACCESS)["person"] == "Linh Nguyen"
    # There is one fewer, that is all.
    assert [state.data["entity_id"] for state in states] == [
        "sensor.front_door_registered_persons"
    ]


async def test_what_was_restored_goes_too(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """After a restart the event still tells who was last, though the terminal has sent nothing yet."""
    told = {"person": "Amara Okafor", "person_id": "1001", "temperature": 36.6}
    mock_restore_cache_with_extra_data(
        hass,
        [
            (
                State(ACCESS, "2026-06-15T19:00:00.000+00:00"),
                {"last_event_type": "granted", "last_event_attributes": told},
            )
        ],
    )
    await set_up(hass, terminal_entry, Platform.EVENT)
    assert attributes_of(hass, ACCESS)["person"] == "Amara Okafor"

    await forget(hass, person_id="1001")

    assert set(attributes_of(hass, ACCESS)) == {
        "event_type",
        "event_types",
        "friendly_name",
    }


async def test_only_at_the_terminals_that_were_chosen(
    hass: HomeAssistant,
    journal: Journal,
    terminal: TerminalSimulator,
    back: TerminalSimulator,
    back_entry: MockConfigEntry,
) -> None:
    """They may still come in at the front."""
    everywhere = await forget(hass, person_id="1002", device_id=[])
    assert results(everywhere) == {"Front door": "deleted", "Back door": "deleted"}
    [chosen] = [
        answer["device_id"]
        for answer in everywhere["terminals"]
        if answer["device"] == "Back door"
    ]

    answer = await forget(hass, person_id="1001", device_id=chosen)

    assert results(answer) == {"Back door": "deleted"}
    assert "1001" in terminal.device.people
    assert "1001" not in back.device.people


# What cannot be done


async def test_a_terminal_that_does_not_answer(
    hass: HomeAssistant,
    journal: Journal,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    back: TerminalSimulator,
) -> None:
    """It is named, and all else is done nevertheless."""
    await capture(hass, terminal, **AMARA)
    client = terminal_entry.runtime_data.client

    with patch.object(client, "request", side_effect=FaceGateTimeoutError("late")):
        answer = await forget(hass, person_id="1001")

    assert answer["complete"] is False
    assert results(answer) == {"Front door": "failed", "Back door": "deleted"}
    [failed] = [each for each in answer["terminals"] if each["result"] == "failed"]
    assert failed["error"].startswith("The terminal did not answer in time.")
    assert answer["entries"] == 1
    assert await subjects(journal) == []


@pytest.mark.parametrize("state", ["not loaded", "disabled"])
async def test_a_terminal_that_is_not_running(
    hass: HomeAssistant,
    journal: Journal,
    back: TerminalSimulator,
    back_entry: MockConfigEntry,
    state: str,
) -> None:
    """Who is registered there can still come in: that is not kept quiet."""
    if state == "disabled":
        await hass.config_entries.async_set_disabled_by(
            back_entry.entry_id, ConfigEntryDisabler.USER
        )
    else:
        await hass.config_entries.async_unload(back_entry.entry_id)

    answer = await forget(hass, person_id="1001")

    assert answer["complete"] is False
    assert results(answer) == {"Front door": "deleted", "Back door": "failed"}
    assert answer["terminals"][1]["error"] == "not loaded"
    assert "1001" in back.device.people


async def test_a_failure_is_raised_where_nobody_takes_the_answer(
    hass: HomeAssistant,
    journal: Journal,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """An automation must not go on as if all were done."""
    await capture(hass, terminal, **AMARA)
    client = terminal_entry.runtime_data.client
    broken = JournalError(Reason.LOCKED, "database is locked")

    with (
        patch.object(client, "request", side_effect=FaceGateTimeoutError("late")),
        patch.object(Journal, "forget_person", side_effect=broken),
        pytest.raises(HomeAssistantError) as failed,
    ):
        await hass.services.async_call(
            DOMAIN, "forget_person", {"person_id": "1001"}, blocking=True
        )

    assert failed.value.translation_key == "not_all_forgotten"
    placeholders = failed.value.translation_placeholders
    assert placeholders is not None
    assert placeholders["failures"].startswith(
        "database is locked; Front door: The terminal did not answer"
    )


async def test_the_journal_fails_after_the_terminals(
    hass: HomeAssistant, journal: Journal, terminal: TerminalSimulator
) -> None:
    """What the terminals did is told all the same, and what is shown is emptied."""
    await capture(hass, terminal, **AMARA)
    broken = JournalError(Reason.LOCKED, "database is locked")

    with patch.object(Journal, "forget_person", side_effect=broken):
        answer = await forget(hass, person_id="1001")

    assert (answer["complete"], answer["error"]) == (False, "database is locked")
    assert (answer["entries"], answer["pictures"]) == (0, 0)
    assert results(answer) == {"Front door": "deleted"}
    assert state_of(hass, SHOWN[0]) == "unknown"


async def test_without_a_journal_nothing_is_done(
    hass: HomeAssistant,
    journal: Journal,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """It could only be done by halves."""
    await hass.config_entries.async_unload(terminal_entry.entry_id)

    with pytest.raises(HomeAssistantError) as failed:
        await forget(hass, person_id="1001")

    assert failed.value.translation_key == "journal"
    assert "1001" in terminal.device.people


async def test_a_name_that_no_number_is_known_for(
    hass: HomeAssistant, journal: Journal, terminal: TerminalSimulator
) -> None:
    """Terminals delete numbers: whether there is somebody of that name cannot be told, and is not kept quiet."""
    await journal.append(record(subject="Ada", person_id=""))
    before = dict(terminal.device.people)

    answer = await forget(hass, name="ADA")

    assert (answer["person_id"], answer["entries"]) == (None, 1)
    assert answer["complete"] is False
    assert results(answer) == {"Front door": "failed"}
    assert answer["terminals"][0]["error"] == "ID not known"
    assert terminal.device.people == before


# Whom it must not hit


@pytest.mark.parametrize(
    ("others", "ids"),
    [
        ([{"subject": "ADA", "person_id": "2"}], "1, 2"),
        ([{"subject": "Bo", "person_id": "1"}], "1"),
    ],
    ids=["two of one name", "two of one number"],
)
async def test_a_name_that_could_be_somebody_elses(
    hass: HomeAssistant,
    journal: Journal,
    terminal: TerminalSimulator,
    others: list[dict[str, str]],
    ids: str,
) -> None:
    """Nothing is deleted; the numbers are told, so that one can be chosen."""
    await journal.append(record(1, subject="Ada", person_id="1"))
    for number, other in enumerate(others, start=2):
        await journal.append(record(number, **other))

    with pytest.raises(ServiceValidationError) as refused:
        await forget(hass, name="Ada")

    assert refused.value.translation_key == "ambiguous_person"
    assert refused.value.translation_placeholders == {"ids": ids}
    assert len(await subjects(journal)) == 2

    assert (await forget(hass, person_id="1"))["entries"] >= 1


async def test_alarms_are_not_about_people(
    hass: HomeAssistant, journal: Journal
) -> None:
    """A rule may be called like somebody."""
    await journal.append(
        record(kind=Kind.ALARM, outcome="fire", subject="Ada", person_id="")
    )

    assert (await forget(hass, name="Ada"))["entries"] == 0
    assert await subjects(journal) == ["Ada"]


@pytest.mark.parametrize("fields", [{}, {"name": " "}, {"person_id": "", "name": ""}])
async def test_nobody_is_not_everybody(
    hass: HomeAssistant,
    journal: Journal,
    terminal: TerminalSimulator,
    fields: dict[str, str],
) -> None:
    """A template that came out empty must not empty a terminal."""
    before = dict(terminal.device.people)
    await journal.append(record(subject="", person_id="", outcome="stranger"))

    with pytest.raises(ServiceValidationError) as refused:
        await forget(hass, **fields)

    assert refused.value.translation_key == "nobody_named"
    assert terminal.device.people == before
    assert len(await subjects(journal)) == 1


async def test_a_camera_registers_nobody(
    hass: HomeAssistant,
    journal: Journal,
    terminal: TerminalSimulator,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
) -> None:
    """It is refused where it was chosen, and not asked where all terminals are meant."""
    await set_up(hass, camera_entry, *PLATFORMS)
    [yard] = dr.async_entries_for_config_entry(device_registry, camera_entry.entry_id)

    assert set(results(await forget(hass, person_id="1002"))) == {"Front door"}
    with pytest.raises(ServiceValidationError) as refused:
        await forget(hass, person_id="1001", device_id=yard.id)

    assert refused.value.translation_key == "no_terminal"
    assert "1001" in terminal.device.people


async def test_what_waits_for_the_disk_is_forgotten_too(
    hass: HomeAssistant,
    journal: Journal,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """It would be stored later, when everybody believes that it is gone."""
    hass.config_entries.async_update_entry(
        terminal_entry, options={CONF_ACKNOWLEDGE_ALWAYS: True}
    )
    full = JournalError(Reason.DISK_FULL, "No space left on device")
    keeper = async_get_keeper(hass)
    with patch.object(Journal, "append", side_effect=full):
        await capture(hass, terminal, **AMARA)
        await capture(hass, terminal, person="Linh Nguyen")
    assert (await keeper.async_facts())["waiting"] == 2

    answer = await forget(hass, person_id="1001")

    assert answer["entries"] == 1
    assert (await keeper.async_facts())["waiting"] == 1


@pytest.mark.parametrize(
    ("who", "person_id", "name", "meant"),
    [
        (("1", ""), "1", "Ada", True),
        (("1", "Ada"), "1", "Bo", True),
        (("1", "Ada"), "2", "Ada", False),
        (("1", "Ada"), "", "ADA", True),
        (("1", "Ada"), None, "Bo", False),
        (("1", ""), "", "", False),
        (("1", ""), None, None, False),
        (("", "Ada"), "2", "ada", True),
        (("", "Groß"), "", "GROSS", True),
        (("", "Ada"), "2", None, False),
        (("", ""), "", "", False),
    ],
)
async def test_who_is_meant_is_what_the_journal_deletes(
    journal: Journal,
    who: tuple[str, str],
    person_id: str | None,
    name: str | None,
    meant: bool,
) -> None:
    """What is shown and what is stored is judged alike."""
    asked = Who(person_id=who[0], name=who[1])
    assert asked.is_meant(person_id, name) is meant

    if who != ("", ""):
        await journal.append(record(subject=name or "", person_id=person_id or ""))
        gone = await journal.forget_person(person_id=who[0], name=who[1])
        assert gone.entries == meant
