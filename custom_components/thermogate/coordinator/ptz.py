"""The head of a camera: moved by hand, to a preset, by itself; and what is switched on it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.event import async_call_later

from ..const import LOGGER
from ..errors import translate_errors
from ..guide import (
    AUXILIARIES,
    LENS,
    Cruise,
    GuideCommandError,
    GuideError,
    LineScan,
    PtzAction,
    PtzMotion,
    PtzStatus,
    Trace,
)
from .camera_state import CameraState
from .motion import PTZ_STEP, Motion

if TYPE_CHECKING:
    from .camera import CameraCoordinator

# Seconds. A camera does not end a recording by itself, and records no other trace meanwhile (vendor document 615).
MAX_RECORDING = 600
# Seconds that a head may be on its way to a preset: no camera tells when it is there.
LONGEST_WAY = 60.0
BY_HAND = "by_hand"
STILL = "still"

type Program = Cruise | LineScan | Trace
"""What a camera moves by itself along."""


def programs(state: CameraState, kind: PtzMotion) -> tuple[Program, ...]:
    """Return what a camera has of a kind."""
    kept: dict[PtzMotion, tuple[Program, ...]] = {
        PtzMotion.CRUISE: state.cruises,
        PtzMotion.LINE_SCAN: state.line_scans,
        PtzMotion.TRACE: state.traces,
    }
    return kept[kind]


def can_run(program: Program) -> bool:
    """Return whether the camera would run it: a cruise with stops, a line scan with both borders, a recorded trace."""
    match program:
        case Cruise():
            return bool(program.stops)
        case LineScan():
            return program.left_enabled is not False and (
                program.right_enabled is not False
            )
        case Trace():
            return program.enabled is not False


def running(state: CameraState, kind: PtzMotion) -> int | None:
    """Return the number of what runs of a kind, 0 for nothing, None while that is not known."""
    if state.ptz is None or state.ptz.moving is None:
        return None
    return state.ptz.index if state.ptz.moving and state.ptz.kind is kind else 0


def motion(state: CameraState) -> str | None:
    """Return what moves a camera, None while that is not known."""
    if state.steered:
        return BY_HAND
    if state.ptz is None or state.ptz.moving is None:
        return None
    return state.ptz.kind if state.ptz.moving else STILL


class Ptz:
    """What a person does with the head of one camera. Errors are those that Home Assistant shows."""

    def __init__(self, camera: CameraCoordinator) -> None:
        """Stand still."""
        self._camera = camera
        self._client = camera.client
        self._motion = Motion(camera.client, self._make_way, self._moved_by_hand)
        self._sent_at = -LONGEST_WAY
        self._recording: int | None = None
        self._cancel_recording: CALLBACK_TYPE | None = None

    # By hand

    @translate_errors
    async def async_move(
        self,
        action: PtzAction,
        *,
        speed: int = 0,
        channel: int = 0,
        duration: float = PTZ_STEP,
    ) -> None:
        """Move for a number of seconds and stop; a newer move ends this one, and what moves by itself is stopped first."""
        await self._motion.move(action, speed=speed, channel=channel, duration=duration)
        await self._look()

    @translate_errors
    async def async_stop(self) -> None:
        """Stop whatever moves, also what somebody else started, and on the way to a preset."""
        if self._camera.hass.loop.time() - self._sent_at < LONGEST_WAY:
            self._camera.async_change(preset=None, moved=True)
        await self._motion.stop()
        await self._end_program(await self._client.ptz_status())
        await self._look()

    @translate_errors
    async def async_switch(self, action: PtzAction, on: bool) -> None:
        """Switch something on the head on or off, which the camera never tells of."""
        if action not in AUXILIARIES:
            raise ValueError(f"{action} moves")
        await self._client.ptz(action, start=on)
        self._camera.async_change(
            auxiliaries={**self._camera.data.auxiliaries, action: on}
        )

    # To a preset, and by itself

    @translate_errors
    async def async_go(self, index: int) -> None:
        """Go to a stored position; what moves is stopped before, else that would end the way there, or go on after it."""
        await self._motion.rest()
        await self._make_way()
        await self._client.goto_preset(index)
        self._sent_at = self._camera.hass.loop.time()
        self._camera.async_change(preset=index, moved=False)
        await self._look()

    @translate_errors
    async def async_run(self, kind: PtzMotion, index: int, *, start: bool) -> None:
        """Start or stop what moves by itself; what moved before is stopped first."""
        await self._motion.rest()
        if start:
            await self._make_way()
        else:
            # Only what moves has left its preset.
            self.told(await self._client.ptz_status())
        await self._run(kind, index, start=start)
        if start:
            self._camera.async_change(preset=None, moved=True)
        await self._camera.async_ask_again("ptz")

    async def _run(self, kind: PtzMotion, index: int, *, start: bool) -> None:
        send = {
            PtzMotion.CRUISE: self._client.cruise,
            PtzMotion.LINE_SCAN: self._client.line_scan,
            PtzMotion.TRACE: self._client.trace,
        }[kind]
        await send(index, start)

    async def _make_way(self, action: PtzAction | None = None) -> None:
        """Stop what moves by itself, unless only the lens is to move: a trace keeps others from running until that is done (vendor document 616).

        What is known of it may be some seconds old. Whether it still stands in the way, the camera says to what comes next.
        """
        if action in LENS:
            return
        try:
            await self._end_program(self._camera.data.ptz)
        except GuideCommandError as err:
            LOGGER.debug(
                "%s: nothing stopped (%s)", self._camera.config_entry.title, err
            )

    async def _end_program(self, status: PtzStatus | None) -> None:
        """Stop what moves by itself."""
        if status and status.moving and status.kind and status.index:
            await self._run(status.kind, status.index, start=False)

    async def _look(self) -> None:
        """See at once what has become of what moved by itself."""
        if self._camera.data.ptz and self._camera.data.ptz.moving:
            await self._camera.async_ask_again("ptz")

    # Recording

    @translate_errors
    async def async_record(self, index: int, *, start: bool) -> None:
        """Start or stop to record a trace; a recording ends by itself in the end, and when Home Assistant leaves."""
        if start:
            await self._end_recording()
            self._recording = index
            self._cancel_recording = async_call_later(
                self._camera.hass, MAX_RECORDING, self._recorded_enough
            )
            try:
                await self._client.record_trace(index, True)
            except GuideCommandError:
                self._forget_recording()
                raise
        else:
            await self._client.record_trace(index, False)
            if index == self._recording:
                self._forget_recording()
        await self._camera.async_ask_again("traces")

    async def _end_recording(self) -> None:
        """Stop the recording that Home Assistant has started, if there is one."""
        if (index := self._recording) is None:
            return
        self._forget_recording()
        await self._motion.settle(
            "recording", partial(self._client.record_trace, index, False)
        )

    @callback
    def _recorded_enough(self, _: datetime) -> None:
        self._camera.async_background(
            self._async_try(self._end_recording), "end of a recording"
        )

    @callback
    def _forget_recording(self) -> None:
        self._recording = None
        if self._cancel_recording:
            self._cancel_recording()
            self._cancel_recording = None

    # What happens to the camera

    @callback
    def told(self, status: PtzStatus) -> None:
        """Know that the camera is no longer at a preset when something moves it, whoever has started that."""
        if status.moving:
            self._camera.async_change(ptz=status, preset=None, moved=True)

    @callback
    def lost(self) -> None:
        """End a move: nobody could end it while the camera is away."""
        self._motion.end()

    @callback
    def back(self) -> None:
        """Stop what could not be stopped while the camera was away."""
        self._camera.async_background(self._async_try(self._motion.settle), "stop")

    async def async_rest(self) -> None:
        """Leave the camera standing still and recording nothing."""
        await self._async_try(self._motion.rest)
        await self._async_try(self._end_recording)

    async def _async_try(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do something that nobody waits for."""
        try:
            await work()
        except GuideError as err:
            LOGGER.warning("%s took no stop: %s", self._camera.config_entry.title, err)

    @callback
    def _moved_by_hand(self, action: PtzAction | None) -> None:
        """Show that the camera moves, and that it leaves its preset."""
        if action is None:
            self._camera.async_change(steered=False)
        elif action not in LENS:
            self._camera.async_change(steered=True, preset=None, moved=True)
