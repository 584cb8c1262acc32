"""Files that actions wrote, over HTTP: Home Assistant's media browser gives out pictures, sound and films only."""

from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from aiohttp import web

from homeassistant.components.http import KEY_HASS, KEY_HASS_USER, HomeAssistantView
from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN
from .media_folder import MEDIA, async_media_folder

if TYPE_CHECKING:
    from homeassistant.auth.models import User

_URL: Final = f"/api/{DOMAIN}/download/{{name}}"
# Long enough to press a link in an answer; passwords and faces may be in a file.
LIFETIME: Final = timedelta(hours=1)


@callback
def download_url(hass: HomeAssistant, name: str) -> str:
    """Return the address of a file, which needs no login and expires."""
    path = _URL.replace("{name}", quote(name, safe=""))
    return async_sign_path(hass, path, LIFETIME, use_content_user=True)


@callback
def where_it_is(hass: HomeAssistant, file: Path) -> dict[str, Any]:
    """Return how a file of our media folder is found: for other actions, on the disk, and for a browser."""
    return {
        "media_content_id": f"media-source://media_source/{MEDIA}/{DOMAIN}/{file.name}",
        "path": str(file),
        "url": download_url(hass, file.name),
    }


class DownloadView(HomeAssistantView):
    """Gives out the files of our media folder: to administrators, and to whoever has the address from an action's answer."""

    url = _URL
    name = f"api:{DOMAIN}:download"

    async def get(self, request: web.Request, name: str) -> web.StreamResponse:
        """Return the file, to be saved and not shown."""
        user: User = request[KEY_HASS_USER]
        # Those that Home Assistant signs for are its own user.
        if not user.is_admin and not user.system_generated:
            return web.Response(status=HTTPStatus.FORBIDDEN)
        hass = request.app[KEY_HASS]
        try:
            folder = await async_media_folder(hass)
        except HomeAssistantError:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        file = await hass.async_add_executor_job(_file, folder, name)
        if file is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        return web.FileResponse(
            file,
            headers={
                "Cache-Control": "private, no-store",
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
                "Content-Type": "application/octet-stream",
                "X-Content-Type-Options": "nosniff",
            },
        )


def _file(folder: Path, name: str) -> Path | None:
    """Return a file that lies in the folder itself, and is no link."""
    file = folder / name
    if Path(name).name != name or file.is_symlink() or not file.is_file():
        return None
    return file
