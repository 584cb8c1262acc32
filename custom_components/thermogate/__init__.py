"""The ThermoGate integration: FaceGate access terminals and Guide thermal cameras."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.typing import ConfigType

from .broker import own_broker
from .camera_follow import async_withdraw_moved
from .camera_media import RecordingView
from .const import (
    CONF_KIND,
    CONF_TOPIC_ID,
    CONF_TOPIC_PREFIX,
    DOMAIN,
    SIGNAL_STATE,
    DeviceKind,
)
from .coordinator import ThermoGateConfigEntry, create_coordinator
from .coordinator.memory import TerminalMemory
from .discovery import async_get_discovery
from .downloads import DownloadView
from .facegate import Topics
from .firmware_view import FirmwareView
from .keeper import async_get_keeper
from .services import async_setup_services
from .views import PictureView

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CAMERA,
    Platform.EVENT,
    Platform.IMAGE,
    Platform.LIGHT,
    Platform.MEDIA_PLAYER,
    Platform.NOTIFY,
    Platform.LOCK,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.TEXT,
    Platform.UPDATE,
]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, and the addresses of the journal's pictures, of recordings and of firmware."""
    async_setup_services(hass)
    hass.http.register_view(PictureView())
    hass.http.register_view(DownloadView())
    hass.http.register_view(RecordingView())
    hass.http.register_view(FirmwareView())
    return True


async def async_setup_entry(hass: HomeAssistant, entry: ThermoGateConfigEntry) -> bool:
    """Set up one device."""
    keeper = async_get_keeper(hass)
    # Released also when the set-up fails.
    entry.async_on_unload(keeper.async_release)
    await keeper.async_acquire()
    coordinator = create_coordinator(hass, entry)
    await coordinator.async_start()
    async_withdraw_moved(hass, entry)
    entry.runtime_data = coordinator
    for broker in {None, own_broker(entry.data)}:
        entry.async_on_unload(async_get_discovery(hass, broker).async_acquire())
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    # Conditions ask a device only when it can answer, which is now.
    async_dispatcher_send(hass, SIGNAL_STATE, coordinator)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: ThermoGateConfigEntry) -> bool:
    """Unload one device; the coordinator and what it opened end with the entry."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: ThermoGateConfigEntry) -> None:
    """Forget what was stored about a device, and let a terminal be discovered anew."""
    async_withdraw_moved(hass, entry)
    if entry.data[CONF_KIND] != DeviceKind.TERMINAL:
        return
    await TerminalMemory(hass, entry.entry_id).async_remove()
    async_get_discovery(hass, own_broker(entry.data)).async_forget(
        Topics(entry.data[CONF_TOPIC_ID], entry.data.get(CONF_TOPIC_PREFIX, ""))
    )
