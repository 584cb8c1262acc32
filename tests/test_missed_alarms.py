"""What a camera noticed while nobody listened is fetched from its memory, once, and never acts live."""

import asyncio
from collections.abc import Generator
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import AsyncMock, patch

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.guide import Channel, GuideClient
from custom_components.thermogate.journal import (
    Entry,
    Journal,
    JournalError,
    Query,
    Reason,
    Record,
    Retention,
)
from custom_components.thermogate.keeper import (
    JournalSettings,
    Keeper,
    Kept,
    async_get_keeper,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from tests.helpers import set_up, settle, state_of
from tests.journal.test_failure import full_disk
from tests.journals import try_again
from tests.simulators.camera import CameraSimulator, Options as CameraOptions
from tests.simulators.camera.camera import HANDLERS
from tests.waiting import until

from .test_camera_coordinator import QUICK, coordinator_of

ALARM = "event.yard_alarm"
CONNECTION = "sensor.yard_connection"
PLATFORMS = (Platform.EVENT, Platform.BINARY_SENSOR, Platform.SENSOR)
HISTORY, TEMPERATURES = 513, 515
PAST = "tests.simulators.camera.history_commands.past_temperature"


@pytest.fixture(autouse=True)
def _calm(clock: TickingDateTimeFactory) -> Generator[None]:
    """Watch the connection in milliseconds; nothing was ever hot, at a time of which the camera has made up no alarm."""
    with (
        patch("custom_components.thermogate.guide.client.Timing", return_value=QUICK),
        patch(PAST, return_value=20.0),
    ):
        yield


@pytest.fixture
def camera_options() -> CameraOptions:
    """Return a camera that remembers days before this one."""
    return CameraOptions(seed=1, alarm_period=0, reboot_time=0.2, shutter_time=0.05)


@pytest.fixture
async def camera(camera: CameraSimulator, hass: HomeAssistant) -> CameraSimulator:
    """Run a camera whose clock is right."""
    camera.camera.set_clock(dt_util.now().replace(tzinfo=None))
    return camera


async def entries(hass: HomeAssistant) -> list[Entry]:
    """Return what the journal has, in the order in which it came."""
    page = await async_get_keeper(hass).journal.search(Query())
    return sorted(page.entries, key=lambda entry: entry.id)


def roles(entry: Entry) -> set[str]:
    """Return what the pictures of an entry show."""
    return {picture.role for picture in entry.pictures}


async def caught_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Wait until the connection stands and what runs beside it is done."""
    await until(lambda: state_of(hass, CONNECTION) == "websocket")
    await settle(hass)


async def test_alarms_before_the_start_are_fetched_with_their_pictures(
    hass: HomeAssistant,
    camera_entry: MockConfigEntry,
    camera: CameraSimulator,
) -> None:
    """Nobody listened when it happened; nothing is said to happen now."""
    for kind in ("hot", "input"):
        await camera.inject(f"alarm {kind}")
    await camera.inject("alarm clear")
    await set_up(hass, camera_entry, *PLATFORMS)
    await caught_up(hass, camera_entry)
    kept = await entries(hass)
    assert {entry.outcome for entry in kept} == {"hot_spot", "external_input"}
    assert all(entry.caught_up and not entry.live for entry in kept)
    assert all(roles(entry) == {"visible", "thermal"} for entry in kept)
    assert state_of(hass, ALARM) == "unknown"
    assert state_of(hass, "binary_sensor.yard_hot_spot_alarm") == "off"


async def test_what_was_pushed_is_not_fetched(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The camera keeps the pictures of what it has reported, too."""
    await set_up(hass, camera_entry, *PLATFORMS)
    await caught_up(hass, camera_entry)
    await camera.inject("alarm hot")
    await camera.inject("alarm clear")
    await until(lambda: state_of(hass, ALARM) != "unknown")
    (pushed,) = await entries(hass)
    await hass.config_entries.async_reload(camera_entry.entry_id)
    await caught_up(hass, camera_entry)
    assert await entries(hass) == [pushed]
    assert pushed.live


async def test_what_a_lost_connection_cost_is_fetched(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """As soon as it is back, and once."""
    await set_up(hass, camera_entry, *PLATFORMS)
    await caught_up(hass, camera_entry)
    with patch.object(camera.alarms, "_push", AsyncMock(return_value=0)):
        await camera.inject("alarm fire")
        await camera.inject("alarm clear")
        assert not await entries(hass)
        for _ in range(2):
            await camera.inject("drop-connection")
            await until(lambda: state_of(hass, CONNECTION) == "none")
            await caught_up(hass, camera_entry)
    (fire,) = await entries(hass)
    # A camera tells fire and heat apart in what it pushes, not in what it keeps.
    assert fire.outcome == "temperature"
    assert fire.caught_up


async def test_a_camera_without_memory_card_tells_by_its_temperatures(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    camera_entry: MockConfigEntry,
    camera: CameraSimulator,
) -> None:
    """For how long a rule was beyond its threshold is one alarm, with the rule's name and the hottest value."""
    rule = next(
        rule
        for rule in camera.camera.settings[3]["rule_list"]
        if rule["alarm_flag"] and rule["alarm_type"] == 1
    )
    clock.tick(4800)
    now = dt_util.now().replace(tzinfo=None)
    camera.camera.set_clock(now)
    hot = {now.minute - 9: 5.0, now.minute - 8: 9.0, now.minute - 7: 3.0}

    def past(which: int, _: int, when: datetime) -> float | None:
        if which == rule["id"] and when.hour == now.hour and when.minute in hot:
            return float(rule["high_temp"]) + hot[when.minute]
        return 20.0

    with patch(PAST, past), patch.dict(HANDLERS):
        del HANDLERS[HISTORY]
        await set_up(hass, camera_entry, *PLATFORMS)
        await caught_up(hass, camera_entry)
        await hass.config_entries.async_reload(camera_entry.entry_id)
        await caught_up(hass, camera_entry)
    (alarm,) = await entries(hass)
    assert (alarm.outcome, alarm.subject) == ("temperature", rule["rule_name"])
    assert alarm.temperature == rule["high_temp"] + 9.0
    assert alarm.caught_up
    assert state_of(hass, ALARM) == "unknown"


@pytest.mark.parametrize(
    "camera_options",
    [CameraOptions(seed=1, alarm_period=0, quirks=frozenset({"ws-closed"}))],
)
async def test_without_pushes_the_memory_is_read_now_and_then(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """Late is better than never."""
    await set_up(hass, camera_entry, *PLATFORMS)
    await until(lambda: state_of(hass, CONNECTION) == "http")
    await camera.inject("alarm hot")
    await camera.inject("alarm clear")
    with patch(
        "custom_components.thermogate.coordinator.camera.CAMERA_SETTINGS_INTERVAL",
        dt_util.utcnow() - dt_util.utcnow(),
    ):
        for _ in range(2):
            await coordinator_of(camera_entry).async_refresh()
            await settle(hass)
    (alarm,) = await entries(hass)
    assert (alarm.outcome, alarm.caught_up) == ("hot_spot", True)


async def test_a_journal_that_cannot_be_read_puts_it_off(
    hass: HomeAssistant,
    camera_entry: MockConfigEntry,
    camera: CameraSimulator,
) -> None:
    """Without knowing what is there, nothing is added."""
    await camera.inject("alarm hot")
    await camera.inject("alarm clear")
    lost = JournalError(Reason.LOST, "away")
    with (
        patch.object(Journal, "search", side_effect=lost),
        patch.object(Journal, "swept_until", side_effect=lost),
    ):
        await set_up(hass, camera_entry, *PLATFORMS)
        await caught_up(hass, camera_entry)
    assert not await entries(hass)
    await try_again(hass)
    assert len(await entries(hass)) == 1


async def test_what_is_too_old_to_be_kept_is_not_fetched_again(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    camera: CameraSimulator,
    camera_entry: MockConfigEntry,
) -> None:
    """The camera remembers for longer than the journal may, and has alarmed of nothing since."""
    keeper = async_get_keeper(hass)
    await keeper.async_configure(JournalSettings(days=2))
    await set_up(hass, camera_entry, *PLATFORMS)
    await caught_up(hass, camera_entry)
    await camera.inject("alarm hot")
    await camera.inject("alarm clear")
    await until(lambda: state_of(hass, ALARM) != "unknown")
    assert len(await entries(hass)) == 1
    clock.tick(3 * 24 * 3600)
    camera.camera.set_clock(dt_util.now().replace(tzinfo=None))
    await keeper.journal.sweep(Retention(days=2, megabytes=None), dt_util.utcnow())
    await hass.config_entries.async_reload(camera_entry.entry_id)
    await caught_up(hass, camera_entry)
    oldest = dt_util.utcnow() - timedelta(days=2)
    assert all(entry.at > oldest for entry in await entries(hass))


async def test_what_is_still_being_stored_is_not_fetched(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The connection breaks while the pictures of an alarm are fetched."""
    await set_up(hass, camera_entry, *PLATFORMS)
    await caught_up(hass, camera_entry)
    download, go_on = GuideClient.download, asyncio.Event()

    async def slow(client: GuideClient, *args: Any, **kwargs: Any) -> bytes:
        await go_on.wait()
        return await download(client, *args, **kwargs)

    with patch.object(GuideClient, "download", slow):
        await camera.inject("alarm-picture-garbage")
        await camera.inject("alarm hot")
        await camera.inject("alarm clear")
        await until(lambda: state_of(hass, ALARM) != "unknown")
        asked = len(camera.received(HISTORY))
        await camera.inject("drop-connection")
        await until(lambda: len(camera.received(HISTORY)) >= asked + len(Channel))
        go_on.set()
        await caught_up(hass, camera_entry)
    (alarm,) = await entries(hass)
    assert alarm.live


async def test_what_waits_for_room_is_not_fetched(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """The connection breaks while the disk is full."""
    await set_up(hass, camera_entry, *PLATFORMS)
    await caught_up(hass, camera_entry)
    with full_disk():
        await camera.inject("alarm hot")
        await camera.inject("alarm clear")
        await until(lambda: state_of(hass, ALARM) != "unknown")
        await camera.inject("drop-connection")
        await until(lambda: state_of(hass, CONNECTION) == "none")
        await caught_up(hass, camera_entry)
    await try_again(hass)
    (alarm,) = await entries(hass)
    assert alarm.live


async def test_a_pause_while_catching_up_is_another_gap(
    hass: HomeAssistant, camera: CameraSimulator, camera_entry: MockConfigEntry
) -> None:
    """What happens after the camera has listed what it remembers is not in that list."""
    await camera.inject("alarm hot")
    await camera.inject("alarm clear")
    keep, began = Keeper.async_keep, asyncio.Event()

    async def interrupted(keeper: Keeper, record: Record, **options: bool) -> Kept:
        if not began.is_set():
            began.set()
            await until(lambda: state_of(hass, CONNECTION) == "websocket")
            with patch.object(camera.alarms, "_push", AsyncMock(return_value=0)):
                await camera.inject("alarm input")
                await camera.inject("alarm clear")
            await camera.inject("drop-connection")
            await until(lambda: state_of(hass, CONNECTION) == "none")
            await until(lambda: state_of(hass, CONNECTION) == "websocket")
        return await keep(keeper, record, **options)

    with patch.object(Keeper, "async_keep", interrupted):
        await set_up(hass, camera_entry, *PLATFORMS)
        await caught_up(hass, camera_entry)
    assert [entry.outcome for entry in await entries(hass)] == [
        "hot_spot",
        "external_input",
    ]
