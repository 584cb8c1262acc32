"""Clock, restart, gates, settings, schedules, snapshot: vendor document 2.3 to 2.8, 2.12 and 2.17."""

import base64
from datetime import datetime

from tests.simulators.common import Json
from tests.simulators.terminal.device import Command, Device
from tests.simulators.terminal.faces import scene
from tests.simulators.terminal.fields import (
    EXISTS_ALREADY,
    LARGEST_WG26_34,
    LIMIT_REACHED,
    MOMENT_FORMAT,
    UNKNOWN_COMMAND,
    Fields,
    Optional,
    Refused,
    array,
    boolean,
    integer,
    matching,
    moment,
    one_of,
    structure,
    text,
    wrong,
)
from tests.simulators.terminal.quirks import Quirk
from tests.simulators.terminal.settings import (
    APP_PARAMS,
    STREAM_PARAMS,
    Values,
    apply_values,
    check_values,
    factory_values,
    shown_values,
)

CONTROL_MODE = one_of("test", "force", "scene")
PERSON_ID = text(19)
MOST_SCHEDULES = 15
SCREENS = ("LCD_WY_720_576", "LCD_WY_1280x800", "LCD_WY_1024x600")
# What to answer for "firmware" questions.
ALGORITHM_VERSION = "HV6.0"
PLATFORM = "HI3516DV300"
BUILD_TIME = "2023-02-28 18:22:01"


def _nothing(_device: Device, _request: Values) -> Values:
    return {}


def _reboot(device: Device, _request: Values) -> Values:
    device.actions.append("reboot")
    return {}


def _restart(device: Device, _request: Values) -> Values:
    device.actions.append("restart")
    return {}


def _tell_time(device: Device, _request: Values) -> Values:
    return {"date_time": device.now().strftime(MOMENT_FORMAT)}


def _set_time(device: Device, request: Values) -> Values:
    wanted = datetime.fromisoformat(str(request["date_time"]).replace("/", "-"))
    device.clock_offset = wanted - device.true_time()
    return {}


def _snapshot(device: Device, _request: Values) -> Values:
    stamp = device.now().strftime(MOMENT_FORMAT)
    picture = scene(
        None,
        lines=(stamp, str(device.section("device_info")["addr_name"])),
        kilobytes=device.options.scene_kilobytes,
    )
    return {
        "image": {
            "format": "jpg",
            "image_data": base64.b64encode(picture).decode(),
            "time_stamp": stamp,
        }
    }


def _open_gate(device: Device, request: Values) -> Values:
    if device.has(Quirk.NO_GPIO) or device.has(Quirk.ONLY_EXTEND):
        raise Refused(UNKNOWN_COMMAND, "no such service")
    return _pulse(device, request)


def _open_gate_extended(device: Device, request: Values) -> Values:
    if device.has(Quirk.NO_GPIO) or device.has(Quirk.NO_EXTEND):
        raise Refused(UNKNOWN_COMMAND, "no such service")
    return _pulse(device, request)


def _pulse(device: Device, request: Values) -> Values:
    if request["ctrl_type"] == "off":
        raise wrong("ctrl_type", "off is done by the device itself")
    relay = request["port"]
    if isinstance(relay, int):
        device.open(
            relay,
            "command",
            str(request["ctrl_mode"]),
            str(request.get("person_id", "")),
        )
    return {}


def _send_wiegand(device: Device, request: Values) -> Values:
    number = request["wiegand_card_no"] or request.get("long_card_id", 0)
    if not isinstance(number, int) or not number:
        raise wrong("wiegand_card_no", "no card number")
    device.wiegand_sent.append(number)
    return {}


def _send_serial(device: Device, request: Values) -> Values:
    port, content = request["device_no"], request["content"]
    if isinstance(port, int) and isinstance(content, list):
        device.serial_sent.append(
            (port, bytes(item for item in content if isinstance(item, int)))
        )
    return {}


def _app_params(device: Device, _request: Values) -> Values:
    shown = shown_values(device.app_params)
    face = shown["face"]
    if (
        device.has(Quirk.FAHRENHEIT)
        and isinstance(face, dict)
        and isinstance(face["body_temperature"], dict)
    ):
        face["body_temperature"]["fahrenheit_unit"] = True
    return shown


def _update_app_params(device: Device, request: Values) -> Values:
    check_values(APP_PARAMS, request)
    apply_values(APP_PARAMS, device.app_params, request)
    return {}


def _reset_app_params(device: Device, _request: Values) -> Values:
    device.app_params = factory_values(APP_PARAMS)
    return {}


def _stream_params(device: Device, _request: Values) -> Values:
    return shown_values(device.stream_params)


def _update_stream_params(device: Device, request: Values) -> Values:
    check_values(STREAM_PARAMS, request)
    apply_values(STREAM_PARAMS, device.stream_params, request)
    return {}


def _reset_stream_params(device: Device, _request: Values) -> Values:
    device.stream_params = factory_values(STREAM_PARAMS)
    return {}


def _schedules(device: Device, _request: Values) -> Values:
    return {"kinds": list[Json](device.schedules)}


def _checked_kinds(request: Values) -> list[Values]:
    """Return the rules of a request, after the checks that concern more than one field."""
    kinds = request["kinds"]
    rules = (
        [rule for rule in kinds if isinstance(rule, dict)]
        if isinstance(kinds, list)
        else []
    )
    for rule in rules:
        days = rule["days"]
        if rule["mode"] == "daily" and isinstance(days, list) and len(days) != 1:
            raise wrong("days", f"a daily rule has one day, not {len(days)}")
        if rule["mode"] == "weekly" and isinstance(days, list) and len(days) != 7:
            raise wrong("days", f"a weekly rule has seven days, not {len(days)}")
    numbers = [rule["kind"] for rule in rules]
    if len(set(map(str, numbers))) != len(numbers):
        raise wrong("kinds", "the same rule number twice")
    return rules


def _update_schedules(device: Device, request: Values) -> Values:
    device.schedules = _checked_kinds(request)
    return {}


def _add_schedules(device: Device, request: Values) -> Values:
    added = _checked_kinds(request)
    taken = {str(rule["kind"]) for rule in device.schedules}
    for rule in added:
        if str(rule["kind"]) in taken:
            raise Refused(EXISTS_ALREADY, f"rule {rule['kind']} exists")
    if len(device.schedules) + len(added) > MOST_SCHEDULES:
        raise Refused(LIMIT_REACHED, f"at most {MOST_SCHEDULES} rules")
    device.schedules.extend(added)
    return {}


def _volume(device: Device, request: Values) -> Values:
    if request["method"] == "GET":
        return {"volume": device.volume}
    volume = request.get("volume")
    integer(0, 100)(volume, "volume")
    device.volume = volume if isinstance(volume, int) else device.volume
    return {}


def _hardware(device: Device, _request: Values) -> Values:
    return {
        "Board": {"manu": "FSAN", "model": "FSAN_02"},
        "Chip": {"manu": "HISI", "model": PLATFORM},
        "Flash": {"manu": "", "model": "", "size": 0},
        "FourG": {"moduler_4g": device.hardware["moduler_4g"]},
        "Lcd": {
            "manu": device.hardware["Lcd.manu"],
            "model": device.hardware["Lcd.model"],
            "support": list[Json](SCREENS),
        },
        "Motor": {"manu": "", "model": "", "type": "RSA"},
        "Sensor": {"manu": "SONY", "model": "IMX327D"},
        "WIFI": {"manu": "", "model": ""},
    }


def _set_hardware(device: Device, request: Values) -> Values:
    screen, modem = request.get("Lcd"), request.get("FourG")
    if isinstance(screen, dict):
        device.hardware["Lcd.model"] = str(screen["model"])
    if isinstance(modem, dict):
        device.hardware["moduler_4g"] = str(modem["moduler_4g"])
    return {}


def _auth_code(device: Device, _request: Values) -> Values:
    return {
        "customer_auth_code": base64.b64encode(
            f"customer {device.options.serial}".encode()
        ).decode()
    }


def _network(device: Device, _request: Values) -> Values:
    return {
        "ip": "192.168.1.88",
        "mask": "255.255.255.0",
        "gateway": "192.168.1.1",
        "dns": "192.168.1.1",
        "dhcp": True,
        "device_no": device.section("device_info")["device_no"],
    }


def _version(device: Device, _request: Values) -> Values:
    return {
        "version": device.firmware,
        "alg_version": ALGORITHM_VERSION,
        "platform": PLATFORM,
        "master_buildtime": BUILD_TIME,
    }


def _time_frame(value: object, name: str) -> None:
    """Check one time frame: the start is inside, the end is not; 24:00 ends a day."""
    structure({"start": CLOCK, "end": CLOCK})(value, name)
    if isinstance(value, dict) and _minutes(value["start"]) >= _minutes(value["end"]):
        raise wrong(name, "ends before it starts")


def _minutes(clock: object) -> int:
    return (
        int(clock["hour"]) * 60 + int(clock["minute"]) if isinstance(clock, dict) else 0
    )


CLOCK = structure({"hour": integer(0, 24), "minute": integer(0, 59)})
KINDS = array(
    structure(
        {
            "name": text(),
            "kind": integer(1, MOST_SCHEDULES),
            "mode": one_of("daily", "weekly"),
            "days": array(structure({"sections": array(_time_frame)}), 1, 7),
        }
    ),
    1,
    MOST_SCHEDULES,
)
GATE: Fields = {
    "port": one_of(1, 2),
    "ctrl_type": one_of("on", "off"),
    "ctrl_mode": CONTROL_MODE,
    "person_id": Optional(PERSON_ID),
    "info": Optional(structure({})),
}

COMMANDS = {
    "heart beat": Command(
        _nothing,
        {
            "ip": Optional(text()),
            "device_sn": Optional(text(32)),
            "device_no": Optional(text(32)),
            "addr_no": Optional(text(32)),
            "addr_name": Optional(text(96)),
        },
    ),
    "request date time": Command(_tell_time),
    "update date time": Command(
        _set_time,
        {
            "date_time": moment(),
            "timezone": Optional(matching(r"UTC[+-]\d{1,2}(:\d\d)?")),
            "12hour_time": Optional(boolean),
            "auto_dst": Optional(boolean),
        },
    ),
    "reboot": Command(_reboot),
    "restart application": Command(_restart),
    "snapshot": Command(_snapshot),
    "gpio control": Command(_open_gate, GATE),
    "gpio control Extend": Command(
        _open_gate_extended, {**GATE, "voicePlay": Optional(text())}
    ),
    "wiegand control": Command(
        _send_wiegand,
        {
            "wiegand_card_no": integer(0, LARGEST_WG26_34),
            "long_card_id": Optional(integer(0, 2**63 - 1)),
            "ctrl_mode": CONTROL_MODE,
            "person_id": Optional(PERSON_ID),
        },
    ),
    "send serial data": Command(
        _send_serial, {"device_no": one_of(1, 2), "content": array(integer(0, 255), 1)}
    ),
    "request app params": Command(_app_params),
    "update app params": Command(_update_app_params),
    "reset app params": Command(_reset_app_params),
    "request stream params": Command(_stream_params),
    "update stream params": Command(_update_stream_params),
    "reset stream params": Command(_reset_stream_params),
    "request schedule params": Command(_schedules),
    "update schedule params": Command(_update_schedules, {"kinds": KINDS}),
    "add schedule kind": Command(_add_schedules, {"kinds": KINDS}),
    "camera volume": Command(_volume, {"method": one_of("SET", "GET")}),
    "get hardware info": Command(_hardware),
    "set hardware info": Command(
        _set_hardware,
        {
            "Lcd": Optional(
                structure({"manu": Optional(text()), "model": one_of(*SCREENS)})
            ),
            "FourG": Optional(structure({"moduler_4g": one_of("YES", "NO")})),
        },
    ),
    "request customer auth code": Command(_auth_code),
    "get network": Command(_network),
    "get version": Command(_version),
}
