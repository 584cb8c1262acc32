"""The actions: what a person or an automation can tell a camera to do, and what arrives there."""

from collections.abc import AsyncGenerator
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.thermogate.actions import ptz
from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.guide import PtzAction
from homeassistant.const import (
    ATTR_AREA_ID,
    ATTR_DEVICE_ID,
    ATTR_ENTITY_ID,
    CONF_PORT,
    Platform,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import area_registry as ar, device_registry as dr
from tests.simulators.camera import CameraSimulator, Options as CameraOptions
from tests.simulators.camera.ptz import Position, Preset
from tests.simulators.terminal import TerminalSimulator
from tests.waiting import until

MOVE, PRESET, CRUISE, SCAN, TRACE = 600, 605, 610, 613, 616
VISIBLE, THERMAL = "camera.yard_visible", "camera.yard_thermal"
START, STOP = 0, 1


@pytest.fixture
async def yard(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> AsyncGenerator[CameraSimulator]:
    """Run a camera that is set up."""
    with patch("custom_components.thermogate.PLATFORMS", [Platform.CAMERA]):
        assert await hass.config_entries.async_setup(camera_entry.entry_id)
        yield camera
        await hass.config_entries.async_unload(camera_entry.entry_id)


async def call(
    hass: HomeAssistant, action: str, target: Any = VISIBLE, **data: Any
) -> None:
    """Call an action on an entity, or on another kind of target, and wait until it is done."""
    if not isinstance(target, dict):
        target = {ATTR_ENTITY_ID: target}
    await hass.services.async_call(DOMAIN, action, data, blocking=True, target=target)


async def move(hass: HomeAssistant, target: Any = VISIBLE, **data: Any) -> None:
    """Move for a moment."""
    await call(hass, "ptz_move", target, **{"duration": 0.1, **data})


def moves(camera: CameraSimulator) -> list[tuple[int, int, int]]:
    """Return the moves that arrived: number of the motion, start or stop, speed."""
    return [
        (
            request.message["ptz_command"],
            request.message["ptz_action"],
            request.message["ptz_param1"],
        )
        for request in camera.received(MOVE)
    ]


# Moving


# The numbers are those of the vendor document, 600.
@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        ({"zoom": "in"}, 6),
        ({"zoom": "out"}, 7),
        ({"focus": "near"}, 8),
        ({"focus": "far"}, 9),
        ({"iris": "open"}, 10),
        ({"iris": "close"}, 11),
        ({"direction": "up"}, 12),
        ({"direction": "down"}, 13),
        ({"direction": "left"}, 14),
        ({"direction": "right"}, 15),
        ({"direction": "up_left"}, 16),
        ({"direction": "up_right"}, 17),
        ({"direction": "down_left"}, 18),
        ({"direction": "down_right"}, 19),
        ({"direction": "up", "zoom": "in"}, 20),
        ({"direction": "right", "zoom": "out"}, 27),
        ({"direction": "down_right", "zoom": "out"}, 35),
    ],
)
async def test_a_move_starts_and_stops(
    hass: HomeAssistant, yard: CameraSimulator, wanted: dict[str, str], number: int
) -> None:
    """The camera moves for the time that was asked, and stands when the action is done."""
    await move(hass, **wanted)

    assert moves(yard) == [(number, START, 0), (number, STOP, 0)]
    assert not yard.ptz.moving


async def test_a_move_has_the_speed_that_was_asked_for(
    hass: HomeAssistant, yard: CameraSimulator
) -> None:
    """And lasts as long."""
    before = yard.ptz.position

    await move(hass, direction="right", speed=20, duration=0.3)

    assert moves(yard)[0] == (15, START, 20)
    # 40 degrees per second at this speed.
    assert 6 < yard.ptz.position.pan - before.pan < 24


def test_every_motion_can_be_asked_for() -> None:
    """All functions of the head but its auxiliaries, each in one way."""
    asked = [
        ptz.motion(wanted)
        for wanted in [
            *({"direction": each} for each in ptz.DIRECTIONS),
            *({"zoom": each} for each in ptz.ZOOMS),
            *({"focus": each} for each in ptz.FOCUSES),
            *({"iris": each} for each in ptz.IRISES),
            *(
                {"direction": direction, "zoom": zoom}
                for direction in ptz.DIRECTIONS
                for zoom in ptz.ZOOMS
            ),
        ]
    ]

    auxiliaries = {"light", "wiper", "fan", "heater", "auxiliary"}
    assert sorted(asked) == sorted(
        each for each in PtzAction if each not in auxiliaries
    )


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"speed": 3},
        {"direction": "left", "focus": "near"},
        {"zoom": "in", "iris": "open"},
        {"focus": "near", "iris": "open"},
        {"direction": "stop", "zoom": "in"},
        {"direction": "stop", "focus": "near"},
    ],
)
async def test_motions_that_do_not_go_together_are_refused(
    hass: HomeAssistant, yard: CameraSimulator, wanted: dict[str, Any]
) -> None:
    """As is none at all; nothing is sent."""
    with pytest.raises(ServiceValidationError) as refused:
        await move(hass, **wanted)

    assert refused.value.translation_key == "one_motion"
    assert moves(yard) == []


@pytest.mark.parametrize(
    "wanted",
    [
        {"direction": "north"},
        {"zoom": "up"},
        {"direction": "left", "duration": 0},
        {"direction": "left", "duration": 61},
        {"direction": "left", "duration": "long"},
        {"direction": "left", "speed": "fast"},
        {"direction": "left", "sped": 3},
        {"direction": "left", "channel": "sound"},
    ],
)
async def test_a_move_that_makes_no_sense_is_refused(
    hass: HomeAssistant, yard: CameraSimulator, wanted: dict[str, Any]
) -> None:
    """Before anything is sent."""
    with pytest.raises(vol.Invalid):
        await move(hass, **wanted)

    assert moves(yard) == []


async def test_what_the_camera_would_not_take_moves_nothing(
    hass: HomeAssistant, yard: CameraSimulator
) -> None:
    """The error names the field, the value and what is allowed."""
    with pytest.raises(ServiceValidationError) as refused:
        await move(hass, direction="left", speed=-1)

    assert refused.value.translation_key == "invalid_value"
    assert refused.value.translation_placeholders == {
        "field": "ptz_param1",
        "value": "-1",
        "allowed": "at least 0",
    }
    assert not yard.ptz.moving
    assert START not in [action for _, action, _ in moves(yard)]


async def test_stop_ends_a_move(hass: HomeAssistant, yard: CameraSimulator) -> None:
    """At once, and the action that moved is done as well."""
    moving = hass.async_create_task(move(hass, direction="up", duration=60))
    await until(lambda: yard.ptz.moving)

    await call(hass, "ptz_move", direction="stop")

    assert not yard.ptz.moving
    await moving
    assert moves(yard)[:2] == [(12, START, 0), (12, STOP, 0)]
    assert moves(yard)[-1][1] == STOP


async def test_stop_is_sent_also_when_home_assistant_moves_nothing(
    hass: HomeAssistant, yard: CameraSimulator
) -> None:
    """Somebody else may have started it."""
    yard.ptz.command(14, START, 0, yard.camera.now())

    await call(hass, "ptz_move", direction="stop")

    assert not yard.ptz.moving


async def test_a_newer_move_ends_the_one_before(
    hass: HomeAssistant, yard: CameraSimulator
) -> None:
    """Each is stopped before the next begins."""
    first = hass.async_create_task(move(hass, direction="left", duration=60))
    await until(lambda: yard.ptz.moving)

    await move(hass, direction="up")

    await first
    assert moves(yard) == [(14, START, 0), (14, STOP, 0), (12, START, 0), (12, STOP, 0)]


async def test_a_move_whose_caller_is_gone_is_stopped(
    hass: HomeAssistant, yard: CameraSimulator
) -> None:
    """An automation that is restarted cancels what it was doing."""
    moving = hass.async_create_task(move(hass, direction="left", duration=60))
    await until(lambda: yard.ptz.moving)

    moving.cancel()

    await until(lambda: not yard.ptz.moving)
    assert moves(yard) == [(14, START, 0), (14, STOP, 0)]


# Presets, rounds, scans, traces


@pytest.mark.parametrize(
    ("preset", "index"), [("Transformer", 2), ("3", 3), ("1", 1)], ids=str
)
async def test_a_preset_is_named_or_numbered(
    hass: HomeAssistant, yard: CameraSimulator, preset: str, index: int
) -> None:
    """The camera turns there."""
    await call(hass, "ptz_preset", preset=preset)

    assert [request.message for request in yard.received(PRESET)] == [{"index": index}]
    await until(lambda: yard.ptz.position == yard.ptz.presets[index].position)


async def test_a_preset_that_is_not_there_is_refused(
    hass: HomeAssistant, yard: CameraSimulator
) -> None:
    """With what there is; the camera is not sent there, which might neither go nor refuse."""
    for preset in ("Moon", "200", "256", "0"):
        with pytest.raises(ServiceValidationError) as refused:
            await call(hass, "ptz_preset", preset=preset)
        assert refused.value.translation_key == "unknown_preset"
        assert refused.value.translation_placeholders == {
            "preset": preset,
            "known": "Whole yard, Transformer, Motor",
        }
    assert yard.received(PRESET) == []


async def test_a_preset_that_somebody_just_stored(
    hass: HomeAssistant, yard: CameraSimulator
) -> None:
    """At the camera itself: it is found without waiting."""
    yard.ptz.presets[255] = Preset("Gate", 0, Position(pan=5))
    await call(hass, "ptz_preset", preset="gate")
    assert [request.message for request in yard.received(PRESET)] == [{"index": 255}]


@pytest.mark.parametrize(
    ("action", "cmdtype", "name", "called"),
    [
        ("ptz_cruise", CRUISE, "cruise", "1"),
        ("ptz_cruise", CRUISE, "cruise", "round"),
        ("ptz_scan", SCAN, "linescan", "1"),
        ("ptz_scan", SCAN, "linescan", "Scan 1"),
        ("ptz_trace", TRACE, "trace", 1),
        ("ptz_trace", TRACE, "trace", "Trace 1"),
    ],
)
async def test_what_moves_by_itself_is_started_and_stopped(
    hass: HomeAssistant,
    yard: CameraSimulator,
    action: str,
    cmdtype: int,
    name: str,
    called: str,
) -> None:
    """By its name, in any case, or its number; without a word it starts."""
    yard.ptz.traces[1] = [(0.0, Position()), (1.0, Position(pan=5))]

    field = action.removeprefix("ptz_")
    await call(hass, action, **{field: called})
    assert yard.ptz.running

    await call(hass, action, **{field: called}, command="stop")
    assert not yard.ptz.running
    assert [request.message for request in yard.received(cmdtype)] == [
        {f"{name}_index": 1, f"{name}_action": START},
        {f"{name}_index": 1, f"{name}_action": STOP},
    ]


@pytest.mark.parametrize(
    ("action", "field", "highest"),
    [
        ("ptz_cruise", "cruise", 8),
        ("ptz_scan", "scan", 5),
        ("ptz_trace", "trace", 5),
    ],
)
async def test_a_number_that_cannot_be_is_refused(
    hass: HomeAssistant, yard: CameraSimulator, action: str, field: str, highest: int
) -> None:
    """Nothing is sent; the highest that can be is for the camera to refuse."""
    for number in (0, highest + 1):
        with pytest.raises(ServiceValidationError) as refused:
            await call(hass, action, **{field: number})
        assert refused.value.translation_key == "invalid_value"

    with pytest.raises(HomeAssistantError) as failed:
        await call(hass, action, **{field: highest})
    assert failed.value.translation_key == "refused"

    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, action, **{field: "Moon"})
    assert refused.value.translation_key == "unknown_path"

    for data in ({}, {field: ""}, {field: 1, "command": "pause"}):
        with pytest.raises(vol.Invalid):
            await call(hass, action, **data)

    assert not yard.ptz.running


async def test_what_the_camera_refuses_is_said_in_its_words(
    hass: HomeAssistant, yard: CameraSimulator
) -> None:
    """There is no such round in it."""
    with pytest.raises(HomeAssistantError) as failed:
        await call(hass, "ptz_cruise", cruise=7)

    assert failed.value.translation_key == "refused"
    assert not isinstance(failed.value, ServiceValidationError)


async def test_a_camera_that_is_gone_is_said(
    hass: HomeAssistant, yard: CameraSimulator
) -> None:
    """It was there when the entry was set up."""
    await yard.stop()

    with pytest.raises(HomeAssistantError) as failed:
        await call(hass, "ptz_preset", preset="1")

    assert failed.value.translation_key == "camera_lost"
    await yard.start()


# Targets


async def test_a_camera_moves_once_however_it_is_named(
    hass: HomeAssistant,
    yard: CameraSimulator,
    camera_entry: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
    area_registry: ar.AreaRegistry,
) -> None:
    """Both its pictures, its device and its area: one move."""
    [device] = dr.async_entries_for_config_entry(device_registry, camera_entry.entry_id)
    area = area_registry.async_create("Substation")
    device_registry.async_update_device(device.id, area_id=area.id)
    targets = (
        {ATTR_ENTITY_ID: [VISIBLE, THERMAL]},
        {ATTR_DEVICE_ID: device.id},
        {ATTR_AREA_ID: area.id},
        {
            ATTR_ENTITY_ID: VISIBLE,
            ATTR_DEVICE_ID: device.id,
            ATTR_AREA_ID: area.id,
        },
    )

    for number, target in enumerate(targets, start=1):
        await move(hass, target, direction="left")
        assert len(moves(yard)) == 2 * number


async def test_two_cameras_move_together(
    hass: HomeAssistant, yard: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Neither waits for the other, and which of them refuses is told."""
    async with CameraSimulator(CameraOptions(serial="2", alarm_period=0)) as second:
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Roof",
            unique_id="2",
            data={**camera_entry.data, CONF_PORT: second.http_port},
        )
        entry.add_to_hass(hass)
        await hass.config_entries.async_setup(entry.entry_id)
        moving = hass.async_create_task(
            move(hass, [VISIBLE, "camera.roof_thermal"], direction="left", duration=60)
        )
        await until(lambda: yard.ptz.moving and second.ptz.moving)

        await call(hass, "ptz_move", [VISIBLE, "camera.roof_visible"], direction="stop")

        await moving
        assert not yard.ptz.moving
        assert not second.ptz.moving

        await second.inject("no-permission")
        with pytest.raises(HomeAssistantError) as failed:
            await move(hass, [VISIBLE, "camera.roof_visible"], direction="right")
        assert failed.value.translation_key == "not_everywhere"
        assert failed.value.translation_placeholders is not None
        assert failed.value.translation_placeholders["failures"].startswith("Roof: ")
        assert moves(yard)[-1] == (15, STOP, 0)
        await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize(
    "target", ["camera.unknown", "sun.sun", {ATTR_DEVICE_ID: "unknown"}], ids=str
)
async def test_something_else_cannot_be_moved(
    hass: HomeAssistant, yard: CameraSimulator, target: Any
) -> None:
    """None of the targets is a camera of ours."""
    hass.states.async_set("sun.sun", "above_horizon")

    with pytest.raises(ServiceValidationError) as refused:
        await move(hass, target, direction="left")

    assert refused.value.translation_key == "no_camera"


async def test_a_terminal_cannot_be_moved(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """It is ours, but no camera on a pan-tilt head."""
    await hass.config_entries.async_setup(terminal_entry.entry_id)

    with pytest.raises(ServiceValidationError) as refused:
        await move(hass, "camera.front_door_snapshot", direction="left")

    assert refused.value.translation_key == "no_camera"


async def test_a_camera_that_is_not_loaded_cannot_be_moved(
    hass: HomeAssistant, yard: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Its entities are still registered."""
    await hass.config_entries.async_unload(camera_entry.entry_id)

    with pytest.raises(ServiceValidationError) as refused:
        await move(hass, direction="left")

    assert refused.value.translation_key == "no_camera"
    await hass.config_entries.async_setup(camera_entry.entry_id)


@pytest.mark.parametrize("quirk", ["no-ptz", "no-ptz-failed"])
@pytest.mark.parametrize("camera_options", [CameraOptions(alarm_period=0)])
async def test_a_fixed_camera_cannot_be_moved(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    quirk: str,
) -> None:
    """It has said so when it was set up; it is not asked again."""
    await camera.inject(quirk)
    await hass.config_entries.async_setup(camera_entry.entry_id)

    with pytest.raises(ServiceValidationError) as refused:
        await move(hass, direction="left")

    assert refused.value.translation_key == "no_ptz"
    assert refused.value.translation_placeholders == {"name": "Yard"}
    assert moves(camera) == []


async def test_a_target_is_needed(hass: HomeAssistant, yard: CameraSimulator) -> None:
    """There is no camera that is meant without being named."""
    with pytest.raises(vol.Invalid):
        await move(hass, {}, direction="left")
