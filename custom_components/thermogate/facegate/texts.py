"""Long texts in pieces that a terminal takes."""

from collections.abc import Callable
from enum import Enum
from itertools import accumulate
import re
import unicodedata


class Break(Enum):
    """Where a text may be cut; the match is the end of a piece."""

    SENTENCE = re.compile(r"[.!?:;…](?=\s)|[。！？：；]|\n")
    WORD = re.compile(r"(?=\s)|[，、]")


def pieces(
    text: str, most: int, *breaks: Break, width: Callable[[str], int] = len
) -> list[str]:
    """Return a text in pieces of at most `most`, without the blanks between them.

    Cut at the last of the first kind of break that a piece has, or anywhere if it has none. `width` measures a character.
    """
    found = []
    rest = text.strip()
    while rest:
        fits = max(_fits(rest, most, width), 1)
        end = len(rest) if fits == len(rest) else _cut(rest, fits, breaks)
        found.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return found


def columns(character: str) -> int:
    """Return how wide a character is: 2 for a Chinese one, 1 for a Latin one."""
    return 2 if unicodedata.east_asian_width(character) in {"F", "W"} else 1


def _fits(text: str, most: int, width: Callable[[str], int]) -> int:
    """Return how many characters fit."""
    return sum(total <= most for total in accumulate(map(width, text)))


def _cut(text: str, fits: int, breaks: tuple[Break, ...]) -> int:
    """Return where the first piece ends."""
    for kind in breaks:
        ends = [match.end() for match in kind.value.finditer(text, 0, fits + 1)]
        if usable := [end for end in ends if 0 < end <= fits]:
            return usable[-1]
    return fits
