"""What is known about a terminal across restarts."""

from typing import Any, NotRequired, TypedDict

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from ..const import DOMAIN
from .shown import ShownCaptures

STORAGE_VERSION = 1
SAVE_DELAY = 1.0


class _Stored(TypedDict):
    answers: bool
    unsupported: list[str]
    firmware: str
    signature: str
    # Not in files from before settings were entities.
    settings: NotRequired[list[str]]
    # Not in files from before terminals' clocks were kept right.
    has_mobile: NotRequired[bool]
    tells_zone: NotRequired[bool]
    keep_clock: NotRequired[bool]
    # Not in files from before firmware could be installed.
    app_version: NotRequired[str]
    # Not in files from before answers were looked at as well.
    answer_signature: NotRequired[str]


def _store(hass: HomeAssistant, entry_id: str) -> Store[_Stored]:
    return Store[_Stored](hass, STORAGE_VERSION, f"{DOMAIN}.{entry_id}", private=True)


async def async_known_signatures(hass: HomeAssistant, entry_id: str) -> set[str]:
    """Return the serial numbers that a terminal was heard with last, whether its entry is loaded or not."""
    stored = await _store(hass, entry_id).async_load()
    if stored is None:
        return set()
    return {stored["signature"], stored.get("answer_signature", "")}


class TerminalMemory:
    """Remembers who the terminal is, what it can do, and which captures were shown that the journal could not take.

    Written at most once a second, and when Home Assistant stops.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Start empty; `async_load` fills it."""
        self._store = _store(hass, entry_id)
        self.shown = ShownCaptures(hass, entry_id)
        self._saving = False
        self.answers = False
        self.unsupported: frozenset[str] = frozenset()
        self.firmware = ""
        # As told in its last query for an upgrade.
        self.app_version = ""
        # The serial number in its captures, and that in its answers, which may be another one (seen on devices).
        self.signature = ""
        self.answer_signature = ""
        # The keys of the settings that this firmware has ever told.
        self.settings: frozenset[str] = frozenset()
        self.has_mobile = False
        self.tells_zone = False
        # What a person wants, for all that nobody asks the terminal.
        self.keep_clock = False

    async def async_load(self) -> None:
        """Read what was stored."""
        await self.shown.async_load()
        if (stored := await self._store.async_load()) is None:
            return
        self.answers = stored["answers"]
        self.unsupported = frozenset(stored["unsupported"])
        self.firmware = stored["firmware"]
        self.signature = stored["signature"]
        self.settings = frozenset(stored.get("settings", ()))
        self.has_mobile = stored.get("has_mobile", False)
        self.tells_zone = stored.get("tells_zone", False)
        self.keep_clock = stored.get("keep_clock", False)
        self.app_version = stored.get("app_version", "")
        self.answer_signature = stored.get("answer_signature", "")

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
        await self.shown.async_remove()
        await self._store.async_remove()

    @callback
    def _async_save(self) -> None:
        """Write soon; a save that is due is not put off by the next fact."""
        if not self._saving:
            self._saving = True
            self._store.async_delay_save(self._to_store, SAVE_DELAY)

    @callback
    def _to_store(self) -> _Stored:
        self._saving = False
        return {
            "answers": self.answers,
            "unsupported": sorted(self.unsupported),
            "firmware": self.firmware,
            "signature": self.signature,
            "settings": sorted(self.settings),
            "has_mobile": self.has_mobile,
            "tells_zone": self.tells_zone,
            "keep_clock": self.keep_clock,
            "app_version": self.app_version,
            "answer_signature": self.answer_signature,
        }
