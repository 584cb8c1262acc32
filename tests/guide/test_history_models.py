"""What a camera remembers, whole and damaged."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.thermogate.guide import (
    COMMANDS,
    Channel,
    MediaKind,
    Recording,
    RecordingKind,
    Shape,
    Statistic,
    TemperatureSeries,
)
from custom_components.thermogate.guide.history_models import (
    SHAPE_BITS,
    parse_days,
    parse_recordings,
    parse_temperature_series,
)

from .strategies import JSON, at_ease

MINUTE = timedelta(minutes=1)
NOON = datetime(2026, 5, 21, 12)
FILE = {
    "type": 1,
    "url": "/picture/xxx.jpg",
    "start": "2026-05-21 12:22:33",
    "end": "2026-05-21 12:22:43",
    "filesize": 23123324,
}


def recordings(*files: Any) -> tuple[Recording, ...]:
    """Return the thermal pictures in a list."""
    return parse_recordings({"datas": list(files)}, Channel.THERMAL, MediaKind.PICTURE)


def test_a_recording() -> None:
    """As the vendor document shows it."""
    assert recordings(FILE) == (
        Recording(
            channel=Channel.THERMAL,
            media=MediaKind.PICTURE,
            kind=RecordingKind.ALARM,
            start=datetime(2026, 5, 21, 12, 22, 33),
            end=datetime(2026, 5, 21, 12, 22, 43),
            url="/picture/xxx.jpg",
            size=23123324,
        ),
    )


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (1, RecordingKind.ALARM),
        (2, RecordingKind.COLD_SPOT),
        (3, RecordingKind.HOT_SPOT),
        (4, RecordingKind.HOT_AND_COLD_SPOT),
        (5, RecordingKind.MANUAL),
        (6, RecordingKind.EVENT),
        (7, RecordingKind.EXTERNAL_INPUT),
        ("7", RecordingKind.EXTERNAL_INPUT),
        (0, None),
        (8, None),
        (None, None),
        ("alarm", None),
    ],
)
def test_why_it_was_recorded(number: object, kind: RecordingKind | None) -> None:
    """A number without a name is none."""
    assert recordings(FILE | {"type": number})[0].kind is kind


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"start": "1970-01-01 00:00:12"}, {"start": None}),
        ({"end": None}, {"end": None}),
        ({"start": "2026/05/21 12:22:33"}, {}),
        ({"url": " /picture/xxx.jpg "}, {}),
        ({"url": ""}, {"url": None}),
        ({"url": ["x"]}, {"url": None}),
        ({"filesize": "23123324"}, {}),
        ({"filesize": 0}, {"size": 0}),
        ({"filesize": -1}, {"size": None}),
        ({"filesize": "big"}, {"size": None}),
    ],
)
def test_a_recording_with_less(
    changes: dict[str, Any], expected: dict[str, Any]
) -> None:
    """A clock that is not set tells no time, an address is one or none."""
    [whole] = recordings(FILE)
    [found] = recordings(FILE | changes)
    values = {name: getattr(found, name) for name in Recording.__slots__}
    assert values == {name: getattr(whole, name) for name in values} | expected


@pytest.mark.parametrize("broken", [None, 7, "x", [], {}, {"type": 1, "filesize": 5}])
def test_a_broken_recording_loses_no_other(broken: object) -> None:
    """It is left out."""
    assert len(recordings(FILE, broken, FILE | {"url": "/other.jpg"})) == 2


@pytest.mark.parametrize(
    ("days", "numbers"),
    [
        ([1, 2, 3, 4, 5, 6, 7, 4], [1, 2, 3, 4, 5, 6, 7]),
        ([28, 27], [27, 28]),
        ([0, 1, 28, 29, 30, 31, 32, -1], [1, 28]),
        (["5", 6.0, None, "x", {}, [7]], [5, 6]),
        ([], []),
        (None, []),
        ("5", []),
        ({"5": 5}, []),
    ],
)
def test_days(days: object, numbers: list[int]) -> None:
    """Each once, in order, and only those that the month has."""
    assert parse_days({"days": days}, 2026, 2) == tuple(
        date(2026, 2, number) for number in numbers
    )


@pytest.mark.parametrize(
    ("year", "month", "last"),
    [(2024, 2, 29), (2026, 4, 30), (2026, 12, 31), (1970, 1, 31), (2099, 12, 31)],
)
def test_the_last_day_of_a_month(year: int, month: int, last: int) -> None:
    """Is in it, the next is not."""
    days = parse_days({"days": [last, last + 1]}, year, month)
    assert days == (date(year, month, last),)


def series(
    *lists: Any, until: datetime = NOON + 59 * MINUTE, **message: Any
) -> tuple[TemperatureSeries, ...]:
    """Return what an answer about the hour after noon says, by the minute."""
    return parse_temperature_series(
        {"measure_list": list(lists), **message},
        Statistic.MAXIMUM,
        NOON,
        until,
        MINUTE,
    )


def measured(*temperatures: Any, **changes: Any) -> dict[str, Any]:
    """Return what an answer says about one rule."""
    return {
        "measure_type": 2,
        "measure_id": 213,
        "measurer_name": "Belt",
        "temperature": list(temperatures),
    } | changes


def test_temperatures() -> None:
    """One value per interval, null where there is none."""
    assert series(measured(None, 1, "23.5", "x", -40.25)) == (
        TemperatureSeries(
            key="213",
            rule_id=213,
            name="Belt",
            shape=Shape.LINE,
            statistic=Statistic.MAXIMUM,
            points=(
                (NOON, None),
                (NOON + MINUTE, 1.0),
                (NOON + 2 * MINUTE, 23.5),
                (NOON + 3 * MINUTE, None),
                (NOON + 4 * MINUTE, -40.25),
            ),
        ),
    )


def test_rules_without_ids_have_keys() -> None:
    """The same as for their temperatures now."""
    found = series(
        measured(measure_id=0, measurer_name="A"),
        measured(measure_id=5),
        measured(measure_id=None, measurer_name="B", measure_type=9),
    )
    assert [part.key for part in found] == ["0_A", "5", "2_B"]
    assert found[2].shape is None


@pytest.mark.parametrize("values", [None, 5, "1,2", {}, []])
def test_a_rule_without_temperatures(values: object) -> None:
    """Is a rule, and takes nothing from the others."""
    empty, full = series(measured(temperature=values), measured(7, measure_id=1))
    assert empty.points == ()
    assert full.points == ((NOON, 7.0),)


@pytest.mark.parametrize(
    ("start", "times"),
    [
        ("2026-05-21 12:00:00", [0, 1, 2]),
        ("2026-05-21 12:57:00", [57, 58, 59]),
        ("2026-05-21 12:58:00", [58, 59]),
        ("2026-05-21 12:59:00", [59]),
        ("2026-05-21 12:59:01", []),
        ("2026-05-21 13:00:00", []),
        ("2026-05-21 11:59:00", [0, 1]),
        ("2026-05-21 11:58:30", [0.5]),
        ("2026-05-21 11:58:00", [0]),
        ("2026-05-21 11:57:00", []),
        ("2099-12-31 23:59:59", []),
        ("9999-12-31 23:59:59", [0, 1, 2]),
        ("1970-01-01 00:00:00", [0, 1, 2]),
        ("garbage", [0, 1, 2]),
        ("", [0, 1, 2]),
        (None, [0, 1, 2]),
    ],
)
def test_when_the_values_begin(start: object, times: list[float]) -> None:
    """When the camera says, and nothing from outside of what was asked for comes in under another time."""
    [found] = series(measured(1, 2, 3), start_time=start)
    assert [time for time, _ in found.points] == [NOON + t * MINUTE for t in times]
    if len(times) == 2 and times[0] == 0:
        assert [value for _, value in found.points] == [2.0, 3.0]


def test_more_values_than_asked_for() -> None:
    """The period ends where it ends, both ends included."""
    [found] = series(measured(*range(9)), until=NOON + 2 * MINUTE)
    assert [value for _, value in found.points] == [0.0, 1.0, 2.0]
    [found] = series(measured(*range(9)), until=NOON)
    assert found.points == ((NOON, 0.0),)


def test_shapes_have_their_bits() -> None:
    """In another order than their numbers; together they are what the table allows at most."""
    assert {shape.value: bit for shape, bit in SHAPE_BITS.items()} == {
        "point": 1,
        "line": 2,
        "circle": 4,
        "rectangle": 8,
        "polygon": 16,
    }
    query_type = next(
        field for field in COMMANDS[515].request if field.name == "query_type"
    )
    assert sum(SHAPE_BITS.values()) == query_type.maximum


ITEMS = st.lists(
    st.dictionaries(
        st.sampled_from(
            [*FILE, "measure_type", "measure_id", "measurer_name", "temperature"]
        ),
        JSON,
        max_size=5,
    )
    | JSON,
    max_size=4,
)
MESSAGES = st.dictionaries(
    st.sampled_from(["datas", "days", "measure_list", "start_time", "total"]),
    JSON | ITEMS | st.datetimes().map(str),
)


@at_ease
@given(MESSAGES)
def test_no_answer_breaks_a_model(message: dict[str, Any]) -> None:
    """Whatever is where, and nothing comes out that does not belong there."""
    for recording in parse_recordings(message, Channel.VISIBLE, MediaKind.VIDEO):
        assert recording.url or recording.start
        hash(recording)
    for day in parse_days(message, 2026, 2):
        assert (day.year, day.month) == (2026, 2)
    end = NOON + 59 * MINUTE
    found = parse_temperature_series(message, Statistic.AVERAGE, NOON, end, MINUTE)
    assert len({part.key for part in found}) == len(found)
    for part in found:
        assert all(NOON <= time <= end for time, _ in part.points)
