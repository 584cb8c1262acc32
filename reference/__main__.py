"""Write the pages."""

from . import PAGES_FOLDER
from .pages import PAGES

for name, page in PAGES.items():
    (PAGES_FOLDER / name).write_text(page())
