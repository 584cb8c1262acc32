"""quality_scale.yaml: the rules of the Integration Quality Scale, and what code must show for one that is marked done."""

import ast
import re
from typing import Any

import probatio

from homeassistant.const import Platform

from .flow_checks import DISCOVERY_STEP
from .repository import Sources
from .schema import Problems, problems

TIERS = {
    "bronze": [
        "action-setup",
        "appropriate-polling",
        "brands",
        "common-modules",
        "config-flow",
        "config-flow-test-coverage",
        "dependency-transparency",
        "docs-actions",
        "docs-conditions",
        "docs-high-level-description",
        "docs-installation-instructions",
        "docs-removal-instructions",
        "docs-triggers",
        "entity-event-setup",
        "entity-unique-id",
        "has-entity-name",
        "runtime-data",
        "test-before-configure",
        "test-before-setup",
        "unique-config-entry",
    ],
    "silver": [
        "action-exceptions",
        "config-entry-unloading",
        "docs-configuration-parameters",
        "docs-installation-parameters",
        "entity-unavailable",
        "integration-owner",
        "log-when-unavailable",
        "parallel-updates",
        "reauthentication-flow",
        "test-coverage",
    ],
    "gold": [
        "devices",
        "diagnostics",
        "discovery",
        "discovery-update-info",
        "docs-data-update",
        "docs-examples",
        "docs-known-limitations",
        "docs-supported-devices",
        "docs-supported-functions",
        "docs-troubleshooting",
        "docs-use-cases",
        "dynamic-devices",
        "entity-category",
        "entity-device-class",
        "entity-disabled-by-default",
        "entity-translations",
        "exception-translations",
        "icon-translations",
        "reconfiguration-flow",
        "repair-issues",
        "stale-devices",
    ],
    "platinum": ["async-dependency", "inject-websession", "strict-typing"],
}
RULES = [rule for rules in TIERS.values() for rule in rules]

_COMMENT = probatio.All(str, probatio.NonEmpty())
_SCHEMA = probatio.Schema(
    {
        probatio.Required("rules"): {
            probatio.Required(rule): probatio.Any(
                probatio.In(["todo", "done"]),
                {
                    probatio.Required("status"): probatio.In(["todo", "done"]),
                    probatio.Optional("comment"): _COMMENT,
                },
                {
                    probatio.Required("status"): "exempt",
                    probatio.Required("comment"): _COMMENT,
                },
            )
            for rule in RULES
        }
    }
)


def status(scale: dict[str, Any], rule: str) -> str:
    """Return todo, done or exempt."""
    entry = scale["rules"][rule]
    return str(entry["status"] if isinstance(entry, dict) else entry)


def check_scale(scale: dict[str, Any], manifest: dict[str, Any]) -> Problems:
    """Return what is wrong with the file itself, and rules that are open below a tier that the manifest claims."""
    if found := problems(_SCHEMA, scale):
        return found
    claimed = manifest.get("quality_scale")
    if claimed not in TIERS:
        return []
    needed = [
        rule
        for tier in list(TIERS)[: list(TIERS).index(claimed) + 1]
        for rule in TIERS[tier]
    ]
    return [
        f"{claimed} is claimed and {rule} is todo"
        for rule in needed
        if status(scale, rule) == "todo"
    ]


def check_done(
    scale: dict[str, Any], manifest: dict[str, Any], sources: Sources
) -> Problems:
    """Return rules that are marked done and that the code does not bear out."""
    found = []
    for rule, shown in _SHOWN.items():
        if status(scale, rule) == "done" and not shown(manifest, sources):
            found.append(f"{rule} is marked done, the code does not show it")
    if status(scale, "runtime-data") == status(scale, "strict-typing") == "done":
        found += _untyped_entries(sources)
    return found


def _flow(sources: Sources) -> str:
    return sources.get("config_flow.py", "")


def _function(text: str, name: str) -> ast.AsyncFunctionDef | ast.FunctionDef | None:
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef)
            and node.name == name
        ):
            return node
    return None


def _config_flow(manifest: dict[str, Any], sources: Sources) -> bool:
    return bool(manifest.get("config_flow")) and bool(_flow(sources))


def _discovery(manifest: dict[str, Any], sources: Sources) -> bool:
    keys = {"bluetooth", "dhcp", "homekit", "mqtt", "ssdp", "usb", "zeroconf"}
    return bool(keys & manifest.keys()) or bool(DISCOVERY_STEP.search(_flow(sources)))


def _reconfiguration(_: dict[str, Any], sources: Sources) -> bool:
    return _function(_flow(sources), "async_step_reconfigure") is not None


def _reauthentication(_: dict[str, Any], sources: Sources) -> bool:
    return _function(_flow(sources), "async_step_reauth") is not None


def _unique_entry(manifest: dict[str, Any], sources: Sources) -> bool:
    text = _flow(sources)
    return (
        bool(manifest.get("single_config_entry"))
        or "_async_abort_entries_match(" in text
        or (
            "async_set_unique_id(" in text and "_abort_if_unique_id_configured(" in text
        )
    )


def _tested_before_setup(_: dict[str, Any], sources: Sources) -> bool:
    setup = _function(sources.get("__init__.py", ""), "async_setup_entry")
    if setup and ".async_config_entry_first_refresh(" in ast.unparse(setup):
        return True
    raised = re.compile(r"\braise ConfigEntry(?:NotReady|AuthFailed|Error)\b")
    return any(raised.search(text) for text in sources.values())


def _runtime_data(_: dict[str, Any], sources: Sources) -> bool:
    setup = _function(sources.get("__init__.py", ""), "async_setup_entry")
    if setup is None or len(setup.args.args) != 2:
        return False
    entry = setup.args.args[1].arg
    return any(
        isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and ast.unparse(node) == f"{entry}.runtime_data"
        for node in ast.walk(setup)
    )


def _owner(manifest: dict[str, Any], _: Sources) -> bool:
    return bool(manifest.get("codeowners"))


def _diagnostics(_: dict[str, Any], sources: Sources) -> bool:
    text = sources.get("diagnostics.py", "")
    return (
        "async_get_config_entry_diagnostics" in text
        or "async_get_device_diagnostics" in text
    )


def _parallel_updates(_: dict[str, Any], sources: Sources) -> bool:
    platforms = [
        text for path, text in sources.items() if path.removesuffix(".py") in _PLATFORMS
    ]
    return all(
        re.search(r"^PARALLEL_UPDATES\b.*=", text, re.MULTILINE) for text in platforms
    )


def _common_modules(_: dict[str, Any], sources: Sources) -> bool:
    return "entity.py" in sources and (
        "coordinator.py" in sources or "coordinator/__init__.py" in sources
    )


def _no_icons_in_code(_: dict[str, Any], sources: Sources) -> bool:
    return not any(
        re.search(r"_attr_icon\b|\bicon=[\"']mdi:", text) for text in sources.values()
    )


_PLATFORMS = {platform.value for platform in Platform}
_SHOWN = {
    "common-modules": _common_modules,
    "config-flow": _config_flow,
    "diagnostics": _diagnostics,
    "discovery": _discovery,
    "icon-translations": _no_icons_in_code,
    "integration-owner": _owner,
    "parallel-updates": _parallel_updates,
    "reauthentication-flow": _reauthentication,
    "reconfiguration-flow": _reconfiguration,
    "runtime-data": _runtime_data,
    "test-before-setup": _tested_before_setup,
    "unique-config-entry": _unique_entry,
}

# Functions that Home Assistant calls with the config entry, and where among the arguments.
_WITH_ENTRY = {
    "async_setup_entry": 1,
    "async_unload_entry": 1,
    "async_migrate_entry": 1,
    "async_remove_entry": 1,
    "async_remove_config_entry_device": 1,
    "async_get_config_entry_diagnostics": 1,
    "async_get_device_diagnostics": 1,
    "async_get_options_flow": 0,
}


def _untyped_entries(sources: Sources) -> Problems:
    found = []
    for path, text in sources.items():
        for name, position in _WITH_ENTRY.items():
            function = _function(text, name)
            if function is None:
                continue
            arguments = function.args.args
            kind = arguments[position].annotation if len(arguments) > position else None
            if not isinstance(kind, ast.Name) or not re.fullmatch(
                r"[A-Za-z]+ConfigEntry", kind.id
            ):
                found.append(
                    f"{path}: {name} does not name the type of its config entry"
                )
    return found
