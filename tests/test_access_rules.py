"""The actions about the rules that say when people may pass."""

import asyncio
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from custom_components.thermogate.actions import schedules
from custom_components.thermogate.const import DOMAIN
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from tests.helpers import door, set_up
from tests.persons.house import device_id, perform, refusing, requests
from tests.simulators.terminal import Options, TerminalSimulator

UPDATE, ADD = "update schedule params", "add schedule kind"
OFFICE = {"from": "08:00", "to": "17:00"}
WHOLE_DAY = {"from": "00:00", "to": "24:00"}


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.fixture
async def gate(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> TerminalSimulator:
    """Return a terminal without rules that is set up."""
    await set_up(hass, terminal_entry, Platform.SENSOR)
    return terminal


async def save(hass: HomeAssistant, rule: int = 1, **fields: Any) -> str:
    """Return what came of a rule."""
    answer = await perform(hass, schedules.SAVE, rule=rule, **fields)
    [terminal] = answer["terminals"]
    return str(terminal["result"])


async def rules(hass: HomeAssistant, **fields: Any) -> list[Any]:
    """Return the rules that the action tells."""
    answer = await perform(hass, schedules.GET, **fields)
    return list(answer["rules"])


def sections(terminal: TerminalSimulator, rule: int = 0) -> list[list[str]]:
    """Return the sections of each day of a rule that a terminal has, such as 8:0-17:0."""
    days: Any = terminal.device.schedules[rule]["days"]
    return [
        [
            "-".join(
                f"{section[end]['hour']}:{section[end]['minute']}"
                for end in ("start", "end")
            )
            for section in day["sections"]
        ]
        for day in days
    ]


async def test_no_rules(hass: HomeAssistant, gate: TerminalSimulator) -> None:
    """A fresh terminal has none."""
    assert await rules(hass) == []


async def test_a_daily_rule(hass: HomeAssistant, gate: TerminalSimulator) -> None:
    """As Home Assistant's schedules are written; sections are put in order."""
    schedule = {
        "daily": [{"from": "13:00:00", "to": "17:30"}, {"from": "8:05", "to": "12:00"}]
    }
    assert await save(hass, name="Office hours", schedule=schedule) == "created"
    [sent] = requests(gate, ADD)
    assert sent["kinds"] == gate.device.schedules
    assert gate.device.schedules[0]["mode"] == "daily"
    assert sections(gate) == [["8:5-12:0", "13:0-17:30"]]
    assert await rules(hass) == [
        {
            "rule": 1,
            "name": "Office hours",
            "schedule": {
                "daily": [
                    {"from": "08:05", "to": "12:00"},
                    {"from": "13:00", "to": "17:30"},
                ]
            },
        }
    ]


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        ("monday", [["8:0-17:0"], [], [], [], [], [], ["0:0-24:0"]]),
        ("sunday", [["0:0-24:0"], ["8:0-17:0"], [], [], [], [], []]),
    ],
)
async def test_a_weekly_rule(
    hass: HomeAssistant, gate: TerminalSimulator, starts: str, expected: list[Any]
) -> None:
    """Days that are left out, and days with nothing, let nobody pass; the week begins where the terminal's does."""
    schedule = {"sunday": WHOLE_DAY, "monday": [OFFICE], "tuesday": []}
    await save(hass, schedule=schedule, week_starts=starts)
    assert sections(gate) == expected
    [told] = await rules(hass, week_starts=starts)
    assert list(told["schedule"]) == list(schedules.WEEKDAYS)
    assert told["schedule"] == {day: [] for day in schedules.WEEKDAYS} | {
        "sunday": [WHOLE_DAY],
        "monday": [OFFICE],
    }


async def test_other_rules_stay(hass: HomeAssistant, gate: TerminalSimulator) -> None:
    """One is added, one is changed; without a name it keeps the one it has."""
    for number in (1, 2, 15):
        assert await save(hass, number, schedule={"daily": OFFICE}) == "created"
    await save(hass, 2, name="Cleaners", schedule={"daily": OFFICE})
    before = [dict(rule) for rule in gate.device.schedules]
    assert await save(hass, 2, schedule={"daily": WHOLE_DAY}) == "updated"
    assert [rule["name"] for rule in gate.device.schedules] == [
        "Rule 1",
        "Cleaners",
        "Rule 15",
    ]
    assert sections(gate, 1) == [["0:0-24:0"]]
    assert gate.device.schedules[::2] == before[::2]


async def test_two_changes_at_a_time(
    hass: HomeAssistant, gate: TerminalSimulator
) -> None:
    """Neither undoes the other."""
    for number in (1, 2):
        await save(hass, number, schedule={"daily": []})
    await asyncio.gather(
        save(hass, 1, schedule={"daily": OFFICE}),
        save(hass, 2, schedule={"daily": WHOLE_DAY}),
    )
    assert (sections(gate, 0), sections(gate, 1)) == ([["8:0-17:0"]], [["0:0-24:0"]])


async def test_all_rules_are_replaced(
    hass: HomeAssistant, gate: TerminalSimulator
) -> None:
    """By what get_access_rules answers, for instance; what is left out is gone."""
    for number in range(1, 16):
        await save(hass, number, schedule={"daily": OFFICE})
    told = await rules(hass)
    assert [rule["rule"] for rule in told] == list(range(1, 16))
    before = list(gate.device.schedules)
    await perform(hass, schedules.SET, rules=told)
    assert gate.device.schedules == before
    await perform(hass, schedules.SET, rules=told[:1])
    assert gate.device.schedules == before[:1]


@pytest.mark.parametrize(
    ("section", "sent"),
    [
        ({"from": "00:00", "to": "00:01"}, "0:0-0:1"),
        ({"from": "23:59", "to": "24:00"}, "23:59-24:0"),
        (WHOLE_DAY, "0:0-24:0"),
    ],
    ids=str,
)
async def test_the_ends_of_a_day(
    hass: HomeAssistant, gate: TerminalSimulator, section: dict[str, str], sent: str
) -> None:
    """A whole day ends at 24:00, which is not in it."""
    await save(hass, schedule={"daily": section})
    assert sections(gate) == [[sent]]


async def test_sections_may_touch(hass: HomeAssistant, gate: TerminalSimulator) -> None:
    """The end of one is not in it."""
    touching = [{"from": "08:00", "to": "12:00"}, {"from": "12:00", "to": "13:00"}]
    await save(hass, schedule={"friday": touching})
    assert sections(gate)[4] == ["8:0-12:0", "12:0-13:0"]


@pytest.mark.parametrize(
    ("schedule", "key", "placeholders"),
    [
        (
            {"daily": {"from": "22:00", "to": "06:00"}},
            "section_reversed",
            {"day": "daily", "section": "22:00 – 06:00"},
        ),
        (
            {"monday": {"from": "08:00", "to": "08:00"}},
            "section_reversed",
            {"day": "monday", "section": "08:00 – 08:00"},
        ),
        (
            {
                "sunday": [
                    {"from": "11:59", "to": "13:00"},
                    {"from": "08:00", "to": "12:00"},
                ]
            },
            "sections_overlap",
            {"day": "sunday", "first": "08:00 – 12:00", "second": "11:59 – 13:00"},
        ),
        ({"daily": OFFICE, "monday": OFFICE}, "daily_or_weekly", None),
    ],
    ids=str,
)
async def test_times_that_make_no_sense(
    hass: HomeAssistant,
    gate: TerminalSimulator,
    schedule: dict[str, Any],
    key: str,
    placeholders: dict[str, str] | None,
) -> None:
    """The text says which and what to do; nothing is sent, also not the right ones beside them."""
    before = len(gate.requests)
    right = {"rule": 1, "schedule": {"daily": OFFICE}}
    for action, fields in (
        (schedules.SAVE, {"rule": 2, "schedule": schedule}),
        (schedules.SET, {"rules": [right, {"rule": 2, "schedule": schedule}]}),
    ):
        with pytest.raises(ServiceValidationError) as refused:
            await perform(hass, action, **fields)
        assert refused.value.translation_key == key
        assert refused.value.translation_placeholders == placeholders
    assert len(gate.requests) == before


@pytest.mark.parametrize(
    "fields",
    [
        {"rule": 0},
        {"rule": 16},
        {"schedule": {}},
        {"schedule": {"holiday": OFFICE}},
        {"schedule": {"daily": {"from": "08:00"}}},
        {"schedule": {"daily": {"from": "08:00", "to": "24:01"}}},
        {"schedule": {"daily": {"from": "08:00", "to": "12:60"}}},
        {"schedule": {"daily": {"from": "08:00", "to": "12:00:30"}}},
        # What YAML makes of 17:00 without quotes.
        {"schedule": {"daily": {"from": "08:00", "to": 1020}}},
    ],
    ids=str,
)
async def test_what_is_no_rule(
    hass: HomeAssistant, gate: TerminalSimulator, fields: dict[str, Any]
) -> None:
    """Nothing is sent."""
    before = len(gate.requests)
    with pytest.raises(vol.Invalid):
        await save(hass, **{"schedule": {"daily": OFFICE}} | fields)
    assert len(gate.requests) == before


@pytest.mark.parametrize("number", [0, 16])
async def test_how_many_rules(
    hass: HomeAssistant, gate: TerminalSimulator, number: int
) -> None:
    """1 to 15, each with a number of its own."""
    rule = {"rule": 1, "schedule": {"daily": OFFICE}}
    with pytest.raises(vol.Invalid):
        await perform(hass, schedules.SET, rules=[rule] * number)
    with pytest.raises(ServiceValidationError, match="^1 is not possible for rule;"):
        await perform(hass, schedules.SET, rules=[rule, rule])


async def test_a_refusal(hass: HomeAssistant, gate: TerminalSimulator) -> None:
    """The terminal says no."""
    with refusing(gate, ADD, 20), pytest.raises(HomeAssistantError) as refused:
        await save(hass, schedule={"daily": OFFICE})
    assert refused.value.translation_key == "storage_full"


async def test_a_rule_that_cannot_be_read(
    hass: HomeAssistant, gate: TerminalSimulator
) -> None:
    """It is not lost by writing the others back."""
    gate.device.schedules = [{"name": "?", "kind": 1, "mode": "monthly", "days": []}]
    with pytest.raises(HomeAssistantError) as refused:
        await save(hass, schedule={"daily": OFFICE})
    assert refused.value.translation_key == "terminal_unclear"
    assert requests(gate, UPDATE) == []


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        (schedules.SAVE, {"rule": 1, "schedule": {"daily": [OFFICE]}}),
        (schedules.SET, {"rules": [{"rule": 1, "schedule": {"daily": [OFFICE]}}]}),
    ],
)
async def test_only_administrators(
    hass: HomeAssistant,
    gate: TerminalSimulator,
    hass_read_only_user: MockUser,
    action: str,
    fields: dict[str, Any],
) -> None:
    """Who may pass when is for them to say."""
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": device_id(hass)} | fields,
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )
    assert gate.device.schedules == []
