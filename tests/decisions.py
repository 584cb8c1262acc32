"""What the tests of who may pass do all the time: choose a way to decide, and see what the terminal did."""

from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from tests.helpers import attributes_of, set_up
from tests.simulators.terminal import TerminalSimulator

ACCESS = "event.front_door_access"
ANYBODY = {"roles": ["allowed", "normal"], "persons": [], "opens": "relay_1"}


async def decide_by_rule(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    *platforms: Platform,
    options: dict[str, Any] | None = None,
    **rule: Any,
) -> None:
    """Set up a terminal whose gate opens by a rule: for everybody on a list, but for what is said otherwise."""
    hass.config_entries.async_update_entry(
        entry,
        options={"decision": "rule", "rule": ANYBODY | rule, **(options or {})},
    )
    await set_up(hass, entry, *(platforms or (Platform.EVENT,)))


async def decide_by_script(
    hass: HomeAssistant, entry: MockConfigEntry, deadline: float = 5.0, **options: Any
) -> None:
    """Set up a terminal whose gate opens when the script `gate` says so."""
    script = {"entity_id": "script.gate", "deadline": deadline}
    hass.config_entries.async_update_entry(
        entry, options={"decision": "script", "script": script, **options}
    )
    await set_up(hass, entry, Platform.EVENT)


def opened(terminal: TerminalSimulator) -> list[int]:
    """Return the relays that acknowledgements have closed."""
    return [
        pulse.relay for pulse in terminal.relays if pulse.source == "acknowledgement"
    ]


def decision(hass: HomeAssistant) -> tuple[str, str | None]:
    """Return what the event of the last access says was decided, and why."""
    shown = attributes_of(hass, ACCESS)
    return shown["decision"], shown["decision_reason"]
