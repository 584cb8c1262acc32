"""The 4G module of a terminal."""

from datetime import timedelta
from typing import Any

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
import voluptuous as vol

from custom_components.thermogate.const import DOMAIN
from homeassistant.components.sensor import ATTR_STATE_CLASS
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from tests.helpers import attributes_of, set_up, settle, state_of
from tests.persons.house import device_id, perform, refusing, requests
from tests.simulators.terminal import TerminalSimulator

from .conftest import PLATFORMS

SIGNAL = "sensor.front_door_mobile_signal"
OPERATOR = "sensor.front_door_mobile_operator"
MODULE = "binary_sensor.front_door_mobile_network_module_ready"
SIM = "binary_sensor.front_door_sim_card_ready"
TODAY = "sensor.front_door_mobile_data_used_today"
MONTH = "sensor.front_door_mobile_data_used_this_month"
ALL = (SIGNAL, OPERATOR, MODULE, SIM, TODAY, MONTH)


def day_use(day: int) -> int:
    """Return the bytes of a day at the simulated terminal."""
    return 1_048_576 + day * 4096 + 20_971_520 + day * 65_536


def states(hass: HomeAssistant) -> set[str | None]:
    """Return how all entities of the module are."""
    return {state_of(hass, entity_id) for entity_id in ALL}


async def later(
    hass: HomeAssistant, clock: TickingDateTimeFactory, **passed: float
) -> None:
    """Let time pass."""
    clock.tick(timedelta(**passed))
    async_fire_time_changed(hass)
    await settle(hass)


async def test_network_and_data_use(
    hass: HomeAssistant, clock: TickingDateTimeFactory, front: TerminalSimulator
) -> None:
    """What it says by itself, and the sums of it, for statistics as well."""
    assert [state_of(hass, each) for each in ALL[:4]] == [
        "-71",
        "Example Mobile",
        "on",
        "on",
    ]
    month = sum(day_use(day) for day in range(1, 16))
    for entity_id, expected in ((TODAY, day_use(15)), (MONTH, month)):
        assert float(state_of(hass, entity_id) or 0) == pytest.approx(expected / 1e6)
        assert attributes_of(hass, entity_id)[ATTR_STATE_CLASS] == "total_increasing"


async def test_a_new_day(
    hass: HomeAssistant, clock: TickingDateTimeFactory, front: TerminalSimulator
) -> None:
    """Today is another one, the month goes on."""
    await later(hass, clock, hours=12, minutes=30)
    month = sum(day_use(day) for day in range(1, 17))
    assert float(state_of(hass, TODAY) or 0) == pytest.approx(day_use(16) / 1e6)
    assert float(state_of(hass, MONTH) or 0) == pytest.approx(month / 1e6)


async def test_the_terminals_day_counts(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """If its clock is a day ahead, so are its days."""
    terminal.device.clock_offset = timedelta(days=1)
    await set_up(hass, terminal_entry, *PLATFORMS)
    assert float(state_of(hass, TODAY) or 0) == pytest.approx(day_use(16) / 1e6)


async def test_a_terminal_without_module(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Nothing of it is offered, and nothing of it is asked."""
    terminal.device.hardware["moduler_4g"] = "NO"
    await set_up(hass, terminal_entry, *PLATFORMS)
    assert states(hass) == {None}
    assert requests(terminal, "request 4g infor") == []
    assert requests(terminal, "traffic statistics") == []


async def test_a_terminal_that_does_not_tell_its_parts(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """It has a module if that works."""
    with refusing(terminal, "get hardware info", 2):
        await set_up(hass, terminal_entry, *PLATFORMS)
        assert None not in states(hass)
        assert "unavailable" not in states(hass)


async def test_neither_parts_nor_a_module_that_works(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Then there is none, as far as anybody can tell."""
    terminal.device.hardware["moduler_4g"] = "NO"
    with refusing(terminal, "get hardware info", 2):
        await set_up(hass, terminal_entry, *PLATFORMS)
    assert states(hass) == {None}


async def test_it_is_known_while_the_terminal_is_off(
    hass: HomeAssistant,
    front: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Home Assistant may start before the terminal."""
    assert await hass.config_entries.async_unload(terminal_entry.entry_id)
    await front.stop()
    monkeypatch.setattr(
        "custom_components.thermogate.coordinator.presence.PROBE_TIMEOUT", 0.01
    )
    await set_up(hass, terminal_entry, *PLATFORMS)
    assert states(hass) == {"unknown"}


async def test_a_module_comes_and_goes(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Its entities with it."""
    terminal.device.hardware["moduler_4g"] = "NO"
    await set_up(hass, terminal_entry)
    assert states(hass) == {None}
    for module in (True, False):
        await hass.services.async_call(
            DOMAIN,
            "set_hardware",
            {"device_id": device_id(hass), "mobile_module": module, "confirm": True},
            blocking=True,
        )
        await settle(hass)
        assert ("unavailable" not in states(hass)) == module
        assert terminal.device.hardware["moduler_4g"] == ("YES" if module else "NO")


async def test_it_is_asked_again(
    hass: HomeAssistant, clock: TickingDateTimeFactory, front: TerminalSimulator
) -> None:
    """Every ten minutes; a card may be pulled."""
    front.device.hardware["moduler_4g"] = "NO"
    await later(hass, clock, minutes=11)
    assert [state_of(hass, each) for each in (MODULE, SIM, OPERATOR, SIGNAL)] == [
        "off",
        "off",
        "unknown",
        "unknown",
    ]


async def test_the_numbers_of_the_card_are_told_on_request_only(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """In no state and no attribute."""
    answer = await perform(hass, "get_mobile_network")
    assert answer == {
        "module_ready": True,
        "sim_ready": True,
        "iccid": "89882280000012345678",
        "imsi": "901280012345678",
        "operator": "Example Mobile",
        "signal_strength": -71,
    }
    shown = str([state.as_dict() for state in hass.states.async_all()])
    assert "Example Mobile" in shown
    assert answer["iccid"] not in shown
    assert answer["imsi"] not in shown


@pytest.mark.parametrize(
    ("fields", "sent", "days"),
    [
        ({}, None, range(1, 16)),
        ({"first_day": 1}, "1-", range(1, 16)),
        ({"first_day": 15}, "15-", range(15, 16)),
        ({"first_day": 3, "last_day": 9}, "3-9", range(3, 10)),
        ({"first_day": 4, "last_day": 4}, "4", range(4, 5)),
        ({"last_day": 2}, "1-2", range(1, 3)),
        ({"last_day": 1}, "1", range(1, 2)),
        ({"first_day": 1, "last_day": 31}, "1-31", range(1, 32)),
    ],
)
async def test_data_use_by_day(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    front: TerminalSimulator,
    fields: dict[str, int],
    sent: str | None,
    days: range,
) -> None:
    """Of the whole month, or from one day to another."""
    answer = await perform(hass, "get_data_use", **fields)
    assert front.requests[-1].fields.get("day") == sent
    assert [(day["month"], day["day"]) for day in answer["days"]] == [
        (6, day) for day in days
    ]
    assert answer["received"] == sum(1_048_576 + day * 4096 for day in days)
    assert answer["sent"] == sum(20_971_520 + day * 65_536 for day in days)


@pytest.mark.parametrize("day", [0, 32, "x"])
@pytest.mark.parametrize("field", ["first_day", "last_day"])
async def test_no_such_day(
    hass: HomeAssistant, front: TerminalSimulator, field: str, day: Any
) -> None:
    """No month has it."""
    with pytest.raises(vol.Invalid):
        await perform(hass, "get_data_use", **{field: day})


async def test_days_backwards(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """By one is too much."""
    with pytest.raises(ServiceValidationError) as refused:
        await perform(hass, "get_data_use", first_day=6, last_day=5)
    assert refused.value.translation_key == "days_backwards"
