"""What a terminal can be made to show."""

from typing import Any, Final

from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN
from .coordinator import TerminalCoordinator
from .facegate import COMMANDS, Break, columns, pieces

(_SCREENSAVER,) = COMMANDS["update_screensaver"].request
SCREENSAVERS: Final = tuple(_SCREENSAVER.choices)

# How a message is written, in pixels and milliseconds: readable from two steps away, below the title bar, and within the
# narrowest screen that is known (720 pixels; a Latin letter is half as wide as high).
LEFT: Final = 0
TOP: Final = 100
FONT_SIZE: Final = 60
LINE_HEIGHT: Final = 75
COLUMNS: Final = 24
DURATION: Final = 10_000
MAX_LINES: Final = 8


async def async_set_screensaver(terminal: TerminalCoordinator, mode: str) -> None:
    """Choose what the screen shows while nobody is there, one of SCREENSAVERS."""
    await terminal.async_request(COMMANDS["update_screensaver"], mode=mode)
    terminal.async_change(screensaver=mode)


async def async_show_texts(
    terminal: TerminalCoordinator, texts: list[dict[str, Any]]
) -> None:
    """Show texts, by the keys of the command's table; what is left out is as there."""
    await terminal.async_request(COMMANDS["text_display"], texts=texts)


async def async_show_message(
    terminal: TerminalCoordinator, message: str, title: str | None
) -> None:
    """Show a message with its title above, in lines that fit."""
    lines = [
        line
        for paragraph in (title or "", *message.splitlines())
        for line in pieces(paragraph, COLUMNS, Break.WORD, width=columns)
    ]
    if not lines:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="nothing_to_say"
        )
    if len(lines) > MAX_LINES:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="message_too_long",
            translation_placeholders={
                "lines": str(MAX_LINES),
                "characters": str(COLUMNS),
            },
        )
    await async_show_texts(
        terminal,
        [
            {
                "text": line,
                "position": {"x": LEFT, "y": TOP + index * LINE_HEIGHT},
                "font_size": FONT_SIZE,
                "alive_time": DURATION,
            }
            for index, line in enumerate(lines)
        ],
    )
