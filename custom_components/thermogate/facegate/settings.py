"""The terminal's settings (vendor document 2.3.1 and 2.3.4), the one place that says what each may be.

A setting without bounds has none in the document; `seen on devices` marks the facts that are not from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
import re
from typing import Any, Final

from .errors import FaceGateValidationError
from .fields import Field, FieldType, parse_value
from .wire import as_object

BOOLEAN, INTEGER, NUMBER, TEXT = (
    FieldType.BOOLEAN,
    FieldType.INTEGER,
    FieldType.NUMBER,
    FieldType.TEXT,
)

MAX_UINT32: Final = 2**32 - 1

_SECRET = re.compile(r"passw|pwd|secret|token|(^|_)(pass|key|psk)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: our `key`, the sections it stands in on the wire, and its field."""

    key: str
    path: tuple[str, ...]
    field: Field


def read_setting(setting: Setting, params: Mapping[str, Any]) -> Any:
    """Return the value of a setting from an answer with all of them, None if the terminal has not got it."""
    block: Mapping[str, Any] = params
    for section in setting.path:
        block = as_object(block.get(section))
    return parse_value(setting.field, block.get(setting.field.name))


def changes(settings: Iterable[Setting], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keyword arguments of an update command that changes the settings named by key in `values`, and no other.

    Raises FaceGateValidationError for a key that is not among `settings`; the values are checked when sent.
    """
    by_key = {setting.key: setting for setting in settings}
    message: dict[str, Any] = {}
    for key, value in values.items():
        if key not in by_key:
            raise FaceGateValidationError("setting", key, f"one of {', '.join(by_key)}")
        block = message
        for section in by_key[key].path:
            block = block.setdefault(section, {})
        block[by_key[key].field.key] = value
    return message


def sections(settings: Iterable[Setting]) -> tuple[Field, ...]:
    """Return the settings as the nested fields of one message; settings of one section stand together."""
    fields: list[Field] = []
    for section, group in groupby(settings, key=lambda setting: setting.path[:1]):
        members = list(group)
        if section:
            inner = sections(
                replace(member, path=member.path[1:]) for member in members
            )
            fields.append(Field(section[0], FieldType.OBJECT, fields=inner))
        else:
            fields.extend(member.field for member in members)
    return tuple(fields)


def without_secrets(value: Any) -> Any:
    """Return a copy of a JSON value without any field that is named like a password, known to us or not."""
    if isinstance(value, dict):
        return {
            key: without_secrets(item)
            for key, item in value.items()
            if not _SECRET.search(key)
        }
    return (
        [without_secrets(item) for item in value] if isinstance(value, list) else value
    )


def _table(
    *sections_of_rows: tuple[str, tuple[tuple[str, Field], ...]],
) -> tuple[Setting, ...]:
    return tuple(
        Setting(key, tuple(path.split(".")), field)
        for path, rows in sections_of_rows
        for key, field in rows
    )


def _port(name: str) -> Field:
    return Field(name, INTEGER, minimum=1, maximum=65535)


def _card(name: str) -> Field:
    return Field(name, INTEGER, minimum=0, maximum=MAX_UINT32)


def _same(*words: str) -> dict[str, int | str]:
    return {word: word for word in words}


# Seen on devices: 3 and 8, 7 read alike in the document; the vendor's own headers tell them apart as here.
_GATE_MODES: Final[dict[str, int | str]] = {
    "none": 0,
    "face": 1,
    "id_card": 2,
    "face_and_id_card": 3,
    "card": 4,
    "face_and_card": 5,
    "any_face": 6,
    "allowed_face_or_allowed_id_card": 7,
    "face_or_id_card": 8,
    "card_with_picture": 9,
    "face_or_face_and_id_card": 10,
    "allowed_id_card": 11,
    "any_id_card": 12,
    "face_or_any_id_card": 13,
    "face_or_rfid": 20,
}

APP_SETTINGS: Final = _table(
    (
        "device_info",
        (
            ("device_number", Field("device_no", TEXT, max_bytes=32)),
            ("position_number", Field("addr_no", TEXT, max_bytes=32)),
            ("position_name", Field("addr_name", TEXT, max_bytes=96)),
        ),
    ),
    (
        "extranet",
        (
            ("extranet_enabled", Field("enable", BOOLEAN)),
            ("extranet_mode", Field("mode", TEXT, choices=_same("http", "tcp"))),
            ("extranet_server_ip", Field("server_ip", TEXT)),
            ("extranet_server_domain", Field("server_domain", TEXT)),
            ("extranet_server_port", _port("server_port")),
            ("extranet_url", Field("url", TEXT)),
        ),
    ),
    (
        "upload_info",
        (
            (
                "upload_method",
                Field(
                    "method",
                    TEXT,
                    choices=_same("http", "tcp", "ftp", "webservice", "none"),
                ),
            ),
            ("upload_server_ip", Field("server_ip", TEXT)),
            ("upload_server_domain", Field("server_domain", TEXT)),
            ("upload_server_port", _port("server_port")),
            ("upload_url", Field("service_url", TEXT, max_bytes=101)),
            ("upload_user", Field("user", TEXT)),
            ("upload_password", Field("password", TEXT, secret=True)),
            ("upload_directory", Field("pattern", TEXT, max_bytes=69)),
        ),
    ),
    (
        "face",
        (
            ("min_face_size", Field("min_face_size", INTEGER, minimum=0, unit="px")),
            ("name_privacy", Field("name_privacy", BOOLEAN)),
            ("face_matching", Field("enable_match", BOOLEAN)),
            ("match_score", Field("match_score", INTEGER, minimum=70, maximum=100)),
            ("skip_repeated_faces", Field("enable_dereplication", BOOLEAN)),
            (
                "repeated_face_interval",
                Field("derep_timeout", INTEGER, minimum=3, maximum=60, unit="s"),
            ),
            (
                "picture_form",
                Field(
                    "pic_form",
                    TEXT,
                    choices=_same("overall", "closeup", "both", "none"),
                ),
            ),
            ("send_registered_photo", Field("enable_output_reg", BOOLEAN)),
            ("send_features", Field("enable_output_feature", BOOLEAN)),
            ("detect_age", Field("enable_age", BOOLEAN)),
            ("detect_sex", Field("enable_sex", BOOLEAN)),
            ("detect_liveness", Field("enable_alive", BOOLEAN)),
            ("allow_same_face", Field("enable_same_face_reg", BOOLEAN)),
        ),
    ),
    (
        "face.body_temperature",
        (
            ("measure_temperature", Field("enable", BOOLEAN)),
            ("temperature_limit", Field("limit", NUMBER)),
            ("temperature_outdoor", Field("outdoor", BOOLEAN)),
            (
                "temperature_multi_frame",
                Field("multi_frame_confir", BOOLEAN, alias="multi_frame_confirm"),
            ),
            ("temperature_range_min", Field("range_min", NUMBER)),
            ("temperature_range_max", Field("range_max", NUMBER)),
            ("temperature_correction", Field("correction_value", NUMBER)),
            ("temperature_fahrenheit", Field("fahrenheit_unit", BOOLEAN)),
        ),
    ),
    (
        "face.mask",
        (
            ("detect_mask", Field("enable", BOOLEAN)),
            ("require_mask", Field("must_wear_mask", BOOLEAN)),
            ("no_mask_alarm", Field("no_mask_alarm", BOOLEAN)),
        ),
    ),
    ("face.remote_upgrader", (("face_remote_upgrade", Field("enable", BOOLEAN)),)),
    (
        "gate_control",
        (
            (
                "gate_output",
                Field("output_mode", TEXT, choices=_same("gpio", "wiegand")),
            ),
            ("gate_mode", Field("gate_mode", INTEGER, choices=_GATE_MODES)),
            (
                "working_mode",
                Field(
                    "match_mode",
                    INTEGER,
                    choices={"auto": 1, "online": 2, "offline": 3},
                ),
            ),
            ("relay_state", Field("gpio_state", INTEGER, minimum=0, maximum=1)),
            (
                "relay_hold_time",
                Field(
                    "gpio_retention_time", INTEGER, minimum=500, maximum=5000, unit="ms"
                ),
            ),
            ("relays_linked", Field("gpio_linked", BOOLEAN)),
            ("wiegand_linked", Field("wg_linked", BOOLEAN)),
            (
                "wiegand_protocol",
                Field("wg_protocol", TEXT, choices=_same("wg26", "wg34")),
            ),
            ("wiegand_public_card", _card("wg_id_public")),
            ("wiegand_first_card", _card("wg_create_id_begin")),
            ("wiegand_last_card", _card("wg_create_id_end")),
        ),
    ),
    (
        "led_control",
        (
            (
                "led_mode",
                Field(
                    "led_mode",
                    INTEGER,
                    choices={"always_on": 1, "auto": 2, "always_off": 3},
                ),
            ),
            (
                "led_brightness",
                Field("led_brightness", INTEGER, minimum=1, maximum=100, unit="%"),
            ),
            (
                "led_sensitivity",
                Field("led_sensitivity", TEXT, choices=_same("low", "mid", "high")),
            ),
        ),
    ),
    (
        "lcd_control",
        (
            ("lcd_title", Field("lcd_title", TEXT)),
            # The sum of title 1, time 2, IP 4, registered faces 8, serial number 16, Wiegand card 32, 4G 64, measurements 128;
            # seen on devices: all 32 bits.
            (
                "lcd_items",
                Field("lcd_display_item", INTEGER, minimum=0, maximum=MAX_UINT32),
            ),
            ("lcd_mirrored", Field("led_mirror", BOOLEAN, alias="lcd_mirror")),
        ),
    ),
    (
        "qr_code_control",
        (
            ("scan_qr_codes", Field("enable", BOOLEAN)),
            (
                "qr_code_interval",
                Field("repeat_interval", INTEGER, minimum=0, maximum=255, unit="s"),
            ),
        ),
    ),
    ("name_list", (("clean_expired_persons", Field("auto_clean", BOOLEAN)),)),
    (
        "auth",
        (
            ("authentication", Field("enable", BOOLEAN)),
            ("authentication_user", Field("username", TEXT)),
            ("authentication_password", Field("password", TEXT, secret=True)),
        ),
    ),
    (
        "remote_upgrader",
        (
            ("remote_upgrade", Field("enable", BOOLEAN)),
            ("remote_upgrade_domain", Field("server_domain", TEXT)),
            ("remote_upgrade_ip", Field("server_ip", TEXT)),
            ("remote_upgrade_port", _port("server_port")),
            ("remote_upgrade_path", Field("server_uri", TEXT)),
        ),
    ),
    (
        "record",
        (
            ("save_records", Field("save_enable", BOOLEAN)),
            ("resume_upload", Field("resume_enable", BOOLEAN)),
            (
                "record_storage",
                Field("save_path", TEXT, choices={"sd_card": "TF", "internal": "EMMC"}),
            ),
        ),
    ),
    (
        "ntp",
        (
            ("ntp", Field("enable", BOOLEAN)),
            # Unit and bounds are in no document but in the vendor's own headers.
            (
                "ntp_interval",
                Field("update_cycle", INTEGER, minimum=60, maximum=600, unit="s"),
            ),
            ("ntp_domain", Field("server_domain", TEXT)),
            ("ntp_ip", Field("server_ip", TEXT)),
        ),
    ),
)

STREAM_SETTINGS: Final = _table(
    (
        "image",
        (
            (
                "max_exposure",
                Field("max_exposure", INTEGER, minimum=300, maximum=9900, unit="µs"),
            ),
            ("max_gain", Field("max_gain", INTEGER, minimum=0, maximum=40, unit="dB")),
            ("contrast", Field("contrast", INTEGER, minimum=0, maximum=128)),
            ("saturation", Field("saturation", INTEGER, minimum=1, maximum=255)),
            ("image_brightness", Field("brightness", INTEGER, minimum=1, maximum=100)),
        ),
    ),
    (
        "video",
        (
            (
                "bitrate",
                Field("bitrate", INTEGER, minimum=1024, maximum=4096, unit="kbit/s"),
            ),
        ),
    ),
)
