"""The reference pages are what the tables say, and what they name is there."""

from collections.abc import Mapping
from typing import Any, get_args

import pytest

from custom_components.thermogate.facegate import (
    COMMANDS as TERMINAL_COMMANDS,
    SETTINGS,
)
from custom_components.thermogate.guide import (
    COMMANDS as CAMERA_COMMANDS,
    UPLOADS,
    Push,
    UnknownPush,
    parse_push,
)
from custom_components.thermogate.guide.newer_pushes import NewerPush
from reference import where_camera, where_terminal
from reference.pages import PAGES
from reference.terminal import setting_where
from reference.where import Where, is_sentence, is_there

from .repository import ROOT, read_json

ENGLISH = "translations/en.json"


def check(places: Mapping[Any, Where]) -> None:
    """Fail with a list of what is named and not there."""
    texts = read_json(ENGLISH)
    absent = [
        f"{key}: {place}"
        for key, where in places.items()
        for place in where
        if not is_sentence(place) and not is_there(place, texts)
    ]
    assert not absent, "\n".join(["the integration does not have", *absent])


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_current(name: str) -> None:
    """It is written from the tables, not by hand."""
    written = (ROOT / "docs" / name).read_text()
    assert written == PAGES[name](), f"docs/{name} is old: run scripts/reference"


def test_what_is_named_for_terminals_is_there() -> None:
    """Every entity, action, option, trigger and condition, by the command that it uses."""
    check(where_terminal.COMMANDS_WHERE)
    check({message: where for _, message, where in where_terminal.MESSAGES})
    check({key: setting_where(each) for key, each in SETTINGS.items()})


def test_what_is_named_for_cameras_is_there() -> None:
    """Every entity, action, option, trigger and condition."""
    check(where_camera.COMMANDS_WHERE)
    check(where_camera.UPLOADS_WHERE)
    check({key: where for key, (_, _, where) in where_camera.PUSHES.items()})
    check({push: where for _, push, where in where_camera.NEWER_PUSHES})


def test_every_command_of_a_terminal_is_found_somewhere() -> None:
    """A person can reach each."""
    assert [
        key for key in TERMINAL_COMMANDS if not where_terminal.COMMANDS_WHERE.get(key)
    ] == []


def test_every_command_and_upload_of_a_camera_is_found_somewhere() -> None:
    """A person can reach each."""
    assert where_camera.COMMANDS_WHERE.keys() == CAMERA_COMMANDS.keys()
    assert where_camera.UPLOADS_WHERE.keys() == UPLOADS.keys()


def test_the_tables_are_of_what_exists() -> None:
    """Nothing is told of commands, settings and uploads that are in no table."""
    assert where_terminal.COMMANDS_WHERE.keys() <= TERMINAL_COMMANDS.keys()
    assert where_terminal.SETTINGS_WHERE.keys() <= SETTINGS.keys()
    assert where_camera.COMMANDS_WHERE.keys() <= CAMERA_COMMANDS.keys()
    assert where_camera.UPLOADS_WHERE.keys() <= UPLOADS.keys()


def test_everything_that_a_camera_pushes_is_told() -> None:
    """But for what nobody knows."""
    told = {
        *(push for _, push, _ in where_camera.PUSHES.values()),
        *(push for _, push, _ in where_camera.NEWER_PUSHES),
    }
    known = {*get_args(Push.__value__)} - {NewerPush, UnknownPush}
    assert told == known | {*get_args(NewerPush.__value__)}


@pytest.mark.parametrize("number", where_camera.PUSHES)
def test_a_push_is_read_as_what_the_page_says(number: int) -> None:
    """By its number."""
    _, expected, _ = where_camera.PUSHES[number]
    assert type(parse_push({"cmdtype": number, "message": {}})) is expected


@pytest.mark.parametrize(
    ("place", "there"),
    [
        ("button.open_gate", True),
        ("button.open_sesame", False),
        ("button.restart", True),
        ("button.identify", False),
        ("action.save_person", True),
        ("action.open_gate", False),
        ("option.hold_time", True),
        ("option.hold", False),
        ("trigger.fire", True),
        ("trigger.person_enrolled", False),
        ("condition.person_enrolled", True),
    ],
)
def test_the_check_can_fail(place: str, there: bool) -> None:
    """What is there is found, and nothing else."""
    assert is_there(place, read_json(ENGLISH)) is there
