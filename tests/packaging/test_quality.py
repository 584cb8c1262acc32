"""quality_scale.yaml is complete and claims nothing that the code does not show, and each check can fail."""

from typing import Any

import pytest

from .quality_checks import RULES, TIERS, check_done, check_scale
from .repository import read_json, read_yaml, sources


def _scale(**rules: Any) -> dict[str, Any]:
    """Return a file in which all rules are open but these; underscores stand for hyphens."""
    return {
        "rules": dict.fromkeys(RULES, "todo")
        | {rule.replace("_", "-"): value for rule, value in rules.items()}
    }


def test_the_file_is_valid() -> None:
    """All rules are there, each with a status."""
    scale = read_yaml("quality_scale.yaml")
    assert scale is not None
    assert check_scale(scale, read_json("manifest.json")) == []


def test_the_file_claims_nothing_untrue() -> None:
    """What is marked done can be seen."""
    scale = read_yaml("quality_scale.yaml")
    assert scale is not None
    assert check_done(scale, read_json("manifest.json"), sources()) == []


def test_the_scale_has_all_its_rules() -> None:
    """As many as Home Assistant documents for each tier."""
    assert {tier: len(rules) for tier, rules in TIERS.items()} == {
        "bronze": 20,
        "silver": 10,
        "gold": 21,
        "platinum": 3,
    }
    assert len(set(RULES)) == 54


@pytest.mark.parametrize(
    ("scale", "words"),
    [
        pytest.param({}, "rules", id="empty"),
        pytest.param(
            {"rules": {}},
            "required key not provided at 'rules.brands'",
            id="without a rule",
        ),
        pytest.param(_scale(beauty="done"), "'rules.beauty'", id="unknown rule"),
        pytest.param(_scale(brands="yes"), "brands", id="unknown status"),
        pytest.param(
            _scale(brands={"status": "exempt"}), "brands", id="exempt without a reason"
        ),
        pytest.param(
            _scale(brands={"status": "exempt", "comment": ""}),
            "brands",
            id="exempt with an empty reason",
        ),
        pytest.param(_scale(brands="exempt"), "brands", id="exempt in one word"),
        pytest.param(
            _scale(brands={"status": "done", "since": "1.0"}),
            "brands",
            id="unknown key",
        ),
    ],
)
def test_a_bad_file_is_told(scale: dict[str, Any], words: str) -> None:
    """Each rule for the file."""
    assert any(words in problem for problem in check_scale(scale, {})), check_scale(
        scale, {}
    )


def test_a_good_file_passes() -> None:
    """All ways to write a status."""
    assert (
        check_scale(
            _scale(
                brands={"status": "done", "comment": "Drawn"},
                docs_actions={"status": "exempt", "comment": "None"},
            ),
            {},
        )
        == []
    )


def test_a_claimed_tier_needs_its_rules() -> None:
    """And those of the tiers below it."""
    done = dict.fromkeys(TIERS["bronze"] + TIERS["silver"], "done")
    assert (
        check_scale({"rules": _scale()["rules"] | done}, {"quality_scale": "silver"})
        == []
    )
    found = check_scale(
        {"rules": _scale()["rules"] | done | {"brands": "todo"}},
        {"quality_scale": "silver"},
    )
    assert found == ["silver is claimed and brands is todo"]
    assert "gold is claimed and devices is todo" in check_scale(
        {"rules": _scale()["rules"] | done}, {"quality_scale": "gold"}
    )


SETUP = "async def async_setup_entry(hass, entry):\n    "
FLOW = "class Flow:\n    async def "


@pytest.mark.parametrize(
    ("rule", "shown", "not_shown"),
    [
        pytest.param(
            "common-modules",
            {"coordinator.py": "", "entity.py": ""},
            {"entity.py": ""},
            id="common-modules",
        ),
        pytest.param(
            "common-modules",
            {"coordinator/__init__.py": "", "entity.py": ""},
            {},
            id="common-modules as a package",
        ),
        pytest.param("config-flow", {"config_flow.py": "x"}, {}, id="config-flow"),
        pytest.param(
            "diagnostics",
            {"diagnostics.py": "async def async_get_config_entry_diagnostics(): ..."},
            {},
            id="diagnostics",
        ),
        pytest.param(
            "discovery",
            {"config_flow.py": "async_step_dhcp"},
            {"config_flow.py": "async_step_user"},
            id="discovery",
        ),
        pytest.param(
            "icon-translations",
            {"a.py": ""},
            {"a.py": "Description(icon='mdi:gate')"},
            id="icon-translations",
        ),
        pytest.param(
            "icon-translations",
            {"a.py": ""},
            {"a.py": "_attr_icon = x"},
            id="icon-translations of a class",
        ),
        pytest.param(
            "parallel-updates",
            {"sensor.py": "PARALLEL_UPDATES = 0", "entity.py": ""},
            {"sensor.py": ""},
            id="parallel-updates",
        ),
        pytest.param(
            "reauthentication-flow",
            {"config_flow.py": f"{FLOW}async_step_reauth(self): ..."},
            {"config_flow.py": "# async_step_reauth"},
            id="reauthentication-flow",
        ),
        pytest.param(
            "reconfiguration-flow",
            {"config_flow.py": f"{FLOW}async_step_reconfigure(self): ..."},
            {"config_flow.py": "# async_step_reconfigure"},
            id="reconfiguration-flow",
        ),
        pytest.param(
            "runtime-data",
            {"__init__.py": f"{SETUP}entry.runtime_data = 1"},
            {"__init__.py": f"{SETUP}hass.data[DOMAIN] = entry.runtime_data"},
            id="runtime-data",
        ),
        pytest.param(
            "runtime-data",
            {"__init__.py": f"{SETUP}entry.runtime_data = 1"},
            {"__init__.py": ""},
            id="runtime-data without set-up",
        ),
        pytest.param(
            "test-before-setup",
            {"__init__.py": f"{SETUP}await x.async_config_entry_first_refresh()"},
            {"__init__.py": f"{SETUP}pass"},
            id="test-before-setup",
        ),
        pytest.param(
            "test-before-setup",
            {"a.py": "raise ConfigEntryNotReady"},
            {"a.py": "raise ValueError"},
            id="test-before-setup by hand",
        ),
        pytest.param(
            "unique-config-entry",
            {
                "config_flow.py": "async_set_unique_id(); _abort_if_unique_id_configured()"
            },
            {"config_flow.py": "async_set_unique_id()"},
            id="unique-config-entry",
        ),
        pytest.param(
            "unique-config-entry",
            {"config_flow.py": "_async_abort_entries_match({})"},
            {},
            id="unique-config-entry by data",
        ),
    ],
)
def test_a_rule_that_the_code_does_not_show_is_told(
    rule: str, shown: dict[str, str], not_shown: dict[str, str]
) -> None:
    """Only where it is marked done."""
    manifest = {"config_flow": True}
    done = {"rules": _scale()["rules"] | {rule: "done"}}
    assert check_done(done, manifest, shown) == []
    assert check_done(done, manifest, not_shown) == [
        f"{rule} is marked done, the code does not show it"
    ]
    assert check_done(_scale(), manifest, not_shown) == []


def test_an_owner_is_named_in_the_manifest() -> None:
    """Nobody else can be asked."""
    assert (
        check_done(_scale(integration_owner="done"), {"codeowners": ["@somebody"]}, {})
        == []
    )
    assert check_done(_scale(integration_owner="done"), {"codeowners": []}, {}) != []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("sensor.py", "async def async_setup_entry(hass, entry{}, add): ..."),
        (
            "diagnostics.py",
            "async def async_get_config_entry_diagnostics(hass, entry{}): ...",
        ),
        (
            "config_flow.py",
            "class Flow:\n    @staticmethod\n    def async_get_options_flow(entry{}): ...",
        ),
    ],
)
def test_with_strict_typing_every_entry_is_typed(path: str, code: str) -> None:
    """By a name of its own, so that runtime_data has a type."""
    done = _scale(runtime_data="done", strict_typing="done")
    setup = {
        "__init__.py": "async def async_setup_entry(hass, entry: ThermoGateConfigEntry):\n    entry.runtime_data = 1"
    }
    assert (
        check_done(done, {}, setup | {path: code.format(": ThermoGateConfigEntry")})
        == []
    )
    for annotation in ("", ": ConfigEntry[Any]", ": Any"):
        assert len(check_done(done, {}, setup | {path: code.format(annotation)})) == 1
