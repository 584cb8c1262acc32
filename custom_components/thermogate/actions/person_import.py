"""Registering many people at once: from a list, or from a table (CSV) with their pictures beside it."""

import asyncio
import csv
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Final

import voluptuous as vol

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..const import DOMAIN
from ..errors import translated
from ..facegate import Person
from ..journal import JournalError
from ..reading import read_allowed
from .person_fields import ATTR_NAME, ATTR_PERSON_ID, PERSON_FIELDS, changes_of, merged
from .person_picture import ATTR_PICTURE, PICTURE_FIELDS, async_picture
from .person_targets import Target, one_ahead, opened, report
from .terminals import Terminal

CREATED = "created"
UPDATED = "updated"

MAX_ROWS: Final = 10_000
MAX_TABLE: Final = 8 * 1024 * 1024
# What a spreadsheet writes; Excel uses the semicolon where the comma is in numbers.
_DELIMITERS: Final = ",;\t"
# The columns of a table: no media item or entity, which nobody types 500 times.
COLUMNS: Final = (*map(str, PERSON_FIELDS), ATTR_PICTURE)
PICTURE_ENDINGS: Final = (".jpg", ".jpeg", ".png")

_PERSON: Final = vol.Schema(PERSON_FIELDS | PICTURE_FIELDS)

type Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is to be written of a person."""

    name: str | None
    changes: dict[str, Any]
    picture: bytes | None


async def async_read_table(hass: HomeAssistant, path: str) -> list[Row]:
    """Return the people of a table in a folder that Home Assistant may read, with the paths of their pictures.

    The first line names the columns; an empty cell is one left out. A picture is beside the table: what the column picture names,
    else a file that is called as the person's ID. ServiceValidationError for what is no such table.
    """
    return await hass.async_add_executor_job(_read_table, hass, path)


def _read_table(hass: HomeAssistant, path: str) -> list[Row]:
    try:
        # Spreadsheets mark UTF-8 by a sign in front.
        data = read_allowed(hass, path, MAX_TABLE)
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise _no_table(path, "it is not in UTF-8") from err
    if len(data) > MAX_TABLE:
        raise _no_table(path, f"it has more than {MAX_TABLE:,} bytes")
    header = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=header.count)
    lines = csv.DictReader(StringIO(text), delimiter=delimiter, strict=True)
    try:
        columns = [name.strip().lower() for name in lines.fieldnames or ()]
        if ATTR_PERSON_ID not in columns:
            raise _no_table(path, f"the column {ATTR_PERSON_ID} is missing")
        if unknown := [name for name in columns if name not in COLUMNS]:
            raise _no_table(path, f"there is no column {', '.join(unknown)}")
        lines.fieldnames = columns
        rows = [_row(line, lines.line_num) for line in lines]
    except csv.Error as err:
        raise _no_table(path, str(err)) from err
    folder = Path(path).parent
    return [_with_picture(row, folder) for row in rows if row]


def _row(line: dict[str | Any, Any], number: int) -> Row:
    """Return the filled cells of a line. csv.Error for a line with more cells than columns."""
    if None in line:
        raise csv.Error(f"line {number} has more cells than there are columns")
    return {name: cell.strip() for name, cell in line.items() if cell and cell.strip()}


def _with_picture(row: Row, folder: Path) -> Row:
    if ATTR_PICTURE in row:
        return row | {ATTR_PICTURE: str(folder / row[ATTR_PICTURE])}
    person_id = row.get(ATTR_PERSON_ID, "")
    # An ID that is a path is no name of a file.
    if not person_id or Path(person_id).name != person_id:
        return row
    for ending in PICTURE_ENDINGS:
        if (picture := folder / f"{person_id}{ending}").is_file():
            return row | {ATTR_PICTURE: str(picture)}
    return row


def _no_table(path: str, why: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="no_person_table",
        translation_placeholders={"path": path, "reason": why},
    )


async def async_save_many(
    hass: HomeAssistant, terminals: list[Terminal], rows: list[Row], *, answered: bool
) -> dict[str, Any]:
    """Register people or change them, and return what came of each at each terminal; what is wrong with one stops no other.

    ServiceValidationError for nobody or too many; HomeAssistantError for any failure where nobody takes the answer (`answered`).
    """
    if not 1 <= len(rows) <= MAX_ROWS:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="so_many_persons",
            translation_placeholders={"number": str(len(rows)), "most": str(MAX_ROWS)},
        )
    targets = await opened(terminals, len(rows))
    begun: set[str] = set()

    async def prepare(row: Row) -> _Ready | Exception:
        try:
            return await _ready(hass, row, begun)
        except (vol.Invalid, HomeAssistantError) as err:
            return err
        except JournalError as err:
            return translated(err)

    async def save(row: Row, ready: _Ready | Exception) -> None:
        person_id = str(row.get(ATTR_PERSON_ID, "")).strip()
        await asyncio.gather(
            *(_save_at(target, person_id, ready) for target in targets)
        )

    await one_ahead(rows, prepare, save)
    return report(
        targets, [CREATED, UPDATED], answered=answered, failure="not_all_saved"
    )


async def _ready(hass: HomeAssistant, row: Row, begun: set[str]) -> _Ready:
    """Return what a row says. vol.Invalid, HomeAssistantError, JournalError."""
    data = _PERSON(row)
    person_id: str = data[ATTR_PERSON_ID]
    if person_id in begun:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="person_twice",
            translation_placeholders={"person_id": person_id},
        )
    begun.add(person_id)
    return _Ready(
        data.get(ATTR_NAME), changes_of(data), await async_picture(hass, data)
    )


async def _save_at(target: Target, person_id: str, ready: _Ready | Exception) -> None:
    if isinstance(ready, Exception):
        target.fail(person_id, None, ready)
        return
    if target.lost:
        target.fail(person_id, ready.name, target.lost)
        return
    known: Person | None = target.known.get(person_id)
    try:
        person = merged(known, person_id, ready.changes, ready.picture)
    except ServiceValidationError as err:
        target.fail(person_id, ready.name, err)
        return
    await target.give(person, UPDATED if known else CREATED)
