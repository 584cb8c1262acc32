"""The actions about what a terminal remembers, and how much that is."""

from base64 import b64decode
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_fire_time_changed,
)
import voluptuous as vol

from custom_components.thermogate.actions import records
from custom_components.thermogate.const import CONF_LEAVE_OUT_TEMPERATURE, DOMAIN
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.util import dt as dt_util
from tests.helpers import attributes_of, capture, door, passes, set_up, settle, state_of
from tests.persons.house import device_id, perform, refusing, requests
from tests.simulators.terminal import Options, TerminalSimulator, Wishes

STORED = "sensor.front_door_stored_records"
WAITING = "sensor.front_door_records_not_uploaded"
PLATFORMS = (Platform.EVENT, Platform.SENSOR)


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.fixture
async def gate(
    hass: HomeAssistant,
    entity_registry_enabled_by_default: None,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> TerminalSimulator:
    """Return a terminal that Amara, a stranger and Linh stood before; of Linh nobody has heard yet, and that is set up."""
    await terminal.capture("known", Wishes(person="1001", score=90))
    await terminal.capture("stranger")
    await terminal.capture("known", Wishes(person="1003", score=80))
    for record in terminal.device.records:
        record.uploaded = record.sequence != 3
    await set_up(hass, terminal_entry, *PLATFORMS)
    return terminal


async def listed(hass: HomeAssistant, **fields: Any) -> list[Any]:
    """Return the numbers of the records that are found."""
    answer = await perform(hass, records.LIST, **fields)
    return [record["sequence"] for record in answer["records"]]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, [1, 2, 3]),
        ({"person_id": "1001"}, [1]),
        ({"person_id": "", "name": " "}, [1, 2, 3]),
        ({"person_id": "100"}, []),
        ({"person_id": "100", "partial": True}, [1, 3]),
        ({"name": "Linh Nguyen"}, [3]),
        ({"name": "Linh", "partial": True}, [3]),
        ({"uploaded": True}, [1, 2]),
        ({"uploaded": False}, [3]),
        ({"score_from": 81}, [1]),
        ({"score_from": 80, "score_to": 80}, [3]),
        ({"score_to": 89, "person_id": "1001"}, []),
        ({"since": "2000-01-01 00:00:00"}, [1, 2, 3]),
        ({"since": "2037-01-01 00:00:00"}, []),
        ({"until": "2000-01-01 00:00:00"}, []),
    ],
    ids=str,
)
async def test_filters(
    hass: HomeAssistant,
    gate: TerminalSimulator,
    fields: dict[str, Any],
    found: list[int],
) -> None:
    """All that the terminal can search by."""
    assert await listed(hass, **fields) == found


async def test_what_a_record_tells(
    hass: HomeAssistant, gate: TerminalSimulator
) -> None:
    """Who, when and what came of it, and which event of the journal that is."""
    sent = await capture(hass, gate, person="1001", score=91, temperature=36.6)
    [told] = (await perform(hass, records.LIST, person_id="1001", score_from=91))[
        "records"
    ]
    taken = dt_util.parse_datetime(told.pop("time"))
    assert taken is not None
    assert abs(taken - dt_util.utcnow()) < timedelta(minutes=1)
    assert told == {
        "sequence": sent.sequence_no,
        "event_id": attributes_of(hass, "event.front_door_access")["event_id"],
        "person_id": "1001",
        "name": "Amara Okafor",
        "role": "allowed",
        "customer_text": "site manager",
        "result": "granted",
        "reason": None,
        "score": 91,
        "temperature": 36.6,
        "uploaded": True,
    }
    [_, stranger, *_] = (await perform(hass, records.LIST))["records"]
    assert (stranger["result"], stranger["person_id"], stranger["name"]) == (
        "stranger",
        None,
        None,
    )


async def test_the_body_temperature_is_left_out(
    hass: HomeAssistant, gate: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Where the options say so, here as well."""
    hass.config_entries.async_update_entry(
        terminal_entry, options={CONF_LEAVE_OUT_TEMPERATURE: True}
    )
    await settle(hass)
    answer = await perform(hass, records.LIST)
    assert [record["temperature"] for record in answer["records"]] == [None] * 3


async def test_pictures(hass: HomeAssistant, gate: TerminalSimulator) -> None:
    """Only when asked for, and then as far as the terminal kept them."""
    plain, pictured = [
        (await perform(hass, records.LIST, person_id="1001", pictures=pictures))[
            "records"
        ][0]
        for pictures in (False, True)
    ]
    assert not {"face", "photo"} & plain.keys()
    assert b64decode(pictured["face"]["data"]) == gate.device.records[0].picture
    assert b64decode(pictured["photo"]["data"]) == gate.device.people["1001"].picture
    assert pictured["face"]["content_type"] == "image/jpeg"


async def test_pages_and_limits(hass: HomeAssistant, gate: TerminalSimulator) -> None:
    """Nobody sees pages; what is left out is said."""
    for _ in range(20):
        await gate.capture("stranger", resend=False)
    whole = await perform(hass, records.LIST)
    assert (len(whole["records"]), whole["complete"]) == (23, True)
    exact = await perform(hass, records.LIST, limit=23)
    assert (len(exact["records"]), exact["complete"]) == (23, True)
    part = await perform(hass, records.LIST, limit=22)
    assert (len(part["records"]), part["complete"]) == (22, False)
    with patch.object(records, "MAX_PICTURED", 2):
        few = await perform(hass, records.LIST, pictures=True)
    assert (len(few["records"]), few["complete"]) == (2, False)


@pytest.mark.parametrize(
    "fields",
    [
        {"score_from": -1},
        {"score_to": 101},
        {"limit": 0},
        {"limit": 10_001},
        {"since": "yesterday"},
    ],
    ids=str,
)
async def test_fields_out_of_range(
    hass: HomeAssistant, gate: TerminalSimulator, fields: dict[str, Any]
) -> None:
    """They are refused before anything is sent."""
    before = len(gate.requests)
    with pytest.raises(vol.Invalid):
        await listed(hass, **fields)
    assert len(gate.requests) == before


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"score_from": 81, "score_to": 80}, "nothing_between"),
        (
            {"since": "2026-06-02 00:00:00", "until": "2026-06-01 00:00:00"},
            "nothing_between",
        ),
        ({"since": "0001-01-01T00:00:00+14:00"}, "no_such_time"),
        ({"person_id": "1" * 20}, "invalid_value"),
        ({"name": "x" * 64}, "invalid_value"),
    ],
    ids=str,
)
async def test_filters_that_make_no_sense(
    hass: HomeAssistant, gate: TerminalSimulator, fields: dict[str, Any], key: str
) -> None:
    """The text says which."""
    with pytest.raises(ServiceValidationError) as refused:
        await listed(hass, **fields)
    assert refused.value.translation_key == key


async def test_the_longest_filters(
    hass: HomeAssistant, gate: TerminalSimulator
) -> None:
    """The document's limits themselves, and a range of one score."""
    assert await listed(hass, person_id="1" * 19, name="x" * 63) == []
    assert await listed(hass, score_from=0, score_to=100) == [1, 3]


async def test_one_record_is_deleted(
    hass: HomeAssistant, gate: TerminalSimulator
) -> None:
    """And the others stay; the second time there is none."""
    assert await perform(hass, records.DELETE, sequence=2) == {"result": "deleted"}
    assert [record.sequence for record in gate.device.records] == [1, 3]
    assert state_of(hass, STORED) == "2"
    assert await perform(hass, records.DELETE, sequence=2) == {"result": "not_found"}


async def test_all_records_are_deleted(
    hass: HomeAssistant, gate: TerminalSimulator
) -> None:
    """Once it is confirmed."""
    with pytest.raises(ServiceValidationError) as refused:
        await perform(hass, records.DELETE, all_records=True)
    assert refused.value.translation_key == "records_not_confirmed"
    assert requests(gate, "delete record") == []

    await perform(hass, records.DELETE, all_records=True, confirm=True)
    assert not gate.device.records
    assert (state_of(hass, STORED), state_of(hass, WAITING)) == ("0", "0")


@pytest.mark.parametrize("fields", [{}, {"confirm": True}, {"all_records": False}])
async def test_no_record_named(
    hass: HomeAssistant, gate: TerminalSimulator, fields: dict[str, Any]
) -> None:
    """That is not all of them."""
    with pytest.raises(ServiceValidationError) as refused:
        await perform(hass, records.DELETE, **fields)
    assert refused.value.translation_key == "no_record_to_delete"
    assert len(gate.device.records) == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"sequence": 0, "confirm": True},
        {"sequence": 2**32},
        {"sequence": 1, "all_records": True, "confirm": True},
    ],
    ids=str,
)
async def test_what_is_not_clear(
    hass: HomeAssistant, gate: TerminalSimulator, fields: dict[str, Any]
) -> None:
    """Nothing is deleted, least of all everything by a 0."""
    with pytest.raises(vol.Invalid):
        await perform(hass, records.DELETE, **fields)
    assert requests(gate, "delete record") == []


async def test_a_refusal(hass: HomeAssistant, gate: TerminalSimulator) -> None:
    """The terminal says no."""
    with (
        refusing(gate, "delete record", 23),
        pytest.raises(HomeAssistantError) as refused,
    ):
        await perform(hass, records.DELETE, sequence=1)
    assert refused.value.translation_key == "write_failed"
    with (
        refusing(gate, "request records", 24),
        pytest.raises(HomeAssistantError) as refused,
    ):
        await listed(hass)
    assert refused.value.translation_key == "read_failed"


@pytest.mark.parametrize(
    ("action", "fields"),
    [(records.LIST, {}), (records.DELETE, {"sequence": 1})],
)
async def test_only_administrators(
    hass: HomeAssistant,
    gate: TerminalSimulator,
    hass_read_only_user: MockUser,
    action: str,
    fields: dict[str, Any],
) -> None:
    """Who came when is not for everybody."""
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": device_id(hass)} | fields,
            blocking=True,
            return_response=True,
            context=Context(user_id=hass_read_only_user.id),
        )


async def test_how_many_there_are(
    hass: HomeAssistant, clock: TickingDateTimeFactory, gate: TerminalSimulator
) -> None:
    """Asked when the terminal comes, and every ten minutes."""
    assert (state_of(hass, STORED), state_of(hass, WAITING)) == ("3", "1")
    with patch.object(gate, "send_capture"):
        await gate.capture("stranger", resend=False)
    clock.tick(timedelta(minutes=11))
    async_fire_time_changed(hass, dt_util.utcnow())
    await passes(hass)
    assert (state_of(hass, STORED), state_of(hass, WAITING)) == ("4", "2")
