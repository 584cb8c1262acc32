"""The terminal's settings."""

import pytest

from custom_components.thermogate.facegate import (
    APP_SETTINGS,
    COMMANDS,
    STREAM_SETTINGS,
    FaceGateValidationError,
    Setting,
    changes,
    read_setting,
)
from custom_components.thermogate.facegate.settings import without_secrets

BY_KEY = {setting.key: setting for setting in (*APP_SETTINGS, *STREAM_SETTINGS)}
PARAMS = {
    "face": {
        "match_score": "85",
        "body_temperature": {"limit": 37.5, "fahrenheit_unit": False},
    },
    "gate_control": {"gate_mode": 8, "match_mode": 2, "gpio_state": 1},
    "extranet": {"mode": "mqtt"},
    "led_control": "broken",
    "record": {"save_path": "EMMC"},
}


def test_all_settings_are_there() -> None:
    """Every section of the document, each setting with a key of its own."""
    places = {
        (setting.path, setting.field.name)
        for setting in (*APP_SETTINGS, *STREAM_SETTINGS)
    }
    assert len(BY_KEY) == len(places) == len(APP_SETTINGS) + len(STREAM_SETTINGS)
    assert {setting.path[0] for setting in APP_SETTINGS} == {
        "device_info",
        "extranet",
        "upload_info",
        "face",
        "gate_control",
        "led_control",
        "lcd_control",
        "qr_code_control",
        "name_list",
        "auth",
        "remote_upgrader",
        "record",
        "ntp",
    }


@pytest.mark.parametrize(
    ("key", "minimum", "maximum", "unit"),
    [
        ("match_score", 70, 100, ""),
        ("repeated_face_interval", 3, 60, "s"),
        ("relay_hold_time", 500, 5000, "ms"),
        ("wiegand_public_card", 0, 4294967295, ""),
        ("led_brightness", 1, 100, "%"),
        ("qr_code_interval", 0, 255, "s"),
        ("max_exposure", 300, 9900, "µs"),
        ("max_gain", 0, 40, "dB"),
        ("contrast", 0, 128, ""),
        ("saturation", 1, 255, ""),
        ("image_brightness", 1, 100, ""),
        ("bitrate", 1024, 4096, "kbit/s"),
    ],
)
def test_ranges(key: str, minimum: int, maximum: int, unit: str) -> None:
    """The numbers of the document."""
    field = BY_KEY[key].field
    assert (field.minimum, field.maximum, field.unit) == (minimum, maximum, unit)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("match_score", 85),
        ("temperature_limit", 37.5),
        ("temperature_fahrenheit", False),
        ("gate_mode", "face_or_id_card"),
        ("working_mode", "online"),
        ("relay_state", 1),
        ("record_storage", "internal"),
        ("extranet_mode", "mqtt"),
        ("led_mode", None),
        ("detect_mask", None),
    ],
)
def test_read(key: str, value: object) -> None:
    """A value is found in its section; a missing section, or a broken one, has none."""
    assert read_setting(BY_KEY[key], PARAMS) == value


def test_change() -> None:
    """Only the changed sections are sent."""
    values = {
        "gate_mode": "any_face",
        "working_mode": "auto",
        "temperature_limit": 38.0,
    }
    assert COMMANDS["update_app_params"].encode(changes(APP_SETTINGS, values)) == {
        "cmd": "update app params",
        "gate_control": {"gate_mode": 6, "match_mode": 1},
        "face": {"body_temperature": {"limit": 38.0}},
    }
    with pytest.raises(FaceGateValidationError, match="bitrate"):
        changes(APP_SETTINGS, {"bitrate": 1})


@pytest.mark.parametrize("setting", APP_SETTINGS, ids=lambda setting: setting.key)
def test_every_setting_can_be_sent_and_read(setting: Setting) -> None:
    """Its place in the update command is its place in the answer."""
    field = setting.field
    samples = {
        "boolean": True,
        "number": 36.5,
        "integer": field.minimum,
        "text": "text",
    }
    value = next(iter(field.choices), samples[field.type])
    message = COMMANDS["update_app_params"].encode(
        changes(APP_SETTINGS, {setting.key: value})
    )
    assert read_setting(setting, message) == value


def test_no_password_survives() -> None:
    """Wherever it stands and whoever invented its name."""
    params = {
        "auth": {"username": "admin", "password": "p1"},
        "mqtt": {
            "user": "u",
            "PassWord": "p2",
            "list": [{"ftp_pwd": "p3", "passwd": "p4", "keep": 1}],
        },
        "wifi": {"ssid": "gate", "psk": "p9", "wpa_psk": "p10"},
        "sip_pass": "p5",
        "new_key": "p6",
        "api_token": "p7",
        "secret": "p8",
        "keyboard": "stays",
        "compass": "stays",
    }
    kept = without_secrets(params)
    assert kept == {
        "auth": {"username": "admin"},
        "mqtt": {"user": "u", "list": [{"keep": 1}]},
        "wifi": {"ssid": "gate"},
        "keyboard": "stays",
        "compass": "stays",
    }
    assert params["auth"] == {"username": "admin", "password": "p1"}
