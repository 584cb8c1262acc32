"""The brokers that terminals talk through: Home Assistant's own, and others that a terminal's entry names."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.singleton import singleton

from ..const import DOMAIN
from ..facegate import Message, parse_message
from .errors import CA_UNREADABLE, LOGIN, BrokerError
from .home import HomeWire
from .own import OwnWire, async_try_broker
from .routing import Broker, Line
from .settings import BrokerSettings, own_broker

__all__ = [
    "CA_UNREADABLE",
    "LOGIN",
    "Broker",
    "BrokerError",
    "BrokerSettings",
    "Line",
    "async_get_broker",
    "async_own_brokers",
    "async_read",
    "async_try_broker",
    "own_broker",
]

# Decoding more than this takes longer than the event loop should be held up.
MAX_INLINE_PAYLOAD = 512 * 1024


async def async_read(hass: HomeAssistant, payload: bytes) -> Message:
    """Decode small messages at once and large ones beside the event loop. FaceGateMessageError."""
    if len(payload) <= MAX_INLINE_PAYLOAD:
        return parse_message(payload)
    return await hass.async_add_executor_job(parse_message, payload)


@callback
def async_get_broker(
    hass: HomeAssistant, settings: BrokerSettings | None = None
) -> Broker:
    """Return the one broker of this Home Assistant that has these settings; without any, Home Assistant's own."""
    brokers = _brokers(hass)
    if settings not in brokers:
        wire = OwnWire(hass, settings) if settings else HomeWire(hass)
        brokers[settings] = Broker(hass, wire)
    return brokers[settings]


@callback
def async_own_brokers(hass: HomeAssistant) -> list[Broker]:
    """Return the brokers beside Home Assistant's own that terminals use now."""
    return [
        broker
        for settings, broker in _brokers(hass).items()
        if settings and broker.in_use
    ]


@singleton(f"{DOMAIN}_brokers")
@callback
def _brokers(_: HomeAssistant) -> dict[BrokerSettings | None, Broker]:
    """Return all brokers of this Home Assistant."""
    return {}
