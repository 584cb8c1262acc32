"""Actions that let cameras record onto their own storage."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.core import HomeAssistant, ServiceCall, callback

from ..const import DOMAIN
from ..coordinator import CameraCoordinator
from ..errors import translate_errors
from ..guide import RecordingStatus
from .cameras import SEVERAL_CAMERAS, at_each_camera

ATTR_STREAM: Final = "stream"
ATTR_MODE: Final = "mode"

START: Final = "start_recording"
STOP: Final = "stop_recording"

RECORD: Final = 509
STREAMS: Final = {"visible": 1, "thermal": 2, "both": 3}
# What is recorded, and the subtypes of command 509 that start and stop it. The camera's settings say how long the delay is,
# and how many pictures are taken.
MODES: Final = {"now": (1, 3), "delayed": (2, 6), "pictures": (5, 7)}

FIELDS: Final[dict[str, dict[Any, Any]]] = {
    START: SEVERAL_CAMERAS
    | {
        vol.Optional(ATTR_STREAM, default="both"): vol.In([*STREAMS]),
        vol.Optional(ATTR_MODE, default="now"): vol.In([*MODES]),
    },
    STOP: SEVERAL_CAMERAS | {vol.Optional(ATTR_MODE): vol.In([*MODES])},
}


async def _start(call: ServiceCall) -> None:
    """Start recording, now or after the delay, or taking pictures."""
    start, _ = MODES[call.data[ATTR_MODE]]
    stream = STREAMS[call.data[ATTR_STREAM]]

    async def record(camera: CameraCoordinator) -> None:
        await _tell(camera, start, stream)

    await at_each_camera(call, record)


async def _stop(call: ServiceCall) -> None:
    """Stop what was started by hand: one kind of it, or all."""
    modes = [call.data[ATTR_MODE]] if ATTR_MODE in call.data else [*MODES]

    async def end(camera: CameraCoordinator) -> None:
        for mode in modes:
            _, stop = MODES[mode]
            await _tell(camera, stop, STREAMS["both"])

    await at_each_camera(call, end)


@translate_errors
async def _tell(camera: CameraCoordinator, subtype: int, stream: int) -> None:
    """Send a command and show what the camera then records; not every camera answers that, so it is asked."""
    await camera.client.request(RECORD, {"record_stream": stream}, subtype=subtype)
    status: RecordingStatus = await camera.client.recording_status()
    camera.async_change(recording=status)


@callback
def async_setup_recording_actions(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, act in ((START, _start), (STOP, _stop)):
        hass.services.async_register(DOMAIN, name, act, schema=vol.Schema(FIELDS[name]))
