"""A disk on which the database cannot grow: SQLite takes back the transaction by itself, and that must not confuse anybody."""

from pathlib import Path
import subprocess
import sys

import pytest

# Says what becomes of each append while no file may grow beyond so many bytes, and afterwards.
PROCESS = """
import asyncio, logging, resource, sys
from pathlib import Path
from custom_components.thermogate.journal import JournalError, Query
from tests.journal.makers import jpeg, journal_in, record

def limit_files(size):
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))

async def append(journal, number):
    try:
        print(await journal.append(record(number, pictures=(jpeg(b"%d" % number),))))
    except JournalError as err:
        print(err.reason)

async def main(folder, size):
    journal = journal_in(folder)
    await journal.open()
    await append(journal, 1)
    limit_files(size)
    for number in (2, 3, 1):
        await append(journal, number)
    await asyncio.gather(append(journal, 4), append(journal, 5))
    limit_files(resource.RLIM_INFINITY)
    for number in (2, 3, 4, 5, 6):
        await append(journal, number)
    print([entry.key for entry in (await journal.search(Query())).entries])
    await journal.close()

logging.basicConfig()
asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
"""


@pytest.mark.parametrize("size", [4096, 16384])
def test_a_database_that_cannot_grow_says_so_and_nothing_else(
    tmp_path: Path, size: int
) -> None:
    """What does not fit is refused, what is known is known, all of it is stored once there is room, and no log is flooded."""
    done = subprocess.run(
        [sys.executable, "-c", PROCESS, str(tmp_path), str(size)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        *("True", "failed", "failed", "False", "failed", "failed"),
        *["True"] * 5,
        str([f"key-{number}" for number in (6, 5, 4, 3, 2, 1)]),
    ]
