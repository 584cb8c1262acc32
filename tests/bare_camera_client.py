"""A bare client of the simulated camera: it knows the envelope of a request and nothing else."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import itertools
import json
import secrets
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

from tests.simulators.camera import CameraSimulator, Options

LARGEST_FRAME = 16 * 1024 * 1024
PATIENCE = 5.0

type Json = dict[str, Any]


def any_ciphertext() -> str:
    """Return what an encrypted password looks like: 128 bytes below the modulus, never the same twice."""
    return base64.b64encode(b"\0" + secrets.token_bytes(127)).decode()


@dataclass
class BareClient:
    """One control WebSocket; pushes that arrive between replies are kept."""

    socket: ClientWebSocketResponse
    token: str = ""
    pushes: list[Json] = field(default_factory=list)
    sequence: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def send(
        self, cmdtype: int, message: Json | None = None, **envelope: Any
    ) -> int:
        """Send a request and return its sequence."""
        number = next(self.sequence)
        request = {
            "action": "request",
            "cmdtype": cmdtype,
            "sequence": number,
            "token": self.token,
            "message": message or {},
        }
        await self.socket.send_json(request | envelope)
        return number

    async def receive(self) -> Json:
        """Return the next frame."""
        frame: Json = await self.socket.receive_json(timeout=PATIENCE)
        return frame

    async def ask(
        self, cmdtype: int, message: Json | None = None, **envelope: Any
    ) -> Json:
        """Send a request and return the reply."""
        await self.send(cmdtype, message, **envelope)
        while (frame := await self.receive())["action"] == "notify":
            self.pushes.append(frame)
        return frame

    async def code(
        self, cmdtype: int, message: Json | None = None, **envelope: Any
    ) -> int:
        """Send a request and return the code of the reply."""
        return int((await self.ask(cmdtype, message, **envelope))["retcode"])

    async def get(
        self, cmdtype: int, message: Json | None = None, **envelope: Any
    ) -> Json:
        """Send a request that succeeds and return the message of the reply."""
        reply = await self.ask(cmdtype, message, **envelope)
        assert reply["retcode"] == 0, reply
        answer: Json = reply["message"]
        return answer

    async def push(self, cmdtype: int) -> Json:
        """Return the next push of a kind."""
        while True:
            for number, frame in enumerate(self.pushes):
                if frame["cmdtype"] == cmdtype:
                    return self.pushes.pop(number)
            self.pushes.append(await self.receive())

    async def log_in(self) -> str:
        """Log in and return the token."""
        answer = await self.get(
            501, {"username": "admin", "password": any_ciphertext()}
        )
        self.token = answer["token"]
        return self.token


@asynccontextmanager
async def connected(
    simulator: CameraSimulator, *, log_in: bool = True
) -> AsyncIterator[BareClient]:
    """Connect to the control port, and log in unless told otherwise."""
    async with (
        ClientSession() as http,
        http.ws_connect(simulator.ws_url, max_msg_size=LARGEST_FRAME) as socket,
    ):
        client = BareClient(socket)
        if log_in:
            await client.log_in()
        yield client


@asynccontextmanager
async def camera(**options: Any) -> AsyncIterator[tuple[CameraSimulator, BareClient]]:
    """Start a cool camera that sits still, with one client logged in."""
    chosen = Options(
        **{"alarm_period": 0.0, "alarm_interval": 1.0, "shutter_time": 0.2} | options
    )
    async with CameraSimulator(chosen) as simulator, connected(simulator) as client:
        yield simulator, client


async def post(
    simulator: CameraSimulator, body: Any, path: str = "/getmsginfo"
) -> tuple[str, str]:
    """Send a request over HTTP; return the answer and what it calls itself."""
    data = body if isinstance(body, str) else json.dumps(body)
    async with (
        ClientSession() as http,
        http.post(simulator.http_url + path, data=data) as answer,
    ):
        return await answer.text(), answer.content_type
