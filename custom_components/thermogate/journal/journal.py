"""The journal: a durable log of captures and alarms with their pictures.

Everything that changes it runs in one thread, in the order in which it was asked for; reading has threads of its own.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
import logging
from pathlib import Path
from typing import Concatenate, Final

from sqlalchemy import Connection, Engine

from . import query as reading, retention
from .database import READERS, Database, database_at
from .errors import EXPECTED, JournalError, Reason, journal_error
from .models import (
    Entry,
    Forgotten,
    Kind,
    Opened,
    Page,
    Person,
    Query,
    Record,
    Retention,
    Size,
    Swept,
)
from .pictures import PictureFolder
from .retention import Removed
from .rows import Columns, columns as columns_of
from .writer import Outcome, amend, write

type Step = Callable[[Engine, PictureFolder], Removed]

_LOGGER = logging.getLogger(__name__)

MEGABYTE: Final = 1_000_000
# Records of one transaction: enough to share its cost, few enough that the first does not wait long for the last.
_BATCH = 64
# Bytes of records that may wait for the disk; a Home Assistant often has no more than 2 GB in all.
_QUEUE_BYTES = 64 * MEGABYTE
_BUSY_SECONDS = 2.0
# A backup that never ends must not let the log grow for ever.
_HOLD_SECONDS = 4 * 3600.0
_NAMES_PER_STEP = 200
_MAX_DAYS = 3660


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A record that waits to be stored, and who waits for it."""

    record: Record
    columns: Columns
    bytes: int
    stored: asyncio.Future[bool]


class Journal:
    """A log of what happened, with pictures. All methods raise JournalError for what disk or database refuse.

    One journal has its SQLite file and its picture folder to itself.
    """

    def __init__(
        self,
        url: str,
        pictures: Path,
        *,
        queue_bytes: int = _QUEUE_BYTES,
        busy_seconds: float = _BUSY_SECONDS,
        hold_seconds: float = _HOLD_SECONDS,
    ) -> None:
        """Take a SQLAlchemy database URL and the folder of the pictures; nothing is opened yet.

        `queue_bytes` bounds what waits to be stored (appends beyond it wait in turn), `busy_seconds` how long to wait for a
        lock of another process, `hold_seconds` how long `hold` lasts without a `release`.
        """
        self._url = url
        self._folder = PictureFolder(pictures)
        self._queue_bytes = queue_bytes
        self._busy_seconds = busy_seconds
        self._hold_seconds = hold_seconds
        self._opened: Database | None = None
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="journal-writer")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="journal-reader")
        self._waiting: deque[_Waiting] = deque()
        self._waiting_bytes = 0
        self._turn = asyncio.Lock()
        self._room = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._held: asyncio.TimerHandle | None = None
        # Files without a row come from crashes, so they are sought once after each start, and after a failure.
        self._orphans = True

    async def open(self, *, thorough: bool = False) -> Opened:
        """Create what is missing, migrate what is old, set aside a corrupt SQLite file. May be tried again after an error.

        A large SQLite file is only looked through for a moment; `thorough` is for one that is known to be corrupt.
        """
        database = database_at(self._url, self._busy_seconds)
        await _run(self._writer, self._folder.open)
        opened = await _run(self._writer, database.open, thorough=thorough)
        self._opened = database
        return opened

    async def close(self) -> None:
        """Store what still waits, then close for good. Appends that have not found room yet are refused."""
        database, self._opened = self._opened, None
        self._stop_holding()
        await self._idle.wait()
        for pool in (self._readers, self._writer):
            await asyncio.to_thread(pool.shutdown)
        await asyncio.to_thread(self._folder.close)
        if database is not None:
            await asyncio.to_thread(database.close)

    async def append(self, record: Record) -> bool:
        """Store a record; returns once it survives a power cut. False if (device, kind, key) was there: nothing is written then.

        Records are stored in the order of the calls. After an error nothing of the record is visible, and it may be appended
        again. A caller that is cancelled does not know whether the record was stored; the record's key lets it find out.
        """
        try:
            columns = columns_of(record)
        except EXPECTED as err:
            raise journal_error(err) from err
        size = columns["size"] + sum(len(picture.data) for picture in record.pictures)
        async with self._turn:
            while (
                self._waiting_bytes and self._waiting_bytes + size > self._queue_bytes
            ):
                self._room.clear()
                await self._room.wait()
            # Refuses when the journal was closed meanwhile.
            database = self._database
            loop = asyncio.get_running_loop()
            waiting = _Waiting(record, columns, size, loop.create_future())
            self._waiting.append(waiting)
            self._waiting_bytes += size
            if self._idle.is_set():
                self._idle.clear()
                # Soon, not now: whoever else appends in this turn of the loop shares the transaction.
                loop.call_soon(self._store, database)
        return await waiting.stored

    async def amend(self, record: Record) -> bool:
        """Replace the details of a stored happening by those of `record`, its other fields stay; False if it is not there."""
        try:
            columns = columns_of(record)
        except EXPECTED as err:
            raise journal_error(err) from err
        return await _run(self._writer, amend, self._database.writing, columns)

    async def knows(self, device: str, kind: Kind, key: str) -> bool:
        """Whether a happening is stored."""
        return await self._read(reading.knows, device, kind, key)

    async def search(self, query: Query) -> Page:
        """Return a page of entries, newest first."""
        return await self._read(reading.search, query)

    async def days(
        self, device: str | None = None, *, tz: tzinfo = UTC, limit: int = _MAX_DAYS
    ) -> list[tuple[date, int]]:
        """Return the newest days in a time zone that have entries, with their number, newest first."""
        return await self._read(reading.days, device, tz, limit)

    async def people(self, device: str | None = None) -> list[Person]:
        """Return the persons who were seen, those seen last first."""
        return await self._read(reading.people, device)

    async def entry(self, event_id: str) -> Entry | None:
        """Return the entry of an event, the newest if there are several."""
        return await self._read(reading.find, event_id)

    async def picture(self, name: str) -> Path | None:
        """Return the file of a picture; None for what is no picture's name and for a file that is gone."""
        return await _run(self._readers, self._folder.path, name)

    async def swept_until(self) -> datetime | None:
        """Return when the oldest entry was received, if older ones were deleted: what is older still was deleted, or would be next."""
        return await self._read(reading.swept_until)

    async def size(self) -> Size:
        """Return how much is stored."""
        return await self._read(reading.size)

    async def forget_person(self, *, person_id: str = "", name: str = "") -> Forgotten:
        """Delete all entries of a person, with the pictures that no other entry has.

        Entries of the id, and those of the name in any case: where an id is given too, only entries without one, since two
        persons may share a name. ValueError if neither is given.
        """
        if not person_id and not name:
            raise ValueError("whom?")
        removed = await self._remove_all(
            partial(retention.remove_person, person_id=person_id, name=name)
        )
        if self._held is None:
            await _run(self._writer, self._database.scrub)
        return Forgotten(entries=removed.entries, pictures=removed.pictures)

    async def sweep(self, limits: Retention, now: datetime) -> Swept:
        """Delete what is older or more than wanted, oldest first by when it was received, and files that a crash left behind.

        Goes in short steps; appends come in between. Does nothing while a backup holds the journal.
        """
        removed = Removed()
        if self._held is not None:
            return Swept(entries=0, pictures=0, bytes=0)
        if limits.days is not None:
            before = now - timedelta(days=limits.days)
            step = partial(retention.remove_received_before, before=before)
            removed += await self._remove_all(step, until_held=True)
        if limits.megabytes is not None:
            removed += await self._remove_excess(limits.megabytes * MEGABYTE)
        if self._orphans:
            removed += await self._remove_orphans()
        return Swept(
            entries=removed.entries, pictures=removed.pictures, bytes=removed.bytes
        )

    async def hold(self) -> None:
        """Make the SQLite file complete and leave it unchanged until `release`, for a backup.

        Appends go on, into the log beside the file, so no device waits for the end of a backup: a copy of the file alone is the
        journal as of now, a copy with its log a later one. Pictures of entries that come meanwhile may be missing in the copy.
        """
        database = self._database
        self._stop_holding()
        # From now on, so that a sweep takes no further step after the file is complete.
        self._held = asyncio.get_running_loop().call_later(
            self._hold_seconds, self._end_hold, database
        )
        try:
            await _run(self._writer, database.hold)
        except JournalError:
            self._stop_holding()
            raise

    async def release(self) -> None:
        """Go on as usual; does nothing if nothing is held."""
        if self._held is not None:
            self._stop_holding()
            await _run(self._writer, self._database.release)

    @property
    def is_held(self) -> bool:
        """Whether a backup holds the journal."""
        return self._held is not None

    @property
    def _database(self) -> Database:
        if self._opened is None:
            raise JournalError(Reason.CLOSED, "the journal is not open")
        return self._opened

    async def _read[**P, R](
        self,
        ask: Callable[Concatenate[Connection, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        engine = self._database.reading

        def read() -> R:
            with engine.connect() as connection:
                return ask(connection, *args, **kwargs)

        return await _run(self._readers, read)

    def _store(self, database: Database) -> None:
        """Hand the next batch to the writer."""
        batch = [
            self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting)))
        ]
        job = asyncio.get_running_loop().run_in_executor(
            self._writer,
            write,
            database.writing,
            self._folder,
            [(waiting.record, waiting.columns) for waiting in batch],
        )
        job.add_done_callback(partial(self._stored, database, batch))

    def _stored(
        self,
        database: Database,
        batch: list[_Waiting],
        job: asyncio.Future[list[Outcome]],
    ) -> None:
        """Tell those who wait, and go on with the next batch."""
        outcomes: Sequence[bool | BaseException]
        # What `write` raises is a defect; nobody must wait for ever because of it.
        error = job.exception()
        outcomes = job.result() if error is None else [error] * len(batch)
        for waiting, outcome in zip(batch, outcomes, strict=True):
            self._waiting_bytes -= waiting.bytes
            if isinstance(outcome, BaseException):
                self._orphans = True
            _settle(waiting.stored, outcome)
        self._room.set()
        if self._waiting:
            self._store(database)
        else:
            self._idle.set()

    async def _step(self, step: Step) -> Removed:
        database = self._database
        return await _run(self._writer, step, database.writing, self._folder)

    async def _remove_all(self, step: Step, *, until_held: bool = False) -> Removed:
        """Repeat a step until it deletes nothing more, or a backup begins that must not lose it."""
        total = Removed()
        while (removed := await self._step(step)).entries:
            total += removed
            if until_held and self._held is not None:
                break
        return total

    async def _remove_excess(self, limit: int) -> Removed:
        """Delete the oldest entries until so many bytes are left."""
        total = Removed()
        excess = (await self.size()).bytes - limit
        while excess > total.bytes and self._held is None:
            step = partial(retention.remove_excess, excess=excess - total.bytes)
            if not (removed := await self._step(step)).entries:
                break
            total += removed
        return total

    async def _remove_orphans(self) -> Removed:
        """Delete pictures that no row names, but for those of a corrupt database that somebody may still want to rescue."""
        total = Removed()
        # A failure that comes meanwhile sets it again.
        self._orphans = False
        complete = False
        try:
            since = await _run(self._writer, self._database.set_aside_at)
            leaves = self._folder.leaves()
            while names := await _run(self._readers, _next_names, leaves, since):
                if self._held is not None:
                    return total
                step = partial(retention.remove_unnamed, names=names)
                total += await self._step(step)
            complete = True
        finally:
            self._orphans |= not complete
        return total

    def _stop_holding(self) -> None:
        if self._held is not None:
            self._held.cancel()
            self._held = None

    def _end_hold(self, database: Database) -> None:
        """Give up on a backup that never came to its end."""
        _LOGGER.warning(
            "The journal was held for a backup that did not end; it goes on as usual"
        )
        self._held = None
        asyncio.get_running_loop().run_in_executor(self._writer, database.release)


def _next_names(leaves: Iterator[dict[str, float]], since: float | None) -> list[str]:
    """Return the names of the next pictures, those written later than a time if one is given; none at the end."""
    names: list[str] = []
    for leaf in leaves:
        names += [
            name for name, written in leaf.items() if since is None or written > since
        ]
        if len(names) >= _NAMES_PER_STEP:
            break
    return names


def _settle(future: asyncio.Future[bool], outcome: bool | BaseException) -> None:
    if future.done():  # cancelled
        return
    if isinstance(outcome, BaseException):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


async def _run[**P, R](
    pool: ThreadPoolExecutor,
    function: Callable[P, R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Run a function in a thread of a pool; what is expected to fail fails as JournalError."""
    loop = asyncio.get_running_loop()
    try:
        running = loop.run_in_executor(pool, partial(function, *args, **kwargs))
    except RuntimeError as err:
        raise JournalError(Reason.CLOSED, "the journal was closed meanwhile") from err
    try:
        return await running
    except EXPECTED as err:
        raise journal_error(err) from err
