"""What a terminal can be made to say and play."""

from asyncio import sleep
import re
from typing import Final, NamedTuple

from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN
from .coordinator import TerminalCoordinator
from .facegate import COMMANDS, Break, columns, pieces
from .sounds import Sound

(_SPEECH,) = COMMANDS["tts_play"].request
MAX_SPEECH: Final = _SPEECH.max_length or 0
# A terminal says nothing when it has finished speaking. This is how long a slow voice takes.
SECONDS_PER_COLUMN: Final = 0.12
MAX_PIECES: Final = 10

# What names have around them: "NO0.pass.wav", also seen on devices as "No0.pass.wav".
_DECORATION: Final = re.compile(r"^no\d+\.|\.wav$", re.IGNORECASE)


class BuiltIn(NamedTuple):
    """A sound that a terminal has."""

    number: int
    name: str

    @property
    def title(self) -> str:
        """What a person calls it."""
        return _DECORATION.sub("", self.name) or self.name


async def async_play(terminal: TerminalCoordinator, sound: Sound) -> None:
    """Play a sound, when nobody else's is on its way."""
    async with terminal.voice:
        await terminal.async_request(
            COMMANDS["play_audio_stream"], audio={"data": sound.wav}
        )


async def async_speak(terminal: TerminalCoordinator, text: str) -> None:
    """Let the terminal's own voice speak; a long text goes in pieces, each when the one before should have been spoken."""
    parts = pieces(" ".join(text.split()), MAX_SPEECH, Break.SENTENCE, Break.WORD)
    if not parts:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="nothing_to_say"
        )
    if len(parts) > MAX_PIECES:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="speech_too_long",
            translation_placeholders={"characters": str(MAX_PIECES * MAX_SPEECH)},
        )
    async with terminal.voice:
        for index, part in enumerate(parts):
            if index:
                await sleep(sum(map(columns, parts[index - 1])) * SECONDS_PER_COLUMN)
            await terminal.async_request(COMMANDS["tts_play"], text=part)


async def async_built_in(terminal: TerminalCoordinator) -> list[BuiltIn]:
    """Return the sounds that the terminal has, without those whose number or name it does not tell."""
    answer = await terminal.async_request(COMMANDS["browse_audio"])
    return [
        BuiltIn(sound["audio_no"], sound["audio_name"])
        for sound in answer["audio_list"]
        if sound and sound["audio_no"] is not None and sound["audio_name"]
    ]


async def async_play_built_in(terminal: TerminalCoordinator, wanted: str) -> None:
    """Play a sound that the terminal has, by its number, its name or the part of it that says something.

    ServiceValidationError if it has none like that.
    """
    known = await async_built_in(terminal)
    wish = wanted.strip().casefold()
    chosen = [
        sound
        for sound in known
        if wish in {str(sound.number), sound.name.casefold(), sound.title.casefold()}
    ]
    if not chosen:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_such_sound",
            translation_placeholders={
                "sound": wanted,
                "sounds": ", ".join(sound.title for sound in known),
            },
        )
    async with terminal.voice:
        await terminal.async_request(
            COMMANDS["play_audio"],
            audio_no=chosen[0].number,
            audio_name=chosen[0].name,
        )
