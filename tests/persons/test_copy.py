"""Copying people from one terminal to others."""

import asyncio
from dataclasses import replace
from io import BytesIO
from typing import Any
from unittest.mock import patch

from PIL import Image
import pytest
import voluptuous as vol

from custom_components.thermogate.actions import person_targets
from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.facegate import (
    FaceGateClient,
    FaceGateConnectionError,
    FaceGateTimeoutError,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from tests.helpers import state_of
from tests.simulators.terminal import TerminalSimulator
from tests.simulators.terminal.people import Person

from .house import BACK, device_id, perform, refusing, requests

UPLOAD = "upload person"


async def copy(hass: HomeAssistant, **fields: Any) -> dict[str, Any]:
    """Return what came of it at the back door."""
    answer = await perform(
        hass, "copy_persons", **{"to": device_id(hass, BACK)} | fields
    )
    [terminal] = answer["terminals"]
    assert answer["complete"] is (terminal["failed"] == 0)
    return dict(terminal)


def results(terminal: dict[str, Any]) -> dict[str, str]:
    """Return what came of each person."""
    return {person["person_id"]: person["result"] for person in terminal["persons"]}


async def test_everybody(
    hass: HomeAssistant, front: TerminalSimulator, back: TerminalSimulator
) -> None:
    """With picture, cards, role, rule, validity and text; nobody else changes."""
    before = dict(front.device.people)

    terminal = await copy(hass)

    assert (terminal["copied"], terminal["failed"]) == (6, 0)
    for person_id, person in before.items():
        copied = back.device.people[person_id]
        assert replace(copied, sex=person.sex, age=person.age, customer_text="") == (
            replace(person, customer_text="")
        )
        assert copied.customer_text.strip() == person.customer_text
    assert front.device.people == before
    assert state_of(hass, "sensor.back_door_registered_persons") == "6"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"role": "blocked"}, {"1006": "copied"}),
        (
            {"person_id": ["1003", "9999", "1003"]},
            {"1003": "copied", "9999": "not_registered"},
        ),
        (
            {"person_id": ["1003", "1006"], "role": "allowed"},
            {"1003": "copied", "1006": "not_registered"},
        ),
    ],
    ids=str,
)
async def test_some(
    hass: HomeAssistant,
    front: TerminalSimulator,
    back: TerminalSimulator,
    fields: dict[str, Any],
    expected: dict[str, str],
) -> None:
    """Those named, those of a role, or both."""
    assert results(await copy(hass, **fields)) == expected

    assert sorted(back.device.people) == [
        person_id for person_id in sorted(expected) if expected[person_id] == "copied"
    ]


async def test_who_is_there_already(
    hass: HomeAssistant, front: TerminalSimulator, back: TerminalSimulator
) -> None:
    """The same ID may be somebody else's: they are left alone unless that is asked for."""
    back.device.people["1001"] = Person("1001", "Somebody else")

    skipped = await copy(hass, person_id="1001")
    assert skipped["persons"] == [
        {"person_id": "1001", "name": "Somebody else", "result": "already_registered"}
    ]
    assert back.device.people["1001"].name == "Somebody else"

    assert results(await copy(hass, person_id="1001", overwrite=True)) == {
        "1001": "copied"
    }
    assert back.device.people["1001"].name == "Amara Okafor"


async def test_nobody(
    hass: HomeAssistant, front: TerminalSimulator, back: TerminalSimulator
) -> None:
    """A list that a template has left empty means nobody, and not everybody: at the other door they would all be let in."""
    with pytest.raises(vol.Invalid):
        await copy(hass, person_id=[])

    assert back.device.people == {}


async def test_a_normal_person_stays_one(
    hass: HomeAssistant, front: TerminalSimulator, back: TerminalSimulator
) -> None:
    """Nobody gets more rights by being copied."""
    front.device.people["1001"] = replace(front.device.people["1001"], role=0)

    await copy(hass, person_id="1001")

    assert back.device.people["1001"].role == 0


async def test_a_person_of_unknown_role_stays_where_they_are(
    hass: HomeAssistant, front: TerminalSimulator, back: TerminalSimulator
) -> None:
    """Without a role the other door would let them in."""
    front.device.people["1001"] = replace(front.device.people["1001"], role=7)

    terminal = await copy(hass, person_id="1001")

    assert results(terminal) == {"1001": "failed"}
    assert "with a role" in terminal["persons"][0]["error"]
    assert not back.device.people


async def test_a_large_picture(
    hass: HomeAssistant, front: TerminalSimulator, back: TerminalSimulator
) -> None:
    """It is made to fit; one that is broken costs that person only."""
    amara = front.device.people["1001"]
    with Image.open(BytesIO(amara.picture)) as portrait:
        written = BytesIO()
        portrait.resize((960, 1200)).save(written, "PNG")
    front.device.people["1001"] = replace(amara, picture=written.getvalue())
    front.device.people["1002"] = replace(
        front.device.people["1002"], picture=written.getvalue()[:-1000]
    )

    terminal = await copy(hass, person_id=["1001", "1002", "1003"])

    assert results(terminal) == {"1001": "copied", "1002": "failed", "1003": "copied"}
    with Image.open(BytesIO(back.device.people["1001"].picture)) as copied:
        assert (copied.format, copied.size) == ("JPEG", (640, 800))


async def test_what_a_terminal_refuses(
    hass: HomeAssistant, front: TerminalSimulator, back: TerminalSimulator
) -> None:
    """Each person has a result of their own; where nobody takes it, it is an error."""
    with refusing(back, UPLOAD, 20):
        terminal = await copy(hass, person_id=["1001", "1002"])
        with pytest.raises(HomeAssistantError, match="Back door: 6") as failed:
            await hass.services.async_call(
                DOMAIN,
                "copy_persons",
                {"device_id": device_id(hass), "to": device_id(hass, BACK)},
                blocking=True,
            )

    assert results(terminal) == {"1001": "failed", "1002": "failed"}
    assert "no room" in terminal["persons"][0]["error"]
    assert failed.value.translation_key == "not_all_copied"


@pytest.mark.parametrize(
    "error", [FaceGateConnectionError("gone"), FaceGateTimeoutError("late")]
)
async def test_an_interruption(
    hass: HomeAssistant,
    front: TerminalSimulator,
    back: TerminalSimulator,
    error: Exception,
) -> None:
    """What is lost in the middle is tried once more."""
    request = FaceGateClient.request
    lost = {UPLOAD, "request persons"}

    async def unsteady(client: Any, command: Any, /, **values: Any) -> Any:
        if command.wire in lost:
            lost.remove(command.wire)
            raise error
        return await request(client, command, **values)

    with patch.object(FaceGateClient, "request", unsteady):
        terminal = await copy(hass)

    assert lost == set()
    assert terminal["copied"] == 6


async def test_a_terminal_that_is_gone(
    hass: HomeAssistant, front: TerminalSimulator, back: TerminalSimulator
) -> None:
    """It is given up after a third try: nobody waits for it person by person."""
    request = FaceGateClient.request
    tries = []

    async def lost(client: Any, command: Any, /, **values: Any) -> Any:
        if command.wire == UPLOAD:
            tries.append(values["id"])
            raise FaceGateTimeoutError("late")
        return await request(client, command, **values)

    with patch.object(FaceGateClient, "request", lost):
        terminal = await copy(hass)

    assert tries == ["1001"] * 3
    assert set(results(terminal).values()) == {"failed"}
    assert terminal["failed"] == 6


async def test_a_terminal_that_does_not_come_back(
    hass: HomeAssistant, front: TerminalSimulator, back: TerminalSimulator
) -> None:
    """The wait for it ends."""
    entry = next(
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.unique_id == BACK
    )

    async def gone(*_: Any, **__: Any) -> None:
        entry.runtime_data.async_change(online=False)
        raise FaceGateConnectionError("gone")

    with (
        patch.object(entry.runtime_data.client, "request", gone),
        patch.object(person_targets, "RETURN_TIMEOUT", 0.01),
    ):
        terminal = await copy(hass)

    assert set(results(terminal).values()) == {"failed"}
    assert requests(back, UPLOAD) == []


async def test_one_request_at_a_time(
    hass: HomeAssistant, front: TerminalSimulator, back: TerminalSimulator
) -> None:
    """Also while somebody else asks: terminals do not bear more."""
    exchange = vars(FaceGateClient)["_exchange"]
    busy: set[int] = set()

    async def watched(client: Any, *args: Any) -> Any:
        assert id(client) not in busy
        busy.add(id(client))
        try:
            return await exchange(client, *args)
        finally:
            busy.discard(id(client))

    with patch.object(FaceGateClient, "_exchange", watched):
        terminal, _ = await asyncio.gather(copy(hass), perform(hass, "list_persons"))

    assert terminal["copied"] == 6


async def test_onto_itself(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """That would be a slip."""
    with pytest.raises(ServiceValidationError) as refused:
        await perform(hass, "copy_persons", to=device_id(hass))

    assert refused.value.translation_key == "copy_onto_itself"


async def test_a_source_that_does_not_tell(
    hass: HomeAssistant, front: TerminalSimulator, back: TerminalSimulator
) -> None:
    """There is nobody to copy: the reason is the answer."""
    with refusing(front, "request persons", 24), pytest.raises(HomeAssistantError):
        await copy(hass)
    with refusing(front, "request persons", 24):
        terminal = await copy(hass, person_id="1001")
    assert results(terminal) == {"1001": "failed"}

    with refusing(back, "request persons", 24):
        terminal = await copy(hass)
    assert set(results(terminal).values()) == {"failed"}
