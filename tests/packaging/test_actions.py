"""services.yaml holds hassfest's rules and is translated in full, and each rule can fail."""

from typing import Any

import pytest

from .action_checks import check_action_texts, check_actions
from .repository import read_json, read_yaml, sources

SELECT = {
    "selector": {
        "select": {"options": ["left", "right"], "translation_key": "direction"}
    }
}
MOVE = {
    "move": {
        "target": {"entity": {"domain": "camera", "integration": "thermogate"}},
        "fields": {
            "direction": {"required": True, "example": "left"} | SELECT,
            "more": {
                "collapsed": True,
                "fields": {
                    "speed": {
                        "default": 4,
                        "selector": {"number": {"min": 1, "max": 7}},
                    }
                },
            },
        },
    }
}
NAMED = {"name": "Name", "description": "What it does"}
MOVE_TEXTS: dict[str, Any] = {
    "services": {
        "move": NAMED
        | {"fields": {"direction": NAMED, "speed": NAMED}, "sections": {"more": NAMED}}
    },
    "selector": {"direction": {"options": {"left": "Left", "right": "Right"}}},
}
MOVE_ICONS = {"services": {"move": {"service": "mdi:pan"}}}


def test_the_actions_are_valid() -> None:
    """The actions we ship have nothing to complain about."""
    assert check_actions(read_yaml("services.yaml"), sources()) == []


def test_the_actions_are_translated() -> None:
    """Every action, section, field and choice has a text, every action an icon, and none is left over."""
    actions = read_yaml("services.yaml") or {}
    assert (
        check_action_texts(
            actions, read_json("translations/en.json"), read_json("icons.json")
        )
        == []
    )


def test_a_good_action_passes() -> None:
    """Targets, sections and selectors are accepted, and their texts found."""
    assert check_actions(MOVE | {"reload": None}, {}) == []
    assert check_action_texts(MOVE, MOVE_TEXTS, MOVE_ICONS) == []


@pytest.mark.parametrize(
    "code",
    [
        "hass.services.async_register(DOMAIN, 'move', _move)",
        "hass.services.register(DOMAIN, 'move', _move)",
        "platform.async_register_entity_service('move', {}, 'async_move')",
        "async_register_platform_entity_service(hass, DOMAIN, 'move', func='async_move')",
        "async_register_admin_service(hass, DOMAIN, 'move', _move)",
    ],
)
def test_registered_actions_need_the_file(code: str) -> None:
    """However an action is registered."""
    assert check_actions(None, {"services.py": code}) == [
        "services.py registers actions, services.yaml is missing"
    ]


def test_without_actions_the_file_may_be_absent() -> None:
    """An integration without actions has no such file."""
    assert (
        check_actions(
            None, {"services.py": "hass.services.async_call('light', 'turn_on')"}
        )
        == []
    )


@pytest.mark.parametrize(
    ("action", "words"),
    [
        pytest.param({"icon": "mdi:pan"}, "'move.icon'", id="unknown key"),
        pytest.param({"target": {"sensor": {}}}, "'move.target", id="unknown target"),
        pytest.param(
            {"fields": {"speed": {"type": "int"}}}, "speed", id="unknown key of a field"
        ),
        pytest.param(
            {"fields": {"speed": {"selector": {"slider": {}}}}},
            "speed",
            id="unknown selector",
        ),
        pytest.param(
            {"fields": {"speed": {"selector": {"number": {"min": "low"}}}}},
            "speed",
            id="selector without sense",
        ),
        pytest.param(
            {"fields": {"speed": {"default": None}}},
            "speed",
            id="default without a value",
        ),
        pytest.param(
            {"fields": {"speed": {"required": "yes"}}}, "speed", id="flag is no boolean"
        ),
        pytest.param({"fields": {"Speed": {}}}, "Speed", id="name with capitals"),
        pytest.param(
            {"fields": {"speed": {"filter": {"supported_features": []}}}},
            "speed",
            id="filter without a target",
        ),
        pytest.param(
            {
                "target": None,
                "fields": {
                    "speed": {
                        "filter": {
                            "supported_features": ["camera.CameraEntityFeature.FLY"]
                        }
                    }
                },
            },
            "speed",
            id="filter of an unknown feature",
        ),
        pytest.param(
            {"fields": {"more": {"fields": {}, "open": True}}},
            "more",
            id="unknown key of a section",
        ),
        pytest.param(
            {"fields": {"speed": {}, "more": {"fields": {"speed": {}}}}},
            "twice",
            id="field twice",
        ),
    ],
)
def test_a_bad_action_is_told(action: dict[str, Any], words: str) -> None:
    """Each rule by itself."""
    assert any(words in problem for problem in check_actions({"move": action}, {})), (
        check_actions({"move": action}, {})
    )


def test_a_bad_name_is_told() -> None:
    """Actions are called by a slug."""
    assert check_actions({"Move it": None}, {}) != []


@pytest.mark.parametrize(
    ("actions", "texts", "icons", "problem"),
    [
        pytest.param(
            MOVE, {}, MOVE_ICONS, "services.move is not translated", id="no text"
        ),
        pytest.param(MOVE, MOVE_TEXTS, {}, "services.move has no icon", id="no icon"),
        pytest.param(
            MOVE,
            {"services": {"move": NAMED}},
            MOVE_ICONS,
            "services.move.fields.speed is not translated",
            id="no text of a field",
        ),
        pytest.param(
            MOVE,
            {"services": {"move": NAMED}},
            MOVE_ICONS,
            "services.move.sections.more is not translated",
            id="no text of a section",
        ),
        pytest.param(
            MOVE,
            MOVE_TEXTS | {"selector": {}},
            MOVE_ICONS,
            "services.move.fields.direction: selector.direction is not translated",
            id="no text of a selector",
        ),
        pytest.param(
            MOVE,
            MOVE_TEXTS | {"selector": {"direction": {"options": {"left": "Left"}}}},
            MOVE_ICONS,
            "services.move.fields.direction: selector.direction.options.right is not translated",
            id="no text of a choice",
        ),
        pytest.param(
            {
                "move": {
                    "fields": {
                        "direction": {"selector": {"select": {"options": ["left"]}}}
                    }
                }
            },
            MOVE_TEXTS,
            MOVE_ICONS,
            "services.move.fields.direction: choices without translation_key",
            id="choices that cannot be translated",
        ),
        pytest.param(
            {},
            MOVE_TEXTS,
            {},
            "services.move is translated and does not exist",
            id="text left over",
        ),
        pytest.param(
            {},
            {},
            MOVE_ICONS,
            "services.move has an icon and does not exist",
            id="icon left over",
        ),
        pytest.param(
            {"move": None},
            MOVE_TEXTS,
            MOVE_ICONS,
            "services.move.fields.speed is translated and does not exist",
            id="field left over",
        ),
    ],
)
def test_a_missing_text_is_told(
    actions: dict[str, Any], texts: dict[str, Any], icons: dict[str, Any], problem: str
) -> None:
    """Each text and icon that a user would miss."""
    assert problem in check_action_texts(actions, texts, icons)
