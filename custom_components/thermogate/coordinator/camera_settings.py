"""The settings of a camera: read when it comes and now and then, and after each change of one."""

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from homeassistant.util import dt as dt_util

from ..const import LOGGER
from ..errors import translate_errors
from ..guide import (
    SECTIONS,
    GuideCommandError,
    GuideTimeoutError,
    Message,
    Setting,
    put,
    put_words,
    tells,
    value_of,
    without_passwords,
)
from ..guide.wire import as_float

if TYPE_CHECKING:
    from .camera import CameraCoordinator

# People change settings on the camera's own page as well.
SETTINGS_INTERVAL = timedelta(minutes=10)
# Seconds for one answer: firmware may keep silent about a command that it does not know.
READ_TIMEOUT = 5.0

# Sections that are part of the state in another form, and what they are there.
ELSEWHERE: Mapping[str, str] = {"rules": "rules", "fill_light": "fill_light"}
# Sections that no entity shows.
UNREAD = frozenset({*ELSEWHERE, "network", "ports", "shielded_areas", "video"})


class CameraSettings:
    """Reads settings into the camera's state, section by section in the order of the table, and changes them."""

    def __init__(self, camera: CameraCoordinator) -> None:
        """Start with nothing known."""
        self._camera = camera
        self._read_at: datetime | None = None
        self._refused: set[str] = set()

    def tells(self, setting: Setting) -> bool:
        """Return whether the camera has a setting."""
        return tells(self._section(setting.section), setting)

    def value(self, setting: Setting) -> float | str | None:
        """Return the value of a setting; None while it is not known, or is none of the document's."""
        return value_of(self._section(setting.section), setting)

    def number(self, section: str, name: str) -> float | None:
        """Return a number that the camera only tells; None while it has not."""
        return as_float(self._section(section).get(name))

    def _section(self, section: str) -> Message:
        return self._camera.data.settings.get(section, {})

    # Reading

    def all_due(self) -> None:
        """Let the next reading ask for everything: it may be other firmware."""
        self._read_at = None
        self._refused.clear()

    async def async_read_if_due(self) -> None:
        """Read everything when its time has come; each section counts from when it was answered. Raises for a lost camera."""
        now = dt_util.utcnow()
        if self._read_at is not None and now - self._read_at < SETTINGS_INTERVAL:
            return
        due = [each for each in SECTIONS if each not in UNREAD | self._refused]
        async for section, answer in self.async_answers(due):
            if answer is not None:
                # Shown with the reading that this is a part of.
                self._camera.data = replace(
                    self._camera.data, settings=self._with(section, answer)
                )
            elif section not in self._camera.data.settings:
                self._refused.add(section)
        self._read_at = now

    async def async_answers(
        self, sections: Iterable[str]
    ) -> AsyncGenerator[tuple[str, Message | None]]:
        """Ask for sections and yield what the camera answers, None for one that it refuses. Raises for a lost camera.

        Firmware may keep silent about what it does not know: such a camera still answers what every one does.
        """
        for section in sections:
            answer: Message | None = None
            try:
                answer = await self._camera.client.request(
                    SECTIONS[section].cmdtype, timeout=READ_TIMEOUT
                )
            except GuideTimeoutError:
                await self._camera.client.version()
            except GuideCommandError as err:
                LOGGER.debug("%s: %s", self._camera.config_entry.title, err)
            yield section, answer

    async def async_read_again(self, section: str) -> None:
        """Read and show a section that something else than a setting has changed, if the camera has it."""
        if section not in self._camera.data.settings:
            return
        answer = await self._camera.client.request(SECTIONS[section].cmdtype)
        self._camera.async_change(settings=self._with(section, answer))

    def _with(self, section: str, answer: Message) -> dict[str, Message]:
        return {**self._camera.data.settings, section: without_passwords(answer)}

    # Changing

    async def async_set(
        self, setting: Setting, value: float | str, *others: tuple[Setting, float | str]
    ) -> None:
        """Change a setting and others of its section that go with it, where the camera has them."""

        def change(message: Message) -> Message:
            put(message, setting, value)
            for other, its_value in others:
                if tells(message, other):
                    put(message, other, its_value)
            return message

        answer = await self._camera.async_modify(
            SECTIONS[setting.section].cmdtype, change
        )
        self._camera.async_change(settings=self._with(setting.section, answer))

    async def async_put_words(self, section: str, changes: Mapping[str, Any]) -> None:
        """Change a section as people name its fields; what nobody named stays as it is."""
        await self.async_edit(
            section, lambda message: put_words(section, message, changes)
        )

    @translate_errors
    async def async_edit(
        self, section: str, edit: Callable[[Message], None]
    ) -> Message:
        """Change what the camera answers of a section, write it back whole, show it, and return it as read again.

        One edit runs at a time, so that two of the same list both survive.
        """

        def change(message: Message) -> Message:
            edit(message)
            return message

        answer = await self._camera.client.modify(SECTIONS[section].cmdtype, change)
        if section in ELSEWHERE:
            await self._camera.async_ask_again(ELSEWHERE[section])
        elif section not in UNREAD:
            self._camera.async_change(settings=self._with(section, answer))
        return answer
