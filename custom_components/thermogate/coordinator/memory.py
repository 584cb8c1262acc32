"""What is known about a terminal across restarts."""

from typing import Any, TypedDict

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from ..const import DOMAIN

STORAGE_VERSION = 1
# Resends come within hours; this is days of traffic at a busy door.
MAX_SEEN = 4096
SAVE_DELAY = 1.0


class _Stored(TypedDict):
    seen: list[str]
    answers: bool
    unsupported: list[str]
    firmware: str


class TerminalMemory:
    """Remembers which captures were handled, and what the terminal was found to be able to do.

    Bounded: the oldest captures are forgotten first. Written at most once a second, and when Home Assistant stops.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Start empty; `async_load` fills it."""
        self._store = Store[_Stored](
            hass, STORAGE_VERSION, f"{DOMAIN}.{entry_id}", private=True
        )
        self._seen: dict[str, None] = {}
        self._saving = False
        self.answers = False
        self.unsupported: frozenset[str] = frozenset()
        self.firmware = ""

    async def async_load(self) -> None:
        """Read what was stored."""
        if (stored := await self._store.async_load()) is None:
            return
        self._seen = dict.fromkeys(stored["seen"])
        self.answers = stored["answers"]
        self.unsupported = frozenset(stored["unsupported"])
        self.firmware = stored["firmware"]

    @callback
    def async_is_new(self, key: str) -> bool:
        """Remember a capture; False when it was already known."""
        if key in self._seen:
            return False
        self._seen[key] = None
        if len(self._seen) > MAX_SEEN:
            del self._seen[next(iter(self._seen))]
        self._async_save()
        return True

    @callback
    def async_learn(self, **facts: Any) -> bool:
        """Remember facts about the terminal; True when one of them is new."""
        news = {
            name: fact for name, fact in facts.items() if getattr(self, name) != fact
        }
        for name, fact in news.items():
            setattr(self, name, fact)
        if news:
            self._async_save()
        return bool(news)

    async def async_flush(self) -> None:
        """Write now what is not yet written."""
        if self._saving:
            await self._store.async_save(self._to_store())

    async def async_remove(self) -> None:
        """Forget everything."""
        await self._store.async_remove()

    @callback
    def _async_save(self) -> None:
        """Write soon; a save that is due is not put off by the next capture."""
        if not self._saving:
            self._saving = True
            self._store.async_delay_save(self._to_store, SAVE_DELAY)

    @callback
    def _to_store(self) -> _Stored:
        self._saving = False
        return {
            "seen": list(self._seen),
            "answers": self.answers,
            "unsupported": sorted(self.unsupported),
            "firmware": self.firmware,
        }
