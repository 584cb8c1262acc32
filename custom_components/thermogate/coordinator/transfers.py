"""Files to and from a terminal."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..errors import translate_errors
from ..facegate import Command, Progress, Request, check_file, download, upload

if TYPE_CHECKING:
    from .terminal import TerminalCoordinator


class Transfers:
    """Moves one file at a time, and tells how far it is."""

    def __init__(self, terminal: TerminalCoordinator) -> None:
        """Belong to a terminal."""
        self._terminal = terminal
        self._turn = asyncio.Lock()
        self._stopped = False

    @translate_errors
    async def async_download(self, path: str) -> bytes:
        """Return a file of the terminal."""
        return await self.async_move(
            lambda request, progress: download(request, path, progress=progress)
        )

    @translate_errors
    async def async_upload(self, path: str, data: bytes) -> None:
        """Write a file of the terminal; the path is checked first."""
        check_file(path)
        await self.async_move(
            lambda request, progress: upload(request, path, data, progress)
        )

    async def async_move[T](
        self, move: Callable[[Request, Progress], Awaitable[T]]
    ) -> T:
        """Move a file when it is its turn: `move` gets what sends a command, and what is told how far it is.

        Raises what `move` does; HomeAssistantError once the entry is unloaded.
        """
        async with self._turn:
            try:
                return await self._terminal.async_command(
                    move(self._request, self._progress)
                )
            finally:
                self._terminal.async_change(transfer=None)

    @callback
    def async_stop(self) -> None:
        """Let what is under way end with its next chunk, however patient it is."""
        self._stopped = True

    async def _request(self, command: Command, /, **values: Any) -> dict[str, Any]:
        """Send a command as the client does. HomeAssistantError once the entry is unloaded."""
        if self._stopped:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="not_running",
                translation_placeholders={"name": self._terminal.config_entry.title},
            )
        return await self._terminal.client.request(command, **values)

    def _progress(self, done: int, total: int) -> None:
        """Show how much has been moved, in percent."""
        self._terminal.async_change(transfer=100 * done // total if total else 100)
