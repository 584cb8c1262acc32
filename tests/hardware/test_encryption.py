"""Whether a terminal encrypts whom it tells of."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from tests.helpers import door, settle, state_of
from tests.persons.house import perform, requests
from tests.simulators.terminal import Quirk, TerminalSimulator

SHOWN = "binary_sensor.front_door_encryption"
KEY = "12345"
LONGEST = "ä" * 8


def key(text: str) -> bytes:
    """Return a key as the terminal keeps it."""
    return text.encode().ljust(16, b"\0")


async def test_it_is_switched_on_and_off(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """With the key that the terminal has, which stays."""
    assert state_of(hass, SHOWN) == "off"
    for enable, shown in ((True, "on"), (False, "off")):
        answer = await perform(hass, "set_encryption", current_key=KEY, enable=enable)
        assert answer["complete"]
        assert front.device.aes_enabled is enable
        assert front.device.aes_key == key(KEY)
        assert state_of(hass, SHOWN) == shown


@pytest.mark.parametrize("terminal_options", [door(Quirk.AES_WITHOUT_REPLY)])
async def test_an_answer_as_the_document_prints_it(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """It does not say that it is one."""
    await perform(hass, "set_encryption", current_key=KEY, enable=True)
    assert state_of(hass, SHOWN) == "on"


@pytest.mark.parametrize("new", ["x", LONGEST, "sixteen letters!"])
async def test_another_key(
    hass: HomeAssistant, front: TerminalSimulator, new: str
) -> None:
    """Of up to 16 bytes; the next time it is the one that counts."""
    await perform(hass, "set_encryption", current_key=KEY, new_key=new)
    assert front.device.aes_key == key(new)
    assert front.device.aes_enabled is False
    await perform(hass, "set_encryption", current_key=new, enable=True)
    assert front.device.aes_enabled is True


@pytest.mark.parametrize(
    "fields",
    [
        {"current_key": ""},
        {"current_key": LONGEST + "x"},
        {"new_key": ""},
        {"new_key": LONGEST + "x"},
        {"new_key": "\ud800"},
    ],
)
async def test_a_key_that_does_not_fit(
    hass: HomeAssistant, front: TerminalSimulator, fields: dict[str, Any]
) -> None:
    """By one byte is too much; the refusal does not show it."""
    with pytest.raises(vol.Invalid) as refused:
        await perform(
            hass, "set_encryption", **{"current_key": KEY, "enable": True} | fields
        )
    assert LONGEST not in str(refused.value)
    assert requests(front, "updata aes") == []


async def test_the_wrong_key(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """Nothing is changed, and it is said why."""
    with pytest.raises(HomeAssistantError) as raised:
        await perform(hass, "set_encryption", current_key="54321", enable=True)
    assert raised.value.translation_key == "wrong_key"
    assert front.device.aes_enabled is False


async def test_nothing_to_change(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """The present key alone changes nothing."""
    with pytest.raises(ServiceValidationError) as refused:
        await perform(hass, "set_encryption", current_key=KEY)
    assert refused.value.translation_key == "nothing_to_change"


async def test_keys_are_not_kept(
    hass: HomeAssistant,
    front: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither with the entry, nor in what we log."""
    await perform(hass, "set_encryption", current_key=KEY, new_key="geheim-7")
    await settle(hass)
    assert "geheim-7" not in str(terminal_entry.as_dict())
    assert not [
        record
        for record in caplog.records
        if record.name.startswith("custom_components")
        and "geheim-7" in record.getMessage()
    ]
