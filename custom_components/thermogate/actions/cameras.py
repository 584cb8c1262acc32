"""The cameras that an action is aimed at."""

from collections.abc import Awaitable, Callable
from typing import Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError

from ..const import DOMAIN
from ..coordinator import CameraCoordinator
from .devices import (
    ONE_DEVICE,
    SEVERAL_DEVICES,
    Device,
    at_all,
    raise_failures,
    running_devices,
)

ONE_CAMERA: Final = ONE_DEVICE
SEVERAL_CAMERAS: Final = SEVERAL_DEVICES


class Camera(Device[CameraCoordinator]):
    """A camera that is running."""


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
    raise_failures(cameras, failures)
