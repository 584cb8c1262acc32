"""A terminal's own voice and its screen, as notifiers."""

import asyncio
from collections.abc import Generator
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from tests.helpers import act, door, set_up, settle, state_of
from tests.simulators.terminal import Options, Quirk, TerminalSimulator
from tests.simulators.terminal.commands import COMMANDS

SPEECH = "notify.front_door_speech"
SCREEN = "notify.front_door_screen_text"
MODULE = "custom_components.thermogate.speaker"


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.fixture
def pauses() -> Generator[list[float]]:
    """Return how long was waited between the pieces of a message, without waiting."""
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    with patch(f"{MODULE}.sleep", wait):
        yield waited


@pytest.fixture
async def front(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> TerminalSimulator:
    """Return the terminal at the front door."""
    await set_up(hass, terminal_entry, Platform.NOTIFY)
    return terminal


async def test_terminal(
    hass: HomeAssistant,
    front: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A terminal can speak and show texts."""
    await snapshot_platform(hass, entity_registry, snapshot, terminal_entry.entry_id)


# Speech


async def test_speech(
    hass: HomeAssistant, front: TerminalSimulator, pauses: list[float]
) -> None:
    """The terminal says what fits at once."""
    text = "a" * 63 + "."
    await act(hass, "notify.send_message", SPEECH, message=text)
    assert front.device.spoken == [text]
    assert pauses == []


async def test_long_speech(
    hass: HomeAssistant, front: TerminalSimulator, pauses: list[float]
) -> None:
    """What is longer goes sentence by sentence, each when the one before has been said."""
    first = "Welcome, and please put on a mask before you come in."
    second = "Somebody will be with you\nin a minute."
    await act(hass, "notify.send_message", SPEECH, message=f"{first} {second}")
    assert front.device.spoken == [first, second.replace("\n", " ")]
    assert pauses == [pytest.approx(len(first) * 0.12)]


async def test_the_longest_speech(
    hass: HomeAssistant, front: TerminalSimulator, pauses: list[float]
) -> None:
    """Ten pieces are said."""
    await act(hass, "notify.send_message", SPEECH, message="a" * 640)
    assert front.device.spoken == ["a" * 64] * 10


@pytest.mark.parametrize(
    ("message", "key"),
    [("a" * 641, "speech_too_long"), (" \n", "nothing_to_say"), ("", "nothing_to_say")],
)
async def test_what_cannot_be_said(
    hass: HomeAssistant, front: TerminalSimulator, message: str, key: str
) -> None:
    """Nothing of it is."""
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "notify.send_message", SPEECH, message=message)
    assert raised.value.translation_key == key
    assert front.device.spoken == []


async def test_nobody_speaks_in_between(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Two messages at a time are said one after the other."""
    with patch(f"{MODULE}.SECONDS_PER_COLUMN", 0.0001):
        await asyncio.gather(
            *(
                act(hass, "notify.send_message", SPEECH, message=letter * 65)
                for letter in "ab"
            )
        )
    assert front.device.spoken in (
        ["a" * 64, "a", "b" * 64, "b"],
        ["b" * 64, "b", "a" * 64, "a"],
    )


async def test_without_a_licence(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """It is said what to do instead."""
    front.device.options.quirks.add(Quirk.NO_TTS_LICENCE)
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "notify.send_message", SPEECH, message="Welcome")
    assert raised.value.translation_key == "not_licensed"


# The screen


async def test_a_text_on_the_screen(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Title and message stand below each other, in lines that fit."""
    await act(
        hass,
        "notify.send_message",
        SCREEN,
        title="Visitors",
        message="Please ring the bell and wait.\n\n测温",
    )
    assert [(shown["text"], shown["position"]) for shown in front.device.shown] == [
        ("Visitors", {"x": 0, "y": 100}),
        ("Please ring the bell and", {"x": 0, "y": 175}),
        ("wait.", {"x": 0, "y": 250}),
        ("测温", {"x": 0, "y": 325}),
    ]
    assert {shown["alive_time"] for shown in front.device.shown} == {10_000}
    assert {shown["font_size"] for shown in front.device.shown} == {60}


@pytest.mark.parametrize(
    ("message", "lines"), [("a" * 24, 1), ("a" * 25, 2), ("a\n" * 8, 8)]
)
async def test_how_much_fits(
    hass: HomeAssistant, front: TerminalSimulator, message: str, lines: int
) -> None:
    """Lines of 24 letters, and eight of them."""
    await act(hass, "notify.send_message", SCREEN, message=message)
    assert len(front.device.shown) == lines


@pytest.mark.parametrize(
    ("message", "key"),
    [("a\n" * 9, "message_too_long"), (" ", "nothing_to_say")],
)
async def test_what_cannot_be_shown(
    hass: HomeAssistant, front: TerminalSimulator, message: str, key: str
) -> None:
    """Nothing of it is."""
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, "notify.send_message", SCREEN, message=message)
    assert raised.value.translation_key == key
    assert front.device.shown == []


async def test_a_firmware_without_it(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Once it has said so, it is not offered any more."""
    lacking = {"tts play", "text display"}
    known = {name: each for name, each in COMMANDS.items() if name not in lacking}
    with (
        patch("tests.simulators.terminal.simulator.COMMANDS", known),
        patch("custom_components.thermogate.PLATFORMS", [Platform.NOTIFY]),
    ):
        for entity_id in (SPEECH, SCREEN):
            with pytest.raises(HomeAssistantError):
                await act(hass, "notify.send_message", entity_id, message="Welcome")
            await settle(hass)
            assert state_of(hass, entity_id) == "unavailable"
