"""What a terminal captured while nobody listened is fetched from its memory, once, and never acts live."""

from collections.abc import Generator
from datetime import datetime
from typing import override
from unittest.mock import patch

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.thermogate.coordinator import missed_captures
from custom_components.thermogate.journal import Entry, Query, Record, Retention
from custom_components.thermogate.keeper import (
    JournalSettings,
    Keeper,
    Kept,
    async_get_keeper,
)
from homeassistant.components.mqtt.const import MQTT_CONNECTION_STATE
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util import dt as dt_util
from tests.helpers import capture, door, set_up, settle, state_of
from tests.journal.test_failure import full_disk
from tests.journals import try_again
from tests.simulators.terminal import Options, Quirk, TerminalSimulator
from tests.simulators.terminal.commands import COMMANDS, records
from tests.waiting import until

ACCESS = "event.front_door_access"
PERSON = "sensor.front_door_last_person"
RECORDS = "request records"
PLATFORMS = (Platform.EVENT, Platform.SENSOR)


@pytest.fixture(autouse=True)
def _impatient() -> Generator[None]:
    """Let a backlog come to rest at once."""
    with patch.object(missed_captures, "QUIET_SECONDS", 0.05):
        yield


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


async def entries(hass: HomeAssistant) -> list[Entry]:
    """Return what the journal has, in the order in which it came."""
    page = await async_get_keeper(hass).journal.search(Query())
    return sorted(page.entries, key=lambda entry: entry.id)


class Timeless(datetime):
    """A time that is told as none."""

    @override
    def strftime(self, _: str) -> str:
        """Return nothing, whatever the format."""
        return ""


def roles(entry: Entry) -> set[str]:
    """Return what the pictures of an entry show."""
    return {picture.role for picture in entry.pictures}


def asked(terminal: TerminalSimulator) -> int:
    """Return how often the terminal was asked for records, not only how many there are."""
    return sum(
        request.cmd == RECORDS and request.fields["page_size"] != 1
        for request in terminal.requests
    )


async def reconnect(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> None:
    """Let the broker be back."""
    mqtt_mock.connected = True
    async_dispatcher_send(hass, MQTT_CONNECTION_STATE, True)
    await settle(hass)


def disconnect(hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> None:
    """Let the broker go away."""
    mqtt_mock.connected = False
    async_dispatcher_send(hass, MQTT_CONNECTION_STATE, False)


async def test_what_was_missed_before_the_start_is_fetched(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Seven people came, and another server acknowledged them: all are journalled in their order, with their faces."""
    sent = [await terminal.capture(resend=False) for _ in range(7)]
    await set_up(hass, terminal_entry, *PLATFORMS)
    kept = await entries(hass)
    assert [entry.key for entry in kept] == [
        f"{each.sequence_no}|{each.cap_time}" for each in sent
    ]
    assert all(entry.caught_up and not entry.live for entry in kept)
    assert all(roles(entry) == {"face", "photo"} for entry in kept)
    assert state_of(hass, ACCESS) == "unknown"
    assert state_of(hass, PERSON) == sent[-1].person


async def test_what_is_known_is_not_fetched_again(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """The records of live captures are recognised as what they are."""
    await set_up(hass, terminal_entry, *PLATFORMS)
    for kind in ("known", "stranger", "hot"):
        await capture(hass, terminal, kind)
    await hass.config_entries.async_reload(terminal_entry.entry_id)
    await settle(hass)
    kept = await entries(hass)
    assert len(kept) == 3
    assert all(entry.live and not entry.caught_up for entry in kept)


@pytest.mark.parametrize("terminal_options", [door(Quirk.NO_FRACTION)])
async def test_a_record_may_tell_its_time_in_other_words(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """A capture without milliseconds and its record with them are one."""
    await set_up(hass, terminal_entry, *PLATFORMS)
    await capture(hass, terminal)
    await hass.config_entries.async_reload(terminal_entry.entry_id)
    await settle(hass)
    assert len(await entries(hass)) == 1


async def test_what_was_there_before_the_terminal_was_added_is_left_alone(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
) -> None:
    """Somebody adds a terminal that has been in use for long: its past is not theirs."""
    await terminal.capture(resend=False)
    clock.tick(3 * 24 * 3600)
    entry = MockConfigEntry(
        domain="thermogate",
        title="Front door",
        data={
            "kind": "terminal",
            "topic_id": terminal.options.serial,
            "topic_prefix": "",
        },
    )
    entry.add_to_hass(hass)
    await set_up(hass, entry, *PLATFORMS)
    assert not await entries(hass)


async def test_a_pause_of_the_broker_is_caught_up_with(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """Whoever came meanwhile is found when the broker is back, and nobody twice."""
    await set_up(hass, terminal_entry, *PLATFORMS)
    await capture(hass, terminal)
    disconnect(hass, mqtt_mock)
    with patch.object(terminal, "send_capture"):
        missed = await terminal.capture(resend=False)
    await reconnect(hass, mqtt_mock)
    kept = await entries(hass)
    assert [entry.caught_up for entry in kept] == [False, True]
    assert kept[1].subject == missed.person
    before = asked(terminal)
    await reconnect(hass, mqtt_mock)
    assert asked(terminal) == before


async def test_the_terminal_sends_its_backlog_first(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Its own resends have the whole scene, its memory only the face."""
    with patch.object(terminal, "send_capture"):
        waiting = await terminal.capture(
            change=lambda message: message.update(is_realtime=0)
        )
        missed = await terminal.capture(resend=False)
    with patch.object(missed_captures, "QUIET_SECONDS", 0.5):
        setting_up = hass.async_create_task(set_up(hass, terminal_entry, *PLATFORMS))
        await until(lambda: bool(terminal.requests))
        terminal.send_capture(waiting)
        await setting_up
    kept = {entry.subject: entry for entry in await entries(hass)}
    assert len(kept) == 2
    assert "scene" in roles(kept[str(waiting.person)])
    assert "scene" not in roles(kept[str(missed.person)])


async def test_a_firmware_without_memory_is_not_asked(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """That it has none is the answer to how many records there are."""
    known = {name: COMMANDS[name] for name in COMMANDS if name != RECORDS}
    with patch.dict(COMMANDS, known, clear=True):
        await set_up(hass, terminal_entry, *PLATFORMS)
        await settle(hass)
        disconnect(hass, mqtt_mock)
        await reconnect(hass, mqtt_mock)
    assert asked(terminal) == 0


async def test_what_cannot_be_stored_is_asked_for_again(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """A full disk only puts it off."""
    await terminal.capture(resend=False)
    with full_disk():
        await set_up(hass, terminal_entry, *PLATFORMS)
    assert not await entries(hass)
    disconnect(hass, mqtt_mock)
    await reconnect(hass, mqtt_mock)
    assert len(await entries(hass)) == 1


@pytest.mark.parametrize("terminal_options", [door(time_zone="Asia/Shanghai")])
async def test_a_terminal_in_another_time_zone_has_pictures_too(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """It finds what it keeps by its own clock, not by the time that we read in a capture."""
    for _ in range(6):
        await terminal.capture(resend=False)
    await set_up(hass, terminal_entry, *PLATFORMS)
    kept = await entries(hass)
    assert [roles(entry) for entry in kept] == [{"face", "photo"}] * 6


async def test_what_stands_at_the_edge_of_a_period_has_pictures_too(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Seen on devices: they leave out what is at the limits that they are asked for."""

    def within(time: float, low: object, high: object) -> bool:
        if not isinstance(low, int) or not isinstance(high, int):
            return True
        return low + 1 < time < high - 1

    await terminal.capture(resend=False)
    with patch.object(records, "_between", within):
        await set_up(hass, terminal_entry, *PLATFORMS)
    assert [roles(entry) for entry in await entries(hass)] == [{"face", "photo"}]


async def test_what_is_too_old_to_be_kept_is_not_fetched_again(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """The terminal remembers for longer than the journal may."""
    keeper = async_get_keeper(hass)
    await keeper.async_configure(JournalSettings(days=2))
    await set_up(hass, terminal_entry, *PLATFORMS)
    await capture(hass, terminal)
    clock.tick(3 * 24 * 3600)
    await capture(hass, terminal)
    await keeper.journal.sweep(Retention(days=2, megabytes=None), dt_util.utcnow())
    clock.tick(3 * 24 * 3600)
    with patch.object(terminal, "send_capture"):
        missed = await terminal.capture(resend=False)
    await keeper.journal.sweep(Retention(days=2, megabytes=None), dt_util.utcnow())
    await hass.config_entries.async_reload(terminal_entry.entry_id)
    await settle(hass)
    assert [entry.subject for entry in await entries(hass)] == [missed.person]


async def test_what_made_room_for_others_is_not_fetched_again(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """Else it would come as the newest, and those that are newer would have to go."""
    await set_up(hass, terminal_entry, *PLATFORMS)
    for _ in range(3):
        await capture(hass, terminal)
        clock.tick(3600)
    keeper = async_get_keeper(hass)
    before = (await entries(hass))[1:]
    now = before[0].received_at
    await keeper.journal.sweep(Retention(days=0, megabytes=None), now)
    assert await entries(hass) == before
    await hass.config_entries.async_reload(terminal_entry.entry_id)
    await settle(hass)
    assert await entries(hass) == before


async def test_a_journal_that_stores_again_catches_up(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """A terminal that stays connected gives no other occasion."""
    missed = [await terminal.capture(resend=False) for _ in range(2)]
    with full_disk():
        await set_up(hass, terminal_entry, *PLATFORMS)
    assert not await entries(hass)
    await try_again(hass)
    assert [entry.subject for entry in await entries(hass)] == [
        each.person for each in missed
    ]


async def test_a_record_without_a_time_holds_up_no_other(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """It counts as the oldest there can be."""
    for _ in range(2):
        await terminal.capture(resend=False)
    terminal.device.records[0].time = Timeless.now()
    await set_up(hass, terminal_entry, *PLATFORMS)
    assert [roles(entry) for entry in await entries(hass)] == [{"face", "photo"}] * 2


async def test_a_pause_while_catching_up_is_another_gap(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """Whoever comes after the terminal has listed what it remembers is not in that list."""
    sent = [await terminal.capture(resend=False)]
    keep = Keeper.async_keep

    async def interrupted(keeper: Keeper, record: Record, **options: bool) -> Kept:
        if len(sent) == 1:
            disconnect(hass, mqtt_mock)
            with patch.object(terminal, "send_capture"):
                sent.append(await terminal.capture(resend=False))
            mqtt_mock.connected = True
            async_dispatcher_send(hass, MQTT_CONNECTION_STATE, True)
        return await keep(keeper, record, **options)

    with patch.object(Keeper, "async_keep", interrupted):
        await set_up(hass, terminal_entry, *PLATFORMS)
    assert [entry.subject for entry in await entries(hass)] == [
        each.person for each in sent
    ]
