"""An MQTT broker for tests, demo and benchmarks: amqtt, embedded, on loopback only.

It speaks MQTT 3.1.1, lets everybody in unless it was given users, keeps nothing across a stop and publishes no `$SYS` topics. `python -m
tests.simulators.broker --port 0` runs one as a process.
"""

import argparse
import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
import logging
import ssl
from typing import Self

from amqtt.adapters import (  # amqtt ships no types
    StreamReaderAdapter,
    StreamWriterAdapter,
)
from amqtt.broker import Broker as AmqttBroker  # amqtt ships no types
from amqtt.contexts import (  # amqtt ships no types
    BrokerConfig,
    ListenerConfig,
    ListenerType,
)
from amqtt.plugins.base import BaseAuthPlugin  # amqtt ships no types
from amqtt.session import Session  # amqtt ships no types

from tests.simulators import common
from tests.simulators.ports import LOOPBACK, free_port

LISTENER = "default"

# Both tell of every connection at level INFO.
for _name in ("amqtt", "transitions"):
    logging.getLogger(_name).setLevel(logging.WARNING)

# How much of a message waits in memory before reading pauses; the usual 64 KB would make a picture many small reads.
READ_BUFFER_BYTES = 4 << 20


class Broker:
    """A broker that can be started and stopped again and again on the same port."""

    def __init__(
        self,
        port: int = 0,
        users: Mapping[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Prepare a broker; port 0 takes a free one at the first start and keeps it.

        `users` are names and passwords; `tls` is what the broker shows to its clients, who then have to encrypt.
        """
        self.host = LOOPBACK
        self.port = port
        self.users = users
        # The connections that stand.
        self.clients: set[asyncio.StreamWriter] = set()
        self._tls = tls
        self._amqtt: AmqttBroker | None = None
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; raises OSError when the port is taken."""
        broker = AmqttBroker(
            BrokerConfig(
                listeners={LISTENER: ListenerConfig(type=ListenerType.EXTERNAL)},
                plugins=_doorman(self.users),
            )
        )

        async def connected(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            self.clients.add(writer)
            try:
                await broker.external_connected(
                    StreamReaderAdapter(reader), StreamWriterAdapter(writer), LISTENER
                )
            finally:
                self.clients.discard(writer)

        # We listen ourselves, because amqtt does not tell which port it took.
        self.port = self.port or free_port()
        self._server = await asyncio.start_server(
            connected, LOOPBACK, self.port, limit=READ_BUFFER_BYTES, ssl=self._tls
        )
        await broker.start()
        self._amqtt = broker

    async def stop(self) -> None:
        """Drop all connections and stop listening; harmless when not started."""
        if self._server is None or self._amqtt is None:
            return
        self._server.close()
        await self._amqtt.shutdown()
        self._server.abort_clients()
        await self._server.wait_closed()
        self._server = self._amqtt = None

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()


def _doorman(users: Mapping[str, str] | None) -> dict[str, dict[str, object]]:
    """Return the plugin that decides who may come in, and what it needs to know."""
    if users is None:
        return {
            "amqtt.plugins.authentication.AnonymousAuthPlugin": {
                "allow_anonymous": True
            }
        }
    return {"tests.simulators.broker.Doorman": {"users": dict(users)}}


class Doorman(BaseAuthPlugin):  # type: ignore[misc]  # amqtt ships no types
    """Lets in who gives the right password."""

    async def authenticate(self, *, session: Session) -> bool:
        """Compare."""
        users = self.config.users
        return session.username in users and session.password == users[session.username]

    @dataclass
    class Config:
        """Who may come in."""

        users: dict[str, str] = field(default_factory=dict)


async def _no_controls(
    words: list[str], options: dict[str, str]
) -> dict[str, common.Json]:
    raise common.ControlError(f"the broker knows no control {words[0]!r}")


async def _run(port: int) -> None:
    async with Broker(port) as broker:
        await common.serve(
            {"kind": "broker", "host": broker.host, "port": broker.port}, _no_controls
        )


def main() -> None:
    """Run a broker until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.simulators.broker",
        description="An MQTT 3.1.1 broker on loopback for tests and demo.",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=0,
        help="the port on 127.0.0.1; 0 takes a free one (default)",
    )
    port = parser.parse_args().port
    # amqtt warns about every client that leaves without a word, which is what the simulators do on purpose.
    logging.basicConfig(level=logging.ERROR)
    try:
        asyncio.run(_run(port))
    except OSError as error:
        raise SystemExit(
            f"cannot listen on {LOOPBACK}:{port}: {error.strerror}"
        ) from error


if __name__ == "__main__":
    main()
