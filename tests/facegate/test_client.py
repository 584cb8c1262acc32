"""One request at a time, matched, timed and never left hanging."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
import gc
from typing import Any

import orjson
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
    Topics,
)
from tests.facegate.samples import JPEG, SERIAL, base64, granted, payload

TOPICS = Topics("gate")
SHORT = 0.02
GPIO = COMMANDS["gpio_control"]
PERSONS = COMMANDS["request_persons"]

type Answer = Callable[[dict[str, Any]], dict[str, Any] | None]


class Terminal:
    """The other end: keeps what it was sent and answers by `answers`, one function per command word."""

    def __init__(self, *, echo: bool = True) -> None:
        """Start with a client of one second's patience and no answers."""
        self.client = FaceGateClient(TOPICS, self.publish, timeout=1.0)
        self.answers: dict[str, Answer] = {}
        self.echo = echo
        self.sent: list[dict[str, Any]] = []
        self.topics: list[str] = []

    async def publish(self, topic: str, sent: bytes) -> None:
        """Take a command, and answer at once if there is an answer for it."""
        message = orjson.loads(sent)
        self.topics.append(topic)
        self.sent.append(message)
        if (answer := self.answers.get(message["cmd"])) and (
            fields := answer(message)
        ) is not None:
            self.reply(message, **fields)

    def reply(self, request: dict[str, Any], **fields: Any) -> None:
        """Answer a command."""
        answer = {
            "reply": "ACK",
            "cmd": request["cmd"],
            "code": 0,
            "device_sn": SERIAL,
            **fields,
        }
        if self.echo:
            answer.setdefault("command_id", request["command_id"])
        self.client.handle(payload(answer))

    async def command(self, number: int) -> dict[str, Any]:
        """Wait for the command of this number, counted from 1."""
        async with asyncio.timeout(5):
            while len(self.sent) < number:
                await asyncio.sleep(0)
        return self.sent[number - 1]


@pytest.fixture(params=[True, False], ids=["echoing", "silent"])
def terminal(request: pytest.FixtureRequest) -> Terminal:
    """Return a terminal with newer firmware, which gives command ids back, and one with older, which does not."""
    return Terminal(echo=request.param)


@pytest.fixture
def silent() -> Terminal:
    """Return a terminal with older firmware."""
    return Terminal(echo=False)


def start[T](request: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Start a request in the background."""
    return asyncio.ensure_future(request)


def success(_request: dict[str, Any]) -> dict[str, Any]:
    """Answer that it is done."""
    return {}


def code(number: int | str, **fields: Any) -> Answer:
    """Answer with a code."""
    return lambda _request: {"code": number, **fields}


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


async def test_alive_by_heartbeat(terminal: Terminal) -> None:
    """The harmless command of first choice is the heartbeat."""
    terminal.answers["heart beat"] = success
    assert await terminal.client.alive()
    assert [sent["cmd"] for sent in terminal.sent] == ["heart beat"]


async def test_alive_remembers_what_works(terminal: Terminal) -> None:
    """A terminal that ignores heartbeats is asked otherwise, from then on at once."""
    terminal.answers["get network"] = success
    assert await terminal.client.alive(timeout=SHORT)
    assert await terminal.client.alive(timeout=SHORT)
    assert [sent["cmd"] for sent in terminal.sent] == [
        "heart beat",
        "get network",
        "get network",
    ]


async def test_a_refusal_is_a_sign_of_life(terminal: Terminal) -> None:
    """Code 2 is an answer; what it refused is not asked again as long as there is something else."""
    terminal.answers = dict.fromkeys(
        ("heart beat", "get network", "request date time"), code(2)
    )
    for _ in range(4):
        assert await terminal.client.alive()
    assert [sent["cmd"] for sent in terminal.sent] == [
        "heart beat",
        "get network",
        "request date time",
        "request date time",
    ]


async def test_busy_is_alive(terminal: Terminal) -> None:
    """Any answer is one."""
    terminal.answers["heart beat"] = code(5)
    assert await terminal.client.alive()


async def test_not_alive(terminal: Terminal) -> None:
    """Nothing answers, or there is no connection."""
    assert not await terminal.client.alive(timeout=SHORT)
    assert len(terminal.sent) == 3
    task = start(terminal.client.alive())
    await terminal.command(4)
    terminal.client.disconnected()
    assert not await task


async def test_open_gate(terminal: Terminal) -> None:
    """The documented command first."""
    terminal.answers["gpio control"] = success
    await terminal.client.open_gate(2)
    await terminal.client.open_gate(1, "scene")
    assert [
        (sent["cmd"], sent["port"], sent["ctrl_mode"]) for sent in terminal.sent
    ] == [
        ("gpio control", 2, "force"),
        ("gpio control", 1, "scene"),
    ]


async def test_open_gate_with_the_other_command(terminal: Terminal) -> None:
    """Firmware that knows only the extended one is asked the wrong way once."""
    terminal.answers = {"gpio control": code(2), "gpio control Extend": success}
    await terminal.client.open_gate(1)
    await terminal.client.open_gate(1)
    assert [sent["cmd"] for sent in terminal.sent] == [
        "gpio control",
        "gpio control Extend",
        "gpio control Extend",
    ]


async def test_open_gate_the_other_way_round(terminal: Terminal) -> None:
    """Firmware that has lost the extended one is asked the documented way again."""
    terminal.answers = {"gpio control": code(2), "gpio control Extend": success}
    await terminal.client.open_gate(1)
    terminal.answers = {"gpio control": success, "gpio control Extend": code(2)}
    await terminal.client.open_gate(1)
    assert terminal.client.unsupported == {"gpio_control_extend"}


async def test_gate_that_cannot_be_opened(terminal: Terminal) -> None:
    """With neither known it is an error, each time."""
    terminal.answers = {"gpio control": code(2), "gpio control Extend": code(2)}
    for _ in range(2):
        with pytest.raises(FaceGateUnsupportedError):
            await terminal.client.open_gate(1)


async def test_gate_is_not_opened_twice(terminal: Terminal) -> None:
    """No second try with the other command after anything but code 2."""
    terminal.answers["gpio control"] = code(23)
    with pytest.raises(FaceGateCommandError):
        await terminal.client.open_gate(1)
    assert len(terminal.sent) == 1


async def test_clock(terminal: Terminal) -> None:
    """Local time in both directions, set or not."""
    terminal.answers = {
        "request date time": lambda _request: {"date_time": "1970/01/01 00:00:07"},
        "update date time": success,
    }
    assert await terminal.client.get_time() == datetime(1970, 1, 1, 0, 0, 7)
    await terminal.client.set_time(datetime(2026, 1, 31, 1, 2, 3, 999), "UTC+8")
    await terminal.client.set_time(datetime(2026, 1, 31, 1, 2, 3))
    assert (terminal.sent[1]["date_time"], terminal.sent[1]["timezone"]) == (
        "2026/01/31 01:02:03",
        "UTC+8",
    )
    assert "timezone" not in terminal.sent[2]


async def test_snapshot(terminal: Terminal) -> None:
    """With the blank of the document in its key."""
    terminal.answers["snapshot"] = lambda _request: {
        "image ": {"format": "jpg", "image_data": base64(JPEG)}
    }
    picture = await terminal.client.snapshot()
    assert (picture.data, picture.content_type) == (JPEG, "image/jpeg")


@pytest.mark.parametrize(
    ("ask", "fields"),
    [
        (FaceGateClient.snapshot, {}),
        (FaceGateClient.snapshot, {"image": {"image_data": "broken"}}),
        (FaceGateClient.get_time, {"date_time": "now"}),
        (FaceGateClient.get_volume, {"volume": None}),
    ],
)
async def test_success_without_the_thing(
    terminal: Terminal,
    ask: Callable[[FaceGateClient], Awaitable[object]],
    fields: dict[str, Any],
) -> None:
    """An answer that lacks what was asked for is an error."""
    terminal.answers = dict.fromkeys(
        ("snapshot", "request date time", "camera volume"), lambda _request: fields
    )
    with pytest.raises(FaceGateMessageError, match="lacks"):
        await ask(terminal.client)


async def test_settings(terminal: Terminal) -> None:
    """As the terminal nests them, undocumented ones too, passwords never."""
    terminal.answers["request app params"] = lambda _request: {
        "auth": {"enable": True, "username": "admin", "password": "hunter2"},
        "face": {"alive_level": 3, "derep_timeout ": 3},
    }
    assert await terminal.client.settings() == {
        "auth": {"enable": True, "username": "admin"},
        "face": {"alive_level": 3, "derep_timeout": 3},
    }


async def test_what_the_terminal_is(terminal: Terminal) -> None:
    """Hardware, network and versions."""
    terminal.answers = {
        "get hardware info": lambda _request: {
            "Board": {"manu": "FSAN", "model": "FSAN_01"},
            "FourG": {"moduler_4g": "NO"},
        },
        "get network": lambda _request: {
            "ip": "192.168.1.88",
            "ftp_password": "hunter2",
        },
        "get version": lambda _request: {"alg_version": "HV6.0"},
    }
    hardware = await terminal.client.hardware()
    assert hardware["board"] == {"manufacturer": "FSAN", "model": "FSAN_01"}
    assert hardware["four_g"] == {"module": "no"}
    assert await terminal.client.network() == {"ip": "192.168.1.88"}
    assert (await terminal.client.versions())["alg_version"] == "HV6.0"
