"""The actions that change how a camera is reached: Home Assistant follows, or says what to do."""

from collections.abc import Generator
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import pytest_socket
import voluptuous as vol

from custom_components.thermogate import camera_follow
from custom_components.thermogate.actions.camera_access import (
    CHANGE_PASSWORD,
    FACTORY_RESET,
    FIELDS,
    RESET_PASSWORD,
    SET_NETWORK,
    SET_PORTS,
)
from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.guide import GuideTimeoutError
from custom_components.thermogate.guide.link import Link
from homeassistant.config_entries import (
    SOURCE_DHCP,
    SOURCE_REAUTH,
    ConfigEntryDisabler,
    ConfigEntryState,
)
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from tests.helpers import set_up, settle
from tests.simulators import ports
from tests.simulators.camera import CameraSimulator
from tests.simulators.terminal import TerminalSimulator
from tests.waiting import until

NETWORK = {"netmask": "255.0.0.0", "gateway": "127.0.0.254"}


@pytest.fixture(autouse=True)
def _quick() -> Generator[None]:
    """Look for the camera in milliseconds, and load no more than sensors."""
    with (
        patch.multiple(camera_follow, SETTLE=0.1, FIRST_ALONE=0.5, PAUSE=0.02),
        patch("custom_components.thermogate.PLATFORMS", [Platform.SENSOR]),
    ):
        yield


@pytest.fixture
def free_port(socket_enabled: None) -> int:
    """Return a port that nobody listens at."""
    return ports.free_port()


def device_of(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the device of an entry that is set up."""
    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return device.id


async def call(
    hass: HomeAssistant, entry: MockConfigEntry, action: str, **data: Any
) -> None:
    """Call an action, confirmed."""
    await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device_of(hass, entry), "confirm": True} | data,
        blocking=True,
    )
    await settle(hass)


def issues(hass: HomeAssistant) -> set[str | None]:
    """Return the kinds of the issues that there are."""
    return {each.translation_key for each in ir.async_get(hass).issues.values()}


def reauth(hass: HomeAssistant) -> bool:
    """Return whether a person is asked for the password."""
    return [
        flow["context"]["source"] for flow in hass.config_entries.flow.async_progress()
    ] == [SOURCE_REAUTH]


# Address


async def test_a_new_address_is_followed(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The camera moves, and the entry with it; it asks no DHCP server any more, and what else was not named stays."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "127.0.0.2"], allow_unix_socket=True)
    camera.camera.settings[9].update(ipaddr="127.0.0.1", mode=1)
    await set_up(hass, camera_entry, Platform.SENSOR)
    await call(hass, camera_entry, SET_NETWORK, address="127.0.0.2", **NETWORK)
    assert camera_entry.data[CONF_HOST] == camera.options.host == "127.0.0.2"
    assert camera_entry.state is ConfigEntryState.LOADED
    assert camera_entry.runtime_data.available
    (written,) = camera.received(9)
    assert (written.message["host_name"], written.message["mode"]) == ("MC200", 0)
    assert "mac" not in written.message
    assert not issues(hass)


@pytest.mark.parametrize("told", ["192.168.1.168", ""])
async def test_a_camera_that_is_reached_by_way_of_another_device(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    told: str,
) -> None:
    """Its own address is not the one that Home Assistant knows, which may go on working."""
    camera.camera.settings[9]["ipaddr"] = told
    await set_up(hass, camera_entry, Platform.SENSOR)
    await call(
        hass,
        camera_entry,
        SET_NETWORK,
        address="192.168.1.9",
        gateway="192.168.1.1",
        netmask="255.255.255.0",
    )
    assert camera.camera.settings[9]["ipaddr"] == "192.168.1.9"
    assert camera_entry.data[CONF_HOST] == "127.0.0.1"
    assert camera_entry.state is ConfigEntryState.LOADED


async def test_a_camera_that_asks_for_an_address(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """It may get the one it had."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    await call(hass, camera_entry, SET_NETWORK, mode="dhcp", host_name="YARD")
    assert camera.camera.settings[9]["mode"] == 1
    assert camera.camera.settings[9]["host_name"] == "YARD"
    assert camera_entry.state is ConfigEntryState.LOADED


@pytest.mark.parametrize(
    ("wrong", "key", "said"),
    [
        ({"address": "192.168.1"}, "invalid_value", "possible for address"),
        ({"netmask": "red"}, "invalid_value", "possible for netmask"),
        ({"host_name": "x" * 16}, "invalid_value", "possible for host_name"),
        ({"gateway": "10.0.0.1"}, "refused", "gateway is invalid"),
        ({}, "nothing_given", "address"),
    ],
)
async def test_network_settings_that_are_not_possible(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    wrong: dict[str, Any],
    key: str,
    said: str,
) -> None:
    """Nothing changes, and nobody looks for the camera."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    before = dict(camera.camera.settings[9])
    coordinator = camera_entry.runtime_data
    with pytest.raises(HomeAssistantError, match=said) as refused:
        await call(hass, camera_entry, SET_NETWORK, **wrong)
    assert refused.value.translation_key == key
    assert camera.camera.settings[9] == before
    assert camera_entry.runtime_data is coordinator


# Ports


async def test_new_ports_are_followed(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    free_port: int,
) -> None:
    """That of HTTP is stored, that for alarms the camera tells."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    await call(
        hass, camera_entry, SET_PORTS, http_port=free_port, max_users=20, onvif=True
    )
    assert camera_entry.data[CONF_PORT] == camera.http_port == free_port
    assert camera_entry.runtime_data.data.connection == "websocket"
    assert camera.camera.settings[11]["max_connectios"] == 20
    assert camera.camera.settings[11]["onvif_check"] == 1


async def test_a_new_control_port_is_followed(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    free_port: int,
) -> None:
    """Alarms come over it at once."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    await call(hass, camera_entry, SET_PORTS, control_port=free_port)
    assert camera.ws_port == free_port
    assert camera_entry.runtime_data.data.connection == "websocket"
    assert not issues(hass)


@pytest.mark.parametrize(
    ("field", "beyond"),
    [
        ("http_port", 0),
        ("http_port", 65536),
        ("control_port", 0),
        ("rtsp_port", 65536),
        ("max_users", 0),
        ("max_users", 21),
    ],
)
async def test_ports_that_are_not_possible(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    field: str,
    beyond: int,
) -> None:
    """Are not sent."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    with pytest.raises(ServiceValidationError, match=f"possible for {field}"):
        await call(hass, camera_entry, SET_PORTS, **{field: beyond})
    assert not camera.received(11)


@pytest.mark.parametrize(
    ("ports", "said"),
    [
        ({"http_port": 8080, "control_port": 8080}, "http_port.*that of control_port"),
        ({"rtsp_port": 8554, "control_port": 8554}, "that of rtsp_port"),
        ({"http_port": 9980}, "http_port.*that of control_port"),
    ],
)
async def test_one_port_for_two_things(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    ports: dict[str, int],
    said: str,
) -> None:
    """Would cut Home Assistant off; it is not sent."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    camera.camera.settings[11]["tcp_port"] = 9980
    with pytest.raises(ServiceValidationError, match=said):
        await call(hass, camera_entry, SET_PORTS, **ports)
    assert not camera.received(11)


async def test_a_camera_that_stays_where_it_was(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    free_port: int,
) -> None:
    """It may move when it starts anew; until then Home Assistant stays as well, and says so."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    camera.camera.on_moved = None
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, camera_entry, SET_PORTS, http_port=free_port)
    assert raised.value.translation_key == "camera_stayed"
    assert camera_entry.data[CONF_PORT] == camera.http_port
    assert camera_entry.state is ConfigEntryState.LOADED


async def test_a_camera_that_is_nowhere(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    free_port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A repair issue says what to do, until the camera answers at its new place."""
    monkeypatch.setattr(camera_follow, "GIVE_UP", 0.6)
    await set_up(hass, camera_entry, Platform.SENSOR)
    old = camera.http_port
    moved = camera.camera.on_moved
    camera.camera.on_moved = lambda: camera.camera.reboot(1.5)
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, camera_entry, SET_PORTS, http_port=free_port)
    assert raised.value.translation_key == "camera_not_found"
    assert camera_entry.data[CONF_PORT] == free_port != old
    assert camera_entry.state is ConfigEntryState.SETUP_RETRY
    (issue,) = ir.async_get(hass).issues.values()
    assert issue.translation_key == "camera_moved"
    assert issue.translation_placeholders == {
        "name": "Yard",
        "address": f"127.0.0.1:{free_port}",
    }
    await until(lambda: not camera.rebooting)
    camera.camera.settings[11]["http_port"] = free_port
    assert moved
    moved()
    await until(lambda: camera.http_port == free_port)
    await hass.config_entries.async_reload(camera_entry.entry_id)
    assert camera_entry.state is ConfigEntryState.LOADED
    assert not issues(hass)


async def test_no_issue_outlives_its_camera(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody needs to look for a camera that was removed."""
    monkeypatch.setattr(camera_follow, "GIVE_UP", 0.1)
    await set_up(hass, camera_entry, Platform.SENSOR)
    camera.camera.on_moved = lambda: camera.camera.reboot(60)
    with pytest.raises(HomeAssistantError):
        await call(hass, camera_entry, SET_PORTS, max_users=5)
    assert issues(hass) == {"camera_moved"}
    await hass.config_entries.async_remove(camera_entry.entry_id)
    assert not issues(hass)


@pytest.mark.parametrize("by", ["a DHCP request", "a person", "removal", "disabling"])
async def test_whoever_finds_the_camera_first_is_believed(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    by: str,
) -> None:
    """While it is looked for at its old place it gets another address, and asks for it; or a person sees to it."""
    monkeypatch.setattr(camera_follow, "GIVE_UP", 2)
    await set_up(hass, camera_entry, Platform.SENSOR)
    there = dict(camera_entry.data)
    # Where it was, as far as Home Assistant knows.
    hass.config_entries.async_update_entry(
        camera_entry, data=there | {CONF_HOST: "192.0.2.1"}
    )
    with patch.object(camera_follow, "_async_is_there", return_value=False):
        looking = hass.async_create_task(
            call(hass, camera_entry, SET_NETWORK, mode="dhcp")
        )
        await until(lambda: camera_entry.state is ConfigEntryState.NOT_LOADED)
        match by:
            case "a DHCP request":
                await hass.config_entries.flow.async_init(
                    DOMAIN,
                    context={"source": SOURCE_DHCP},
                    data=DhcpServiceInfo(
                        ip=there[CONF_HOST],
                        hostname="nc200",
                        macaddress="00151810ca9d",
                    ),
                )
            case "a person":
                hass.config_entries.async_update_entry(camera_entry, data=there)
                await hass.config_entries.async_reload(camera_entry.entry_id)
            case "removal":
                await hass.config_entries.async_remove(camera_entry.entry_id)
            case "disabling":
                await hass.config_entries.async_set_disabled_by(
                    camera_entry.entry_id, ConfigEntryDisabler.USER
                )
        await looking
    assert not issues(hass)
    if by in ("a DHCP request", "a person"):
        assert camera_entry.state is ConfigEntryState.LOADED
        assert camera_entry.data == there


async def test_an_action_that_is_stopped_leaves_no_camera_behind(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Whoever stops the script that moved it still gets it back."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    acting = hass.async_create_task(
        call(hass, camera_entry, SET_NETWORK, mode="dhcp"), eager_start=True
    )
    await until(lambda: camera_entry.state is ConfigEntryState.NOT_LOADED)
    acting.cancel()
    await until(lambda: camera_entry.state is ConfigEntryState.LOADED)


# Passwords


async def test_the_own_password_is_changed(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The camera gets both encrypted, and Home Assistant goes on with the new one."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    coordinator = camera_entry.runtime_data
    caplog.clear()
    await call(hass, camera_entry, CHANGE_PASSWORD, new_password="n3w pa55word")
    (request,) = camera.received(503)
    assert (request.retcode, request.message) == (0, {"username": "admin"})
    assert camera_entry.data[CONF_PASSWORD] == "n3w pa55word"
    assert camera_entry.state is ConfigEntryState.LOADED
    assert camera_entry.runtime_data is not coordinator
    ours = [
        each.getMessage()
        for each in caplog.records
        if each.name.startswith("custom_components")
    ]
    assert "n3w pa55word" not in "".join(ours)


async def test_a_new_password_that_the_camera_then_refuses(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """A person is asked, after one attempt."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    logins = len(camera.received(501))
    await camera.inject("wrong-password 5")
    await call(hass, camera_entry, CHANGE_PASSWORD, new_password="new")
    assert reauth(hass)
    assert len(camera.received(501)) == logins + 1


async def test_the_password_of_somebody_else(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Needs the old one; Home Assistant keeps its own."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    camera.options.username = "viewer"
    coordinator = camera_entry.runtime_data
    data = {"username": "viewer", "new_password": "new"}
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, camera_entry, CHANGE_PASSWORD, **data)
    assert refused.value.translation_key == "old_password_missing"
    await call(hass, camera_entry, CHANGE_PASSWORD, old_password="old", **data)
    await call(hass, camera_entry, RESET_PASSWORD, username="viewer")
    assert camera.received(503)[-1].retcode == camera.received(504)[-1].retcode == 0
    assert camera_entry.data[CONF_PASSWORD] == "admin123"
    assert camera_entry.runtime_data is coordinator


@pytest.mark.parametrize("length", [117, 118])
async def test_the_longest_password(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    length: int,
) -> None:
    """That can be encrypted; a longer one is not sent, and the old one stays."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    if length == 117:
        await call(hass, camera_entry, CHANGE_PASSWORD, new_password="x" * length)
        assert camera_entry.data[CONF_PASSWORD] == "x" * length
        return
    with pytest.raises(ServiceValidationError):
        await call(hass, camera_entry, CHANGE_PASSWORD, new_password="x" * length)
    assert not camera.received(503)
    assert camera_entry.data[CONF_PASSWORD] == "admin123"


async def test_the_own_password_is_reset(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Home Assistant tries the one of the factory."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    await call(hass, camera_entry, CHANGE_PASSWORD, new_password="new")
    await call(hass, camera_entry, RESET_PASSWORD)
    assert camera.received(504)[-1].message == {"username": "admin"}
    assert camera_entry.data[CONF_PASSWORD] == "admin123"
    assert camera_entry.state is ConfigEntryState.LOADED


# Everything


async def test_the_camera_forgets_everything(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """And is found again, as if it were new."""
    camera.camera.settings[1]["emiss"] = 0.5
    await set_up(hass, camera_entry, Platform.SENSOR)
    await call(hass, camera_entry, FACTORY_RESET)
    (request,) = camera.received(512)
    assert request.subtype == 1
    assert camera_entry.state is ConfigEntryState.LOADED
    assert camera_entry.runtime_data.data.settings["measurement"]["emiss"] == 0.95


@pytest.mark.parametrize(("action", "cmdtype"), [(FACTORY_RESET, 512), (SET_PORTS, 11)])
async def test_a_camera_that_is_gone_before_it_answers(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    action: str,
    cmdtype: int,
) -> None:
    """Did what it was told, and is looked for; one that was gone before did not."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    data = {"max_users": 5} if action == SET_PORTS else {}
    request = Link.request

    async def vanish(self: Link, number: int, *args: Any, **named: Any) -> Any:
        answer = await request(self, number, *args, **named)
        if number == cmdtype:
            raise GuideTimeoutError("gone")
        return answer

    with patch.object(Link, "request", vanish):
        await call(hass, camera_entry, action, **data)
    assert camera_entry.state is ConfigEntryState.LOADED
    assert len(camera.received(cmdtype)) == 1
    await camera_entry.runtime_data.client.close()
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, camera_entry, action, **data)
    assert raised.value.translation_key == "camera_lost"
    assert len(camera.received(cmdtype)) == 1


ENOUGH: dict[str, dict[str, Any]] = {
    SET_NETWORK: {"address": "127.0.0.2"},
    SET_PORTS: {"http_port": 8080},
    CHANGE_PASSWORD: {"new_password": "new"},
    RESET_PASSWORD: {},
    FACTORY_RESET: {},
}


async def test_nothing_happens_by_accident(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    hass_read_only_user: MockUser,
) -> None:
    """Only administrators, only confirmed, and only one camera."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    asked = len(camera.requests)
    assert ENOUGH.keys() == FIELDS.keys()
    for action, data in ENOUGH.items():
        with pytest.raises(ServiceValidationError) as refused:
            await call(hass, camera_entry, action, confirm=False, **data)
        assert refused.value.translation_key == "not_confirmed_at_camera"
        given = {"device_id": device_of(hass, camera_entry), **data}
        with pytest.raises(vol.Invalid):
            await hass.services.async_call(DOMAIN, action, given, blocking=True)
        with pytest.raises(Unauthorized):
            await hass.services.async_call(
                DOMAIN,
                action,
                given | {"confirm": True},
                blocking=True,
                context=Context(user_id=hass_read_only_user.id),
            )
    assert len(camera.requests) == asked


async def test_a_terminal_is_no_camera(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What is not a camera is told by its name."""
    await set_up(hass, terminal_entry, Platform.SENSOR)
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, terminal_entry, FACTORY_RESET)
    assert refused.value.translation_key == "not_a_camera"
    assert refused.value.translation_placeholders == {"name": "Front door"}
