"""What a terminal is, what it can do and how it is set: learned by asking, remembered across restarts."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from homeassistant.core import callback
from homeassistant.helpers.event import async_track_time_interval

from ..const import DOMAIN, LOGGER
from ..facegate import (
    COMMANDS,
    FaceGateConnectionError,
    FaceGateError,
    FaceGateTimeoutError,
    FaceGateUnsupportedError,
)
from .questions import QUESTIONS, Question
from .terminal_settings import TerminalSettings

if TYPE_CHECKING:
    from .terminal import TerminalCoordinator


class Capabilities:
    """Asks a terminal what it is and can do, and has entities come and go with that."""

    def __init__(self, terminal: TerminalCoordinator) -> None:
        """Belong to a terminal."""
        self._terminal = terminal
        self.settings = TerminalSettings(terminal.client, self._settings_read)
        # Whether entities were offered by what is known.
        self.offered = False
        # How often it is being asked, and whether it came meanwhile.
        self._asking = 0
        self._came = False

    @callback
    def async_follow(self) -> None:
        """Ask again now and then, as long as the entry is loaded."""
        terminal = self._terminal
        entry = terminal.config_entry
        self.settings.async_follow(
            terminal.hass, entry, lambda: terminal.available and terminal.memory.answers
        )

        async def ask_again(question: Question, _: datetime) -> None:
            self.async_ask_again(question.command)

        for question in QUESTIONS:
            if question.interval:
                entry.async_on_unload(
                    async_track_time_interval(
                        terminal.hass,
                        partial(ask_again, question),
                        question.interval,
                        name=f"{DOMAIN} {question.command} {entry.title}",
                        cancel_on_shutdown=True,
                    )
                )

    @callback
    def async_came(self) -> None:
        """Ask a terminal that was not there before; where it is being asked, once more if nothing comes of that."""
        if self._asking:
            self._came = True
        else:
            self._terminal.async_ask()

    async def async_ask(self) -> None:
        """Learn what the terminal is and can do; its answers mark it as alive."""
        self._came = False
        self._asking += 1
        try:
            while not await self._async_ask_all() and self._came:
                self._came = False
        finally:
            self._asking -= 1

    async def _async_ask_all(self) -> bool:
        """Ask all questions; False if the terminal does not answer."""
        terminal = self._terminal
        if not await terminal.presence.async_answers():
            return False
        answered: set[str] = set()
        state = terminal.data
        changes: dict[str, Any] = {}
        lost = False
        for question in QUESTIONS:
            if not question.applies(replace(state, **changes)):
                continue
            try:
                answer = await question.ask(terminal.client)
            except FaceGateConnectionError:
                return False
            except FaceGateTimeoutError as err:
                # One answer may get lost, or be to a question that old firmware ignores; after two there is nobody.
                if lost:
                    return False
                lost = True
                self._no_answer(question, err)
            except FaceGateError as err:
                lost = False
                self._no_answer(question, err)
            else:
                lost = False
                answered.add(question.command)
                changes |= question.learn(replace(state, **changes), answer)
        answered |= await self.settings.async_ask()
        terminal.async_change(settings=self.settings.values, **changes)
        terminal.async_update_device()
        news = self._learn(answered)
        terminal.async_background(terminal.captures.async_catch_up(), "catch up")
        # Last: it may load the entry anew at once, and what begins after that nobody ends.
        self._offer_anew(news)
        return True

    @callback
    def async_ask_again(self, command: str) -> None:
        """Ask again what may have changed, without waiting for it."""
        terminal = self._terminal
        if not terminal.available or not terminal.supports(command):
            return
        for question in QUESTIONS:
            if question.command == command and question.applies(terminal.data):
                terminal.async_background(self._async_ask_again(question), command)

    async def _async_ask_again(self, question: Question) -> None:
        """Learn the answer to one question; what was known stays if the terminal does not tell."""
        terminal = self._terminal
        try:
            answer = await question.ask(terminal.client)
        except FaceGateUnsupportedError:
            self.async_learn_unsupported()
        except FaceGateError as err:
            self._no_answer(question, err)
        else:
            terminal.async_change(**question.learn(terminal.data, answer))

    def _no_answer(self, question: Question, err: FaceGateError) -> None:
        """Note that a question was not answered."""
        title = self._terminal.config_entry.title
        LOGGER.debug("%s: no %s (%s)", title, question.command, err)

    @callback
    def _settings_read(self, answered: Iterable[str]) -> None:
        """Show the settings as they are now."""
        self._terminal.async_change(settings=self.settings.values)
        self.async_learn_unsupported(answered)

    @callback
    def async_learn_unsupported(self, answered: Iterable[str] = ()) -> None:
        """Remember what the firmware lacks and has, and let entities go and come with that."""
        self._offer_anew(self._learn(answered))

    def _learn(self, answered: Iterable[str]) -> bool:
        """Remember which commands the firmware lacks, until it answers them or is replaced, and the settings it has; whether that is news.

        A setting that does not apply now is not told, and does not vanish for that.
        """
        terminal = self._terminal
        memory = terminal.memory
        known, settings = memory.unsupported, memory.settings
        firmware = terminal.data.firmware
        if memory.firmware and memory.firmware != firmware:
            known = settings = frozenset()
        self._say_what_is_lacking(terminal.client.unsupported - memory.unsupported)
        news = memory.async_learn(
            unsupported=(known - set(answered)) | terminal.client.unsupported,
            settings=settings | terminal.data.settings.keys(),
            has_mobile=memory.has_mobile
            if terminal.data.has_mobile is None
            else terminal.data.has_mobile,
        )
        memory.async_learn(firmware=firmware)
        return news

    def _offer_anew(self, news: bool) -> None:
        """Load the entry anew: entities for what the firmware lacks must go, those for what it has gained must come."""
        terminal = self._terminal
        if news and self.offered:
            terminal.hass.config_entries.async_schedule_reload(
                terminal.config_entry.entry_id
            )

    def _say_what_is_lacking(self, commands: Iterable[str]) -> None:
        """Log why there is nothing for commands; what is remembered was said before."""
        if names := sorted({COMMANDS[command].wire for command in commands}):
            LOGGER.info(
                "%s: its firmware does not know %s; nothing is offered that needs it",
                self._terminal.config_entry.title,
                ", ".join(names),
            )
