"""Fields of commands and settings: one table row says how a value is checked, sent, read and described."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field as dataclass_field
from datetime import datetime
from enum import StrEnum
import math
import re
from typing import Any, Final

from .errors import FaceGateValidationError
from .messages import Picture
from .wire import (
    MAX_PAYLOAD,
    as_bool,
    as_bytes,
    as_float,
    as_int,
    as_object,
    as_picture,
    as_text,
    as_time,
    picture_type,
)

MASKED: Final = "***"


class FieldType(StrEnum):
    """What a value is to us; in brackets what it is on the wire."""

    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    FLAG = "flag"
    """bool (0 or 1)"""
    TEXT = "text"
    TIME = "time"
    """naive datetime ("2026/01/31 10:00:00" in the terminal's local time), or one of the words in `choices`"""
    BYTES = "bytes"
    """bytes (base64)"""
    PICTURE = "picture"
    """Picture, or bytes of one when sending (base64)"""
    OBJECT = "object"
    """mapping by the keys of `fields`"""
    LIST = "list"
    """sequence of `item`"""


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a message. `name` is its key on the wire, `key` ours.

    `minimum` and `maximum` bound numbers and are in `unit`; `choices` maps our word for a value to the wire's; `max_bytes`
    bounds the UTF-8 of a text, or the bytes before base64; `max_length` bounds characters or items, of which only a list that
    `may_be_empty` may have none. `sample` is for people what `pattern` is for programs. `partner` is the key of a field that must come along, `rival` of one that must not unless one of
    both is 0. `also` are other spellings, sent along and read as well.
    """

    name: str
    type: FieldType
    _: KW_ONLY
    alias: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: Mapping[str, int | str] = dataclass_field(default_factory=dict, hash=False)
    unit: str = ""
    required: bool = False
    default: Any = None
    max_bytes: int | None = None
    max_length: int | None = None
    may_be_empty: bool = False
    pattern: str = ""
    sample: str = ""
    secret: bool = False
    partner: str = ""
    rival: str = ""
    also: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    item: Field | None = None

    @property
    def key(self) -> str:
        """Our name: that of the wire, without its blanks and slips."""
        return self.alias or self.name.replace(" ", "_").lower()

    @property
    def allowed(self) -> str:
        """What the field takes, in words for a person."""
        return _allowed(self)


def encode_fields(
    fields: tuple[Field, ...], values: Mapping[str, Any], path: str = ""
) -> dict[str, Any]:
    """Return `values` (by our keys) as the wire wants them (by its names), with defaults filled in.

    Raises FaceGateValidationError for a missing, unknown or forbidden value.
    """
    known = {field.key for field in fields}
    for key in values:
        if key not in known:
            # The value under a mistyped name may be a secret, so the name is what is shown.
            names = ", ".join(sorted(known)) or "no field at all"
            raise FaceGateValidationError(path or "field", key, f"one of {names}")
    message: dict[str, Any] = {}
    for field in fields:
        value = values.get(field.key)
        where = _join(path, field.key)
        if value is None:
            value = field.default
        if value is None:
            if field.required:
                raise FaceGateValidationError(where, None, field.allowed)
            continue
        _check_company(field, values, where)
        encoded = encode_value(field, value, where)
        for name in (field.name, *field.also):
            message[name] = encoded
    return message


def encode_value(field: Field, value: Any, path: str = "") -> Any:
    """Return one value as the wire wants it. Raises FaceGateValidationError if the field does not take it."""
    path = path or field.key
    if field.choices and (chosen := _chosen(field, value)) is not None:
        return chosen
    if field.choices and field.type is not FieldType.TIME:
        raise _refusal(field, value, path)
    return _ENCODERS[field.type](field, value, path)


def parse_fields(
    fields: tuple[Field, ...], message: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a message says, by our keys: every key is there, with None for what is missing or unreadable ([] for a list)."""
    return {field.key: parse_value(field, _found(field, message)) for field in fields}


def parse_value(field: Field, raw: object) -> Any:
    """Return one value from the wire, None if it is missing or unreadable; an undocumented choice stays what it is."""
    if field.choices and (word := _word(field, raw)) is not None:
        return word
    return _PARSERS[field.type](field, raw)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _found(field: Field, message: Mapping[str, Any]) -> object:
    return next(
        (message[name] for name in (field.name, *field.also) if name in message), None
    )


def _check_company(field: Field, values: Mapping[str, Any], path: str) -> None:
    if field.partner and values.get(field.partner) is None:
        raise FaceGateValidationError(
            path, _shown(field, values[field.key]), f"allowed without {field.partner}"
        )
    # 0 is none.
    if field.rival and values.get(field.rival) and values[field.key]:
        raise FaceGateValidationError(
            path,
            _shown(field, values[field.key]),
            f"allowed together with {field.rival}",
        )


def _shown(field: Field, value: Any) -> Any:
    return MASKED if field.secret else value


def _refusal(field: Field, value: Any, path: str) -> FaceGateValidationError:
    return FaceGateValidationError(path, _shown(field, value), field.allowed)


def _chosen(field: Field, value: Any) -> int | str | None:
    """Return the wire's value for one of our words, or for itself."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value in field.choices:
        return field.choices[value]
    return next(
        (
            wire
            for wire in field.choices.values()
            if wire == value and type(wire) is type(value)
        ),
        None,
    )


def _word(field: Field, raw: object) -> str | None:
    number, text = as_int(raw), as_text(raw).lower()
    for word, wire in field.choices.items():
        if number == wire if isinstance(wire, int) else text == wire.lower():
            return word
    return None


def _encode_integer(field: Field, value: Any, path: str) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if (
        not isinstance(value, int)
        or isinstance(value, bool)
        or not _within(field, value)
    ):
        raise _refusal(field, value, path)
    return value


def _encode_number(field: Field, value: Any, path: str) -> float:
    if (
        not isinstance(value, (int, float))
        or isinstance(value, bool)
        or not math.isfinite(value)
        or not _within(field, value)
    ):
        raise _refusal(field, value, path)
    return value


def _within(field: Field, value: float) -> bool:
    return (field.minimum is None or value >= field.minimum) and (
        field.maximum is None or value <= field.maximum
    )


def _encode_boolean(field: Field, value: Any, path: str) -> bool:
    if not isinstance(value, bool):
        raise _refusal(field, value, path)
    return value


def _encode_flag(field: Field, value: Any, path: str) -> int:
    return int(_encode_boolean(field, value, path))


def _encode_text(field: Field, value: Any, path: str) -> str:
    if (
        not isinstance(value, str)
        or (field.required and not value.strip())
        or not _text_fits(field, value)
    ):
        raise _refusal(field, value, path)
    return value


def _text_fits(field: Field, value: str) -> bool:
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        return False
    if field.max_bytes is not None and size > field.max_bytes:
        return False
    if field.max_length is not None and len(value) > field.max_length:
        return False
    return not field.pattern or re.fullmatch(field.pattern, value, re.ASCII) is not None


def _encode_time(field: Field, value: Any, path: str) -> str:
    if not isinstance(value, datetime) or value.year < 1970:
        raise _refusal(field, value, path)
    return f"{value:%Y/%m/%d %H:%M:%S}"


def _encode_bytes(field: Field, value: Any, path: str) -> str:
    if not isinstance(value, bytes) or len(value) > (field.max_bytes or MAX_PAYLOAD):
        raise _refusal(field, value, path)
    return b64encode(value).decode()


def _encode_picture(field: Field, value: Any, path: str) -> str:
    data = value.data if isinstance(value, Picture) else value
    if not isinstance(data, bytes) or picture_type(data) not in {
        "image/jpeg",
        "image/png",
    }:
        raise FaceGateValidationError(path, type(value).__name__, field.allowed)
    if len(data) > (field.max_bytes or MAX_PAYLOAD):
        raise FaceGateValidationError(path, f"{len(data)} bytes", field.allowed)
    return b64encode(data).decode()


def _encode_object(field: Field, value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _refusal(field, value, path)
    return encode_fields(field.fields, value, path)


def _encode_list(field: Field, value: Any, path: str) -> list[Any]:
    fits = isinstance(value, Sequence) and not isinstance(value, (str, bytes))
    least = 0 if field.may_be_empty else 1
    if not fits or not least <= len(value) <= (field.max_length or len(value)):
        raise _refusal(field, value, path)
    return [
        encode_value(_item(field), item, f"{path}[{index}]")
        for index, item in enumerate(value)
    ]


def _item(field: Field) -> Field:
    return field.item or Field(field.name, FieldType.OBJECT, fields=field.fields)


def _parse_list(field: Field, raw: object) -> list[Any]:
    return (
        [parse_value(_item(field), item) for item in raw]
        if isinstance(raw, list)
        else []
    )


def _parse_text(_field: Field, raw: object) -> str | None:
    return None if raw is None else as_text(raw)


def _parse_object(field: Field, raw: object) -> dict[str, Any] | None:
    block = as_object(raw)
    return parse_fields(field.fields, block) if block else None


def _allowed(field: Field) -> str:
    if field.choices:
        words = f"one of {', '.join(field.choices)}"
        return f"a time or {words}" if field.type is FieldType.TIME else words
    bounds = [_range(field), *_sizes(field)]
    return " ".join([_NOUNS[field.type], *(bound for bound in bounds if bound)])


def _range(field: Field) -> str:
    if field.minimum is None and field.maximum is None:
        return f"in {field.unit}" if field.unit else ""
    unit = f" {field.unit}" if field.unit else ""
    if field.maximum is None:
        return f"of {field.minimum}{unit} or more"
    return f"from {field.minimum} to {field.maximum}{unit}"


def _sizes(field: Field) -> list[str]:
    unit = "items" if field.type is FieldType.LIST else "characters"
    return [
        *(
            ["that is not empty"]
            if field.required and field.type is FieldType.TEXT
            else []
        ),
        *(
            [f"of at most {field.max_bytes} bytes"]
            if field.max_bytes is not None
            else []
        ),
        *(
            [f"of at most {field.max_length} {unit}"]
            if field.max_length is not None
            else []
        ),
        *([f"like {field.sample or field.pattern}"] if field.pattern else []),
    ]


_NOUNS: Final[dict[FieldType, str]] = {
    FieldType.INTEGER: "a whole number",
    FieldType.NUMBER: "a number",
    FieldType.BOOLEAN: "true or false",
    FieldType.FLAG: "true or false",
    FieldType.TEXT: "a text",
    FieldType.TIME: "a time",
    FieldType.BYTES: "bytes",
    FieldType.PICTURE: "a JPEG or PNG picture",
    FieldType.OBJECT: "a mapping",
    FieldType.LIST: "a list",
}

_ENCODERS: Final[dict[FieldType, Callable[[Field, Any, str], Any]]] = {
    FieldType.INTEGER: _encode_integer,
    FieldType.NUMBER: _encode_number,
    FieldType.BOOLEAN: _encode_boolean,
    FieldType.FLAG: _encode_flag,
    FieldType.TEXT: _encode_text,
    FieldType.TIME: _encode_time,
    FieldType.BYTES: _encode_bytes,
    FieldType.PICTURE: _encode_picture,
    FieldType.OBJECT: _encode_object,
    FieldType.LIST: _encode_list,
}

_PARSERS: Final[dict[FieldType, Callable[[Field, object], Any]]] = {
    FieldType.INTEGER: lambda _field, raw: as_int(raw),
    FieldType.NUMBER: lambda _field, raw: as_float(raw),
    FieldType.BOOLEAN: lambda _field, raw: as_bool(raw),
    FieldType.FLAG: lambda _field, raw: as_bool(raw),
    FieldType.TEXT: _parse_text,
    FieldType.TIME: lambda _field, raw: as_time(raw),
    FieldType.BYTES: lambda _field, raw: as_bytes(raw),
    FieldType.PICTURE: lambda _field, raw: as_picture(raw, None),
    FieldType.OBJECT: _parse_object,
    FieldType.LIST: _parse_list,
}
