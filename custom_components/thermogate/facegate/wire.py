"""From bytes to JSON values and back, forgiving what devices get wrong."""

import binascii
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
import json
import math
import re
from typing import Any, Final

import orjson

from .errors import FaceGateMessageError
from .messages import FaceBox, Picture

MAX_PAYLOAD: Final = 16 * 1024 * 1024
MAX_DEPTH: Final = 32
# A page of twenty persons has some thousand. In memory each takes many times its size on the wire.
MAX_PARTS: Final = 50_000
MAX_TEXT: Final = 1024
MAX_UINT64: Final = 2**64 - 1

_MIN_INT64: Final = -(2**63)
_MAX_NUMBER_TEXT: Final = 64
_BLANKS: Final = " \t\r\n\0"
_TRUE: Final = {"true", "yes", "on", "1"}
_FALSE: Final = {"false", "no", "off", "0"}
_MAX_OFFSET: Final = timedelta(hours=14)

_TIME: Final = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[ T]+(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,:](\d{1,6})\d*)?",
    re.ASCII,
)
_ZONE: Final = re.compile(
    r"(?:UTC|GMT)?\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?", re.ASCII | re.IGNORECASE
)

# What a file starts with: offset, bytes.
_PICTURE_MARKS: Final[tuple[tuple[str, tuple[tuple[int, bytes], ...]], ...]] = (
    ("image/jpeg", ((0, b"\xff\xd8\xff"),)),
    ("image/png", ((0, b"\x89PNG\r\n\x1a\n"),)),
    ("image/gif", ((0, b"GIF87a"),)),
    ("image/gif", ((0, b"GIF89a"),)),
    ("image/webp", ((0, b"RIFF"), (8, b"WEBP"))),
    ("image/bmp", ((0, b"BM"), (6, b"\0\0\0\0"))),
)
_CLIP_MARKS: Final[tuple[tuple[str, tuple[tuple[int, bytes], ...]], ...]] = (
    ("mp4", ((4, b"ftyp"),)),
    ("avi", ((0, b"RIFF"), (8, b"AVI "))),
)


def encode(message: dict[str, Any]) -> bytes:
    """Return the JSON of a message."""
    return orjson.dumps(message)


def decode(payload: bytes | str) -> dict[str, Any]:
    """Return the JSON object in `payload`, with the blanks taken off its keys at every level.

    Integers are exact up to 64 bits. Raises FaceGateMessageError for anything else than a JSON object of at most
    MAX_PAYLOAD bytes, MAX_PARTS values and MAX_DEPTH levels.
    """
    if len(payload) > MAX_PAYLOAD:
        raise FaceGateMessageError(f"message of {len(payload)} bytes")
    if (parts := _most_parts(payload)) > MAX_PARTS:
        raise FaceGateMessageError(f"message of {parts} parts")
    try:
        message = orjson.loads(payload)
    except orjson.JSONDecodeError:
        message = _mended(payload)
    if not isinstance(message, dict):
        raise FaceGateMessageError("message is not a JSON object")
    _tidy(message, MAX_DEPTH)
    return message


def _most_parts(payload: bytes | str) -> int:
    """Return how many values a message can have: before each is one of these, and base64 has none of them."""
    if isinstance(payload, str):
        return sum(payload.count(mark) for mark in ",[{")
    return sum(payload.count(mark) for mark in b",[{")


def _mended(payload: bytes | str) -> Any:
    """Read JSON with broken UTF-8 (a name cut inside a character), bare control characters or a C string's end mark.

    A capture that stays unread stays unacknowledged and holds the terminal up, hence the effort.
    """
    text = (
        payload if isinstance(payload, str) else payload.decode("utf-8-sig", "replace")
    )
    try:
        message = json.loads(text.rstrip("\0"), strict=False)
        return orjson.loads(
            json.dumps(message, ensure_ascii=False).encode("utf-8", "replace")
        )
    except ValueError, RecursionError:
        raise FaceGateMessageError("message is not JSON") from None


def _tidy(value: dict[str, Any] | list[Any], depth: int) -> None:
    """Strip the keys in place; values, pictures above all, are not copied."""
    if depth == 0:
        raise FaceGateMessageError(f"message nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, list):
        for item in value:
            if isinstance(item, (dict, list)):
                _tidy(item, depth - 1)
        return
    padded = []
    for key, item in value.items():
        if isinstance(item, (dict, list)):
            _tidy(item, depth - 1)
        if key != key.strip():
            padded.append(key)
    for key in padded:
        value.setdefault(key.strip(), value.pop(key))


def normalise(command: object) -> str:
    """Return a command in the form in which two spellings of it are equal: without any blank, lower-case."""
    return "".join(as_text(command).split()).lower()


def as_int(value: object) -> int | None:
    """Return the integer in a number, a numeric text or a boolean (fractions cut off), None outside 64 bits."""
    if isinstance(value, str):
        value = _number(value)
    elif isinstance(value, float) and not math.isfinite(value):
        return None
    if not isinstance(value, (int, float)):
        return None
    number = int(value)
    return number if _MIN_INT64 <= number <= MAX_UINT64 else None


def as_float(value: object) -> float | None:
    """Return the finite number in a number or a numeric text."""
    if isinstance(value, str):
        value = _number(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def as_bool(value: object) -> bool | None:
    """Return the truth of a boolean, a number, or a word for yes or no."""
    if isinstance(value, (bool, int, float)):
        return bool(value)
    if not isinstance(value, str):
        return None
    word = value.strip(_BLANKS).lower()
    if word in _TRUE:
        return True
    return False if word in _FALSE else None


def as_text(value: object, limit: int = MAX_TEXT) -> str:
    """Return a text without the blanks around it, at most `limit` characters of it; a number as it is written; else ""."""
    if isinstance(value, str):
        return value.strip(_BLANKS)[:limit]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    return str(value)


def as_object(value: object) -> dict[str, Any]:
    """Return an object; null, "", a missing one and anything else are the empty object."""
    return value if isinstance(value, dict) else {}


def as_time(value: object) -> datetime | None:
    """Return the naive time in a text such as "2026/01/31 10:00:00.003" (or with dashes, or without a fraction)."""
    match = _TIME.fullmatch(as_text(value))
    if match is None:
        return None
    *parts, fraction = match.groups()
    year, month, day, hour, minute, second = (int(part) for part in parts)
    microsecond = int((fraction or "").ljust(6, "0"))
    try:
        return datetime(year, month, day, hour, minute, second, microsecond)
    except ValueError:
        return None


def as_zone(value: object) -> timezone | None:
    """Return the zone in a text such as "UTC+8" or "UTC+8:30"."""
    text = as_text(value)
    if text.upper() in {"UTC", "GMT"}:
        return UTC
    match = _ZONE.fullmatch(text)
    if match is None:
        return None
    sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset > _MAX_OFFSET:
        return None
    return timezone(-offset if sign == "-" else offset)


def as_bytes(value: object) -> bytes | None:
    """Return the bytes in a base64 text, with or without data-URI head, line breaks and padding; None if there are none."""
    if not isinstance(value, str) or not value:
        return None
    if value.startswith("data:"):
        value = value.partition(",")[2]
    try:
        data = binascii.a2b_base64(value)
    except ValueError:
        # Whatever lacks padding takes more of it than it needs.
        try:
            data = binascii.a2b_base64(f"{value}===")
        except ValueError:
            return None
    return data or None


def as_picture(
    data: object, format: object, face: FaceBox | None = None
) -> Picture | None:
    """Return the picture in a base64 text, None if there is none that a browser could show.

    `format` is what the device calls it and is not believed: the bytes tell (seen on devices: PNG bytes called "jpg").
    """
    raw = as_bytes(data)
    content_type = raw and picture_type(raw)
    return (
        Picture(data=raw, content_type=content_type, face=face)
        if raw and content_type
        else None
    )


def picture_type(data: bytes) -> str | None:
    """Return the content type of a JPEG, PNG, GIF, WebP or BMP picture by its first bytes, None of anything else."""
    return _marked(data, _PICTURE_MARKS)


def clip_type(data: bytes) -> str | None:
    """Return "mp4" or "avi" by the first bytes of a video, None of anything else."""
    return _marked(data, _CLIP_MARKS)


def _marked(
    data: bytes, kinds: tuple[tuple[str, tuple[tuple[int, bytes], ...]], ...]
) -> str | None:
    for kind, marks in kinds:
        if all(data.startswith(mark, offset) for offset, mark in marks):
            return kind
    return None


def _number(text: str) -> int | float | None:
    text = text.strip(_BLANKS)
    if len(text) > _MAX_NUMBER_TEXT or "_" in text:
        return None
    readers: tuple[Callable[[str], int | float], ...] = (int, float)
    for read in readers:
        try:
            number = read(text)
        except ValueError:
            continue
        return number if math.isfinite(number) else None
    return None
