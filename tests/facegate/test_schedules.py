"""The access rules of a terminal: read, replaced as a whole, and one of them changed."""

from typing import Any

import pytest

from custom_components.thermogate.facegate import (
    AccessRule,
    FaceGateMessageError,
    FaceGateValidationError,
    Section,
    access_rules,
    check_day,
    save_access_rule,
    set_access_rules,
)
from tests.facegate.terminal import Terminal, code, success

READ, WRITE, ADD = (
    "request schedule params",
    "update schedule params",
    "add schedule kind",
)
MORNING = Section(8 * 60, 12 * 60)
NIGHT = Section(22 * 60 + 30, 24 * 60)
DAILY = AccessRule(1, "Office", ((MORNING, NIGHT),))
WEEKLY = AccessRule(15, "Weekend", ((),) * 5 + ((MORNING,), (NIGHT,)))

WIRE_MORNING = {"start": {"hour": 8, "minute": 0}, "end": {"hour": 12, "minute": 0}}
WIRE_NIGHT = {"start": {"hour": 22, "minute": 30}, "end": {"hour": 24, "minute": 0}}
WIRE_DAILY = {
    "name": "Office",
    "kind": 1,
    "mode": "daily",
    "days": [{"sections": [WIRE_MORNING, WIRE_NIGHT]}],
}
WIRE_WEEKLY = {
    "name": "Weekend",
    "kind": 15,
    "mode": "weekly",
    "days": [
        *[{"sections": []}] * 5,
        {"sections": [WIRE_MORNING]},
        {"sections": [WIRE_NIGHT]},
    ],
}


async def test_rules_are_read(terminal: Terminal) -> None:
    """Days alike, and days of the week."""
    terminal.answers[READ] = code(0, kinds=[WIRE_DAILY, WIRE_WEEKLY])

    assert await access_rules(terminal.client) == (DAILY, WEEKLY)


async def test_no_rules(terminal: Terminal) -> None:
    """A fresh terminal has none, and may leave out the list."""
    terminal.answers[READ] = success

    assert await access_rules(terminal.client) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"kind": None},
        {"mode": "monthly"},
        {"mode": "weekly"},
        {"days": []},
        {"days": ["nonsense"]},
        {"days": [{"sections": ["nonsense"]}]},
        {"days": [{"sections": [{"start": {"hour": 8, "minute": 0}}]}]},
        {"days": [{"sections": [WIRE_MORNING | {"end": {"hour": 8}}]}]},
    ],
    ids=str,
)
async def test_a_rule_that_cannot_be_read(
    terminal: Terminal, change: dict[str, Any]
) -> None:
    """It could not be written back, and would be lost: nothing is changed."""
    terminal.answers[READ] = code(0, kinds=[WIRE_DAILY | change])

    with pytest.raises(FaceGateMessageError):
        await access_rules(terminal.client)
    with pytest.raises(FaceGateMessageError):
        await save_access_rule(terminal.client, WEEKLY)

    assert {sent["cmd"] for sent in terminal.sent} == {READ}


async def test_all_rules_are_replaced(terminal: Terminal) -> None:
    """In the words of the wire."""
    terminal.answers[WRITE] = success

    await set_access_rules(terminal.client, [DAILY, WEEKLY])

    assert terminal.sent[0]["kinds"] == [WIRE_DAILY, WIRE_WEEKLY]


@pytest.mark.parametrize("number", [1, 15])
async def test_numbers_of_rules(terminal: Terminal, number: int) -> None:
    """1 to 15."""
    terminal.answers[WRITE] = success

    await set_access_rules(terminal.client, [AccessRule(number, "", DAILY.days)])

    assert terminal.sent[0]["kinds"][0]["kind"] == number


@pytest.mark.parametrize(
    "rules",
    [
        [],
        [AccessRule(0, "", DAILY.days)],
        [AccessRule(16, "", DAILY.days)],
        [DAILY, DAILY],
        [AccessRule(1, "", DAILY.days * 8)],
    ],
    ids=str,
)
async def test_rules_that_there_cannot_be(
    terminal: Terminal, rules: list[AccessRule]
) -> None:
    """Nothing is sent."""
    with pytest.raises(FaceGateValidationError):
        await set_access_rules(terminal.client, rules)

    assert terminal.sent == []


async def test_a_new_rule_is_added(terminal: Terminal) -> None:
    """The others are not sent at all."""
    terminal.answers |= {READ: code(0, kinds=[WIRE_DAILY]), ADD: success}

    assert await save_access_rule(terminal.client, WEEKLY) is True

    assert [sent["cmd"] for sent in terminal.sent] == [READ, ADD]
    assert terminal.sent[1]["kinds"] == [WIRE_WEEKLY]


@pytest.mark.parametrize(("rename", "name"), [(True, "New"), (False, "Office")])
async def test_a_rule_is_changed(terminal: Terminal, rename: bool, name: str) -> None:
    """In its place; the others go back as they came."""
    terminal.answers |= {
        READ: code(0, kinds=[WIRE_DAILY, WIRE_WEEKLY]),
        WRITE: success,
    }
    rule = AccessRule(1, "New", ((MORNING,),))

    assert await save_access_rule(terminal.client, rule, rename=rename) is False

    assert terminal.sent[1]["kinds"] == [
        WIRE_DAILY | {"name": name, "days": [{"sections": [WIRE_MORNING]}]},
        WIRE_WEEKLY,
    ]


@pytest.mark.parametrize(
    "day",
    [(), (Section(0, 1440),), (Section(0, 1), Section(1, 2)), (NIGHT, MORNING)],
)
def test_days_that_make_sense(day: tuple[Section, ...]) -> None:
    """None, the whole day, sections that touch, in any order."""
    assert check_day(day) is None


@pytest.mark.parametrize(
    "section", [Section(1, 1), Section(2, 1), Section(-1, 1), Section(0, 1441)]
)
def test_sections_that_make_no_sense(section: Section) -> None:
    """They end before they begin, or outside of the day."""
    assert check_day((MORNING, section)) == section


def test_sections_that_overlap() -> None:
    """By one minute, in any order."""
    early, late = Section(0, 481), MORNING
    assert check_day((late, NIGHT, early)) == (early, late)
