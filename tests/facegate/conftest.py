"""Terminals to talk to."""

import pytest

from tests.facegate.terminal import Terminal


@pytest.fixture(params=[True, False], ids=["echoing", "silent"])
def terminal(request: pytest.FixtureRequest) -> Terminal:
    """Return a terminal with newer firmware, which gives command ids back, and one with older, which does not."""
    return Terminal(echo=request.param)


@pytest.fixture
def silent() -> Terminal:
    """Return a terminal with older firmware."""
    return Terminal(echo=False)
