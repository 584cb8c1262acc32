"""Deleting: old entries, too many bytes, a person, and what a crash left."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
from unittest.mock import patch

import pytest

from custom_components.thermogate.journal import (
    Forgotten,
    Journal,
    JournalError,
    Kind,
    Query,
    Retention,
    Size,
    Swept,
    retention,
)
from custom_components.thermogate.journal.pictures import PictureFolder

from .makers import NOON, contents, files, journal_in, jpeg, record

FOR_EVER = Retention(days=None, megabytes=None)


async def subjects(journal: Journal) -> list[str]:
    """Return who is left, oldest first."""
    page = await journal.search(Query(limit=1000))
    return [entry.subject for entry in reversed(page.entries)]


async def test_what_is_older_than_wanted_goes_with_its_pictures(
    journal: Journal, tmp_path: Path
) -> None:
    """Age counts from when it was received, so that a device whose clock fell back to 1970 loses nothing."""
    old, new = NOON - timedelta(days=31), NOON - timedelta(days=29)
    long_ago = datetime(1970, 1, 1, tzinfo=UTC)
    await journal.append(
        record(1, received_at=old, subject="old", pictures=(jpeg(b"old"),))
    )
    await journal.append(
        record(2, received_at=new, subject="new", at=long_ago, pictures=(jpeg(),))
    )
    before = await journal.size()
    swept = await journal.sweep(Retention(days=30, megabytes=None), NOON)
    after = await journal.size()
    assert swept == Swept(entries=1, pictures=1, bytes=before.bytes - after.bytes)
    assert await subjects(journal) == ["new"]
    assert len(files(tmp_path / "pictures")) == 1


async def test_more_than_wanted_goes_oldest_first(
    journal: Journal, tmp_path: Path
) -> None:
    """As little as is needed to come below the limit."""
    for number in range(30):
        picture = jpeg(os.urandom(100_000))
        await journal.append(record(number, subject=str(number), pictures=(picture,)))
    swept = await journal.sweep(Retention(days=None, megabytes=1), NOON)
    left = (await journal.size()).bytes
    assert 900_000 - 10_000 < left <= 1_000_000
    assert swept.entries == swept.pictures == 21
    assert await subjects(journal) == [str(number) for number in range(21, 30)]
    assert len(files(tmp_path / "pictures")) == 9
    assert await journal.sweep(Retention(days=None, megabytes=1), NOON) == Swept(
        entries=0, pictures=0, bytes=0
    )


async def test_no_megabytes_means_nothing_is_kept(journal: Journal) -> None:
    """The limit can be reached in many steps, and be impossible to reach."""
    with patch.object(retention, "STEP", 7):
        await asyncio.gather(*(journal.append(record(number)) for number in range(30)))
        await journal.sweep(Retention(days=None, megabytes=0), NOON)
    assert await journal.size() == Size(entries=0, bytes=0)
    with patch.object(Journal, "size", return_value=Size(entries=0, bytes=1)):
        swept = await journal.sweep(Retention(days=None, megabytes=0), NOON)
    assert swept.entries == 0


async def test_a_picture_stays_as_long_as_any_entry_has_it(
    journal: Journal, tmp_path: Path
) -> None:
    """The same bytes may belong to two visits."""
    await journal.append(
        record(1, received_at=NOON - timedelta(days=9), pictures=(jpeg(),))
    )
    await journal.append(record(2, pictures=(jpeg(), jpeg())))
    swept = await journal.sweep(Retention(days=1, megabytes=None), NOON)
    assert (swept.entries, swept.pictures) == (1, 0)
    assert len(files(tmp_path / "pictures")) == 1


@pytest.mark.parametrize("wrong", [{"days": -1}, {"days": 10**9}, {"megabytes": -1}])
def test_limits_without_meaning_are_refused(wrong: dict[str, int]) -> None:
    """Before anything is deleted."""
    with pytest.raises(ValueError, match="must"):
        Retention(**{"days": None, "megabytes": None} | wrong)


async def test_appends_come_in_between_the_steps_of_a_sweep(journal: Journal) -> None:
    """A sweep of many entries holds up nobody until its end."""
    await asyncio.gather(*(journal.append(record(number)) for number in range(100)))
    with patch.object(retention, "STEP", 1):
        everything = Retention(days=0, megabytes=None)
        sweep = asyncio.ensure_future(
            journal.sweep(everything, NOON + timedelta(minutes=500))
        )
        for number in range(3):
            late = NOON + timedelta(days=2)
            await journal.append(record(1000 + number, received_at=late))
        assert not sweep.done()
        assert (await sweep).entries == 100
    assert (await journal.size()).entries == 3


async def test_what_a_crash_left_is_removed(tmp_path: Path) -> None:
    """Files without a row; what is not ours is left alone."""
    journal = journal_in(tmp_path)
    await journal.open()
    await journal.append(record(pictures=(jpeg(),)))
    await journal.close()
    pictures = tmp_path / "pictures"
    (kept,) = files(pictures)
    orphan = "ab" * 32 + ".jpg"
    foreign = ["notes.txt", "ab/notes.txt", f"ab/{'c' * 64}.exe", "other/notes.jpg"]
    (pictures / "other").mkdir()
    for name in [f"ab/{orphan}", *foreign]:
        (pictures / name).write_bytes(b"?")

    journal = journal_in(tmp_path)
    await journal.open()
    swept = await journal.sweep(FOR_EVER, NOON)
    assert (swept.entries, swept.pictures) == (0, 1)
    assert files(pictures) == sorted(
        [kept, *(name.rpartition("/")[2] for name in foreign)]
    )
    # Once is enough, until something fails.
    with patch.object(PictureFolder, "leaves", side_effect=AssertionError):
        await journal.sweep(FOR_EVER, NOON)
    await journal.close()


async def test_many_orphans_are_removed_in_steps(
    journal: Journal, tmp_path: Path
) -> None:
    """However many files there are, appends come in between."""
    for number in range(5):
        for file in range(100):
            name = f"0{number}{file:062}.jpg"
            (tmp_path / "pictures" / f"0{number}" / name).touch()
    swept = await journal.sweep(FOR_EVER, NOON)
    assert swept.pictures == 500


async def test_a_backup_stops_a_search_for_orphans(
    journal: Journal, tmp_path: Path
) -> None:
    """It is taken up again after it, also after an error."""
    orphan = tmp_path / "pictures" / "ab" / f"{'ab' * 32}.jpg"
    orphan.touch()
    leaves = PictureFolder.leaves
    loop = asyncio.get_running_loop()

    def held(folder: PictureFolder) -> Iterator[dict[str, float]]:
        for leaf in leaves(folder):
            asyncio.run_coroutine_threadsafe(journal.hold(), loop).result()
            yield leaf

    with patch.object(PictureFolder, "leaves", held):
        assert (await journal.sweep(FOR_EVER, NOON)).pictures == 0
    await journal.release()
    with (
        patch.object(PictureFolder, "remove", side_effect=OSError(5, "I/O error")),
        pytest.raises(JournalError),
    ):
        await journal.sweep(FOR_EVER, NOON)
    assert orphan.exists()
    assert (await journal.sweep(FOR_EVER, NOON)).pictures == 1
    assert not orphan.exists()


async def test_a_backup_stops_a_sweep(journal: Journal) -> None:
    """What a backup copies must not vanish under it."""
    await journal.append(record())
    await journal.hold()
    everything = Retention(days=0, megabytes=0)
    assert (await journal.sweep(everything, NOON + timedelta(days=1))).entries == 0
    await journal.release()
    assert (await journal.sweep(everything, NOON + timedelta(days=1))).entries == 1


async def test_a_backup_stops_a_sweep_that_has_begun(
    journal: Journal, tmp_path: Path
) -> None:
    """What is in the held file still has its pictures."""
    for number in range(30):
        picture = jpeg(f"{number}".encode())
        await journal.append(record(number, pictures=(picture,)))
    everything = Retention(days=0, megabytes=None)
    with patch.object(retention, "STEP", 1):
        sweep = asyncio.ensure_future(
            journal.sweep(everything, NOON + timedelta(days=1))
        )
        while (await journal.size()).entries == 30:
            pass
        await journal.hold()
        left = await journal.size()
        swept = await sweep
    assert 0 < left.entries == 30 - swept.entries < 30
    assert await journal.size() == left
    assert len(files(tmp_path / "pictures")) == left.entries


async def test_forgetting_removes_every_trace(tmp_path: Path, journal: Journal) -> None:
    """Rows, pictures and the name itself, also from the bytes of the file and its log."""
    for number in range(250):
        picture = jpeg(f"Zacharias {number}".encode())
        await journal.append(
            record(
                number,
                subject="Zacharias",
                person_id="7",
                details={"card": "Zacharias"},
                pictures=(picture, jpeg(b"the gate")),
            )
        )
    await journal.append(record(900, pictures=(jpeg(b"the gate"),)))
    forgotten = await journal.forget_person(name="zacharias")
    assert forgotten == Forgotten(entries=250, pictures=250)
    assert await subjects(journal) == ["Ada"]
    assert [person.name for person in await journal.people()] == ["Ada"]
    assert not any(b"Zacharias" in content for content in contents(tmp_path))


async def test_whom_an_id_names_is_not_taken_for_a_namesake(journal: Journal) -> None:
    """With an id, the name only counts where there is no id; without one it counts everywhere; a rule is no person."""
    people = [("1", "Ada"), ("2", "Ada"), ("", "ADA"), ("1", "Countess"), ("", "")]
    for number, (person_id, name) in enumerate(people):
        await journal.append(record(number, person_id=person_id, subject=name))
    await journal.append(record(9, kind=Kind.ALARM, subject="Ada", person_id=""))

    assert (await journal.forget_person(person_id="1", name="ada")).entries == 3
    assert await subjects(journal) == ["Ada", "", "Ada"]
    assert (await journal.forget_person(person_id="2")).entries == 1
    assert (await journal.forget_person(name="Ada")).entries == 0
    assert (await journal.forget_person(person_id="99", name="nobody")).entries == 0
    with pytest.raises(ValueError, match="whom"):
        await journal.forget_person()


async def test_a_picture_that_cannot_be_deleted_is_told(journal: Journal) -> None:
    """Nobody is left to believe that it is gone."""
    await journal.append(record(pictures=(jpeg(),)))
    with (
        patch.object(Path, "unlink", side_effect=PermissionError(13, "no")),
        pytest.raises(JournalError, match="permission"),
    ):
        await journal.forget_person(name="Ada")


async def test_forgetting_during_a_backup_leaves_the_file_alone(
    journal: Journal, tmp_path: Path
) -> None:
    """The log is brought in after it."""
    await journal.append(record())
    await journal.hold()
    held = (tmp_path / "journal.db").read_bytes()
    assert (await journal.forget_person(name="Ada")).entries == 1
    assert (tmp_path / "journal.db").read_bytes() == held
    await journal.release()
    assert not any(b"Ada" in content for content in contents(tmp_path))
