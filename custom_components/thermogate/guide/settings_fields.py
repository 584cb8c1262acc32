"""Fields that several settings share (vendor document, section III)."""

from .fields import (
    Field,
    FieldType,
    group,
    integer,
    listing,
    number,
    switches,
    texts,
    values,
)
from .models import CONDITIONS, RULE_ALARMS, SHAPES

RECORDED = {1: "visible", 2: "thermal", 3: "both"}
RECORDED_OR_NOT = {0: "none", **RECORDED}

PALETTES = {
    1: "white_hot",
    2: "black_hot",
    3: "iron_red",
    4: "fulgurite",
    5: "hot_iron",
    6: "medical",
    7: "medical_0",
    8: "medical_1",
    9: "medical_2",
    10: "arctic",
    11: "body_drt",
    12: "rainbow_1",
    13: "rainbow_2",
    14: "rainbow_3",
    15: "tint_1",
    16: "tint_2",
    17: "tint_3",
    18: "ice_fire",
    19: "reverse_ice_fire",
    20: "steps",
    21: "sepia",
    22: "green_hot",
    23: "blue_hot",
    24: "winter",
    25: "highlight",
    26: "amber",
}


def temperature(name: str) -> Field:
    """Return a field in °C."""
    return number(name, -40, 2000, unit="°C")


def hold(name: str) -> Field:
    """Return how long something stays on after an alarm."""
    return integer(name, 10, 300, unit="s")


def percent(*names: str) -> tuple[Field, ...]:
    """Return fields from 0 to 100."""
    return tuple(integer(name, 0, 100, unit="%") for name in names)


def coordinates(*names: str) -> tuple[Field, ...]:
    """Return fields counted in pixels of the thermal output, from 1; the upper limit is the model's size."""
    return tuple(integer(name, 1) for name in names)


MEASUREMENT = (
    integer("emiss_mode", choices={1: "standard", 2: "custom"}),
    number("emiss", 0.1, 1),
    integer("humi", 1, 100, unit="%"),
    number("dist", 0.1, 200, unit="m"),
    temperature("ref_temp"),
    number("atmo_trans", 0.01, 1),
    number("opti_trans", 0.01, 1),
)

EFFECT_DAYS = listing(
    "effect_day",
    integer("day", 1, 7),
    # Devices take up to six times a day (seen in the vendor's library).
    listing("period", *values(FieldType.TIME, "start", "end"), maximum=6),
)

LIGHT = (*switches("light_flag"), hold("light_hold"))
OUTPUT = (*switches("output_flag"), hold("output_hold"))
AUDIO = (
    *switches("audio_flag"),
    integer("audio_mode", choices={0: "duration", 1: "plays"}),
    integer("audio_value", 0, 200),
    integer("audio_index", 0),
)
RECORDING = (
    *switches("record_flag", "capture_flag"),
    integer("record_stream", choices=RECORDED),
    integer("capture_stream", choices=RECORDED),
    hold("record_delay"),
)
# What external input, fire, occlusion and window contamination have in common.
LINKAGE = (
    *switches("flag", "sendmail", "alarm_out_flag"),
    EFFECT_DAYS,
    *RECORDING,
    hold("alarm_out_delay"),
    *OUTPUT,
    *AUDIO,
)
SHAKE = integer("alarm_shake", 0, 100, unit="s")

RULE = (
    *switches("alarm_flag"),
    *texts("rule_name", maximum=20),
    integer(
        "show_location",
        choices={1: "above", 2: "below", 3: "left", 4: "right", 5: "middle"},
    ),
    integer("type", choices=SHAPES),
    listing("points", *coordinates("x", "y"), minimum=1, maximum=7),
    integer("alarm_type", choices=RULE_ALARMS),
    integer("alarm_condition", choices=CONDITIONS),
    temperature("high_temp"),
    temperature("low_temp"),
    temperature("avg_temp"),
    number("diff_temp", 0, 2000, unit="°C"),
    number("rate_temp", -600, 600),
    number("temp_mod", 0, 1, unit="°C"),
    integer("alarm_time", 0, 1000, unit="s"),
    *MEASUREMENT,
    integer("preset", 1, 256),
    # In the document's examples only.
    integer("id", 0),
    *switches("flag"),
    # Newer firmware only.
    integer("alarm_interal", 1, 3600, unit="s"),
)

IR_IMAGE = group(
    "ir_config",
    *percent(
        "brightness",
        "contrast",
        "saturation",
        "sharpness",
        "time_value",
        "space_value",
        "iee_value",
    ),
    *switches("reverse", "time_flag", "space_flag", "iee_flag"),
    integer("auto_shutter", 3, 1200),
)
VL_IMAGE = group(
    "vl_config",
    *percent("brightness", "contrast", "saturation", "sharpness", "exp"),
    *switches("reverse", "hlc"),
    integer(
        "blc",
        choices={
            0: "off",
            1: "up",
            2: "down",
            3: "left",
            4: "right",
            5: "middle",
            6: "automatic",
        },
    ),
    integer("wdr", choices={0: "off", 1: "20", 2: "40", 3: "60", 4: "80", 5: "100"}),
)

MATCH_POINTS = tuple(
    group(f"point{index}", *coordinates("x", "y")) for index in range(1, 6)
)

FIRE_AREAS = tuple(
    group(
        f"area{index}",
        *texts("area_name"),
        *percent("sensitivity"),
        *coordinates("top_left_x", "top_left_y", "bo_right_x", "bo_right_y"),
    )
    for index in range(1, 5)
)

CODECS = {0: "h264", 1: "h265", 2: "mjpeg"}
VIDEO = (
    integer(
        "type",
        choices={
            1: "visible_main",
            2: "visible_sub",
            3: "thermal_main",
            4: "thermal_sub",
        },
        required=True,
    ),
    *texts("ratio", maximum=16),
    # The document spells it in three ways; which one a camera uses shows in its answer.
    integer("encodec", choices=CODECS),
    integer("encoder", choices=CODECS),
    integer("encoded", choices=CODECS),
    integer("fps", 1, 25, unit="fps"),
    integer("rate_control", choices={0: "variable", 1: "fixed"}),
    integer("bit_size", 50, 409600, unit="kbit/s"),
    integer("gop_size", 2, 150),
    integer(
        "level",
        choices={1: "best", 2: "better", 3: "good", 4: "poor", 5: "worse", 6: "worst"},
    ),
    integer("svc", choices={0: "layered", 1: "not_layered"}),
)

# The document calls it a text and the password beside it a number; its examples have it right.
PLATFORM_PORT = integer("serverport", 0, 65535)

OCCLUSION = (*LINKAGE, SHAKE, *percent("ratio"), *coordinates("x", "y", "w", "h"))
