"""`docs/terminal.md`: every command and every setting of an access terminal."""

from itertools import groupby
import json
from typing import Final

from custom_components.thermogate.facegate import (
    COMMANDS,
    ERROR_CODES,
    SETTINGS_GROUPS,
    Command,
    Field,
    FieldType,
    Setting,
)
from custom_components.thermogate.setting_entities import platform_of

from .markdown import Row, fields, page, places, table
from .where import Where, said, texts
from .where_terminal import COMMANDS_WHERE, MESSAGES, SETTINGS_WHERE

INTRODUCTION: Final = """\
# Access terminal: commands, messages and settings

Written by `scripts/reference` from the tables that Home Assistant itself uses; change those, not this page. Sections are those of the vendor's
document; *seen on devices* is what that does not have. A `*` marks what must be sent. Times are the terminal's local
time, bytes and pictures go as base64. Where a value is a word, what stands for it on the wire follows in brackets. Every command is checked
against this table before it is sent."""

HEADER: Final = ("field", "on the wire", "value")

# What a value is when it comes from the terminal, which is not bound by anything.
_TOLD: Final = {
    FieldType.INTEGER: "whole number",
    FieldType.NUMBER: "number",
    FieldType.BOOLEAN: "true or false",
    FieldType.FLAG: "true or false",
    FieldType.TEXT: "text",
    FieldType.TIME: "time",
    FieldType.BYTES: "bytes",
    FieldType.PICTURE: "picture",
    FieldType.OBJECT: "object",
    FieldType.LIST: "list",
}
_SETTING_COMMANDS: Final = {
    command.key: group.settings[0].path[0]
    for group in SETTINGS_GROUPS
    for command in (group.request, group.update)
}


def terminal_page() -> str:
    """Return the page."""
    known = texts()
    lines = [INTRODUCTION, "", "## Commands", ""]
    by_section = sorted(COMMANDS.values(), key=_order)
    for command in by_section:
        lines += [f"### {command.section} `{command.wire}`{_use(command)}", ""]
        lines += [f"Here `{command.key}`. {_remarks(command)}".rstrip(), ""]
        lines += places(COMMANDS_WHERE.get(command.key, ()), known)
        lines += _request(command)
        lines += _reply(command)
    lines += ["## What a terminal sends by itself", ""]
    lines += table(
        ("section", "message", "in Home Assistant"),
        [
            (section, message, "; ".join(said(place, known) for place in where))
            for section, message, where in MESSAGES
        ],
    )
    lines += ["## Settings", ""]
    lines += [
        "`thermogate.get_settings` and `thermogate.set_settings` know all of them by the names on the left.",
        "",
    ]
    for group in SETTINGS_GROUPS:
        sections = groupby(group.settings, key=lambda setting: ".".join(setting.path))
        for section, settings in sections:
            lines += [f"### `{section}` ({group.update.section})", ""]
            lines += table(
                ("setting", "on the wire", "value", "in Home Assistant"),
                [
                    (
                        f"`{setting.key}`",
                        f"`{setting.field.name}`",
                        _asked(setting.field),
                        "; ".join(
                            said(place, known) for place in setting_where(setting)
                        ),
                    )
                    for setting in settings
                ],
            )
    lines += ["## Codes of an answer", ""]
    lines += table(
        ("code", "meaning"),
        [
            (str(code), word.replace("_", " "))
            for code, word in sorted(ERROR_CODES.items())
        ],
    )
    return page(lines)


def setting_where(setting: Setting) -> Where:
    """Return where a person finds a setting: what differs from the rule of its platform, or that."""
    if setting.key in SETTINGS_WHERE:
        return SETTINGS_WHERE[setting.key]
    platform = platform_of(setting)
    return (
        ("action.set_settings",) if platform is None else (f"{platform}.{setting.key}",)
    )


def _order(command: Command) -> tuple[list[int], str]:
    """Sort by section, what no document has at the end."""
    parts = command.section.split(".")
    return ([int(part) for part in parts] if parts[0].isdigit() else [99], command.key)


def _use(command: Command) -> str:
    """Return what tells apart several uses of one command."""
    uses = [known for known in COMMANDS.values() if known.wire == command.wire]
    return f": `{command.key}`" if len(uses) > 1 else ""


def _remarks(command: Command) -> str:
    remarks = []
    if command.fixed:
        fixed = ", ".join(
            f"`{name}` is {value!r}" for name, value in command.fixed.items()
        )
        remarks.append(f"Always sent: {fixed}.")
    if command.timeout:
        remarks.append(f"Answered within {command.timeout:g} s.")
    done = [code for code in command.success if code]
    if done:
        codes = ", ".join(
            f"{code} ({ERROR_CODES[code].replace('_', ' ')})" for code in done
        )
        remarks.append(f"Done also with code {codes}.")
    return " ".join(remarks)


def _request(command: Command) -> list[str]:
    if command.request and command.key in _SETTING_COMMANDS:
        return ["Sends what is changed of the settings below.", ""]
    return fields("Sends:", HEADER, rows(command.request, sent=True), "nothing more.")


def _reply(command: Command) -> list[str]:
    if command.reply and command.key in _SETTING_COMMANDS:
        return ["Answers with the settings below.", ""]
    if command.extra and not command.reply:
        return ["Answers with whatever the firmware tells.", ""]
    return fields(
        "Answers:", HEADER, rows(command.reply, sent=False), "with its code only."
    )


def rows(table_of: tuple[Field, ...], *, sent: bool, path: str = "") -> list[Row]:
    """Return the rows of a message's fields, those within others after these."""
    found: list[Row] = []
    for field in table_of:
        key = f"{path}{field.key}"
        must = "*" if sent and field.required else ""
        wire = ", ".join(f"`{name}`" for name in (field.name, *field.also))
        found.append((f"`{key}`{must}", wire, _value(field, sent=sent)))
        inside = field.fields
        if field.item:
            found[-1] = (
                *found[-1][:2],
                f"{found[-1][2]}; each {_value(field.item, sent=sent)}",
            )
        suffix = "[]." if field.type is FieldType.LIST else "."
        found += rows(inside, sent=sent, path=f"{key}{suffix}")
    return found


def _value(field: Field, *, sent: bool) -> str:
    return _asked(field) if sent else _told(field)


def _asked(field: Field) -> str:
    """Return what a field takes, and what that depends on."""
    words = [_choices(field, "a time") if field.choices else field.allowed]
    if field.default is not None:
        words.append(f"{json.dumps(field.default)} if left out")
    if field.partner:
        words.append(f"only with `{field.partner}`")
    if field.rival:
        words.append(f"not with `{field.rival}`")
    if field.secret:
        words.append("secret")
    return ", ".join(words)


def _told(field: Field) -> str:
    """Return what a field of an answer holds, which the terminal is not bound by."""
    if field.choices:
        return _choices(field, "time")
    value = _TOLD[field.type]
    return f"{value} in {field.unit}" if field.unit else value


def _choices(field: Field, time: str) -> str:
    words = ", ".join(
        word if word == wire else f"{word} ({wire})"
        for word, wire in field.choices.items()
    )
    return f"{time}, or {words}" if field.type is FieldType.TIME else words
