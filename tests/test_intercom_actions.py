"""The actions for calls, accounts and rooms: what the terminal then has, and what is refused before it is asked."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from homeassistant.auth.models import User
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from tests.helpers import door, set_up, settle
from tests.persons.house import device_id, perform, refusing, requests
from tests.simulators.terminal import Options, TerminalSimulator

ACCOUNT = {"domain": "192.168.0.12", "port": 7121, "username": "0123"}
SECRET = "do-not-show-me"
ADDRESS = "sip:101@192.168.1.10:5060"


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.fixture
async def front(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> TerminalSimulator:
    """Return the terminal at the front door."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    terminal.requests.clear()
    return terminal


async def do(hass: HomeAssistant, action: str, **fields: Any) -> None:
    """Perform an action whose answer nobody takes."""
    await hass.services.async_call(
        "thermogate", action, {"device_id": device_id(hass), **fields}, blocking=True
    )
    await settle(hass)


async def save(hass: HomeAssistant, *numbers: str) -> None:
    """Save rooms with these numbers."""
    await do(
        hass,
        "save_rooms",
        rooms=[{"number": number, "addresses": ADDRESS} for number in numbers],
    )


async def listed(hass: HomeAssistant, **fields: Any) -> list[str]:
    """Return the numbers of the rooms that are found."""
    answer = await perform(hass, "list_rooms", **fields)
    return [room["number"] for room in answer["rooms"]]


async def test_an_account_is_set_told_and_deleted(
    hass: HomeAssistant, front: TerminalSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Its password goes to the terminal and nowhere else."""
    await do(hass, "set_sip_account", **ACCOUNT, password=SECRET)
    assert front.device.sip_account == ACCOUNT | {"password": SECRET}
    assert await perform(hass, "get_sip_account") == ACCOUNT
    ours = [each for each in caplog.records if "thermogate" in each.name]
    assert not any(SECRET in each.getMessage() for each in ours)

    await do(hass, "delete_sip_account")
    assert front.device.sip_account is None
    with pytest.raises(HomeAssistantError, match="no account"):
        await perform(hass, "get_sip_account")


async def test_an_account_without_a_password(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """It is left out, and so may be the port."""
    await do(hass, "set_sip_account", domain="pbx", username="101")
    assert front.device.sip_account == {
        "domain": "pbx",
        "port": 5060,
        "username": "101",
    }


@pytest.mark.parametrize("port", [1, 65535])
async def test_ports_that_there_are(
    hass: HomeAssistant, front: TerminalSimulator, port: int
) -> None:
    """The first and the last."""
    await do(hass, "set_sip_account", **ACCOUNT | {"port": port})
    assert front.device.sip_account == ACCOUNT | {"port": port}


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("set_sip_account", ACCOUNT | {"port": 0}),
        ("set_sip_account", ACCOUNT | {"port": 65536}),
        ("set_sip_account", ACCOUNT | {"domain": " "}),
        ("sip_call", {"number": "0001", "url": ADDRESS}),
        ("save_rooms", {"rooms": []}),
        ("save_rooms", {"rooms": [{"number": "", "addresses": [ADDRESS]}]}),
        ("save_rooms", {"rooms": [{"number": "1", "addresses": []}]}),
        ("delete_rooms", {"number": []}),
        ("delete_rooms", {"number": ["1"], "all": True}),
        ("set_room_format", {"position": "roof", "room_digits": 1}),
        ("set_room_format", {"position": "wall"}),
        ("set_room_format", {"position": "wall", "room_digits": 6}),
        ("set_room_format", {"position": "wall", "room_digits": -1}),
        (
            "set_room_format",
            {"position": "wall", "room_digits": 1, "building_digits": 4},
        ),
        ("set_room_format", {"position": "wall", "room_digits": 1, "block_digits": 4}),
    ],
    ids=str,
)
async def test_what_no_form_offers_is_refused(
    hass: HomeAssistant, front: TerminalSimulator, action: str, fields: dict[str, Any]
) -> None:
    """Before anything is sent."""
    with pytest.raises(vol.Invalid):
        await do(hass, action, **fields)
    assert not front.requests


@pytest.mark.parametrize(
    ("action", "fields", "words"),
    [
        ("sip_call", {}, "whom to call"),
        ("sip_call", {"url": "tel:101"}, r"like sip:user@[\d.]+:5060 or num:0001$"),
        ("sip_call", {"url": "sip:"}, "sip:"),
        ("sip_call", {"number": "1 2"}, "1 2"),
        (
            "save_rooms",
            {"rooms": [{"number": "1", "addresses": [ADDRESS] * 4}]},
            r"rooms\[0\].addresses",
        ),
        (
            "save_rooms",
            {
                "rooms": [
                    {"number": "1", "addresses": [ADDRESS]},
                    {"number": "2", "addresses": [ADDRESS, "101"]},
                ]
            },
            r"rooms\[1\].addresses",
        ),
        ("delete_rooms", {}, "Say what to delete"),
        ("delete_rooms", {"all": False, "confirm": True}, "Say what to delete"),
        ("delete_rooms", {"all": True}, "Confirm it"),
        (
            "set_room_format",
            {"position": "unit", "room_digits": 1, "separator": "-"},
            "separator",
        ),
        (
            "set_room_format",
            {"position": "unit", "room_digits": 1, "block_digits": 0},
            "block_digits",
        ),
    ],
    ids=str,
)
async def test_what_makes_no_sense_is_explained(
    hass: HomeAssistant,
    front: TerminalSimulator,
    action: str,
    fields: dict[str, Any],
    words: str,
) -> None:
    """Before anything is sent."""
    with pytest.raises(ServiceValidationError, match=words):
        await do(hass, action, **fields)
    assert not front.requests


async def test_rooms_are_saved_overwritten_and_listed(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """With one to three addresses, which keep their order."""
    three = [f"sip:192.168.{number}.180" for number in (1, 2, 3)]
    await save(hass, "0001", "0002")
    await do(hass, "save_rooms", rooms=[{"number": "0001", "addresses": three}])

    assert front.device.rooms["0001"] == {
        "room id": "0001",
        "sip num": three[0],
        "sip num 1": three[1],
        "sip num 2": three[2],
    }
    assert await perform(hass, "list_rooms") == {
        "rooms": [
            {"number": "0001", "addresses": three},
            {"number": "0002", "addresses": [ADDRESS]},
        ],
        "complete": True,
    }


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"number": "0001"}, ["0001"]),
        ({"number": "000"}, []),
        ({"number": "000", "partial": True}, ["0001", "00010"]),
        ({"number": "9", "partial": True}, []),
        ({"limit": 2}, ["0001", "00010"]),
        ({"limit": 3}, ["0001", "00010", "0100"]),
    ],
    ids=str,
)
async def test_filters(
    hass: HomeAssistant,
    front: TerminalSimulator,
    fields: dict[str, Any],
    found: list[str],
) -> None:
    """Each of them."""
    await save(hass, "0001", "00010", "0100")
    assert await listed(hass, **fields) == found


async def test_what_was_left_out_is_told(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """As many as wanted, and that there are more."""
    await save(hass, "1", "2")
    assert (await perform(hass, "list_rooms", limit=1))["complete"] is False
    assert (await perform(hass, "list_rooms", limit=2))["complete"] is True


@pytest.mark.parametrize(("count", "messages"), [(500, 1), (501, 2)])
async def test_many_rooms(
    hass: HomeAssistant, front: TerminalSimulator, count: int, messages: int
) -> None:
    """A page has 500; nobody has to know that."""
    numbers = [f"{number:04}" for number in range(count)]
    await save(hass, *numbers)
    assert len(requests(front, "sip add roomid")) == messages
    assert await listed(hass) == numbers
    await do(hass, "delete_rooms", number=numbers)
    assert len(requests(front, "sip del roomid")) == messages
    assert not front.device.rooms


async def test_rooms_that_the_terminal_did_not_take(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """It says how many it took, and so do we."""
    front.device.most_rooms = 1
    with pytest.raises(HomeAssistantError, match="1 of 2"):
        await save(hass, "1", "2")


async def test_rooms_are_deleted(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """Some, or all if that is confirmed."""
    await save(hass, "1", "2", "3")
    await do(hass, "delete_rooms", number="2")
    assert [*front.device.rooms] == ["1", "3"]
    with pytest.raises(HomeAssistantError, match="no room 2"):
        await do(hass, "delete_rooms", number="2")
    await do(hass, "delete_rooms", all=True, confirm=True)
    assert not front.device.rooms


@pytest.mark.parametrize(
    "fields",
    [
        {"position": "unit", "room_digits": 0},
        {"position": "unit", "room_digits": 5},
        {
            "position": "wall",
            "separator": "-",
            "building_digits": 0,
            "block_digits": 0,
            "room_digits": 5,
        },
        {"position": "wall", "building_digits": 3, "block_digits": 3, "room_digits": 4},
    ],
    ids=str,
)
async def test_the_format_of_room_numbers(
    hass: HomeAssistant, front: TerminalSimulator, fields: dict[str, Any]
) -> None:
    """What is set is told."""
    await do(hass, "set_room_format", **fields)
    nothing = dict.fromkeys(("separator", "building_digits", "block_digits"))
    assert await perform(hass, "get_room_format") == nothing | fields


async def test_answers_say_what_came_of_it(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """At each terminal."""
    room = {"number": "1", "addresses": [ADDRESS]}
    for action, fields, result in (
        ("save_rooms", {"rooms": [room]}, "saved"),
        ("delete_rooms", {"number": ["1"]}, "deleted"),
        ("set_room_format", {"position": "unit", "room_digits": 3}, "set"),
        ("delete_sip_account", {}, "deleted"),
        ("sip_hang_up", {}, "hung_up"),
    ):
        answer = await perform(hass, action, device_id=[device_id(hass)], **fields)
        assert [each["result"] for each in answer["terminals"]] == [result], action


async def test_a_busy_terminal_says_so(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """In words."""
    with (
        refusing(front, "sip call", 5),
        pytest.raises(HomeAssistantError, match="busy"),
    ):
        await do(hass, "sip_call", url=ADDRESS)


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("set_sip_account", ACCOUNT),
        ("get_sip_account", {}),
        ("delete_sip_account", {}),
        ("list_rooms", {}),
        ("save_rooms", {"rooms": [{"number": "1", "addresses": [ADDRESS]}]}),
        ("delete_rooms", {"number": ["1"]}),
        ("set_room_format", {"position": "unit", "room_digits": 3}),
    ],
)
async def test_only_administrators(
    hass: HomeAssistant,
    front: TerminalSimulator,
    hass_read_only_user: User,
    action: str,
    fields: dict[str, Any],
) -> None:
    """See who lives where, and change what is set up."""
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            "thermogate",
            action,
            {"device_id": device_id(hass), **fields},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
            return_response=action in {"get_sip_account", "list_rooms"},
        )
    assert not front.requests
