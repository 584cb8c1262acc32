"""The commands about people (vendor document 2.1)."""

from base64 import b64encode
from collections.abc import Awaitable, Callable
from typing import Final

from homeassistant.core import HomeAssistant
from tests.helpers import state_of
from tests.persons.house import COUNT, perform
from tests.simulators.terminal import TerminalSimulator

type Case = Callable[[HomeAssistant, TerminalSimulator], Awaitable[None]]


async def _request_persons(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """List who is allowed in, and see how many people there are."""
    answer = await perform(hass, "list_persons", role="allowed", pictures=True)
    told = {person["name"]: person for person in answer["persons"]}
    known = {
        person.name: person
        for person in terminal.device.people.values()
        if person.role == 1
    }
    assert told.keys() == known.keys()
    for name, person in known.items():
        assert told[name]["picture"]["data"] == b64encode(person.picture).decode()
    assert state_of(hass, COUNT) == str(len(terminal.device.people))


async def _upload_person(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Save somebody new, and give somebody else another role."""
    await perform(hass, "save_person", person_id="2001", name="Zoë", rule=15)
    await perform(
        hass, "save_persons", persons=[{"person_id": "1001", "role": "blocked"}]
    )
    people = terminal.device.people
    assert (people["2001"].name, people["2001"].kind) == ("Zoë", 15)
    assert (people["1001"].name, people["1001"].role) == ("Amara Okafor", 2)


async def _delete_person(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Delete one person."""
    before = set(terminal.device.people)
    await perform(hass, "delete_person", person_id="1001")
    assert before - terminal.device.people.keys() == {"1001"}


async def _delete_persons(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Delete everybody of a role."""
    await perform(hass, "delete_person", role="allowed", confirm=True)
    assert {person.role for person in terminal.device.people.values()} == {2}


CASES: Final[dict[str, Case]] = {
    "request_persons": _request_persons,
    "upload_person": _upload_person,
    "delete_person": _delete_person,
    "delete_persons": _delete_persons,
}
