"""What a case is."""

from collections.abc import Awaitable, Callable

from homeassistant.core import HomeAssistant
from tests.simulators.camera import CameraSimulator

type Case = Callable[[HomeAssistant, CameraSimulator], Awaitable[None]]
"""Does what a person does in Home Assistant with the camera in the yard, and asserts what comes of it, there or here.

Of a push: lets it happen at the camera, and asserts what Home Assistant shows.
"""
