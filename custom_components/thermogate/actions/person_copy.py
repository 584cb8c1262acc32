"""Copying people from one terminal to others."""

import asyncio
from dataclasses import replace
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..const import DOMAIN
from ..facegate import NO_CARD, FaceGateError, Person, Picture, get_person
from ..person_photos import MAX_BYTES, person_photo
from .person_targets import (
    NOT_FOUND,
    Target,
    everybody,
    missing,
    one_ahead,
    opened,
    patiently,
    report,
)
from .terminals import Terminal

COPIED = "copied"
SKIPPED = "already_registered"

type _Found = Person | Exception | None
"""A person as the other terminals take one, why there is none, or None for nobody."""


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
    ids = list(dict.fromkeys(person_ids or ())) or [*await everybody(source, role)]
    copies = await opened(targets, len(ids))

    def is_there(copy: Target, person_id: str) -> bool:
        return person_id in copy.known and not overwrite

    async def fetch(person_id: str) -> _Found:
        if all(copy.lost or is_there(copy, person_id) for copy in copies):
            return None
        try:
            return await _fetched(source, person_id, role)
        except (FaceGateError, HomeAssistantError) as err:
            return err

    async def hand_out(person_id: str, found: _Found) -> None:
        await asyncio.gather(*(hand_to(copy, person_id, found) for copy in copies))

    async def hand_to(copy: Target, person_id: str, found: _Found) -> None:
        if copy.lost:
            copy.fail(person_id, None, copy.lost)
        elif is_there(copy, person_id):
            copy.note(person_id, copy.known[person_id].name, SKIPPED)
        elif isinstance(found, Exception):
            copy.fail(person_id, None, found)
        elif found is None:
            copy.note(person_id, None, NOT_FOUND)
        else:
            await copy.give(found, COPIED)

    await one_ahead(ids, fetch, hand_out)
    answer = report(copies, COPIED)
    if not answer["complete"] and not answered:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="not_all_copied",
            translation_placeholders={"failures": missing(copies)},
        )
    return answer


async def _fetched(source: Terminal, person_id: str, role: str) -> Person | None:
    """Return a person of a role with picture, as another terminal takes one. FaceGateError; HomeAssistantError for a bad picture or no role."""
    client = source.coordinator.client
    person = await patiently(
        source, lambda: get_person(client, person_id, pictures=True)
    )
    if person is None or role not in {"all", person.role}:
        return None
    if person.role is None:
        # Whom a terminal knows without one it lets in.
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="unknown_role"
        )
    return _as_sent(person, await _photo(source.coordinator.hass, person))


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
