"""Who imports whom: Home Assistant's dependencies, and the layers of this project."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from homeassistant.const import Platform

from .repository import Sources
from .schema import Problems

DOMAIN = "thermogate"
_COMPONENTS = "homeassistant.components."

# What any integration may import without naming it in its manifest.
_FREE = {platform.value for platform in Platform} | {
    "alert",
    "automation",
    "conversation",
    "default_config",
    "device_automation",
    "frontend",
    "group",
    "homeassistant",
    "input_boolean",
    "input_button",
    "input_datetime",
    "input_number",
    "input_select",
    "input_text",
    "labs",
    "media_source",
    "mjpeg",
    "onboarding",
    "panel_custom",
    "persistent_notification",
    "person",
    "script",
    "shopping_list",
    "stream",
    "sun",
    "system_health",
    "system_log",
    "timer",
    "webhook",
    "websocket_api",
    "zone",
}
# Manifest keys that stand for a dependency on the discovery they name.
_DISCOVERIES = {
    "dhcp": ["dhcp"],
    "mqtt": ["mqtt"],
    "ssdp": ["ssdp"],
    "zeroconf": ["zeroconf", "homekit"],
}

# A library never imports Home Assistant, nor another library, nor what uses it.
LIBRARIES = ("facegate", "guide", "journal")
_SIMULATORS = "tests.simulators"
_PLATFORMS = {platform.value for platform in Platform}

# The modules of a library that speak with a device or read what it sends.
_WIRE = {
    "acknowledge",
    "client",
    "crypto",
    "http",
    "parse",
    "rtsp",
    "session",
    "socket",
    "topics",
    "transport",
    "wire",
}


def _statements(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the imports that happen when the program runs."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith(
            "TYPE_CHECKING"
        ):
            yield from _statements(ast.Module(child.orelse, []))
        elif isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        else:
            yield from _statements(child)


def _package(path: str, root: str) -> list[str]:
    """Return the dotted parts of the package that a module lies in."""
    return [*root.split("."), *PurePosixPath(path).parent.parts]


def imported(
    path: str, text: str, root: str = f"custom_components.{DOMAIN}"
) -> set[str]:
    """Return the full dotted names that a module imports, relative ones resolved from its path below the root package."""
    names = set()
    for statement in _statements(ast.parse(text)):
        if isinstance(statement, ast.Import):
            names |= {alias.name for alias in statement.names}
            continue
        package = _package(path, root)
        base = package[: len(package) - statement.level + 1] if statement.level else []
        module = ".".join([*base, *filter(None, [statement.module])])
        names |= {f"{module}.{alias.name}" for alias in statement.names}
    return names


def check_dependencies(manifest: dict[str, Any], sources: Sources) -> Problems:
    """Return integrations that are imported and not named in the manifest."""
    allowed = (
        _FREE
        | {DOMAIN}
        | set(manifest.get("dependencies", []))
        | set(manifest.get("after_dependencies", []))
    )
    allowed |= {
        discovery
        for discovery, keys in _DISCOVERIES.items()
        if any(key in manifest for key in keys)
    }
    # `logbook.py` is loaded by logbook itself, so it may import from it; so may `logbook/anything.py`.
    allowed |= {PurePosixPath(path).parts[0].removesuffix(".py") for path in sources}
    return [
        f"{path} imports {name.split('.')[2]}, which is neither in dependencies nor in after_dependencies"
        for path, text in sources.items()
        for name in sorted(imported(path, text))
        if name.startswith(_COMPONENTS)
        and name != f"{_COMPONENTS}http.auth.async_sign_path"
        and name.split(".")[2] not in allowed
    ]


def check_layers(sources: Sources) -> Problems:
    """Return imports that cross a layer: libraries know nothing above them, platforms nothing of the wire."""
    found = []
    for path, text in sources.items():
        own = PurePosixPath(path).parts[0]
        for name in sorted(imported(path, text)):
            if own in LIBRARIES and not _inside_library(own, name):
                found.append(f"{path} imports {name}: {own} is a library of its own")
            if own.removesuffix(".py") in _PLATFORMS and _is_wire(name):
                found.append(
                    f"{path} imports {name}: a platform knows nothing of the wire"
                )
    return found


def _is_wire(name: str) -> bool:
    parts = name.removeprefix(f"custom_components.{DOMAIN}.").split(".")
    return parts[0] in LIBRARIES and len(parts) > 2 and parts[1] in _WIRE


def _inside_library(own: str, name: str) -> bool:
    if name.split(".", maxsplit=1)[0] == "homeassistant":
        return False
    prefix = f"custom_components.{DOMAIN}"
    return (
        name.split(".", maxsplit=1)[0] != "custom_components"
        or name.startswith(f"{prefix}.{own}.")
        or name == f"{prefix}.{own}"
    )


def check_simulators(sources: Sources) -> Problems:
    """Return imports by which a simulator would share a misreading with the code it tests. Paths are below the simulators."""
    return [
        f"{path} imports {name}: a simulator shares no code with the integration"
        for path, text in sources.items()
        for name in sorted(imported(path, text, _SIMULATORS))
        if name.split(".")[0] in {"custom_components", "homeassistant"}
        or (name.startswith("tests.") and not name.startswith(f"{_SIMULATORS}."))
    ]
