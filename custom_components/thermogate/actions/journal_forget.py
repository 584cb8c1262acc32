"""Forgetting a person: in terminals, in the journal, and in what is shown of them."""

import asyncio
from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.dispatcher import async_dispatcher_send

from ..const import CONF_KIND, DOMAIN, SIGNAL_FORGET, DeviceKind
from ..coordinator import TerminalCoordinator
from ..errors import reason
from ..journal import Journal, JournalError, Kind
from ..keeper import async_get_keeper
from ..people import Who
from .journal_search import KnownDevice, known_devices

# What became of a person's registration at a terminal.
DELETED = "deleted"
NOT_REGISTERED = "not_registered"
FAILED = "failed"


def is_terminal(device: KnownDevice) -> bool:
    """Whether a device registers people."""
    return bool(device.entry.data[CONF_KIND] == DeviceKind.TERMINAL)


async def async_forget_person(
    hass: HomeAssistant, who: Who, terminals: Mapping[str, KnownDevice] | None
) -> dict[str, Any]:
    """Forget a person, and return what was deleted where; all terminals unless some are given.

    What fails at one place stops nothing at the others. JournalError when nothing could be done because the journal is not
    open, ServiceValidationError when it is not clear who is meant.
    """
    keeper = async_get_keeper(hass)
    journal = keeper.journal
    who = await _identified(journal, who)
    if terminals is None:
        terminals = {
            key: device
            for key, device in known_devices(hass).items()
            if is_terminal(device)
        }
    # First of all, so that nobody is recognised again after their rows are gone.
    answers = await asyncio.gather(
        *(_delete_at(terminal, who.person_id) for terminal in terminals.values())
    )
    dropped = keeper.async_drop_waiting(
        lambda record: (
            record.kind is Kind.ACCESS
            and who.is_meant(record.person_id, record.subject)
        )
    )
    report: dict[str, Any] = {
        "person_id": who.person_id or None,
        "entries": dropped,
        "pictures": 0,
        "terminals": answers,
        "complete": all(answer["result"] != FAILED for answer in answers),
    }
    try:
        forgotten = await journal.forget_person(person_id=who.person_id, name=who.name)
    except JournalError as err:
        report |= {"complete": False, "error": reason(err)}
    else:
        report["entries"] += forgotten.entries
        report["pictures"] = forgotten.pictures
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        if isinstance(entry.runtime_data, TerminalCoordinator):
            entry.runtime_data.captures.async_forget(who)
    async_dispatcher_send(hass, SIGNAL_FORGET, who)
    return report


async def _identified(journal: Journal, who: Who) -> Who:
    """Return a person with the number that the journal knows them by, if it knows one.

    ServiceValidationError where a name alone could hit somebody else: people of one name, or of one number on two terminals.
    """
    if who.person_id:
        return who
    people = await journal.people()
    ids = {
        person.person_id
        for person in people
        if person.person_id and who.is_meant(None, person.name)
    }
    others = {
        person.name
        for person in people
        if person.person_id in ids and not who.is_meant(None, person.name)
    }
    if len(ids) > 1 or others - {""}:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="ambiguous_person",
            translation_placeholders={"ids": ", ".join(sorted(ids))},
        )
    return Who(person_id=next(iter(ids), ""), name=who.name)


async def _delete_at(terminal: KnownDevice, person_id: str) -> dict[str, Any]:
    """Delete a registration, and return what became of it. Without an ID nobody can tell whether there is one."""
    answer: dict[str, Any] = {
        "device_id": terminal.device_id,
        "device": terminal.entry.title,
    }
    if not person_id:
        return answer | {"result": FAILED, "error": "ID not known"}
    is_loaded = terminal.entry.state is ConfigEntryState.LOADED
    coordinator = terminal.entry.runtime_data if is_loaded else None
    if not isinstance(coordinator, TerminalCoordinator):
        return answer | {"result": FAILED, "error": "not loaded"}
    try:
        was_there = await coordinator.async_delete_person(person_id)
        # Else they would be found again when the terminal is asked for what was missed.
        erased = await coordinator.async_erase_records(person_id)
    except HomeAssistantError as err:
        return answer | {"result": FAILED, "error": str(err)}
    return answer | {
        "result": DELETED if was_there else NOT_REGISTERED,
        "records": erased,
    }
