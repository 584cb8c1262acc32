"""Commands 1 to 58: the camera's settings, in pairs of "set" (odd) and "get" (even). Vendor document, section III."""

from itertools import chain

from .command import Command, setting
from .fields import (
    Field,
    FieldType,
    group,
    integer,
    listing,
    number,
    password,
    switches,
    texts,
    values,
)

_RECORDED = {1: "visible", 2: "thermal", 3: "both"}
_RECORDED_OR_NOT = {0: "none", **_RECORDED}

SHAPES = {1: "point", 2: "line", 3: "rectangle", 4: "polygon", 5: "circle"}

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


def _temperature(name: str) -> Field:
    return number(name, -40, 2000, unit="°C")


def _hold(name: str) -> Field:
    """Return how long something stays on after an alarm."""
    return integer(name, 10, 300, unit="s")


def _percent(*names: str) -> tuple[Field, ...]:
    return tuple(integer(name, 0, 100, unit="%") for name in names)


def _coordinates(*names: str) -> tuple[Field, ...]:
    """Return fields counted in pixels of the thermal output, from 1; the upper limit is the model's size."""
    return tuple(integer(name, 1) for name in names)


_MEASUREMENT = (
    integer("emiss_mode", choices={1: "standard", 2: "custom"}),
    number("emiss", 0.1, 1),
    integer("humi", 1, 100, unit="%"),
    number("dist", 0.1, 200, unit="m"),
    _temperature("ref_temp"),
    number("atmo_trans", 0.01, 1),
    number("opti_trans", 0.01, 1),
)

_EFFECT_DAYS = listing(
    "effect_day",
    integer("day", 1, 7),
    listing("period", *values(FieldType.TIME, "start", "end")),
)

_LIGHT = (*switches("light_flag"), _hold("light_hold"))
_OUTPUT = (*switches("output_flag"), _hold("output_hold"))
_AUDIO = (
    *switches("audio_flag"),
    integer("audio_mode", choices={0: "duration", 1: "plays"}),
    integer("audio_value", 0, 200),
    integer("audio_index", 0),
)
_RECORDING = (
    *switches("record_flag", "capture_flag"),
    integer("record_stream", choices=_RECORDED),
    integer("capture_stream", choices=_RECORDED),
    _hold("record_delay"),
)
# What external input, fire, occlusion and window contamination have in common.
_LINKAGE = (
    *switches("flag", "sendmail", "alarm_out_flag"),
    _EFFECT_DAYS,
    *_RECORDING,
    _hold("alarm_out_delay"),
    *_OUTPUT,
    *_AUDIO,
)
_SHAKE = integer("alarm_shake", 0, 100, unit="s")

_RULE = (
    *switches("alarm_flag"),
    *texts("rule_name", maximum=20),
    integer("show_location", choices={1: "above", 2: "below", 3: "left", 4: "right", 5: "middle"}),
    integer("type", choices=SHAPES),
    listing("points", *_coordinates("x", "y"), minimum=1, maximum=7),
    integer(
        "alarm_type",
        choices={1: "high", 2: "low", 3: "average", 4: "high_and_low", 5: "difference", 6: "slope"},
    ),
    integer("alarm_condition", choices={1: "above", 2: "below", 3: "matching", 4: "above_and_below"}),
    _temperature("high_temp"),
    _temperature("low_temp"),
    _temperature("avg_temp"),
    number("diff_temp", 0, 2000, unit="°C"),
    number("rate_temp", -600, 600),
    number("temp_mod", 0, 1, unit="°C"),
    integer("alarm_time", 0, 1000, unit="s"),
    *_MEASUREMENT,
    integer("preset", 1, 256),
    # Newer firmware only.
    integer("alarm_interal", 1, 3600, unit="s"),
)

_IR_IMAGE = group(
    "ir_config",
    *_percent("brightness", "contrast", "saturation", "sharpness", "time_value", "space_value", "iee_value"),
    *switches("reverse", "time_flag", "space_flag", "iee_flag"),
    integer("auto_shutter", 3, 1200),
)
_VL_IMAGE = group(
    "vl_config",
    *_percent("brightness", "contrast", "saturation", "sharpness", "exp"),
    *switches("reverse", "hlc"),
    integer(
        "blc",
        choices={0: "off", 1: "up", 2: "down", 3: "left", 4: "right", 5: "middle", 6: "automatic"},
    ),
    integer("wdr", choices={0: "off", 1: "20", 2: "40", 3: "60", 4: "80", 5: "100"}),
)

_MATCH_POINTS = tuple(group(f"point{index}", *_coordinates("x", "y")) for index in range(1, 6))

_FIRE_AREAS = tuple(
    group(
        f"area{index}",
        *texts("area_name"),
        *_percent("sensitivity"),
        *_coordinates("top_left_x", "top_left_y", "bo_right_x", "bo_right_y"),
    )
    for index in range(1, 5)
)

_CODECS = {0: "h264", 1: "h265", 2: "mjpeg"}
_VIDEO = (
    integer(
        "type",
        choices={1: "visible_main", 2: "visible_sub", 3: "thermal_main", 4: "thermal_sub"},
        required=True,
    ),
    *texts("ratio", maximum=16),
    # The document spells it in three ways; which one a camera uses shows in its answer.
    integer("encodec", choices=_CODECS),
    integer("encoder", choices=_CODECS),
    integer("encoded", choices=_CODECS),
    integer("fps", 1, 25, unit="fps"),
    integer("rate_control", choices={0: "variable", 1: "fixed"}),
    integer("bit_size", 50, 409600, unit="kbit/s"),
    integer("gop_size", 2, 150),
    integer("level", choices={1: "best", 2: "better", 3: "good", 4: "poor", 5: "worse", 6: "worst"}),
    integer("svc", choices={0: "layered", 1: "not_layered"}),
)

_PLATFORM_PORT = texts("serverport", maximum=5)

_OCCLUSION = (*_LINKAGE, _SHAKE, *_percent("ratio"), *_coordinates("x", "y", "w", "h"))

SETTINGS: tuple[Command, ...] = tuple(
    chain(
        setting(
            1,
            "measurement",
            "global measurement",
            *switches("flag", "show_mouse", "color_show", "isot_flag"),
            integer(
                "show_mode",
                choices={
                    1: "maximum",
                    2: "minimum",
                    3: "average",
                    4: "maximum_minimum",
                    5: "maximum_average",
                    6: "average_minimum",
                    7: "all",
                    8: "none",
                },
            ),
            *_MEASUREMENT,
            integer("color_bar", choices=PALETTES),
            number("mod_temp", -1, 1, unit="°C"),
            integer(
                "show_string",
                choices={1: "off", 2: "upper_left", 3: "upper_right", 4: "lower_left", 5: "lower_right"},
            ),
            *texts("show_desc", maximum=42),
            integer("isot_type", choices={1: "off", 2: "high", 3: "low", 4: "inside", 5: "outside"}),
            _temperature("isot_high"),
            _temperature("isot_low"),
            *values(FieldType.COLOR, "isot_high_color", "isot_low_color"),
            integer("gear", 0),
        ),
        setting(
            3,
            "rules",
            "measurement rules",
            integer("show_type", choices={1: "maximum", 2: "minimum", 3: "average", 4: "name", 5: "none"}),
            # The whole list is replaced. Devices hold up to 21 rules (seen in the vendor's library).
            listing("rule_list", *_RULE, maximum=21),
        ),
        setting(5, "image", "image effects", _IR_IMAGE, _VL_IMAGE),
        setting(
            7,
            "fusion",
            "image fusion",
            *_percent("percent"),
            group("vl_match_points", *_MATCH_POINTS),
            group("ir_match_points", *_MATCH_POINTS),
        ),
        setting(
            9,
            "network",
            "network",
            *texts("host_name", maximum=15),
            *values(FieldType.IP_ADDRESS, "ipaddr", "netmask", "gateway", "dns1", "dns2"),
            integer("card", choices={0: "wired"}),
            integer("mode", choices={0: "static", 1: "dhcp"}),
            integer("ip_version", choices={0: "ipv4", 1: "ipv6"}),
            reply=texts("mac"),
        ),
        setting(
            11,
            "ports",
            "ports",
            integer("max_connectios", 1, 20),
            # The document's range starts at 1024, its own defaults 80 and 554 lie below it.
            *(integer(name, 1, 65535) for name in ("tcp_port", "rtsp_port", "http_port")),
            *switches("onvif_check"),
        ),
        setting(
            13,
            "storage",
            "storage",
            *switches("push_stream"),
            integer("save_days", 1, 730, unit="d"),
            integer("is_record", choices={0: "allowed", 1: "not_allowed"}),
            integer("is_capture", choices={0: "allowed", 1: "not_allowed"}),
            listing("month_data", integer("mon", 1, 12), listing("data", item=integer("day", 1, 31))),
            reply=(
                *(integer(name) for name in ("format_status", "system")),
                integer("free", unit="MB"),
                integer("total", unit="MB"),
                *texts("type"),
            ),
        ),
        setting(
            15,
            "system",
            "system",
            integer("time_format", choices={0: "12_hours", 1: "24_hours"}),
            integer("time_zone", 0, 96),
            integer("language", choices={0: "chinese", 1: "english"}),
            *texts("logo", "home_logo", maximum=700_000),
            *texts("name", maximum=32),
            integer("dist_unit", choices={0: "metre", 1: "foot"}),
            integer("temperature_unit", choices={0: "celsius", 1: "fahrenheit"}),
            integer("capture_interval", 1, 3600, unit="s"),
            integer("capture_count", 1, 100),
            integer("record_interval", 1, 3600, unit="s"),
            integer("record_time", 1, 3600, unit="s"),
            integer("record_max_size", 1, 1000, unit="MB"),
            *texts("copyright", maximum=128),
            reply=texts("porting_name"),
        ),
        setting(
            17,
            "shielded_areas",
            "shielded areas",
            listing("rects", *_coordinates("x", "y", "w", "h"), maximum=2),
        ),
        setting(
            19,
            "spot_tracking",
            "hot and cold spot tracking",
            *switches("trace_flag", "high_flag", "low_flag", "sendmail"),
            integer("color_mod", choices={0: "automatic", 1: "manual"}),
            *values(FieldType.COLOR, "high_color", "low_color"),
            _SHAKE,
            _EFFECT_DAYS,
            *_RECORDING,
            _hold("record_time"),
            _temperature("high_temp"),
            _temperature("low_temp"),
            *_LIGHT,
            *_OUTPUT,
            *switches("audio_flag"),
            integer("audio_mode", 0, 2),
            integer("audio_value", 0, 200),
            integer("audio_index", 0),
            # Newer firmware only.
            integer("high_condition", choices={1: "above", 2: "below"}),
            integer("low_condition", choices={1: "above", 2: "below"}),
        ),
        setting(
            21,
            "temperature_alarm",
            "temperature alarm linkage",
            *switches("alarm_flag", "record_flag", "capture_flag", "audio_flag", "sendmail"),
            _SHAKE,
            _EFFECT_DAYS,
            integer("record_stream", choices=_RECORDED_OR_NOT),
            integer("capture_stream", choices=_RECORDED_OR_NOT),
            _hold("record_delay"),
            integer("audio_playtype", choices={1: "plays", 2: "duration"}),
            integer("audio_playvalue", 0, 120),
            integer("audio_play_index", 0),
            *_LIGHT,
            *_OUTPUT,
        ),
        setting(23, "video", "video", listing("params", *_VIDEO, maximum=4)),
        setting(
            25,
            "storage_exception",
            "storage exceptions",
            listing(
                "store",
                integer("type", choices={1: "full", 2: "failure", 3: "stream"}, required=True),
                *switches("flag", "sendmail"),
                *_LIGHT,
                *_AUDIO,
                *_OUTPUT,
                maximum=3,
            ),
        ),
        setting(
            27,
            "network_exception",
            "network exceptions",
            *switches("flag"),
            *_LIGHT,
            *_AUDIO,
            *_OUTPUT,
            integer("interval_time", 0, unit="s"),
        ),
        setting(
            29,
            "illegal_access",
            "illegal access",
            *switches("flag", "sendmail"),
            *_LIGHT,
            *_AUDIO,
            *_OUTPUT,
            integer("allow_count", 3, 10),
            integer("lock_time", 0, unit="s"),
        ),
        setting(
            31,
            "mail",
            "mail",
            *texts("smtp_server", "from", "subject", "username", maximum=128),
            integer("smtp_port", 1, 65535),
            integer("encry_type", choices={0: "none", 1: "tls", 2: "ssl"}),
            *switches("enclosure", "is_anon", "health", "alarm"),
            password(),
            listing("mailto", item=texts("address", maximum=128)[0], maximum=5),
            integer("health_value", 1, 360),
            integer("alarm_value", 1, 3600),
        ),
        setting(
            33,
            "mqtt",
            "MQTT",
            *switches("flag"),
            *texts("serverip", maximum=64),
            integer("serverport", 1, 65535),
            *texts("username", "deviceid", maximum=128),
            password(),
        ),
        setting(
            35,
            "fill_light",
            "fill light",
            integer("mode", choices={0: "manual", 1: "automatic"}),
            *switches("light"),
            *_percent("brightness"),
        ),
        setting(39, "ir_mode", "infrared mode", integer("mode", choices={0: "single", 1: "fusion"}, required=True)),
        setting(41, "mute", "mute", Field(name="silent", type=FieldType.SWITCH, required=True)),
        setting(
            43,
            "gb28181",
            "GB28181",
            *switches("flag"),
            *texts("sip_id", "sip_domain", "sip_server", "device_id", "ir_id", "vl_id", maximum=128),
            integer("sip_port", 1024, 65535),
            integer("device_port", 1024, 65535),
            password("reg_password"),
            integer("reg_expires", 0, 7200, unit="s"),
            integer("heart_interval", 0, 120, unit="s"),
            integer("heart_count", 1, 10),
            integer("protocol", choices={0: "udp", 1: "tcp"}),
        ),
        setting(
            45,
            "platform",
            "platform access",
            *switches("flag"),
            *texts("serverip", maximum=64),
            *_PLATFORM_PORT,
            *texts("user", "devicename", maximum=128),
            password(),
            integer("manufactor", choices={0: "other", 1: "guide"}),
        ),
        setting(
            47,
            "external_input",
            "external input",
            *_LINKAGE,
            integer("alarm_shake", 10, 300, unit="s"),
            integer("type", choices={0: "normally_open", 1: "normally_closed"}),
        ),
        setting(
            49,
            "ftp",
            "FTP",
            *switches("flag"),
            *texts("serverip", maximum=64),
            *_PLATFORM_PORT,
            *texts("user", maximum=128),
            password(),
        ),
        setting(
            51,
            "fire",
            "fire detection",
            *_LINKAGE,
            _SHAKE,
            integer("detect_mode", choices={0: "temperature_and_image", 1: "temperature_or_image"}),
            _temperature("fire_temp"),
            *_FIRE_AREAS,
        ),
        setting(
            53,
            "ranging",
            "ranging",
            *switches("flag"),
            number("high", 0, 100, unit="m"),
            number("alpha", 0, 360, unit="°"),
        ),
        setting(55, "occlusion", "video occlusion", *_OCCLUSION),
        setting(57, "contamination", "window contamination", *_OCCLUSION),
    )
)
