"""Diagnostics: helpful to whoever gets them, harmless to whoever they are about."""

import json

import pytest

from .devices import Device, Json
from .house import END_TO_END, House, eventually

pytestmark = END_TO_END

# Base64 of a JPEG begins so.
PICTURE = "/9j/"


async def download(house: House, device: Device) -> Json:
    """Return what a person downloads from the device's page."""
    entry = await house.loaded(device)
    path = f"/api/diagnostics/config_entry/{entry['entry_id']}"
    diagnostics: Json = await house.api.request("GET", path)
    return diagnostics


@pytest.mark.parametrize("kind", ["terminal", "camera"])
async def test_they_tell_of_the_device(
    house: House, terminal: Device, camera: Device, kind: str
) -> None:
    """What is said is about the right kind of device."""
    diagnostics = await download(house, terminal if kind == "terminal" else camera)
    assert diagnostics["data"]["entry"]["data"]["kind"] == kind
    assert diagnostics["data"]["device"]


async def test_a_terminal_keeps_its_visitors_to_itself(
    house: House, terminal: Device
) -> None:
    """No name, no picture, no serial number, no address; also right after somebody came."""
    await terminal.control("capture known person='Yusuf Demir'")
    await house.wait_state(terminal, "sensor", "last_person", "Yusuf Demir")
    text = json.dumps(await download(house, terminal), ensure_ascii=False)
    for secret in (*terminal.ready["people"], terminal.serial, "192.168.1.88", PICTURE):
        assert secret not in text


async def test_a_camera_keeps_its_login_to_itself(house: House, camera: Device) -> None:
    """No password, no serial number, no hardware address, no stream address, no picture; also after an alarm."""
    await camera.control("alarm fire")
    await camera.control("alarm clear")

    async def shown() -> bool:
        state = await house.state(camera, "image", "alarm_thermal")
        return "event_id" in state["attributes"]

    await eventually(shown, "picture of the alarm")
    text = json.dumps(await download(house, camera), ensure_ascii=False)
    ready = camera.ready
    for secret in (ready["password"], ready["serial"], ready["mac"], "rtsp://", PICTURE):  # fmt: skip
        assert secret.lower() not in text.lower()
