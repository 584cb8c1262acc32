"""What a terminal captures is stored, then acknowledged, then shown: each once, whatever happens in between."""

import asyncio
from collections.abc import Generator
import threading
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.const import (
    CONF_ACKNOWLEDGE,
    CONF_ACKNOWLEDGE_ALWAYS,
    CONF_LEAVE_OUT_TEMPERATURE,
)
from custom_components.thermogate.coordinator.terminal import TerminalCoordinator
from custom_components.thermogate.diagnostics import async_get_config_entry_diagnostics
from custom_components.thermogate.journal import journal as journal_module
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from tests.helpers import SERIAL, attributes_of, capture, door, set_up, settle, state_of
from tests.journal.makers import full_disk
from tests.journals import (
    ACCESS,
    FAILURES,
    entries,
    folder_of,
    happenings,
    impatient,
    pictures_of,
    restart,
    said,
    trouble,
    try_again,
)
from tests.simulators.terminal import CaptureSent, Options, TerminalSimulator
from tests.waiting import until

PERSON = "sensor.front_door_last_person"


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.fixture(autouse=True)
def _impatient() -> Generator[None]:
    """Wait for nobody's lock."""
    with impatient():
        yield


def results(terminal: TerminalSimulator) -> list[str]:
    """Return what the terminal thought of the acknowledgements that it got."""
    return [each.result for each in terminal.acknowledgements]


async def again(
    hass: HomeAssistant, terminal: TerminalSimulator, sent: CaptureSent
) -> None:
    """Let the terminal send a capture once more, and Home Assistant finish with it."""
    terminal.send_capture(sent)
    await settle(hass)


def options(hass: HomeAssistant, entry: MockConfigEntry, **chosen: bool) -> None:
    """Set options of a terminal."""
    hass.config_entries.async_update_entry(entry, options=chosen)


# What is stored


async def test_a_capture_is_an_entry_with_its_pictures(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Who, when, how, by which device, and the very pictures of that event."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    events = happenings(hass, ACCESS)
    await capture(
        hass,
        terminal,
        person="Amara Okafor",
        temperature=36.5,
        score=91,
        pictures="both",
    )
    (entry,) = await entries(hass)
    (event,) = events
    assert (entry.device, entry.kind, entry.outcome) == (SERIAL, "access", "granted")
    assert (entry.subject, entry.person_id) == ("Amara Okafor", "1001")
    assert (entry.temperature, entry.live, entry.caught_up) == (36.5, True, False)
    assert entry.details["score"] == 91
    assert entry.event_id == event["event_id"]
    access = terminal_entry.runtime_data.data.access
    assert entry.at == access.at
    assert await pictures_of(hass, entry) == {
        "face": access.capture.face.data,
        "scene": access.capture.scene.data,
    }
    assert event["picture_urls"].keys() == {"face", "scene"}
    assert all(entry.event_id in url for url in event["picture_urls"].values())


@pytest.mark.parametrize(
    ("kind", "outcome", "subject"),
    [
        ("stranger", "stranger", ""),
        ("denied", "denied", "Henry Blackwood"),
        ("qr", "denied", ""),
    ],
)
async def test_who_is_not_let_in_is_stored_too(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    kind: str,
    outcome: str,
    subject: str,
) -> None:
    """They are what a person looks for afterwards."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    await capture(hass, terminal, kind)
    (entry,) = await entries(hass)
    shown = attributes_of(hass, ACCESS)
    assert (entry.outcome, entry.subject) == (shown["event_type"], subject)
    assert kind == "qr" or entry.outcome == outcome


async def test_encrypted_names_are_not_stored(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What nobody can read is no name."""
    terminal.device.aes_enabled = True
    await set_up(hass, terminal_entry, Platform.EVENT)
    await capture(hass, terminal, "known")
    (entry,) = await entries(hass)
    assert (entry.subject, entry.person_id) == ("", "")
    assert entry.details["encrypted"] is True


# While it fails


@pytest.mark.parametrize("failure", FAILURES)
async def test_what_cannot_be_stored_is_not_acknowledged_until_it_is(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    failure: str,
) -> None:
    """It is shown once, without pictures that nobody could serve; the terminal sends it again, and then it is stored."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    events = happenings(hass, ACCESS)
    with FAILURES[failure](hass):
        sent = await capture(hass, terminal)
        await again(hass, terminal, sent)
        other = await capture(hass, terminal, "stranger")
        assert trouble(hass) == failure
        assert results(terminal) == []
    assert said(caplog, "The journal cannot store") == 1
    assert [event["event_type"] for event in events] == ["granted", "stranger"]
    assert not any("picture_url" in event for event in events)

    await again(hass, terminal, sent)
    await again(hass, terminal, other)

    assert results(terminal) == ["accepted", "accepted"]
    assert trouble(hass) is None
    assert said(caplog, "The journal stores again") == 1
    stored = await entries(hass)
    assert [entry.event_id for entry in stored] == [
        event["event_id"] for event in events
    ]
    assert all([await pictures_of(hass, entry) for entry in stored])
    assert len(events) == 2


@pytest.mark.parametrize("failure", FAILURES)
async def test_it_heals_without_another_visitor(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    failure: str,
) -> None:
    """The notice goes when there is room again, not when somebody comes; it does not go because time passes."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    events = happenings(hass, ACCESS)
    with FAILURES[failure](hass):
        sent = await capture(hass, terminal)
        await try_again(hass)
        assert trouble(hass) == failure
    await try_again(hass)
    assert trouble(hass) is None
    assert said(caplog, "The journal cannot store") == 1
    assert said(caplog, "The journal stores again") == 1

    await again(hass, terminal, sent)
    assert results(terminal) == ["accepted"]
    assert len(await entries(hass)) == 1
    assert len(events) == 1


async def test_what_was_shown_is_not_shown_again_after_a_restart(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """A disk that is full for a day, and a Home Assistant that is restarted because of it."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    with full_disk():
        sent = await capture(hass, terminal)
        await restart(hass, terminal_entry)
    events = happenings(hass, ACCESS)
    await again(hass, terminal, sent)
    assert results(terminal) == ["accepted"]
    assert len(await entries(hass)) == 1
    assert not events


async def test_a_journal_that_cannot_be_opened_stops_no_terminal(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Doors are shown from the start, and stored as soon as that is possible."""
    obstacle = folder_of(hass) / "journal.db"
    obstacle.mkdir(parents=True)
    await set_up(hass, terminal_entry, Platform.EVENT)
    events = happenings(hass, ACCESS)
    assert trouble(hass) == "journal_permission"
    sent = await capture(hass, terminal)
    await try_again(hass)
    assert results(terminal) == []
    assert trouble(hass) == "journal_permission"

    obstacle.rmdir()
    await try_again(hass)
    assert trouble(hass) is None
    await again(hass, terminal, sent)
    assert results(terminal) == ["accepted"]
    assert len(await entries(hass)) == 1
    assert len(events) == 1


# Options


async def test_a_queue_may_move_while_the_disk_is_full(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Acknowledged all the same, and kept in memory until it can be stored; a resend in between changes nothing."""
    options(hass, terminal_entry, **{CONF_ACKNOWLEDGE_ALWAYS: True})
    await set_up(hass, terminal_entry, Platform.EVENT)
    events = happenings(hass, ACCESS)
    with full_disk():
        sent = await capture(hass, terminal, pictures="both")
        await again(hass, terminal, sent)
        await try_again(hass)
        assert results(terminal) == ["accepted", "repeated"]
        assert trouble(hass) == "journal_disk_full"
        assert await entries(hass) == []
    await try_again(hass)
    (entry,) = await entries(hass)
    assert (await pictures_of(hass, entry)).keys() == {"face", "scene"}
    assert trouble(hass) is None
    await again(hass, terminal, sent)
    assert len(await entries(hass)) == 1
    assert len(events) == 1


async def test_what_waits_survives_a_reload(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Whoever frees space may also reload the device."""
    options(hass, terminal_entry, **{CONF_ACKNOWLEDGE_ALWAYS: True})
    await set_up(hass, terminal_entry, Platform.EVENT)
    with full_disk():
        await capture(hass, terminal)
        assert await hass.config_entries.async_unload(terminal_entry.entry_id)
    assert trouble(hass) is None
    await set_up(hass, terminal_entry, Platform.EVENT)
    assert len(await entries(hass)) == 1


async def test_what_another_server_acknowledges_is_stored_all_the_same(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Nothing is said to the terminal; since it sends nothing again, what fails waits."""
    options(hass, terminal_entry, **{CONF_ACKNOWLEDGE: False})
    await set_up(hass, terminal_entry, Platform.EVENT)
    await capture(hass, terminal)
    with full_disk():
        await capture(hass, terminal)
    await try_again(hass)
    assert len(await entries(hass)) == 2
    assert results(terminal) == []


async def test_body_temperature_can_be_left_out_altogether(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No state, no attribute, no row, no diagnostics, no log has it; that somebody was denied because of it still shows."""
    caplog.set_level("DEBUG")
    options(hass, terminal_entry, **{CONF_LEAVE_OUT_TEMPERATURE: True})
    await set_up(hass, terminal_entry)
    events = happenings(hass, ACCESS)
    await capture(hass, terminal, "hot", temperature=38.7)
    (entry,) = await entries(hass)
    assert entry.temperature is None
    (event,) = events
    assert event["temperature"] is None
    assert event["reason"] == "temperature_too_high"
    diagnostics = await async_get_config_entry_diagnostics(hass, terminal_entry)
    states = [state.as_dict() for state in hass.states.async_all()]
    ours = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.thermogate")
    ]
    assert "38.7" not in f"{states} {entry} {diagnostics} {ours}"
    assert state_of(hass, "binary_sensor.front_door_temperature_alarm") == "on"


# Backlog


async def test_a_backlog_is_stored_in_order_and_changes_nothing_live(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Marked as caught up; who came last stays who came last."""
    await set_up(hass, terminal_entry, Platform.EVENT, Platform.SENSOR)
    await capture(hass, terminal, person="Amara Okafor")
    events = happenings(hass, ACCESS)

    def yesterday(hour: int) -> Any:
        return lambda message: message.update(
            is_realtime=0, cap_time=f"2026/06/14 {hour:02}:00:00.000"
        )

    for hour in range(8, 13):
        await terminal.capture("stranger", change=yesterday(hour))
    await settle(hass)

    assert results(terminal) == ["accepted"] * 6
    live, *backlog = await entries(hass)
    assert (live.live, live.caught_up) == (True, False)
    assert [(entry.live, entry.caught_up) for entry in backlog] == [(False, True)] * 5
    assert backlog == sorted(backlog, key=lambda entry: entry.at)
    assert not events
    assert state_of(hass, PERSON) == "Amara Okafor"


# Copies


async def test_copies_that_come_together_are_one(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """One row, one event, and every copy acknowledged."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    events = happenings(hass, ACCESS)
    sent = await terminal.capture()
    for _ in range(4):
        terminal.send_capture(sent)
    await settle(hass)
    assert results(terminal) == ["accepted", *["repeated"] * 4]
    assert len(await entries(hass)) == 1
    assert len(events) == 1


async def test_a_resend_after_a_restart_is_known(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """The journal remembers, whoever forgot."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    sent = await capture(hass, terminal)
    await restart(hass, terminal_entry)
    events = happenings(hass, ACCESS)
    await again(hass, terminal, sent)
    assert results(terminal) == ["accepted", "repeated"]
    assert len(await entries(hass)) == 1
    assert not events


async def test_captures_that_cannot_be_told_apart_are_all_stored(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Without number and time: better twice than never, and each with its own event."""

    def nameless(message: dict[str, Any]) -> None:
        message.pop("sequence_no")
        message["cap_time"] = ""

    await set_up(hass, terminal_entry, Platform.EVENT)
    events = happenings(hass, ACCESS)
    for _ in range(2):
        await terminal.capture(change=nameless)
        await settle(hass)
    stored = await entries(hass)
    assert [entry.event_id for entry in stored] == [
        event["event_id"] for event in events
    ]
    assert len({entry.event_id for entry in stored}) == 2
    assert all([await pictures_of(hass, entry) for entry in stored])


async def test_unloading_in_the_middle_of_storing(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """It is stored once, and acknowledged when it comes again."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    began, may_end = threading.Event(), threading.Event()
    write = journal_module.write

    def slow(*args: Any) -> Any:
        began.set()
        assert may_end.wait(5)
        return write(*args)

    with patch.object(journal_module, "write", slow):
        sent = await terminal.capture()
        await until(began.is_set)
        unloading = hass.async_create_task(
            hass.config_entries.async_unload(terminal_entry.entry_id)
        )
        await asyncio.sleep(0.01)
        assert not unloading.done()
        may_end.set()
        assert await unloading
    assert results(terminal) == []
    await set_up(hass, terminal_entry, Platform.EVENT)
    assert len(await entries(hass)) == 1
    await again(hass, terminal, sent)
    assert results(terminal) == ["accepted"]
    assert len(await entries(hass)) == 1


async def test_what_nobody_sends_again_is_not_lost_by_unloading(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Where another server acknowledges, what had not even reached the journal is stored when it is open again."""
    options(hass, terminal_entry, **{CONF_ACKNOWLEDGE: False})
    await set_up(hass, terminal_entry, Platform.EVENT)
    coordinator = terminal_entry.runtime_data
    assert isinstance(coordinator, TerminalCoordinator)
    began, never = asyncio.Event(), asyncio.Event()

    async def stuck(_: object) -> bool:
        began.set()
        await never.wait()
        return True

    with patch.object(coordinator.keeper.journal, "append", stuck):
        await terminal.capture()
        await began.wait()
        assert await hass.config_entries.async_unload(terminal_entry.entry_id)
    await set_up(hass, terminal_entry, Platform.EVENT)
    assert len(await entries(hass)) == 1
