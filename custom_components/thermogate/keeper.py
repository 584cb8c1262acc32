"""The one journal of this Home Assistant: open while a device is set up, with its settings, its upkeep and its troubles."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from enum import Enum, auto
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_call_later, async_track_time_interval
from homeassistant.helpers.singleton import singleton
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .const import DOMAIN, LOGGER, SIGNAL_JOURNAL_HEALED
from .journal import Journal, JournalError, Kind, Reason, Record, Retention
from .journal.errors import journal_error
from .journal_trouble import JournalTrouble, public_text
from .journal_url import driver_of, is_foreign, journal_place
from .waiting import WaitingRecords

STORAGE_VERSION = 1
DEFAULT_DAYS = 365
DEFAULT_MEGABYTES = 4000
SWEEP_INTERVAL = timedelta(hours=1)
# How soon what could not be stored, and a journal that could not be opened, are tried again.
RETRY_SECONDS = 20.0
# What nobody would send again waits in memory while the disk is full, up to so many bytes.
MAX_WAITING_BYTES = 32_000_000


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
        self._trouble = JournalTrouble(hass)
        self._folder = Path(hass.config.path(DOMAIN))
        self._store = Store[_Stored](
            hass, STORAGE_VERSION, f"{DOMAIN}.journal", private=True
        )
        self._loaded = False
        self._journal: Journal | None = None
        # Devices, alarms that are being stored, and a backup.
        self._users = 0
        self._running = False
        self._held = False
        self._turn = asyncio.Lock()
        self._waiting = WaitingRecords(MAX_WAITING_BYTES)
        # What failed last and will be sent again: storing it tells when the journal has healed, however long that takes.
        self._trial: Record | None = None
        self._cancel_retry: CALLBACK_TYPE | None = None
        self._stop_upkeep: list[CALLBACK_TYPE] = []

    @property
    def journal(self) -> Journal:
        """The open journal. JournalError while there is none."""
        if self._journal is not None:
            return self._journal
        if failure := self._trouble.failure:
            raise JournalError(failure.reason, failure.text)
        raise JournalError(Reason.CLOSED, "no device is set up")

    # Life

    async def async_load(self) -> JournalSettings:
        """Return the settings, also while no device is set up."""
        if not self._loaded:
            if stored := await self._store.async_load():
                self.settings = JournalSettings(**stored)
            self._loaded = True
        return self.settings

    async def async_acquire(self) -> None:
        """Open the journal for a device, unless it is open; one that cannot be opened is tried again by itself."""
        self._users += 1
        async with self._turn:
            if self._running:
                return
            await self.async_load()
            self._running = True
            self._stop_upkeep = [
                async_track_time_interval(
                    self.hass,
                    self._async_sweep,
                    SWEEP_INTERVAL,
                    cancel_on_shutdown=True,
                ),
                self.hass.bus.async_listen(
                    EVENT_HOMEASSISTANT_CLOSE, self._async_home_assistant_closes
                ),
            ]
            await self._async_open()

    async def async_release(self) -> None:
        """Close the journal with its last device."""
        self._users -= 1
        if self._users:
            return
        async with self._turn:
            if not self._users:
                await self._async_close()

    @asynccontextmanager
    async def async_in_use(self) -> AsyncGenerator[None]:
        """Leave the journal open for what has begun, also when its last device goes meanwhile."""
        self._users += 1
        try:
            yield
        finally:
            await self.async_release()

    async def async_configure(self, settings: JournalSettings) -> None:
        """Use another journal, or keep more or less of it. JournalError if the new one cannot be opened: then nothing changes."""
        async with self._turn:
            before = await self.async_load()
            if settings.url != before.url or (self._running and not self._journal):
                await self._async_move(settings.url)
            self.settings = settings
            await self._store.async_save(
                _Stored(
                    url=settings.url, days=settings.days, megabytes=settings.megabytes
                )
            )
            await self._async_store_waiting()
        self._async_sweep_soon()

    async def _async_move(self, url: str) -> None:
        """Open another journal in the place of this one, or only see that it can be opened while no device is set up."""
        if self._journal and self._journal.is_held:
            raise JournalError(Reason.LOCKED, "a backup is being made")
        try:
            other = await self._async_try_open(url, chosen=True)
        except JournalError as err:
            LOGGER.error("The database that was chosen cannot be used: %s", err)
            raise
        if self._running:
            self._journal, other = other, self._journal
            self._healed()
        if other:
            await other.close()

    async def _async_home_assistant_closes(self, _: Event) -> None:
        """Entries are not unloaded when Home Assistant stops."""
        async with self._turn:
            await self._async_close()
        if self._waiting:
            LOGGER.error(
                "Home Assistant stopped before the journal could store what waited: %d lost",
                len(self._waiting),
            )

    async def _async_close(self) -> None:
        """Stop the upkeep, store what waits if that works now, and close."""
        self._running = False
        for stop in self._stop_upkeep:
            stop()
        self._stop_upkeep.clear()
        if self._cancel_retry:
            self._cancel_retry()
            self._cancel_retry = None
        await self._async_store_waiting()
        # Whatever is wrong, nobody would withdraw it any more.
        self._trial = None
        self._trouble.async_withdraw()
        journal, self._journal = self._journal, None
        if journal:
            await journal.close()

    async def _async_open(self, *, thorough: bool = False) -> None:
        """Open the journal and store what waits, or say why that cannot be and try again later."""
        try:
            self._journal = await self._async_try_open(
                self.settings.url, thorough=thorough
            )
        except JournalError as err:
            self._failed(err)
            return
        self._healed()
        await self._async_store_waiting()
        self._async_sweep_soon()

    async def _async_try_open(
        self, url: str, *, thorough: bool = False, chosen: bool = False
    ) -> Journal:
        """Return an open journal; one that a person has just chosen must not be a file with something else. JournalError."""
        url, pictures = journal_place(self._folder, url)
        if chosen and await self.hass.async_add_executor_job(is_foreign, url):
            raise JournalError(Reason.FOREIGN, "the file is no journal")
        journal = Journal(url, pictures)
        try:
            await self.hass.async_add_executor_job(_make_folder, self._folder)
            opened = await journal.open(thorough=thorough)
        except (OSError, JournalError) as err:
            await journal.close()
            raise journal_error(err) from err
        if opened.set_aside:
            self._trouble.async_was_set_aside(str(opened.set_aside))
        return journal

    # Storing

    async def async_keep(self, record: Record, *, only_once: bool = False) -> Kept:
        """Store a record; returns when it survives a power cut.

        What fails is the sender's to send again. With `only_once` nobody will: then it waits here until it can be stored, and
        counts as known when it comes again.
        """
        if only_once and record in self._waiting:
            return Kept.KNOWN
        try:
            is_new = await self.journal.append(record)
        except asyncio.CancelledError:
            # It may be stored or not; its key will tell.
            if only_once:
                self._wait(record)
            raise
        except JournalError as err:
            return self._not_kept(record, err, only_once)
        # What was known was only looked up, which works on a full disk as well.
        if is_new:
            self._healed()
        return Kept.NEW if is_new else Kept.KNOWN

    def _not_kept(self, record: Record, err: JournalError, only_once: bool) -> Kept:
        """Remember what could not be stored, where that helps."""
        if err.reason is Reason.UNSTORABLE:
            # Nothing is wrong with the journal, and nothing to wait for.
            LOGGER.error("The journal cannot store this, now or later: %s", err)
            return Kept.FAILED
        self._failed(err)
        if not only_once:
            # One without a key would be stored twice.
            self._trial = record if record.key else self._trial
            return Kept.FAILED
        if record in self._waiting:
            return Kept.KNOWN
        self._wait(record)
        return Kept.FAILED

    async def async_amend(self, record: Record) -> None:
        """Store what became clear about a happening only after it was stored, or while it still waits for that."""
        if record in self._waiting:
            self._waiting.replace(record)
            return
        try:
            await self.journal.amend(record)
        except JournalError as err:
            self._failed(err)

    async def async_knows(self, device: str, kind: Kind, key: str) -> bool:
        """Whether a happening is stored or waits for it; False too where that cannot be told."""
        if self._waiting.knows(device, kind, key):
            return True
        try:
            return bool(key) and await self.journal.knows(device, kind, key)
        except JournalError:
            return False

    @callback
    def async_waits(self, meant: Callable[[Record], bool]) -> bool:
        """Whether any record that waits to be stored is meant."""
        return any(map(meant, self._waiting))

    async def async_wanted_since(self) -> datetime:
        """Return before which nothing is fetched from the memory of a device: it is too old, or was deleted to make room.

        JournalError.
        """
        since = [dt_util.utc_from_timestamp(0)]
        if days := self.settings.days:
            since.append(dt_util.utcnow() - timedelta(days=days))
        try:
            swept = await self.journal.swept_until()
        except JournalError as err:
            # Nobody but who wants to catch up may ask for long.
            self._failed(err)
            raise
        return max(since) if swept is None else max(*since, swept)

    def _wait(self, record: Record) -> None:
        """Keep a record in memory, at the cost of the oldest when there are too many."""
        before = self._waiting.dropped
        self._waiting.add(record)
        if self._waiting.dropped and not before:
            LOGGER.error(
                "More waits for the journal than fits into memory: the oldest is lost, and so on"
            )

    @callback
    def async_drop_waiting(self, unwanted: Callable[[Record], bool]) -> int:
        """Forget some of what waits to be stored; returns how much."""
        if self._trial and unwanted(self._trial):
            self._trial = None
        dropped = [record for record in self._waiting if unwanted(record)]
        for record in dropped:
            self._waiting.remove(record)
        return len(dropped)

    # Trouble

    @callback
    def _failed(self, err: JournalError) -> None:
        """Say once what is wrong, and try again later; one that was closed on purpose is not wrong."""
        if err.reason is Reason.CLOSED or not self._running:
            return
        if self._cancel_retry is None:
            self._cancel_retry = async_call_later(
                self.hass, RETRY_SECONDS, self._async_retry
            )
        self._trouble.async_broke(err)

    @callback
    def _healed(self) -> None:
        """Note that it stores again: nothing is left to be tried."""
        if self._trouble.failure is None:
            return
        self._trial = None
        self._trouble.async_healed()
        async_dispatcher_send(self.hass, SIGNAL_JOURNAL_HEALED)

    async def _async_retry(self, _: datetime) -> None:
        """Open what is not open or was found corrupt, and see whether it stores again."""
        self._cancel_retry = None
        async with self._turn:
            if not self._running:
                return
            failure = self._trouble.failure
            corrupt = failure is not None and failure.reason is Reason.CORRUPT
            if corrupt and self._journal:
                journal, self._journal = self._journal, None
                await journal.close()
            if self._journal is None:
                await self._async_open(thorough=corrupt)
            elif self._waiting:
                await self._async_store_waiting()
            elif self._trial:
                await self.async_keep(self._trial)
            else:
                await self._async_sweep()

    async def _async_store_waiting(self) -> None:
        """Store what nobody would send again, oldest first, until it fails."""
        if self._journal is None:
            return
        for record in self._waiting:
            if record not in self._waiting:
                # Forgotten meanwhile.
                continue
            try:
                await self._journal.append(record)
            except JournalError as err:
                self._failed(err)
                return
            self._healed()
            latest = self._waiting.remove(record)
            if latest is not None and latest is not record:
                await self.async_amend(latest)

    # Backup

    async def async_hold(self) -> None:
        """Make the journal ready to be copied, and leave it open until `async_end_hold`.

        JournalError if what is copied now would be torn. One that fails already holds up no backup: its trouble is known.
        """
        async with self._turn:
            if self._journal is None:
                return
            try:
                await self._journal.hold()
            except JournalError as err:
                if self._trouble.failure is None:
                    raise
                LOGGER.warning("The journal in this backup may be damaged: %s", err)
                return
            if not self._held:
                self._held = True
                self._users += 1

    async def async_end_hold(self) -> None:
        """Go on as usual."""
        if not self._held:
            return
        self._held = False
        try:
            await self.journal.release()
        except JournalError as err:
            self._failed(err)
        await self.async_release()

    async def async_facts(self) -> dict[str, Any]:
        """Return what helps to understand a problem: nothing of anybody, and of a database URL only which kind it is.

        `bytes` are those of texts and pictures; both numbers are None where they cannot be told.
        """
        failure = self._trouble.failure
        try:
            size = await self.journal.size()
        except JournalError as err:
            size, failure = None, failure or err
        return {
            "database": driver_of(self.settings.url),
            "days": self.settings.days,
            "megabytes": self.settings.megabytes,
            "failure": public_text(failure) if failure else None,
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
        # It was a sweep that failed, and nothing else.
        if not self._waiting and not self._trial:
            self._healed()


def _make_folder(folder: Path) -> None:
    """Create a folder that nobody but the user of Home Assistant can look into. OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


@singleton(f"{DOMAIN}_keeper")
@callback
def async_get_keeper(hass: HomeAssistant) -> Keeper:
    """Return the one keeper of this Home Assistant."""
    return Keeper(hass)
