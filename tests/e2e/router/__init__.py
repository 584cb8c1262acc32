"""An integration for the tested Home Assistant: discovery by DHCP from what routers tell, without looking around.

The DHCP integration scans the network and listens to its packets from the moment Home Assistant has started. One that is
set up after that moment only takes what device trackers of routers tell, which is all that these tests need.
"""

from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers.typing import ConfigType
from homeassistant.setup import async_setup_component


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up the DHCP integration once it is too late for it to scan."""

    async def started(_: Event) -> None:
        await async_setup_component(hass, "dhcp", {})

    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STARTED, started)
    return True
