"""What the tests of a camera's settings look at: the entity of a setting, and what the camera itself is set to."""

from collections.abc import Callable
from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.thermogate.camera_setting_entities import (
    camera_settings_of,
    platform_of,
)
from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.coordinator import CameraCoordinator
from custom_components.thermogate.guide import (
    SECTIONS,
    GuideClient,
    GuideTimeoutError,
    Message,
    Setting,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from tests.simulators.camera import CameraSimulator

SHOWN = (Platform.NUMBER, Platform.SELECT, Platform.SWITCH, Platform.TEXT)
EMISSIVITY = "number.yard_emissivity"
PALETTE = "select.yard_palette"
MUTE = "switch.yard_mute"

# The simulated picture.
SIZE = (512, 384)
# Newer firmware than the simulated one has these.
NEWER = {
    "illegal_access_lock_time",
    "network_exception_interval_time",
    "spot_tracking_high_condition",
    "spot_tracking_low_condition",
    "spot_tracking_record_time",
}


def entity_of(
    hass: HomeAssistant, camera: CameraSimulator, setting: Setting
) -> str | None:
    """Return the entity of a setting, None where there is none."""
    platform = platform_of(setting)
    assert platform
    return er.async_get(hass).async_get_entity_id(
        platform, DOMAIN, f"{camera.options.serial}_{setting.key}"
    )


def offered(
    hass: HomeAssistant, camera: CameraSimulator, platform: Platform
) -> list[tuple[Setting, str]]:
    """Return the settings that a platform should show for the simulated camera, with their entities, which are there."""
    found = []
    for setting in camera_settings_of(platform):
        if setting.key not in NEWER:
            entity_id = entity_of(hass, camera, setting)
            assert entity_id, setting.key
            found.append((setting, entity_id))
    return found


def holder(camera: CameraSimulator, setting: Setting) -> dict[str, Any]:
    """Return the part of the camera's own settings that holds one."""
    found: Any = camera.camera.settings[set_number(setting)]
    for step in setting.path[:-1]:
        found = (
            found[step]
            if isinstance(step, str)
            else next(item for item in found if item["type"] == step)
        )
    assert isinstance(found, dict)
    return found


def has(camera: CameraSimulator, setting: Setting) -> Any:
    """Return what the camera is set to."""
    return holder(camera, setting)[setting.field.name]


def set_number(setting: Setting) -> int:
    """Return the command that sets a setting."""
    number = SECTIONS[setting.section].paired_set
    assert number
    return number


def coordinator_of(entry: MockConfigEntry) -> CameraCoordinator:
    """Return the coordinator of a camera that is set up."""
    assert isinstance(entry.runtime_data, CameraCoordinator)
    return entry.runtime_data


def silent_about(*numbers: int) -> Callable[..., Any]:
    """Return a client's way to ask that gets no answer to some commands."""
    request = GuideClient.request

    async def ask(
        client: GuideClient, cmdtype: int, *args: Any, **named: Any
    ) -> Message:
        if cmdtype in numbers:
            raise GuideTimeoutError(f"No answer to {cmdtype}")
        return await request(client, cmdtype, *args, **named)

    return ask
