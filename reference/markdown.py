"""What both pages are made of."""

from collections.abc import Iterable
from typing import Any

from .where import Where, said

type Row = tuple[str, ...]


def table(header: Row, rows: Iterable[Row]) -> list[str]:
    """Return a table."""
    return [
        _line(header),
        _line(("---",) * len(header)),
        *(_line(row) for row in rows),
        "",
    ]


def fields(title: str, header: Row, rows: list[Row], none: str = "") -> list[str]:
    """Return the fields of a message under a title; without any, `none` is said, or nothing at all."""
    if rows:
        return [title, "", *table(header, rows)]
    return [f"{title} {none}", ""] if none else []


def places(where: Where, known: dict[str, Any]) -> list[str]:
    """Return where a person finds it, nothing where nobody does."""
    if not where:
        return []
    return [
        "In Home Assistant: " + "; ".join(said(place, known) for place in where),
        "",
    ]


def page(lines: Iterable[str]) -> str:
    """Return a page."""
    return "\n".join(lines).rstrip("\n") + "\n"


def _line(cells: Row) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
