"""A terminal gets its firmware from Home Assistant: what is offered, when, to whom, and how it ends."""

from collections.abc import Awaitable, Callable
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
    snapshot_platform,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion
import voluptuous as vol
from yarl import URL

from custom_components.thermogate.const import CONF_ACKNOWLEDGE, DOMAIN
from custom_components.thermogate.coordinator.upgrades import (
    ASKS_WITHIN,
    INSTALLS_WITHIN,
    ISSUES,
    LOOK_INTERVAL,
)
from custom_components.thermogate.firmware import FOLDER
from homeassistant.auth.models import User
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.helpers.network import NoURLAvailableError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from tests.helpers import SERIAL, act, attributes_of, door, set_up, settle, state_of
from tests.persons.house import device_id, perform
from tests.simulators.terminal import Options, TerminalSimulator
from tests.simulators.terminal.settings import Values
from tests.simulators.terminal.upgrade import package
from tests.waiting import until

UPDATE = "update.front_door_firmware"
OLD, NEW = "0.10.2", "0.10.3"
FILE = f"FaceGate_{NEW}.bin"

type Ask = Callable[[], Awaitable[None]]


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal that restarts quickly."""
    return door(reboot_seconds=0.01)


@pytest.fixture
def folder(hass: HomeAssistant) -> Path:
    """Return the folder where a person puts firmware."""
    path = Path(hass.config.path(FOLDER))
    path.mkdir(parents=True)
    return path


@pytest.fixture
async def front(
    hass: HomeAssistant,
    folder: Path,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> TerminalSimulator:
    """Return the terminal at the front door, for which there is firmware, and whose own is known."""
    (folder / FILE).write_bytes(package(NEW))
    await set_up(hass, terminal_entry, Platform.UPDATE)
    await ask(hass, terminal)
    return terminal


@pytest.fixture
async def web(
    hass: HomeAssistant,
    front: TerminalSimulator,
    hass_client_no_auth: ClientSessionGenerator,
) -> TestClient[Any, Any]:
    """Let Home Assistant be reached by the terminal."""
    client = await hass_client_no_auth()
    hass.config.internal_url = str(client.make_url("")).rstrip("/")
    return client


async def ask(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Let the terminal ask for firmware, and Home Assistant answer."""
    before = len(terminal.server_messages)
    terminal.ask_upgrade()
    await settle(hass)
    await until(lambda: len(terminal.server_messages) > before)


async def install(hass: HomeAssistant) -> None:
    """Press Install."""
    await act(hass, "update.install", UPDATE)
    await settle(hass)


async def offer(hass: HomeAssistant, **fields: Any) -> None:
    """Offer a particular firmware."""
    await hass.services.async_call(
        DOMAIN,
        "offer_firmware",
        {"device_id": device_id(hass), **fields},
        blocking=True,
    )
    await settle(hass)


def answer(terminal: TerminalSimulator) -> Values:
    """Return what the terminal was answered last."""
    return terminal.server_messages[-1]


def served(terminal: TerminalSimulator) -> str:
    """Return the path of the file that the terminal was told of."""
    file = answer(terminal)["upgrade_file"]
    assert isinstance(file, dict)
    return URL(str(file["url"])).path


def issues(hass: HomeAssistant) -> list[str]:
    """Return what is said to have gone wrong with an installation."""
    found = (issue.translation_key for issue in ir.async_get(hass).issues.values())
    return [key for key in found if key in ISSUES]


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
        await web.get(served(front), headers={"Range": f"bytes={wanted}"})
        await settle(hass)
        assert attributes_of(hass, UPDATE)["update_percentage"] == percent


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
        await web.get(served(front), headers={"Range": "bytes=0-9"})
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
        await web.get(served(front), headers={"Range": "bytes=0-9"})
        await ask(hass, front)
        assert attributes_of(hass, UPDATE)["in_progress"]
        assert not issues(hass)
        await web.get(served_before(front))
        await ask(hass, front)
    assert issues(hass) == ["upgrade_download"]


def served_before(terminal: TerminalSimulator) -> str:
    """Return the path of the last file that the terminal was told of."""
    files = [message.get("upgrade_file") for message in terminal.server_messages]
    urls = [str(file["url"]) for file in files if isinstance(file, dict)]
    return URL(urls[-1]).path


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
