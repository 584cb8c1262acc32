"""translations/en.json holds hassfest's rules, and each rule can fail."""

from collections import Counter
from typing import Any

import pytest

from .repository import INTEGRATION, read_json
from .text_checks import check_texts

ENGLISH = "translations/en.json"
STEP = {
    "title": "Camera",
    "data": {"host": "Host"},
    "data_description": {"host": "Its address"},
}


def _flow(**parts: Any) -> dict[str, Any]:
    return {"config": {"step": {"user": STEP}} | parts}


def test_the_texts_are_valid() -> None:
    """The texts we ship have nothing to complain about."""
    assert check_texts(read_json(ENGLISH)) == []


def test_only_the_files_a_custom_integration_reads() -> None:
    """Home Assistant reads neither of these from a custom integration."""
    assert not (INTEGRATION / "strings.json").exists()
    assert not (INTEGRATION / ".translations").exists()


def test_a_file_with_every_section_passes() -> None:
    """No section that Home Assistant knows is refused."""
    named = {"name": "Name", "description": "What it does"}
    sections = {
        "advanced": {
            "name": "More",
            "data": {"port": "Port"},
            "data_description": {"port": "Usually {port}"},
        }
    }
    assert (
        check_texts(
            {
                "title": "ThermoGate",
                "common": {"person": "Person"},
                "config": {
                    "flow_title": "{name}",
                    "step": {
                        "user": {"menu_options": {"camera": "Camera"}},
                        "camera": STEP | {"sections": sections},
                    },
                    "error": {"cannot_connect": "No answer"},
                    "abort": {"already_configured": "Known already"},
                    "progress": {"wait": "Waiting"},
                    "create_entry": {"default": "Done"},
                },
                "options": {"step": {"init": STEP}},
                "config_subentries": {
                    "person": {
                        "entry_type": "Person",
                        "initiate_flow": {"user": "Add"},
                        "step": {"user": STEP},
                    }
                },
                "selector": {"direction": {"options": {"zoom_in": "Zoom in"}}},
                "device_automation": {"trigger_type": {"granted": "Access granted"}},
                "system_health": {"info": {"cameras": "Cameras"}},
                "issues": {
                    "old_firmware": {
                        "title": "Old firmware",
                        "description": "Update it",
                    },
                    "clock": {
                        "title": "Clock",
                        "fix_flow": {"step": {"confirm": {"title": "Set it"}}},
                    },
                },
                "device": {"rule": {"name": "Rule {number}"}},
                "entity": {
                    "event": {
                        "access": {
                            "name": "Access",
                            "state_attributes": {
                                "event_type": {"state": {"granted": "Granted"}}
                            },
                        }
                    },
                    "sensor": {
                        "count": {
                            "name": "Count",
                            "unit_of_measurement": "persons",
                            "state": {"none": "None"},
                        }
                    },
                },
                "exceptions": {"refused": {"message": "The device refused: {text}"}},
                "services": {
                    "move": named
                    | {
                        "fields": {"speed": named},
                        "sections": {"more": {"name": "More"}},
                    }
                },
                "triggers": {
                    "_": named,
                    "arrived": named | {"fields": {"person": {"name": "Person"}}},
                },
                "conditions": {"is_online": named},
            }
        )
        == []
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("<b>Bold</b>", "HTML", id="HTML"),
        pytest.param("See https://example.com/help", "URL", id="URL"),
        pytest.param("See www.example.com", "URL", id="URL without scheme"),
        pytest.param(
            "The file '{path}'", "single quotes", id="placeholder in single quotes"
        ),
        pytest.param(
            "Hello {first name}", "identifiers", id="placeholder that is no identifier"
        ),
        pytest.param("Hello {}", "identifiers", id="placeholder without a name"),
        pytest.param("Hello {name", "braces", id="brace left open"),
        pytest.param(" Hello", "space", id="leading space"),
        pytest.param("Hello\n", "space", id="trailing line end"),
        pytest.param(
            "[%key:common::config_flow::data::host%]", "refer", id="reference"
        ),
        pytest.param(7, "text", id="no text"),
        pytest.param(None, "text", id="nothing"),
    ],
)
def test_a_bad_text_is_told(text: object, words: str) -> None:
    """Each rule for a text, wherever it stands."""
    for texts in (
        {"exceptions": {"bad": {"message": text}}},
        _flow(error={"bad": text}),
        {"entity": {"sensor": {"bad": {"name": text}}}},
    ):
        assert any(words in problem for problem in check_texts(texts)), texts


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        pytest.param({"state": {}}, "not a valid option", id="unknown section"),
        pytest.param({"config": {"error": {}}}, "step", id="flow without steps"),
        pytest.param(
            {"config": {"step": {"user": {"name": "Camera"}}}},
            "not a valid option",
            id="unknown part of a step",
        ),
        pytest.param(
            {
                "config": {
                    "step": {
                        "user": {"data": {}, "data_description": {"host": "Where"}}
                    }
                }
            },
            "data has not",
            id="description of no field",
        ),
        pytest.param(
            {"config": {"step": {"user": {"data_description": {"host": "Where"}}}}},
            "data has not",
            id="description without data",
        ),
        pytest.param(
            {"options": {"step": {"init": {"data": {"host": "Host"}}}}},
            "no data_description",
            id="field without description",
        ),
        pytest.param(
            {
                "config": {
                    "step": {"user": {"sections": {"more": {"data": {"port": "Port"}}}}}
                }
            },
            "no data_description",
            id="field of a section without description",
        ),
        pytest.param(
            {"config": {"title": "X", "step": {}}},
            "not a valid option",
            id="title inside config",
        ),
        pytest.param(
            {"config_subentries": {"person": {"step": {}}}},
            "entry_type",
            id="subentry without type",
        ),
        pytest.param(
            {"issues": {"clock": {"title": "Clock"}}},
            "description",
            id="issue without description",
        ),
        pytest.param(
            {"issues": {"clock": {"description": "Clock"}}},
            "title",
            id="issue without title",
        ),
        pytest.param(
            {
                "issues": {
                    "clock": {
                        "title": "Clock",
                        "description": "Late",
                        "fix_flow": {"step": {}},
                    }
                }
            },
            "fixable",
            id="issue with both",
        ),
        pytest.param(
            {"exceptions": {"refused": "No"}},
            "exceptions",
            id="exception without message",
        ),
        pytest.param(
            {"exceptions": {"re-fused": {"message": "No"}}},
            "re-fused",
            id="exception key is no slug",
        ),
        pytest.param(
            {"entity": {"sensor": {"LastPerson": {}}}},
            "LastPerson",
            id="key with capitals",
        ),
        pytest.param(
            {"entity": {"sensor": {"last__person": {}}}},
            "last__person",
            id="doubled separator",
        ),
        pytest.param(
            {"entity": {"sensor": {"person_": {}}}}, "person_", id="trailing separator"
        ),
        pytest.param(
            _flow(error={"Cannot connect": "No"}), "Cannot connect", id="key of a flow"
        ),
        pytest.param(
            {"entity": {"sensor": {"rule": {"state": {"high": "{x}"}}}}},
            "placeholders",
            id="placeholder in a state",
        ),
        pytest.param(
            {"entity": {"sensor": {"rule": {"unit_of_measurement": "{x}"}}}},
            "placeholders",
            id="placeholder in a unit",
        ),
        pytest.param(
            {"services": {"move": {"name": "Move"}}},
            "description",
            id="action without description",
        ),
        pytest.param(
            {
                "services": {
                    "move": {
                        "name": "Move",
                        "description": "Moves",
                        "fields": {"speed": {"name": "Speed"}},
                    }
                }
            },
            "description",
            id="field without description",
        ),
        pytest.param(
            {"triggers": {"arrived": {"name": "Arrived"}}},
            "description",
            id="trigger without description",
        ),
    ],
)
def test_a_bad_section_is_told(texts: dict[str, Any], words: str) -> None:
    """Each rule for keys and shapes."""
    assert any(words in problem for problem in check_texts(texts)), check_texts(texts)


@pytest.mark.parametrize("platform", sorted(read_json(ENGLISH)["entity"]))
def test_no_two_entities_of_a_platform_share_a_name(platform: str) -> None:
    """A device that had both would show two of the same; one of each family may be called alike."""
    names = Counter(
        text["name"]
        for text in read_json(ENGLISH)["entity"][platform].values()
        if text.get("name", "Connection") != "Connection"
    )
    assert {name for name, times in names.items() if times > 1} == set()
