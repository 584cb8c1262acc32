"""Deleting one person, or many when that is confirmed."""

from typing import Any

import pytest
import voluptuous as vol

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from tests.helpers import state_of
from tests.simulators.terminal import TerminalSimulator

from .house import COUNT, both, perform, refusing, requests

DELETE = "delete person(s)"


async def delete(hass: HomeAssistant, **fields: Any) -> list[str]:
    """Return what came of it at each terminal."""
    answer = await perform(hass, "delete_person", **fields)
    return [terminal["result"] for terminal in answer["terminals"]]


async def test_one_person(
    hass: HomeAssistant, front: TerminalSimulator, back: TerminalSimulator
) -> None:
    """At both terminals, though only one knows them."""
    assert await delete(hass, device_id=both(hass), person_id="1001") == [
        "deleted",
        "not_registered",
    ]

    assert "1001" not in front.device.people
    assert len(front.device.people) == 5
    assert [sent["flag"] for sent in requests(front, DELETE)] == [-1]


@pytest.mark.parametrize(
    ("role", "left"),
    [("allowed", 1), ("blocked", 5), ("normal", 6), ("all", 0)],
)
async def test_everybody_of_a_role(
    hass: HomeAssistant, front: TerminalSimulator, role: str, left: int
) -> None:
    """Once it is confirmed."""
    with pytest.raises(ServiceValidationError) as refused:
        await delete(hass, role=role)
    assert refused.value.translation_key == "not_confirmed"
    assert requests(front, DELETE) == []

    assert await delete(hass, role=role, confirm=True) == ["deleted"]
    assert len(front.device.people) == left
    assert state_of(hass, COUNT) == str(left)


async def test_nobody_named(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """Confirmed or not, that is not everybody."""
    with pytest.raises(ServiceValidationError) as refused:
        await delete(hass, confirm=True)

    assert refused.value.translation_key == "nobody_to_delete"


@pytest.mark.parametrize(
    "fields",
    [
        {"person_id": " ", "confirm": True},
        {"person_id": "1001", "role": "all", "confirm": True},
        {"role": "everybody", "confirm": True},
    ],
    ids=str,
)
async def test_what_is_not_clear(
    hass: HomeAssistant, front: TerminalSimulator, fields: dict[str, Any]
) -> None:
    """Nobody is deleted."""
    with pytest.raises(vol.Invalid):
        await delete(hass, **fields)

    assert requests(front, DELETE) == []


async def test_a_refusal(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """The only terminal that is asked says no."""
    with refusing(front, DELETE, 23), pytest.raises(HomeAssistantError) as refused:
        await delete(hass, person_id="1001")

    assert refused.value.translation_key == "write_failed"
