"""Files for a camera: firmware that a person put into a folder is offered and installed, and other packages are sent.

A camera that has taken its firmware restarts by itself, when and for how long is not documented: it is watched until it tells
another version.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_time_interval

from ..const import DOMAIN, LOGGER
from ..errors import translate_errors
from ..firmware import (
    FirmwareDamagedError,
    camera_firmware_folder,
    checked_md5,
    newest_firmware,
)
from ..guide import FIRMWARE, Connection, GuideError

if TYPE_CHECKING:
    from .camera import CameraCoordinator

LOOK_INTERVAL: Final = timedelta(minutes=5)
# How often it is looked for after it took its firmware, in seconds, and for how long.
WATCH: Final = 2.0
INSTALLS_WITHIN: Final = 15 * 60.0

UNCHANGED: Final = "camera_upgrade_unchanged"
NO_NEWS: Final = "camera_upgrade_no_news"


class CameraUpgrades:
    """Brings files to one camera, one at a time."""

    def __init__(self, camera: CameraCoordinator) -> None:
        """Belong to a camera."""
        self._camera = camera
        self._sending = False

    @callback
    def async_follow(self) -> None:
        """Look for firmware now and then."""
        camera = self._camera
        camera.async_background(self.async_look(), "firmware")

        async def look(_: datetime) -> None:
            await self.async_look()

        camera.config_entry.async_on_unload(
            async_track_time_interval(
                camera.hass,
                look,
                LOOK_INTERVAL,
                name=f"{DOMAIN} firmware {camera.config_entry.title}",
                cancel_on_shutdown=True,
            )
        )

    async def async_look(self) -> None:
        """Offer the newest file."""
        camera = self._camera
        try:
            offer = await camera.hass.async_add_executor_job(
                newest_firmware, camera_firmware_folder(camera.hass), camera.device_key
            )
        except OSError as err:
            LOGGER.debug("%s: no firmware (%s)", camera.config_entry.title, err)
            return
        camera.async_change(offer=offer)

    async def async_install(self) -> None:
        """Send what is offered, and watch the camera in the background. HomeAssistantError for what stands in the way."""
        camera = self._camera
        offer = camera.data.offer
        if offer is None or offer.path is None:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="no_camera_firmware"
            )
        for issue in (UNCHANGED, NO_NEWS):
            camera.async_issue(issue, False)
        before = camera.data.version.version
        camera.async_change(upgrading=True, upgrade_percent=0)
        try:
            await self.async_send(FIRMWARE, offer.path)
        except BaseException:
            camera.async_change(upgrading=False, upgrade_percent=None)
            raise
        camera.async_change(upgrade_percent=None)
        camera.async_background(self._async_watch(before, offer.version), "restart")

    @translate_errors
    async def async_send(self, cmdtype: int, path: Path) -> None:
        """Send a file, which is what its checksum says. HomeAssistantError for what stands in the way."""
        async with self._turn():
            try:
                await self._camera.hass.async_add_executor_job(checked_md5, path)
                await self._camera.client.upload(cmdtype, path, self._sent)
            except FirmwareDamagedError as err:
                raise HomeAssistantError(
                    translation_domain=DOMAIN,
                    translation_key="firmware_damaged",
                    translation_placeholders={"file": path.name},
                ) from err
            except OSError as err:
                raise HomeAssistantError(
                    translation_domain=DOMAIN,
                    translation_key="firmware_unreadable",
                    translation_placeholders={
                        "file": path.name,
                        "reason": err.strerror or str(err),
                    },
                ) from err

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None]:
        """Be the only one who sends a file."""
        if self._sending:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="upgrade_running"
            )
        self._sending = True
        try:
            yield
        finally:
            self._sending = False

    @callback
    def _sent(self, done: int, size: int) -> None:
        """Show how much of firmware is there."""
        if self._camera.data.upgrading:
            self._camera.async_change(upgrade_percent=100 * done // size)

    async def _async_watch(self, before: str, wanted: str) -> None:
        """Wait until the camera is back with another version; its entry is loaded anew then, which ends this."""
        camera = self._camera
        was_away = False
        issue = NO_NEWS
        try:
            async with asyncio.timeout(INSTALLS_WITHIN):
                while True:
                    await asyncio.sleep(WATCH)
                    if camera.data.connection is Connection.DISCONNECTED:
                        was_away = True
                        continue
                    if (version := await self._async_version()) is None:
                        continue
                    if version != before:
                        self._async_installed()
                        return
                    if was_away:
                        issue = UNCHANGED
                        break
        except TimeoutError:
            LOGGER.debug("%s: no news", camera.config_entry.title)
        camera.async_change(upgrading=False)
        LOGGER.warning(
            "%s: firmware %s was not installed (%s)",
            camera.config_entry.title,
            wanted,
            issue,
        )
        camera.async_issue(issue, True, version=wanted)

    async def _async_version(self) -> str | None:
        """Return the version that the camera tells now, None when it does not answer."""
        try:
            return (await self._camera.client.version()).version
        except GuideError as err:
            LOGGER.debug("%s: no version (%s)", self._camera.config_entry.title, err)
            return None

    @callback
    def _async_installed(self) -> None:
        """Look at everything anew: the camera may have gained or lost something."""
        camera = self._camera
        camera.async_change(upgrading=False)
        camera.hass.config_entries.async_schedule_reload(camera.config_entry.entry_id)
