"""What a terminal sends is acknowledged, shown once, and never lost; and its silence is noticed."""

import asyncio
import logging
from typing import Any
from unittest.mock import patch

from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_mqtt_message,
)

from custom_components.thermogate.const import CONF_ACKNOWLEDGE
from custom_components.thermogate.coordinator import TerminalCoordinator
from custom_components.thermogate.coordinator.base import UPDATE_BURST
from homeassistant.const import EVENT_STATE_CHANGED, Platform
from homeassistant.core import Event, HomeAssistant
from tests.helpers import (
    attributes_of,
    capture,
    door,
    set_up,
    settle,
    state_of,
    volume_of,
)
from tests.simulators.terminal import Options, Quirk, TerminalSimulator
from tests.simulators.terminal.captures import KINDS, Wishes
from tests.simulators.terminal.controls import obey
from tests.waiting import until

ACCESS = "event.front_door_access"
PERSON = "sensor.front_door_last_person"
LAST_ACCESS = "sensor.front_door_last_access"


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


def accesses(hass: HomeAssistant) -> list[Event[Any]]:
    """Collect what the event entity shows from now on."""
    return async_capture_events(hass, EVENT_STATE_CHANGED)


def fired(events: list[Event[Any]]) -> int:
    """Return how many of the changes were an access."""
    return sum(
        event.data["entity_id"] == ACCESS
        and event.data["new_state"] is not None
        and event.data["old_state"] is not None
        and event.data["new_state"].state not in ("unknown", "unavailable")
        and event.data["old_state"].state != "unavailable"
        for event in events
    )


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the integration warned of, without tracebacks, of which there must be none."""
    assert not [record for record in caplog.records if record.exc_info]
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.thermogate")
        and record.levelno >= logging.WARNING
    ]


# Acknowledging


@pytest.mark.parametrize("kind", KINDS)
async def test_every_capture_is_acknowledged(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    kind: str,
) -> None:
    """The acknowledgement names number and time exactly as they came, and opens nothing."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    sent = await capture(hass, terminal, kind)
    (acknowledgement,) = terminal.acknowledgements
    assert acknowledgement.result == "accepted"
    assert acknowledgement.retained is False
    assert acknowledgement.fields["sequence_no"] == sent.sequence_no
    assert acknowledgement.fields["cap_time"] == sent.cap_time
    assert not {"gateway_ctrl", "tts", "text_display"} & acknowledgement.fields.keys()
    assert not terminal.pending


@pytest.mark.parametrize(
    "terminal_options",
    [
        door(Quirk.STRING_SEQUENCE),
        door(Quirk.NO_FRACTION),
        door(Quirk.TIMEZONE),
        door(Quirk.NO_DEVICE_SN),
        door(Quirk.DATA_URI, Quirk.PNG_CALLED_JPG),
        door(Quirk.NO_TEMPERATURE),
        door(Quirk.TEMPERATURE_INT),
    ],
)
async def test_every_dialect_is_acknowledged(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What some devices write differently goes back as they wrote it."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    await capture(hass, terminal)
    assert [each.result for each in terminal.acknowledgements] == ["accepted"]
    assert attributes_of(hass, ACCESS)["event_type"] == "granted"


async def test_a_resend_is_acknowledged_and_fires_nothing(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """A terminal that missed the acknowledgement sends again; nobody came twice."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    events = accesses(hass)
    sent = await capture(hass, terminal)
    terminal.send_capture(sent)
    await settle(hass)
    assert fired(events) == 1
    assert [each.result for each in terminal.acknowledgements] == [
        "accepted",
        "repeated",
    ]


async def test_a_resend_after_a_reload_fires_nothing(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What was shown before the entry was reloaded is not shown again."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    sent = await capture(hass, terminal)
    with patch("custom_components.thermogate.PLATFORMS", [Platform.EVENT]):
        assert await hass.config_entries.async_reload(terminal_entry.entry_id)
        await settle(hass)
    events = accesses(hass)
    terminal.send_capture(sent)
    await settle(hass)
    assert fired(events) == 0
    assert terminal.acknowledgements[-1].result == "repeated"
    with patch("custom_components.thermogate.PLATFORMS", [Platform.EVENT]):
        assert await hass.config_entries.async_unload(terminal_entry.entry_id)


async def test_somebody_else_may_acknowledge(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """With the option off, captures are shown and left to another server to acknowledge."""
    hass.config_entries.async_update_entry(
        terminal_entry, options={CONF_ACKNOWLEDGE: False}
    )
    await set_up(hass, terminal_entry, Platform.EVENT)
    sent = await capture(hass, terminal)
    terminal.send_capture(sent)
    await settle(hass)
    assert not terminal.acknowledgements
    assert attributes_of(hass, ACCESS)["event_type"] == "granted"


async def test_a_capture_without_broker_is_shown_and_acknowledged_when_sent_again(
    hass: HomeAssistant,
    mqtt_mock: Any,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """A broker that goes away between a capture and its acknowledgement costs nothing."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    events = accesses(hass)
    mqtt_mock.connected = False
    sent = await capture(hass, terminal)
    assert not terminal.acknowledgements
    mqtt_mock.connected = True
    terminal.send_capture(sent)
    await settle(hass)
    assert terminal.acknowledgements[-1].result == "accepted"
    assert fired(events) == 1


# Showing


async def test_a_backlog_is_acknowledged_and_fires_nothing(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What happened while nobody listened is taken, but nobody is at the door now."""
    await set_up(hass, terminal_entry, Platform.EVENT, Platform.SENSOR)
    sent = await terminal.capture(
        "hot", change=lambda message: message.update(is_realtime=0)
    )
    await settle(hass)
    assert sent.acknowledged.is_set()
    assert state_of(hass, ACCESS) == "unknown"
    assert state_of(hass, PERSON) == sent.person


async def test_a_backlog_never_moves_the_last_person_backwards(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """Who came yesterday is not the last, however late it is told."""
    await set_up(hass, terminal_entry, Platform.EVENT, Platform.SENSOR)
    await capture(hass, terminal, person="Amara Okafor")
    await terminal.capture(
        change=lambda message: message.update(
            is_realtime=0, cap_time="2026/06/14 08:00:00.000"
        )
    )
    await settle(hass)
    assert len(terminal.acknowledged) == 2
    assert state_of(hass, PERSON) == "Amara Okafor"


async def test_only_the_clip_is_not_kept(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """A video would sit in memory for nobody."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    await capture(hass, terminal)
    access = terminal_entry.runtime_data.data.access
    assert access.capture.clip is None
    assert access.capture.face is not None


@pytest.mark.parametrize(
    ("cap_time", "shown"),
    [
        ("2026/06/15 11:30:00.000", "2026-06-15T18:30:00+00:00"),
        ("1970/01/01 00:00:12.000", "now"),
        ("2031/01/01 00:00:00.000", "now"),
        ("yesterday", "now"),
    ],
)
async def test_a_clock_that_cannot_be_right_is_not_believed(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    cap_time: str,
    shown: str,
) -> None:
    """A terminal's local time counts, unless its clock was never set."""
    await set_up(hass, terminal_entry, Platform.SENSOR)
    await capture(hass, terminal, cap_time=cap_time)
    assert terminal.acknowledged[-1].fields["cap_time"] == cap_time
    if shown == "now":
        assert str(state_of(hass, LAST_ACCESS)).startswith("2026-06-15T19:00:0")
    else:
        assert state_of(hass, LAST_ACCESS) == shown


@pytest.mark.parametrize(
    "terminal_options", [door(Quirk.TIMEZONE, time_zone="Asia/Shanghai")]
)
async def test_a_terminal_may_tell_its_time_zone(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """A terminal elsewhere is right about when somebody came."""
    await set_up(hass, terminal_entry, Platform.SENSOR)
    await capture(hass, terminal, cap_time="2026/06/16 02:30:00.000")
    assert state_of(hass, LAST_ACCESS) == "2026-06-15T18:30:00+00:00"


# Bad input


async def test_large_captures_keep_their_order(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What is decoded beside the event loop is not overtaken by what is not."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    with patch("custom_components.thermogate.broker.MAX_INLINE_PAYLOAD", 10_000):
        large = await terminal.capture("known")
        small = await terminal.capture("stranger")
        small.message.pop("overall_pic", None)
        await settle(hass)
    assert [each.fields["sequence_no"] for each in terminal.acknowledged] == [
        large.sequence_no,
        small.sequence_no,
    ]
    assert attributes_of(hass, ACCESS)["event_type"] == "stranger"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("garbage", 1),
        ("wrong-shape", None),
        ("truncated", 1),
        ("huge 10", None),
        ("broken-base64", None),
        ("broken-picture", None),
        ("unknown-command", 1),
        ("sip start", 0),
        ("foreign", 0),
    ],
)
async def test_nonsense_breaks_nothing(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    fault: str,
    said: int | None,
) -> None:
    """Nonsense is complained of in one line, however often it comes, and the next capture works."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    caplog.clear()
    for _ in range(2):
        assert "done" in await obey(terminal, fault)
        await settle(hass)
    lines = warnings(caplog)
    assert len(lines) <= 2 if said is None else len(lines) == said, lines
    assert all(len(line) < 300 for line in lines)
    sent = await capture(hass, terminal, "stranger")
    assert sent.acknowledged.is_set()
    assert attributes_of(hass, ACCESS)["event_type"] == "stranger"


@pytest.mark.parametrize("fault", ["broken-base64", "broken-picture"])
async def test_a_capture_with_a_broken_picture_still_counts(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    fault: str,
) -> None:
    """Somebody came, with or without a picture."""
    await set_up(hass, terminal_entry, Platform.EVENT, Platform.IMAGE)
    await obey(terminal, fault)
    await settle(hass)
    assert attributes_of(hass, ACCESS)["event_type"] == "granted"
    assert state_of(hass, "image.front_door_face") == "unknown"
    assert terminal.acknowledgements


async def test_an_unreadable_answer_breaks_nothing(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nonsense on the topic for answers is one line in the log."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    caplog.clear()
    for _ in range(2):
        async_fire_mqtt_message(
            hass, terminal.topics["manage_response"], b"\xff no answer"
        )
        await settle(hass)
    assert len(warnings(caplog)) == 1


async def test_a_capture_on_the_topic_for_answers_counts(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Whatever topic it comes on, somebody stands at the door."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    sent = await terminal.capture(change=lambda _: terminal.be_silent(0.001))
    terminal.send(sent.message, topic=terminal.topics["manage_response"])
    await settle(hass)
    assert attributes_of(hass, ACCESS)["event_type"] == "granted"


async def test_an_upgrade_query_tells_the_firmware(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """A terminal that looks for newer firmware tells which it has."""
    await set_up(hass, terminal_entry, Platform.SENSOR)
    await obey(terminal, "ask-upgrade")
    await settle(hass)
    assert terminal_entry.runtime_data.data.hardware == "FSAN_02"


async def test_a_flood_is_shown_in_full_where_it_counts(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """However many come at once, each is an event, and the last one is the last person."""
    await set_up(hass, terminal_entry, Platform.EVENT, Platform.SENSOR)
    events = accesses(hass)
    for person in ("Amara Okafor", "Mateo Alvarez") * 20:
        await capture(hass, terminal, person=person, pictures="none")
    assert fired(events) == 40
    async with asyncio.timeout(2):
        while state_of(hass, PERSON) != "Mateo Alvarez":
            await asyncio.sleep(0.02)
    assert not terminal.pending


async def test_a_flood_of_changes_is_shown_at_a_rate_that_can_be_followed(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Every change counts, but not every one is written; the last one always is."""
    await set_up(hass, terminal_entry, Platform.MEDIA_PLAYER)
    coordinator: TerminalCoordinator = terminal_entry.runtime_data
    told: list[int | None] = []
    coordinator.async_add_listener(lambda: told.append(coordinator.data.volume))

    for volume in range(100):
        coordinator.async_change(volume=volume)
    assert len(told) <= UPDATE_BURST + 1

    await until(lambda: told[-1] == 99)
    assert volume_of(hass) == 0.99
    assert len(told) <= UPDATE_BURST + 2


async def test_a_flood_of_captures_fires_every_event(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What happens is never held back, however much happens."""
    await set_up(hass, terminal_entry, Platform.EVENT, Platform.SENSOR)
    events = accesses(hass)

    for _ in range(UPDATE_BURST * 3):
        await terminal.capture("known", Wishes(pictures="none"), resend=False)
    await until(lambda: len(terminal.acknowledged) == UPDATE_BURST * 3)
    await settle(hass)

    assert fired(events) == UPDATE_BURST * 3
