"""Texts that the code names: each is there, and none is left over.

Keys are found as constants and as f-strings, which stand for every key they could make. A key that comes from a table is
found as the constant it is written as there.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
import re
from typing import Any

from homeassistant.const import Platform

from .repository import Sources
from .schema import Problems

_PLATFORMS = {platform.value for platform in Platform}

# What is called with a translation_key, and the section that the key is looked up in.
_SECTIONS = {
    r".*(?:Error|NotReady|AuthFailed|Failed|Invalid|Unresolvable)": "exceptions",
    r"async_create_issue|create_issue": "issues",
    r".*Selector(?:Config)?": "selector",
    r".*DeviceInfo": "device",
}

# What Home Assistant's helpers abort a flow with, unless they are told otherwise.
_IMPLIED_ABORTS = {
    "_abort_if_unique_id_configured": "already_configured",
    "_abort_if_unique_id_mismatch": "unique_id_mismatch",
    "_async_abort_entries_match": "already_configured",
    "async_set_unique_id": "already_in_progress",
}
_SUCCESSES = {
    "async_step_reauth": "reauth_successful",
    "async_step_reconfigure": "reconfigure_successful",
}


@dataclass(frozen=True)
class Use:
    """A place where code names a text: the section of en.json it means, empty where it cannot be told."""

    where: str
    section: str
    pattern: str

    def fits(self, keys: set[str]) -> bool:
        """Return whether one of the keys can be meant."""
        return any(re.fullmatch(self.pattern, key) for key in keys)


def _patterns(value: ast.expr) -> list[str]:
    """Return what a string expression can become, as patterns; nothing where that cannot be told."""
    match value:
        case ast.Constant(value=str(text)):
            return [re.escape(text)]
        case ast.JoinedStr(values=parts):
            return [
                "".join(
                    re.escape(str(part.value))
                    if isinstance(part, ast.Constant)
                    else ".+"
                    for part in parts
                )
            ]
        case ast.IfExp(body=body, orelse=orelse):
            return [*_patterns(body), *_patterns(orelse)]
    return []


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case ast.Subscript(value=ast.Name(id=name)):
            return name
    return ""


def _platform(path: str) -> str | None:
    own = PurePosixPath(path).parts[0].removesuffix(".py")
    return own if own in _PLATFORMS else None


def _section(path: str, callee: str) -> str:
    for pattern, section in _SECTIONS.items():
        if re.fullmatch(pattern, callee):
            return section
    platform = _platform(path)
    return f"entity.{platform}" if platform else ""


def _keyword(call: ast.Call, *names: str) -> Iterator[ast.expr]:
    return (keyword.value for keyword in call.keywords if keyword.arg in names)


def translation_keys(sources: Sources) -> Iterator[Use]:
    """Yield every translation key that the code names."""
    for path, text in sources.items():
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.Call():
                    named = [
                        (value, _section(path, _name(node)))
                        for value in _keyword(node, "translation_key")
                    ]
                case ast.Assign(targets=[target], value=value) if ast.unparse(
                    target
                ).endswith("_attr_translation_key"):
                    named = [(value, _section(path, ""))]
                case _:
                    continue
            for value, section in named:
                for pattern in _patterns(value):
                    yield Use(f"{path}:{node.lineno}", section, pattern)


def _keys(texts: dict[str, Any], section: str) -> set[str]:
    node: Any = texts
    for part in section.split("."):
        node = node.get(part, {})
    return set(node)


def check_translation_keys(sources: Sources, texts: dict[str, Any]) -> Problems:
    """Return translation keys in the code that have no text."""
    anywhere = {
        key
        for section in ("exceptions", "issues", "selector", "device")
        for key in _keys(texts, section)
    }
    anywhere |= {key for keys in texts.get("entity", {}).values() for key in keys}
    return [
        f"{use.where} names {use.section or 'a text'}: {use.pattern}, which is not translated"
        for use in translation_keys(sources)
        if not use.fits(_keys(texts, use.section) if use.section else anywhere)
    ]


@cache
def _strings(text: str) -> frozenset[str]:
    """Return as patterns every string of a module that could be a key: all but its docstrings."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Constant | ast.JoinedStr) and not isinstance(
                node, ast.JoinedStr
            ):
                # A string that is nearly all holes would stand for everything.
                found |= {
                    pattern
                    for pattern in _patterns(child)
                    if len(pattern.replace(".+", "")) > 2
                }
    return frozenset(found)


def check_texts_are_used(sources: Sources, texts: dict[str, Any]) -> Problems:
    """Return texts of exceptions, issues and entities that no code names, and entities of platforms that do not exist."""
    strings = {pattern for text in sources.values() for pattern in _strings(text)}
    platforms = {_platform(path) for path in sources}
    sections = [
        "exceptions",
        "issues",
        *(f"entity.{platform}" for platform in texts.get("entity", {})),
    ]
    found = [
        f"entity.{platform} is translated, and there is no {platform}.py"
        for platform in texts.get("entity", {})
        if platform not in platforms
    ]
    return found + [
        f"{section}.{key} is translated and never used"
        for section in sections
        for key in sorted(_keys(texts, section))
        if not any(re.fullmatch(pattern, key) for pattern in strings)
    ]


def _classed(sources: Sources, platform: str) -> set[str]:
    """Return the translation keys, as patterns, that a platform gives together with a device class."""
    found: set[str] = set()
    for path, text in sources.items():
        if _platform(path) != platform:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and any(
                not (isinstance(value, ast.Constant) and value.value is None)
                for value in _keyword(node, "device_class")
            ):
                values = [
                    *_keyword(node, "translation_key"),
                    *_keyword(node, "key"),
                    *node.args,
                ]
                found |= {pattern for value in values for pattern in _patterns(value)}
            if isinstance(node, ast.ClassDef):
                own = {
                    ast.unparse(item.targets[0]): item.value
                    for item in node.body
                    if isinstance(item, ast.Assign)
                }
                if "_attr_device_class" in own and "_attr_translation_key" in own:
                    found |= set(_patterns(own["_attr_translation_key"]))
    return found


def check_entity_icons(
    sources: Sources, texts: dict[str, Any], icons: dict[str, Any]
) -> Problems:
    """Return entities that neither an icon nor a device class gives a picture."""
    return [
        f"entity.{platform}.{key} has neither an icon nor a device class"
        for platform, keys in texts.get("entity", {}).items()
        for key in keys
        if key not in icons.get("entity", {}).get(platform, {})
        and not any(
            re.fullmatch(pattern, key) for pattern in _classed(sources, platform)
        )
    ]


def _flows(texts: dict[str, Any]) -> list[dict[str, Any]]:
    flows = [
        texts.get("config", {}),
        texts.get("options", {}),
        *texts.get("config_subentries", {}).values(),
    ]
    return flows + [
        issue["fix_flow"]
        for issue in texts.get("issues", {}).values()
        if "fix_flow" in issue
    ]


def flow_texts(sources: Sources) -> Iterator[Use]:
    """Yield the steps, the reasons and the errors that flows show, and what Home Assistant's helpers add to them."""
    for path, text in sources.items():
        module = ast.parse(text)
        steps = {
            node.name
            for node in ast.walk(module)
            if isinstance(node, ast.AsyncFunctionDef)
        }
        for node in ast.walk(module):
            where = f"{path}:{getattr(node, 'lineno', 0)}"
            match node:
                case ast.Assign(
                    targets=[ast.Subscript(value=ast.Name(id="errors"))], value=value
                ):
                    yield from (
                        Use(where, "error", pattern) for pattern in _patterns(value)
                    )
                case ast.Call():
                    for section, value in _of_flow(node):
                        yield from (
                            Use(where, section, pattern) for pattern in _patterns(value)
                        )
                    implied = _IMPLIED_ABORTS.get(_name(node))
                    if implied and not list(
                        _keyword(node, "error", "reason", "raise_on_progress")
                    ):
                        yield Use(where, "abort", implied)
                    if _name(node) in {
                        "async_update_reload_and_abort",
                        "async_update_and_abort",
                    }:
                        yield from (
                            Use(where, "abort", key)
                            for step, key in _SUCCESSES.items()
                            if step in steps
                        )


def _of_flow(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    match _name(call):
        case (
            "async_show_form"
            | "async_show_menu"
            | "async_show_progress"
            | "async_external_step"
        ):
            yield from (("step", value) for value in _keyword(call, "step_id"))
            yield from (
                ("progress", value) for value in _keyword(call, "progress_action")
            )
            for value in _keyword(call, "errors"):
                if isinstance(value, ast.Dict):
                    yield from (("error", item) for item in value.values)
        case "async_abort":
            yield from (("abort", value) for value in _keyword(call, "reason"))
        case "AbortFlow":
            yield from (("abort", value) for value in call.args[:1])


def check_flow_texts(sources: Sources, texts: dict[str, Any]) -> Problems:
    """Return steps, progress, reasons and errors of flows that have no text."""
    known = {
        section: {key for flow in _flows(texts) for key in flow.get(section, {})}
        for section in ("step", "abort", "error", "progress")
    }
    return [
        f"{use.where} shows {use.section} {use.pattern}, which is not translated"
        for use in flow_texts(sources)
        if not use.fits(known[use.section])
    ]
