"""Texts that the code names: each is there, and none is left over.

Keys are found as constants and as f-strings, which stand for every key they could make. A key that comes from a table is
found as the constant it is written as there.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
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

# What Home Assistant's helpers abort a flow with, unless they are told otherwise, and has no text of its own for.
_IMPLIED_ABORTS = {
    "_abort_if_unique_id_configured": "already_configured",
    "_abort_if_unique_id_mismatch": "unique_id_mismatch",
    "_async_abort_entries_match": "already_configured",
}
_ABORTS = {
    *_IMPLIED_ABORTS,
    "async_abort",
    "async_update_and_abort",
    "async_update_reload_and_abort",
}
# By what argument they are told.
_TOLD = ("error", "reason")


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


def _foreign(call: ast.Call) -> bool:
    """Return whether a call takes its text from another integration."""
    return any(
        ast.unparse(value) not in {"DOMAIN", "const.DOMAIN"}
        for value in _keyword(call, "translation_domain")
    )


def translation_keys(sources: Sources) -> Iterator[Use]:
    """Yield every translation key that the code names."""
    for path, text in sources.items():
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.Call() if not _foreign(node):
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


def check_translation_keys(
    sources: Sources, texts: dict[str, Any], icons: dict[str, Any]
) -> Problems:
    """Return translation keys in the code that have no text.

    The key of an entity that takes its name from its device or its device class may serve its icon alone.
    """
    anywhere = {
        key
        for section in ("exceptions", "issues", "selector", "device")
        for key in _keys(texts, section)
    }
    anywhere |= {key for keys in texts.get("entity", {}).values() for key in keys}
    return [
        f"{use.where} names {use.section or 'a text'}: {use.pattern}, which is not translated"
        for use in translation_keys(sources)
        if not use.fits(
            _keys(texts, use.section) | _keys(icons, use.section)
            if use.section
            else anywhere
        )
    ]


def _strings(sources: Sources) -> tuple[set[str], set[re.Pattern[str]]]:
    """Return every string in the code that could be a key, which docstrings are not, and the f-strings as patterns."""
    constants: set[str] = set()
    patterns: set[re.Pattern[str]] = set()
    for text in sources.values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Expr | ast.JoinedStr):
                continue
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.Constant) and isinstance(child.value, str):
                    constants.add(child.value)
                # One that is nearly all holes would stand for everything.
                if isinstance(child, ast.JoinedStr):
                    patterns |= {
                        re.compile(pattern)
                        for pattern in _patterns(child)
                        if len(pattern.replace(".+", "")) > 2
                    }
    return constants, patterns


def check_keys_are_used(sources: Sources, keyed: dict[str, Any]) -> Problems:
    """Return exceptions, issues and entities that have a text or an icon and that no code names.

    `keyed` is the content of en.json or of icons.json.
    """
    constants, patterns = _strings(sources)
    platforms = {_platform(path) for path in sources}
    entities = keyed.get("entity", {})
    found = [
        f"entity.{platform} is there, and no {platform}.py"
        for platform in entities
        if platform not in platforms
    ]
    return found + [
        f"{section}.{key} is there, and nothing uses it"
        for section in [
            "exceptions",
            "issues",
            *(f"entity.{name}" for name in entities),
        ]
        for key in sorted(_keys(keyed, section) - constants)
        if not any(pattern.fullmatch(key) for pattern in patterns)
    ]


def _gives_class(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and any(
        not (isinstance(value, ast.Constant) and value.value is None)
        for value in _keyword(node, "device_class")
    )


def _classed(sources: Sources, platform: str) -> set[str]:
    """Return the translation keys, as patterns, that a platform gives together with a device class.

    In one call, through a function of the same module that makes such calls, or as attributes of one class.
    """
    found: set[str] = set()
    for path, text in sources.items():
        if _platform(path) != platform:
            continue
        nodes = list(ast.walk(ast.parse(text)))
        helpers = {
            node.name
            for node in nodes
            if isinstance(node, ast.FunctionDef)
            and any(_gives_class(inner) for inner in ast.walk(node))
        }
        for node in nodes:
            if isinstance(node, ast.Call) and (
                _gives_class(node) or _name(node) in helpers
            ):
                values = [*_keyword(node, "translation_key", "key"), *node.args]
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
    found = []
    for platform in texts.get("entity", {}):
        bare = _keys(texts, f"entity.{platform}") - _keys(icons, f"entity.{platform}")
        classed = _classed(sources, platform)
        found += [
            f"entity.{platform}.{key} has neither an icon nor a device class"
            for key in sorted(bare)
            if not any(re.fullmatch(pattern, key) for pattern in classed)
        ]
    return found


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
        for node in ast.walk(ast.parse(text)):
            where = f"{path}:{getattr(node, 'lineno', 0)}"
            match node:
                case ast.Assign(
                    targets=[ast.Subscript(value=ast.Name(id="errors"))], value=value
                ):
                    yield from (
                        Use(where, "error", pattern) for pattern in _patterns(value)
                    )
                case ast.Call() if not _foreign(node):
                    for section, value in _of_flow(node):
                        yield from (
                            Use(where, section, pattern) for pattern in _patterns(value)
                        )
                    implied = _IMPLIED_ABORTS.get(_name(node))
                    if implied and not list(_keyword(node, *_TOLD)):
                        yield Use(where, "abort", implied)


def _of_flow(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    match _name(call):
        case "async_show_progress":
            yield from (
                ("progress", value) for value in _keyword(call, "progress_action")
            )
        case "async_show_form" | "async_show_menu" | "async_external_step":
            yield from (("step", value) for value in _keyword(call, "step_id"))
            for value in _keyword(call, "errors"):
                if isinstance(value, ast.Dict):
                    yield from (("error", item) for item in value.values)
        case name if name in _ABORTS:
            yield from (("abort", value) for value in _keyword(call, *_TOLD))
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
