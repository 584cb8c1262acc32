"""Copying people from one terminal to others: person by person, and at each terminal one request at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..const import DOMAIN
from ..errors import translated
from ..facegate import (
    NO_CARD,
    FaceGateConnectionError,
    FaceGateError,
    FaceGateTimeoutError,
    Person,
    Picture,
    get_person,
    persons,
    save_person,
)
from ..person_photos import MAX_BYTES, person_photo
from .terminals import Terminal

COPIED = "copied"
SKIPPED = "already_registered"
NOT_FOUND = "not_registered"
FAILED = "failed"

# A broker or a terminal that restarts is back within this many seconds.
RETURN_TIMEOUT = 60.0
_RETURN_POLL: Final = 0.1

type _Results = list[dict[str, Any]]


class _Target:
    """A terminal that people are copied to: who is there, and what came of each."""

    def __init__(self, terminal: Terminal, known: frozenset[str]) -> None:
        self.terminal = terminal
        self.known = known
        self.results: _Results = []
        self.lost: FaceGateError | None = None

    def note(self, person_id: str, name: str | None, result: str, **more: str) -> None:
        """Note what came of a person."""
        self.results.append(
            {"person_id": person_id, "name": name, "result": result, **more}
        )

    @property
    def failed(self) -> int:
        """How many could not be copied."""
        return sum(result["result"] in {FAILED, NOT_FOUND} for result in self.results)


async def async_copy(
    source: Terminal,
    targets: list[Terminal],
    *,
    person_ids: list[str] | None,
    role: str,
    overwrite: bool,
    answered: bool,
) -> dict[str, Any]:
    """Copy people, those named or all of a role, and return what came of each of them at each terminal.

    FaceGateError when nobody could be copied anywhere, because the terminal they come from does not tell who there is;
    HomeAssistantError for any failure where nobody takes the answer (`answered`).
    """
    ids = list(dict.fromkeys(person_ids or ())) or [
        person.person_id for person in await _everybody(source, role)
    ]
    copies = await asyncio.gather(*(_opened(target) for target in targets))
    for person_id in ids:
        await _copy_one(source, copies, person_id, role=role, overwrite=overwrite)
    for copy in copies:
        copy.terminal.coordinator.async_recount_persons()
    failures = [
        f"{copy.terminal.name}: {copy.failed}" for copy in copies if copy.failed
    ]
    if failures and not answered:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="not_all_copied",
            translation_placeholders={"failures": "; ".join(failures)},
        )
    return {
        "terminals": [
            copy.terminal.told
            | {
                "copied": sum(result["result"] == COPIED for result in copy.results),
                "failed": copy.failed,
                "persons": copy.results,
            }
            for copy in copies
        ],
        "complete": not failures,
    }


async def _everybody(terminal: Terminal, role: str = "all") -> list[Person]:
    async def found() -> list[Person]:
        return [
            person async for person in persons(terminal.coordinator.client, role=role)
        ]

    return await _patiently(terminal, found)


async def _opened(terminal: Terminal) -> _Target:
    """Return a terminal with those who are there already: after a lost answer it could not be told whose copy is there."""
    try:
        known = frozenset(person.person_id for person in await _everybody(terminal))
    except FaceGateError as err:
        target = _Target(terminal, frozenset())
        target.lost = err
        return target
    return _Target(terminal, known)


async def _copy_one(
    source: Terminal,
    targets: list[_Target],
    person_id: str,
    *,
    role: str,
    overwrite: bool,
) -> None:
    """Copy one person to all terminals at once."""
    takers = []
    for target in targets:
        if target.lost:
            target.note(person_id, None, FAILED, error=str(translated(target.lost)))
        elif person_id in target.known and not overwrite:
            target.note(person_id, None, SKIPPED)
        else:
            takers.append(target)
    if not takers:
        return
    try:
        person = await _patiently(
            source,
            lambda: get_person(source.coordinator.client, person_id, pictures=True),
        )
        photo = await _photo(source.coordinator.hass, person) if person else None
    except (FaceGateError, HomeAssistantError) as err:
        shown = translated(err) if isinstance(err, FaceGateError) else err
        for target in takers:
            target.note(person_id, None, FAILED, error=str(shown))
        return
    if person is None or role not in {"all", person.role}:
        for target in takers:
            target.note(person_id, None, NOT_FOUND)
        return
    await asyncio.gather(*(_give(target, person, photo) for target in takers))


async def _give(target: _Target, person: Person, photo: bytes | None) -> None:
    """Register a person at a terminal; one that is lost is not tried any more."""
    copy = _as_sent(person, photo)
    try:
        await _patiently(
            target.terminal,
            lambda: save_person(target.terminal.coordinator.client, copy),
        )
    except FaceGateError as err:
        if isinstance(err, FaceGateConnectionError | FaceGateTimeoutError):
            target.lost = err
        target.note(person.person_id, person.name, FAILED, error=str(translated(err)))
        return
    target.note(person.person_id, person.name, COPIED)


async def _patiently[T](terminal: Terminal, ask: Callable[[], Awaitable[T]]) -> T:
    """Ask, and once more after the terminal or the broker was away. All that is asked here may be done twice."""
    coordinator = terminal.coordinator
    try:
        return await coordinator.async_command(ask())
    except FaceGateConnectionError, FaceGateTimeoutError:
        if not await _is_back(terminal):
            raise
    return await coordinator.async_command(ask())


async def _is_back(terminal: Terminal) -> bool:
    """Wait until a terminal can be reached, and return whether it came to that."""
    try:
        async with asyncio.timeout(RETURN_TIMEOUT):
            while not terminal.coordinator.available:
                await asyncio.sleep(_RETURN_POLL)
    except TimeoutError:
        return False
    return True


def _as_sent(person: Person, photo: bytes | None) -> Person:
    """Return a person as a terminal takes one: of two cards the one that there is."""
    card, long_card = person.card, person.long_card
    return replace(
        person,
        card=card if card or not long_card else NO_CARD,
        long_card=NO_CARD if card else long_card,
        picture=photo,
    )


async def _photo(hass: HomeAssistant, person: Person) -> bytes | None:
    """Return the picture of a person; one that a terminal might refuse is made to fit. HomeAssistantError if it is none."""
    if not isinstance(person.picture, Picture):
        return None
    data = person.picture.data
    if person.picture.content_type == "image/jpeg" and len(data) <= MAX_BYTES:
        return data
    try:
        return await hass.async_add_executor_job(person_photo, data)
    except ValueError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="unusable_picture"
        ) from err
