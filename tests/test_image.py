"""The pictures of the last access or alarm, from the very message that reported it."""

import asyncio
import base64
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.thermogate.guide import GuideClient, GuideConnectionError
from homeassistant.components.image import async_get_image
from homeassistant.const import Platform
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
from tests.helpers import (
    attributes_of,
    capture,
    capture_at_one,
    door,
    set_up,
    settle,
    state_of,
)
from tests.simulators.camera import CameraSimulator
from tests.simulators.terminal import CaptureSent, Options, Quirk, TerminalSimulator
from tests.waiting import until

FACE = "image.front_door_face"
SCENE = "image.front_door_scene"
PHOTO = "image.front_door_registered_photo"
ACCESS = "event.front_door_access"
VISIBLE = "image.yard_last_alarm_visible"
THERMAL = "image.yard_last_alarm_thermal"
ALARM = "event.yard_alarm"


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


def sent_picture(sent: CaptureSent, part: str) -> bytes:
    """Return a picture as the terminal sent it."""
    picture: Any = sent.message[part]
    return base64.b64decode(picture["data"])


async def shown_picture(hass: HomeAssistant, entity_id: str) -> tuple[bytes, str]:
    """Return what a browser would get."""
    image = await async_get_image(hass, entity_id)
    return image.content, image.content_type


@pytest.mark.usefixtures("plain_tokens")
async def test_terminal(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A terminal shows the face, the scene, and the photo it was compared with."""
    await set_up(hass, terminal_entry, Platform.IMAGE)
    await capture_at_one(hass, terminal, cap_time="2026/06/15 12:59:58.250")
    await snapshot_platform(hass, entity_registry, snapshot, terminal_entry.entry_id)


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "plain_tokens")
async def test_camera(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """A camera shows what an alarm looked like to both lenses, and how hot everything is."""
    await set_up(hass, camera_entry, Platform.IMAGE)
    await snapshot_platform(hass, entity_registry, snapshot, camera_entry.entry_id)


# Terminal


async def test_a_capture_brings_its_pictures(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Every picture is the one that was sent, and names the event that it belongs to."""
    terminal.device.section("face")["enable_output_reg"] = True
    await set_up(hass, terminal_entry, Platform.IMAGE, Platform.EVENT)
    sent = await capture(hass, terminal, pictures="both")
    assert await shown_picture(hass, FACE) == (
        sent_picture(sent, "closeup_pic"),
        "image/jpeg",
    )
    assert await shown_picture(hass, SCENE) == (
        sent_picture(sent, "overall_pic"),
        "image/jpeg",
    )
    match: Any = sent.message["match"]
    assert await shown_picture(hass, PHOTO) == (
        base64.b64decode(match["image"]),
        "image/jpeg",
    )
    event_id = attributes_of(hass, ACCESS)["event_id"]
    for entity_id in (FACE, SCENE, PHOTO):
        assert attributes_of(hass, entity_id)["event_id"] == event_id


async def test_nobody_is_shown_with_the_face_of_who_came_before(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """A capture without a picture leaves none: a notification must not carry that of somebody else."""
    await set_up(hass, terminal_entry, Platform.IMAGE, Platform.EVENT)
    first = await capture(hass, terminal, pictures="closeup")
    assert (
        attributes_of(hass, FACE)["event_id"] == attributes_of(hass, ACCESS)["event_id"]
    )
    assert (await shown_picture(hass, FACE))[0] == sent_picture(first, "closeup_pic")
    assert state_of(hass, SCENE) == "unknown"

    await capture(hass, terminal, pictures="none")
    assert state_of(hass, FACE) == "unknown"
    assert "event_id" not in attributes_of(hass, FACE)
    with pytest.raises(HomeAssistantError):
        await async_get_image(hass, FACE)


@pytest.mark.parametrize("terminal_options", [door(Quirk.PNG_CALLED_JPG)])
async def test_a_picture_is_what_its_bytes_are(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Some devices call a PNG a JPEG."""
    await set_up(hass, terminal_entry, Platform.IMAGE)
    await capture(hass, terminal, pictures="closeup")
    content, content_type = await shown_picture(hass, FACE)
    assert content_type == "image/png"
    assert content.startswith(b"\x89PNG")


def cut(message: dict[str, Any]) -> None:
    """Cut a picture in half, in its bytes."""
    picture = message["closeup_pic"]
    data = base64.b64decode(picture["data"])
    picture["data"] = base64.b64encode(data[: len(data) // 2]).decode()


async def test_a_broken_picture_is_not_served(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What looks like a picture at first and is none is nobody's to decode, and one line in the log."""
    await set_up(hass, terminal_entry, Platform.IMAGE)
    change: Callable[[dict[str, Any]], None] = cut
    for _ in range(2):
        await terminal.capture(change=change)
        await settle(hass)
        for _ in range(2):
            with pytest.raises(HomeAssistantError):
                await async_get_image(hass, FACE)
    assert caplog.text.count("broken picture") == 1
    await capture(hass, terminal, pictures="closeup")
    assert (await shown_picture(hass, FACE))[0]


async def test_a_picture_stays_when_the_device_goes(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Who was last at the door can be seen while the terminal is away; what never came cannot."""
    await set_up(hass, terminal_entry, Platform.IMAGE)
    await capture(hass, terminal, pictures="closeup")
    coordinator = terminal_entry.runtime_data
    coordinator.async_change(online=False)
    await settle(hass)
    assert state_of(hass, FACE) not in ("unknown", "unavailable")
    assert state_of(hass, SCENE) == "unavailable"


# Camera


@pytest.mark.parametrize("alarm", ["rule", "hot", "cold", "fire", "input", "body"])
async def test_an_alarm_brings_its_pictures(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    alarm: str,
) -> None:
    """Both pictures of an alarm name the event that they belong to."""
    await set_up(hass, camera_entry, Platform.IMAGE, Platform.EVENT)
    await camera.inject(f"alarm {alarm}")
    await until(lambda: state_of(hass, THERMAL) != "unknown")
    await until(lambda: state_of(hass, VISIBLE) != "unknown")
    event_id = attributes_of(hass, ALARM)["event_id"]
    for entity_id in (VISIBLE, THERMAL):
        assert attributes_of(hass, entity_id)["event_id"] == event_id
        content, content_type = await shown_picture(hass, entity_id)
        assert content_type == "image/jpeg"
        assert content.startswith(b"\xff\xd8")


async def test_the_pictures_are_there_when_the_event_is(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """An automation that runs at once on the event already finds its pictures."""
    await set_up(hass, camera_entry, Platform.IMAGE, Platform.EVENT)
    seen: list[tuple[str, str]] = []

    @callback
    def happened(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        assert state is not None
        seen.append(
            (state.attributes["event_id"], attributes_of(hass, THERMAL)["event_id"])
        )

    async_track_state_change_event(hass, ALARM, happened)
    for alarm in ("fire", "input", "rule"):
        await camera.inject(f"alarm {alarm}")
    await until(lambda: len(seen) == 3)

    assert all(event_id == pictured for event_id, pictured in seen)


async def test_an_alarm_is_not_shown_with_the_picture_of_the_one_before(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """No picture is better than a wrong one; what has no pictures by nature leaves them alone."""
    await set_up(hass, camera_entry, Platform.IMAGE, Platform.EVENT)
    await camera.inject("alarm fire")
    await until(lambda: state_of(hass, THERMAL) != "unknown")

    await camera.inject("alarm storage-full")
    await until(lambda: attributes_of(hass, ALARM)["event_type"] == "storage_full")
    assert state_of(hass, THERMAL) != "unknown"

    await camera.push(1011, {})
    await until(lambda: state_of(hass, THERMAL) == "unknown")
    assert state_of(hass, VISIBLE) == "unknown"


async def test_a_picture_that_is_only_named_is_fetched(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Where the content is garbage, the picture is fetched from where the camera keeps it."""
    await camera.inject("alarm-picture-garbage")
    await set_up(hass, camera_entry, Platform.IMAGE)
    await camera.inject("alarm fire")
    await until(lambda: state_of(hass, THERMAL) != "unknown")
    assert (await shown_picture(hass, THERMAL))[0].startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"ir_image_content": "", "vl_image_content": None},
        {"ir_image_content": "no base64 at all", "vl_image_content": 17},
        {"ir_image_url": "/nowhere.jpg", "vl_image_url": "file:///etc/passwd"},
        {"ir_image_url": ["/a"], "vl_image_url": "//192.0.2.1/picture.jpg"},
    ],
)
async def test_an_alarm_without_pictures_is_still_one(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    body: dict[str, Any],
) -> None:
    """A missing or broken picture does not hide the alarm, nor the ones that follow."""
    await set_up(hass, camera_entry, Platform.IMAGE, Platform.EVENT)
    await camera.push(1011, body)
    await until(lambda: state_of(hass, ALARM) != "unknown")
    await settle(hass)
    assert state_of(hass, THERMAL) == "unknown"
    assert state_of(hass, VISIBLE) == "unknown"
    await camera.inject("alarm fire")
    await until(lambda: state_of(hass, THERMAL) != "unknown")


async def test_a_picture_that_comes_late_does_not_hide_a_newer_one(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The picture shown is that of the last alarm, however long an earlier one takes to fetch."""
    await set_up(hass, camera_entry, Platform.IMAGE, Platform.EVENT)
    may_end = asyncio.Event()
    download = GuideClient.download

    async def slow(self: GuideClient, url: str, **kwargs: Any) -> bytes:
        await may_end.wait()
        return await download(self, url, **kwargs)

    with patch.object(GuideClient, "download", slow):
        await camera.inject("alarm-picture-garbage")
        await camera.inject("alarm fire")
        await until(lambda: state_of(hass, ALARM) != "unknown")
        await camera.inject("alarm-picture-garbage off")
        await camera.inject("alarm input")
        await until(lambda: state_of(hass, THERMAL) != "unknown")
        event_id = attributes_of(hass, THERMAL)["event_id"]
        may_end.set()
        await settle(hass)
    assert attributes_of(hass, THERMAL)["event_id"] == event_id


async def test_a_download_that_fails_is_no_picture(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """A camera that goes away in between costs the picture only."""
    await set_up(hass, camera_entry, Platform.IMAGE, Platform.EVENT)
    await camera.inject("alarm-picture-garbage")
    with patch.object(
        GuideClient, "download", side_effect=GuideConnectionError("gone")
    ):
        await camera.inject("alarm fire")
        await until(lambda: state_of(hass, ALARM) != "unknown")
        await settle(hass)
    assert state_of(hass, THERMAL) == "unknown"
