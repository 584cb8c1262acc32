"""translations/en.json: its sections, its keys and its texts."""

from collections.abc import Iterator
import re
import string
from typing import Any

import probatio

from homeassistant.helpers import config_validation as cv

from .schema import Problems, Validator, keyed, problems

_URL = re.compile(
    r"(?:[a-z]+://|\bwww\.)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}", re.IGNORECASE
)
_QUOTED_PLACEHOLDER = re.compile(r"'\{\w+\}'")


def placeholders(text: str) -> set[str]:
    """Return the names in braces; raises ValueError where braces do not match."""
    return {
        name for _, name, _, _ in string.Formatter().parse(text) if name is not None
    }


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise probatio.Invalid("must be text")
    cv.string_with_no_html(value)
    if value != value.strip():
        raise probatio.Invalid("must not begin or end with a space")
    if _URL.search(value):
        raise probatio.Invalid("must not hold a URL: use a description placeholder")
    if _QUOTED_PLACEHOLDER.search(value):
        raise probatio.Invalid("must not hold a placeholder in single quotes")
    # A custom integration's references to other texts are never resolved: a user would read the key.
    if "[%" in value or "%]" in value:
        raise probatio.Invalid("must not refer to another text")
    try:
        names = placeholders(value)
    except ValueError as error:
        raise probatio.Invalid(f"has broken braces: {error}") from error
    if not all(name.isidentifier() for name in names):
        raise probatio.Invalid("must name placeholders by identifiers")
    return value


def _fixed_text(value: Any) -> str:
    text = _text(value)
    if placeholders(text):
        raise probatio.Invalid("must not hold placeholders")
    return text


def _step(value: Any) -> Any:
    step = _STEP(value)
    for where, fields in {"": step, **step.get("sections", {})}.items():
        for extra in set(fields.get("data_description", {})) - set(
            fields.get("data", {})
        ):
            raise probatio.Invalid(
                f"data_description has {extra}, data has not",
                path=[where] if where else None,
            )
        for bare in set(fields.get("data", {})) - set(
            fields.get("data_description", {})
        ):
            raise probatio.Invalid(
                f"field {bare} has no data_description", path=[where] if where else None
            )
    return step


def _texts(key: Validator | None = None) -> Validator:
    return keyed(_text, key) if key else keyed(_text)


def _any_key(value: str) -> str:
    return value


_DATA: dict[Any, Any] = {
    probatio.Optional("data"): _texts(_any_key),
    probatio.Optional("data_description"): _texts(_any_key),
    probatio.Optional("description"): _text,
}
_STEP = probatio.Schema(
    {
        **_DATA,
        probatio.Optional("title"): _text,
        probatio.Optional("menu_options"): _texts(_any_key),
        probatio.Optional("menu_option_descriptions"): _texts(_any_key),
        probatio.Optional("submit"): _text,
        probatio.Optional("sections"): {
            str: {**_DATA, probatio.Optional("name"): _text}
        },
    }
)
_FLOW: dict[Any, Any] = {
    probatio.Optional("flow_title"): _text,
    probatio.Required("step"): {str: _step},
    **{
        probatio.Optional(part): _texts(_any_key)
        for part in ("error", "abort", "progress", "create_entry")
    },
}
_USER_FLOW = {
    **_FLOW,
    probatio.Optional("initiate_flow"): {probatio.Required("user"): _text},
}
_SUBENTRY_FLOW = {
    **_FLOW,
    probatio.Required("entry_type"): _text,
    probatio.Required("initiate_flow"): {probatio.Required("user"): _text, str: _text},
}
_ISSUE = probatio.All(
    {
        probatio.Required("title"): _text,
        probatio.Optional("short_title"): _text,
        probatio.Exclusive("description", "fixable"): _text,
        probatio.Exclusive("fix_flow", "fixable"): _FLOW,
    },
    probatio.AtLeastOne("description", "fix_flow"),
)
_STATES: dict[Any, Any] = {
    probatio.Optional("name"): _text,
    probatio.Optional("state"): keyed(_fixed_text),
}
_ENTITY = {
    **_STATES,
    probatio.Optional("state_attributes"): keyed(_STATES),
    probatio.Optional("unit_of_measurement"): _fixed_text,
}
_NAMED: dict[Any, Any] = {
    probatio.Required("name"): _text,
    probatio.Required("description"): _text,
}
_AUTOMATION = {
    **_NAMED,
    probatio.Optional("fields"): keyed(
        {probatio.Required("name"): _text, probatio.Optional("description"): _text}
    ),
}
_SCHEMA = probatio.Schema(
    {
        probatio.Optional("title"): _text,
        probatio.Optional("config"): _USER_FLOW,
        probatio.Optional("options"): _USER_FLOW,
        probatio.Optional("config_subentries"): keyed(_SUBENTRY_FLOW, cv.slug),
        probatio.Optional("selector"): keyed(
            {
                probatio.Optional("choices"): keyed(_text),
                probatio.Optional("options"): keyed(_text),
                probatio.Optional("unit_of_measurement"): keyed(_text),
                probatio.Optional("fields"): probatio.Any(keyed(_NAMED), keyed(_text)),
            },
            cv.slug,
        ),
        probatio.Optional("device_automation"): {
            probatio.Optional(part): _texts(_any_key)
            for part in (
                "action_type",
                "condition_type",
                "trigger_type",
                "trigger_subtype",
                "extra_fields",
                "extra_fields_descriptions",
            )
        },
        probatio.Optional("system_health"): {probatio.Optional("info"): keyed(_text)},
        probatio.Optional("issues"): keyed(_ISSUE, _any_key),
        probatio.Optional("device"): keyed({probatio.Optional("name"): _text}),
        probatio.Optional("entity"): keyed(keyed(_ENTITY), cv.slug),
        probatio.Optional("exceptions"): keyed(
            {probatio.Required("message"): _text}, cv.slug
        ),
        probatio.Optional("services"): keyed(
            {
                **_NAMED,
                probatio.Optional("fields"): keyed(
                    {**_NAMED, probatio.Optional("example"): _text}
                ),
                probatio.Optional("sections"): keyed(
                    {
                        probatio.Required("name"): _text,
                        probatio.Optional("description"): _text,
                    }
                ),
            }
        ),
        probatio.Optional("triggers"): keyed(_AUTOMATION, cv.underscore_slug),
        probatio.Optional("conditions"): keyed(_AUTOMATION, cv.underscore_slug),
        probatio.Optional("common"): keyed(_text, cv.slug),
    }
)


def _keys(texts: dict[str, Any], where: str = "") -> Iterator[tuple[str, str]]:
    for key, value in texts.items():
        yield where, key
        if isinstance(value, dict):
            yield from _keys(value, f"{where}.{key}".lstrip("."))


def check_texts(texts: dict[str, Any]) -> Problems:
    """Return what is wrong with a file of translations."""
    found = problems(_SCHEMA, texts)
    # Hassfest leaves the keys of flows alone, its frontend does not: hold all to one rule.
    for where, key in _keys(texts):
        found += [
            f"{problem} at '{where}'" for problem in problems(_key_of_any_kind, key)
        ]
    return found


def _key_of_any_kind(key: str) -> None:
    if not re.fullmatch(r"_|_?[a-z0-9]+(?:[_-][a-z0-9]+)*", key):
        raise probatio.Invalid(f"'{key}' is no key")
