"""The examples of the README can be pasted."""

from pathlib import Path
import re
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.condition import CONDITIONS
from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.trigger import TRIGGERS
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import async_validate_condition_config
from homeassistant.helpers.trigger import async_validate_trigger_config
from homeassistant.util.yaml import parse_yaml
from tests.helpers import set_up
from tests.simulators.terminal import TerminalSimulator

README = (Path(__file__).parents[2] / "README.md").read_text()
EXAMPLES = [
    block
    for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    if "triggers:" in block
]


@pytest.mark.parametrize("example", EXAMPLES)
async def test_an_example(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    example: str,
) -> None:
    """Home Assistant understands its triggers and conditions."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    automation: Any = parse_yaml(example)
    triggers = cv.TRIGGER_SCHEMA(automation["triggers"])
    assert await async_validate_trigger_config(hass, triggers)
    for condition in cv.CONDITIONS_SCHEMA(automation.get("conditions", [])):
        assert await async_validate_condition_config(hass, condition)


@pytest.mark.parametrize("name", [*TRIGGERS, *CONDITIONS])
def test_all_are_explained(name: str) -> None:
    """Each has its line in a table."""
    assert f"| `{DOMAIN}.{name}` |" in README


def test_examples_were_found() -> None:
    """There are some."""
    assert len(EXAMPLES) >= 3
