"""What a camera says unasked."""

import base64
from datetime import datetime
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.thermogate.guide import (
    AlarmKind,
    AutofocusFinished,
    Condition,
    DifferenceAlarm,
    ExternalInputAlarm,
    FireAlarm,
    ForcedLogout,
    IllegalAccess,
    NetworkException,
    NetworkFault,
    ObjectTemperatures,
    Picture,
    Push,
    RecordingStatus,
    RuleAlarm,
    RuleTemperature,
    Shape,
    StorageFailure,
    StorageFull,
    StreamException,
    StreamFault,
    TemperatureAlarm,
    TempFlag,
    UnknownPush,
    parse_push,
)
from custom_components.thermogate.guide.pushes import is_push
from custom_components.thermogate.guide.wire import decode, encode

from .fake import JPEG
from .strategies import JSON, at_ease

TIME = "2024-05-21 12:22:33"
MEDIA = {
    "vl_image_url": "/pic/v.jpg",
    "ir_image_url": " /pic/t.jpg",
    "vl_image_content": base64.b64encode(JPEG).decode(),
    "ir_image_content": "fsdfjlslsdjfklsfjsdklsdjlk",
    "vl_video_url": "/v.h264",
    "time": TIME,
}
CONFIG = {
    "type": 1,
    "condition": 1,
    "high_temp": 60,
    "objtype": 3,
    "points": [{"x": 1, "y": 2}],
}
MEASURED = {
    "high_temp": 71.5,
    "low_temp": 20,
    "avg_temp": "30.5",
    "temp_flag": 1,
    "name": "Pump",
}
POINTS = [
    {"temp_flag": 1, "x": 1, "y": 2, "w": 3, "h": 4, "temperature": 37.5},
    {"temp_flag": 1, "temperature": 38.5},
    {"temp_flag": 2, "temperature": 10},
    {"temp_flag": 0, "temperature": 25},
]


def notify(cmdtype: object, body: object, wrapper: str = "content") -> dict[str, Any]:
    """Return a push as it arrives."""
    return decode(
        encode({"action": "notify", "cmdtype": cmdtype, "sequence": 1, wrapper: body})
    )


def test_a_rule_alarm() -> None:
    """With one picture, one placeholder, and the rule's settings."""
    body = (
        MEDIA
        | MEASURED
        | {
            "type": 1,
            "config": CONFIG,
            "preset": 2,
            "preset_name": "Gate",
            "rate_temp": 1.5,
        }
    )
    alarm = parse_push(notify(1000, body))
    assert isinstance(alarm, TemperatureAlarm)
    assert (alarm.kind, alarm.name, alarm.temp_flag) == (
        AlarmKind.RULE,
        "Pump",
        TempFlag.HIGH,
    )
    assert (alarm.high, alarm.low, alarm.average, alarm.rate) == (71.5, 20, 30.5, 1.5)
    assert alarm.visible == Picture(data=JPEG, content_type="image/jpeg")
    assert alarm.thermal is None
    assert (alarm.visible_url, alarm.thermal_url) == ("/pic/v.jpg", "/pic/t.jpg")
    assert (alarm.visible_video_url, alarm.thermal_video_url) == ("/v.h264", None)
    assert alarm.time == datetime(2024, 5, 21, 12, 22, 33)
    assert (alarm.preset, alarm.preset_name) == (2, "Gate")
    assert alarm.config
    assert (alarm.config.type, alarm.config.condition) == (
        RuleAlarm.HIGH,
        Condition.ABOVE,
    )
    assert (alarm.config.high, alarm.config.shape, alarm.config.points) == (
        60,
        Shape.RECTANGLE,
        ((1, 2),),
    )


@pytest.mark.parametrize(
    ("number", "kind"),
    [(1, "rule"), (2, "hot_spot"), (3, "cold_spot"), (9, "rule"), (None, "rule")],
)
def test_the_kind_of_a_1000_alarm(number: object, kind: str) -> None:
    """A new number is a rule until told otherwise."""
    alarm = parse_push(notify(1000, {"type": number, "config": CONFIG}))
    assert isinstance(alarm, TemperatureAlarm)
    assert alarm.kind == kind


@pytest.mark.parametrize(
    ("number", "flag"),
    [
        (0, "average"),
        (1, "high"),
        (2, "low"),
        (3, "high_and_low"),
        (5, "rise"),
        (6, "difference"),
        (4, None),
    ],
)
def test_what_raised_the_alarm(number: int, flag: str | None) -> None:
    """5 and 6 come from newer firmware."""
    alarm = parse_push(notify(1000, {"temp_flag": number, "config": CONFIG}))
    assert isinstance(alarm, TemperatureAlarm)
    assert alarm.temp_flag == flag


@pytest.mark.parametrize(
    ("number", "kind"), [(1, "object"), (2, "global"), (7, "body"), (5, "object")]
)
def test_an_alarm_with_points(number: int, kind: str) -> None:
    """1009 wraps its body in "message" and measures at points."""
    body = {
        "alarm_type": number,
        "alarm_time": TIME,
        "alarm_points": POINTS,
        "alarm_addr": "Gate",
    }
    alarm = parse_push(notify(1009, body, "message"))
    assert isinstance(alarm, TemperatureAlarm)
    assert alarm.kind == kind
    assert (alarm.high, alarm.low, alarm.average, alarm.temp_flag) == (
        38.5,
        10,
        25,
        TempFlag.HIGH,
    )
    assert (alarm.points[0].x, alarm.points[0].height, alarm.points[0].temperature) == (
        1,
        4,
        37.5,
    )
    assert (alarm.time, alarm.address) == (datetime(2024, 5, 21, 12, 22, 33), "Gate")


def test_an_alarm_with_points_without_temperatures() -> None:
    """Nothing is made up."""
    alarm = parse_push(
        notify(1009, {"alarm_type": 1, "alarm_points": [{"temp_flag": 1}]}, "message")
    )
    assert isinstance(alarm, TemperatureAlarm)
    assert alarm.high is alarm.low is alarm.average is None


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (
            notify(1001, {"msg": "other logining"}),
            ForcedLogout(message="other logining"),
        ),
        (notify(1001, {"msg": "x"}, "content "), ForcedLogout(message="x")),
        (notify(1001, None), ForcedLogout()),
        (
            notify("1002", {"total": 1024, "free": "1", "limit": 2}),
            StorageFull(total=1024, free=1, limit=2),
        ),
        (notify(1003, {}), StorageFailure()),
        (notify(1004, {"type": 3}), StreamException(type=StreamFault.BUFFER)),
        (notify(1004, {"type": 8}), StreamException()),
        (
            notify(1005, {"user": "root", "ip": "10.0.0.9", "time": TIME}),
            IllegalAccess(
                user="root", ip="10.0.0.9", time=datetime(2024, 5, 21, 12, 22, 33)
            ),
        ),
        (
            notify(1006, {"status": 1, "time": 3}),
            RecordingStatus(visible=True, seconds=3),
        ),
        (
            {
                "action": "notify",
                "cmdtype": 1006,
                "sequence": 1,
                "status": 1,
                "time": 3,
            },
            RecordingStatus(visible=True, seconds=3),
        ),
        (
            {
                "action": "notify",
                "cmdtype": 1006,
                "content": None,
                "status": 1,
                "time": 3,
            },
            RecordingStatus(visible=True, seconds=3),
        ),
        (
            notify(
                1007,
                {
                    "interval": 60,
                    "obj_list": [
                        {"measure_type": 2, "measure_id": 213, "max_temp": 12}
                    ],
                },
            ),
            ObjectTemperatures(
                interval=60,
                rules=(
                    RuleTemperature(
                        key="213", rule_id=213, shape=Shape.LINE, maximum=12
                    ),
                ),
            ),
        ),
        (notify(1007, {"obj_list": None}), ObjectTemperatures()),
        (
            notify(1008, {"type": 2, "ip": "10.0.0.1"}),
            NetworkException(type=NetworkFault.GATEWAY_UNREACHABLE, ip="10.0.0.1"),
        ),
        (notify(1008, {"type": 0}), NetworkException(type=NetworkFault.DOWN)),
        (notify(1010, {"time": "1970-01-01 00:00:01"}), ExternalInputAlarm()),
        (notify(1010, {}), ExternalInputAlarm()),
        (
            notify(
                1042,
                {
                    "obj_name1": "Phase 1",
                    "obj_name2": "Phase 2",
                    "fTemp1": 81.5,
                    "fTemp2": "40",
                    "fTempDiff": 41.5,
                    "fTempThreshold": 15,
                    "iTempFlag": 1,
                },
            ),
            DifferenceAlarm(
                names=("Phase 1", "Phase 2"),
                temperatures=(81.5, 40),
                difference=41.5,
                threshold=15,
            ),
        ),
        (notify(1012, {"temp_diff": 3}), DifferenceAlarm(difference=3)),
        (notify(1099, {"obj_name1": None}), DifferenceAlarm()),
        (notify(1043, {"result": 0}), AutofocusFinished(result=0)),
        (notify(1043, {"result": "?", "time": TIME}), AutofocusFinished()),
        (notify(1043, {"result": 0, "what": 1}), UnknownPush(cmdtype=1043)),
        (notify(1042, {"what": 3}), UnknownPush(cmdtype=1042)),
        (notify(None, {}), UnknownPush(cmdtype=None)),
    ],
)
def test_the_other_pushes(frame: dict[str, Any], expected: Push) -> None:
    """Wherever the body stands, and without one."""
    assert parse_push(frame) == expected


def test_a_fire_alarm() -> None:
    """A capture time may stand in for nothing else."""
    fire = parse_push(notify(1011, MEDIA | MEASURED | {"capture_time": TIME}))
    assert isinstance(fire, FireAlarm)
    assert (fire.name, fire.high, fire.temp_flag) == ("Pump", 71.5, TempFlag.HIGH)
    assert fire.capture_time == fire.time == datetime(2024, 5, 21, 12, 22, 33)


def test_the_other_spelling_of_pictures() -> None:
    """*_img_* of the tables instead of *_image_*."""
    body = {
        "vl_img_url": "/a",
        "ir_img_content": MEDIA["vl_image_content"],
        "time": TIME,
    }
    alarm = parse_push(notify(1010, body))
    assert isinstance(alarm, ExternalInputAlarm)
    assert alarm.visible_url == "/a"
    assert alarm.thermal == Picture(data=JPEG, content_type="image/jpeg")


@pytest.mark.parametrize(
    ("number", "body", "expected"),
    [
        # The document's own examples carry the number before theirs.
        (1009, {"type": 1, "ip": ""}, NetworkException),
        (1009, MEDIA, ExternalInputAlarm),
        (1010, MEDIA | MEASURED, FireAlarm),
        # Other contradictions.
        (1000, {"alarm_points": POINTS, "alarm_type": 7}, TemperatureAlarm),
        (1008, {"alarm_type": 2}, TemperatureAlarm),
        (1011, MEDIA | MEASURED | {"config": CONFIG}, TemperatureAlarm),
        (1010, {"objtype": 0}, TemperatureAlarm),
        (1008, MEDIA, ExternalInputAlarm),
        # No contradiction: the number stands.
        (1000, MEASURED | {"type": 1}, TemperatureAlarm),
        (1000, MEDIA, TemperatureAlarm),
        (1011, MEDIA, FireAlarm),
        (1011, {"config": None, "alarm_points": []} | MEASURED, FireAlarm),
        (1008, {"something": 1}, NetworkException),
        (1005, {"type": 1, "ip": "x"}, IllegalAccess),
    ],
)
def test_a_body_that_contradicts_its_number_wins(
    number: int, body: dict[str, Any], expected: type
) -> None:
    """But a fire is never played down, and other numbers are not touched."""
    assert type(parse_push(notify(number, body))) is expected


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ({"action": "notify", "cmdtype": 5}, True),
        ({"action": "response", "cmdtype": 520, "content": {}}, True),
        ({"cmdtype": 1007}, True),
        ({"cmdtype": "1007"}, True),
        ({"cmdtype": 1007, "retcode": 0}, False),
        ({"action": "response", "cmdtype": 520, "retcode": 0}, False),
        ({}, False),
    ],
)
def test_what_is_a_push(frame: dict[str, Any], expected: bool) -> None:
    """By its action, its body, or its number without a return code."""
    assert is_push(frame) is expected
    assert (parse_push(frame) is not None) is expected


def test_an_echoed_heartbeat_is_nothing() -> None:
    """Neither a push nor an answer."""
    assert parse_push({"action": "notify", "cmdtype": 9999, "message": {}}) is None


KEYS = st.sampled_from(
    [
        "type",
        "ip",
        "high_temp",
        "temp_flag",
        "config",
        "objtype",
        "points",
        "alarm_points",
        "alarm_type",
        "time",
        "vl_image_url",
        "ir_img_content",
        "obj_list",
        "measure_id",
        "msg",
        "total",
        "user",
        "status",
        "alarm_time",
        "temperature",
        "x",
        "obj_name1",
        "fTemp2",
        "fTempDiff",
        "result",
    ]
)
BODIES = st.dictionaries(
    KEYS,
    JSON | st.lists(st.dictionaries(KEYS, JSON, max_size=4), max_size=3),
    max_size=8,
)


@at_ease
@given(
    st.integers(998, 1013) | JSON,
    BODIES | JSON,
    st.sampled_from(["content", "message", "x"]),
)
def test_no_push_breaks_the_parser(cmdtype: object, body: object, wrapper: str) -> None:
    """Whatever is where."""
    assert (
        parse_push({"action": "notify", "cmdtype": cmdtype, wrapper: body}) is not None
    )


@at_ease
@given(JSON.filter(lambda value: isinstance(value, dict)))
def test_no_frame_breaks_the_parser(frame: Any) -> None:
    """Even one that is nothing at all."""
    parse_push(frame)
