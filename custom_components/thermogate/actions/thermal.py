"""Actions that answer with temperatures: of rules, of a point, of any region; and how far away a point is."""

from math import isfinite
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
from ..coordinator import CameraCoordinator
from ..errors import translate_errors
from ..guide import RuleTemperature, Temperatures
from ..guide.matrix import TemperatureMatrix
from ..guide.matrix_statistics import Statistics, statistics
from ..guide.models import Point
from ..guide.picture_places import stored_point
from ..guide.regions import Region, Unit
from ..guide.wire import as_bool, as_float
from .cameras import ONE_CAMERA, SEVERAL_CAMERAS, at_each_camera, called_camera
from .thermal_regions import ATTR_UNIT, REGIONS, UNIT, chosen_regions

ATTR_X: Final = "x"
ATTR_Y: Final = "y"
ATTR_KEEP_CURSOR: Final = "keep_cursor"
ATTR_MINUTES: Final = "minutes"

GET_TEMPERATURES: Final = "get_temperatures"
GET_POINT_TEMPERATURE: Final = "get_point_temperature"
GET_POINT_DISTANCE: Final = "get_point_distance"
GET_REGION_STATISTICS: Final = "get_region_statistics"
SET_REPORT_INTERVAL: Final = "set_report_interval"

# Minutes; the document has no upper limit, and a day without a report is none.
MAX_REPORT_INTERVAL: Final = 1440

_POINT: Final[dict[Any, Any]] = {
    **ONE_CAMERA,
    vol.Required(ATTR_X): vol.Coerce(float),
    vol.Required(ATTR_Y): vol.Coerce(float),
    **UNIT,
}

FIELDS: Final[dict[str, dict[Any, Any]]] = {
    GET_TEMPERATURES: ONE_CAMERA,
    GET_POINT_TEMPERATURE: _POINT
    | {vol.Optional(ATTR_KEEP_CURSOR, default=False): cv.boolean},
    GET_POINT_DISTANCE: _POINT,
    GET_REGION_STATISTICS: ONE_CAMERA | REGIONS,
    SET_REPORT_INTERVAL: SEVERAL_CAMERAS
    | {
        vol.Required(ATTR_MINUTES): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=MAX_REPORT_INTERVAL)
        )
    },
}


@translate_errors
async def _get_temperatures(call: ServiceCall) -> ServiceResponse:
    """Return what the camera measures now: the whole picture, and every rule."""
    camera = called_camera(call)
    measured = await camera.coordinator.client.temperatures()
    return camera.told | {
        "picture": _extremes(measured),
        "rules": [
            {
                "name": rule.name or rule.key,
                "shape": rule.shape,
                **_extremes(rule),
                "preset": rule.preset or None,
            }
            for rule in measured.rules
        ],
    }


def _extremes(measured: Temperatures | RuleTemperature) -> dict[str, float | None]:
    return {
        "maximum": measured.maximum,
        "minimum": measured.minimum,
        "average": measured.average,
    }


@translate_errors
async def _get_point_temperature(call: ServiceCall) -> ServiceResponse:
    """Return the temperature at a point. The camera shows a cursor there, which is taken away again unless it is to be kept."""
    camera = called_camera(call)
    client = camera.coordinator.client
    x, y = _pixel(call, camera.coordinator)
    answer = await client.request(521, {"cursor_x": x, "cursor_y": y, "cursor_type": 0})
    if not call.data[ATTR_KEEP_CURSOR]:
        await client.request(521, {"cursor_x": -1, "cursor_y": -1, "cursor_type": 0})
    # Some leave out whether the value can be shown.
    shown = as_bool(answer.get("show")) is not False
    return camera.told | {
        "x": x,
        "y": y,
        "temperature": as_float(answer.get("value")) if shown else None,
    }


@translate_errors
async def _get_point_distance(call: ServiceCall) -> ServiceResponse:
    """Return how far away is what is seen at a point, in metres to the side and ahead."""
    camera = called_camera(call)
    x, y = _pixel(call, camera.coordinator)
    answer = await camera.coordinator.client.request(531, {"x": x, "y": y})
    return camera.told | {
        "x": x,
        "y": y,
        "aside": as_float(answer.get("x")),
        "ahead": as_float(answer.get("y")),
    }


def _pixel(call: ServiceCall, camera: CameraCoordinator) -> Point:
    """Return the pixel of the thermal picture that a call names, counted from 1. GuideValidationError beyond the picture."""
    unit = call.data[ATTR_UNIT]
    x, y = call.data[ATTR_X], call.data[ATTR_Y]
    if unit is Unit.PIXELS:
        # Templates find places within a pixel; whole numbers are the middles of pixels.
        x, y = (round(place) if isfinite(place) else place for place in (x, y))
    return stored_point(x, y, unit, camera.data.general.output_size)


@translate_errors
async def _get_region_statistics(call: ServiceCall) -> ServiceResponse:
    """Return what regions measure, from the temperatures of all pixels."""
    camera = called_camera(call)
    regions = chosen_regions(call, camera)
    matrix = await camera.coordinator.thermal_map.async_matrix()
    measured = await call.hass.async_add_executor_job(_measure, matrix, regions)
    width, height = matrix.size
    return camera.told | {
        "taken_at": matrix.taken_at.isoformat(),
        "width": width,
        "height": height,
        **measured,
    }


def _measure(
    matrix: TemperatureMatrix, regions: dict[str, Region]
) -> dict[str, dict[str, Any] | list[dict[str, Any]]]:
    return {
        "picture": _told(statistics(matrix)),
        "regions": [
            {"name": name, **_told(statistics(matrix, region))}
            for name, region in regions.items()
        ],
    }


def _told(found: Statistics | None) -> dict[str, Any]:
    """Return statistics as an answer has them; where nothing could be measured only that."""
    if found is None:
        return {"pixels": 0}
    return {
        "maximum": found.maximum,
        "minimum": found.minimum,
        "average": round(found.average, 2),
        "deviation": round(found.deviation, 2),
        "maximum_at": dict(zip("xy", found.maximum_at, strict=True)),
        "minimum_at": dict(zip("xy", found.minimum_at, strict=True)),
        "pixels": found.pixels,
        "garbage": found.garbage,
    }


async def _set_report_interval(call: ServiceCall) -> None:
    """Change how often cameras report temperatures by themselves."""
    message = {"interval": call.data[ATTR_MINUTES]}

    async def change(camera: CameraCoordinator) -> None:
        await camera.async_request(517, message)

    await at_each_camera(call, change)


@callback
def async_setup_thermal_actions(hass: HomeAssistant) -> None:
    """Register the actions; only administrators change how often a camera reports."""
    for name, get in (
        (GET_TEMPERATURES, _get_temperatures),
        (GET_POINT_TEMPERATURE, _get_point_temperature),
        (GET_POINT_DISTANCE, _get_point_distance),
        (GET_REGION_STATISTICS, _get_region_statistics),
    ):
        hass.services.async_register(
            DOMAIN,
            name,
            get,
            schema=vol.Schema(FIELDS[name]),
            supports_response=SupportsResponse.ONLY,
        )
    async_register_admin_service(
        hass,
        DOMAIN,
        SET_REPORT_INTERVAL,
        _set_report_interval,
        schema=vol.Schema(FIELDS[SET_REPORT_INTERVAL]),
    )
