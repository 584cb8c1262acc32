"""Opening the database: SQLite set up so that a commit survives a power cut, any other as SQLAlchemy gives it."""

from datetime import UTC, datetime
from pathlib import Path
import sqlite3
import time
from typing import Any, Final, override

from sqlalchemy import (
    URL,
    Engine,
    PoolProxiedConnection,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from .errors import EXPECTED, JournalError, Reason, journal_error
from .models import Opened
from .schema import prepare_schema

BACKENDS: Final = ("sqlite", "postgresql")
# Connections that read at the same time.
READERS: Final = 3
# WAL: readers and the writer do not wait for each other. FULL: a commit is on the disk before it returns. NORMAL would survive
# a killed process, but not a power cut, and an acknowledged capture is gone from the terminal's memory for good; it would save
# 0.2 ms of a commit, once for all records that wait. secure_delete: a forgotten person leaves no bytes in the file.
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
)
_CHECKPOINT_PAGES = 1000  # SQLite's default
# A file of this size or smaller is checked completely when it is opened; of a larger one, what can be read in that time.
_CHECK_SECONDS = 2.0
_CHECK_STEPS = 10_000
_SIBLINGS = ("", "-wal", "-shm")
# Seconds and milliseconds after which a PostgreSQL server that has vanished counts as lost. By itself libpq waits minutes for
# a connection and a quarter of an hour for an answer, and a device waits with it.
_LIBPQ: Final = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
_DRIVER_OPTIONS: Final = {"psycopg": _LIBPQ, "psycopg2": _LIBPQ}
_ASIDE = ".corrupt-"


class _Connection(sqlite3.Connection):
    """A connection that can be rolled back also when SQLite has done so by itself, as it does when a disk is full or fails."""

    @override
    def rollback(self) -> None:
        """End the transaction, and begin the next one."""
        if self.autocommit is False and not self.in_transaction:
            self.execute("BEGIN")
        else:
            super().rollback()


class Database:
    """The engines of one journal: one connection writes, some read. Not for the event loop."""

    def __init__(self, url: URL, busy_seconds: float) -> None:
        """Take the URL; nothing is opened yet. `busy_seconds` is how long to wait for another process that holds a lock."""
        self._url = url
        self._busy_seconds = busy_seconds
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.writing = self._engine(1)
        self.reading = self._engine(READERS)

    def open(self, *, thorough: bool = False) -> Opened:
        """Create or migrate the schema; a corrupt SQLite file is set aside first. JournalError.

        `thorough` takes as long as it takes to find what is corrupt.
        """
        try:
            return Opened(set_aside=None, migrated_from=self._open(thorough))
        except (*EXPECTED, JournalError) as err:
            self.close()
            error = journal_error(err)
            if error.reason is not Reason.CORRUPT or not self.is_sqlite:
                raise error from err
        try:
            return Opened(set_aside=self._set_aside(), migrated_from=self._open(False))
        except EXPECTED as err:
            self.close()
            raise journal_error(err) from err

    def close(self) -> None:
        """Close all connections; SQLite then moves its log into the file."""
        self.reading.dispose()
        self.writing.dispose()

    def hold(self) -> None:
        """Bring everything into the SQLite file, and leave that file alone until `release`: commits go on in the log beside it.

        JournalError if a reader or another process keeps the log busy.
        """
        if not self.is_sqlite:
            return
        self._pragma("wal_autocheckpoint=0")
        busy = 1
        try:
            busy, *_ = self._pragma("wal_checkpoint(TRUNCATE)")
        finally:
            if busy:
                self._bring_in_again()
        if busy:
            raise JournalError(Reason.LOCKED, "the log could not be brought in")

    def release(self) -> None:
        """Let SQLite move its log into the file again, at once with what was deleted meanwhile."""
        if self.is_sqlite:
            self._bring_in_again()
            self.scrub()

    def scrub(self) -> None:
        """Empty SQLite's log, which still holds what was deleted, unless somebody reads from it just now."""
        if self.is_sqlite:
            self._pragma("wal_checkpoint(TRUNCATE)")

    def set_aside_at(self) -> float | None:
        """Return when the last corrupt file that is still there was set aside (seconds since 1970)."""
        if not self.is_sqlite:
            return None
        path = self._path
        files = path.parent.glob(f"{path.name}{_ASIDE}*")
        return max((file.stat().st_ctime for file in files), default=None)

    @property
    def _path(self) -> Path:
        return Path(self._url.database or "")

    def _engine(self, connections: int) -> Engine:
        options: dict[str, Any] = {"pool_size": connections, "max_overflow": 0}
        if self.is_sqlite:
            # autocommit=False is Python's way of transactions that also hold for changes of the schema.
            options["connect_args"] = {
                "autocommit": False,
                "timeout": self._busy_seconds,
                "factory": _Connection,
            }
        else:
            known = _DRIVER_OPTIONS.get(self._url.get_driver_name(), {})
            options["pool_pre_ping"] = True
            options["connect_args"] = {
                name: value
                for name, value in known.items()
                if name not in self._url.query
            }
        try:
            engine = create_engine(self._url, hide_parameters=True, **options)
        except (ArgumentError, ImportError) as err:
            raise JournalError(
                Reason.URL, f"no driver for {self._url.drivername}"
            ) from err
        if self.is_sqlite:
            event.listen(engine, "connect", _configure)
        return engine

    def _open(self, thorough: bool) -> int | None:
        if self.is_sqlite:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # What it holds is biometric: for nobody but the user that Home Assistant runs as.
            self._path.touch(mode=0o600)
            self._check(thorough)
        with self.writing.begin() as connection:
            return prepare_schema(connection)

    def _check(self, thorough: bool) -> None:
        """Raise what SQLite finds wrong with the file, as far as it gets in the time for it, or everything."""
        check = "integrity_check" if thorough else "quick_check"
        with self.writing.connect() as connection:
            driver = _driver(connection.connection)
            until = time.monotonic() + _CHECK_SECONDS
            driver.set_progress_handler(
                lambda: not thorough and time.monotonic() > until, _CHECK_STEPS
            )
            try:
                found = connection.exec_driver_sql(f"PRAGMA {check}(1)").scalar()
            except DBAPIError as err:
                if _code(err) != sqlite3.SQLITE_INTERRUPT:
                    raise
                return
            finally:
                driver.set_progress_handler(None, 0)
        if found != "ok":
            raise JournalError(Reason.CORRUPT, str(found))

    def _set_aside(self) -> Path:
        """Rename the corrupt file and its log; returns the new name."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        for sibling in _SIBLINGS:
            file = self._path.with_name(self._path.name + sibling)
            if file.exists():
                file.rename(self._aside(stamp, sibling))
        return self._aside(stamp, "")

    def _aside(self, stamp: str, sibling: str) -> Path:
        # The log keeps its ending, so that tools for recovery find it.
        return self._path.with_name(f"{self._path.name}{_ASIDE}{stamp}{sibling}")

    def _bring_in_again(self) -> None:
        self._pragma(f"wal_autocheckpoint={_CHECKPOINT_PAGES}")

    def _pragma(self, pragma: str) -> tuple[Any, ...]:
        """Run a pragma that must not stand in a transaction, on the connection that writes."""
        with self.writing.connect() as connection:
            driver = _driver(connection.connection)
            driver.autocommit = True
            try:
                row = connection.exec_driver_sql(f"PRAGMA {pragma}").first()
            finally:
                driver.autocommit = False
        return () if row is None else tuple(row)


def database_at(url: str, busy_seconds: float) -> Database:
    """Return the database under a URL, not opened yet. JournalError if the URL or its driver is of no use."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as err:
        # SQLAlchemy's text may quote the URL, which may hold a password.
        raise JournalError(Reason.URL, "not a database URL") from err
    if parsed.get_backend_name() not in BACKENDS:
        raise JournalError(Reason.URL, f"not one of {', '.join(BACKENDS)}")
    if parsed.get_backend_name() == "sqlite" and parsed.database in {
        None,
        "",
        ":memory:",
    }:
        raise JournalError(Reason.URL, "SQLite needs a file")
    return Database(parsed, busy_seconds)


def _configure(driver: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """Set up a new connection to SQLite."""
    assert isinstance(driver, sqlite3.Connection)
    try:
        driver.autocommit = True
        for pragma in _PRAGMAS:
            driver.execute(f"PRAGMA {pragma}")
        driver.autocommit = False
    except sqlite3.Error:
        driver.close()
        raise


def _driver(connection: PoolProxiedConnection) -> sqlite3.Connection:
    driver = connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _code(err: DBAPIError) -> int:
    return getattr(err.orig, "sqlite_errorcode", 0)
