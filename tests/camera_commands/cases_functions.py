"""What a camera does when it is told: temperatures, pictures, recordings, files, the sensor, the focus."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from custom_components.thermogate.const import DOMAIN
from homeassistant.components.image import async_get_image
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from tests.helpers import act, settle, state_of
from tests.simulators.camera import CameraSimulator

from .case import Case


def device_of(hass: HomeAssistant) -> str:
    """Return the device of the camera in the yard."""
    [entry] = hass.config_entries.async_entries(DOMAIN)
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return device.id


async def tell(hass: HomeAssistant, action: str, **fields: Any) -> None:
    """Perform an action that answers nothing."""
    await hass.services.async_call(
        DOMAIN, action, {"device_id": device_of(hass), **fields}, blocking=True
    )


async def ask(hass: HomeAssistant, action: str, **fields: Any) -> dict[str, Any]:
    """Perform an action and return its answer."""
    answer = await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device_of(hass), **fields},
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    return dict(answer)


def _allow_media(hass: HomeAssistant) -> None:
    folder = hass.config.path("media")
    hass.config.media_dirs = {"local": folder}
    hass.config.allowlist_external_dirs = {folder}


async def saved(hass: HomeAssistant, action: str, **fields: Any) -> bytes:
    """Perform an action that writes a file, and return what is in it."""
    _allow_media(hass)
    answer = await ask(hass, action, **fields)
    return await hass.async_add_executor_job(Path(answer["path"]).read_bytes)


async def _version_history(hass: HomeAssistant, camera: CameraSimulator) -> None:
    answer = await ask(hass, "get_version_history")
    assert answer["versions"][-1] == {
        "version": "v1.2.9",
        "installed_at": "2022-04-11 09:12:00",
        "description": "",
    }


async def _set_clock(hass: HomeAssistant, camera: CameraSimulator) -> None:
    before = camera.camera.clock()
    camera.camera.set_clock(before - timedelta(days=1))
    await act(hass, "button.press", "button.yard_set_clock")
    assert camera.camera.clock() > before - timedelta(days=1) + timedelta(hours=1)


async def _record(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await tell(hass, "start_recording", stream="thermal")
    assert state_of(hass, "sensor.yard_recorded_stream") == "thermal"
    assert state_of(hass, "binary_sensor.yard_recording") == "on"
    await tell(hass, "start_recording", mode="delayed")
    assert state_of(hass, "sensor.yard_delayed_recording") == "waiting"
    await tell(hass, "start_recording", mode="pictures")
    assert state_of(hass, "sensor.yard_captured_pictures") == "1"
    await tell(hass, "stop_recording")
    recorder = camera.camera.recorder
    assert not (recorder.recording or recorder.delayed or recorder.capture)
    assert state_of(hass, "binary_sensor.yard_recording") == "off"


async def _log(hass: HomeAssistant, camera: CameraSimulator) -> None:
    assert (await saved(hass, "export_log")).startswith(b"\x1f\x8b")


async def _clean_up(hass: HomeAssistant, camera: CameraSimulator) -> None:
    path = camera.camera.files.put("/picture/old.jpg", b"old")
    await tell(hass, "clean_up_data", confirm=True)
    assert await camera.camera.files.get(path) is None


async def _export_settings(hass: HomeAssistant, camera: CameraSimulator) -> None:
    assert b'"emiss"' in await saved(hass, "export_settings")
    assert camera.received(512)[-1].subtype == 2


async def _report_interval(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await tell(hass, "set_report_interval", minutes=5)
    assert camera.camera.report_minutes == 5


async def _image_effect(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await tell(hass, "set_image_effect", effect="visible_contrast", value=77)
    assert state_of(hass, "number.yard_visible_contrast") == "77"


async def _temperatures(hass: HomeAssistant, camera: CameraSimulator) -> None:
    answer = await ask(hass, "get_temperatures")
    assert answer["picture"]["maximum"] > answer["picture"]["minimum"]
    assert "Transformer" in {rule["name"] for rule in answer["rules"]}


async def _point_temperature(hass: HomeAssistant, camera: CameraSimulator) -> None:
    answer = await ask(hass, "get_point_temperature", x=512, y=384)
    assert -40 < answer["temperature"] < 200
    shown, hidden = camera.received(521)[-2:]
    assert (shown.message["cursor_x"], shown.message["cursor_y"]) == (512, 384)
    assert hidden.message["cursor_x"] < 0


async def _thermal_still(hass: HomeAssistant, camera: CameraSimulator) -> None:
    jpeg = await saved(hass, "save_snapshot", source="thermal")
    assert jpeg.startswith(b"\xff\xd8\xff")


async def _screenshot(hass: HomeAssistant, camera: CameraSimulator) -> None:
    visible = await saved(hass, "save_snapshot")
    assert visible.startswith(b"\xff\xd8\xff")
    for source, kind in (("sensor", 2), ("thermal_uncompressed", 3)):
        png = await saved(hass, "save_snapshot", source=source)
        assert png.startswith(b"\x89PNG")
        assert camera.received(523)[-1].message == {"type": kind}


async def _silence(hass: HomeAssistant, camera: CameraSimulator) -> None:
    camera.camera.sounding = camera.camera.outputting = True
    await tell(hass, "silence_alarm", kind="sound")
    assert (camera.camera.sounding, camera.camera.outputting) == (False, True)


async def _test_mail(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await tell(
        hass,
        "set_settings",
        section="mail",
        settings={"smtp_server": "mail.example.com"},
    )
    await act(hass, "button.press", "button.yard_send_test_mail")


async def _mark_dead_pixels(hass: HomeAssistant, camera: CameraSimulator) -> None:
    first, last = {"x": 0, "y": 0}, {"x": 255, "y": 191}
    await tell(hass, "mark_dead_pixels", points=[first, last])
    await tell(hass, "unmark_dead_pixels", points=[first])
    assert camera.camera.dead_pixels == [last]
    await tell(hass, "restore_dead_pixels", confirm=True)
    assert camera.camera.dead_pixels == []


async def _dead_pixels(hass: HomeAssistant, camera: CameraSimulator) -> None:
    camera.camera.dead_pixels.append({"x": 3, "y": 4})
    assert (await ask(hass, "get_dead_pixels"))["points"] == [{"x": 3, "y": 4}]


async def _calibrate(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await act(hass, "button.press", "button.yard_calibrate_sensor")
    assert camera.camera.shutter_closed or camera.received(529)


async def _matrix(hass: HomeAssistant, camera: CameraSimulator) -> None:
    answer = await ask(hass, "get_region_statistics", rules=["Transformer"])
    assert answer["regions"][0]["maximum"] <= answer["picture"]["maximum"]
    thermogram = await saved(hass, "save_thermal_picture", format="png")
    assert thermogram.startswith(b"\x89PNG")
    _allow_media(hass)
    path = (await ask(hass, "save_temperature_matrix"))["path"]
    celsius = await hass.async_add_executor_job(np.load, path)
    assert celsius.shape == (384, 512)
    assert (await async_get_image(hass, "image.yard_thermal_map")).content


async def _distance(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await tell(
        hass,
        "set_settings",
        section="ranging",
        settings={"flag": 1, "high": 6, "alpha": 20},
    )
    answer = await ask(hass, "get_point_distance", x=0.5, y=1, unit="fractions")
    assert answer["ahead"] > 0


async def _focus(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await _as_other_series(hass, camera, "focus-motor")
    await act(hass, "button.press", "button.yard_focus_automatically")
    assert camera.camera.focus == 400
    await act(hass, "button.press", "button.yard_focus_motor_farther")
    assert camera.camera.focus == 405
    await act(hass, "button.press", "button.yard_focus_motor_nearer")
    await tell(hass, "set_focus", position=750)
    assert camera.camera.focus == 750


async def _raw_frame(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await _as_other_series(hass, camera, "raw-frame")
    _allow_media(hass)
    answer = await ask(hass, "save_raw_frame")
    assert answer["frame"]["bytes"] == 256 * 192 * 2


async def _as_other_series(
    hass: HomeAssistant, camera: CameraSimulator, quirk: str
) -> None:
    """Let the camera be one of another series, and Home Assistant meet it anew."""
    camera.camera.quirks.add(quirk)
    [entry] = hass.config_entries.async_entries(DOMAIN)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass)


CASES: dict[int, Case] = {
    506: _set_clock,
    507: _version_history,
    509: _record,
    510: _log,
    511: _clean_up,
    512: _export_settings,
    517: _report_interval,
    518: _image_effect,
    520: _temperatures,
    521: _point_temperature,
    522: _thermal_still,
    523: _screenshot,
    524: _silence,
    525: _test_mail,
    527: _mark_dead_pixels,
    528: _dead_pixels,
    529: _calibrate,
    530: _matrix,
    531: _distance,
    532: _focus,
    906: _raw_frame,
}
