"""Actions: the areas of a camera's picture where nothing is measured, and where fire is looked for."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from ..const import DOMAIN
from ..errors import translate_errors
from ..guide import (
    FIRE_FIELDS,
    SECTIONS,
    Area,
    fire_areas,
    put_fire_areas,
    put_shielded_areas,
    shielded_areas,
)
from .camera_fields import AREA, ATTR_AREAS, NAME, UNIT, size_of, unit_of
from .cameras import ONE_CAMERA, called_camera

LIST_SHIELDED: Final = "list_shielded_areas"
SET_SHIELDED: Final = "set_shielded_areas"
LIST_FIRE: Final = "list_fire_areas"
SET_FIRE: Final = "set_fire_areas"

SENSITIVITY: Final = FIRE_FIELDS["sensitivity"]

FIELDS: Final[dict[str, dict[Any, Any]]] = {
    LIST_SHIELDED: ONE_CAMERA | UNIT,
    SET_SHIELDED: ONE_CAMERA
    | {vol.Required(ATTR_AREAS): vol.All(cv.ensure_list, [vol.Schema(AREA)])}
    | UNIT,
    LIST_FIRE: ONE_CAMERA | UNIT,
    SET_FIRE: ONE_CAMERA
    | {
        vol.Required(ATTR_AREAS): vol.All(
            cv.ensure_list,
            [
                vol.Schema(
                    AREA
                    | {
                        vol.Optional("name"): NAME,
                        vol.Optional("sensitivity"): vol.All(
                            vol.Coerce(int),
                            vol.Range(min=SENSITIVITY.minimum, max=SENSITIVITY.maximum),
                        ),
                    }
                )
            ],
        )
    }
    | UNIT,
}


@translate_errors
async def _list_shielded(call: ServiceCall) -> ServiceResponse:
    """Return the areas where a camera measures nothing."""
    camera = called_camera(call)
    answer = await camera.coordinator.client.request(SECTIONS["shielded_areas"].cmdtype)
    areas = shielded_areas(answer, unit_of(call), size_of(camera))
    return {ATTR_AREAS: [area._asdict() for area in areas]}


@translate_errors
async def _set_shielded(call: ServiceCall) -> None:
    """Replace the areas where a camera measures nothing."""
    camera = called_camera(call)
    areas = [Area(**area) for area in call.data[ATTR_AREAS]]
    unit, size = unit_of(call), size_of(camera)
    await camera.coordinator.settings.async_edit(
        "shielded_areas",
        lambda message: put_shielded_areas(message, areas, unit, size),
    )


@translate_errors
async def _list_fire(call: ServiceCall) -> ServiceResponse:
    """Return the areas where a camera looks for fire."""
    camera = called_camera(call)
    answer = await camera.coordinator.client.request(SECTIONS["fire"].cmdtype)
    return {ATTR_AREAS: [*fire_areas(answer, unit_of(call), size_of(camera))]}


@translate_errors
async def _set_fire(call: ServiceCall) -> None:
    """Replace the areas where a camera looks for fire."""
    camera = called_camera(call)
    areas, unit, size = call.data[ATTR_AREAS], unit_of(call), size_of(camera)
    await camera.coordinator.settings.async_edit(
        "fire", lambda message: put_fire_areas(message, areas, unit, size)
    )


@callback
def async_setup_area_actions(hass: HomeAssistant) -> None:
    """Register the actions; where a camera looks is for administrators to change."""
    for name, ask in ((LIST_SHIELDED, _list_shielded), (LIST_FIRE, _list_fire)):
        hass.services.async_register(
            DOMAIN,
            name,
            ask,
            schema=vol.Schema(FIELDS[name]),
            supports_response=SupportsResponse.ONLY,
        )
    for name, change in ((SET_SHIELDED, _set_shielded), (SET_FIRE, _set_fire)):
        async_register_admin_service(
            hass, DOMAIN, name, change, schema=vol.Schema(FIELDS[name])
        )
