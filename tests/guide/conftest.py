"""A fake camera, and clients of it that are always closed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from custom_components.thermogate.guide import (
    Connection,
    GuideAuthError,
    GuideClient,
    Push,
)

from .fake import FAST, FakeCamera


@pytest.fixture
async def camera(socket_enabled: None) -> AsyncIterator[FakeCamera]:
    """Return a running camera."""
    fake = FakeCamera()
    await fake.start()
    yield fake
    await fake.stop()


class Watched(GuideClient):
    """A client that remembers what it was told."""

    def __init__(
        self, websession: aiohttp.ClientSession, host: str, **options: Any
    ) -> None:
        """Listen to everything."""
        self.pushes: list[Push] = []
        self.connections: list[Connection] = []
        self.refusals: list[GuideAuthError] = []
        listeners: dict[str, Any] = {
            "on_push": self.pushes.append,
            "on_connection": self.connections.append,
            "on_auth_failed": self.refusals.append,
        }
        super().__init__(websession, host, **(listeners | options))


type MakeClient = Callable[..., Watched]


@pytest.fixture
async def make_client(camera: FakeCamera) -> AsyncIterator[MakeClient]:
    """Return a maker of clients of the camera; afterwards nothing may be left of them."""
    clients: list[Watched] = []
    async with aiohttp.ClientSession() as websession:

        def make(**options: Any) -> Watched:
            defaults = {
                "port": camera.port,
                "username": "admin",
                "password": "admin123",
                "timing": FAST,
            }
            clients.append(Watched(websession, "127.0.0.1", **(defaults | options)))
            return clients[-1]

        yield make
        for client in clients:
            await client.close()
        assert not [
            task.get_name()
            for task in asyncio.all_tasks()
            if task.get_name().startswith("guide")
        ]


@pytest.fixture
def client(make_client: MakeClient) -> Watched:
    """Return one client."""
    return make_client()


@pytest.fixture
async def connected(client: Watched) -> Watched:
    """Return a logged-in client."""
    await client.connect()
    return client
