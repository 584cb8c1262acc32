"""What all tests share."""

import pytest

# Imported first: the harness brings a package of the same name that would hide ours.
import custom_components.thermogate  # noqa: F401


@pytest.fixture(autouse=True)
def _custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant find this integration in the tests that start one."""
    if "hass" in request.fixturenames:
        request.getfixturevalue("enable_custom_integrations")
