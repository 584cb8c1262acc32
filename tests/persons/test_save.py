"""Saving a person: a new one or one there is, at one terminal or several, within every documented limit."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.errors import REFUSALS
from custom_components.thermogate.facegate import ERROR_CODES
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from tests.helpers import settle, state_of
from tests.simulators.terminal import TerminalSimulator
from tests.simulators.terminal.people import Person

from .house import COUNT, both, device_id, perform, refusing, requests

UPLOAD = "upload person"


async def save(hass: HomeAssistant, **fields: Any) -> list[str]:
    """Return what came of a person at each terminal."""
    answer = await perform(hass, "save_person", **fields)
    return [terminal["result"] for terminal in answer["terminals"]]


async def test_a_new_person(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """What is left out is said outright: allowed, by no rule, always."""
    assert await save(hass, person_id=" 2001 ", name="Zoë") == ["created"]

    assert front.device.people["2001"] == Person("2001", "Zoë")
    [sent] = requests(front, UPLOAD)
    assert {name: sent[name] for name in sent if name != "command_id"} == {
        "cmd": UPLOAD,
        "id": "2001",
        "name": "Zoë",
        "role": 1,
        "kind": 0,
        "term_start": "useless",
        "term": "forever",
    }
    assert state_of(hass, COUNT) == "7"


async def test_everything(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """All fields; a time with a zone becomes the terminal's."""
    await save(
        hass,
        person_id="2001",
        name="Zoë",
        role="blocked",
        rule=3,
        long_card=str(2**63 - 1),
        valid_from="2026-01-01 08:00:00",
        valid_until="2026-06-01T00:00:00+00:00",
        customer_text="visitor",
    )

    assert front.device.people["2001"] == Person(
        "2001",
        "Zoë",
        role=2,
        kind=3,
        long_card_id=2**63 - 1,
        term_start="2026/01/01 08:00:00",
        term="2026/05/31 17:00:00",
        customer_text="visitor",
    )


async def test_a_change_leaves_the_rest(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Name, rule, card, picture and validity of somebody who moves to another floor."""
    before = front.device.people["1002"]

    assert await save(hass, person_id="1002", customer_text="2nd floor", name="") == [
        "updated"
    ]

    after = front.device.people["1002"]
    assert after.customer_text == "2nd floor"
    assert (after.name, after.kind, after.role) == (before.name, 1, 1)
    assert (after.wg_card_id, after.term) == (before.wg_card_id, before.term)
    assert after.picture == before.picture
    assert "reg_image" not in requests(front, UPLOAD)[0]


@pytest.mark.parametrize(
    ("fields", "term_start", "term"),
    [
        ({"validity": "always"}, "useless", "forever"),
        ({"validity": "expired"}, "2024/01/01 00:00:00", "never"),
        (
            {"valid_until": "2030-01-01 00:00:00"},
            "2024/01/01 00:00:00",
            "2030/01/01 00:00:00",
        ),
        ({"valid_from": "2025-01-01"}, "2025/01/01 00:00:00", "2035/12/31 23:59:59"),
    ],
    ids=str,
)
async def test_validity(
    hass: HomeAssistant,
    front: TerminalSimulator,
    fields: dict[str, str],
    term_start: str,
    term: str,
) -> None:
    """In words or in times; the other end stays."""
    await save(hass, person_id="1004", **fields)

    person = front.device.people["1004"]
    assert (person.term_start, person.term) == (term_start, term)


@pytest.mark.parametrize(
    ("person_id", "fields", "cards"),
    [
        ("1001", {"long_card": "5000000000"}, (0, 5_000_000_000)),
        ("1003", {"card": 7}, (7, 0)),
        ("1001", {"card": 0}, (0, 0)),
        ("1001", {"card": ""}, (0, 0)),
        ("1003", {"long_card": "0"}, (0, 0)),
    ],
)
async def test_cards(
    hass: HomeAssistant,
    front: TerminalSimulator,
    person_id: str,
    fields: dict[str, Any],
    cards: tuple[int, int],
) -> None:
    """One takes the place of the other, and none is none."""
    await save(hass, person_id=person_id, **fields)

    person = front.device.people[person_id]
    assert (person.wg_card_id, person.long_card_id) == cards


@pytest.mark.parametrize(
    ("most", "more"),
    [
        ({"person_id": "x" * 19}, {"person_id": "x" * 20}),
        ({"person_id": "é" * 9}, {"person_id": "é" * 10}),
        ({"name": "é" * 31 + "x"}, {"name": "é" * 32}),
        ({"rule": 15}, {"rule": 16}),
        ({"rule": 0}, {"rule": -1}),
        ({"card": 2**32 - 1}, {"card": 2**32}),
        ({"long_card": str(2**63 - 1)}, {"long_card": str(2**63)}),
        ({"customer_text": "x" * 67}, {"customer_text": "x" * 68}),
        ({"valid_from": "1970-01-01 00:00:00"}, {"valid_from": "1969-12-31 23:59:59"}),
    ],
    ids=str,
)
async def test_limits(
    hass: HomeAssistant,
    front: TerminalSimulator,
    most: dict[str, Any],
    more: dict[str, Any],
) -> None:
    """What is documented is taken, and what is more is refused before anything is sent, by the name of the field."""
    person = {"person_id": "2001", "name": "Zoë"}
    with pytest.raises(ServiceValidationError) as refused:
        await save(hass, **person | more)
    assert refused.value.translation_key == "invalid_value"
    assert refused.value.translation_placeholders is not None
    assert [refused.value.translation_placeholders["field"]] == [*more]
    assert requests(front, UPLOAD) == []

    assert await save(hass, **person | most) == ["created"]


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"person_id": "2001"}, "name_missing"),
        ({"person_id": "2001", "name": " "}, "name_missing"),
        ({"validity": "always", "valid_from": "2026-01-01"}, "one_validity"),
        ({"valid_from": "2036-01-01"}, "nothing_between"),
        ({"card": 1, "long_card": "1"}, "invalid_value"),
        ({"person_id": ""}, "invalid_value"),
    ],
    ids=str,
)
async def test_what_makes_no_sense(
    hass: HomeAssistant, front: TerminalSimulator, fields: dict[str, Any], key: str
) -> None:
    """It is said before anything is sent."""
    with pytest.raises(ServiceValidationError) as refused:
        await save(hass, **{"person_id": "1004"} | fields)

    assert refused.value.translation_key == key
    assert requests(front, UPLOAD) == []


async def test_two_cards(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """A person has one at most, and that is said with the names that the action has."""
    with pytest.raises(
        ServiceValidationError, match="for card; allowed is none beside a long_card"
    ):
        await save(hass, person_id="1004", card=1, long_card="1")


@pytest.mark.parametrize(
    "fields", [{"role": "boss"}, {"card": "12a"}, {"rule": "x"}, {"device_id": []}]
)
async def test_what_is_no_value(
    hass: HomeAssistant, front: TerminalSimulator, fields: dict[str, Any]
) -> None:
    """The form would not let it through either."""
    with pytest.raises(vol.Invalid):
        await save(hass, **{"person_id": "1004"} | fields)


@pytest.mark.parametrize(
    ("code", "slug"),
    [(code, slug) for code, slug in ERROR_CODES.items() if slug in REFUSALS],
)
async def test_refusals(
    hass: HomeAssistant, front: TerminalSimulator, code: int, slug: str
) -> None:
    """Each documented one is a sentence that tells what to do."""
    with (
        refusing(front, UPLOAD, code),
        pytest.raises(HomeAssistantError) as refused,
    ):
        await save(hass, person_id="1001", name="Amara")

    assert refused.value.translation_key == slug
    assert f"({code})" in str(refused.value)


async def test_a_face_that_is_there(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """It is said whose it is."""
    with (
        refusing(front, UPLOAD, 16, duplicate_id="1005"),
        pytest.raises(HomeAssistantError, match="the ID 1005"),
    ):
        await save(hass, person_id="1001")


async def test_two_terminals(
    hass: HomeAssistant, front: TerminalSimulator, back: TerminalSimulator
) -> None:
    """New at one, known at the other."""
    assert await save(
        hass, device_id=both(hass), person_id="1001", name="Amara O."
    ) == ["updated", "created"]

    assert [terminal.device.people["1001"].name for terminal in (front, back)] == [
        "Amara O."
    ] * 2


async def test_one_of_two_fails(
    hass: HomeAssistant, front: TerminalSimulator, back: TerminalSimulator
) -> None:
    """The other one is done; without an answer it is an error."""
    fields = {"device_id": both(hass), "person_id": "2001", "name": "Zoë"}
    with refusing(front, UPLOAD, 20):
        answer = await perform(hass, "save_person", **fields)
        with pytest.raises(HomeAssistantError) as failed:
            await hass.services.async_call(DOMAIN, "save_person", fields, blocking=True)
    await settle(hass)

    assert answer["complete"] is False
    results = {each["device"]: each for each in answer["terminals"]}
    assert results["Front door"]["result"] == "failed"
    assert "no room" in results["Front door"]["error"]
    assert results["Back door"]["result"] == "created"
    assert failed.value.translation_key == "not_everywhere"
    assert "Front door" in str(failed.value)


@pytest.mark.parametrize("action", ["save_person", "delete_person", "copy_persons"])
async def test_only_administrators(
    hass: HomeAssistant,
    front: TerminalSimulator,
    hass_read_only_user: MockUser,
    action: str,
) -> None:
    """Who may enter is not for everybody to say."""
    fields = {"device_id": device_id(hass), "person_id": "1001"}
    if action == "copy_persons":
        fields["to"] = device_id(hass)
    before = len(front.requests)

    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            action,
            fields,
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )

    assert len(front.requests) == before
