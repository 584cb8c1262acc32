"""What a camera says unasked, and the files that it takes: the numbers are those of its pushes and of its answers."""

from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.firmware import CAMERA_FOLDER, PACKAGE_FOLDER
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from tests.camera_firmware.house import UPDATE, put, upload_package
from tests.helpers import act, attributes_of, state_of
from tests.simulators.camera import CameraSimulator
from tests.simulators.camera.recorder import BOTH, START
from tests.simulators.camera.settings import RULES
from tests.simulators.camera.upgrade import package
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


def _package(name: str, path: str) -> Case:
    """Return the case of a package: a person puts a file into the folder, and confirms."""

    async def case(hass: HomeAssistant, camera: CameraSimulator) -> None:
        await hass.async_add_executor_job(put, hass, PACKAGE_FOLDER, "file.bin", b"new")
        await upload_package(hass, package=name, file="file.bin", confirm=True)
        assert camera.camera.files.uploads == {path: b"new"}

    return case


async def _firmware(hass: HomeAssistant, camera: CameraSimulator) -> None:
    await hass.async_add_executor_job(
        put, hass, CAMERA_FOLDER, "NC200_1.2.10.bin", package("V1.2.10")
    )
    [entry] = hass.config_entries.async_entries(DOMAIN)
    await entry.runtime_data.upgrades.async_look()
    assert state_of(hass, UPDATE) == "on"
    await act(hass, "update.install", UPDATE)
    await until(
        lambda: attributes_of(hass, UPDATE).get("installed_version") == "1.2.10"
    )
    await until(lambda: state_of(hass, UPDATE) == "off")


CASES: dict[int, Case] = {
    751: _package("low_temperature", "lowpkg"),
    752: _package("high_temperature", "highpkg"),
    753: _package("settings", "config"),
    754: _firmware,
    755: _package("asc", "ascpkg"),
    756: _package("flame_model", "firebin"),
    757: _package("flame_parameters", "fireparam"),
    758: _package("ranging", "distparam"),
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
