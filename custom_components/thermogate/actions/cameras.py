"""The cameras that an action is aimed at."""

from typing import Any, NamedTuple

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError

from ..const import DOMAIN
from ..coordinator import CameraCoordinator
from .devices import running_devices


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
