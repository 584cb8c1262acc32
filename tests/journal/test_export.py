"""A part of the journal as a file: complete, readable elsewhere, and gone when it could not be finished."""

import asyncio
import csv
from datetime import UTC
import errno
import io
import json
from pathlib import Path
import shutil
import sys
from typing import Any
from unittest.mock import patch
import zipfile
from zoneinfo import ZoneInfo

import pytest

from custom_components.thermogate.journal import (
    COLUMNS,
    Exported,
    Format,
    Journal,
    JournalError,
    Kind,
    Query,
    Reason,
    export,
)
from custom_components.thermogate.journal.pictures import PictureFolder

from .makers import JPEG, contents, files, jpeg, record

MODULE = "custom_components.thermogate.journal.export"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that is not there yet."""
    return tmp_path / "media" / "exports"


async def exported(journal: Journal, folder: Path, **changes: Any) -> Exported:
    """Export, as JSON lines without pictures if nothing else is said."""
    options: dict[str, Any] = {
        "query": Query(),
        "form": Format.JSONL,
        "pictures": False,
        "devices": {"front door": "Front door"},
        "tz": UTC,
    }
    options |= changes
    query = options.pop("query")
    return await export(journal, query, folder, "journal", **options)


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the entries of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def table(path: Path) -> list[dict[str, str]]:
    """Return the entries of a CSV file."""
    # Byte for byte: Python is not to change any line end.
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def test_json_lines(journal: Journal, folder: Path) -> None:
    """One object for each entry, newest first, with texts as they are."""
    await journal.append(
        record(
            1,
            subject="Åsa \ud800",
            temperature=36.6,
            details={"reason": None, "score": 97, "methods": ["face"]},
        )
    )
    await journal.append(
        record(
            2,
            kind=Kind.ALARM,
            device="yard",
            outcome="fire",
            subject="Motor",
            person_id="",
            live=False,
            caught_up=True,
        )
    )

    done = await exported(
        journal, folder, tz=ZoneInfo("Europe/Amsterdam"), form=Format.JSONL
    )

    assert done.path == folder / "journal.jsonl"
    assert (done.entries, done.pictures) == (2, 0)
    assert done.bytes == done.path.stat().st_size
    alarm, access = lines(done.path)
    assert tuple(access) == COLUMNS
    assert access == {
        "time": "2026-05-01T14:01:00.000+02:00",
        "received": "2026-05-01T14:01:00.000+02:00",
        "kind": "access",
        "device": "Front door",
        "device_key": "front door",
        "outcome": "granted",
        "person": "Åsa \N{REPLACEMENT CHARACTER}",
        "person_id": "1001",
        "rule": None,
        "reason": None,
        "score": 97,
        "temperature": 36.6,
        "live": True,
        "caught_up": False,
        "event_id": "event-1",
        "details": {"methods": ["face"]},
        "pictures": {},
    }
    # Its device was removed: what is left of it is its key.
    assert (alarm["device"], alarm["device_key"]) == ("yard", "yard")
    assert (alarm["rule"], alarm["person"], alarm["person_id"]) == ("Motor", None, None)
    assert (alarm["live"], alarm["caught_up"]) == (False, True)


async def test_a_spreadsheet(journal: Journal, folder: Path) -> None:
    """A table that Excel, too, takes for UTF-8."""
    await journal.append(
        record(subject="Åsa; Öberg\n2", details={"score": 97, "methods": ["face"]})
    )

    done = await exported(journal, folder, form=Format.CSV)

    assert done.path.name == "journal.csv"
    assert done.path.read_bytes().startswith(b"\xef\xbb\xbftime,")
    [entry] = table(done.path)
    assert tuple(entry) == COLUMNS
    assert entry["person"] == "Åsa; Öberg\n2"
    assert entry["score"] == "97"
    assert entry["temperature"] == ""
    assert json.loads(entry["details"]) == {"methods": ["face"]}


@pytest.mark.parametrize(
    "formula",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠A",
    ],
)
async def test_no_text_is_a_formula(
    journal: Journal, folder: Path, formula: str
) -> None:
    """Whoever may choose a name at a terminal must not run anything in a spreadsheet."""
    await journal.append(
        record(
            subject=formula,
            person_id=formula,
            temperature=-3.5,
            details={"reason": formula, "score": -1},
        )
    )

    done = await exported(
        journal, folder, form=Format.CSV, devices={"front door": formula}
    )

    [entry] = table(done.path)
    for column in ("person", "person_id", "reason", "device"):
        assert entry[column] == f"'{formula}"
    # Numbers are no texts.
    assert (entry["temperature"], entry["score"]) == ("-3.5", "-1")


async def test_half_a_surrogate_pair_is_no_obstacle(
    journal: Journal, folder: Path
) -> None:
    """A file in UTF-8 cannot hold it, the journal's details can."""
    await journal.append(record(details={"reason": "\ud800", "qr_code": "\udfff"}))

    done = await exported(journal, folder)
    [entry] = lines(done.path)
    assert (entry["reason"], entry["details"]["qr_code"]) == ("\ud800", "\udfff")

    done = await exported(journal, folder, form=Format.CSV)
    [row] = table(done.path)
    assert row["reason"] == r"\ud800"


async def test_pictures_come_in_a_zip(journal: Journal, folder: Path) -> None:
    """Each once, however many entries have it, and named by the entries."""
    scene = jpeg(JPEG + b" and a scene", "scene")
    await journal.append(record(1, pictures=(jpeg(), scene)))
    await journal.append(record(2, pictures=(jpeg(),)))
    await journal.append(record(3))

    done = await exported(journal, folder, form=Format.CSV, pictures=True)

    assert done.path == folder / "journal.zip"
    assert (done.entries, done.pictures) == (3, 2)
    with zipfile.ZipFile(done.path) as archive:
        assert archive.testzip() is None
        text = archive.read("entries.csv").decode("utf-8-sig")
        third, second, first = csv.DictReader(io.StringIO(text))
        named = json.loads(first["pictures"])
        assert {role: archive.read(name) for role, name in named.items()} == {
            "face": JPEG,
            "scene": JPEG + b" and a scene",
        }
        assert json.loads(second["pictures"]) == {"face": named["face"]}
        assert third["pictures"] == ""
        assert sorted(archive.namelist()) == sorted(["entries.csv", *named.values()])


async def test_pictures_that_are_gone_are_left_out(
    journal: Journal, folder: Path, tmp_path: Path
) -> None:
    """One before it is looked for, one just after."""
    for number in range(3):
        data = JPEG + bytes([number])
        await journal.append(record(number, pictures=(jpeg(data),)))
    stored = sorted((tmp_path / "pictures").rglob("*.jpg"))
    stored[0].unlink()
    path = PictureFolder.path

    def swept(of: PictureFolder, name: str) -> Path | None:
        found = path(of, name)
        if name == stored[1].name:
            stored[1].unlink()
        return found

    with patch.object(PictureFolder, "path", swept):
        done = await exported(journal, folder, pictures=True)

    assert (done.entries, done.pictures) == (3, 1)
    with zipfile.ZipFile(done.path) as archive:
        assert archive.testzip() is None
        rows = archive.read("entries.jsonl").decode().splitlines()
    named = [json.loads(row)["pictures"] for row in rows]
    assert sorted(map(len, named)) == [0, 0, 1]


async def test_only_what_was_asked_for(journal: Journal, folder: Path) -> None:
    """The query counts, its page does not."""
    for number in range(10):
        await journal.append(record(number, subject="Ada" if number % 2 else "Bo"))
    first = await journal.search(Query(limit=1))

    with patch(f"{MODULE}._PAGE", 2):
        done = await exported(
            journal, folder, query=Query(text="ada", limit=1, cursor=first.cursor)
        )

    assert done.entries == 5
    found = [entry["event_id"] for entry in lines(done.path)]
    assert found == [f"event-{number}" for number in (9, 7, 5, 3, 1)]


@pytest.mark.parametrize("form", Format)
async def test_nothing_found_is_an_empty_file(
    journal: Journal, folder: Path, form: Format
) -> None:
    """A table has its head all the same."""
    done = await exported(journal, folder, form=form)

    assert (done.entries, done.pictures) == (0, 0)
    text = done.path.read_bytes().decode("utf-8-sig")
    assert text == (f"{','.join(COLUMNS)}\r\n" if form is Format.CSV else "")


async def test_a_file_that_is_there_stays(journal: Journal, folder: Path) -> None:
    """Two exports of one second are two files."""
    names = [(await exported(journal, folder)).path.name for _ in range(3)]

    assert names == ["journal.jsonl", "journal-2.jsonl", "journal-3.jsonl"]
    assert files(folder) == sorted(names)


@pytest.mark.parametrize("pictures", [False, True])
async def test_nobody_else_may_read_it(
    journal: Journal, folder: Path, pictures: bool
) -> None:
    """It holds names, temperatures and faces."""
    done = await exported(journal, folder, pictures=pictures)

    assert mode(done.path) == 0o600
    assert mode(folder) == 0o700


def mode(path: Path) -> int:
    """Return who may do what with a file or a folder."""
    return path.stat().st_mode & 0o777


# What cannot be finished


async def filled(journal: Journal) -> None:
    """Store some entries with pictures."""
    for number in range(6):
        picture = jpeg(JPEG + bytes([number]))
        await journal.append(record(number, pictures=(picture,)))


def refuse(*_: Any, **__: Any) -> None:
    """Fail as a full disk does."""
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("pictures", [False, True])
@pytest.mark.parametrize(
    "place", ["_create", "_sync", "_member", "_free", "json.dumps", "shutil.disk_usage"]
)
async def test_nothing_is_left_of_a_failure(
    journal: Journal, folder: Path, pictures: bool, place: str
) -> None:
    """Wherever the disk is full, and the journal can be exported again."""
    await filled(journal)
    if place == "_member" and not pictures:
        place = "_free"

    with (
        patch(f"{MODULE}.{place}", side_effect=refuse),
        pytest.raises(JournalError) as failed,
    ):
        await exported(journal, folder, pictures=pictures)

    assert failed.value.reason is Reason.DISK_FULL
    assert files(folder) == []
    assert (await exported(journal, folder, pictures=pictures)).entries == 6


async def test_the_last_bytes_of_the_disk_are_left_to_the_journal(
    journal: Journal, folder: Path
) -> None:
    """An export ends before terminals are kept waiting."""
    usage = shutil.disk_usage("/")
    little = usage._replace(free=100_000_000)

    with (
        patch(f"{MODULE}.shutil.disk_usage", return_value=little),
        pytest.raises(JournalError) as failed,
    ):
        await exported(journal, folder)

    assert failed.value.reason is Reason.DISK_FULL
    assert files(folder) == []


async def test_a_folder_that_may_not_be_written(journal: Journal, folder: Path) -> None:
    """There is a file in its place."""
    with pytest.raises(JournalError):
        await exported(journal, Path(__file__, "exports"))

    assert files(folder) == []


async def test_a_journal_that_is_closed_meanwhile(
    journal: Journal, folder: Path
) -> None:
    """Somebody chose another database: the export ends, and nothing of it is left."""
    await filled(journal)
    search = journal.search
    asked = 0

    async def closing(query: Query) -> Any:
        nonlocal asked
        asked += 1
        if asked == 2:
            await journal.close()
        return await search(query)

    with (
        patch(f"{MODULE}._PAGE", 2),
        patch.object(journal, "search", closing),
        pytest.raises(JournalError) as failed,
    ):
        await exported(journal, folder)

    assert failed.value.reason is Reason.CLOSED
    assert files(folder) == []


@pytest.mark.parametrize("place", ["_create", "_cell", "_member", "_sync", "_free"])
async def test_nothing_is_left_of_a_cancelled_export(
    journal: Journal, folder: Path, place: str
) -> None:
    """Home Assistant stops while a thread writes: that one is waited for, then everything is deleted."""
    await filled(journal)
    loop = asyncio.get_running_loop()
    real = getattr(sys.modules[MODULE], place)
    reached = asyncio.Event()

    def slowly(*args: Any) -> Any:
        loop.call_soon_threadsafe(reached.set)
        # Until the task has been cancelled.
        asyncio.run_coroutine_threadsafe(cancelled.wait(), loop).result(5)
        return real(*args)

    cancelled = asyncio.Event()
    with patch(f"{MODULE}.{place}", slowly):
        task = asyncio.create_task(
            exported(journal, folder, pictures=True, form=Format.CSV)
        )
        await reached.wait()
        task.cancel()
        cancelled.set()
        with pytest.raises(asyncio.CancelledError):
            await task

    assert files(folder) == []


async def test_what_a_power_cut_left_goes_with_the_next_export(
    journal: Journal, folder: Path
) -> None:
    """Only what an export had begun; other files are somebody else's."""
    await exported(journal, folder)
    for name in (".journal.csv.partial", ".journal.zip.partial", "notes.partial", ".x"):
        (folder / name).write_bytes(b"half")

    await exported(journal, folder)

    assert files(folder) == sorted(
        [".x", "notes.partial", "journal-2.jsonl", "journal.jsonl"]
    )
    assert contents(folder).count(b"half") == 2
