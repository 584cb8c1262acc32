"""Registering many people at terminals: person by person, at each terminal one request at a time, through interruptions."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any, Final

from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..errors import translated
from ..facegate import (
    FaceGateConnectionError,
    FaceGateError,
    FaceGateTimeoutError,
    Person,
    persons,
    save_person,
)
from .terminals import Terminal

FAILED = "failed"
NOT_FOUND = "not_registered"

# A broker or a terminal that restarts is back within this many seconds.
RETURN_TIMEOUT = 90.0
_PROBE_TIMEOUT: Final = 2.0
_RETURN_POLL: Final = 0.1
# How often one and the same request may be interrupted.
_TRIES: Final = 3


class Target:
    """A terminal at which people are registered: who is there, and what came of each; it shows how far that is."""

    def __init__(
        self, terminal: Terminal, known: dict[str, Person], total: int
    ) -> None:
        """Begin with nobody done of so many."""
        self.terminal = terminal
        self.known = known
        self.results: list[dict[str, Any]] = []
        self.lost: FaceGateError | None = None
        self._total = total
        self._show()

    def note(self, person_id: str, name: str | None, result: str, **more: str) -> None:
        """Note what came of a person."""
        self.results.append(
            {"person_id": person_id, "name": name, "result": result, **more}
        )
        self._show()

    def fail(self, person_id: str, name: str | None, err: Exception) -> None:
        """Note that a person could not be registered, and why."""
        shown = translated(err) if isinstance(err, FaceGateError) else err
        self.note(person_id, name, FAILED, error=str(shown))

    async def give(self, person: Person, result: str) -> None:
        """Register a person, and note that the terminal is lost if it cannot be reached any more."""
        client = self.terminal.coordinator.client
        try:
            await patiently(self.terminal, lambda: save_person(client, person))
        except FaceGateError as err:
            if isinstance(err, FaceGateConnectionError | FaceGateTimeoutError):
                self.lost = err
            self.fail(person.person_id, person.name, err)
            return
        self.note(person.person_id, person.name, result)

    def count(self, *results: str) -> int:
        """Return of how many people one of these came."""
        return sum(result["result"] in results for result in self.results)

    def _show(self) -> None:
        # In whole percents: what changes shows, and costs, with every person would be too much for thousands.
        percent = 100 * len(self.results) // self._total if self._total else 100
        self.terminal.coordinator.async_change(enrolment=percent)


async def opened(terminals: Iterable[Terminal], total: int) -> list[Target]:
    """Return terminals with those who are there already: after a lost answer it could not be told who was there before."""

    async def open_one(terminal: Terminal) -> Target:
        try:
            known = await everybody(terminal)
        except FaceGateError as err:
            target = Target(terminal, {}, total)
            target.lost = err
            return target
        return Target(terminal, known, total)

    return await asyncio.gather(*(open_one(terminal) for terminal in terminals))


async def everybody(terminal: Terminal, role: str = "all") -> dict[str, Person]:
    """Return who is registered, by ID and without pictures. FaceGateError."""

    async def found() -> dict[str, Person]:
        client = terminal.coordinator.client
        return {person.person_id: person async for person in persons(client, role=role)}

    return await patiently(terminal, found)


async def one_ahead[T, R](
    items: Iterable[T],
    prepare: Callable[[T], Awaitable[R]],
    use: Callable[[T, R], Awaitable[None]],
) -> None:
    """Prepare and use each item in order; the next one is prepared while one is used, so that no terminal waits for us."""
    using: Callable[[], Awaitable[None]] = _nothing
    for item in items:
        ready, _ = await asyncio.gather(prepare(item), using())
        using = partial(use, item, ready)
    await using()


async def _nothing() -> None:
    """Begin."""


def report(
    targets: list[Target], results: Iterable[str], *, answered: bool, failure: str
) -> dict[str, Any]:
    """Return what came of each person at each terminal, with the numbers of some `results`; have people counted anew.

    HomeAssistantError with the text `failure` for any failure where nobody takes the answer (`answered`).
    """
    for target in targets:
        target.terminal.coordinator.async_recount_persons()
    failed = {
        target.terminal.name: target.count(FAILED, NOT_FOUND) for target in targets
    }
    if any(failed.values()) and not answered:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=failure,
            translation_placeholders={
                "failures": "; ".join(
                    f"{name}: {number}" for name, number in failed.items() if number
                )
            },
        )
    return {
        "terminals": [
            target.terminal.told
            | {result: target.count(result) for result in results}
            | {
                "failed": target.count(FAILED, NOT_FOUND),
                "persons": target.results,
            }
            for target in targets
        ],
        "complete": not any(failed.values()),
    }


async def patiently[T](terminal: Terminal, ask: Callable[[], Awaitable[T]]) -> T:
    """Ask, and again after the terminal or the broker was away. All that is asked here may be done twice. FaceGateError."""
    coordinator = terminal.coordinator
    for _ in range(_TRIES - 1):
        try:
            return await coordinator.async_command(ask())
        except FaceGateConnectionError, FaceGateTimeoutError:
            if not await _is_back(terminal):
                raise
    return await coordinator.async_command(ask())


async def _is_back(terminal: Terminal) -> bool:
    """Wait until a terminal answers, and return whether it came to that: after the broker it comes back in its own time."""
    coordinator = terminal.coordinator
    try:
        async with asyncio.timeout(RETURN_TIMEOUT):
            while not (
                coordinator.available
                and await coordinator.client.alive(timeout=_PROBE_TIMEOUT)
            ):
                await asyncio.sleep(_RETURN_POLL)
    except TimeoutError:
        return False
    return True
