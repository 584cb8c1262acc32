"""A camera for which there is firmware."""

from collections.abc import AsyncGenerator, Generator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.firmware import CAMERA_FOLDER
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from tests.helpers import set_up, settle
from tests.simulators.camera import CameraSimulator
from tests.simulators.camera.upgrade import package
from tests.test_camera_coordinator import QUICK
from tests.waiting import until

from .house import FILE, NEW, put

# A camera that goes away has closed its ports before somebody knocks again.
UNHURRIED = replace(QUICK, reconnect_first=0.3, reconnect_longest=0.3)


@pytest.fixture(autouse=True)
def _quick() -> Generator[None]:
    """Watch the connection, and the camera after an installation, in milliseconds."""
    with (
        patch(
            "custom_components.thermogate.guide.client.Timing", return_value=UNHURRIED
        ),
        patch("custom_components.thermogate.coordinator.camera_upgrades.WATCH", 0.05),
        patch("custom_components.thermogate.PLATFORMS", [Platform.UPDATE]),
    ):
        yield


@pytest.fixture
def file(hass: HomeAssistant) -> Path:
    """Return the firmware that a person put there."""
    return put(hass, CAMERA_FOLDER, FILE, package(f"V{NEW}"))


@pytest.fixture
async def yard(
    hass: HomeAssistant,
    file: Path,
    late_connections: None,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
) -> AsyncGenerator[CameraSimulator]:
    """Run the camera in the yard, set up; what it was told to do is done before it is switched off."""
    await set_up(hass, camera_entry)
    yield camera
    await until(lambda: not camera.rebooting)
    await settle(hass)
