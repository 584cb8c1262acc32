"""Alarms that Home Assistant sees itself, in the readings of a camera that cannot report them."""

from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import callback

from ..guide import Connection, Rule, RuleTemperature, TemperatureAlarm, TempFlag
from .alarms import Alarms
from .rules_in_sight import readings_in_sight
from .thresholds import breaches, difference

if TYPE_CHECKING:
    from .camera import CameraCoordinator


def rule_alarm(key: str) -> str:
    """Return the name of a rule's own alarm."""
    return f"rule_{key}"


class SeenAlarms:
    """Compares what is measured with the thresholds that the camera would use."""

    def __init__(self, camera: CameraCoordinator, alarms: Alarms) -> None:
        """Start with nothing told."""
        self._camera = camera
        self._alarms = alarms
        # Rules whose alarm was told, and lasts.
        self._told: set[str] = set()

    @callback
    def look(self) -> None:
        """Show the rules that are beyond their thresholds, and fire those that were not before.

        While the camera reports its alarms only those that show are noted, lest they are told twice when it no longer can.
        """
        camera = self._camera
        if camera.data.connection is Connection.CONNECTED:
            self._told = {
                rule.key
                for rule in camera.data.rules
                if rule_alarm(rule.key) in camera.data.alarms
            }
            return
        readings = {reading.key: reading for reading in readings_in_sight(camera.data)}
        told, self._told = self._told, set()
        for rule in camera.data.rules:
            reading = readings.get(rule.key)
            if reading is None or not breaches(rule, reading):
                continue
            camera.async_show_alarm(rule_alarm(rule.key))
            self._alarms.see(_as_pushed(rule, reading), new=rule.key not in told)
            # Before it is loaded nobody hears of it: the next look tells it.
            if camera.config_entry.state is ConfigEntryState.LOADED:
                self._told.add(rule.key)


def _as_pushed(rule: Rule, reading: RuleTemperature) -> TemperatureAlarm:
    """Return what the camera would report."""
    return TemperatureAlarm(
        name=rule.name,
        temp_flag=TempFlag(rule.alarm_type) if rule.alarm_type else None,
        high=reading.maximum,
        low=reading.minimum,
        average=reading.average,
        difference=difference(reading),
        preset=rule.preset or None,
    )
