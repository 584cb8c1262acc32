"""Actions: what a camera on a pan-tilt head remembers, and its presets and cruises changed."""

from collections.abc import Sequence
from typing import Any, Final

import voluptuous as vol

from homeassistant.const import ATTR_NAME
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from ..const import DOMAIN
from ..errors import translate_errors
from ..guide import Cruise, CruiseStop, Field, Message, Preset, command_for
from ..guide.ptz import Numbered
from .cameras import ONE_CAMERA, Camera
from .ptz import ATTR_CRUISE, ATTR_PRESET
from .ptz_names import NAME_OR_NUMBER, find, free_number, head_of, number_of, preset_of

ATTR_ALL_CRUISES = "all_cruises"
ATTR_ALL_PRESETS = "all_presets"
ATTR_CONFIRM = "confirm"
ATTR_DURATION = "duration"
ATTR_STOPS = "stops"

GET = "get_ptz"
SAVE_PRESET = "save_preset"
RENAME_PRESET = "rename_preset"
DELETE_PRESET = "delete_preset"
SAVE_CRUISE = "save_cruise"
DELETE_CRUISE = "delete_cruise"

ADDED: Final = "added"
CHANGED: Final = "changed"

# Seconds at a stop for which nothing is said (vendor document 606).
DEFAULT_DURATION: Final = 10


def _listed(cmdtype: int) -> dict[str, Field]:
    """Return the fields of what a command takes a list of."""
    [listing] = command_for(cmdtype).request
    return {field.name: field for field in listing.fields}


def _range(field: Field) -> tuple[int, int]:
    return int(field.minimum or 0), int(field.maximum or 0)


PRESETS: Final = _range(_listed(602)["index"])
CRUISES: Final = _range(_listed(607)["cruise_index"])
[_STOPS] = [field for field in _listed(607).values() if field.name == "presets"]
[DURATIONS] = [_range(field) for field in _STOPS.fields if field.name == "duration"]

_CONFIRM: Final = {vol.Optional(ATTR_CONFIRM, default=False): cv.boolean}
_STOP: Final = vol.Schema(
    {
        vol.Required(ATTR_PRESET): NAME_OR_NUMBER,
        vol.Optional(ATTR_DURATION, default=DEFAULT_DURATION): vol.All(
            vol.Coerce(int), vol.Range(min=DURATIONS[0], max=DURATIONS[1])
        ),
    }
)
FIELDS: Final[dict[str, dict[Any, Any]]] = {
    GET: ONE_CAMERA,
    SAVE_PRESET: ONE_CAMERA
    | {
        vol.Required(ATTR_PRESET): NAME_OR_NUMBER,
        vol.Optional(ATTR_NAME): NAME_OR_NUMBER,
    },
    RENAME_PRESET: ONE_CAMERA
    | {
        vol.Required(ATTR_PRESET): NAME_OR_NUMBER,
        vol.Required(ATTR_NAME): NAME_OR_NUMBER,
    },
    DELETE_PRESET: ONE_CAMERA
    | {
        vol.Exclusive(ATTR_PRESET, "which"): NAME_OR_NUMBER,
        vol.Exclusive(ATTR_ALL_PRESETS, "which"): cv.boolean,
    }
    | _CONFIRM,
    SAVE_CRUISE: ONE_CAMERA
    | {
        vol.Required(ATTR_CRUISE): NAME_OR_NUMBER,
        vol.Optional(ATTR_NAME): NAME_OR_NUMBER,
        vol.Optional(ATTR_STOPS): vol.All(cv.ensure_list, [_STOP]),
    },
    DELETE_CRUISE: ONE_CAMERA
    | {
        vol.Exclusive(ATTR_CRUISE, "which"): NAME_OR_NUMBER,
        vol.Exclusive(ATTR_ALL_CRUISES, "which"): cv.boolean,
    }
    | _CONFIRM,
}


@translate_errors
async def _get(call: ServiceCall) -> ServiceResponse:
    """Return what a camera remembers and what moves it, as it says now; what it does not have is missing."""
    camera = head_of(call)
    client, supports = camera.coordinator.client, camera.coordinator.supports
    answer: dict[str, Any] = {}
    if supports("presets"):
        answer["presets"] = [
            {"index": preset.index, "name": preset.name}
            for preset in await client.presets()
        ]
    if supports("cruises"):
        answer["cruises"] = [
            {
                "index": cruise.index,
                "name": cruise.name,
                "stops": [
                    {
                        "preset": stop.preset,
                        "name": stop.name,
                        "duration": stop.duration,
                    }
                    for stop in cruise.stops
                ],
            }
            for cruise in await client.cruises()
        ]
    if supports("line_scans"):
        answer["line_scans"] = [
            {
                "index": scan.index,
                "name": scan.name,
                "speed": scan.speed,
                "left_border": scan.left_enabled,
                "left_pause": scan.left_duration,
                "right_border": scan.right_enabled,
                "right_pause": scan.right_duration,
            }
            for scan in await client.line_scans()
        ]
    if supports("traces"):
        answer["traces"] = [
            {"index": trace.index, "name": trace.name, "recorded": trace.enabled}
            for trace in await client.traces()
        ]
    status = await client.ptz_status()
    answer["motion"] = {
        "moving": status.moving,
        "kind": status.kind if status.moving else None,
        "index": status.index if status.moving else None,
    }
    return camera.told | answer


# Presets


@translate_errors
async def _save_preset(call: ServiceCall) -> ServiceResponse:
    """Store where a camera looks."""
    camera = head_of(call)
    coordinator = camera.coordinator
    wanted: str = call.data[ATTR_PRESET]
    presets = await coordinator.client.presets()
    known = _known(find(wanted, presets), presets)
    index = known.index if known else free_number(wanted, presets, *PRESETS)
    name = call.data.get(ATTR_NAME) or (known.name if known else _name(wanted))
    await coordinator.client.request(602, _preset(index, name, known))
    await coordinator.async_ask_again("presets")
    coordinator.async_change(preset=index)
    return camera.told | {
        "index": index,
        "name": name,
        "result": CHANGED if known else ADDED,
    }


@translate_errors
async def _rename_preset(call: ServiceCall) -> None:
    """Give a preset another name."""
    coordinator = head_of(call).coordinator
    presets = await coordinator.client.presets()
    index = preset_of(call.data[ATTR_PRESET], presets)
    name = call.data[ATTR_NAME]
    await coordinator.client.request(604, _preset(index, name, _known(index, presets)))
    await coordinator.async_ask_again("presets")


def _preset(index: int, name: str, known: Preset | None) -> Message:
    param = known.param if known else 0
    return {"presets": [{"index": index, "name": name, "param": param}]}


@translate_errors
async def _delete_preset(call: ServiceCall) -> None:
    """Let a camera forget presets, one after the other: not every camera takes several at once."""
    camera = head_of(call)
    coordinator = camera.coordinator
    _check_choice(camera, call, ATTR_PRESET, ATTR_ALL_PRESETS)
    presets = await coordinator.client.presets()
    chosen = (
        [preset.index for preset in presets]
        if call.data.get(ATTR_ALL_PRESETS)
        else [preset_of(call.data[ATTR_PRESET], presets)]
    )
    try:
        for index in chosen:
            await coordinator.client.request(603, {"presets": [{"index": index}]})
            if coordinator.data.preset == index:
                coordinator.async_change(preset=None)
    finally:
        # The camera leaves them out of its cruises.
        await coordinator.async_ask_again("presets", "cruises")


# Cruises


@translate_errors
async def _save_cruise(call: ServiceCall) -> ServiceResponse:
    """Add a cruise, or change the name or the stops of one."""
    camera = head_of(call)
    client = camera.coordinator.client
    wanted: str = call.data[ATTR_CRUISE]
    cruises = await client.cruises()
    known = _known(find(wanted, cruises), cruises)
    stops = await _stops(call, camera, known)
    index = known.index if known else free_number(wanted, cruises, *CRUISES)
    name = call.data.get(ATTR_NAME) or (known.name if known else _name(wanted))
    group: Message = {
        "cruise_index": index,
        "cruise_name": name,
        "cruise_param": known.param if known else 0,
        "presets": stops,
    }
    await client.request(609 if known else 607, {"cruise_groups": [group]})
    await camera.coordinator.async_ask_again("cruises")
    return camera.told | {
        "index": index,
        "name": name,
        "result": CHANGED if known else ADDED,
    }


async def _stops(
    call: ServiceCall, camera: Camera, known: Cruise | None
) -> list[Message]:
    """Return the stops that were asked for, as the camera takes them, else those of the cruise as it is."""
    wanted = call.data.get(ATTR_STOPS)
    if wanted is None and known:
        return [_stop(stop) for stop in known.stops]
    if not wanted and not known:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="stops_missing"
        )
    presets = await camera.coordinator.client.presets()
    stops = []
    for each in wanted or ():
        index = preset_of(each[ATTR_PRESET], presets)
        preset = _known(index, presets) or Preset(index=index)
        stops.append(
            CruiseStop(
                preset=index,
                name=preset.name,
                param=preset.param,
                duration=each[ATTR_DURATION],
            )
        )
    return [_stop(stop) for stop in stops]


def _stop(stop: CruiseStop) -> Message:
    return {
        "index": stop.preset,
        "name": stop.name,
        "param": stop.param,
        "duration": DEFAULT_DURATION if stop.duration is None else stop.duration,
    }


@translate_errors
async def _delete_cruise(call: ServiceCall) -> None:
    """Let a camera forget cruises, one after the other."""
    camera = head_of(call)
    coordinator = camera.coordinator
    _check_choice(camera, call, ATTR_CRUISE, ATTR_ALL_CRUISES)
    cruises = await coordinator.client.cruises()
    chosen = (
        [cruise.index for cruise in cruises]
        if call.data.get(ATTR_ALL_CRUISES)
        else [number_of(call.data[ATTR_CRUISE], cruises)]
    )
    try:
        for index in chosen:
            await coordinator.client.request(
                608, {"cruise_groups": [{"cruise_index": index}]}
            )
    finally:
        await coordinator.async_ask_again("cruises", "ptz")


def _known[T: Numbered](index: int | None, items: Sequence[T]) -> T | None:
    """Return what has a number."""
    return next((item for item in items if item.index == index), None)


def _name(wanted: str) -> str:
    """Return the name for something new: none if only its number was given."""
    return "" if wanted.isdecimal() else wanted


@callback
def _check_choice(camera: Camera, call: ServiceCall, one: str, every: str) -> None:
    """Raise ServiceValidationError unless one was named, or all were and that is confirmed."""
    if one in call.data:
        return
    if not call.data.get(every):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="one_or_all"
        )
    if not call.data[ATTR_CONFIRM]:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="all_not_confirmed",
            translation_placeholders={"name": camera.name},
        )


@callback
def async_setup_ptz_position_actions(hass: HomeAssistant) -> None:
    """Register the actions; only administrators change what a camera remembers."""
    hass.services.async_register(
        DOMAIN,
        GET,
        _get,
        schema=vol.Schema(FIELDS[GET]),
        supports_response=SupportsResponse.ONLY,
    )
    for name, act, answers in (
        (SAVE_PRESET, _save_preset, SupportsResponse.OPTIONAL),
        (RENAME_PRESET, _rename_preset, SupportsResponse.NONE),
        (DELETE_PRESET, _delete_preset, SupportsResponse.NONE),
        (SAVE_CRUISE, _save_cruise, SupportsResponse.OPTIONAL),
        (DELETE_CRUISE, _delete_cruise, SupportsResponse.NONE),
    ):
        async_register_admin_service(
            hass,
            DOMAIN,
            name,
            act,
            schema=vol.Schema(FIELDS[name]),
            supports_response=answers,
        )
