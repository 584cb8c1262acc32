"""The cameras that an action is aimed at."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

import voluptuous as vol

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv

from ..const import DOMAIN
from ..coordinator import CameraCoordinator
from .devices import at_all, not_everywhere, running_devices

# How an action names one camera, or one or several.
ONE_CAMERA: Final[dict[Any, Any]] = {vol.Required(ATTR_DEVICE_ID): cv.string}
SEVERAL_CAMERAS: Final[dict[Any, Any]] = {
    vol.Required(ATTR_DEVICE_ID): vol.All(
        cv.ensure_list, [cv.string], vol.Length(min=1)
    )
}


class Camera(NamedTuple):
    """A camera that is running."""

    device_id: str | None
    coordinator: CameraCoordinator

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.coordinator.config_entry.title

    @property
    def told(self) -> dict[str, Any]:
        """What an answer calls it."""
        return {"device_id": self.device_id, "device": self.name}


@callback
def chosen_cameras(hass: HomeAssistant, device_ids: list[str]) -> list[Camera]:
    """Return cameras by the numbers that the device selector gives, each once. ServiceValidationError for what is none."""
    cameras = []
    for device_id, entry in running_devices(hass, device_ids):
        if not isinstance(entry.runtime_data, CameraCoordinator):
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="not_a_camera",
                translation_placeholders={"name": entry.title},
            )
        cameras.append(Camera(device_id, entry.runtime_data))
    return cameras


@callback
def called_camera(call: ServiceCall) -> Camera:
    """Return the camera that a call names by `ONE_CAMERA`. ServiceValidationError for what is none."""
    [camera] = chosen_cameras(call.hass, [call.data[ATTR_DEVICE_ID]])
    return camera


async def at_each_camera(
    call: ServiceCall, act: Callable[[CameraCoordinator], Awaitable[None]]
) -> None:
    """Do something at once at all cameras that a call names by `SEVERAL_CAMERAS`.

    What fails at one stops nothing at the others. HomeAssistantError when anything failed.
    """
    cameras = chosen_cameras(call.hass, call.data[ATTR_DEVICE_ID])
    _, failures = await at_all(cameras, lambda camera: act(camera.coordinator))
    if failures and len(cameras) == 1:
        raise failures[0].error
    if failures:
        raise not_everywhere([(each.device.name, each.error) for each in failures])
