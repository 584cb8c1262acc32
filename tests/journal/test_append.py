"""Storing: what is appended is there, once, in order."""

import asyncio
from dataclasses import asdict, replace
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.thermogate.journal import (
    Journal,
    JournalError,
    Kind,
    NewPicture,
    Query,
    Reason,
)
from custom_components.thermogate.journal.pictures import PictureFolder

from .makers import JPEG, NOON, files, journal_in, jpeg, record


async def test_what_was_appended_is_read_back(journal: Journal) -> None:
    """Every value of a record comes back, the time in UTC."""
    far_east = timezone(timedelta(hours=9))
    given = record(
        at=NOON.astimezone(far_east),
        caught_up=True,
        live=False,
        temperature=36.6,
        details={"reason": "mask", "score": 97, "list": [1, None, {"é": True}]},
        pictures=(jpeg(), jpeg(b"scene", "scene")),
    )
    assert await journal.append(given)
    entry = await journal.entry("event-1")
    assert entry is not None
    values = asdict(given)
    stored = values.pop("pictures")
    assert values.items() <= asdict(entry).items()
    assert entry.at.utcoffset() == timedelta(0)
    assert [(picture.role, picture.size) for picture in entry.pictures] == [
        (picture["role"], len(picture["data"])) for picture in stored
    ]


async def test_a_copy_is_recognised_and_changes_nothing(
    journal: Journal, tmp_path: Path
) -> None:
    """The same device, kind and key is the same happening, whatever else differs."""
    assert await journal.append(record())
    copy = record(live=False, event_id="another", pictures=(jpeg(),))
    assert not await journal.append(copy)
    assert (await journal.size()).entries == 1
    assert files(tmp_path / "pictures") == []


@pytest.mark.parametrize(
    "change", [{"device": "back door"}, {"kind": Kind.ALARM}, {"key": "other"}]
)
async def test_another_device_kind_or_key_is_another_happening(
    journal: Journal, change: dict[str, Any]
) -> None:
    """Keys of different devices and kinds have nothing to do with each other."""
    assert await journal.append(record())
    assert await journal.append(record(**change))


async def test_without_a_key_nothing_is_a_copy(journal: Journal) -> None:
    """A happening without a key is new every time, also under the same event id; the newest is the event's entry."""
    assert await journal.append(record(key=""))
    assert await journal.append(record(key="", subject="Bob"))
    entry = await journal.entry("event-1")
    assert entry is not None and entry.subject == "Bob"
    assert not await journal.knows("front door", Kind.ACCESS, "")


async def test_copies_that_come_together_are_stored_once(journal: Journal) -> None:
    """Only one of many copies in flight is new."""
    new = await asyncio.gather(*(journal.append(record()) for _ in range(20)))
    assert new == [True] + [False] * 19


async def test_a_happening_is_known_once_it_is_stored(journal: Journal) -> None:
    """What knows() says is what append() would do."""
    assert not await journal.knows("front door", Kind.ACCESS, "key-1")
    await journal.append(record())
    assert await journal.knows("front door", Kind.ACCESS, "key-1")
    assert not await journal.knows("front door", Kind.ALARM, "key-1")


async def test_the_order_of_appends_is_the_order_of_rows(journal: Journal) -> None:
    """Also of those that are in flight at the same time, and over many transactions."""
    await asyncio.gather(*(journal.append(record(number)) for number in range(200)))
    page = await journal.search(Query(limit=1000))
    by_id = sorted(page.entries, key=lambda entry: entry.id)
    assert [entry.event_id for entry in by_id] == [
        f"event-{number}" for number in range(200)
    ]


async def test_it_survives_closing(tmp_path: Path) -> None:
    """Closing stores what still waits; opening again shows it."""
    journal = journal_in(tmp_path)
    await journal.open()
    waiting = asyncio.gather(*(journal.append(record(number)) for number in range(100)))
    await asyncio.sleep(0)
    await journal.close()
    assert await waiting == [True] * 100
    journal = journal_in(tmp_path)
    await journal.open()
    assert (await journal.size()).entries == 100
    assert not await journal.append(record(7))
    await journal.close()


async def test_a_closed_journal_refuses(tmp_path: Path) -> None:
    """Before open and after close there is nothing to write to."""
    journal = journal_in(tmp_path)
    with pytest.raises(JournalError, match="not open"):
        await journal.append(record())
    await journal.open()
    await journal.close()
    with pytest.raises(JournalError) as closed:
        await journal.search(Query())
    assert closed.value.reason is Reason.CLOSED


async def test_a_cancelled_caller_disturbs_nobody(journal: Journal) -> None:
    """Others in the same batch get their answer."""
    tasks = [
        asyncio.ensure_future(journal.append(record(number))) for number in range(3)
    ]
    await asyncio.sleep(0)
    tasks[1].cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert outcomes[0] is True and outcomes[2] is True
    assert isinstance(outcomes[1], asyncio.CancelledError)


async def test_what_waits_is_bounded_in_bytes(tmp_path: Path) -> None:
    """Pictures beyond the bound are not taken until there is room; one that is larger than the bound alone still is."""
    journal = journal_in(tmp_path, queue_bytes=20_000)
    await journal.open()
    seen: list[int] = []
    write = PictureFolder.write

    def spy(folder: PictureFolder, pictures: dict[str, bytes]) -> dict[str, OSError]:
        seen.append(sum(map(len, pictures.values())))
        return write(folder, pictures)

    with patch.object(PictureFolder, "write", spy):
        records = [
            record(number, pictures=(jpeg(bytes([number]) * 5000),))
            for number in range(20)
        ]
        huge = record(21, pictures=(jpeg(bytes(100_000)),))
        new = await asyncio.gather(*map(journal.append, [*records, huge]))
    assert new == [True] * 21
    assert max(seen[:-1]) <= 20_000 and seen[-1] == 100_000
    await journal.close()


async def test_an_append_that_found_no_room_before_closing_is_refused(
    tmp_path: Path,
) -> None:
    """Closing does not wait for what was never accepted."""
    journal = journal_in(tmp_path, queue_bytes=1)
    await journal.open()
    first, second = (
        asyncio.ensure_future(journal.append(record(number))) for number in (1, 2)
    )
    await asyncio.sleep(0)
    await journal.close()
    assert await first
    with pytest.raises(JournalError, match="not open"):
        await second


async def test_identical_pictures_are_stored_once(
    journal: Journal, tmp_path: Path
) -> None:
    """A file is named by its content, in one of 256 folders; what it is called by the device plays no part."""
    await asyncio.gather(
        *(
            journal.append(record(number, pictures=(jpeg(), jpeg())))
            for number in (1, 2)
        )
    )
    await journal.append(record(3, pictures=(jpeg(role="../../etc/passwd"),)))
    entry = await journal.entry("event-3")
    assert entry is not None
    (picture,) = entry.pictures
    assert files(tmp_path / "pictures") == [picture.name]
    path = await journal.picture(picture.name)
    assert path == tmp_path / "pictures" / picture.name[:2] / picture.name
    assert path.read_bytes() == JPEG
    assert path.stat().st_mode & 0o777 == 0o600


async def test_a_picture_that_somebody_deleted_is_written_again(
    journal: Journal,
) -> None:
    """A row that came before does not make up for a missing file."""
    await journal.append(record(1, pictures=(jpeg(),)))
    entry = await journal.entry("event-1")
    assert entry is not None
    name = entry.pictures[0].name
    path = await journal.picture(name)
    assert path is not None
    path.unlink()
    assert await journal.picture(name) is None
    await journal.append(record(2, pictures=(jpeg(),)))
    assert await journal.picture(name) == path


@pytest.mark.parametrize(
    ("said", "suffix", "served"),
    [
        ("image/jpeg", ".jpg", "image/jpeg"),
        ("IMAGE/PNG; charset=utf-8", ".png", "image/png"),
        ("video/mp4", ".mp4", "video/mp4"),
        ("text/html", ".bin", "application/octet-stream"),
        ("image/svg+xml", ".bin", "application/octet-stream"),
        ("../../evil.html", ".bin", "application/octet-stream"),
        ("", ".bin", "application/octet-stream"),
    ],
)
async def test_only_harmless_content_types_are_served(
    journal: Journal, said: str, suffix: str, served: str
) -> None:
    """Whatever a device says, what a browser would run is handed out as mere bytes."""
    picture = NewPicture(role="face", data=b"<script>", content_type=said)
    await journal.append(record(pictures=(picture,)))
    entry = await journal.entry("event-1")
    assert entry is not None
    assert entry.pictures[0].name.endswith(suffix)
    assert entry.pictures[0].content_type == served


async def test_an_empty_picture_is_a_picture(journal: Journal) -> None:
    """Nothing is lost, not even nothing."""
    await journal.append(record(pictures=(jpeg(b""),)))
    entry = await journal.entry("event-1")
    assert entry is not None
    path = await journal.picture(entry.pictures[0].name)
    assert path is not None and path.read_bytes() == b""


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../journal.db",
        "/etc/passwd",
        f"{'a' * 64}.html",
        f"{'a' * 64}.jpg\n",
        f"{'a' * 64}.jpg/../../../journal.db",
        f"{'A' * 64}.jpg",
        f"{'a' * 63}.jpg",
        f"{'a' * 64}.jpg",
        "\0" * 68,
        "\ud800",
    ],
)
async def test_only_names_of_pictures_lead_to_files(
    journal: Journal, name: str
) -> None:
    """No name leaves the folder; one that nobody stored leads nowhere."""
    assert await journal.picture(name) is None


async def test_times_without_zone_are_refused() -> None:
    """Nobody could tell which moment they are."""
    with pytest.raises(ValueError, match="at has no time zone"):
        record(at=NOON.replace(tzinfo=None))
    with pytest.raises(ValueError, match="received_at has no time zone"):
        replace(record(), received_at=NOON.replace(tzinfo=None))
