"""Other files for a camera: settings, calibration, and what flames are known by."""

from typing import Any

import pytest
import voluptuous as vol

from custom_components.thermogate.actions.packages import KINDS
from custom_components.thermogate.firmware import CAMERA_FOLDER, PACKAGE_FOLDER
from custom_components.thermogate.guide import UPLOADS
from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from tests.simulators.camera import CameraSimulator

from .house import put, upload_package

SETTINGS: dict[str, Any] = {"package": "settings", "file": "a.bin", "confirm": True}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("folder", ["", "/NC2002210C0042"])
async def test_a_package_arrives(
    hass: HomeAssistant, yard: CameraSimulator, kind: str, folder: str
) -> None:
    """From the folder of all cameras or of this one."""
    await hass.async_add_executor_job(
        put, hass, f"{PACKAGE_FOLDER}{folder}", "a.bin", b"calibration"
    )
    await upload_package(hass, package=kind, file="a.bin", confirm=True)
    path = UPLOADS[KINDS[kind]].rpartition("/")[2]
    assert yard.camera.files.uploads == {path: b"calibration"}


async def test_it_is_confirmed(hass: HomeAssistant, yard: CameraSimulator) -> None:
    """Without that nothing is sent."""
    await hass.async_add_executor_job(put, hass, PACKAGE_FOLDER, "a.bin", b"x")
    with pytest.raises(ServiceValidationError) as err:
        await upload_package(hass, **SETTINGS | {"confirm": False})
    assert err.value.translation_key == "not_confirmed_at_camera"
    assert not yard.camera.files.uploads


async def test_it_is_for_administrators(
    hass: HomeAssistant, yard: CameraSimulator, hass_read_only_user: User
) -> None:
    """Nobody else changes what a camera measures with."""
    with pytest.raises(Unauthorized):
        await upload_package(hass, Context(user_id=hass_read_only_user.id), **SETTINGS)


@pytest.mark.parametrize(
    "name",
    [
        "b.bin",
        "../a.bin",
        "../../secrets.yaml",
        "/etc/passwd",
        "..",
        "ANOTHER/a.bin",
        "link.bin",
        ".hidden",
        "../camera_firmware/NC200_1.2.10.bin",
    ],
)
async def test_a_file_that_is_not_there(
    hass: HomeAssistant, yard: CameraSimulator, name: str
) -> None:
    """A name is the name of a file in the folder, and no way out of it."""

    def prepare() -> None:
        path = put(hass, PACKAGE_FOLDER, "a.bin", b"x")
        put(hass, PACKAGE_FOLDER, ".hidden", b"x")
        put(hass, f"{PACKAGE_FOLDER}/ANOTHER", "c.bin", b"x")
        put(hass, "", "secrets.yaml", b"x")
        path.with_name("link.bin").symlink_to("/etc/passwd")

    await hass.async_add_executor_job(prepare)
    with pytest.raises(ServiceValidationError) as err:
        await upload_package(hass, **SETTINGS | {"file": name})
    assert err.value.translation_key == "no_such_package"
    assert not yard.camera.files.uploads


@pytest.mark.parametrize("kind", ["firmware", "", "../config", None])
async def test_a_package_that_does_not_exist(
    hass: HomeAssistant, yard: CameraSimulator, kind: object
) -> None:
    """Firmware has its update entity."""
    with pytest.raises(vol.Invalid):
        await upload_package(hass, **SETTINGS | {"package": kind})


async def test_an_empty_file(hass: HomeAssistant, yard: CameraSimulator) -> None:
    """Is no package."""
    await hass.async_add_executor_job(put, hass, PACKAGE_FOLDER, "a.bin", b"")
    with pytest.raises(HomeAssistantError) as err:
        await upload_package(hass, **SETTINGS)
    assert err.value.translation_key == "firmware_damaged"


async def test_a_camera_that_is_away(
    hass: HomeAssistant, yard: CameraSimulator
) -> None:
    """It is said, and nothing else happens."""
    await hass.async_add_executor_job(put, hass, PACKAGE_FOLDER, "a.bin", b"x")
    await yard.stop()
    with pytest.raises(HomeAssistantError) as err:
        await upload_package(hass, **SETTINGS)
    assert err.value.translation_key == "camera_lost"
    assert str(hass.config.path(CAMERA_FOLDER)) not in str(err.value)
