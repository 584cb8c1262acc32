"""The broker that terminals talk through: one connection and one capture subscription for all of them.

Messages are told apart by topic with one dictionary look-up, so that noticing a terminal nobody has added yet costs
the terminals that were added nothing.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from homeassistant.components import mqtt
from homeassistant.components.mqtt import ReceiveMessage
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.singleton import singleton

from .const import DOMAIN
from .facegate import FaceGateConnectionError, Message, Topics, parse_message, topics_of

# How long a fresh subscription may take; an answer that comes earlier than it would be lost.
SUBSCRIBE_TIMEOUT = 2.0
# Decoding more than this takes longer than the event loop should be held up.
MAX_INLINE_PAYLOAD = 512 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One terminal's end of the broker: its topics and who listens.

    What the broker had retained is old, whenever it comes: `on_retained` hears it of captures, nobody of answers.
    """

    topics: Topics
    on_capture: Callable[[bytes], None]
    on_reply: Callable[[bytes], None]
    on_connection: Callable[[bool], None]
    on_retained: Callable[[bytes], None] | None = None


class Broker:
    """Home Assistant's own MQTT broker, shared by all terminals."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Remember where to find the MQTT integration."""
        self.hass = hass
        self.on_unknown: Callable[[Topics, bytes], None] | None = None
        self._lines: defaultdict[str, list[Line]] = defaultdict(list)
        self._captures: dict[str, _Shared] = {}

    @property
    def connected(self) -> bool:
        """Whether the connection to the broker stands."""
        return mqtt.is_connected(self.hass)

    async def async_ready(self) -> bool:
        """Wait for the MQTT integration; False when it is not set up."""
        return await mqtt.async_wait_for_mqtt_client(self.hass)

    async def async_publish(self, topic: str, payload: bytes) -> None:
        """Publish once, now or never.

        A command that waits for the broker to come back would open a gate for somebody long gone.

        Raises FaceGateConnectionError when the broker does not take it.
        """
        if not self.connected:
            raise FaceGateConnectionError("the MQTT broker is not connected")
        try:
            await mqtt.async_publish(self.hass, topic, payload, qos=0, retain=False)
        except HomeAssistantError as err:
            raise FaceGateConnectionError(str(err)) from err

    async def async_open(self, line: Line) -> CALLBACK_TYPE:
        """Start to listen for one terminal; returns what ends it."""

        @callback
        def replied(message: ReceiveMessage) -> None:
            if not message.retain:
                line.on_reply(_bytes(message))

        @callback
        def connection_changed(connected: bool) -> None:
            line.on_connection(connected)

        # Whoever gives up while a subscription is awaited leaves nothing behind.
        with ExitStack() as opened:
            self._lines[line.topics.capture_request].append(line)
            opened.callback(self._remove, line)
            opened.callback(await self.async_watch(line.topics.prefix))
            opened.callback(
                await self._async_subscribe(line.topics.manage_response, replied)
            )
            opened.callback(
                mqtt.async_subscribe_connection_status(self.hass, connection_changed)
            )
            return opened.pop_all().close

    async def async_watch(self, prefix: str = "") -> CALLBACK_TYPE:
        """Listen to the captures of all terminals under a prefix; returns what ends it."""
        topic = Topics("+", prefix).capture_request
        if (shared := self._captures.get(topic)) is None:
            shared = self._captures[topic] = _Shared(
                self.hass.async_create_task(
                    self._async_subscribe(topic, self._async_captured), eager_start=True
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
    def _async_captured(self, message: ReceiveMessage) -> None:
        """Hand a message to the terminal's listener, or to who looks for new terminals."""
        if lines := self._lines.get(message.topic):
            for line in lines:
                hear = line.on_retained if message.retain else line.on_capture
                if hear:
                    hear(_bytes(message))
        elif message.retain:
            return
        elif self.on_unknown and (topics := topics_of(message.topic)):
            self.on_unknown(topics, _bytes(message))

    async def _async_subscribe(
        self, topic: str, listener: Callable[[ReceiveMessage], None]
    ) -> CALLBACK_TYPE:
        """Subscribe to raw bytes and wait until the broker has confirmed it."""
        done = asyncio.Event()
        unsubscribe = await mqtt.async_subscribe(
            self.hass, topic, listener, qos=0, encoding=None
        )
        stop_waiting = mqtt.async_on_subscribe_done(self.hass, topic, 0, done.set)
        try:
            async with asyncio.timeout(SUBSCRIBE_TIMEOUT):
                await done.wait()
        except TimeoutError:
            pass  # the broker is away: MQTT subscribes by itself when it is back
        except asyncio.CancelledError:
            unsubscribe()
            raise
        finally:
            stop_waiting()
        return unsubscribe


@dataclass(slots=True)
class _Shared:
    """A subscription that several lines use."""

    subscribing: asyncio.Task[CALLBACK_TYPE]
    users: int = 0


async def async_read(hass: HomeAssistant, payload: bytes) -> Message:
    """Decode small messages at once and large ones beside the event loop. FaceGateMessageError."""
    if len(payload) <= MAX_INLINE_PAYLOAD:
        return parse_message(payload)
    return await hass.async_add_executor_job(parse_message, payload)


def _bytes(message: ReceiveMessage) -> bytes:
    """Return the payload of a subscription without encoding, which is always bytes."""
    payload = message.payload
    return payload.encode() if isinstance(payload, str) else bytes(payload)


@singleton(f"{DOMAIN}_broker")
@callback
def async_get_broker(hass: HomeAssistant) -> Broker:
    """Return the one broker of this Home Assistant."""
    return Broker(hass)
