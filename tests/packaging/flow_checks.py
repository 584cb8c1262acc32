"""Rules of hassfest about code: the config flow and the configuration schema."""

import ast
import re
from typing import Any

from .repository import Sources
from .schema import Problems

DISCOVERY_STEP = re.compile(
    r"\basync_step_(?:discovery|bluetooth|hassio|homekit|mqtt|ssdp|zeroconf|dhcp|usb)\b"
)
_SETS_UNIQUE_ID = re.compile(
    r"self\.async_set_unique_id|self\._async_handle_discovery_without_unique_id|register_discovery_flow"
    r"|AbstractOAuth2FlowHandler"
)
_SCHEMAS = {"CONFIG_SCHEMA", "PLATFORM_SCHEMA", "PLATFORM_SCHEMA_BASE"}


def check_config_flow(manifest: dict[str, Any], sources: Sources) -> Problems:
    """Return a promised config flow that is missing, or one that discovers without setting a unique id."""
    text = sources.get("config_flow.py", sources.get("config_flow/__init__.py"))
    if text is None:
        return ["config_flow.py is missing"] if manifest.get("config_flow") else []
    if DISCOVERY_STEP.search(text) and not _SETS_UNIQUE_ID.search(text):
        return ["a config flow that discovers must set a unique id"]
    return []


def check_config_schema(sources: Sources) -> Problems:
    """Return a set-up of the integration as a whole that does not say what its YAML may hold."""
    module = ast.parse(sources.get("__init__.py", ""))
    defined = {
        node.name
        for node in module.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    if not defined & {"async_setup", "setup"}:
        return []
    named = {
        name.id
        for node in module.body
        for name in ast.walk(node)
        if isinstance(name, ast.Name)
    }
    named |= {
        alias.asname or alias.name
        for node in module.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    if named & _SCHEMAS or "async_validate_config" in sources.get("config.py", ""):
        return []
    return ["async_setup needs CONFIG_SCHEMA"]
