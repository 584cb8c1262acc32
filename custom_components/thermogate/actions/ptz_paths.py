"""Actions: the line scans of a camera on a pan-tilt head changed, and its traces recorded."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.const import ATTR_NAME
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from ..const import DOMAIN
from ..errors import translate_errors
from ..guide import LineScan, Message, command_for
from .cameras import ONE_CAMERA
from .ptz import ATTR_SCAN, ATTR_TRACE, COMMAND_FIELD, START
from .ptz_names import NAME_OR_NUMBER, head_of, number_of

SAVE_LINE_SCAN = "save_line_scan"
RECORD_TRACE = "record_trace"

# The fields of the action, and what they are in the command.
SCAN: Final = {
    "name": "linescan_name",
    "speed": "linescan_speed",
    "left_border": "linescan_left_enable",
    "left_pause": "linescan_left_duration",
    "right_border": "linescan_right_enable",
    "right_pause": "linescan_right_duration",
}
NUMBERS: Final = {
    field.name: field
    for field in command_for(612).request
    if field.name in SCAN.values()
}


def _number(name: str) -> Any:
    return vol.All(vol.Coerce(int), vol.Range(min=NUMBERS[SCAN[name]].minimum))


FIELDS: Final[dict[str, dict[Any, Any]]] = {
    SAVE_LINE_SCAN: ONE_CAMERA
    | {
        vol.Required(ATTR_SCAN): NAME_OR_NUMBER,
        vol.Optional(ATTR_NAME): vol.All(cv.string, str.strip),
        vol.Optional("speed"): _number("speed"),
        vol.Optional("left_border"): cv.boolean,
        vol.Optional("left_pause"): _number("left_pause"),
        vol.Optional("right_border"): cv.boolean,
        vol.Optional("right_pause"): _number("right_pause"),
    },
    RECORD_TRACE: ONE_CAMERA
    | {vol.Required(ATTR_TRACE): NAME_OR_NUMBER}
    | COMMAND_FIELD,
}


@translate_errors
async def _save_line_scan(call: ServiceCall) -> None:
    """Change what is given of a line scan; the rest stays as it is."""
    coordinator = head_of(call).coordinator
    changes = {
        theirs: int(value) if isinstance(value, bool) else value
        for ours, theirs in SCAN.items()
        if (value := call.data.get(ours)) is not None
    }
    if not changes:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="nothing_given",
            translation_placeholders={"fields": ", ".join(SCAN)},
        )
    scans = await coordinator.client.line_scans()
    index = number_of(call.data[ATTR_SCAN], scans)
    known = next((scan for scan in scans if scan.index == index), LineScan(index=index))
    await coordinator.client.request(612, _as_it_is(known) | changes)
    await coordinator.async_ask_again("line_scans")


def _as_it_is(scan: LineScan) -> Message:
    """Return what a camera tells of a line scan as the command takes it; the document leaves out the name there."""
    told = {
        "linescan_index": scan.index,
        "linescan_speed": scan.speed,
        "linescan_left_enable": scan.left_enabled,
        "linescan_left_duration": scan.left_duration,
        "linescan_right_enable": scan.right_enabled,
        "linescan_right_duration": scan.right_duration,
    }
    return {name: int(value) for name, value in told.items() if value is not None}


@translate_errors
async def _record_trace(call: ServiceCall) -> None:
    """Start or stop to record a trace."""
    coordinator = head_of(call).coordinator
    traces = await coordinator.client.traces()
    await coordinator.ptz.async_record(
        number_of(call.data[ATTR_TRACE], traces),
        start=call.data["command"] == START,
    )


@callback
def async_setup_ptz_path_actions(hass: HomeAssistant) -> None:
    """Register the actions; only administrators change what a camera remembers."""
    for name, act in (
        (SAVE_LINE_SCAN, _save_line_scan),
        (RECORD_TRACE, _record_trace),
    ):
        async_register_admin_service(
            hass, DOMAIN, name, act, schema=vol.Schema(FIELDS[name])
        )
