"""What a new camera in this yard is set to."""

from typing import Any

from .options import Options
from .settings import NETWORK, RULES, SYSTEM
from .settings_tables import MEDIUM_DEFAULTS

POINT, LINE, RECTANGLE, POLYGON, CIRCLE = range(1, 6)


def rule(
    number: int,
    name: str,
    kind: int,
    points: list[tuple[int, int]],
    high: float,
    interval: int,
) -> dict[str, Any]:
    """Return a rule that alarms when its highest temperature is above `high`."""
    return {
        "id": number,
        "flag": 1,
        "rule_name": name,
        "show_location": 1,
        "type": kind,
        "points": [{"x": x, "y": y} for x, y in points],
        "alarm_flag": 1,
        "alarm_type": 1,
        "alarm_condition": 1,
        "high_temp": high,
        "low_temp": -20,
        "avg_temp": 60,
        "diff_temp": 0,
        "rate_temp": 0,
        "temp_mod": 0.2,
        "alarm_time": 0,
        "alarm_interal": interval,
        "preset": 0,
        **MEDIUM_DEFAULTS,
    }


def rules(interval: int) -> list[dict[str, Any]]:
    """Return the four rules of the yard; only the motor's bearing ever gets hotter than its limit by itself."""
    return [
        rule(1, "Transformer", RECTANGLE, [(86, 180), (186, 180), (186, 255), (86, 255)], 85, interval),
        rule(2, "Busbar", LINE, [(50, 118), (344, 118)], 75, interval),
        rule(3, "Motor bearing", CIRCLE, [(319, 262), (319, 288), (306, 275), (332, 275)], 80, interval),
        {**rule(4, "Whole yard", RECTANGLE, [(1, 1), (512, 1), (512, 384), (1, 384)], 150, interval), "alarm_flag": 0},
    ]  # fmt: skip


def factory_settings(options: Options) -> dict[int, dict[str, Any]]:
    """Return what differs from the tables' factory values, by set command."""
    return {
        NETWORK: {"mac": options.mac, "ipaddr": "192.168.1.168"},
        RULES: {"rule_list": rules(max(1, round(options.alarm_interval)))},
        SYSTEM: {"porting_name": options.model},
    }
