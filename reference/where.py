"""Where a person finds something in Home Assistant, in short words that can be checked.

`button.open_gate` is the entity that has this translation key, `action.save_person` an action, `option.hold_time` a field of the
options, `trigger.fire` and `condition.alarm_showing` what the automation editor offers. Any other text, with a blank in it, is a
sentence.
"""

import json
from pathlib import Path
import re
from typing import Any, Final

INTEGRATION: Final = Path(__file__).parents[1] / "custom_components" / "thermogate"
# Entities that have their name from their device class.
UNTRANSLATED: Final = {
    "binary_sensor.connectivity": "Connectivity",
    "button.restart": "Restart",
    "update.firmware": "Firmware",
}

type Where = tuple[str, ...]


def texts() -> dict[str, Any]:
    """Return the texts of the integration."""
    known: dict[str, Any] = json.loads(
        (INTEGRATION / "translations" / "en.json").read_text()
    )
    return known


def is_sentence(place: str) -> bool:
    """Whether it is no name that can be checked."""
    return " " in place


def is_there(place: str, known: dict[str, Any]) -> bool:
    """Whether the integration, whose texts are `known`, has what is named."""
    kind, _, name = place.partition(".")
    if kind == "option":
        return any(name in step.get("data", {}) for step in _option_steps(known))
    section = {
        "action": known["services"],
        "trigger": known.get("triggers", {}),
        "condition": known.get("conditions", {}),
    }.get(kind, known["entity"].get(kind, {}))
    return name in section or (place in UNTRANSLATED and _has_device_class(kind, name))


def said(place: str, known: dict[str, Any]) -> str:
    """Return a place as a person reads it."""
    if is_sentence(place):
        return place
    kind, _, name = place.partition(".")
    if kind == "action":
        return f"`thermogate.{name}`"
    if kind in ("trigger", "condition"):
        return f"{kind} `thermogate.{name}`"
    if kind == "option":
        labels = (step.get("data", {}).get(name) for step in _option_steps(known))
        label = next((label for label in labels if label), _spaced(name))
        return f"option *{label}*"
    entity = known["entity"].get(kind, {}).get(name, {})
    label = UNTRANSLATED.get(place) or entity.get("name") or _spaced(name)
    # Entities of a rule carry its name.
    return f"{kind.replace('_', ' ')} *{label.replace('{rule}', '(rule)')}*"


def _has_device_class(platform: str, name: str) -> bool:
    """Whether a platform describes an entity of a device class."""
    path = INTEGRATION / f"{platform}.py"
    return path.is_file() and bool(
        re.search(rf"\bdevice_class=\w+DeviceClass\.{name.upper()}\b", path.read_text())
    )


def _option_steps(known: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the pages of the options, with the sections that are in them."""
    steps = list(known["options"]["step"].values())
    return steps + [
        section for step in steps for section in step.get("sections", {}).values()
    ]


def _spaced(name: str) -> str:
    return name.replace("_", " ").capitalize()
