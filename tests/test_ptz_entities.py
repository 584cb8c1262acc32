"""What shows and switches the head of a camera: what moves it, what it could run, and what is on it."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.guide import Cruise, CruiseStop, Preset, by_name
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from tests.helpers import act, attributes_of, set_up, settle, state_of
from tests.simulators.camera import CameraSimulator, Options as CameraOptions
from tests.simulators.camera.ptz import Ptz
from tests.waiting import until

MOTION = "sensor.yard_motion"
MOVING = "binary_sensor.yard_moving"
CRUISE, SCAN, TRACE = (
    f"select.yard_ptz_{kind}" for kind in ("cruise", "line_scan", "trace")
)
PLATFORMS = (
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.LIGHT,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
)
START, STOP = 0, 1


def record(ptz: Ptz, index: int) -> None:
    """Have a trace that was recorded."""
    ptz.traces[index] = [(0.0, ptz.position), (60.0, ptz.position)]


# What moves it


@pytest.mark.parametrize(
    ("kind", "word", "name"),
    [(1, "cruise", "Round"), (2, "line_scan", "Scan 1"), (3, "trace", "Trace 1")],
)
async def test_what_somebody_else_has_started_shows(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    kind: int,
    word: str,
    name: str,
) -> None:
    """With the next reading, and so does its end."""
    record(camera.ptz, 1)
    await set_up(hass, camera_entry, *PLATFORMS)
    assert (state_of(hass, MOTION), state_of(hass, MOVING)) == ("still", "off")
    assert state_of(hass, f"select.yard_ptz_{word}") == "off"

    camera.ptz.run(kind, 1, START, camera.camera.now())
    await camera_entry.runtime_data.async_ask_again("ptz")
    await settle(hass)
    assert (state_of(hass, MOTION), state_of(hass, MOVING)) == (word, "on")
    assert state_of(hass, f"select.yard_ptz_{word}") == name
    shown = attributes_of(hass, MOTION)
    assert (shown["number"], shown["name"]) == (1, name)

    camera.ptz.run(kind, 1, STOP, camera.camera.now())
    await camera_entry.runtime_data.async_ask_again("ptz")
    await settle(hass)
    assert (state_of(hass, MOTION), state_of(hass, MOVING)) == ("still", "off")
    assert attributes_of(hass, MOTION)["name"] is None


async def test_a_move_by_hand_shows_as_long_as_it_lasts(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The camera itself does not tell of it."""
    await set_up(hass, camera_entry, *PLATFORMS)
    pressed = hass.async_create_task(act(hass, "button.press", "button.yard_pan_left"))
    await until(lambda: state_of(hass, MOTION) == "by_hand")
    assert state_of(hass, MOVING) == "on"
    await pressed
    assert (state_of(hass, MOTION), state_of(hass, MOVING)) == ("still", "off")


async def test_a_camera_that_does_not_say_what_it_does(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """It is not known whether it moves."""
    await set_up(hass, camera_entry, *PLATFORMS)
    camera_entry.runtime_data.async_change(ptz=None)
    await settle(hass)
    for entity_id in (MOTION, MOVING, CRUISE, SCAN, TRACE):
        assert state_of(hass, entity_id) == "unknown"


# What it could run


@pytest.mark.parametrize(
    ("select", "name", "cmdtype"),
    [(CRUISE, "Round", 610), (SCAN, "Scan 1", 613), (TRACE, "Trace 2", 616)],
)
async def test_what_is_chosen_runs(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    select: str,
    name: str,
    cmdtype: int,
) -> None:
    """Until none is."""
    record(camera.ptz, 2)
    await set_up(hass, camera_entry, *PLATFORMS)
    assert attributes_of(hass, select)["options"] == ["off", name]

    await act(hass, "select.select_option", select, option="off")
    assert not camera.received(cmdtype)

    await act(hass, "select.select_option", select, option=name)
    assert camera.ptz.running
    assert state_of(hass, select) == name

    await act(hass, "select.select_option", select, option="off")
    assert not camera.ptz.running
    assert state_of(hass, select) == "off"


async def test_what_cannot_run_is_not_offered(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """A cruise without stops, a line scan with one border, a trace that was never recorded."""
    camera.ptz.cruises[1]["presets"] = []
    camera.ptz.scans[1]["linescan_left_enable"] = 0
    await set_up(hass, camera_entry, *PLATFORMS)
    for select in (CRUISE, SCAN, TRACE):
        assert attributes_of(hass, select)["options"] == ["off"]


async def test_a_cruise_that_is_called_like_none(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """It can still be told from it."""
    await set_up(hass, camera_entry, *PLATFORMS)
    stops = (CruiseStop(preset=1),)
    camera_entry.runtime_data.async_change(
        cruises=(
            Cruise(index=1, name="off", stops=stops),
            Cruise(index=2, stops=stops),
        )
    )
    await settle(hass)
    assert attributes_of(hass, CRUISE)["options"] == ["off", "off (1)", "2"]
    await act(hass, "select.select_option", CRUISE, option="off (1)")
    assert camera.ptz.running
    assert camera.ptz.running.index == 1


def test_names_are_all_different() -> None:
    """Also where one is called like another with its number."""
    presets = [
        Preset(index=1, name="Gate"),
        Preset(index=2, name="Gate (3)"),
        Preset(index=3, name="Gate"),
        Preset(index=4),
    ]
    assert by_name(presets) == {"Gate": 1, "Gate (3)": 2, "Gate (3) (3)": 3, "4": 4}


@pytest.mark.parametrize(
    "camera_options",
    [CameraOptions(quirks=frozenset({quirk})) for quirk in ("no-ptz", "no-ptz-failed")],
)
@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_a_fixed_camera_has_none_of_this(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """What it cannot do is not offered."""
    await set_up(hass, camera_entry, *PLATFORMS)
    assert not [entity for entity in hass.states.async_entity_ids() if "ptz" in entity]
    assert state_of(hass, MOTION) is state_of(hass, MOVING) is None


# What is on it

AUXILIARIES = [
    ("light.yard_ptz_light", 1, "light"),
    ("switch.yard_ptz_wiper", 2, "wiper"),
    ("switch.yard_ptz_fan", 3, "fan"),
    ("switch.yard_ptz_heater", 4, "heater"),
    ("switch.yard_ptz_auxiliary_output", 5, "auxiliary"),
]


@pytest.mark.parametrize(("entity_id", "number", "name"), AUXILIARIES)
@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_what_is_on_the_head_is_switched(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_id: str,
    number: int,
    name: str,
) -> None:
    """Shown is what was sent last, and before that nothing; nothing else is switched with it."""
    await set_up(hass, camera_entry, *PLATFORMS)
    assert state_of(hass, entity_id) == "unknown"
    assert attributes_of(hass, entity_id)["assumed_state"] is True
    domain = entity_id.partition(".")[0]
    for word, on in (("on", True), ("off", False)):
        await act(hass, f"{domain}.turn_{word}", entity_id)
        assert state_of(hass, entity_id) == word
        assert [each for each, is_on in camera.ptz.auxiliaries.items() if is_on] == (
            [name] if on else []
        )
    sent = [request.message for request in camera.received(600)]
    assert [(each["ptz_command"], each["ptz_action"]) for each in sent] == [
        (number, START),
        (number, STOP),
    ]


@pytest.mark.parametrize("entity_id", [each[0] for each in AUXILIARIES])
async def test_what_a_head_may_lack_is_disabled_at_first(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    entity_id: str,
) -> None:
    """No camera tells which of them it has."""
    await set_up(hass, camera_entry, Platform.LIGHT, Platform.SWITCH)
    entry = entity_registry.async_get(entity_id)
    assert entry
    assert entry.disabled_by is er.RegistryEntryDisabler.INTEGRATION


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_what_is_refused_is_not_shown_as_switched(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Whoever switched learns why."""
    await set_up(hass, camera_entry, *PLATFORMS)
    await camera.inject("no-permission")
    with pytest.raises(HomeAssistantError):
        await act(hass, "switch.turn_on", "switch.yard_ptz_fan")
    assert state_of(hass, "switch.yard_ptz_fan") == "unknown"
