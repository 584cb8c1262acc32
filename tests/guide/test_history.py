"""Asking a camera what it remembers."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from custom_components.thermogate.guide import (
    Channel,
    GuideCommandError,
    GuideConnectionError,
    GuideUnsupportedError,
    GuideValidationError,
    MediaKind,
    Recording,
    Shape,
    Statistic,
)

from .conftest import MakeClient, Watched
from .fake import JPEG, FakeCamera, Frame

HISTORY = "custom_components.thermogate.guide.history"
SINCE = datetime(2026, 5, 21, 12)
UNTIL = datetime(2026, 5, 22, 11, 59, 59)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

type Answer = Callable[[Frame], Any]


@pytest.fixture
async def connected(client: Watched, camera: FakeCamera) -> Watched:
    """Return a logged-in client."""
    await client.connect()
    return client


def answer(camera: FakeCamera, cmdtype: int, body: Answer) -> None:
    """Let the camera answer a command by what is asked: with a body, or with a number that refuses it."""

    def override(frame: Frame, _way: str) -> Frame | None:
        if frame["cmdtype"] != cmdtype:
            return None
        found = body(frame["message"])
        code = found if isinstance(found, int) else 0
        return {
            "action": "response",
            "cmdtype": cmdtype,
            "sequence": frame["sequence"],
            "retcode": code,
            "message": None if code else found,
        }

    camera.override = override


def files(*names: str, **changes: Any) -> list[dict[str, Any]]:
    """Return what a camera lists."""
    return [
        {"type": 1, "url": f"/{name}.jpg", "start": "2026-05-21 12:22:33"} | changes
        for name in names
    ]


def pages(*lists: list[Any], **fields: Any) -> Answer:
    """Answer each page with a list of files, and what is asked beyond them with none."""
    return lambda asked: {
        "datas": lists[asked["pageindex"] - 1]
        if asked["pageindex"] <= len(lists)
        else [],
        **fields,
    }


def pictures(client: Watched) -> AsyncIterator[Recording]:
    """Ask for the visible pictures of a day."""
    return client.recordings(SINCE, UNTIL, Channel.VISIBLE, MediaKind.PICTURE)


async def listed(recordings: AsyncIterator[Recording]) -> list[str]:
    """Return the names of all files."""
    return [(found.url or "")[1:-4] async for found in recordings]


@pytest.mark.parametrize(
    ("channel", "media", "numbers"),
    [
        (Channel.VISIBLE, MediaKind.VIDEO, (1, 1)),
        (Channel.VISIBLE, MediaKind.PICTURE, (1, 2)),
        (Channel.THERMAL, MediaKind.VIDEO, (2, 1)),
        (Channel.THERMAL, MediaKind.PICTURE, (2, 2)),
    ],
)
async def test_what_is_asked(
    camera: FakeCamera,
    connected: Watched,
    channel: Channel,
    media: MediaKind,
    numbers: tuple[int, int],
) -> None:
    """Page after page, counted from 1."""
    answer(camera, 513, pages(files("a")))
    [found] = [
        each async for each in connected.recordings(SINCE, UNTIL, channel, media)
    ]
    assert (found.channel, found.media) == (channel, media)
    asked = [
        frame["message"] for _, frame in camera.requests if frame["cmdtype"] == 513
    ]
    assert asked == [
        {
            "starttime": "2026-05-21 12:00:00",
            "endtime": "2026-05-22 11:59:59",
            "pageindex": page,
            "pagecount": 100,
            "videotype": numbers[0],
            "datatype": numbers[1],
        }
        for page in (1, 2)
    ]


async def test_a_file_can_be_fetched(camera: FakeCamera, connected: Watched) -> None:
    """By its address."""
    answer(camera, 513, pages(files("pic")))
    found = await anext(pictures(connected))
    assert found.url is not None
    assert await connected.download(found.url) == JPEG


async def test_times_are_taken_as_they_read(
    camera: FakeCamera, connected: Watched
) -> None:
    """A camera knows no zones, and no fractions of a second."""
    answer(camera, 513, pages())
    since = datetime(2026, 5, 21, 12, 0, 0, 999_999, UTC)
    async for _ in connected.recordings(since, since, Channel.THERMAL, MediaKind.VIDEO):
        pytest.fail("there is nothing")
    message = camera.last(513)["message"]
    assert message["starttime"] == message["endtime"] == "2026-05-21 12:00:00"


async def test_a_period_has_a_direction(camera: FakeCamera, connected: Watched) -> None:
    """Nothing is asked the wrong way round."""
    before = SINCE - timedelta(seconds=1)
    with pytest.raises(GuideValidationError, match="until"):
        await listed(
            connected.recordings(SINCE, before, Channel.VISIBLE, MediaKind.VIDEO)
        )
    with pytest.raises(GuideValidationError, match="until"):
        await connected.temperature_history(SINCE, before)
    assert camera.count(513) == camera.count(515) == 0


@pytest.mark.parametrize(
    "nothing",
    [
        None,
        {},
        {"datas": None},
        {"datas": {}},
        {"datas": "x"},
        {"total": 111, "datas": []},
    ],
)
async def test_a_page_without_files_is_the_end(
    camera: FakeCamera, connected: Watched, nothing: Any
) -> None:
    """Whatever the total says, and in whatever way there are none."""
    answer(camera, 513, lambda _asked: nothing)
    assert await listed(pictures(connected)) == []
    assert camera.count(513) == 1


async def test_the_total_does_not_end_it(
    camera: FakeCamera, connected: Watched
) -> None:
    """Nor does a page that is not full."""
    answer(camera, 513, pages(files("a"), files("b"), total=0))
    assert await listed(pictures(connected)) == ["a", "b"]


async def test_a_camera_that_repeats_its_last_page(
    camera: FakeCamera, connected: Watched
) -> None:
    """Nothing new is the end."""
    answer(camera, 513, lambda asked: {"datas": files(str(min(2, asked["pageindex"])))})
    assert await listed(pictures(connected)) == ["1", "2"]
    assert camera.count(513) == 3


async def test_pages_that_overlap(camera: FakeCamera, connected: Watched) -> None:
    """Something was recorded meanwhile: each file comes once, and what is left still comes."""
    answer(camera, 513, pages(files("c", "b", "c"), files("b", "a"), files("0")))
    assert await listed(pictures(connected)) == ["c", "b", "a", "0"]


async def test_a_broken_file_loses_no_other(
    camera: FakeCamera, connected: Watched
) -> None:
    """Nor does a whole page of them."""
    answer(
        camera,
        513,
        pages(["x", *files("a"), {}], [None, 5], files("b", type="?", start=[])),
    )
    assert await listed(pictures(connected)) == ["a", "b"]


@pytest.mark.parametrize("broken", [False, True])
async def test_no_end_of_files(
    camera: FakeCamera,
    connected: Watched,
    monkeypatch: pytest.MonkeyPatch,
    broken: bool,
) -> None:
    """A camera that never comes to an end is not asked for ever, and nobody takes what came for everything."""
    monkeypatch.setattr(f"{HISTORY}._MAX_PAGES", 3)
    answer(
        camera,
        513,
        lambda asked: {"datas": [{}] if broken else files(str(asked["pageindex"]))},
    )
    found = pictures(connected)
    for name in () if broken else ("/1.jpg", "/2.jpg", "/3.jpg"):
        assert (await anext(found)).url == name
    with pytest.raises(GuideConnectionError, match="no end in 3 pages"):
        await anext(found)
    assert camera.count(513) == 3


async def test_the_end_just_in_time(
    camera: FakeCamera, connected: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last page that is asked for may be the empty one."""
    monkeypatch.setattr(f"{HISTORY}._MAX_PAGES", 3)
    answer(camera, 513, pages(files("a"), files("b")))
    assert await listed(pictures(connected)) == ["a", "b"]


@pytest.mark.parametrize(
    ("code", "error"), [(19999, GuideUnsupportedError), (10008, GuideCommandError)]
)
async def test_refusals(
    camera: FakeCamera, connected: Watched, code: int, error: type[Exception]
) -> None:
    """Are told, and what came before one stays."""
    answer(
        camera,
        513,
        lambda asked: {"datas": files("a")} if asked["pageindex"] == 1 else code,
    )
    found = pictures(connected)
    assert (await anext(found)).url == "/a.jpg"
    with pytest.raises(error):
        await anext(found)
    camera.override = None
    camera.codes |= {514: [code], 515: [code]}
    with pytest.raises(error):
        await connected.recording_days(2026, 5, Channel.VISIBLE, MediaKind.VIDEO)
    with pytest.raises(error):
        await connected.temperature_history(SINCE, SINCE)


async def test_a_camera_that_is_gone(
    camera: FakeCamera, make_client: MakeClient, connected: Watched
) -> None:
    """Between two pages, the iterator says so instead of ending early."""
    answer(camera, 513, pages(files("a"), files("b")))
    found = pictures(connected)
    await anext(found)
    camera.abort()
    await camera.stop()
    with pytest.raises(GuideConnectionError):
        await listed(found)


async def test_days(camera: FakeCamera, connected: Watched) -> None:
    """Of a month, as the document shows them: one twice."""
    camera.replies[514] = {"days": [1, 2, 7, 4, 7]}
    days = await connected.recording_days(2026, 5, Channel.THERMAL, MediaKind.PICTURE)
    assert days == tuple(date(2026, 5, number) for number in (1, 2, 4, 7))
    assert camera.last(514)["message"] == {
        "videotype": 2,
        "datatype": 2,
        "year": 2026,
        "month": 5,
    }
    camera.replies[514] = None
    assert (
        await connected.recording_days(2026, 5, Channel.VISIBLE, MediaKind.VIDEO) == ()
    )


@pytest.mark.parametrize(
    ("year", "month", "fits"),
    [
        (1970, 1, True),
        (2099, 12, True),
        (1969, 12, False),
        (2100, 1, False),
        (2026, 0, False),
        (2026, 13, False),
    ],
)
async def test_months(
    camera: FakeCamera, connected: Watched, year: int, month: int, fits: bool
) -> None:
    """What is none is not asked for."""
    asking = connected.recording_days(year, month, Channel.VISIBLE, MediaKind.VIDEO)
    if fits:
        assert await asking == ()
    else:
        with pytest.raises(GuideValidationError):
            await asking
    assert camera.count(514) == fits


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
    answer(camera, 515, whole)
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
    answer(camera, 515, lambda _asked: {"measure_list": [rule([7, 8])]})
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
    answer(camera, 515, whole)
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

    answer(camera, 515, by_rule)
    found = await connected.temperature_history(SINCE, SINCE + 1500 * MINUTE)
    assert len(found) == 21
    assert all(len(part.points) == 1501 for part in found)


async def test_a_camera_that_gives_less_at_a_time(
    camera: FakeCamera, connected: Watched
) -> None:
    """Is asked for the rest from where it stopped."""

    def short(asked: Frame) -> Frame:
        return {"total": 9, "measure_list": [rule(list(moments(asked)[:100]))]}

    answer(camera, 515, short)
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

    answer(camera, 515, uneven)
    first, second = await connected.temperature_history(SINCE, SINCE + 29 * MINUTE)
    assert [value for _, value in second.points] == [float(n) for n in range(30)]
    assert all(time == SINCE + value * MINUTE for time, value in first.points if value)


async def test_a_time_without_values(camera: FakeCamera, connected: Watched) -> None:
    """The camera was off for more than a page: what came afterwards is still found, under its own time."""

    def off(asked: Frame) -> Frame:
        return {
            "measure_list": [rule([value for value in moments(asked) if value >= 2000])]
        }

    answer(camera, 515, off)
    [found] = await connected.temperature_history(SINCE, SINCE + 2005 * MINUTE)
    assert found.points[0] == (SINCE + 2000 * MINUTE, 2000.0)
    assert len(found.points) == 6


async def test_a_camera_that_repeats_itself(
    camera: FakeCamera, connected: Watched
) -> None:
    """Values of an earlier time do not come in under a later one."""
    answer(
        camera,
        515,
        lambda _asked: {
            "start_time": "2026-05-21 12:00:00",
            "measure_list": [rule([1, 2, 3])],
        },
    )
    [found] = await connected.temperature_history(SINCE, SINCE + HOUR)
    assert [value for _, value in found.points] == [1.0, 2.0, 3.0]
    assert camera.count(515) == 2


async def test_rules_come_and_go(camera: FakeCamera, connected: Watched) -> None:
    """Each has what was said about it."""

    def changing(asked: Frame) -> Frame:
        number = 1 if moments(asked)[0] == 0 else 2
        return {"measure_list": [rule([5] * 1000, number), None, "x"]}

    answer(camera, 515, changing)
    first, second = await connected.temperature_history(SINCE, SINCE + 1001 * MINUTE)
    assert (len(first.points), len(second.points)) == (1000, 2)


@pytest.mark.parametrize(
    "nothing", [None, {}, {"measure_list": None}, {"measure_list": []}, {"total": 5}]
)
async def test_no_temperatures(
    camera: FakeCamera, connected: Watched, nothing: Any
) -> None:
    """Are none."""
    answer(camera, 515, lambda _asked: nothing)
    assert await connected.temperature_history(SINCE, SINCE + HOUR) == ()
    assert camera.count(515) == 1


async def test_no_end_of_temperatures(
    camera: FakeCamera, connected: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value at a time is too little."""
    monkeypatch.setattr(f"{HISTORY}._MAX_PAGES", 3)
    answer(camera, 515, lambda _asked: {"measure_list": [rule([1])]})
    assert await connected.temperature_history(SINCE, SINCE + 2 * MINUTE)
    with pytest.raises(GuideConnectionError, match="no end in 3 pages"):
        await connected.temperature_history(SINCE, SINCE + 3 * MINUTE)
