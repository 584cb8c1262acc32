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
)

from .conftest import Watched
from .fake import JPEG, FakeCamera, Frame

HISTORY = "custom_components.thermogate.guide.history"
SINCE = datetime(2026, 5, 21, 12)
UNTIL = datetime(2026, 5, 22, 11, 59, 59)

type Answer = Callable[[Frame], Any]


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
    camera.replies[513] = pages(files("a"))
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
    camera.replies[513] = pages(files("pic"))
    found = await anext(pictures(connected))
    assert found.url is not None
    assert await connected.download(found.url) == JPEG


async def test_times_are_taken_as_they_read(
    camera: FakeCamera, connected: Watched
) -> None:
    """A camera knows no zones, and no fractions of a second."""
    camera.replies[513] = pages()
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
    camera.replies[513] = lambda _asked: nothing
    assert await listed(pictures(connected)) == []
    assert camera.count(513) == 1


async def test_the_total_does_not_end_it(
    camera: FakeCamera, connected: Watched
) -> None:
    """Nor does a page that is not full."""
    camera.replies[513] = pages(files("a"), files("b"), total=0)
    assert await listed(pictures(connected)) == ["a", "b"]


async def test_a_camera_that_repeats_its_last_page(
    camera: FakeCamera, connected: Watched
) -> None:
    """Nothing new is the end."""
    camera.replies[513] = lambda asked: {
        "datas": files(str(min(2, asked["pageindex"])))
    }
    assert await listed(pictures(connected)) == ["1", "2"]
    assert camera.count(513) == 3


async def test_pages_that_overlap(camera: FakeCamera, connected: Watched) -> None:
    """Something was recorded meanwhile: each file comes once, and what is left still comes."""
    camera.replies[513] = pages(files("c", "b", "c"), files("b", "a"), files("0"))
    assert await listed(pictures(connected)) == ["c", "b", "a", "0"]


async def test_a_broken_file_loses_no_other(
    camera: FakeCamera, connected: Watched
) -> None:
    """Nor does a whole page of them."""
    camera.replies[513] = pages(
        ["x", *files("a"), {}], [None, 5], files("b", type="?", start=[])
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
    camera.replies[513] = lambda asked: {
        "datas": [{}] if broken else files(str(asked["pageindex"]))
    }
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
    camera.replies[513] = pages(files("a"), files("b"))
    assert await listed(pictures(connected)) == ["a", "b"]


@pytest.mark.parametrize(
    ("code", "error"), [(19999, GuideUnsupportedError), (10008, GuideCommandError)]
)
async def test_refusals(
    camera: FakeCamera, connected: Watched, code: int, error: type[Exception]
) -> None:
    """Are told, and what came before one stays."""
    camera.replies[513] = pages(files("a"))
    found = pictures(connected)
    assert (await anext(found)).url == "/a.jpg"
    camera.codes = {cmdtype: [code] for cmdtype in (513, 514, 515)}
    with pytest.raises(error):
        await anext(found)
    with pytest.raises(error):
        await connected.recording_days(2026, 5, Channel.VISIBLE, MediaKind.VIDEO)
    with pytest.raises(error):
        await connected.temperature_history(SINCE, SINCE)


async def test_a_camera_that_is_gone(camera: FakeCamera, connected: Watched) -> None:
    """Between two pages, the iterator says so instead of ending early."""
    camera.replies[513] = pages(files("a"), files("b"))
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
