"""The one journal of this Home Assistant: open while a device is set up, with its settings, its upkeep and its troubles."""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, auto
import hashlib
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_call_later, async_track_time_interval
from homeassistant.helpers.singleton import singleton
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .const import DOMAIN, LOGGER
from .journal import Journal, JournalError, Kind, Reason, Record, Retention

STORAGE_VERSION = 1
DEFAULT_DAYS = 365
DEFAULT_MEGABYTES = 4000
SWEEP_INTERVAL = timedelta(hours=1)
# How soon what could not be stored, and a journal that could not be opened, are tried again.
RETRY_SECONDS = 20.0
# What nobody would send again waits in memory while the disk is full, up to so many bytes.
MAX_WAITING_BYTES = 32_000_000

# The texts of what is wrong, in repair issues as in the options; anything else has that of a plain failure.
TEXTS = {
    Reason.DISK_FULL: "journal_disk_full",
    Reason.PERMISSION: "journal_permission",
    Reason.LOST: "journal_lost",
    Reason.NEWER: "journal_newer",
    Reason.URL: "journal_url",
}
TEXT_FAILED = "journal_failed"
ISSUE_FAILING = "journal_failing"
ISSUE_SET_ASIDE = "journal_set_aside"


class Kept(Enum):
    """What became of a record."""

    NEW = auto()
    KNOWN = auto()
    """It had been stored before."""
    FAILED = auto()


class JournalSettings(NamedTuple):
    """Where the journal is and how much of it is kept; 0 is no limit, an empty URL the file in the configuration folder."""

    url: str = ""
    days: int = DEFAULT_DAYS
    megabytes: int = DEFAULT_MEGABYTES


class _Stored(TypedDict):
    url: str
    days: int
    megabytes: int


class Keeper:
    """Opens the journal with the first device and closes it with the last.

    While it fails there is a repair issue, and one log line when it breaks and when it heals.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Open nothing yet."""
        self.hass = hass
        self.settings = JournalSettings()
        self.failure: JournalError | None = None
        self._folder = Path(hass.config.path(DOMAIN))
        self._store = Store[_Stored](
            hass, STORAGE_VERSION, f"{DOMAIN}.journal", private=True
        )
        self._journal: Journal | None = None
        self._users = 0
        self._turn = asyncio.Lock()
        self._waiting: deque[Record] = deque()
        self._cancel_retry: CALLBACK_TYPE | None = None
        self._stop_upkeep: list[CALLBACK_TYPE] = []

    @property
    def journal(self) -> Journal:
        """The open journal. JournalError while there is none."""
        if self._journal is None:
            raise self.failure or JournalError(Reason.CLOSED, "no device is set up")
        return self._journal

    # Life

    async def async_acquire(self) -> None:
        """Open the journal for a device, unless it is open; one that cannot be opened is tried again by itself."""
        self._users += 1
        async with self._turn:
            if self._stop_upkeep:
                return
            if stored := await self._store.async_load():
                self.settings = JournalSettings(**stored)
            self._stop_upkeep = [
                async_track_time_interval(
                    self.hass,
                    self._async_sweep,
                    SWEEP_INTERVAL,
                    cancel_on_shutdown=True,
                ),
                self.hass.bus.async_listen_once(
                    EVENT_HOMEASSISTANT_CLOSE, self._async_home_assistant_closes
                ),
            ]
            await self._async_open()

    async def async_release(self) -> None:
        """Close the journal with its last device."""
        self._users -= 1
        async with self._turn:
            if not self._users:
                await self._async_close()

    async def async_configure(self, settings: JournalSettings) -> None:
        """Use another journal, or keep more or less of it. JournalError if the new one cannot be opened: then nothing changes."""
        async with self._turn:
            if settings.url != self.settings.url:
                opened = await self._async_try_open(settings)
                before, self._journal = self._journal, opened
                self._healed()
                if before is not None:
                    await before.close()
            self.settings = settings
            await self._store.async_save(
                _Stored(
                    url=settings.url, days=settings.days, megabytes=settings.megabytes
                )
            )
        self._async_sweep_soon()

    async def _async_home_assistant_closes(self, _: Event) -> None:
        """Entries are not unloaded when Home Assistant stops."""
        self._stop_upkeep.pop()
        async with self._turn:
            await self._async_close()

    async def _async_close(self) -> None:
        """Stop the upkeep, store what waits if that works now, and close."""
        for stop in self._stop_upkeep:
            stop()
        self._stop_upkeep.clear()
        if self._cancel_retry:
            self._cancel_retry()
            self._cancel_retry = None
        if self._journal is None:
            return
        await self._async_store_waiting()
        journal, self._journal = self._journal, None
        await journal.close()

    async def _async_open(self) -> None:
        """Open the journal, or say why it cannot be and try again later."""
        try:
            self._journal = await self._async_try_open(self.settings)
        except JournalError as err:
            self._failed(err)
            return
        self._async_sweep_soon()

    async def _async_try_open(self, settings: JournalSettings) -> Journal:
        """Return an open journal. JournalError."""
        url, pictures = self._location(settings.url)
        journal = Journal(url, pictures)
        try:
            await self.hass.async_add_executor_job(_make_folder, self._folder)
            opened = await journal.open()
        except OSError as err:
            await journal.close()
            raise JournalError(Reason.PERMISSION, err.strerror or "?") from err
        except JournalError:
            await journal.close()
            raise
        if opened.set_aside:
            LOGGER.error(
                "The journal was corrupt and is now %s; a new one was started",
                opened.set_aside,
            )
            ir.async_create_issue(
                self.hass,
                DOMAIN,
                ISSUE_SET_ASIDE,
                is_fixable=True,
                is_persistent=True,
                severity=ir.IssueSeverity.ERROR,
                translation_key=ISSUE_SET_ASIDE,
                translation_placeholders={"path": str(opened.set_aside)},
                data={"path": str(opened.set_aside)},
            )
        return journal

    def _location(self, url: str) -> tuple[str, Path]:
        """Return the database URL and the folder of its pictures: each database has one of its own."""
        if not url:
            return f"sqlite:///{self._folder / 'journal.db'}", self._folder / "pictures"
        name = hashlib.sha256(shown_url(url).encode()).hexdigest()[:12]
        return url, self._folder / f"pictures-{name}"

    # Storing

    async def async_keep(self, record: Record, *, only_once: bool = False) -> Kept:
        """Store a record; returns when it survives a power cut.

        What fails is the sender's to send again. With `only_once` nobody will: then it waits here until it can be stored.
        """
        try:
            is_new = await self.journal.append(record)
        except JournalError as err:
            self._failed(err)
            if only_once:
                self._wait(record)
            return Kept.FAILED
        if self.failure:
            self._healed()
        return Kept.NEW if is_new else Kept.KNOWN

    async def async_knows(self, device: str, kind: Kind, key: str) -> bool:
        """Whether a happening is stored; False too where that cannot be told."""
        try:
            return bool(key) and await self.journal.knows(device, kind, key)
        except JournalError:
            return False

    def _wait(self, record: Record) -> None:
        """Keep a record in memory, at the cost of the oldest when there are too many."""
        self._waiting.append(record)
        while sum(map(_bytes, self._waiting)) > MAX_WAITING_BYTES:
            self._waiting.popleft()

    @callback
    def async_drop_waiting(self, unwanted: Callable[[Record], bool]) -> int:
        """Forget some of what waits to be stored; returns how much."""
        before = len(self._waiting)
        self._waiting = deque(
            record for record in self._waiting if not unwanted(record)
        )
        return before - len(self._waiting)

    # Trouble

    @callback
    def _failed(self, err: JournalError) -> None:
        """Say once what is wrong, and try again later; one that was closed on purpose is not wrong."""
        if err.reason is Reason.CLOSED:
            return
        if self._cancel_retry is None:
            self._cancel_retry = async_call_later(
                self.hass, RETRY_SECONDS, self._async_retry
            )
        if self.failure and self.failure.reason is err.reason:
            return
        self.failure = err
        LOGGER.error("The journal cannot store: %s", err)
        ir.async_create_issue(
            self.hass,
            DOMAIN,
            ISSUE_FAILING,
            is_fixable=False,
            severity=ir.IssueSeverity.ERROR,
            translation_key=text_key(err),
            translation_placeholders={"reason": err.text},
        )

    @callback
    def _healed(self) -> None:
        """Say that all is well again."""
        if self.failure:
            LOGGER.info("The journal stores again")
        self.failure = None
        ir.async_delete_issue(self.hass, DOMAIN, ISSUE_FAILING)

    async def _async_retry(self, _: datetime) -> None:
        """Open what is not open or was found corrupt, and store what waits."""
        self._cancel_retry = None
        async with self._turn:
            if not self._users:
                return
            if self.failure and self.failure.reason is Reason.CORRUPT and self._journal:
                journal, self._journal = self._journal, None
                await journal.close()
            if self._journal is None:
                await self._async_open()
                if self._journal is None:
                    return
                self._healed()
            await self._async_store_waiting()

    async def _async_store_waiting(self) -> None:
        """Store what nobody would send again, oldest first, until it fails."""
        while self._waiting:
            record = self._waiting[0]
            if await self.async_keep(record) is Kept.FAILED:
                return
            self._waiting.popleft()

    async def async_facts(self) -> dict[str, Any]:
        """Return what helps to understand a problem: nothing of anybody, and of a database URL only which kind it is.

        `bytes` are those of texts and pictures; both numbers are None where they cannot be told.
        """
        failure = self.failure
        try:
            size = await self.journal.size()
        except JournalError as err:
            size, failure = None, failure or err
        return {
            "database": _driver(self.settings.url),
            "days": self.settings.days,
            "megabytes": self.settings.megabytes,
            "failure": str(failure) if failure else None,
            "waiting": len(self._waiting),
            "entries": size.entries if size else None,
            "bytes": size.bytes if size else None,
        }

    # Upkeep

    @callback
    def _async_sweep_soon(self) -> None:
        """Look for what is too old beside whatever is going on."""
        self.hass.async_create_background_task(
            self._async_sweep(), f"{DOMAIN} journal sweep"
        )

    async def _async_sweep(self, _: datetime | None = None) -> None:
        """Delete what is older or more than wanted."""
        limits = Retention(
            days=self.settings.days or None, megabytes=self.settings.megabytes or None
        )
        try:
            swept = await self.journal.sweep(limits, dt_util.utcnow())
        except JournalError as err:
            self._failed(err)
            return
        if swept.entries:
            LOGGER.debug("Deleted %d old entries of the journal", swept.entries)


def text_key(err: JournalError) -> str:
    """Return the key of the text that says what is wrong."""
    return TEXTS.get(err.reason, TEXT_FAILED)


def shown_url(url: str) -> str:
    """Return a database URL without its password. JournalError if it is none."""
    try:
        return make_url(url).render_as_string(hide_password=True) if url else ""
    except (ArgumentError, ValueError) as err:
        raise JournalError(Reason.URL, type(err).__name__) from err


def _driver(url: str) -> str:
    """Return which kind of database a URL is for."""
    try:
        return make_url(url or "sqlite://").drivername
    except ArgumentError, ValueError:
        return "?"


def _bytes(record: Record) -> int:
    return sum(len(picture.data) for picture in record.pictures)


def _make_folder(folder: Path) -> None:
    """Create a folder that nobody but the user of Home Assistant can look into."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


@singleton(f"{DOMAIN}_keeper")
@callback
def async_get_keeper(hass: HomeAssistant) -> Keeper:
    """Return the one keeper of this Home Assistant."""
    return Keeper(hass)
