"""Commands 1 to 58 and 500 to 531 (vendor document, sections III and IV)."""

import base64
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from .call import Call, Handler
from .codes import (
    ACTION_FAILED,
    EMPTY_CONTENT,
    PASSWORD_REPEATED,
    RANGE_SWITCHING,
    SHUTTER_IN_PROGRESS,
    WRONG_PASSWORD,
    WRONG_USER_NAME,
    WRONG_USER_OR_PASSWORD,
    Refused,
)
from .fields import TIME_FORMAT, flag, integer, many, moment, record, text
from .history_commands import HISTORY_COMMANDS
from .pictures import coloured
from .scene import HEIGHT, MODULE_HEIGHT, MODULE_WIDTH, WIDTH
from .settings import (
    GLOBAL,
    ILLEGAL_ACCESS,
    IMAGE,
    IR_MODE,
    MAIL,
    NETWORK,
    PORTS,
    RANGING,
    SYSTEM,
)
from .settings_tables import TABLES
from .undocumented import UNDOCUMENTED

if TYPE_CHECKING:
    from .camera import Camera

GEARS = [{"max": 150, "min": -20}, {"max": 550, "min": 100}]
CONTROL_PATH = "/api/v1/control"
DUAL, INFRARED_ONLY = 0, 2
# What 518 changes: part and field of command 5; 11 clicks the shutter.
IMAGE_TYPES = {
    1: ("vl_config", "brightness", 0, 100),
    2: ("vl_config", "contrast", 0, 100),
    3: ("vl_config", "saturation", 0, 100),
    4: ("vl_config", "sharpness", 1, 100),
    5: ("vl_config", "exp", 0, 100),
    6: ("vl_config", "reverse", 0, 1),
    7: ("ir_config", "brightness", 0, 100),
    8: ("ir_config", "contrast", 0, 100),
    9: ("ir_config", "saturation", 0, 100),
    10: ("ir_config", "sharpness", 1, 100),
    12: ("ir_config", "reverse", 0, 1),
    13: ("vl_config", "blc", 0, 6),
    14: ("vl_config", "wdr", 0, 5),
    15: ("vl_config", "hlc", 0, 1),
    16: ("vl_config", "exp", 0, 100),
    17: ("ir_config", "time_value", 0, 100),
    18: ("ir_config", "space_value", 0, 100),
    19: ("ir_config", "iee_value", 0, 100),
}
SHUTTER_TYPE = 11


async def get_setting(call: Call) -> dict[str, Any]:
    """Even commands to 58: read a setting."""
    answer = call.camera.settings.get(call.cmdtype, call.message)
    if call.cmdtype == 4 and "rule-ids-zero" in call.camera.quirks:
        for rule in answer["rule_list"]:
            rule["id"] = 0
    return answer


async def set_setting(call: Call) -> None:
    """Odd commands to 57: change a setting."""
    if not any(value is not None for value in call.message.values()):
        raise Refused(EMPTY_CONTENT)
    camera = call.camera
    gear = camera.settings[GLOBAL]["gear"]
    call.unknown += camera.settings.set(call.cmdtype, call.message).unknown
    if camera.settings[GLOBAL]["gear"] != gear:
        camera.range_switched_until = call.now + camera.options.shutter_time
    if call.cmdtype in (NETWORK, PORTS) and camera.on_moved is not None:
        camera.on_moved()


def stream_urls(camera: Camera) -> dict[str, str]:
    """Return the RTSP addresses as 500 names them, without account."""
    host, port = camera.options.host, camera.ports.get("rtsp", 0)
    channels = (
        {"ir": "video1"}
        if "ir-only" in camera.quirks
        else {"ir": "video1", "vl": "video2"}
    )
    kind = "video" if "video-url-keys" in camera.quirks else "rtsp"
    return {
        f"{channel}_{sub}{kind}_url": f"rtsp://{host}:{port}/{path}/stream{number}"
        for channel, path in channels.items()
        for number, sub in enumerate(("", "sub_"))
    }


async def general(call: Call) -> dict[str, Any]:
    """500: what there is to know before the login."""
    camera = call.camera
    told: dict[str, Any] = {"datetime": camera.clock().strftime(TIME_FORMAT)}
    if "bare-500" in camera.quirks:
        return told
    system = camera.settings[SYSTEM]
    infrared_only = "ir-only" in camera.quirks
    ports = {"ir_video_port": camera.ports.get("ir_video", 0)}
    if not infrared_only:
        ports["vl_video_port"] = camera.ports.get("vl_video", 0)
    path_key = "control_url" if "control-url" in camera.quirks else "control_uri"
    return told | {
        "audiofile": [
            {"index": index, "name": name, "path": f"/sound/{index}.wav"}
            for index, name in enumerate(("DUDI", "Classic", "Beeps"))
        ],
        "channel_type": INFRARED_ONLY if infrared_only else DUAL,
        "control_port": camera.ports.get("ws", 0),
        path_key: CONTROL_PATH,
        "copyright": system["copyright"],
        "device_type": 1,
        "gears": GEARS,
        "ir_mode": camera.settings[IR_MODE]["mode"],
        "ir_model_h": MODULE_HEIGHT,
        "ir_model_w": MODULE_WIDTH,
        "ir_output_h": HEIGHT,
        "ir_output_w": WIDTH,
        "language": ("chinese", "english")[system["language"]],
        "logo": system["logo"],
        "rule_flush_intveral": 1,
        "systemname": system["name"],
        **ports,
        **stream_urls(camera),
    }


async def login(call: Call) -> dict[str, Any]:
    """501: open a session."""
    camera = call.camera
    call.check(
        {"username": text(128, 1), "password": text(4096, 1)}, ("username", "password")
    )
    sessions = camera.sessions
    try:
        call.session = sessions.login(
            call.message["username"],
            call.message["password"],
            call.now,
            attempts=camera.settings[ILLEGAL_ACCESS]["allow_count"],
            lock_time=camera.options.lock_time,
            most=camera.settings[PORTS]["max_connectios"],
        )
    except Refused as refusal:
        raise _as_firmware_says(camera, refusal) from refusal
    return {"token": call.session.token}


def _as_firmware_says(camera: Camera, refusal: Refused) -> Refused:
    """Return the refusal of a login in the manner of other firmware."""
    code = refusal.code
    if code == WRONG_PASSWORD and "wrong-password-10011" in camera.quirks:
        code = WRONG_USER_OR_PASSWORD
    message = None if "no-count" in camera.quirks else refusal.message
    return Refused(code, refusal.why, message)


async def logout(call: Call) -> None:
    """502: end the session."""
    call.check({"username": text(128)})
    assert call.session is not None
    if call.message.get("username") not in (None, call.session.username):
        raise Refused(WRONG_USER_NAME)
    call.camera.sessions.close(call.session)


async def change_password(call: Call) -> None:
    """503: both passwords must be encrypted; which ones they are cannot be seen, so nothing changes."""
    names = ("username", "oldpassword", "newpassword")
    call.check({name: text(4096, 1) for name in names}, names)
    if call.message["username"] != call.camera.options.username:
        raise Refused(WRONG_USER_NAME)
    for name in names[1:]:
        call.camera.sessions.check_ciphertext(call.message[name])
    if call.message["oldpassword"] == call.message["newpassword"]:
        raise Refused(PASSWORD_REPEATED)


async def reset_password(call: Call) -> None:
    """504: reset the password of an account."""
    call.check({"username": text(128, 1)}, ("username",))
    if call.message["username"] != call.camera.options.username:
        raise Refused(WRONG_USER_NAME)


async def version(call: Call) -> dict[str, Any]:
    """505: model, firmware, serial number."""
    options = call.camera.options
    return {
        "model": options.model,
        "version": call.camera.version,
        "serial": "" if "no-serial" in call.camera.quirks else options.serial,
        "fpga_version": "F1.0.3",
        "measure_version": "M2.1.0",
    }


async def set_time(call: Call) -> None:
    """506: set the clock."""
    call.check({"datetime": moment}, ("datetime",))
    call.camera.set_clock(datetime.strptime(call.message["datetime"], TIME_FORMAT))


async def upgrades(call: Call) -> dict[str, Any]:
    """507: what was installed when; the texts end in line breaks, as the document shows."""
    return {
        "versions": [
            {"desc": "", "time": f"{time}\r\n", "version": f"{version.lower()}\r\n"}
            for time, version in call.camera.installed
        ]
    }


async def restart(call: Call) -> None:
    """508: restart."""
    call.camera.reboot(call.camera.options.reboot_time)


async def recording(call: Call) -> dict[str, Any]:
    """509: record, or tell what is being recorded."""
    subtype = call.subtype(integer(1, 7))
    call.check({"record_stream": integer(0, 3)}, ("record_stream",))
    call.camera.recorder.obey(subtype, call.message["record_stream"], call.now)
    return dict(call.camera.recorder.status(call.now))


async def logs(call: Call) -> dict[str, Any]:
    """510: where the log can be downloaded."""
    return {"url": call.camera.files.put_log()}


async def clean(call: Call) -> None:
    """511: throw away what is on the disk."""
    call.camera.files.clear()


async def export(call: Call) -> dict[str, Any] | None:
    """512: factory settings (1), or a file of all settings (2)."""
    if call.subtype(integer(1, 2)) == 1:
        call.camera.settings.reset()
        return None
    return {"url": call.camera.files.put_settings()}


async def subscribe(call: Call) -> dict[str, Any]:
    """516: begin or end temperature reports to this session."""
    call.check({"push_report": flag}, ("push_report",))
    assert call.session is not None
    call.session.wants_reports = call.message["push_report"] == 1
    call.session.next_report = call.now + report_seconds(call.camera)
    return {"interval": call.camera.report_minutes}


def report_seconds(camera: Camera) -> float:
    """Return the period of temperature reports."""
    period = camera.options.report_period
    return camera.report_minutes * 60.0 if period is None else period


async def report_period(call: Call) -> None:
    """517: minutes between temperature reports."""
    call.check({"interval": integer(1, 1440)}, ("interval",))
    call.camera.report_minutes = call.message["interval"]


async def image_setting(call: Call) -> None:
    """518: change single values of the pictures."""
    item = record({"type": integer(1, 19), "value": integer(0, 100)}, ("type",))
    params = call.message.get("params")
    # The table says object, the example shows an array.
    if isinstance(params, dict):
        call.message["params"] = [params]
    call.check({"params": many(item, 19, 1)}, ("params",))
    for param in call.message["params"]:
        if param["type"] == SHUTTER_TYPE:
            call.camera.close_shutter(call.camera.options.shutter_time)
            continue
        part, name, low, high = IMAGE_TYPES[param["type"]]
        integer(low, high)(param.get("value"))
        call.camera.settings[IMAGE][part][name] = param["value"]


async def temperatures(call: Call) -> dict[str, Any]:
    """520: the temperatures of every rule; real devices add those of the whole picture."""
    camera = call.camera
    measured = await camera.measure()
    answer: dict[str, Any] = {}
    if "no-globals" not in camera.quirks:
        answer |= {
            "global_max_temp": measured.whole.highest,
            "global_min_temp": measured.whole.lowest,
            "global_avg_temp": measured.whole.average,
        }
    if "rules-null" in camera.quirks:
        return answer | {"rule_list": None}
    if "rules-absent" in camera.quirks:
        return answer
    rules = [
        {
            "rule_id": 0 if "rule-ids-zero" in camera.quirks else rule["id"],
            "rule_name": rule["rule_name"],
            "type": rule["type"],
            "max_temp": seen.highest,
            "min_temp": seen.lowest,
            "avg_temp": seen.average,
            "preset": rule.get("preset") or 0,
        }
        for rule, seen in measured.rules
    ]
    return answer | {"rule_list": rules}


async def point(call: Call) -> dict[str, Any]:
    """521: the temperature at a pixel counted from 1; below 0 switches the cursor off."""
    fields = {
        "cursor_x": integer(1, WIDTH, also=range(-1000, 0)),
        "cursor_y": integer(1, HEIGHT, also=range(-1000, 0)),
        "cursor_type": integer(0, 0),
    }
    call.check(fields, fields)
    x, y = call.message["cursor_x"], call.message["cursor_y"]
    if x < 0 or y < 0:
        return {"value": 0, "show": 0}
    picture = await call.camera.temperatures()
    return {"value": round(float(picture[y - 1, x - 1]), 1), "show": 1}


async def thermal_image(call: Call) -> dict[str, Any]:
    """522: the thermal picture, by path and content; sizes are texts."""
    camera = call.camera
    picture = await camera.thermal_jpeg()
    url = camera.files.put(f"/picture/ir_{call.now:.3f}.jpg", picture)
    return {
        "image_url": url,
        "image_content": base64.b64encode(picture).decode(),
        "image_width": str(WIDTH),
        "image_height": str(HEIGHT),
    }


async def screenshot(call: Call) -> dict[str, Any]:
    """523: 1 the visible picture as JPEG, 2 the module's picture as RGB, 3 the thermal picture as RGBA."""
    call.check({"type": integer(1, 3)}, ("type",))
    camera = call.camera
    if call.message["type"] == 1:
        if "ir-only" in camera.quirks:
            raise Refused(ACTION_FAILED, "no visible channel")
        content, width, height = await camera.visible_jpeg(), 1280, 720
    elif call.message["type"] == 2:
        band = camera.settings[GLOBAL]["color_bar"]
        content = coloured(await camera.module_temperatures(), band).tobytes()
        width, height = MODULE_WIDTH, MODULE_HEIGHT
    else:
        pixels = await camera.thermal()
        opaque = np.full((HEIGHT, WIDTH, 1), 255, np.uint8)
        content = np.concatenate([pixels, opaque], axis=2).tobytes()
        width, height = WIDTH, HEIGHT
    return {
        "image_content": base64.b64encode(content).decode(),
        "image_width": width,
        "image_height": height,
    }


async def silence(call: Call) -> None:
    """524: switch off the sound (0), the output (1) or both (2) of an alarm."""
    call.check({"type": integer(0, 2)})
    what = call.message.get("type")
    what = 1 if what is None else what
    if what in (0, 2):
        call.camera.sounding = False
    if what in (1, 2):
        call.camera.outputting = False


async def mail_test(call: Call) -> None:
    """525: fails without a mail server."""
    if not call.camera.settings[MAIL]["smtp_server"]:
        raise Refused(ACTION_FAILED, "no mail server")


async def mark_dead_pixels(call: Call) -> None:
    """527: mark (0), restore to the factory's (1) or delete (2) dead pixels of the module, counted from 0."""
    subtype = call.subtype(integer(0, 2))
    pixel = record(
        {"x": integer(0, MODULE_WIDTH - 1), "y": integer(0, MODULE_HEIGHT - 1)},
        ("x", "y"),
    )
    call.check({"points": many(pixel, 1000)}, () if subtype == 1 else ("points",))
    marked = call.camera.dead_pixels
    points = call.message.get("points") or []
    if subtype == 0:
        marked += [place for place in points if place not in marked]
    else:
        marked[:] = [place for place in marked if subtype == 2 and place not in points]


async def dead_pixels(call: Call) -> dict[str, Any]:
    """528: the dead pixels."""
    return {"points": list(call.camera.dead_pixels)}


async def correct(call: Call) -> dict[str, Any]:
    """529: click the shutter to correct the sensor."""
    call.camera.close_shutter(call.camera.options.shutter_time)
    return {}


async def matrix(call: Call) -> dict[str, Any]:
    """530: all temperatures times 100, little-endian: 0 at output size, 1 at the module's."""
    call.check({"type": flag})
    camera = call.camera
    if camera.shutter_closed:
        raise Refused(SHUTTER_IN_PROGRESS)
    if call.now < camera.range_switched_until:
        raise Refused(RANGE_SWITCHING)
    of_module = call.message.get("type") == 1
    picture = await (
        camera.module_temperatures() if of_module else camera.temperatures()
    )
    wide = "int32-matrix" in camera.quirks
    values = np.round(picture * 100).astype("<i4" if wide else "<i2")
    answer: dict[str, Any] = {"temps": base64.b64encode(values.tobytes()).decode()}
    if wide:
        answer["type"] = "int"
    if "no-matrix-size" not in camera.quirks:
        answer |= {"width": picture.shape[1], "height": picture.shape[0]}
    return answer


async def distance(call: Call) -> dict[str, Any]:
    """531: how far the ground seen at a pixel is to the side and ahead, metres; 0 stands for 1."""
    call.check({"x": integer(0, WIDTH), "y": integer(0, HEIGHT)})
    ranging = call.camera.settings[RANGING]
    if not ranging["flag"]:
        raise Refused(ACTION_FAILED, "ranging is off")
    x, y = (max(1, call.message.get(name) or 1) for name in ("x", "y"))
    view = call.camera.view()
    azimuth, elevation = view.to_place((x - 0.5, y - 0.5))
    down = np.radians(max(0.5, ranging["alpha"] - elevation))
    ahead = float(ranging["high"] / np.tan(down))
    return {
        "x": round(ahead * float(np.tan(np.radians(azimuth))), 2),
        "y": round(ahead, 2),
    }


COMMANDS: dict[int, Handler] = {
    **dict.fromkeys(TABLES, set_setting),
    **dict.fromkeys([number + 1 for number in TABLES], get_setting),
    500: general,
    501: login,
    502: logout,
    503: change_password,
    504: reset_password,
    505: version,
    506: set_time,
    507: upgrades,
    508: restart,
    509: recording,
    510: logs,
    511: clean,
    512: export,
    516: subscribe,
    517: report_period,
    518: image_setting,
    520: temperatures,
    521: point,
    522: thermal_image,
    523: screenshot,
    524: silence,
    525: mail_test,
    527: mark_dead_pixels,
    528: dead_pixels,
    529: correct,
    530: matrix,
    531: distance,
    **HISTORY_COMMANDS,
    **UNDOCUMENTED,
}
