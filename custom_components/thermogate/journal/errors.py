"""What can go wrong with the journal, as one typed error with a reason."""

from enum import StrEnum
import errno
import sqlite3

from sqlalchemy.exc import DBAPIError, StatementError


class Reason(StrEnum):
    """Why the journal could not do it."""

    DISK_FULL = "disk_full"
    PERMISSION = "permission"
    LOCKED = "locked"
    LOST = "lost"
    """The database server did not answer."""
    CORRUPT = "corrupt"
    FOREIGN = "foreign"
    """The file holds something else than a journal."""
    NEWER = "newer"
    """A later version of this package wrote the database."""
    URL = "url"
    """Nothing can be opened under the database URL: malformed, or its driver is not installed."""
    UNSTORABLE = "unstorable"
    """The record itself cannot be stored, now or later: details that are no JSON."""
    CLOSED = "closed"
    FAILED = "failed"
    """Anything else; the text says what."""


class JournalError(Exception):
    """The journal could not do it; nothing of what was asked is visible, and asking again later is safe.

    `text` is for logs: it never holds values of a record.
    """

    def __init__(self, reason: Reason, text: str) -> None:
        """Say why, in a word and in a line."""
        self.reason = reason
        self.text = text
        super().__init__(f"{reason}: {text}")


# What an operating system or a database can be expected to raise; anything else is a defect of this package.
EXPECTED = (
    OSError,
    StatementError,
    ValueError,
    TypeError,
    OverflowError,
    RecursionError,
    MemoryError,
)

_ERRNOS = {
    errno.ENOSPC: Reason.DISK_FULL,
    errno.EDQUOT: Reason.DISK_FULL,
    errno.EFBIG: Reason.DISK_FULL,
    errno.EACCES: Reason.PERMISSION,
    errno.EPERM: Reason.PERMISSION,
    errno.EROFS: Reason.PERMISSION,
}
_SQLITE_CODES = {
    sqlite3.SQLITE_FULL: Reason.DISK_FULL,
    sqlite3.SQLITE_PERM: Reason.PERMISSION,
    sqlite3.SQLITE_READONLY: Reason.PERMISSION,
    sqlite3.SQLITE_CANTOPEN: Reason.PERMISSION,
    sqlite3.SQLITE_BUSY: Reason.LOCKED,
    sqlite3.SQLITE_LOCKED: Reason.LOCKED,
    sqlite3.SQLITE_CORRUPT: Reason.CORRUPT,
    sqlite3.SQLITE_NOTADB: Reason.CORRUPT,
}
# The beginnings of PostgreSQL's SQLSTATE codes (its manual, appendix A).
_SQLSTATES = {
    "53100": Reason.DISK_FULL,
    "42501": Reason.PERMISSION,
    "28": Reason.PERMISSION,
    "55P03": Reason.LOCKED,
    "40": Reason.LOCKED,
    "08": Reason.LOST,
    "57P": Reason.LOST,
    "XX001": Reason.CORRUPT,
}


def journal_error(err: BaseException) -> JournalError:
    """Return the journal's error for any that is expected of disks, databases and values."""
    if isinstance(err, JournalError):
        return err
    if isinstance(err, OSError):
        reason = _ERRNOS.get(err.errno or 0, Reason.FAILED)
        return JournalError(reason, err.strerror or type(err).__name__)
    if isinstance(err, UnicodeDecodeError):
        # SQLite quotes what it found in the place of a table's definition.
        return JournalError(Reason.CORRUPT, "garbage in the place of text")
    if not isinstance(err, DBAPIError):
        return JournalError(Reason.UNSTORABLE, type(err).__name__)
    return _database_error(err)


def _database_error(err: DBAPIError) -> JournalError:
    """Read the reason from what the driver said; its statement's parameters, which are private, stay out of the text."""
    origin = err.orig
    if isinstance(origin, sqlite3.Error):
        # The upper bytes say where it happened, the lowest what.
        code = getattr(origin, "sqlite_errorcode", 0) & 0xFF
        return JournalError(_SQLITE_CODES.get(code, Reason.FAILED), str(origin))
    if err.connection_invalidated:
        return JournalError(Reason.LOST, type(origin).__name__)
    # Psycopg, and psycopg2.
    state = getattr(origin, "sqlstate", None) or getattr(origin, "pgcode", None)
    if state is None:
        return _connection_error(origin)
    reasons = (
        reason for start, reason in _SQLSTATES.items() if state.startswith(start)
    )
    return JournalError(
        next(reasons, Reason.FAILED), f"{type(origin).__name__} {state}"
    )


def _connection_error(origin: BaseException | None) -> JournalError:
    """Read the reason from what libpq says of a connection: it has no code. Other texts without one may quote a value.

    A line with FATAL is the server's own: it is there, and does not let us in.
    """
    name = type(origin).__name__
    if name != "OperationalError":
        return JournalError(Reason.LOST, name)
    text = str(origin).strip().partition("\n")[0]
    return JournalError(Reason.PERMISSION if "FATAL:" in text else Reason.LOST, text)
