"""What the forms of the actions offer is what the actions and the protocol take."""

from pathlib import Path
from typing import Any

import pytest
import voluptuous as vol

from custom_components import thermogate
from custom_components.thermogate.actions import (
    firmware,
    intercom,
    journal,
    person_fields,
    persons,
    ptz,
    settings,
)
from custom_components.thermogate.coordinator.alarms import ALARMS
from custom_components.thermogate.facegate import COMMANDS, AccessResult
from custom_components.thermogate.guide.commands import command_for
from custom_components.thermogate.journal import MAX_PAGE, Format, Kind
from homeassistant.util.yaml import load_yaml_dict

ACTIONS = load_yaml_dict(str(Path(thermogate.__file__).with_name("services.yaml")))
FIELDS = (
    {name: fields for name, (_, fields) in ptz.ACTIONS.items()}
    | journal.FIELDS
    | settings.FIELDS
    | persons.FIELDS
    | intercom.FIELDS
    | firmware.FIELDS
)


def offered(action: str, field: str) -> dict[str, Any]:
    """Return what the selector of a field offers."""
    [selector] = ACTIONS[action]["fields"][field]["selector"].values()
    return dict(selector)


@pytest.mark.parametrize(
    ("action", "field", "cmdtype", "name"),
    [
        ("ptz_move", "speed", 600, "ptz_param1"),
        ("ptz_cruise", "index", 610, "cruise_index"),
        ("ptz_scan", "index", 613, "linescan_index"),
        ("ptz_trace", "index", 616, "trace_index"),
    ],
)
def test_forms_have_the_ranges_of_the_protocol(
    action: str, field: str, cmdtype: int, name: str
) -> None:
    """A limit that the protocol does not have may stand in the form only, as a slider's end."""
    [known] = [each for each in command_for(cmdtype).request if each.name == name]
    form = offered(action, field)

    assert form["min"] == known.minimum
    assert known.maximum in (form["max"], None)


def test_forms_have_the_range_and_the_choices_of_the_actions() -> None:
    """What can be chosen is what is understood."""
    duration = ptz.MOVE_FIELDS["duration"]
    form = offered("ptz_move", "duration")
    assert duration(form["min"]) == form["min"]
    assert duration(form["max"]) == form["max"] == ptz.MAX_DURATION
    for beyond in (form["min"] - 0.01, form["max"] + 0.01):
        with pytest.raises(vol.Invalid):
            duration(beyond)

    choices = {
        ("ptz_move", "direction"): [*ptz.DIRECTIONS, "stop"],
        ("ptz_move", "zoom"): [*ptz.ZOOMS],
        ("ptz_move", "focus"): [*ptz.FOCUSES],
        ("ptz_move", "iris"): [*ptz.IRISES],
        ("ptz_cruise", "command"): ["start", "stop"],
        ("ptz_scan", "command"): ["start", "stop"],
        ("ptz_trace", "command"): ["start", "stop"],
    }
    for (action, field), understood in choices.items():
        assert offered(action, field)["options"] == understood


def test_forms_have_the_fields_and_defaults_of_the_actions() -> None:
    """Every one, and required where the action requires it."""
    assert ACTIONS.keys() == FIELDS.keys()
    for name, fields in FIELDS.items():
        form = ACTIONS[name]["fields"]
        assert form.keys() == {str(field) for field in fields}
        for field in fields:
            described = form[str(field)]
            assert described.get("required", False) == isinstance(field, vol.Required)
            if isinstance(field, vol.Optional) and not isinstance(
                field.default, vol.Undefined
            ):
                assert described["default"] == field.default()


def test_forms_offer_what_the_journal_knows() -> None:
    """Every kind and result that is ever written, and no other."""
    for action in ("search_journal", "export_journal"):
        assert offered(action, "kind")["options"] == [*Kind]
        assert offered(action, "outcome")["options"] == [*AccessResult, *ALARMS]
    assert offered("export_journal", "format")["options"] == [*Format]
    limit = offered("search_journal", "limit")
    assert (limit["min"], limit["max"]) == (1, MAX_PAGE)


def test_forms_offer_every_section_of_the_settings() -> None:
    """In the order of the vendor's document."""
    assert offered("get_settings", "section")["options"] == [*settings.SECTIONS]


def test_forms_offer_what_terminals_know_of_people() -> None:
    """The roles and rules of the command, and the validities that have a word."""
    sent = {field.key: field for field in COMMANDS["upload_person"].request}
    roles = [*person_fields.ROLES]
    assert sorted(roles) == sorted(sent["role"].choices)
    for action in ("list_persons", "save_person", "copy_persons"):
        assert offered(action, "role")["options"] == roles
    assert offered("delete_person", "role")["options"] == [*roles, persons.ALL]

    rule = offered("save_person", "rule")
    assert (rule["min"], rule["max"]) == (sent["kind"].minimum, sent["kind"].maximum)
    assert offered("save_person", "validity")["options"] == [
        person_fields.ALWAYS,
        person_fields.EXPIRED,
    ]
    assert offered("list_persons", "limit")["max"] == persons.MAX_LISTED


def test_forms_offer_what_terminals_know_of_calls() -> None:
    """Ports, digits and positions of the commands, and as many rooms as are answered with."""
    account = {field.key: field for field in COMMANDS["sip_register"].request}
    parts = {field.key: field for field in COMMANDS["set_room_format"].request}
    ranges = {("set_sip_account", "port"): account["port"]} | {
        ("set_room_format", ours): parts[theirs]
        for ours, theirs in intercom.FORMAT.items()
        if ours.endswith("digits")
    }
    for (action, name), field in ranges.items():
        form = offered(action, name)
        assert (form["min"], form["max"]) == (field.minimum, field.maximum), name
    assert offered("set_room_format", "position")["options"] == [
        *parts["sip_type"].choices
    ]
    assert offered("list_rooms", "limit")["max"] == intercom.MAX_LISTED
