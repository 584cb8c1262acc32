"""The config flow and the configuration schema hold hassfest's rules, and each rule can fail."""

import pytest

from .flow_checks import check_config_flow, check_config_schema
from .repository import read_json, sources

PROMISED = {"config_flow": True}


def test_the_config_flow_is_there() -> None:
    """The flow that the manifest promises exists and tells devices apart."""
    assert check_config_flow(read_json("manifest.json"), sources()) == []


def test_the_configuration_schema_is_there() -> None:
    """A set-up of the integration as a whole says that it takes no YAML."""
    assert check_config_schema(sources()) == []


def test_a_promised_flow_must_exist() -> None:
    """And one that is not promised need not."""
    assert check_config_flow(PROMISED, {}) == ["config_flow.py is missing"]
    assert check_config_flow({}, {}) == []


@pytest.mark.parametrize(
    "source",
    [
        "mqtt",
        "dhcp",
        "zeroconf",
        "ssdp",
        "usb",
        "bluetooth",
        "homekit",
        "hassio",
        "discovery",
    ],
)
def test_discovery_needs_a_unique_id(source: str) -> None:
    """Whatever discovers the device."""
    step = f"async def async_step_{source}(self, info): ..."
    assert check_config_flow(PROMISED, {"config_flow.py": step}) == [
        "a config flow that discovers must set a unique id"
    ]
    step += "\n    await self.async_set_unique_id(serial)"
    assert check_config_flow(PROMISED, {"config_flow.py": step}) == []


def test_a_flow_by_hand_needs_none() -> None:
    """Only discovery is asked for it."""
    assert (
        check_config_flow(
            PROMISED, {"config_flow.py": "async def async_step_user(self, info): ..."}
        )
        == []
    )


@pytest.mark.parametrize(
    ("code", "passes"),
    [
        ("async def async_setup(hass, config): ...", False),
        ("def setup(hass, config): ...", False),
        ("async def async_setup_entry(hass, entry): ...", True),
        ("CONFIG_SCHEMA = x\nasync def async_setup(hass, config): ...", True),
        (
            "from .const import CONFIG_SCHEMA\nasync def async_setup(hass, config): ...",
            True,
        ),
    ],
)
def test_set_up_needs_a_schema(code: str, passes: bool) -> None:
    """Assigned or imported."""
    assert check_config_schema({"__init__.py": code}) == (
        [] if passes else ["async_setup needs CONFIG_SCHEMA"]
    )
