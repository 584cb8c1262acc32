"""Which captures were shown though the journal could not take them, so that none is shown twice, whatever happens meanwhile."""

import asyncio
from collections import deque
from contextlib import suppress
import hashlib
import os
from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant, callback

from ..const import DOMAIN

# A file of 17 KB: more than a busy terminal tells in an hour.
MAX_SHOWN: Final = 1024
_DIGITS: Final = 16
_EMPTY: Final = "0" * _DIGITS
_LINE: Final = _DIGITS + 1


class ShownCaptures:
    """Remembers captures in a file that never grows: it is overwritten in place, which works on a full disk.

    Home Assistant's own storage writes a new file each time and a second late: on a full disk, or killed at the wrong moment,
    it forgets. Bounded: the oldest captures are forgotten first. Where there was never room for the file, a restart forgets all.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Start empty; `async_load` fills it."""
        self.hass = hass
        self._path = Path(hass.config.path(DOMAIN, f"shown-{entry_id}"))
        # Marks and their lines in the file.
        self._lines: dict[str, int] = {}
        self._free = deque(range(MAX_SHOWN))
        # A journal that fails cannot tell that it has a capture: what was stored lately is remembered here, without the file.
        self._stored: dict[str, None] = {}
        self._turn = asyncio.Lock()

    async def async_load(self) -> None:
        """Read what was written, and make room for what will be."""
        marks = await self.hass.async_add_executor_job(_read, self._path)
        self._lines = {mark: line for line, mark in enumerate(marks) if mark != _EMPTY}
        used = set(self._lines.values())
        self._free = deque(line for line in range(MAX_SHOWN) if line not in used)

    @callback
    def async_knows(self, key: str) -> bool:
        """Whether a capture was shown, or stored lately."""
        mark = _mark(key)
        return mark in self._lines or mark in self._stored

    async def async_add(self, key: str) -> bool:
        """Remember that a capture is going to be shown though it is not stored; False when it was shown before."""
        if self.async_knows(key):
            return False
        mark = _mark(key)
        if not self._free:
            self._free.append(self._lines.pop(next(iter(self._lines))))
        line = self._lines[mark] = self._free.popleft()
        # One after the other, so that captures are shown in the order in which they came.
        async with self._turn:
            await self.hass.async_add_executor_job(_write, self._path, line, mark)
        return True

    @callback
    def async_stored(self, key: str) -> bool:
        """Make room, because the journal has a capture now; whether it was shown before."""
        mark = _mark(key)
        self._stored[mark] = None
        if len(self._stored) > MAX_SHOWN:
            del self._stored[next(iter(self._stored))]
        if (line := self._lines.pop(mark, None)) is None:
            return False
        self._free.append(line)
        return True

    async def async_remove(self) -> None:
        """Forget everything."""
        await self.hass.async_add_executor_job(_remove, self._path)


def _mark(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()[:_DIGITS]


def _read(path: Path) -> list[str]:
    """Return the lines of the file; one that is missing or damaged is made anew, as far as there is room."""
    with suppress(OSError, UnicodeDecodeError):
        marks = path.read_text("ascii").split()
        if len(marks) == MAX_SHOWN and path.stat().st_size == MAX_SHOWN * _LINE:
            return marks
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written, not left out: what a file only seems to have can still be missing on a full disk.
        path.write_text(f"{_EMPTY}\n" * MAX_SHOWN, "ascii")
    except OSError:
        # Not worth a word of its own: the journal is in the same folder and tells.
        _remove(path)
    return []


def _write(path: Path, line: int, mark: str) -> None:
    """Overwrite a line."""
    # Whoever has no file has only the memory.
    with suppress(OSError):
        file = os.open(path, os.O_WRONLY)
        try:
            os.pwrite(file, mark.encode(), line * _LINE)
            os.fsync(file)
        finally:
            os.close(file)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
