"""What the journal costs: storing captures with pictures, and looking up among a million.

Usage: python -m benchmarks.journal [--captures N] [--rows N] [--folder PATH]   (in the test environment, .venv/bin/python)

Stored one at a time and 16 in flight, a 150 KB picture each. The baseline is the least that promises the same: the picture written
to a file and synced with its folders, the row inserted with sqlite3 in a WAL with synchronous=FULL, one capture after the
other. Both run in turns in the same folder, so that what else the disk does hits both; absolute figures depend on that, the ratios say
what can be compared. Looking up is measured over rows that are inserted in bulk, once as they lie in the page cache.
"""

import argparse
import asyncio
from collections.abc import Callable, Coroutine
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import hashlib
import os
from pathlib import Path
import random
import sqlite3
import statistics
from tempfile import TemporaryDirectory
import time
from typing import Any

from sqlalchemy import create_engine, insert

from custom_components.thermogate.journal import (
    STRANGER,
    Journal,
    Kind,
    NewPicture,
    Query,
    Record,
    Retention,
    schema,
)

PICTURE = os.urandom(150 * 1024 - 8)
IN_FLIGHT = 16
ROUNDS = 5
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
PERSONS = 2000
DEVICES = 20
ROWS_AT_ONCE = 20_000
# Lookups that a person makes, each for the newest 50.
LOOKUPS = {
    "newest": Query(),
    "a person's name": Query(text="person 77 "),
    "part of many names": Query(text="person"),
    "a name that nobody has": Query(text="nobody"),
    "unknown": Query(text="unknown"),
    "a person's id": Query(person_id="77"),
    "above 37.5 (frequent)": Query(temperature_above=37.5),
    "above 41.0 (rare)": Query(temperature_above=41.0),
    "above 43.0 (none)": Query(temperature_above=43.0),
    "a device, denied": Query(devices=("terminal 7",), outcomes=("denied",)),
    "three devices": Query(devices=("terminal 1", "terminal 2", "terminal 3")),
    "alarms (rare)": Query(kinds=(Kind.ALARM,)),
    "one day, strangers": Query(
        since=BEGAN + timedelta(days=100),
        until=BEGAN + timedelta(days=101),
        outcomes=(STRANGER,),
    ),
    "one day, one person": Query(
        since=BEGAN + timedelta(days=100),
        until=BEGAN + timedelta(days=101),
        text="person 77 ",
    ),
}


@dataclass(slots=True)
class Figures:
    """Milliseconds of each capture, and captures per second of each round."""

    took: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)

    def row(self, name: str, baseline: Figures) -> str:
        """Return a line of the table."""
        rate = statistics.median(self.rates)
        ratio = rate / statistics.median(baseline.rates)
        return (
            f"{name:<34}{statistics.median(self.took):>9.2f}{percentile(self.took, 99):>9.2f}"
            f"{rate:>10.0f}{ratio:>9.2f}"
        )


def percentile(took: list[float], percent: int) -> float:
    """Return the value that so many percent do not exceed."""
    return sorted(took)[min(len(took) - 1, len(took) * percent // 100)]


def capture(number: int) -> Record:
    """Return a capture with a picture that no other has."""
    return Record(
        event_id=f"{number:016x}",
        device=f"terminal {number % DEVICES}",
        kind=Kind.ACCESS,
        key=f"{number}|2024/01/01 12:00:00",
        at=BEGAN + timedelta(seconds=number),
        received_at=BEGAN + timedelta(seconds=number),
        live=True,
        outcome="granted",
        subject=f"person {number % PERSONS} ",
        person_id=str(number % PERSONS),
        temperature=36.5,
        details={"score": 97, "mask": False, "origin": "software", "card": ""},
        pictures=(
            NewPicture(
                role="face",
                data=PICTURE + number.to_bytes(8),
                content_type="image/jpeg",
            ),
        ),
    )


class Baseline:
    """A picture file and a row, each synced, and nothing else: no duplicates, no indexes, no search."""

    def __init__(self, folder: Path) -> None:
        """Create the table and the folder."""
        folder.mkdir()
        self.folder = folder
        self.connection = sqlite3.connect(folder / "rows.db", isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=FULL")
        self.connection.execute(
            "CREATE TABLE entries (id INTEGER PRIMARY KEY, event_id, device, kind, fingerprint UNIQUE, at, received_at, live,"
            " outcome, name, person_id, temperature, details, picture)"
        )

    def store(self, record: Record) -> None:
        """Store a capture."""
        data = record.pictures[0].data
        name = hashlib.sha256(data).hexdigest()
        place = self.folder / name[:2] / name[2:4] / f"{name}.jpg"
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.folder / "temporary"
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(place)
        for folder in place.parents[:3]:
            descriptor = os.open(folder, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)
        self.connection.execute(
            "INSERT INTO entries VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                record.event_id,
                record.device,
                record.kind,
                record.key,
                record.at.isoformat(),
                record.received_at.isoformat(),
                record.live,
                record.outcome,
                record.subject,
                record.person_id,
                record.temperature,
                str(record.details),
                place.name,
            ),
        )


async def run(
    store: Callable[[Record], Coroutine[Any, Any, object]],
    records: list[Record],
    in_flight: int,
    figures: Figures,
) -> None:
    """Store captures, so many at a time."""
    left = iter(records)

    async def sender() -> None:
        for record in left:
            began = time.perf_counter()
            await store(record)
            figures.took.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    await asyncio.gather(*(sender() for _ in range(in_flight)))
    figures.rates.append(len(records) / (time.perf_counter() - began))


async def measure_storing(folder: Path, captures: int) -> None:
    """Print what storing takes."""
    journal = Journal(f"sqlite:///{folder}/journal.db", folder / "pictures")
    await journal.open()
    baseline = Baseline(folder / "baseline")

    async def plain(record: Record) -> None:
        baseline.store(record)

    numbers = iter(range(10**9))

    def some(count: int) -> list[Record]:
        return [capture(next(numbers)) for _ in range(count)]

    alone, together, bare = Figures(), Figures(), Figures()
    await run(journal.append, some(50), 1, Figures())
    for _ in range(ROUNDS):
        count = max(1, captures // ROUNDS)
        await run(plain, some(count), 1, bare)
        await run(journal.append, some(count), 1, alone)
        await run(journal.append, some(count * 4), IN_FLIGHT, together)
    print(f"{'storing':<34}{'median':>9}{'p99':>9}{'per s':>10}{'ratio':>9}")
    print(bare.row("sqlite3 and a file, one at a time", bare))
    print(alone.row("journal, one at a time", bare))
    print(together.row(f"journal, {IN_FLIGHT} in flight", bare))

    swept, waited = asyncio.ensure_future(sweep(journal)), Figures()
    while not swept.done():
        await run(journal.append, some(1), 1, waited)
    print(
        f"appends while {swept.result()} entries are swept: median {statistics.median(waited.took):.2f} ms,"
        f" longest {max(waited.took):.2f} ms\n"
    )
    baseline.connection.close()
    await journal.close()


async def sweep(journal: Journal) -> int:
    """Delete nearly everything."""
    swept = await journal.sweep(
        Retention(days=None, megabytes=10), BEGAN + timedelta(days=1)
    )
    return swept.entries


def fill(folder: Path, rows: int) -> None:
    """Insert rows in bulk, as years of captures and few alarms would leave them."""
    engine = create_engine(
        f"sqlite:///{folder}/million.db", connect_args={"autocommit": False}
    )
    chance = random.Random(1)
    with engine.begin() as connection:
        connection.execute(
            insert(schema.SUBJECTS),
            [
                {
                    "id": number + 1,
                    "kind": "access",
                    "person_id": str(number) if number else "",
                    "name": name,
                    "folded": name,
                }
                for number, name in enumerate(
                    f"person {number} " if number else "" for number in range(PERSONS)
                )
            ]
            + [
                {
                    "id": PERSONS + 1,
                    "kind": "alarm",
                    "person_id": "",
                    "name": "transformer",
                    "folded": "transformer",
                }
            ],
        )
        for start in range(0, rows, ROWS_AT_ONCE):
            numbers = range(start, min(rows, start + ROWS_AT_ONCE))
            connection.execute(
                insert(schema.ENTRIES), [row(number, chance) for number in numbers]
            )
    engine.dispose()


def row(number: int, chance: random.Random) -> dict[str, object]:
    """Return the columns of a row."""
    alarm = number % 9973 == 0
    person = chance.randrange(PERSONS)
    at = 1_704_067_200_000_000 + number * 60_000_000
    return {
        "event_id": f"{number:016x}",
        "device": f"terminal {chance.randrange(DEVICES)}",
        "kind": "alarm" if alarm else "access",
        "key": str(number),
        "fingerprint": hashlib.sha256(number.to_bytes(8)).hexdigest(),
        "at": at,
        "received_at": at,
        "live": True,
        "caught_up": False,
        "outcome": "alarm"
        if alarm
        else chance.choice(("granted", "granted", "denied"))
        if person
        else STRANGER,
        "subject_id": PERSONS + 1 if alarm else person + 1,
        "temperature": round(chance.gauss(36.6, 1.0), 1),
        "details": '{"score":97,"mask":false,"origin":"software","card":""}',
        "size": 400,
    }


async def measure_lookup(folder: Path, rows: int) -> None:
    """Print what looking up takes."""
    # An empty journal brings its tables along.
    journal = Journal(f"sqlite:///{folder}/million.db", folder / "none")
    await journal.open()
    await journal.close()
    began = time.perf_counter()
    await asyncio.to_thread(fill, folder, rows)
    print(f"{rows:,} rows inserted in {time.perf_counter() - began:.0f} s")
    journal = Journal(f"sqlite:///{folder}/million.db", folder / "none")
    began = time.perf_counter()
    await journal.open()
    print(f"opened and checked in {time.perf_counter() - began:.2f} s")
    with closing(sqlite3.connect(folder / "million.db")) as connection:
        baseline = [
            timed(
                lambda: connection.execute(
                    "SELECT * FROM thermogate_entries ORDER BY at DESC, id DESC LIMIT 50"
                ).fetchall()
            )
            for _ in range(20)
        ]
    bare = statistics.median(baseline)
    print(f"{'looking up':<34}{'median':>9}{'worst':>9}{'found':>10}{'ratio':>9}")
    print(f"{'sqlite3, newest':<34}{bare:>9.2f}{max(baseline):>9.2f}{50:>10}{1:>9.2f}")
    for name, query in LOOKUPS.items():
        took: list[float] = []
        for _ in range(11):
            began = time.perf_counter()
            page = await journal.search(query)
            took.append((time.perf_counter() - began) * 1000)
        median = statistics.median(took)
        print(
            f"{name:<34}{median:>9.2f}{max(took):>9.2f}{len(page.entries):>10}{median / bare:>9.2f}"
        )
    for name, ask in (
        ("days", journal.days),
        ("people", journal.people),
        ("size", journal.size),
    ):
        began = time.perf_counter()
        await ask()
        print(f"{name:<34}{(time.perf_counter() - began) * 1000:>9.2f}")
    await journal.close()


def timed(work: Callable[[], object]) -> float:
    """Return the milliseconds that something takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


async def main() -> None:
    """Measure storing, then looking up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--captures", type=int, default=500)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="on the disk to be measured")
    options = parser.parse_args()
    with TemporaryDirectory(dir=options.folder) as folder:
        await measure_storing(Path(folder), options.captures)
        await measure_lookup(Path(folder), options.rows)


if __name__ == "__main__":
    asyncio.run(main())
