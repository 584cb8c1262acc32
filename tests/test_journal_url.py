"""The database URL of the journal: what is shown of it, what is kept of it, and what belongs to it."""

from pathlib import Path
import sqlite3

import pytest

from custom_components.thermogate.journal import JournalError, Reason
from custom_components.thermogate.journal_url import (
    complete_url,
    is_foreign,
    journal_place,
    shown_url,
)
from tests.journal.makers import journal_in, record, sqlite_url

SERVER = "postgresql+psycopg://gate:s3cr%40t@db.example:5433/thermogate"
SHOWN = "postgresql+psycopg://gate:***@db.example:5433/thermogate"
CONFIG = Path("/config")
FOLDER = CONFIG / "thermogate"


def test_a_password_is_not_shown() -> None:
    """Everything else is."""
    assert shown_url(SERVER) == SHOWN
    assert shown_url("sqlite:////data/journal.db") == "sqlite:////data/journal.db"
    assert shown_url("") == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ""),
        (SHOWN, SERVER),
        (
            SHOWN.replace("/thermogate", "/other"),
            SERVER.replace("/thermogate", "/other"),
        ),
        (f"{SHOWN}?sslmode=require", f"{SERVER}?sslmode=require"),
        (SERVER.replace("s3cr%40t", "new"), SERVER.replace("s3cr%40t", "new")),
        # Whom the password was not typed for does not get it.
        (SHOWN.replace("db.", "evil."), SHOWN.replace("db.", "evil.")),
        (SHOWN.replace("5433", "5432"), SHOWN.replace("5433", "5432")),
        (SHOWN.replace("gate:", "root:"), SHOWN.replace("gate:", "root:")),
    ],
)
def test_the_password_that_was_not_shown_is_kept(typed: str, meant: str) -> None:
    """For the same user of the same server, and for nobody else."""
    assert complete_url(typed, SERVER) == meant


@pytest.mark.parametrize(
    "typed", ["nonsense", "postgresql://host:port/db", f"{SHOWN}?password=s3cret"]
)
def test_what_is_no_url_is_refused(typed: str) -> None:
    """As is a password where it would be shown; the error shows none."""
    with pytest.raises(JournalError) as refused:
        complete_url(typed, SERVER)
    assert refused.value.reason is Reason.URL
    assert "s3cret" not in str(refused.value)


def test_there_is_nothing_to_keep_at_first() -> None:
    """Stars are then what the person typed."""
    assert complete_url(SHOWN, "") == SHOWN


@pytest.mark.parametrize(
    ("url", "full", "pictures"),
    [
        ("", "sqlite:////config/thermogate/journal.db", "pictures"),
        # However it is written, it is the same file.
        (
            "sqlite:////config/thermogate/../thermogate/journal.db",
            "sqlite:////config/thermogate/journal.db",
            "pictures",
        ),
        (
            "sqlite:///thermogate/journal.db",
            "sqlite:////config/thermogate/journal.db",
            "pictures",
        ),
        # Wherever Home Assistant was started, not there.
        ("sqlite:///doors.db", "sqlite:////config/doors.db", None),
        ("sqlite:////data/doors.db", "sqlite:////data/doors.db", None),
        (SERVER, SERVER, None),
    ],
)
def test_every_database_has_its_place(
    url: str, full: str, pictures: str | None
) -> None:
    """Its pictures are in the folder of the integration."""
    place, folder = journal_place(FOLDER, url)
    assert place == full
    assert folder.parent == FOLDER
    assert folder.name == pictures or (
        pictures is None and folder.name.startswith("pictures-")
    )


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (SERVER.replace("s3cr%40t", "new"), True),
        (SERVER.replace("gate:s3cr%40t", "root"), True),
        (SERVER.replace("+psycopg", "+psycopg2"), True),
        (f"{SERVER}?sslmode=require", True),
        (SERVER.replace("db.", "other."), False),
        (SERVER.replace("5433", "5432"), False),
        (SERVER.replace("/thermogate", "/other"), False),
        ("sqlite:///thermogate", False),
    ],
)
def test_pictures_belong_to_the_database_not_to_the_login(
    other: str, same: bool
) -> None:
    """A new password must not lose them, another database must not mix them."""
    assert (journal_place(FOLDER, other)[1] == journal_place(FOLDER, SERVER)[1]) is same


async def test_a_file_with_something_else_is_foreign(tmp_path: Path) -> None:
    """Whatever a person points at: their own configuration, Home Assistant's history."""
    text, history, ours = (tmp_path / name for name in ("a.yaml", "b.db", "c.db"))
    text.write_text("homeassistant:\n" * 100)
    connection = sqlite3.connect(history)
    connection.execute("CREATE TABLE states (id)")
    connection.close()
    journal = journal_in(tmp_path)
    await journal.open()
    await journal.append(record())
    assert not is_foreign(sqlite_url(tmp_path))
    await journal.close()
    assert not is_foreign(sqlite_url(tmp_path))
    assert is_foreign(f"sqlite:///{text}")
    assert is_foreign(f"sqlite:///{history}")
    assert not is_foreign(f"sqlite:///{ours}")
    ours.touch()
    assert not is_foreign(f"sqlite:///{ours}")
    assert not is_foreign(f"sqlite:///{tmp_path}")
    assert not is_foreign(SERVER)
    assert list(tmp_path.glob("*corrupt*")) == []  # noqa: ASYNC240
