"""Files to and from a terminal."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from ..errors import translate_errors
from ..facegate import check_file, download, upload

if TYPE_CHECKING:
    from .terminal import TerminalCoordinator


class Transfers:
    """Moves one file at a time, and tells how far it is."""

    def __init__(self, terminal: TerminalCoordinator) -> None:
        """Belong to a terminal."""
        self._terminal = terminal
        self._turn = asyncio.Lock()

    @translate_errors
    async def async_download(self, path: str) -> bytes:
        """Return a file of the terminal."""
        request = self._terminal.client.request
        return await self._async_move(
            lambda: download(request, path, progress=self._progress)
        )

    @translate_errors
    async def async_upload(self, path: str, data: bytes) -> None:
        """Write a file of the terminal; the path is checked first."""
        check_file(path)
        request = self._terminal.client.request
        await self._async_move(
            lambda: upload(request, path, data, progress=self._progress)
        )

    async def _async_move[T](self, move: Callable[[], Awaitable[T]]) -> T:
        """Move a file when it is its turn."""
        async with self._turn:
            try:
                return await self._terminal.async_command(move())
            finally:
                self._terminal.async_change(transfer=None)

    def _progress(self, done: int, total: int) -> None:
        """Show how much has been moved, in percent."""
        self._terminal.async_change(transfer=100 * done // total if total else 100)
