"""Where a camera measures and when it alarms, and its video: rules, shielded areas and streams."""

from typing import Any

from custom_components.thermogate.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from tests.helpers import act, settle, state_of
from tests.simulators.camera import CameraSimulator
from tests.simulators.camera.settings import RULES, SHIELD, VIDEO

from .case import Case


async def _call(hass: HomeAssistant, action: str, **fields: Any) -> dict[str, Any]:
    """Call an action with the one camera there is; return what it answers, if it does."""
    [entry] = hass.config_entries.async_entries(DOMAIN)
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    answer = await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device.id, **fields},
        blocking=True,
        return_response=action.startswith("list_"),
    )
    await settle(hass)
    return dict(answer or {})


async def _set_rules(hass: HomeAssistant, camera: CameraSimulator) -> None:
    """Draw a rule, let it alarm with its own switch and threshold, and delete it; the others stay."""
    before = [rule["rule_name"] for rule in camera.camera.settings[RULES]["rule_list"]]
    await _call(
        hass,
        "save_rule",
        name="Pump",
        shape="rectangle",
        points=[{"x": 0, "y": 0}, {"x": 0.5, "y": 0.5}],
        material="rust",
        alarm_type="high",
        high=70,
    )
    await act(hass, "switch.turn_on", "switch.yard_pump_alarm")
    await act(hass, "number.set_value", "number.yard_pump_high_threshold", value=72.5)
    rule = camera.camera.settings[RULES]["rule_list"][-1]
    assert (rule["rule_name"], rule["alarm_flag"], rule["high_temp"]) == (
        "Pump",
        1,
        72.5,
    )
    assert rule["points"][2] == {"x": 257, "y": 193}
    assert state_of(hass, "sensor.yard_pump_maximum") not in (None, "unknown")
    await _call(hass, "delete_rule", name="Pump")
    assert before == [
        rule["rule_name"] for rule in camera.camera.settings[RULES]["rule_list"]
    ]
    assert state_of(hass, "sensor.yard_pump_maximum") is None


async def _get_rules(hass: HomeAssistant, camera: CameraSimulator) -> None:
    [first, *_] = (await _call(hass, "list_rules", unit="pixels"))["rules"]
    assert (first["name"], first["shape"], first["high"]) == (
        "Transformer",
        "rectangle",
        85,
    )
    assert first["points"][0] == {"x": 86, "y": 180}
    assert state_of(hass, "switch.yard_transformer_alarm") == "on"
    assert state_of(hass, "number.yard_transformer_high_threshold") == "85.0"


async def _set_shielded(hass: HomeAssistant, camera: CameraSimulator) -> None:
    area = {"x": 0.5, "y": 0.5, "width": 0.25, "height": 0.25}
    await _call(hass, "set_shielded_areas", areas=[area])
    assert camera.camera.settings[SHIELD]["rects"] == [
        {"x": 257, "y": 193, "w": 128, "h": 96}
    ]


async def _get_shielded(hass: HomeAssistant, camera: CameraSimulator) -> None:
    camera.camera.settings[SHIELD]["rects"] = [{"x": 257, "y": 193, "w": 128, "h": 96}]
    answer = await _call(hass, "list_shielded_areas")
    assert answer["areas"] == [{"x": 0.5, "y": 0.5, "width": 0.25, "height": 0.25}]


async def _set_video(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await _call(hass, "set_video_stream", stream="visible_sub", fps=2, codec="h265")
    [main, sub, *_] = camera.camera.settings[VIDEO]["params"]
    assert (sub["fps"], sub["gop_size"], sub["encodec"]) == (2, 4, 1)
    assert main["fps"] == 10


async def _get_video(hass: HomeAssistant, camera: CameraSimulator) -> None:
    [main, *_] = (await _call(hass, "list_video_streams"))["streams"]
    assert main == {
        "stream": "visible_main",
        "resolution": "1280x720",
        "fps": 10,
        "rate_control": "variable",
        "bit_rate": 2048,
        "key_frame_interval": 10,
        "quality": "good",
        "codec": "h264",
        "layered": False,
    }


CASES: dict[int, Case] = {
    3: _set_rules,
    4: _get_rules,
    17: _set_shielded,
    18: _get_shielded,
    23: _set_video,
    24: _get_video,
}
