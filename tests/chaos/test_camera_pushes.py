"""What a camera pushed is there once and whole, whatever breaks: three cameras under fire, and what they say in between.

`THERMOGATE_CHAOS_SEEDS=1,2,3` runs other seeds than the one that every run has.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from itertools import pairwise
import logging
import os
from pathlib import Path
import re
from typing import Any, Final
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.thermogate.journal import Entry, Query
from custom_components.thermogate.keeper import async_get_keeper
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_STATE_CHANGED, Platform
from homeassistant.core import Event, HomeAssistant
from tests.helpers import settle, state_of
from tests.waiting import until

from .replay_cameras import FAULTS, PAUSE, QUICK, Yard, arrivals

SEEDS = [int(seed) for seed in os.environ.get("THERMOGATE_CHAOS_SEEDS", "1").split(",")]
CAMERAS: Final = 3
# Each camera breaks so often; it says something about every 10 ms.
BREAKS: Final = 12
PEACE: Final = (0.1, 0.7)
PLATFORMS: Final = (Platform.EVENT, Platform.IMAGE, Platform.SENSOR)
WRONG_LOGIN: Final = {10004, 10009, 10010, 10011}
LOST, BACK = re.compile(r"Camera .* is lost"), re.compile(r"Camera .* is back")


@pytest.fixture(autouse=True)
def _quick() -> Generator[None]:
    """Let the connections be watched in tenths of a second."""
    with (
        patch("custom_components.thermogate.guide.client.Timing", return_value=QUICK),
        patch("custom_components.thermogate.PLATFORMS", list(PLATFORMS)),
    ):
        yield


@pytest.fixture
async def yards(socket_enabled: None, seed: int) -> AsyncGenerator[list[Yard]]:
    """Run the cameras."""
    yards = [Yard(number, seed) for number in range(CAMERAS)]
    for yard in yards:
        await yard.simulator.start()
    yield yards
    for yard in yards:
        await yard.simulator.stop()


async def under_fire(yard: Yard) -> None:
    """Let a camera say something all the time, and break often."""

    enough = asyncio.Event()

    async def talk() -> None:
        while not enough.is_set():
            await yard.say()
            await asyncio.sleep(PAUSE)

    talking = asyncio.create_task(talk())
    try:
        for _ in range(BREAKS):
            await asyncio.sleep(yard.lot.uniform(*PEACE))
            await yard.break_something()
    finally:
        enough.set()
        await talking


def connection(yard: Yard) -> str:
    """Return the id of the sensor of a camera's connection."""
    return f"sensor.yard_{yard.number}_connection"


async def all_rows(hass: HomeAssistant) -> list[Entry]:
    """Return the whole journal."""
    journal = async_get_keeper(hass).journal
    page = await journal.search(Query(limit=1000))
    entries = list(page.entries)
    while page.cursor:
        page = await journal.search(Query(limit=1000, cursor=page.cursor))
        entries += page.entries
    return entries


async def pictures_of(hass: HomeAssistant, entry: Entry) -> dict[str, bytes]:
    """Return the pictures of a row as they are on the disk."""
    journal = async_get_keeper(hass).journal
    found: dict[str, bytes] = {}
    for picture in entry.pictures:
        path = await journal.picture(picture.name)
        assert path is not None
        found[picture.role] = await hass.async_add_executor_job(Path.read_bytes, path)
    return found


def fired(changes: list[Event[Any]]) -> Counter[str]:
    """Return how often each alarm was shown by an event entity."""
    seen: dict[str, str] = {}
    for change in changes:
        state = change.data["new_state"]
        if (
            state
            and state.entity_id.startswith("event.")
            and state.attributes.get("area")
        ):
            seen[state.attributes["event_id"]] = state.attributes["area"]
    return Counter(seen.values())


@pytest.mark.timeout(120)
@pytest.mark.usefixtures("late_connections")
@pytest.mark.parametrize("seed", SEEDS)
async def test_every_alarm_that_came_whole_is_there_once_and_whole(
    hass: HomeAssistant,
    yards: list[Yard],
    caplog: pytest.LogCaptureFixture,
    seed: int,
) -> None:
    """And what was cut left nothing, every session came back, nobody was locked out or asked for a password."""
    caplog.set_level(logging.INFO)
    entries = [yard.entry() for yard in yards]
    for entry in entries:
        entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entries[0].entry_id)
    await settle(hass)
    caplog.clear()
    changes = async_capture_events(hass, EVENT_STATE_CHANGED)
    with arrivals() as arrived:
        await asyncio.gather(*(under_fire(yard) for yard in yards))
        for yard in yards:
            await until(lambda yard=yard: state_of(hass, connection(yard)) == "websocket", 10)  # fmt: skip
            last = yard.alarm()
            await until(lambda yard=yard: yard.simulator.listeners == 1, 10)
            await yard.push(last)
            await until(lambda last=last: arrived[last.name])
        await settle(hass)

    alarms = {name: alarm for yard in yards for name, alarm in yard.made.items()}
    told = set[str]().union(*(yard.told for yard in yards))
    assert arrived.keys() <= alarms.keys()
    # What was on its way when the connection broke did not come; that is the smaller part.
    assert len(arrived) > len(told) / 2
    assert sum(arrived.values()) > len(arrived), "none came twice"
    # One row, one event.
    rows = await all_rows(hass)
    assert Counter(row.subject for row in rows) == dict.fromkeys(arrived, 1)
    assert fired(changes) == dict.fromkeys(arrived, 1)
    for row in rows:
        alarm, stored = alarms[row.subject], await pictures_of(hass, row)
        if alarm.whole:
            assert stored == alarm.pictures
        else:
            # The camera may have gone before they were fetched.
            assert stored.items() <= alarm.pictures.items()
        assert row.device == yards[int(row.subject.partition("-")[0])].simulator.options.serial  # fmt: skip
    # Nobody was locked out, nobody is asked for a password.
    assert not hass.config_entries.flow.async_progress()
    for yard, entry in zip(yards, entries, strict=True):
        assert entry.state is ConfigEntryState.LOADED
        logins = yard.simulator.received(501)
        assert not WRONG_LOGIN & {request.retcode for request in logins}
        assert yard.simulator.camera.sessions.replayed_ciphertexts == 0
    assert_log(caplog, yards, changes)


# What else may be said of a camera: once for each time that it is so.
KNOWN_LINES: Final = (
    r"Yard N logged Home Assistant out",
    r"Ignored a frame on the control socket: .*",
)


def assert_log(
    caplog: pytest.LogCaptureFixture, yards: list[Yard], changes: list[Event[Any]]
) -> None:
    """See that each loss is one line, and each return, and that nothing raised."""
    # The simulators may fail at sending to who is gone.
    ours = [
        record
        for record in caplog.records
        if record.name.startswith(("custom_components", "homeassistant"))
    ]
    assert not [record.getMessage() for record in ours if record.exc_info]
    lines = [
        re.sub(r"\d+", "N", record.getMessage())
        for record in ours
        if record.levelno >= logging.WARNING
    ]
    lost = sum(bool(LOST.match(line)) for line in lines)
    back = sum(bool(BACK.match(line)) for line in lines)
    assert lost == back > 0
    for yard in yards:
        shown = [
            change.data["new_state"].state
            for change in changes
            if change.data["entity_id"] == connection(yard)
        ]
        # It is never lost twice without having been back.
        assert all(one != other for one, other in pairwise(shown))
    known = Counter(
        next((known for known in KNOWN_LINES if re.fullmatch(known, line)), line)
        for line in lines
        if not LOST.match(line) and not BACK.match(line)
    )
    assert known.keys() <= set(KNOWN_LINES), known
    assert all(count <= lost + CAMERAS for count in known.values()), (known, lost)


def test_every_fault_is_tried() -> None:
    """With as many breaks as there are, each fault is likely in every run."""
    assert 3 * len(FAULTS) <= BREAKS * CAMERAS
