"""Which firmware is offered to a terminal, by its file or by a person."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion
import voluptuous as vol

from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.coordinator.upgrades import LOOK_INTERVAL
from homeassistant.auth.models import User
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from tests.helpers import SERIAL, act, attributes_of, set_up, settle, state_of
from tests.persons.house import device_id, perform
from tests.simulators.terminal import TerminalSimulator
from tests.simulators.terminal.upgrade import package
from tests.waiting import until

from .house import FILE, NEW, OLD, UPDATE, answer, ask, install, offer


async def test_snapshot(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A terminal for which there is no firmware."""
    await set_up(hass, terminal_entry, Platform.UPDATE)
    await ask(hass, terminal)
    await snapshot_platform(hass, entity_registry, snapshot, terminal_entry.entry_id)


async def test_a_file_is_offered(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """And not installed before somebody says so."""
    assert state_of(hass, UPDATE) == "on"
    shown = attributes_of(hass, UPDATE)
    assert (shown["installed_version"], shown["latest_version"]) == (OLD, NEW)
    assert answer(front) == {
        "reply": "ACK",
        "cmd": "ask_upgrade",
        "code": 0,
        "upgrade_type": "none",
        "firmware": answer(front)["firmware"],
    }
    assert not shown["in_progress"]


async def test_files_come_and_go(
    hass: HomeAssistant, folder: Path, front: TerminalSimulator
) -> None:
    """The folder is looked at now and then, and when somebody wants it."""
    (folder / "FaceGate_0.11.bin").write_bytes(package("0.11"))
    async_fire_time_changed(hass, dt_util.utcnow() + LOOK_INTERVAL)
    await settle(hass)
    assert attributes_of(hass, UPDATE)["latest_version"] == "0.11"
    (folder / "FaceGate_0.11.bin").unlink()
    (folder / FILE).unlink()
    assert await async_setup_component(hass, "homeassistant", {})
    await act(hass, "homeassistant.update_entity", UPDATE)
    await settle(hass)
    assert state_of(hass, UPDATE) == "off"
    assert attributes_of(hass, UPDATE)["latest_version"] == OLD


async def test_the_version_outlives_a_restart(
    hass: HomeAssistant, front: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """A terminal may not ask for long."""
    assert await hass.config_entries.async_reload(terminal_entry.entry_id)
    await settle(hass)
    assert attributes_of(hass, UPDATE)["installed_version"] == OLD


async def test_another_terminals_file(
    hass: HomeAssistant, folder: Path, front: TerminalSimulator
) -> None:
    """Is not for this one; its own is."""
    for serial, version in (("another", "9.0"), (SERIAL, "0.10.4")):
        (folder / serial).mkdir()
        (folder / serial / f"FaceGate_{version}.bin").write_bytes(package(version))
    async_fire_time_changed(hass, dt_util.utcnow() + LOOK_INTERVAL)
    await settle(hass)
    assert attributes_of(hass, UPDATE)["latest_version"] == "0.10.4"


async def test_an_older_file_is_offered_by_the_action(
    hass: HomeAssistant,
    folder: Path,
    front: TerminalSimulator,
    web: TestClient[Any, Any],
) -> None:
    """By its name, and installed whatever there is; then the newest is offered again."""
    (folder / "old.bin").write_bytes(package("0.9"))
    await offer(hass, file="old.bin", version="0.9", force=True)
    assert state_of(hass, UPDATE) == "on"
    assert attributes_of(hass, UPDATE)["latest_version"] == "0.9"
    await install(hass)
    front.ask_upgrade()
    await until(lambda: attributes_of(hass, UPDATE)["installed_version"] == "0.9")
    await until(lambda: attributes_of(hass, UPDATE)["latest_version"] == NEW)
    assert front.device.firmware == "0.9"


async def test_an_older_file_without_force(
    hass: HomeAssistant, folder: Path, front: TerminalSimulator
) -> None:
    """There is nothing to update to."""
    (folder / "a_0.9.bin").write_bytes(package("0.9"))
    await offer(hass, file="a_0.9.bin")
    assert state_of(hass, UPDATE) == "off"


async def test_a_new_offer_ends_one_that_waits(
    hass: HomeAssistant, front: TerminalSimulator, web: TestClient[Any, Any]
) -> None:
    """But not one that the terminal knows of."""
    await install(hass)
    await offer(hass, file=FILE)
    assert not attributes_of(hass, UPDATE)["in_progress"]
    with patch.object(front, "upgrade"):
        await install(hass)
        await ask(hass, front)
    with pytest.raises(HomeAssistantError, match="runs already"):
        await offer(hass, file=FILE)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Give the file"),
        ({"url": "http://a/b"}, "Give the file"),
        ({"url": "http://a/b", "md5": "0" * 32}, "Give the file"),
        ({"url": "http://a/b", "version": "1.0"}, "Give the file"),
        ({"file": "nowhere.bin"}, "no file nowhere.bin"),
        ({"file": "../configuration.yaml"}, "no file ../configuration.yaml"),
        ({"file": "new.bin"}, "no version"),
        ({"file": FILE, "md5": "0" * 32}, "checksum"),
    ],
    ids=str,
)
async def test_an_offer_that_makes_no_sense(
    hass: HomeAssistant,
    folder: Path,
    front: TerminalSimulator,
    fields: dict[str, Any],
    words: str,
) -> None:
    """Is explained, and changes nothing."""
    (folder / "new.bin").write_bytes(package("0.11"))
    with pytest.raises(ServiceValidationError, match=words):
        await offer(hass, **fields)
    assert attributes_of(hass, UPDATE)["latest_version"] == NEW


@pytest.mark.parametrize(
    "fields",
    [
        {"file": FILE, "url": "http://a/b"},
        {"url": "ftp://a/b", "md5": "0" * 32, "version": "1.0"},
        {"url": "nowhere", "md5": "0" * 32, "version": "1.0"},
        {"file": FILE, "md5": "0" * 31},
        {"file": FILE, "md5": "0" * 33},
        {"file": FILE, "md5": "g" * 32},
        {"file": FILE, "version": "1" * 65},
    ],
    ids=str,
)
async def test_an_offer_that_no_form_makes(
    hass: HomeAssistant, front: TerminalSimulator, fields: dict[str, Any]
) -> None:
    """Is refused."""
    with pytest.raises(vol.Invalid):
        await offer(hass, **fields)


async def test_only_administrators_offer_firmware(
    hass: HomeAssistant, front: TerminalSimulator, hass_read_only_user: User
) -> None:
    """It runs at the door."""
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            "offer_firmware",
            {"device_id": device_id(hass), "file": FILE},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )
    answered = await perform(
        hass, "offer_firmware", device_id=[device_id(hass)], file=FILE
    )
    assert [each["result"] for each in answered["terminals"]] == ["offered"]
