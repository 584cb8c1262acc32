"""An access terminal: what it tells is shown and acknowledged, and it does what it is told."""

import base64
import json

import pytest

from .devices import Device, Json, wait_for
from .house import END_TO_END, House

pytestmark = END_TO_END

GRANTED, DENIED, STRANGER = "granted", "denied", "stranger"


def fired_by(changes: list[Json]) -> list[Json]:
    """Return the attributes of an event entity's new states."""
    return [change["variables"]["trigger"]["to_state"]["attributes"] for change in changes]  # fmt: skip


async def test_a_capture_is_shown_and_acknowledged(
    house: House, terminal: Device
) -> None:
    """One message makes the event, the sensors, and one acknowledgement that repeats its number and time exactly."""
    async with house.changes(terminal, "event", "access") as changes:
        sent = await terminal.control(
            "capture known person='Amara Okafor' temperature=36.4"
        )
        await wait_for(lambda: changes, "event")

    (event,) = fired_by(changes)
    assert event["event_type"] == GRANTED
    assert event["person"] == "Amara Okafor"
    assert event["temperature"] == 36.4
    expected = {
        "last_person": "Amara Okafor",
        "last_result": GRANTED,
        "last_temperature": "36.4",
    }
    shown = {key: (await house.state(terminal, "sensor", key))["state"] for key in expected}  # fmt: skip
    assert shown == expected
    assert "accepted" in await terminal.acknowledged(sent)


async def test_a_resend_fires_nothing_twice(house: House, terminal: Device) -> None:
    """A capture that comes again is acknowledged again, and nothing else; the next one is an event again."""
    async with house.changes(terminal, "event", "access") as changes:
        since = terminal.mark()
        first = await terminal.control("capture known person='Linh Nguyen'")
        await wait_for(lambda: changes, "event")
        assert "accepted" in await terminal.acknowledged(first)
        await terminal.control("duplicate")
        await terminal.logged("acknowledgement", since, result="repeated")
        second = await terminal.control("capture known person='Linh Nguyen'")
        await wait_for(lambda: len(changes) > 1, "event of the second capture")

    assert first["sequence_no"] != second["sequence_no"]
    assert [event["person"] for event in fired_by(changes)] == ["Linh Nguyen"] * 2


@pytest.mark.parametrize(
    ("capture", "alarm", "result"),
    [
        ("stranger", "stranger", STRANGER),
        ("hot temperature=38.7", "temperature", DENIED),
        ("nomask", "mask", DENIED),
    ],
)
async def test_an_alarm_is_on_for_the_hold_time(
    house: House, terminal: Device, capture: str, alarm: str, result: str
) -> None:
    """A capture that alarms switches its binary sensor on, for as long as the options say."""
    await house.set_options(terminal, acknowledge=True, hold_time=1, offline_after=120)
    await house.wait_state(terminal, "binary_sensor", f"{alarm}_alarm", "off")
    async with (
        house.changes(terminal, "binary_sensor", f"{alarm}_alarm") as alarms,
        house.changes(terminal, "event", "access") as events,
    ):
        await terminal.control(f"capture {capture}")
        await wait_for(lambda: len(alarms) >= 2, f"{alarm} alarm on and off")

    states = [change["variables"]["trigger"]["to_state"]["state"] for change in alarms]
    assert states == ["on", "off"]
    assert [event["event_type"] for event in fired_by(events)] == [result]


async def test_the_pictures_of_a_capture_can_be_fetched(
    house: House, terminal: Device
) -> None:
    """The pictures that are served are byte for byte those of the message, and carry its event's id."""
    topic = terminal.ready["topics"]["capture_request"]
    async with (
        house.subscribe(type="mqtt/subscribe", topic=topic) as messages,
        house.changes(terminal, "event", "access") as changes,
    ):
        await terminal.control("capture known pictures=both")
        await wait_for(lambda: changes, "event")

    heard = [json.loads(message["payload"]) for message in messages]
    # On a busy machine the terminal may have sent it once more before it was acknowledged.
    capture, *again = [message for message in heard if message["cmd"] == "face"]
    assert all(copy["sequence_no"] == capture["sequence_no"] for copy in again)
    (event,) = fired_by(changes)
    for key, part in (("face", "closeup_pic"), ("scene", "overall_pic")):
        state = await house.state(terminal, "image", key)
        assert state["attributes"]["event_id"] == event["event_id"]
        content_type, data = await house.picture(terminal, "image", key)
        assert content_type == "image/jpeg"
        assert data == base64.b64decode(capture[part]["data"])


@pytest.mark.parametrize("relay", [1, 2])
async def test_the_gate_opens(house: House, terminal: Device, relay: int) -> None:
    """A press of the button closes that relay once."""
    since = terminal.mark()
    await house.call("button.press", terminal, f"open_gate_{relay}")
    pulses = await terminal.logged("relay", since)
    assert [pulse["relay"] for pulse in pulses] == [relay]


async def test_the_volume_is_set(house: House, terminal: Device) -> None:
    """It reaches the terminal, which still has it after the entry is loaded anew."""
    await house.call("media_player.volume_set", terminal, "speaker", volume_level=0.35)
    await house.reload(terminal)
    await house.wait_state(
        terminal,
        "media_player",
        "speaker",
        lambda state: state["attributes"].get("volume_level") == 0.35,
    )


async def test_the_clock_is_set(house: House, terminal: Device) -> None:
    """The button sends the time."""
    since = terminal.mark()
    await house.call("button.press", terminal, "set_clock")
    (command,) = await terminal.logged("command", since, cmd="update date time")
    assert command["code"] == 0


async def test_a_snapshot_is_taken(house: House, terminal: Device) -> None:
    """The camera entity asks the terminal for a picture."""
    since = terminal.mark()
    content_type, data = await house.picture(terminal, "camera", "snapshot")
    assert content_type == "image/jpeg"
    assert data.startswith(b"\xff\xd8\xff")
    assert len(terminal.log("command", since, cmd="snapshot")) == 1
