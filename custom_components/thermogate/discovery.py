"""Terminals that talk on the broker and that nobody has added yet."""

from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY
from homeassistant.const import CONF_NAME
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import discovery_flow
from homeassistant.helpers.singleton import singleton
from homeassistant.setup import async_when_setup

from .broker import async_get_broker, async_read
from .const import CONF_SERIAL, CONF_TOPIC_ID, CONF_TOPIC_PREFIX, DOMAIN
from .facegate import FaceGateMessageError, Topics

# Whoever can publish to the broker can invent terminals; nobody wants to see more new ones than this.
MAX_OFFERED = 64


class TerminalDiscovery:
    """Offers each unknown terminal once, while at least one config entry is loaded.

    Home Assistant's own way, a topic in the manifest, would start a config flow for every single capture and keep
    the last one of each terminal in memory; benchmarks/discovery.py shows the difference.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Start with nothing offered."""
        self.hass = hass
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
            async_when_setup(self.hass, "mqtt", self._async_start)
        return self._async_release

    @callback
    def async_forget(self, topics: Topics) -> None:
        """Offer a terminal anew, after its entry was removed."""
        self._offered.discard(topics)

    async def _async_start(self, *_: object) -> None:
        """Listen, now that MQTT is there."""
        broker = async_get_broker(self.hass)
        try:
            if not self._users or not await broker.async_ready():
                return
            close = await broker.async_watch()
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
            async_get_broker(self.hass).on_unknown = None
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
            },
        )


@singleton(f"{DOMAIN}_discovery")
@callback
def async_get_discovery(hass: HomeAssistant) -> TerminalDiscovery:
    """Return the one discovery of this Home Assistant."""
    return TerminalDiscovery(hass)
