"""Deleting: what is too old or too much, a person, and files that nothing names. Always in steps that hold up nobody.

Every function here runs where records are written, never beside it: a file that no row names then is not about to be named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Final

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    and_,
    delete,
    exists,
    false,
    func,
    or_,
    select,
)

from .models import Kind
from .pictures import PictureFolder
from .rows import clean, folded, microseconds
from .schema import ENTRIES, ENTRY_PICTURES, PICTURES, SHORT, SUBJECTS

# Entries of one transaction: with a picture of 150 KB each, an append in between takes about 25 ms (ext4, two busy cores).
STEP: Final = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Removed:
    """What one step deleted."""

    entries: int = 0
    pictures: int = 0
    bytes: int = 0

    def __add__(self, other: Removed) -> Removed:
        """Return what both deleted."""
        return Removed(
            entries=self.entries + other.entries,
            pictures=self.pictures + other.pictures,
            bytes=self.bytes + other.bytes,
        )


def remove_received_before(
    engine: Engine, folder: PictureFolder, before: datetime
) -> Removed:
    """Delete the next entries that were received before a moment, oldest first."""
    return _remove(
        engine, folder, _oldest().where(ENTRIES.c.received_at < microseconds(before))
    )


def remove_excess(engine: Engine, folder: PictureFolder, excess: int) -> Removed:
    """Delete the next oldest entries, so many that about the given bytes become free, and at least one."""
    pictures = (
        select(func.coalesce(func.sum(PICTURES.c.size), 0))
        .join_from(PICTURES, ENTRY_PICTURES)
        .where(ENTRY_PICTURES.c.entry_id == ENTRIES.c.id)
        .scalar_subquery()
    )
    with engine.connect() as connection:
        rows = connection.execute(
            _oldest().add_columns((ENTRIES.c.size + pictures).label("bytes"))
        ).all()
    # What lies before an entry is not enough yet.
    before = [0, *accumulate(int(row.bytes) for row in rows)]
    enough = [
        row.id for row, sofar in zip(rows, before, strict=False) if sofar < excess
    ]
    return _remove(engine, folder, select(ENTRIES.c.id).where(ENTRIES.c.id.in_(enough)))


def remove_person(
    engine: Engine, folder: PictureFolder, person_id: str, name: str
) -> Removed:
    """Delete the next entries of a person.

    Their own name in any case, where an id is given too only on entries without one: names are not unique, ids are.
    """
    table = SUBJECTS.c
    same_name = table.folded == folded(name)
    if person_id:
        by_name = and_(table.person_id == "", same_name) if name else false()
        person = or_(table.person_id == clean(person_id, SHORT), by_name)
    else:
        person = same_name
    subjects = select(table.id).where(table.kind == Kind.ACCESS.value, person)
    return _remove(
        engine,
        folder,
        select(ENTRIES.c.id).where(ENTRIES.c.subject_id.in_(subjects)).limit(STEP),
    )


def remove_unnamed(
    engine: Engine, folder: PictureFolder, names: Sequence[str]
) -> Removed:
    """Delete those of the given files that no row names."""
    with engine.connect() as connection:
        known = set(
            connection.scalars(
                select(PICTURES.c.name).where(PICTURES.c.name.in_(names))
            )
        )
    return Removed(pictures=folder.remove(set(names) - known))


def _oldest() -> Select[tuple[int]]:
    """Return the statement for the entries that are next to go.

    By when they were received: a device whose clock fell back to 1970 would otherwise lose what it just saw.
    """
    return (
        select(ENTRIES.c.id).order_by(ENTRIES.c.received_at, ENTRIES.c.id).limit(STEP)
    )


def _remove(
    engine: Engine, folder: PictureFolder, wanted: Select[tuple[int]]
) -> Removed:
    """Delete entries, then the files that nothing names any more: never a row without its picture."""
    with engine.begin() as connection:
        ids = connection.scalars(wanted).all()
        if not ids:
            return Removed()
        rows = connection.execute(
            select(ENTRIES.c.size, ENTRIES.c.subject_id).where(ENTRIES.c.id.in_(ids))
        ).all()
        pictures = _remove_picture_rows(connection, ids)
        connection.execute(delete(ENTRIES).where(ENTRIES.c.id.in_(ids)))
        _remove_subjects(connection, {row.subject_id for row in rows})
    folder.remove(pictures)
    return Removed(
        entries=len(rows),
        pictures=len(pictures),
        bytes=sum(row.size for row in rows) + sum(pictures.values()),
    )


def _remove_picture_rows(connection: Connection, ids: Sequence[int]) -> dict[str, int]:
    """Delete what names the pictures of entries; returns the pictures that no other entry has, with their sizes."""
    link = ENTRY_PICTURES.c
    names = set(connection.scalars(select(link.name).where(link.entry_id.in_(ids))))
    connection.execute(delete(ENTRY_PICTURES).where(link.entry_id.in_(ids)))
    unused = and_(
        PICTURES.c.name.in_(names), ~exists().where(link.name == PICTURES.c.name)
    )
    rows = connection.execute(
        select(PICTURES.c.name, PICTURES.c.size).where(unused)
    ).all()
    connection.execute(delete(PICTURES).where(unused))
    return {row.name: row.size for row in rows}


def _remove_subjects(connection: Connection, subjects: set[int]) -> None:
    """Delete the names of those whose last entry is gone."""
    connection.execute(
        delete(SUBJECTS).where(
            SUBJECTS.c.id.in_(subjects),
            ~exists().where(ENTRIES.c.subject_id == SUBJECTS.c.id),
        )
    )
