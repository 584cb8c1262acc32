"""What all tests share: a terminal and a camera that play their part, and their entries in Home Assistant."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import ExitStack
import logging
import os
from pathlib import Path
import traceback
from typing import Any
from unittest.mock import AsyncMock, patch

from freezegun import freeze_time
from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_mqtt_message,
)
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from pytest_homeassistant_custom_component.typing import (
    MqttMockHAClient,
    MqttMockPahoClient,
)
from sqlalchemy import create_engine
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

# Imported before the harness brings a package of the same name that would hide ours.
from custom_components.thermogate.const import (
    CONF_KIND,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    DOMAIN,
    DeviceKind,
)
from custom_components.thermogate.journal.schema import METADATA
from homeassistant.components import mqtt
from homeassistant.components.mqtt import ReceiveMessage
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from tests.postgresql import NoServerError, PostgreSQL, private_server
from tests.simulators.camera import CameraSimulator, Options as CameraOptions
from tests.simulators.terminal import Options as TerminalOptions, TerminalSimulator

TERMINAL_SERIAL = "0123F6-DEFAB2-4D65EE"


@pytest.fixture(autouse=True)
def _custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant find this integration in the tests that start one."""
    if "hass" in request.fixturenames:
        request.getfixturevalue("enable_custom_integrations")


@pytest.fixture(autouse=True, scope="session")
def _quiet_database() -> None:
    """Leave out the statements, which the harness would log."""
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Give each test a configuration folder of its own: the journal is there."""
    folder = tmp_path / "config"
    folder.mkdir()
    return str(folder)


@pytest.fixture
def mqtt_client_mock(
    mqtt_client_mock: MqttMockPahoClient,
) -> Generator[MqttMockPahoClient]:
    """Let the mocked MQTT client subscribe at once, and leave out its upkeep, whose timer would outlive every test."""
    client = "homeassistant.components.mqtt.client"
    with (
        patch(f"{client}.INITIAL_SUBSCRIBE_COOLDOWN", 0),
        patch(f"{client}.SUBSCRIBE_COOLDOWN", 0),
        patch(f"{client}.MQTT._async_start_misc_periodic"),
    ):
        yield mqtt_client_mock


class HassLink:
    """A simulated terminal's connection that ends in Home Assistant's own (mocked) MQTT client: no broker, no waiting."""

    hass: HomeAssistant

    def __init__(
        self,
        _options: TerminalOptions,
        _client_id: str,
        subscriptions: list[str],
        received: Callable[[str, bytes, bool], None],
        changed: Callable[[bool], None],
    ) -> None:
        """Take the same as the real link."""
        self.online = False
        self._was_online = False
        self._subscriptions = subscriptions
        self._received = received
        self._changed = changed
        self._unsubscribe: list[CALLBACK_TYPE] = []

    def join(self) -> None:
        """Connect at once; after a restart by itself."""
        if self._was_online:
            self.hass.async_create_task(self.ready(0))

    async def ready(self, timeout: float) -> None:
        """Subscribe."""
        for topic in self._subscriptions:

            @callback
            def take(message: ReceiveMessage) -> None:
                payload = message.payload
                assert isinstance(payload, bytes | bytearray)
                if self.online:
                    self._received(message.topic, bytes(payload), False)

            self._unsubscribe.append(
                await mqtt.async_subscribe(self.hass, topic, take, encoding=None)
            )
        self.online = self._was_online = True
        self._changed(True)

    def leave(self, *, abruptly: bool = False) -> None:
        """Disconnect."""
        self.online = False
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe.clear()

    def drop(self) -> None:
        """Lose the connection."""
        self.leave()

    def publish(self, topic: str, payload: bytes) -> None:
        """Send to Home Assistant."""
        if self.online:
            async_fire_mqtt_message(self.hass, topic, payload)


@pytest.fixture
def terminal_options() -> TerminalOptions:
    """Return how the terminal of the test is set up; override to give it quirks."""
    return TerminalOptions(serial=TERMINAL_SERIAL, seed=1)


@pytest.fixture
async def terminal(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, terminal_options: TerminalOptions
) -> AsyncGenerator[TerminalSimulator]:
    """Run a terminal that talks to the tested Home Assistant."""
    HassLink.hass = hass
    with patch("tests.simulators.terminal.simulator.Link", HassLink):
        async with TerminalSimulator(terminal_options) as simulator:
            yield simulator


@pytest.fixture
def short_patience() -> Generator[None]:
    """Wait only a moment for a terminal that answers nothing."""
    coordinator = "custom_components.thermogate.coordinator"
    with (
        patch(f"{coordinator}.terminal.ASK_TIMEOUT", 0.01),
        patch(f"{coordinator}.presence.PROBE_TIMEOUT", 0.1),
    ):
        yield


@pytest.fixture
def terminal_entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return the entry of that terminal, not set up yet."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Front door",
        unique_id=TERMINAL_SERIAL,
        data={
            CONF_KIND: DeviceKind.TERMINAL,
            CONF_TOPIC_ID: TERMINAL_SERIAL,
            CONF_TOPIC_PREFIX: "",
        },
    )
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
def camera_options() -> CameraOptions:
    """Return how the camera of the test is set up; override to give it quirks."""
    return CameraOptions(
        seed=1,
        # What it remembers would depend on the time of day.
        days_of_history=0,
        alarm_period=0,
        reboot_time=0.2,
        shutter_time=0.05,
    )


@pytest.fixture
async def camera(
    socket_enabled: None, camera_options: CameraOptions
) -> AsyncGenerator[CameraSimulator]:
    """Run a camera on this machine."""
    simulator = CameraSimulator(camera_options)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
def camera_entry(hass: HomeAssistant, camera: CameraSimulator) -> MockConfigEntry:
    """Return the entry of that camera, not set up yet."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Yard",
        unique_id=camera.options.serial,
        data={
            CONF_KIND: DeviceKind.CAMERA,
            CONF_HOST: camera.options.host,
            CONF_PORT: camera.http_port,
            CONF_USERNAME: camera.options.username,
            CONF_PASSWORD: camera.options.password,
        },
    )
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
def setups() -> Generator[AsyncMock]:
    """Keep entries from talking to their device; count how often one was set up."""
    module = f"custom_components.{DOMAIN}"
    with (
        patch(f"{module}.async_unload_entry", return_value=True),
        patch(f"{module}.async_setup_entry", return_value=True) as setup,
    ):
        yield setup


@pytest.fixture
def camera_address(camera: CameraSimulator) -> dict[str, Any]:
    """Return what a person types to reach the camera."""
    return {
        CONF_HOST: camera.options.host,
        CONF_PORT: camera.http_port,
        CONF_USERNAME: camera.options.username,
        CONF_PASSWORD: camera.options.password,
    }


@pytest.fixture(scope="session")
def postgresql() -> Generator[PostgreSQL]:
    """Run a PostgreSQL server, where its programs are installed."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(private_server())
        except NoServerError as err:
            pytest.skip(str(err))
        yield server


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest) -> Generator[str]:
    """Return the URL of an empty PostgreSQL database: the one that the environment names, else one of our own."""
    url = os.environ.get("THERMOGATE_TEST_POSTGRESQL", "")
    if not url:
        url = request.getfixturevalue("postgresql").url()
    engine = create_engine(url)
    METADATA.drop_all(engine)
    yield url
    METADATA.drop_all(engine)
    engine.dispose()


@pytest.fixture
def clock() -> Generator[TickingDateTimeFactory]:
    """Let time pass as always from a fixed noon (of the tests' time zone) on, and jump with `tick`; ask for it first."""
    with freeze_time("2026-06-15T19:00:00Z", tick=True) as factory:
        assert isinstance(factory, TickingDateTimeFactory)
        yield factory


@pytest.fixture
def still_scene() -> Generator[None]:
    """Let nothing move or warm up before the simulated camera."""
    with patch("tests.simulators.camera.camera.Camera.scene_time", return_value=0.0):
        yield


@pytest.fixture
def plain_tokens() -> Generator[None]:
    """Let the addresses of pictures be the same in every run."""
    with (
        patch("random.SystemRandom.getrandbits", return_value=1),
        patch(
            "custom_components.thermogate.views.async_sign_path",
            side_effect=lambda _hass, path, *_, **__: f"{path}?authSig=signed",
        ),
    ):
        yield


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return snapshots written as Home Assistant writes its own, the same for every version that we support."""
    return snapshot.with_defaults(
        extension_class=HomeAssistantSnapshotExtension,
        # In the entity registry since 2026.11.
        exclude=props("compat_name"),
    )


@pytest.fixture
def entity_registry_enabled_by_default() -> Generator[None]:
    """Enable entities that are disabled by default too."""
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        new=True,
    ):
        yield


@pytest.fixture
def every_update_shows() -> Generator[None]:
    """Show each change at once, also in a flood of them; ask for it before the device is set up."""
    with patch("custom_components.thermogate.coordinator.base.UPDATE_BURST", 10_000):
        yield


@pytest.fixture
async def late_connections(hass: HomeAssistant) -> None:
    """Pass over what asyncio says of a connection that a simulator accepted while it closed its port."""
    handle = hass.loop.get_exception_handler()
    assert handle is not None

    def pass_over(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        trace = traceback.extract_tb(
            getattr(context.get("exception"), "__traceback__", None)
        )
        if not trace or trace[-1].name != "_attach":
            handle(loop, context)

    hass.loop.set_exception_handler(pass_over)
