"""Commands 600 to 617 on the wire."""

from typing import Any

from .call import Call, Handler
from .codes import ACTION_FAILED, Refused
from .fields import flag, integer, many, record, text
from .ptz import MOVES, Preset, Ptz

CRUISE, SCAN, TRACE = 1, 2, 3
PRESET_INDEX = integer(1, 255)
CRUISE_INDEX = integer(1, 8)
OTHER_INDEX = integer(1, 5)
SECONDS = integer(0, 300)

PRESET = {"index": PRESET_INDEX, "name": text(32), "param": integer(0, 65535)}
CRUISE_STOP = record({**PRESET, "duration": integer(1, 300)}, ("index",))
CRUISE_GROUP = {
    "cruise_index": CRUISE_INDEX,
    "cruise_name": text(32),
    "cruise_param": integer(0, 65535),
    "presets": many(CRUISE_STOP, 255),
}
SCAN_FIELDS = {
    "linescan_index": OTHER_INDEX,
    "linescan_speed": integer(1, 255),
    "linescan_name": text(32),
    "linescan_left_enable": flag,
    "linescan_left_duration": SECONDS,
    "linescan_right_enable": flag,
    "linescan_right_duration": SECONDS,
}


def _indexes(call: Call, what: str, key: str, *needed: str) -> list[dict[str, Any]]:
    """Return the checked items of a list of presets or cruise groups."""
    fields = PRESET if key == "index" else CRUISE_GROUP
    call.check({what: many(record(fields, (key, *needed)), 255, 1)}, (what,))
    return list(call.message[what])


async def control(call: Call) -> None:
    """600: move, or switch an auxiliary device."""
    fields = {
        "ptz_command": integer(1, max(MOVES)),
        "ptz_action": flag,
        "ptz_param1": integer(0, 255),
        "ptz_param2": integer(0, 2),
        "ptz_param3": integer(0, 0),
    }
    call.check(fields, fields)
    wanted = call.message
    call.camera.ptz.command(
        wanted["ptz_command"], wanted["ptz_action"], wanted["ptz_param1"], call.now
    )


async def presets(call: Call) -> dict[str, Any]:
    """601: all presets."""
    return {
        "presets": [
            {"index": index, "name": preset.name, "param": preset.param}
            for index, preset in sorted(call.camera.ptz.presets.items())
        ]
    }


async def add_presets(call: Call) -> dict[str, Any]:
    """602: keep the position as presets."""
    ptz: Ptz = call.camera.ptz
    for item in _indexes(call, "presets", "index", "name"):
        here = ptz.advance(call.now)
        ptz.presets[item["index"]] = Preset(item["name"], item.get("param") or 0, here)
    return {}


async def delete_presets(call: Call) -> dict[str, Any]:
    """603: forget presets; all of them must exist."""
    ptz: Ptz = call.camera.ptz
    indexes = [item["index"] for item in _indexes(call, "presets", "index")]
    _must_exist(indexes, ptz.presets)
    for index in indexes:
        ptz.presets.pop(index, None)
    return {}


async def change_presets(call: Call) -> dict[str, Any]:
    """604: change names and parameters, never positions."""
    ptz: Ptz = call.camera.ptz
    items = _indexes(call, "presets", "index", "name")
    _must_exist([item["index"] for item in items], ptz.presets)
    for item in items:
        preset = ptz.presets[item["index"]]
        preset.name = item["name"]
        preset.param = item.get("param") or 0
    return {}


async def go_to_preset(call: Call) -> dict[str, Any]:
    """605: turn to a preset."""
    call.check({"index": PRESET_INDEX}, ("index",))
    call.camera.ptz.go_to(call.message["index"], call.now)
    return {}


async def cruises(call: Call) -> dict[str, Any]:
    """606: all cruise groups; names of stops come from the presets."""
    ptz: Ptz = call.camera.ptz
    return {
        "cruise_groups": [
            {
                "cruise_index": index,
                "cruise_name": group["cruise_name"],
                "cruise_param": group["cruise_param"],
                "presets": [
                    {
                        "index": stop["index"],
                        "name": ptz.presets[stop["index"]].name,
                        "param": stop.get("param") or 0,
                        "duration": stop.get("duration") or 10,
                    }
                    for stop in group["presets"]
                    if stop["index"] in ptz.presets
                ],
            }
            for index, group in sorted(ptz.cruises.items())
        ]
    }


def _keep_cruises(call: Call, groups: list[dict[str, Any]]) -> None:
    """Keep cruise groups as given; their stops must be presets."""
    ptz: Ptz = call.camera.ptz
    for group in groups:
        _must_exist([stop["index"] for stop in group["presets"]], ptz.presets)
    for group in groups:
        ptz.cruises[group["cruise_index"]] = {
            "cruise_name": group["cruise_name"],
            "cruise_param": group.get("cruise_param") or 0,
            "presets": [
                {name: value for name, value in stop.items() if value is not None}
                for stop in group["presets"]
            ],
        }


async def add_cruises(call: Call) -> dict[str, Any]:
    """607: add cruise groups."""
    groups = _indexes(call, "cruise_groups", "cruise_index", "cruise_name", "presets")
    _keep_cruises(call, groups)
    return {}


async def delete_cruises(call: Call) -> dict[str, Any]:
    """608: forget cruise groups; all of them must exist."""
    ptz: Ptz = call.camera.ptz
    groups = _indexes(call, "cruise_groups", "cruise_index")
    indexes = [group["cruise_index"] for group in groups]
    _must_exist(indexes, ptz.cruises)
    for index in indexes:
        ptz.run(CRUISE, index, 1, call.now)
        ptz.cruises.pop(index, None)
    return {}


async def change_cruises(call: Call) -> dict[str, Any]:
    """609: replace cruise groups that exist."""
    groups = _indexes(call, "cruise_groups", "cruise_index", "cruise_name", "presets")
    _must_exist([group["cruise_index"] for group in groups], call.camera.ptz.cruises)
    _keep_cruises(call, groups)
    return {}


def _must_exist(indexes: list[int], known: dict[int, Any]) -> None:
    """Refuse indexes that are not known."""
    if missing := [index for index in indexes if index not in known]:
        raise Refused(ACTION_FAILED, f"no {missing}")


def _runner(kind: int, index_field: str, action_field: str) -> Handler:
    """Return the handler that starts and stops cruises, scans or traces: 610, 613, 616."""

    async def run(call: Call) -> dict[str, Any]:
        fields = {
            index_field: CRUISE_INDEX if kind == CRUISE else OTHER_INDEX,
            action_field: flag,
        }
        call.check(fields, fields)
        call.camera.ptz.run(
            kind, call.message[index_field], call.message[action_field], call.now
        )
        return {}

    return run


async def scans(call: Call) -> dict[str, Any]:
    """611: all line scans."""
    return {"linescan_groups": [dict(scan) for scan in call.camera.ptz.scans.values()]}


async def change_scan(call: Call) -> dict[str, Any]:
    """612: change one line scan."""
    needed = [name for name in SCAN_FIELDS if name != "linescan_name"]
    call.check(SCAN_FIELDS, needed)
    scan = call.camera.ptz.scans[call.message["linescan_index"]]
    scan.update(
        {
            name: call.message[name]
            for name in SCAN_FIELDS
            if call.message.get(name) is not None
        }
    )
    return {}


async def traces(call: Call) -> dict[str, Any]:
    """614: all traces; those that were recorded are enabled."""
    return {
        "trace_groups": [
            {
                "trace_index": index,
                "trace_enable": int(index in call.camera.ptz.traces),
                "trace_name": f"Trace {index}",
            }
            for index in range(1, 6)
        ]
    }


async def record_trace(call: Call) -> dict[str, Any]:
    """615: start or stop recording a trace."""
    fields = {"trace_index": OTHER_INDEX, "trace_record_action": flag}
    call.check(fields, fields)
    call.camera.ptz.record(
        call.message["trace_index"], call.message["trace_record_action"], call.now
    )
    return {}


async def status(call: Call) -> dict[str, Any]:
    """617: whether a cruise, scan or trace runs, and which."""
    ptz: Ptz = call.camera.ptz
    ptz.advance(call.now)
    running = ptz.running
    return {
        "ptz_movement": int(running is not None),
        "ptz_move_type": running.kind if running else 0,
        "ptz_move_index": running.index if running else 0,
    }


PTZ_COMMANDS: dict[int, Handler] = {
    600: control,
    601: presets,
    602: add_presets,
    603: delete_presets,
    604: change_presets,
    605: go_to_preset,
    606: cruises,
    607: add_cruises,
    608: delete_cruises,
    609: change_cruises,
    610: _runner(CRUISE, "cruise_index", "cruise_action"),
    611: scans,
    612: change_scan,
    613: _runner(SCAN, "linescan_index", "linescan_action"),
    614: traces,
    615: record_trace,
    616: _runner(TRACE, "trace_index", "trace_action"),
    617: status,
}
