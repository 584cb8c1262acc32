"""A card that is held to the terminal is a tag that is scanned, where that is wanted."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from tests.helpers import capture, door, set_up, settle
from tests.simulators.terminal import Options, TerminalSimulator
from tests.simulators.terminal.settings import Values

SCANNED = "tag_scanned"


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


async def scanning(hass: HomeAssistant, entry: MockConfigEntry) -> list[Any]:
    """Set up a terminal whose cards are tags; returns what is scanned."""
    hass.config_entries.async_update_entry(entry, options={"scan_tags": True})
    await set_up(hass, entry, Platform.EVENT)
    return async_capture_events(hass, SCANNED)


@pytest.mark.parametrize(
    ("person", "card"),
    [("Mateo Alvarez", "5210332"), ("Linh Nguyen", "88012345678901")],
)
async def test_a_card_is_a_tag(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    person: str,
    card: str,
) -> None:
    """By its number, long or short, at this device."""
    scanned = await scanning(hass, terminal_entry)
    await capture(hass, terminal, "card", person=person)
    (event,) = scanned
    assert event.data["tag_id"] == card
    assert event.data["device_id"] == terminal_entry.runtime_data.device_id is not None


async def test_a_card_that_nobody_registered_is_a_tag_too(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """That is how people find out the number of a new one."""
    scanned = await scanning(hass, terminal_entry)
    sent = await capture(hass, terminal, "badcard")
    (event,) = scanned
    person = sent.message["person"]
    assert isinstance(person, dict)
    assert event.data["tag_id"] == str(person["wg_card_id"])


@pytest.mark.parametrize("kind", ["known", "stranger", "idcard", "qr"])
async def test_who_holds_no_card_scans_nothing(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    kind: str,
) -> None:
    """Also if a card is registered for that face."""
    scanned = await scanning(hass, terminal_entry)
    wishes = {"person": "Mateo Alvarez"} if kind in {"known", "idcard"} else {}
    await capture(hass, terminal, kind, **wishes)
    assert scanned == []


@pytest.mark.parametrize(("score", "times"), [(0, 1), (90, 0)])
async def test_firmware_that_does_not_tell_the_means(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    score: int,
    times: int,
) -> None:
    """Tells at least whether it compared faces."""

    def change(message: Values) -> None:
        match = message["match"]
        assert isinstance(match, dict)
        del match["match_type"]
        message["match_result"] = score

    scanned = await scanning(hass, terminal_entry)
    await terminal.capture("card", change=change)
    await settle(hass)
    assert len(scanned) == times


async def test_only_what_happens_now_and_once(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Neither what comes late nor what comes again."""
    scanned = await scanning(hass, terminal_entry)
    await terminal.capture("card", change=lambda message: message.update(is_realtime=0))
    await settle(hass)
    assert scanned == []
    sent = await capture(hass, terminal, "card")
    terminal.send_capture(sent)
    await settle(hass)
    assert len(scanned) == 1


async def test_by_default_cards_are_no_tags(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Home Assistant would make a tag of every visitor's card."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    scanned = async_capture_events(hass, SCANNED)
    await capture(hass, terminal, "card")
    assert scanned == []
