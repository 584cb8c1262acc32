"""The house with its two terminals."""

from collections.abc import AsyncGenerator

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.const import (
    CONF_KIND,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    DOMAIN,
    DeviceKind,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from tests.helpers import door, set_up
from tests.persons.house import BACK
from tests.simulators.terminal import Options, TerminalSimulator


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.fixture
async def front(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> TerminalSimulator:
    """Return the terminal at the front door, set up."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    return terminal


@pytest.fixture
async def back(
    hass: HomeAssistant, front: TerminalSimulator
) -> AsyncGenerator[TerminalSimulator]:
    """Run the terminal at the back door, which knows nobody."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Back door",
        unique_id=BACK,
        data={
            CONF_KIND: DeviceKind.TERMINAL,
            CONF_TOPIC_ID: BACK,
            CONF_TOPIC_PREFIX: "",
        },
    )
    entry.add_to_hass(hass)
    async with TerminalSimulator(door(serial=BACK)) as simulator:
        simulator.device.people.clear()
        await set_up(hass, entry, Platform.EVENT)
        yield simulator
