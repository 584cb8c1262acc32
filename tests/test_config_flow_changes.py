"""Changing devices: a new login, another address, other topics, options."""

from collections.abc import AsyncGenerator
from typing import Any
from unittest.mock import AsyncMock, patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.const import (
    CONF_ACKNOWLEDGE,
    CONF_ACKNOWLEDGE_ALWAYS,
    CONF_APP_KEY,
    CONF_DECISION,
    CONF_HOLD_TIME,
    CONF_KIND,
    CONF_LEAVE_OUT_TEMPERATURE,
    CONF_LOCK,
    CONF_OFFLINE_AFTER,
    CONF_POLL_INTERVAL,
    CONF_SCAN_TAGS,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    CONF_VIDEO,
    DOMAIN,
    DeviceKind,
)
from custom_components.thermogate.guide.timing import Timing
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.const import (
    CONF_HOST,
    CONF_MAC,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_USERNAME,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from tests.conftest import TERMINAL_SERIAL
from tests.flows import shown, submit, suggested, type_in
from tests.simulators.camera import CameraSimulator, Options as CameraOptions
from tests.simulators.camera.camera import HANDLERS
from tests.simulators.terminal import (
    Options as TerminalOptions,
    Quirk,
    TerminalSimulator,
)
from tests.waiting import until

LOGIN, NETWORK = 501, 10
MAC = "00:15:18:10:ca:9d"
TERMINAL_DATA = {
    CONF_KIND: DeviceKind.TERMINAL,
    CONF_TOPIC_ID: TERMINAL_SERIAL,
    CONF_TOPIC_PREFIX: "",
}


@pytest.fixture
async def other_camera(socket_enabled: None) -> AsyncGenerator[CameraSimulator]:
    """Run a second camera."""
    async with CameraSimulator(
        CameraOptions(serial="NC2009999C9999", mac="00:15:18:FF:FF:FF", alarm_period=0)
    ) as simulator:
        yield simulator


def reauths(hass: HomeAssistant) -> list[Any]:
    """Return the reauthentications under way."""
    return [
        flow
        for flow in hass.config_entries.flow.async_progress()
        if flow["context"]["source"] == SOURCE_REAUTH
    ]


# Reauthentication


@pytest.mark.usefixtures("setups")
async def test_a_new_password_is_checked_and_stored(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """A wrong one is said; what another user has read of the camera stays."""
    hass.config_entries.async_update_entry(
        camera_entry, data={**camera_entry.data, CONF_PASSWORD: "old", CONF_MAC: MAC}
    )
    flow = await camera_entry.start_reauth_flow(hass)
    assert flow["step_id"] == "reauth_confirm"
    assert suggested(flow) == {CONF_USERNAME: "admin"}
    login = {CONF_USERNAME: "admin", CONF_PASSWORD: "admin123"}

    await camera.inject("wrong-password 1")
    result = await submit(hass, flow, login)
    assert result["errors"] == {"base": "invalid_auth_attempts"}
    placeholders = result["description_placeholders"]
    assert placeholders is not None
    assert placeholders["name"] == "Yard"
    assert placeholders["attempts"].isdecimal()

    result = await submit(hass, flow, login)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reauth_successful"
    assert camera_entry.data[CONF_PASSWORD] == "admin123"
    assert camera_entry.data[CONF_MAC] == MAC


@pytest.mark.usefixtures("setups")
async def test_a_login_that_may_read_less_forgets_nothing(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The MAC address by which the camera is followed stays."""
    hass.config_entries.async_update_entry(
        camera_entry, data={**camera_entry.data, CONF_MAC: MAC}
    )
    monkeypatch.delitem(HANDLERS, NETWORK)

    await submit(
        hass,
        await camera_entry.start_reauth_flow(hass),
        {CONF_USERNAME: "admin", CONF_PASSWORD: "new"},
    )

    assert camera_entry.data[CONF_PASSWORD] == "new"
    assert camera_entry.data[CONF_MAC] == MAC


@pytest.mark.usefixtures("setups")
async def test_a_login_to_another_camera_is_refused(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Its address belongs to another camera by now."""
    hass.config_entries.async_update_entry(camera_entry, unique_id="NC2001111A1111")

    result = await submit(
        hass,
        await camera_entry.start_reauth_flow(hass),
        {CONF_USERNAME: "admin", CONF_PASSWORD: "new"},
    )

    assert result["reason"] == "other_device"
    assert camera_entry.data[CONF_PASSWORD] == "admin123"


async def test_a_login_refused_at_set_up_asks_the_person(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """One refused login is enough; with the right one the camera is back."""
    await camera.inject("wrong-password 1")

    await hass.config_entries.async_setup(camera_entry.entry_id)
    await hass.async_block_till_done()

    assert camera_entry.state is ConfigEntryState.SETUP_ERROR
    assert len(camera.received(LOGIN)) == 1
    [flow] = reauths(hass)
    result = await submit(
        hass, flow, {CONF_USERNAME: "admin", CONF_PASSWORD: "admin123"}
    )
    assert result["reason"] == "reauth_successful"
    assert camera_entry.state is ConfigEntryState.LOADED


async def test_a_login_refused_in_the_background_asks_the_person(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """After a loss of the connection the camera no longer takes the password; it is tried once."""
    with patch(
        "custom_components.thermogate.guide.client.Timing",
        lambda: Timing(reconnect_first=0.01),
    ):
        await hass.config_entries.async_setup(camera_entry.entry_id)
    await hass.async_block_till_done()
    await camera.inject("wrong-password 5")

    await camera.inject("drop-connection")
    await until(lambda: reauths(hass))

    assert [login.retcode for login in camera.received(LOGIN)] == [0, 10009]
    await camera.inject("unlock")


# Reconfiguration: cameras


async def test_a_camera_can_get_another_address(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    camera_address: dict[str, Any],
    setups: AsyncMock,
) -> None:
    """The form begins with what is known, without the password; trouble is said first."""
    hass.config_entries.async_update_entry(
        camera_entry, data={**camera_entry.data, CONF_PORT: 81}
    )
    flow = await camera_entry.start_reconfigure_flow(hass)
    assert flow["step_id"] == "camera"
    assert suggested(flow) == {
        CONF_HOST: "127.0.0.1",
        CONF_PORT: 81,
        CONF_USERNAME: "admin",
    }

    await camera.inject("html-body")
    result = await submit(hass, flow, camera_address)
    assert result["errors"] == {"base": "cannot_connect"}

    await camera.inject("html-body off")
    result = await submit(hass, flow, camera_address)
    assert result["reason"] == "reconfigure_successful"
    assert camera_entry.data == {
        CONF_KIND: DeviceKind.CAMERA,
        CONF_MAC: MAC,
        **camera_address,
    }
    assert setups.call_count == 1


@pytest.mark.usefixtures("setups")
async def test_a_camera_is_not_reconfigured_to_another_one(
    hass: HomeAssistant,
    camera_entry: MockConfigEntry,
    camera_address: dict[str, Any],
    other_camera: CameraSimulator,
) -> None:
    """Its entities would show another camera's pictures."""
    before = dict(camera_entry.data)
    flow = await camera_entry.start_reconfigure_flow(hass)

    result = await submit(
        hass, flow, camera_address | {CONF_PORT: other_camera.http_port}
    )

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "other_device"
    assert camera_entry.data == before


@pytest.mark.usefixtures("setups")
@pytest.mark.parametrize(
    "camera_options", [CameraOptions(quirks=frozenset({"no-serial"}), alarm_period=0)]
)
async def test_a_camera_that_tells_nothing_of_itself_can_be_reconfigured(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    camera_address: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """There is nothing to compare."""
    monkeypatch.delitem(HANDLERS, NETWORK)
    flow = await camera_entry.start_reconfigure_flow(hass)

    result = await submit(hass, flow, camera_address | {CONF_PASSWORD: "new"})

    assert result["reason"] == "reconfigure_successful"
    assert camera_entry.data[CONF_PASSWORD] == "new"


# Reconfiguration: terminals


async def test_a_terminal_can_get_other_topics(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    setups: AsyncMock,
) -> None:
    """The form begins with the present topics; the entry is loaded anew with the new ones."""
    hass.config_entries.async_update_entry(
        terminal_entry,
        data={**terminal_entry.data, CONF_TOPIC_ID: "old", CONF_TOPIC_PREFIX: "site"},
    )
    flow = await terminal_entry.start_reconfigure_flow(hass)
    assert suggested(flow) == {CONF_TOPIC_ID: "old", CONF_TOPIC_PREFIX: "site"}

    await type_in(hass, flow, TERMINAL_SERIAL)
    result = await shown(hass, flow)
    await hass.async_block_till_done()

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert terminal_entry.data == TERMINAL_DATA
    assert setups.call_count == 1


async def test_reconfiguring_with_the_same_topics_is_no_duplicate(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    setups: AsyncMock,
) -> None:
    """The entry itself does not count as another one."""
    flow = await terminal_entry.start_reconfigure_flow(hass)

    await type_in(hass, flow, TERMINAL_SERIAL)
    result = await shown(hass, flow)
    await hass.async_block_till_done()

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert terminal_entry.data == TERMINAL_DATA
    assert setups.call_count == 1


async def test_a_terminal_is_not_reconfigured_to_another_one(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    setups: AsyncMock,
) -> None:
    """What answers has another serial number: nothing changes."""
    hass.config_entries.async_update_entry(
        terminal_entry,
        data={**terminal_entry.data, CONF_TOPIC_ID: "old"},
        unique_id="FF-FF-FF",
    )
    flow = await terminal_entry.start_reconfigure_flow(hass)

    await type_in(hass, flow, TERMINAL_SERIAL)
    result = await shown(hass, flow)
    await hass.async_block_till_done()

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "other_device"
    assert terminal_entry.data[CONF_TOPIC_ID] == "old"
    assert setups.call_count == 0


@pytest.mark.parametrize(
    "terminal_options",
    [
        pytest.param(TerminalOptions(serial=TERMINAL_SERIAL), id="replaced"),
        pytest.param(
            TerminalOptions(serial=TERMINAL_SERIAL, quirks={Quirk.SN_DIFFERS}),
            id="answers differently",
        ),
    ],
)
async def test_a_terminal_is_the_same_by_what_it_was_heard_with(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Home Assistant knows it by the serial number it was added with; it was replaced, or its answers carry another one."""
    if Quirk.SN_DIFFERS not in terminal.options.quirks:
        hass.config_entries.async_update_entry(terminal_entry, unique_id="FF-FF-FF")
    await hass.config_entries.async_setup(terminal_entry.entry_id)
    await terminal.wait_acknowledged(await terminal.capture("stranger"))
    await hass.config_entries.async_unload(terminal_entry.entry_id)
    flow = await terminal_entry.start_reconfigure_flow(hass)

    await type_in(hass, flow, TERMINAL_SERIAL)
    result = await shown(hass, flow)
    await hass.async_block_till_done()

    assert result["reason"] == "reconfigure_successful"
    await hass.config_entries.async_unload(terminal_entry.entry_id)


@pytest.mark.parametrize(
    "terminal_options",
    [TerminalOptions(serial=TERMINAL_SERIAL, quirks={Quirk.NO_DEVICE_SN})],
)
async def test_a_terminal_without_serial_number_can_get_another_topic(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    setups: AsyncMock,
) -> None:
    """It stays known by the topic id that it was added with."""
    hass.config_entries.async_update_entry(
        terminal_entry,
        data={**terminal_entry.data, CONF_TOPIC_ID: "old"},
        unique_id="old",
    )
    flow = await terminal_entry.start_reconfigure_flow(hass)

    await type_in(hass, flow, TERMINAL_SERIAL)
    result = await shown(hass, flow)
    await hass.async_block_till_done()

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert terminal_entry.data == TERMINAL_DATA
    assert terminal_entry.unique_id == "old"


# Options


async def choose(
    hass: HomeAssistant, entry: MockConfigEntry, step: str
) -> ConfigFlowResult:
    """Open the options of a device and choose from the menu."""
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert result["type"] is FlowResultType.MENU
    assert step in result["menu_options"]
    return await hass.config_entries.options.async_configure(
        result["flow_id"], {"next_step_id": step}
    )


@pytest.mark.parametrize(
    ("data", "step", "defaults", "chosen"),
    [
        pytest.param(
            TERMINAL_DATA,
            "terminal",
            {
                CONF_ACKNOWLEDGE: True,
                CONF_ACKNOWLEDGE_ALWAYS: False,
                CONF_LEAVE_OUT_TEMPERATURE: False,
                CONF_SCAN_TAGS: False,
                CONF_LOCK: False,
                CONF_HOLD_TIME: 30,
                CONF_OFFLINE_AFTER: 120,
            },
            {
                CONF_ACKNOWLEDGE: False,
                CONF_ACKNOWLEDGE_ALWAYS: True,
                CONF_LEAVE_OUT_TEMPERATURE: True,
                CONF_SCAN_TAGS: True,
                CONF_LOCK: True,
                CONF_HOLD_TIME: 5,
                CONF_OFFLINE_AFTER: 60,
            },
            id="terminal",
        ),
        pytest.param(
            {CONF_KIND: DeviceKind.CAMERA},
            "camera",
            {CONF_POLL_INTERVAL: 5, CONF_HOLD_TIME: 30, CONF_VIDEO: "auto"},
            {
                CONF_POLL_INTERVAL: 2,
                CONF_HOLD_TIME: 3600,
                CONF_VIDEO: "websocket",
                CONF_APP_KEY: "ABCD-1234",
            },
            id="camera",
        ),
    ],
)
async def test_options_are_stored_and_the_entry_is_loaded_with_them(
    hass: HomeAssistant,
    setups: AsyncMock,
    data: dict[str, str],
    step: str,
    defaults: dict[str, int],
    chosen: dict[str, int],
) -> None:
    """Each kind shows its own options, first their defaults, later what was chosen."""
    entry = MockConfigEntry(domain=DOMAIN, data=data)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)

    result = await choose(hass, entry, step)
    assert result["step_id"] == step
    schema = result["data_schema"]
    assert schema is not None
    assert schema({}) == defaults
    await hass.config_entries.options.async_configure(result["flow_id"], chosen)
    await hass.async_block_till_done()

    assert entry.options == chosen
    assert setups.call_count == 2
    result = await choose(hass, entry, step)
    assert suggested(result) == chosen

    # What belongs to another page stays, and what was emptied goes: a browser does not send it.
    hass.config_entries.async_update_entry(
        entry, options=chosen | {CONF_DECISION: "never"}
    )
    await hass.config_entries.options.async_configure(result["flow_id"], defaults)
    assert entry.options == defaults | {CONF_DECISION: "never"}
