"""By script: what it is asked, what it may answer, and everything else that keeps the gate closed."""

import asyncio
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
)
from homeassistant.exceptions import HomeAssistantError, ServiceNotFound
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from tests.decisions import ACCESS, decide_by_script, decision, opened
from tests.helpers import attributes_of, capture, door, settle
from tests.journals import entries
from tests.simulators.terminal import Options, Quirk, TerminalSimulator
from tests.waiting import until

AMARA = {"person": "Amara Okafor", "temperature": 36.5}


@pytest.fixture
def terminal_options() -> Options:
    """Return a quiet terminal."""
    return door()


class Gate:
    """The script `gate`: answers as a test wants it, and remembers what it was asked."""

    def __init__(self, hass: HomeAssistant, name: str = "gate") -> None:
        """Answer at once, with no answer that could be used."""
        self.answer: Any = {}
        self.asked: list[dict[str, Any]] = []
        self.ended = 0
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        hass.services.async_register(
            "script", name, self._run, supports_response=SupportsResponse.OPTIONAL
        )

    async def _run(self, call: ServiceCall) -> ServiceResponse:
        self.asked.append(dict(call.data))
        await self.may_answer.wait()
        self.ended += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        answer: ServiceResponse = self.answer
        return answer


@pytest.fixture
def gate(hass: HomeAssistant) -> Gate:
    """Return the script."""
    return Gate(hass)


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged about the script."""
    return [
        record.message for record in caplog.records if "script.gate" in record.message
    ]


def places(text: dict[str, Any]) -> dict[str, int]:
    """Return where the terminal shows a text."""
    position: dict[str, int] = text["position"]
    return position


async def test_a_real_script_of_home_assistant(
    hass: HomeAssistant, terminal: TerminalSimulator, terminal_entry: MockConfigEntry
) -> None:
    """Its variables are what the event tells, its response is the decision."""
    script = {
        "mode": "parallel",
        "sequence": [
            {
                "variables": {
                    "answer": {
                        "open": "{{ score > 80 and result == 'granted' }}",
                        "say": "Hello {{ person }}",
                        "reason": "Known well",
                    }
                }
            },
            {"stop": "decided", "response_variable": "answer"},
        ],
    }
    assert await async_setup_component(hass, "script", {"script": {"gate": script}})
    await decide_by_script(hass, terminal_entry)
    await capture(hass, terminal, **AMARA, score=91)
    assert decision(hass) == ("opened", "known_well")
    assert opened(terminal) == [1]
    assert terminal.device.spoken == ["Hello Amara Okafor"]


async def test_what_a_script_is_asked(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    gate: Gate,
) -> None:
    """All that the event tells, but for pictures and the decision, which is its own."""
    gate.answer = {"open": True}
    await decide_by_script(hass, terminal_entry)
    await capture(hass, terminal, **AMARA, pictures="both")
    (question,) = gate.asked
    shown = attributes_of(hass, ACCESS)
    assert question["result"] == "granted"
    assert question["terminal"] == "Front door"
    assert question["device_id"] == terminal_entry.runtime_data.device_id is not None
    for name in ("event_id", "person", "person_id", "temperature", "score", "methods"):
        assert question[name] == shown[name], name
    assert not {"picture_urls", "decision", "decision_reason"} & question.keys()
    assert not any(isinstance(value, bytes) for value in question.values())


async def test_a_script_keeps_its_name_when_its_entity_gets_another(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """Home Assistant goes on calling it as before, so we do."""
    first = Gate(hass, "first_name")
    first.answer = {"open": True}
    entity_registry.async_get_or_create(
        "script", "script", "first_name", suggested_object_id="gate"
    )
    await decide_by_script(hass, terminal_entry)
    await capture(hass, terminal)
    assert opened(terminal) == [1]


@pytest.mark.parametrize("kind", ["stranger", "denied", "badcard"])
async def test_a_script_decides_about_everybody(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    gate: Gate,
    kind: str,
) -> None:
    """Whatever the terminal found."""
    gate.answer = {"open": 2, "reason": "expected"}
    await decide_by_script(hass, terminal_entry)
    await capture(hass, terminal, kind)
    assert decision(hass) == ("opened", "expected")
    assert opened(terminal) == [2]


@pytest.mark.parametrize(
    ("answer", "relays", "spoken", "shown"),
    [
        ({"open": True}, [1], [], []),
        ({"open": 1}, [1], [], []),
        ({"open": 2}, [2], [], []),
        ({"open": False}, [], [], []),
        ({"open": True, "say": None, "show": None, "reason": None}, [1], [], []),
        ({"open": True, "say": "", "show": ""}, [1], [], []),
        ({"open": False, "say": "x" * 64}, [], ["x" * 64], []),
        ({"open": True, "show": "Hi"}, [1], [], [("Hi", 0, 3000)]),
        (
            {"open": True, "show": {"text": "Hi", "y": 500, "alive_time": 1000}},
            [1],
            [],
            [("Hi", 500, 1000)],
        ),
        (
            {"open": True, "show": ["Hi", {"text": "there", "y": 60}]},
            [1],
            [],
            [("Hi", 0, 3000), ("there", 60, 3000)],
        ),
    ],
)
async def test_what_a_script_may_answer(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    gate: Gate,
    answer: dict[str, Any],
    relays: list[int],
    spoken: list[str],
    shown: list[tuple[str, int, int]],
) -> None:
    """Whether it opens, and what the terminal says and shows."""
    gate.answer = answer
    await decide_by_script(hass, terminal_entry)
    await capture(hass, terminal)
    assert decision(hass) == ("opened" if relays else "refused", "script")
    assert opened(terminal) == relays
    device = terminal.device
    assert device.spoken == spoken
    assert [
        (each["text"], places(each)["y"], each["alive_time"]) for each in device.shown
    ] == shown


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"say": "Hello"},
        {"open": None},
        {"open": "true"},
        {"open": 0},
        {"open": 3},
        {"open": 1.0},
        {"open": [1]},
        {"open": True, "say": "x" * 65},
        {"open": True, "say": ["a"]},
        {"open": True, "show": {"x": 1}},
        {"open": True, "show": {"text": "Hi", "x": -1}},
        {"open": True, "show": {"text": "Hi", "colour": "red"}},
        {"open": True, "show": {"text": "Hi", "font_color": "red"}},
        {"open": True, "reason": ["a"]},
        {"open": True, "shwo": "Hi"},
    ],
)
async def test_an_odd_answer_opens_nothing(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    gate: Gate,
    caplog: pytest.LogCaptureFixture,
    answer: Any,
) -> None:
    """Nothing is guessed, nothing said; the capture is acknowledged."""
    gate.answer = answer
    await decide_by_script(hass, terminal_entry)
    await capture(hass, terminal)
    assert decision(hass) == ("refused", "script_odd")
    assert terminal.acknowledgements[0].result == "accepted"
    assert terminal.acknowledgements[0].fields.keys() == {
        "reply",
        "cmd",
        "code",
        "sequence_no",
        "cap_time",
    }
    assert len(logged(caplog)) == 1


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (HomeAssistantError("no"), "script_failed"),
        (ServiceNotFound("script", "another"), "script_failed"),
        (ZeroDivisionError(), "script_failed"),
        (asyncio.CancelledError(), "script_failed"),
    ],
)
async def test_a_script_that_fails_opens_nothing(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    gate: Gate,
    caplog: pytest.LogCaptureFixture,
    error: BaseException,
    why: str,
) -> None:
    """However it fails; the log says so once, until the script works again."""
    await decide_by_script(hass, terminal_entry)

    async def failing(call: ServiceCall) -> ServiceResponse:
        raise error

    hass.services.async_register(
        "script", "gate", failing, supports_response=SupportsResponse.OPTIONAL
    )
    for _ in range(2):
        await capture(hass, terminal)
        assert decision(hass) == ("refused", why)
    assert [each.result for each in terminal.acknowledgements] == ["accepted"] * 2
    assert len(logged(caplog)) == 1
    assert "has failed" in logged(caplog)[0]

    Gate(hass).answer = {"open": True}
    await capture(hass, terminal)
    assert opened(terminal) == [1]
    Gate(hass).answer = error if isinstance(error, Exception) else {}
    await capture(hass, terminal)
    assert len(logged(caplog)) == 2


async def test_a_script_that_is_not_there_opens_nothing(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It was deleted, or renamed in a file."""
    await decide_by_script(hass, terminal_entry)
    await capture(hass, terminal)
    assert decision(hass) == ("refused", "script_missing")
    assert opened(terminal) == []
    assert "is missing" in logged(caplog)[0]


async def test_a_slow_script_opens_nothing(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    gate: Gate,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """At the deadline the capture is acknowledged; the script may end what it began, and nobody listens any more."""
    gate.answer = {"open": True}
    gate.may_answer.clear()
    await decide_by_script(hass, terminal_entry, deadline=0.1)
    await terminal.capture()
    await until(lambda: terminal.acknowledgements)
    await until(lambda: terminal_entry.runtime_data.data.access)
    assert gate.ended == 0
    gate.may_answer.set()
    await settle(hass)
    assert gate.ended == 1
    assert decision(hass) == ("refused", "script_late")
    assert opened(terminal) == []
    assert "did not answer in time" in logged(caplog)[0]
    (entry,) = await entries(hass)
    assert entry.details["decision"] == "refused"
    assert entry.details["decision_reason"] == "script_late"


async def test_the_journal_does_not_wait_for_the_script(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    gate: Gate,
) -> None:
    """It has the capture while the script thinks, and the decision afterwards; the acknowledgement waits for both."""
    gate.answer = {"open": True}
    gate.may_answer.clear()
    await decide_by_script(hass, terminal_entry)
    await terminal.capture()
    stored: list[Any] = []
    while not stored:
        stored = await entries(hass)
    assert stored[0].details["decision_reason"] == "asked"
    assert not terminal.acknowledgements
    gate.may_answer.set()
    await settle(hass)
    (entry,) = await entries(hass)
    assert entry.details["decision"] == "opened"
    assert entry.pictures == stored[0].pictures
    assert opened(terminal) == [1]


async def test_two_people_do_not_wait_for_each_other(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    gate: Gate,
) -> None:
    """Whoever came last is the last one, also if the script thought longer about the one before."""
    gate.answer = {"open": True}
    gate.may_answer.clear()
    await decide_by_script(hass, terminal_entry)
    await terminal.capture("known")
    await until(lambda: gate.asked)
    first, gate.may_answer = gate.may_answer, asyncio.Event()
    gate.may_answer.set()
    second = await terminal.capture("stranger")
    await until(second.acknowledged.is_set)
    await until(lambda: terminal_entry.runtime_data.data.access)
    first.set()
    await settle(hass)
    assert len(opened(terminal)) == 2
    assert terminal_entry.runtime_data.data.access.capture.result == "stranger"


@pytest.mark.parametrize("terminal_options", [door(Quirk.STRING_SEQUENCE)])
async def test_a_copy_that_comes_while_the_script_thinks(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    gate: Gate,
) -> None:
    """Asks nobody again, and takes the gate from nobody by being acknowledged first."""
    gate.answer = {"open": True}
    gate.may_answer.clear()
    await decide_by_script(hass, terminal_entry)
    sent = await terminal.capture()
    await until(lambda: gate.asked)
    terminal.send_capture(sent)
    await asyncio.sleep(0.05)
    assert not terminal.acknowledgements
    gate.may_answer.set()
    await settle(hass)
    assert len(gate.asked) == 1
    assert [each.result for each in terminal.acknowledgements] == ["accepted"]
    assert opened(terminal) == [1]


async def test_unloading_while_the_script_thinks(
    hass: HomeAssistant,
    terminal: TerminalSimulator,
    terminal_entry: MockConfigEntry,
    gate: Gate,
) -> None:
    """Nothing opens, then or when the capture comes again; it is in the journal, and the script ends in peace."""
    gate.answer = {"open": True}
    gate.may_answer.clear()
    await decide_by_script(hass, terminal_entry)
    sent = await terminal.capture()
    await until(lambda: gate.asked)
    while not await entries(hass):
        pass
    assert await hass.config_entries.async_reload(terminal_entry.entry_id)
    gate.may_answer.set()
    await settle(hass)
    assert gate.ended == 1
    terminal.send_capture(sent)
    await settle(hass)
    assert [each.result for each in terminal.acknowledgements] == ["accepted"]
    assert opened(terminal) == []
    assert len(gate.asked) == 1
