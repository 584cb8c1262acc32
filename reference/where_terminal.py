"""Where a person finds each command, message and setting of an access terminal in Home Assistant."""

from typing import Final

from .where import Where

_PERSONS: Final = ("action.list_persons", "action.get_person")
_INTERCOM: Final = ("event.intercom", "sensor.call_state", "trigger.call")

COMMANDS_WHERE: Final[dict[str, Where]] = {
    "request_persons": (
        *_PERSONS,
        "sensor.registered_persons",
        "condition.person_enrolled",
    ),
    "upload_person": (
        "action.save_person",
        "action.save_persons",
        "action.copy_persons",
    ),
    "delete_person": ("action.delete_person", "action.forget_person"),
    "delete_persons": ("action.delete_person",),
    "request_records": (
        "action.list_records",
        "sensor.stored_records",
        "sensor.waiting_records",
        "read after a pause to catch up",
    ),
    "delete_record": ("action.delete_record", "action.forget_person"),
    "delete_records": ("action.delete_record",),
    "request_app_params": ("action.get_settings", "the entities of the settings below"),
    "update_app_params": ("action.set_settings", "the entities of the settings below"),
    "reset_app_params": ("button.reset_app_params",),
    "request_stream_params": (
        "action.get_settings",
        "the entities of the settings below",
    ),
    "update_stream_params": (
        "action.set_settings",
        "the entities of the settings below",
    ),
    "reset_stream_params": ("button.reset_stream_params",),
    "request_schedules": ("action.get_access_rules",),
    "update_schedules": ("action.set_access_rules", "action.save_access_rule"),
    "add_schedule": ("action.save_access_rule",),
    "snapshot": ("camera.snapshot",),
    "gpio_control": (
        "button.open_gate",
        "button.open_second_gate",
        "lock.door",
        "action.control_gate",
    ),
    "gpio_control_extend": (
        "button.open_gate",
        "button.open_second_gate",
        "lock.door",
        "action.control_gate",
        "used where the firmware lacks the command without Extend",
    ),
    "wiegand_control": ("action.send_wiegand",),
    "send_serial_data": ("action.send_serial",),
    "heart_beat": (
        "binary_sensor.connectivity",
        "option.offline_after",
        "sent when the terminal was silent for a while",
    ),
    "request_auth_code": ("action.get_auth_code",),
    "request_time": ("sensor.clock_drift",),
    "update_time": ("button.set_clock", "switch.keep_clock"),
    "reboot": ("button.restart",),
    "restart_application": ("button.restart_application",),
    "request_screensaver": ("select.screensaver",),
    "update_screensaver": ("select.screensaver",),
    "request_media": ("action.list_screensaver_media",),
    "update_media": ("action.upload_screensaver_media",),
    "delete_media": ("action.delete_screensaver_media",),
    "text_display": ("notify.screen_text", "action.show_text"),
    "image_display": ("action.show_image",),
    "tts_play": ("notify.speech",),
    "play_audio_stream": ("media_player.speaker",),
    "browse_audio": ("media_player.speaker", "action.play_sound"),
    "play_audio": ("media_player.speaker", "action.play_sound"),
    "get_volume": ("media_player.speaker",),
    "set_volume": ("media_player.speaker",),
    "get_hardware": ("action.get_hardware", "the model on the page of the device"),
    "set_hardware": ("action.set_hardware",),
    "get_network": ("action.get_network", "sensor.ip_address"),
    "get_version": ("the versions on the page of the device",),
    "download_file": ("action.download_file",),
    "upload_file": ("action.upload_file", "action.upload_screensaver_media"),
    "update_encryption": ("action.set_encryption",),
    "request_encryption": ("binary_sensor.encryption",),
    "request_4g": (
        "action.get_mobile_network",
        "sensor.mobile_signal",
        "sensor.mobile_operator",
    ),
    "traffic_statistics": (
        "action.get_data_use",
        "sensor.data_used_today",
        "sensor.data_used_this_month",
    ),
    "sip_register": ("action.set_sip_account",),
    "sip_account": ("action.get_sip_account",),
    "sip_unregister": ("action.delete_sip_account",),
    "sip_call": ("action.sip_call",),
    "sip_hangup": ("action.sip_hang_up", "button.hang_up"),
    "sip_add_rooms": ("action.save_rooms",),
    "sip_rooms": ("action.list_rooms",),
    "sip_delete_rooms": ("action.delete_rooms",),
    "sip_delete_all_rooms": ("action.delete_rooms",),
    "set_room_format": ("action.set_room_format",),
    "get_room_format": ("action.get_room_format",),
}

MESSAGES: Final[tuple[tuple[str, str, Where], ...]] = (
    (
        "2.2.1",
        "Somebody stands before the terminal",
        (
            "event.access",
            "image.face",
            "image.scene",
            "image.registered_photo",
            "sensor.last_person",
            "sensor.last_result",
            "sensor.last_reason",
            "sensor.last_temperature",
            "sensor.last_score",
            "sensor.last_access",
            "binary_sensor.temperature_alarm",
            "binary_sensor.mask_alarm",
            "binary_sensor.stranger_alarm",
            "trigger.person_recognised",
            "trigger.unknown_person",
            "trigger.access_refused",
            "trigger.temperature_too_high",
            "action.search_journal",
            "option.acknowledge",
        ),
    ),
    ("2.6", "Heartbeat", ("binary_sensor.connectivity", "sensor.last_seen")),
    (
        "2.10.1",
        "The terminal looks for new firmware",
        ("update.firmware", "action.offer_firmware"),
    ),
    ("2.15.6", "A step of a call", _INTERCOM),
)
"""What comes unasked: section, what it is, and where it shows."""

SETTINGS_WHERE: Final[dict[str, Where]] = {
    "led_mode": ("light.led",),
    "led_brightness": ("light.led",),
    # These could cut the link to Home Assistant.
    "extranet_mode": ("action.set_settings",),
    "upload_method": ("action.set_settings",),
}
"""The settings that are not the entity of their own name."""
