"""Live pictures and streams."""

from io import BytesIO
from unittest.mock import patch

from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.thermogate.guide import GuideConnectionError
from homeassistant.components.camera import async_get_image, async_get_stream_source
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from tests.helpers import door, set_up, state_of
from tests.simulators.camera import CameraSimulator, Options as CameraOptions
from tests.simulators.terminal import Options, TerminalSimulator

SNAPSHOT = "camera.front_door_snapshot"


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.mark.usefixtures("plain_tokens")
async def test_terminal(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A terminal takes a picture when it is asked for one."""
    await set_up(hass, terminal_entry, Platform.CAMERA)
    await snapshot_platform(hass, entity_registry, snapshot, terminal_entry.entry_id)


@pytest.mark.usefixtures("plain_tokens", "entity_registry_enabled_by_default")
async def test_camera(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A camera has two lenses with two streams each."""
    await set_up(hass, camera_entry, Platform.CAMERA)
    await snapshot_platform(hass, entity_registry, snapshot, camera_entry.entry_id)


async def test_a_terminal_takes_a_picture(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What it sees now."""
    await set_up(hass, terminal_entry, Platform.CAMERA)
    image = await async_get_image(hass, SNAPSHOT)
    assert image.content_type == "image/jpeg"
    assert image.content.startswith(b"\xff\xd8")
    assert terminal.requests[-1].code == 0
    assert await async_get_stream_source(hass, SNAPSHOT) is None


async def test_a_terminal_that_takes_no_picture(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Home Assistant says that there is no picture, and nothing breaks."""
    await set_up(hass, terminal_entry, Platform.CAMERA)
    terminal.be_silent(60)
    with pytest.raises(HomeAssistantError):
        await async_get_image(hass, SNAPSHOT, timeout=0.05)


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
@pytest.mark.parametrize(
    ("lens", "path"),
    [
        ("visible", "video2/stream0"),
        ("visible_small", "video2/stream1"),
        ("thermal", "video1/stream0"),
        ("thermal_small", "video1/stream1"),
    ],
)
async def test_a_stream_is_opened_with_the_account(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    lens: str,
    path: str,
) -> None:
    """What the stream component opens has the credentials in it; what anybody sees has not."""
    await set_up(hass, camera_entry, Platform.CAMERA)
    source = await async_get_stream_source(hass, f"camera.yard_{lens}")
    assert source == (f"rtsp://admin:admin123@127.0.0.1:{camera.rtsp_port}/{path}")
    assert "admin123" not in str(hass.states.get(f"camera.yard_{lens}"))


async def test_a_stream_comes_from_where_the_camera_is_configured(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """A camera behind address translation tells an address that nobody can reach."""
    with patch.object(camera.options, "host", "192.0.2.7"):
        await set_up(hass, camera_entry, Platform.CAMERA)
    assert "192.0.2.7" in camera_entry.runtime_data.data.general.urls.visible
    source = await async_get_stream_source(hass, "camera.yard_visible")
    assert source is not None
    assert "@127.0.0.1:" in source


@pytest.mark.parametrize(
    ("lens", "size"), [("visible", (1280, 720)), ("thermal", (512, 384))]
)
async def test_a_lens_gives_a_still(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    lens: str,
    size: tuple[int, int],
) -> None:
    """A picture of now, from the lens that was asked."""
    await set_up(hass, camera_entry, Platform.CAMERA)
    image = await async_get_image(hass, f"camera.yard_{lens}")
    assert image.content_type == "image/jpeg"
    with Image.open(BytesIO(image.content)) as picture:
        assert picture.size == size


async def test_a_still_that_fails_is_no_picture(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Home Assistant says that there is no picture, and nothing breaks."""
    await set_up(hass, camera_entry, Platform.CAMERA)
    with (
        patch(
            "custom_components.thermogate.guide.GuideClient.visible_still",
            side_effect=GuideConnectionError("gone"),
        ),
        pytest.raises(HomeAssistantError),
    ):
        await async_get_image(hass, "camera.yard_visible")


@pytest.mark.parametrize(
    "camera_options", [CameraOptions(quirks=frozenset({"ir-only"}))]
)
@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_a_camera_with_one_lens(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """A lens that is not there is not offered."""
    assert await async_setup_component(hass, "stream", {})
    await set_up(hass, camera_entry, Platform.CAMERA, Platform.IMAGE)
    assert state_of(hass, "camera.yard_thermal") == "idle"
    assert state_of(hass, "camera.yard_visible") is None
    assert state_of(hass, "camera.yard_visible_small") is None
    assert state_of(hass, "image.yard_last_alarm_visible") is None
    assert state_of(hass, "image.yard_last_alarm_thermal") == "unknown"
