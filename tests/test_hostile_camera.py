"""A camera that was taken over, or somebody who plays one: what must not come of it."""

import asyncio
import base64
from collections.abc import Callable, Generator
from datetime import timedelta
import logging
from pathlib import Path
import tracemalloc
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.guide import GuideClient, GuideConnectionError
from custom_components.thermogate.guide.timing import Timing
from custom_components.thermogate.guide.wire import MAX_MESSAGE_SIZE, decode
from custom_components.thermogate.journal import Entry, Query
from custom_components.thermogate.keeper import async_get_keeper
from homeassistant.const import Platform
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.json import json_bytes
from tests.helpers import attributes_of, set_up, settle
from tests.simulators.camera import CameraSimulator
from tests.waiting import until

ALARM = "event.yard_alarm"
THERMAL = "image.yard_last_alarm_thermal"
SHOWN = (Platform.EVENT, Platform.IMAGE)
LOGIN = 501
QUICK = Timing(reconnect_first=0.02, reconnect_longest=0.1, jitter=0.0)
JPEG = b"\xff\xd8\xff\xe0 a picture"
HEAD = b'{"action":"notify","cmdtype":1011,"content":{"name":"x","x":'

# More than any camera says, of each kind.
TOO_MUCH: dict[str, Callable[[], bytes]] = {
    "oversized": lambda: HEAD + b'"' + b"A" * MAX_MESSAGE_SIZE + b'"}}',
    "deep": lambda: HEAD + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    "deep and not closed": lambda: HEAD + b'{"x":[' * 50_000,
    "a little too deep": lambda: HEAD + b"[" * 70 + b"]" * 70 + b"}}",
    "a million lists": lambda: HEAD + b"[" + b"[]," * 999_999 + b"[]]}}",
    "a million objects": lambda: HEAD + b"[" + b"{}," * 999_999 + b"{}]}}",
    "a million numbers": lambda: HEAD + b"[" + b"1," * 999_999 + b"1]}}",
}
too_much = pytest.mark.parametrize("make", TOO_MUCH.values(), ids=TOO_MUCH)


@pytest.fixture(autouse=True)
def _quick() -> Generator[None]:
    """Let a lost connection come back in milliseconds."""
    with patch("custom_components.thermogate.guide.client.Timing", return_value=QUICK):
        yield


def alarms(hass: HomeAssistant) -> list[dict[str, Any]]:
    """Collect the attributes of the alarms that the event entity shows from now on."""
    shown: list[dict[str, Any]] = []

    @callback
    def changed(event: Event[Any]) -> None:
        state = event.data["new_state"]
        if (
            event.data["entity_id"] == ALARM
            and state
            and "event_id" in state.attributes
        ):
            shown.append(dict(state.attributes))

    hass.bus.async_listen("state_changed", changed)
    return shown


async def rows(hass: HomeAssistant) -> tuple[Entry, ...]:
    """Return what the journal has, newest first."""
    return (await async_get_keeper(hass).journal.search(Query(limit=100))).entries


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the integration warned of; there must be no traceback of anybody."""
    assert not [record.getMessage() for record in caplog.records if record.exc_info]
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.thermogate")
        and record.levelno >= logging.WARNING
    ]


# Frames that are too much


@too_much
def test_too_much_is_refused_before_it_takes_memory(make: Callable[[], bytes]) -> None:
    """What would be taken apart into many times its size is not taken apart."""
    payload = make()
    tracemalloc.start()
    try:
        with pytest.raises(GuideConnectionError) as refused:
            decode(payload)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert len(str(refused.value)) < 100


@too_much
async def test_too_much_is_one_line_and_the_session_goes_on(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    make: Callable[[], bytes],
) -> None:
    """However often it comes; the next alarm arrives over the same session."""
    await set_up(hass, camera_entry, *SHOWN)
    shown = alarms(hass)
    for _ in range(2):
        assert await camera.push_text(make().decode()) == 1
    await camera.push(1011, {"name": "real"})
    await until(lambda: shown)
    assert [each["area"] for each in shown] == ["real"]
    assert len(camera.received(LOGIN)) == 1
    assert len(warnings(caplog)) == 1


async def test_a_frame_that_no_socket_takes_costs_the_connection_and_no_more(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is not even received to its end; the session comes back by itself."""
    await set_up(hass, camera_entry, *SHOWN)
    shown = alarms(hass)
    await camera.push_text("A" * (2 * MAX_MESSAGE_SIZE + 1))
    await until(lambda: len(camera.received(LOGIN)) == 2)
    await until(lambda: camera.listeners == 1)
    await camera.push(1011, {"name": "real"})
    await until(lambda: shown)
    lost, back = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.thermogate")
        and record.levelno >= logging.WARNING
    ]
    assert lost.startswith("Camera 127.0.0.1 is lost")
    assert back == "Camera 127.0.0.1 is back (websocket)"


# Texts and numbers


@pytest.mark.parametrize(
    "text",
    [
        "../../../etc/passwd",
        "/etc/passwd",
        "..\\..\\x",
        "a\0b",
        "<script>alert(1)</script>",
        "{{ 1 + 1 }}",
        "x" * 1_000_000,
        "\u202egnp.exe",
    ],
    ids=lambda text: text[:12],
)
async def test_a_text_is_a_text(
    hass: HomeAssistant,
    hass_config_dir: str,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    text: str,
) -> None:
    """Names, addresses and users of a camera never become part of a path."""
    await set_up(hass, camera_entry)
    shown = alarms(hass)
    content = base64.b64encode(JPEG).decode()
    body = {"type": 1, "temp_flag": 1, "name": text, "alarm_addr": text}
    await camera.push(
        1000, body | {"preset_name": text, "time": text, "ir_image_content": content}
    )
    await camera.push(1005, {"user": text, "ip": text, "time": text})
    await camera.push(1008, {"type": 1, "ip": text})
    await until(lambda: len(shown) == 3)
    await settle(hass)
    for state in hass.states.async_all():
        json_bytes(state.as_dict())
    stored = await rows(hass)
    assert len(stored) == 3
    (picture,) = stored[-1].pictures
    path = await async_get_keeper(hass).journal.picture(picture.name)
    assert path is not None
    assert path.is_relative_to(Path(hass_config_dir, "thermogate", "pictures"))
    assert max(len(json_bytes(each)) for each in shown) < 16_384
    assert not warnings(caplog)


@pytest.mark.parametrize(
    "number",
    [1e308, -1e308, 2**64 - 1, -(2**63), "9" * 300, "1e300", "NaN", "Infinity", -0.0],
)
async def test_a_number_that_none_can_hold_breaks_nothing(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    number: object,
) -> None:
    """What is shown of it can be sent to a browser; the alarm is stored."""
    await set_up(hass, camera_entry)
    shown = alarms(hass)
    measured = dict.fromkeys(("high_temp", "low_temp", "avg_temp", "preset"), number)
    await camera.push(1000, {"type": 1, "temp_flag": 1, "name": "n"} | measured)
    await camera.push(1002, dict.fromkeys(("total", "free", "limit"), number))
    rule = {"measure_id": 1, "max_temp": number, "min_temp": number}
    await camera.push(1007, {"interval": number, "obj_list": [rule]})
    await until(lambda: len(shown) == 2)
    await settle(hass)
    for state in hass.states.async_all():
        json_bytes(state.as_dict())
    assert len(await rows(hass)) == 2
    assert not warnings(caplog)


@pytest.mark.parametrize(
    "time",
    [
        "9999-12-31 23:59:59",
        "2100-01-01 00:00:00",
        "1970-01-01 00:00:00",
        "0001-01-01 00:00:00",
        "9999-12-31T23:59:59.999999-23:59",
        "2026-02-30 25:00:00",
    ],
)
async def test_a_time_that_cannot_be_is_that_of_the_arrival(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    time: str,
) -> None:
    """The alarm is one all the same."""
    await set_up(hass, camera_entry, *SHOWN)
    shown = alarms(hass)
    await camera.push(1011, {"name": "x", "time": time, "capture_time": time})
    await until(lambda: shown)
    await settle(hass)
    (row,) = await rows(hass)
    assert abs(row.at - row.received_at) < timedelta(seconds=1)
    assert not warnings(caplog)


# Alarms that are fetched


async def test_an_alarm_that_comes_twice_while_its_picture_is_fetched_is_one(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """One event and one row, however slow the camera is."""
    await set_up(hass, camera_entry, *SHOWN)
    shown = alarms(hass)
    may_end = asyncio.Event()

    async def slow(self: GuideClient, url: str, **_: Any) -> bytes:
        await may_end.wait()
        return JPEG

    time = camera.camera.clock().strftime("%Y-%m-%d %H:%M:%S")
    body = {"name": "one", "time": time, "ir_image_url": "/a.jpg"}
    with patch.object(GuideClient, "download", slow):
        for _ in range(3):
            await camera.push(1011, body)
        await camera.push(1011, body | {"name": "other"})
        await until(lambda: shown and shown[-1]["area"] == "other")
        may_end.set()
        await settle(hass)
    assert [each["area"] for each in shown] == ["one", "other"]
    assert [row.subject for row in await rows(hass)] == ["other", "one"]


async def test_an_alarm_whose_picture_is_still_fetched_is_stored_without_it(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """When its entry is unloaded: the camera will not say it again."""
    await set_up(hass, camera_entry, *SHOWN)
    shown = alarms(hass)
    never = asyncio.Event()

    async def endless(self: GuideClient, url: str, **_: Any) -> bytes:
        await never.wait()
        return JPEG

    with patch.object(GuideClient, "download", endless):
        await camera.push(1011, {"name": "late", "ir_image_url": "/a.jpg"})
        await until(lambda: shown)
        with patch("custom_components.thermogate.PLATFORMS", list(SHOWN)):
            await hass.config_entries.async_reload(camera_entry.entry_id)
            await settle(hass)
    (row,) = await rows(hass)
    assert (row.subject, row.pictures) == ("late", ())
    assert row.event_id == shown[0]["event_id"]
    assert attributes_of(hass, ALARM)["event_id"] == row.event_id
