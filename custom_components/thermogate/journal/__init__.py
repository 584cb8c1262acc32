"""The journal: who came and what got hot, kept through power cuts, with pictures. Knows nothing of Home Assistant."""

from .errors import JournalError, Reason
from .export import COLUMNS, Exported, Format, as_row, export
from .journal import Journal
from .models import (
    MAX_DAYS,
    MAX_PAGE,
    STRANGER,
    Entry,
    Forgotten,
    Kind,
    NewPicture,
    Opened,
    Page,
    Person,
    Query,
    Record,
    Retention,
    Size,
    StoredPicture,
    Swept,
)

__all__ = [
    "COLUMNS",
    "MAX_DAYS",
    "MAX_PAGE",
    "STRANGER",
    "Entry",
    "Exported",
    "Forgotten",
    "Format",
    "Journal",
    "JournalError",
    "Kind",
    "NewPicture",
    "Opened",
    "Page",
    "Person",
    "Query",
    "Reason",
    "Record",
    "Retention",
    "Size",
    "StoredPicture",
    "Swept",
    "as_row",
    "export",
]
