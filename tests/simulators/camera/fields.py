"""Checks of the fields of a message, as strict as the vendor document's tables.

A check takes a value and raises `Refused`: 10002 for a wrong type or a value out of range, 10003 for a missing field.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from .codes import EMPTY_FIELD, INVALID_CONTENT, Refused

type Check = Callable[[Any], None]

TIME_FORMAT = "%Y-%m-%d %H:%M:%S"


def refuse(value: object, expected: str) -> Refused:
    """Return the refusal of one value; texts are not told, they may be secret."""
    told = value if isinstance(value, int | float) else type(value).__name__
    return Refused(INVALID_CONTENT, f"{told} is not {expected}")


def integer(low: int, high: int, also: Iterable[int] = ()) -> Check:
    """Return a check for whole numbers from low to high, and those of `also`."""
    others = frozenset(also)

    def check(value: Any) -> None:
        if type(value) is not int or not (low <= value <= high or value in others):
            raise refuse(value, f"a whole number {low}..{high}")

    return check


def number(low: float, high: float) -> Check:
    """Return a check for numbers from low to high."""

    def check(value: Any) -> None:
        if type(value) not in (int, float) or not low <= value <= high:
            raise refuse(value, f"a number {low}..{high}")

    return check


def text(longest: int, shortest: int = 0) -> Check:
    """Return a check for texts of so many characters."""

    def check(value: Any) -> None:
        if not isinstance(value, str) or not shortest <= len(value) <= longest:
            raise refuse(value, f"a text of {shortest}..{longest} characters")

    return check


def one_of(*choices: str) -> Check:
    """Return a check for some texts."""

    def check(value: Any) -> None:
        if value not in choices:
            raise refuse(value, f"one of {choices}")

    return check


def parsed(form: str) -> Check:
    """Return a check for times in a strptime format."""

    def check(value: Any) -> None:
        try:
            datetime.strptime(value, form)
        except (TypeError, ValueError) as error:
            raise refuse(value, f"a time like {form}") from error

    return check


def colour(value: Any) -> None:
    """Check a colour written `#rrggbb`."""
    if not (isinstance(value, str) and len(value) == 7 and value.startswith("#")):
        raise refuse(value, "#rrggbb")
    try:
        int(value[1:], 16)
    except ValueError as error:
        raise refuse(value, "#rrggbb") from error


def many(check_item: Check, most: int, least: int = 0) -> Check:
    """Return a check for lists of so many items."""

    def check(value: Any) -> None:
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise refuse(value, f"a list of {least}..{most}")
        for item in value:
            check_item(item)

    return check


def record(fields: Mapping[str, Check], required: Iterable[str] = ()) -> Check:
    """Return a check for objects; an unused field may be null, an unknown one is passed over, as seen on devices."""
    needed = tuple(required)

    def check(value: Any) -> None:
        if not isinstance(value, dict):
            raise refuse(value, "an object")
        for name in needed:
            if value.get(name) is None:
                raise Refused(EMPTY_FIELD, f"{name} is missing")
        for name, item in value.items():
            if item is None or name not in fields:
                continue
            try:
                fields[name](item)
            except Refused as refusal:
                raise Refused(refusal.code, f"{name}: {refusal}") from refusal

    return check


flag = integer(0, 1)
moment = parsed(TIME_FORMAT)
