"""Pan, tilt, zoom, focus and iris with presets, cruises, line scans and traces (vendor document, commands 600 to 617).

Positions are degrees; zoom is a factor; focus and iris run from 0 to 100. Times are seconds of a steady clock.
"""

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from .codes import ACTION_FAILED, Refused

type Axis = Literal["pan", "tilt", "zoom", "focus", "iris"]

LIMITS: dict[Axis, tuple[float, float]] = {
    "pan": (-90.0, 90.0),
    "tilt": (-25.0, 25.0),
    "zoom": (1.0, 8.0),
    "focus": (0.0, 100.0),
    "iris": (0.0, 100.0),
}
# What one second of movement changes at speed 1; speed 0 stands for the camera's own.
UNIT_SPEED: dict[Axis, float] = {
    "pan": 2.0,
    "tilt": 2.0,
    "zoom": 0.2,
    "focus": 4.0,
    "iris": 4.0,
}
DEFAULT_SPEED = 5
PRESET_SPEED = 30.0
SCAN_EDGE = 40.0
STEP = 0.05

LIGHT, WIPER, FAN, HEATER, AUXILIARY = range(1, 6)
AUXILIARIES = {
    LIGHT: "light",
    WIPER: "wiper",
    FAN: "fan",
    HEATER: "heater",
    AUXILIARY: "auxiliary",
}

type Turn = tuple[Axis, int]

UP: Turn = ("tilt", 1)
DOWN: Turn = ("tilt", -1)
LEFT: Turn = ("pan", -1)
RIGHT: Turn = ("pan", 1)
IN: Turn = ("zoom", 1)
OUT: Turn = ("zoom", -1)
_DIRECTIONS: list[tuple[Turn, ...]] = [
    (UP,), (DOWN,), (LEFT,), (RIGHT,), (UP, LEFT), (UP, RIGHT), (DOWN, LEFT), (DOWN, RIGHT),
]  # fmt: skip
# 6 to 11 move the lens, 12 to 19 the head, 20 to 35 both: even numbers zoom in, odd ones out.
MOVES: dict[int, tuple[Turn, ...]] = {
    6: (IN,),
    7: (OUT,),
    8: (("focus", -1),),
    9: (("focus", 1),),
    10: (("iris", 1),),
    11: (("iris", -1),),
    **{12 + n: axes for n, axes in enumerate(_DIRECTIONS)},
    **{20 + 2 * n: (*axes, IN) for n, axes in enumerate(_DIRECTIONS)},
    **{21 + 2 * n: (*axes, OUT) for n, axes in enumerate(_DIRECTIONS)},
}


@dataclass(frozen=True)
class Position:
    """Where the camera looks."""

    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 1.0
    focus: float = 50.0
    iris: float = 50.0


@dataclass
class Preset:
    """A named position."""

    name: str
    param: int
    position: Position


@dataclass
class Running:
    """An automatic movement: 1 cruise, 2 line scan, 3 trace, as 617 tells it."""

    kind: int
    index: int
    since: float
    # The stop of a cruise or the direction of a scan.
    stage: int = 0
    dwell_until: float = 0.0


def _default_presets() -> dict[int, Preset]:
    return {
        1: Preset("Whole yard", 0, Position()),
        2: Preset("Transformer", 0, Position(pan=-11.0, tilt=0.0, zoom=2.0)),
        3: Preset("Motor", 0, Position(pan=5.0, tilt=-7.0, zoom=2.5)),
    }


def _default_cruises() -> dict[int, dict[str, Any]]:
    stops = [{"index": index, "duration": 10} for index in (1, 2, 3)]
    return {1: {"cruise_name": "Round", "cruise_param": 0, "presets": stops}}


def _default_scans() -> dict[int, dict[str, Any]]:
    return {
        index: {
            "linescan_index": index,
            "linescan_speed": 3,
            "linescan_name": f"Scan {index}",
            "linescan_left_enable": int(index == 1),
            "linescan_left_duration": 2,
            "linescan_right_enable": int(index == 1),
            "linescan_right_duration": 2,
        }
        for index in range(1, 6)
    }


@dataclass
class Ptz:
    """The head of one camera; every method first brings the position up to `now`."""

    at: float
    position: Position = Position()
    presets: dict[int, Preset] = field(default_factory=_default_presets)
    cruises: dict[int, dict[str, Any]] = field(default_factory=_default_cruises)
    scans: dict[int, dict[str, Any]] = field(default_factory=_default_scans)
    # Recorded ways: seconds from the start and positions; only a recorded trace can run.
    traces: dict[int, list[tuple[float, Position]]] = field(default_factory=dict)
    auxiliaries: dict[str, bool] = field(
        default_factory=lambda: dict.fromkeys(AUXILIARIES.values(), False)
    )
    running: Running | None = None
    target: Position | None = None
    recording: tuple[int, float] | None = None
    _speeds: dict[Axis, float] = field(default_factory=dict)

    @property
    def moving(self) -> bool:
        """Tell whether anything turns: by hand, to a preset or by itself."""
        return bool(self._speeds or self.running or self.target)

    def advance(self, now: float) -> Position:
        """Move on until now and return the position."""
        if not self.moving and not self.recording:
            self.at = now
        while self.at + 1e-9 < now:
            step = min(STEP, now - self.at)
            self.at += step
            self._move(step)
            if self.recording:
                index, since = self.recording
                self.traces[index].append((self.at - since, self.position))
        return self.position

    def command(self, number: int, action: int, speed: int, now: float) -> None:
        """Obey 600: action 0 starts, 1 stops the axes of that command."""
        self.advance(now)
        if number in AUXILIARIES:
            self.auxiliaries[AUXILIARIES[number]] = action == 0
            return
        if action == 0:
            self.running = self.target = None
        for axis, sign in MOVES[number]:
            self._speeds.pop(axis, None)
            if action == 0:
                self._speeds[axis] = sign * (speed or DEFAULT_SPEED) * UNIT_SPEED[axis]

    def go_to(self, index: int, now: float) -> None:
        """Obey 605: turn to a preset; one that does not exist is refused."""
        self.advance(now)
        if index not in self.presets:
            raise Refused(ACTION_FAILED, f"no preset {index}")
        self.running = None
        self._speeds.clear()
        self.target = self.presets[index].position

    def run(self, kind: int, index: int, action: int, now: float) -> None:
        """Start (0) or stop (1) a cruise, line scan or trace."""
        self.advance(now)
        if action == 1:
            if self.running and (self.running.kind, self.running.index) == (
                kind,
                index,
            ):
                self.running = self.target = None
            return
        if not self._can_run(kind, index):
            raise Refused(ACTION_FAILED, f"nothing of kind {kind} to run at {index}")
        self._speeds.clear()
        self.target = None
        self.running = Running(kind, index, now)

    def record(self, index: int, action: int, now: float) -> None:
        """Obey 615: start (0) or stop (1) recording a trace; one at a time."""
        self.advance(now)
        if action == 1:
            if self.recording and self.recording[0] == index:
                self.recording = None
            return
        if self.recording:
            raise Refused(ACTION_FAILED, "another trace is being recorded")
        self.recording = (index, now)
        self.traces[index] = [(0.0, self.position)]

    def _can_run(self, kind: int, index: int) -> bool:
        """Tell whether there is something to run: stops, both borders of a scan, a recorded way."""
        if kind == 1:
            return bool(index in self.cruises and self.cruises[index]["presets"])
        if kind == 2:
            scan = self.scans[index]
            return bool(scan["linescan_left_enable"] and scan["linescan_right_enable"])
        return index in self.traces and not self.recording

    def _move(self, step: float) -> None:
        """Move for one small step."""
        if self.running:
            {1: self._cruise, 2: self._scan, 3: self._trace}[self.running.kind](
                self.running, step
            )
        if self.target:
            self._towards(self.target, step)
        for axis, speed in self._speeds.items():
            low, high = LIMITS[axis]
            value = getattr(self.position, axis) + speed * step
            self.position = replace(self.position, **{axis: max(low, min(high, value))})

    def _towards(self, target: Position, step: float) -> None:
        """Turn towards a position and forget it when it is reached."""
        changes = {}
        for axis, unit in UNIT_SPEED.items():
            there, here = getattr(target, axis), getattr(self.position, axis)
            most = PRESET_SPEED * unit / UNIT_SPEED["pan"] * step
            changes[axis] = here + max(-most, min(most, there - here))
        self.position = replace(self.position, **changes)
        if self.position == target:
            self.target = None

    def _cruise(self, running: Running, _: float) -> None:
        """Visit the presets of a cruise in turn, staying at each."""
        if self.target or self.at < running.dwell_until:
            return
        stops = self.cruises[running.index]["presets"]
        stop = stops[running.stage % len(stops)]
        running.stage += 1
        if preset := self.presets.get(stop["index"]):
            self.target = preset.position
            running.dwell_until = self.at + stop.get("duration", 10)

    def _scan(self, running: Running, step: float) -> None:
        """Sweep between the borders, resting at each."""
        if self.at < running.dwell_until:
            return
        scan = self.scans[running.index]
        side = ("right", "left")[running.stage % 2]
        edge = SCAN_EDGE if side == "right" else -SCAN_EDGE
        most = scan["linescan_speed"] * UNIT_SPEED["pan"] * step
        pan = self.position.pan + max(-most, min(most, edge - self.position.pan))
        self.position = replace(self.position, pan=pan)
        if pan == edge:
            running.stage += 1
            running.dwell_until = self.at + scan[f"linescan_{side}_duration"]

    def _trace(self, running: Running, _: float) -> None:
        """Follow a recorded way over and over."""
        way = self.traces[running.index]
        length = way[-1][0] or STEP
        elapsed = (self.at - running.since) % length
        self.position = next(
            place for since, place in reversed(way) if since <= elapsed
        )
