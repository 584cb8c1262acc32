"""The typed commands."""

import base64
from datetime import datetime
from typing import Any

import pytest

from custom_components.thermogate.guide import (
    FillLight,
    GuideCommandError,
    GuideConnectionError,
    GuideValidationError,
    LightMode,
    NetworkInfo,
    Preset,
    PtzAction,
    PtzStatus,
    Temperatures,
)

from .conftest import Watched
from .fake import JPEG, FakeCamera, Frame


@pytest.mark.parametrize(
    ("method", "arguments", "cmdtype", "message"),
    [
        ("goto_preset", (3,), 605, {"index": 3}),
        ("cruise", (2, True), 610, {"cruise_index": 2, "cruise_action": 0}),
        ("cruise", (2, False), 610, {"cruise_index": 2, "cruise_action": 1}),
        ("line_scan", (5, True), 613, {"linescan_index": 5, "linescan_action": 0}),
        ("trace", (1, False), 616, {"trace_index": 1, "trace_action": 1}),
        (
            "record_trace",
            (5, True),
            615,
            {"trace_index": 5, "trace_record_action": 0},
        ),
        (
            "record_trace",
            (5, False),
            615,
            {"trace_index": 5, "trace_record_action": 1},
        ),
        ("nuc", (), 529, {}),
        ("silence_alarm", (), 524, {"type": 2}),
        ("silence_alarm", (0,), 524, {"type": 0}),
        (
            "set_clock",
            (datetime(2025, 1, 2, 3, 4, 5),),
            506,
            {"datetime": "2025-01-02 03:04:05"},
        ),
        ("reboot", (), 508, {}),
        ("rules_raw", (), 4, {}),
    ],
)
async def test_what_is_sent(
    camera: FakeCamera,
    connected: Watched,
    method: str,
    arguments: tuple[Any, ...],
    cmdtype: int,
    message: Frame,
) -> None:
    """Start is 0 and stop is 1."""
    await getattr(connected, method)(*arguments)
    assert camera.last(cmdtype)["message"] == message


async def test_pan_tilt_zoom(camera: FakeCamera, connected: Watched) -> None:
    """All parameters are always there."""
    await connected.ptz(PtzAction.LEFT_ZOOM_IN, start=True, speed=5, channel=2)
    assert camera.last(600)["message"] == {
        "ptz_command": 24,
        "ptz_action": 0,
        "ptz_param1": 5,
        "ptz_param2": 2,
        "ptz_param3": 0,
    }
    await connected.ptz(PtzAction.UP, start=False)
    assert camera.last(600)["message"]["ptz_action"] == 1
    with pytest.raises(GuideValidationError, match="ptz_param2"):
        await connected.ptz(PtzAction.UP, start=True, channel=3)


async def test_what_comes_back(camera: FakeCamera, connected: Watched) -> None:
    """As values; nothing at all is a value too."""
    camera.replies |= {
        10: {"mac": "00:15:18:10:CA:9D"},
        601: {"presets": [{"index": 1, "name": "Gate"}]},
        520: {"global_max_temp": 40},
    }
    assert await connected.network() == NetworkInfo(mac="00:15:18:10:ca:9d")
    assert await connected.presets() == (Preset(index=1, name="Gate"),)
    assert await connected.temperatures() == Temperatures(maximum=40)
    assert await connected.ptz_status() == PtzStatus()
    for ask in (connected.cruises, connected.line_scans, connected.traces):
        assert await ask() == ()
    assert not (await connected.recording_status()).active


async def test_rules_with_ids_need_one_question(
    camera: FakeCamera, connected: Watched
) -> None:
    """Those without take their keys from the temperatures."""
    camera.replies[4] = {"rule_list": [{"id": 8, "rule_name": "A"}]}
    assert [rule.key for rule in await connected.rules()] == ["8"]
    assert camera.count(520) == 0
    camera.replies[4] = {"rule_list": [{"id": 0, "rule_name": "A"}]}
    camera.replies[520] = {
        "rule_list": [
            {"rule_id": 3, "rule_name": "B"},
            {"rule_id": 4, "rule_name": "A"},
        ]
    }
    assert [rule.key for rule in await connected.rules()] == ["4"]


async def test_pictures(camera: FakeCamera, connected: Watched) -> None:
    """Sent along, or fetched from where the camera put them."""
    camera.replies[522] = {"image_content": base64.b64encode(JPEG).decode()}
    assert (await connected.thermal_still()).data == JPEG
    camera.replies[522] = {
        "image_url": "http://10.9.8.7/pic.jpg",
        "image_content": "garbage",
    }
    assert (await connected.thermal_still()).data == JPEG
    camera.replies[523] = {"image_content": base64.b64encode(JPEG).decode()}
    assert (await connected.visible_still()).content_type == "image/jpeg"
    assert camera.last(523)["message"] == {"type": 1}


@pytest.mark.parametrize(
    "reply", [None, {}, {"image_content": ""}, {"image_url": "/raw.data"}]
)
async def test_no_picture(
    camera: FakeCamera, connected: Watched, reply: Frame | None
) -> None:
    """Is said, not returned."""
    camera.files["/raw.data"] = b"radiometry"
    camera.replies[522] = camera.replies[523] = reply
    with pytest.raises(GuideConnectionError, match="no picture"):
        await connected.thermal_still()
    with pytest.raises(GuideConnectionError, match="no picture"):
        await connected.visible_still()


async def test_the_fill_light(camera: FakeCamera, connected: Watched) -> None:
    """Is read, changed, written whole and read again."""
    camera.replies[36] = {
        "mode": 1,
        "light": 0,
        "brightness": 40,
        "new": {"kept": 1},
        "default": 0,
    }
    assert await connected.fill_light() == FillLight(
        mode=LightMode.AUTOMATIC, on=False, brightness=40
    )
    await connected.set_fill_light(on=True)
    assert camera.last(35)["message"] == {
        "mode": 1,
        "light": 1,
        "brightness": 40,
        "new": {"kept": 1},
    }
    state = await connected.set_fill_light(brightness=70, mode=LightMode.MANUAL)
    assert camera.last(35)["message"] == {
        "mode": 0,
        "light": 0,
        "brightness": 70,
        "new": {"kept": 1},
    }
    assert state == FillLight(mode=LightMode.AUTOMATIC, on=False, brightness=40)
    assert camera.count(36) == 5
    with pytest.raises(GuideValidationError, match="brightness"):
        await connected.set_fill_light(brightness=101)
    assert camera.count(35) == 2


async def test_settings_that_cannot_be_read_are_not_written(
    camera: FakeCamera, connected: Watched
) -> None:
    """Half a setting is worse than none."""
    camera.codes[36] = [10008]
    with pytest.raises(GuideCommandError):
        await connected.set_fill_light(on=True)
    assert camera.count(35) == 0


async def test_a_camera_that_restarts_before_it_answers(
    camera: FakeCamera, connected: Watched
) -> None:
    """Did what it was told; one that is not there did not."""

    def restart(frame: Frame, way: str) -> None:
        if frame["cmdtype"] == 508:
            camera.silent.add(508)
            camera.abort()

    camera.override = restart
    await connected.reboot()
    assert camera.count(508) == 1
    with pytest.raises(GuideConnectionError):
        await connected.reboot()
