"""icons.json: its sections, its icons, and that nothing visible goes without one."""

import re
from typing import Any

import probatio

from homeassistant.helpers import config_validation as cv

from .schema import Problems, keyed, problems


def _icon(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(
        r"mdi:[a-z0-9]+(?:-[a-z0-9]+)*", value
    ):
        raise probatio.Invalid("must be an icon such as mdi:gate")
    return value


def _range(value: Any) -> Any:
    keyed(
        _icon,
        lambda key: (
            float(key) if re.fullmatch(r"-?\d+(\.\d+)?", key) else _not_a_number(key)
        ),
    )(value)
    limits = [float(key) for key in value]
    if limits != sorted(set(limits)):
        raise probatio.Invalid("must have ascending limits")
    return value


def _not_a_number(key: str) -> None:
    raise probatio.Invalid(f"limit '{key}' is no number")


def _distinct(value: Any) -> Any:
    if value.get("default") in value.get("state", {}).values():
        raise probatio.Invalid("has a state with the default icon")
    return value


_STATES: dict[Any, Any] = {
    probatio.Optional("default"): _icon,
    probatio.Optional("state"): keyed(_icon),
    probatio.Optional("range"): _range,
}
_STEPS = {
    probatio.Required("step"): {str: {probatio.Required("sections"): keyed(_icon)}}
}
_SCHEMA = probatio.Schema(
    {
        probatio.Optional("entity"): keyed(
            keyed(
                {
                    **_STATES,
                    probatio.Optional("state_attributes"): keyed(
                        probatio.All(_STATES, _distinct)
                    ),
                }
            ),
            cv.slug,
        ),
        probatio.Optional("services"): keyed(
            probatio.Any(
                _icon,
                {
                    probatio.Required("service"): _icon,
                    probatio.Optional("sections"): keyed(_icon),
                },
            )
        ),
        probatio.Optional("triggers"): keyed(
            {probatio.Required("trigger"): _icon}, cv.underscore_slug
        ),
        probatio.Optional("conditions"): keyed(
            {probatio.Required("condition"): _icon}, cv.underscore_slug
        ),
        probatio.Optional("config"): _STEPS,
        probatio.Optional("options"): _STEPS,
        probatio.Optional("issues"): {str: {probatio.Required("fix_flow"): _STEPS}},
    }
)


def check_icons(icons: dict[str, Any]) -> Problems:
    """Return what is wrong with a file of icons."""
    return problems(_SCHEMA, icons)
