"""The JSON on the wire: strict about size and shape, lenient about everything inside."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
import math
from typing import Any, overload

import orjson

from .errors import FAILED, OK, GuideConnectionError, error_for

# The largest honest reply is a 640x512 matrix of 32-bit values, 1.7 MB of base64 (seen on devices).
MAX_MESSAGE_SIZE = 8 * 1024 * 1024
# A page of a thousand recordings has some ten thousand. In memory each takes many times its size on the wire.
_MAX_PARTS = 50_000
# No honest reply nests deeper than ten levels; walking the tree must not exhaust the stack.
_MAX_DEPTH = 64

# No honest text is longer, addresses included; longer ones are cut.
_MAX_TEXT = 1024
_INT64 = range(-(2**63), 2**64)

# Where a device's strings are not UTF-8 they are GB 18030 (seen on devices).
_FALLBACK_ENCODING = "gb18030"

_JPEG_MAGIC = b"\xff\xd8\xff"
_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"

type Message = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture whose first bytes were recognised; nothing else of it has been verified."""

    data: bytes
    content_type: str

    @classmethod
    def from_bytes(cls, data: bytes) -> Picture | None:
        """Return the picture, or None when the data is neither JPEG nor PNG."""
        if data.startswith(_JPEG_MAGIC):
            return cls(data=data, content_type="image/jpeg")
        if data.startswith(_PNG_MAGIC):
            return cls(data=data, content_type="image/png")
        return None

    @classmethod
    def from_base64(cls, value: object) -> Picture | None:
        """Return the picture in a base64 field, or None when it is absent, empty or garbage."""
        if not isinstance(value, str):
            return None
        text = "".join(value.rpartition("base64,")[2].split()).rstrip("=")
        try:
            data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except binascii.Error, ValueError:
            return None
        return cls.from_bytes(data)


def decode(raw: bytes | str) -> Message:
    """Return the JSON object in a frame, blanks around its keys removed at every level.

    Raises GuideConnectionError for anything else: too large, of too many parts, not JSON, not an object, nested absurdly.
    """
    if len(raw) > MAX_MESSAGE_SIZE:
        raise GuideConnectionError(f"A message of {len(raw)} characters is too large")
    if (parts := _most_parts(raw)) > _MAX_PARTS:
        raise GuideConnectionError(f"A message of {parts} parts is too large")
    frame = _strip_keys(_loads(raw), _MAX_DEPTH)
    if not isinstance(frame, dict):
        raise GuideConnectionError("The message is not a JSON object")
    return frame


def _most_parts(raw: bytes | str) -> int:
    """Return how many values a message can have: before each is one of these, and base64 has none of them."""
    if isinstance(raw, str):
        return sum(raw.count(mark) for mark in ",[{")
    return sum(raw.count(mark) for mark in b",[{")


def _loads(raw: bytes | str) -> object:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        if isinstance(raw, str):
            raise GuideConnectionError("The message is not JSON") from None
    try:
        return orjson.loads(raw.decode(_FALLBACK_ENCODING))
    except ValueError:
        raise GuideConnectionError("The message is not JSON") from None


def _strip_keys(value: object, depth: int) -> object:
    if not isinstance(value, dict | list):
        return value
    if depth == 0:
        raise GuideConnectionError("The message is nested too deeply")
    if isinstance(value, list):
        return [_strip_keys(item, depth - 1) for item in value]
    # A key spelled without blanks wins over its twin with blanks.
    return {
        key.strip(): _strip_keys(item, depth - 1)
        for key, item in value.items()
        if key.strip() == key or key.strip() not in value
    }


def encode(frame: Mapping[str, Any]) -> str:
    """Return a frame as compact JSON."""
    return orjson.dumps(frame).decode()


def unpack(cmdtype: int, reply: Mapping[str, Any]) -> Message:
    """Return the body of a reply, {} when it has none; raise what its return code stands for."""
    code = OK if reply.get("retcode") is None else as_int(reply["retcode"], FAILED)
    message = as_dict(reply.get("message"))
    if code != OK:
        raise error_for(
            cmdtype, code, as_text(reply.get("retmsg")), as_int(message.get("count"))
        )
    return message


@overload
def as_float(value: object) -> float | None: ...
@overload
def as_float(value: object, default: float) -> float: ...
def as_float(value: object, default: float | None = None) -> float | None:
    """Return a finite number sent as number, boolean or numeric text, else the default."""
    if not isinstance(value, int | float | str):
        return default
    try:
        number = float(value)
    except ValueError, OverflowError:
        return default
    return number if math.isfinite(number) else default


@overload
def as_int(value: object) -> int | None: ...
@overload
def as_int(value: object, default: int) -> int: ...
def as_int(value: object, default: int | None = None) -> int | None:
    """Return a whole number of 64 bits sent as number, boolean or numeric text, else the default; fractions are cut."""
    number = int(value) if isinstance(value, int) else as_float(value)
    return default if number is None or int(number) not in _INT64 else int(number)


def as_bool(value: object) -> bool | None:
    """Return a switch sent as 0/1, boolean or numeric text, None when it is none of these."""
    number = as_float(value)
    return None if number is None else number != 0


def as_text(value: object) -> str:
    """Return text without surrounding blanks, cut to what is sensible; numbers become text, anything else is empty."""
    if isinstance(value, str):
        return value[:_MAX_TEXT].strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def as_dict(value: object) -> Message:
    """Return an object as it is, anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def as_dicts(value: object) -> list[Message]:
    """Return the objects in a list; whatever else it holds, and anything that is no list, is left out."""
    return (
        [item for item in value if isinstance(item, dict)]
        if isinstance(value, list)
        else []
    )
