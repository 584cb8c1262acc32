"""How a terminal checks the fields of a request: small checks that are put together into tables.

A check takes a value and the name of its field and raises `Refused` with error code 3 when the value is wrong, as
vendor document 1.3 has it. Keys that no table names are tolerated, as seen on devices.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
import re
from typing import cast

from tests.simulators.common import Json

type Check = Callable[[object, str], None]

MOMENT_FORMAT = "%Y/%m/%d %H:%M:%S"
LARGEST_WG26_34 = 2**32 - 1
LARGEST_UNSIGNED_64 = 2**64 - 1

# Error codes of vendor document 1.3 that this simulator answers.
UNKNOWN_COMMAND = 2
ILLEGAL_FIELD = 3
AUTHENTICATION_FAILED = 4
BUSY = 5
NOT_LICENSED = 7
CHECKSUM_WRONG = 11
FACE_EXISTS = 16
LIMIT_REACHED = 20
EXISTS_ALREADY = 21
DOES_NOT_EXIST = 22
WRITE_FAILED = 23
READ_FAILED = 24
NO_FUZZY_CARDS = 30
PICTURE_UNREADABLE = 35
PICTURE_TOO_LARGE = 36
FACE_TOO_SMALL = 38
NOT_ONE_FACE = 40


class Refused(Exception):
    """A request that the terminal answers with an error code and a `desc`."""

    def __init__(self, code: int, description: str, **extra: Json) -> None:
        """Take the code, the text for `desc` and further keys of the answer."""
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description
        self.extra = extra


@dataclass(frozen=True, slots=True)
class Optional:
    """A field that may be missing."""

    check: Check


type Fields = Mapping[str, Check | Optional]


def wrong(name: str, reason: str) -> Refused:
    """Return the refusal of one field."""
    return Refused(ILLEGAL_FIELD, f"illegal field {name}: {reason}")


def check_fields(values: Mapping[str, object], fields: Fields, where: str = "") -> None:
    """Check all fields of an object; the first wrong or missing one raises."""
    for name, field in fields.items():
        full_name = f"{where}{name}"
        if name in values:
            (field.check if isinstance(field, Optional) else field)(
                values[name], full_name
            )
        elif not isinstance(field, Optional):
            raise wrong(full_name, "missing")


def integer(low: int | None = None, high: int | None = None) -> Check:
    """Accept a whole number within bounds; true and 1.0 are none."""

    def check(value: object, name: str) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            raise wrong(name, "not an integer")
        _check_bounds(value, low, high, name)

    return check


def number(low: float | None = None, high: float | None = None) -> Check:
    """Accept any number within bounds."""

    def check(value: object, name: str) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise wrong(name, "not a number")
        _check_bounds(value, low, high, name)

    return check


def _check_bounds(
    value: float, low: float | None, high: float | None, name: str
) -> None:
    if (low is not None and value < low) or (high is not None and value > high):
        raise wrong(name, f"{value} is not between {low} and {high}")


def boolean(value: object, name: str) -> None:
    """Accept true and false only."""
    if not isinstance(value, bool):
        raise wrong(name, "not a boolean")


def one_of(*choices: str | int) -> Check:
    """Accept one of some values, of exactly their type."""

    def check(value: object, name: str) -> None:
        if not any(
            type(value) is type(choice) and value == choice for choice in choices
        ):
            raise wrong(name, f"not one of {', '.join(map(str, choices))}")

    return check


flag = one_of(0, 1)


def text(most_bytes: int | None = None, *, least: int = 0) -> Check:
    """Accept a text of so many bytes in UTF-8."""

    def check(value: object, name: str) -> None:
        if not isinstance(value, str):
            raise wrong(name, "not a text")
        size = len(value.encode("utf-8", "replace"))
        if size < least or (most_bytes is not None and size > most_bytes):
            raise wrong(name, f"{size} bytes long")

    return check


def matching(pattern: str) -> Check:
    """Accept a text that matches a regular expression as a whole."""

    def check(value: object, name: str) -> None:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise wrong(name, "not in the expected form")

    return check


def moment(*words: str) -> Check:
    """Accept a local time like 2018/11/23 16:00:00, or one of some words."""

    def check(value: object, name: str) -> None:
        if value in words:
            return
        if not isinstance(value, str) or not re.fullmatch(
            r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d", value
        ):
            raise wrong(name, "not a time like 2018/11/23 16:00:00")
        try:
            datetime.strptime(value, MOMENT_FORMAT)
        except ValueError as error:
            raise wrong(name, "no such time") from error

    return check


def base64_text(most_bytes: int | None = None) -> Check:
    """Accept base64 of so many bytes, without a data-URI head."""

    def check(value: object, name: str) -> None:
        size = len(decoded(value, name))
        if most_bytes is not None and size > most_bytes:
            raise wrong(name, f"{size} bytes long")

    return check


def decoded(value: object, name: str) -> bytes:
    """Return the bytes of a base64 text."""
    if not isinstance(value, str):
        raise wrong(name, "not a text")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise wrong(name, "not base64") from error


def array(item: Check, least: int = 0, most: int | None = None) -> Check:
    """Accept a list of so many items."""

    def check(value: object, name: str) -> None:
        if not isinstance(value, list):
            raise wrong(name, "not a list")
        if len(value) < least or (most is not None and len(value) > most):
            raise wrong(name, f"{len(value)} items")
        for index, entry in enumerate(value):
            item(entry, f"{name}[{index}]")

    return check


def structure(fields: Fields) -> Check:
    """Accept an object with these fields."""

    def check(value: object, name: str) -> None:
        if not isinstance(value, dict):
            raise wrong(name, "not an object")
        check_fields(cast("dict[str, object]", value), fields, f"{name}.")

    return check
