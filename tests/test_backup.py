"""A backup of Home Assistant has a whole journal in it, however busy the doors are, and is never held up by one."""

from collections.abc import Generator
import io
import os
from pathlib import Path
import sqlite3
import tarfile
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.backup import async_post_backup, async_pre_backup
from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.journal import JournalError, Reason
from custom_components.thermogate.keeper import (
    JournalSettings,
    Keeper,
    Kept,
    async_get_keeper,
)
from homeassistant.components.backup.const import DATA_MANAGER
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from tests.helpers import capture, door, set_up, settle
from tests.journal.makers import files, full_disk, journal_in, jpeg, record, sqlite_url
from tests.journals import entries, folder_of, impatient, said, threads, trouble
from tests.simulators.terminal import Options, TerminalSimulator

INSIDE = f"data/{DOMAIN}"


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.fixture(autouse=True)
def _impatient() -> Generator[None]:
    """Wait for nobody's lock."""
    with impatient():
        yield


@pytest.fixture
async def keeper(hass: HomeAssistant) -> Keeper:
    """Return the keeper with an open journal, as a device would have it."""
    keeper = async_get_keeper(hass)
    await keeper.async_acquire()
    await settle(hass)
    return keeper


async def back_up(hass: HomeAssistant) -> Path:
    """Let Home Assistant's own backup run, and return its file."""
    for domain in (DOMAIN, "backup"):
        assert await async_setup_component(hass, domain, {})
    await hass.async_block_till_done()
    manager = hass.data[DATA_MANAGER]
    await manager.async_create_backup(
        agent_ids=["backup.local"],
        include_addons=None,
        include_all_addons=False,
        include_database=True,
        include_folders=None,
        include_homeassistant=True,
        name="nightly",
        password=None,
    )
    await hass.async_block_till_done()
    (backup,) = Path(hass.config.path("backups")).glob("*.tar")  # noqa: ASYNC240
    return backup


def unpack(backup: Path, target: Path) -> Path:
    """Return the folder of the integration as it is in a backup."""
    with tarfile.open(backup) as outer:
        (name,) = [name for name in outer.getnames() if name.endswith(".tar.gz")]
        inner = outer.extractfile(name)
        assert inner is not None
        content = io.BytesIO(inner.read())
    with tarfile.open(fileobj=content) as inside:
        members = [
            member for member in inside.getmembers() if member.name.startswith(INSIDE)
        ]
        inside.extractall(target, members, filter="data")
    return target / INSIDE


def rows_of(database: Path) -> set[str]:
    """Return the events that a copy of the journal has; it must be whole."""
    connection = sqlite3.connect(database)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {
            event_id
            for (event_id,) in connection.execute(
                "SELECT event_id FROM thermogate_entries"
            )
        }
    finally:
        connection.close()


# Home Assistant's own


async def test_a_backup_while_people_come_and_go(
    hass: HomeAssistant, keeper: Keeper, tmp_path: Path
) -> None:
    """Nobody waits for it. The file alone is the journal as it was when it began, with its log it is a later one.

    All pictures of the former are there; of what came meanwhile those may be missing that came after their folder was copied.
    """
    before = {f"event-{number}" for number in range(200)}
    for number in range(200):
        await keeper.async_keep(record(number, pictures=(jpeg(b"%d" % number),)))
    # So that it takes a while.
    ballast = Path(hass.config.path("ballast"))
    await hass.async_add_executor_job(ballast.write_bytes, os.urandom(30_000_000))
    making = hass.async_create_task(back_up(hass))
    number = 1000
    while not making.done():
        number += 1
        given = record(
            number, details={"text": "x" * 20_000}, pictures=(jpeg(b"%d" % number),)
        )
        assert await keeper.async_keep(given) is Kept.NEW
    backup = await making
    meanwhile = {f"event-{each}" for each in range(1001, number + 1)}
    assert len(meanwhile) > 20

    def check() -> None:
        copy = unpack(backup, tmp_path / "copy")
        names = set(files(copy))
        assert {"journal.db", "journal.db-wal"} <= names
        log = (copy / "journal.db-wal").read_bytes()
        (copy / "journal.db-wal").unlink()
        alone = rows_of(copy / "journal.db")
        assert before <= alone <= before | meanwhile
        assert len(alone) < len(before | meanwhile)
        for name in copy.glob("journal.db-*"):
            name.unlink()
        (copy / "journal.db-wal").write_bytes(log)
        both = rows_of(copy / "journal.db")
        assert alone <= both <= before | meanwhile
        assert not {name for name in names if len(name) == 32}

    await hass.async_add_executor_job(check)
    restored = journal_in(tmp_path / "copy" / INSIDE)
    opened = await restored.open()
    assert opened.set_aside is None
    for event_id in before:
        entry = await restored.entry(event_id)
        assert entry is not None
        (picture,) = entry.pictures
        assert await restored.picture(picture.name) is not None
    await restored.close()
    # And here nothing is missing.
    assert len(await entries(hass)) == min(1000, len(before | meanwhile))
    await keeper.async_release()
    assert threads() == []


async def test_a_backup_of_a_busy_terminal(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What comes between its beginning and its end is acknowledged at once; the device may even be reloaded."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    await async_pre_backup(hass)
    file = folder_of(hass) / "journal.db"
    held = await hass.async_add_executor_job(file.read_bytes)
    first = await capture(hass, terminal)
    with patch("custom_components.thermogate.PLATFORMS", [Platform.EVENT]):
        assert await hass.config_entries.async_reload(terminal_entry.entry_id)
        await settle(hass)
    second = await capture(hass, terminal)
    assert first.acknowledged.is_set()
    assert second.acknowledged.is_set()
    assert await hass.async_add_executor_job(file.read_bytes) == held
    await async_post_backup(hass)
    assert len(await entries(hass)) == 2
    assert await hass.config_entries.async_unload(terminal_entry.entry_id)
    assert threads() == []
    assert await hass.async_add_executor_job(file.read_bytes) != held


async def test_a_backup_without_any_device(hass: HomeAssistant) -> None:
    """There is nothing to hold, and nothing to say."""
    assert (await back_up(hass)).stat().st_size


async def test_a_backup_begins_before_and_ends_after_the_last_device(
    hass: HomeAssistant, keeper: Keeper
) -> None:
    """The journal closes with the backup then, not in the middle of it."""
    await async_pre_backup(hass)
    await keeper.async_release()
    assert threads()
    await async_post_backup(hass)
    assert threads() == []
    await async_post_backup(hass)


async def test_a_backup_that_is_begun_twice_ends_once(
    hass: HomeAssistant, keeper: Keeper
) -> None:
    """One that was broken off may never have ended."""
    for _ in range(2):
        await async_pre_backup(hass)
    await async_post_backup(hass)
    await keeper.async_release()
    assert threads() == []


# What goes wrong


async def test_a_copy_that_would_be_torn_is_refused(
    hass: HomeAssistant, keeper: Keeper
) -> None:
    """Somebody else reads the file and does not let go: a person is told why there is no backup."""
    await keeper.async_keep(record(1))
    reader = sqlite3.connect(folder_of(hass) / "journal.db")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM thermogate_entries").fetchone()
    await keeper.async_keep(record(2))
    with pytest.raises(HomeAssistantError) as refused:
        await async_pre_backup(hass)
    assert refused.value.translation_key == "journal_not_held"
    await async_post_backup(hass)
    reader.close()
    await async_pre_backup(hass)
    await async_post_backup(hass)
    await keeper.async_release()
    assert threads() == []


async def test_a_journal_that_fails_anyway_holds_up_no_backup(
    hass: HomeAssistant, keeper: Keeper, caplog: pytest.LogCaptureFixture
) -> None:
    """Its trouble is known; everything else of Home Assistant is worth a backup."""
    with full_disk():
        await keeper.async_keep(record(pictures=(jpeg(),)))
    error = JournalError(Reason.DISK_FULL, "full")
    with patch.object(keeper.journal, "hold", side_effect=error):
        await async_pre_backup(hass)
    await async_post_backup(hass)
    assert trouble(hass) == "journal_disk_full"
    assert said(caplog, "The journal in this backup may be damaged") == 1
    await keeper.async_release()


async def test_a_journal_that_cannot_be_opened_holds_up_no_backup(
    hass: HomeAssistant,
) -> None:
    """There is nothing of it that could be torn."""
    (folder_of(hass) / "journal.db").mkdir(parents=True)
    keeper = async_get_keeper(hass)
    await keeper.async_acquire()
    await async_pre_backup(hass)
    await async_post_backup(hass)
    await keeper.async_release()


async def test_a_journal_that_cannot_go_on_is_told(
    hass: HomeAssistant, keeper: Keeper
) -> None:
    """The backup is made by then; the journal has a notice of its own."""
    await async_pre_backup(hass)
    error = JournalError(Reason.LOCKED, "locked")
    with patch.object(keeper.journal, "release", side_effect=error):
        await async_post_backup(hass)
    assert trouble(hass) == "journal_locked"
    await keeper.async_release()
    assert threads() == []


async def test_the_journal_is_not_changed_for_another_one_meanwhile(
    hass: HomeAssistant, keeper: Keeper, tmp_path: Path
) -> None:
    """Closing it would change its file under the backup's hands."""
    other = JournalSettings(url=sqlite_url(tmp_path))
    await async_pre_backup(hass)
    with pytest.raises(JournalError) as refused:
        await keeper.async_configure(other)
    assert refused.value.reason is Reason.LOCKED
    await async_post_backup(hass)
    await keeper.async_configure(other)
    assert await keeper.async_keep(record()) is Kept.NEW
    await keeper.async_release()
