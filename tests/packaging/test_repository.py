"""The repository is what HACS and the Marketplace install from, and each check can fail."""

import json
from typing import Any

import pytest

from .repository import ROOT, files
from .repository_checks import check_hacs, check_json, check_tree, check_words

TREE = {
    "README.md",
    "LICENSE",
    "hacs.json",
    "custom_components/gate/manifest.json",
    "custom_components/gate/brand/icon.png",
}


def test_hacs_can_read_the_repository() -> None:
    """Its own file, and what it looks for around it."""
    assert check_hacs(json.loads((ROOT / "hacs.json").read_text())) == []
    assert check_tree({path.relative_to(ROOT).as_posix() for path in files()}) == []


def test_the_licence_is_one_that_github_knows() -> None:
    """HACS asks GitHub for it, and GitHub reads the words."""
    licence = (ROOT / "LICENSE").read_text()
    assert licence.startswith("MIT License\n")
    assert "Permission is hereby granted, free of charge" in licence


def test_every_dependency_is_explained() -> None:
    """What we install and why stands in one list."""
    explained = (ROOT / "CONTRIBUTING.md").read_text().partition("## Dependencies")[2]
    named = {
        line.partition("==")[0]
        for path in ROOT.glob("requirements*.txt")
        for line in path.read_text().splitlines()
        if line and not line.startswith(("#", "-"))
    }
    assert {name for name in named if f"**{name}**" not in explained} == set()


def test_all_json_parses() -> None:
    """With every key once."""
    assert {
        path.relative_to(ROOT).as_posix(): found
        for path in files()
        if path.suffix == ".json" and (found := check_json(path.read_text()))
    } == {}


def test_no_file_speaks_of_another_place() -> None:
    """Whoever clones this has only this."""
    found = {}
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        if problems := check_words(text):
            found[path.relative_to(ROOT).as_posix()] = problems
    assert found == {}


@pytest.mark.parametrize(
    ("hacs", "words"),
    [
        pytest.param({}, "name", id="without a name"),
        pytest.param({"name": ""}, "name", id="empty name"),
        pytest.param(
            {"name": "ThermoGate", "iot_class": "local_push"},
            "iot_class",
            id="unknown key",
        ),
        pytest.param(
            {"name": "ThermoGate", "homeassistant": "newest"},
            "version",
            id="version that cannot be ordered",
        ),
        pytest.param(
            {"name": "ThermoGate", "render_readme": "yes"},
            "render_readme",
            id="flag is no boolean",
        ),
        pytest.param(
            {"name": "ThermoGate", "country": ["Austria"]},
            "country",
            id="country that is no code",
        ),
        pytest.param(
            {"name": "ThermoGate", "zip_release": True},
            "filename",
            id="ZIP without a name",
        ),
    ],
)
def test_a_bad_hacs_file_is_told(hacs: dict[str, Any], words: str) -> None:
    """Each rule by itself."""
    assert any(words in problem for problem in check_hacs(hacs))


def test_a_full_hacs_file_passes() -> None:
    """All keys that HACS knows."""
    hacs = {
        "name": "A",
        "homeassistant": "2026.10.0",
        "zip_release": True,
        "filename": "a.zip",
        "country": ["AT", "DE"],
    }
    assert check_hacs(hacs) == []


@pytest.mark.parametrize("name", sorted(TREE))
def test_a_missing_file_is_told(name: str) -> None:
    """Each that HACS or the Marketplace looks for."""
    assert check_tree(TREE) == []
    assert check_tree(TREE - {name}) != []


def test_a_second_integration_is_told() -> None:
    """HACS installs one folder."""
    assert check_tree(
        TREE
        | {"custom_components/b/manifest.json", "custom_components/b/brand/icon.png"}
    ) == ["custom_components holds 2 integrations, not one"]


@pytest.mark.parametrize(
    "text", ['{"a": 1,}', "{'a': 1}", "", '{"a": 1, "a": 2}', '{"b": {"a": 1, "a": 2}}']
)
def test_bad_json_is_told(text: str) -> None:
    """What does not parse, and what hides a key."""
    assert len(check_json(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "see /wo|rk/notes.txt",
        "cd /ho|me/somebody/thermogate",
        "(/ro|ot/.cache)",
        "../sha|red/notes.md",
        "as sha|red/notes.md says",
        "pip install --ind|ex-url https://example.com/simple",
        "UV_IND|EX_URL=https://example.com/simple",
        "https://fi|les.pythonhosted.org/packages/x.whl",
        "URIs: http://d|eb.debian.org/debian",
        'resolved "https://reg|istry.npmjs.org/x"',
    ],
)
def test_a_foreign_place_is_told(text: str) -> None:
    """Paths of one machine, folders beside the repository, registries; cut here, so that this file passes too."""
    assert len(check_words(f"first line\n{text.replace('|', '')}\n")) == 1


@pytest.mark.parametrize(
    "text",
    [
        ".github/workflows/test.yml",
        '"$CACHE/root/usr/bin/python"',
        "https://example.com/work/root",
        "https://pypi.org/project/amqtt",
        "a broker that is shared / a camera",
        "requirements/home.txt",
    ],
)
def test_an_ordinary_line_passes(text: str) -> None:
    """What only looks similar."""
    assert check_words(text) == []
