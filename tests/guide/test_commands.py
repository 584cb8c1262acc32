"""The table: complete, consistent, and the guard of what is sent."""

import pytest

from custom_components.thermogate.guide import (
    COMMANDS,
    PTZ_COMMANDS,
    UPLOADS,
    GuideValidationError,
    Kind,
    PtzAction,
)
from custom_components.thermogate.guide.commands import command_for
from custom_components.thermogate.guide.fields import Field, FieldType

NUMBERS = {*range(1, 59), *range(500, 533), *range(600, 618), 906, 9999} - {
    37,
    38,
    519,
    526,
}


def test_every_number_is_there_once() -> None:
    """37, 38, 519 and 526 do not exist."""
    assert set(COMMANDS) == NUMBERS
    assert all(number == command.cmdtype for number, command in COMMANDS.items())
    assert len({command.key for command in COMMANDS.values()}) == len(COMMANDS)


def test_uploads_have_their_paths() -> None:
    """Eight of them."""
    assert list(UPLOADS) == list(range(751, 759))
    assert UPLOADS[754] == "/upload/apppkg"


def test_settings_come_in_pairs() -> None:
    """Odd sets, the next even number gets the same fields."""
    for number in (n for n in NUMBERS if n <= 58):
        command = COMMANDS[number]
        if number % 2:
            assert (command.kind, command.paired_get) == (Kind.SET, number + 1)
            assert COMMANDS[number + 1].reply[: len(command.request)] == command.request
        else:
            assert (command.kind, command.paired_set) == (Kind.GET, number - 1)


def _fields(fields: tuple[Field, ...]) -> list[Field]:
    return [each for field in fields for each in (field, *_fields(field.fields))]


@pytest.mark.parametrize("number", sorted(NUMBERS))
def test_the_fields_make_sense(number: int) -> None:
    """Names once per level, limits in order, objects with fields, lists with items."""
    command = COMMANDS[number]
    for level in (command.request, command.reply, command.top_level):
        assert len({field.name for field in level}) == len(level)
        for field in _fields(level):
            if field.minimum is not None and field.maximum is not None:
                assert field.minimum <= field.maximum
            if field.type in {FieldType.OBJECT, FieldType.LIST}:
                assert field.fields or field.item
                assert len({inner.name for inner in field.fields}) == len(field.fields)


def test_only_500_and_the_login_need_no_session() -> None:
    """501 makes one."""
    assert {
        number for number, command in COMMANDS.items() if not command.needs_login
    } == {500, 501}


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (1, {"color_bar": 26, "emiss": 0.95, "isot_high_color": "#FF0000", "flag": 1}),
        (
            3,
            {
                "rule_list": [
                    {
                        "rule_name": "Door",
                        "points": [{"x": 1, "y": 1}],
                        "high_temp": -40,
                    }
                ]
            },
        ),
        (3, {"rule_list": []}),
        (5, {"ir_config": {"brightness": 100}}),
        (9, {"ipaddr": "192.168.1.168", "mode": 1}),
        (13, {"month_data": [{"mon": 12, "data": [1, 31]}]}),
        (13, {"month_data": None}),
        (
            19,
            {
                "effect_day": [
                    {"day": 7, "period": [{"start": "00:00:00", "end": "23:59:59"}]}
                ]
            },
        ),
        (31, {"mailto": ["a@b"], "password": "x"}),
        (39, {"mode": 0}),
        (506, {"datetime": "2025-02-28 23:59:59"}),
        (605, {"index": 255}),
        (1, {"something_new": object()}),
        (2, {"default": 0}),
    ],
)
def test_what_the_document_allows_passes(
    number: int, message: dict[str, object]
) -> None:
    """And what the table does not know: newer firmware has more fields than the document."""
    COMMANDS[number].check(message, {})


@pytest.mark.parametrize(
    ("number", "message", "field", "allowed"),
    [
        (1, {"humi": 101}, "humi", "1 to 100 %"),
        (1, {"emiss": 0.05}, "emiss", "0.1 to 1"),
        (1, {"emiss": float("nan")}, "emiss", "a number"),
        (1, {"emiss": "high"}, "emiss", "a number"),
        (1, {"color_bar": 27}, "color_bar", "26 (amber)"),
        (1, {"flag": True}, "flag", "0 (off), 1 (on)"),
        (1, {"flag": 2}, "flag", "0 (off), 1 (on)"),
        (1, {"gear": -1}, "gear", "at least 0"),
        (1, {"gear": True}, "gear", "a whole number"),
        (1, {"show_desc": "x" * 43}, "show_desc", "at most 42 characters"),
        (1, {"show_desc": 5}, "show_desc", "text"),
        (1, {"isot_low_color": "red"}, "isot_low_color", "#ff0000"),
        (
            3,
            {"rule_list": [{"points": [{"x": 0, "y": 1}]}]},
            "rule_list[0].points[0].x",
            "at least 1",
        ),
        (
            3,
            {"rule_list": [{"points": [{"x": 1}] * 8}]},
            "rule_list[0].points",
            "1 to 7",
        ),
        (3, {"rule_list": ["x"]}, "rule_list[0]", "an object"),
        (3, {"rule_list": {}}, "rule_list", "a list"),
        (5, {"vl_config": {"wdr": 6}}, "vl_config.wdr", "5 (100)"),
        (5, {"vl_config": 5}, "vl_config", "an object"),
        (9, {"ipaddr": "192.168.1.300"}, "ipaddr", "an IP address"),
        (9, {"ipaddr": 5}, "ipaddr", "an IP address"),
        (13, {"month_data": [{"data": [32]}]}, "month_data[0].data[0]", "1 to 31"),
        (17, {"rects": [{}, {}, {}]}, "rects", "at most 2"),
        (
            19,
            {"effect_day": [{"period": [{"start": "24:00:00"}]}]},
            "effect_day[0].period[0].start",
            "23:59:59",
        ),
        (1, {"color_bar": "pink"}, "color_bar", "26 (amber)"),
        (1, {"color_bar": True}, "color_bar", "26 (amber)"),
        (39, {}, "mode", "a value"),
        (506, {"datetime": "2025-02-30 00:00:00"}, "datetime", "2025-01-31 23:59:59"),
        (506, {"datetime": 5}, "datetime", "2025-01-31 23:59:59"),
        (600, {"ptz_command": 36}, "ptz_command", "35 (down_right_zoom_out)"),
        (605, {"index": 0}, "index", "1 to 255"),
        (2, {"default": 1}, "default", "0"),
        (1, {"default": 1}, "default", "0"),
    ],
)
def test_what_it_does_not_is_refused_by_field_and_range(
    number: int, message: dict[str, object], field: str, allowed: str
) -> None:
    """Before anything is sent."""
    with pytest.raises(GuideValidationError) as caught:
        COMMANDS[number].check(message, {})
    assert caught.value.field == field
    assert allowed in caught.value.allowed
    assert field in str(caught.value)


def test_a_password_never_shows_in_an_error() -> None:
    """Not even a wrong one."""
    with pytest.raises(GuideValidationError) as caught:
        COMMANDS[33].check({"password": "secret" * 50}, {})
    assert "secret" not in str(caught.value)


def test_fields_beside_the_message_are_checked() -> None:
    """Subtype stands at the top of 509, and nothing else may stand there."""
    COMMANDS[509].check({"record_stream": 0}, {"subtype": 4})
    for beside, field in (
        ({}, "subtype"),
        ({"subtype": 9}, "subtype"),
        ({"subtype": 4, "token": "x"}, "token"),
    ):
        with pytest.raises(GuideValidationError) as caught:
            COMMANDS[509].check({"record_stream": 0}, beside)
        assert caught.value.field == field


def test_what_the_camera_itself_said_may_be_written_back() -> None:
    """Newer firmware has values that the document does not allow; only what changed is checked."""
    known = {"show_mode": 0, "humi": 50}
    COMMANDS[1].check(known | {"humi": 60}, {}, known)
    with pytest.raises(GuideValidationError):
        COMMANDS[1].check(known | {"humi": 0}, {}, known)
    old = {"rule_list": [{"rule_name": "x" * 40, "humi": 50}, {"alarm_type": 9}]}
    new = {
        "rule_list": [
            {"rule_name": "x" * 40, "humi": 51},
            {"alarm_type": 9},
            {"alarm_type": 1},
        ]
    }
    COMMANDS[3].check(new, {}, old)
    nested = {"ir_config": {"auto_shutter": 1, "reverse": 0}}
    COMMANDS[5].check({"ir_config": {"auto_shutter": 1, "reverse": 1}}, {}, nested)


def test_an_unknown_command_is_refused() -> None:
    """37 was never assigned."""
    with pytest.raises(GuideValidationError, match="37"):
        command_for(37)


def test_ptz_functions_have_their_numbers() -> None:
    """35 of them; 27 is "right and zoom out", whatever the document says."""
    assert len(PTZ_COMMANDS) == 35
    for action, number in {
        "light": 1,
        "zoom_in": 6,
        "focus_near": 8,
        "iris_open": 10,
        "up": 12,
        "left": 14,
    }.items():
        assert PTZ_COMMANDS[PtzAction(action)] == number
    assert PTZ_COMMANDS[PtzAction.UP_LEFT] == 16
    assert PTZ_COMMANDS[PtzAction.LEFT_ZOOM_IN] == 24
    assert PTZ_COMMANDS[PtzAction.RIGHT_ZOOM_OUT] == 27
    assert PTZ_COMMANDS[PtzAction.DOWN_RIGHT_ZOOM_OUT] == 35
