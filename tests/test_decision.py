"""What never opens a gate: whatever is late, known, replayed, doubtful or not stored; and what came of it is told everywhere."""

from collections.abc import Generator
from datetime import timedelta
import json
from typing import Any
from unittest.mock import patch

from freezegun import freeze_time
from freezegun.api import TickingDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_mqtt_message,
)
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.diagnostics import async_get_config_entry_diagnostics
from custom_components.thermogate.facegate import FaceGateConnectionError
from homeassistant.const import Platform
from homeassistant.core import CoreState, HomeAssistant
from tests.decisions import ACCESS, ANYBODY, decide_by_rule, decision, opened
from tests.helpers import SERIAL, act, capture, door, set_up, settle
from tests.journal.makers import full_disk
from tests.journals import entries, happenings, impatient, restart, try_again
from tests.simulators.terminal import Options, TerminalSimulator
from tests.simulators.terminal.settings import Values


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


@pytest.fixture(autouse=True)
def _impatient() -> Generator[None]:
    """Wait for nobody's lock."""
    with impatient():
        yield


def gates(terminal: TerminalSimulator) -> list[bool]:
    """Return for each acknowledgement whether it asks for the gate, also where the terminal does not listen any more."""
    return ["gateway_ctrl" in each.fields for each in terminal.acknowledgements]


async def changed_capture(
    hass: HomeAssistant, terminal: TerminalSimulator, **changes: Any
) -> None:
    """Let the terminal send a capture in which something is otherwise; None takes it away."""

    def change(message: Values) -> None:
        message.update(changes)
        for name in [name for name, value in changes.items() if value is None]:
            del message[name]

    await terminal.capture(change=change)
    await settle(hass)


async def test_by_default_nobody_decides(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """The acknowledgement is as short as ever."""
    await set_up(hass, terminal_entry, Platform.EVENT)
    await capture(hass, terminal)
    assert decision(hass) == ("none", None)
    assert gates(terminal) == [False]
    (entry,) = await entries(hass)
    assert entry.details["decision"] == "none"
    assert "decision_reason" not in entry.details


# Late and again


async def test_a_resend_is_acknowledged_again_and_opens_nothing(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Its first acknowledgement was lost; whether the gate opened then, nobody knows."""
    await decide_by_rule(hass, terminal_entry, say_opened="Welcome")
    sent = await capture(hass, terminal)
    events = happenings(hass, ACCESS)
    for _ in range(3):
        terminal.send_capture(sent)
        await settle(hass)
    assert gates(terminal) == [True, False, False, False]
    assert terminal.device.spoken == ["Welcome"]
    assert not events
    (entry,) = await entries(hass)
    assert entry.details["decision"] == "opened"


async def test_a_resend_after_a_restart_opens_nothing(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """The journal remembers."""
    await decide_by_rule(hass, terminal_entry)
    sent = await capture(hass, terminal)
    await restart(hass, terminal_entry)
    terminal.send_capture(sent)
    await settle(hass)
    assert gates(terminal) == [True, False]


async def test_copies_that_come_together_open_once(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """The first of them."""
    await decide_by_rule(hass, terminal_entry)
    sent = await terminal.capture()
    for _ in range(4):
        terminal.send_capture(sent)
    await settle(hass)
    assert gates(terminal).count(True) == 1
    assert opened(terminal) == [1]
    assert len(await entries(hass)) == 1


async def test_a_backlog_opens_nothing(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """What the terminal says is not of now; the journal says why nothing was decided."""
    await decide_by_rule(hass, terminal_entry)
    await changed_capture(hass, terminal, is_realtime=0)
    assert gates(terminal) == [False]
    (entry,) = await entries(hass)
    assert (entry.details["decision"], entry.details["decision_reason"]) == (
        "none",
        "not_live",
    )


async def test_what_the_broker_had_kept_opens_nothing(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    mqtt_mock: MqttMockHAClient,
) -> None:
    """Somebody stood there once."""
    await decide_by_rule(hass, terminal_entry)
    sent = await terminal.capture(resend=True, topic_id="nowhere")
    topic = f"topic/face/capture/request/{SERIAL}"
    async_fire_mqtt_message(hass, topic, json.dumps(sent.message), retain=True)
    await settle(hass)
    assert gates(terminal) == [False]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-29, ("opened", "role")),
        (-31, ("none", "wrong_time")),
        (29, ("opened", "role")),
        (31, ("none", "wrong_time")),
        (-365 * 86_400, ("none", "wrong_time")),
    ],
)
async def test_a_replay_opens_nothing(
    hass: HomeAssistant,
    clock: TickingDateTimeFactory,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    seconds: int,
    told: tuple[str, str],
) -> None:
    """Whatever the journal has forgotten is too old; the log says once that the clock may be wrong."""
    await decide_by_rule(hass, terminal_entry)
    for number in (1, 2):
        taken = terminal.device.now() + timedelta(seconds=seconds)
        await changed_capture(
            hass,
            terminal,
            sequence_no=100 + number,
            cap_time=taken.strftime("%Y/%m/%d %H:%M:%S.%f")[:-3],
        )
        assert decision(hass) == told
    assert gates(terminal) == [told[0] == "opened"] * 2
    assert caplog.text.count("is the clock of the terminal right?") == (
        0 if told[0] == "opened" else 1
    )


@pytest.mark.parametrize(
    "moment", ["2026-11-01T08:30:00Z", "2026-11-01T09:30:00Z", "2026-03-08T10:30:00Z"]
)
async def test_the_hour_that_comes_twice(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    moment: str,
) -> None:
    """Half past one comes twice when clocks are set back, and people who work at night come then, too."""
    with freeze_time(moment, tick=True):
        await decide_by_rule(hass, terminal_entry)
        await capture(hass, terminal)
        assert decision(hass) == ("opened", "role")


async def test_a_clock_that_is_found_wrong_is_set_at_once(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """After summer time has begun, say: where the clock is kept right one person waits, and not everybody for an hour."""
    await decide_by_rule(hass, terminal_entry, Platform.EVENT, Platform.SWITCH)
    await act(hass, "switch.turn_on", "switch.front_door_keep_clock_right")
    terminal.device.clock_offset = timedelta(hours=-1)
    for told in (("none", "wrong_time"), ("opened", "role")):
        await capture(hass, terminal)
        assert decision(hass) == told


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"cap_time": ""}, "wrong_time"),
        ({"cap_time": "yesterday"}, "wrong_time"),
        ({"cap_time": "", "sequence_no": None}, "no_number"),
    ],
)
async def test_what_does_not_say_when_it_was_opens_nothing(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    changes: dict[str, Any],
    why: str,
) -> None:
    """Nobody could tell it from a replay."""
    await decide_by_rule(hass, terminal_entry)
    await changed_capture(hass, terminal, **changes)
    assert decision(hass) == ("none", why)
    assert gates(terminal) == [False]


@pytest.mark.parametrize("state", [CoreState.starting, CoreState.stopping])
async def test_a_home_assistant_that_is_not_ready_opens_nothing(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    state: CoreState,
) -> None:
    """Schedules and scripts may not be there yet, or not any more."""
    await decide_by_rule(hass, terminal_entry)
    hass.set_state(state)
    await capture(hass, terminal)
    hass.set_state(CoreState.running)
    assert gates(terminal) == [False]
    (entry,) = await entries(hass)
    assert entry.details["decision_reason"] == "not_ready"


# Not stored, not sent, not ours


async def test_what_could_not_be_stored_opens_nothing(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """It is not acknowledged, so there is nothing to open with; when it comes again, its moment is over."""
    await decide_by_rule(hass, terminal_entry)
    with full_disk():
        sent = await capture(hass, terminal)
    assert decision(hass) == ("refused", "not_stored")
    assert gates(terminal) == []
    await try_again(hass)
    terminal.send_capture(sent)
    await settle(hass)
    assert gates(terminal) == [False]
    assert opened(terminal) == []


async def test_what_could_not_be_stored_opens_nothing_after_a_restart(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """It was shown as refused."""
    await decide_by_rule(hass, terminal_entry)
    with full_disk():
        sent = await capture(hass, terminal)
        await restart(hass, terminal_entry)
    terminal.send_capture(sent)
    await settle(hass)
    assert gates(terminal) == [False]


async def test_a_queue_that_moves_also_passes(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Whoever acknowledges what was not stored opens for it too, once; the journal gets to know as soon as it can."""
    always = {"acknowledge_always": True}
    await decide_by_rule(hass, terminal_entry, options=always)
    with full_disk():
        sent = await capture(hass, terminal)
        terminal.send_capture(sent)
        await settle(hass)
    assert decision(hass) == ("opened", "role")
    assert gates(terminal) == [True, False]
    await try_again(hass)
    (entry,) = await entries(hass)
    assert entry.details["decision"] == "opened"


async def test_what_could_not_be_sent_opened_nothing(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
) -> None:
    """And says so, in the event as in the journal, which had the decision already."""
    await decide_by_rule(hass, terminal_entry)
    with patch.object(
        terminal_entry.runtime_data,
        "async_publish",
        side_effect=FaceGateConnectionError("gone"),
    ):
        await capture(hass, terminal)
    assert decision(hass) == ("refused", "not_sent")
    (entry,) = await entries(hass)
    assert (entry.details["decision"], entry.details["decision_reason"]) == (
        "refused",
        "not_sent",
    )


async def test_where_another_server_acknowledges_nothing_is_decided(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """There is no way to tell the terminal."""
    await decide_by_rule(hass, terminal_entry, options={"acknowledge": False})
    await capture(hass, terminal)
    assert decision(hass) == ("none", "not_ours")
    assert gates(terminal) == []


# Who gets to know


async def test_the_search_of_the_journal_tells_decisions(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Beside what the terminal found."""
    await decide_by_rule(hass, terminal_entry)
    await capture(hass, terminal, "stranger")
    answer = await hass.services.async_call(
        DOMAIN, "search_journal", {}, blocking=True, return_response=True
    )
    assert answer is not None
    (entry,) = answer["entries"]
    assert entry["details"]["decision"] == "refused"
    assert entry["details"]["decision_reason"] == "not_recognised"


async def test_diagnostics_name_nobody(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Neither who may pass nor with which card."""
    rule = {"persons": ["Amara Okafor"], "opens": "wiegand", "card": "4711"}
    await decide_by_rule(hass, terminal_entry, **rule)
    await capture(hass, terminal, person="Amara Okafor")
    told = await async_get_config_entry_diagnostics(hass, terminal_entry)
    assert told["entry"]["options"]["rule"] == ANYBODY | {
        "persons": "**REDACTED**",
        "opens": "wiegand",
        "card": "**REDACTED**",
    }
    assert told["device"]["last_access"]["decision"] == "opened"
