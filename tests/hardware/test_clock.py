"""A terminal's clock: how wrong it is, and keeping it right."""

from datetime import timedelta

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from tests.helpers import act, capture, door, set_up, settle, state_of
from tests.persons.house import refusing, requests
from tests.simulators.terminal import Quirk, TerminalSimulator

from .conftest import PLATFORMS

DRIFT = "sensor.front_door_clock_drift"
KEEP = "switch.front_door_keep_clock_right"
SET = "update date time"


async def later(
    hass: HomeAssistant, clock: TickingDateTimeFactory, **passed: float
) -> None:
    """Let time pass."""
    clock.tick(timedelta(**passed))
    async_fire_time_changed(hass)
    await settle(hass)


def drift(hass: HomeAssistant) -> int:
    """Return how far the terminal is ahead, in seconds."""
    state = state_of(hass, DRIFT)
    assert state is not None
    return int(state)


@pytest.mark.parametrize("seconds", [0, 3, -3, 3600, -86_400])
async def test_how_wrong_it_is(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    seconds: int,
) -> None:
    """To about a second."""
    terminal.device.clock_offset = timedelta(seconds=seconds)
    await set_up(hass, terminal_entry, *PLATFORMS)
    assert abs(drift(hass) - seconds) <= 1


async def test_it_is_asked_every_hour(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    front: TerminalSimulator,
) -> None:
    """Clocks drift, and somebody may set them."""
    front.device.clock_offset = timedelta(seconds=30)
    await later(hass, clock, minutes=61)
    assert abs(drift(hass) - 30) <= 1
    # Nobody asked for more.
    assert requests(front, SET) == []


async def test_setting_it_shows(
    hass: HomeAssistant, clock: TickingDateTimeFactory, front: TerminalSimulator
) -> None:
    """At once."""
    front.device.clock_offset = timedelta(seconds=30)
    await act(hass, "button.press", "button.front_door_set_clock")
    await settle(hass)
    assert abs(drift(hass)) <= 1


# Keeping it right


async def test_it_is_left_alone_at_first(
    hass: HomeAssistant, clock: TickingDateTimeFactory, front: TerminalSimulator
) -> None:
    """It may be another time zone's on purpose."""
    front.device.clock_offset = timedelta(hours=3)
    assert state_of(hass, KEEP) == "off"
    for _ in range(3):
        await later(hass, clock, hours=13)
    assert requests(front, SET) == []


@pytest.mark.parametrize(
    ("seconds", "times"), [(0, 0), (0.9, 0), (-0.9, 0), (3, 1), (-3, 1), (9000, 1)]
)
async def test_a_clock_that_is_wrong_is_set(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    front: TerminalSimulator,
    seconds: float,
    times: int,
) -> None:
    """Within the hour; what is within the measuring error is not wrong."""
    await act(hass, "switch.turn_on", KEEP)
    assert state_of(hass, KEEP) == "on"
    front.device.clock_offset = timedelta(seconds=seconds)
    await later(hass, clock, minutes=61)
    assert len(requests(front, SET)) == times
    assert abs(drift(hass)) <= 1


async def test_it_begins_when_it_is_switched_on(
    hass: HomeAssistant, clock: TickingDateTimeFactory, front: TerminalSimulator
) -> None:
    """With what is known of the clock by then; and ends when it is switched off."""
    front.device.clock_offset = timedelta(seconds=30)
    await later(hass, clock, minutes=61)
    await act(hass, "switch.turn_on", KEEP)
    await settle(hass)
    assert abs(drift(hass)) <= 1
    await act(hass, "switch.turn_off", KEEP)
    assert state_of(hass, KEEP) == "off"
    front.device.clock_offset = timedelta(seconds=30)
    await later(hass, clock, hours=25)
    assert len(requests(front, SET)) == 1


async def test_it_is_remembered(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    front: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """A clock that went wrong while Home Assistant was down is set when it is back."""
    await act(hass, "switch.turn_on", KEEP)
    assert await hass.config_entries.async_unload(terminal_entry.entry_id)
    front.device.clock_offset = timedelta(seconds=30)
    await set_up(hass, terminal_entry, *PLATFORMS)
    assert state_of(hass, KEEP) == "on"
    assert abs(drift(hass)) <= 1
    assert len(requests(front, SET)) == 1


async def test_a_clock_that_cannot_be_asked_is_set_every_day(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """Whatever it shows."""
    with refusing(terminal, "request date time", 2):
        await set_up(hass, terminal_entry, *PLATFORMS)
        assert state_of(hass, DRIFT) is None
        await act(hass, "switch.turn_on", KEEP)
        await later(hass, clock, hours=23)
        assert requests(terminal, SET) == []
        await later(hass, clock, hours=2)
        assert len(requests(terminal, SET)) == 1


async def test_a_clock_that_obeys_nobody_is_not_set_again_and_again(
    hass: HomeAssistant, clock: TickingDateTimeFactory, front: TerminalSimulator
) -> None:
    """Once for each time it is asked."""
    await act(hass, "switch.turn_on", KEEP)
    front.device.clock_offset = timedelta(seconds=30)
    with refusing(front, SET, 23):
        for hours in (1, 2, 3):
            await later(hass, clock, minutes=61)
            assert len(requests(front, SET)) == hours
            assert abs(drift(hass) - 30) <= 1


async def test_a_failure_is_said_once(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    front: TerminalSimulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """And again after it went well in between."""
    await act(hass, "switch.turn_on", KEEP)

    def said() -> int:
        return caplog.text.count("Front door: its clock could not be set")

    for failures in (1, 2):
        front.device.clock_offset = timedelta(seconds=30)
        with refusing(front, SET, 23):
            await later(hass, clock, minutes=61)
            await later(hass, clock, minutes=61)
        assert said() == failures
        await later(hass, clock, minutes=61)
        assert abs(drift(hass)) <= 1


async def test_two_do_not_set_one_clock(
    hass: HomeAssistant, clock: TickingDateTimeFactory, front: TerminalSimulator
) -> None:
    """A terminal that follows a time server keeps following it."""
    front.device.section("ntp")["enable"] = True
    await later(hass, clock, minutes=11)
    await act(hass, "switch.turn_on", KEEP)
    front.device.clock_offset = timedelta(seconds=30)
    await later(hass, clock, hours=25)
    assert requests(front, SET) == []


# Time zones


async def test_a_terminal_without_zone_is_given_none(
    hass: HomeAssistant, clock: TickingDateTimeFactory, front: TerminalSimulator
) -> None:
    """No document tells of it."""
    await capture(hass, front)
    await act(hass, "button.press", "button.front_door_set_clock")
    [sent] = requests(front, SET)
    assert "timezone" not in sent


@pytest.mark.parametrize("terminal_options", [door(Quirk.TIMEZONE)])
async def test_a_terminal_that_tells_its_zone_is_given_ours(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    front: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """Also after a restart, when it has not told yet."""
    await capture(hass, front)
    assert await hass.config_entries.async_reload(terminal_entry.entry_id)
    await settle(hass)
    await act(hass, "button.press", "button.front_door_set_clock")
    [sent] = requests(front, SET)
    assert sent["timezone"] == "UTC-7"
    assert str(sent["date_time"]).startswith("2026/06/15 12:00:")
    assert dt_util.DEFAULT_TIME_ZONE.key == "US/Pacific"
