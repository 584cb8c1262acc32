"""Moving a camera: by hand, to a preset, and what moves by itself."""

from typing import Any

from custom_components.thermogate.const import DOMAIN
from homeassistant.core import HomeAssistant
from tests.helpers import act, attributes_of, state_of
from tests.simulators.camera import CameraSimulator

from .case import Case

PRESET = "select.yard_ptz_preset"


async def _act(hass: HomeAssistant, action: str, **fields: Any) -> None:
    target = {"entity_id": "camera.yard_visible"}
    await hass.services.async_call(DOMAIN, action, fields, blocking=True, target=target)


async def _move(hass: HomeAssistant, camera: CameraSimulator) -> None:
    before = camera.ptz.position
    await _act(hass, "ptz_move", direction="right", duration=0.2)
    assert camera.ptz.position.pan > before.pan
    assert not camera.ptz.moving


async def _presets(hass: HomeAssistant, camera: CameraSimulator) -> None:
    names = [preset.name for preset in camera.ptz.presets.values()]
    assert attributes_of(hass, PRESET)["options"] == names


async def _go_to_preset(hass: HomeAssistant, camera: CameraSimulator) -> None:
    name = attributes_of(hass, PRESET)["options"][0]
    await act(hass, "select.select_option", PRESET, option=name)
    assert state_of(hass, PRESET) == name


async def _cruise(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await _act(hass, "ptz_cruise", index=1, command="start")
    assert camera.ptz.running


async def _scan(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await _act(hass, "ptz_scan", index=1, command="start")
    assert camera.ptz.running


async def _trace(hass: HomeAssistant, camera: CameraSimulator) -> None:
    ptz = camera.ptz
    ptz.traces[1] = [(0.0, ptz.position), (60.0, ptz.position)]
    await _act(hass, "ptz_trace", index=1, command="start")
    assert ptz.running


async def _can_move(hass: HomeAssistant, camera: CameraSimulator) -> None:
    assert state_of(hass, "button.yard_pan_left") is not None


CASES: dict[int, Case] = {
    600: _move,
    601: _presets,
    605: _go_to_preset,
    610: _cruise,
    613: _scan,
    616: _trace,
    617: _can_move,
}
