"""What happens to the house while people come and go: each fault breaks something in the middle of a burst, and mends it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
import resource
from typing import Final

from .house import House
from .journal_file import broken_pictures, read_rows
from .terminal import Fleet

# Captures of each terminal in a burst.
BURST = 12
# A little more than a message takes to reach its terminal.
SETTLED_SECONDS = 0.5
BACK_SECONDS = 90
# Bytes beyond which no file can grow: less than a large picture, than the log of the database, and than what Home Assistant
# stores. What is overwritten in place needs no room, as on a disk that is really full.
NO_ROOM: Final = 20_480
BROKEN = "The journal cannot store: "
HEALED = "The journal stores again"


@dataclass
class Chaos:
    """One run: what there is to break, the lot that decides how, and what was found on the way."""

    house: House
    fleet: Fleet
    lot: Random
    problems: list[str] = field(default_factory=list)
    # What Home Assistant must have logged: how often the journal broke and healed.
    broken: int = 0
    healed: int = 0

    async def some_of_it(self, longest: float) -> None:
        """Wait for a part of so many seconds."""
        await asyncio.sleep(self.lot.uniform(0, longest))

    async def back(self) -> None:
        """Wait until captures get through again."""
        await self.fleet.reach_more(BURST, BACK_SECONDS)

    async def kill_home(self) -> None:
        """Kill Home Assistant, and look whether everything it has acknowledged is on the disk."""
        await self.house.home.kill()
        await asyncio.sleep(SETTLED_SECONDS)
        promised = self.fleet.acknowledged
        found = await asyncio.to_thread(self._missing_of, promised)
        self.problems += [f"{problem} after a kill" for problem in found]

    def _missing_of(self, promised: set[str]) -> list[str]:
        """Return what is not as it was promised."""
        rows = {row.mark: row for row in read_rows(self.house.journal)}
        problems = [
            f"{mark} was acknowledged and has no row" for mark in promised - rows.keys()
        ]
        for terminal in self.fleet.terminals:
            for capture in terminal.plan:
                if row := rows.get(capture.mark):
                    problems += broken_pictures(self.house.journal, row, capture)
        return problems


type Fault = Callable[[Chaos], Awaitable[None]]


async def broker_dies(chaos: Chaos) -> None:
    """Kill the broker in a burst, and start another after a while."""
    chaos.fleet.burst(BURST)
    await chaos.some_of_it(0.5)
    await chaos.house.kill_broker()
    await chaos.some_of_it(3)
    await chaos.house.start_broker()


async def home_dies(chaos: Chaos) -> None:
    """Kill Home Assistant in a burst."""
    chaos.fleet.burst(BURST)
    await chaos.some_of_it(0.5)
    await chaos.kill_home()
    await chaos.house.home.start()


async def home_dies_catching_up(chaos: Chaos) -> None:
    """Kill Home Assistant, and once more as soon as it takes what waited for it."""
    chaos.fleet.burst(BURST)
    await chaos.kill_home()
    await chaos.house.home.launch()
    await chaos.back()
    await chaos.some_of_it(0.5)
    await chaos.kill_home()
    await chaos.house.home.start()


async def home_restarts(chaos: Chaos) -> None:
    """Restart Home Assistant in a burst, as a person would."""
    chaos.fleet.burst(BURST)
    await chaos.some_of_it(0.5)
    await chaos.house.home.stop()
    await chaos.house.home.start()


async def everything_dies(chaos: Chaos) -> None:
    """Kill broker and Home Assistant; Home Assistant is back first."""
    chaos.fleet.burst(BURST)
    await chaos.some_of_it(0.5)
    await chaos.house.kill_broker()
    await chaos.kill_home()
    await chaos.house.home.launch()
    await chaos.some_of_it(5)
    await chaos.house.start_broker()
    await chaos.house.home.running()


async def disk_is_full(chaos: Chaos) -> None:
    """Leave no room for a while."""
    await fill_disk(chaos)
    chaos.house.home.limit_files(resource.RLIM_INFINITY)
    chaos.healed += 1
    await chaos.house.home.logged(HEALED, chaos.healed)


async def home_dies_on_a_full_disk(chaos: Chaos) -> None:
    """Kill Home Assistant while the disk is full; there is room when it is back."""
    await fill_disk(chaos)
    await chaos.kill_home()
    await chaos.house.home.start()


async def fill_disk(chaos: Chaos) -> None:
    """Leave no room, and let people come."""
    chaos.house.home.limit_files(NO_ROOM)
    chaos.fleet.burst(BURST)
    chaos.broken += 1
    await chaos.house.home.logged(BROKEN, chaos.broken)
    await chaos.some_of_it(4)


# All happen, in an order that the lot decides; the first breaks into calm, the others into what the last one left.
FAULTS: Final[tuple[Fault, ...]] = (
    broker_dies,
    broker_dies,
    home_dies,
    home_dies_catching_up,
    home_restarts,
    everything_dies,
    disk_is_full,
    home_dies_on_a_full_disk,
)


def schedule(lot: Random, captures: int) -> list[tuple[int, Fault]]:
    """Return the faults in their order, each with the number of acknowledgements it waits for: so all come on any machine."""
    faults = lot.sample(FAULTS, len(FAULTS))
    share = captures / (len(faults) + 1)
    return [
        (round(share * (number + lot.uniform(0.5, 1))), fault)
        for number, fault in enumerate(faults)
    ]
