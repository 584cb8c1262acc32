"""Gaps in the statistics of a camera's rules are filled from its own memory, and nothing else of them is touched."""

from collections.abc import Generator
from datetime import datetime, timedelta
from threading import get_ident
from typing import Any
from unittest.mock import patch

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from sqlalchemy import update

from custom_components.thermogate.coordinator.camera_time import moment
from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.db_schema import RecorderRuns, States
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    async_import_statistics,
    statistics_during_period,
)
from homeassistant.components.recorder.tasks import CompileMissingStatisticsTask
from homeassistant.const import Platform, UnitOfTemperature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import session_scope
from homeassistant.util import dt as dt_util
from tests.simulators.camera import CameraSimulator, Options as CameraOptions
from tests.simulators.camera.camera import HANDLERS
from tests.waiting import until

from .helpers import set_up, settle, state_of
from .test_camera_coordinator import QUICK, coordinator_of

CONNECTION = "sensor.yard_connection"
MAXIMUM = "sensor.yard_transformer_maximum"
MINIMUM = "sensor.yard_transformer_minimum"
AVERAGE = "sensor.yard_transformer_average"
MODULE = "custom_components.thermogate.coordinator.temperature_statistics"
PAST = "tests.simulators.camera.history_commands.past_temperature"
# The clock's noon, at which the camera was added.
NOON = dt_util.utc_from_timestamp(0).replace(year=2026, month=6, day=15, hour=19)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _custom_integrations(
    clock: TickingDateTimeFactory,
    recorder_mock: Recorder,
    enable_custom_integrations: None,
) -> None:
    """Let Home Assistant find this integration; the recorder insists on being there before."""


@pytest.fixture(autouse=True)
def _quick() -> Generator[None]:
    """Watch the connection in milliseconds, with a recorder."""
    with patch("custom_components.thermogate.guide.client.Timing", return_value=QUICK):
        yield


@pytest.fixture
def camera_options() -> CameraOptions:
    """Return a camera that remembers a month."""
    return CameraOptions(seed=1, days_of_history=30, alarm_period=0)


def past(rule: int, kind: int, when: datetime) -> float | None:
    """Return what was measured: the hour, a little more each minute, and more for higher temperatures."""
    return when.hour + when.minute / 60 + {1: 100.0, 2: 0.0, 3: 50.0}[kind]


@pytest.fixture
async def added(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> MockConfigEntry:
    """Return a camera that was added at noon, was recorded, and is not watched now."""
    camera.camera.set_clock(
        NOON.astimezone(dt_util.get_default_time_zone()).replace(tzinfo=None)
    )
    await set_up(hass, camera_entry, Platform.SENSOR)
    assert await hass.config_entries.async_unload(camera_entry.entry_id)
    return camera_entry


async def record(
    hass: HomeAssistant,
    *hours: int,
    entity_id: str = MAXIMUM,
    unit: str = UnitOfTemperature.CELSIUS,
    lowest: float = 20.0,
    highest: float = 30.0,
) -> None:
    """Let Home Assistant have recorded these hours after noon."""
    async_import_statistics(
        hass,
        StatisticMetaData(
            mean_type=StatisticMeanType.ARITHMETIC,
            has_sum=False,
            name=None,
            source="recorder",
            statistic_id=entity_id,
            unit_class="temperature",
            unit_of_measurement=unit,
        ),
        [
            StatisticData(start=NOON + hour * HOUR, mean=25.0, min=lowest, max=highest)
            for hour in hours
        ],
    )
    await async_wait_recording_done(hass)


async def recorded(
    hass: HomeAssistant, instance: Recorder, entity_id: str = MAXIMUM
) -> dict[int, tuple[float, float, float]]:
    """Return mean, lowest and highest of the hours after noon."""
    await async_wait_recording_done(hass)
    rows = await instance.async_add_executor_job(
        statistics_during_period,
        hass,
        NOON - 20 * 24 * HOUR,
        None,
        {entity_id},
        "hour",
        {"temperature": UnitOfTemperature.CELSIUS},
        {"mean", "min", "max"},
    )
    found: dict[int, tuple[float, float, float]] = {}
    for row in rows.get(entity_id, []):
        at = dt_util.utc_from_timestamp(row["start"])
        values: Any = (row.get("mean"), row.get("min"), row.get("max"))
        found[(at - NOON) // HOUR] = tuple(round(value, 2) for value in values)
    return found


async def comes_back(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    camera: CameraSimulator,
    entry: MockConfigEntry,
    after: timedelta,
) -> None:
    """Set the camera up again so long after noon, with its clock right."""
    clock.move_to(NOON + after)
    camera.camera.set_clock(dt_util.now().replace(tzinfo=None))
    with patch(PAST, past):
        await set_up(hass, entry, Platform.SENSOR)
        await until(lambda: state_of(hass, MAXIMUM) not in (None, "unavailable"))
        await settle(hass)


async def test_hours_that_lack_are_filled(
    hass: HomeAssistant,
    recorder_mock: Recorder,
    clock: TickingDateTimeFactory,
    camera: CameraSimulator,
    added: MockConfigEntry,
) -> None:
    """From the camera's memory, each with mean, lowest and highest; those that Home Assistant has stay as they are.

    Home Assistant goes on meanwhile: ten days of minutes of many rules take a second.
    """
    threads: set[int] = set()

    def noted(at: datetime) -> datetime:
        threads.add(get_ident())
        return moment(at)

    await record(hass, 1, 3)
    with patch(f"{MODULE}.moment", noted):
        await comes_back(hass, clock, camera, added, 5 * HOUR + timedelta(minutes=30))
    assert hass.loop_thread_id not in threads
    assert await recorded(hass, recorder_mock) == {
        1: (25.0, 20.0, 30.0),
        2: (114.49, 114.0, 114.98),
        3: (25.0, 20.0, 30.0),
        4: (116.49, 116.0, 116.98),
    }


async def test_each_temperature_of_a_rule_has_its_own(
    hass: HomeAssistant,
    recorder_mock: Recorder,
    clock: TickingDateTimeFactory,
    camera: CameraSimulator,
    added: MockConfigEntry,
) -> None:
    """Only sensors that Home Assistant records, and in the unit in which it does."""
    await record(hass, 1, entity_id=MINIMUM, unit=UnitOfTemperature.FAHRENHEIT)
    await record(hass, 1, entity_id=AVERAGE)
    await comes_back(hass, clock, camera, added, 3 * HOUR + timedelta(minutes=30))
    assert (await recorded(hass, recorder_mock, MINIMUM))[2] == (14.49, 14.0, 14.98)
    assert (await recorded(hass, recorder_mock, AVERAGE))[2] == (64.49, 64.0, 64.98)
    assert await recorded(hass, recorder_mock, MAXIMUM) == {}


async def test_hours_before_the_camera_was_added_stay_empty(
    hass: HomeAssistant,
    recorder_mock: Recorder,
    clock: TickingDateTimeFactory,
    camera: CameraSimulator,
    added: MockConfigEntry,
) -> None:
    """And the hour in which it was, of which there was only a part."""
    await record(hass, 2)
    await comes_back(hass, clock, camera, added, 3 * HOUR + timedelta(minutes=30))
    assert sorted(await recorded(hass, recorder_mock)) == [1, 2]


@pytest.mark.parametrize(("minutes", "filled"), [(9, [1, 2]), (10, [1, 2, 3])])
async def test_the_last_hour_is_left_to_the_recorder_for_a_while(
    hass: HomeAssistant,
    recorder_mock: Recorder,
    clock: TickingDateTimeFactory,
    camera: CameraSimulator,
    added: MockConfigEntry,
    minutes: int,
    filled: list[int],
) -> None:
    """It is still summing that up."""
    await record(hass, 1)
    await comes_back(hass, clock, camera, added, 4 * HOUR + timedelta(minutes=minutes))
    assert sorted(await recorded(hass, recorder_mock)) == filled
    if minutes < 10:
        clock.move_to(NOON + 4 * HOUR + timedelta(minutes=10, seconds=1))
        async_fire_time_changed(hass, dt_util.utcnow())
        await settle(hass)
        assert sorted(await recorded(hass, recorder_mock)) == [1, 2, 3]


async def test_old_gaps_stay(
    hass: HomeAssistant,
    recorder_mock: Recorder,
    clock: TickingDateTimeFactory,
    camera: CameraSimulator,
    added: MockConfigEntry,
) -> None:
    """A camera is not asked for more than ten days."""
    await record(hass, 1)
    away = timedelta(days=12, minutes=30)
    await comes_back(hass, clock, camera, added, away)
    hours = sorted(await recorded(hass, recorder_mock))
    assert hours == [1, *range(2 * 24, 12 * 24)]


async def pause(
    hass: HomeAssistant,
    instance: Recorder,
    begin: timedelta,
    end: timedelta,
    *,
    crashed: bool = False,
) -> None:
    """Let the recorder have stopped and begun anew so long after noon."""

    def write() -> None:
        with session_scope(hass=hass) as session:
            session.add(
                RecorderRuns(
                    start=NOON - HOUR,
                    end=NOON + (end if crashed else begin),
                    closed_incorrect=crashed,
                )
            )
            session.add(RecorderRuns(start=NOON + end, end=None))
            session.execute(
                update(States).values(last_updated_ts=(NOON + begin).timestamp())
            )

    await instance.async_add_executor_job(write)


@pytest.mark.parametrize("crashed", [False, True])
async def test_what_is_only_drawn_over_a_pause_gives_way(
    hass: HomeAssistant,
    recorder_mock: Recorder,
    clock: TickingDateTimeFactory,
    camera: CameraSimulator,
    added: MockConfigEntry,
    crashed: bool,
) -> None:
    """Home Assistant was not there, and has the last value for each hour; those in which it ran, even in part, are its own."""
    await record(hass, 1, 2, 3, 4, 5, lowest=25.0, highest=25.0)
    await pause(
        hass,
        recorder_mock,
        timedelta(hours=2, minutes=1),
        timedelta(hours=4, minutes=59),
        crashed=crashed,
    )
    await comes_back(hass, clock, camera, added, 6 * HOUR + timedelta(minutes=30))
    hours = await recorded(hass, recorder_mock)
    assert hours.pop(3) == (115.49, 115.0, 115.98)
    assert hours == dict.fromkeys([1, 2, 4, 5], (25.0, 25.0, 25.0))


async def test_what_changed_in_a_pause_was_recorded(
    hass: HomeAssistant,
    recorder_mock: Recorder,
    clock: TickingDateTimeFactory,
    camera: CameraSimulator,
    added: MockConfigEntry,
) -> None:
    """Nobody draws a line with a lowest and a highest: it is filled already."""
    await record(hass, 1, 2, 3)
    await pause(hass, recorder_mock, HOUR, 4 * HOUR)
    await comes_back(hass, clock, camera, added, 4 * HOUR + timedelta(minutes=30))
    assert await recorded(hass, recorder_mock) == dict.fromkeys(
        [1, 2, 3], (25.0, 20.0, 30.0)
    )
    assert await coordinator_of(added).statistics.async_fill() == 0


async def test_home_assistant_draws_the_last_value_over_a_pause(
    hass: HomeAssistant,
    recorder_mock: Recorder,
    clock: TickingDateTimeFactory,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
) -> None:
    """That is why such hours are not taken for recorded."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    await async_wait_recording_done(hass)
    clock.move_to(NOON + 3 * HOUR + timedelta(minutes=1))
    recorder_mock.queue_task(CompileMissingStatisticsTask())
    hours = await recorded(hass, recorder_mock)
    assert sorted(hours) == [0, 1, 2]
    assert hours[1] == hours[2]
    assert len(set(hours[1])) == 1


async def test_a_camera_that_was_away_has_the_gap_filled_when_it_is_back(
    hass: HomeAssistant,
    recorder_mock: Recorder,
    clock: TickingDateTimeFactory,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
) -> None:
    """Home Assistant ran all the time."""
    await set_up(hass, camera_entry, Platform.SENSOR)
    await record(hass, 1)
    clock.move_to(NOON + 3 * HOUR + timedelta(minutes=30))
    camera.camera.set_clock(dt_util.now().replace(tzinfo=None))
    with patch(PAST, past):
        await camera.inject("drop-connection")
        await until(lambda: state_of(hass, CONNECTION) == "none")
        await until(lambda: state_of(hass, CONNECTION) == "websocket")
        await settle(hass)
    assert sorted(await recorded(hass, recorder_mock)) == [1, 2]


@pytest.mark.parametrize(("seconds", "filled"), [(290, [1, 2]), (310, [1])])
@pytest.mark.parametrize("sign", [1, -1])
async def test_a_camera_whose_clock_is_wrong_is_not_believed(
    hass: HomeAssistant,
    recorder_mock: Recorder,
    clock: TickingDateTimeFactory,
    camera: CameraSimulator,
    added: MockConfigEntry,
    seconds: int,
    filled: list[int],
    sign: int,
) -> None:
    """What it remembers would be put into the wrong hour."""
    await record(hass, 1)
    set_clock = camera.camera.set_clock
    wrong = timedelta(seconds=sign * seconds)
    with patch.object(
        camera.camera, "set_clock", side_effect=lambda at: set_clock(at + wrong)
    ):
        await comes_back(hass, clock, camera, added, 3 * HOUR + timedelta(minutes=30))
    assert sorted(await recorded(hass, recorder_mock)) == filled


async def test_hours_of_which_the_camera_has_nothing_stay_empty(
    hass: HomeAssistant,
    recorder_mock: Recorder,
    clock: TickingDateTimeFactory,
    camera: CameraSimulator,
    added: MockConfigEntry,
) -> None:
    """It was off as well."""
    await record(hass, 1)
    clock.move_to(NOON + 4 * HOUR + timedelta(minutes=30))

    def off_at_two(rule: int, kind: int, when: datetime) -> float | None:
        return None if when.hour == 14 else 20.0

    camera.camera.set_clock(dt_util.now().replace(tzinfo=None))
    with patch(PAST, off_at_two):
        await set_up(hass, added, Platform.SENSOR)
        await settle(hass)
    assert sorted(await recorded(hass, recorder_mock)) == [1, 3]


async def test_a_camera_without_memory_changes_nothing(
    hass: HomeAssistant,
    recorder_mock: Recorder,
    clock: TickingDateTimeFactory,
    camera: CameraSimulator,
    added: MockConfigEntry,
) -> None:
    """It refuses the question, and everything else goes on."""
    await record(hass, 1)
    with patch.dict(HANDLERS):
        del HANDLERS[515]
        await comes_back(hass, clock, camera, added, 3 * HOUR + timedelta(minutes=30))
    assert sorted(await recorded(hass, recorder_mock)) == [1]
    assert state_of(hass, MAXIMUM) not in (None, "unavailable")


async def test_hours_are_asked_for_once(
    hass: HomeAssistant,
    recorder_mock: Recorder,
    clock: TickingDateTimeFactory,
    camera: CameraSimulator,
    added: MockConfigEntry,
) -> None:
    """What the camera does not have it will not have later either."""
    await record(hass, 1)
    with patch(PAST, return_value=None):
        await comes_back(hass, clock, camera, added, 3 * HOUR + timedelta(minutes=30))
    statistics = coordinator_of(added).statistics
    asked = len(camera.received(515))
    assert await statistics.async_fill() == 0
    assert len(camera.received(515)) == asked
