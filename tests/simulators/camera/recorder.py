"""Recording by hand, now or delayed, and delayed screen captures (vendor document, command 509 and push 1006)."""

from dataclasses import dataclass

from .codes import ACTION_FAILED, INVALID_CONTENT, Refused
from .settings import SYSTEM, Settings

START, DELAYED, CANCEL, QUERY, CAPTURE, STOP_DELAYED, STOP_CAPTURE = range(1, 8)
VISIBLE, INFRARED, BOTH = 1, 2, 3


@dataclass
class Recorder:
    """What is being recorded; everything follows from when it began. Times are seconds of a steady clock."""

    settings: Settings
    recording: tuple[int, float] | None = None
    delayed: tuple[int, float] | None = None
    capture: tuple[int, float] | None = None

    def obey(self, subtype: int, stream: int, now: float) -> None:
        """Obey one subtype of 509."""
        self.status(now)
        if subtype in (START, DELAYED, CAPTURE):
            self._begin(subtype, stream, now)
        elif subtype == CANCEL:
            self.recording = None
        elif subtype == STOP_DELAYED:
            self.delayed = None
        elif subtype == STOP_CAPTURE:
            self.capture = None

    def _begin(self, subtype: int, stream: int, now: float) -> None:
        """Begin something that does not run yet."""
        if stream not in (VISIBLE, INFRARED, BOTH):
            raise Refused(INVALID_CONTENT, f"cannot record stream {stream}")
        name = {START: "recording", DELAYED: "delayed", CAPTURE: "capture"}[subtype]
        if getattr(self, name):
            raise Refused(ACTION_FAILED, f"{name} runs already")
        setattr(self, name, (stream, now))

    def stop(self) -> None:
        """Stop everything."""
        self.recording = self.delayed = self.capture = None

    def status(self, now: float) -> dict[str, int]:
        """Return the fields of 509 and 1006; what came to its end stops."""
        return {**self._recording(now), **self._delayed(now), **self._capture(now)}

    def _recording(self, now: float) -> dict[str, int]:
        length = self.settings[SYSTEM]["record_time"]
        if self.recording and now - self.recording[1] >= length:
            self.recording = None
        stream, since = self.recording or (0, now)
        seconds = int(now - since)
        both = stream == BOTH
        return {
            "status": 0 if both else stream,
            "time": 0 if both else seconds,
            "allrecord": int(both),
            "alltime": seconds if both else 0,
        }

    def _delayed(self, now: float) -> dict[str, int]:
        system = self.settings[SYSTEM]
        delay, length = system["record_interval"], system["record_time"]
        if self.delayed and now - self.delayed[1] >= delay + length:
            self.delayed = None
        if not self.delayed:
            return {"delay_status": 0, "delay_time": 0}
        stream, since = self.delayed
        kind = INFRARED if stream == INFRARED else VISIBLE
        elapsed = now - since
        if elapsed < delay:
            return {"delay_status": kind + 2, "delay_time": int(delay - elapsed)}
        return {"delay_status": kind, "delay_time": int(elapsed - delay)}

    def _capture(self, now: float) -> dict[str, int]:
        system = self.settings[SYSTEM]
        total, pause = system["capture_count"], system["capture_interval"]
        if self.capture and now - self.capture[1] >= total * pause:
            self.capture = None
        if not self.capture:
            return {"capture_status": 0, "capture_count": 0, "capture_total": 0}
        stream, since = self.capture
        return {
            "capture_status": INFRARED if stream == INFRARED else VISIBLE,
            "capture_count": int((now - since) // pause) + 1,
            "capture_total": total,
        }
