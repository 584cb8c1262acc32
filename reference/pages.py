"""The pages there are."""

from collections.abc import Callable
from typing import Final

from .camera import camera_page
from .terminal import terminal_page

PAGES: Final[dict[str, Callable[[], str]]] = {
    "terminal.md": terminal_page,
    "camera.md": camera_page,
}
"""Each page by its name in `docs/`."""
