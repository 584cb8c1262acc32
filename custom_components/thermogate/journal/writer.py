"""Storing records: pictures first, then the rows of a whole batch in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, insert, select, tuple_, update

from .errors import EXPECTED, JournalError, journal_error
from .models import Record
from .pictures import PictureFolder
from .rows import Columns, Subject, clean, folded, subject_of
from .schema import ENTRIES, ENTRY_PICTURES, PICTURES, SHORT, SUBJECTS

type Outcome = bool | JournalError
"""True if stored, False if it was there, else why it could not be stored."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A record ready to be stored; the names of its pictures in order."""

    index: int
    record: Record
    columns: Columns
    names: list[str]


def write(
    engine: Engine, folder: PictureFolder, records: Sequence[tuple[Record, Columns]]
) -> list[Outcome]:
    """Store records (each with its columns) in order, in one transaction if all goes well; what goes wrong with one does not touch the others.

    A picture is on the disk before a row names it. Where the row then fails, the file stays (the commit may have happened
    without our hearing of it) until the record is stored after all or a sweep finds the file unused.
    """
    outcomes: list[Outcome] = [False] * len(records)
    waiting: list[_Prepared] = []
    names = iter(
        folder.names(picture for record, _ in records for picture in record.pictures)
    )
    for index, (record, columns) in enumerate(records):
        own = [next(names) for _ in record.pictures]
        waiting.append(_Prepared(index, record, columns, own))
    while waiting:
        batch, waiting = _without_copies(waiting)
        try:
            _write_batch(engine, folder, batch, outcomes)
        except EXPECTED as err:
            for prepared in batch:
                outcomes[prepared.index] = journal_error(err)
    return outcomes


def amend(engine: Engine, columns: Columns) -> bool:
    """Replace the details of a stored event; False if there is none."""
    with engine.begin() as connection:
        changed = connection.execute(
            update(ENTRIES)
            .where(
                ENTRIES.c.event_id == columns["event_id"],
                ENTRIES.c.device == columns["device"],
                ENTRIES.c.kind == columns["kind"],
            )
            .values(details=columns["details"], size=columns["size"])
        )
    return changed.rowcount > 0


def _without_copies(
    waiting: list[_Prepared],
) -> tuple[list[_Prepared], list[_Prepared]]:
    """Split off the copies of what is in the same batch: whether they are new depends on how that goes."""
    seen: set[str] = set()
    first: list[_Prepared] = []
    copies: list[_Prepared] = []
    for prepared in waiting:
        mark = prepared.columns["fingerprint"]
        (copies if mark in seen else first).append(prepared)
        if mark is not None:
            seen.add(mark)
    return first, copies


def _write_batch(
    engine: Engine,
    folder: PictureFolder,
    batch: list[_Prepared],
    outcomes: list[Outcome],
) -> None:
    with engine.connect() as connection:
        known = _known(connection, batch)
        new = [
            prepared
            for prepared in batch
            if prepared.columns["fingerprint"] not in known
        ]
        stored = _stored_pictures(connection, new)
    if not new:
        return
    whole = _write_pictures(folder, new, stored, outcomes)
    if not whole:
        return
    try:
        _write_rows(engine, whole, stored)
    except EXPECTED as err:
        if len(whole) == 1:
            outcomes[whole[0].index] = journal_error(err)
            return
    else:
        for prepared in whole:
            outcomes[prepared.index] = True
        return
    # One of them spoils it for all: find out which.
    for prepared in whole:
        try:
            _write_rows(engine, [prepared], stored)
        except EXPECTED as err:
            outcomes[prepared.index] = journal_error(err)
        else:
            outcomes[prepared.index] = True


def _known(connection: Connection, batch: Iterable[_Prepared]) -> set[str | None]:
    marks = [
        mark
        for prepared in batch
        if (mark := prepared.columns["fingerprint"]) is not None
    ]
    if not marks:
        return set()
    return set(
        connection.scalars(
            select(ENTRIES.c.fingerprint).where(ENTRIES.c.fingerprint.in_(marks))
        )
    )


def _stored_pictures(connection: Connection, batch: Iterable[_Prepared]) -> set[str]:
    names = {name for prepared in batch for name in prepared.names}
    if not names:
        return set()
    return set(
        connection.scalars(select(PICTURES.c.name).where(PICTURES.c.name.in_(names)))
    )


def _write_pictures(
    folder: PictureFolder,
    batch: list[_Prepared],
    stored: set[str],
    outcomes: list[Outcome],
) -> list[_Prepared]:
    """Write the files that are missing; returns the records whose pictures are all there."""
    missing = {
        name: picture.data
        for prepared in batch
        for name, picture in zip(prepared.names, prepared.record.pictures, strict=True)
        # A file without a row may be from before a power cut, and a row's file may have been deleted by somebody.
        if name not in stored or folder.path(name) is None
    }
    errors = folder.write(missing)
    if not errors:
        return batch
    whole: list[_Prepared] = []
    for prepared in batch:
        if err := next(
            (errors[name] for name in prepared.names if name in errors), None
        ):
            outcomes[prepared.index] = journal_error(err)
        else:
            whole.append(prepared)
    # On a full disk, what is of no use only makes it worse.
    needed = {name for prepared in whole for name in prepared.names}
    folder.remove(missing.keys() - needed - stored)
    return whole


def _write_rows(engine: Engine, batch: list[_Prepared], stored: set[str]) -> None:
    """Write rows in one transaction; `stored` are the pictures that have a row, and gets those that now have one."""
    pictures = {
        name: len(picture.data)
        for prepared in batch
        for name, picture in zip(prepared.names, prepared.record.pictures, strict=True)
    }
    new = {name: size for name, size in pictures.items() if name not in stored}
    with engine.begin() as connection:
        subjects = _subject_ids(
            connection, {subject_of(prepared.record) for prepared in batch}
        )
        ids = connection.scalars(
            insert(ENTRIES).returning(ENTRIES.c.id, sort_by_parameter_order=True),
            [
                prepared.columns | {"subject_id": subjects[subject_of(prepared.record)]}
                for prepared in batch
            ],
        ).all()
        if new:
            connection.execute(
                insert(PICTURES),
                [{"name": name, "size": size} for name, size in new.items()],
            )
        if pictures:
            connection.execute(insert(ENTRY_PICTURES), _links(batch, ids))
    stored |= new.keys()


def _links(batch: list[_Prepared], ids: Sequence[int]) -> list[Columns]:
    """Return the columns that tie entries to their pictures."""
    return [
        {
            "entry_id": entry_id,
            "position": position,
            "role": clean(picture.role, SHORT),
            "name": name,
        }
        for entry_id, prepared in zip(ids, batch, strict=True)
        for position, (name, picture) in enumerate(
            zip(prepared.names, prepared.record.pictures, strict=True)
        )
    ]


def _subject_ids(connection: Connection, subjects: set[Subject]) -> dict[Subject, int]:
    """Return the numbers of subjects, of new ones too."""
    table = SUBJECTS.c
    rows = connection.execute(
        select(table.id, table.kind, table.person_id, table.name).where(
            tuple_(table.kind, table.person_id, table.name).in_(subjects)
        )
    )
    ids = {(row.kind, row.person_id, row.name): row.id for row in rows}
    for subject in sorted(subjects - ids.keys()):
        kind, person_id, name = subject
        ids[subject] = connection.execute(
            insert(SUBJECTS)
            .values(kind=kind, person_id=person_id, name=name, folded=folded(name))
            .returning(SUBJECTS.c.id)
        ).scalar_one()
    return ids
