"""Actions that let cameras record onto their own storage."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.core import HomeAssistant, ServiceCall, callback

from ..const import DOMAIN
from ..coordinator import CameraCoordinator
from ..errors import translate_errors
from ..guide import GuideCommandError, RecordingStatus
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

    @translate_errors
    async def record(camera: CameraCoordinator) -> None:
        await camera.client.request(RECORD, {"record_stream": stream}, subtype=start)
        await _show(camera)

    await at_each_camera(call, record)


async def _stop(call: ServiceCall) -> None:
    """Stop what was started by hand: one kind of it, or all."""
    modes = [call.data[ATTR_MODE]] if ATTR_MODE in call.data else [*MODES]
    message = {"record_stream": STREAMS["both"]}

    @translate_errors
    async def end(camera: CameraCoordinator) -> None:
        refused: GuideCommandError | None = None
        for mode in modes:
            _, stop = MODES[mode]
            try:
                await camera.client.request(RECORD, message, subtype=stop)
            except GuideCommandError as err:
                refused = err
        status = await _show(camera)
        # Of everything, a camera may refuse to stop what does not run.
        if refused and (len(modes) == 1 or not status.idle):
            raise refused

    await at_each_camera(call, end)


async def _show(camera: CameraCoordinator) -> RecordingStatus:
    """Show and return what the camera records now; not every camera answers that to a command, so it is asked."""
    status: RecordingStatus = await camera.client.recording_status()
    camera.async_change(recording=status)
    return status


@callback
def async_setup_recording_actions(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, act in ((START, _start), (STOP, _stop)):
        hass.services.async_register(DOMAIN, name, act, schema=vol.Schema(FIELDS[name]))
