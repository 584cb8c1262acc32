"""The stored positions of a camera, and what a terminal does in one of several ways."""

from unittest.mock import patch

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.thermogate.guide import Preset, PtzAction
from custom_components.thermogate.setting_entities import settings_of
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from tests.helpers import (
    SERIAL,
    act,
    attributes_of,
    door,
    passes,
    set_up,
    settle,
    state_of,
)
from tests.simulators.camera import CameraSimulator, Options as CameraOptions
from tests.simulators.terminal import Options, TerminalSimulator
from tests.simulators.terminal.commands import COMMANDS

PRESET = "select.yard_ptz_preset"
SCREENSAVER = "select.front_door_screensaver"


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


async def test_camera(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A camera that moves has stored positions; its settings have tests of their own."""
    await set_up(hass, camera_entry, Platform.SELECT)
    assert hass.states.get(PRESET) == snapshot(name=f"{PRESET}-state")
    assert entity_registry.async_get(PRESET) == snapshot(name=f"{PRESET}-entry")


async def test_the_camera_goes_where_it_is_sent(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Known as the current position until it moves away."""
    await set_up(hass, camera_entry, Platform.SELECT)
    name = attributes_of(hass, PRESET)["options"][-1]
    await act(hass, "select.select_option", PRESET, option=name)
    (request,) = camera.received(605)
    index = request.message["index"]
    assert camera.ptz.presets[index].name == name
    assert state_of(hass, PRESET) == name
    await camera_entry.runtime_data.ptz.async_move(PtzAction.LEFT, duration=0.01)
    await settle(hass)
    assert state_of(hass, PRESET) == "unknown"


async def test_names_that_are_used_twice_get_their_number(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Every position can be chosen."""
    await set_up(hass, camera_entry, Platform.SELECT)
    camera_entry.runtime_data.async_change(
        presets=(
            Preset(index=1, name="Gate"),
            Preset(index=2, name="Gate"),
            Preset(index=3, name=""),
        )
    )
    await settle(hass)
    assert attributes_of(hass, PRESET)["options"] == ["Gate", "Gate (2)", "3"]


async def test_a_position_that_is_not_there(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The camera is not sent anywhere."""
    await set_up(hass, camera_entry, Platform.SELECT)
    with pytest.raises(ServiceValidationError):
        await act(hass, "select.select_option", PRESET, option="The moon")
    assert not camera.received(605)


@pytest.mark.parametrize(
    "camera_options",
    [CameraOptions(quirks=frozenset({quirk})) for quirk in ("no-ptz", "no-ptz-failed")],
)
async def test_a_fixed_camera_has_none(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """What it cannot do is not offered."""
    await set_up(hass, camera_entry, Platform.SELECT)
    assert state_of(hass, PRESET) is None


# Terminals


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_terminal(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A terminal has settings that are one of several words."""
    await set_up(hass, terminal_entry, Platform.SELECT)
    await snapshot_platform(hass, entity_registry, snapshot, terminal_entry.entry_id)


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "every_update_shows")
async def test_every_word_is_taken(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """The terminal gets its own value for each word, and so it shows; another word is not sent."""
    await set_up(hass, terminal_entry, Platform.SELECT)
    for setting in settings_of(Platform.SELECT):
        select = entity_registry.async_get_entity_id(
            "select", "thermogate", f"{SERIAL}_{setting.key}"
        )
        assert select
        for word, sent in setting.field.choices.items():
            await act(hass, "select.select_option", select, option=word)
            # With no upload at all, no other setting of it is told, but the method is.
            assert state_of(hass, select) == word
            section = terminal.device.section(setting.path[0])
            assert section[setting.field.name] == sent
        with pytest.raises(ServiceValidationError):
            await act(hass, "select.select_option", select, option="else")


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_a_word_that_no_document_knows(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """It cannot be shown, and stays what it is."""
    terminal.device.section("gate_control")["match_mode"] = 9
    await set_up(hass, terminal_entry, Platform.SELECT)
    assert state_of(hass, "select.front_door_working_mode") == "unknown"


@pytest.mark.parametrize(
    ("word", "sent"),
    [("none", "none"), ("display_off", "extinguish"), ("media", "media")],
)
async def test_the_screensaver(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    word: str,
    sent: str,
) -> None:
    """The terminal shows what is chosen; another word is not sent."""
    await set_up(hass, terminal_entry, Platform.SELECT)
    assert state_of(hass, SCREENSAVER) == "none"
    await act(hass, "select.select_option", SCREENSAVER, option=word)
    assert terminal.device.screensaver == sent
    assert state_of(hass, SCREENSAVER) == word
    with pytest.raises(ServiceValidationError):
        await act(hass, "select.select_option", SCREENSAVER, option="extinguish")
    assert terminal.device.screensaver == sent


async def test_the_screensaver_is_chosen_at_the_terminal(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """It shows within an hour; what no document knows is not known."""
    await set_up(hass, terminal_entry, Platform.SELECT)
    for chosen, shown in (("media", "media"), ("clock", "unknown")):
        terminal.device.screensaver = chosen
        clock.tick(3601)
        terminal.heartbeat()
        async_fire_time_changed(hass, dt_util.utcnow())
        await passes(hass)
        assert state_of(hass, SCREENSAVER) == shown


async def test_a_firmware_without_screensaver(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What it cannot do is not offered."""
    lacking = "request lcd screensaver"
    known = {name: each for name, each in COMMANDS.items() if name != lacking}
    with patch("tests.simulators.terminal.simulator.COMMANDS", known):
        await set_up(hass, terminal_entry, Platform.SELECT)
    assert state_of(hass, SCREENSAVER) is None
