"""A thermal camera: what it measures and warns of is shown, its pictures are seen, and it moves as it is told."""

import asyncio
from io import BytesIO

import numpy as np
from PIL import Image
import pytest

from .devices import Device, wait_for
from .hls import first_frame
from .house import END_TO_END, House

pytestmark = END_TO_END

# Vendor document, command 600: numbers of functions, and of start and stop.
LEFT, ZOOM_IN = 14, 6
START, STOP = 0, 1
CONTROL, GO_TO_PRESET = 600, 605
RULE = "Transformer"
RULE_KEY = "rule_1"
# Standard deviation of the brightness; an empty picture has none.
CONTRAST = 5


async def test_temperatures_are_shown(house: House, camera: Device) -> None:
    """Every rule and the whole picture have highest, lowest and average temperature, in that order of size."""
    for what in ("image", "rule_1", "rule_2", "rule_3", "rule_4"):
        low, mean, high = [
            float((await house.state(camera, "sensor", f"{what}_{quantity}"))["state"])
            for quantity in ("minimum", "average", "maximum")
        ]
        assert low < mean < high


async def test_a_rule_alarms_and_calms_down(house: House, camera: Device) -> None:
    """A rule that gets too hot switches its own and the common alarm on, and off once the hold time has passed."""
    await house.set_options(camera, poll_interval=5, hold_time=3)
    async with house.changes(camera, "event", "alarm") as changes:
        await camera.control(f"alarm rule name={RULE}")
        for key in (f"{RULE_KEY}_alarm", "temperature_alarm"):
            await house.wait_state(camera, "binary_sensor", key, "on")
        await camera.control("alarm clear")
        for key in (f"{RULE_KEY}_alarm", "temperature_alarm"):
            await house.wait_state(camera, "binary_sensor", key, "off")

    event = changes[0]["variables"]["trigger"]["to_state"]["attributes"]
    assert event["event_type"] == "temperature"
    assert event["rule"] == RULE
    assert event["maximum"] > 85


async def test_an_alarm_brings_its_pictures(house: House, camera: Device) -> None:
    """The images show what the alarm itself carried, and name its event."""
    async with house.changes(camera, "event", "alarm") as changes:
        await camera.control("alarm fire")
        await camera.control("alarm clear")
        await wait_for(lambda: changes, "alarm")
        event_id = changes[0]["variables"]["trigger"]["to_state"]["attributes"]["event_id"]  # fmt: skip
        sizes = []
        for key in ("alarm_visible", "alarm_thermal"):
            await house.wait_state(
                camera, "image", key, lambda s: s["attributes"].get("event_id") == event_id
            )  # fmt: skip
            content_type, data = await house.picture(camera, "image", key)
            assert content_type == "image/jpeg"
            with Image.open(BytesIO(data)) as picture:
                picture.load()
                sizes.append(picture.size)

    assert sizes == [(640, 360), (512, 384)]


async def test_a_move_arrives_and_ends(house: House, camera: Device) -> None:
    """The action starts the motion and stops it again."""
    since = camera.mark()
    before = await camera.control("status")
    await house.api.call(
        "thermogate",
        "ptz_move",
        {
            "entity_id": await house.entity(camera, "camera", "thermal"),
            "direction": "left",
            "speed": 60,
            "duration": 0.3,
        },
    )
    moves = await camera.wait_received(CONTROL, since, count=2)
    assert [(move["ptz_command"], move["ptz_action"]) for move in moves] == [
        (LEFT, START),
        (LEFT, STOP),
    ]
    after = await camera.control("status")
    assert not after["moving"]
    assert after["pan"] < before["pan"]


async def test_a_button_moves(house: House, camera: Device) -> None:
    """A press is a short motion with its end."""
    since = camera.mark()
    await house.call("button.press", camera, "ptz_zoom_in")
    moves = await camera.wait_received(CONTROL, since, count=2)
    assert [(move["ptz_command"], move["ptz_action"]) for move in moves] == [
        (ZOOM_IN, START),
        (ZOOM_IN, STOP),
    ]


async def test_a_preset_is_selected(house: House, camera: Device) -> None:
    """The select sends the camera to the position of that name, and shows it."""
    since = camera.mark()
    await house.call("select.select_option", camera, "ptz_preset", option="Whole yard")
    assert await camera.wait_received(GO_TO_PRESET, since) == [{"index": 1}]
    await house.wait_state(camera, "select", "ptz_preset", "Whole yard")


async def test_the_fill_light_is_switched(house: House, camera: Device) -> None:
    """The light is on at the camera as well: it still is after the entry was loaded anew."""
    await house.call("light.turn_on", camera, "fill_light", brightness_pct=40)
    await house.reload(camera)
    await house.wait_state(camera, "light", "fill_light", "on")
    await house.call("light.turn_off", camera, "fill_light")
    await house.reload(camera)
    await house.wait_state(camera, "light", "fill_light", "off")


@pytest.mark.parametrize(
    ("lens", "size"), [("visible", (1280, 720)), ("thermal", (512, 384))]
)
async def test_a_still_is_taken(
    house: House, camera: Device, lens: str, size: tuple[int, int]
) -> None:
    """The camera entity shows the picture of now."""
    content_type, data = await house.picture(camera, "camera", lens)
    assert content_type == "image/jpeg"
    with Image.open(BytesIO(data)) as picture:
        picture.load()
        assert picture.size == size


async def test_both_streams_are_played(house: House, camera: Device) -> None:
    """The streams that Home Assistant hands to a browser hold pictures with something on them."""
    entities = [await house.entity(camera, "camera", lens) for lens in ("visible", "thermal")]  # fmt: skip
    frames = await asyncio.gather(*(first_frame(house.api, entity_id) for entity_id in entities))  # fmt: skip
    assert [(frame.width, frame.height) for frame in frames] == [(1280, 720), (512, 384)]  # fmt: skip
    for frame in frames:
        assert np.std(frame.to_ndarray(format="gray")) > CONTRAST
    played = {line["path"] for line in camera.log("rtsp", method="PLAY", status=200)}
    assert played == {"/video1/stream0", "/video2/stream0"}
