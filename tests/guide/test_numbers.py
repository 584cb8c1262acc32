"""Numbers that are told as texts are written back as numbers."""

from typing import Any

import pytest

from custom_components.thermogate.guide.fields import (
    group,
    integer,
    listing,
    number,
    switches,
    texts,
)
from custom_components.thermogate.guide.numbers import with_numbers

FIELDS = (
    integer("whole"),
    number("part"),
    *switches("on"),
    *texts("text"),
    group("group", integer("whole")),
    listing("items", integer("whole")),
    listing("days", item=integer("day")),
)


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ({"whole": "-7", "part": "0.50", "on": "1"}, {"whole": -7, "part": 0.5, "on": 1}),
        ({"whole": "7.0", "part": "3"}, {"whole": 7, "part": 3}),
        ({"whole": "7.5", "part": "warm", "on": ""}, {"whole": "7.5", "part": "warm", "on": ""}),
        ({"whole": None, "part": 1.5, "on": True}, {"whole": None, "part": 1.5, "on": True}),
        ({"text": "7", "unknown": "7"}, {"text": "7", "unknown": "7"}),
        ({"group": {"whole": "7"}}, {"group": {"whole": 7}}),
        ({"group": None, "items": None}, {"group": None, "items": None}),
        ({"items": [{"whole": "7"}, "?"]}, {"items": [{"whole": 7}, "?"]}),
        ({"days": ["4", 5]}, {"days": [4, 5]}),
    ],
)  # fmt: skip
def test_texts_become_numbers(told: dict[str, Any], written: dict[str, Any]) -> None:
    """Where the table has numbers, at every depth; all else stays as it is."""
    assert with_numbers(FIELDS, told) == written
