"""One request at a time, matched, timed and never left hanging."""

import asyncio
import gc
from typing import Any

import pytest

from custom_components.thermogate.facegate import (
    COMMANDS,
    Capture,
    FaceGateClient,
    FaceGateCommandError,
    FaceGateConnectionError,
    FaceGateMessageError,
    FaceGateTimeoutError,
    FaceGateUnsupportedError,
    FaceGateValidationError,
    Heartbeat,
    Reply,
)
from tests.facegate.samples import granted, payload
from tests.facegate.terminal import SHORT, TOPICS, Terminal, code, start, success

GPIO = COMMANDS["gpio_control"]
PERSONS = COMMANDS["request_persons"]


async def test_request_and_answer(terminal: Terminal) -> None:
    """A command goes to its topic with an id of its own, its answer comes back by the table."""
    terminal.answers["camera volume"] = lambda _request: {"volume": "50"}
    assert await terminal.client.request(COMMANDS["get_volume"]) == {"volume": 50}
    assert await terminal.client.get_volume() == 50
    assert terminal.topics == ["topic/face/manage/request/gate"] * 2
    first, second = terminal.sent
    assert first["cmd"] == "camera volume"
    assert first["method"] == "GET"
    assert first["command_id"] != second["command_id"]


@pytest.mark.parametrize(
    "spelling", ["gpio control", " gpio control", "GPIO Control ", "gpiocontrol"]
)
async def test_answer_in_another_spelling(silent: Terminal, spelling: str) -> None:
    """The document itself pads them with blanks."""
    silent.answers["gpio control"] = lambda _request: {"cmd": spelling}
    await silent.client.open_gate(1)


async def test_nothing_is_sent_that_is_not_valid(terminal: Terminal) -> None:
    """A mistake is told before the terminal hears of it."""
    with pytest.raises(FaceGateValidationError):
        await terminal.client.set_volume(101)
    assert terminal.sent == []


async def test_refusal(terminal: Terminal) -> None:
    """The code, as number or text, the terminal's own words, and who is in the way."""
    terminal.answers["upload person"] = code("16", desc="face exists", duplicate_id=7)
    with pytest.raises(FaceGateCommandError) as caught:
        await terminal.client.request(COMMANDS["upload_person"], id="8")
    error = caught.value
    assert (error.command, error.code, error.text, error.duplicate_id) == (
        "upload_person",
        16,
        "face exists",
        "7",
    )
    assert error.slug == "face_exists"
    assert str(error) == "upload_person: code 16 (face_exists): face exists"
    assert not isinstance(error, FaceGateUnsupportedError)


async def test_refusal_without_words(terminal: Terminal) -> None:
    """A code that nobody documented is told all the same."""
    terminal.answers["reboot"] = code(99)
    with pytest.raises(FaceGateCommandError, match=r"^reboot: code 99 \(unknown\)$"):
        await terminal.client.reboot()


async def test_unsupported_is_remembered_until_it_works(terminal: Terminal) -> None:
    """Code 2 means that the firmware does not know the command."""
    terminal.answers["camera volume"] = code(2)
    with pytest.raises(FaceGateUnsupportedError):
        await terminal.client.set_volume(1)
    assert terminal.client.unsupported == {"set_volume"}
    terminal.answers["camera volume"] = success
    await terminal.client.set_volume(1)
    assert terminal.client.unsupported == frozenset()


async def test_deleting_who_is_not_there_succeeds(terminal: Terminal) -> None:
    """Code 22 on delete: gone is gone."""
    terminal.answers["delete person(s)"] = code(22)
    assert await terminal.client.request(COMMANDS["delete_person"], id="7") == {
        "id": None
    }


async def test_one_at_a_time(terminal: Terminal) -> None:
    """A second request waits for the answer to the first."""
    first = start(terminal.client.request(GPIO, port=1))
    second = start(terminal.client.request(GPIO, port=2))
    sent = await terminal.command(1)
    await asyncio.sleep(0)
    assert len(terminal.sent) == 1
    terminal.reply(sent)
    await first
    terminal.reply(await terminal.command(2))
    await second
    assert [sent["port"] for sent in terminal.sent] == [1, 2]


async def test_foreign_id_is_never_ours(terminal: Terminal) -> None:
    """Somebody else asked the same; the answer is handed on, not used."""
    task = start(terminal.client.request(GPIO, port=1))
    sent = await terminal.command(1)
    foreign = terminal.client.handle(
        payload(
            {"reply": "ACK", "cmd": "gpio control", "code": 5, "command_id": "theirs"}
        )
    )
    assert isinstance(foreign, Reply)
    assert foreign.command_id == "theirs"
    await asyncio.sleep(0)
    assert not task.done()
    terminal.reply(sent)
    await task


async def test_id_alone_is_enough() -> None:
    """An answer that names our id is ours, whatever it calls the command."""
    terminal = Terminal()
    terminal.answers["reboot"] = lambda _request: {"cmd": ""}
    await terminal.client.reboot()


async def test_echoing_terminal_means_others_without_id() -> None:
    """Once a terminal gave our id back, an answer without one belongs to somebody else."""
    terminal = Terminal()
    terminal.answers["gpio control"] = success
    await terminal.client.open_gate(1)
    terminal.answers.clear()
    task = start(terminal.client.open_gate(1))
    sent = await terminal.command(2)
    terminal.client.handle(b'{"reply":"ACK","cmd":"gpio control","code":0}')
    await asyncio.sleep(0)
    assert not task.done()
    terminal.reply(sent)
    await task


@pytest.mark.parametrize(
    "other",
    [
        {"cmd": "reboot"},
        {"cmd": "request persons", "page_no": 1},
        {"cmd": "request persons", "page_no": 3, "code": 5},
    ],
)
async def test_other_answers_without_id(
    silent: Terminal, other: dict[str, Any]
) -> None:
    """Another command, or another page, is not what was asked."""
    task = start(silent.client.request(PERSONS, page_no=2))
    sent = await silent.command(1)
    silent.client.handle(payload({"reply": "ACK", "code": 0, **other}))
    await asyncio.sleep(0)
    assert not task.done()
    silent.reply(sent, page_no="2", total=0)
    assert (await task)["page_no"] == 2


async def test_refusal_without_the_page(silent: Terminal) -> None:
    """A refusal repeats nothing and is an answer nevertheless."""
    silent.answers["request persons"] = code(5)
    with pytest.raises(FaceGateCommandError):
        await silent.client.request(PERSONS, page_no=2)


async def test_answers_to_nobody(terminal: Terminal) -> None:
    """What nobody asked is read and handed on, and so is what is no answer."""
    assert isinstance(
        terminal.client.handle(b'{"reply":"ACK","cmd":"reboot","code":0}'), Reply
    )
    assert isinstance(terminal.client.handle(b'{"cmd":"heart beat"}'), Heartbeat)
    assert isinstance(terminal.client.handle(payload(granted())), Capture)
    with pytest.raises(FaceGateMessageError):
        terminal.client.handle(b"noise")


async def test_second_answer_changes_nothing(terminal: Terminal) -> None:
    """Two copies of an answer in one go."""
    task = start(terminal.client.request(PERSONS))
    sent = await terminal.command(1)
    terminal.reply(sent, total=1)
    terminal.reply(sent, total=2)
    assert (await task)["total"] == 1


async def test_timeout(terminal: Terminal) -> None:
    """No answer is an error that says what and how long."""
    with pytest.raises(
        FaceGateTimeoutError, match=r"gpio_control: no answer within 0\.02 s"
    ):
        await terminal.client.request(GPIO, port=1, timeout=SHORT)


async def test_timeout_of_the_client() -> None:
    """Without one of its own a request takes the client's."""

    async def publish(_topic: str, _payload: bytes) -> None:
        pass

    with pytest.raises(FaceGateTimeoutError):
        await FaceGateClient(TOPICS, publish, timeout=SHORT).reboot()


async def test_waiting_counts(terminal: Terminal) -> None:
    """A command that could not be sent in time is not sent at all: no gate opens late."""
    first = start(terminal.client.request(PERSONS))
    sent = await terminal.command(1)
    with pytest.raises(FaceGateTimeoutError):
        await terminal.client.request(GPIO, port=1, timeout=SHORT)
    terminal.reply(sent)
    await first
    assert len(terminal.sent) == 1


async def test_late_answer_is_not_the_next_one(terminal: Terminal) -> None:
    """The answer to a request that was given up is not taken for that to a later one."""
    with pytest.raises(FaceGateTimeoutError):
        await terminal.client.request(GPIO, port=1, timeout=SHORT)
    task = start(terminal.client.request(GPIO, port=2))
    later = await terminal.command(2)
    terminal.reply(terminal.sent[0], code=5)
    await asyncio.sleep(0)
    assert not task.done()
    terminal.reply(later)
    await task


async def test_late_answer_between_requests(terminal: Terminal) -> None:
    """One that comes while nothing is asked is over and done with."""
    with pytest.raises(FaceGateTimeoutError):
        await terminal.client.request(GPIO, port=1, timeout=SHORT)
    terminal.reply(terminal.sent[0])
    terminal.answers["gpio control"] = success
    await terminal.client.request(GPIO, port=2)


async def test_late_answer_to_another_command(terminal: Terminal) -> None:
    """A request that was given up stands in the way of its own kind only."""
    with pytest.raises(FaceGateTimeoutError):
        await terminal.client.request(GPIO, port=1, timeout=SHORT)
    terminal.answers["reboot"] = success
    await terminal.client.reboot()


async def test_answer_that_never_comes_is_not_waited_for_for_ever(
    silent: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal that was off does not lose its first answer when it is back."""
    monkeypatch.setattr("custom_components.thermogate.facegate.client._LATE", 0.0)
    with pytest.raises(FaceGateTimeoutError):
        await silent.client.request(GPIO, port=1, timeout=SHORT)
    silent.answers["gpio control"] = success
    await silent.client.request(GPIO, port=2)


async def test_disconnected(terminal: Terminal) -> None:
    """The request under way fails, the ones behind it are not sent when the connection is back."""
    tasks = [start(terminal.client.request(GPIO, port=port)) for port in (1, 2)]
    await terminal.command(1)
    terminal.client.disconnected()
    terminal.client.disconnected()
    for task in tasks:
        with pytest.raises(FaceGateConnectionError):
            await task
    assert len(terminal.sent) == 1
    terminal.answers["reboot"] = success
    await terminal.client.reboot()


async def test_disconnected_with_nothing_under_way(terminal: Terminal) -> None:
    """Nothing happens."""
    terminal.client.disconnected()
    terminal.answers["reboot"] = success
    await terminal.client.reboot()


async def test_answer_while_still_publishing() -> None:
    """A broker may be quicker than its own confirmation."""
    terminal = Terminal()
    terminal.answers["reboot"] = success
    publish = terminal.publish

    async def slow(topic: str, sent: bytes) -> None:
        await publish(topic, sent)
        await asyncio.sleep(0.001)

    client = terminal.client = FaceGateClient(TOPICS, slow)
    await client.reboot()


@pytest.mark.parametrize(
    "error", [RuntimeError("broker"), FaceGateConnectionError("not connected")]
)
async def test_publish_fails(silent: Terminal, error: Exception) -> None:
    """The caller hears it as it is, and the next request does not wait for an answer to what was never sent."""
    failures = [error]
    publish = silent.publish

    async def failing(topic: str, sent: bytes) -> None:
        if failures:
            raise failures.pop()
        await publish(topic, sent)

    silent.client = FaceGateClient(TOPICS, failing, timeout=1.0)
    with pytest.raises(type(error), match=str(error)):
        await silent.client.open_gate(1)
    silent.answers["gpio control"] = success
    await silent.client.open_gate(1)


async def test_cancellation(terminal: Terminal) -> None:
    """A request that nobody wants any more makes room, and its answer is not the next one's."""
    task = start(terminal.client.request(GPIO, port=1))
    first = await terminal.command(1)
    waiting = start(terminal.client.request(GPIO, port=2))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    second = await terminal.command(2)
    terminal.reply(first, code=5)
    await asyncio.sleep(0)
    assert not waiting.done()
    terminal.reply(second)
    await waiting


async def test_nothing_is_left_behind() -> None:
    """No future with an error that nobody looked at, no task, whatever went wrong when."""
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: complaints.append(context)
    )
    gate = asyncio.Event()

    async def stuck(_topic: str, _payload: bytes) -> None:
        await gate.wait()
        raise RuntimeError("too late")

    client = FaceGateClient(TOPICS, stuck)
    request = start(client.reboot())
    await asyncio.sleep(0)
    client.disconnected()
    gate.set()
    assert [
        type(error) for error in await asyncio.gather(request, return_exceptions=True)
    ] == [RuntimeError]
    assert asyncio.all_tasks() == {asyncio.current_task()}
    del request
    await asyncio.sleep(0)
    gc.collect()
    assert complaints == []
