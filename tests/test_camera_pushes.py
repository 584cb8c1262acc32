"""Every push of the camera's document and of newer firmware, in every form that was seen or printed: what Home Assistant shows."""

import base64
from collections.abc import Callable
import json
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from tests.helpers import set_up, settle, state_of
from tests.journals import ALARM, happenings
from tests.simulators.camera import CameraSimulator
from tests.simulators.camera.call import Call
from tests.simulators.camera.camera import HANDLERS
from tests.simulators.camera.commands import temperatures
from tests.simulators.camera.settings import RULES
from tests.waiting import until

type Body = dict[str, Any]
type Envelope = Callable[[int, Body], Body]

JPEG = b"\xff\xd8\xff\xe0" + bytes(200)
SHOWN = (Platform.BINARY_SENSOR, Platform.EVENT, Platform.IMAGE, Platform.SENSOR)
TRANSFORMER = "sensor.yard_transformer_maximum"


def _wrapped(key: str) -> Envelope:
    return lambda cmdtype, body: {
        "action": "notify",
        "cmdtype": cmdtype,
        "sequence": 1,
        key: body,
    }


def _flat(cmdtype: int, body: Body) -> Body:
    return {"action": "notify", "cmdtype": cmdtype, "sequence": 1} | body


def _texts(cmdtype: int, body: Body) -> Body:
    """Return a push whose numbers are texts."""
    texts = {
        key: str(value) if isinstance(value, int | float) else value
        for key, value in body.items()
    }
    return _wrapped("content")(cmdtype, texts) | {"cmdtype": str(cmdtype)}


def _platform(cmdtype: int, body: Body) -> Body:
    """Return a push as cameras of other families send it."""
    return _wrapped("message")(cmdtype, body) | {
        "from": "client1",
        "to": "device1",
        "token": "",
    }


def _blank_keys(cmdtype: int, body: Body) -> Body:
    """Return a push as the document prints some: blanks at the end of keys, and before texts."""
    return _wrapped("content ")(
        cmdtype,
        {
            f"{key} ": f" {value}" if key.endswith("_url") else value
            for key, value in body.items()
        },
    )


ENVELOPES: dict[str, Envelope] = {
    "content": _wrapped("content"),
    "content with a blank": _wrapped("content "),
    "message": _platform,
    "nothing around it": _flat,
    "numbers as texts": _texts,
    "blanks in keys": _blank_keys,
    "no action": lambda cmdtype, body: {"cmdtype": cmdtype, "content": body},
    "neither action nor content": lambda cmdtype, body: {"cmdtype": cmdtype, **body},
}


def now() -> str:
    """Return the time as a camera writes it."""
    return dt_util.now().strftime("%Y-%m-%d %H:%M:%S")


def heat(**more: Any) -> Body:
    """Return what a temperature alarm or a fire says."""
    return {"high_temp": 97.5, "low_temp": 20.5, "avg_temp": 50, "temp_flag": 1} | more


CONFIG = {"type": 1, "condition": 1, "high_temp": 60, "objtype": 3, "points": []}
POINTS = [{"temp_flag": 1, "x": 1, "y": 1, "w": 1, "h": 1, "temperature": 38.5}]

# Number, body, the kind of event, its sensor, and what the event tells.
ALARMS: tuple[tuple[int, Body, str, str, Body], ...] = (
    (1000, heat(type=1, name="Busbar", config=CONFIG), "temperature", "temperature", {"rule": "Busbar", "maximum": 97.5, "measured": "high", "alarm_source": "rule"}),
    (1000, heat(type=1, name="Busbar"), "temperature", "temperature", {"rule": "Busbar"}),
    (1000, heat(type=2, name="Hot"), "hot_spot", "hot_spot", {"maximum": 97.5}),
    (1000, heat(type=3, temp_flag=2), "cold_spot", "cold_spot", {"minimum": 20.5, "measured": "low"}),
    (1000, heat(type=1, temp_flag=5, rate_temp=3.5, preset=2, preset_name="Gate"), "temperature", "temperature", {"measured": "rise", "rate": 3.5, "preset": 2, "preset_name": "Gate"}),
    (1000, heat(type=1, temp_flag=6, diff_temp=12.5), "temperature", "temperature", {"measured": "difference", "difference": 12.5}),
    (1000, heat(type=9, alarm_addr="Bay 4"), "temperature", "temperature", {"place": "Bay 4"}),
    (1002, {"total": 1024, "free": 12, "limit": 100}, "storage_full", "storage_full", {"free": 12, "total": 1024, "limit": 100}),
    (1003, {}, "storage_failure", "storage_failure", {}),
    (1004, {"type": 1}, "stream", "stream_failure", {"reason": "open_failed"}),
    (1004, {"type": 2}, "stream", "stream_failure", {"reason": "source"}),
    (1004, {"type": 3}, "stream", "stream_failure", {"reason": "buffer"}),
    (1005, {"user": "root", "ip": "192.0.2.12"}, "illegal_access", "illegal_access", {"user": "root", "address": "192.0.2.12"}),
    (1008, {"type": 0, "ip": ""}, "network", "network_fault", {"reason": "down"}),
    (1008, {"type": 1, "ip": "192.0.2.1"}, "network", "network_fault", {"reason": "ip_conflict", "address": "192.0.2.1"}),
    (1008, {"type": 2, "ip": "192.0.2.1"}, "network", "network_fault", {"reason": "gateway_unreachable"}),
    (1009, {"alarm_type": 7, "alarm_points": POINTS}, "temperature", "temperature", {"maximum": 38.5, "alarm_source": "body"}),
    (1009, {"alarm_type": 1, "alarm_points": POINTS}, "temperature", "temperature", {"alarm_source": "object"}),
    (1009, {"alarm_type": 2, "alarm_points": []}, "temperature", "temperature", {"alarm_source": "global"}),
    (1010, {"vl_video_url": "/v.h264"}, "external_input", "external_input", {}),
    (1011, heat(name="Area 1"), "fire", "fire", {"area": "Area 1", "maximum": 97.5}),
    (1011, {}, "fire", "fire", {}),
    # The document's own examples carry the number before theirs.
    (1009, {"type": 1, "ip": ""}, "network", "network_fault", {"reason": "ip_conflict"}),
    (1009, {"ir_image_url": ""}, "external_input", "external_input", {}),
    (1010, heat(), "fire", "fire", {"maximum": 97.5}),
    # Of newer firmware, whose numbers are not public.
    (1012, {"obj_name1": "A", "obj_name2": "B", "fTemp1": 80, "fTemp2": 40, "fTempDiff": 40, "fTempThreshold": 15}, "difference", "temperature_difference", {"rule": "A / B", "difference": 40, "threshold": 15, "temperatures": [80, 40]}),
)  # fmt: skip


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
@pytest.mark.parametrize(
    ("cmdtype", "body", "kind", "sensor", "told"),
    [
        pytest.param(*each, id=f"{each[0]}-{each[2]}-{index}")
        for index, each in enumerate(ALARMS)
    ],
)
async def test_an_alarm(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    cmdtype: int,
    body: Body,
    kind: str,
    sensor: str,
    told: Body,
) -> None:
    """Becomes its event, which tells what the push says, and shows."""
    await set_up(hass, camera_entry, *SHOWN)
    events = happenings(hass, ALARM)
    assert await camera.push(cmdtype, body)
    await until(lambda: events)
    assert events[0]["event_type"] == kind
    assert {name: events[0].get(name) for name in told} == told
    assert state_of(hass, f"binary_sensor.yard_{sensor}_alarm") == "on"


@pytest.mark.parametrize("form", ENVELOPES)
async def test_an_alarm_in_every_form(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    form: str,
) -> None:
    """Wherever its body stands and however it is spelled, one push after the other arrives whole."""
    await set_up(hass, camera_entry, *SHOWN)
    events = happenings(hass, ALARM)
    alarms = [each for each in ALARMS if each[1] and each[0] < 1012]
    for cmdtype, body, *_ in alarms:
        flat = {
            key: value
            for key, value in body.items()
            if form != "numbers as texts" or not isinstance(value, dict | list)
        }
        frame = ENVELOPES[form](cmdtype, flat)
        before = len(events)
        assert await camera.push_text(json.dumps(frame))
        await until(lambda before=before: len(events) > before)
    await settle(hass)
    assert [event["event_type"] for event in events] == [each[2] for each in alarms]


@pytest.mark.parametrize("spelling", ["image", "img"])
@pytest.mark.parametrize("cmdtype", [1000, 1009, 1010, 1011])
async def test_the_evidence_is_that_of_the_push(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    cmdtype: int,
    spelling: str,
) -> None:
    """Both pictures in either spelling, at every kind of push that has some."""
    await set_up(hass, camera_entry, *SHOWN)
    events = happenings(hass, ALARM)
    pictures = {"vl": JPEG + b"visible", "ir": JPEG + b"thermal"}
    body = {
        f"{light}_{spelling}_content": base64.b64encode(data).decode()
        for light, data in pictures.items()
    }
    time = "alarm_time" if cmdtype == 1009 else "time"
    assert await camera.push(
        cmdtype,
        {**body, time: now()},
        wrapper="message" if cmdtype == 1009 else "content",
    )
    await until(lambda: events)
    assert events[0]["picture_urls"].keys() == {"visible", "thermal"}
    state = camera_entry.runtime_data.data
    assert (state.visible.data, state.thermal.data) == tuple(pictures.values())
    assert state.visible.event_id == events[0]["event_id"]


@pytest.mark.parametrize("form", ENVELOPES)
async def test_recording_in_every_form(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    form: str,
) -> None:
    """Of one lens or of both: the table of the document has the fields at the top, its example within."""
    await set_up(hass, camera_entry, Platform.BINARY_SENSOR)
    for fields, shown in (
        ({"status": 1, "allrecord": 0}, "on"),
        ({"status": 0, "allrecord": 0}, "off"),
        ({"status": 2, "allrecord": 0}, "on"),
        ({"status": 0, "allrecord": 0, "delay_status": 0}, "off"),
        ({"status": 0, "allrecord": 1, "alltime": 7}, "on"),
    ):
        await camera.push_text(json.dumps(ENVELOPES[form](1006, fields)))
        await until(
            lambda shown=shown: state_of(hass, "binary_sensor.yard_recording") == shown
        )


@pytest.mark.parametrize("form", ENVELOPES)
async def test_temperatures_in_every_form(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    form: str,
) -> None:
    """Of one rule only; the others keep what they had."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    busbar = state_of(hass, "sensor.yard_busbar_maximum")
    (number,) = [
        rule["id"]
        for rule in camera.camera.settings[RULES]["rule_list"]
        if rule["rule_name"] == "Transformer"
    ]
    measured = {"measure_type": 3, "measure_id": number, "max_temp": 123.4}
    body = {"interval": 5, "obj_list": [measured]}
    await camera.push_text(json.dumps(ENVELOPES[form](1007, body)))
    await until(lambda: state_of(hass, TRANSFORMER) == "123.4")
    assert state_of(hass, "sensor.yard_busbar_maximum") == busbar


@pytest.mark.parametrize(
    "measured",
    [
        {"measure_id": "1", "measurer_name": "Transformer", "max_temp": "123.4"},
        {"measure_id": 0, "measurer_name": "Transformer", "max_temp": 123.4},
        {"measurer_name": "Transformer", "max_temp": 123.4, "min_temp": None},
        {"measure_type": 9, "measure_id": 1, "max_temp": 123.4, "preset": 0},
    ],
)
async def test_temperatures_of_every_shape(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    measured: Body,
) -> None:
    """A rule is known by its number or its name; what is not told stays."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    average = state_of(hass, "sensor.yard_transformer_average")
    await camera.push(1007, {"obj_list": [measured, "garbage", None]})
    await until(lambda: state_of(hass, TRANSFORMER) == "123.4")
    assert state_of(hass, "sensor.yard_transformer_average") == average


@pytest.mark.parametrize("objects", [None, [], {}, "x", [{"measure_id": 99}]])
async def test_temperatures_of_nothing(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    objects: object,
) -> None:
    """Change nothing."""
    await set_up(hass, camera_entry, Platform.SENSOR, Platform.BINARY_SENSOR)
    before = camera_entry.runtime_data.data.temperatures
    await camera.push(1007, {"obj_list": objects})
    # What is pushed after it, is read after it.
    await camera.push(1006, {"status": 1})
    await until(lambda: state_of(hass, "binary_sensor.yard_recording") == "on")
    assert camera_entry.runtime_data.data.temperatures == before


async def test_what_is_pushed_is_newer_than_what_was_answered_before(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Also when the reading that the answer is a part of ends after the push."""
    await set_up(hass, camera_entry, Platform.BINARY_SENSOR)

    async def begun_meanwhile(call: Call) -> Body:
        await camera.push(1006, {"status": 1})
        return await temperatures(call)

    with patch.dict(HANDLERS, {520: begun_meanwhile}):
        await camera_entry.runtime_data.async_ask_again("recording")
    assert state_of(hass, "binary_sensor.yard_recording") == "on"


@pytest.mark.parametrize(
    ("cmdtype", "body"),
    [(1043, {"result": 0}), (1099, {"what": 1}), (1050, {}), (1043, {"result": "x"})],
)
async def test_a_push_that_is_no_alarm(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    cmdtype: int,
    body: Body,
) -> None:
    """A finished autofocus, and what nobody knows, raise nothing and end nothing."""
    await set_up(hass, camera_entry, *SHOWN)
    events = happenings(hass, ALARM)
    await camera.push(cmdtype, body)
    await camera.push(1006, {"status": 1})
    await until(lambda: state_of(hass, "binary_sensor.yard_recording") == "on")
    assert not events
    assert camera.listeners == 1
