"""Where the files under test lie, and how to read them."""

from functools import cache
import json
from pathlib import Path
from typing import Any

from homeassistant.util.yaml import load_yaml_dict

ROOT = Path(__file__).parents[2]
INTEGRATION = ROOT / "custom_components" / "thermogate"

# What a run leaves behind, and what belongs to version control itself.
_NOT_OURS = {
    ".git",
    ".demo",
    ".hypothesis",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "__pycache__",
    "htmlcov",
}

type Sources = dict[str, str]
"""Python text by path relative to the integration, such as `facegate/topics.py`."""


@cache
def sources() -> Sources:
    """Return all Python text of the integration."""
    return {
        path.relative_to(INTEGRATION).as_posix(): path.read_text()
        for path in sorted(INTEGRATION.rglob("*.py"))
    }


def files() -> list[Path]:
    """Return every file of the repository that a person wrote."""
    return sorted(
        path
        for top in ROOT.iterdir()
        if top.name not in _NOT_OURS and not top.name.startswith((".venv", ".coverage"))
        for path in ([top] if top.is_file() else top.rglob("*"))
        if path.is_file() and _NOT_OURS.isdisjoint(path.relative_to(ROOT).parts)
    )


def read_json(name: str) -> Any:
    """Return a JSON file of the integration, an empty object where it is absent."""
    path = INTEGRATION / name
    return json.loads(path.read_text()) if path.is_file() else {}


def read_yaml(name: str) -> dict[str, Any] | None:
    """Return a YAML file of the integration, None where it is absent."""
    path = INTEGRATION / name
    return load_yaml_dict(str(path)) if path.is_file() else None
