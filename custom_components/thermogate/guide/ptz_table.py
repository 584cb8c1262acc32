"""Commands 600 to 617: pan, tilt, zoom and what moves by itself. Vendor document, section IV."""

from .command import Command, Kind
from .fields import Field, integer, listing, texts
from .ptz import PTZ_COMMANDS

_START_STOP = {0: "start", 1: "stop"}

_PRESET_INDEX = integer("index", 1, 255, required=True)
_PRESET = (_PRESET_INDEX, *texts("name", maximum=128), integer("param"))
_PRESETS = listing("presets", *_PRESET, required=True)

_CRUISE_INDEX = integer("cruise_index", 1, 8, required=True)
_CRUISES = listing(
    "cruise_groups",
    _CRUISE_INDEX,
    *texts("cruise_name", maximum=128),
    integer("cruise_param"),
    listing("presets", *_PRESET, integer("duration", 1, 300, unit="s")),
    required=True,
)

_SCAN_INDEX = integer("linescan_index", 1, 5, required=True)
_SCAN = (
    _SCAN_INDEX,
    integer("linescan_speed", 0),
    *texts("linescan_name", maximum=128),
    integer("linescan_left_enable", 0),
    integer("linescan_left_duration", 0, unit="s"),
    integer("linescan_right_enable", 0),
    integer("linescan_right_duration", 0, unit="s"),
)

_TRACE_INDEX = integer("trace_index", 1, 5, required=True)


def _ptz(
    cmdtype: int, key: str, title: str, *request: Field, reply: tuple[Field, ...] = ()
) -> Command:
    return Command(
        cmdtype=cmdtype,
        key=key,
        title=title,
        kind=Kind.PTZ,
        request=request,
        reply=reply,
    )


def _action(name: str) -> Field:
    return integer(name, choices=_START_STOP, required=True)


PTZ_FUNCTIONS: tuple[Command, ...] = (
    _ptz(
        600,
        "ptz_control",
        "PTZ control",
        integer(
            "ptz_command",
            choices={number: action.value for action, number in PTZ_COMMANDS.items()},
            required=True,
        ),
        _action("ptz_action"),
        integer("ptz_param1", 0, required=True),
        integer(
            "ptz_param2", choices={0: "both", 1: "visible", 2: "thermal"}, required=True
        ),
        integer("ptz_param3", 0, 0, required=True),
    ),
    _ptz(601, "presets", "Presets", reply=(_PRESETS,)),
    _ptz(602, "add_presets", "Add presets", _PRESETS),
    _ptz(
        603,
        "delete_presets",
        "Delete presets",
        listing("presets", _PRESET_INDEX, required=True),
    ),
    _ptz(604, "change_presets", "Change presets", _PRESETS),
    _ptz(605, "goto_preset", "Go to preset", _PRESET_INDEX),
    _ptz(606, "cruises", "Cruise groups", reply=(_CRUISES,)),
    _ptz(607, "add_cruises", "Add cruise groups", _CRUISES),
    _ptz(
        608,
        "delete_cruises",
        "Delete cruise groups",
        listing("cruise_groups", _CRUISE_INDEX, required=True),
    ),
    _ptz(609, "change_cruises", "Change cruise groups", _CRUISES),
    _ptz(
        610,
        "run_cruise",
        "Start or stop a cruise",
        _CRUISE_INDEX,
        _action("cruise_action"),
    ),
    _ptz(611, "line_scans", "Line scans", reply=(listing("linescan_groups", *_SCAN),)),
    _ptz(612, "change_line_scan", "Change a line scan", *_SCAN),
    _ptz(
        613,
        "run_line_scan",
        "Start or stop a line scan",
        _SCAN_INDEX,
        _action("linescan_action"),
    ),
    _ptz(
        614,
        "traces",
        "Traces",
        reply=(
            listing(
                "trace_groups",
                _TRACE_INDEX,
                integer("trace_enable"),
                *texts("trace_name"),
            ),
        ),
    ),
    _ptz(
        615,
        "record_trace",
        "Start or stop recording a trace",
        _TRACE_INDEX,
        _action("trace_record_action"),
    ),
    _ptz(
        616, "run_trace", "Start or stop a trace", _TRACE_INDEX, _action("trace_action")
    ),
    _ptz(
        617,
        "ptz_status",
        "PTZ motion status",
        reply=(
            integer("ptz_movement"),
            integer("ptz_move_type"),
            integer("ptz_move_index"),
        ),
    ),
)
