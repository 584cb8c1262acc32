"""The tables, and how those of an older version become those of today."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    insert,
    inspect,
    select,
    update,
)

from .errors import JournalError, Reason

# Characters. What is indexed must fit PostgreSQL's index rows (2,704 bytes) at four bytes a character.
SHORT: Final = 255
NAME: Final = 500

# SQLite numbers rows by itself only in a column that is exactly INTEGER.
_Number = BigInteger().with_variant(Integer, "sqlite")

METADATA = MetaData()

VERSION_TABLE = Table(
    "thermogate_version",
    METADATA,
    Column("version", Integer, nullable=False),
)

# Few persons and rules stand in many entries: a name is sought here and its entries by number.
SUBJECTS = Table(
    "thermogate_subjects",
    METADATA,
    Column("id", _Number, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("person_id", String(SHORT), nullable=False),
    Column("name", String(NAME), nullable=False),
    # The name as it is compared, whatever its case; up to three characters for one.
    Column("folded", String(3 * NAME), nullable=False),
    UniqueConstraint("kind", "person_id", "name"),
    sqlite_autoincrement=True,
)

ENTRIES = Table(
    "thermogate_entries",
    METADATA,
    # Never used twice, so that the order of numbers is the order of appends.
    Column("id", _Number, primary_key=True),
    Column("event_id", String(SHORT), nullable=False),
    Column("device", String(SHORT), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("key", String(NAME), nullable=False),
    # SHA-256 of device, kind and key in full length; null where the key is empty.
    Column("fingerprint", String(64), unique=True),
    # Microseconds since 1970 in UTC: exact, ordered and the same in every database.
    Column("at", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False, index=True),
    Column("live", Boolean, nullable=False),
    Column("caught_up", Boolean, nullable=False),
    Column("outcome", String(SHORT), nullable=False),
    Column("subject_id", _Number, ForeignKey(SUBJECTS.c.id), nullable=False),
    Column("temperature", Float),
    # JSON in ASCII, which keeps NUL and lone surrogates as escapes.
    Column("details", Text, nullable=False),
    # Bytes that the texts of this entry take, for retention by size.
    Column("size", Integer, nullable=False),
    sqlite_autoincrement=True,
)
# Every one gives entries in the order of a page, so that a page reads no more than it shows.
Index("thermogate_entries_event", ENTRIES.c.event_id, ENTRIES.c.id)
Index("thermogate_entries_at", ENTRIES.c.at, ENTRIES.c.id)
for _name in ("device", "kind", "outcome", "subject_id"):
    Index(f"thermogate_entries_{_name}", ENTRIES.c[_name], ENTRIES.c.at, ENTRIES.c.id)
Index(
    "thermogate_entries_temperature",
    ENTRIES.c.temperature,
    sqlite_where=ENTRIES.c.temperature.is_not(None),
    postgresql_where=ENTRIES.c.temperature.is_not(None),
)

# Files that are on the disk, whole. The content type follows from the name.
PICTURES = Table(
    "thermogate_pictures",
    METADATA,
    Column("name", String(80), primary_key=True),
    Column("size", BigInteger, nullable=False),
)

ENTRY_PICTURES = Table(
    "thermogate_entry_pictures",
    METADATA,
    Column("entry_id", _Number, ForeignKey(ENTRIES.c.id), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("role", String(SHORT), nullable=False),
    Column("name", String(80), ForeignKey(PICTURES.c.name), nullable=False, index=True),
)

MIGRATIONS: list[Callable[[Connection], None]] = []
"""The first turns version 1 into version 2, the second 2 into 3, and so on; all that are due run in one transaction."""


def prepare_schema(connection: Connection) -> int | None:
    """Create or migrate the tables within the caller's transaction.

    Returns the version that was migrated from, None if nothing was. JournalError for tables of a later version.
    """
    newest = len(MIGRATIONS) + 1
    version: int | None = None
    if inspect(connection).has_table(VERSION_TABLE.name):
        version = connection.scalar(select(VERSION_TABLE.c.version))
    if version is None:
        METADATA.create_all(connection)
        connection.execute(insert(VERSION_TABLE).values(version=newest))
        return None
    if version > newest:
        raise JournalError(
            Reason.NEWER, f"schema version {version}, this package knows {newest}"
        )
    if version == newest:
        return None
    for migration in MIGRATIONS[version - 1 :]:
        migration(connection)
    connection.execute(update(VERSION_TABLE).values(version=newest))
    return version
