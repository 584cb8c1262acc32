"""Actions: the temperature rules of a camera, which say where it measures and when it alarms."""

from typing import Any, Final

import voluptuous as vol

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
from ..guide import (
    MATERIALS,
    RULE_FIELDS,
    RULE_NAMES,
    SECTIONS,
    FieldType,
    Message,
    Shape,
    Unit,
    find_rule,
    put_rule,
    remove_rule,
    rule_in_words,
    rules_in_words,
)
from .camera_fields import NAME, UNIT, size_of, unit_of
from .cameras import ONE_CAMERA, called_camera

ATTR_RULE_ID: Final = "rule_id"
ATTR_NAME: Final = "name"
ATTR_SHAPE: Final = "shape"
ATTR_POINTS: Final = "points"
ATTR_MATERIAL: Final = "material"

LIST: Final = "list_rules"
SAVE: Final = "save_rule"
DELETE: Final = "delete_rule"


_COORDINATE: Final = vol.Coerce(float)
_POINT: Final = vol.All(
    vol.Any(
        vol.Schema({vol.Required("x"): _COORDINATE, vol.Required("y"): _COORDINATE}),
        vol.All([_COORDINATE], vol.Length(min=2, max=2)),
    ),
    lambda value: (value["x"], value["y"]) if isinstance(value, dict) else tuple(value),
)


def _taken(theirs: str) -> Any:
    """Return what is taken for a field; its range is checked against the camera's table."""
    field = RULE_FIELDS[theirs]
    if field.choices:
        return vol.In([*field.choices.values()])
    return {
        FieldType.SWITCH: cv.boolean,
        FieldType.INTEGER: vol.Coerce(int),
        FieldType.NUMBER: vol.Coerce(float),
    }[field.type]


_WHICH: Final[dict[Any, Any]] = {
    vol.Optional(ATTR_RULE_ID): vol.All(vol.Coerce(int), vol.Range(min=1)),
    vol.Optional(ATTR_NAME): NAME,
}
FIELDS: Final[dict[str, dict[Any, Any]]] = {
    LIST: ONE_CAMERA | UNIT,
    SAVE: ONE_CAMERA
    | _WHICH
    | {
        vol.Optional(ATTR_SHAPE): vol.In([shape.value for shape in Shape]),
        vol.Optional(ATTR_POINTS): vol.All(cv.ensure_list, [_POINT]),
    }
    | UNIT
    | {vol.Optional(ATTR_MATERIAL): vol.In([*MATERIALS])}
    | {
        vol.Optional(name): _taken(theirs)
        for name, theirs in RULE_NAMES.items()
        if name != ATTR_NAME
    },
    DELETE: ONE_CAMERA | _WHICH,
}


@translate_errors
async def _list(call: ServiceCall) -> ServiceResponse:
    """Return the rules of a camera."""
    camera = called_camera(call)
    answer = await camera.coordinator.client.request(SECTIONS["rules"].cmdtype)
    return {"rules": [*rules_in_words(answer, unit_of(call), size_of(camera))]}


@translate_errors
async def _save(call: ServiceCall) -> ServiceResponse:
    """Add a rule or change it, leave the others as they are, and return it as the camera then has it."""
    camera = called_camera(call)
    _check_named(call)
    unit, size = unit_of(call), size_of(camera)
    # Not read anew: whoever changes it means the rules that come after.
    measurement = camera.coordinator.data.settings.get("measurement")
    created = False

    def edit(message: Message) -> None:
        nonlocal created
        created = put_rule(
            message, call.data, unit=unit, size=size, measurement=measurement
        )

    answer = await camera.coordinator.settings.async_edit("rules", edit)
    # A new name loads the entry anew: whatever a script does next finds the camera running.
    async with camera.coordinator.config_entry.setup_lock:
        pass
    saved = find_rule(answer, call.data.get(ATTR_RULE_ID), call.data.get(ATTR_NAME))
    # It is saved: that fractions of an unknown size cannot be told is no error any more.
    told = unit if size else Unit.PIXELS
    return {
        "created": created,
        "rule": rule_in_words(saved, told, size) if saved else None,
    }


@translate_errors
async def _delete(call: ServiceCall) -> None:
    """Delete a rule and leave the others as they are."""
    camera = called_camera(call)
    _check_named(call)
    number, name = call.data.get(ATTR_RULE_ID), call.data.get(ATTR_NAME)
    await camera.coordinator.settings.async_edit(
        "rules", lambda message: remove_rule(message, number, name)
    )


@callback
def _check_named(call: ServiceCall) -> None:
    """Raise ServiceValidationError where nobody said which rule."""
    if call.data.keys().isdisjoint((ATTR_RULE_ID, ATTR_NAME)):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="which_rule"
        )


@callback
def async_setup_rule_actions(hass: HomeAssistant) -> None:
    """Register the actions; what is measured is for administrators to change."""
    hass.services.async_register(
        DOMAIN,
        LIST,
        _list,
        schema=vol.Schema(FIELDS[LIST]),
        supports_response=SupportsResponse.ONLY,
    )
    async_register_admin_service(
        hass,
        DOMAIN,
        SAVE,
        _save,
        schema=vol.Schema(FIELDS[SAVE]),
        supports_response=SupportsResponse.OPTIONAL,
    )
    async_register_admin_service(
        hass, DOMAIN, DELETE, _delete, schema=vol.Schema(FIELDS[DELETE])
    )
