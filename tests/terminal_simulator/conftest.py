"""A broker, a bare server and simulated terminals."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.simulators.broker import Broker
from tests.simulators.terminal import Options, Quirk, TerminalSimulator
from tests.terminal_simulator.server import SERIAL, TOPIC_ID, Server, Start


@pytest.fixture
async def broker(socket_enabled: None) -> AsyncIterator[Broker]:
    """Run a broker on a free port."""
    async with Broker() as running:
        yield running


@pytest.fixture
async def server(broker: Broker) -> AsyncIterator[Server]:
    """Listen to everything on the broker."""
    client = Server(broker.port)
    await client.ready()
    yield client
    client.close()


@pytest.fixture
async def start(broker: Broker) -> AsyncIterator[Start]:
    """Start terminals without heartbeats and with small pictures; they are stopped at the end."""
    running = []

    async def start_one(*quirks: Quirk, **options: Any) -> TerminalSimulator:
        chosen = {
            "topic_id": TOPIC_ID,
            "serial": SERIAL,
            "heartbeat_seconds": 0,
            "closeup_kilobytes": 6,
            "scene_kilobytes": 20,
            "seed": 1,
            **options,
        }
        terminal = TerminalSimulator(
            Options(port=broker.port, quirks=set(quirks), **chosen)
        )
        await terminal.start()
        running.append(terminal)
        return terminal

    yield start_one
    for terminal in running:
        await terminal.stop()
