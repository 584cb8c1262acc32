"""Numbers that firmware may tell as texts: what is written back is as the document has it."""

from collections.abc import Sequence
from typing import Any

from .fields import Field, FieldType
from .wire import Message, as_float

_NUMBERS = frozenset({FieldType.INTEGER, FieldType.NUMBER, FieldType.SWITCH})


def with_numbers(fields: Sequence[Field], message: Message) -> Message:
    """Return a message with numbers where the table has numbers; what is none, and what the table does not know, stays."""
    known = {field.name: field for field in fields}
    return {
        name: _with_numbers(known[name], value) if name in known else value
        for name, value in message.items()
    }


def _with_numbers(field: Field, value: Any) -> Any:
    if isinstance(value, dict):
        return with_numbers(field.fields, value)
    if isinstance(value, list):
        return [
            with_numbers(field.fields, item)
            if isinstance(item, dict)
            else _number(field.item, item)
            for item in value
        ]
    return _number(field, value)


def _number(field: Field | None, value: Any) -> Any:
    if field is None or field.type not in _NUMBERS or not isinstance(value, str):
        return value
    number = as_float(value)
    if number is None:
        return value
    if number.is_integer():
        return int(number)
    return number if field.type is FieldType.NUMBER else value
