"""Commands 500 to 532, 906 and 9999: what a camera does and tells. Vendor document, section IV."""

from .command import HEARTBEAT, Command, Kind
from .fields import (
    Field,
    FieldType,
    integer,
    listing,
    number,
    password,
    switches,
    texts,
    values,
)
from .history_models import (
    CHANNELS,
    LONGEST_PAGE,
    MEDIA_KINDS,
    RECORDING_KINDS,
    STATISTICS,
)
from .models import SHAPES

# A matrix is more than a megabyte of base64, a picture has to be taken and compressed first.
_SLOW = 20.0
_RTSP_URLS = ("vl_rtsp_url", "vl_sub_rtsp_url", "ir_rtsp_url", "ir_sub_rtsp_url")

_PICTURE = (
    *texts("image_url", "image_content"),
    integer("image_width"),
    integer("image_height"),
)
RECORDING_FIELDS = tuple(
    integer(name)
    for name in (
        "status",
        "time",
        "allrecord",
        "alltime",
        "delay_status",
        "delay_time",
        "capture_status",
        "capture_count",
        "capture_total",
    )
)
# The upper limits are those of the sensor: see `dead_pixels_message`.
_DEAD_PIXELS = listing(
    "points", integer("x", 0, required=True), integer("y", 0, required=True)
)


def _function(
    cmdtype: int,
    key: str,
    title: str,
    *request: Field,
    reply: tuple[Field, ...] = (),
    top_level: tuple[Field, ...] = (),
    timeout: float = 10.0,
) -> Command:
    return Command(
        cmdtype=cmdtype,
        key=key,
        title=title,
        kind=Kind.FUNCTION,
        request=request,
        reply=reply,
        top_level=top_level,
        timeout=timeout,
    )


def _subtype(choices: dict[int, str], *, required: bool = True) -> tuple[Field, ...]:
    return (integer("subtype", choices=choices, required=required),)


def _required(*names: str) -> tuple[Field, ...]:
    return tuple(
        Field(name=name, type=FieldType.TEXT, required=True, maximum=128)
        for name in names
    )


FUNCTIONS: tuple[Command, ...] = (
    Command(
        cmdtype=500,
        key="general_info",
        title="General information",
        kind=Kind.FUNCTION,
        needs_login=False,
        reply=(
            *texts(
                "datetime",
                "language",
                "control_uri",
                "systemname",
                "logo",
                "copyright",
                *_RTSP_URLS,
            ),
            *(
                integer(name)
                for name in (
                    "control_port",
                    "ir_video_port",
                    "vl_video_port",
                    "ir_mode",
                    "rule_flush_intveral",
                    "ir_model_w",
                    "ir_model_h",
                    "ir_output_w",
                    "ir_output_h",
                    "device_type",
                    "channel_type",
                )
            ),
            listing("audiofile", integer("index"), *texts("name", "path", "path1")),
            listing(
                "gears",
                number("min", unit="°C"),
                number("max", unit="°C"),
                integer("id"),
            ),
        ),
    ),
    Command(
        cmdtype=501,
        key="login",
        title="Log in",
        kind=Kind.FUNCTION,
        needs_login=False,
        request=(
            *_required("username"),
            password(required=True),
            # The rest is for a device that reports to the vendor's management platform.
            *texts("host_name", "mac", "device_name", "new_username", *_RTSP_URLS),
            *values(
                FieldType.IP_ADDRESS, "ipaddr", "netmask", "gateway", "dns1", "dns2"
            ),
            integer("card", choices={0: "wired"}),
            integer("mode", choices={0: "static", 1: "dhcp"}),
            integer("ip_version", choices={0: "ipv4", 1: "ipv6"}),
            integer(
                "device_type",
                choices={
                    1: "nc200",
                    2: "ipt",
                    3: "box",
                    4: "ir236",
                    5: "gb28181",
                    6: "onvif",
                },
            ),
            integer("channel_type", choices={0: "both", **CHANNELS}),
        ),
        reply=(*texts("token"), integer("count")),
    ),
    _function(502, "logout", "Log out", *_required("username")),
    _function(
        503,
        "change_password",
        "Change password",
        *_required("username"),
        password("oldpassword", required=True),
        password("newpassword", required=True),
    ),
    _function(504, "reset_password", "Reset password", *_required("username")),
    _function(
        505,
        "version",
        "Version",
        reply=texts("model", "version", "serial", "fpga_version", "measure_version"),
    ),
    _function(
        506,
        "set_time",
        "Set time",
        *values(FieldType.DATETIME, "datetime", required=True),
    ),
    _function(
        507,
        "upgrade_history",
        "Upgrade history",
        reply=(listing("versions", *texts("desc", "time", "version")),),
    ),
    _function(508, "restart", "Restart"),
    _function(
        509,
        "record",
        "Recording",
        integer(
            "record_stream",
            choices={0: "query", 1: "visible", 2: "thermal", 3: "both"},
            required=True,
        ),
        reply=RECORDING_FIELDS,
        top_level=_subtype(
            {
                1: "start",
                2: "start_delayed",
                3: "cancel",
                4: "query",
                5: "start_delayed_capture",
                6: "stop_delayed",
                7: "stop_delayed_capture",
            }
        ),
    ),
    _function(510, "log_download", "Log download", reply=texts("url"), timeout=_SLOW),
    _function(511, "data_cleanup", "Data cleanup"),
    _function(
        512,
        "reset_or_export",
        "Factory reset or export of the settings",
        reply=texts("url"),
        top_level=_subtype({1: "factory_reset", 2: "export"}),
        timeout=_SLOW,
    ),
    _function(
        513,
        "history",
        "Recorded files",
        *values(FieldType.DATETIME, "starttime", "endtime", required=True),
        integer("pageindex", 1, required=True),
        integer("pagecount", 1, LONGEST_PAGE, required=True),
        integer("videotype", choices=CHANNELS, required=True),
        integer("datatype", choices=MEDIA_KINDS, required=True),
        reply=(
            integer("total"),
            listing(
                "datas",
                integer("type", choices=RECORDING_KINDS),
                *texts("url", "start", "end"),
                integer("filesize", unit="B"),
            ),
        ),
    ),
    _function(
        514,
        "history_days",
        "Days with recorded files",
        integer("videotype", choices=CHANNELS, required=True),
        integer("datatype", choices=MEDIA_KINDS, required=True),
        integer("year", 1970, 2099, required=True),
        integer("month", 1, 12, required=True),
        reply=(listing("days", item=integer("day", 1, 31)),),
    ),
    _function(
        515,
        "temperature_history",
        "Temperature history",
        *values(
            FieldType.DATETIME, "query_start_time", "query_end_time", required=True
        ),
        # The sum of SHAPE_BITS.
        integer("query_type", 1, 31, required=True),
        integer("query_interval", 1, unit="min", required=True),
        integer("query_temp_type", choices=STATISTICS, required=True),
        integer("report", choices={0: "no", 1: "yes"}, required=True),
        integer("page_index", 1, required=True),
        integer("page_count", 1, LONGEST_PAGE, required=True),
        reply=(
            integer("total"),
            *texts("start_time", "end_time", "report_path"),
            listing(
                "measure_list",
                integer("measure_type", choices=SHAPES),
                integer("measure_id"),
                *texts("measurer_name", "report_path"),
                listing("temperature", item=number("temperature", unit="°C")),
            ),
        ),
        timeout=_SLOW,
    ),
    _function(
        516,
        "subscribe",
        "Subscribe to temperature reports",
        Field(name="push_report", type=FieldType.SWITCH, required=True),
        reply=(integer("interval", unit="s"),),
    ),
    _function(
        517,
        "report_interval",
        "Set report interval",
        integer("interval", 1, unit="min", required=True),
    ),
    _function(
        518,
        "image_value",
        "Set single image values",
        listing(
            "params",
            integer("type", 1, 19, required=True),
            integer("value", 0, 100),
            required=True,
        ),
        top_level=(integer("subtype"),),
    ),
    _function(
        520,
        "temperatures",
        "Real-time temperatures",
        reply=(
            listing(
                "rule_list",
                integer("rule_id"),
                *texts("rule_name"),
                integer("type", choices=SHAPES),
                *(
                    number(name, unit="°C")
                    for name in ("max_temp", "min_temp", "avg_temp")
                ),
                integer("preset"),
            ),
            # Not in the document, but in every real answer.
            *(
                number(name, unit="°C")
                for name in ("global_max_temp", "global_min_temp", "global_avg_temp")
            ),
        ),
    ),
    _function(
        521,
        "point_temperature",
        "Temperature at a point",
        # Below zero turns the cursor off.
        integer("cursor_x", required=True),
        integer("cursor_y", required=True),
        integer("cursor_type", choices={0: "thermal"}, required=True),
        reply=(number("value", unit="°C"), *switches("show")),
    ),
    _function(522, "thermal_image", "Thermal image", reply=_PICTURE, timeout=_SLOW),
    _function(
        523,
        "screenshot",
        "Screenshot",
        integer(
            "type",
            choices={1: "visible_jpeg", 2: "thermal_rgb", 3: "thermal_rgba"},
            required=True,
        ),
        reply=_PICTURE[1:],
        timeout=_SLOW,
    ),
    _function(
        524,
        "silence",
        "Turn alarm output off",
        integer("type", choices={0: "sound", 1: "output", 2: "both"}),
    ),
    _function(525, "mail_test", "Mail test", timeout=_SLOW),
    _function(
        527,
        "mark_dead_pixels",
        "Mark dead pixels",
        _DEAD_PIXELS,
        top_level=_subtype({0: "mark", 1: "factory", 2: "delete"}),
    ),
    _function(
        528,
        "dead_pixels",
        "Dead pixels",
        reply=(_DEAD_PIXELS,),
        top_level=(integer("subtype"),),
    ),
    _function(529, "nuc", "Shutter correction"),
    _function(
        530,
        "temperature_matrix",
        "Temperature matrix",
        integer("type", choices={0: "output", 1: "module"}),
        reply=(*texts("temps", "type"), integer("width"), integer("height")),
        timeout=_SLOW,
    ),
    _function(
        531,
        "point_distance",
        "Distance at a point",
        integer("x", 1),
        integer("y", 1),
        reply=(number("x", unit="m"), number("y", unit="m")),
    ),
    # Seen on devices, not in the document.
    _function(
        532,
        "focus_motor",
        "Focus motor",
        integer(
            "type",
            choices={
                0: "stop",
                1: "far",
                2: "near",
                3: "far_fine",
                4: "near_fine",
                5: "automatic",
                6: "to_position",
            },
            required=True,
        ),
        integer("value", 0, 750),
    ),
    # Seen on devices, not in the document.
    Command(
        cmdtype=906,
        key="raw_frame",
        title="Raw sensor data",
        kind=Kind.FUNCTION,
        reply=texts("y16", "y16_paramLine"),
        timeout=_SLOW,
        http_only=True,
    ),
    Command(
        cmdtype=HEARTBEAT,
        key="heartbeat",
        title="Heartbeat",
        kind=Kind.FUNCTION,
        top_level=(integer("subtype"),),
        action="notify",
    ),
)
