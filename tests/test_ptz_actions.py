"""The actions that list and change what a camera on a pan-tilt head remembers."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from custom_components.thermogate.const import DOMAIN
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import device_registry as dr
from tests.helpers import attributes_of, set_up, state_of
from tests.simulators.camera import CameraSimulator, Options as CameraOptions
from tests.simulators.camera.ptz import Position, Preset
from tests.simulators.terminal import TerminalSimulator

PRESET, CRUISE = "select.yard_ptz_preset", "select.yard_ptz_cruise"
HERE = Position(pan=12.0, tilt=3.0, zoom=2.0)
LISTS, CHANGES = (
    {"get_ptz": {}},
    {
        "save_preset": {"preset": "Gate"},
        "rename_preset": {"preset": "1", "name": "Gate"},
        "delete_preset": {"preset": "1"},
        "save_cruise": {"cruise": "1", "name": "Tour"},
        "delete_cruise": {"cruise": "1"},
        "save_line_scan": {"scan": "1", "speed": 5},
        "record_trace": {"trace": "1"},
    },
)
ACTIONS: dict[str, dict[str, Any]] = LISTS | CHANGES


@pytest.fixture(autouse=True)
def _only_selects() -> Iterator[None]:
    with patch("custom_components.thermogate.PLATFORMS", [Platform.SELECT]):
        yield


@pytest.fixture
async def yard(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> CameraSimulator:
    """Run a camera that is set up."""
    await set_up(hass, camera_entry)
    return camera


def device_of(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the device of an entry that is set up."""
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return device.id


async def call(
    hass: HomeAssistant,
    action: str,
    *,
    context: Context | None = None,
    **data: Any,
) -> dict[str, Any]:
    """Call an action with the one device there is, and return what it answers."""
    [entry] = hass.config_entries.async_entries(DOMAIN)
    assert isinstance(entry, MockConfigEntry)
    answer = await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device_of(hass, entry), **data},
        blocking=True,
        return_response=action in ("get_ptz", "save_preset", "save_cruise"),
        context=context,
    )
    return dict(answer or {})


def messages(camera: CameraSimulator, cmdtype: int) -> list[Any]:
    """Return what arrived by a command, oldest first."""
    return [request.message for request in camera.received(cmdtype)]


# What there is


async def test_everything_that_the_camera_remembers(
    hass: HomeAssistant, yard: CameraSimulator
) -> None:
    """With the names that the other actions take, and what moves it now."""
    yard.ptz.traces[2] = [(0.0, HERE)]
    yard.ptz.run(1, 1, 0, yard.camera.now())
    answer = await call(hass, "get_ptz")
    assert answer["device"] == "Yard"
    assert answer["presets"][1] == {"index": 2, "name": "Transformer"}
    assert answer["cruises"] == [
        {
            "index": 1,
            "name": "Round",
            "stops": [
                {"preset": 1, "name": "Whole yard", "duration": 10},
                {"preset": 2, "name": "Transformer", "duration": 10},
                {"preset": 3, "name": "Motor", "duration": 10},
            ],
        }
    ]
    assert answer["line_scans"][0] == {
        "index": 1,
        "name": "Scan 1",
        "speed": 3,
        "left_border": True,
        "left_pause": 2,
        "right_border": True,
        "right_pause": 2,
    }
    assert answer["traces"][1] == {"index": 2, "name": "Trace 2", "recorded": True}
    assert answer["motion"] == {"moving": True, "kind": "cruise", "index": 1}


async def test_what_the_camera_does_not_have_is_missing(
    hass: HomeAssistant, yard: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """It said so when it was first asked, and is not asked again."""
    camera_entry.runtime_data.unsupported |= {"line_scans", "traces", "cruises"}
    answer = await call(hass, "get_ptz")
    assert answer.keys() == {"device_id", "device", "presets", "motion"}
    assert answer["motion"] == {"moving": False, "kind": None, "index": None}


# Presets


@pytest.mark.parametrize(
    ("called", "index", "name", "result"),
    [
        ({"preset": "Gate"}, 4, "Gate", "added"),
        ({"preset": "Gate", "name": "Gate at night"}, 4, "Gate at night", "added"),
        ({"preset": 255}, 255, "", "added"),
        ({"preset": 255, "name": "Gate"}, 255, "Gate", "added"),
        ({"preset": "motor"}, 3, "Motor", "changed"),
        ({"preset": 3, "name": "Pump"}, 3, "Pump", "changed"),
    ],
)
async def test_where_it_looks_is_kept(
    hass: HomeAssistant,
    yard: CameraSimulator,
    called: dict[str, Any],
    index: int,
    name: str,
    result: str,
) -> None:
    """Under the name or number given, or the lowest number that is free; and it can be chosen at once."""
    yard.ptz.position = HERE
    answer = await call(hass, "save_preset", **called)
    assert (answer["index"], answer["name"], answer["result"]) == (index, name, result)
    assert yard.ptz.presets[index] == Preset(name, 0, HERE)
    assert state_of(hass, PRESET) == (name or str(index))
    assert (name or str(index)) in attributes_of(hass, PRESET)["options"]


async def test_a_preset_is_renamed(hass: HomeAssistant, yard: CameraSimulator) -> None:
    """It stays where it is, with what the maker keeps in it."""
    yard.ptz.presets[2].param = 7
    before = yard.ptz.presets[2].position
    await call(hass, "rename_preset", preset="Transformer", name="T1")
    assert yard.ptz.presets[2] == Preset("T1", 7, before)
    assert "T1" in attributes_of(hass, PRESET)["options"]


async def test_a_preset_is_deleted(hass: HomeAssistant, yard: CameraSimulator) -> None:
    """Only that one, and nobody is at it any more."""
    await call(hass, "save_preset", preset="Gate")
    assert state_of(hass, PRESET) == "Gate"
    await call(hass, "delete_preset", preset="gate")
    assert messages(yard, 603) == [{"presets": [{"index": 4}]}]
    assert [*yard.ptz.presets] == [1, 2, 3]
    assert state_of(hass, PRESET) == "unknown"
    assert "Gate" not in attributes_of(hass, PRESET)["options"]


async def test_all_presets_are_deleted(
    hass: HomeAssistant, yard: CameraSimulator
) -> None:
    """One after the other, as every camera takes it, and only when that is meant."""
    for confirm in ({}, {"confirm": False}):
        with pytest.raises(ServiceValidationError) as refused:
            await call(hass, "delete_preset", all_presets=True, **confirm)
        assert refused.value.translation_key == "all_not_confirmed"
    assert len(yard.ptz.presets) == 3
    await call(hass, "delete_preset", all_presets=True, confirm=True)
    assert len(messages(yard, 603)) == 3
    assert yard.ptz.presets == {}
    assert attributes_of(hass, PRESET)["options"] == []


@pytest.mark.parametrize("index", [0, 256])
@pytest.mark.parametrize(
    ("action", "data", "cmdtype", "key"),
    [
        ("save_preset", {}, 602, "invalid_value"),
        ("rename_preset", {"name": "Gate"}, 604, "unknown_preset"),
        ("delete_preset", {}, 603, "unknown_preset"),
    ],
)
async def test_a_preset_that_cannot_be(
    hass: HomeAssistant,
    yard: CameraSimulator,
    action: str,
    data: dict[str, Any],
    cmdtype: int,
    key: str,
    index: int,
) -> None:
    """Nothing is sent: presets are numbered from 1 to 255."""
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, action, preset=index, **data)
    assert refused.value.translation_key == key
    assert messages(yard, cmdtype) == []


@pytest.mark.parametrize("index", [1, 255])
async def test_the_first_and_the_last_preset(
    hass: HomeAssistant, yard: CameraSimulator, index: int
) -> None:
    """Are kept, renamed and deleted as any other."""
    await call(hass, "save_preset", preset=index)
    await call(hass, "rename_preset", preset=index, name="End")
    assert yard.ptz.presets[index].name == "End"
    await call(hass, "delete_preset", preset=index)
    assert index not in yard.ptz.presets


async def test_a_camera_full_of_presets(
    hass: HomeAssistant, yard: CameraSimulator
) -> None:
    """Takes the last, and no more; what it has can still be replaced."""
    yard.ptz.presets.update(
        {index: Preset(f"P{index}", 0, HERE) for index in range(4, 255)}
    )
    assert (await call(hass, "save_preset", preset="Last"))["index"] == 255
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, "save_preset", preset="One more")
    assert refused.value.translation_key == "no_number_free"
    assert refused.value.translation_placeholders == {
        "name": "One more",
        "maximum": "255",
    }
    assert (await call(hass, "save_preset", preset="P9"))["result"] == "changed"


# Cruises

STOPS = [
    {"preset": "motor", "duration": 1},
    {"preset": 1, "duration": 300},
    {"preset": "2"},
]


async def test_a_cruise_is_added(hass: HomeAssistant, yard: CameraSimulator) -> None:
    """With presets by name or number; ten seconds each where nothing is said."""
    answer = await call(hass, "save_cruise", cruise="Tour", stops=STOPS)
    assert (answer["index"], answer["name"], answer["result"]) == (2, "Tour", "added")
    assert messages(yard, 607) == [
        {
            "cruise_groups": [
                {
                    "cruise_index": 2,
                    "cruise_name": "Tour",
                    "cruise_param": 0,
                    "presets": [
                        {"index": 3, "name": "Motor", "param": 0, "duration": 1},
                        {"index": 1, "name": "Whole yard", "param": 0, "duration": 300},
                        {"index": 2, "name": "Transformer", "param": 0, "duration": 10},
                    ],
                }
            ]
        }
    ]
    assert attributes_of(hass, CRUISE)["options"] == ["off", "Round", "Tour"]


async def test_a_cruise_is_renamed(hass: HomeAssistant, yard: CameraSimulator) -> None:
    """It keeps its stops, and what the maker keeps in it."""
    yard.ptz.cruises[1]["cruise_param"] = 5
    before = [stop["index"] for stop in yard.ptz.cruises[1]["presets"]]
    answer = await call(hass, "save_cruise", cruise="Round", name="Tour")
    assert (answer["index"], answer["result"]) == (1, "changed")
    group = yard.ptz.cruises[1]
    assert (group["cruise_name"], group["cruise_param"]) == ("Tour", 5)
    assert [stop["index"] for stop in group["presets"]] == before
    assert attributes_of(hass, CRUISE)["options"] == ["off", "Tour"]


@pytest.mark.parametrize(
    ("stops", "kept"), [([{"preset": "Motor"}], [3]), ([], [])], ids=["one", "none"]
)
async def test_a_cruise_gets_other_stops(
    hass: HomeAssistant,
    yard: CameraSimulator,
    stops: list[dict[str, Any]],
    kept: list[int],
) -> None:
    """It keeps its name; without any it stays and cannot run."""
    await call(hass, "save_cruise", cruise=1, stops=stops)
    group = yard.ptz.cruises[1]
    assert group["cruise_name"] == "Round"
    assert [stop["index"] for stop in group["presets"]] == kept
    assert len(attributes_of(hass, CRUISE)["options"]) == 1 + len(kept)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"cruise": "New"}, "stops_missing"),
        ({"cruise": "New", "stops": []}, "stops_missing"),
        ({"cruise": "New", "stops": [{"preset": "Moon"}]}, "unknown_preset"),
        ({"cruise": "New", "stops": [{"preset": 4}]}, "unknown_preset"),
        ({"cruise": 0, "stops": STOPS}, "invalid_value"),
        ({"cruise": 9, "stops": STOPS}, "invalid_value"),
    ],
)
async def test_a_cruise_that_cannot_be(
    hass: HomeAssistant, yard: CameraSimulator, data: dict[str, Any], key: str
) -> None:
    """Nothing is sent: cruises are numbered from 1 to 8, and go to presets."""
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, "save_cruise", **data)
    assert refused.value.translation_key == key
    assert messages(yard, 607) == messages(yard, 609) == []


@pytest.mark.parametrize("duration", [0, 301, "long"])
async def test_a_stop_that_is_too_short_or_too_long(
    hass: HomeAssistant, yard: CameraSimulator, duration: int | str
) -> None:
    """A camera stays for 1 to 300 seconds."""
    stops = [{"preset": "Motor", "duration": duration}]
    with pytest.raises(vol.Invalid):
        await call(hass, "save_cruise", cruise="New", stops=stops)
    assert messages(yard, 607) == []


async def test_a_camera_full_of_cruises(
    hass: HomeAssistant, yard: CameraSimulator
) -> None:
    """Takes the eighth, and no more."""
    assert (await call(hass, "save_cruise", cruise=8, stops=STOPS))["index"] == 8
    for index in range(2, 8):
        answer = await call(hass, "save_cruise", cruise=f"C{index}", stops=STOPS)
        assert answer["index"] == index
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, "save_cruise", cruise="One more", stops=STOPS)
    assert refused.value.translation_key == "no_number_free"


async def test_cruises_are_deleted(hass: HomeAssistant, yard: CameraSimulator) -> None:
    """One by its name, or all of them if that is meant."""
    await call(hass, "save_cruise", cruise="Tour", stops=STOPS)
    await call(hass, "delete_cruise", cruise="tour")
    assert [*yard.ptz.cruises] == [1]
    await call(hass, "save_cruise", cruise=8, name="Tour", stops=STOPS)
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, "delete_cruise", all_cruises=True)
    assert refused.value.translation_key == "all_not_confirmed"
    assert [*yard.ptz.cruises] == [1, 8]
    await call(hass, "delete_cruise", all_cruises=True, confirm=True)
    assert yard.ptz.cruises == {}
    assert attributes_of(hass, CRUISE)["options"] == ["off"]


@pytest.mark.parametrize("action", ["delete_preset", "delete_cruise"])
async def test_what_to_delete_has_to_be_said(
    hass: HomeAssistant, yard: CameraSimulator, action: str
) -> None:
    """To confirm alone deletes nothing, and one and all do not go together."""
    what = action.removeprefix("delete_")
    for data in ({}, {"confirm": True}, {f"all_{what}s": False, "confirm": True}):
        with pytest.raises(ServiceValidationError) as refused:
            await call(hass, action, **data)
        assert refused.value.translation_key == "one_or_all"
    with pytest.raises(vol.Invalid):
        await call(hass, action, **{what: "1", f"all_{what}s": True, "confirm": True})
    assert len(yard.ptz.presets) == 3
    assert len(yard.ptz.cruises) == 1


# Line scans and traces


async def test_a_line_scan_is_changed(
    hass: HomeAssistant, yard: CameraSimulator
) -> None:
    """What is not given stays as it is; with both borders it can run."""
    yard.ptz.scans[5]["linescan_right_enable"] = 1
    await call(hass, "save_line_scan", scan=5, left_border=True, left_pause=30)
    assert yard.ptz.scans[5] == {
        "linescan_index": 5,
        "linescan_speed": 3,
        "linescan_name": "Scan 5",
        "linescan_left_enable": 1,
        "linescan_left_duration": 30,
        "linescan_right_enable": 1,
        "linescan_right_duration": 2,
    }
    select = "select.yard_ptz_line_scan"
    assert attributes_of(hass, select)["options"] == ["off", "Scan 1", "Scan 5"]
    await call(
        hass, "save_line_scan", scan="scan 5", name="Fence", speed=9, right_border=False
    )
    scan = yard.ptz.scans[5]
    assert (scan["linescan_name"], scan["linescan_speed"]) == ("Fence", 9)
    assert attributes_of(hass, select)["options"] == ["off", "Scan 1"]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"scan": 1}, "nothing_given"),
        ({"scan": "Moon", "speed": 3}, "unknown_path"),
        ({"scan": 0, "speed": 3}, "invalid_value"),
        ({"scan": 6, "speed": 3}, "invalid_value"),
    ],
)
async def test_a_line_scan_that_cannot_be(
    hass: HomeAssistant, yard: CameraSimulator, data: dict[str, Any], key: str
) -> None:
    """Nothing is sent: line scans are numbered from 1 to 5."""
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, "save_line_scan", **data)
    assert refused.value.translation_key == key
    assert messages(yard, 612) == []


@pytest.mark.parametrize("field", ["speed", "left_pause", "right_pause"])
async def test_a_line_scan_has_no_number_below_zero(
    hass: HomeAssistant, yard: CameraSimulator, field: str
) -> None:
    """Nothing is sent."""
    with pytest.raises(vol.Invalid):
        await call(hass, "save_line_scan", scan=1, **{field: -1})
    assert messages(yard, 612) == []


async def test_a_trace_is_recorded(hass: HomeAssistant, yard: CameraSimulator) -> None:
    """Then it can run."""
    await call(hass, "record_trace", trace="trace 5")
    assert yard.ptz.recording
    await call(hass, "record_trace", trace=5, command="stop")
    assert not yard.ptz.recording
    assert 5 in yard.ptz.traces
    options = attributes_of(hass, "select.yard_ptz_trace")["options"]
    assert options == ["off", "Trace 5"]


@pytest.mark.parametrize(
    ("trace", "key"),
    [(0, "invalid_value"), (6, "invalid_value"), ("Moon", "unknown_path")],
)
async def test_a_trace_that_cannot_be(
    hass: HomeAssistant, yard: CameraSimulator, trace: int | str, key: str
) -> None:
    """Nothing is recorded: traces are numbered from 1 to 5."""
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, "record_trace", trace=trace)
    assert refused.value.translation_key == key
    assert messages(yard, 615) == []


# Who and what


@pytest.mark.parametrize("action", CHANGES)
async def test_only_administrators_change_what_a_camera_remembers(
    hass: HomeAssistant,
    yard: CameraSimulator,
    hass_read_only_user: MockUser,
    action: str,
) -> None:
    """Others may look, and send it where it knows the way."""
    context = Context(user_id=hass_read_only_user.id)
    with pytest.raises(Unauthorized):
        await call(hass, action, context=context, **CHANGES[action])
    assert (await call(hass, "get_ptz", context=context))["presets"]


@pytest.mark.parametrize("action", CHANGES)
async def test_what_the_camera_refuses_is_told(
    hass: HomeAssistant, yard: CameraSimulator, action: str
) -> None:
    """An account without permission learns it."""
    await yard.inject("no-permission")
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, action, **CHANGES[action])
    assert raised.value.translation_key == "camera_permission"


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    "camera_options", [CameraOptions(quirks=frozenset({"no-ptz"}), alarm_period=0)]
)
async def test_a_fixed_camera_remembers_nothing(
    hass: HomeAssistant, yard: CameraSimulator, action: str
) -> None:
    """It has said so when it was set up."""
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, action, **ACTIONS[action])
    assert refused.value.translation_key == "no_ptz"


@pytest.mark.parametrize("action", ACTIONS)
async def test_a_terminal_is_no_camera(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    action: str,
) -> None:
    """It has nothing that moves."""
    await set_up(hass, terminal_entry)
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, action, **ACTIONS[action])
    assert refused.value.translation_key == "not_a_camera"
