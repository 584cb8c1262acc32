"""Asking a camera what it remembers: files (commands 513 and 514) and temperatures (515)."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import replace
import datetime as dt

from .errors import GuideConnectionError, GuideValidationError
from .history_models import (
    CHANNELS,
    LONGEST_PAGE,
    MEDIA_KINDS,
    SHAPE_BITS,
    STATISTICS,
    Channel,
    MediaKind,
    Recording,
    Statistic,
    TemperatureSeries,
    parse_days,
    parse_recordings,
    parse_temperature_series,
)
from .models import Shape
from .wire import Message, as_dicts, as_text

_PAGE_SIZE = 100
_MAX_PAGES = 1000
_MAX_VALUES = 100_000
_MINUTE = dt.timedelta(minutes=1)

_CHANNEL_NUMBERS = {channel: number for number, channel in CHANNELS.items()}
_MEDIA_NUMBERS = {media: number for number, media in MEDIA_KINDS.items()}
_STATISTIC_NUMBERS = {statistic: number for number, statistic in STATISTICS.items()}

type Request = Callable[[int, Message], Awaitable[Message]]
"""Sends a command and returns the body of its answer."""


async def recordings(
    request: Request,
    since: dt.datetime,
    until: dt.datetime,
    channel: Channel,
    media: MediaKind,
) -> AsyncIterator[Recording]:
    """Ask for the files of a period page by page and return each once, in the camera's order, which is not documented.

    Both ends are included and are taken as they read, without regard to zones: the camera knows only its own clock. A page
    without files is the end, whatever the total says, and so is one with nothing but what was there before. Raises
    what `GuideClient.request` does, and GuideConnectionError when there is no end; what was returned until then stays right.
    """
    since, until = _period(since, until)
    seen: set[Recording] = set()
    for page in range(1, _MAX_PAGES + 1):
        message = await request(
            513,
            {
                "starttime": _text(since),
                "endtime": _text(until),
                "pageindex": page,
                "pagecount": _PAGE_SIZE,
                "videotype": _CHANNEL_NUMBERS[channel],
                "datatype": _MEDIA_NUMBERS[media],
            },
        )
        files = message.get("datas")
        if not isinstance(files, list) or not files:
            return
        found = dict.fromkeys(parse_recordings(message, channel, media))
        new = [recording for recording in found if recording not in seen]
        if found and not new:
            return
        for recording in new:
            yield recording
        seen.update(new)
    raise _endless(513)


async def recording_days(
    request: Request, year: int, month: int, channel: Channel, media: MediaKind
) -> tuple[dt.date, ...]:
    """Return the days of a month that have files, in order."""
    message = await request(
        514,
        {
            "videotype": _CHANNEL_NUMBERS[channel],
            "datatype": _MEDIA_NUMBERS[media],
            "year": year,
            "month": month,
        },
    )
    return parse_days(message, year, month)


async def temperature_history(
    request: Request,
    since: dt.datetime,
    until: dt.datetime,
    *,
    minutes: int = 1,
    statistic: Statistic = Statistic.MAXIMUM,
    shapes: Collection[Shape] = tuple(Shape),
) -> tuple[TemperatureSeries, ...]:
    """Return how the temperatures of all rules with these shapes went, with one value every so many minutes.

    Both ends are included and are taken as they read, in the camera's local time. Raises what `GuideClient.request`
    does, GuideValidationError too for a period with more than 100,000 values, and GuideConnectionError when there is no end.

    What a page is (of rules or of values) is not documented, so none but the first is asked for: each question is about the time
    after the last answer, and about no more values than one page holds.
    """
    since, until = _period(since, until)
    # The smallest interval is the table's to refuse; one beyond the period has one value, however long it is.
    longest = (until - since) // _MINUTE + 1
    step = min(max(1, minutes), longest) * _MINUTE
    if (until - since) // step >= _MAX_VALUES:
        raise GuideValidationError(
            "minutes", minutes, f"at most {_MAX_VALUES} values in all"
        )
    series: dict[str, TemperatureSeries] = {}
    begin = since
    for _ in range(_MAX_PAGES):
        fits = (until - begin) // step < LONGEST_PAGE
        end = until if fits else begin + (LONGEST_PAGE - 1) * step
        message = await request(
            515, _question(begin, end, minutes, statistic, shapes, report=False)
        )
        last = end
        found = parse_temperature_series(message, statistic, begin, end, step)
        if times := [part.points[-1][0] for part in found if part.points]:
            last = max(times)
        for part in found:
            before = series.get(part.key)
            points = (*before.points, *part.points) if before else part.points
            series[part.key] = replace(part, points=points)
        begin = last + step
        if begin > until:
            return tuple(series.values())
    raise _endless(515)


async def temperature_report(
    request: Request,
    since: dt.datetime,
    until: dt.datetime,
    *,
    minutes: int = 1,
    statistic: Statistic = Statistic.MAXIMUM,
    shapes: Collection[Shape] = tuple(Shape),
) -> str | None:
    """Let the camera write the temperatures of a period into a file, and return its address; None if it writes none.

    How much of a long period the file has is for the camera to decide.
    """
    since, until = _period(since, until)
    message = await request(
        515, _question(since, until, minutes, statistic, shapes, report=True)
    )
    told = (
        message.get("report_path"),
        *(item.get("report_path") for item in as_dicts(message.get("measure_list"))),
    )
    return next((path for each in told if (path := as_text(each))), None)


def _question(
    since: dt.datetime,
    until: dt.datetime,
    minutes: int,
    statistic: Statistic,
    shapes: Collection[Shape],
    *,
    report: bool,
) -> Message:
    return {
        "query_start_time": _text(since),
        "query_end_time": _text(until),
        "query_type": sum(SHAPE_BITS[shape] for shape in set(shapes)),
        "query_interval": minutes,
        "query_temp_type": _STATISTIC_NUMBERS[statistic],
        "report": int(report),
        "page_index": 1,
        "page_count": LONGEST_PAGE,
    }


def _period(since: dt.datetime, until: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return a period as a camera reads it: whole seconds, no zone."""
    start, end = (time.replace(microsecond=0, tzinfo=None) for time in (since, until))
    if start > end:
        raise GuideValidationError("until", _text(until), f"not before {_text(since)}")
    return start, end


def _text(time: dt.datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S")


def _endless(cmdtype: int) -> GuideConnectionError:
    return GuideConnectionError(
        f"Command {cmdtype} came to no end in {_MAX_PAGES} pages"
    )
