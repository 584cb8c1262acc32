"""What the tests of the platforms and coordinators do all the time."""

import asyncio
from typing import Any
from unittest.mock import patch

from freezegun import freeze_time
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.components.media_player import MediaPlayerEntityFeature
from homeassistant.const import ATTR_ENTITY_ID, Platform
from homeassistant.core import HomeAssistant
from tests.simulators.terminal import (
    CaptureSent,
    Options,
    Quirk,
    TerminalSimulator,
    Wishes,
)

SERIAL = "0123F6-DEFAB2-4D65EE"
SPEAKER = "media_player.front_door_speaker"


def door(*quirks: Quirk, **changes: Any) -> Options:
    """Return the options of a terminal in Home Assistant's time zone that says nothing unasked."""
    quiet: dict[str, Any] = {
        "serial": SERIAL,
        "seed": 1,
        "time_zone": "US/Pacific",
        "heartbeat_seconds": 0,
        "resend_seconds": 3600,
        "closeup_kilobytes": 4,
        "scene_kilobytes": 8,
    }
    return Options(**quiet | {"quirks": set(quirks)} | changes)


# An hour after the noon of the fixture `clock`.
ONE = "2026-06-15T20:00:00Z"


async def settle(hass: HomeAssistant) -> None:
    """Wait until Home Assistant has nothing left to do, what runs beside included."""
    await hass.async_block_till_done(wait_background_tasks=True)


async def set_up(
    hass: HomeAssistant, entry: MockConfigEntry, *platforms: Platform
) -> None:
    """Set up a device with only these platforms, or all."""
    if not platforms:
        assert await hass.config_entries.async_setup(entry.entry_id)
    else:
        with patch("custom_components.thermogate.PLATFORMS", list(platforms)):
            assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)


async def capture(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    kind: str = "known",
    **wishes: Any,
) -> CaptureSent:
    """Let somebody stand before the terminal, and Home Assistant finish with it."""
    sent = await terminal.capture(kind, Wishes(**wishes))
    await settle(hass)
    return sent


async def capture_at_one(
    hass: HomeAssistant, terminal: TerminalSimulator, kind: str = "known", **wishes: Any
) -> CaptureSent:
    """Let somebody stand before the terminal at a moment that is the same in every run, after the `clock`'s noon."""
    with freeze_time(ONE):
        return await capture(hass, terminal, kind, **wishes)


async def passes(hass: HomeAssistant) -> None:
    """Let the timers that are due run, and Home Assistant finish with it."""
    await asyncio.sleep(0.01)
    await settle(hass)


def state_of(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the state of an entity, None when there is none."""
    state = hass.states.get(entity_id)
    return None if state is None else state.state


def attributes_of(hass: HomeAssistant, entity_id: str) -> dict[str, Any]:
    """Return the attributes of an entity that is there."""
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return dict(state.attributes)


def volume_of(hass: HomeAssistant) -> float | None:
    """Return how loud the terminal at the front door is shown to be, from 0 to 1; None while that is not known."""
    volume: float | None = attributes_of(hass, SPEAKER).get("volume_level")
    return volume


def has_volume(hass: HomeAssistant) -> bool:
    """Return whether the terminal at the front door offers to be louder or quieter."""
    features = attributes_of(hass, SPEAKER)["supported_features"]
    return bool(features & MediaPlayerEntityFeature.VOLUME_SET)


async def act(hass: HomeAssistant, action: str, entity_id: str, **data: Any) -> None:
    """Perform an action such as `button.press` on an entity."""
    domain, name = action.split(".")
    await hass.services.async_call(
        domain, name, {ATTR_ENTITY_ID: entity_id, **data}, blocking=True
    )
