"""Nothing is lost and nothing is doubled, whatever breaks: the journal of many terminals under fire.

`THERMOGATE_CHAOS_SEEDS=1,2,3` runs other seeds than the one that every run has.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import os
from pathlib import Path
from random import Random

import pytest

from .captures import serial_of
from .faults import Chaos, schedule
from .house import open_house
from .terminal import Fleet
from .verdict import verdict

SEEDS = [int(seed) for seed in os.environ.get("THERMOGATE_CHAOS_SEEDS", "1").split(",")]
TERMINALS, CAPTURES, PER_SECOND = 20, 10_000, 200.0
DRAIN_SECONDS = 120.0
# Of a thousand problems the first tell as much as all.
MOST_SHOWN = 40

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(600),
    pytest.mark.usefixtures("socket_enabled"),
]


@pytest.fixture(autouse=True)
def verify_cleanup() -> None:
    """Have no look at this process after each test: Home Assistant runs in another one."""


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave the loop as it is: it has messages to send."""


@asynccontextmanager
async def chaos_in(
    folder: Path, seed: int, terminals: int, captures: int, *, bare: bool
) -> AsyncGenerator[Chaos]:
    """Run a house with terminals to which people come until all have come."""
    serials = [serial_of(number) for number in range(terminals)]
    async with open_house(folder, serials, bare=bare) as house:
        fleet = Fleet(house.broker_port, seed, terminals, captures // terminals)
        await fleet.join()
        running = asyncio.create_task(fleet.run(PER_SECOND))
        try:
            yield Chaos(house, fleet, Random(f"{seed}/faults"))
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            fleet.leave()


async def judge(chaos: Chaos) -> None:
    """Let the last people come in peace, stop Home Assistant, and look at what it leaves."""
    await chaos.fleet.drain(DRAIN_SECONDS)
    await chaos.fleet.finish(DRAIN_SECONDS)
    await chaos.house.home.stop()
    if problems := verdict(chaos):
        text = "\n".join(problems[:MOST_SHOWN])
        pytest.fail(f"{len(problems)} problems:\n{text}", pytrace=False)


@pytest.mark.parametrize("seed", SEEDS)
async def test_nothing_is_lost_and_nothing_is_doubled(
    tmp_path: Path, seed: int
) -> None:
    """Every capture is one row with its pictures, was acknowledged as it was sent, and was one event at most.

    That though broker and Home Assistant were killed, the disk was full, and messages were lost, late, cut and repeated.
    """
    async with chaos_in(tmp_path, seed, TERMINALS, CAPTURES, bare=True) as chaos:
        for after, fault in schedule(chaos.lot, CAPTURES):
            await chaos.fleet.reach(after, DRAIN_SECONDS)
            await fault(chaos)
        await judge(chaos)


async def test_the_demo_is_killed_in_a_burst(tmp_path: Path) -> None:
    """Its journal is complete when it runs again."""
    async with chaos_in(tmp_path, 1, terminals=4, captures=300, bare=False) as chaos:
        await chaos.fleet.reach(100, DRAIN_SECONDS)
        chaos.fleet.burst(20)
        await chaos.fleet.reach_more(10, DRAIN_SECONDS)
        await chaos.kill_home()
        assert chaos.fleet.acknowledgements < chaos.fleet.taken
        await chaos.house.home.start()
        await judge(chaos)
