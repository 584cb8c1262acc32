"""A terminal's settings with their ranges: vendor document 2.3.1 (app params) and 2.3.4 (stream params)."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass

from tests.simulators.common import Json
from tests.simulators.terminal.fields import (
    LARGEST_WG26_34,
    Check,
    boolean,
    integer,
    number,
    one_of,
    text,
    wrong,
)

PORT = integer(1, 65535)
# Vendor document 2.3.1, gate_mode; 21 (temperature only) and 22 are seen on devices.
GATE_MODES = (*range(14), 20, 21, 22)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: the factory value and what may be set."""

    default: Json
    check: Check


type Table = dict[str, Setting | Table]
type Values = dict[str, Json]


def _server(domain: str = "server_domain") -> Table:
    return {
        "server_ip": Setting("", text()),
        domain: Setting("", text()),
        "server_port": Setting(80, PORT),
    }


APP_PARAMS: Table = {
    "device_info": {
        "device_no": Setting("", text(32)),
        "addr_no": Setting("", text(32)),
        "addr_name": Setting("Main gate", text(96)),
    },
    "extranet": {
        "enable": Setting(True, boolean),
        "mode": Setting("mqtt", text(16)),
        **_server(),
        "url": Setting("", text()),
    },
    "upload_info": {
        "method": Setting("mqtt", text(16)),
        **_server(),
        "service_url": Setting("", text(101)),
        "user": Setting("", text()),
        "password": Setting("", text()),
        "pattern": Setting("/", text(69)),
    },
    "face": {
        "min_face_size": Setting(120, integer(0)),
        "name_privacy": Setting(False, boolean),
        "enable_match": Setting(True, boolean),
        "match_score": Setting(75, integer(70, 100)),
        "enable_dereplication": Setting(True, boolean),
        "derep_timeout": Setting(3, integer(3, 60)),
        "pic_form": Setting("both", one_of("overall", "closeup", "both", "none")),
        "enable_output_reg": Setting(False, boolean),
        "enable_output_feature": Setting(False, boolean),
        "enable_age": Setting(False, boolean),
        "enable_sex": Setting(False, boolean),
        "enable_alive": Setting(False, boolean),
        "enable_same_face_reg": Setting(True, boolean),
        # These three are in no document, but devices send them.
        "alive_level": Setting(1, integer(0)),
        "match_mode": Setting("normal", text()),
        "language": Setting("en", text()),
        "body_temperature": {
            "enable": Setting(True, boolean),
            "limit": Setting(37.5, number(0, 120)),
            "outdoor": Setting(False, boolean),
            "multi_frame_confir": Setting(False, boolean),
            "range_min": Setting(35.0, number(0, 120)),
            "range_max": Setting(42.0, number(0, 120)),
            "correction_value": Setting(0.25, number(-20, 20)),
            "fahrenheit_unit": Setting(False, boolean),
        },
        "mask": {
            "enable": Setting(True, boolean),
            "must_wear_mask": Setting(False, boolean),
            "no_mask_alarm": Setting(True, boolean),
        },
        "remote_upgrader": {"enable": Setting(False, boolean)},
    },
    "gate_control": {
        "output_mode": Setting("gpio", one_of("gpio", "wiegand")),
        "gate_mode": Setting(1, one_of(*GATE_MODES)),
        "match_mode": Setting(1, one_of(1, 2, 3)),
        "gpio_state": Setting(0, one_of(0, 1)),
        "gpio_retention_time": Setting(1000, integer(500, 5000)),
        "gpio_linked": Setting(False, boolean),
        "wg_linked": Setting(False, boolean),
        "wg_protocol": Setting("wg26", one_of("wg26", "wg34")),
        "wg_id_public": Setting(8888, integer(0, LARGEST_WG26_34)),
        "wg_create_id_begin": Setting(1111, integer(0, LARGEST_WG26_34)),
        "wg_create_id_end": Setting(9_999_999, integer(0, LARGEST_WG26_34)),
    },
    "led_control": {
        "led_mode": Setting(2, one_of(1, 2, 3)),
        "led_brightness": Setting(80, integer(1, 100)),
        "led_sensitivity": Setting("mid", one_of("low", "mid", "high")),
    },
    "lcd_control": {
        "lcd_title": Setting("Face Recognition", text()),
        "lcd_display_item": Setting(7, integer(0, 2**32 - 1)),
        "led_mirror": Setting(False, boolean),
    },
    "qr_code_control": {
        "enable": Setting(True, boolean),
        "repeat_interval": Setting(10, integer(0, 255)),
    },
    "name_list": {"auto_clean": Setting(True, boolean)},
    "auth": {
        "enable": Setting(False, boolean),
        "username": Setting("admin", text()),
        "password": Setting("admin", text()),
    },
    "remote_upgrader": {
        "enable": Setting(False, boolean),
        **_server(),
        "server_uri": Setting("", text()),
    },
    "record": {
        "save_enable": Setting(True, boolean),
        "resume_enable": Setting(True, boolean),
        "save_path": Setting("EMMC", one_of("TF", "EMMC")),
    },
    "ntp": {
        "enable": Setting(False, boolean),
        "update_cycle": Setting(60, integer(1)),
        "server_domain": Setting("", text()),
        "server_ip": Setting("", text()),
    },
}

STREAM_PARAMS: Table = {
    "image": {
        "max_exposure": Setting(4000, integer(300, 9900)),
        "max_gain": Setting(20, integer(0, 40)),
        "contrast": Setting(60, integer(0, 128)),
        "saturation": Setting(110, integer(1, 255)),
        "brightness": Setting(46, integer(1, 100)),
    },
    "video": {"bitrate": Setting(2048, integer(1024, 4096))},
}

# Settings that are answered only while another one has a value (vendor document 2.3.1): section, the key that
# decides, whether the section's others are shown, and which ones (none named: all but the deciding key).
_CONDITIONS: tuple[tuple[str, str, tuple[Json, ...], tuple[str, ...]], ...] = (
    ("extranet", "enable", (False,), ()),
    ("upload_info", "method", ("none",), ()),
    ("face", "enable_match", (False,), ("match_score",)),
    ("face", "enable_dereplication", (False,), ("derep_timeout",)),
)


def factory_values(table: Table) -> Values:
    """Return the values of a terminal fresh from the factory."""
    return {
        name: deepcopy(entry.default)
        if isinstance(entry, Setting)
        else factory_values(entry)
        for name, entry in table.items()
    }


def check_values(table: Table, values: Mapping[str, Json], where: str = "") -> None:
    """Check a request to set values; all are optional and unknown keys are tolerated, as seen on devices."""
    for name, value in values.items():
        entry = table.get(name)
        if isinstance(entry, Setting):
            entry.check(value, f"{where}{name}")
        elif entry is not None:
            if not isinstance(value, dict):
                raise wrong(f"{where}{name}", "not an object")
            check_values(entry, value, f"{where}{name}.")


def apply_values(table: Table, current: Values, values: Mapping[str, Json]) -> None:
    """Set the known ones of some checked values."""
    for name, value in values.items():
        entry = table.get(name)
        section = current.get(name)
        if isinstance(entry, Setting):
            current[name] = value
        elif (
            entry is not None and isinstance(value, dict) and isinstance(section, dict)
        ):
            apply_values(entry, section, value)


def shown_values(current: Values) -> Values:
    """Return the values as the terminal answers them, without those that do not apply."""
    shown = deepcopy(current)
    for section_name, deciding, hiding, names in _CONDITIONS:
        section = shown.get(section_name)
        if isinstance(section, dict) and section.get(deciding) in hiding:
            for name in names or tuple(section):
                if name != deciding:
                    section.pop(name, None)
    return shown
