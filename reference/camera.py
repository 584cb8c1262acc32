"""`docs/camera.md`: every command, push, upload and return code of a thermal camera."""

from dataclasses import fields as members
from typing import Any, Final

from custom_components.thermogate.errors import PACKAGE_REFUSALS, translated
from custom_components.thermogate.guide import (
    COMMANDS,
    RETURN_CODES,
    UPLOADS,
    Command,
    Field,
    FieldType,
    Kind,
)
from custom_components.thermogate.guide.errors import error_for

from .markdown import Row, fields, page, places, table
from .where import said, texts
from .where_camera import COMMANDS_WHERE, NEWER_PUSHES, PUSHES, UPLOADS_WHERE

INTRODUCTION: Final = """\
# Thermal camera: commands, pushes, uploads and return codes

Written by `scripts/reference` from the tables that Home Assistant itself uses; change those, not this page. Numbers are the `cmdtype` of the
vendor's document. A `*` marks what must be sent. Temperatures are in °C, times the camera's local time. Every command is
checked against this table before it is sent."""

HEADER: Final = ("field", "value")
_NEWER: Final = (
    "Newer firmware has pushes whose numbers are not public. They are known by their fields, whatever their number is.",
)
# A refusal is told alike whatever was asked, but for logins and for packages, which alone can have an old version.
_ANY_COMMAND: Final = 505
_PACKAGE: Final = 754

_TITLES: Final = {
    Kind.SET: "Settings (section III)",
    Kind.GET: "Settings (section III)",
    Kind.FUNCTION: "Functions (section IV)",
    Kind.PTZ: "Pan, tilt and zoom (section IV)",
}
_NOUNS: Final = {
    FieldType.INTEGER: "whole number",
    FieldType.NUMBER: "number",
    FieldType.SWITCH: "0 off, 1 on",
    FieldType.TEXT: "text",
    FieldType.PASSWORD: "encrypted password",
    FieldType.IP_ADDRESS: "IPv4 address",
    FieldType.COLOR: "colour, #rrggbb",
    FieldType.DATETIME: "time, YYYY-MM-DD HH:MM:SS",
    FieldType.TIME: "time, HH:MM:SS",
    FieldType.OBJECT: "object",
    FieldType.LIST: "list",
}
_COUNTED: Final = {
    FieldType.TEXT: " characters",
    FieldType.PASSWORD: " characters",
    FieldType.LIST: " items",
}


def camera_page() -> str:
    """Return the page."""
    known = texts()
    lines = [INTRODUCTION, ""]
    for title in dict.fromkeys(_TITLES.values()):
        lines += [f"## {title}", ""]
        for command in COMMANDS.values():
            # A "set" and its "get" are one setting, told at the "set".
            if _TITLES[command.kind] == title and command.kind is not Kind.GET:
                lines += _command(command, known)
    lines += ["## Pushes (section VI)", ""]
    lines += table(
        ("number", "what it says", "with", "in Home Assistant"),
        [
            (
                str(number),
                title,
                ", ".join(f"`{member.name}`" for member in members(push)),
                "; ".join(said(place, known) for place in where),
            )
            for number, (title, push, where) in PUSHES.items()
        ],
    )
    lines += [*_NEWER, ""]
    lines += table(
        ("what it says", "with", "in Home Assistant"),
        [
            (
                title,
                ", ".join(f"`{member.name}`" for member in members(push)),
                "; ".join(said(place, known) for place in where),
            )
            for title, push, where in NEWER_PUSHES
        ],
    )
    lines += ["## Uploads (section V)", ""]
    lines += table(
        ("number", "path", "in Home Assistant"),
        [
            (
                str(number),
                f"`{path}/TOKEN`",
                "; ".join(
                    said(place, known) for place in UPLOADS_WHERE.get(number, ())
                ),
            )
            for number, path in UPLOADS.items()
        ],
    )
    lines += ["## Return codes (appendix I)", ""]
    lines += table(
        ("code", "meaning", "in Home Assistant"),
        [
            (str(code), word.replace("_", " "), _message(code, known))
            for code, word in sorted(RETURN_CODES.items())
        ],
    )
    return page(lines)


def _message(code: int, known: dict[str, Any]) -> str:
    """Return what a person reads when the camera answers with a code."""
    if code == 0:
        return ""
    command = _PACKAGE if RETURN_CODES[code] in PACKAGE_REFUSALS else _ANY_COMMAND
    error = translated(error_for(command, code, ""))
    message: str = known["exceptions"][error.translation_key]["message"]
    return message.format(**error.translation_placeholders or {})


def _command(command: Command, known: dict[str, Any]) -> list[str]:
    if command.kind is Kind.SET and command.paired_get is not None:
        pair = COMMANDS[command.paired_get]
        own = tuple(field for field in pair.reply if field not in command.request)
        where = dict.fromkeys(
            (
                *COMMANDS_WHERE.get(command.cmdtype, ()),
                *COMMANDS_WHERE.get(pair.cmdtype, ()),
            )
        )
        return [
            f"### {command.cmdtype} and {pair.cmdtype}: {command.title.removeprefix('Set ')}",
            "",
            f"Here `{command.key}` and `{pair.key}`.",
            "",
            *places(tuple(where), known),
            *fields(
                f"{command.cmdtype} sets:", HEADER, rows(command.request), "nothing."
            ),
            *(
                fields(f"{pair.cmdtype} answers with these and:", HEADER, rows(own))
                if own
                else [f"{pair.cmdtype} answers with the same.", ""]
            ),
        ]
    return [
        f"### {command.cmdtype}: {command.title}",
        "",
        f"Here `{command.key}`. {_remarks(command)}".rstrip(),
        "",
        *places(COMMANDS_WHERE.get(command.cmdtype, ()), known),
        *fields("Beside the message:", HEADER, rows(command.top_level)),
        *fields("Sends:", HEADER, rows(command.request), "nothing more."),
        *fields("Answers:", HEADER, rows(command.reply), "with its code only."),
    ]


def _remarks(command: Command) -> str:
    remarks = [f"Answered within {command.timeout:g} s."]
    if not command.needs_login:
        remarks.append("Needs no login.")
    if command.http_only:
        remarks.append("Over HTTP only.")
    return " ".join(remarks)


def rows(table_of: tuple[Field, ...], path: str = "") -> list[Row]:
    """Return the rows of a message's fields, those within others after these."""
    found: list[Row] = []
    for field in table_of:
        key = f"{path}{field.name}"
        value = _value(field)
        if field.item:
            value += f"; each {_value(field.item)}"
        found.append((f"`{key}`{'*' if field.required else ''}", value))
        suffix = "[]." if field.type is FieldType.LIST else "."
        found += rows(field.fields, f"{key}{suffix}")
    return found


def _value(field: Field) -> str:
    if field.choices:
        return ", ".join(f"{number} {word}" for number, word in field.choices.items())
    noun = _NOUNS[field.type]
    if field.minimum is None and field.maximum is None:
        return f"{noun} in {field.unit}" if field.unit else noun
    if field.minimum == field.maximum:
        return f"{field.minimum:g}"
    return f"{noun}, {field.range_text}{_COUNTED.get(field.type, '')}"
