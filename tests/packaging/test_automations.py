"""triggers.yaml and conditions.yaml hold hassfest's rules and are translated in full, and each rule can fail."""

from typing import Any

import pytest

from .automation_checks import KINDS, check_automation_texts, check_automations
from .repository import read_json, read_yaml, sources

ARRIVED = {
    ".shared": {"required": True},
    "arrived": {
        "target": {"entity": {"integration": "thermogate"}},
        "fields": {
            "entity": {"selector": {"entity": {}}},
            "attribute": {
                "selector": {"attribute": {"entity_id": "event.access"}},
                "context": {"filter_entity": "entity"},
            },
        },
    },
    "_": None,
}
NAMED = {"name": "Name", "description": "What it does"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_we_offer_is_valid(kind: str) -> None:
    """What we ship has nothing to complain about."""
    assert check_automations(kind, read_yaml(f"{kind}s.yaml"), sources()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_we_offer_is_translated(kind: str) -> None:
    """Every trigger, condition, field and choice has a text, and none is left over."""
    offered = read_yaml(f"{kind}s.yaml") or {}
    assert (
        check_automation_texts(
            kind, offered, read_json("translations/en.json"), read_json("icons.json")
        )
        == []
    )


def test_a_good_file_passes() -> None:
    """Anchors, targets, selectors and contexts are accepted, and their texts found."""
    assert check_automations("trigger", ARRIVED, {}) == []
    texts = {
        "triggers": {
            "arrived": NAMED | {"fields": {"entity": NAMED, "attribute": NAMED}},
            "_": NAMED,
        }
    }
    icons = {
        "triggers": {"arrived": {"trigger": "mdi:gate"}, "_": {"trigger": "mdi:gate"}}
    }
    assert check_automation_texts("trigger", ARRIVED, texts, icons) == []


@pytest.mark.parametrize(
    ("kind", "path", "code"),
    [
        ("trigger", "trigger.py", "async def async_get_triggers(hass): ..."),
        ("trigger", "trigger.py", "async def async_attach_trigger(hass): ..."),
        ("condition", "condition.py", "async def async_get_conditions(hass): ..."),
    ],
)
def test_a_module_needs_its_file(kind: str, path: str, code: str) -> None:
    """Without it Home Assistant does not show what the module offers."""
    assert check_automations(kind, None, {path: code}) == [
        f"{path} offers {kind}s, {kind}s.yaml is missing"
    ]


def test_device_triggers_need_no_file() -> None:
    """They are described in code."""
    assert (
        check_automations(
            "trigger",
            None,
            {"device_trigger.py": "async def async_get_triggers(hass): ..."},
        )
        == []
    )


def _field(**content: Any) -> dict[str, Any]:
    entity: dict[str, Any] = {"selector": {"entity": {}}}
    return {
        "fields": {
            "entity": entity,
            "number": {"selector": {"number": {}}},
            "what": content,
        }
    }


ATTRIBUTE = {"attribute": {"entity_id": "event.access"}}


@pytest.mark.parametrize(
    ("automation", "words"),
    [
        pytest.param({"options": {}}, "not a valid option", id="unknown key"),
        pytest.param({"target": {"sensor": {}}}, "target", id="unknown target"),
        pytest.param(_field(selector={"slider": {}}), "slider", id="unknown selector"),
        pytest.param(_field(default=None), "value", id="default without a value"),
        pytest.param(
            _field(context={"filter_entity": "entity"}),
            "no selector",
            id="context without selector",
        ),
        pytest.param(
            _field(selector=ATTRIBUTE, context={"filter_area": "entity"}),
            "knows no context",
            id="unknown context",
        ),
        pytest.param(
            _field(selector=ATTRIBUTE, context={"filter_entity": "door"}),
            "does not exist",
            id="context of no field",
        ),
        pytest.param(
            _field(selector=ATTRIBUTE, context={"filter_entity": "number"}),
            "wrong type",
            id="context of a wrong field",
        ),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_file_is_told(kind: str, automation: dict[str, Any], words: str) -> None:
    """Each rule by itself."""
    found = check_automations(kind, {"arrived": automation}, {})
    assert any(words in problem for problem in found), found


@pytest.mark.parametrize(
    ("texts", "icons", "problem"),
    [
        ({}, {}, "triggers.arrived is not translated"),
        (
            {"triggers": {"arrived": NAMED}},
            {},
            "triggers.arrived.fields.entity is not translated",
        ),
        ({}, {}, "triggers.arrived has no icon"),
        (
            {"triggers": {"left": NAMED}},
            {},
            "triggers.left is translated and does not exist",
        ),
    ],
)
def test_a_missing_text_is_told(
    texts: dict[str, Any], icons: dict[str, Any], problem: str
) -> None:
    """Each text and icon that a user would miss."""
    assert problem in check_automation_texts("trigger", ARRIVED, texts, icons)
