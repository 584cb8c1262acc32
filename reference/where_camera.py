"""Where a person finds each command, push and upload of a thermal camera in Home Assistant."""

from typing import Final

from custom_components.thermogate.camera_setting_entities import platform_of, text_key
from custom_components.thermogate.guide import (
    COMMANDS,
    SETTING_FIELDS,
    AutofocusFinished,
    Command,
    DifferenceAlarm,
    ExternalInputAlarm,
    FireAlarm,
    ForcedLogout,
    IllegalAccess,
    Kind,
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
_CUTTING: Final = ("action.set_network", "action.set_ports")
_CATCHING_UP: Final = "read after a pause to catch up with alarms"

_RECORDINGS: Final = "*Media → ThermoGate* → the camera → *Recordings on the camera*"

# Beside the entities and actions for settings, which follow from the table of settings.
_SAID: Final[dict[int, Where]] = {
    3: ("action.save_rule", "action.delete_rule", *_RULE_SETTINGS),
    4: (*_RULES, "binary_sensor.rule_alarm", *_RULE_SETTINGS, "action.list_rules"),
    9: ("action.set_network",),
    10: ("the MAC address on the page of the device",),
    11: ("action.set_ports",),
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
    503: ("action.change_password",),
    504: ("action.reset_password",),
    505: (
        "model, serial number and versions on the page of the device",
        "sensor.fpga_version",
        "sensor.measure_version",
    ),
    506: ("button.set_clock",),
    507: ("action.get_version_history",),
    508: ("button.restart",),
    513: (_RECORDINGS, _CATCHING_UP),
    514: (_RECORDINGS,),
    515: (
        "action.get_temperature_history",
        "fills gaps in the statistics of the rules after a pause",
        _CATCHING_UP,
    ),
    509: (
        "binary_sensor.recording",
        "sensor.recorded_stream",
        "sensor.delayed_recording",
        "sensor.captured_pictures",
        "action.start_recording",
        "action.stop_recording",
    ),
    510: ("action.export_log",),
    511: ("action.clean_up_data",),
    512: ("action.export_settings", "action.factory_reset"),
    516: ("lets the camera report temperatures between readings",),
    517: ("action.set_report_interval",),
    518: ("action.set_image_effect",),
    520: (
        *_IMAGES,
        *_RULES,
        "trigger.rule_temperature_crossed",
        "action.get_temperatures",
    ),
    521: ("action.get_point_temperature",),
    522: ("camera.thermal", "camera.thermal_sub", "action.save_snapshot"),
    523: ("camera.visible", "camera.visible_sub", "action.save_snapshot"),
    524: ("button.silence_alarm", "action.silence_alarm"),
    525: ("button.test_mail",),
    527: (
        "action.mark_dead_pixels",
        "action.unmark_dead_pixels",
        "action.restore_dead_pixels",
    ),
    528: ("action.get_dead_pixels",),
    529: ("button.nuc",),
    530: (
        "image.thermal_map",
        "action.get_region_statistics",
        "action.save_temperature_matrix",
        "action.save_thermal_picture",
    ),
    531: ("action.get_point_distance",),
    532: (
        "button.focus_near_fine",
        "button.focus_far_fine",
        "button.focus_automatic",
        "action.set_focus",
    ),
    600: (
        "button.ptz_left",
        "button.ptz_right",
        "button.ptz_up",
        "button.ptz_down",
        "button.ptz_zoom_in",
        "button.ptz_zoom_out",
        "button.ptz_up_left",
        "button.ptz_up_right",
        "button.ptz_down_left",
        "button.ptz_down_right",
        "button.ptz_focus_near",
        "button.ptz_focus_far",
        "button.ptz_iris_open",
        "button.ptz_iris_close",
        "button.ptz_stop",
        "light.ptz_light",
        "switch.ptz_wiper",
        "switch.ptz_fan",
        "switch.ptz_heater",
        "switch.ptz_auxiliary",
        "action.ptz_move",
    ),
    601: ("select.ptz_preset", "action.get_ptz"),
    602: ("action.save_preset",),
    603: ("action.delete_preset",),
    604: ("action.rename_preset",),
    605: (
        "select.ptz_preset",
        "action.ptz_preset",
        "trigger.camera_at_preset",
        "condition.camera_at_preset",
    ),
    606: ("select.ptz_cruise", "action.get_ptz"),
    607: ("action.save_cruise",),
    608: ("action.delete_cruise",),
    609: ("action.save_cruise",),
    610: ("select.ptz_cruise", "action.ptz_cruise", "button.ptz_stop"),
    611: ("select.ptz_line_scan", "action.get_ptz"),
    612: ("action.save_line_scan",),
    613: ("select.ptz_line_scan", "action.ptz_scan", "button.ptz_stop"),
    614: ("select.ptz_trace", "action.get_ptz"),
    615: ("action.record_trace",),
    616: ("select.ptz_trace", "action.ptz_trace", "button.ptz_stop"),
    617: (
        "sensor.ptz_motion",
        "binary_sensor.ptz_moving",
        "the entities for moving are there if the camera answers it",
    ),
    906: ("action.save_raw_frame",),
    9999: ("keeps the session open",),
}

_ACTIONS: Final = {Kind.GET: "action.get_settings", Kind.SET: "action.set_settings"}


def _where(command: Command) -> Where:
    """Return where a command is found: of settings also the entities of each."""
    said = _SAID.get(command.cmdtype, ())
    if command.kind not in _ACTIONS:
        return said
    section = command.key.removeprefix(f"{command.kind}_")
    entities = (
        f"{platform}.{text_key(setting)}"
        for setting in SETTING_FIELDS.values()
        if setting.section == section and (platform := platform_of(setting))
    )
    # What cuts the camera off has an action of its own.
    action = (
        () if any(place in _CUTTING for place in said) else (_ACTIONS[command.kind],)
    )
    return (*said, *entities, *action)


COMMANDS_WHERE: Final[dict[int, Where]] = {
    number: where for number, command in COMMANDS.items() if (where := _where(command))
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
        ("event.alarm", "binary_sensor.storage_full_alarm", "condition.alarm_showing"),
    ),
    1003: (
        "Storage failure",
        StorageFailure,
        (
            "event.alarm",
            "binary_sensor.storage_failure_alarm",
            "condition.alarm_showing",
        ),
    ),
    1004: (
        "Stream failure",
        StreamException,
        ("event.alarm", "binary_sensor.stream_alarm", "condition.alarm_showing"),
    ),
    1005: (
        "Somebody tried to log in",
        IllegalAccess,
        (
            "event.alarm",
            "binary_sensor.illegal_access_alarm",
            "condition.alarm_showing",
        ),
    ),
    1006: (
        "Recording, in seconds",
        RecordingStatus,
        (
            "binary_sensor.recording",
            "sensor.recorded_stream",
            "sensor.delayed_recording",
            "sensor.captured_pictures",
        ),
    ),
    1007: (
        "Temperatures of the rules, every so many seconds",
        ObjectTemperatures,
        _RULES,
    ),
    1008: (
        "Network failure",
        NetworkException,
        ("event.alarm", "binary_sensor.network_alarm", "condition.alarm_showing"),
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
            "condition.alarm_showing",
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
            "condition.alarm_showing",
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
            "condition.alarm_showing",
        ),
    ),
}
"""What each push says, the class that it is read as, and where that shows."""

NEWER_PUSHES: Final[tuple[tuple[str, type, Where], ...]] = (
    (
        "Two objects differ by more than they may",
        DifferenceAlarm,
        ("event.alarm", "binary_sensor.difference_alarm", "condition.alarm_showing"),
    ),
    (
        "The lens has looked for its focus",
        AutofocusFinished,
        ("the debug log only: what its numbers mean is not public",),
    ),
)
"""The same of pushes whose numbers are not public."""

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
