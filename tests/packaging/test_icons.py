"""icons.json holds hassfest's rules, and each rule can fail."""

from typing import Any

import pytest

from .icon_checks import check_icons
from .repository import read_json


def test_the_icons_are_valid() -> None:
    """The icons we ship have nothing to complain about."""
    assert check_icons(read_json("icons.json")) == []


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
            _sensor(
                state_attributes={
                    "mode": {"default": "mdi:gate", "state": {"open": "mdi:gate"}}
                }
            ),
            "default icon",
            id="state of an attribute like its default",
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
