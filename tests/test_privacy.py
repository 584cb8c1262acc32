"""What people must never find where they do not expect it: themselves, in logs and bug reports."""

import json
import logging
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.thermogate.const import CONF_TOPIC_ID, DOMAIN
from custom_components.thermogate.journal import Journal, JournalError, Reason
from custom_components.thermogate.keeper import JournalSettings, async_get_keeper
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from tests.helpers import capture, door, set_up, settle
from tests.simulators.terminal import Options, TerminalSimulator
from tests.test_diagnostics import texts

NAME = "Amara Okafor"
# Nothing else has these figures.
PERSON_ID = "1001"
TEMPERATURE = 36.87
OURS = f"custom_components.{DOMAIN}"


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal whose own number is none of a person."""
    return door(serial="ABCDEF-ABCDEF-ABCDEF")


@pytest.fixture
def terminal_entry(terminal_entry: MockConfigEntry, hass: HomeAssistant) -> Any:
    """Return the entry of that terminal."""
    hass.config_entries.async_update_entry(
        terminal_entry,
        unique_id="ABCDEF-ABCDEF-ABCDEF",
        data={**terminal_entry.data, CONF_TOPIC_ID: "ABCDEF-ABCDEF-ABCDEF"},
    )
    return terminal_entry


@pytest.fixture(autouse=True)
def _all_lines(caplog: pytest.LogCaptureFixture) -> None:
    """Let our loggers say everything that they ever say."""
    caplog.set_level(logging.DEBUG, logger=OURS)


def said(caplog: pytest.LogCaptureFixture) -> str:
    """Return all that our loggers said, tracebacks included."""
    formatter = logging.Formatter()
    return "\n".join(
        formatter.format(record)
        for record in caplog.records
        if record.name.startswith(OURS)
    )


async def act(hass: HomeAssistant, action: str, **fields: Any) -> dict[str, Any]:
    """Return the answer of one of our actions."""
    answer = await hass.services.async_call(
        DOMAIN, action, fields, blocking=True, return_response=True
    )
    await settle(hass)
    return dict(answer or {})


async def test_people_are_in_no_log_and_in_no_report(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    tmp_path: Path,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """They come, are looked up, exported and forgotten, with and without success, and nobody can read who it was."""
    hass.config.media_dirs = {"local": str(tmp_path)}
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    assert await async_setup_component(hass, "system_health", {})
    await set_up(hass, terminal_entry)
    reports: list[Any] = []

    async def report() -> None:
        reports.append(
            await get_diagnostics_for_config_entry(hass, hass_client, terminal_entry)
        )
        reports.append(await get_system_health_info(hass, DOMAIN))

    sent = await capture(
        hass, terminal, person=NAME, temperature=TEMPERATURE, pictures="both"
    )
    terminal.send_capture(sent)
    await settle(hass)
    await report()
    [found] = (await act(hass, "search_journal", text=NAME))["entries"]
    assert (found["person"], found["person_id"]) == (NAME, PERSON_ID)
    temperature = str(found["temperature"])
    exported = await act(hass, "export_journal", person_id=PERSON_ID, pictures=True)
    assert exported["entries"] == 1
    full = JournalError(Reason.DISK_FULL, "No space left on device")
    with patch.object(Journal, "append", side_effect=full):
        await capture(hass, terminal, person=NAME, temperature=TEMPERATURE)
        await report()
    await capture(hass, terminal, person=NAME, temperature=TEMPERATURE)
    with patch.object(Journal, "forget_person", side_effect=full):
        assert not (await act(hass, "forget_person", name=NAME))["complete"]
    assert (await act(hass, "forget_person", person_id=PERSON_ID))["entries"] == 2
    # No id that a terminal takes.
    await act(hass, "forget_person", person_id=NAME * 2)
    await report()

    log = said(caplog)
    shown = json.dumps(reports)
    assert "The journal cannot store" in log
    private = {NAME, "Amara", PERSON_ID, temperature, str(TEMPERATURE), "/9j/"}
    private |= texts(sent.message["closeup_pic"]) | texts(sent.message["overall_pic"])
    private |= {str(sent.message["match"]["customer_text"])}
    assert {text for text in private if text in shown} == set()
    assert {text for text in private if text in log} == set()
    # And they say what helps.
    assert [each["journal"]["entries"] for each in reports[::2]] == [1, 1, 0]
    failures = [each["journal"]["failure"] for each in reports[::2]]
    assert failures == [None, "disk_full: No space left on device", None]


async def test_a_database_keeps_its_secrets(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Host, user, password and name of a database: only which kind it is, also when it cannot be reached."""
    await set_up(hass, terminal_entry)
    keeper = async_get_keeper(hass)
    url = "postgresql+psycopg://keeper:Tr%40fo-9@db.acme.example:5433/visitors?sslpassword=hush"
    lost = JournalError(Reason.LOST, "OperationalError 08006")
    keeper.settings = JournalSettings(url=url)
    with patch.object(Journal, "append", side_effect=lost):
        await capture(hass, terminal)

    diagnostics = await get_diagnostics_for_config_entry(
        hass, hass_client, terminal_entry
    )

    assert diagnostics["journal"]["database"] == "postgresql+psycopg"
    assert diagnostics["journal"]["failure"] == "lost: OperationalError 08006"
    told = json.dumps(diagnostics) + said(caplog)
    secrets = {"keeper:", "fo-9", "acme", "5433", "visitors", "hush"}
    assert {secret for secret in secrets if secret in told} == set()


async def test_a_database_url_that_is_none(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Diagnostics are for when something is wrong, and must not fail of it."""
    await set_up(hass, terminal_entry)
    keeper = async_get_keeper(hass)
    keeper.settings = JournalSettings(url="secret://")

    facts = await keeper.async_facts()
    assert facts["database"] == "secret"
    keeper.settings = JournalSettings(url="no url at all")
    facts = await keeper.async_facts()
    assert facts["database"] == "?"


async def test_the_error_of_an_action_names_nobody_else(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """A name that is not clear is answered with numbers; the names of others are not told."""
    await set_up(hass, terminal_entry)
    await capture(hass, terminal, person=NAME)
    terminal.device.people["1001"] = terminal.device.people["1003"].__class__(
        "1001", "Secret Guest"
    )
    await capture(hass, terminal, person="Secret Guest")

    with pytest.raises(HomeAssistantError) as refused:
        await act(hass, "forget_person", name=NAME)

    assert "Secret" not in str(refused.value)
