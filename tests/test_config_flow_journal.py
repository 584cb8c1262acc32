"""The options of the journal: where it is, how much of it is kept, and what a person gets wrong there."""

from collections.abc import Generator
from pathlib import Path
import socket
import sqlite3
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from sqlalchemy import make_url

from custom_components.thermogate.const import (
    CONF_HOLD_TIME,
    CONF_JOURNAL_DAYS,
    CONF_JOURNAL_MEGABYTES,
    CONF_JOURNAL_URL,
)
from custom_components.thermogate.keeper import JournalSettings, async_get_keeper
from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from tests.flows import suggested
from tests.helpers import capture, door, set_up, settle
from tests.journal.makers import jpeg, record
from tests.journals import entries, folder_of, impatient, pictures_of, threads, trouble
from tests.postgresql import PASSWORD, PostgreSQL
from tests.simulators.terminal import Options, TerminalSimulator

DEFAULTS = {
    CONF_JOURNAL_URL: "",
    CONF_JOURNAL_DAYS: 365,
    CONF_JOURNAL_MEGABYTES: 4000,
}


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.fixture(autouse=True)
def _impatient() -> Generator[None]:
    """Wait for nobody's lock."""
    with impatient():
        yield


@pytest.fixture
async def device(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> MockConfigEntry:
    """Return a terminal that is set up."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    return terminal_entry


async def opened(hass: HomeAssistant, device: MockConfigEntry) -> ConfigFlowResult:
    """Open the options of a device, and from there those of the journal."""
    menu = await hass.config_entries.options.async_init(device.entry_id)
    assert menu["type"] is FlowResultType.MENU
    return await hass.config_entries.options.async_configure(
        menu["flow_id"], {"next_step_id": "journal"}
    )


async def submitted(
    hass: HomeAssistant, form: ConfigFlowResult, **changes: Any
) -> ConfigFlowResult:
    """Send the form as it is filled, but for some changes; an empty field is left out, as browsers do."""
    values = {**suggested(form), **changes}
    result = await hass.config_entries.options.async_configure(
        form["flow_id"], {name: value for name, value in values.items() if value != ""}
    )
    await settle(hass)
    return result


async def chosen(
    hass: HomeAssistant, device: MockConfigEntry, url: str
) -> ConfigFlowResult:
    """Choose another database."""
    return await submitted(hass, await opened(hass, device), journal_url=url)


def error_of(result: ConfigFlowResult) -> str | None:
    """Return what is said at the field of the database; None if it was accepted."""
    if result["type"] is FlowResultType.CREATE_ENTRY:
        return None
    assert result["step_id"] == "journal"
    return (result["errors"] or {})[CONF_JOURNAL_URL]


# How much


async def test_it_shows_what_is_kept_and_takes_what_shall_be(
    hass: HomeAssistant, device: MockConfigEntry
) -> None:
    """For all devices; what is set for this one stays, and nothing is loaded anew."""
    hass.config_entries.async_update_entry(device, options={CONF_HOLD_TIME: 5})
    coordinator = device.runtime_data
    form = await opened(hass, device)
    assert suggested(form) == DEFAULTS
    result = await submitted(hass, form, journal_days=30.0, journal_megabytes=0)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert device.options == {CONF_HOLD_TIME: 5}
    assert device.runtime_data is coordinator
    assert async_get_keeper(hass).settings == JournalSettings("", 30, 0)
    assert suggested(await opened(hass, device)) == DEFAULTS | {
        CONF_JOURNAL_DAYS: 30,
        CONF_JOURNAL_MEGABYTES: 0,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {CONF_JOURNAL_DAYS: -1},
        {CONF_JOURNAL_DAYS: 36_501},
        {CONF_JOURNAL_MEGABYTES: -1},
    ],
)
async def test_limits_have_limits(
    hass: HomeAssistant, device: MockConfigEntry, wrong: dict[str, int]
) -> None:
    """Nobody keeps less than nothing."""
    form = await opened(hass, device)
    with pytest.raises(InvalidData):
        await submitted(hass, form, **wrong)


async def test_the_options_of_a_device_that_is_off(
    hass: HomeAssistant, device: MockConfigEntry
) -> None:
    """They show what is kept, not what would be kept by default, and change nothing unasked."""
    keeper = async_get_keeper(hass)
    await keeper.async_configure(JournalSettings("", 7, 70))
    assert await hass.config_entries.async_unload(device.entry_id)
    hass.data.pop("thermogate_keeper")
    assert device.state is ConfigEntryState.NOT_LOADED
    form = await opened(hass, device)
    assert suggested(form)[CONF_JOURNAL_DAYS] == 7
    assert error_of(await submitted(hass, form, journal_days=8)) is None
    assert async_get_keeper(hass).settings == JournalSettings("", 8, 70)
    assert threads() == []


# Where


async def test_another_file_and_back(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    device: MockConfigEntry,
    tmp_path: Path,
) -> None:
    """Each has its own entries and pictures; nothing moves, and what was there is found again."""
    home = f"sqlite:///{tmp_path / 'doors.db'}"
    first = await capture(hass, terminal, person="Amara Okafor")
    assert error_of(await chosen(hass, device, home)) is None
    assert await entries(hass) == []
    second = await capture(hass, terminal, person="Mateo Alvarez")
    (entry,) = await entries(hass)
    assert entry.subject == second.person
    assert (await pictures_of(hass, entry)).keys() == {"face", "scene"}
    assert suggested(await opened(hass, device))[CONF_JOURNAL_URL] == home

    assert error_of(await chosen(hass, device, "")) is None
    (entry,) = await entries(hass)
    assert entry.subject == first.person
    assert (await pictures_of(hass, entry)).keys() == {"face", "scene"}
    assert error_of(await chosen(hass, device, home)) is None
    (entry,) = await entries(hass)
    assert entry.subject == second.person
    assert await pictures_of(hass, entry)


async def test_a_file_that_is_named_without_a_folder(
    hass: HomeAssistant, device: MockConfigEntry
) -> None:
    """It is in the configuration folder, wherever Home Assistant was started."""
    assert error_of(await chosen(hass, device, "sqlite:///doors.db")) is None
    assert Path(hass.config.path("doors.db")).is_file()  # noqa: ASYNC240


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("my database", "journal_url"),
        ("/config/journal.db", "journal_url"),
        ("sqlite://", "journal_url"),
        ("mysql://gate:secret@core-mariadb/journal", "journal_url"),
        ("postgresql+nodriver://gate:secret@db/journal", "journal_url"),
        ("postgresql+psycopg://gate@db/journal?password=secret", "journal_url"),
        ("postgresql+psycopg://gate:secret@127.0.0.1:1/journal", "journal_lost"),
        ("sqlite:////proc/nowhere/journal.db", "journal_failed"),
        ("sqlite:///", "journal_url"),
        ("sqlite:///home-assistant_v2.db", "journal_foreign"),
        ("sqlite:///newer.db", "journal_newer"),
        ("sqlite:///locked.db", "journal_locked"),
        ("sqlite:///thermogate", "journal_permission"),
    ],
)
async def test_a_database_that_is_of_no_use_changes_nothing(
    hass: HomeAssistant,
    device: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    url: str,
    error: str,
) -> None:
    """It is said why, the form stays as it was typed, captures go where they went, and the log shows no password."""
    locks = await hass.async_add_executor_job(prepare, Path(hass.config.path()))
    keeper = async_get_keeper(hass)
    journal = keeper.journal
    result = await chosen(hass, device, url)
    assert error_of(result) == error
    assert suggested(result)[CONF_JOURNAL_URL] == url
    assert keeper.journal is journal
    assert keeper.settings == JournalSettings()
    await keeper.async_keep(record(pictures=(jpeg(),)))
    assert len(await entries(hass)) == 1
    assert trouble(hass) is None
    assert "secret" not in caplog.text
    locks.close()
    # And then it is corrected.
    assert error_of(await submitted(hass, result, journal_url="")) is None


def prepare(config: Path) -> sqlite3.Connection:
    """Put databases of others into the configuration folder; one is locked until the connection is closed."""
    for name, statements in {
        "home-assistant_v2.db": ["CREATE TABLE states (id)"],
        "newer.db": [
            "CREATE TABLE thermogate_version (version)",
            "INSERT INTO thermogate_version VALUES (99)",
        ],
        "locked.db": ["CREATE TABLE thermogate_version (version)"],
    }.items():
        connection = sqlite3.connect(
            config / name, isolation_level=None, check_same_thread=False
        )
        for statement in statements:
            connection.execute(statement)
        if name == "locked.db":
            connection.execute("BEGIN EXCLUSIVE")
            return connection
        connection.close()
    raise AssertionError


async def test_a_journal_that_was_mended_opens_on_submit(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Whoever freed the way goes to the options and submits: while it is not free that is said, then it works at once."""
    obstacle = folder_of(hass) / "journal.db"
    obstacle.mkdir(parents=True)
    await set_up(hass, terminal_entry, Platform.EVENT)
    form = await submitted(hass, await opened(hass, terminal_entry))
    assert error_of(form) == "journal_permission"
    obstacle.rmdir()
    assert error_of(await submitted(hass, form)) is None
    assert trouble(hass) is None
    assert await entries(hass) == []


# PostgreSQL


async def test_a_server_that_says_nothing_is_given_up(
    hass: HomeAssistant, socket_enabled: None, device: MockConfigEntry
) -> None:
    """Somebody typed the address of something else; doors go on meanwhile."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        choosing = hass.async_create_task(
            chosen(
                hass,
                device,
                f"postgresql+psycopg://gate:secret@{host}/gate?connect_timeout=2",
            )
        )
        keeper = async_get_keeper(hass)
        assert await keeper.async_keep(record())
        assert not choosing.done()
        assert error_of(await choosing) == "journal_lost"
    assert len(await entries(hass)) == 1


async def test_a_postgresql_server(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    device: MockConfigEntry,
    postgresql_url: str,
) -> None:
    """What is captured is there, with pictures in Home Assistant's own folder; and it is found again."""
    assert error_of(await chosen(hass, device, postgresql_url)) is None
    sent = await capture(hass, terminal, person="Amara Okafor")
    assert sent.acknowledged.is_set()
    (entry,) = await entries(hass)
    assert entry.subject == "Amara Okafor"
    assert (await pictures_of(hass, entry)).keys() == {"face", "scene"}
    assert await hass.config_entries.async_unload(device.entry_id)
    hass.data.pop("thermogate_keeper")
    await set_up(hass, device, Platform.EVENT)
    assert await entries(hass) == [entry]
    terminal.send_capture(sent)
    await settle(hass)
    assert await entries(hass) == [entry]
    assert error_of(await chosen(hass, device, "")) is None


async def test_a_password_is_never_shown_and_kept_as_it_is(
    hass: HomeAssistant,
    device: MockConfigEntry,
    postgresql: PostgreSQL,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Submitting the form as it is shown changes no password; a wrong one is refused."""
    caplog.set_level("DEBUG", "custom_components.thermogate")
    secret = "pa%20ss%2Fw%3Ard%40"
    url = postgresql.url()
    assert secret in url
    assert error_of(await chosen(hass, device, url)) is None
    journal = async_get_keeper(hass).journal
    form = await opened(hass, device)
    assert suggested(form)[CONF_JOURNAL_URL] == url.replace(secret, "***")
    assert error_of(await submitted(hass, form, journal_days=30)) is None
    assert async_get_keeper(hass).settings == JournalSettings(url, 30, 4000)
    assert async_get_keeper(hass).journal is journal

    form = await opened(hass, device)
    changed = f"{suggested(form)[CONF_JOURNAL_URL]}&application_name=gate"
    assert error_of(await submitted(hass, form, journal_url=changed)) is None
    assert make_url(async_get_keeper(hass).settings.url).password == PASSWORD
    wrong = await chosen(hass, device, postgresql.url(password="wr0ng"))
    assert error_of(wrong) == "journal_permission"
    said = [
        line.getMessage()
        for line in caplog.records
        if line.name.startswith("custom_components.thermogate")
    ]
    assert not [
        line for line in said if PASSWORD in line or secret in line or "wr0ng" in line
    ]
    assert error_of(await submitted(hass, wrong, journal_url="")) is None


async def test_a_server_that_is_restarted_costs_no_capture(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    device: MockConfigEntry,
    postgresql: PostgreSQL,
) -> None:
    """Meanwhile nothing is acknowledged, and a person is told."""
    assert error_of(await chosen(hass, device, postgresql.url())) is None
    postgresql.stop()
    try:
        sent = await capture(hass, terminal)
        assert not sent.acknowledged.is_set()
        assert trouble(hass) == "journal_lost"
    finally:
        postgresql.start()
    terminal.send_capture(sent)
    await settle(hass)
    assert sent.acknowledged.is_set()
    assert trouble(hass) is None
    assert sent.cap_time
    assert error_of(await chosen(hass, device, "")) is None
