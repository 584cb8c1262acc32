"""triggers.yaml and conditions.yaml: what the integration offers to the automation editor."""

import re
from typing import Any

import probatio

from homeassistant.helpers import config_validation as cv, selector

from .repository import Sources
from .schema import FIELD, TARGET, Problems, problems, selector_texts

KINDS = {
    "trigger": re.compile(r"\basync_(?:get_triggers|attach_trigger)\b"),
    "condition": re.compile(r"\basync_get_conditions\b"),
}
"""What a module `<kind>.py` defines when it needs a file `<kind>s.yaml`."""


def _context(automation: dict[str, Any]) -> dict[str, Any]:
    fields = automation.get("fields", {})
    types = {
        name: next(iter(field.get("selector") or {}), None)
        for name, field in fields.items()
    }
    if "target" in automation:
        types["target"] = "target"
    for name, field in fields.items():
        if "context" not in field:
            continue
        if "selector" not in field:
            raise probatio.Invalid(f"field {name} has a context and no selector")
        allowed = selector.selector(field["selector"]).allowed_context_keys
        for key, source in field["context"].items():
            if key not in allowed:
                raise probatio.Invalid(
                    f"field {name} has a selector that knows no context {key}"
                )
            if source not in types:
                raise probatio.Invalid(
                    f"field {name} has a context of {source}, which does not exist"
                )
            if types[source] is not None and types[source] not in allowed[key]:
                raise probatio.Invalid(
                    f"field {name} has a context of {source}, which is of the wrong type"
                )
    return automation


_AUTOMATION = probatio.All(
    {
        probatio.Optional("target"): TARGET,
        probatio.Optional("fields"): {
            cv.slug: {**FIELD, probatio.Optional("context"): {str: str}}
        },
    },
    _context,
)


def _any_automation(value: Any) -> Any:
    return None if value is None else probatio.Schema(_AUTOMATION)(value)


_SCHEMA = probatio.Schema({cv.underscore_slug: _any_automation})


def check_automations(
    kind: str, automations: dict[str, Any] | None, sources: Sources
) -> Problems:
    """Return what is wrong with `<kind>s.yaml`, None where there is none."""
    if automations is None:
        return [
            f"{path} offers {kind}s, {kind}s.yaml is missing"
            for path, text in sources.items()
            if path.rpartition("/")[2] == f"{kind}.py" and KINDS[kind].search(text)
        ]
    # Keys with a leading dot hold what is shared by YAML anchors.
    return problems(
        _SCHEMA,
        {key: value for key, value in automations.items() if not key.startswith(".")},
    )


def check_automation_texts(
    kind: str, automations: dict[str, Any], texts: dict[str, Any], icons: dict[str, Any]
) -> Problems:
    """Return triggers or conditions, fields and choices without a text, or without an icon, and texts of none of them."""
    found = []
    section = f"{kind}s"
    translated = texts.get(section, {})
    offered = {
        key: value or {}
        for key, value in automations.items()
        if not key.startswith(".")
    }
    for name, automation in offered.items():
        if name not in translated:
            found.append(f"{section}.{name} is not translated")
        if name not in icons.get(section, {}):
            found.append(f"{section}.{name} has no icon")
        for field, content in automation.get("fields", {}).items():
            if field not in translated.get(name, {}).get("fields", {}):
                found.append(f"{section}.{name}.fields.{field} is not translated")
            found += selector_texts(
                f"{section}.{name}.fields.{field}", content or {}, texts
            )
    found += [
        f"{section}.{name} is translated and does not exist"
        for name in translated
        if name not in offered
    ]
    return found
