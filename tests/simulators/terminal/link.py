"""The connection of a simulated terminal to its broker: paho-mqtt in its own thread, told apart from the device."""

import asyncio
from collections.abc import Callable
import contextlib
import socket

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from tests.simulators.terminal.quirks import Options

KEEPALIVE_SECONDS = 30
# The longest wait between two attempts to reach the broker.
LONGEST_RETRY_SECONDS = 5


class Link:
    """One terminal's connection; all callbacks run in the event loop that started it."""

    def __init__(
        self,
        options: Options,
        client_id: str,
        subscriptions: list[str],
        received: Callable[[str, bytes, bool], None],
        changed: Callable[[bool], None],
    ) -> None:
        """Take whom to tell of messages (topic, payload, retained) and of being connected and subscribed."""
        self.online = False
        self.refusal: str | None = None
        self._options = options
        self._client_id = client_id
        self._subscriptions = subscriptions
        self._received = received
        self._changed = changed
        self._client: mqtt.Client | None = None
        self._ready = asyncio.Event()

    def join(self) -> None:
        """Begin to connect; repeats on its own until connected, and again whenever the connection is lost."""
        loop = asyncio.get_running_loop()
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._client_id,
            protocol=mqtt.MQTTv311,
        )
        if self._options.username is not None:
            client.username_pw_set(self._options.username, self._options.password)
        client.reconnect_delay_set(1, LONGEST_RETRY_SECONDS)
        client.max_inflight_messages_set(200)

        def tell(function: Callable[..., None], *arguments: object) -> None:
            # After the loop has closed there is nobody to tell.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(function, *arguments)

        def on_connect(
            client: mqtt.Client,
            _data: object,
            _flags: mqtt.ConnectFlags,
            reason: ReasonCode,
            _properties: Properties | None,
        ) -> None:
            if reason.is_failure:
                tell(self._refused, str(reason))
            else:
                client.subscribe(
                    [(topic, self._options.qos) for topic in self._subscriptions]
                )

        def on_subscribe(
            client: mqtt.Client,
            _data: object,
            _id: int,
            _reasons: list[ReasonCode],
            _properties: Properties | None,
        ) -> None:
            tell(self._set_online, client, True)

        def on_disconnect(
            client: mqtt.Client,
            _data: object,
            _flags: mqtt.DisconnectFlags,
            _reason: ReasonCode,
            _properties: Properties | None,
        ) -> None:
            tell(self._set_online, client, False)

        def on_message(
            client: mqtt.Client, _data: object, message: mqtt.MQTTMessage
        ) -> None:
            tell(self._take, client, message.topic, message.payload, message.retain)

        client.on_connect = on_connect
        client.on_subscribe = on_subscribe
        client.on_disconnect = on_disconnect
        client.on_message = on_message
        client.connect_async(self._options.host, self._options.port, KEEPALIVE_SECONDS)
        self._client = client
        client.loop_start()

    async def ready(self, timeout: float) -> None:
        """Wait until connected and subscribed; raises ConnectionError after that many seconds."""
        try:
            async with asyncio.timeout(timeout):
                await self._ready.wait()
        except TimeoutError:
            raise ConnectionError(
                f"no connection to {self._options.host}:{self._options.port}: {self.refusal or 'no answer'}"
            ) from None

    def leave(self, *, abruptly: bool = False) -> None:
        """Close the connection for good, or until the next join; abruptly is without a word to the broker."""
        client, self._client = self._client, None
        if client is None:
            return
        if abruptly:
            self._cut(client)
        client.disconnect()
        client.loop_stop()
        self._announce(False)

    def drop(self) -> None:
        """Lose the connection without a word; it comes back on its own after about a second."""
        if self._client is not None:
            self._cut(self._client)

    def publish(self, topic: str, payload: bytes) -> None:
        """Send one message, never retained. Lost when not connected."""
        if self._client is not None and self.online:
            self._client.publish(topic, payload, qos=self._options.qos)

    @staticmethod
    def _cut(client: mqtt.Client) -> None:
        connection = client.socket()
        if isinstance(connection, socket.socket):
            # It may have been lost already.
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _take(
        self, client: mqtt.Client, topic: str, payload: bytes, retained: bool
    ) -> None:
        if client is self._client:
            self._received(topic, payload, retained)

    def _refused(self, reason: str) -> None:
        self.refusal = reason

    def _set_online(self, client: mqtt.Client, online: bool) -> None:
        if client is self._client:
            self._announce(online)

    def _announce(self, online: bool) -> None:
        if online == self.online:
            return
        self.online = online
        if online:
            self._ready.set()
        else:
            self._ready.clear()
        self._changed(online)
