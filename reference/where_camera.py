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
_RULES: Final = ("sensor.rule_maximum", "sensor.rule_minimum", "sensor.rule_average")
_CATCHING_UP: Final = "read after a pause to catch up with alarms"

COMMANDS_WHERE: Final[dict[int, Where]] = {
    4: (*_RULES, "binary_sensor.rule_alarm"),
    10: ("the MAC address on the page of the device",),
    35: ("light.fill_light",),
    36: ("light.fill_light",),
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
        (
            "event.alarm",
            "binary_sensor.temperature_alarm",
            "image.alarm_visible",
            "image.alarm_thermal",
            "trigger.temperature_alarm",
        ),
    ),
    1010: (
        "Alarm input",
        ExternalInputAlarm,
        (
            "event.alarm",
            "binary_sensor.external_input_alarm",
            "image.alarm_visible",
            "image.alarm_thermal",
            "trigger.external_input",
        ),
    ),
    1011: (
        "Fire",
        FireAlarm,
        (
            "event.alarm",
            "binary_sensor.fire_alarm",
            "image.alarm_visible",
            "image.alarm_thermal",
            "trigger.fire",
        ),
    ),
}
"""What each push says, the class that it is read as, and where that shows."""

_PACKAGE: Final = ("action.upload_package",)
UPLOADS_WHERE: Final[dict[int, Where]] = {
    751: _PACKAGE,
    752: _PACKAGE,
    753: _PACKAGE,
    754: ("update.firmware",),
    755: _PACKAGE,
    756: _PACKAGE,
    757: _PACKAGE,
    758: _PACKAGE,
}
