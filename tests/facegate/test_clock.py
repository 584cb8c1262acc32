"""How wrong a terminal's clock is."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from custom_components.thermogate.facegate import (
    FaceGateMessageError,
    clock_offset,
    zone_text,
)
from tests.facegate.terminal import Terminal

NOON = datetime(2026, 6, 15, 12)


def times(*seconds: float) -> Callable[[], datetime]:
    """Return a clock that shows these seconds after noon, one after the other."""
    shown = iter(seconds)
    return lambda: NOON + timedelta(seconds=next(shown))


def tell(terminal: Terminal, *texts: str) -> None:
    """Let the terminal's clock show these times, one after the other."""
    shown = iter(texts)
    terminal.answers["request date time"] = lambda _: {
        "date_time": f"2026/06/15 {next(shown)}"
    }


@pytest.mark.parametrize(
    ("before", "told", "after", "ahead"),
    [
        (0.5, "12:00:00", 0.5, 0),
        (0.0, "12:00:00", 1.0, 0),
        (0.0, "12:01:00", 1.0, 60),
        (0.5, "11:59:58", 0.5, -2),
        # Half of the way there and back.
        (0.0, "12:00:00", 0.8, 0.1),
        # Its day is not ours.
        (0.5, "00:00:00", 0.5, -12 * 3600),
    ],
)
async def test_the_time_on_the_way_is_halved(
    terminal: Terminal, before: float, told: str, after: float, ahead: float
) -> None:
    """And of the second that the terminal does not tell, too."""
    tell(terminal, told)
    found = await clock_offset(terminal.client, times(before, after))
    assert found.total_seconds() == pytest.approx(ahead)
    assert len(terminal.sent) == 1


@pytest.mark.parametrize("told", ["0001/01/01 00:00:00", "9999/12/31 23:59:59.999"])
async def test_a_clock_at_the_end_of_time(terminal: Terminal, told: str) -> None:
    """It is wrong like any other."""
    terminal.answers["request date time"] = lambda _: {"date_time": told}
    found = await clock_offset(terminal.client, times(0, 0.5))
    assert abs(found) > timedelta(days=365 * 2000)


async def test_a_slow_answer_is_asked_for_again(terminal: Terminal) -> None:
    """The quickest counts, and three are enough."""
    tell(terminal, "12:00:00", "12:00:06", "12:00:08")
    found = await clock_offset(terminal.client, times(0, 5, 5, 7.4, 7.4, 10.4))
    assert found.total_seconds() == pytest.approx(0.3)
    assert len(terminal.sent) == 3
    tell(terminal, "12:00:00", "12:00:06")
    await clock_offset(terminal.client, times(0, 1.01, 5.5, 6.5))
    assert len(terminal.sent) == 5


async def test_a_terminal_that_tells_no_time(terminal: Terminal) -> None:
    """It is not wrong by anything."""
    terminal.answers["request date time"] = lambda _: {}
    with pytest.raises(FaceGateMessageError):
        await clock_offset(terminal.client, times(0, 0))


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "UTC+0"),
        (480, "UTC+8"),
        (-420, "UTC-7"),
        (510, "UTC+8:30"),
        (-210, "UTC-3:30"),
        (845, "UTC+14:05"),
    ],
)
def test_zones(minutes: int, text: str) -> None:
    """As captures name them."""
    assert zone_text(timedelta(minutes=minutes)) == text
