"""What the forms of the actions offer is what the actions and the protocol take."""

from pathlib import Path
from typing import Any

import pytest
import voluptuous as vol

from custom_components import thermogate
from custom_components.thermogate.actions import (
    alarm_schedules,
    areas,
    camera_access,
    camera_files,
    camera_functions,
    dead_pixels,
    encryption,
    files,
    firmware,
    hardware,
    intercom,
    journal,
    mobile,
    packages,
    person_fields,
    persons,
    ptz,
    ptz_paths,
    ptz_positions,
    recording,
    records,
    rules,
    schedules,
    screen,
    screensaver,
    settings,
    sound,
    temperature_history,
    thermal,
    thermal_files,
    video_streams,
    wiring,
)
from custom_components.thermogate.coordinator.alarms import ALARMS
from custom_components.thermogate.facegate import COMMANDS, MAX_MEDIA, AccessResult
from custom_components.thermogate.guide import (
    MATERIALS,
    RULE_FIELDS,
    RULE_NAMES,
    STREAM_NAMES,
    STREAMS,
    TIMED_ALARMS,
    VIDEO_FIELDS,
    FieldType,
    Shape,
    Unit,
)
from custom_components.thermogate.guide.commands import command_for
from custom_components.thermogate.journal import MAX_PAGE, Format, Kind
from custom_components.thermogate.screen import DURATION, FONT_SIZE
from homeassistant.util.yaml import load_yaml_dict

ACTIONS = load_yaml_dict(str(Path(thermogate.__file__).with_name("services.yaml")))
FIELDS = (
    {name: fields for name, (_, fields) in ptz.ACTIONS.items()}
    | journal.FIELDS
    | settings.FIELDS
    | persons.FIELDS
    | wiring.FIELDS
    | hardware.FIELDS
    | files.FIELDS
    | encryption.FIELDS
    | mobile.FIELDS
    | records.FIELDS
    | schedules.FIELDS
    | screen.FIELDS
    | screensaver.FIELDS
    | sound.FIELDS
    | camera_access.FIELDS
    | intercom.FIELDS
    | firmware.FIELDS
    | temperature_history.FIELDS
    | ptz_positions.FIELDS
    | ptz_paths.FIELDS
    | thermal.FIELDS
    | thermal_files.FIELDS
    | recording.FIELDS
    | camera_files.FIELDS
    | dead_pixels.FIELDS
    | camera_functions.FIELDS
    | rules.FIELDS
    | areas.FIELDS
    | alarm_schedules.FIELDS
    | video_streams.FIELDS
    | packages.FIELDS
)


def offered(action: str, field: str) -> dict[str, Any]:
    """Return what the selector of a field offers."""
    [selector] = ACTIONS[action]["fields"][field]["selector"].values()
    return dict(selector)


@pytest.mark.parametrize(
    ("action", "field", "cmdtype", "name"),
    [
        ("ptz_move", "speed", 600, "ptz_param1"),
        ("save_line_scan", "speed", 612, "linescan_speed"),
        ("save_line_scan", "left_pause", 612, "linescan_left_duration"),
        ("save_line_scan", "right_pause", 612, "linescan_right_duration"),
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
        ("ptz_move", "channel"): [*ptz.CHANNELS],
        ("ptz_cruise", "command"): ["start", "stop"],
        ("ptz_scan", "command"): ["start", "stop"],
        ("ptz_trace", "command"): ["start", "stop"],
        ("record_trace", "command"): ["start", "stop"],
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
                assert described.get("default") == field.default(), (name, field)


def test_forms_offer_what_the_journal_knows() -> None:
    """Every kind and result that is ever written, and no other."""
    for action in ("search_journal", "export_journal"):
        assert offered(action, "kind")["options"] == [*Kind]
        assert offered(action, "outcome")["options"] == [*AccessResult, *ALARMS]
    assert offered("export_journal", "format")["options"] == [*Format]
    limit = offered("search_journal", "limit")
    assert (limit["min"], limit["max"]) == (1, MAX_PAGE)


def test_forms_offer_every_section_of_the_settings() -> None:
    """In the order of the vendors' documents."""
    for action in ("get_settings", "set_settings"):
        assert offered(action, "section")["options"] == [*settings.SECTIONS]


def test_forms_have_the_ranges_of_the_ports() -> None:
    """Those of the protocol, and the choices of the network."""
    known = {field.name: field for field in command_for(11).request}
    for ours, theirs in camera_access.PORTS.items():
        if ours == "onvif":
            continue
        form = offered("set_ports", ours)
        assert (form["min"], form["max"]) == (
            known[theirs].minimum,
            known[theirs].maximum,
        )
    network = {field.name: field for field in command_for(9).request}
    for field in ("mode", "ip_version"):
        choices = network[field].choices or {}
        assert offered("set_network", field)["options"] == [*choices.values()]


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


@pytest.mark.parametrize(
    ("action", "field", "command", "key"),
    [
        ("control_gate", "relay", "gpio_control", "port"),
        ("send_serial", "port", "send_serial_data", "port"),
    ],
)
def test_forms_have_the_outputs_of_terminals(
    action: str, field: str, command: str, key: str
) -> None:
    """As many as the protocol has."""
    [sent] = [each for each in COMMANDS[command].request if each.key == key]
    form = offered(action, field)
    assert (form["min"], form["max"]) == (sent.minimum, sent.maximum)


@pytest.mark.parametrize("action", ["control_gate", "send_wiegand"])
def test_forms_have_the_modes_of_outputs(action: str) -> None:
    """All of them."""
    [mode] = [each for each in COMMANDS["gpio_control"].request if each.key == "mode"]
    assert sorted(offered(action, "mode")["options"]) == sorted(mode.choices)


def test_forms_have_the_numbers_of_records_and_rules() -> None:
    """As the commands take them."""
    asked = {field.key: field for field in COMMANDS["request_records"].request}
    for name in ("score_from", "score_to"):
        form = offered("list_records", name)
        assert (form["min"], form["max"]) == (
            asked["score_start"].minimum,
            asked["score_start"].maximum,
        )
    assert offered("list_records", "limit")["max"] == records.MAX_LISTED

    [number] = COMMANDS["delete_record"].request
    form = offered("delete_record", "sequence")
    assert (form["min"], form["max"]) == (number.minimum, number.maximum)

    [rules] = COMMANDS["update_schedules"].request
    [kind] = [field for field in rules.fields if field.key == "kind"]
    form = offered("save_access_rule", "rule")
    assert (form["min"], form["max"]) == (kind.minimum, kind.maximum)
    for action in ("get_access_rules", "save_access_rule", "set_access_rules"):
        assert offered(action, "week_starts")["options"] == [*schedules.WEEK_STARTS]


def test_forms_have_the_ranges_of_the_screen() -> None:
    """The least that terminals take, and what the actions take of pictures and positions."""
    [texts] = [
        field for field in COMMANDS["text_display"].request if field.key == "texts"
    ]
    fields = {field.key: field for field in texts.fields}
    fields |= {field.key: field for field in fields["position"].fields}
    for name in ("x", "y", "font_size", "font_spacing"):
        assert offered("show_text", name)["min"] == fields[name].minimum
    assert offered("show_text", "duration")["min"] == fields["alive_time"].minimum
    for name in ("width", "height"):
        form = offered("show_image", name)
        assert (form["min"], form["max"]) == (1, screen.MAX_SIDE)
    form = offered("upload_screensaver_media", "position")
    assert (form["min"], form["max"]) == (1, MAX_MEDIA)


def test_forms_show_what_is_meant_when_nothing_is_said() -> None:
    """Texts and pictures stand and look as messages do."""
    form = ACTIONS["show_text"]["fields"]
    assert form["duration"]["default"] * 1000 == DURATION
    assert form["font_size"]["default"] == FONT_SIZE
    [texts] = [
        field for field in COMMANDS["text_display"].request if field.key == "texts"
    ]
    [spacing] = [field for field in texts.fields if field.key == "font_spacing"]
    assert form["font_spacing"]["default"] == spacing.default


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


def test_forms_have_the_ranges_and_choices_of_rules() -> None:
    """Those of the camera's table, and every shape and material."""
    for name, theirs in RULE_NAMES.items():
        if name == "name":
            continue
        form, field = ACTIONS["save_rule"]["fields"][name], RULE_FIELDS[theirs]
        if field.choices:
            assert offered("save_rule", name)["options"] == [*field.choices.values()]
        elif field.type is not FieldType.SWITCH:
            [number] = form["selector"].values()
            assert (number["min"], number["max"]) == (field.minimum, field.maximum)
    assert offered("save_rule", "shape")["options"] == [*Shape]
    assert offered("save_rule", "material")["options"] == [*MATERIALS]
    assert sorted(offered("list_rules", "unit")["options"]) == sorted(Unit)


def test_forms_have_the_alarms_and_streams_of_cameras() -> None:
    """Every alarm that has times, every stream and the ranges of its fields."""
    assert offered("set_alarm_schedule", "alarm")["options"] == [*TIMED_ALARMS]
    assert offered("set_video_stream", "stream")["options"] == [*STREAMS]
    for name, theirs in {**STREAM_NAMES, "codec": "encodec"}.items():
        if name == "resolution":
            continue
        form, field = offered("set_video_stream", name), VIDEO_FIELDS[theirs]
        if field.choices:
            assert form["options"] == [*field.choices.values()]
        else:
            assert (form["min"], form["max"]) == (field.minimum, field.maximum)
