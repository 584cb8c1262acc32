"""The commands about what a terminal remembers (vendor document 2.2)."""

from collections.abc import Awaitable, Callable
from typing import Final

from homeassistant.core import HomeAssistant
from tests.helpers import capture, state_of
from tests.persons.house import perform
from tests.simulators.terminal import TerminalSimulator

type Case = Callable[[HomeAssistant, TerminalSimulator], Awaitable[None]]

STORED = "sensor.front_door_stored_records"


async def _request_records(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Look up when somebody came."""
    sent = await capture(hass, terminal, person="1001")
    await capture(hass, terminal, "stranger")
    answer = await perform(hass, "list_records", person_id="1001")
    [record] = answer["records"]
    assert (record["sequence"], record["name"]) == (sent.sequence_no, sent.person)


async def _delete_record(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Delete one of two."""
    gone = await capture(hass, terminal, person="1001")
    stays = await capture(hass, terminal, "stranger")
    await perform(hass, "delete_record", sequence=gone.sequence_no)
    assert [record.sequence for record in terminal.device.records] == [
        stays.sequence_no
    ]


async def _delete_records(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Delete them all."""
    await capture(hass, terminal, person="1001")
    await capture(hass, terminal, "stranger")
    await perform(hass, "delete_record", all_records=True, confirm=True)
    assert not terminal.device.records
    assert state_of(hass, STORED) == "0"


CASES: Final[dict[str, Case]] = {
    "request_records": _request_records,
    "delete_record": _delete_record,
    "delete_records": _delete_records,
}
