"""The temperature of every pixel that a camera sees: fetched when somebody wants it, measured and drawn in a thread."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from homeassistant.const import UnitOfTemperature
from homeassistant.util import dt as dt_util

from ..errors import translate_errors
from ..guide import Picture
from ..guide.matrix import (
    RETRY_PAUSES,
    TemperatureMatrix,
    decode_matrix,
    request_matrix,
)
from ..guide.regions import Region, rule_region
from ..guide.thermogram import Look, thermogram
from ..guide.thermogram_drawing import Scale
from .rules_in_sight import is_in_sight

if TYPE_CHECKING:
    from .camera import CameraCoordinator

# How old a map may be for whoever looks at it: a matrix has a megabyte, and takes the camera about a second.
MAX_AGE: Final = timedelta(seconds=10)


class ThermalMap:
    """Fetches one matrix at a time."""

    def __init__(self, camera: CameraCoordinator) -> None:
        """Start with nothing; nothing is asked for before somebody wants it."""
        self._camera = camera
        self._turn = asyncio.Lock()

    @translate_errors
    async def async_matrix(self, *, sensor: bool = False) -> TemperatureMatrix:
        """Return the temperatures of now, in pixels of the thermal picture or of the `sensor`; the shutter is waited for."""
        async with self._turn:
            message = await request_matrix(
                self._camera.client.request, module=sensor, pauses=RETRY_PAUSES
            )
        decode = partial(
            decode_matrix,
            message,
            taken_at=dt_util.utcnow(),
            info=self._camera.data.general,
        )
        return await self._camera.hass.async_add_executor_job(decode)

    @translate_errors
    async def async_draw(
        self, matrix: TemperatureMatrix, look: Look, regions: Mapping[str, Region]
    ) -> Picture:
        """Return the picture of a matrix with outlines of regions."""
        return await self._camera.hass.async_add_executor_job(
            thermogram, matrix, look, regions
        )

    def scale(self) -> Scale:
        """Return what Home Assistant writes temperatures in."""
        units = self._camera.hass.config.units
        if units.temperature_unit == UnitOfTemperature.FAHRENHEIT:
            return Scale.FAHRENHEIT
        return Scale.CELSIUS

    def rule_regions(self) -> dict[str, Region]:
        """Return by name where the camera's rules measure; without those that it does not see now."""
        data = self._camera.data
        size = data.general.output_size
        if size is None:
            return {}
        found: dict[str, Region] = {}
        for rule in data.rules:
            if is_in_sight(data, rule) and (region := rule_region(rule, size)):
                found[free_name(rule.name or rule.key, found)] = region
        return found


def free_name(name: str, taken: Mapping[str, Region]) -> str:
    """Return a name, with a number where there is such a region already."""
    count, free = 1, name
    while free in taken:
        count += 1
        free = f"{name} ({count})"
    return free
