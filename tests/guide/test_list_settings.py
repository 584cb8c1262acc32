"""Lists that people edit besides rules: areas of the picture, times of alarms, video streams."""

from copy import deepcopy
from typing import Any

import pytest

from custom_components.thermogate.guide import (
    Area,
    GuideValidationError,
    Message,
    Period,
    Unit,
    alarm_week,
    check_periods,
    fire_areas,
    put_alarm_week,
    put_fire_areas,
    put_shielded_areas,
    put_stream,
    shielded_areas,
    streams_in_words,
)
from custom_components.thermogate.guide.alarm_times import MAX_PERIODS
from custom_components.thermogate.guide.areas import MAX_FIRE, MAX_SHIELDED

SIZE = (512, 384)
HALF = Area(0.5, 0, 0.5, 1)

# Areas


def test_shielded_areas() -> None:
    """They are told as they were set; one that is replaced keeps what else the camera says of it."""
    message: Message = {"rects": [{"x": 1, "y": 1, "w": 2, "h": 2, "new": 5}]}
    put_shielded_areas(message, [HALF], Unit.FRACTIONS, SIZE)
    assert message["rects"] == [{"x": 257, "y": 1, "w": 256, "h": 384, "new": 5}]
    assert shielded_areas(message, Unit.FRACTIONS, SIZE) == [HALF]
    put_shielded_areas(message, [], Unit.FRACTIONS, SIZE)
    assert message["rects"] == []
    assert shielded_areas({}, Unit.FRACTIONS, SIZE) == []


@pytest.mark.parametrize(
    ("put", "most"),
    [(put_shielded_areas, MAX_SHIELDED), (put_fire_areas, MAX_FIRE)],
)
def test_how_many_areas_there_are(put: Any, most: int) -> None:
    """As many as the camera has room for."""
    area: Any = HALF if put is put_shielded_areas else HALF._asdict()
    put({}, [area] * most, Unit.FRACTIONS, SIZE)
    with pytest.raises(GuideValidationError) as raised:
        put({}, [area] * (most + 1), Unit.FRACTIONS, SIZE)
    assert (raised.value.field, raised.value.value) == ("areas", most + 1)


def test_fire_areas() -> None:
    """The camera's places are filled in order, those that are left watch nothing; all else stays."""
    message: Message = {
        "flag": 1,
        "area1": {"area_name": "old", "new": 5},
        "area2": {"area_name": "old"}
        | dict.fromkeys(("top_left_x", "top_left_y"), 1)
        | dict.fromkeys(("bo_right_x", "bo_right_y"), 9),
    }
    wanted = {"name": "Store", "sensitivity": 70, **HALF._asdict()}
    put_fire_areas(message, [wanted], Unit.FRACTIONS, SIZE)
    assert message["area1"] == {
        "area_name": "Store",
        "sensitivity": 70,
        "top_left_x": 257,
        "top_left_y": 1,
        "bo_right_x": 512,
        "bo_right_y": 384,
        "new": 5,
    }
    assert message["area2"]["bo_right_x"] == 1
    assert message["flag"] == 1
    assert fire_areas(message, Unit.FRACTIONS, SIZE) == [wanted]
    # This camera has two places, not the four of the document's example.
    with pytest.raises(GuideValidationError):
        put_fire_areas(message, [wanted] * 3, Unit.FRACTIONS, SIZE)


def test_a_fire_area_of_which_only_the_place_is_said() -> None:
    """It gets the document's sensitivity and a name; and it must be an area."""
    message: Message = {}
    put_fire_areas(message, [HALF._asdict()], Unit.FRACTIONS, SIZE)
    assert (message["area1"]["area_name"], message["area1"]["sensitivity"]) == (
        "area1",
        50,
    )
    line = HALF._replace(width=0)._asdict()
    with pytest.raises(GuideValidationError) as raised:
        put_fire_areas(message, [line], Unit.FRACTIONS, SIZE)
    assert raised.value.field == "width"


@pytest.mark.parametrize(("sensitivity", "allowed"), [(-1, False), (0, True), (100, True), (101, False)])  # fmt: skip
def test_the_sensitivity_of_a_fire_area(sensitivity: int, allowed: bool) -> None:
    """In percent."""
    area = HALF._asdict() | {"sensitivity": sensitivity}
    if allowed:
        put_fire_areas({}, [area], Unit.FRACTIONS, SIZE)
        return
    with pytest.raises(GuideValidationError):
        put_fire_areas({}, [area], Unit.FRACTIONS, SIZE)


# Times


def test_the_times_of_a_week() -> None:
    """Every day is written, those without times as such; a day keeps what else the camera says of it."""
    message: Message = {
        "flag": 1,
        "effect_day": [{"day": 2, "period": [], "new": 5}],
    }
    morning, evening = Period("08:00:00", "12:00:00"), Period("18:00:00", "23:59:59")
    put_alarm_week(message, {2: [morning, evening]})
    assert [item["day"] for item in message["effect_day"]] == [*range(1, 8)]
    assert message["effect_day"][1] == {
        "day": 2,
        "period": [
            {"start": "08:00:00", "end": "12:00:00"},
            {"start": "18:00:00", "end": "23:59:59"},
        ],
        "new": 5,
    }
    assert alarm_week(message)[2] == [morning, evening]
    assert alarm_week(message)[1] == []


def test_what_a_camera_says_of_a_week_is_never_too_odd() -> None:
    """Days that there are not are passed over, those that come twice are one."""
    periods = [{"start": "01:00:00", "end": "02:00:00"}]
    twice = {"effect_day": [{"day": 1, "period": periods}] * 2 + [{"day": 8, "period": periods}]}  # fmt: skip
    assert len(alarm_week(twice)[1]) == 2
    assert len(alarm_week(twice)) == 7
    assert alarm_week({"effect_day": None}) == {day: [] for day in range(1, 8)}


def test_a_camera_without_times() -> None:
    """It is not given any."""
    with pytest.raises(GuideValidationError):
        put_alarm_week({"flag": 1}, {})


FIRST, SECOND = Period("08:00:00", "12:00:00"), Period("12:00:00", "13:00:00")


@pytest.mark.parametrize(
    ("periods", "wrong"),
    [
        ([], None),
        ([SECOND, FIRST], None),
        ([Period("08:00:00", "08:00:00")], Period("08:00:00", "08:00:00")),
        ([Period("09:00:00", "08:00:00")], Period("09:00:00", "08:00:00")),
        ([FIRST, Period("11:59:59", "13:00:00")], (FIRST, Period("11:59:59", "13:00:00"))),
    ],
)  # fmt: skip
def test_the_times_of_a_day(periods: list[Period], wrong: object) -> None:
    """They end after they have begun, and do not overlap."""
    assert check_periods(periods) == wrong


def test_how_many_times_a_day() -> None:
    """Six."""
    day = [Period(f"{hour:02}:00:00", f"{hour:02}:30:00") for hour in range(7)]
    assert MAX_PERIODS == 6
    assert check_periods(day[:6]) is None
    with pytest.raises(GuideValidationError):
        check_periods(day)
    with pytest.raises(GuideValidationError):
        check_periods([Period("08:00", "25:00:00")])


# Streams


def stream(codec_name: str = "encodec", **fields: Any) -> Message:
    """Return the small visible stream as a camera tells it."""
    return {
        "type": 2,
        "ratio": "640x480",
        codec_name: 0,
        "fps": 10,
        "gop_size": 20,
        "svc": 1,
        "firmware_2027": 5,
        **fields,
    }


@pytest.mark.parametrize("codec_name", ["encodec", "encoder", "encoded"])
def test_the_codec_is_spelled_as_the_camera_does(codec_name: str) -> None:
    """The document has three spellings."""
    message: Message = {"params": [stream(codec_name)]}
    put_stream(message, "visible_sub", {"codec": "h265"})
    assert message["params"] == [stream(codec_name, **{codec_name: 1})]
    assert streams_in_words(message)[0]["codec"] == "h265"


def test_one_stream_is_changed() -> None:
    """The others are not, nor what nobody named; what is told can be set again."""
    other = stream(type=3)
    message: Message = {"params": [other, stream()]}
    before = deepcopy(other)
    put_stream(message, "visible_sub", {"layered": True, "resolution": "704x576"})
    assert message["params"] == [before, stream(svc=0, ratio="704x576")]
    [_, told] = streams_in_words(message)
    put_stream(message, told.pop("stream"), told)
    assert message["params"] == [before, stream(svc=0, ratio="704x576")]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"fps": 5}, (5, 10)),
        ({"fps": 25}, (25, 20)),
        ({"fps": 5, "key_frame_interval": 10}, (5, 10)),
        ({"fps": 5, "key_frame_interval": 11}, None),
        ({"key_frame_interval": 20}, (10, 20)),
        ({"key_frame_interval": 21}, None),
    ],
)
def test_key_pictures_come_every_two_seconds(
    words: dict[str, int], expected: tuple[int, int] | None
) -> None:
    """An interval that nobody named follows."""
    message: Message = {"params": [stream()]}
    if expected is None:
        with pytest.raises(GuideValidationError) as raised:
            put_stream(message, "visible_sub", words)
        assert raised.value.field == "key_frame_interval"
        return
    put_stream(message, "visible_sub", words)
    [changed] = message["params"]
    assert (changed["fps"], changed["gop_size"]) == expected


@pytest.mark.parametrize(
    ("name", "words", "field"),
    [
        ("thermal_main", {"fps": 5}, "stream"),
        ("visible_sub", {"resolution": "large"}, "resolution"),
        ("visible_sub", {"fps": 26}, "fps"),
        ("visible_sub", {"fps": 0}, "fps"),
        ("visible_sub", {"bit_rate": 49}, "bit_rate"),
        ("visible_sub", {"bit_rate": 409601}, "bit_rate"),
        ("visible_sub", {"quality": "superb"}, "quality"),
    ],
)
def test_what_is_no_stream(name: str, words: dict[str, Any], field: str) -> None:
    """The error names it as people do."""
    with pytest.raises(GuideValidationError) as raised:
        put_stream({"params": [stream()]}, name, words)
    assert raised.value.field == field
