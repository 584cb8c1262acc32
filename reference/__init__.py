"""Writes `docs/terminal.md` and `docs/camera.md` from the tables of the two protocols: `scripts/reference`."""

from pathlib import Path

PAGES_FOLDER = Path(__file__).parents[1] / "docs"
