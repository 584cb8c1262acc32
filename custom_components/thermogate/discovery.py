"""Terminals that talk on a broker in use and that nobody has added yet."""

from typing import Any

from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY
from homeassistant.const import CONF_NAME
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import discovery_flow
from homeassistant.helpers.singleton import singleton
from homeassistant.setup import async_when_setup

from .broker import (
    BrokerError,
    BrokerSettings,
    async_get_broker,
    async_read,
    own_broker,
)
from .const import (
    CONF_BROKER_ENTRY,
    CONF_SERIAL,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    DOMAIN,
)
from .facegate import FaceGateMessageError, Topics

# Whoever can publish to a broker can invent terminals; nobody wants to see more new ones than this.
MAX_OFFERED = 64


class TerminalDiscovery:
    """Offers each unknown terminal of a broker once, while at least one config entry is loaded.

    Home Assistant's own way, a topic in the manifest, would start a config flow for every single capture and keep
    the last one of each terminal in memory; benchmarks/capture_to_ack.py shows the difference.
    """

    def __init__(self, hass: HomeAssistant, settings: BrokerSettings | None) -> None:
        """Start with nothing offered; without settings on Home Assistant's broker."""
        self.hass = hass
        self._settings = settings
        self._offered: set[Topics] = set()
        self._users = 0
        self._waiting = False
        self._close: CALLBACK_TYPE | None = None

    @callback
    def async_acquire(self) -> CALLBACK_TYPE:
        """Look for terminals until the returned function is called."""
        self._users += 1
        if not self._waiting and not self._close:
            self._waiting = True
            if self._settings:
                self.hass.async_create_task(self._async_start(), eager_start=True)
            else:
                async_when_setup(self.hass, "mqtt", self._async_start)
        return self._async_release

    @callback
    def async_forget(self, topics: Topics) -> None:
        """Offer a terminal anew, after its entry was removed."""
        self._offered.discard(topics)

    async def _async_start(self, *_: object) -> None:
        """Listen, now that the broker is there."""
        broker = async_get_broker(self.hass, self._settings)
        try:
            if not self._users:
                return
            if not self._settings:
                await broker.async_ready()
            close = await broker.async_watch()
        except BrokerError:
            return  # the next entry tries again
        finally:
            self._waiting = False
        if not self._users:
            close()
            return
        broker.on_unknown = self._async_heard
        self._close = close

    @callback
    def _async_release(self) -> None:
        """Stop listening with the last entry."""
        self._users -= 1
        if self._users == 0 and self._close:
            async_get_broker(self.hass, self._settings).on_unknown = None
            self._close()
            self._close = None

    @callback
    def _async_heard(self, topics: Topics, payload: bytes) -> None:
        """Offer the terminal that sent this, unless it was offered before."""
        if topics in self._offered or len(self._offered) >= MAX_OFFERED:
            return
        self._offered.add(topics)
        self.hass.async_create_task(self._async_offer(topics, payload))

    async def _async_offer(self, topics: Topics, payload: bytes) -> None:
        """Offer a terminal by what it says."""
        try:
            message = await async_read(self.hass, payload)
        except FaceGateMessageError:
            self._offered.discard(topics)  # something else uses the topic
            return
        discovery_flow.async_create_flow(
            self.hass,
            DOMAIN,
            {"source": SOURCE_INTEGRATION_DISCOVERY},
            {
                CONF_TOPIC_ID: topics.device_id,
                CONF_TOPIC_PREFIX: topics.prefix,
                CONF_SERIAL: getattr(message, "device_sn", ""),
                CONF_NAME: getattr(message, "addr_name", ""),
                **self._where(),
            },
        )

    def _where(self) -> dict[str, Any]:
        """Return whose broker it is: an entry that has the login, which itself has no business in a discovery."""
        if not self._settings:
            return {}
        return {
            CONF_BROKER_ENTRY: next(
                (
                    entry.entry_id
                    for entry in self.hass.config_entries.async_entries(DOMAIN)
                    if own_broker(entry.data) == self._settings
                ),
                None,
            )
        }


@callback
def async_get_discovery(
    hass: HomeAssistant, settings: BrokerSettings | None = None
) -> TerminalDiscovery:
    """Return the one discovery on a broker of this Home Assistant; without settings on Home Assistant's own."""
    found = _discoveries(hass)
    if settings not in found:
        found[settings] = TerminalDiscovery(hass, settings)
    return found[settings]


@singleton(f"{DOMAIN}_discoveries")
@callback
def _discoveries(_: HomeAssistant) -> dict[BrokerSettings | None, TerminalDiscovery]:
    """Return what looks for terminals."""
    return {}
