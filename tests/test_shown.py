"""What was shown though the journal could not take it is shown once, also if Home Assistant is killed on a full disk."""

from contextlib import AbstractContextManager
import errno
import os
from pathlib import Path
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.coordinator.shown import MAX_SHOWN, ShownCaptures
from custom_components.thermogate.journal import Journal, JournalError, Reason
from homeassistant.const import STATE_UNKNOWN, Platform
from homeassistant.core import CoreState, HomeAssistant
from tests.helpers import capture, door, set_up, settle, state_of
from tests.simulators.terminal import Options, TerminalSimulator

EVENT = "event.front_door_access"


async def loaded(hass: HomeAssistant) -> ShownCaptures:
    """Return what a Home Assistant remembers that was started now, whatever became of the one before."""
    shown = ShownCaptures(hass, "the_entry")
    await shown.async_load()
    return shown


@pytest.fixture
def file(hass: HomeAssistant) -> Path:
    """Return where it is remembered."""
    return Path(hass.config.path(DOMAIN, "shown-the_entry"))


def content(file: Path) -> bytes | None:
    """Return what is in a file, None if there is none."""
    return file.read_bytes() if file.exists() else None


async def test_a_capture_is_shown_once(hass: HomeAssistant) -> None:
    """It is known the second time, until it is stored."""
    shown = await loaded(hass)
    assert await shown.async_add("1|noon")
    assert not await shown.async_add("1|noon")
    assert await shown.async_add("2|noon")
    assert shown.async_stored("1|noon")
    assert not shown.async_stored("1|noon")
    assert not await shown.async_add("1|noon")


async def test_what_was_stored_lately_is_known(hass: HomeAssistant) -> None:
    """It was shown then: a journal that has begun to fail just cannot tell."""
    shown = await loaded(hass)
    for number in range(MAX_SHOWN + 1):
        assert not shown.async_stored(str(number))
    assert not await shown.async_add("1")
    assert await shown.async_add("0")


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.fixture
def failing() -> AbstractContextManager[object]:
    """Return what keeps the journal from doing anything while it is entered."""
    lost = JournalError(Reason.LOST, "the server does not answer")
    return patch.object(Journal, "append", side_effect=lost)


async def test_a_resend_to_a_journal_that_fails_is_no_news(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    failing: AbstractContextManager[object],
) -> None:
    """What was stored and shown is not shown again because the journal does not answer any more."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    await capture(hass, terminal)
    shown = state_of(hass, EVENT)
    assert terminal.last
    with failing:
        terminal.send_capture(terminal.last)
        await settle(hass)
    assert state_of(hass, EVENT) == shown
    assert len(terminal.acknowledged) == 1


@pytest.mark.parametrize(
    "state", [CoreState.stopping, CoreState.final_write, CoreState.not_running]
)
async def test_nobody_is_shown_to_a_home_assistant_that_stops(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    failing: AbstractContextManager[object],
    state: CoreState,
) -> None:
    """The journal may be closed already; the capture comes again after the start, and is news then."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    with failing:
        hass.set_state(state)
        await capture(hass, terminal)
        hass.set_state(CoreState.running)
    assert state_of(hass, EVENT) == STATE_UNKNOWN
    assert terminal.last
    terminal.send_capture(terminal.last)
    await settle(hass)
    assert state_of(hass, EVENT) != STATE_UNKNOWN
    assert len(terminal.acknowledged) == 1


async def test_nothing_has_to_be_written_at_the_end(hass: HomeAssistant) -> None:
    """It is on the disk before the capture is shown."""
    shown = await loaded(hass)
    for number in range(3):
        assert await shown.async_add(str(number))
    after = await loaded(hass)
    assert not await after.async_add("0")
    assert after.async_stored("2")
    assert await after.async_add("3")


async def test_the_file_never_grows(hass: HomeAssistant, file: Path) -> None:
    """However many people come: the oldest are forgotten first, and whoever was stored makes room."""
    shown = await loaded(hass)
    before = content(file)
    assert before
    with patch("os.fsync"):
        for number in range(MAX_SHOWN):
            await shown.async_add(str(number))
        assert shown.async_stored("5")
        await shown.async_add("one more")
        assert not await shown.async_add("0")
        await shown.async_add("two more")
    assert len(content(file) or b"") == len(before)
    after = await loaded(hass)
    assert not await after.async_add("1")
    assert not await after.async_add("two more")
    assert await after.async_add("0")


async def test_a_disk_that_was_always_full(hass: HomeAssistant, file: Path) -> None:
    """Without room for the file, nothing is shown twice until Home Assistant is restarted."""
    full = OSError(errno.ENOSPC, "No space left on device")
    with patch.object(Path, "write_text", side_effect=full):
        shown = await loaded(hass)
    assert content(file) is None
    assert await shown.async_add("1")
    assert not await shown.async_add("1")
    assert await (await loaded(hass)).async_add("1")


@pytest.mark.parametrize("damage", [b"", b"\xff" * 100, b"0\n" * MAX_SHOWN])
async def test_a_damaged_file_is_made_anew(
    hass: HomeAssistant, file: Path, damage: bytes
) -> None:
    """Nobody is kept from being shown by it."""
    await loaded(hass)
    await hass.async_add_executor_job(file.write_bytes, damage)
    assert await (await loaded(hass)).async_add("1")
    assert not await (await loaded(hass)).async_add("1")


async def test_a_disk_that_fails(hass: HomeAssistant) -> None:
    """It is shown once all the same."""
    shown = await loaded(hass)
    with patch.object(os, "pwrite", side_effect=OSError(errno.EIO, "I/O error")):
        assert await shown.async_add("1")
    assert not await shown.async_add("1")


async def test_everything_can_be_forgotten(hass: HomeAssistant, file: Path) -> None:
    """A terminal that is removed leaves no file."""
    shown = await loaded(hass)
    assert content(file)
    await shown.async_remove()
    await shown.async_remove()
    assert content(file) is None
