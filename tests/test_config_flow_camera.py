"""Adding thermal cameras: by hand, or seen on the network."""

from dataclasses import dataclass, field
import socket
from typing import Any
from unittest.mock import AsyncMock

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.const import CONF_KIND, DOMAIN, DeviceKind
from homeassistant.config_entries import SOURCE_DHCP, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_MAC, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from tests.flows import choose, ignore, submit, suggested
from tests.simulators.camera import CameraSimulator, Options as CameraOptions
from tests.simulators.camera.camera import HANDLERS
from tests.simulators.camera.settings import ILLEGAL_ACCESS, PORTS, SYSTEM
from tests.waiting import until

LOGIN, NETWORK, VERSION = 501, 10, 505
SERIAL = "NC2002210C0042"
MAC = "00:15:18:10:ca:9d"
PACKET = DhcpServiceInfo(
    ip="127.0.0.1", hostname="nc200-yard", macaddress="00151810ca9d"
)


async def packet(
    hass: HomeAssistant, info: DhcpServiceInfo = PACKET
) -> ConfigFlowResult:
    """See a camera ask for an address."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_DHCP}, data=info
    )
    await hass.async_block_till_done()
    return result


# By hand


async def test_a_camera_is_added_after_a_login(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_address: dict[str, Any],
    setups: AsyncMock,
) -> None:
    """It is known by its serial number; the look at it leaves no session behind."""
    flow = await choose(hass, DeviceKind.CAMERA)
    assert flow["type"] is FlowResultType.FORM
    assert flow["step_id"] == "camera"

    result = await submit(hass, flow, camera_address)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Substation yard"
    assert result["data"] == {
        CONF_KIND: DeviceKind.CAMERA,
        CONF_MAC: MAC,
        **camera_address,
    }
    assert result["result"].unique_id == SERIAL
    assert setups.call_count == 1
    assert len(camera.received(LOGIN)) == 1
    await until(lambda: not camera.camera.sessions.alive(camera.camera.now()))


@pytest.mark.usefixtures("setups")
async def test_a_camera_without_a_name_is_called_by_its_model(
    hass: HomeAssistant, camera: CameraSimulator, camera_address: dict[str, Any]
) -> None:
    """Its owner has not named it in its own settings."""
    camera.camera.settings[SYSTEM]["name"] = ""

    result = await submit(hass, await choose(hass, DeviceKind.CAMERA), camera_address)

    assert result["title"] == "NC200"


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Something that keeps a camera from being added: quirks or settings of the camera, and what the person reads."""

    error: str
    quirks: frozenset[str] = frozenset()
    wrong_passwords: int = 0
    settings: dict[int, dict[str, Any]] = field(default_factory=dict)
    placeholders: dict[str, str] = field(default_factory=dict)

    def begin(self, camera: CameraSimulator) -> None:
        """Let it happen."""
        camera.camera.quirks |= self.quirks
        camera.camera.sessions.staged_failures = self.wrong_passwords
        for number, values in self.settings.items():
            camera.camera.settings[number].update(values)

    def end(self, camera: CameraSimulator) -> None:
        """Let it be over."""
        camera.camera.quirks -= self.quirks
        camera.camera.sessions.unlock()
        camera.camera.settings.reset()
        camera.camera.settings[PORTS]["max_connectios"] = 10


TROUBLES = {
    "wrong password": Trouble(
        error="invalid_auth_attempts",
        wrong_passwords=1,
        settings={ILLEGAL_ACCESS: {"allow_count": 4}},
        placeholders={"attempts": "3"},
    ),
    "wrong password, attempts not told": Trouble(
        error="invalid_auth", wrong_passwords=1, quirks=frozenset({"no-count"})
    ),
    "wrong password, another code": Trouble(
        error="invalid_auth",
        wrong_passwords=1,
        quirks=frozenset({"no-count", "wrong-password-10011"}),
    ),
    "locked": Trouble(
        error="locked",
        wrong_passwords=1,
        settings={ILLEGAL_ACCESS: {"allow_count": 1}},
    ),
    "too many users": Trouble(
        error="too_many_users", settings={PORTS: {"max_connectios": 0}}
    ),
    "a web page": Trouble(error="cannot_connect", quirks=frozenset({"html-body"})),
}


@pytest.mark.usefixtures("setups")
@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES.keys())
async def test_trouble_is_said_and_can_be_overcome(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_address: dict[str, Any],
    trouble: Trouble,
) -> None:
    """The form comes back with what was typed, and works when the trouble is over."""
    flow = await choose(hass, DeviceKind.CAMERA)
    trouble.begin(camera)
    result = await submit(hass, flow, camera_address)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": trouble.error}
    assert result["description_placeholders"] == trouble.placeholders
    assert suggested(result) == camera_address

    trouble.end(camera)
    result = await submit(hass, flow, camera_address)
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.usefixtures("setups")
async def test_one_try_of_a_person_is_one_login(
    hass: HomeAssistant, camera: CameraSimulator, camera_address: dict[str, Any]
) -> None:
    """Trying more often would lock the account sooner than the person expects."""
    await camera.inject("wrong-password 5")

    await submit(hass, await choose(hass, DeviceKind.CAMERA), camera_address)

    assert [login.retcode for login in camera.received(LOGIN)] == [10009]


@pytest.mark.usefixtures("setups")
async def test_firmware_that_lacks_what_is_needed_is_said(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_address: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Something answered, but not as a camera would."""
    flow = await choose(hass, DeviceKind.CAMERA)
    with monkeypatch.context() as patched:
        patched.delitem(HANDLERS, VERSION)
        result = await submit(hass, flow, camera_address)
    assert result["errors"] == {"base": "unexpected_answer"}

    result = await submit(hass, flow, camera_address)
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.usefixtures("setups")
@pytest.mark.parametrize(
    ("host", "error"),
    [
        ("127.0.0.1", "cannot_connect"),
        ("http://127.0.0.1", "invalid_host"),
        ("127.0.0.1/index.html", "invalid_host"),
        ("the yard", "invalid_host"),
        ("", "invalid_host"),
    ],
)
async def test_a_wrong_address_is_said_and_can_be_corrected(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_address: dict[str, Any],
    host: str,
    error: str,
) -> None:
    """Nobody listens there, or it is no address at all."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        wrong = {CONF_HOST: host, CONF_PORT: closed.getsockname()[1]}
        flow = await choose(hass, DeviceKind.CAMERA)
        result = await submit(hass, flow, camera_address | wrong)
    assert result["errors"] == {"base": error}

    result = await submit(hass, flow, camera_address)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_adding_a_camera_again_updates_its_address(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    camera_address: dict[str, Any],
    setups: AsyncMock,
) -> None:
    """There is no second entry; the first one follows to where the camera is now."""
    await hass.config_entries.async_setup(camera_entry.entry_id)
    hass.config_entries.async_update_entry(
        camera_entry, data={**camera_entry.data, CONF_HOST: "192.0.2.7", CONF_PORT: 81}
    )

    result = await submit(hass, await choose(hass, DeviceKind.CAMERA), camera_address)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    assert camera_entry.data == {CONF_KIND: DeviceKind.CAMERA, **camera_address}
    assert setups.call_count == 2


@pytest.mark.usefixtures("setups")
@pytest.mark.parametrize(
    "camera_options", [CameraOptions(quirks=frozenset({"no-serial"}), alarm_period=0)]
)
async def test_a_camera_without_serial_number_is_known_by_its_mac_address(
    hass: HomeAssistant, camera: CameraSimulator, camera_address: dict[str, Any]
) -> None:
    """Also when it is added a second time."""
    result = await submit(hass, await choose(hass, DeviceKind.CAMERA), camera_address)
    assert result["result"].unique_id == MAC

    result = await submit(hass, await choose(hass, DeviceKind.CAMERA), camera_address)
    assert result["reason"] == "already_configured"


@pytest.mark.usefixtures("setups")
async def test_a_camera_may_hide_its_mac_address(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_address: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not every user may read the network settings."""
    monkeypatch.delitem(HANDLERS, NETWORK)

    result = await submit(hass, await choose(hass, DeviceKind.CAMERA), camera_address)

    assert result["result"].unique_id == SERIAL
    assert CONF_MAC not in result["data"]


@pytest.mark.usefixtures("setups")
@pytest.mark.parametrize(
    "camera_options", [CameraOptions(quirks=frozenset({"no-serial"}), alarm_period=0)]
)
async def test_a_camera_that_tells_nothing_of_itself_is_known_by_its_address(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_address: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is not added twice under the same host."""
    monkeypatch.delitem(HANDLERS, NETWORK)

    result = await submit(hass, await choose(hass, DeviceKind.CAMERA), camera_address)
    assert result["result"].unique_id is None

    result = await submit(hass, await choose(hass, DeviceKind.CAMERA), camera_address)
    assert result["reason"] == "already_configured"


# DHCP


async def test_a_camera_seen_on_the_network_is_offered(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_address: dict[str, Any],
    setups: AsyncMock,
) -> None:
    """The person only adds the login."""
    flow = await packet(hass)
    assert flow["step_id"] == "camera"
    assert suggested(flow) == {CONF_HOST: "127.0.0.1"}
    [progress] = hass.config_entries.flow.async_progress()
    assert progress["context"]["title_placeholders"] == {"name": "nc200-yard"}

    result = await submit(hass, flow, camera_address)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].unique_id == SERIAL
    assert result["data"][CONF_MAC] == MAC


@pytest.mark.usefixtures("setups")
async def test_a_camera_that_was_added_by_hand_is_offered_no_longer(
    hass: HomeAssistant, camera: CameraSimulator, camera_address: dict[str, Any]
) -> None:
    """The card was there first; what was pasted may have blanks around it."""
    await packet(hass)

    result = await submit(
        hass,
        await choose(hass, DeviceKind.CAMERA),
        camera_address | {CONF_HOST: f" {camera_address[CONF_HOST]} "},
    )

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"][CONF_HOST] == camera_address[CONF_HOST]
    assert not hass.config_entries.flow.async_progress()


async def test_a_camera_without_host_name_is_offered_under_its_address(
    hass: HomeAssistant,
) -> None:
    """Something has to stand on the card."""
    await packet(
        hass, DhcpServiceInfo(ip="192.0.2.8", hostname="", macaddress="00151810ca9d")
    )

    [progress] = hass.config_entries.flow.async_progress()
    assert progress["context"]["title_placeholders"] == {"name": "192.0.2.8"}


async def test_a_known_camera_is_followed_to_its_new_address(
    hass: HomeAssistant, camera_entry: MockConfigEntry, setups: AsyncMock
) -> None:
    """The entry is loaded anew with it, once."""
    hass.config_entries.async_update_entry(
        camera_entry,
        data={**camera_entry.data, CONF_HOST: "192.0.2.7", CONF_MAC: MAC},
    )
    await hass.config_entries.async_setup(camera_entry.entry_id)

    result = await packet(hass)
    again = await packet(hass)

    for each in (result, again):
        assert each["type"] is FlowResultType.ABORT
        assert each["reason"] == "already_configured"
    assert camera_entry.data[CONF_HOST] == "127.0.0.1"
    assert setups.call_count == 2


async def test_a_camera_at_a_known_address_is_not_offered(
    hass: HomeAssistant, camera_entry: MockConfigEntry, setups: AsyncMock
) -> None:
    """Its MAC address is not known, but its host is."""
    await hass.config_entries.async_setup(camera_entry.entry_id)

    result = await packet(hass)

    assert result["reason"] == "already_configured"
    assert setups.call_count == 1


async def test_an_ignored_camera_stays_ignored(hass: HomeAssistant) -> None:
    """However often it asks for an address."""
    await ignore(hass, MAC)

    result = await packet(hass)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_a_second_packet_opens_no_second_flow(hass: HomeAssistant) -> None:
    """The first one is still waiting for the person."""
    await packet(hass)

    result = await packet(hass)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_in_progress"
