"""The actions about where a camera measures, when it watches and how it encodes: what a person asks for, the camera has."""

import asyncio
from copy import deepcopy
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from custom_components.thermogate.actions import (
    alarm_schedules,
    areas,
    rules,
    video_streams,
)
from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.guide import TIMED_ALARMS
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import device_registry as dr
from tests.helpers import act, set_up, settle, state_of
from tests.simulators.camera import CameraSimulator, Options, camera as simulated
from tests.simulators.camera.settings import FIRE, RULES, VIDEO
from tests.simulators.camera.settings_tables import EVERY_DAY

CHANGES = (
    rules.SAVE,
    rules.DELETE,
    areas.SET_SHIELDED,
    areas.SET_FIRE,
    alarm_schedules.SET,
    video_streams.SET,
)
PUMP = {"name": "Pump", "shape": "rectangle", "points": [[0, 0], [0.5, 0.5]]}


async def call(
    hass: HomeAssistant,
    action: str,
    context: Context | None = None,
    *,
    settled: bool = True,
    **fields: Any,
) -> dict[str, Any]:
    """Call an action with the one camera there is, and return what it answers; do not wait for what follows unless `settled`."""
    [entry] = hass.config_entries.async_entries(DOMAIN)
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    answer = await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device.id, **fields},
        blocking=True,
        context=context,
        return_response=action.startswith("list_") or action == rules.SAVE,
    )
    if settled:
        await settle(hass)
    return dict(answer or {})


def rules_of(camera: CameraSimulator) -> list[dict[str, Any]]:
    """Return the rules in the camera."""
    found: list[dict[str, Any]] = camera.camera.settings[RULES]["rule_list"]
    return found


# Rules


async def test_a_rule_is_saved(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """First a new one, then the same changed; the others are as they were."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    before = deepcopy(rules_of(camera))
    answer = await call(hass, rules.SAVE, **PUMP, material="concrete", distance=12)
    assert answer["created"] is True
    told = answer["rule"]
    assert (told["rule_id"], told["material"], told["distance"]) == (5, "concrete", 12)
    assert told["points"][2] == {"x": 0.501, "y": 0.5013}
    assert state_of(hass, "sensor.yard_pump_maximum") not in (None, "unknown")

    answer = await call(
        hass, rules.SAVE, name="Pump", alarm=True, alarm_type="low", low=-5
    )
    assert answer["created"] is False
    pump = rules_of(camera)[-1]
    assert (pump["alarm_flag"], pump["alarm_type"], pump["alarm_condition"]) == (1, 2, 2)  # fmt: skip
    assert (pump["low_temp"], pump["dist"], pump["emiss"]) == (-5, 12, 0.97)
    assert rules_of(camera)[:-1] == before


async def test_a_rule_is_renamed(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """By its number; its entities are called by the new name, and a script can go on at once."""
    await set_up(hass, camera_entry)
    await call(hass, rules.SAVE, settled=False, rule_id=2, name="Main busbar")
    await call(hass, rules.SAVE, name="Main busbar", high=90)
    assert rules_of(camera)[1]["rule_name"] == "Main busbar"
    state = hass.states.get("sensor.yard_busbar_maximum")
    assert state is not None
    assert state.name == "Yard Main busbar maximum"


async def test_what_only_newer_firmware_knows_stays(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Of the rule that is changed, of the others and beside the list."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    camera.camera.settings[RULES]["firmware_2027"] = 1
    for number, rule in enumerate(rules_of(camera)):
        rule["firmware_2027"] = number
    await call(hass, rules.SAVE, name="Busbar", high=70)
    written = camera.received(3)[-1].message
    assert written["firmware_2027"] == 1
    assert [rule["firmware_2027"] for rule in written["rule_list"]] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "camera_options",
    [Options(alarm_period=0, quirks=frozenset({"string-numbers"}))],
)
async def test_firmware_that_tells_numbers_as_texts(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Is told numbers, as the document has them, in all that was not changed as well."""
    await set_up(hass, camera_entry, Platform.NUMBER)
    await call(hass, rules.SAVE, **PUMP)
    await act(hass, "number.set_value", "number.yard_emissivity", value=0.5)
    await act(hass, "number.set_value", "number.yard_pump_high_threshold", value=70)
    assert camera.camera.settings[1]["emiss"] == 0.5
    pump = rules_of(camera)[-1]
    assert (pump["rule_name"], pump["high_temp"], pump["emiss"]) == ("Pump", 70, 0.95)


async def test_two_edits_at_once_both_survive(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Each reads what the one before it has written."""
    await set_up(hass, camera_entry, Platform.SWITCH, Platform.NUMBER)
    await asyncio.gather(
        call(hass, rules.SAVE, **PUMP),
        call(hass, rules.SAVE, **PUMP | {"name": "Fan"}),
        call(hass, rules.DELETE, name="Whole yard"),
        act(hass, "switch.turn_off", "switch.yard_busbar_alarm"),
        act(hass, "number.set_value", "number.yard_busbar_high_threshold", value=66),
    )
    await settle(hass)
    assert {rule["rule_name"] for rule in rules_of(camera)} == {
        "Transformer",
        "Busbar",
        "Motor bearing",
        "Pump",
        "Fan",
    }
    busbar = rules_of(camera)[1]
    assert (busbar["alarm_flag"], busbar["high_temp"]) == (0, 66)
    assert state_of(hass, "switch.yard_busbar_alarm") == "off"
    assert state_of(hass, "number.yard_busbar_high_threshold") == "66.0"
    assert state_of(hass, "switch.yard_fan_alarm") == "off"


async def test_a_camera_full_of_rules(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The error says how many fit, and nothing is sent."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    for number in range(5, 21):
        rules_of(camera).append(
            rules_of(camera)[0] | {"id": number, "rule_name": f"R{number}"}
        )
    await call(hass, rules.SAVE, **PUMP)
    sent = len(camera.received(3))
    with pytest.raises(ServiceValidationError, match="at most 21: delete one first"):
        await call(hass, rules.SAVE, **PUMP | {"name": "Fan"})
    assert len(rules_of(camera)) == 21
    assert len(camera.received(3)) == sent


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"high": 80}, "rule_id"),
        ({"rule_id": 9, "high": 80}, "1, 2, 3, 4"),
        ({"name": "Busbar", "high": 2001}, "-40 to 2000"),
        ({"name": "Busbar", "humidity": 0}, "1 to 100"),
        ({"name": "B" * 21, "shape": "point", "points": [[0, 0]]}, "20 characters"),
        ({"name": "Busbar", "shape": "line", "points": [[0, 0]]}, "2 for a line"),
        (
            {"name": "Busbar", "shape": "polygon", "points": [[0, 0]] * 8},
            "3 to 7 for a polygon",
        ),
        ({"name": "Busbar", "points": [[0, 0], [2, 0]]}, "0 to 1"),
        ({"name": "Fan", "points": [[0, 0]]}, "shape is missing. Give point, line"),
        ({"name": "Fan", "alarm": True}, "the rule is a new one"),
    ],
)
async def test_what_cannot_be_saved(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    fields: dict[str, Any],
    said: str,
) -> None:
    """The error says what is possible, and the camera is not bothered."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    with pytest.raises(ServiceValidationError, match=said):
        await call(hass, rules.SAVE, **fields)
    assert not camera.received(3)


async def test_deleting(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """One goes, by name or number; one that is not there is told with those that are."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    await call(hass, rules.DELETE, name="Busbar")
    await call(hass, rules.DELETE, rule_id=4)
    assert [rule["id"] for rule in rules_of(camera)] == [1, 3]
    assert state_of(hass, "sensor.yard_busbar_maximum") is None
    with pytest.raises(ServiceValidationError, match="Transformer, Motor bearing"):
        await call(hass, rules.DELETE, name="Busbar")


@pytest.mark.parametrize("camera_options", [Options(quirks=frozenset({"bare-500"}))])
async def test_a_camera_that_does_not_tell_the_size_of_its_picture(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """It knows pixels only."""
    # It does not tell its control port either, and is polled.
    await set_up(hass, camera_entry, Platform.SENSOR)
    with pytest.raises(ServiceValidationError, match="pixels"):
        await call(hass, rules.LIST)
    assert len((await call(hass, rules.LIST, unit="pixels"))["rules"]) == 4
    # What needs no place needs no size.
    saved = await call(hass, rules.SAVE, name="Busbar", high=70)
    assert (saved["rule"]["high"], saved["rule"]["points"][0]["x"]) == (70, 50)


# Areas


async def test_fire_areas(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """They are set and told in the same words; the rest of the fire alarm stays."""
    await set_up(hass, camera_entry, Platform.SWITCH)
    assert await call(hass, areas.LIST_FIRE) == {"areas": []}
    area = {"x": 257, "y": 1, "width": 256, "height": 384}
    named = area | {"name": "Store", "sensitivity": 70}
    await call(hass, areas.SET_FIRE, areas=[named, area], unit="pixels")
    told = (await call(hass, areas.LIST_FIRE, unit="pixels"))["areas"]
    assert told == [named, area | {"name": "area2", "sensitivity": 50}]
    fire = camera.camera.settings[FIRE]
    assert (fire["area1"]["bo_right_x"], fire["fire_temp"]) == (512, 120)
    await call(hass, areas.SET_FIRE, areas=[])
    assert await call(hass, areas.LIST_FIRE) == {"areas": []}


async def test_too_many_shielded_areas(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Two fit."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    area = {"x": 0, "y": 0, "width": 0.1, "height": 0.1}
    await call(hass, areas.SET_SHIELDED, areas=[area] * 2)
    with pytest.raises(ServiceValidationError, match="at most 2"):
        await call(hass, areas.SET_SHIELDED, areas=[area] * 3)


# Times


def times_of(camera: CameraSimulator, number: int) -> dict[int, Any]:
    """Return the times in the camera by the number of the day."""
    return {
        item["day"]: [(each["start"], each["end"]) for each in item["period"]]
        for item in camera.camera.settings[number]["effect_day"]
    }


@pytest.mark.parametrize(("week_starts", "monday"), [("monday", 1), ("sunday", 2)])
async def test_the_times_of_an_alarm(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    week_starts: str,
    monday: int,
) -> None:
    """They are told as they are set, and nothing else of the section changes."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    before = deepcopy(camera.camera.settings[FIRE])
    monday_times = [
        {"from": "08:00:00", "to": "12:00:00"},
        {"from": "18:00:00", "to": "24:00:00"},
    ]
    await call(
        hass,
        alarm_schedules.SET,
        alarm="fire",
        week_starts=week_starts,
        schedule={"monday": [{"from": "18:00", "to": "24:00"}, {"from": "8:00", "to": "12:00:00"}]},
    )  # fmt: skip
    assert times_of(camera, FIRE) == {key: [] for key in range(1, 8)} | {
        monday: [("08:00:00", "12:00:00"), ("18:00:00", "23:59:59")]
    }
    assert camera.camera.settings[FIRE] | {"effect_day": EVERY_DAY} == before
    answer = await call(hass, alarm_schedules.LIST, week_starts=week_starts)
    assert [*answer["schedules"]] == [*TIMED_ALARMS]
    fire = answer["schedules"]["fire"]
    assert fire.pop("monday") == monday_times
    assert [*fire.values()] == [[]] * 6
    assert answer["schedules"]["occlusion"]["sunday"] == [
        {"from": "00:00:00", "to": "24:00:00"}
    ]


@pytest.mark.parametrize(("section", "number"), zip(TIMED_ALARMS, (19, 21, 47, 51, 55, 57), strict=True))  # fmt: skip
async def test_every_alarm_has_its_times(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    section: str,
    number: int,
) -> None:
    """Those of its own section, the same every day."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    schedule = {"daily": [{"from": "06:00", "to": "07:30:15"}]}
    await call(hass, alarm_schedules.SET, alarm=section, schedule=schedule)
    assert times_of(camera, number) == {
        key: [("06:00:00", "07:30:15")] for key in range(1, 8)
    }


def span(start: str, end: str) -> dict[str, str]:
    """Return a time of a day."""
    return {"from": start, "to": end}


@pytest.mark.parametrize(
    ("schedule", "key"),
    [
        ({"monday": [span("09:00", "08:00")]}, "section_reversed"),
        ({"monday": [span("08:00", "10:00"), span("09:00", "11:00")]}, "sections_overlap"),
        ({"monday": [], "daily": []}, "daily_or_weekly"),
        ({"monday": [span(f"{hour:02}:00", f"{hour:02}:30") for hour in range(7)]}, "invalid_value"),
    ],
)  # fmt: skip
async def test_times_that_make_no_sense(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    schedule: dict[str, Any],
    key: str,
) -> None:
    """The camera is not bothered with them."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, alarm_schedules.SET, alarm="fire", schedule=schedule)
    assert raised.value.translation_key == key
    assert not camera.received(FIRE)


@pytest.mark.parametrize(
    ("text", "time"),
    [("8:05", "08:05:00"), ("23:59:59", "23:59:59"), ("24:00", "24:00:00")],
)
def test_clocks(text: str, time: str) -> None:
    """Hours and minutes, and seconds if somebody likes."""
    assert alarm_schedules.clock(text) == time


@pytest.mark.parametrize("value", [1080, "24:01", "25:00", "8", "08:60", "08:00:60"])
def test_no_clocks(value: object) -> None:
    """A number is a time without quotes."""
    with pytest.raises(vol.Invalid):
        alarm_schedules.clock(value)


async def test_a_camera_that_lacks_an_alarm(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its times are left out; who sets them learns why that is not possible."""
    monkeypatch.delitem(simulated.HANDLERS, 58)
    await set_up(hass, camera_entry, Platform.SENSOR)
    answer = await call(hass, alarm_schedules.LIST)
    assert answer["schedules"].keys() == {*TIMED_ALARMS} - {"contamination"}
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, alarm_schedules.SET, alarm="contamination", schedule={})
    assert raised.value.translation_key == "not_supported"


# Streams


async def test_a_stream_is_changed(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """In the camera's own spelling of the codec; the others stay."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    streams = camera.camera.settings[VIDEO]["params"]
    for stream in streams:
        stream["encoder"] = stream.pop("encodec")
    others = deepcopy(streams[1:])
    await call(hass, video_streams.SET, stream="visible_main", codec="h265", resolution="1920x1080", bit_rate=4096)  # fmt: skip
    assert (streams[0]["encoder"], streams[0]["ratio"], streams[0]["bit_size"]) == (1, "1920x1080", 4096)  # fmt: skip
    assert "encodec" not in camera.received(VIDEO)[-1].message["params"][0]
    assert streams[1:] == others


async def test_a_stream_that_cannot_be_so(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Nothing given, or a size that the camera does not have."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, video_streams.SET, stream="thermal_main")
    assert raised.value.translation_key == "nothing_given"
    with pytest.raises(HomeAssistantError) as refused:
        await call(
            hass, video_streams.SET, stream="thermal_main", resolution="1280x720"
        )
    assert refused.value.translation_key == "refused"


# All


@pytest.mark.parametrize("action", CHANGES)
async def test_changes_are_for_administrators(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    hass_read_only_user: MockUser,
    action: str,
) -> None:
    """Whoever else tries is turned away."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    fields = {
        rules.SAVE: {"name": "Busbar", "high": 5},
        rules.DELETE: {"name": "Busbar"},
        areas.SET_SHIELDED: {"areas": []},
        areas.SET_FIRE: {"areas": []},
        alarm_schedules.SET: {"alarm": "fire", "schedule": {}},
        video_streams.SET: {"stream": "thermal_main", "fps": 5},
    }[action]
    with pytest.raises(Unauthorized):
        await call(hass, action, Context(user_id=hass_read_only_user.id), **fields)
