"""Actions, registered once for all devices."""

from homeassistant.core import HomeAssistant, callback

from .actions.alarm_schedules import async_setup_alarm_schedule_actions
from .actions.areas import async_setup_area_actions
from .actions.camera_access import async_setup_camera_access_actions
from .actions.camera_files import async_setup_camera_file_actions
from .actions.camera_functions import async_setup_camera_function_actions
from .actions.dead_pixels import async_setup_dead_pixel_actions
from .actions.encryption import async_setup_encryption_actions
from .actions.files import async_setup_file_actions
from .actions.firmware import async_setup_firmware_actions
from .actions.hardware import async_setup_hardware_actions
from .actions.intercom import async_setup_intercom_actions
from .actions.journal import async_setup_journal_actions
from .actions.mobile import async_setup_mobile_actions
from .actions.packages import async_setup_package_actions
from .actions.persons import async_setup_person_actions
from .actions.ptz import async_setup_ptz_actions
from .actions.ptz_paths import async_setup_ptz_path_actions
from .actions.ptz_positions import async_setup_ptz_position_actions
from .actions.recording import async_setup_recording_actions
from .actions.records import async_setup_record_actions
from .actions.rules import async_setup_rule_actions
from .actions.schedules import async_setup_schedule_actions
from .actions.screen import async_setup_screen_actions
from .actions.screensaver import async_setup_screensaver_actions
from .actions.settings import async_setup_settings_actions
from .actions.sound import async_setup_sound_actions
from .actions.temperature_history import async_setup_temperature_history_actions
from .actions.thermal import async_setup_thermal_actions
from .actions.thermal_files import async_setup_thermal_file_actions
from .actions.video_streams import async_setup_video_stream_actions
from .actions.wiring import async_setup_wiring_actions


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register all actions."""
    async_setup_ptz_actions(hass)
    async_setup_ptz_position_actions(hass)
    async_setup_ptz_path_actions(hass)
    async_setup_journal_actions(hass)
    async_setup_settings_actions(hass)
    async_setup_person_actions(hass)
    async_setup_screen_actions(hass)
    async_setup_screensaver_actions(hass)
    async_setup_sound_actions(hass)
    async_setup_wiring_actions(hass)
    async_setup_hardware_actions(hass)
    async_setup_file_actions(hass)
    async_setup_encryption_actions(hass)
    async_setup_mobile_actions(hass)
    async_setup_record_actions(hass)
    async_setup_schedule_actions(hass)
    async_setup_camera_access_actions(hass)
    async_setup_temperature_history_actions(hass)
    async_setup_rule_actions(hass)
    async_setup_area_actions(hass)
    async_setup_alarm_schedule_actions(hass)
    async_setup_video_stream_actions(hass)
    async_setup_intercom_actions(hass)
    async_setup_firmware_actions(hass)
    async_setup_thermal_actions(hass)
    async_setup_thermal_file_actions(hass)
    async_setup_recording_actions(hass)
    async_setup_camera_file_actions(hass)
    async_setup_dead_pixel_actions(hass)
    async_setup_camera_function_actions(hass)
    async_setup_package_actions(hass)
