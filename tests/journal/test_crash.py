"""The process is killed in the middle of a burst: what was promised is there, and nothing is half there."""

import hashlib
from pathlib import Path
import signal
import subprocess
import sys

import pytest

from custom_components.thermogate.journal import Query, Retention

from .makers import NOON, journal_in

# Appends without end, and says so of each only when append has returned.
BURST = """
import asyncio, os, sys
from pathlib import Path
from tests.journal.makers import journal_in, jpeg, record

async def worker(journal, numbers):
    for number in numbers:
        pictures = (jpeg(os.urandom(20_000)), jpeg(b"%d" % number, "scene"))
        await journal.append(record(number, details={"number": number}, pictures=pictures))
        os.write(1, b"%d\\n" % number)

async def main(folder):
    journal = journal_in(folder)
    await journal.open()
    await asyncio.gather(*(worker(journal, range(start, 10**9, 16)) for start in range(16)))

asyncio.run(main(Path(sys.argv[1])))
"""


def burst(folder: Path, lines: int) -> set[int]:
    """Kill a burst after so many promises; returns all that were made."""
    process = subprocess.Popen(
        [sys.executable, "-c", BURST, str(folder)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdout is not None
        promised = [process.stdout.readline() for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        promised += process.stdout.readlines()
    assert process.returncode == -signal.SIGKILL
    # The last line may have been cut.
    return {int(line) for line in promised if line.endswith(b"\n")}


@pytest.mark.parametrize("lines", [1, 37, 200])
async def test_what_was_promised_survives_sigkill(tmp_path: Path, lines: int) -> None:
    """Every append that returned has its entry; every entry has its pictures, whole; a sweep clears away the rest."""
    promised = burst(tmp_path, lines)
    journal = journal_in(tmp_path)
    assert (await journal.open()).set_aside is None
    there: set[int] = set()
    cursor = None
    while True:
        page = await journal.search(Query(limit=1000, cursor=cursor))
        for entry in page.entries:
            there.add(entry.details["number"])
            assert [picture.role for picture in entry.pictures] == ["face", "scene"]
            for picture in entry.pictures:
                path = await journal.picture(picture.name)
                assert path is not None
                data = path.read_bytes()
                assert len(data) == picture.size
                assert picture.name.startswith(hashlib.sha256(data).hexdigest())
        if (cursor := page.cursor) is None:
            break
    assert promised <= there
    await journal.sweep(Retention(days=None, megabytes=None), NOON)
    assert (await journal.size()).entries == len(there)
    names = [path for path in (tmp_path / "pictures").rglob("*") if path.is_file()]
    assert len(names) == 2 * len(there)
    await journal.close()
