"""Looking up the journal from an automation or by hand."""

from http import HTTPStatus
from typing import Any

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
import voluptuous as vol

from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.journal import Journal, JournalError, Reason
from custom_components.thermogate.keeper import async_get_keeper
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from tests.helpers import SERIAL, capture, door, set_up, state_of
from tests.journal.makers import record
from tests.simulators.camera import CameraSimulator
from tests.simulators.terminal import Options, TerminalSimulator
from tests.waiting import until


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.fixture
async def journal(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> Journal:
    """Return the journal of a house with a terminal."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    return async_get_keeper(hass).journal


async def search(hass: HomeAssistant, **fields: Any) -> dict[str, Any]:
    """Return the answer of the action."""
    answer = await hass.services.async_call(
        DOMAIN, "search_journal", fields, blocking=True, return_response=True
    )
    assert answer is not None
    return dict(answer)


async def found(hass: HomeAssistant, **fields: Any) -> list[Any]:
    """Return what of the events is found, by their ids."""
    return [entry["event_id"] for entry in (await search(hass, **fields))["entries"]]


def device_id(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the number of a device in the registry."""
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return device.id


async def test_an_access_is_told(
    hass: HomeAssistant,
    journal: Journal,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """Who, where, when in the time zone of the house, with what result; and the pictures without login."""
    await capture(
        hass,
        terminal,
        person="Amara Okafor",
        temperature=36.6,
        score=97,
        cap_time="2026/06/15 12:34:56.789",
    )

    answer = await search(hass)

    assert answer["cursor"] is None
    [entry] = answer["entries"]
    pictures = entry.pop("pictures")
    del entry["event_id"], entry["received"]
    assert entry == {
        "time": "2026-06-15T12:34:56.789-07:00",
        "kind": "access",
        "device": "Front door",
        "device_id": device_id(hass, terminal_entry),
        "device_key": SERIAL,
        "outcome": "granted",
        "person": "Amara Okafor",
        "person_id": "1001",
        "rule": None,
        "reason": None,
        "score": 97,
        "temperature": 36.6,
        "live": True,
        "caught_up": False,
        "details": {
            "mask": False,
            "anonymous": False,
            "encrypted": False,
            "role": "allowed",
            "customer_text": "site manager",
            "methods": ["face"],
            "card": "5210331",
            "decision": "none",
        },
    }
    client = await hass_client_no_auth()
    assert set(pictures) == {"face", "scene"}
    for url in pictures.values():
        response = await client.get(url)
        assert response.status == HTTPStatus.OK
        assert response.content_type == "image/jpeg"


async def test_an_alarm_is_told(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Of what, how hot, with both pictures; it is about nobody."""
    await set_up(hass, camera_entry, Platform.EVENT)
    await camera.inject("alarm rule")
    await until(lambda: state_of(hass, "event.yard_alarm") != "unknown")

    [entry] = (await search(hass, kind="alarm"))["entries"]

    assert (entry["device"], entry["outcome"], entry["rule"]) == (
        "Yard",
        "temperature",
        "Transformer",
    )
    assert (entry["person"], entry["person_id"]) == (None, None)
    assert entry["temperature"] == entry["details"]["maximum"]
    assert set(entry["pictures"]) == {"visible", "thermal"}


@pytest.mark.parametrize(
    ("fields", "numbers"),
    [
        ({}, [4, 3, 2, 1]),
        ({"kind": "access"}, [3, 2, 1]),
        ({"kind": ["access", "alarm"]}, [4, 3, 2, 1]),
        ({"outcome": "stranger"}, [3]),
        ({"outcome": ["stranger", "fire"]}, [4, 3]),
        ({"text": " ada "}, [1]),
        ({"text": "unknown"}, [3]),
        ({"person_id": " 1002 "}, [2]),
        ({"temperature_above": 37.5}, [4, 2]),
        ({"temperature_below": 37.5}, [1]),
        ({"temperature_above": 37, "temperature_below": 60}, [2]),
        # The tests' Home Assistant is at the Pacific, seven hours behind.
        ({"since": "2026-05-01 05:03:00"}, [4, 3]),
        ({"until": "2026-05-01 05:03:00"}, [2, 1]),
        ({"since": "2026-05-01T12:03:00Z", "until": "2026-05-01T12:04:00+00:00"}, [3]),
        ({"limit": 2}, [4, 3]),
    ],
    ids=str,
)
async def test_filters(
    hass: HomeAssistant, journal: Journal, fields: dict[str, Any], numbers: list[int]
) -> None:
    """Each by itself and two together; what is left out finds everything."""
    for number, changes in enumerate(
        (
            {"temperature": 36.6},
            {"subject": "Bo", "person_id": "1002", "temperature": 38.0},
            {"subject": "", "person_id": "", "outcome": "stranger"},
            {
                "kind": "alarm",
                "subject": "Motor",
                "person_id": "",
                "outcome": "fire",
                "temperature": 91.0,
            },
        ),
        start=1,
    ):
        await journal.append(record(number, **_typed(changes)))

    assert await found(hass, **fields) == [f"event-{number}" for number in numbers]


def _typed(changes: dict[str, Any]) -> dict[str, Any]:
    kinds = {kind.value: kind for kind in type(record().kind)}
    return changes | ({"kind": kinds[changes["kind"]]} if "kind" in changes else {})


async def test_page_after_page(hass: HomeAssistant, journal: Journal) -> None:
    """The cursor of an answer leads to the next, None after the last."""
    for number in range(5):
        await journal.append(record(number))

    pages = [await search(hass, limit=2)]
    while cursor := pages[-1]["cursor"]:
        pages.append(await search(hass, limit=2, cursor=cursor))

    assert [[entry["event_id"] for entry in page["entries"]] for page in pages] == [
        ["event-4", "event-3"],
        ["event-2", "event-1"],
        ["event-0"],
    ]


async def test_devices(
    hass: HomeAssistant,
    journal: Journal,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """Those of a device that is set up, loaded or not; a device that was removed is known by its key."""
    await journal.append(record(1, device=SERIAL))
    await journal.append(record(2, device="removed"))
    chosen = device_id(hass, terminal_entry)

    assert await found(hass, device_id=chosen) == ["event-1"]
    assert await found(hass, device_id=[chosen, chosen]) == ["event-1"]
    removed, _ = (await search(hass))["entries"]
    assert (removed["device"], removed["device_id"]) == ("removed", None)


@pytest.mark.parametrize(
    ("fields", "key", "given"),
    [
        ({"device_id": "nothing"}, "unknown_device", {"device": "nothing"}),
        ({"cursor": "1; drop table"}, "foreign_cursor", None),
        ({"since": "0001-01-01 00:00:00+14:00"}, "no_such_time", None),
        (
            {"since": "2026-01-02 00:00:00", "until": "2026-01-01 00:00:00"},
            "nothing_between",
            {"low": "since", "high": "until"},
        ),
        (
            {"temperature_above": 40, "temperature_below": 40},
            "nothing_between",
            {"low": "temperature_above", "high": "temperature_below"},
        ),
    ],
    ids=str,
)
async def test_what_makes_no_sense(
    hass: HomeAssistant,
    journal: Journal,
    fields: dict[str, Any],
    key: str,
    given: dict[str, str] | None,
) -> None:
    """It is said which field and why, instead of finding nothing."""
    with pytest.raises(ServiceValidationError) as refused:
        await search(hass, **fields)

    assert (refused.value.translation_key, refused.value.translation_placeholders) == (
        key,
        given,
    )


async def test_devices_of_others_are_not_ours(
    hass: HomeAssistant, journal: Journal, device_registry: dr.DeviceRegistry
) -> None:
    """The registry knows it, the journal does not."""
    other = MockConfigEntry(domain="sun")
    other.add_to_hass(hass)
    device = device_registry.async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("sun", SERIAL)}
    )

    with pytest.raises(ServiceValidationError) as refused:
        await search(hass, device_id=device.id)

    assert refused.value.translation_key == "unknown_device"


@pytest.mark.parametrize(
    "fields",
    [
        {"limit": 0},
        {"limit": 1001},
        {"kind": "visit"},
        {"since": "yesterday"},
        {"temperature_above": "hot"},
        {"temperature_below": "nan"},
        {"who": "Ada"},
    ],
    ids=str,
)
async def test_what_the_form_does_not_offer(
    hass: HomeAssistant, journal: Journal, fields: dict[str, Any]
) -> None:
    """Refused before anything is asked."""
    with pytest.raises(vol.Invalid):
        await search(hass, **fields)


async def test_a_journal_that_is_not_open(
    hass: HomeAssistant, journal: Journal, terminal_entry: MockConfigEntry
) -> None:
    """There is none while no device is loaded; the actions are there all the same."""
    await hass.config_entries.async_unload(terminal_entry.entry_id)

    with pytest.raises(HomeAssistantError) as failed:
        await search(hass)

    assert failed.value.translation_key == "journal"
    assert isinstance(failed.value.__cause__, JournalError)
    assert failed.value.__cause__.reason is Reason.CLOSED


async def test_what_came_late_says_so(
    hass: HomeAssistant, journal: Journal, terminal: TerminalSimulator
) -> None:
    """A capture of the time before counts as caught up, not as live."""
    sent = await capture(hass, terminal)
    sent.message |= {"is_realtime": 0, "sequence_no": 4711}
    terminal.send_capture(sent)
    await until(lambda: len(terminal.acknowledgements) == 2)

    late, live = sorted(
        (await search(hass))["entries"], key=lambda entry: bool(entry["live"])
    )

    assert (late["live"], late["caught_up"]) == (False, True)
    assert (live["live"], live["caught_up"]) == (True, False)
