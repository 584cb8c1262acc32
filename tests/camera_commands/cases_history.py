"""What the camera remembers: recordings in the media browser, temperatures by an action."""

from datetime import timedelta

from custom_components.thermogate.const import DOMAIN
from homeassistant.components import media_source
from homeassistant.components.media_player import BrowseMedia
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from tests.lookup.house import open_path, titles
from tests.simulators.camera import CameraSimulator
from tests.test_camera_media import PICTURES

from .case import Case


async def _days(hass: HomeAssistant, camera: CameraSimulator) -> BrowseMedia:
    """Let the camera take a picture of an alarm, and return the days that it has pictures of."""
    camera.camera.set_clock(dt_util.now().replace(tzinfo=None))
    await camera.inject("alarm hot")
    await camera.inject("alarm clear")
    assert await async_setup_component(hass, "media_source", {})
    return await open_path(hass, *PICTURES)


async def _calendar(hass: HomeAssistant, camera: CameraSimulator) -> None:
    [day] = titles(await _days(hass, camera))
    assert str(camera.camera.clock().year) in day


async def _recordings(hass: HomeAssistant, camera: CameraSimulator) -> None:
    [day] = (await _days(hass, camera)).children or []
    shown = await media_source.async_browse_media(hass, day.media_content_id)
    [picture] = shown.children or []
    assert picture.title.endswith("Hot spot")
    played = await media_source.async_resolve_media(
        hass, picture.media_content_id, None
    )
    assert played.mime_type == "image/jpeg"


async def _temperatures(hass: HomeAssistant, camera: CameraSimulator) -> None:
    now = dt_util.now()
    camera.camera.set_clock(now.replace(tzinfo=None))
    [entry] = hass.config_entries.async_entries(DOMAIN)
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    noon = now.replace(hour=12, minute=30, second=0, microsecond=0)
    camera.camera.options.days_of_history = 2
    answer = await hass.services.async_call(
        DOMAIN,
        "get_temperature_history",
        {
            "device_id": device.id,
            "since": noon - timedelta(minutes=5),
            "until": noon,
        },
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    rows = answer["rows"]
    assert isinstance(rows, list)
    assert any(isinstance(row, dict) and row["temperature"] for row in rows)


CASES: dict[int, Case] = {
    513: _recordings,
    514: _calendar,
    515: _temperatures,
}
