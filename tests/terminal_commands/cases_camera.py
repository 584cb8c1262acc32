"""The picture that a terminal takes when it is asked for one (vendor document 2.4)."""

from homeassistant.components.camera import async_get_image
from homeassistant.core import HomeAssistant
from tests.simulators.terminal import TerminalSimulator

from .case import Case


async def _snapshot(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    image = await async_get_image(hass, "camera.front_door_snapshot")
    assert image.content_type == "image/jpeg"
    assert image.content.startswith(b"\xff\xd8")


CASES: dict[str, Case] = {"snapshot": _snapshot}
