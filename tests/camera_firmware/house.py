"""A camera that gets files, and what a person does about it."""

from pathlib import Path
from typing import Any

from custom_components.thermogate.const import DOMAIN
from custom_components.thermogate.coordinator.camera_upgrades import NO_NEWS, UNCHANGED
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import issue_registry as ir
from tests.helpers import act
from tests.persons.house import device_id
from tests.simulators.camera import Options

SERIAL = Options().serial
UPDATE = "update.yard_firmware"
OLD, NEW = "1.2.9", "1.2.10"
FILE = f"NC200_{NEW}.bin"


def put(hass: HomeAssistant, folder: str, name: str, data: bytes) -> Path:
    """Put a file where a person does, relative to the configuration folder. Writes to the disk."""
    path = Path(hass.config.path(folder)) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


async def install(hass: HomeAssistant) -> None:
    """Press Install."""
    await act(hass, "update.install", UPDATE)


async def upload_package(
    hass: HomeAssistant, context: Context | None = None, **fields: Any
) -> None:
    """Send a package to the one camera there is."""
    await hass.services.async_call(
        DOMAIN,
        "upload_package",
        {"device_id": device_id(hass, SERIAL), **fields},
        blocking=True,
        context=context,
    )


def issues(hass: HomeAssistant) -> list[str]:
    """Return what is said to have gone wrong with an installation."""
    found = (issue.translation_key for issue in ir.async_get(hass).issues.values())
    return [key for key in found if key in (UNCHANGED, NO_NEWS)]
