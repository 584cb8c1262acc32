"""Connecting to a broker of a terminal's own: what works, and what is said when it does not."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
import socket
import ssl
import threading
from typing import Any
from unittest.mock import patch

import paho.mqtt.client as mqtt
import pytest

from custom_components.thermogate.broker import (
    BrokerError,
    BrokerSettings,
    async_try_broker,
)
from custom_components.thermogate.broker.session import Session
from custom_components.thermogate.facegate import FaceGateConnectionError
from homeassistant.core import HomeAssistant
from tests.certificates import Authority
from tests.simulators.broker import Broker
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("socket_enabled")

SESSION = "custom_components.thermogate.broker.session"
LOOPBACK = "127.0.0.1"
USERS = {"gate": "open sesame"}
# What other things than brokers say when somebody connects: nothing, nonsense, or goodbye.
HTTP = b"HTTP/1.1 400 Bad Request\r\n\r\n"


def at(port: int, **changes: Any) -> BrokerSettings:
    """Return how a broker on this machine is reached."""
    return BrokerSettings(host=LOOPBACK, port=port, **changes)


async def failure(hass: HomeAssistant, settings: BrokerSettings) -> str:
    """Return the key of what is said about a broker that cannot be used."""
    with pytest.raises(BrokerError) as raised:
        await async_try_broker(hass, settings)
    return raised.value.key


@asynccontextmanager
async def something(says: bytes, *, stays: bool) -> AsyncGenerator[int]:
    """Run something that is no broker; yields its port."""
    done = asyncio.Event()

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.read(1)
        writer.write(says)
        if stays:
            await done.wait()
        writer.close()

    server = await asyncio.start_server(answer, LOOPBACK, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        done.set()
        server.close()
        await server.wait_closed()


@contextmanager
def wary_server(tls: ssl.SSLContext) -> Generator[int]:
    """Run a server that encrypts, and whose clients come to nothing, in a thread of its own; yields its port."""
    listening = socket.create_server((LOOPBACK, 0))

    def shake_hands() -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            tls.wrap_socket(connection, server_side=True).recv(1)

    thread = threading.Thread(target=shake_hands)
    thread.start()
    with listening:
        yield listening.getsockname()[1]
        thread.join()


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Look past the timer that amqtt leaves for a client that it has refused."""
    return True


@pytest.fixture
def quick() -> Any:
    """Be impatient with those that do not greet."""
    with patch(f"{SESSION}.GREET_TIMEOUT", 0.1):
        yield


# What works


async def test_a_broker_that_lets_everybody_in(hass: HomeAssistant) -> None:
    """The connection is closed again at once."""
    async with Broker() as broker:
        await async_try_broker(hass, at(broker.port))
        await until(lambda: not broker.clients)


async def test_a_broker_that_asks_for_a_login(hass: HomeAssistant) -> None:
    """The right password opens it; a wrong one, and none, is said to be wrong."""
    async with Broker(users=USERS) as broker:
        login = at(broker.port, username="gate", password="open sesame")
        await async_try_broker(hass, login)
        wrong = at(broker.port, username="gate", password="guess")
        assert await failure(hass, wrong) == "broker_login"
        assert await failure(hass, at(broker.port)) == "broker_login"


async def test_a_broker_that_encrypts(hass: HomeAssistant, tmp_path: Path) -> None:
    """With the certificate of its authority; everything but it may stand around it."""
    authority = Authority("site")
    async with Broker(tls=authority.server(tmp_path)) as broker:
        ca = f"\n our authority: \n{authority.pem}\n"
        await async_try_broker(hass, at(broker.port, tls=True, ca=ca))


@pytest.mark.parametrize("encrypted", [False, True])
async def test_messages_come_whole_and_in_order(
    hass: HomeAssistant, tmp_path: Path, encrypted: bool
) -> None:
    """Small ones and captures of a megabyte, encrypted or not; the event loop has time for others meanwhile."""
    authority = Authority("site")
    tls = authority.server(tmp_path) if encrypted else None
    heard: list[tuple[str, bytes, bool]] = []
    async with Broker(tls=tls) as broker:
        session = Session(
            hass,
            at(broker.port, tls=encrypted, ca=authority.pem if encrypted else ""),
            "test",
            lambda *message: heard.append(message),
        )
        await session.async_connect()
        await session.async_subscribe(["a/+", "b"])
        sent = [
            (topic, bytes([number]) * size)
            for number, size in enumerate((1, 1_000_000, 7, 300_000))
            for topic in ("a/gate", "b")
        ]
        for topic, payload in sent:
            session.publish(topic, payload)
        await until(lambda: len(heard) == len(sent))
        assert heard == [(topic, payload, False) for topic, payload in sent]

        session.unsubscribe("b")
        session.publish("b", b"nobody listens")
        session.publish("a/hall", b"last")
        await until(lambda: heard[-1] == ("a/hall", b"last", False))
        assert len(heard) == len(sent) + 1
        session.close()
        await until(lambda: not broker.clients)


async def test_a_connection_that_is_closed_takes_nothing(hass: HomeAssistant) -> None:
    """Closing twice is closing once."""
    async with Broker() as broker:
        session = Session(hass, at(broker.port), "test", lambda *_: None)
        await session.async_connect()
        session.close()
        session.close()
        assert session.ended.done()
        session.unsubscribe("a")
        with pytest.raises(FaceGateConnectionError):
            session.publish("a", b"")
        with pytest.raises(BrokerError):
            await session.async_subscribe(["a"])


async def test_a_broker_that_goes_ends_the_connection(hass: HomeAssistant) -> None:
    """Also for who waits for a confirmation."""
    async with Broker() as broker:
        session = Session(hass, at(broker.port), "test", lambda *_: None)
        await session.async_connect()
        subscribing = hass.async_create_task(session.async_subscribe(["a"]))
        await asyncio.sleep(0)
        await broker.stop()
        await session.ended
        await asyncio.wait([subscribing])
        assert subscribing.exception() is None or isinstance(
            subscribing.exception(), BrokerError
        )


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        pytest.param(b"\x90\x03%s\x80", "broker_forbidden", id="not allowed"),
        pytest.param(b"", "broker_unreachable", id="no answer"),
    ],
)
async def test_a_subscription_that_is_not_confirmed(
    hass: HomeAssistant, answer: bytes, key: str
) -> None:
    """The user may not read the topic, or the broker takes its time; the connection stays."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(b"\x20\x02\x00\x00")
        subscribe = await reader.read(1000)
        # Twice is once.
        writer.write((answer % subscribe[2:4] if answer else b"") * 2)
        with suppress(ConnectionError):
            await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, LOOPBACK, 0) as server:
        port = server.sockets[0].getsockname()[1]
        session = Session(hass, at(port), "test", lambda *_: None)
        await session.async_connect()
        with (
            patch(f"{SESSION}.GREET_TIMEOUT", 0.1),
            pytest.raises(BrokerError, match=key),
        ):
            await session.async_subscribe(["secret"])
        assert not session.ended.done()
        session.close()


async def test_a_silent_broker_is_noticed(hass: HomeAssistant) -> None:
    """One that answers no question any more is gone, even if the network does not say so."""
    ok = b"\x20\x02\x00\x00"
    with patch(f"{SESSION}.KEEPALIVE", 1):
        async with something(ok, stays=True) as port:
            session = Session(hass, at(port), "test", lambda *_: None)
            await session.async_connect()
            async with asyncio.timeout(10):
                await session.ended


async def test_who_gives_up_leaves_no_connection(hass: HomeAssistant) -> None:
    """A thread cannot be stopped while it connects; what it has opened is closed when it is done."""
    hung_up = asyncio.Event()

    async def wait_for_the_end(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.read()
        hung_up.set()
        writer.close()

    async with await asyncio.start_server(wait_for_the_end, LOOPBACK, 0) as server:
        port = server.sockets[0].getsockname()[1]
        session = Session(hass, at(port), "test", lambda *_: None)
        in_thread: asyncio.Future[mqtt.Client] = hass.loop.create_future()
        with patch.object(hass, "async_add_executor_job", return_value=in_thread):
            connecting = hass.async_create_task(session.async_connect())
            connecting.cancel()
            await asyncio.wait([connecting])
        client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        client.connect(LOOPBACK, port)
        in_thread.set_result(client)
        async with asyncio.timeout(5):
            await hung_up.wait()


async def test_what_a_listener_breaks_it_breaks_alone(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    """The next message comes all the same."""
    heard: list[bytes] = []

    def listen(_: str, payload: bytes, __: bool) -> None:
        heard.append(payload)
        if payload == b"bad":
            raise ValueError("broken listener")

    async with Broker() as broker:
        session = Session(hass, at(broker.port), "test", listen)
        await session.async_connect()
        await session.async_subscribe(["a"])
        with patch.object(hass.loop, "call_exception_handler") as handler:
            session.publish("a", b"bad")
            session.publish("a", b"good")
            await until(lambda: heard == [b"bad", b"good"])
        handler.assert_called_once()
        session.close()


# What does not


async def test_nobody_is_there(hass: HomeAssistant) -> None:
    """The port is closed."""
    with socket.create_server((LOOPBACK, 0)) as closed:
        port = closed.getsockname()[1]
    assert await failure(hass, at(port)) == "broker_unreachable"


@pytest.mark.parametrize("error", [socket.gaierror(-2, "unknown"), UnicodeError()])
async def test_the_name_is_not_known(hass: HomeAssistant, error: Exception) -> None:
    """Or cannot be a name at all."""
    with patch(f"{SESSION}.mqtt.Client.connect", side_effect=error):
        assert await failure(hass, at(1)) == "broker_unknown_host"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("says", "stays"),
    [
        pytest.param(b"", True, id="says nothing"),
        pytest.param(b"", False, id="hangs up"),
        pytest.param(HTTP, False, id="speaks HTTP"),
        pytest.param(b"\x20\x02\x00\x01", True, id="wants another version"),
        pytest.param(b"\x20\x05\x00\x00\x00\x00\x00", True, id="broken greeting"),
        pytest.param(b"\x30\x02\x00\xff", True, id="broken message"),
        pytest.param(b"\x90\x00", True, id="broken confirmation"),
        pytest.param(b"\xff\xff\xff\xff\xff\xff", True, id="endless length"),
    ],
)
async def test_what_answers_is_no_broker(
    hass: HomeAssistant, says: bytes, stays: bool
) -> None:
    """Whatever it says, the connection is closed and a person learns it."""
    async with something(says, stays=stays) as port:
        assert await failure(hass, at(port)) == "broker_no_mqtt"


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (2, "broker_busy"),
        (3, "broker_busy"),
        (4, "broker_login"),
        (5, "broker_login"),
    ],
)
async def test_a_broker_that_refuses(hass: HomeAssistant, code: int, key: str) -> None:
    """By the codes of MQTT 3.1.1."""
    async with something(bytes([0x20, 2, 0, code]), stays=True) as port:
        assert await failure(hass, at(port)) == key


async def test_encryption_where_there_is_none(hass: HomeAssistant) -> None:
    """A plain broker does not answer to TLS."""
    async with something(HTTP, stays=False) as port:
        assert await failure(hass, at(port, tls=True)) == "broker_no_tls"


@pytest.mark.usefixtures("quick")
async def test_no_encryption_where_there_is_some(
    hass: HomeAssistant, tmp_path: Path
) -> None:
    """A broker that encrypts does not understand plain words."""
    with wary_server(Authority("site").server(tmp_path)) as port:
        assert await failure(hass, at(port)) == "broker_no_mqtt"


@pytest.mark.parametrize(
    ("make", "ca", "key"),
    [
        pytest.param({}, "", "broker_certificate_untrusted", id="unknown"),
        pytest.param({}, "foreign", "broker_certificate_untrusted", id="foreign"),
        pytest.param(
            {"address": "192.0.2.1"}, "own", "broker_certificate_name", id="name"
        ),
        pytest.param({"days": -1}, "own", "broker_certificate_expired", id="expired"),
    ],
)
async def test_a_certificate_that_is_not_trusted(
    hass: HomeAssistant, tmp_path: Path, make: dict[str, Any], ca: str, key: str
) -> None:
    """Nothing is told to a broker that may be another one, and what is wrong with it is said."""
    own = Authority("site")
    known: dict[str, Callable[[], str]] = {
        "": str,
        "own": lambda: own.pem,
        "foreign": lambda: Authority("elsewhere").pem,
    }
    with wary_server(own.server(tmp_path, **make)) as port:
        assert await failure(hass, at(port, tls=True, ca=known[ca]())) == key


@pytest.mark.parametrize("ca", ["hello", "-----BEGIN CERTIFICATE-----\nAA", "ümlaut"])
async def test_a_certificate_that_is_none(hass: HomeAssistant, ca: str) -> None:
    """It is noticed before anybody is asked."""
    assert await failure(hass, at(1, tls=True, ca=ca)) == "broker_ca_unreadable"


def test_secrets_are_not_shown() -> None:
    """Neither in a log nor in a traceback; the address is what a person reads."""
    shown = repr(at(1883, username="gate", password="open sesame", ca="PEM"))
    assert not any(secret in shown for secret in ("gate", "sesame", "PEM"))
    assert BrokerSettings(host="fe80::1", port=1).address == "[fe80::1]:1"
