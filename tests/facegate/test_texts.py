"""Long texts in pieces."""

import pytest

from custom_components.thermogate.facegate import Break, columns, pieces

BREAKS = (Break.SENTENCE, Break.WORD)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  ", []),
        ("Welcome", ["Welcome"]),
        ("exactly ten", ["exactly", "ten"]),
        ("just ten..", ["just ten.."]),
        ("Stop! Put on a mask", ["Stop!", "Put on a", "mask"]),
        ("One. Two. Three.", ["One. Two.", "Three."]),
        ("Version 1.2.3 is out", ["Version", "1.2.3 is", "out"]),
        ("A b.c d e f g h", ["A b.c d e", "f g h"]),
        ("Donaudampfschifffahrt", ["Donaudampf", "schifffahr", "t"]),
        ("请戴口罩。欢迎光临,请进", ["请戴口罩。", "欢迎光临,请进"]),
        ("请您先戴上口罩，然后再进入", ["请您先戴上口罩，", "然后再进入"]),
    ],
)
def test_at_most_ten_characters(text: str, expected: list[str]) -> None:
    """Sentences stay whole if they can, then words; nothing but blanks is lost."""
    assert pieces(text, 10, *BREAKS) == expected
    assert "".join("".join(expected).split()) == "".join(text.split())


@pytest.mark.parametrize(("length", "count"), [(64, 1), (65, 2), (128, 2), (129, 3)])
def test_the_limit(length: int, count: int) -> None:
    """From both sides."""
    parts = pieces("a" * length, 64, *BREAKS)
    assert len(parts) == count
    assert max(map(len, parts)) <= 64


def test_wide_characters() -> None:
    """A Chinese character takes the room of two Latin letters."""
    assert pieces("测温门禁ab", 6, Break.WORD, width=columns) == ["测温门", "禁ab"]


def test_a_character_that_is_too_wide() -> None:
    """Is a line by itself."""
    assert pieces("测温", 1, width=columns) == ["测", "温"]
