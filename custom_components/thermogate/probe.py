"""Looking at a device before it is added: is it there, and which one is it."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from yarl import URL

from homeassistant.components.mqtt.const import DEFAULT_PORT
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.device_registry import format_mac
from homeassistant.helpers.network import NoURLAvailableError, get_url

from .broker import Broker, BrokerError, BrokerSettings, Line, async_get_broker
from .const import CONF_TOPIC_ID, CONF_TOPIC_PREFIX
from .facegate import (
    FaceGateClient,
    FaceGateError,
    Message,
    Reply,
    Topics,
    parse_message,
)
from .guide import (
    GuideAuthError,
    GuideBusyError,
    GuideClient,
    GuideCommandError,
    GuideConnectionError,
    GuideError,
    GuideLockedError,
    GuideValidationError,
)

# How long a person may need to walk to the terminal and type, and how often it is asked meanwhile.
WAIT_FOR_TERMINAL = 180.0
ASK_EVERY = 5.0

# Names of the broker that mean "this machine" and say nothing to a terminal.
LOCAL_BROKERS = {"localhost", "127.0.0.1", "::1", "core-mosquitto"}


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundTerminal:
    """What a terminal told about itself; empty where it told nothing."""

    serial: str = ""
    name: str = ""
    address: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundCamera:
    """What a camera told about itself; `key` is what it is known by for good, empty when it has nothing of the kind."""

    key: str
    name: str
    mac: str


class ProbeError(Exception):
    """A device could not be added; carries the key of the text that says why."""

    def __init__(self, key: str, **placeholders: str) -> None:
        """Name the text."""
        super().__init__(key)
        self.key = key
        self.placeholders = placeholders


@callback
def terminal_topics(data: Mapping[str, Any]) -> Topics | None:
    """Return the topics of a config entry; None for one that is no terminal."""
    if CONF_TOPIC_ID not in data:
        return None
    return Topics(data[CONF_TOPIC_ID], data[CONF_TOPIC_PREFIX])


@callback
def async_home_broker(hass: HomeAssistant) -> BrokerSettings | None:
    """Return where Home Assistant's broker is; None without MQTT."""
    entries = hass.config_entries.async_loaded_entries("mqtt")
    if not entries:
        return None
    data = entries[0].data
    return BrokerSettings(host=data["broker"], port=data.get(CONF_PORT, DEFAULT_PORT))


@callback
def async_reachable_address(hass: HomeAssistant, broker: BrokerSettings) -> str:
    """Return the address of a broker as a terminal would reach it."""
    if broker.host in LOCAL_BROKERS:
        with suppress(NoURLAvailableError):
            host = URL(get_url(hass, allow_external=False)).host
            broker = replace(broker, host=host or broker.host)
    return broker.address


async def async_find_terminal(
    hass: HomeAssistant, topics: Topics, settings: BrokerSettings | None
) -> FoundTerminal | None:
    """Listen for a terminal on a broker, and ask it, until it is heard or the time is up; not without a broker."""
    broker = async_get_broker(hass, settings)
    release = broker.async_acquire()
    try:
        try:
            await broker.async_ready()
        except BrokerError:
            # One of a terminal's own that is lost just now is waited for like the terminal.
            if settings is None:
                return None
        return await _async_find(hass, topics, broker)
    finally:
        release()


async def _async_find(
    hass: HomeAssistant, topics: Topics, broker: Broker
) -> FoundTerminal | None:
    """Listen for a terminal, and ask it, until it is heard or the time is up."""
    client = FaceGateClient(topics, broker.async_publish, timeout=ASK_EVERY)
    heard: asyncio.Future[Message] = hass.loop.create_future()

    @callback
    def hear(payload: bytes) -> None:
        with suppress(FaceGateError):
            message = parse_message(payload)
            if not heard.done():
                heard.set_result(message)

    @callback
    def hear_reply(payload: bytes) -> None:
        hear(payload)
        with suppress(FaceGateError):
            client.handle(payload)

    close = await broker.async_open(
        Line(
            topics=topics,
            on_capture=hear,
            on_reply=hear_reply,
            on_connection=lambda _: None,
        )
    )
    asking = hass.async_create_background_task(_async_ask(client), "ask a terminal")
    try:
        async with asyncio.timeout(WAIT_FOR_TERMINAL):
            message = await heard
        asking.cancel()
        # An answer carries no name, but one that answers can be asked for it.
        name = (
            await _async_name(client)
            if isinstance(message, Reply)
            else getattr(message, "addr_name", "")
        )
    except TimeoutError:
        return None
    finally:
        asking.cancel()
        close()
    return FoundTerminal(
        serial=getattr(message, "device_sn", ""),
        name=name,
        address=getattr(message, "ip", ""),
    )


async def _async_name(client: FaceGateClient) -> str:
    """Return the name that a person gave the terminal's place, empty where it has none."""
    try:
        settings = await client.settings()
    except FaceGateError:
        return ""
    place = settings.get("device_info")
    return str(place.get("addr_name") or "") if isinstance(place, dict) else ""


async def _async_ask(client: FaceGateClient) -> None:
    """Ask again and again; the answer is heard like everything else that the terminal says."""
    while True:
        await client.alive(timeout=ASK_EVERY)
        await asyncio.sleep(ASK_EVERY)


async def async_find_camera(
    hass: HomeAssistant, login: Mapping[str, Any]
) -> FoundCamera:
    """Log in to a camera and ask what it is.

    Raises ProbeError naming what a person can do about it.
    """
    try:
        client = GuideClient(
            async_get_clientsession(hass),
            login[CONF_HOST],
            port=login[CONF_PORT],
            username=login[CONF_USERNAME],
            password=login[CONF_PASSWORD],
        )
    except GuideValidationError as err:
        raise ProbeError("invalid_host") from err
    try:
        general = await client.general_info()
        await client.connect()
        version = await client.version()
        mac = await _async_mac(client)
    except GuideError as err:
        raise _probe_error(err) from err
    finally:
        await client.close()
    return FoundCamera(
        key=version.serial or mac,
        name=general.system_name or version.model or login[CONF_HOST],
        mac=mac,
    )


async def _async_mac(client: GuideClient) -> str:
    """Return the MAC address, empty when this user may not read it or the camera does not tell."""
    try:
        network = await client.network()
    except GuideCommandError:
        return ""
    return format_mac(network.mac) if network.mac else ""


def _probe_error(err: GuideError) -> ProbeError:
    """Return the text for an error: what happened, and what to do next."""
    if isinstance(err, GuideLockedError):
        return ProbeError("locked")
    if isinstance(err, GuideAuthError):
        if err.attempts_left is None:
            return ProbeError("invalid_auth")
        return ProbeError("invalid_auth_attempts", attempts=str(err.attempts_left))
    if isinstance(err, GuideBusyError):
        return ProbeError("too_many_users")
    if isinstance(err, GuideConnectionError):
        return ProbeError("cannot_connect")
    return ProbeError("unexpected_answer")
