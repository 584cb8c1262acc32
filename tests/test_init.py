"""The life of an entry: set up, reloaded, unloaded, removed."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from inspect import iscoroutine
import json
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_mqtt_message,
)
from pytest_homeassistant_custom_component.plugins import long_repr_strings
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.thermogate.const import (
    CONF_KIND,
    CONF_TOPIC_ID,
    DOMAIN,
    DeviceKind,
)
from custom_components.thermogate.coordinator import (
    CameraCoordinator,
    DeviceEvent,
    TerminalCoordinator,
)
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import CONF_MAC, EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util.async_ import get_scheduled_timer_handles
from tests.conftest import TERMINAL_SERIAL
from tests.simulators.camera import CameraSimulator, Options as CameraOptions
from tests.simulators.camera.settings import PORTS
from tests.simulators.terminal import (
    Options as TerminalOptions,
    Quirk,
    TerminalSimulator,
)
from tests.waiting import until


@pytest.fixture
def impatient() -> Iterator[None]:
    """Do not wait long for a terminal that does not answer."""
    with patch("custom_components.thermogate.coordinator.terminal.ASK_TIMEOUT", 0.01):
        yield


# What the description of a timer of ours has in it.
OURS = (f"custom_components.{DOMAIN}", "ThermoGate")


@dataclass(frozen=True)
class Held:
    """What Home Assistant holds at one moment for this integration: tasks, timers and subscriptions."""

    tasks: list[str]
    timers: list[str]
    subscriptions: list[str]

    @classmethod
    def now(cls, hass: HomeAssistant, mqtt: MqttMockHAClient | None = None) -> Self:
        """Look at it."""
        with long_repr_strings():
            timers = [
                repr(handle)
                for handle in get_scheduled_timer_handles(hass.loop)
                if not handle.cancelled()
            ]
        return cls(
            tasks=sorted(
                task.get_name()
                for task in asyncio.all_tasks()
                if DOMAIN in file_of(task) or DOMAIN in task.get_name()
            ),
            timers=sorted(
                timer for timer in timers if any(name in timer for name in OURS)
            ),
            subscriptions=sorted(item.topic for item in mqtt.return_value.subscriptions)
            if mqtt
            else [],
        )


def file_of(task: asyncio.Task[Any]) -> tuple[str, ...]:
    """Return the path of the file that a task's coroutine comes from."""
    coroutine = task.get_coro()
    return Path(coroutine.cr_code.co_filename).parts if iscoroutine(coroutine) else ()


async def gone(
    hass: HomeAssistant, before: Held, mqtt: MqttMockHAClient | None = None
) -> None:
    """Check that Home Assistant holds what it held before; what is being cancelled gets a moment."""
    with suppress(TimeoutError):
        await until(lambda: Held.now(hass, mqtt) == before, within=1)
    assert Held.now(hass, mqtt) == before


async def test_nothing_piles_up_from_one_set_up_to_the_next(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
) -> None:
    """The listeners of Home Assistant's bus are as many after each unloading, but for what has yet to be written to its files."""
    counts = []
    for _ in range(2):
        # Setting up the first sets up both, then each is on its own.
        for entry in (terminal_entry, camera_entry):
            if entry.state is ConfigEntryState.NOT_LOADED:
                await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        for entry in (terminal_entry, camera_entry):
            await hass.config_entries.async_unload(entry.entry_id)
        await hass.async_block_till_done()
        listeners = dict(hass.bus.async_listeners())
        listeners.pop(EVENT_HOMEASSISTANT_FINAL_WRITE, None)
        counts.append(listeners)

    assert counts[0] == counts[1]


# Terminals


async def test_a_terminal_is_set_up_and_unloaded_without_a_trace(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """No task, no timer and no subscription is left, also in the middle of an alarm."""
    before = Held.now(hass, mqtt_mock)

    assert await hass.config_entries.async_setup(terminal_entry.entry_id)
    await hass.async_block_till_done()
    assert terminal_entry.state is ConfigEntryState.LOADED
    assert isinstance(terminal_entry.runtime_data, TerminalCoordinator)
    assert hass.states.async_entity_ids()
    sent = await terminal.capture("hot")
    await terminal.wait_acknowledged(sent)
    during = Held.now(hass, mqtt_mock)
    assert during.timers
    assert len(during.subscriptions) == len(before.subscriptions) + 2

    assert await hass.config_entries.async_unload(terminal_entry.entry_id)
    await hass.async_block_till_done()
    assert terminal_entry.state is ConfigEntryState.NOT_LOADED
    await gone(hass, before, mqtt_mock)


async def test_an_unloaded_terminal_is_not_answered(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """It keeps the capture until somebody takes it; after a reload it is taken."""
    await hass.config_entries.async_setup(terminal_entry.entry_id)
    await hass.config_entries.async_unload(terminal_entry.entry_id)

    sent = await terminal.capture("known")
    await hass.async_block_till_done()
    assert not terminal.acknowledged

    await hass.config_entries.async_setup(terminal_entry.entry_id)
    terminal.send_capture(sent)
    await terminal.wait_acknowledged(sent)


async def test_unloading_does_not_wait_for_a_terminal_that_is_asked(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    impatient: None,
) -> None:
    """The question ends with the entry."""
    terminal.be_silent(60)
    before = Held.now(hass, mqtt_mock)
    await hass.config_entries.async_setup(terminal_entry.entry_id)
    assert terminal_entry.state is ConfigEntryState.LOADED

    async with asyncio.timeout(2):
        await hass.config_entries.async_unload(terminal_entry.entry_id)

    await gone(hass, before, mqtt_mock)


async def test_a_terminal_waits_for_mqtt(
    hass: HomeAssistant, terminal_entry: MockConfigEntry
) -> None:
    """Without MQTT the reason is shown, and set-up is tried again by itself."""
    await hass.config_entries.async_setup(terminal_entry.entry_id)

    assert terminal_entry.state is ConfigEntryState.SETUP_RETRY
    assert terminal_entry.error_reason_translation_key == "mqtt_missing"
    assert terminal_entry.reason is not None
    assert "Set up the MQTT integration" in terminal_entry.reason
    await hass.config_entries.async_unload(terminal_entry.entry_id)


async def test_a_terminal_can_be_reloaded(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """A capture that was shown before is known after; entities keep their names."""
    await hass.config_entries.async_setup(terminal_entry.entry_id)
    sent = await terminal.capture("known")
    await terminal.wait_acknowledged(sent)
    await hass.async_block_till_done()
    entities = sorted(hass.states.async_entity_ids())

    assert await hass.config_entries.async_reload(terminal_entry.entry_id)
    await hass.async_block_till_done()
    assert sorted(hass.states.async_entity_ids()) == entities

    accesses: list[DeviceEvent] = []
    terminal_entry.runtime_data.async_subscribe_events(accesses.append)
    terminal.send_capture(sent)
    await until(
        lambda: [item.result for item in terminal.acknowledgements][-1] == "repeated"
    )
    assert accesses == []


async def test_two_terminals_live_beside_each_other(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    impatient: None,
) -> None:
    """Unloading one does not disturb the other."""
    other = MockConfigEntry(
        domain=DOMAIN,
        unique_id="other",
        data={**terminal_entry.data, CONF_TOPIC_ID: "other"},
    )
    other.add_to_hass(hass)
    # Setting up the first sets up all entries of the domain.
    await hass.config_entries.async_setup(terminal_entry.entry_id)
    await hass.async_block_till_done()
    assert other.state is ConfigEntryState.LOADED

    await hass.config_entries.async_unload(other.entry_id)

    sent = await terminal.capture("known")
    await terminal.wait_acknowledged(sent)


async def test_a_removed_terminal_leaves_nothing_in_storage(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    hass_storage: dict[str, Any],
) -> None:
    """What was remembered about it was only of use to it."""
    key = f"{DOMAIN}.{terminal_entry.entry_id}"
    await hass.config_entries.async_setup(terminal_entry.entry_id)
    sent = await terminal.capture("known")
    await terminal.wait_acknowledged(sent)
    await hass.config_entries.async_unload(terminal_entry.entry_id)
    assert hass_storage[key]["data"]["signature"]

    await hass.config_entries.async_remove(terminal_entry.entry_id)

    assert key not in hass_storage


@pytest.mark.parametrize(
    "terminal_options",
    [
        TerminalOptions(
            serial=TERMINAL_SERIAL, heartbeat_seconds=0, quirks={Quirk.CAPTURE_ONLY}
        )
    ],
)
async def test_a_terminal_that_is_switched_off_does_not_hold_up_the_start(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    impatient: None,
) -> None:
    """It is loaded, and heard when it comes."""
    assert await hass.config_entries.async_setup(terminal_entry.entry_id)
    assert terminal_entry.state is ConfigEntryState.LOADED

    sent = await terminal.capture("known")
    await terminal.wait_acknowledged(sent)


async def test_garbage_on_its_topics_does_not_disturb_a_terminal(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One line in the log, and it goes on."""
    await hass.config_entries.async_setup(terminal_entry.entry_id)
    topic = terminal.topics["capture_request"]

    for payload in (b"\xff\xfe", b"[]", json.dumps(7).encode()):
        async_fire_mqtt_message(hass, topic, payload)
    sent = await terminal.capture("known")
    await terminal.wait_acknowledged(sent)

    assert "Traceback" not in caplog.text
    assert caplog.text.count("unreadable message") == 1


# Cameras


async def test_a_camera_is_set_up_and_unloaded_without_a_trace(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """No task and no timer is left here, no connection and no session there, also in the middle of an alarm."""
    before = Held.now(hass)

    assert await hass.config_entries.async_setup(camera_entry.entry_id)
    await hass.async_block_till_done()
    assert camera_entry.state is ConfigEntryState.LOADED
    assert isinstance(camera_entry.runtime_data, CameraCoordinator)
    assert camera.listeners == 1
    await camera.inject("alarm fire")
    await until(lambda: camera_entry.runtime_data.data.alarms)
    during = Held.now(hass)
    assert during.tasks
    assert during.timers

    assert await hass.config_entries.async_unload(camera_entry.entry_id)
    await hass.async_block_till_done()
    assert camera_entry.state is ConfigEntryState.NOT_LOADED
    await until(lambda: camera.listeners == 0)
    assert camera.camera.sessions.alive(camera.camera.now()) == []
    await gone(hass, before)


async def test_unloading_stops_a_camera_that_moves(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Nobody would be left to do it."""
    await hass.config_entries.async_setup(camera_entry.entry_id)
    moving = hass.async_create_task(
        hass.services.async_call(
            DOMAIN,
            "ptz_move",
            {"entity_id": "camera.yard_visible", "direction": "left", "duration": 60},
            blocking=True,
        )
    )
    await until(lambda: camera.ptz.moving)

    await hass.config_entries.async_unload(camera_entry.entry_id)

    assert not camera.ptz.moving
    await moving


async def test_a_camera_that_is_down_is_tried_again(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """With the reason in the words of the person's language."""
    await camera.stop()

    await hass.config_entries.async_setup(camera_entry.entry_id)

    assert camera_entry.state is ConfigEntryState.SETUP_RETRY
    assert camera_entry.error_reason_translation_key == "camera_lost"
    assert camera_entry.reason is not None
    assert "cannot be reached" in camera_entry.reason
    await hass.config_entries.async_unload(camera_entry.entry_id)


async def test_a_camera_that_is_full_is_tried_again(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Too many people look at it, which is said; no session and no task is kept meanwhile."""
    before = Held.now(hass)
    camera.camera.settings[PORTS]["max_connectios"] = 0

    await hass.config_entries.async_setup(camera_entry.entry_id)

    assert camera_entry.state is ConfigEntryState.SETUP_RETRY
    assert camera_entry.error_reason_translation_key == "camera_busy"
    await until(lambda: not camera.listeners)
    await hass.config_entries.async_unload(camera_entry.entry_id)
    await gone(hass, before)


async def test_a_camera_that_refuses_the_login_is_not_tried_again(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Each try would bring the lock of the account closer; the person is asked instead."""
    before = Held.now(hass)
    await camera.inject("wrong-password 1")

    await hass.config_entries.async_setup(camera_entry.entry_id)

    assert camera_entry.state is ConfigEntryState.SETUP_ERROR
    assert camera_entry.error_reason_translation_key == "camera_login"
    [flow] = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    await gone(hass, before)


async def test_a_camera_can_be_reloaded(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Entities keep their names; there is one session, not two."""
    await hass.config_entries.async_setup(camera_entry.entry_id)
    await hass.async_block_till_done()
    entities = sorted(hass.states.async_entity_ids())

    assert await hass.config_entries.async_reload(camera_entry.entry_id)
    await hass.async_block_till_done()

    assert sorted(hass.states.async_entity_ids()) == entities
    await until(lambda: camera.listeners == 1)
    assert len(camera.camera.sessions.alive(camera.camera.now())) == 1


async def test_a_camera_can_be_removed(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
) -> None:
    """With its device."""
    await hass.config_entries.async_setup(camera_entry.entry_id)
    assert dr.async_entries_for_config_entry(device_registry, camera_entry.entry_id)

    await hass.config_entries.async_remove(camera_entry.entry_id)

    assert not dr.async_entries_for_config_entry(device_registry, camera_entry.entry_id)
    await until(lambda: camera.listeners == 0)


async def test_a_camera_tells_its_mac_address(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """By which it is followed when its address changes."""
    await hass.config_entries.async_setup(camera_entry.entry_id)

    assert camera_entry.data[CONF_MAC] == "00:15:18:10:ca:9d"


@pytest.mark.parametrize(
    "camera_options",
    [CameraOptions(quirks=frozenset({"ws-closed"}), alarm_period=0)],
)
async def test_a_camera_without_control_port_is_read_over_http(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """And unloaded without a trace as well."""
    before = Held.now(hass)

    await hass.config_entries.async_setup(camera_entry.entry_id)
    assert camera_entry.state is ConfigEntryState.LOADED

    await hass.config_entries.async_unload(camera_entry.entry_id)
    assert camera.camera.sessions.alive(camera.camera.now()) == []
    await gone(hass, before)


def test_every_kind_of_device_is_told_in_its_entry() -> None:
    """The kind is stored: its words must stay."""
    assert CONF_KIND == "kind"
    assert [kind.value for kind in DeviceKind] == ["terminal", "camera"]
