"""A journal to write to."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from custom_components.thermogate.journal import Journal

from .makers import journal_in


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncGenerator[Journal]:
    """Return an open, empty journal in SQLite."""
    journal = journal_in(tmp_path)
    await journal.open()
    yield journal
    await journal.close()
