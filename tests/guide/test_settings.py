"""Settings out of the answers of a camera, in words, and back."""

from copy import deepcopy
from typing import Any

import pytest

from custom_components.thermogate.guide import (
    SECTIONS,
    SETTING_FIELDS,
    GuideValidationError,
    in_words,
    put,
    put_words,
    tells,
    value_of,
    without_passwords,
)

EMISSIVITY = SETTING_FIELDS["measurement_emiss"]
BRIGHTNESS = SETTING_FIELDS["image_ir_config_brightness"]
FAILURE = SETTING_FIELDS["storage_exception_failure_flag"]
CAPTION = SETTING_FIELDS["measurement_show_desc"]


def test_every_section_is_read_by_one_command() -> None:
    """In the order of the document, which leaves out 37 and 38."""
    assert [command.cmdtype for command in SECTIONS.values()] == [
        number for number in range(2, 59, 2) if number != 38
    ]


def test_each_value_has_one_key() -> None:
    """Section, group and field; of a list with an item of each kind, the kind."""
    assert EMISSIVITY.path == ("emiss",)
    assert BRIGHTNESS.path == ("ir_config", "brightness")
    assert FAILURE.path == ("store", 2, "flag")
    assert "rules_show_type" in SETTING_FIELDS
    assert not [key for key in SETTING_FIELDS if key.endswith(("_list", "_day"))]


@pytest.mark.parametrize(
    ("message", "told", "value"),
    [
        ({"emiss": 0.5}, True, 0.5),
        ({"emiss": "0.5"}, True, 0.5),
        ({"emiss": 0.1}, True, 0.1),
        ({"emiss": 0.09}, True, None),
        ({"emiss": 1}, True, 1),
        ({"emiss": 1.01}, True, None),
        ({"emiss": None}, True, None),
        ({"emiss": "high"}, True, None),
        ({"emiss": {}}, True, None),
        ({}, False, None),
    ],
)
def test_a_number(message: dict[str, Any], told: bool, value: float | None) -> None:
    """However it is sent; what the document does not allow is not known."""
    assert tells(message, EMISSIVITY) is told
    assert value_of(message, EMISSIVITY) == value


@pytest.mark.parametrize(
    "message", [{}, {"ir_config": None}, {"ir_config": []}, {"ir_config": {"x": 1}}]
)
def test_a_group_that_is_missing(message: dict[str, Any]) -> None:
    """Has nothing in it, and no place for anything unless it is there."""
    assert not tells(message, BRIGHTNESS)
    assert value_of(message, BRIGHTNESS) is None
    if message.get("ir_config") != {"x": 1}:
        with pytest.raises(GuideValidationError, match="image_ir_config_brightness"):
            put(message, BRIGHTNESS, 5)


def test_an_item_of_a_kind() -> None:
    """Wherever it stands in its list."""
    message = {"store": [{"type": "3", "flag": 0}, "?", {"type": 2, "flag": 1}]}
    assert value_of(message, FAILURE) == 1
    put(message, FAILURE, 0)
    assert message["store"] == [{"type": "3", "flag": 0}, "?", {"type": 2, "flag": 0}]


def test_a_text() -> None:
    """No longer than the document allows."""
    assert value_of({"show_desc": "x" * 42}, CAPTION) == "x" * 42
    assert value_of({"show_desc": "x" * 43}, CAPTION) is None
    assert value_of({"show_desc": ""}, CAPTION) == ""


def test_passwords_are_left_out() -> None:
    """At any depth, and under any name."""
    message = {"a": [{"reg_password": "x", "b": {"oldpassword": "y"}}], "password": 1}
    assert without_passwords(message) == {"a": [{"b": {}}]}


def test_there_and_back() -> None:
    """What is told in words can be written as it is, and changes nothing."""
    message = {
        "trace_flag": 1,
        "color_mod": 0,
        "high_color": "#ff0000",
        "record_stream": 9,
        "effect_day": [
            {"day": 1, "period": [{"start": "00:00:00", "end": "01:00:00"}]}
        ],
        "firmware_2027": [{"kept": 1}],
    }
    words = in_words("spot_tracking", message)
    assert words == message | {"trace_flag": True, "color_mod": "automatic"}
    again = deepcopy(message)
    put_words("spot_tracking", again, words)
    assert again == message


def test_what_is_written_is_what_was_named() -> None:
    """Lists of kinds item by item, other lists as a whole."""
    streams = {"params": [{"type": 1, "fps": 10, "gop_size": 9}, {"type": 2, "fps": 5}]}
    put_words("video", streams, {"params": [{"type": "visible_main", "fps": 12}]})
    assert streams["params"] == [
        {"type": 1, "fps": 12, "gop_size": 9},
        {"type": 2, "fps": 5},
    ]
    put_words("video", streams, {"params": [{"type": 3, "fps": 1}]})
    assert streams["params"][2:] == [{"type": 3, "fps": 1}]
    areas: dict[str, Any] = {"rects": [{"x": 1, "y": 1, "w": 1, "h": 1}]}
    put_words("shielded_areas", areas, {"rects": [{"x": 2.0, "y": 2, "w": 2, "h": 2}]})
    assert areas["rects"] == [{"x": 2, "y": 2, "w": 2, "h": 2}]


@pytest.mark.parametrize(
    ("section", "changes", "field", "allowed"),
    [
        ("storage", {"free": 7}, "settings", "push_stream, save_days"),
        ("storage", {"save_days": None}, "save_days", "a value"),
        ("video", {"params": [{"fps": 12}]}, "params.type", "visible_main, visible"),
        ("video", {"params": [7]}, "params", "objects"),
    ],
)
def test_what_would_change_nothing(
    section: str, changes: dict[str, Any], field: str, allowed: str
) -> None:
    """Is refused: nobody should believe that it was written."""
    told = {"free": 5, "save_days": 9, "month_data": None, "params": [{"type": 1}]}
    with pytest.raises(GuideValidationError) as refused:
        put_words(section, told, changes)
    assert refused.value.field == field
    assert refused.value.allowed.startswith(allowed)


def test_what_was_told_can_be_written() -> None:
    """All of it: what the camera only tells, and what it has no value of."""
    told = {"free": 5, "save_days": 9, "month_data": None}
    again = dict(told)
    put_words("storage", again, in_words("storage", told))
    assert again == told


@pytest.mark.parametrize(
    ("changes", "field", "known"),
    [
        ({"nonsense": 1}, "settings", "ir_config, vl_config"),
        ({"vl_config": {"nonsense": 1}}, "vl_config", "brightness, contrast"),
    ],
)
def test_a_name_that_nobody_knows(
    changes: dict[str, Any], field: str, known: str
) -> None:
    """Is refused, and the names that there are are told."""
    with pytest.raises(GuideValidationError) as refused:
        put_words("image", {"vl_config": {}}, changes)
    assert (refused.value.field, refused.value.value) == (field, "nonsense")
    assert refused.value.allowed.startswith(known)


@pytest.mark.parametrize(
    ("number", "zone"),
    [(0, "beijing"), (17, "eastern_time"), (48, "harare"), (96, "nukualofa")],
)
def test_a_time_zone(number: int, zone: str) -> None:
    """Has a name; the first is that of the maker."""
    assert in_words("system", {"time_zone": number}) == {"time_zone": zone}
