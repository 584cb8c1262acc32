"""Conditions: what must be so for an automation to go on."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime
from typing import Any
from unittest.mock import patch

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
import voluptuous as vol

from custom_components.thermogate import condition as conditions
from custom_components.thermogate.const import (
    CONF_KIND,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    DOMAIN,
    DeviceKind,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import condition
from homeassistant.helpers.condition import ConditionChecker
from homeassistant.util import dt as dt_util
from tests.helpers import SERIAL, act, capture, door, set_up, settle
from tests.persons.house import BACK, device_id
from tests.simulators.camera import CameraSimulator
from tests.simulators.terminal import Options, TerminalSimulator
from tests.waiting import until

from .house import aimed_at, automate

AMARA = "1001"
REQUEST = "request persons"


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


async def checker(
    hass: HomeAssistant, name: str, target: dict[str, Any], **options: Any
) -> ConditionChecker:
    """Return a condition as automations hold it."""
    config = await condition.async_validate_condition_config(
        hass,
        {"condition": f"{DOMAIN}.{name}", "target": target, "options": options},
    )
    return await condition.async_from_config(hass, config)


async def enrolled(
    hass: HomeAssistant, *keys: str, person_id: str = AMARA, **options: Any
) -> ConditionChecker:
    """Return the condition that somebody is registered at terminals."""
    target = aimed_at(*(device_id(hass, key) for key in keys or (SERIAL,)))
    return await checker(
        hass, "person_enrolled", target, person_id=person_id, **options
    )


def asked(terminal: TerminalSimulator) -> int:
    """Return how often the terminal was asked for one person."""
    return sum(
        sent.cmd == REQUEST and bool(sent.fields.get("condition"))
        for sent in terminal.requests
    )


async def test_an_automation_for_those_who_are_registered(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Goes on for them, and not for others."""
    front_door = aimed_at(device_id(hass, SERIAL))
    runs = await automate(
        hass,
        "unknown_person",
        front_door,
        condition={
            "condition": f"{DOMAIN}.person_enrolled",
            "target": front_door,
            "options": {"person_id": AMARA},
        },
    )
    await capture(hass, front, "stranger")
    assert len(runs) == 1
    del front.device.people[AMARA]
    async_fire_time_changed(hass, dt_util.utcnow() + conditions.ASK_INTERVAL)
    await settle(hass)
    await capture(hass, front, "stranger")
    assert len(runs) == 1


async def test_it_knows_from_the_start(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Whoever tries it in the editor sees the right answer at once."""
    assert (await enrolled(hass)).async_check() is True
    assert (await enrolled(hass, person_id="4711")).async_check() is False


@pytest.mark.parametrize(
    ("changes", "valid"),
    [
        ({"valid_from": datetime(2026, 6, 15, 12, 0, 0)}, True),
        ({"valid_from": datetime(2026, 6, 15, 12, 10, 0)}, False),
        ({"valid_from": "any", "valid_until": "forever"}, True),
        ({"valid_until": "never"}, False),
        ({"valid_until": datetime(2026, 6, 15, 11, 59, 59)}, False),
        ({"valid_until": datetime(2026, 6, 15, 12, 10, 0)}, True),
        ({"role": "blocked"}, False),
        ({"role": "normal"}, True),
    ],
)
async def test_valid(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    front: TerminalSimulator,
    changes: dict[str, Any],
    valid: bool,
) -> None:
    """Registered is not enough: it is noon in the time zone of the house."""
    real = conditions.get_person

    async def changed(*args: Any) -> Any:
        person = await real(*args)
        assert person is not None
        return replace(person, **changes)

    with patch.object(conditions, "get_person", changed):
        check = await enrolled(hass)
    assert check.async_check() is valid


async def test_several_terminals(hass: HomeAssistant, back: TerminalSimulator) -> None:
    """At one of them, or at all."""
    assert (await enrolled(hass, SERIAL, BACK)).async_check() is True
    everywhere = await enrolled(hass, SERIAL, BACK, behavior="all")
    assert everywhere.async_check() is False
    assert (await enrolled(hass, BACK)).async_check() is False


async def test_a_change_by_home_assistant(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """Counts at once."""
    check = await enrolled(hass, person_id="4711")
    fields = {"device_id": device_id(hass, SERIAL), "person_id": "4711"}
    await hass.services.async_call(
        DOMAIN, "save_person", {**fields, "name": "New"}, blocking=True
    )
    await settle(hass)
    assert check.async_check() is True
    await hass.services.async_call(DOMAIN, "delete_person", fields, blocking=True)
    await settle(hass)
    assert check.async_check() is False


async def test_across_a_reload(
    hass: HomeAssistant, front: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """The terminal is asked anew when it is back, and never while it is unloaded."""
    check = await enrolled(hass)
    assert await hass.config_entries.async_unload(terminal_entry.entry_id)
    assert check.async_check() is False
    async_fire_time_changed(hass, dt_util.utcnow() + conditions.ASK_INTERVAL)
    await settle(hass)
    del front.device.people[AMARA]
    assert await hass.config_entries.async_setup(terminal_entry.entry_id)
    await settle(hass)
    assert check.async_check() is False
    assert asked(front) == 2


async def test_a_terminal_that_is_silent(
    hass: HomeAssistant, front: TerminalSimulator
) -> None:
    """What it said before stays; of whom it never told anything, nobody is registered."""
    check = await enrolled(hass)
    front.be_silent(60)
    with patch.object(conditions, "ASK_TIMEOUT", 0.01):
        other = await enrolled(hass, person_id="1002")
    assert check.async_check() is True
    assert other.async_check() is False


async def test_it_asks_no_more(hass: HomeAssistant, front: TerminalSimulator) -> None:
    """When its automation is gone."""
    check = await enrolled(hass)
    check.async_unload()
    async_fire_time_changed(hass, dt_util.utcnow() + conditions.ASK_INTERVAL)
    await settle(hass)
    assert asked(front) == 1


@pytest.fixture
async def yard(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> dict[str, Any]:
    """Set the camera up and return a target that is it."""
    await set_up(hass, camera_entry, Platform.EVENT, Platform.SELECT)
    return aimed_at(device_id(hass, camera.options.serial))


async def test_an_alarm(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    yard: dict[str, Any],
) -> None:
    """Any, or one of those that count."""
    any_alarm = await checker(hass, "alarm_showing", yard)
    fire = await checker(hass, "alarm_showing", yard, alarm=["fire", "hot_spot"])
    assert not any_alarm.async_check()
    await camera.inject("alarm input")
    await until(any_alarm.async_check)
    assert not fire.async_check()
    await camera.inject("alarm fire")
    await until(fire.async_check)
    assert await hass.config_entries.async_unload(camera_entry.entry_id)
    assert not any_alarm.async_check()


async def test_a_preset(
    hass: HomeAssistant, camera: CameraSimulator, yard: dict[str, Any]
) -> None:
    """Where the camera was sent, by name or number."""
    index, preset = next(iter(camera.ptz.presets.items()))
    checks = [
        await checker(hass, "camera_at_preset", yard, **options)
        for options in (
            {},
            {"preset": preset.name.upper()},
            {"preset": [str(index), "The moon"]},
            {"preset": "The moon"},
        )
    ]
    assert [check.async_check() for check in checks] == [False] * 4
    await act(
        hass, "select.select_option", "select.yard_ptz_preset", option=preset.name
    )
    assert [check.async_check() for check in checks] == [True, True, True, False]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("person_enrolled", {}),
        ("person_enrolled", {"person_id": " "}),
        ("person_enrolled", {"person_id": "1001", "behavior": "most"}),
        ("alarm_showing", {"alarm": ["boredom"]}),
        ("camera_at_preset", {"preset": []}),
    ],
)
async def test_options_that_make_no_sense(
    hass: HomeAssistant, front: TerminalSimulator, name: str, options: dict[str, Any]
) -> None:
    """They are refused."""
    with pytest.raises(vol.Invalid):
        await checker(hass, name, aimed_at(device_id(hass, SERIAL)), **options)
