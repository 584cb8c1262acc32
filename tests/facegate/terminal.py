"""The other end of the client, in memory."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import orjson

from custom_components.thermogate.facegate import FaceGateClient, Topics
from tests.facegate.samples import SERIAL, payload

TOPICS = Topics("gate")
SHORT = 0.02

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


def start[T](request: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Start a request in the background."""
    return asyncio.ensure_future(request)


def success(_request: dict[str, Any]) -> dict[str, Any]:
    """Answer that it is done."""
    return {}


def code(number: int | str, **fields: Any) -> Answer:
    """Answer with a code."""
    return lambda _request: {"code": number, **fields}
