"""Which message goes to which terminal, whatever carries it.

Messages are told apart by topic with one dictionary look-up, so that noticing a terminal nobody has added yet costs
the terminals that were added nothing.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Protocol

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from ..facegate import FaceGateConnectionError, Topics, topics_of

# How long a fresh subscription may take; an answer that comes earlier than it would be lost.
SUBSCRIBE_TIMEOUT = 2.0

# Takes a topic, a payload, and whether the broker had retained it.
type Listener = Callable[[str, bytes, bool], None]


def _nothing() -> None:
    """Do nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One terminal's end of the broker: its topics and who listens.

    What the broker had retained is old, whenever it comes: `on_retained` hears it of captures, nobody of answers.
    """

    topics: Topics
    on_capture: Callable[[bytes], None]
    on_reply: Callable[[bytes], None]
    on_connection: Callable[[bool], None]
    on_login_refused: Callable[[], None] = _nothing
    on_retained: Callable[[bytes], None] | None = None


class Wire(Protocol):
    """What carries messages to and from a broker."""

    @property
    def connected(self) -> bool:
        """Whether the connection stands and everything is subscribed to."""

    def async_begin(self) -> None:
        """Begin to connect, and stay connected from then on."""

    def async_end(self) -> None:
        """Disconnect."""

    async def async_ready(self) -> None:
        """Wait for the connection. Raises BrokerError, which says why there is none."""

    async def async_publish(self, topic: str, payload: bytes) -> None:
        """Publish once with QoS 0, not retained. Raises FaceGateConnectionError."""

    def async_follow(
        self,
        on_connection: Callable[[bool], None],
        on_login_refused: Callable[[], None],
    ) -> CALLBACK_TYPE:
        """Tell when the connection is lost or back and when the broker refuses the login, until the returned function is called."""

    async def async_subscribe(self, topic: str, listener: Listener) -> CALLBACK_TYPE:
        """Subscribe now or once connected, wait for the confirmation, and return what ends it.

        A topic has no wildcard, or one plus sign as its last level.
        """

    def diagnostics(self) -> dict[str, Any]:
        """Return what helps to understand a problem, and nothing that is secret; empty for Home Assistant's own broker."""


class Broker:
    """One broker, shared by all terminals that talk through it."""

    def __init__(self, hass: HomeAssistant, wire: Wire) -> None:
        """Begin without anybody."""
        self.hass = hass
        self.wire = wire
        self.on_unknown: Callable[[Topics, bytes], None] | None = None
        self._users = 0
        self._lines: defaultdict[str, list[Line]] = defaultdict(list)
        self._captures: dict[str, _Shared] = {}

    @property
    def connected(self) -> bool:
        """Whether the connection to the broker stands."""
        return self.wire.connected

    @property
    def in_use(self) -> bool:
        """Whether anybody needs the connection."""
        return self._users > 0

    @callback
    def async_acquire(self) -> CALLBACK_TYPE:
        """Keep the connection until the returned function is called; the first one opens it, the last one closes it."""
        self._users += 1
        if self._users == 1:
            self.wire.async_begin()
        return self._release

    @callback
    def _release(self) -> None:
        """Give up the connection."""
        self._users -= 1
        if self._users == 0:
            self.wire.async_end()

    async def async_ready(self) -> None:
        """Wait for the connection. Raises BrokerError, which says why there is none."""
        await self.wire.async_ready()

    async def async_publish(self, topic: str, payload: bytes) -> None:
        """Publish once, now or never.

        A command that waits for the broker to come back would open a gate for somebody long gone.

        Raises FaceGateConnectionError when the broker does not take it.
        """
        if not self.connected:
            raise FaceGateConnectionError("the MQTT broker is not connected")
        await self.wire.async_publish(topic, payload)

    async def async_open(self, line: Line) -> CALLBACK_TYPE:
        """Start to listen for one terminal; returns what ends it."""

        @callback
        def replied(_: str, payload: bytes, retained: bool) -> None:
            if not retained:
                line.on_reply(payload)

        # Whoever gives up while a subscription is awaited leaves nothing behind.
        with ExitStack() as opened:
            self._lines[line.topics.capture_request].append(line)
            opened.callback(self._remove, line)
            opened.callback(await self.async_watch(line.topics.prefix))
            opened.callback(
                await self.wire.async_subscribe(line.topics.manage_response, replied)
            )
            opened.callback(
                self.wire.async_follow(line.on_connection, line.on_login_refused)
            )
            return opened.pop_all().close

    async def async_watch(self, prefix: str = "") -> CALLBACK_TYPE:
        """Listen to the captures of all terminals under a prefix; returns what ends it."""
        topic = Topics("+", prefix).capture_request
        if (shared := self._captures.get(topic)) is None:
            shared = self._captures[topic] = _Shared(
                self.hass.async_create_task(
                    self.wire.async_subscribe(topic, self._async_captured),
                    eager_start=True,
                )
            )
        shared.users += 1
        with ExitStack() as watching:
            watching.callback(self._unwatch, topic, shared)
            await asyncio.shield(shared.subscribing)
            return watching.pop_all().close

    @callback
    def _remove(self, line: Line) -> None:
        """Forget a terminal's listener."""
        lines = self._lines[line.topics.capture_request]
        lines.remove(line)
        if not lines:
            del self._lines[line.topics.capture_request]

    @callback
    def _unwatch(self, topic: str, shared: _Shared) -> None:
        """End a subscription with its last user, also while it is still being made."""
        shared.users -= 1
        if shared.users:
            return
        del self._captures[topic]
        if not shared.subscribing.cancel() and not shared.subscribing.exception():
            shared.subscribing.result()()

    @callback
    def _async_captured(self, topic: str, payload: bytes, retained: bool) -> None:
        """Hand a message to the terminal's listener, or to who looks for new terminals."""
        if lines := self._lines.get(topic):
            for line in lines:
                hear = line.on_retained if retained else line.on_capture
                if hear:
                    hear(payload)
        elif retained:
            return
        elif self.on_unknown and (topics := topics_of(topic)):
            self.on_unknown(topics, payload)


@dataclass(slots=True)
class _Shared:
    """A subscription that several lines use."""

    subscribing: asyncio.Task[CALLBACK_TYPE]
    users: int = 0
