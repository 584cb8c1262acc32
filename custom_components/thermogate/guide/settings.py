"""The settings of commands 1 to 58, one by one and in words: what entities and actions make of the table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from .command import Command, Kind
from .crypto import encrypt_password
from .errors import GuideValidationError
from .fields import Field, FieldType
from .numbers import with_numbers
from .settings_table import SETTINGS
from .wire import Message, as_dict, as_dicts, as_float, as_int, as_text

type Step = str | int
"""The name of a field, or in a list the `type` of an item."""

SECTIONS: Mapping[str, Command] = MappingProxyType(
    {
        command.key.removeprefix("get_"): command
        for command in SETTINGS
        if command.kind is Kind.GET
    }
)
"""The commands that read, by the name of what they read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One value of a section. `key` names it among all, `path` says where it stands in the section."""

    key: str
    section: str
    path: tuple[Step, ...]
    field: Field


def _has_kinds(field: Field) -> bool:
    """Return whether a list has one item for each of some kinds."""
    return bool(field.fields) and field.fields[0].name == "type"


def _each(
    section: str, fields: Sequence[Field], path: tuple[Step, ...], key: str
) -> Iterator[Setting]:
    for field in fields:
        here = (*path, field.name)
        if field.type is FieldType.OBJECT:
            yield from _each(section, field.fields, here, f"{key}_{field.name}")
        elif field.type is not FieldType.LIST:
            yield Setting(
                key=f"{key}_{field.name}", section=section, path=here, field=field
            )
        elif _has_kinds(field):
            kind, *rest = field.fields
            for number, word in (kind.choices or {}).items():
                yield from _each(section, rest, (*here, number), f"{key}_{word}")


def _fields(section: str) -> tuple[Field, ...]:
    """Return what can be written of a section; the answer may hold more."""
    command = SECTIONS[section]
    return next(each.request for each in SETTINGS if each.cmdtype == command.paired_set)


SETTING_FIELDS: Mapping[str, Setting] = MappingProxyType(
    {
        setting.key: setting
        for section in SECTIONS
        for setting in _each(section, _fields(section), (), section)
    }
)
"""Every single value that can be set, by its key: <section>_<field>, between them the group where there is one."""


# Reading


def _at(holder: object, step: Step) -> Any:
    if isinstance(step, str):
        return as_dict(holder).get(step)
    return next(
        (item for item in as_dicts(holder) if as_int(item.get("type")) == step), None
    )


def _holder(message: Message, path: Sequence[Step]) -> Any:
    found: Any = message
    for step in path[:-1]:
        found = _at(found, step)
    return found


def tells(message: Message, setting: Setting) -> bool:
    """Return whether the answer of a section has a setting at all."""
    return setting.path[-1] in as_dict(_holder(message, setting.path))


def value_of(message: Message, setting: Setting) -> float | str | None:
    """Return a setting out of the answer of its section; None where it is missing or not what the document allows."""
    raw = _at(_holder(message, setting.path), setting.path[-1])
    value = _read(setting.field, raw)
    if raw is None or value is None:
        return None
    try:
        setting.field.check(value, setting.key)
    except GuideValidationError:
        return None
    return value


def _read(field: Field, raw: object) -> float | str | None:
    if field.type is FieldType.NUMBER:
        return as_float(raw)
    if field.type in (FieldType.INTEGER, FieldType.SWITCH):
        return as_int(raw)
    return as_text(raw)


def without_passwords(message: Message) -> Message:
    """Return an answer without its passwords, those in fields that the table does not know included."""
    return {
        name: _without_passwords(value)
        for name, value in message.items()
        if "password" not in name
    }


def _without_passwords(value: Any) -> Any:
    if isinstance(value, dict):
        return without_passwords(value)
    if isinstance(value, list):
        return [_without_passwords(item) for item in value]
    return value


def in_words(section: str, message: Message) -> Message:
    """Return the answer of a section for people: words for choices, true and false for switches, no passwords."""
    fields = _fields(section)
    return _worded(fields, with_numbers(fields, without_passwords(message)))


def _worded(fields: Sequence[Field], message: Message) -> Message:
    known = {field.name: field for field in fields}
    return {name: _word(known.get(name), value) for name, value in message.items()}


def _word(field: Field | None, value: Any) -> Any:
    if field is None:
        return value
    if isinstance(value, dict):
        return _worded(field.fields, value)
    if isinstance(value, list):
        return [
            _worded(field.fields, item) if isinstance(item, dict) else item
            for item in value
        ]
    number = as_int(value)
    if field.type is FieldType.SWITCH and number in (0, 1):
        return bool(number)
    if field.choices and number is not None:
        return field.choices.get(number, value)
    return value


# Writing


def put(message: Message, setting: Setting, value: float | str) -> None:
    """Change one setting in the answer of its section. GuideValidationError where the answer has no place for it."""
    holder = _holder(message, setting.path)
    if not isinstance(holder, dict):
        raise GuideValidationError(setting.key, value, "a setting the camera has")
    holder[str(setting.path[-1])] = value


def put_words(section: str, message: Message, changes: Mapping[str, Any]) -> None:
    """Change a section as people name it, in the answer of the camera: groups part by part, lists as a whole.

    Takes what `in_words` returns, numbers for words, and passwords in clear, which are encrypted. Lists that have an item
    of each `type` are changed item by item. GuideValidationError for a field that neither table nor answer has, for one
    that the camera only tells, and for what says nothing; other values are checked when they are sent.
    """
    fields = _fields(section)
    known = {field.name for field in fields}
    told_only = {
        field.name: message.get(field.name)
        for field in SECTIONS[section].reply
        if field.name not in known
    }
    for name, value in changes.items():
        # What was told may stand among the changes as it is, but cannot be another.
        if name in told_only and value != told_only[name]:
            raise _unknown("", name, fields)
    _merge(fields, message, changes, "")


def _merge(
    fields: Sequence[Field], message: Message, changes: Mapping[str, Any], path: str
) -> None:
    known = {field.name: field for field in fields}
    for name, value in changes.items():
        field = known.get(name)
        if field is None and name not in message:
            raise _unknown(path, name, fields)
        where = f"{path}{name}."
        if field is None:
            message[name] = value
        elif value is None and message.get(name) is not None:
            # Cameras pass over it, and nothing would change.
            raise GuideValidationError(f"{path}{name}", None, "a value")
        elif field.type is FieldType.OBJECT and isinstance(value, Mapping):
            message[name] = dict(as_dict(message.get(name)))
            _merge(field.fields, message[name], value, where)
        elif field.type is FieldType.LIST and isinstance(value, list):
            message[name] = _merged_list(field, message.get(name), value, where)
        else:
            message[name] = _number(field, value)


def _unknown(path: str, name: str, fields: Sequence[Field]) -> GuideValidationError:
    return GuideValidationError(
        path.removesuffix(".") or "settings",
        name,
        ", ".join(field.name for field in fields),
    )


def _merged_list(field: Field, known: object, items: list[Any], path: str) -> list[Any]:
    wanted = [_item(field, item, path) for item in items]
    if not _has_kinds(field):
        return wanted
    merged = [dict(item) for item in as_dicts(known)]
    for item in wanted:
        if not isinstance(item, dict):
            raise GuideValidationError(path.removesuffix("."), item, "objects")
        if (kind := item.get("type")) is None:
            raise GuideValidationError(
                f"{path}type", None, ", ".join((field.fields[0].choices or {}).values())
            )
        before = next(
            (each for each in merged if as_int(each.get("type")) == kind), None
        )
        if before is None:
            merged.append(item)
        else:
            before.update(item)
    return merged


def _item(field: Field, item: Any, path: str) -> Any:
    if not field.fields or not isinstance(item, Mapping):
        return item
    message: Message = {}
    _merge(field.fields, message, item, path)
    return message


def _number(field: Field, value: Any) -> Any:
    if field.type is FieldType.PASSWORD:
        return encrypt_password(value) if isinstance(value, str) and value else value
    if isinstance(value, bool) and field.type is FieldType.SWITCH:
        return int(value)
    if isinstance(value, float) and field.type is FieldType.INTEGER:
        return int(value) if value.is_integer() else value
    words = {word: number for number, word in (field.choices or {}).items()}
    return words.get(value, value) if isinstance(value, str) else value
