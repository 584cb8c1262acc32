"""Asking a camera how its temperatures went."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from custom_components.thermogate.guide import (
    GuideConnectionError,
    GuideValidationError,
    Shape,
    Statistic,
)

from .conftest import Watched
from .fake import FakeCamera, Frame

HISTORY = "custom_components.thermogate.guide.history"
SINCE = datetime(2026, 5, 21, 12)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def rule(values: list[Any], number: int = 1) -> dict[str, Any]:
    """Return what an answer says about one rule."""
    return {
        "measure_type": 3,
        "measure_id": number,
        "measurer_name": f"Rule {number}",
        "temperature": values,
    }


def moments(asked: Frame) -> list[float]:
    """Return the minutes after the start of all that a request asks for, both ends included."""
    step = asked["query_interval"]
    first, last = (
        int((datetime.fromisoformat(asked[f"query_{end}_time"]) - SINCE) / MINUTE)
        for end in ("start", "end")
    )
    return [float(minute) for minute in range(first, last + 1, step)]


def whole(asked: Frame) -> dict[str, Any]:
    """Answer as the simulated cameras do: the page is one of values."""
    first = (asked["page_index"] - 1) * asked["page_count"]
    values = moments(asked)[first : first + asked["page_count"]]
    return {
        "total": len(moments(asked)),
        "start_time": asked["query_start_time"],
        "measure_list": [rule(list(values)), rule([-value for value in values], 2)],
    }


@pytest.mark.parametrize(
    ("statistic", "number"),
    [(Statistic.MAXIMUM, 1), (Statistic.MINIMUM, 2), (Statistic.AVERAGE, 3)],
)
async def test_temperatures(
    camera: FakeCamera, connected: Watched, statistic: Statistic, number: int
) -> None:
    """A value every so many minutes, all rules at once."""
    camera.replies[515] = whole
    first, second = await connected.temperature_history(
        SINCE, SINCE + HOUR, minutes=15, statistic=statistic
    )
    assert first.points == tuple(
        (SINCE + minute * MINUTE, float(minute)) for minute in (0, 15, 30, 45, 60)
    )
    assert (first.key, first.name, first.shape) == ("1", "Rule 1", Shape.RECTANGLE)
    assert second.points[4] == (SINCE + HOUR, -60.0)
    assert first.statistic is second.statistic is statistic
    assert camera.count(515) == 1
    assert camera.last(515)["message"] == {
        "query_start_time": "2026-05-21 12:00:00",
        "query_end_time": "2026-05-21 13:00:00",
        "query_type": 31,
        "query_interval": 15,
        "query_temp_type": number,
        "report": 0,
        "page_index": 1,
        "page_count": 1000,
    }


@pytest.mark.parametrize(
    ("shapes", "bits"),
    [
        ((Shape.POINT,), 1),
        ([Shape.CIRCLE, Shape.CIRCLE], 4),
        ({Shape.LINE, Shape.RECTANGLE, Shape.POLYGON}, 26),
    ],
)
async def test_shapes(
    camera: FakeCamera, connected: Watched, shapes: Any, bits: int
) -> None:
    """Only rules with these."""
    await connected.temperature_history(SINCE, SINCE, shapes=shapes)
    assert camera.last(515)["message"]["query_type"] == bits


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"shapes": ()}, "query_type"),
        ({"minutes": 0}, "query_interval"),
        ({"minutes": -1}, "query_interval"),
        ({"until": SINCE + 100_000 * MINUTE}, "minutes"),
        ({"until": SINCE + 200_000 * MINUTE, "minutes": 2}, "minutes"),
    ],
)
async def test_what_no_camera_could_answer(
    camera: FakeCamera, connected: Watched, arguments: dict[str, Any], field: str
) -> None:
    """Is not asked."""
    with pytest.raises(GuideValidationError) as caught:
        await connected.temperature_history(
            **({"since": SINCE, "until": SINCE + HOUR} | arguments)
        )
    assert caught.value.field == field
    assert camera.count(515) == 0


async def test_as_many_values_as_there_may_be(
    camera: FakeCamera, connected: Watched
) -> None:
    """A hundred questions for a hundred thousand values."""
    found = await connected.temperature_history(
        SINCE, SINCE + 99_999 * MINUTE + timedelta(seconds=59)
    )
    assert found == ()
    assert camera.count(515) == 100


async def test_an_interval_longer_than_the_period(
    camera: FakeCamera, connected: Watched
) -> None:
    """Has one value, however long it is."""
    camera.replies[515] = lambda _asked: {"measure_list": [rule([7, 8])]}
    for minutes in (61, 10**15):
        [found] = await connected.temperature_history(
            SINCE, SINCE + HOUR, minutes=minutes
        )
        assert found.points == ((SINCE, 7.0),)
        assert camera.last(515)["message"]["query_interval"] == minutes


@pytest.mark.parametrize(
    ("minutes", "questions"), [(998, 1), (999, 1), (1000, 2), (1999, 2), (2000, 3)]
)
async def test_more_values_than_a_page_holds(
    camera: FakeCamera, connected: Watched, minutes: int, questions: int
) -> None:
    """A thousand at a time, none lost or doubled in between."""
    camera.replies[515] = whole
    first, _ = await connected.temperature_history(SINCE, SINCE + minutes * MINUTE)
    assert first.points == tuple(
        (SINCE + minute * MINUTE, float(minute)) for minute in range(minutes + 1)
    )
    asked = [
        frame["message"] for _, frame in camera.requests if frame["cmdtype"] == 515
    ]
    assert len(asked) == questions
    assert all(len(moments(message)) <= message["page_count"] for message in asked)


async def test_pages_of_rules(camera: FakeCamera, connected: Watched) -> None:
    """The other reading of the document gives the same: there are fewer rules than a page holds."""

    def by_rule(asked: Frame) -> Frame:
        rules = [rule(list(moments(asked)), number) for number in range(1, 22)]
        first = (asked["page_index"] - 1) * asked["page_count"]
        return {"total": 21, "measure_list": rules[first : first + asked["page_count"]]}

    camera.replies[515] = by_rule
    found = await connected.temperature_history(SINCE, SINCE + 1500 * MINUTE)
    assert len(found) == 21
    assert all(len(part.points) == 1501 for part in found)


async def test_a_camera_that_gives_less_at_a_time(
    camera: FakeCamera, connected: Watched
) -> None:
    """Is asked for the rest from where it stopped."""

    def short(asked: Frame) -> Frame:
        return {"total": 9, "measure_list": [rule(list(moments(asked)[:100]))]}

    camera.replies[515] = short
    [found] = await connected.temperature_history(SINCE, SINCE + 250 * MINUTE)
    assert [value for _, value in found.points] == [float(n) for n in range(251)]
    assert camera.count(515) == 3


async def test_rules_of_different_length(
    camera: FakeCamera, connected: Watched
) -> None:
    """What one lacks does not double the values of another."""

    def uneven(asked: Frame) -> Frame:
        values = list(moments(asked)[:20])
        return {"measure_list": [rule(values[:-1]), rule(values, 2)]}

    camera.replies[515] = uneven
    first, second = await connected.temperature_history(SINCE, SINCE + 29 * MINUTE)
    assert [value for _, value in second.points] == [float(n) for n in range(30)]
    assert all(time == SINCE + value * MINUTE for time, value in first.points if value)


async def test_a_time_without_values(camera: FakeCamera, connected: Watched) -> None:
    """The camera was off for more than a page: what came afterwards is still found, under its own time."""

    def off(asked: Frame) -> Frame:
        return {
            "measure_list": [rule([value for value in moments(asked) if value >= 2000])]
        }

    camera.replies[515] = off
    [found] = await connected.temperature_history(SINCE, SINCE + 2005 * MINUTE)
    assert found.points[0] == (SINCE + 2000 * MINUTE, 2000.0)
    assert len(found.points) == 6


async def test_a_camera_that_repeats_itself(
    camera: FakeCamera, connected: Watched
) -> None:
    """Values of an earlier time do not come in under a later one."""
    camera.replies[515] = lambda _asked: {
        "start_time": "2026-05-21 12:00:00",
        "measure_list": [rule([1, 2, 3])],
    }
    [found] = await connected.temperature_history(SINCE, SINCE + HOUR)
    assert [value for _, value in found.points] == [1.0, 2.0, 3.0]
    assert camera.count(515) == 2


async def test_rules_come_and_go(camera: FakeCamera, connected: Watched) -> None:
    """Each has what was said about it."""

    def changing(asked: Frame) -> Frame:
        number = 1 if moments(asked)[0] == 0 else 2
        return {"measure_list": [rule([5] * 1000, number), None, "x"]}

    camera.replies[515] = changing
    first, second = await connected.temperature_history(SINCE, SINCE + 1001 * MINUTE)
    assert (len(first.points), len(second.points)) == (1000, 2)


@pytest.mark.parametrize(
    "nothing", [None, {}, {"measure_list": None}, {"measure_list": []}, {"total": 5}]
)
async def test_no_temperatures(
    camera: FakeCamera, connected: Watched, nothing: Any
) -> None:
    """Are none."""
    camera.replies[515] = lambda _asked: nothing
    assert await connected.temperature_history(SINCE, SINCE + HOUR) == ()
    assert camera.count(515) == 1


async def test_no_end_of_temperatures(
    camera: FakeCamera, connected: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value at a time is too little."""
    monkeypatch.setattr(f"{HISTORY}._MAX_PAGES", 3)
    camera.replies[515] = lambda _asked: {"measure_list": [rule([1])]}
    assert await connected.temperature_history(SINCE, SINCE + 2 * MINUTE)
    with pytest.raises(GuideConnectionError, match="no end in 3 pages"):
        await connected.temperature_history(SINCE, SINCE + 3 * MINUTE)
