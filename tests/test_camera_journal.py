"""What a camera reports is stored with its pictures and shown: each once, though it is never sent again."""

import asyncio
from collections.abc import Generator
from contextlib import nullcontext
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.guide import GuideClient
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from tests.helpers import attributes_of, set_up, settle, state_of
from tests.journals import (
    ALARM,
    FAILURES,
    entries,
    happenings,
    impatient,
    pictures_of,
    said,
    threads,
    trouble,
    try_again,
)
from tests.simulators.camera import CameraSimulator
from tests.waiting import until

TEMPERATURE, ILLEGAL_ACCESS, RECORDING, FIRE = 1000, 1005, 1006, 1011
BOTH = {"visible", "thermal"}


@pytest.fixture(autouse=True)
def _impatient() -> Generator[None]:
    """Wait for nobody's lock."""
    with impatient():
        yield


def told_at(ago: timedelta = timedelta()) -> str:
    """Return a time as a camera writes it, by Home Assistant's clock."""
    return (dt_util.now() - ago).strftime("%Y-%m-%d %H:%M:%S")


def rule_alarm(**changes: Any) -> dict[str, Any]:
    """Return the body of a rule's alarm of now, without pictures."""
    return {
        "type": 1,
        "temp_flag": 1,
        "high_temp": 97.5,
        "low_temp": 20.25,
        "avg_temp": 50.0,
        "name": "Busbar",
        "time": told_at(),
    } | changes


async def pushed(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    camera: CameraSimulator,
    cmdtype: int,
    body: dict[str, Any],
) -> None:
    """Let the camera report something, and Home Assistant finish with it."""
    coordinator = entry.runtime_data

    def is_recording() -> bool:
        return bool(coordinator.data.recording and coordinator.data.recording.active)

    recording = not is_recording()
    assert await camera.push(cmdtype, body)
    # What is pushed after it, is read after it.
    assert await camera.push(RECORDING, {"status": int(recording)})
    await until(lambda: is_recording() is recording)
    await settle(hass)


# What is stored


async def test_an_alarm_is_an_entry_with_the_pictures_of_its_push(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """What, where, how hot, and what it looked like to both lenses."""
    await set_up(hass, camera_entry, Platform.EVENT, Platform.IMAGE)
    events = happenings(hass, ALARM)
    await camera.inject("alarm rule name=Busbar")
    await until(lambda: events)
    (entry,) = await entries(hass)
    (event,) = events
    assert (entry.device, entry.kind) == (camera_entry.unique_id, "alarm")
    assert (entry.outcome, entry.subject) == ("temperature", "Busbar")
    assert entry.temperature == event["maximum"]
    assert entry.event_id == event["event_id"]
    assert entry.at.isoformat() == event["at"]
    assert (entry.live, entry.caught_up) == (True, False)
    assert entry.details["rule"] == "Busbar"
    state = camera_entry.runtime_data.data
    assert await pictures_of(hass, entry) == {
        "visible": state.visible.data,
        "thermal": state.thermal.data,
    }
    assert event["picture_urls"].keys() == BOTH
    assert all(entry.event_id in url for url in event["picture_urls"].values())


@pytest.mark.parametrize(
    "alarm", ["storage-full", "storage-failure", "stream", "illegal-access", "network"]
)
async def test_an_alarm_without_pictures_is_an_entry(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    alarm: str,
) -> None:
    """Who tried to log in is worth knowing later too."""
    await set_up(hass, camera_entry, Platform.EVENT)
    await camera.inject(f"alarm {alarm}")
    await until(lambda: state_of(hass, ALARM) != "unknown")
    (entry,) = await entries(hass)
    assert entry.outcome == attributes_of(hass, ALARM)["event_type"]
    assert entry.pictures == ()


async def test_pictures_that_are_only_named_are_fetched_and_stored(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The event does not wait for them, and so cannot say where they will be."""
    await set_up(hass, camera_entry, Platform.EVENT)
    events = happenings(hass, ALARM)
    await camera.inject("alarm-picture-garbage")
    await camera.inject("alarm fire")
    await until(lambda: events)
    await settle(hass)
    (entry,) = await entries(hass)
    stored = await pictures_of(hass, entry)
    assert stored.keys() == BOTH
    assert all(data.startswith(b"\xff\xd8") for data in stored.values())
    assert entry.event_id == events[0]["event_id"]
    assert "picture_urls" not in events[0]


# Copies


@pytest.mark.parametrize(
    ("cmdtype", "body"),
    [
        (TEMPERATURE, {"name": "Busbar", "high_temp": 97.5, "type": 1}),
        (FIRE, {"name": "Area 1", "ir_image_url": "/nowhere.jpg"}),
        (ILLEGAL_ACCESS, {"user": "root", "ip": "192.0.2.77"}),
    ],
    ids=["plain", "pictures to fetch", "no pictures"],
)
@pytest.mark.parametrize("failure", [None, "journal_locked"])
async def test_the_same_push_twice_is_one_alarm(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    cmdtype: int,
    body: dict[str, Any],
    failure: str | None,
) -> None:
    """Whether the copy comes at once or later, also while it cannot be stored: one row, one event."""
    await set_up(hass, camera_entry, Platform.EVENT)
    events = happenings(hass, ALARM)
    body = body | {"time": told_at()}
    with FAILURES[failure](hass) if failure else nullcontext():
        await camera.push(cmdtype, body)
        await pushed(hass, camera_entry, camera, cmdtype, body)
        await pushed(hass, camera_entry, camera, cmdtype, body)
    assert len(events) == 1
    await try_again(hass)
    assert len(await entries(hass)) == 1
    await pushed(hass, camera_entry, camera, cmdtype, body)
    assert len(await entries(hass)) == 1
    assert len(events) == 1


async def test_two_rules_in_one_second_are_two_alarms(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """And so is one rule in two seconds."""
    await set_up(hass, camera_entry, Platform.EVENT)
    events = happenings(hass, ALARM)
    now, before = told_at(), told_at(timedelta(seconds=1))
    for name, time in (("Busbar", now), ("Motor", now), ("Busbar", before)):
        await pushed(
            hass, camera_entry, camera, TEMPERATURE, rule_alarm(name=name, time=time)
        )
    assert [entry.subject for entry in await entries(hass)] == [
        "Busbar",
        "Motor",
        "Busbar",
    ]
    assert len(events) == 3


@pytest.mark.parametrize(
    "time",
    ["1970-01-01 00:00:12", "2001-01-01 00:00:00", "2099-01-01 00:00:00", "soon", None],
)
async def test_a_clock_that_cannot_be_right_is_not_believed(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    time: str | None,
) -> None:
    """It happened now; since such a clock may show the same second for days, nothing counts as a copy."""
    await set_up(hass, camera_entry, Platform.EVENT)
    events = happenings(hass, ALARM)
    for _ in range(2):
        await pushed(hass, camera_entry, camera, TEMPERATURE, rule_alarm(time=time))
    stored = await entries(hass)
    assert len(stored) == len(events) == 2
    for entry in stored:
        assert abs(entry.at - dt_util.utcnow()) < timedelta(minutes=1)


# While it fails


@pytest.mark.parametrize("failure", FAILURES)
async def test_an_alarm_is_shown_at_once_and_stored_when_that_is_possible(
    hass: HomeAssistant,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    failure: str,
) -> None:
    """Its event names no pictures, since nobody could serve them; later the row has them."""
    await set_up(hass, camera_entry, Platform.EVENT)
    events = happenings(hass, ALARM)
    with FAILURES[failure](hass):
        await camera.inject("alarm fire")
        await until(lambda: events)
        await settle(hass)
        assert trouble(hass) == failure
        await try_again(hass)
        assert trouble(hass) == failure
    assert "picture_urls" not in events[0]
    await try_again(hass)
    (entry,) = await entries(hass)
    assert entry.event_id == events[0]["event_id"]
    assert (await pictures_of(hass, entry)).keys() == BOTH
    assert trouble(hass) is None
    assert said(caplog, "The journal cannot store") == 1
    assert said(caplog, "The journal stores again") == 1
    assert len(events) == 1


async def test_unloading_loses_no_alarm(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Its pictures cannot be fetched any more; that it happened is stored, and then the journal closes."""
    await set_up(hass, camera_entry, Platform.EVENT)
    began = asyncio.Event()

    async def endless(*_: object, **__: object) -> bytes:
        began.set()
        await asyncio.Event().wait()
        return b""

    with patch.object(GuideClient, "download", endless):
        await camera.inject("alarm-picture-garbage")
        await camera.inject("alarm fire")
        await began.wait()
        assert await hass.config_entries.async_unload(camera_entry.entry_id)
    assert threads() == []
    await set_up(hass, camera_entry, Platform.EVENT)
    (entry,) = await entries(hass)
    assert (entry.outcome, entry.pictures) == ("fire", ())


async def test_stopping_loses_no_alarm(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Home Assistant does not unload its devices when it stops."""
    await set_up(hass, camera_entry, Platform.EVENT)
    began = asyncio.Event()

    async def endless(*_: object, **__: object) -> bytes:
        began.set()
        await asyncio.Event().wait()
        return b""

    stored: list[str] = []
    journal = camera_entry.runtime_data.keeper.journal
    append = journal.append

    async def noted(record: Any) -> bool:
        is_new = await append(record)
        stored.append(record.outcome)
        return bool(is_new)

    with (
        patch.object(GuideClient, "download", endless),
        patch.object(journal, "append", noted),
    ):
        await camera.inject("alarm-picture-garbage")
        await camera.inject("alarm fire")
        await began.wait()
        await hass.async_stop(force=True)
    assert stored == ["fire"]
    assert threads() == []
