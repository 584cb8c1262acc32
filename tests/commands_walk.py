"""Walking the tables of commands: the cases are in the files `cases_*.py` of a folder, each with a table `CASES`."""

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any


def cases_in(package: str, folder: Path) -> list[tuple[Any, str, Any]]:
    """Return the cases of a folder: what each is a case of, the name of its file and the case."""
    return [
        (key, path.stem.removeprefix("cases_"), case)
        for path in sorted(folder.glob("cases_*.py"))
        for key, case in import_module(f"{package}.{path.stem}").CASES.items()
    ]


def walk(
    keys: Iterable[Any], cases: list[tuple[Any, str, Any]]
) -> list[tuple[str, Any, Any]]:
    """Return everything there is to walk: an id, the key, and the case or None where nobody has written one."""
    steps = []
    for key in keys:
        found = [(file, case) for known, file, case in cases if known == key]
        steps += [(f"{key}-{file}", key, case) for file, case in found]
        if not found:
            steps.append((str(key), key, None))
    return steps


def unknown(keys: Iterable[Any], cases: list[tuple[Any, str, Any]]) -> list[str]:
    """Return the cases of what is in no table."""
    known = set(keys)
    return [f"{file}: {key}" for key, file, _ in cases if key not in known]
