"""The fields of every setting: factory values and checks, by set command (vendor document, section III)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .fields import (
    Check,
    colour,
    flag,
    integer,
    many,
    number,
    one_of,
    parsed,
    record,
    text,
)


@dataclass(frozen=True)
class Table:
    """One setting: its factory values, the checks of its fields, and what is shown beside but cannot be set."""

    defaults: dict[str, Any]
    fields: Mapping[str, Check]
    required: tuple[str, ...] = ()
    shown: dict[str, Any] = field(default_factory=dict)


WIDTH, HEIGHT = 512, 384
TEMPERATURE = number(-40, 2000)
PERCENT = integer(0, 100)
# The document's own examples switch outputs off with a hold of 0.
HOLD = integer(10, 300, also=[0])
X, Y = integer(1, WIDTH), integer(1, HEIGHT)
POINT = record({"x": X, "y": Y}, ("x", "y"))
MEDIUM = {
    "emiss_mode": integer(1, 2),
    "emiss": number(0.1, 1),
    "humi": integer(1, 100),
    "dist": number(0.1, 200),
    "ref_temp": TEMPERATURE,
    "atmo_trans": number(0.01, 1),
    "opti_trans": number(0.01, 1),
}
MEDIUM_DEFAULTS = {
    "emiss_mode": 1,
    "emiss": 0.95,
    "humi": 50,
    "dist": 0.5,
    "ref_temp": 23,
    "atmo_trans": 1,
    "opti_trans": 1,
}

PERIOD = record(
    {"start": parsed("%H:%M:%S"), "end": parsed("%H:%M:%S")}, ("start", "end")
)
EFFECT_DAYS = many(
    record({"day": integer(1, 7), "period": many(PERIOD, 6)}, ("day", "period")), 7
)
EVERY_DAY = [
    {"day": day, "period": [{"start": "00:00:00", "end": "23:59:59"}]}
    for day in range(1, 8)
]

# What an alarm sets off; the four families of alarms name the pieces differently.
RECORD = {
    "effect_day": EFFECT_DAYS,
    "record_flag": flag,
    "record_stream": integer(1, 3),
    "record_delay": integer(10, 300),
    "capture_flag": flag,
    "capture_stream": integer(1, 3),
    "sendmail": flag,
    "output_flag": flag,
    "output_hold": HOLD,
}
RECORD_DEFAULTS = {
    "effect_day": EVERY_DAY,
    "record_flag": 1,
    "record_stream": 3,
    "record_delay": 10,
    "capture_flag": 1,
    "capture_stream": 3,
    "sendmail": 0,
    "output_flag": 0,
    "output_hold": 10,
}
AUDIO = {
    "audio_flag": flag,
    "audio_mode": flag,
    "audio_value": integer(0, 200),
    "audio_index": integer(0, 2),
}
AUDIO_DEFAULTS = {"audio_flag": 0, "audio_mode": 0, "audio_value": 10, "audio_index": 0}
FLASH = {"light_flag": flag, "light_hold": integer(10, 300)}
FLASH_DEFAULTS = {"light_flag": 0, "light_hold": 10}
ALARM_OUT = {"alarm_out_flag": flag, "alarm_out_delay": integer(10, 300)}
ALARM_OUT_DEFAULTS = {"alarm_out_flag": 1, "alarm_out_delay": 10}
EXCEPTION = {"flag": flag, **FLASH, **AUDIO, "output_flag": flag, "output_hold": HOLD}
EXCEPTION_DEFAULTS = {
    "flag": 0,
    **FLASH_DEFAULTS,
    **AUDIO_DEFAULTS,
    "output_flag": 0,
    "output_hold": 0,
}
VIEW_CHECK = {
    "flag": flag,
    "alarm_shake": integer(0, 100),
    **RECORD,
    **ALARM_OUT,
    **AUDIO,
    "ratio": PERCENT,
    "x": X,
    "y": Y,
    "w": X,
    "h": Y,
}
VIEW_CHECK_DEFAULTS = {
    "flag": 0,
    "alarm_shake": 10,
    **RECORD_DEFAULTS,
    **ALARM_OUT_DEFAULTS,
    **AUDIO_DEFAULTS,
    "ratio": 0,
    "x": 1,
    "y": 1,
    "w": WIDTH,
    "h": HEIGHT,
}

# How many points a shape needs: 1 point, 2 line, 3 rectangle, 4 polygon, 5 circle.
POINTS_OF_TYPE = {1: (1, 1), 2: (2, 2), 3: (4, 4), 4: (3, 7), 5: (4, 4)}
RULE_FIELDS = {
    "id": integer(0, 1000),
    "flag": flag,
    "rule_name": text(20),
    "show_location": integer(1, 5),
    "type": integer(1, 5),
    "points": many(POINT, 7, 1),
    "alarm_flag": flag,
    "alarm_type": integer(1, 6),
    "alarm_condition": integer(1, 4),
    "high_temp": TEMPERATURE,
    "low_temp": TEMPERATURE,
    "avg_temp": TEMPERATURE,
    "diff_temp": number(0, 2000),
    "rate_temp": number(-600, 600),
    "temp_mod": number(0, 1),
    "alarm_time": integer(0, 1000),
    # Newer firmware, spelled so: after how many seconds a lasting alarm is told again.
    "alarm_interal": integer(1, 3600),
    "preset": integer(0, 256),
    **MEDIUM,
}
OPTIONAL_RULE_FIELDS = {"id", "flag", "alarm_interal", "preset"}
RULE = record(
    RULE_FIELDS, [name for name in RULE_FIELDS if name not in OPTIONAL_RULE_FIELDS]
)

IR_IMAGE = {
    **dict.fromkeys(("brightness", "contrast", "saturation", "sharpness"), PERCENT),
    "reverse": flag,
    "auto_shutter": integer(3, 1200),
    **dict.fromkeys(("time_flag", "space_flag", "iee_flag"), flag),
    **dict.fromkeys(("time_value", "space_value", "iee_value"), PERCENT),
}
VL_IMAGE = {
    **dict.fromkeys(
        ("brightness", "contrast", "saturation", "sharpness", "exp"), PERCENT
    ),
    "reverse": flag,
    "blc": integer(0, 6),
    "hlc": flag,
    "wdr": integer(0, 5),
}
MATCH_POINTS = record(
    {f"point{n}": POINT for n in range(1, 6)}, [f"point{n}" for n in range(1, 6)]
)
RATIOS = {
    1: ("2592x1944", "1920x1080", "1280x960", "1280x720"),
    2: ("704x576", "640x480"),
    3: ("512x384",),
    4: ("256x192",),
}
STREAM = record(
    {
        "type": integer(1, 4),
        "ratio": one_of(*(ratio for ratios in RATIOS.values() for ratio in ratios)),
        "encodec": integer(0, 2),
        "fps": integer(1, 25),
        "rate_control": flag,
        "bit_size": integer(50, 409600),
        "gop_size": integer(2, 150),
        "level": integer(1, 6),
        "svc": flag,
    },
    ("type",),
)
FIRE_AREA = record(
    {
        "area_name": text(20),
        "sensitivity": PERCENT,
        "top_left_x": X,
        "top_left_y": Y,
        "bo_right_x": X,
        "bo_right_y": Y,
    }
)
SERVER = {
    "flag": flag,
    "serverip": text(64),
    "serverport": integer(0, 65535),
    "user": text(128),
    "password": text(256),
}
SERVER_DEFAULTS = {
    "flag": 0,
    "serverip": "",
    "serverport": 0,
    "user": "",
    "password": "",
}


def stream(kind: int, ratio: str, fps: int, bits: int) -> dict[str, Any]:
    """Return the factory values of one stream, with a key picture every second."""
    return {
        "type": kind,
        "ratio": ratio,
        "encodec": 0,
        "fps": fps,
        "rate_control": 0,
        "bit_size": bits,
        "gop_size": fps,
        "level": 3,
        "svc": 1,
    }


TABLES: dict[int, Table] = {
    1: Table(
        {
            "flag": 1, "show_mouse": 1, "show_mode": 1, **MEDIUM_DEFAULTS, "color_bar": 3, "color_show": 1,
            "mod_temp": 0, "show_string": 1, "show_desc": "", "isot_flag": 0, "isot_type": 1, "isot_high": 40,
            "isot_low": 10, "isot_high_color": "#ff0000", "isot_low_color": "#0000ff", "gear": 0,
        },
        {
            "flag": flag, "show_mouse": flag, "show_mode": integer(1, 8), **MEDIUM, "color_bar": integer(1, 26),
            "color_show": flag, "mod_temp": number(-1, 1), "show_string": integer(1, 5), "show_desc": text(42),
            "isot_flag": flag, "isot_type": integer(1, 5), "isot_high": TEMPERATURE, "isot_low": TEMPERATURE,
            "isot_high_color": colour, "isot_low_color": colour, "gear": integer(0, 1),
        },
    ),
    3: Table(
        {"show_type": 1, "rule_list": []},
        {"show_type": integer(1, 5), "rule_list": many(RULE, 21)},
    ),
    5: Table(
        {
            "ir_config": {
                "brightness": 40, "contrast": 55, "saturation": 50, "sharpness": 34, "reverse": 0, "auto_shutter": 30,
                "time_flag": 1, "time_value": 50, "space_flag": 1, "space_value": 50, "iee_flag": 0, "iee_value": 66,
            },
            "vl_config": {
                "brightness": 50, "contrast": 50, "saturation": 50, "sharpness": 50, "reverse": 0, "blc": 5, "exp": 0,
                "hlc": 1, "wdr": 5,
            },
        },
        {"ir_config": record(IR_IMAGE), "vl_config": record(VL_IMAGE)},
    ),
    7: Table(
        {
            "percent": 50,
            "ir_match_points": {
                "point1": {"x": 86, "y": 181}, "point2": {"x": 265, "y": 53}, "point3": {"x": 416, "y": 179},
                "point4": {"x": 268, "y": 346}, "point5": {"x": 425, "y": 341},
            },
            "vl_match_points": {
                "point1": {"x": 120, "y": 156}, "point2": {"x": 261, "y": 19}, "point3": {"x": 380, "y": 164},
                "point4": {"x": 261, "y": 340}, "point5": {"x": 397, "y": 343},
            },
        },
        {"percent": PERCENT, "ir_match_points": MATCH_POINTS, "vl_match_points": MATCH_POINTS},
    ),
    9: Table(
        {
            "host_name": "MC200", "ipaddr": "192.168.1.168", "netmask": "255.255.255.0", "gateway": "192.168.1.1",
            "dns1": "0.0.0.0", "dns2": "0.0.0.0", "card": 0, "mode": 0, "ip_version": 0,
        },
        {
            "host_name": text(15), "ipaddr": text(15), "netmask": text(15), "gateway": text(15), "dns1": text(15),
            "dns2": text(15), "card": integer(0, 0), "mode": flag, "ip_version": flag,
        },
        shown={"mac": ""},
    ),
    11: Table(
        {"max_connectios": 10, "tcp_port": 9980, "rtsp_port": 554, "http_port": 80, "onvif_check": 0},
        {
            "max_connectios": integer(1, 20), "tcp_port": integer(1024, 65535),
            "rtsp_port": integer(1024, 65535, also=[554]), "http_port": integer(1024, 65535, also=[80]),
            "onvif_check": flag,
        },
    ),
    13: Table(
        {"push_stream": 1, "save_days": 90, "is_record": 0, "is_capture": 0, "month_data": None},
        {
            "push_stream": flag, "save_days": integer(1, 730), "is_record": flag, "is_capture": flag,
            "month_data": many(record({"mon": integer(1, 12), "data": many(integer(1, 31), 31)}, ("mon", "data")), 12),
        },
        shown={"format_status": 0, "free": 27_000, "total": 30_000, "system": 0, "type": "tfcard"},
    ),
    15: Table(
        {
            "time_format": 1, "time_zone": 0, "language": 1, "logo": "", "home_logo": "", "name": "Substation yard",
            "dist_unit": 0, "temperature_unit": 0, "capture_interval": 5, "capture_count": 3, "record_interval": 5,
            "record_time": 300, "record_max_size": 999, "copyright": "",
        },
        {
            "time_format": flag, "time_zone": integer(0, 96), "language": flag, "logo": text(683_000),
            "home_logo": text(683_000), "name": text(32), "dist_unit": flag, "temperature_unit": flag,
            "capture_interval": integer(1, 3600), "capture_count": integer(1, 100), "record_interval": integer(1, 3600),
            "record_time": integer(1, 3600), "record_max_size": integer(1, 1000), "copyright": text(128),
        },
        shown={"porting_name": "NC200"},
    ),
    17: Table(
        {"rects": []},
        {
            "rects": many(
                record(
                    {"x": integer(0, WIDTH), "y": integer(0, HEIGHT), "w": X, "h": Y}, ("x", "y", "w", "h")
                ),
                2,
            )
        },
        ("rects",),
    ),
    19: Table(
        {
            "trace_flag": 1, "color_mod": 0, "high_color": "#ff0000", "low_color": "#0000ff", "alarm_shake": 10,
            **RECORD_DEFAULTS, "high_flag": 0, "low_flag": 0, "high_temp": 60, "low_temp": 10, **FLASH_DEFAULTS,
            **AUDIO_DEFAULTS,
        },
        {
            "trace_flag": flag, "color_mod": flag, "high_color": colour, "low_color": colour,
            "alarm_shake": integer(0, 100), **RECORD, "high_flag": flag, "low_flag": flag, "high_temp": TEMPERATURE,
            "low_temp": TEMPERATURE, **FLASH, **AUDIO,
        },
    ),
    21: Table(
        {
            "alarm_flag": 1, "alarm_shake": 10, **RECORD_DEFAULTS, **FLASH_DEFAULTS, "audio_flag": 1,
            "audio_playtype": 1, "audio_playvalue": 10, "audio_play_index": 1,
        },
        {
            "alarm_flag": flag, "alarm_shake": integer(0, 100), **RECORD, "record_stream": integer(0, 3),
            "capture_stream": integer(0, 3), **FLASH, "audio_flag": flag, "audio_playtype": integer(1, 2),
            "audio_playvalue": integer(0, 120), "audio_play_index": integer(0, 2),
        },
    ),
    23: Table(
        {
            "params": [
                stream(1, "1280x720", 10, 2048), stream(2, "640x480", 5, 512),
                stream(3, "512x384", 10, 1024), stream(4, "256x192", 5, 256),
            ]
        },
        {"params": many(STREAM, 4)},
    ),
    25: Table(
        {"store": [{**EXCEPTION_DEFAULTS, "sendmail": 0, "type": kind} for kind in (1, 2, 3)]},
        {"store": many(record({**EXCEPTION, "sendmail": flag, "type": integer(1, 3)}, ("type",)), 3)},
        ("store",),
    ),
    27: Table(EXCEPTION_DEFAULTS, EXCEPTION),
    29: Table(
        {**EXCEPTION_DEFAULTS, "sendmail": 0, "allow_count": 5},
        {**EXCEPTION, "sendmail": flag, "allow_count": integer(3, 10)},
    ),
    31: Table(
        {
            "smtp_server": "", "smtp_port": 25, "encry_type": 0, "enclosure": 0, "is_anon": 0, "from": "",
            "subject": "", "username": "", "password": "", "mailto": [], "health": 0, "health_value": 10, "alarm": 0,
            "alarm_value": 10,
        },
        {
            "smtp_server": text(128), "smtp_port": integer(1, 65535), "encry_type": integer(0, 2), "enclosure": flag,
            "is_anon": flag, "from": text(128), "subject": text(128), "username": text(128), "password": text(256),
            "mailto": many(text(128), 5), "health": flag, "health_value": integer(1, 360), "alarm": flag,
            "alarm_value": integer(1, 3600),
        },
    ),
    33: Table(
        {"flag": 0, "serverip": "", "serverport": 1883, "username": "", "password": "", "deviceid": "guide"},
        {
            "flag": flag, "serverip": text(64), "serverport": integer(1, 65535), "username": text(128),
            "password": text(256), "deviceid": text(128),
        },
    ),
    35: Table(
        {"mode": 0, "light": 0, "brightness": 50}, {"mode": flag, "light": flag, "brightness": PERCENT}
    ),
    39: Table({"mode": 0}, {"mode": flag}, ("mode",)),
    41: Table({"silent": 0}, {"silent": flag}, ("silent",)),
    43: Table(
        {
            "flag": 0, "sip_id": "", "sip_domain": "", "sip_server": "", "sip_port": 5060, "device_id": "",
            "device_port": 5060, "reg_password": "", "reg_expires": 3600, "heart_interval": 60, "heart_count": 3,
            "ir_id": "", "vl_id": "", "protocol": 0,
        },
        {
            "flag": flag, "sip_id": text(128), "sip_domain": text(128), "sip_server": text(128),
            "sip_port": integer(1024, 65535), "device_id": text(128), "device_port": integer(1024, 65535),
            "reg_password": text(256), "reg_expires": integer(0, 7200), "heart_interval": integer(0, 120),
            "heart_count": integer(1, 10), "ir_id": text(128), "vl_id": text(128), "protocol": flag,
        },
    ),
    45: Table(
        {**SERVER_DEFAULTS, "manufactor": 1, "devicename": ""},
        {**SERVER, "manufactor": flag, "devicename": text(128)},
    ),
    47: Table(
        {
            "flag": 1, "type": 0, "alarm_shake": 10, **RECORD_DEFAULTS, **ALARM_OUT_DEFAULTS, **AUDIO_DEFAULTS,
        },
        {"flag": flag, "type": flag, "alarm_shake": integer(10, 300), **RECORD, **ALARM_OUT, **AUDIO},
    ),
    49: Table(SERVER_DEFAULTS, SERVER),
    51: Table(
        {
            "flag": 1, "detect_mode": 0, "fire_temp": 120, "alarm_shake": 10, **RECORD_DEFAULTS, **ALARM_OUT_DEFAULTS,
            **AUDIO_DEFAULTS,
            **{
                f"area{n}": {
                    "area_name": f"area{n}", "sensitivity": 50, "top_left_x": 1, "top_left_y": 1, "bo_right_x": 1,
                    "bo_right_y": 1,
                }
                for n in range(1, 5)
            },
        },
        {
            "flag": flag, "detect_mode": flag, "fire_temp": TEMPERATURE, "alarm_shake": integer(0, 100), **RECORD,
            **ALARM_OUT, **AUDIO, **{f"area{n}": FIRE_AREA for n in range(1, 5)},
        },
    ),
    53: Table(
        {"flag": 1, "high": 6, "alpha": 20},
        {"flag": flag, "high": number(0, 100), "alpha": number(0, 360)},
    ),
    55: Table(VIEW_CHECK_DEFAULTS, VIEW_CHECK),
    57: Table(VIEW_CHECK_DEFAULTS, VIEW_CHECK),
}  # fmt: skip
