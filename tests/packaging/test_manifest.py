"""manifest.json holds what hassfest and HACS check, and each check can fail."""

import json
from typing import Any

import pytest

from .manifest_checks import check_manifest
from .repository import INTEGRATION

GOOD: dict[str, Any] = {
    "domain": "thermogate",
    "name": "ThermoGate",
    "codeowners": ["@somebody"],
    "config_flow": True,
    "documentation": "https://example.com/docs",
    "integration_type": "device",
    "iot_class": "local_push",
    "issue_tracker": "https://example.com/issues",
    "version": "1.2.3",
}


def test_the_manifest_is_valid() -> None:
    """The manifest we ship has nothing to complain about."""
    assert (
        check_manifest(
            json.loads((INTEGRATION / "manifest.json").read_text()), INTEGRATION.name
        )
        == []
    )


def test_a_good_manifest_passes() -> None:
    """The example that the bad ones are made from is good."""
    assert check_manifest(GOOD, "thermogate") == []


@pytest.mark.parametrize(
    "key",
    ["name", "codeowners", "documentation", "iot_class", "issue_tracker", "version"],
)
def test_a_missing_key_is_told(key: str) -> None:
    """Every key that hassfest or HACS requires."""
    manifest = {other: value for other, value in GOOD.items() if other != key}
    assert any(
        f"'{key}'" in problem for problem in check_manifest(manifest, "thermogate")
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param(
            {"domain": "other"}, "name of its folder", id="domain is not the folder"
        ),
        pytest.param(
            {"categories": ["cameras"]},
            "not a valid option at 'categories'",
            id="unknown key",
        ),
        pytest.param(
            {"codeowners": ["somebody"]}, "starts with @", id="codeowner without @"
        ),
        pytest.param(
            {"documentation": "http://example.com"},
            "https",
            id="documentation without TLS",
        ),
        pytest.param(
            {"documentation": "https://www.home-assistant.io/integrations/demo"},
            "core integration",
            id="documentation of core",
        ),
        pytest.param({"iot_class": "push"}, "'iot_class'", id="unknown class"),
        pytest.param(
            {"integration_type": "virtual"}, "'integration_type'", id="unknown type"
        ),
        pytest.param(
            {"issue_tracker": "example"}, "'issue_tracker'", id="tracker is no URL"
        ),
        pytest.param({"version": "newest"}, "version", id="version cannot be ordered"),
        pytest.param({"version": 1}, "'version'", id="version is no text"),
        pytest.param({"config_flow": "yes"}, "'config_flow'", id="flag is no boolean"),
        pytest.param(
            {"dhcp": [{"macaddress": "00151a*"}]},
            "upper case",
            id="MAC pattern in lower case",
        ),
        pytest.param(
            {"dhcp": [{"macaddress": "001518AABBCC"}]},
            "upper case",
            id="MAC pattern without *",
        ),
        pytest.param(
            {"dhcp": [{"hostname": "MC200*"}]},
            "lower case",
            id="host name in upper case",
        ),
        pytest.param(
            {"dhcp": [{"ip": "10.*"}]}, "not a valid option", id="unknown DHCP key"
        ),
        pytest.param(
            {"mqtt": ["face/#/heartbeat"]}, "mqtt", id="wildcard inside a topic"
        ),
        pytest.param(
            {"requirements": ["library == 1.0"]},
            "without spaces",
            id="requirement with spaces",
        ),
        pytest.param(
            {"requirements": ["library==newest"]},
            "ordered",
            id="requirement of no version",
        ),
        pytest.param(
            {"quality_scale": "diamond"}, "'quality_scale'", id="unknown tier"
        ),
        pytest.param(
            {"quality_scale": "gold", "codeowners": []},
            "need codeowners",
            id="tier without owner",
        ),
        pytest.param(
            {"dependencies": ["mqtt"], "after_dependencies": ["mqtt"]},
            "both",
            id="depends twice",
        ),
        pytest.param({"after_dependencies": ["mqtt"]}, "order", id="key out of order"),
    ],
)
def test_a_bad_manifest_is_told(changes: dict[str, Any], words: str) -> None:
    """Each bad value by itself."""
    assert any(
        words in problem for problem in check_manifest(GOOD | changes, "thermogate")
    )


def test_config_flow_needs_a_type() -> None:
    """The type decides where Home Assistant shows the integration."""
    manifest = {key: value for key, value in GOOD.items() if key != "integration_type"}
    assert check_manifest(manifest, "thermogate") == [
        "config_flow needs integration_type"
    ]
