"""The gate: opened by its buttons and as a lock."""

from collections.abc import Awaitable, Callable

from custom_components.thermogate.const import CONF_LOCK, DOMAIN
from homeassistant.core import HomeAssistant
from tests.helpers import act, settle, state_of
from tests.simulators.terminal import Quirk, TerminalSimulator

type Case = Callable[[HomeAssistant, TerminalSimulator], Awaitable[None]]

GATE = "button.front_door_open_gate"
SECOND_GATE = "button.front_door_open_second_gate"
DOOR = "lock.front_door_door"


async def gpio_control(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Close each relay by its button, and that of the door by unlocking it, once it is shown as a lock."""
    await act(hass, "button.press", GATE)
    await act(hass, "button.press", SECOND_GATE)
    assert [pulse.relay for pulse in terminal.relays] == [1, 2]
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    hass.config_entries.async_update_entry(entry, options={CONF_LOCK: True})
    assert await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass)
    await act(hass, "lock.unlock", DOOR)
    assert [pulse.relay for pulse in terminal.relays] == [1, 2, 1]
    assert state_of(hass, DOOR) == "unlocked"
    assert terminal.requests[-1].cmd == "gpio control"


async def gpio_control_extend(hass: HomeAssistant, terminal: TerminalSimulator) -> None:
    """Open the gate of a firmware that has only the other command for it."""
    terminal.options.quirks.add(Quirk.ONLY_EXTEND)
    await act(hass, "button.press", GATE)
    assert [pulse.relay for pulse in terminal.relays] == [1]
    assert terminal.requests[-1].cmd == "gpio control Extend"


CASES: dict[str, Case] = {
    "gpio_control": gpio_control,
    "gpio_control_extend": gpio_control_extend,
}
