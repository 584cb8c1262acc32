"""What a person is asked to mend with a click, in Home Assistant's own words."""

from http import HTTPStatus
import string
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.journal_trouble import ISSUE_SET_ASIDE
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
from tests.helpers import SERIAL, door, set_up, settle
from tests.journals import ACCESS, entries, folder_of, happenings
from tests.simulators.terminal import Options, TerminalSimulator
from tests.simulators.terminal.controls import obey

OTHER = "999999-999999-9999EE"
FLOWS = "/api/repairs/issues/fix"


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


class Person:
    """Somebody who reads a notice in the browser and clicks."""

    def __init__(self, hass: HomeAssistant, log_in: ClientSessionGenerator) -> None:
        """Sit before a browser; the first click logs in, when everything is set up."""
        self._hass = hass
        self._log_in = log_in
        self._client: Any = None

    async def opens(self, issue_id: str) -> dict[str, Any]:
        """Click on a notice; everything that its texts name must be told."""
        form = await self._post(FLOWS, {"handler": DOMAIN, "issue_id": issue_id})
        assert form["step_id"] == "confirm"
        issue = ir.async_get(self._hass).async_get_issue(DOMAIN, issue_id)
        assert issue is not None
        texts = await async_get_translations(self._hass, "en", "issues", {DOMAIN})
        start = (
            f"component.{DOMAIN}.issues.{issue.translation_key}.fix_flow.step.confirm"
        )
        for part in ("title", "description"):
            text = texts[f"{start}.{part}"]
            named = {name for _, name, _, _ in string.Formatter().parse(text) if name}
            assert named <= (form["description_placeholders"] or {}).keys()
        return form

    async def confirms(self, form: dict[str, Any]) -> dict[str, Any]:
        """Click on submit."""
        result = await self._post(f"{FLOWS}/{form['flow_id']}", {})
        await settle(self._hass)
        return result

    async def _post(self, url: str, data: dict[str, Any]) -> dict[str, Any]:
        self._client = self._client or await self._log_in()
        response = await self._client.post(url, json=data)
        assert response.status == HTTPStatus.OK
        answer: dict[str, Any] = await response.json()
        return answer


@pytest.fixture
async def person(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> Person:
    """Let somebody sit before a browser."""
    assert await async_setup_component(hass, "repairs", {})
    return Person(hass, hass_client)


async def spoofed(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Let a capture come that another terminal has signed."""
    await obey(terminal, f"spoof {OTHER}")
    await settle(hass)


async def test_a_terminal_that_was_replaced_is_believed(
    hass: HomeAssistant,
    socket_enabled: None,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    person: Person,
    issue_registry: ir.IssueRegistry,
) -> None:
    """Until a person says so, its captures are neither stored nor acknowledged nor shown."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    await terminal.capture()
    await settle(hass)
    events = happenings(hass, ACCESS)
    await spoofed(hass, terminal)
    assert not events
    assert len(await entries(hass)) == len(terminal.acknowledged) == 1
    issue_id = f"serial_changed_{terminal_entry.entry_id}"

    form = await person.opens(issue_id)
    assert form["description_placeholders"] == {
        "name": "Front door",
        "topic_id": SERIAL,
        "known": SERIAL,
        "serial": OTHER,
    }
    assert (await person.confirms(form))["type"] == "create_entry"

    assert issue_registry.async_get_issue(DOMAIN, issue_id) is None
    await spoofed(hass, terminal)
    assert len(events) == 1
    assert len(await entries(hass)) == 2
    assert terminal_entry.runtime_data.data.serial == OTHER
    # And the old one is now the stranger, also after a reload.
    assert await hass.config_entries.async_unload(terminal_entry.entry_id)
    await set_up(hass, terminal_entry, Platform.EVENT)
    await terminal.capture()
    await settle(hass)
    assert issue_registry.async_get_issue(DOMAIN, issue_id) is not None
    assert len([entry for entry in await entries(hass) if entry.live]) == 2


@pytest.mark.parametrize("gone", ["unloaded", "removed"])
async def test_a_terminal_that_is_not_running_cannot_be_believed(
    hass: HomeAssistant,
    socket_enabled: None,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    person: Person,
    gone: str,
) -> None:
    """Somebody may have the notice open while somebody else takes the device away."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    await terminal.capture()
    await spoofed(hass, terminal)
    form = await person.opens(f"serial_changed_{terminal_entry.entry_id}")
    if gone == "removed":
        await hass.config_entries.async_remove(terminal_entry.entry_id)
    else:
        assert await hass.config_entries.async_unload(terminal_entry.entry_id)
    result = await person.confirms(form)
    assert (result["type"], result["reason"]) == ("abort", "not_loaded")


async def test_a_damaged_journal_is_read_of_and_confirmed_away(
    hass: HomeAssistant,
    socket_enabled: None,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    person: Person,
    issue_registry: ir.IssueRegistry,
) -> None:
    """The file stays where the notice says."""
    folder_of(hass).mkdir()
    (folder_of(hass) / "journal.db").write_bytes(b"This is no database. " * 1000)
    await set_up(hass, terminal_entry, Platform.EVENT)
    form = await person.opens(ISSUE_SET_ASIDE)
    (file,) = folder_of(hass).glob("journal.db.corrupt-*")
    assert form["description_placeholders"] == {"path": str(file)}
    assert (await person.confirms(form))["type"] == "create_entry"
    assert issue_registry.async_get_issue(DOMAIN, ISSUE_SET_ASIDE) is None
    assert await hass.async_add_executor_job(file.exists)
