"""What one field of a message may hold, and the check of what we are about to send."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
import ipaddress
import math
import re

from .errors import GuideValidationError


class FieldType(StrEnum):
    """The types of the vendor document, as narrow as their descriptions allow."""

    INTEGER = "integer"
    NUMBER = "number"
    SWITCH = "switch"
    """0 off, 1 on."""
    TEXT = "text"
    PASSWORD = "password"
    """Ciphertext; never shown in an error."""
    IP_ADDRESS = "ip_address"
    COLOR = "color"
    """#rrggbb."""
    DATETIME = "datetime"
    """YYYY-MM-DD HH:MM:SS, the camera's local time."""
    TIME = "time"
    """HH:MM:SS."""
    OBJECT = "object"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: limits are inclusive; of a text they count characters, of a list its items."""

    name: str
    type: FieldType
    minimum: float | None = None
    maximum: float | None = None
    choices: Mapping[int, str] | None = None
    """The numbers allowed, each with its stable name."""
    unit: str | None = None
    required: bool = False
    fields: tuple[Field, ...] = ()
    """The fields of an object, or of each object in a list."""
    item: Field | None = None
    """What a list of plain values holds."""

    def check(self, value: object, path: str) -> None:
        """Raise GuideValidationError when the value must not be sent under this path."""
        _CHECKS[self.type](self, value, path)

    @property
    def range_text(self) -> str:
        """The limits in words, for people."""
        low = "" if self.minimum is None else f"{self.minimum:g}"
        high = "" if self.maximum is None else f"{self.maximum:g}"
        unit = f" {self.unit}" if self.unit else ""
        if low and high:
            return f"{low} to {high}{unit}"
        return f"at least {low}{unit}" if low else f"at most {high}{unit}"


def check_message(
    fields: Sequence[Field],
    message: Mapping[str, object],
    path: str = "",
    known: object = None,
) -> None:
    """Check a message that is about to be sent.

    Fields the table does not know pass, because newer firmware has more of them than the document. So does every
    value that `known`, the camera's own answer to the matching "get", holds in the same place: a camera may have
    values that the document does not allow, and reading and writing settings back must not fail over them.
    """
    current = known if isinstance(known, Mapping) else {}
    for field in fields:
        where = f"{path}{field.name}"
        value = message.get(field.name)
        if value is None:
            if field.required:
                raise GuideValidationError(where, None, "a value")
            continue
        if field.name in current and current[field.name] == value:
            continue
        if field.type is FieldType.OBJECT and isinstance(value, Mapping):
            check_message(field.fields, value, f"{where}.", current.get(field.name))
        elif field.type is FieldType.LIST and isinstance(value, list | tuple):
            _check_list(field, value, where, current.get(field.name))
        else:
            field.check(value, where)


def _check_list(
    field: Field, items: Sequence[object], path: str, known: object
) -> None:
    _check_range(field, len(items), path)
    before = known if isinstance(known, list) else []
    for index, item in enumerate(items):
        if item in before:
            continue
        where = f"{path}[{index}]"
        if field.item:
            field.item.check(item, where)
        elif isinstance(item, Mapping):
            check_message(
                field.fields,
                item,
                f"{where}.",
                before[index] if index < len(before) else None,
            )
        else:
            raise GuideValidationError(where, item, "an object")


def _check_range(field: Field, number: float, path: str, value: object = None) -> None:
    too_low = field.minimum is not None and number < field.minimum
    too_high = field.maximum is not None and number > field.maximum
    if too_low or too_high:
        raise GuideValidationError(
            path, number if value is None else value, field.range_text
        )


def _check_integer(field: Field, value: object, path: str) -> None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if field.choices is not None and not (whole and value in field.choices):
        raise GuideValidationError(
            path,
            value,
            ", ".join(f"{key} ({name})" for key, name in field.choices.items()),
        )
    if not isinstance(value, int) or isinstance(value, bool):
        raise GuideValidationError(path, value, "a whole number")
    _check_range(field, value, path)


def _check_number(field: Field, value: object, path: str) -> None:
    if (
        not isinstance(value, int | float)
        or isinstance(value, bool)
        or not math.isfinite(value)
    ):
        raise GuideValidationError(path, value, "a number")
    _check_range(field, value, path)


def _check_switch(field: Field, value: object, path: str) -> None:
    if isinstance(value, bool) or value not in (0, 1):
        raise GuideValidationError(path, value, "0 (off), 1 (on)")


def _check_text(field: Field, value: object, path: str) -> None:
    if not isinstance(value, str):
        raise GuideValidationError(path, value, "text")
    if field.maximum is not None and len(value) > field.maximum:
        raise GuideValidationError(path, value, f"at most {field.maximum:g} characters")


def _check_password(field: Field, value: object, path: str) -> None:
    if not isinstance(value, str) or (
        field.maximum is not None and len(value) > field.maximum
    ):
        raise GuideValidationError(
            path, "***", f"text of at most {field.maximum or 0:g} characters"
        )


def _check_ip_address(field: Field, value: object, path: str) -> None:
    try:
        ipaddress.ip_address(value if isinstance(value, str) else "")
    except ValueError:
        raise GuideValidationError(path, value, "an IP address") from None


def _check_pattern(pattern: str, allowed: str, value: object, path: str) -> None:
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise GuideValidationError(path, value, allowed)


def _check_color(field: Field, value: object, path: str) -> None:
    _check_pattern(r"#[0-9a-fA-F]{6}", "a colour like #ff0000", value, path)


def _check_time(field: Field, value: object, path: str) -> None:
    _check_pattern(
        r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d", "a time like 23:59:59", value, path
    )


def _check_datetime(field: Field, value: object, path: str) -> None:
    try:
        datetime.strptime(value if isinstance(value, str) else "", "%Y-%m-%d %H:%M:%S")
    except ValueError:
        raise GuideValidationError(
            path, value, "a time like 2025-01-31 23:59:59"
        ) from None


def _check_object(field: Field, value: object, path: str) -> None:
    raise GuideValidationError(
        path, value, "an object" if field.type is FieldType.OBJECT else "a list"
    )


_CHECKS = {
    FieldType.INTEGER: _check_integer,
    FieldType.NUMBER: _check_number,
    FieldType.SWITCH: _check_switch,
    FieldType.TEXT: _check_text,
    FieldType.PASSWORD: _check_password,
    FieldType.IP_ADDRESS: _check_ip_address,
    FieldType.COLOR: _check_color,
    FieldType.DATETIME: _check_datetime,
    FieldType.TIME: _check_time,
    FieldType.OBJECT: _check_object,
    FieldType.LIST: _check_object,
}


def integer(
    name: str,
    minimum: float | None = None,
    maximum: float | None = None,
    *,
    choices: Mapping[int, str] | None = None,
    unit: str | None = None,
    required: bool = False,
) -> Field:
    """Return a whole-number field."""
    return Field(
        name=name,
        type=FieldType.INTEGER,
        minimum=minimum,
        maximum=maximum,
        choices=choices,
        unit=unit,
        required=required,
    )


def number(
    name: str,
    minimum: float | None = None,
    maximum: float | None = None,
    *,
    unit: str | None = None,
) -> Field:
    """Return a field with a fraction."""
    return Field(
        name=name, type=FieldType.NUMBER, minimum=minimum, maximum=maximum, unit=unit
    )


def switches(*names: str) -> tuple[Field, ...]:
    """Return one 0/1 field per name."""
    return tuple(Field(name=name, type=FieldType.SWITCH) for name in names)


def texts(*names: str, maximum: float | None = None) -> tuple[Field, ...]:
    """Return one text field per name."""
    return tuple(
        Field(name=name, type=FieldType.TEXT, maximum=maximum) for name in names
    )


def values(type_: FieldType, *names: str, required: bool = False) -> tuple[Field, ...]:
    """Return one field of a type without limits per name."""
    return tuple(Field(name=name, type=type_, required=required) for name in names)


def password(
    name: str = "password", *, maximum: float = 256, required: bool = False
) -> Field:
    """Return a ciphertext field."""
    return Field(name=name, type=FieldType.PASSWORD, maximum=maximum, required=required)


def group(name: str, *fields: Field) -> Field:
    """Return an object field."""
    return Field(name=name, type=FieldType.OBJECT, fields=fields)


def listing(
    name: str,
    *fields: Field,
    item: Field | None = None,
    minimum: float | None = None,
    maximum: float | None = None,
    required: bool = False,
) -> Field:
    """Return a list field, of objects or of plain values."""
    return Field(
        name=name,
        type=FieldType.LIST,
        fields=fields,
        item=item,
        minimum=minimum,
        maximum=maximum,
        required=required,
    )
