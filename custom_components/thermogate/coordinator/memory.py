"""What is known about a terminal across restarts."""

from typing import Any, TypedDict

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from ..const import DOMAIN

STORAGE_VERSION = 1
# What is shown while the journal fails; a terminal keeps about as many.
MAX_SHOWN = 4096
SAVE_DELAY = 1.0


class _Stored(TypedDict):
    shown: list[str]
    answers: bool
    unsupported: list[str]
    firmware: str
    signature: str


class TerminalMemory:
    """Remembers who the terminal is, what it can do, and which captures were shown that the journal could not take.

    Bounded: the oldest captures are forgotten first. Written at most once a second, and when Home Assistant stops.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Start empty; `async_load` fills it."""
        self._store = Store[_Stored](
            hass, STORAGE_VERSION, f"{DOMAIN}.{entry_id}", private=True
        )
        self._shown: dict[str, None] = {}
        self._saving = False
        self.answers = False
        self.unsupported: frozenset[str] = frozenset()
        self.firmware = ""
        # The serial number in its captures.
        self.signature = ""

    async def async_load(self) -> None:
        """Read what was stored."""
        if (stored := await self._store.async_load()) is None:
            return
        self._shown = dict.fromkeys(stored["shown"])
        self.answers = stored["answers"]
        self.unsupported = frozenset(stored["unsupported"])
        self.firmware = stored["firmware"]
        self.signature = stored["signature"]

    @callback
    def async_show(self, key: str) -> bool:
        """Remember that a capture is shown though it is not stored; False when it was shown before."""
        if key in self._shown:
            return False
        self._shown[key] = None
        if len(self._shown) > MAX_SHOWN:
            del self._shown[next(iter(self._shown))]
        self._async_save()
        return True

    @callback
    def async_stored(self, key: str) -> bool:
        """Forget a capture that the journal has now; whether it was shown before."""
        if key not in self._shown:
            return False
        del self._shown[key]
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
            "shown": list(self._shown),
            "answers": self.answers,
            "unsupported": sorted(self.unsupported),
            "firmware": self.firmware,
            "signature": self.signature,
        }
