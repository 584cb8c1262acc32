"""Every command of the terminal's table has a case, which sends it to the simulated terminal."""

from pathlib import Path

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.facegate import COMMANDS
from homeassistant.core import HomeAssistant
from tests.commands_walk import cases_in, unknown, walk
from tests.helpers import door, set_up
from tests.simulators.terminal import Options, TerminalSimulator

from .case import Case

CASES = cases_in("tests.terminal_commands", Path(__file__).parent)


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.mark.parametrize(
    ("key", "case"),
    [pytest.param(key, case, id=name) for name, key, case in walk(COMMANDS, CASES)],
)
@pytest.mark.usefixtures("entity_registry_enabled_by_default", "every_update_shows")
async def test_every_command(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    key: str,
    case: Case | None,
) -> None:
    """A person can use it in Home Assistant, and the terminal does it."""
    command = COMMANDS[key]
    assert case is not None, (
        f"Nothing shows how a person uses the command {key} ({command.wire}, vendor document {command.section}) in Home"
        f" Assistant: write a case for it into a file cases_*.py beside this one"
    )
    await set_up(hass, terminal_entry)
    await case(hass, terminal)
    sent = [
        request
        for request in terminal.requests
        if request.cmd == command.wire
        and command.fixed.items() <= request.fields.items()
    ]
    assert sent, f"{command.wire} was not sent"
    assert any(request.code in command.success for request in sent), (
        f"{command.wire} was refused with {[request.code for request in sent]}"
    )


def test_no_case_of_nothing() -> None:
    """Each case is of a command that exists."""
    assert unknown(COMMANDS, CASES) == []
