"""icons.json holds hassfest's rules, and each rule can fail."""

from typing import Any

import pytest

from .icon_checks import check_icons, check_icons_are_used
from .repository import read_json


def test_the_icons_are_valid() -> None:
    """The icons we ship have nothing to complain about."""
    assert check_icons(read_json("icons.json")) == []


def test_every_icon_belongs_to_something() -> None:
    """No icon is left of an entity that went."""
    assert (
        check_icons_are_used(read_json("icons.json"), read_json("translations/en.json"))
        == []
    )


def test_a_file_with_every_section_passes() -> None:
    """No section that Home Assistant knows is refused."""
    sections = {"step": {"user": {"sections": {"more": "mdi:tune"}}}}
    assert (
        check_icons(
            {
                "entity": {
                    "sensor": {
                        "signal": {
                            "default": "mdi:signal",
                            "range": {
                                "-90": "mdi:signal-cellular-1",
                                "0": "mdi:signal-off",
                            },
                        }
                    },
                    "event": {
                        "access": {
                            "default": "mdi:gate",
                            "state_attributes": {
                                "event_type": {
                                    "default": "mdi:gate",
                                    "state": {"granted": "mdi:gate-open"},
                                }
                            },
                        }
                    },
                },
                "services": {
                    "move": "mdi:pan",
                    "save": {
                        "service": "mdi:content-save",
                        "sections": {"more": "mdi:tune"},
                    },
                },
                "triggers": {"_": {"trigger": "mdi:gate"}},
                "conditions": {"is_online": {"condition": "mdi:lan"}},
                "config": sections,
                "options": sections,
                "issues": {"clock": {"fix_flow": sections}},
            }
        )
        == []
    )


def _sensor(**icons: Any) -> dict[str, Any]:
    return {"entity": {"sensor": {"signal": icons}}}


@pytest.mark.parametrize(
    ("icons", "words"),
    [
        pytest.param({"sensor": {}}, "not a valid option", id="unknown section"),
        pytest.param(_sensor(default="hass:gate"), "mdi:gate", id="another icon set"),
        pytest.param(_sensor(default="mdi:Gate open"), "mdi:gate", id="no icon name"),
        pytest.param(_sensor(icon="mdi:gate"), "not a valid option", id="unknown part"),
        pytest.param(
            _sensor(range={"low": "mdi:gate"}), "no number", id="limit is no number"
        ),
        pytest.param(
            _sensor(range={"10": "mdi:gate", "9": "mdi:pan"}),
            "ascending",
            id="limits descend",
        ),
        pytest.param(
            _sensor(default="mdi:gate", state={"open": "mdi:gate"}),
            "default icon",
            id="state like the default",
        ),
        pytest.param(
            _sensor(state_attributes={"mode": {"state": {"on": "mdi:pan"}}}),
            "default",
            id="attribute without default",
        ),
        pytest.param(_sensor(state={"On": "mdi:gate"}), "'On'", id="key with capitals"),
        pytest.param(
            {"entity_component": {"_": {"default": "mdi:gate"}}},
            "not a valid option",
            id="only for core's entities",
        ),
        pytest.param(
            {"services": {"move": {"sections": {}}}},
            "services",
            id="action without icon",
        ),
        pytest.param(
            {"triggers": {"arrived": "mdi:gate"}},
            "triggers",
            id="trigger without its key",
        ),
    ],
)
def test_bad_icons_are_told(icons: dict[str, Any], words: str) -> None:
    """Each rule by itself."""
    assert any(words in problem for problem in check_icons(icons)), check_icons(icons)


def test_an_icon_without_an_entity_is_told() -> None:
    """The text is what an entity's key is looked up by."""
    assert check_icons_are_used(
        _sensor(default="mdi:signal"), {"entity": {"sensor": {"count": {}}}}
    ) == ["entity.sensor.signal has an icon and no text"]
