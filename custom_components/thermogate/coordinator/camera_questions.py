"""What a camera is asked about itself besides its temperatures, when it comes and now and then."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ..guide import GuideClient, GuideTimeoutError, GuideUnsupportedError
from ..guide.functions import FOCUS_MOTOR, focus_message

# Seconds; firmware may keep silent about a command that it does not know.
_SILENCE = 5.0
_UNSUPPORTED = 19999


@dataclass(frozen=True, kw_only=True, slots=True)
class CameraQuestion:
    """One question. `feature` names what a camera may lack and is the part of its state that holds the answer.

    It is asked again when `interval`, else the usual one, is over, with the next reading of the temperatures.
    """

    feature: str
    ask: Callable[[GuideClient], Awaitable[Any]]
    interval: timedelta | None = None


async def _has_focus_motor(client: GuideClient) -> bool:
    """Let a motor that does not move stand still: the only way to hear that there is one."""
    try:
        await client.request(FOCUS_MOTOR, focus_message("stop", None), timeout=_SILENCE)
    except GuideTimeoutError as err:
        raise GuideUnsupportedError(FOCUS_MOTOR, _UNSUPPORTED) from err
    return True


QUESTIONS = (
    CameraQuestion(feature="rules", ask=lambda client: client.rules()),
    CameraQuestion(feature="presets", ask=lambda client: client.presets()),
    CameraQuestion(feature="cruises", ask=lambda client: client.cruises()),
    CameraQuestion(feature="line_scans", ask=lambda client: client.line_scans()),
    CameraQuestion(feature="traces", ask=lambda client: client.traces()),
    CameraQuestion(
        feature="ptz",
        ask=lambda client: client.ptz_status(),
        # With every reading: nobody tells when a cruise begins or ends.
        interval=timedelta(seconds=1),
    ),
    CameraQuestion(feature="fill_light", ask=lambda client: client.fill_light()),
    CameraQuestion(feature="recording", ask=lambda client: client.recording_status()),
    # Only once: it could stop somebody's.
    CameraQuestion(feature="focus_motor", ask=_has_focus_motor, interval=timedelta.max),
)
