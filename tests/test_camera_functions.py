"""Recording, files, dead pixels, focus and single functions of cameras."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from custom_components.thermogate.actions import dead_pixels
from custom_components.thermogate.actions.recording import MODES, STREAMS
from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.coordinator import camera_questions
from custom_components.thermogate.guide.functions import FOCUS, IMAGE_EFFECTS
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from tests.camera_commands.cases_functions import ask, device_of, tell
from tests.helpers import act, set_up, state_of
from tests.simulators.camera import CameraSimulator
from tests.simulators.camera.call import Call
from tests.simulators.camera.camera import HANDLERS
from tests.simulators.camera.codes import ACTION_FAILED, Refused
from tests.simulators.camera.commands import recording
from tests.simulators.camera.fields import integer
from tests.waiting import until

RECORDED = "sensor.yard_recorded_stream"
DELAYED = "sensor.yard_delayed_recording"
PICTURES = "sensor.yard_captured_pictures"

pytestmark = pytest.mark.usefixtures("yard")


@pytest.fixture
async def yard(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    entity_registry_enabled_by_default: None,
    every_update_shows: None,
    tmp_path: Path,
) -> None:
    """Have the camera with sensors and buttons, and a media folder."""
    hass.config.media_dirs = {"local": str(tmp_path)}
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    await set_up(
        hass, camera_entry, Platform.SENSOR, Platform.BUTTON, Platform.BINARY_SENSOR
    )


# Recording


@pytest.mark.parametrize("stream", [*STREAMS])
async def test_a_stream_is_recorded(
    hass: HomeAssistant, camera: CameraSimulator, stream: str
) -> None:
    """And shows at once."""
    assert state_of(hass, RECORDED) == "none"
    await tell(hass, "start_recording", stream=stream)
    assert camera.camera.recorder.recording is not None
    assert state_of(hass, RECORDED) == stream
    await tell(hass, "stop_recording", mode="now")
    assert state_of(hass, RECORDED) == "none"


async def test_a_delayed_recording_waits_and_records(
    hass: HomeAssistant, camera: CameraSimulator
) -> None:
    """As the camera tells by itself."""
    await tell(hass, "start_recording", mode="delayed", stream="visible")
    assert state_of(hass, DELAYED) == "waiting"
    assert state_of(hass, "binary_sensor.yard_recording") == "off"
    await camera.push(1006, {"status": 0, "delay_status": 1, "delay_time": 2})
    await until(lambda: state_of(hass, DELAYED) == "recording")
    assert state_of(hass, "binary_sensor.yard_recording") == "on"


async def test_pictures_are_counted(
    hass: HomeAssistant, camera: CameraSimulator
) -> None:
    """While they are taken."""
    await tell(hass, "start_recording", mode="pictures")
    assert state_of(hass, PICTURES) == "1"
    await camera.push(1006, {"capture_status": 1, "capture_count": 3})
    await until(lambda: state_of(hass, PICTURES) == "3")


@pytest.mark.parametrize("mode", [*MODES])
async def test_only_what_is_meant_ends(
    hass: HomeAssistant, camera: CameraSimulator, mode: str
) -> None:
    """The others go on; without a mode nothing does."""
    parts = {"now": "recording", "delayed": "delayed", "pictures": "capture"}
    for each in MODES:
        await tell(hass, "start_recording", mode=each)
    await tell(hass, "stop_recording", mode=mode)
    recorder = camera.camera.recorder
    for each, part in parts.items():
        assert (getattr(recorder, part) is None) == (each == mode)
    await tell(hass, "stop_recording")
    assert not any(getattr(recorder, part) for part in parts.values())


async def test_what_does_not_run_keeps_nothing_from_ending(
    hass: HomeAssistant, camera: CameraSimulator
) -> None:
    """A camera may refuse to stop what it has not begun; what it does not stop is told."""
    recorder = camera.camera.recorder

    async def strict(call: Call) -> dict[str, Any]:
        if call.subtype(integer(1, 7)) == 3:
            raise Refused(ACTION_FAILED)
        return await recording(call)

    await tell(hass, "start_recording", mode="delayed")
    with patch.dict(HANDLERS, {509: strict}):
        await tell(hass, "stop_recording")
        assert recorder.delayed is None
        for mode in ({"mode": "now"}, {}):
            await tell(hass, "start_recording", mode="now")
            with pytest.raises(HomeAssistantError) as refused:
                await tell(hass, "stop_recording", **mode)
            assert refused.value.translation_key == "refused"
            recorder.stop()


async def test_what_runs_already_is_told(hass: HomeAssistant) -> None:
    """The camera refuses it."""
    await tell(hass, "start_recording")
    with pytest.raises(HomeAssistantError) as refused:
        await tell(hass, "start_recording")
    assert refused.value.translation_key == "refused"


# Files


@pytest.mark.parametrize(
    ("action", "ending"),
    [("export_log", "log.tar.gz"), ("export_settings", "config.bin")],
)
async def test_a_file_of_the_camera_is_fetched(
    hass: HomeAssistant, camera: CameraSimulator, action: str, ending: str
) -> None:
    """Into a file of its own each time."""
    first = await ask(hass, action)
    second = await ask(hass, action)
    assert first["path"] != second["path"]
    for answer in (first, second):
        content = await hass.async_add_executor_job(Path(answer["path"]).read_bytes)
        assert answer["bytes"] == len(content)
    assert first["path"].endswith(ending)
    kept = await camera.camera.files.get(f"/download/{ending}")
    assert content == kept or action == "export_log"


async def test_a_camera_without_raw_frames_says_so(hass: HomeAssistant) -> None:
    """In words."""
    with pytest.raises(HomeAssistantError) as refused:
        await ask(hass, "save_raw_frame")
    assert refused.value.translation_key == "not_supported"


@pytest.mark.parametrize("url", ["", "/download/gone.tar.gz"])
async def test_a_file_that_is_nowhere_is_told(
    hass: HomeAssistant,
    camera: CameraSimulator,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
) -> None:
    """The camera answers, but names none, or one that it does not have; it is not lost for that."""
    monkeypatch.setattr(camera.camera.files, "put_log", lambda: url)
    with pytest.raises(HomeAssistantError) as missing:
        await ask(hass, "export_log")
    assert missing.value.translation_key == "no_file_at_camera"


@pytest.mark.parametrize("name", ["../../etc/passwd", "/download/../../x"])
async def test_a_file_comes_from_nowhere_else(
    hass: HomeAssistant,
    camera: CameraSimulator,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """Whatever the camera names."""
    monkeypatch.setattr(camera.camera.files, "put_log", lambda: name)
    with pytest.raises(HomeAssistantError):
        await ask(hass, "export_log")


async def test_deleting_needs_to_be_meant(
    hass: HomeAssistant, camera: CameraSimulator
) -> None:
    """Nothing is sent without."""
    with pytest.raises(ServiceValidationError) as refused:
        await tell(hass, "clean_up_data", confirm=False)
    assert refused.value.translation_key == "deletion_not_confirmed"
    assert not camera.received(511)
    await tell(hass, "clean_up_data", confirm=True)
    assert [each.retcode for each in camera.received(511)] == [0]


async def test_the_storage_shows_what_is_free(
    hass: HomeAssistant, camera: CameraSimulator
) -> None:
    """Also at once after it was emptied."""
    assert state_of(hass, "sensor.yard_free_storage") == "27.0"
    before = len(camera.received(14))
    await tell(hass, "clean_up_data", confirm=True)
    assert len(camera.received(14)) == before + 1


# Dead pixels


async def test_dead_pixels_are_marked_and_unmarked(
    hass: HomeAssistant, camera: CameraSimulator
) -> None:
    """The first and the last of the sensor; the answer says which are marked then."""
    first, last = {"x": 0, "y": 0}, {"x": 255, "y": 191}
    marked = await ask(hass, "mark_dead_pixels", points=[first, last])
    assert marked["points"] == [first, last]
    left = await ask(hass, "unmark_dead_pixels", points=[first])
    assert left["points"] == [last] == camera.camera.dead_pixels


@pytest.mark.parametrize("point", [(-1, 0), (256, 0), (0, -1), (0, 192)])
async def test_pixels_beyond_the_sensor_are_refused(
    hass: HomeAssistant, camera: CameraSimulator, point: tuple[int, int]
) -> None:
    """Before anything is sent."""
    points = [dict(zip("xy", point, strict=True))]
    for action in ("mark_dead_pixels", "unmark_dead_pixels"):
        with pytest.raises(ServiceValidationError):
            await tell(hass, action, points=points)
    assert not camera.received(527)


async def test_a_larger_sensor_has_more_pixels(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """As many as the camera tells; the document has those of one model, which the simulated camera is."""
    coordinator = camera_entry.runtime_data
    coordinator.async_change(
        general=replace(coordinator.data.general, model_size=(640, 512))
    )
    last = {"x": 639, "y": 511}
    with pytest.raises(HomeAssistantError) as refused:
        await tell(hass, "mark_dead_pixels", points=[last])
    assert refused.value.translation_key == "refused"
    assert camera.received(527)[-1].message == {"points": [last]}
    for beyond in (last | {"x": 640}, last | {"y": 512}):
        with pytest.raises(ServiceValidationError):
            await tell(hass, "mark_dead_pixels", points=[beyond])
    assert len(camera.received(527)) == 1


async def test_there_are_at_most_so_many_dead_pixels(
    hass: HomeAssistant, camera: CameraSimulator
) -> None:
    """And at least one."""
    most = dead_pixels.MAX_POINTS
    points = [{"x": number % 256, "y": number // 256} for number in range(most + 1)]
    await tell(hass, "mark_dead_pixels", points=points[:most])
    assert len(camera.camera.dead_pixels) == most
    for wrong in (points, []):
        with pytest.raises(vol.Invalid):
            await tell(hass, "mark_dead_pixels", points=wrong)


async def test_the_marks_of_the_factory_need_to_be_meant(
    hass: HomeAssistant, camera: CameraSimulator
) -> None:
    """Those set by hand are lost."""
    camera.camera.dead_pixels.append({"x": 1, "y": 2})
    with pytest.raises(ServiceValidationError) as refused:
        await tell(hass, "restore_dead_pixels", confirm=False)
    assert refused.value.translation_key == "marks_not_confirmed"
    assert camera.camera.dead_pixels
    await tell(hass, "restore_dead_pixels", confirm=True)
    assert not camera.camera.dead_pixels


# Single functions


@pytest.mark.parametrize(
    ("effect", "value"),
    [(effect, limits and limits[1]) for effect, (_, limits) in IMAGE_EFFECTS.items()],
)
async def test_every_effect_is_taken(
    hass: HomeAssistant, camera: CameraSimulator, effect: str, value: int | None
) -> None:
    """At its upper end."""
    fields: dict[str, Any] = {} if value is None else {"value": value}
    await tell(hass, "set_image_effect", effect=effect, **fields)
    assert [each.retcode for each in camera.received(518)] == [0]


async def test_an_effect_has_limits(
    hass: HomeAssistant, camera: CameraSimulator
) -> None:
    """Which are those of the effect."""
    for value, refusal in (
        ({"value": 7}, "invalid_value"),
        ({"value": -1}, "invalid_value"),
        ({}, "value_missing"),
    ):
        with pytest.raises(ServiceValidationError) as refused:
            await tell(
                hass, "set_image_effect", effect="visible_backlight_compensation", **value
            )  # fmt: skip
        assert refused.value.translation_key == refusal
    assert not camera.received(518)


@pytest.mark.parametrize(
    ("kind", "left"),
    [("sound", (False, True)), ("output", (True, False)), ("both", (False, False))],
)
async def test_what_is_meant_falls_silent(
    hass: HomeAssistant, camera: CameraSimulator, kind: str, left: tuple[bool, bool]
) -> None:
    """The rest goes on."""
    camera.camera.sounding = camera.camera.outputting = True
    await tell(hass, "silence_alarm", kind=kind)
    assert (camera.camera.sounding, camera.camera.outputting) == left


async def test_without_a_mail_server_there_is_no_mail(hass: HomeAssistant) -> None:
    """The camera says so."""
    with pytest.raises(HomeAssistantError) as refused:
        await act(hass, "button.press", "button.yard_send_test_mail")
    assert refused.value.translation_key == "refused"


async def test_without_a_motor_there_are_no_buttons(hass: HomeAssistant) -> None:
    """And the action says why."""
    assert state_of(hass, "button.yard_focus_automatically") is None
    with pytest.raises(HomeAssistantError) as refused:
        await tell(hass, "set_focus", motion="near")
    assert refused.value.translation_key == "not_supported"


async def test_a_camera_that_is_silent_about_a_motor_has_none(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """It is set up all the same, and not asked again with the next reading."""

    async def silent(_: Call) -> None:
        await asyncio.sleep(0.2)

    asked = len(camera.received(532))
    with (
        patch.dict(HANDLERS, {532: silent}),
        patch.object(camera_questions, "_SILENCE", 0.05),
    ):
        assert await hass.config_entries.async_reload(camera_entry.entry_id)
    assert state_of(hass, "sensor.yard_maximum_temperature") != "unavailable"
    assert state_of(hass, "button.yard_focus_automatically") is None
    await camera_entry.runtime_data.async_refresh()
    assert len(camera.received(532)) == asked + 1


@pytest.mark.parametrize("motion", [*FOCUS])
async def test_the_motor_moves(
    hass: HomeAssistant, camera: CameraSimulator, motion: str
) -> None:
    """In every way there is."""
    camera.camera.quirks.add("focus-motor")
    await tell(hass, "set_focus", motion=motion)
    assert camera.received(532)[-1].message == {"type": FOCUS[motion]}


async def test_the_motor_goes_to_positions(
    hass: HomeAssistant, camera: CameraSimulator
) -> None:
    """From one end to the other, and to one place at a time."""
    camera.camera.quirks.add("focus-motor")
    for position in (0, 750):
        await tell(hass, "set_focus", position=position)
        assert camera.camera.focus == position
    for position in (-1, 751):
        with pytest.raises(ServiceValidationError):
            await tell(hass, "set_focus", position=position)
    with pytest.raises(ServiceValidationError) as nothing:
        await tell(hass, "set_focus")
    assert nothing.value.translation_key == "nothing_given"
    with pytest.raises(vol.Invalid):
        await tell(hass, "set_focus", position=1, motion="near")


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("export_log", {}),
        ("export_settings", {}),
        ("save_raw_frame", {}),
        ("clean_up_data", {"confirm": True}),
        ("mark_dead_pixels", {"points": [{"x": 1, "y": 1}]}),
        ("unmark_dead_pixels", {"points": [{"x": 1, "y": 1}]}),
        ("restore_dead_pixels", {"confirm": True}),
        ("set_image_effect", {"effect": "thermal_detail", "value": 1}),
        ("set_report_interval", {"minutes": 1}),
    ],
)
async def test_only_administrators_change_the_camera(
    hass: HomeAssistant,
    hass_read_only_user: MockUser,
    action: str,
    fields: dict[str, Any],
) -> None:
    """Or see what may hold secrets."""
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": device_of(hass), **fields},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )
