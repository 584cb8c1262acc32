"""How a terminal gets the firmware that somebody installs: what it is told, what it downloads, and how it ends."""

from datetime import timedelta
import hashlib
from http import HTTPStatus
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aiohttp.test_utils import TestClient
from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_mqtt_message,
    async_fire_time_changed,
)

from custom_components.thermogate.const import CONF_ACKNOWLEDGE
from custom_components.thermogate.coordinator.upgrades import (
    ASKS_WITHIN,
    INSTALLS_WITHIN,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.network import NoURLAvailableError
from homeassistant.util import dt as dt_util
from tests.helpers import attributes_of, set_up, settle, state_of
from tests.simulators.terminal import TerminalSimulator
from tests.simulators.terminal.upgrade import package
from tests.waiting import until

from .house import (
    FILE,
    NEW,
    OLD,
    UPDATE,
    answer,
    ask,
    install,
    issues,
    offer,
    served,
    served_before,
)


async def download(
    hass: HomeAssistant, web: TestClient[Any, Any], path: str, wanted: str, percent: int
) -> None:
    """Download a part of a file, until it shows how much that was."""
    await web.get(path, headers={"Range": f"bytes={wanted}"})
    await until(lambda: attributes_of(hass, UPDATE)["update_percentage"] == percent)


async def test_the_terminal_installs_it(
    hass: HomeAssistant,
    front: TerminalSimulator,
    web: TestClient[Any, Any],
    terminal_entry: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
) -> None:
    """It is told when it asks next, downloads the file, restarts with it, and says so."""
    await install(hass)
    shown = attributes_of(hass, UPDATE)
    assert shown["in_progress"]
    assert shown["update_percentage"] is None

    front.ask_upgrade()
    await until(lambda: front.device.firmware == NEW)
    await until(lambda: state_of(hass, UPDATE) == "off")
    await settle(hass)

    shown = attributes_of(hass, UPDATE)
    assert (shown["installed_version"], shown["latest_version"]) == (NEW, NEW)
    assert not shown["in_progress"]
    [device] = dr.async_entries_for_config_entry(
        device_registry, terminal_entry.entry_id
    )
    assert device.sw_version == NEW
    assert front.device.last_upgrade_code == 0
    assert answer(front)["upgrade_type"] == "none"
    assert not issues(hass)


async def test_what_the_terminal_is_told(
    hass: HomeAssistant, front: TerminalSimulator, web: TestClient[Any, Any]
) -> None:
    """The address, the checksum and the version; all else is as it has it."""
    before = answer(front)["firmware"]
    with patch.object(front, "upgrade"):
        await install(hass)
        await ask(hass, front)
    assert isinstance(before, dict)
    told = answer(front)
    assert told["upgrade_type"] == "normal"
    assert told["firmware"] == before | {"appversion": NEW}
    file = told["upgrade_file"]
    assert isinstance(file, dict)
    assert (
        file["md5sum"] == hashlib.md5(package(NEW), usedforsecurity=False).hexdigest()
    )
    assert str(file["url"]).startswith(f"{hass.config.internal_url}/api/thermogate/")


async def test_the_progress(
    hass: HomeAssistant, front: TerminalSimulator, web: TestClient[Any, Any]
) -> None:
    """In percent of what was downloaded; a part that is got again is not counted again."""
    with patch.object(front, "upgrade"):
        await install(hass)
        await ask(hass, front)
    for wanted, percent in (("0-99999", 50), ("0-9999", 50), ("100000-199999", 100)):
        await download(hass, web, served(front), wanted, percent)


async def test_the_address_ends_with_the_installation(
    hass: HomeAssistant, front: TerminalSimulator, web: TestClient[Any, Any]
) -> None:
    """Whoever learns of it later gets nothing."""
    with patch.object(front, "upgrade"):
        await install(hass)
        await ask(hass, front)
    path = served(front)
    assert (await web.head(path)).status == HTTPStatus.OK
    front.device.firmware = NEW
    await ask(hass, front)
    assert (await web.get(path)).status == HTTPStatus.NOT_FOUND


async def test_the_address_ends_with_the_entry(
    hass: HomeAssistant,
    front: TerminalSimulator,
    web: TestClient[Any, Any],
    terminal_entry: MockConfigEntry,
) -> None:
    """Nothing is served for a terminal that is not there any more."""
    with patch.object(front, "upgrade"):
        await install(hass)
        await ask(hass, front)
    path = served(front)
    assert await hass.config_entries.async_unload(terminal_entry.entry_id)
    assert (await web.get(path)).status == HTTPStatus.NOT_FOUND


async def test_an_answer_that_was_lost(
    hass: HomeAssistant, front: TerminalSimulator, web: TestClient[Any, Any]
) -> None:
    """Is given again, until the terminal downloads; then not, or it would begin anew."""
    with patch.object(front, "upgrade"):
        await install(hass)
        for _ in range(2):
            await ask(hass, front)
            assert answer(front)["upgrade_type"] == "normal"
        await download(hass, web, served(front), "0-9", 0)
        await ask(hass, front)
    assert answer(front)["upgrade_type"] == "none"
    assert attributes_of(hass, UPDATE)["in_progress"]


@pytest.mark.parametrize(
    ("data", "code", "issue"),
    [
        (package(NEW, board="OTHER"), 9, "upgrade_mismatch"),
        (b"nothing to do with it", 9, "upgrade_mismatch"),
    ],
)
async def test_a_file_for_another_terminal(
    hass: HomeAssistant,
    folder: Path,
    front: TerminalSimulator,
    web: TestClient[Any, Any],
    data: bytes,
    code: int,
    issue: str,
) -> None:
    """Is refused by the terminal, and why is said."""
    (folder / FILE).write_bytes(data)
    await install(hass)
    front.ask_upgrade()
    await until(lambda: issues(hass) == [issue])
    assert front.device.last_upgrade_code == code
    assert front.device.firmware == OLD
    assert not attributes_of(hass, UPDATE)["in_progress"]
    assert state_of(hass, UPDATE) == "on"


async def test_a_file_that_changes_on_the_way(
    hass: HomeAssistant,
    folder: Path,
    front: TerminalSimulator,
    web: TestClient[Any, Any],
) -> None:
    """Is noticed by the terminal."""
    await install(hass)
    (folder / FILE).write_bytes(package("0.9"))
    front.ask_upgrade()
    await until(lambda: issues(hass) == ["upgrade_damaged"])
    assert front.device.firmware == OLD


async def test_a_file_that_cannot_be_downloaded(
    hass: HomeAssistant,
    folder: Path,
    front: TerminalSimulator,
    web: TestClient[Any, Any],
) -> None:
    """It may have been taken away; another try makes it good, and the complaint goes."""
    await install(hass)
    (folder / FILE).unlink()
    front.ask_upgrade()
    await until(lambda: issues(hass) == ["upgrade_download"])

    (folder / FILE).write_bytes(package(NEW))
    await install(hass)
    assert not issues(hass)
    # It still tells of the last time.
    front.ask_upgrade()
    await until(lambda: state_of(hass, UPDATE) == "off")
    assert not issues(hass)


@pytest.mark.parametrize("code", [1, 5, 99])
async def test_another_code(
    hass: HomeAssistant,
    front: TerminalSimulator,
    web: TestClient[Any, Any],
    code: int,
) -> None:
    """Is told as it is."""
    with patch.object(front, "upgrade"):
        await install(hass)
        await ask(hass, front)
        front.device.last_upgrade_code = code
        await ask(hass, front)
    [issue] = [
        issue
        for issue in ir.async_get(hass).issues.values()
        if issue.translation_key == "upgrade_refused"
    ]
    assert issue.translation_placeholders == {
        "name": "Front door",
        "version": NEW,
        "code": str(code),
    }


async def test_a_failure_of_long_ago_does_not_count(
    hass: HomeAssistant, front: TerminalSimulator, web: TestClient[Any, Any]
) -> None:
    """A terminal that still downloads tells of the time before."""
    front.device.last_upgrade_code = 10
    with patch.object(front, "upgrade"):
        await install(hass)
        await ask(hass, front)
        await download(hass, web, served(front), "0-9", 0)
        await ask(hass, front)
        assert attributes_of(hass, UPDATE)["in_progress"]
        assert not issues(hass)
        await download(hass, web, served_before(front), "10-", 100)
        await ask(hass, front)
    assert issues(hass) == ["upgrade_download"]


@pytest.mark.parametrize(
    ("told", "time", "issue"),
    [
        (False, ASKS_WITHIN, "upgrade_not_asked"),
        (True, INSTALLS_WITHIN, "upgrade_no_news"),
    ],
)
async def test_a_terminal_that_says_nothing(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    front: TerminalSimulator,
    web: TestClient[Any, Any],
    told: bool,
    time: timedelta,
    issue: str,
) -> None:
    """Is not waited for for ever, but long enough; when it speaks after all, the complaint goes."""
    with patch.object(front, "upgrade"):
        await install(hass)
        if told:
            await ask(hass, front)
        async_fire_time_changed(hass, dt_util.utcnow() + time - timedelta(seconds=5))
        await settle(hass)
        assert attributes_of(hass, UPDATE)["in_progress"]
        async_fire_time_changed(hass, dt_util.utcnow() + time + timedelta(seconds=1))
        await settle(hass)
        assert not attributes_of(hass, UPDATE)["in_progress"]
        assert issues(hass) == [issue]

        await ask(hass, front)
        assert answer(front)["upgrade_type"] == "none"
        front.device.firmware = NEW
        await ask(hass, front)
    assert not issues(hass)


async def test_another_server_answers(
    hass: HomeAssistant,
    folder: Path,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """Then we do not, and say so."""
    (folder / FILE).write_bytes(package(NEW))
    hass.config_entries.async_update_entry(
        terminal_entry, options={CONF_ACKNOWLEDGE: False}
    )
    await set_up(hass, terminal_entry, Platform.UPDATE)
    terminal.ask_upgrade()
    await settle(hass)
    assert not terminal.server_messages
    assert attributes_of(hass, UPDATE)["installed_version"] == OLD
    with pytest.raises(HomeAssistantError, match="Another server"):
        await install(hass)


async def test_what_the_broker_kept_is_no_question(
    hass: HomeAssistant, front: TerminalSimulator, web: TestClient[Any, Any]
) -> None:
    """Whoever asked has gone."""
    await install(hass)
    before = len(front.server_messages)
    async_fire_mqtt_message(
        hass, front.topics["capture_request"], b'{"cmd": "ask_upgrade"}', retain=True
    )
    await settle(hass)
    assert len(front.server_messages) == before


async def test_home_assistant_does_not_know_its_address(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """It says where to set it."""
    upgrades = "custom_components.thermogate.coordinator.upgrades"
    with (
        patch(f"{upgrades}.get_url", side_effect=NoURLAvailableError),
        pytest.raises(HomeAssistantError, match="does not know an address"),
    ):
        await install(hass)
    assert not attributes_of(hass, UPDATE)["in_progress"]


async def test_a_file_that_is_damaged_or_gone(
    hass: HomeAssistant,
    folder: Path,
    front: TerminalSimulator,
    web: TestClient[Any, Any],
) -> None:
    """Is not offered to the terminal at all."""
    (folder / f"{FILE}.md5").write_text("0" * 32)
    with pytest.raises(HomeAssistantError, match="checksum"):
        await install(hass)
    (folder / FILE).unlink()
    with pytest.raises(HomeAssistantError, match="cannot be read: No such file"):
        await install(hass)
    assert not attributes_of(hass, UPDATE)["in_progress"]


async def test_a_file_elsewhere(
    hass: HomeAssistant, front: TerminalSimulator, web: TestClient[Any, Any]
) -> None:
    """The terminal is told once where it is; how much it has downloaded is not known."""
    url, md5 = "http://192.168.1.20/firmware", "0123456789abcdef" * 2
    await offer(hass, url=url, md5=md5.upper(), version="2.0")
    with patch.object(front, "upgrade"):
        await install(hass)
        await ask(hass, front)
        assert answer(front)["upgrade_file"] == {"url": url, "md5sum": md5}
        await ask(hass, front)
        assert answer(front)["upgrade_type"] == "none"
        shown = attributes_of(hass, UPDATE)
        assert shown["in_progress"]
        assert shown["update_percentage"] is None
        front.device.firmware = "2.0"
        await ask(hass, front)
    assert attributes_of(hass, UPDATE)["installed_version"] == "2.0"
    assert not attributes_of(hass, UPDATE)["in_progress"]
