"""Listing people, getting one, and how many there are."""

from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
import voluptuous as vol

from custom_components.thermogate.actions import persons as actions
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
from tests.helpers import set_up, settle, state_of
from tests.simulators.camera import CameraSimulator
from tests.simulators.terminal import TerminalSimulator

from .house import COUNT, PLATFORMS, device_id, perform, refusing

EVERYBODY = ["1001", "1002", "1003", "1004", "1005", "1006"]


async def listed(hass: HomeAssistant, **fields: Any) -> list[str]:
    """Return the IDs of who is found."""
    answer = await perform(hass, "list_persons", **fields)
    return [person["person_id"] for person in answer["persons"]]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, EVERYBODY),
        ({"person_id": "1002"}, ["1002"]),
        ({"person_id": "", "name": ""}, EVERYBODY),
        ({"name": "Amara Okafor"}, ["1001"]),
        ({"name": "ama"}, []),
        ({"name": "ama", "partial": True}, []),
        ({"name": "Oka", "partial": True}, ["1001"]),
        ({"role": "blocked"}, ["1006"]),
        ({"card": "5210331"}, ["1001"]),
        ({"long_card": "88012345678901"}, ["1003"]),
        ({"valid_from_after": "2023-12-31 23:59:59"}, ["1004"]),
        ({"valid_from_before": "2023-12-31 23:59:59"}, []),
        (
            {"valid_until_after": "2035-12-31 23:59:59"},
            ["1001", "1002", "1003", "1004", "1005"],
        ),
        (
            {"valid_until_after": "2036-01-01 00:00:00"},
            ["1001", "1002", "1003", "1005"],
        ),
        ({"valid_until_before": "2035-12-31 23:59:58"}, ["1006"]),
        ({"valid_until_before": "2035-12-31 23:59:59"}, ["1004", "1006"]),
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
    assert await listed(hass, **fields) == found


async def test_everything_of_a_person(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Times are the terminal's own, cards text; no picture unless asked for."""
    assert await perform(hass, "get_person", person_id=" 1004 ") == {
        "person": {
            "person_id": "1004",
            "name": "Yusuf Demir",
            "role": "allowed",
            "rule": 0,
            "card": None,
            "long_card": None,
            "valid_from": "2024-01-01 00:00:00",
            "valid_until": "2035-12-31 23:59:59",
            "customer_text": "contractor",
        }
    }


async def test_a_card_of_64_bits(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """It is text: a browser would round it."""
    front.device.people["1003"] = replace(
        front.device.people["1003"], long_card_id=2**64 - 1
    )

    answer = await perform(hass, "get_person", person_id="1003")

    assert answer["person"]["long_card"] == "18446744073709551615"


async def test_the_picture(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """It is the registered one, in base64."""
    answer = await perform(hass, "get_person", person_id="1001", pictures=True)

    picture = answer["person"]["picture"]
    assert picture["content_type"] == "image/jpeg"
    assert b64decode(picture["data"]) == front.device.people["1001"].picture


async def test_nobody(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """It is no error that somebody is not there."""
    assert await perform(hass, "get_person", person_id="9999") == {"person": None}
    assert await perform(hass, "list_persons", name="Nobody") == {
        "persons": [],
        "complete": True,
    }


@pytest.mark.parametrize(
    ("limit", "complete"), [(5, False), (6, True), (7, True)], ids=str
)
async def test_a_limit(
    hass: HomeAssistant, front: TerminalSimulator, limit: int, complete: bool
) -> None:
    """The answer tells whether somebody is left out."""
    answer = await perform(hass, "list_persons", limit=limit)

    assert len(answer["persons"]) == min(limit, 6)
    assert answer["complete"] is complete


async def test_pictures_have_a_limit_of_their_own(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Thousands would not fit into memory."""
    with patch.object(actions, "MAX_PICTURED", 2):
        answer = await perform(hass, "list_persons", pictures=True, limit=6)

    assert ["picture" in person for person in answer["persons"]] == [True, True]
    assert answer["complete"] is False


async def test_many_people(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """Nobody has to know of pages."""
    amara = front.device.people["1001"]
    front.device.people = {
        str(number): replace(amara, id=str(number)) for number in range(45)
    }

    assert await listed(hass) == [str(number) for number in range(45)]


@pytest.mark.parametrize(
    "card", ["-1", "1.5", "x", "9" * 21, 1.5, True, "\u0661"], ids=str
)
async def test_what_is_no_card(
    hass: HomeAssistant, front: TerminalSimulator, card: Any
) -> None:
    """It is refused before the terminal is asked."""
    with pytest.raises(vol.Invalid):
        await listed(hass, card=card)


@pytest.mark.parametrize(
    "fields",
    [
        {"card": 2**32},
        {"long_card": str(2**63)},
        {"person_id": "x" * 20},
        {"card": "1", "partial": True},
    ],
    ids=str,
)
async def test_what_no_terminal_takes(
    hass: HomeAssistant, front: TerminalSimulator, fields: dict[str, Any]
) -> None:
    """It is said which field, and what is allowed."""
    with pytest.raises(ServiceValidationError) as refused:
        await listed(hass, **fields)

    assert refused.value.translation_key == "invalid_value"
    assert refused.value.translation_placeholders is not None
    assert refused.value.translation_placeholders["field"] in fields


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"card": "1", "partial": True},
            "1 is not possible for card; allowed is none where parts are enough",
        ),
        (
            {"card": "1", "long_card": "2"},
            "1 is not possible for card; allowed is none beside a long_card",
        ),
    ],
    ids=str,
)
async def test_what_does_not_go_together(
    hass: HomeAssistant,
    front: TerminalSimulator,
    fields: dict[str, Any],
    sentence: str,
) -> None:
    """It is said in a sentence, with the names that the action has."""
    with pytest.raises(ServiceValidationError) as refused:
        await listed(hass, **fields)

    assert str(refused.value) == sentence


@pytest.mark.parametrize("action", ["list_persons", "get_person"])
async def test_a_terminal_that_is_off(
    hass: HomeAssistant,
    front: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    action: str,
) -> None:
    """Nobody waits for it."""
    terminal_entry.runtime_data.async_change(online=False)
    fields = {"person_id": "1001"}

    with pytest.raises(HomeAssistantError) as failed:
        await perform(hass, action, **fields)
    assert failed.value.translation_key == "terminal_off"

    chosen = device_id(hass)
    await hass.config_entries.async_unload(terminal_entry.entry_id)
    with pytest.raises(ServiceValidationError) as refused:
        await perform(hass, action, **fields, device_id=chosen)
    assert refused.value.translation_key == "not_running"


async def test_a_camera_knows_nobody(
    hass: HomeAssistant,
    front: TerminalSimulator,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
) -> None:
    """Only terminals do."""
    await set_up(hass, camera_entry, *PLATFORMS)

    with pytest.raises(ServiceValidationError) as refused:
        await perform(
            hass, "list_persons", device_id=device_id(hass, camera.options.serial)
        )
    assert refused.value.translation_key == "no_terminal"

    with pytest.raises(ServiceValidationError) as refused:
        await perform(hass, "list_persons", device_id="made up")
    assert refused.value.translation_key == "unknown_device"


async def test_the_count(
    hass: HomeAssistant, front: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """It follows what is changed here at once, and what is changed at the terminal within the hour."""
    assert state_of(hass, COUNT) == "6"

    await perform(hass, "delete_person", person_id="1001")
    assert state_of(hass, COUNT) == "5"

    del front.device.people["1002"]
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=61))
    await settle(hass)
    assert state_of(hass, COUNT) == "4"


async def test_a_terminal_that_does_not_count(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What is not known is not made up, and a firmware without the command has no such sensor."""
    with refusing(terminal, "request persons", 24):
        await set_up(hass, terminal_entry, *PLATFORMS)
    assert state_of(hass, COUNT) == STATE_UNKNOWN

    with refusing(terminal, "request persons", 2):
        assert await hass.config_entries.async_reload(terminal_entry.entry_id)
        await settle(hass)
        assert state_of(hass, COUNT) in {None, "unavailable"}
