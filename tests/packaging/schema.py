"""Shapes and keys that several kinds of file share, and how a broken one is told."""

from collections.abc import Callable
import re
from typing import Any

import probatio

from homeassistant.helpers import config_validation as cv, selector
from homeassistant.helpers.service import (
    validate_attribute_option,
    validate_supported_feature,
)

_KEY = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")

type Problems = list[str]
type Validator = Callable[[Any], Any]


def problems(schema: Validator, value: object) -> Problems:
    """Return what is wrong with a value, each with the path to it."""
    try:
        schema(value)
    except probatio.MultipleInvalid as several:
        return [str(one) for one in several.errors]
    except probatio.Invalid as one:
        return [str(one)]
    return []


def translation_key(value: str) -> str:
    """Accept lower case letters, digits and single separators between them."""
    if not _KEY.fullmatch(value):
        raise probatio.Invalid(f"'{value}' is no translation key")
    return value


def keyed(value: Any, key: Validator = translation_key) -> Validator:
    """Return a schema of an object whose keys are all valid."""
    return cv.schema_with_slug_keys(value, slug_validator=key)


def present(value: Any) -> Any:
    """Refuse a key that is written without a value."""
    if value is None:
        raise probatio.Invalid("must have a value")
    return value


FIELD = {
    probatio.Optional("example"): present,
    probatio.Optional("default"): present,
    probatio.Optional("required"): bool,
    probatio.Optional("selector"): selector.validate_selector,
}
"""What a field of an action, a trigger or a condition may say."""

TARGET = probatio.Any(None, selector.TargetSelector.CONFIG_SCHEMA)

FIELD_FILTER = {
    probatio.Exclusive("attribute", "filter"): {
        str: [probatio.All(str, validate_attribute_option)]
    },
    probatio.Exclusive("supported_features", "filter"): [
        probatio.All(str, validate_supported_feature)
    ],
}
"""For which of its targets an action offers a field."""


def selector_texts(
    where: str, field: dict[str, Any], texts: dict[str, Any]
) -> Problems:
    """Return the choices of a field's select that have no text. `texts` is the whole translation file."""
    select = (field.get("selector") or {}).get("select")
    if not select:
        return []
    options = [
        option for option in select.get("options", []) if isinstance(option, str)
    ]
    if not options:
        return []
    key = select.get("translation_key")
    if key is None:
        return [f"{where}: choices without translation_key"]
    if key not in texts.get("selector", {}):
        return [f"{where}: selector.{key} is not translated"]
    translated = texts["selector"][key].get("options", {})
    return [
        f"{where}: selector.{key}.options.{option} is not translated"
        for option in options
        if option not in translated
    ]
