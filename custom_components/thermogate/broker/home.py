"""The broker of Home Assistant's MQTT integration."""

import asyncio
from collections.abc import Callable
from typing import Any

from homeassistant.components import mqtt
from homeassistant.components.mqtt import ReceiveMessage
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from ..facegate import FaceGateConnectionError
from .errors import BrokerError
from .routing import SUBSCRIBE_TIMEOUT, Listener


class HomeWire:
    """Home Assistant's own connection: it connects, reconnects and asks for logins by itself."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Remember where to find the MQTT integration."""
        self._hass = hass

    @property
    def connected(self) -> bool:
        """Whether the connection to the broker stands."""
        return mqtt.is_connected(self._hass)

    @callback
    def async_begin(self) -> None:
        """Begin nothing: the connection is another integration's."""

    @callback
    def async_end(self) -> None:
        """End nothing either."""

    def diagnostics(self) -> dict[str, Any]:
        """Leave it to the MQTT integration, which has diagnostics of its own."""
        return {}

    async def async_ready(self) -> None:
        """Wait for the MQTT integration. Raises BrokerError when it is not set up."""
        if not await mqtt.async_wait_for_mqtt_client(self._hass):
            raise BrokerError("mqtt_missing")

    async def async_publish(self, topic: str, payload: bytes) -> None:
        """Publish once. Raises FaceGateConnectionError."""
        try:
            await mqtt.async_publish(self._hass, topic, payload, qos=0, retain=False)
        except HomeAssistantError as err:
            raise FaceGateConnectionError(str(err)) from err

    @callback
    def async_follow(
        self,
        on_connection: Callable[[bool], None],
        on_login_refused: Callable[[], None],
    ) -> CALLBACK_TYPE:
        """Tell of the connection; a refused login is the MQTT integration's business."""

        @callback
        def changed(connected: bool) -> None:
            on_connection(connected)

        return mqtt.async_subscribe_connection_status(self._hass, changed)

    async def async_subscribe(self, topic: str, listener: Listener) -> CALLBACK_TYPE:
        """Subscribe to raw bytes and wait until the broker has confirmed it."""
        wanted = True

        @callback
        def received(message: ReceiveMessage) -> None:
            if wanted:
                listener(message.topic, _bytes(message), message.retain)

        @callback
        def unsubscribe() -> None:
            # Once the MQTT integration was loaded anew it goes on with subscriptions that it restored, and ends only others.
            nonlocal wanted
            wanted = False
            end()

        done = asyncio.Event()
        end = await mqtt.async_subscribe(
            self._hass, topic, received, qos=0, encoding=None
        )
        stop_waiting = mqtt.async_on_subscribe_done(self._hass, topic, 0, done.set)
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


def _bytes(message: ReceiveMessage) -> bytes:
    """Return the payload of a subscription without encoding, which is always bytes."""
    payload = message.payload
    return payload.encode() if isinstance(payload, str) else bytes(payload)
