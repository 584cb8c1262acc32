"""One connection to a broker, from its beginning to its end: paho-mqtt, driven by the event loop.

It speaks MQTT 3.1.1, which every broker does; terminals know nothing of what MQTT 5 adds. What blocks (names, the TLS
handshake) happens in the executor; from then on no thread is involved.
"""

import asyncio
from collections.abc import Iterable
from contextlib import ExitStack
import socket
import ssl
import struct

from paho.mqtt import MQTTException
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.ssl import client_context

from ..facegate import FaceGateConnectionError
from .errors import CA_UNREADABLE, LOGIN, BrokerError
from .routing import Listener
from .settings import BrokerSettings

# How long, in seconds, a broker may take to accept a connection, and then to greet.
CONNECT_TIMEOUT = 5.0
GREET_TIMEOUT = 5.0
# A broker that is gone without a word is noticed after twice as long. Also the longest that a TLS handshake may take.
KEEPALIVE = 15

# MQTT 5 words for the two refusals that a person can do something about; paho translates those of 3.1.1.
_LOGIN_REASONS = {"Bad user name or password", "Not authorized"}
# Of OpenSSL: the certificate is not valid yet or no more, and it is for another name or another address.
_EXPIRED = {9, 10}
_OTHER_NAME = {62, 64}
# What paho raises while it reads what no broker should send.
_NONSENSE = (ValueError, LookupError, TypeError, struct.error, MQTTException)


class Session:
    """A connection that is used once; the next one begins with nothing that this one did not get rid of."""

    def __init__(
        self,
        hass: HomeAssistant,
        settings: BrokerSettings,
        client_id: str,
        listener: Listener,
    ) -> None:
        """Prepare; the listener hears every message."""
        self._hass = hass
        self._loop = hass.loop
        self._settings = settings
        self._client_id = client_id
        self._listener = listener
        # Done when the connection has ended, by whomever.
        self.ended: asyncio.Future[None] = hass.loop.create_future()
        self._greeting: asyncio.Future[None] = hass.loop.create_future()
        self._confirming: dict[int | None, asyncio.Future[None]] = {}
        self._client: mqtt.Client | None = None
        self._socket: socket.socket | None = None
        self._upkeep: asyncio.TimerHandle | None = None

    async def async_connect(self) -> None:
        """Connect and log in. Raises BrokerError."""
        connecting = self._hass.async_add_executor_job(
            _connect, self._settings, self._client_id
        )
        try:
            client = await asyncio.shield(connecting)
        except asyncio.CancelledError:
            # A thread cannot be stopped: what it has opened is closed when it is done.
            connecting.add_done_callback(_discard)
            raise
        with ExitStack() as failed:
            failed.callback(self.close)
            self._attach(client)
            try:
                async with asyncio.timeout(GREET_TIMEOUT):
                    await self._greeting
            except TimeoutError:
                raise BrokerError("broker_no_mqtt") from None
            failed.pop_all()

    def publish(self, topic: str, payload: bytes) -> None:
        """Publish once with QoS 0. Raises FaceGateConnectionError."""
        if self._client is None or self._client.publish(topic, payload, qos=0).rc:
            raise FaceGateConnectionError("the MQTT broker is not connected")

    async def async_subscribe(self, topics: Iterable[str]) -> None:
        """Subscribe, and wait for the confirmation. Raises BrokerError when the broker allows not all of it or is gone."""
        if self._client is None:
            raise BrokerError("broker_unreachable")
        result, number = self._client.subscribe([(topic, 0) for topic in topics])
        if result:
            raise BrokerError("broker_unreachable")
        self._confirming[number] = self._loop.create_future()
        try:
            async with asyncio.timeout(GREET_TIMEOUT):
                await self._confirming[number]
        except TimeoutError:
            raise BrokerError("broker_unreachable") from None
        finally:
            del self._confirming[number]

    def unsubscribe(self, topic: str) -> None:
        """Unsubscribe, if there is still a connection."""
        if self._client:
            self._client.unsubscribe(topic)

    @callback
    def close(self) -> None:
        """Say goodbye if that can be done at once, and end."""
        if self._client:
            self._client.disconnect()
            self._client.loop_write()
        self._end()

    # Between paho and the event loop

    @callback
    def _attach(self, client: mqtt.Client) -> None:
        """Drive a client that has said hello."""
        connection = client.socket()
        if not isinstance(connection, socket.socket):
            raise BrokerError("broker_no_mqtt")
        self._client, self._socket = client, connection
        client.on_connect = self._greeted
        client.on_subscribe = self._confirmed
        client.on_message = self._received
        client.on_disconnect = self._disconnected
        client.on_socket_close = self._detach
        client.on_socket_register_write = self._want_write
        client.on_socket_unregister_write = self._want_no_write
        self._loop.add_reader(connection, self._read)
        if client.want_write():
            self._loop.add_writer(connection, client.loop_write)
        self._look_after()

    @callback
    def _read(self) -> None:
        """Read one packet, or as much of it as is there: the event loop has other things to do between two."""
        if not self._client:
            return
        try:
            self._client.loop_read()
        except _NONSENSE:
            self._end()
        # What OpenSSL has decrypted already makes no socket readable.
        if isinstance(self._socket, ssl.SSLSocket) and self._socket.pending():
            self._loop.call_soon(self._read)

    @callback
    def _look_after(self) -> None:
        """Let paho ask a silent broker whether it is there."""
        if self._client:
            self._upkeep = self._loop.call_later(1, self._look_after)
            self._client.loop_misc()

    @callback
    def _detach(
        self, _client: mqtt.Client, _data: object, connection: mqtt.SocketLike
    ) -> None:
        """Stop to watch a socket that is about to be closed."""
        if isinstance(connection, socket.socket) and connection.fileno() >= 0:
            self._loop.remove_reader(connection)
            self._loop.remove_writer(connection)

    @callback
    def _want_write(
        self, client: mqtt.Client, _data: object, connection: mqtt.SocketLike
    ) -> None:
        """Write when the socket takes it."""
        if isinstance(connection, socket.socket):
            self._loop.add_writer(connection, client.loop_write)

    @callback
    def _want_no_write(
        self, _client: mqtt.Client, _data: object, connection: mqtt.SocketLike
    ) -> None:
        """There is nothing to write."""
        if isinstance(connection, socket.socket) and connection.fileno() >= 0:
            self._loop.remove_writer(connection)

    @callback
    def _end(self) -> None:
        """Let go of everything, and tell who waits."""
        if self._socket is not None and self._client is not None:
            self._detach(self._client, None, self._socket)
            self._socket.close()
        self._client = self._socket = None
        if self._upkeep:
            self._upkeep.cancel()
            self._upkeep = None
        for waiting in (self._greeting, *self._confirming.values()):
            if not waiting.done():
                waiting.set_exception(BrokerError("broker_no_mqtt"))
                # Perhaps nobody waits any more.
                waiting.exception()
        if not self.ended.done():
            self.ended.set_result(None)

    # What paho tells

    @callback
    def _greeted(
        self,
        _client: mqtt.Client,
        _data: object,
        _flags: mqtt.ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        """Take the broker's answer to the login."""
        if self._greeting.done():
            return
        if not reason.is_failure:
            self._greeting.set_result(None)
            return
        refused = str(reason) in _LOGIN_REASONS
        self._greeting.set_exception(BrokerError(LOGIN if refused else "broker_busy"))

    @callback
    def _confirmed(
        self,
        _client: mqtt.Client,
        _data: object,
        number: int,
        reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        """Take the confirmation of a subscription."""
        confirming = self._confirming.get(number)
        if confirming is None or confirming.done():
            return
        if any(reason.is_failure for reason in reasons):
            confirming.set_exception(BrokerError("broker_forbidden"))
        else:
            confirming.set_result(None)

    @callback
    def _received(
        self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage
    ) -> None:
        """Pass a message on, each in its own turn: paho would stumble over what a listener raises."""
        try:
            topic = message.topic
        except UnicodeDecodeError:
            return  # no terminal can be called so
        self._loop.call_soon(self._listener, topic, message.payload, message.retain)

    @callback
    def _disconnected(
        self,
        _client: mqtt.Client,
        _data: object,
        _flags: mqtt.DisconnectFlags,
        _reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        """Notice that the connection has ended."""
        self._end()


def _connect(settings: BrokerSettings, client_id: str) -> mqtt.Client:
    """Connect, in a thread: look up the name, shake hands, say hello. Raises BrokerError."""
    client = mqtt.Client(
        CallbackAPIVersion.VERSION2,
        client_id=client_id,
        protocol=mqtt.MQTTv311,
        reconnect_on_failure=False,
    )
    client.connect_timeout = CONNECT_TIMEOUT
    if settings.username:
        client.username_pw_set(settings.username, settings.password)
    if settings.tls:
        client.tls_set_context(_trust(settings.ca))
    try:
        client.connect(settings.host, settings.port, KEEPALIVE)
    except ssl.SSLCertVerificationError as err:
        raise BrokerError(_certificate_error(err.verify_code)) from err
    except ssl.SSLError, ConnectionResetError:
        raise BrokerError(
            "broker_no_tls" if settings.tls else "broker_no_mqtt"
        ) from None
    except socket.gaierror, ValueError:
        raise BrokerError("broker_unknown_host") from None
    except OSError as err:
        raise BrokerError("broker_unreachable") from err
    return client


def _trust(ca: str) -> ssl.SSLContext:
    """Return whom to trust: one authority alone if there is one, else those that everybody trusts."""
    if not ca:
        return client_context()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cadata=ca)
    except (ssl.SSLError, TypeError, ValueError) as err:
        raise BrokerError(CA_UNREADABLE) from err
    return context


def _certificate_error(code: int) -> str:
    """Return the key of the text for what is wrong with a certificate."""
    if code in _EXPIRED:
        return "broker_certificate_expired"
    if code in _OTHER_NAME:
        return "broker_certificate_name"
    return "broker_certificate_untrusted"


def _discard(connecting: asyncio.Future[mqtt.Client]) -> None:
    """Close a connection that came when nobody wanted it any more."""
    if not connecting.cancelled() and not connecting.exception():
        client = connecting.result()
        client.disconnect()
