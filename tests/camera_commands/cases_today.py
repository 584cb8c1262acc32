"""What Home Assistant offers of a camera, beside moving it: what it shows, measures and does."""

from datetime import timedelta

from custom_components.thermogate.const import DOMAIN
from homeassistant.components.camera import async_get_image
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from tests.helpers import act, settle, state_of
from tests.simulators.camera import CameraSimulator
from tests.waiting import until

from .case import Case


def _entry(hass: HomeAssistant) -> ConfigEntry:
    [entry] = hass.config_entries.async_entries(DOMAIN)
    return entry


def _device(hass: HomeAssistant) -> dr.DeviceEntry:
    [device] = dr.async_entries_for_config_entry(
        dr.async_get(hass), _entry(hass).entry_id
    )
    return device


async def _rules(hass: HomeAssistant, camera: CameraSimulator) -> None:
    assert state_of(hass, "binary_sensor.yard_transformer_alarm") == "off"


async def _mac(hass: HomeAssistant, camera: CameraSimulator) -> None:
    assert any(
        kind == dr.CONNECTION_NETWORK_MAC for kind, _ in _device(hass).connections
    )


async def _light(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await act(hass, "light.turn_on", "light.yard_fill_light", brightness_pct=40)
    assert state_of(hass, "light.yard_fill_light") == "on"
    assert camera.received(35)[-1].message["brightness"] == 40


async def _is_there(hass: HomeAssistant, camera: CameraSimulator) -> None:
    assert state_of(hass, "binary_sensor.yard_connectivity") == "on"


async def _log_out(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await hass.config_entries.async_unload(_entry(hass).entry_id)
    assert not list(camera.camera.sessions.alive(camera.camera.now()))


async def _version(hass: HomeAssistant, camera: CameraSimulator) -> None:
    assert _device(hass).serial_number == camera.options.serial
    assert _device(hass).sw_version


async def _set_clock(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await act(hass, "button.press", "button.yard_set_clock")
    now = dt_util.now().replace(tzinfo=None)
    assert abs(camera.camera.clock() - now) < timedelta(seconds=5)


async def _restart(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await act(hass, "button.press", "button.yard_restart")


async def _recording(hass: HomeAssistant, camera: CameraSimulator) -> None:
    assert state_of(hass, "binary_sensor.yard_recording") == "off"


async def _catch_up(hass: HomeAssistant, camera: CameraSimulator) -> None:
    entry = _entry(hass)
    camera.camera.set_clock(dt_util.now().replace(tzinfo=None))
    await hass.config_entries.async_unload(entry.entry_id)
    await camera.inject("alarm hot")
    await camera.inject("alarm clear")
    await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: state_of(hass, "sensor.yard_connection") == "websocket")
    await settle(hass)
    answer = await hass.services.async_call(
        DOMAIN, "search_journal", {}, blocking=True, return_response=True
    )
    assert answer is not None
    entries = answer["entries"]
    assert isinstance(entries, list)
    assert any(isinstance(each, dict) and each["caught_up"] for each in entries)


async def _temperatures(hass: HomeAssistant, camera: CameraSimulator) -> None:
    for entity_id in (
        "sensor.yard_maximum_temperature",
        "sensor.yard_transformer_maximum",
    ):
        assert state_of(hass, entity_id) not in (None, "unknown", "unavailable")


async def _thermal(hass: HomeAssistant, camera: CameraSimulator) -> None:
    assert (await async_get_image(hass, "camera.yard_thermal")).content


async def _visible(hass: HomeAssistant, camera: CameraSimulator) -> None:
    assert (await async_get_image(hass, "camera.yard_visible")).content


async def _silence(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await act(hass, "button.press", "button.yard_silence_alarm")


async def _calibrate(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await act(hass, "button.press", "button.yard_calibrate_sensor")


async def _stays(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await until(lambda: camera.received(9999))
    assert state_of(hass, "sensor.yard_connection") == "websocket"


CASES: dict[int, Case] = {
    4: _rules,
    10: _mac,
    35: _light,
    36: _light,
    500: _is_there,
    501: _is_there,
    502: _log_out,
    505: _version,
    506: _set_clock,
    508: _restart,
    509: _recording,
    513: _catch_up,
    515: _catch_up,
    516: _temperatures,
    520: _temperatures,
    522: _thermal,
    523: _visible,
    524: _silence,
    529: _calibrate,
    9999: _stays,
}
