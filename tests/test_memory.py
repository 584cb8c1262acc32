"""What is remembered about a terminal across restarts."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.thermogate.coordinator import memory
from custom_components.thermogate.coordinator.memory import (
    TerminalMemory,
    async_known_signatures,
)
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant

KEY = "thermogate.the_entry"


async def test_what_was_stored_is_known(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """After a restart everything is as before."""
    before = TerminalMemory(hass, "the_entry")
    before.async_learn(
        answers=True,
        unsupported=frozenset({"snapshot"}),
        firmware="3.1",
        signature="0123F6",
        settings=frozenset({"match_score"}),
        has_mobile=True,
        tells_zone=True,
        keep_clock=True,
        app_version="0.10.2",
        answer_signature="9999EE",
    )
    await before.async_flush()
    assert hass_storage[KEY]["data"] == {
        "answers": True,
        "unsupported": ["snapshot"],
        "firmware": "3.1",
        "signature": "0123F6",
        "settings": ["match_score"],
        "has_mobile": True,
        "tells_zone": True,
        "keep_clock": True,
        "app_version": "0.10.2",
        "answer_signature": "9999EE",
    }

    after = TerminalMemory(hass, "the_entry")
    await after.async_load()
    assert (after.answers, after.unsupported, after.firmware, after.signature) == (
        True,
        {"snapshot"},
        "3.1",
        "0123F6",
    )
    assert after.settings == {"match_score"}
    assert (after.has_mobile, after.tells_zone, after.keep_clock) == (True, True, True)
    assert after.app_version == "0.10.2"
    assert after.answer_signature == "9999EE"
    assert await async_known_signatures(hass, "the_entry") == {"0123F6", "9999EE"}
    assert await async_known_signatures(hass, "another") == set()


async def test_what_an_older_version_stored_is_known(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """It did not know of settings."""
    hass_storage[KEY] = {
        "version": 1,
        "minor_version": 1,
        "key": KEY,
        "data": {
            "answers": True,
            "unsupported": [],
            "firmware": "3.1",
            "signature": "",
        },
    }
    after = TerminalMemory(hass, "the_entry")
    await after.async_load()
    assert (after.firmware, after.settings) == ("3.1", frozenset())
    assert after.app_version == ""


async def test_only_news_are_news(hass: HomeAssistant) -> None:
    """A fact that was known changes nothing."""
    remembered = TerminalMemory(hass, "the_entry")
    assert not remembered.async_learn(answers=False)
    assert remembered.async_learn(answers=True)
    assert not remembered.async_learn(answers=True)
    await remembered.async_flush()


async def test_news_do_not_put_off_the_writing(
    hass: HomeAssistant, hass_storage: dict[str, Any], freezer: FrozenDateTimeFactory
) -> None:
    """What is learned piece by piece is written once a second all the same."""
    remembered = TerminalMemory(hass, "the_entry")
    for number in range(4):
        remembered.async_learn(firmware=str(number))
        freezer.tick(memory.SAVE_DELAY / 2)
        async_fire_time_changed(hass)
        await hass.async_block_till_done()
    assert KEY in hass_storage
    await remembered.async_flush()


async def test_nothing_is_written_for_nothing(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """What did not change stays on disk as it is."""
    remembered = TerminalMemory(hass, "the_entry")
    await remembered.async_load()
    await remembered.async_flush()
    assert KEY not in hass_storage


async def test_home_assistant_stops(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """What is not written yet is written before the end."""
    remembered = TerminalMemory(hass, "the_entry")
    remembered.async_learn(firmware="3.1")
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    assert hass_storage[KEY]["data"]["firmware"] == "3.1"


async def test_everything_can_be_forgotten(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """A terminal that is removed leaves no file."""
    remembered = TerminalMemory(hass, "the_entry")
    remembered.async_learn(firmware="3.1")
    await remembered.async_flush()
    await remembered.async_remove()
    assert KEY not in hass_storage
