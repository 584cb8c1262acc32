"""The firmware of a camera: what is offered, how it is sent, and how the camera is watched until it is back."""

from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.thermogate.coordinator.camera_upgrades import (
    LOOK_INTERVAL,
    NO_NEWS,
    UNCHANGED,
)
from custom_components.thermogate.firmware import CAMERA_FOLDER, FOLDER
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
from tests.helpers import attributes_of, set_up, settle, state_of
from tests.simulators.camera import CameraSimulator
from tests.simulators.camera.upgrade import package
from tests.waiting import until

from .house import FILE, NEW, OLD, UPDATE, install, issues, put

FIRMWARE = 754


async def test_snapshot(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A camera for which there is no firmware."""
    await set_up(hass, camera_entry)
    await snapshot_platform(hass, entity_registry, snapshot, camera_entry.entry_id)


# What is offered


async def test_a_file_is_offered(hass: HomeAssistant, yard: CameraSimulator) -> None:
    """And not installed before somebody says so; the letter before the camera's version is left out."""
    assert state_of(hass, UPDATE) == "on"
    shown = attributes_of(hass, UPDATE)
    assert (shown["installed_version"], shown["latest_version"]) == (OLD, NEW)
    assert not yard.received(FIRMWARE)


async def test_a_file_that_comes_later_is_found(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Within some minutes, and when it is taken away it is no longer offered."""
    await set_up(hass, camera_entry)
    assert state_of(hass, UPDATE) == "off"
    path = await hass.async_add_executor_job(
        put, hass, CAMERA_FOLDER, FILE, package(f"V{NEW}")
    )
    async_fire_time_changed(hass, dt_util.utcnow() + LOOK_INTERVAL)
    await until(lambda: state_of(hass, UPDATE) == "on")
    await hass.async_add_executor_job(path.unlink)
    async_fire_time_changed(hass, dt_util.utcnow() + 2 * LOOK_INTERVAL)
    await until(lambda: state_of(hass, UPDATE) == "off")


@pytest.mark.parametrize(
    ("folder", "name", "offered"),
    [
        (CAMERA_FOLDER, "NC200_1.3.bin", "1.3"),
        (f"{CAMERA_FOLDER}/NC2002210C0042", "NC200_1.3.bin", "1.3"),
        (f"{CAMERA_FOLDER}/ANOTHER", "NC200_1.3.bin", OLD),
        # That is for terminals.
        (FOLDER, "FaceGate_1.3.bin", OLD),
        (CAMERA_FOLDER, "NC200_1.2.8.bin", "1.2.8"),
        (CAMERA_FOLDER, "no version.bin", OLD),
    ],
)
async def test_what_is_offered(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    folder: str,
    name: str,
    offered: str,
) -> None:
    """The files for all cameras, and those in the folder with this one's serial number; what is older is not an update."""
    await hass.async_add_executor_job(put, hass, folder, name, b"firmware")
    await set_up(hass, camera_entry)
    assert attributes_of(hass, UPDATE)["latest_version"] == offered
    assert state_of(hass, UPDATE) == ("on" if offered == "1.3" else "off")


async def test_without_a_file(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """There is nothing to install, and where to put something is said."""
    await set_up(hass, camera_entry)
    with pytest.raises(HomeAssistantError) as err:
        await camera_entry.runtime_data.upgrades.async_install()
    assert err.value.translation_key == "no_camera_firmware"


# Installing


async def test_the_camera_installs_it(
    hass: HomeAssistant,
    file: Path,
    yard: CameraSimulator,
    camera_entry: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
) -> None:
    """It gets the file, restarts, and is watched until it is back; its restart is part of it, and not a camera that is lost."""
    shown: list[tuple[str, Any, Any]] = []

    @callback
    def note(event: Event[Any]) -> None:
        state = event.data["new_state"]
        if state and state.entity_id == UPDATE and state.attributes:
            attributes = state.attributes
            shown.append(
                (
                    state.state,
                    attributes.get("in_progress"),
                    attributes.get("update_percentage"),
                )
            )

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    await install(hass)
    assert attributes_of(hass, UPDATE)["in_progress"]
    await until(lambda: attributes_of(hass, UPDATE).get("installed_version") == NEW)
    await until(lambda: state_of(hass, UPDATE) == "off")
    await settle(hass)
    assert yard.camera.files.uploads == {
        "apppkg": await hass.async_add_executor_job(file.read_bytes)
    }
    installing = [each for each in shown if each[1]]
    percents = [percent for *_, percent in installing if percent is not None]
    assert percents == sorted(percents)
    assert 100 in percents
    assert installing[-1] == ("on", True, None)
    assert not issues(hass)
    (device,) = dr.async_entries_for_config_entry(
        device_registry, camera_entry.entry_id
    )
    assert device.sw_version == f"V{NEW}"


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (package(f"V{OLD}"), "camera_same_version"),
        (package("V1.2.8"), "camera_lower_version"),
        (b"for something else", "package_refused"),
        (b"", "firmware_damaged"),
    ],
    ids=["same", "lower", "other", "empty"],
)
async def test_what_the_camera_refuses(
    hass: HomeAssistant, file: Path, yard: CameraSimulator, data: bytes, key: str
) -> None:
    """Is said in words, and can be tried again with another file."""
    await hass.async_add_executor_job(file.write_bytes, data)
    with pytest.raises(HomeAssistantError) as err:
        await install(hass)
    assert err.value.translation_key == key
    assert not attributes_of(hass, UPDATE)["in_progress"]
    assert yard.camera.version == f"V{OLD}"

    await hass.async_add_executor_job(file.write_bytes, package(f"V{NEW}"))
    await install(hass)
    await until(lambda: state_of(hass, UPDATE) == "off")


async def test_a_file_that_is_not_what_its_checksum_says(
    hass: HomeAssistant, file: Path, yard: CameraSimulator
) -> None:
    """Is not sent."""
    await hass.async_add_executor_job(
        put, hass, CAMERA_FOLDER, f"{FILE}.md5", b"0" * 32
    )
    with pytest.raises(HomeAssistantError) as err:
        await install(hass)
    assert err.value.translation_key == "firmware_damaged"
    assert not yard.received(FIRMWARE)


async def test_a_file_that_is_gone(
    hass: HomeAssistant, file: Path, yard: CameraSimulator
) -> None:
    """It is said that it cannot be read."""
    await hass.async_add_executor_job(file.unlink)
    with pytest.raises(HomeAssistantError) as err:
        await install(hass)
    assert err.value.translation_key == "firmware_unreadable"


async def test_one_at_a_time(
    hass: HomeAssistant,
    file: Path,
    yard: CameraSimulator,
    camera_entry: MockConfigEntry,
) -> None:
    """A second press while it runs does nothing."""
    upgrades = camera_entry.runtime_data.upgrades
    second: list[HomeAssistantError] = []

    async def upload(
        cmdtype: int, path: Path, sent: Callable[[int, int], None]
    ) -> None:
        with pytest.raises(HomeAssistantError) as err:
            await upgrades.async_install()
        second.append(err.value)

    with (
        patch.object(camera_entry.runtime_data.client, "upload", upload),
        patch.object(upgrades, "_async_watch", return_value=None),
    ):
        await install(hass)
    assert [err.translation_key for err in second] == ["upgrade_running"]


# What does not come back as it should


@pytest.fixture
async def forgetful(yard: CameraSimulator) -> AsyncGenerator[CameraSimulator]:
    """Return a camera that takes every file and installs none."""

    async def take(cmdtype: int, data: bytes, address: str) -> None:
        if restarts:
            yard.camera.reboot(0.1)

    restarts = True
    with patch.object(yard.camera, "take_file", take):
        yield yard


async def test_a_camera_that_comes_back_as_it_was(
    hass: HomeAssistant, forgetful: CameraSimulator
) -> None:
    """Is told, and the firmware is still offered; another try withdraws that."""
    await install(hass)
    await until(lambda: issues(hass) == [UNCHANGED])
    shown = attributes_of(hass, UPDATE)
    assert not shown["in_progress"]
    assert shown["latest_version"] == NEW
    await until(lambda: forgetful.listeners)
    await install(hass)
    assert not issues(hass)
    await until(lambda: issues(hass) == [UNCHANGED])


async def test_a_camera_that_says_nothing_of_it(
    hass: HomeAssistant, yard: CameraSimulator
) -> None:
    """It neither restarts nor tells another version."""
    with (
        patch.object(yard.camera, "reboot"),
        patch(
            "custom_components.thermogate.coordinator.camera_upgrades.INSTALLS_WITHIN",
            0.1,
        ),
    ):
        installed = list(yard.camera.installed)
        with patch.object(yard.camera, "installed", [*installed]):
            with patch(
                "tests.simulators.camera.camera.upgraded", return_value=f"V{OLD}"
            ):
                await install(hass)
            await until(lambda: issues(hass) == [NO_NEWS])
    assert not attributes_of(hass, UPDATE)["in_progress"]


async def test_a_camera_that_installs_without_a_restart(
    hass: HomeAssistant, yard: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Is looked at anew all the same."""
    with patch.object(yard.camera, "reboot"):
        await install(hass)
        await until(lambda: attributes_of(hass, UPDATE).get("installed_version") == NEW)
    assert yard.camera.version == f"V{NEW}"


async def test_unloading_ends_the_watching(
    hass: HomeAssistant, forgetful: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """And says nothing of what it did not see."""
    await install(hass)
    assert await hass.config_entries.async_unload(camera_entry.entry_id)
    await settle(hass)
    assert not issues(hass)
