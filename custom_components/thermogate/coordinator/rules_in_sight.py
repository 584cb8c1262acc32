"""Which temperature rules a camera measures now: one that moves measures only those of the preset at which it looks."""

from collections.abc import Iterator

from ..guide import Rule, RuleTemperature
from .camera_state import CameraState


def looks_at(state: CameraState) -> int | None:
    """Return the preset at which a camera looks, None where nobody can tell.

    Cameras do not say it. It is where Home Assistant has sent it, while nothing moves it by itself; before Home Assistant
    has moved it at all, it is what the camera measures for, if that is one preset only.
    """
    if state.ptz is not None and state.ptz.moving:
        return None
    if state.preset is not None or state.moved:
        return state.preset
    measured = {reading.preset for reading in state.temperatures.rules} - {None, 0}
    return measured.pop() if len(measured) == 1 else None


def is_in_sight(state: CameraState, rule: Rule | RuleTemperature) -> bool:
    """Whether a rule is where the camera looks: always one that belongs to no preset, and at a camera that cannot move."""
    return state.ptz is None or not rule.preset or rule.preset == looks_at(state)


def readings_in_sight(state: CameraState) -> Iterator[RuleTemperature]:
    """Return what is measured; what a camera tells of rules that it does not see is not."""
    return (
        reading for reading in state.temperatures.rules if is_in_sight(state, reading)
    )


def reading_of(state: CameraState, key: str) -> RuleTemperature | None:
    """Return what is measured of a rule, None while the camera does not see it."""
    reading = next((each for each in state.temperatures.rules if each.key == key), None)
    return reading if reading and is_in_sight(state, reading) else None


def rule_of(state: CameraState, key: str) -> Rule | None:
    """Return how a rule is set, wherever the camera looks."""
    return next((rule for rule in state.rules if rule.key == key), None)
