"""Actions that move a camera."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import voluptuous as vol

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_extract_config_entry_ids

from ..const import DOMAIN
from ..coordinator import CameraCoordinator
from ..coordinator.motion import MAX_DURATION
from ..coordinator.ptz import programs
from ..errors import translate_errors
from ..guide import PtzAction, PtzMotion, command_for
from .cameras import Camera
from .devices import at_all, raise_failures
from .ptz_names import NAME_OR_NUMBER, find, number_of, preset_of

ATTR_DIRECTION = "direction"
ATTR_ZOOM = "zoom"
ATTR_FOCUS = "focus"
ATTR_IRIS = "iris"
ATTR_SPEED = "speed"
ATTR_DURATION = "duration"
ATTR_PRESET = "preset"
ATTR_CHANNEL = "channel"
ATTR_CRUISE = "cruise"
ATTR_SCAN = "scan"
ATTR_TRACE = "trace"
ATTR_COMMAND = "command"

DEFAULT_DURATION = 1.0

START = "start"
STOP = "stop"

# What can be chosen for each kind of motion, and the action it stands for. A direction and a zoom go together.
DIRECTIONS = (
    PtzAction.LEFT,
    PtzAction.RIGHT,
    PtzAction.UP,
    PtzAction.DOWN,
    PtzAction.UP_LEFT,
    PtzAction.UP_RIGHT,
    PtzAction.DOWN_LEFT,
    PtzAction.DOWN_RIGHT,
)
ZOOMS = {"in": PtzAction.ZOOM_IN, "out": PtzAction.ZOOM_OUT}
FOCUSES = {"near": PtzAction.FOCUS_NEAR, "far": PtzAction.FOCUS_FAR}
IRISES = {"open": PtzAction.IRIS_OPEN, "close": PtzAction.IRIS_CLOSE}
# The lens that is meant, and its number.
[CHANNELS] = [
    {word: number for number, word in (field.choices or {}).items()}
    for field in command_for(600).request
    if field.name == "ptz_param2"
]

MOVE_FIELDS = {
    vol.Optional(ATTR_DIRECTION): vol.In([STOP, *DIRECTIONS]),
    vol.Optional(ATTR_ZOOM): vol.In(ZOOMS),
    vol.Optional(ATTR_FOCUS): vol.In(FOCUSES),
    vol.Optional(ATTR_IRIS): vol.In(IRISES),
    vol.Optional(ATTR_SPEED, default=0): vol.Coerce(int),
    vol.Optional(ATTR_CHANNEL, default="both"): vol.In(CHANNELS),
    vol.Optional(ATTR_DURATION, default=DEFAULT_DURATION): vol.All(
        vol.Coerce(float), vol.Range(min=0.1, max=MAX_DURATION)
    ),
}
COMMAND_FIELD = {vol.Optional(ATTR_COMMAND, default=START): vol.In([START, STOP])}


def motion(data: dict[str, Any]) -> PtzAction | None:
    """Return the motion that was asked for; None to stop.

    Raises ServiceValidationError when nothing was asked for, or what the camera cannot do at the same time.
    """
    direction, zoom = data.get(ATTR_DIRECTION), data.get(ATTR_ZOOM)
    lens = [
        choices[data[name]]
        for name, choices in ((ATTR_FOCUS, FOCUSES), (ATTR_IRIS, IRISES))
        if name in data
    ]
    asked = len(lens) + bool(direction or zoom)
    if asked != 1 or (direction == STOP and zoom):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="one_motion"
        )
    if lens:
        return lens[0]
    if direction == STOP:
        return None
    if direction and zoom:
        return PtzAction(f"{direction}_zoom_{zoom}")
    return PtzAction(direction) if direction else ZOOMS[data[ATTR_ZOOM]]


async def _ptz_move(camera: CameraCoordinator, data: dict[str, Any]) -> None:
    """Move for a while; always followed by a stop."""
    if (action := motion(data)) is None:
        await camera.ptz.async_stop()
        return
    await camera.ptz.async_move(
        action,
        speed=data[ATTR_SPEED],
        channel=CHANNELS[data[ATTR_CHANNEL]],
        duration=data[ATTR_DURATION],
    )


@translate_errors
async def _ptz_preset(camera: CameraCoordinator, data: dict[str, Any]) -> None:
    """Go to a stored position, by its number or its name.

    Only to one that is there: a camera may take another number and stay where it is (vendor document 605).
    """
    wanted: str = data[ATTR_PRESET]
    if not camera.supports("presets") and wanted.isdecimal():
        await camera.ptz.async_go(int(wanted))
        return
    if find(wanted, camera.data.presets) is None:
        # Somebody may just have stored it at the camera.
        camera.async_change(presets=await camera.client.presets())
    await camera.ptz.async_go(preset_of(wanted, camera.data.presets))


async def _run(
    camera: CameraCoordinator, data: dict[str, Any], kind: PtzMotion, field: str
) -> None:
    """Start or stop what is named or numbered."""
    number = number_of(data[field], programs(camera.data, kind))
    await camera.ptz.async_run(kind, number, start=data[ATTR_COMMAND] == START)


type _Action = Callable[[CameraCoordinator, dict[str, Any]], Awaitable[None]]


def _runs(kind: PtzMotion, field: str) -> tuple[_Action, dict[Any, Any]]:
    return (
        partial(_run, kind=kind, field=field),
        {vol.Required(field): NAME_OR_NUMBER} | COMMAND_FIELD,
    )


ACTIONS: dict[str, tuple[_Action, dict[Any, Any]]] = {
    "ptz_move": (_ptz_move, MOVE_FIELDS),
    "ptz_preset": (_ptz_preset, {vol.Required(ATTR_PRESET): NAME_OR_NUMBER}),
    "ptz_cruise": _runs(PtzMotion.CRUISE, ATTR_CRUISE),
    "ptz_scan": _runs(PtzMotion.LINE_SCAN, ATTR_SCAN),
    "ptz_trace": _runs(PtzMotion.TRACE, ATTR_TRACE),
}


async def _async_cameras(call: ServiceCall) -> list[Camera]:
    """Return the cameras that an action is aimed at, each once however many of its entities were named."""
    entries = [
        entry
        for entry_id in await async_extract_config_entry_ids(call)
        if (entry := call.hass.config_entries.async_get_entry(entry_id))
        and entry.domain == DOMAIN
        and entry.state is ConfigEntryState.LOADED
        and isinstance(entry.runtime_data, CameraCoordinator)
    ]
    if not entries:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_camera"
        )
    for entry in entries:
        if not entry.runtime_data.supports("ptz"):
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="no_ptz",
                translation_placeholders={"name": entry.title},
            )
    return [Camera(None, entry.runtime_data) for entry in entries]


@callback
def async_setup_ptz_actions(hass: HomeAssistant) -> None:
    """Register the actions, once for all cameras."""
    for name, (action, fields) in ACTIONS.items():

        async def handle(call: ServiceCall, action: _Action = action) -> None:
            cameras = await _async_cameras(call)
            _, failures = await at_all(
                cameras, lambda camera: action(camera.coordinator, call.data)
            )
            raise_failures(cameras, failures)

        hass.services.async_register(
            DOMAIN, name, handle, schema=cv.make_entity_service_schema(fields)
        )
