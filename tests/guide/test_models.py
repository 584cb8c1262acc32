"""What a camera tells about itself, whole and damaged."""

from datetime import datetime
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.thermogate.guide import (
    Condition,
    Delayed,
    FillLight,
    GeneralInfo,
    LightMode,
    NetworkInfo,
    Preset,
    PtzMotion,
    PtzStatus,
    RecordingStatus,
    RuleAlarm,
    RuleTemperature,
    Shape,
    Temperatures,
    VersionInfo,
)
from custom_components.thermogate.guide.models import parse_rules, parse_time
from custom_components.thermogate.guide.ptz_models import (
    parse_cruises,
    parse_line_scans,
    parse_presets,
    parse_traces,
)
from custom_components.thermogate.guide.rule_matching import align_rules
from custom_components.thermogate.guide.wire import decode, encode

from .strategies import JSON, at_ease


def test_general_information_of_a_real_camera() -> None:
    """Key names as devices use them."""
    info = GeneralInfo.from_message(
        {
            "control_port": 9980,
            "control_uri": "/api/v1/control",
            "datetime": "2022-03-08 14:33:40",
            "gears": [{"max": 150, "min": -20}, {"max": 550, "min": 100}],
            "audiofile": [{"index": 2, "name": "Beeps"}, {}],
            "ir_mode": 0,
            "ir_model_w": 256,
            "ir_model_h": 192,
            "ir_output_w": "512",
            "ir_output_h": 384,
            "ir_rtsp_url": "rtsp://192.168.1.168:554/video1/stream0",
            "vl_rtsp_url": "",
            "systemname": "Gate",
            "rule_flush_intveral": 1,
        }
    )
    assert info.model_size == (256, 192)
    assert info.output_size == (512, 384)
    assert info.urls.thermal == "rtsp://192.168.1.168:554/video1/stream0"
    assert info.urls.visible is info.urls.visible_sub is info.urls.thermal_sub is None
    assert [(gear.index, gear.minimum, gear.maximum) for gear in info.gears] == [
        (0, -20, 150),
        (1, 100, 550),
    ]
    assert [sound.index for sound in info.audio_files] == [2, 1]
    assert info.datetime == datetime(2022, 3, 8, 14, 33, 40)
    assert (info.system_name, info.flush_interval, info.ir_mode) == ("Gate", 1, 0)


def test_general_information_in_the_documents_spelling() -> None:
    """Blanks in keys, *_video_url, control_url."""
    info = GeneralInfo.from_message(
        decode(
            '{"ir_model_w ":256,"ir_model_h ":192,"ir_output_h ":0,"vl_video_url":"rtsp://a/b",'
            '"vl_sub_video_url":" ","control_url":"/other"}'
        )
    )
    assert info.model_size == (256, 192)
    assert info.output_size is None
    assert info.urls.visible == "rtsp://a/b"
    assert info.urls.visible_sub is None
    assert info.control_uri == "/other"


def test_everything_may_be_missing() -> None:
    """The defaults are those of the document."""
    info = GeneralInfo.from_message({})
    assert info == GeneralInfo()
    assert (
        info.control_port,
        info.control_uri,
        info.ir_video_port,
        info.vl_video_port,
    ) == (
        9980,
        "/api/v1/control",
        9982,
        9981,
    )


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("control", "/control"),
        ("//evil.example/control", "/control"),
        ("ws://evil.example:1/control?x=1", "/control"),
        ("/", "/api/v1/control"),
        (5, "/5"),
        ("http://[", "/api/v1/control"),
    ],
)
def test_a_control_address_is_only_a_path(uri: object, expected: str) -> None:
    """It never names another host."""
    assert GeneralInfo.from_message({"control_uri": uri}).control_uri == expected


@pytest.mark.parametrize("port", [0, -1, 65536, "x", None, []])
def test_an_impossible_port_is_the_default(port: object) -> None:
    """Rather than a crash while connecting."""
    assert GeneralInfo.from_message({"control_port": port}).control_port == 9980


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-21 12:22:33", datetime(2024, 5, 21, 12, 22, 33)),
        ("2024/05/21 12:22:33", datetime(2024, 5, 21, 12, 22, 33)),
        ("2024-05-21T12:22:33+08:00", datetime(2024, 5, 21, 12, 22, 33)),
        ("1970-01-01 00:00:12", None),
        ("2019-12-31 23:59:59", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_a_time_before_2020_is_none(text: object, expected: datetime | None) -> None:
    """The camera lost its clock."""
    assert parse_time(text) == expected


def test_version_and_network() -> None:
    """Line ends inside values are real."""
    version = VersionInfo.from_message(
        {"model": "NC200", "serial": " Z1\r\n", "version": None}
    )
    assert version == VersionInfo(model="NC200", serial="Z1")
    network = NetworkInfo.from_message(
        {"mac": "00-15-18-10-CA-9D", "ipaddr": "10.0.0.2", "mode": 1}
    )
    assert (network.mac, network.ip_address, network.dhcp) == (
        "00:15:18:10:ca:9d",
        "10.0.0.2",
        True,
    )


@pytest.mark.parametrize("rules", [None, [], "x", {}])
def test_temperatures_without_rules(rules: object) -> None:
    """Whole-picture values come under two names."""
    reply = {
        "global_max_temp": 31.5,
        "global_min_temp": "20.25",
        "avg_temp": 25,
        "rule_list": rules,
    }
    assert Temperatures.from_message(reply) == Temperatures(
        maximum=31.5, minimum=20.25, average=25
    )
    assert Temperatures.from_message({}) == Temperatures()


def test_rules_are_keyed_by_id_and_else_by_place_and_name() -> None:
    """Ids may be missing, zero or used twice."""
    rules = Temperatures.from_message(
        {
            "rule_list": [
                {
                    "rule_id": 1,
                    "rule_name": "Pump",
                    "type": 3,
                    "max_temp": 40,
                    "min_temp": 20,
                },
                {"rule_id": 0, "rule_name": "Belt", "type": 9},
                {"rule_id": "7", "rule_name": "A"},
                {"rule_id": 7, "rule_name": "B", "preset": 2},
                {},
                None,
            ]
        }
    ).rules
    assert [rule.key for rule in rules] == ["1", "1_Belt", "2_A", "3_B", "4_"]
    assert rules[0] == RuleTemperature(
        key="1",
        rule_id=1,
        name="Pump",
        shape=Shape.RECTANGLE,
        maximum=40,
        minimum=20,
        average=None,
    )
    assert rules[1].shape is None
    assert rules[3].preset == 2


RULE: dict[str, Any] = {
    "id": 4,
    "rule_name": "Pump",
    "type": 1,
    "alarm_flag": 1,
    "alarm_type": 6,
    "alarm_condition": 2,
    "high_temp": 60,
    "low_temp": 10,
    "avg_temp": 30,
    "diff_temp": 5,
    "rate_temp": -3,
    "alarm_time": 30,
    "preset": 3,
    "points": [{"x": 1, "y": 2}, {"x": 3}, 5],
    "unknown": "kept",
}


def test_a_rule_keeps_all_that_the_camera_said() -> None:
    """For writing the list back."""
    (rule,) = parse_rules({"rule_list": [RULE]})
    assert (rule.key, rule.rule_id, rule.name, rule.shape) == (
        "4",
        4,
        "Pump",
        Shape.POINT,
    )
    assert (rule.alarm_enabled, rule.alarm_type, rule.alarm_condition) == (
        True,
        RuleAlarm.SLOPE,
        Condition.BELOW,
    )
    assert (rule.high, rule.low, rule.average, rule.difference, rule.rate) == (
        60,
        10,
        30,
        5,
        -3,
    )
    assert (rule.alarm_time, rule.preset, rule.points) == (30, 3, ((1, 2),))
    assert rule.raw == RULE
    assert isinstance(hash(rule), int)


def _keys(rules: list[dict[str, Any]], temperatures: list[dict[str, Any]]) -> list[str]:
    parsed = Temperatures.from_message({"rule_list": temperatures}).rules
    return [rule.key for rule in align_rules(parse_rules({"rule_list": rules}), parsed)]


def test_rules_without_ids_find_their_temperatures() -> None:
    """By id, by name and shape, by name, and at last by place."""
    by_name = [
        {"rule_id": 11, "rule_name": "B", "type": 3},
        {"rule_id": 10, "rule_name": "A", "type": 1},
    ]
    assert _keys(
        [{"id": 0, "rule_name": "A"}, {"id": 0, "rule_name": "B"}], by_name
    ) == ["10", "11"]
    assert _keys([{"id": 10}, {"id": 11}], by_name) == ["10", "11"]
    same_name = [
        {"rule_id": 1, "rule_name": "A", "type": 1},
        {"rule_id": 2, "rule_name": "A", "type": 3},
    ]
    assert _keys(
        [{"rule_name": "A", "type": 3}, {"rule_name": "A", "type": 1}], same_name
    ) == ["2", "1"]
    assert _keys([{"rule_name": "X"}, {"rule_name": "X"}], same_name) == ["1", "2"]
    assert _keys([{"rule_name": "X"}], same_name) == ["0_X"]


ENTRIES = st.lists(
    st.fixed_dictionaries(
        {
            "n": st.sampled_from(["", "A", "B"]),
            "i": st.integers(0, 3),
            "t": st.integers(1, 2),
        }
    ),
    max_size=5,
)


@at_ease
@given(ENTRIES, ENTRIES)
def test_keys_stay_distinct(
    ours: list[dict[str, Any]], theirs: list[dict[str, Any]]
) -> None:
    """However ids and names repeat."""
    rules = [{"id": e["i"], "rule_name": e["n"], "type": e["t"]} for e in ours]
    temperatures = [
        {"rule_id": e["i"], "rule_name": e["n"], "type": e["t"]} for e in theirs
    ]
    keys = _keys(rules, temperatures)
    assert len(set(keys)) == len(rules)


def test_pan_tilt_lists() -> None:
    """Entries without an index or with one seen before are left out."""
    presets = [
        {"index": 1, "name": "Gate "},
        {"index": "2"},
        {"name": "?"},
        {"index": 1, "name": "again"},
    ]
    assert parse_presets({"presets": presets}) == (
        Preset(index=1, name="Gate"),
        Preset(index=2),
    )
    (cruise,) = parse_cruises(
        {
            "cruise_groups": [
                {
                    "cruise_index": 1,
                    "cruise_name": "Round",
                    "presets": [{"index": 1, "duration": 5}, {"index": 1}, {}],
                }
            ]
        }
    )
    assert (cruise.index, cruise.name) == (1, "Round")
    assert [(stop.preset, stop.duration) for stop in cruise.stops] == [
        (1, 5),
        (1, None),
    ]
    (scan,) = parse_line_scans(
        {
            "linescan_groups": [
                {"linescan_index": 1, "linescan_speed": 3, "linescan_left_enable": 3}
            ]
        }
    )
    assert (scan.speed, scan.left_enabled, scan.right_enabled) == (3, True, None)
    (trace,) = parse_traces(
        {"trace_groups": [{"trace_index": 2, "trace_enable": 1, "trace_name": "T"}]}
    )
    assert (trace.index, trace.enabled, trace.name) == (2, True, "T")


def test_states() -> None:
    """Of the head, the light and the recorder."""
    status = PtzStatus.from_message(
        {"ptz_movement": 1, "ptz_move_type": 2, "ptz_move_index": 4}
    )
    assert status == PtzStatus(moving=True, kind=PtzMotion.LINE_SCAN, index=4)
    assert PtzStatus.from_message({"ptz_movement": 0, "ptz_move_type": 0}).kind is None
    light = FillLight.from_message({"mode": 1, "light": 0, "brightness": "40"})
    assert light == FillLight(mode=LightMode.AUTOMATIC, on=False, brightness=40)
    assert FillLight.from_message({"mode": "x"}) == FillLight()
    recording = RecordingStatus.from_message({"status": 2, "time": 7, "alltime": 9})
    assert (
        recording.visible,
        recording.thermal,
        recording.seconds,
        recording.active,
    ) == (False, True, 7, True)
    both = RecordingStatus.from_message({"allrecord": 1, "time": 7, "alltime": 9})
    assert (both.visible, both.thermal, both.seconds) == (True, True, 9)
    assert not RecordingStatus().active


@pytest.mark.parametrize(
    ("told", "delayed", "active"),
    [
        (None, None, False),
        (0, Delayed.OFF, False),
        (1, Delayed.RECORDING, True),
        (2, Delayed.RECORDING, True),
        (3, Delayed.WAITING, False),
        (4, Delayed.WAITING, False),
    ],
)
def test_a_delayed_recording_waits_and_then_records(
    told: int | None, delayed: Delayed | None, active: bool
) -> None:
    """Only when it has begun, something is being recorded."""
    status = RecordingStatus.from_message({"status": 0, "delay_status": told})
    assert (status.delayed, status.active) == (delayed, active)


KEYS = st.sampled_from(
    [
        "control_uri",
        "control_port",
        "gears",
        "audiofile",
        "datetime",
        "ir_model_w",
        "ir_model_h",
        "rule_list",
        "rule_id",
        "rule_name",
        "type",
        "points",
        "x",
        "y",
        "presets",
        "index",
        "cruise_groups",
        "cruise_index",
        "trace_groups",
        "trace_index",
        "linescan_groups",
        "linescan_index",
        "mac",
        "mode",
        "light",
        "brightness",
        "status",
        "allrecord",
        "global_max_temp",
        "max_temp",
        "vl_rtsp_url",
        "serial",
        "ptz_movement",
        "ptz_move_type",
    ]
)
MESSAGES = st.dictionaries(
    KEYS,
    JSON | st.lists(st.dictionaries(KEYS, JSON, max_size=5), max_size=4),
    max_size=8,
)


@at_ease
@given(MESSAGES)
def test_no_message_breaks_a_model(message: dict[str, Any]) -> None:
    """Whatever is where."""
    for parse in (
        GeneralInfo.from_message,
        VersionInfo.from_message,
        NetworkInfo.from_message,
        Temperatures.from_message,
        FillLight.from_message,
        RecordingStatus.from_message,
        PtzStatus.from_message,
        parse_rules,
        parse_presets,
        parse_cruises,
        parse_line_scans,
        parse_traces,
    ):
        parse(message)


def test_a_message_survives_the_wire() -> None:
    """What we parse is what was sent."""
    assert parse_rules(decode(encode({"rule_list": [RULE]})))[0].raw == RULE
