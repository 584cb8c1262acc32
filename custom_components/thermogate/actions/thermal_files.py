"""Actions that write what a camera sees into files: all temperatures, a thermal picture with a scale, a screenshot."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import voluptuous as vol

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util import dt as dt_util, slugify

from ..const import DOMAIN
from ..coordinator import CameraCoordinator
from ..errors import translate_errors
from ..guide import Picture
from ..guide.matrix import TemperatureMatrix
from ..guide.matrix_files import to_csv, to_npy
from ..guide.palettes import Palette
from ..guide.screenshots import SCREENSHOT, screenshot
from ..guide.thermogram import FileType, Look
from ..media_folder import async_media_folder
from ..pictures import is_sound
from .cameras import ONE_CAMERA, Camera, called_camera
from .media_files import async_store
from .thermal_regions import REGIONS, chosen_regions

ATTR_FORMAT: Final = "format"
ATTR_RESOLUTION: Final = "resolution"
ATTR_PALETTE: Final = "palette"
ATTR_COLDEST: Final = "coldest"
ATTR_HOTTEST: Final = "hottest"
ATTR_SCALE_BAR: Final = "scale_bar"
ATTR_HOT_SPOT: Final = "hot_spot"
ATTR_COLD_SPOT: Final = "cold_spot"
ATTR_SOURCE: Final = "source"

SAVE_TEMPERATURE_MATRIX: Final = "save_temperature_matrix"
SAVE_THERMAL_PICTURE: Final = "save_thermal_picture"
SAVE_SNAPSHOT: Final = "save_snapshot"

# What of command 530 is asked for.
RESOLUTIONS: Final = ("picture", "sensor")
_ENCODERS: Final[dict[str, Callable[[TemperatureMatrix], bytes]]] = {
    "npy": to_npy,
    "csv": lambda matrix: to_csv(matrix).encode(),
}
FORMATS: Final = tuple(_ENCODERS)

type _Take = Callable[[CameraCoordinator], Awaitable[Picture]]


def _screenshot(kind: int) -> _Take:
    async def take(camera: CameraCoordinator) -> Picture:
        message = await camera.client.request(SCREENSHOT, {"type": kind})
        return await camera.hass.async_add_executor_job(
            screenshot, message, camera.data.general
        )

    return take


SOURCES: Final[dict[str, _Take]] = {
    "visible": _screenshot(1),
    "thermal": lambda camera: camera.client.thermal_still(),
    "thermal_uncompressed": _screenshot(3),
    "sensor": _screenshot(2),
}

_SPAN: Final = "span"
FIELDS: Final[dict[str, dict[Any, Any]]] = {
    SAVE_TEMPERATURE_MATRIX: ONE_CAMERA
    | {
        vol.Optional(ATTR_FORMAT, default=FORMATS[0]): vol.In(FORMATS),
        vol.Optional(ATTR_RESOLUTION, default=RESOLUTIONS[0]): vol.In(RESOLUTIONS),
    },
    SAVE_THERMAL_PICTURE: ONE_CAMERA
    | {
        vol.Optional(ATTR_PALETTE, default=Palette.IRON.value): vol.All(
            vol.In([palette.value for palette in Palette]), vol.Coerce(Palette)
        ),
        vol.Inclusive(ATTR_COLDEST, _SPAN): vol.Coerce(float),
        vol.Inclusive(ATTR_HOTTEST, _SPAN): vol.Coerce(float),
        vol.Optional(ATTR_SCALE_BAR, default=True): cv.boolean,
        vol.Optional(ATTR_HOT_SPOT, default=True): cv.boolean,
        vol.Optional(ATTR_COLD_SPOT, default=False): cv.boolean,
        vol.Optional(ATTR_FORMAT, default=FileType.JPEG.value): vol.All(
            vol.In([*FileType]), vol.Coerce(FileType)
        ),
    }
    | REGIONS,
    SAVE_SNAPSHOT: ONE_CAMERA | {vol.Optional(ATTR_SOURCE): vol.In([*SOURCES])},
}


@translate_errors
async def _save_temperature_matrix(call: ServiceCall) -> ServiceResponse:
    """Write the temperatures of all pixels into a new file."""
    camera = called_camera(call)
    folder = await async_media_folder(call.hass)
    matrix = await camera.coordinator.thermal_map.async_matrix(
        sensor=call.data[ATTR_RESOLUTION] == "sensor"
    )
    form = call.data[ATTR_FORMAT]
    content = await call.hass.async_add_executor_job(_ENCODERS[form], matrix)
    name = file_name(camera, f"temperatures.{form}")
    stored = await async_store(call.hass, folder, name, content)
    return camera.told | stored | _taken(matrix)


@translate_errors
async def _save_thermal_picture(call: ServiceCall) -> ServiceResponse:
    """Write a picture of the temperatures of all pixels into a new file."""
    camera = called_camera(call)
    folder = await async_media_folder(call.hass)
    thermal_map = camera.coordinator.thermal_map
    regions = chosen_regions(call, camera)
    span = (
        (call.data[ATTR_COLDEST], call.data[ATTR_HOTTEST])
        if ATTR_COLDEST in call.data
        else None
    )
    look = Look(
        palette=call.data[ATTR_PALETTE],
        span=span,
        scale=thermal_map.scale(),
        scale_bar=call.data[ATTR_SCALE_BAR],
        hot_spot=call.data[ATTR_HOT_SPOT],
        cold_spot=call.data[ATTR_COLD_SPOT],
        file_type=call.data[ATTR_FORMAT],
    )
    matrix = await thermal_map.async_matrix()
    picture = await thermal_map.async_draw(matrix, look, regions)
    name = file_name(camera, f"thermogram{_ending(picture)}")
    stored = await async_store(call.hass, folder, name, picture.data)
    return camera.told | stored | _taken(matrix)


@translate_errors
async def _save_snapshot(call: ServiceCall) -> ServiceResponse:
    """Write a picture that the camera itself makes into a new file."""
    camera = called_camera(call)
    folder = await async_media_folder(call.hass)
    usual = "visible" if camera.coordinator.has_visible else "thermal"
    source = call.data.get(ATTR_SOURCE, usual)
    picture = await SOURCES[source](camera.coordinator)
    if not await call.hass.async_add_executor_job(is_sound, picture.data):
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="broken_picture",
            translation_placeholders={"name": camera.name},
        )
    name = file_name(camera, f"{source}{_ending(picture)}")
    return camera.told | await async_store(call.hass, folder, name, picture.data)


def _taken(matrix: TemperatureMatrix) -> dict[str, Any]:
    width, height = matrix.size
    return {
        "taken_at": matrix.taken_at.isoformat(),
        "width": width,
        "height": height,
        "garbage": matrix.garbage,
    }


def _ending(picture: Picture) -> str:
    return ".png" if picture.content_type == "image/png" else ".jpg"


def file_name(camera: Camera, what: str) -> str:
    """Return the name of a new file: whose it is, from when, and what."""
    return f"{slugify(camera.name)}-{dt_util.now():%Y%m%d-%H%M%S}-{what}"


@callback
def async_setup_thermal_file_actions(hass: HomeAssistant) -> None:
    """Register the actions, which are for administrators."""
    for name, save in (
        (SAVE_TEMPERATURE_MATRIX, _save_temperature_matrix),
        (SAVE_THERMAL_PICTURE, _save_thermal_picture),
        (SAVE_SNAPSHOT, _save_snapshot),
    ):
        async_register_admin_service(
            hass,
            DOMAIN,
            name,
            save,
            schema=vol.Schema(FIELDS[name]),
            supports_response=SupportsResponse.OPTIONAL,
        )
