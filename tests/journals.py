"""What the tests of the journal in Home Assistant do all the time: make it fail, let it try again, read it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import timedelta
import errno
from functools import partial
import os
from pathlib import Path
import sqlite3
import threading
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.journal import Entry, Journal, Query
from custom_components.thermogate.journal_trouble import ISSUE_FAILING
from custom_components.thermogate.keeper import RETRY_SECONDS, async_get_keeper
from homeassistant.const import (
    EVENT_STATE_CHANGED,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    Platform,
)
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from tests.helpers import set_up, settle
from tests.journal.makers import full_disk

ACCESS = "event.front_door_access"
ALARM = "event.yard_alarm"
_NOTHING = (STATE_UNKNOWN, STATE_UNAVAILABLE)


def folder_of(hass: HomeAssistant) -> Path:
    """Return the folder of the integration."""
    return Path(hass.config.path(DOMAIN))


async def entries(hass: HomeAssistant) -> list[Entry]:
    """Return what the journal has, in the order in which it came."""
    page = await async_get_keeper(hass).journal.search(Query(limit=1000))
    return sorted(page.entries, key=lambda entry: entry.id)


async def pictures_of(hass: HomeAssistant, entry: Entry) -> dict[str, bytes]:
    """Return the pictures of an entry by role; every one must be there."""
    journal = async_get_keeper(hass).journal
    found: dict[str, bytes] = {}
    for picture in entry.pictures:
        path = await journal.picture(picture.name)
        assert path is not None, picture.name
        found[picture.role] = await hass.async_add_executor_job(path.read_bytes)
    return found


def trouble(hass: HomeAssistant) -> str | None:
    """Return what a person reads is wrong with the journal; None while all is well."""
    issue = ir.async_get(hass).async_get_issue(DOMAIN, ISSUE_FAILING)
    return None if issue is None else issue.translation_key


async def try_again(hass: HomeAssistant) -> None:
    """Let the time pass after which a failed journal is tried again."""
    async_fire_time_changed(
        hass, dt_util.utcnow() + timedelta(seconds=RETRY_SECONDS + 1)
    )
    await settle(hass)


def happenings(hass: HomeAssistant, entity_id: str) -> list[Mapping[str, Any]]:
    """Collect the attributes of every event that an event entity shows from now on; what it remembers is none."""
    seen: list[Mapping[str, Any]] = []

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        new, old = event.data["new_state"], event.data["old_state"]
        if event.data["entity_id"] != entity_id or new is None or old is None:
            return
        if new.state not in _NOTHING and old.state != STATE_UNAVAILABLE:
            seen.append(new.attributes)

    hass.bus.async_listen(EVENT_STATE_CHANGED, changed)
    return seen


@contextmanager
def locked(hass: HomeAssistant) -> Iterator[None]:
    """Let another process hold the database."""
    with closing(
        sqlite3.connect(folder_of(hass) / "journal.db", isolation_level=None)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def forbidden(hass: HomeAssistant) -> Iterator[None]:
    """Let no picture be created: root may do everything, so that its rights cannot be taken away."""
    opened, folder = os.open, str(folder_of(hass))

    def refusing(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        if flags & os.O_CREAT and str(path).startswith(folder):
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, flags, *args, **kwargs)

    with patch.object(os, "open", refusing):
        yield


# What can go wrong for a while, by what a person reads of it.
FAILURES: dict[str, Callable[[HomeAssistant], AbstractContextManager[None]]] = {
    "journal_disk_full": lambda _: full_disk(),
    "journal_locked": locked,
    "journal_permission": forbidden,
}


@contextmanager
def impatient() -> Iterator[None]:
    """Wait no longer than it takes for a lock of another process."""
    quick = partial(Journal, busy_seconds=0.01)
    with patch("custom_components.thermogate.keeper.Journal", quick):
        yield


def damage(file: Path) -> None:
    """Overwrite the inside of an open database and of its log, as a failing card does."""
    for path in (file, file.with_name(f"{file.name}-wal")):
        if path.exists():
            content = bytearray(path.read_bytes())
            content[4096:] = b"\xa5" * len(content[4096:])
            path.write_bytes(content)


def threads() -> list[str]:
    """Return the names of the threads of open journals."""
    return [
        thread.name
        for thread in threading.enumerate()
        if thread.name.startswith("journal")
    ]


def said(caplog: pytest.LogCaptureFixture, text: str) -> int:
    """Return in how many log lines a text stands; none may come with a traceback."""
    assert not [record for record in caplog.records if record.exc_info]
    return sum(text in record.getMessage() for record in caplog.records)


async def restart(hass: HomeAssistant, *loaded: MockConfigEntry) -> None:
    """Forget what only a running Home Assistant knows, and set up devices anew with the platforms for events."""
    for entry in loaded:
        assert await hass.config_entries.async_unload(entry.entry_id)
    hass.data.pop(f"{DOMAIN}_keeper")
    for entry in loaded:
        await set_up(hass, entry, Platform.EVENT)
