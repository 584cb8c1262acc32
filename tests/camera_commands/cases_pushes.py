"""What a camera says unasked: the numbers are those of its pushes."""

from custom_components.thermogate.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from tests.helpers import attributes_of, state_of
from tests.simulators.camera import CameraSimulator
from tests.simulators.camera.recorder import BOTH, START
from tests.simulators.camera.settings import RULES
from tests.waiting import until

from .case import Case

EVENT = "event.yard_alarm"


def _alarm(line: str, kind: str, entity: str) -> Case:
    """Return the case of an alarm: it is staged, and shows as event and binary sensor."""

    async def case(hass: HomeAssistant, camera: CameraSimulator) -> None:
        await camera.inject(f"alarm {line}")
        await until(lambda: state_of(hass, EVENT) != "unknown")
        assert attributes_of(hass, EVENT)["event_type"] == kind
        assert state_of(hass, f"binary_sensor.yard_{entity}_alarm") == "on"

    return case


async def _logged_out(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await camera.inject("alarm forced-logout")
    [entry] = hass.config_entries.async_entries(DOMAIN)
    issue = f"forced_logout_{entry.entry_id}"
    await until(lambda: ir.async_get(hass).async_get_issue(DOMAIN, issue))


async def _recording(hass: HomeAssistant, camera: CameraSimulator) -> None:
    camera.camera.recorder.obey(START, BOTH, camera.camera.now())
    await camera.alarms.tick()
    await until(lambda: state_of(hass, "binary_sensor.yard_recording") == "on")


async def _temperatures(hass: HomeAssistant, camera: CameraSimulator) -> None:
    [rule] = [
        rule
        for rule in camera.camera.settings[RULES]["rule_list"]
        if rule["rule_name"] == "Transformer"
    ]
    measured = {
        "measure_id": rule["id"],
        "measure_type": rule["type"],
        "measurer_name": rule["rule_name"],
        "max_temp": 123.4,
        "min_temp": 1.2,
        "avg_temp": 50.0,
    }
    await camera.push(1007, {"interval": 5, "obj_list": [measured]})
    await until(lambda: state_of(hass, "sensor.yard_transformer_maximum") == "123.4")


CASES: dict[int, Case] = {
    1000: _alarm("rule", "temperature", "temperature"),
    1001: _logged_out,
    1002: _alarm("storage-full", "storage_full", "storage_full"),
    1003: _alarm("storage-failure", "storage_failure", "storage_failure"),
    1004: _alarm("stream", "stream", "stream_failure"),
    1005: _alarm("illegal-access", "illegal_access", "illegal_access"),
    1006: _recording,
    1007: _temperatures,
    1008: _alarm("network", "network", "network_fault"),
    1009: _alarm("body", "temperature", "temperature"),
    1010: _alarm("input", "external_input", "external_input"),
    1011: _alarm("fire", "fire", "fire"),
}
