"""Moving a camera: by hand, to a preset, and what moves by itself; and what it remembers for that."""

from typing import Any

from custom_components.thermogate.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from tests.helpers import act, attributes_of, state_of
from tests.simulators.camera import CameraSimulator

from .case import Case

PRESET, CRUISE, SCAN, TRACE = (
    f"select.yard_ptz_{name}" for name in ("preset", "cruise", "line_scan", "trace")
)


async def _act(hass: HomeAssistant, action: str, **fields: Any) -> None:
    """Call an action of the one camera there is."""
    [entry] = hass.config_entries.async_entries(DOMAIN)
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    await hass.services.async_call(
        DOMAIN, action, {"device_id": device.id, **fields}, blocking=True
    )


async def _move(hass: HomeAssistant, camera: CameraSimulator) -> None:
    before = camera.ptz.position
    await _act(hass, "ptz_move", direction="right", zoom="in", duration=0.2)
    assert camera.ptz.position.pan > before.pan
    assert camera.ptz.position.zoom > before.zoom
    assert not camera.ptz.moving
    await act(hass, "switch.turn_on", "switch.yard_ptz_wiper")
    await act(hass, "light.turn_on", "light.yard_ptz_light")
    assert camera.ptz.auxiliaries["wiper"] is camera.ptz.auxiliaries["light"] is True


async def _presets(hass: HomeAssistant, camera: CameraSimulator) -> None:
    names = [preset.name for preset in camera.ptz.presets.values()]
    assert attributes_of(hass, PRESET)["options"] == names


async def _save_preset(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await _act(hass, "save_preset", preset="Gate")
    assert camera.ptz.presets[4].name == "Gate"
    assert state_of(hass, PRESET) == "Gate"


async def _delete_preset(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await _act(hass, "delete_preset", preset="Motor")
    assert [*camera.ptz.presets] == [1, 2]
    assert "Motor" not in attributes_of(hass, PRESET)["options"]


async def _rename_preset(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await _act(hass, "rename_preset", preset="Motor", name="Pump")
    assert camera.ptz.presets[3].name == "Pump"
    assert "Pump" in attributes_of(hass, PRESET)["options"]


async def _go_to_preset(hass: HomeAssistant, camera: CameraSimulator) -> None:
    name = attributes_of(hass, PRESET)["options"][0]
    await act(hass, "select.select_option", PRESET, option=name)
    assert state_of(hass, PRESET) == name


async def _cruises(hass: HomeAssistant, camera: CameraSimulator) -> None:
    assert attributes_of(hass, CRUISE)["options"] == ["off", "Round"]


async def _add_cruise(hass: HomeAssistant, camera: CameraSimulator) -> None:
    stops = [{"preset": "Motor", "duration": 20}, {"preset": "1"}]
    await _act(hass, "save_cruise", cruise="Tour", stops=stops)
    assert camera.ptz.cruises[2]["cruise_name"] == "Tour"
    assert attributes_of(hass, CRUISE)["options"] == ["off", "Round", "Tour"]


async def _delete_cruise(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await _act(hass, "delete_cruise", cruise="Round")
    assert camera.ptz.cruises == {}
    assert attributes_of(hass, CRUISE)["options"] == ["off"]


async def _change_cruise(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await _act(hass, "save_cruise", cruise="Round", name="Tour")
    assert camera.ptz.cruises[1]["cruise_name"] == "Tour"
    assert attributes_of(hass, CRUISE)["options"] == ["off", "Tour"]


async def _run_cruise(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await act(hass, "select.select_option", CRUISE, option="Round")
    assert camera.ptz.running
    await _act(hass, "ptz_cruise", cruise="Round", command="stop")
    assert not camera.ptz.running


async def _scans(hass: HomeAssistant, camera: CameraSimulator) -> None:
    assert attributes_of(hass, SCAN)["options"] == ["off", "Scan 1"]


async def _change_scan(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await _act(
        hass, "save_line_scan", scan="Scan 2", left_border=True, right_border=True
    )
    assert camera.ptz.scans[2]["linescan_left_enable"] == 1
    assert attributes_of(hass, SCAN)["options"] == ["off", "Scan 1", "Scan 2"]


async def _run_scan(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await _act(hass, "ptz_scan", scan=1)
    assert camera.ptz.running
    await act(hass, "select.select_option", SCAN, option="off")
    assert not camera.ptz.running


async def _record(hass: HomeAssistant, camera: CameraSimulator) -> None:
    assert attributes_of(hass, TRACE)["options"] == ["off"]
    await _act(hass, "record_trace", trace=1)
    await _act(hass, "ptz_move", direction="left", duration=0.2)
    await _act(hass, "record_trace", trace=1, command="stop")
    assert len(camera.ptz.traces[1]) > 1
    assert attributes_of(hass, TRACE)["options"] == ["off", "Trace 1"]


async def _run_trace(hass: HomeAssistant, camera: CameraSimulator) -> None:
    ptz = camera.ptz
    ptz.traces[1] = [(0.0, ptz.position), (60.0, ptz.position)]
    await _act(hass, "ptz_trace", trace=1, command="start")
    assert ptz.running


async def _motion(hass: HomeAssistant, camera: CameraSimulator) -> None:
    assert state_of(hass, "sensor.yard_motion") == "still"
    await _act(hass, "ptz_cruise", cruise="Round")
    assert state_of(hass, "sensor.yard_motion") == "cruise"
    assert attributes_of(hass, "sensor.yard_motion")["name"] == "Round"
    assert state_of(hass, "binary_sensor.yard_moving") == "on"


CASES: dict[int, Case] = {
    600: _move,
    601: _presets,
    602: _save_preset,
    603: _delete_preset,
    604: _rename_preset,
    605: _go_to_preset,
    606: _cruises,
    607: _add_cruise,
    608: _delete_cruise,
    609: _change_cruise,
    610: _run_cruise,
    611: _scans,
    612: _change_scan,
    613: _run_scan,
    614: _record,
    615: _record,
    616: _run_trace,
    617: _motion,
}
