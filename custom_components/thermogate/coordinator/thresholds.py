"""Comparing readings with the thresholds of a temperature rule, for a camera that cannot report its alarms."""

from collections.abc import Callable
from operator import gt, lt

from ..guide import Condition, Rule, RuleAlarm, RuleTemperature


def difference(reading: RuleTemperature) -> float | None:
    """Return by how many °C the hottest place of a rule is above its coldest; None where either is not told."""
    if reading.maximum is None or reading.minimum is None:
        return None
    return reading.maximum - reading.minimum


# What each type of alarm looks at, its threshold, and how it compares when the rule does not say.
_COMPARED: dict[
    RuleAlarm,
    tuple[
        Callable[[RuleTemperature], float | None],
        Callable[[Rule], float | None],
        Callable[[float, float], bool],
    ],
] = {
    RuleAlarm.HIGH: (lambda reading: reading.maximum, lambda rule: rule.high, gt),
    RuleAlarm.LOW: (lambda reading: reading.minimum, lambda rule: rule.low, lt),
    RuleAlarm.AVERAGE: (lambda reading: reading.average, lambda rule: rule.average, gt),
    RuleAlarm.DIFFERENCE: (
        difference,
        lambda rule: rule.difference,
        gt,
    ),
}
_SAID = {Condition.ABOVE: gt, Condition.BELOW: lt}


def breaches(rule: Rule, reading: RuleTemperature) -> bool:
    """Whether a reading is beyond a threshold of its rule; a slope cannot be told from one reading."""
    if not rule.alarm_enabled:
        return False
    if rule.alarm_type is RuleAlarm.HIGH_AND_LOW:
        return any(
            _beyond(rule, reading, alarm, None)
            for alarm in (RuleAlarm.HIGH, RuleAlarm.LOW)
        )
    return _beyond(rule, reading, rule.alarm_type, rule.alarm_condition)


def _beyond(
    rule: Rule,
    reading: RuleTemperature,
    alarm: RuleAlarm | None,
    condition: Condition | None,
) -> bool:
    if alarm not in _COMPARED:
        return False
    measure, limit, usual = _COMPARED[alarm]
    value, threshold = measure(reading), limit(rule)
    if value is None or threshold is None:
        return False
    compare = usual if condition is None else _SAID.get(condition, usual)
    return compare(value, threshold)
