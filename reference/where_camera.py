"""Where a person finds each command, push and upload of a thermal camera in Home Assistant.

What is not here is spoken by `guide/`, and no entity or action needs it so far.
"""

from typing import Final

from custom_components.thermogate.guide import (
    ExternalInputAlarm,
    FireAlarm,
    ForcedLogout,
    IllegalAccess,
    NetworkException,
    ObjectTemperatures,
    Push,
    RecordingStatus,
    StorageFailure,
    StorageFull,
    StreamException,
    TemperatureAlarm,
)

from .where import Where

_IMAGES: Final = (
    "sensor.image_maximum",
    "sensor.image_minimum",
    "sensor.image_average",
)
_RULES: Final = (
    "sensor.rule_maximum",
    "sensor.rule_minimum",
    "sensor.rule_average",
    "sensor.rule_difference",
)
_RULE_SETTINGS: Final = (
    "switch.rule_alarm",
    "number.rule_high_threshold",
    "number.rule_low_threshold",
    "number.rule_average_threshold",
    "number.rule_difference_threshold",
    "number.rule_slope_threshold",
)
_TIMES_SET: Final = ("action.set_alarm_schedule",)
_TIMES_READ: Final = ("action.list_alarm_schedules",)
_CATCHING_UP: Final = "read after a pause to catch up with alarms"

COMMANDS_WHERE: Final[dict[int, Where]] = {
    3: ("action.save_rule", "action.delete_rule", *_RULE_SETTINGS),
    4: (*_RULES, "binary_sensor.rule_alarm", *_RULE_SETTINGS, "action.list_rules"),
    10: ("the MAC address on the page of the device",),
    17: ("action.set_shielded_areas",),
    18: ("action.list_shielded_areas",),
    19: _TIMES_SET,
    20: _TIMES_READ,
    21: _TIMES_SET,
    22: _TIMES_READ,
    23: ("action.set_video_stream",),
    24: ("action.list_video_streams",),
    35: ("light.fill_light",),
    36: ("light.fill_light",),
    47: _TIMES_SET,
    48: _TIMES_READ,
    51: ("action.set_fire_areas", *_TIMES_SET),
    52: ("action.list_fire_areas", *_TIMES_READ),
    55: _TIMES_SET,
    56: _TIMES_READ,
    57: _TIMES_SET,
    58: _TIMES_READ,
    500: ("camera.visible", "camera.thermal"),
    501: ("user and password of the device",),
    502: ("sent when the device is unloaded",),
    505: ("model, serial number and versions on the page of the device",),
    506: ("button.set_clock",),
    508: ("button.restart",),
    509: ("binary_sensor.recording",),
    513: (_CATCHING_UP,),
    515: (_CATCHING_UP,),
    516: ("lets the camera report temperatures between readings",),
    520: (*_IMAGES, *_RULES, "trigger.rule_temperature_crossed"),
    522: ("camera.thermal", "camera.thermal_sub"),
    523: ("camera.visible", "camera.visible_sub"),
    524: ("button.silence_alarm",),
    529: ("button.nuc",),
    600: (
        "button.ptz_left",
        "button.ptz_right",
        "button.ptz_up",
        "button.ptz_down",
        "button.ptz_zoom_in",
        "button.ptz_zoom_out",
        "button.ptz_stop",
        "action.ptz_move",
    ),
    601: ("select.ptz_preset",),
    605: (
        "select.ptz_preset",
        "action.ptz_preset",
        "trigger.camera_at_preset",
        "condition.camera_at_preset",
    ),
    610: ("action.ptz_cruise",),
    613: ("action.ptz_scan",),
    616: ("action.ptz_trace",),
    617: ("the entities for moving are there if the camera answers it",),
    9999: ("keeps the session open",),
}

PUSHES: Final[dict[int, tuple[str, type[Push], Where]]] = {
    1000: (
        "Temperature alarm of a rule, a hot spot or a cold spot",
        TemperatureAlarm,
        (
            "event.alarm",
            "binary_sensor.temperature_alarm",
            "binary_sensor.hot_spot_alarm",
            "binary_sensor.cold_spot_alarm",
            "binary_sensor.rule_alarm",
            "image.alarm_visible",
            "image.alarm_thermal",
            "trigger.temperature_alarm",
            "trigger.hot_spot",
            "condition.alarm_showing",
        ),
    ),
    1001: (
        "Somebody else took the session",
        ForcedLogout,
        ("the repair issue that says what to do",),
    ),
    1002: (
        "Storage full, in MB",
        StorageFull,
        ("event.alarm", "binary_sensor.storage_full_alarm"),
    ),
    1003: (
        "Storage failure",
        StorageFailure,
        ("event.alarm", "binary_sensor.storage_failure_alarm"),
    ),
    1004: (
        "Stream failure",
        StreamException,
        ("event.alarm", "binary_sensor.stream_alarm"),
    ),
    1005: (
        "Somebody tried to log in",
        IllegalAccess,
        ("event.alarm", "binary_sensor.illegal_access_alarm"),
    ),
    1006: ("Recording, in seconds", RecordingStatus, ("binary_sensor.recording",)),
    1007: (
        "Temperatures of the rules, every so many seconds",
        ObjectTemperatures,
        _RULES,
    ),
    1008: (
        "Network failure",
        NetworkException,
        ("event.alarm", "binary_sensor.network_alarm"),
    ),
    1009: (
        "Temperature alarm of an object, of the whole picture or of a body",
        TemperatureAlarm,
        ("event.alarm", "binary_sensor.temperature_alarm", "trigger.temperature_alarm"),
    ),
    1010: (
        "Alarm input",
        ExternalInputAlarm,
        (
            "event.alarm",
            "binary_sensor.external_input_alarm",
            "trigger.external_input",
        ),
    ),
    1011: (
        "Fire",
        FireAlarm,
        ("event.alarm", "binary_sensor.fire_alarm", "trigger.fire"),
    ),
}
"""What each push says, the class that it is read as, and where that shows."""

UPLOADS_WHERE: Final[dict[int, Where]] = {}
