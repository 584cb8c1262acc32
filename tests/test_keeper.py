"""There is one journal: open while a device is set up, looked after, and honest about what is wrong with it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
import sqlite3
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.thermogate import keeper as keeper_module
from custom_components.thermogate.broker import BrokerError
from custom_components.thermogate.const import (
    CONF_KIND,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    DOMAIN,
    DeviceKind,
)
from custom_components.thermogate.journal import (
    Journal,
    JournalError,
    Kind,
    Reason,
    Record,
)
from custom_components.thermogate.journal_trouble import ISSUE_SET_ASIDE
from custom_components.thermogate.keeper import (
    SWEEP_INTERVAL,
    JournalSettings,
    Keeper,
    Kept,
    async_get_keeper,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from tests.helpers import capture, door, set_up, settle
from tests.journal.makers import files, full_disk, jpeg, record
from tests.journals import (
    ACCESS,
    damage,
    entries,
    folder_of,
    happenings,
    impatient,
    locked,
    said,
    threads,
    trouble,
    try_again,
)
from tests.simulators.terminal import Options, TerminalSimulator
from tests.waiting import until


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.fixture
async def keeper(hass: HomeAssistant) -> Keeper:
    """Return the keeper with an open journal, as a device would have it."""
    keeper = async_get_keeper(hass)
    await keeper.async_acquire()
    await settle(hass)
    return keeper


def terminals(hass: HomeAssistant, count: int) -> list[MockConfigEntry]:
    """Return the entries of so many terminals."""
    added = []
    for number in range(count):
        entry = MockConfigEntry(
            domain=DOMAIN,
            title=f"Door {number}",
            unique_id=f"door-{number}",
            data={
                CONF_KIND: DeviceKind.TERMINAL,
                CONF_TOPIC_ID: f"door-{number}",
                CONF_TOPIC_PREFIX: "",
            },
        )
        entry.add_to_hass(hass)
        added.append(entry)
    return added


async def stops(hass: HomeAssistant) -> None:
    """Let Home Assistant come to its end."""
    hass.bus.async_fire(EVENT_HOMEASSISTANT_CLOSE)
    await settle(hass)


# Opening and closing


def journal_files(hass: HomeAssistant) -> list[str]:
    """Return the names of the journal's own files."""
    return [name for name in files(folder_of(hass)) if name.startswith("journal")]


async def test_without_a_device_there_is_no_journal(hass: HomeAssistant) -> None:
    """Whoever asks is told so; nothing is wrong, and no file is made."""
    keeper = async_get_keeper(hass)
    assert keeper is async_get_keeper(hass)
    with pytest.raises(JournalError) as closed:
        _ = keeper.journal
    assert closed.value.reason is Reason.CLOSED
    assert await keeper.async_keep(record()) is Kept.FAILED
    assert not await keeper.async_knows("front door", Kind.ACCESS, "key-1")
    await try_again(hass)
    assert trouble(hass) is None
    assert not folder_of(hass).exists()


@pytest.mark.usefixtures("mqtt_mock")
async def test_many_devices_open_it_once_and_the_last_closes_it(
    hass: HomeAssistant,
) -> None:
    """However many are set up at the same time."""
    devices = terminals(hass, 20)
    with (
        patch("custom_components.thermogate.coordinator.terminal.ASK_TIMEOUT", 0.01),
        patch("custom_components.thermogate.PLATFORMS", []),
        patch.object(
            Journal, "open", autospec=True, side_effect=Journal.open
        ) as opened,
    ):
        await hass.config_entries.async_setup(devices[0].entry_id)
        await hass.async_block_till_done()
        assert {each.state for each in devices} == {ConfigEntryState.LOADED}
        assert opened.call_count == 1
        for device in devices:
            assert threads()
            assert await hass.config_entries.async_unload(device.entry_id)
    assert threads() == []
    assert journal_files(hass) == ["journal.db"]


@pytest.mark.usefixtures("mqtt_mock")
async def test_a_device_that_cannot_be_set_up_leaves_nothing_open(
    hass: HomeAssistant,
) -> None:
    """It opens the journal again the next time."""
    (device,) = terminals(hass, 1)
    ready = "custom_components.thermogate.broker.Broker.async_ready"
    with patch(ready, side_effect=BrokerError("mqtt_missing")):
        await hass.config_entries.async_setup(device.entry_id)
    assert device.state is ConfigEntryState.SETUP_RETRY
    assert threads() == []
    assert await hass.config_entries.async_unload(device.entry_id)


@pytest.mark.usefixtures("terminal")
async def test_it_closes_when_home_assistant_stops(
    hass: HomeAssistant, terminal_entry: MockConfigEntry
) -> None:
    """Devices are not unloaded then; no thread and no log beside the file is left."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    assert threads()
    await stops(hass)
    assert threads() == []
    assert journal_files(hass) == ["journal.db"]


async def test_a_try_that_is_under_way_does_not_open_it_again(
    hass: HomeAssistant, keeper: Keeper
) -> None:
    """Home Assistant may stop in the very moment in which a failed journal is tried again."""
    with full_disk():
        await keeper.async_keep(record(pictures=(jpeg(),)), only_once=True)
        closing = hass.async_create_task(keeper.async_release())
        await try_again(hass)
        await closing
    assert threads() == []


async def test_only_home_assistant_may_look_into_it(
    hass: HomeAssistant, keeper: Keeper
) -> None:
    """Faces are in there."""
    await keeper.async_keep(record(pictures=(jpeg(),)))
    folder = folder_of(hass)
    modes = {path: path.stat().st_mode & 0o077 for path in [folder, *folder.rglob("*")]}
    assert set(modes.values()) == {0}
    await keeper.async_release()


# Trouble


async def test_what_waits_is_lost_only_with_a_word(
    hass: HomeAssistant, keeper: Keeper, caplog: pytest.LogCaptureFixture
) -> None:
    """A disk that is still full when Home Assistant stops."""
    with full_disk():
        for number in range(3):
            await keeper.async_keep(record(number, pictures=(jpeg(),)), only_once=True)
        await stops(hass)
    assert said(caplog, "3 lost") == 1


async def test_more_than_fits_into_memory_is_lost_with_a_word(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    """One line, and the newest are kept."""
    with patch.object(keeper_module, "MAX_WAITING_BYTES", 100_000):
        keeper = async_get_keeper(hass)
    await keeper.async_acquire()
    with full_disk():
        for number in range(9):
            picture = jpeg(b"%d" % number * 30_000)
            given = record(number, pictures=(picture,))
            assert await keeper.async_keep(given, only_once=True) is Kept.FAILED
    await try_again(hass)
    assert [entry.event_id for entry in await entries(hass)] == [
        "event-6",
        "event-7",
        "event-8",
    ]
    assert said(caplog, "More waits for the journal than fits into memory") == 1
    await keeper.async_release()


async def test_what_waits_counts_as_known(hass: HomeAssistant, keeper: Keeper) -> None:
    """A copy of it is nothing new, at once as well as later."""
    given = record(pictures=(jpeg(),))
    with full_disk():
        outcomes = await asyncio.gather(
            *(keeper.async_keep(given, only_once=True) for _ in range(3))
        )
        assert await keeper.async_keep(given, only_once=True) is Kept.KNOWN
        assert await keeper.async_knows(given.device, given.kind, given.key)
        # Who sends again until it is stored must not be told that it is.
        assert await keeper.async_keep(given) is Kept.FAILED
    assert outcomes == [Kept.FAILED, Kept.KNOWN, Kept.KNOWN]
    await try_again(hass)
    assert await keeper.async_keep(given) is Kept.KNOWN
    await keeper.async_release()


async def test_what_becomes_clear_while_it_is_stored_is_stored_too(
    hass: HomeAssistant, keeper: Keeper
) -> None:
    """A script may think until then about what a person may do."""
    given = record()
    append = Journal.append

    async def slow(journal: Journal, waiting: Record) -> bool:
        stored = await append(journal, waiting)
        await keeper.async_amend(replace(given, details={"decision": "opened"}))
        return stored

    lost = JournalError(Reason.LOST, "away")
    with patch.object(Journal, "append", side_effect=lost):
        assert await keeper.async_keep(given, only_once=True) is Kept.FAILED
    with patch.object(Journal, "append", slow):
        await try_again(hass)
    (entry,) = await entries(hass)
    assert entry.details == {"decision": "opened"}
    await keeper.async_release()


async def test_who_is_forgotten_while_others_are_stored_is_not_stored(
    hass: HomeAssistant, keeper: Keeper
) -> None:
    """What waits is stored one after the other, which takes its time."""
    append = Journal.append

    async def forgetting(journal: Journal, waiting: Record) -> bool:
        keeper.async_drop_waiting(lambda record: record.subject == "Grace")
        return await append(journal, waiting)

    lost = JournalError(Reason.LOST, "away")
    with patch.object(Journal, "append", side_effect=lost):
        for number, subject in enumerate(("Ada", "Grace", "Ada")):
            await keeper.async_keep(record(number, subject=subject), only_once=True)
    with patch.object(Journal, "append", forgetting):
        await try_again(hass)
    assert [entry.subject for entry in await entries(hass)] == ["Ada", "Ada"]
    await keeper.async_release()


async def test_new_records_come_while_old_ones_are_stored(
    hass: HomeAssistant, keeper: Keeper
) -> None:
    """What waits is neither mixed up nor forgotten by what comes in between."""
    with full_disk():
        for number in range(5):
            await keeper.async_keep(
                record(number, pictures=(jpeg(b"%d" % number),)), only_once=True
            )
    retry = hass.async_create_task(try_again(hass))
    for number in range(5, 10):
        await keeper.async_keep(record(number), only_once=True)
    await retry
    assert {entry.event_id for entry in await entries(hass)} == {
        f"event-{number}" for number in range(10)
    }
    assert trouble(hass) is None
    await keeper.async_release()


async def test_what_can_never_be_stored_is_no_trouble_of_the_journal(
    hass: HomeAssistant, keeper: Keeper, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said, and nothing waits for it."""
    bad = record(details={"what": object()})
    assert await keeper.async_keep(bad, only_once=True) is Kept.FAILED
    assert trouble(hass) is None
    assert said(caplog, "now or later") == 1
    await try_again(hass)
    assert said(caplog, "now or later") == 1
    await keeper.async_release()


async def test_one_trouble_after_another_is_one_trouble(
    hass: HomeAssistant, keeper: Keeper, caplog: pytest.LogCaptureFixture
) -> None:
    """The notice says what is wrong now; the log says once when it broke, and once when it healed."""
    await keeper.async_release()
    with impatient():
        await keeper.async_acquire()
    with full_disk():
        await keeper.async_keep(record(1, pictures=(jpeg(),)))
        assert trouble(hass) == "journal_disk_full"
    with locked(hass):
        await keeper.async_keep(record(2))
        assert trouble(hass) == "journal_locked"
    await keeper.async_keep(record(2))
    assert trouble(hass) is None
    assert said(caplog, "The journal cannot store") == 1
    assert said(caplog, "The journal stores again") == 1
    await keeper.async_release()


async def test_the_notice_goes_with_the_last_device(
    hass: HomeAssistant, keeper: Keeper
) -> None:
    """Nobody would withdraw it any more."""
    with full_disk():
        await keeper.async_keep(record(pictures=(jpeg(),)))
        assert trouble(hass) == "journal_disk_full"
        await keeper.async_release()
    assert trouble(hass) is None
    await try_again(hass)
    assert threads() == []


async def test_who_cannot_open_it_is_told_each_time_the_same(
    hass: HomeAssistant,
) -> None:
    """While it is shut, every question gets an error of its own."""
    (folder_of(hass) / "journal.db").mkdir(parents=True)
    keeper = async_get_keeper(hass)
    await keeper.async_acquire()
    errors = []
    for _ in range(2):
        with pytest.raises(JournalError) as told:
            _ = keeper.journal
        errors.append(told.value)
    assert errors[0].reason is Reason.PERMISSION
    assert errors[0] is not errors[1]
    assert await keeper.async_keep(record()) is Kept.FAILED
    assert not await keeper.async_knows("front door", Kind.ACCESS, "key-1")
    await keeper.async_release()


# A corrupt file


def set_aside(hass: HomeAssistant) -> ir.IssueEntry | None:
    """Return the notice of a corrupt file."""
    return ir.async_get(hass).async_get_issue(DOMAIN, ISSUE_SET_ASIDE)


async def test_a_corrupt_file_is_set_aside_at_start(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    """A new one is started; a person is told where the old one lies, also after a restart."""
    folder = folder_of(hass)
    folder.mkdir()
    (folder / "journal.db").write_bytes(b"This is no database. " * 1000)
    keeper = async_get_keeper(hass)
    await keeper.async_acquire()
    assert await keeper.async_keep(record()) is Kept.NEW
    issue = set_aside(hass)
    assert issue is not None
    assert (issue.is_fixable, issue.is_persistent) == (True, True)
    assert issue.translation_placeholders is not None
    path = Path(issue.translation_placeholders["path"])
    assert await hass.async_add_executor_job(path.read_bytes) == (
        b"This is no database. " * 1000
    )
    assert said(caplog, "The journal was corrupt and is now") == 1
    assert trouble(hass) is None
    await keeper.async_release()


async def test_a_file_that_becomes_corrupt_costs_no_capture(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What comes meanwhile is not acknowledged, and stored in the new file when it comes again."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    events = happenings(hass, ACCESS)
    for _ in range(3):
        await capture(hass, terminal)
    journal = async_get_keeper(hass).journal
    damage(folder_of(hass) / "journal.db")
    # What SQLite has in memory is still in order.
    journal._opened.writing.dispose()  # noqa: SLF001
    sent = await capture(hass, terminal)
    assert trouble(hass) == "journal_failed"
    assert not sent.acknowledged.is_set()
    await try_again(hass)
    assert trouble(hass) is None
    assert set_aside(hass) is not None
    terminal.send_capture(sent)
    await settle(hass)
    assert sent.acknowledged.is_set()
    (entry,) = await entries(hass)
    assert len(events) == 4
    assert entry.event_id == events[-1]["event_id"]


# Settings and upkeep


async def test_settings_are_kept(
    hass: HomeAssistant, keeper: Keeper, hass_storage: dict[str, Any]
) -> None:
    """Across restarts, and before any device is set up."""
    await keeper.async_configure(JournalSettings(days=7, megabytes=70))
    await keeper.async_release()
    hass.data.pop(f"{DOMAIN}_keeper")
    assert await async_get_keeper(hass).async_load() == JournalSettings("", 7, 70)


async def test_another_journal_can_be_chosen_while_no_device_is_set_up(
    hass: HomeAssistant, tmp_path: Path
) -> None:
    """It is tried, and not left open; the next device opens it, once."""
    keeper = async_get_keeper(hass)
    url = f"sqlite:///{tmp_path / 'doors.db'}"
    await keeper.async_configure(JournalSettings(url=url))
    assert threads() == []
    await keeper.async_acquire()
    await keeper.async_keep(record())
    await keeper.async_release()
    assert threads() == []
    with sqlite3.connect(tmp_path / "doors.db") as database:
        rows = database.execute("SELECT count(*) FROM thermogate_entries").fetchone()
    database.close()
    assert rows == (1,)


async def test_nothing_is_written_into_a_file_with_something_else(
    hass: HomeAssistant, keeper: Keeper, caplog: pytest.LogCaptureFixture
) -> None:
    """It is neither used nor set aside."""
    precious = Path(hass.config.path("configuration.yaml"))
    text = "homeassistant:\n" * 100
    await hass.async_add_executor_job(precious.write_text, text)
    with pytest.raises(JournalError) as refused:
        await keeper.async_configure(
            JournalSettings(url="sqlite:///configuration.yaml")
        )
    assert refused.value.reason is Reason.FOREIGN
    assert await hass.async_add_executor_job(precious.read_text) == text
    assert keeper.settings == JournalSettings()
    assert await keeper.async_keep(record()) is Kept.NEW
    assert said(caplog, "The database that was chosen cannot be used") == 1
    await keeper.async_release()


async def test_what_waits_goes_into_the_journal_that_works(
    hass: HomeAssistant, keeper: Keeper, tmp_path: Path
) -> None:
    """Whoever's disk is full chooses another one."""
    with full_disk():
        await keeper.async_keep(record(pictures=(jpeg(),)), only_once=True)
    await keeper.async_configure(
        JournalSettings(url=f"sqlite:///{tmp_path / 'doors.db'}")
    )
    assert [entry.event_id for entry in await entries(hass)] == ["event-1"]
    assert trouble(hass) is None
    await keeper.async_release()


@pytest.mark.parametrize(
    ("settings", "left"),
    [
        (JournalSettings(days=0, megabytes=0), [1, 2, 3]),
        (JournalSettings(days=30, megabytes=0), [2, 3]),
        (JournalSettings(days=0, megabytes=1), [3]),
        (JournalSettings(days=1, megabytes=10), [3]),
    ],
)
async def test_what_is_too_old_or_too_much_goes_at_once(
    hass: HomeAssistant, keeper: Keeper, settings: JournalSettings, left: list[int]
) -> None:
    """With its pictures; 0 keeps everything."""
    now = dt_util.utcnow()
    for number, days in ((1, 100), (2, 10), (3, 0)):
        await keeper.async_keep(
            record(
                number,
                received_at=now - timedelta(days=days),
                pictures=(jpeg(b"%d" % number * 700_000),),
            )
        )
    await keeper.async_configure(settings)
    await settle(hass)
    assert [entry.event_id for entry in await entries(hass)] == [
        f"event-{number}" for number in left
    ]
    pictures = await hass.async_add_executor_job(files, folder_of(hass) / "pictures")
    assert len(pictures) == len(left)
    await keeper.async_release()


async def test_it_is_swept_every_hour(hass: HomeAssistant, keeper: Keeper) -> None:
    """By the settings of now; one sweep that fails is told, one that works withdraws that."""
    old = dt_util.utcnow() - timedelta(days=400)
    await keeper.async_keep(record(received_at=old))
    hour = dt_util.utcnow() + SWEEP_INTERVAL
    with patch.object(
        keeper.journal, "sweep", side_effect=JournalError(Reason.DISK_FULL, "full")
    ):
        async_fire_time_changed(hass, hour)
        await settle(hass)
        assert trouble(hass) == "journal_disk_full"
    await try_again(hass)
    await until(lambda: trouble(hass) is None)
    assert await entries(hass) == []
    await keeper.async_release()
