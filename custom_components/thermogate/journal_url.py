"""The database URL of the journal: as a person types and sees it, and what belongs to it on the disk."""

from contextlib import closing
import hashlib
import json
import os
from pathlib import Path
import sqlite3
from urllib.parse import quote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from .const import DOMAIN
from .journal import JournalError, Reason

# What SQLAlchemy shows instead of a password.
HIDDEN = "***"


def shown_url(url: str) -> str:
    """Return a database URL without its password. JournalError if it is none."""
    return _parsed(url).render_as_string(hide_password=True) if url else ""


def complete_url(typed: str, current: str) -> str:
    """Return a typed URL with the password that was not shown, if it is for the same user of the same server.

    JournalError if it is none, or holds a password where it could not be hidden.
    """
    if typed == shown_url(current):
        return current
    if not typed:
        return ""
    url = _parsed(typed)
    if any("password" in name for name in url.query):
        raise JournalError(Reason.URL, "a password belongs before the host")
    if url.password != HIDDEN or not current:
        return typed
    known = _parsed(current)
    if (url.host, url.port, url.username) != (known.host, known.port, known.username):
        return typed
    return url.set(password=known.password).render_as_string(hide_password=False)


def driver_of(url: str) -> str:
    """Return which kind of database a URL is for, and by what it is reached."""
    try:
        return _parsed(url or "sqlite://").drivername
    except JournalError:
        return "?"


def journal_place(folder: Path, url: str) -> tuple[str, Path]:
    """Return the full database URL and the folder of its pictures: each database has one of its own, whoever logs in to it.

    `folder` is that of the integration, in the configuration folder, from which the path of a file is told. An empty URL is the
    file in there. JournalError.
    """
    default = folder / "journal.db"
    if not url:
        return f"sqlite:///{default}", folder / "pictures"
    parsed = _parsed(url)
    identity: list[object]
    if (file := _file(parsed)) is not None:
        path = Path(os.path.normpath(folder.parent / file))
        if path == default:
            return journal_place(folder, "")
        parsed = parsed.set(database=str(path))
        identity = [str(path)]
    else:
        server = [parsed.host or parsed.query.get("host"), parsed.port or 5432]
        identity = [parsed.get_backend_name(), *server, parsed.database]
    mark = hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:12]
    return parsed.render_as_string(hide_password=False), folder / f"pictures-{mark}"


def is_foreign(url: str) -> bool:
    """Whether the file of a database URL holds something else than a journal, as far as it can be read; reads the disk."""
    file = _file(_parsed(url))
    if file is None or not (path := Path(file)).is_file() or not path.stat().st_size:
        return False
    try:
        with closing(
            sqlite3.connect(f"file:{quote(file)}?mode=ro", uri=True, timeout=0)
        ) as database:
            names = [
                name for (name,) in database.execute("SELECT name FROM sqlite_master")
            ]
    except sqlite3.DatabaseError as err:
        return err.sqlite_errorcode == sqlite3.SQLITE_NOTADB
    return bool(names) and not any(name.startswith(f"{DOMAIN}_") for name in names)


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as err:
        # SQLAlchemy's text may quote the URL, which may hold a password.
        raise JournalError(Reason.URL, "not a database URL") from err


def _file(url: URL) -> str | None:
    """Return the path of a SQLite file; None for a server, and where no file is named."""
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
        return None
    return url.database
