"""services.yaml: its schema, and a text and an icon for everything in it."""

from collections.abc import Iterator
import re
from typing import Any

import probatio

from homeassistant.helpers import config_validation as cv

from .repository import Sources
from .schema import FIELD, FIELD_FILTER, TARGET, Problems, problems, selector_texts

_REGISTERS = re.compile(
    r"hass\.services\.(?:async_)?register\(|\basync_register_(?:platform_)?entity_service\(|\basync_register_admin_service\("
)

type Actions = dict[str, Any]
"""Content of services.yaml."""


def _fields_once(fields: dict[str, Any]) -> dict[str, Any]:
    names = [name for _, name, _ in _flat(fields)]
    for name in names:
        if names.count(name) > 1:
            raise probatio.Invalid(f"field {name} appears twice")
    return fields


def _flat(fields: dict[str, Any]) -> Iterator[tuple[str | None, str, dict[str, Any]]]:
    """Yield section, name and content of every field, inside sections and outside."""
    for name, content in fields.items():
        if content and "fields" in content:
            yield from (
                (name, inner, value or {}) for inner, value in content["fields"].items()
            )
        else:
            yield None, name, content or {}


def _action(field: dict[Any, Any], **target: Any) -> probatio.Schema:
    section = {
        probatio.Required("fields"): {cv.slug: field},
        probatio.Optional("collapsed"): bool,
    }
    fields = probatio.All({cv.slug: probatio.Any(field, section)}, _fields_once)
    return probatio.Schema(
        {
            **{probatio.Required(key): value for key, value in target.items()},
            probatio.Optional("fields"): fields,
        }
    )


_FIELD = {**FIELD, probatio.Optional("advanced"): bool}
_TARGETED = _action(
    {**_FIELD, probatio.Optional("filter"): FIELD_FILTER}, target=TARGET
)
_UNTARGETED = _action(_FIELD)


def _any_action(value: Any) -> Any:
    # Not `Any`: its message would be about the branch that was not meant.
    if value is None:
        return value
    return (_TARGETED if "target" in value else _UNTARGETED)(value)


_SCHEMA = probatio.Schema({cv.slug: _any_action})


def check_actions(actions: Actions | None, sources: Sources) -> Problems:
    """Return what is wrong with services.yaml, None where there is none."""
    if actions is None:
        return [
            f"{path} registers actions, services.yaml is missing"
            for path, text in sources.items()
            if _REGISTERS.search(text)
        ]
    return problems(_SCHEMA, actions)


def check_action_texts(
    actions: Actions, texts: dict[str, Any], icons: dict[str, Any]
) -> Problems:
    """Return actions, sections, fields and choices without a text, actions without an icon, and texts of none of them."""
    found = []
    translated = texts.get("services", {})
    for name, action in actions.items():
        own = translated.get(name, {})
        if not own:
            found.append(f"services.{name} is not translated")
        if name not in icons.get("services", {}):
            found.append(f"services.{name} has no icon")
        fields = list(_flat((action or {}).get("fields", {})))
        for section, field, content in fields:
            where = f"services.{name}.fields.{field}"
            if field not in own.get("fields", {}):
                found.append(f"{where} is not translated")
            if section is not None and section not in own.get("sections", {}):
                found.append(f"services.{name}.sections.{section} is not translated")
            found += selector_texts(where, content, texts)
        found += [
            f"services.{name}.fields.{field} is translated and does not exist"
            for field in own.get("fields", {})
            if field not in {known for _, known, _ in fields}
        ]
    found += [
        f"services.{name} is translated and does not exist"
        for name in translated
        if name not in actions
    ]
    found += [
        f"services.{name} has an icon and does not exist"
        for name in icons.get("services", {})
        if name not in actions
    ]
    return found
